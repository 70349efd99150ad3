//! How much a record may hold. A hostile transaction can make host calls and frames with megabytes of data for little gas; what it leaves in a record stops here.

use std::sync::{
    Arc,
    atomic::{AtomicUsize, Ordering},
};

/// The most a record may hold, in bytes: steps and frames with their data.
pub const MOST_RECORDED_BYTES: usize = 64 * 1024 * 1024;

/// The room that is left, shared by all who record in a transaction. Once something did not fit there is none any more.
#[derive(Clone, Debug)]
pub(crate) struct Room(Arc<AtomicUsize>);

impl Default for Room {
    fn default() -> Self {
        Self(Arc::new(AtomicUsize::new(MOST_RECORDED_BYTES)))
    }
}

impl Room {
    /// Takes room for something; `false` when it does not fit.
    pub(crate) fn take(&self, bytes: usize) -> bool {
        let left = self.0.load(Ordering::Relaxed).saturating_sub(bytes);
        self.0.store(left, Ordering::Relaxed);
        left > 0
    }

    /// Whether something did not fit.
    pub(crate) fn is_gone(&self) -> bool {
        self.0.load(Ordering::Relaxed) == 0
    }
}
