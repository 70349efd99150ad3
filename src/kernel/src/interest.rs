//! Interest: an index that grows every second, and the shares of it that debts are counted in.
//!
//! A vault's debt is a number of shares; a share is worth `index / 10^27` debt base units. The index never falls.
//! How fast it grows is up to how much of the money is lent: [`rate_at`].

use units::{
    BPS_ONE, Bps, OutOfRange, RAY_ONE, Raw, Ray, Secs, Shares, U256, mul_div_down, mul_div_up, rpow_half_up, try_mul,
    try_sub,
};

/// The index before any interest: one.
pub const INDEX_START: Ray = Ray(RAY_ONE);

/// The interest of one second by the share of the money that is lent: a straight line up to the kink, and a steeper one
/// from there, so that what is lent comes back before all of it is lent. Each number is added to a factor of one.
#[derive(Clone, Copy, PartialEq, Eq)]
#[cfg_attr(not(target_arch = "wasm32"), derive(Debug))]
pub struct RateCurve {
    /// The interest where nothing is lent.
    pub base: Ray,
    /// The share lent at which the line bends; above 0 and below 10,000.
    pub kink: Bps,
    /// What is added to the base on the way from nothing lent to the kink.
    pub slope1: Ray,
    /// What is added to that on the way from the kink to everything lent.
    pub slope2: Ray,
    /// The share of the interest that is the surplus'; at most 10,000. The rest is the lenders'.
    pub reserve: Bps,
}

/// One basis point of interest a year, in a second: `floor(10^23 / 31,536,000)` ray, of a year of 365 days. The borrower keeps
/// the odd part, less than a unit of ray a second.
pub const YEARLY_BPS_RAY: u64 = 3_170_979_198_376_458;

/// The interest as it is set: by the year, and simple, so that 500 bps of it, compounded every second, are 5.127% a year.
/// [`YearlyCurve::per_second`] is what it means; the contracts' bounds are in [`crate::bounds::rate_curve`].
#[derive(Clone, Copy, PartialEq, Eq)]
#[cfg_attr(not(target_arch = "wasm32"), derive(Debug))]
pub struct YearlyCurve {
    /// The interest of a year where nothing is lent.
    pub base: Bps,
    /// The share lent at which the line bends, in percent.
    pub kink_percent: u64,
    /// What is added to the base on the way from nothing lent to the kink.
    pub slope1: Bps,
    /// What is added to that on the way from the kink to everything lent.
    pub slope2: Bps,
    /// The share of the interest that is the surplus'. The rest is the lenders'.
    pub reserve: Bps,
}

impl YearlyCurve {
    /// No interest.
    pub const NONE: Self = Self { base: Bps(0), kink_percent: 1, slope1: Bps(0), slope2: Bps(0), reserve: Bps(0) };

    /// The curve of one second: each rate times [`YEARLY_BPS_RAY`], exactly. A base of 500 bps is
    /// `1_585_489_599_188_229_000` ray.
    pub fn per_second(&self) -> Result<RateCurve, OutOfRange> {
        let second = |yearly: Bps| try_mul(yearly.widen(), U256::from(YEARLY_BPS_RAY)).map(Ray);
        Ok(RateCurve {
            base: second(self.base)?,
            kink: Bps(self.kink_percent.saturating_mul(100)),
            slope1: second(self.slope1)?,
            slope2: second(self.slope2)?,
            reserve: self.reserve,
        })
    }
}

impl RateCurve {
    /// The curve that asks for `interest` a second however much is lent, with `reserve` of it for the surplus.
    #[must_use]
    pub const fn flat(interest: Ray, reserve: Bps) -> Self {
        Self { base: interest, kink: Bps(1), slope1: Ray::ZERO, slope2: Ray::ZERO, reserve }
    }
}

/// The factor of one second where `debt_raw` is lent and `cash_raw` is not, ray, rounded up once: the borrower bears
/// the odd unit. With the share lent `u = debt / (cash + debt)`, zero where there is neither, and the kink `k`:
///
/// `1 + base + slope1 * u / k` up to the kink, and `1 + base + slope1 + slope2 * (u - k) / (1 - k)` above it.
///
/// It never falls while `u` rises, and stays from `1 + base` to `1 + base + slope1 + slope2`. The share itself is not
/// rounded. `OutOfRange` where the amounts together are above `2^242`.
///
/// With a kink of 8000 bps, a base of 0 and slopes of `10^18` and `2 * 10^19`: 40% lent ask for `5 * 10^17` over one,
/// 80% for `10^18`, 90% for `1.1 * 10^19`, and all of it for `2.1 * 10^19`, which is 94% a year.
pub fn rate_at(curve: &RateCurve, cash_raw: Raw, debt_raw: Raw) -> Result<Ray, OutOfRange> {
    let base = Ray(RAY_ONE).try_add(curve.base)?;
    if debt_raw.is_zero() {
        return Ok(base);
    }
    let all_raw = cash_raw.try_add(debt_raw)?.0;
    let lent = try_mul(debt_raw.0, U256::from(BPS_ONE))?;
    let bend = try_mul(all_raw, curve.kink.widen())?;
    if lent <= bend {
        return base.try_add(Ray(mul_div_up(curve.slope1.0, lent, bend)?));
    }
    let (beyond, steep) = (try_sub(lent, bend)?, try_mul(all_raw, U256::from(BPS_ONE.saturating_sub(curve.kink.0)))?);
    base.try_add(curve.slope1)?.try_add(Ray(mul_div_up(curve.slope2.0, beyond, steep)?))
}

/// The index after `elapsed` at `rate` a second: `ceil(index * rate^elapsed / 10^27)`, the power rounded half up.
///
/// Rounded up: borrowers bear less than a unit of ray. At a rate of one nothing changes.
/// From one, at 1.000000001547125957863212448 a second, it is 1.000005569668954547626342464 after an hour.
pub fn index_after_up(index: Ray, rate: Ray, elapsed: Secs) -> Result<Ray, OutOfRange> {
    mul_div_up(index.0, rpow_half_up(rate.0, elapsed.0)?, RAY_ONE).map(Ray)
}

/// What shares owe: `ceil(shares * index / 10^27)`. The borrower bears the odd unit.
pub fn debt_up(shares: Shares, index: Ray) -> Result<Raw, OutOfRange> {
    mul_div_up(shares.0, index.0, RAY_ONE).map(Raw)
}

/// The shares of a new debt: `ceil(amount * 10^27 / index)`. The borrower bears the odd share.
///
/// A loan of 100 at an index of 1.5 is 67 shares, which owe 101.
pub fn shares_up(amount_raw: Raw, index: Ray) -> Result<Shares, OutOfRange> {
    mul_div_up(amount_raw.0, RAY_ONE, index.0).map(Shares)
}

/// The shares a repayment removes: `floor(amount * 10^27 / index)`. The payer bears the odd share.
///
/// A repayment of 100 at an index of 1.5 removes 66 shares.
pub fn shares_down(amount_raw: Raw, index: Ray) -> Result<Shares, OutOfRange> {
    mul_div_down(amount_raw.0, RAY_ONE, index.0).map(Shares)
}

#[cfg(test)]
mod tests;
