//! How far two sources are from one another, and what that means: agreement, a soft difference, or a contradiction.

use units::{BPS_ONE, Bps, OutOfRange, U256, Wad, mul_div_down, try_sub};

/// How far two sources may be apart, both in basis points of the lower price.
#[derive(Clone, Copy, PartialEq, Eq)]
#[cfg_attr(not(target_arch = "wasm32"), derive(Debug))]
pub struct Limits {
    /// Up to here, this included, the sources agree.
    pub soft: Bps,
    /// Up to here, this included, they differ and a sale may still start on both; beyond, neither is believed.
    pub hard: Bps,
}

/// What two prices say of one another.
#[derive(Clone, Copy, PartialEq, Eq)]
#[cfg_attr(not(target_arch = "wasm32"), derive(Debug))]
pub enum Agreement {
    /// Within the soft limit.
    Agree,
    /// Between the limits.
    Differ,
    /// Beyond the hard limit.
    Disagree,
}

/// `floor(|a - b| * 10^4 / min(a, b))`, in basis points: only whole ones count. Refuses a price of zero and more than 64 bits.
///
/// 2000 and 1990 USD are 50 bps apart.
pub fn deviation_down(a: Wad, b: Wad) -> Result<Bps, OutOfRange> {
    let (high, low) = (a.max(b), a.min(b));
    Bps::try_narrow(mul_div_down(try_sub(high.0, low.0)?, U256::from(BPS_ONE), low.0)?)
}

impl Limits {
    /// Compares two prices. What cannot be computed disagrees.
    #[must_use]
    pub fn judge(&self, a: Wad, b: Wad) -> Agreement {
        match deviation_down(a, b) {
            Ok(deviation) if deviation <= self.soft => Agreement::Agree,
            Ok(deviation) if deviation <= self.hard => Agreement::Differ,
            _ => Agreement::Disagree,
        }
    }
}

#[cfg(test)]
mod tests;
