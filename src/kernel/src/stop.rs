//! How far the sale of collateral is stopped: four levels, each of which stops what the one below it stops and one act more.
//!
//! 0 stops nothing, 1 new auctions, 2 restarts as well, 3 takes as well. Repaying, adding collateral and curing an auction
//! are no acts of this list: nothing stops them.

use units::U256;

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

/// Whether going from `level` to `new_level` only stops more: all that a guardian may do.
#[must_use]
pub fn is_tighter(level: u64, new_level: U256) -> bool {
    new_level > U256::from(level)
}

#[cfg(test)]
mod tests;
