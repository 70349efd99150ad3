//! How much a price moves: two running means of squared log returns per second, one fast and one slow.
//!
//! A sample is taken whenever somebody asks for it, so the time between samples is whatever it is. Each sample moves a mean by
//! `v ← v w + (1 - w) r² / dt` with `w = 2^(-dt / half-life)`. As `(1 - w) / dt` tends to `ln 2 / half-life`, the mean is
//! the sum of the squared returns, each faded by its age, however often anyone samples in between: a sample without a
//! move only fades what there is, and fading in two steps is fading in one. Both divisions round up, so that no number of
//! samples lowers a mean below what one would have.

use units::{OutOfRange, RAY_ONE, Ray, Secs, U256, WAD_ONE, Wad, mul_div_down, mul_div_up, try_add, try_mul, try_sub};

use crate::logarithm::{half_life_decay, ln_ratio, root_up};

/// What happened fades to a half of it in six hours: for what must react.
pub const FAST_HALF_LIFE: Secs = Secs(21_600);
/// What happened fades to a half of it in three days: for parameters.
pub const SLOW_HALF_LIFE: Secs = Secs(259_200);

/// A variance: squared log returns per second, scaled by 10^36, which is a wad squared.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
#[cfg_attr(not(target_arch = "wasm32"), derive(Debug))]
pub struct Variance(pub U256);

impl Variance {
    /// The standard deviation over a horizon, as a wad, rounded up: `ceil(sqrt(v * horizon))`. Refuses to overflow.
    ///
    /// A variance of 10^28 over a year of 31,536,000 seconds is a volatility of 56.2%: `Wad(561_569_229_926_284_334)`.
    pub fn over(self, horizon: Secs) -> Result<Wad, OutOfRange> {
        root_up(try_mul(self.0, horizon.widen())?).map(Wad)
    }

    /// The mean after a sample of `return_ray`, which took `elapsed`.
    fn after(self, return_ray: Ray, elapsed: Secs, half_life: Secs) -> Result<Self, OutOfRange> {
        let left = half_life_decay(elapsed, half_life)?.0;
        // A ray squared has 54 digits; 18 less are a wad squared.
        let square = mul_div_up(return_ray.0, return_ray.0, WAD_ONE)?;
        let kept = mul_div_up(self.0, left, RAY_ONE)?;
        let added = mul_div_up(square, try_sub(RAY_ONE, left)?, try_mul(elapsed.widen(), RAY_ONE)?)?;
        try_add(kept, added).map(Self)
    }
}

/// Both means.
#[derive(Clone, Copy, PartialEq, Eq, Default)]
#[cfg_attr(not(target_arch = "wasm32"), derive(Debug))]
pub struct Volatility {
    /// With [`FAST_HALF_LIFE`].
    pub fast: Variance,
    /// With [`SLOW_HALF_LIFE`].
    pub slow: Variance,
}

impl Volatility {
    /// The means after the price went from `before` to `now` in `elapsed`. Refuses a price of zero and no time at all.
    ///
    /// From nothing, a log return of 1% in an hour gives a slow mean that is a volatility of 9.16% in a year.
    pub fn after(&self, before: Wad, now: Wad, elapsed: Secs) -> Result<Self, OutOfRange> {
        let moved = ln_ratio(before.0, now.0)?;
        Ok(Self {
            fast: self.fast.after(moved, elapsed, FAST_HALF_LIFE)?,
            slow: self.slow.after(moved, elapsed, SLOW_HALF_LIFE)?,
        })
    }
}

/// The square of the largest move that counts as usual in `elapsed`: `(sigmas)² * v * elapsed`, scaled by 10^36.
pub(crate) fn usual_square(variance: Variance, sigmas: u64, elapsed: Secs) -> Result<U256, OutOfRange> {
    let square = U256::from(sigmas.saturating_mul(sigmas));
    try_mul(try_mul(variance.0, square)?, elapsed.widen())
}

/// A move squared, scaled by 10^36, rounded down.
pub(crate) fn square_of(return_ray: Ray) -> Result<U256, OutOfRange> {
    mul_div_down(return_ray.0, return_ray.0, WAD_ONE)
}

#[cfg(test)]
mod tests;
