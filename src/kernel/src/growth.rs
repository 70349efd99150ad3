//! The price of a yield-bearing token: what one of it stands for, by its rate, with the rate's growth capped.
//!
//! A rate grows slowly by interest. One that leaps has been donated to, hacked or misreported, and would let somebody borrow
//! against nothing. Above a line from a snapshot the rate is cut to the line; the price is then low, but still given. Below the
//! line, also where the rate fell, it is taken as it is.

use units::{BPS_ONE, Bps, OutOfRange, Secs, U256, WAD_ONE, Wad, mul_div_down, try_add, try_mul};

/// A year of 365 days.
pub const YEAR_SECS: u64 = 31_536_000;

/// The line above which a rate is not believed.
#[derive(Clone, Copy, PartialEq, Eq)]
#[cfg_attr(not(target_arch = "wasm32"), derive(Debug))]
pub struct Cap {
    /// The rate at the snapshot.
    pub snapshot_wad: Wad,
    /// When the snapshot was.
    pub snapshot_at: Secs,
    /// How much of the snapshot the rate may grow by in a year, without compounding.
    pub yearly: Bps,
}

/// A rate after the cap.
#[derive(Clone, Copy, PartialEq, Eq)]
#[cfg_attr(not(target_arch = "wasm32"), derive(Debug))]
pub struct Capped {
    /// The rate to price with.
    pub rate_wad: Wad,
    /// Whether it is the cap rather than what the feed said.
    pub is_cut: bool,
}

impl Cap {
    /// The highest rate that is believed now, rounded down: `snapshot + floor(snapshot * yearly * dt / (10^4 * year))`.
    ///
    /// A snapshot of 1.1 with 1000 bps a year is 1.155 after half a year. Before the snapshot it is the snapshot.
    pub fn at(&self, now: Secs) -> Result<Wad, OutOfRange> {
        let elapsed = U256::from(now.0.saturating_sub(self.snapshot_at.0));
        let per_snapshot = try_mul(self.yearly.widen(), elapsed)?;
        let whole = try_mul(U256::from(BPS_ONE), U256::from(YEAR_SECS))?;
        let grown = mul_div_down(self.snapshot_wad.0, per_snapshot, whole)?;
        try_add(self.snapshot_wad.0, grown).map(Wad)
    }

    /// The rate, or the cap where it is higher.
    pub fn cut(&self, rate: Wad, now: Secs) -> Result<Capped, OutOfRange> {
        let cap = self.at(now)?;
        Ok(Capped { rate_wad: rate.min(cap), is_cut: rate > cap })
    }
}

/// What one yield-bearing token is worth: `floor(base * rate / 10^18)`.
///
/// At 2000 USD for one ether and a rate of 1.2 it is 2400 USD.
pub fn price_down(base: Wad, rate: Wad) -> Result<Wad, OutOfRange> {
    mul_div_down(base.0, rate.0, WAD_ONE).map(Wad)
}

#[cfg(test)]
mod tests;
