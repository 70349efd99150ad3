//! Interest: an index that grows every second, and the shares of it that debts are counted in.
//!
//! A vault's debt is a number of shares; a share is worth `index / 10^27` debt base units. The index never falls.

use units::{OutOfRange, RAY_ONE, Raw, Ray, Secs, Shares, mul_div_down, mul_div_up, rpow_half_up};

/// The index before any interest: one.
pub const INDEX_START: Ray = Ray(RAY_ONE);

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
