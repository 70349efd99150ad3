//! What moves the chain's clock: the system's clock with an offset, or nothing but requests.

use std::time::{SystemTime, UNIX_EPOCH};

use crate::{Devnode, TimeError};

/// The source of block times.
///
/// With [`Clock::Manual`] a server is as deterministic as the library: each block is `block_time_secs` after the one before unless told otherwise.
#[derive(Debug, Clone)]
pub enum Clock {
    /// Blocks carry the system's time plus `offset_secs`, which `evm_increaseTime` and its relatives change.
    Wall {
        /// Seconds added to the system's time.
        offset_secs: i128,
    },
    /// Only requests move time.
    Manual,
}

impl Clock {
    /// The system's time as it is.
    pub fn wall() -> Self {
        Self::Wall { offset_secs: 0 }
    }

    /// Puts the next block at the clock's present. Time that would run backwards stands still.
    pub(super) fn tick(&self, node: &mut Devnode) {
        if let Some(present_secs) = self.present_secs() {
            let at_secs = present_secs.max(node.time_secs());
            // `at_secs` is not before the newest block, the only thing that is refused.
            let _ = node.set_next_timestamp(at_secs);
        }
    }

    /// Moves the clock by `secs` and gives the whole shift so far.
    pub(super) fn increase(&mut self, node: &mut Devnode, secs: u64) -> u64 {
        match self {
            Self::Manual => node.increase_time(secs),
            Self::Wall { offset_secs } => {
                *offset_secs = offset_secs.saturating_add(i128::from(secs));
                self.tick(node);
                self.offset_secs()
            }
        }
    }

    /// Puts the next block at `secs`; with a wall clock, time goes on from there.
    pub(super) fn set_next(&mut self, node: &mut Devnode, secs: u64) -> Result<(), TimeError> {
        node.set_next_timestamp(secs)?;
        if let Self::Wall { offset_secs } = self {
            *offset_secs = i128::from(secs).saturating_sub(i128::from(system_secs()));
        }
        Ok(())
    }

    /// Forgets every shift.
    pub(super) fn reset(&mut self) {
        if let Self::Wall { offset_secs } = self {
            *offset_secs = 0;
        }
    }

    fn offset_secs(&self) -> u64 {
        match self {
            Self::Manual => 0,
            Self::Wall { offset_secs } => u64::try_from(*offset_secs).unwrap_or(0),
        }
    }

    fn present_secs(&self) -> Option<u64> {
        match self {
            Self::Manual => None,
            Self::Wall { offset_secs } => u64::try_from(i128::from(system_secs()).saturating_add(*offset_secs)).ok(),
        }
    }
}

/// Seconds since 1970 by the system; zero when its clock stands before that.
fn system_secs() -> u64 {
    SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs())
}
