//! What a closed round of stakes has left, and whose it is.
//!
//! A round is closed when next to nothing is left behind its shares and somebody stakes: see [`crate::stakes`]. From then on it
//! insures and earns nothing; what it held is a fixed amount that waits for those who have its shares. Each is paid what
//! the shares are worth of what is left at that time, rounded down, and the last of them what is left: nobody's part falls because
//! another was paid before, and no unit is left that nobody can ask for.

use units::{OutOfRange, Raw, Shares};

use crate::shares::Fund;

/// What of a closed round nobody has collected yet. There is an amount only where there are shares.
#[derive(Clone, Copy, PartialEq, Eq, Default)]
#[cfg_attr(not(target_arch = "wasm32"), derive(Debug))]
pub struct Left {
    /// What the reserve still holds for it.
    pub left_raw: Raw,
    /// The shares it belongs to.
    pub shares: Shares,
}

impl Left {
    /// What `shares` get: all where they are all there are, or else what they were worth as stakes, `floor(shares * (A + 1) / (S + 10^6))`.
    /// Whoever collects bears the odd unit, for those who have not yet.
    ///
    /// It may be nothing: of 3 units and 4 * 10^9 shares, 10^9 get `floor(10^9 * 4 / 4,001,000,000)`, which is less than a unit.
    pub fn part_down(&self, shares: Shares) -> Result<Raw, OutOfRange> {
        if shares == self.shares {
            return Ok(self.left_raw);
        }
        Fund { assets_raw: self.left_raw, shares: self.shares }.assets_down(shares)
    }

    /// What `shares` get, and what is left without them. Shares of less than a unit are given up for nothing rather than refused: as
    /// long as they are there, nobody is the last, to whom the odd units go.
    pub fn collect(&self, shares: Shares) -> Result<(Raw, Self), OutOfRange> {
        let amount_raw = self.part_down(shares)?;
        let left = Self { left_raw: self.left_raw.try_sub(amount_raw)?, shares: self.shares.try_sub(shares)? };
        Ok((amount_raw, left))
    }
}

#[cfg(test)]
mod tests;
