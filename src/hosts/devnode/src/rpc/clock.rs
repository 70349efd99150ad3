//! What moves the chain's clock: the system's clock with an offset, or nothing but requests.

use std::{
    fmt,
    sync::Arc,
    time::{SystemTime, UNIX_EPOCH},
};

use crate::{Devnode, TimeError};

/// The source of block times.
///
/// With [`Clock::Manual`] a server is as deterministic as the library: each block is `block_time_secs` after the one before unless told otherwise.
#[derive(Debug, Clone)]
pub enum Clock {
    /// Blocks carry the time of a clock that runs by itself.
    Wall(WallClock),
    /// Only requests move time.
    Manual,
}

/// A clock that runs by itself, and what `evm_increaseTime` and its relatives have done to it.
#[derive(Debug, Clone)]
pub struct WallClock {
    now: Now,
    /// Seconds added to what it says.
    offset_secs: i128,
    /// The time asked for the next block. It holds for that block alone, and the clock goes on from there.
    exact: Option<Exact>,
}

/// A time asked for the block after one of this height.
#[derive(Debug, Clone, Copy)]
struct Exact {
    secs: u64,
    after: u64,
}

/// Where the time of a [`WallClock`] comes from.
#[derive(Clone)]
struct Now(Arc<dyn Fn() -> u64 + Send + Sync>);

impl fmt::Debug for Now {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Now")
    }
}

impl Clock {
    /// The system's time as it is.
    pub fn wall() -> Self {
        Self::wall_of(system_secs)
    }

    /// The time that `now` says, in seconds since 1970.
    pub fn wall_of(now: impl Fn() -> u64 + Send + Sync + 'static) -> Self {
        Self::Wall(WallClock { now: Now(Arc::new(now)), offset_secs: 0, exact: None })
    }

    /// Puts the next block at the clock's present, or where it was asked to be.
    pub(super) fn tick(&mut self, node: &mut Devnode) {
        let Self::Wall(wall) = self else { return };
        let at_secs = match (wall.exact(node), node.block_interval_secs()) {
            (Some(secs), _) => secs,
            (None, Some(interval_secs)) => node.time_secs().saturating_add(interval_secs),
            (None, None) => wall.present_secs().max(node.time_secs()),
        };
        // Neither is before the newest block, the only thing that is refused.
        let _ = node.set_next_timestamp(at_secs);
    }

    /// To be told after every change of the chain: a time asked for is used up by its block, and the present is never before the newest block.
    pub(super) fn follow(&mut self, node: &Devnode) {
        let Self::Wall(wall) = self else { return };
        let newest_secs = node.time_secs();
        let used_up = wall.exact.is_some_and(|exact| exact.after != node.block_number());
        if used_up {
            wall.exact = None;
        }
        if used_up || wall.present_secs() < newest_secs {
            wall.put_at(newest_secs);
        }
    }

    /// Moves the clock by `secs` and gives the whole shift so far.
    pub(super) fn increase(&mut self, node: &mut Devnode, secs: u64) -> u64 {
        let Self::Wall(wall) = self else { return node.increase_time(secs) };
        wall.offset_secs = wall.offset_secs.saturating_add(i128::from(secs));
        if let Some(exact) = &mut wall.exact {
            exact.secs = exact.secs.saturating_add(secs);
        }
        let shift_secs = wall.offset_secs;
        self.tick(node);
        u64::try_from(shift_secs).unwrap_or(0)
    }

    /// Puts the next block at exactly `secs`; time goes on from there.
    pub(super) fn set_next(&mut self, node: &mut Devnode, secs: u64) -> Result<(), TimeError> {
        node.set_next_timestamp(secs)?;
        if let Self::Wall(wall) = self {
            wall.exact = Some(Exact { secs, after: node.block_number() });
        }
        Ok(())
    }

    /// Makes `secs` the present, which the next block need not hit, and gives how much later that is than the present was.
    pub(super) fn set(&mut self, node: &mut Devnode, secs: u64) -> Result<u64, TimeError> {
        let before_secs = match self {
            Self::Manual => node.time_secs(),
            Self::Wall(wall) => wall.present_secs(),
        };
        node.set_next_timestamp(secs)?;
        if let Self::Wall(wall) = self {
            wall.exact = None;
            wall.put_at(secs);
        }
        Ok(secs.saturating_sub(before_secs))
    }

    /// Forgets the time asked for the next block.
    pub(super) fn forget_exact(&mut self) {
        if let Self::Wall(wall) = self {
            wall.exact = None;
        }
    }

    /// Forgets every shift.
    pub(super) fn reset(&mut self) {
        if let Self::Wall(wall) = self {
            (wall.offset_secs, wall.exact) = (0, None);
        }
    }
}

impl WallClock {
    fn present_secs(&self) -> u64 {
        let secs = i128::from((self.now.0)()).saturating_add(self.offset_secs);
        u64::try_from(secs.max(0)).unwrap_or(u64::MAX)
    }

    fn put_at(&mut self, secs: u64) {
        self.offset_secs = i128::from(secs).saturating_sub(i128::from((self.now.0)()));
    }

    fn exact(&self, node: &Devnode) -> Option<u64> {
        self.exact.filter(|exact| exact.after == node.block_number()).map(|exact| exact.secs)
    }
}

/// Seconds since 1970 by the system; zero when its clock stands before that.
fn system_secs() -> u64 {
    SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs())
}
