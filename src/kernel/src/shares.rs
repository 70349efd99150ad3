//! Shares of what many have together: the lenders' of the pool, the stakers' of the reserve.
//!
//! A share is the same part of the whole for everyone. Beside the real shares and units stand [`VIRTUAL_SHARES`] and
//! [`VIRTUAL_ASSETS_RAW`], which belong to nobody: they give the first share a price, and whoever lifts the price of a share lifts
//! theirs too, so that nobody can make another's deposit round to nothing and gain by it. The idea and the formulas are those of
//! OpenZeppelin's ERC-4626 with an offset of six decimals.
//!
//! Each conversion names its direction. Whoever gives gets shares rounded down and whoever takes gives shares rounded up, so that the
//! odd unit stays with those who have shares already.

use units::{OutOfRange, Raw, Shares, U256, mul_div_down, mul_div_up, try_mul};

pub mod limits;

/// The shares that are nobody's: a share begins as a millionth of a unit.
pub const VIRTUAL_SHARES: Shares = Shares(U256::from_limbs([1_000_000, 0, 0, 0]));
/// The units that are nobody's and are not there: what the virtual shares are worth at the start.
pub const VIRTUAL_ASSETS_RAW: Raw = Raw(U256::from_limbs([1, 0, 0, 0]));

/// What many have together, and all their shares of it. The virtual ones are not counted in either.
#[derive(Clone, Copy, PartialEq, Eq)]
#[cfg_attr(not(target_arch = "wasm32"), derive(Debug))]
pub struct Fund {
    /// What there is: base units of the debt asset.
    pub assets_raw: Raw,
    /// All shares.
    pub shares: Shares,
}

/// Why nothing is given for something.
#[derive(Clone, Copy, PartialEq, Eq)]
#[cfg_attr(not(target_arch = "wasm32"), derive(Debug))]
pub enum Refusal {
    /// What was given is worth less than one unit of the other side.
    RoundsToZero,
    /// A number is too large for the arithmetic.
    OutOfRange,
}

impl From<OutOfRange> for Refusal {
    fn from(_: OutOfRange) -> Self {
        Self::OutOfRange
    }
}

impl Fund {
    /// The shares that `assets_raw` are worth: `floor(assets * (S + 10^6) / (A + 1))`. Whoever brings the assets bears the odd share.
    ///
    /// With 150 units and 10^8 shares, 100 units are worth `floor(100 * 101,000,000 / 151)` = 66,887,417 shares.
    pub fn shares_down(&self, assets_raw: Raw) -> Result<Shares, OutOfRange> {
        let (units_raw, shares) = self.with_virtual()?;
        mul_div_down(assets_raw.0, shares, units_raw).map(Shares)
    }

    /// The shares that `assets_raw` cost: `ceil(assets * (S + 10^6) / (A + 1))`. Whoever takes the assets bears the odd share.
    ///
    /// With 150 units and 10^8 shares, 100 units cost 66,887,418 shares.
    pub fn shares_up(&self, assets_raw: Raw) -> Result<Shares, OutOfRange> {
        let (units_raw, shares) = self.with_virtual()?;
        mul_div_up(assets_raw.0, shares, units_raw).map(Shares)
    }

    /// The assets that `shares` are worth: `floor(shares * (A + 1) / (S + 10^6))`. Whoever gives the shares bears the odd unit.
    ///
    /// It is at most `A` for shares that there are: `S * (A + 1) / (S + 10^6)` is below `A + 1`.
    /// With 150 units and 10^8 shares, 66,887,417 shares are worth 99 units.
    pub fn assets_down(&self, shares: Shares) -> Result<Raw, OutOfRange> {
        let (units_raw, all_shares) = self.with_virtual()?;
        mul_div_down(shares.0, units_raw, all_shares).map(Raw)
    }

    /// The assets that `shares` cost: `ceil(shares * (A + 1) / (S + 10^6))`. Whoever gets the shares bears the odd unit.
    ///
    /// With 150 units and 10^8 shares, 66,887,417 shares cost 100 units.
    pub fn assets_up(&self, shares: Shares) -> Result<Raw, OutOfRange> {
        let (units_raw, all_shares) = self.with_virtual()?;
        mul_div_up(shares.0, units_raw, all_shares).map(Raw)
    }

    /// The shares that whoever brings `assets_raw` gets: [`Fund::shares_down`], but never none.
    pub fn issue(&self, assets_raw: Raw) -> Result<Shares, Refusal> {
        let shares = self.shares_down(assets_raw)?;
        if shares.is_zero() { Err(Refusal::RoundsToZero) } else { Ok(shares) }
    }

    /// The assets that whoever gives up `shares` gets: [`Fund::assets_down`], but never none.
    pub fn release(&self, shares: Shares) -> Result<Raw, Refusal> {
        let assets_raw = self.assets_down(shares)?;
        if assets_raw.is_zero() { Err(Refusal::RoundsToZero) } else { Ok(assets_raw) }
    }

    /// Whether all is lost and shares are left: who brought assets now would give most of them to those shares.
    #[must_use]
    pub fn is_wiped_out(&self) -> bool {
        self.assets_raw.is_zero() && !self.shares.is_zero()
    }

    /// Whether there are more than `most` shares for a unit, the virtual ones counted in: `S + 10^6 > most * (A + 1)`.
    ///
    /// Neither bringing assets, while it is not so, nor taking them makes it so: both leave the price as it is or lift it.
    pub fn has_more_shares_a_unit_than(&self, most: Shares) -> Result<bool, OutOfRange> {
        let (units_raw, shares) = self.with_virtual()?;
        Ok(shares > try_mul(most.0, units_raw)?)
    }

    /// The units and the shares with the virtual ones. Neither is zero, so nothing is divided by zero.
    fn with_virtual(&self) -> Result<(U256, U256), OutOfRange> {
        Ok((self.assets_raw.try_add(VIRTUAL_ASSETS_RAW)?.0, self.shares.try_add(VIRTUAL_SHARES)?.0))
    }
}

#[cfg(test)]
mod tests;
