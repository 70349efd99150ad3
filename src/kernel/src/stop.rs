//! How far the sale of collateral is stopped: four levels, each of which stops what the one below it stops and one act more.
//!
//! 0 stops nothing, 1 new auctions, 2 restarts as well, 3 takes as well. Repaying, adding collateral and curing an auction
//! are no acts of this list: nothing stops them.

use units::{Secs, U256};

/// What a level can stop; the number is the lowest level that does.
#[derive(Clone, Copy, PartialEq, Eq)]
#[cfg_attr(not(target_arch = "wasm32"), derive(Debug))]
pub enum Act {
    /// Starting an auction.
    Start,
    /// Starting a stale auction again, by a restart or by a take.
    Restart,
    /// Buying a slice.
    Take,
}

impl Act {
    /// Whether `level` stops this act. Level 2 stops starts and restarts, and no takes.
    #[must_use]
    pub fn is_stopped(self, level: u64) -> bool {
        let lowest = match self {
            Self::Start => 1,
            Self::Restart => 2,
            Self::Take => 3,
        };
        level >= lowest
    }
}

/// How far sales are stopped, and since when takes are or are not.
#[derive(Clone, Copy, PartialEq, Eq)]
#[cfg_attr(not(target_arch = "wasm32"), derive(Debug))]
pub struct Stop {
    /// The level.
    pub level: u64,
    /// When takes were last stopped or let go on; zero where they never were stopped.
    pub takes_changed_at: Secs,
}

impl Stop {
    /// The stop after a change to `level` at `now`.
    #[must_use]
    pub fn changed(self, level: u64, now: Secs) -> Self {
        let is_other = Act::Take.is_stopped(self.level) != Act::Take.is_stopped(level);
        Self { level, takes_changed_at: if is_other { now } else { self.takes_changed_at } }
    }

    /// Whether takes were stopped while an auction that began at `started_at` was running: its price fell, or its bidding went on to its
    /// end, while nobody could buy. So it needs a restart, as after an outage of the sequencer.
    ///
    /// Takes stopped from 100 to 200 interrupt an auction that began at 150, at 100 or before, and none that began at 200 or later.
    #[must_use]
    pub fn interrupts(&self, started_at: Secs) -> bool {
        self.takes_changed_at > started_at || (Act::Take.is_stopped(self.level) && self.takes_changed_at >= started_at)
    }
}

/// Whether going from `level` to `new_level` only stops more: all that a guardian may do.
#[must_use]
pub fn is_tighter(level: u64, new_level: U256) -> bool {
    new_level > U256::from(level)
}

#[cfg(test)]
mod tests;
