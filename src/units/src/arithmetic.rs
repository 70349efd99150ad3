//! The only arithmetic on 256-bit numbers: nothing wraps, and no division rounds without saying which way.
//!
//! Division and the 512-bit product come from [`crate::host`], so the code below is one and the same on chain,
//! in the keeper and in the tests; only its two primitives differ.
//!
//! A public function of one line hands references to a function `.._of` that is there once: by value, each of the many
//! calls would copy its 256-bit arguments first, which is 1% of the vault contract.

use alloy_primitives::U256;

use crate::host;
use crate::quantities::{OutOfRange, RAY_ONE};

const ONE: U256 = U256::from_limbs([1, 0, 0, 0]);
const TWO: U256 = U256::from_limbs([2, 0, 0, 0]);
const THREE: U256 = U256::from_limbs([3, 0, 0, 0]);

/// `a + b`.
#[inline(always)]
pub fn try_add(a: U256, b: U256) -> Result<U256, OutOfRange> {
    try_add_of(&a, &b)
}

#[inline(never)]
fn try_add_of(&a: &U256, &b: &U256) -> Result<U256, OutOfRange> {
    a.checked_add(b).ok_or(OutOfRange)
}

/// `a - b`; refuses to go below zero.
#[inline(always)]
pub fn try_sub(a: U256, b: U256) -> Result<U256, OutOfRange> {
    try_sub_of(&a, &b)
}

#[inline(never)]
fn try_sub_of(&a: &U256, &b: &U256) -> Result<U256, OutOfRange> {
    a.checked_sub(b).ok_or(OutOfRange)
}

/// `a * b`.
#[inline(always)]
pub fn try_mul(a: U256, b: U256) -> Result<U256, OutOfRange> {
    try_mul_of(&a, &b)
}

#[inline(never)]
fn try_mul_of(&a: &U256, &b: &U256) -> Result<U256, OutOfRange> {
    match mul(a, b) {
        (product, false) => Ok(product),
        (_, true) => Err(OutOfRange),
    }
}

/// `floor(a / b)`: whoever gives `a` away keeps the remainder. Refuses a `b` of zero.
///
/// `div_down(7, 2)` is 3.
#[inline(always)]
pub fn div_down(a: U256, b: U256) -> Result<U256, OutOfRange> {
    div_down_of(&a, &b)
}

#[inline(never)]
fn div_down_of(&a: &U256, &b: &U256) -> Result<U256, OutOfRange> {
    if b.is_zero() {
        return Err(OutOfRange);
    }
    Ok(host::div(a, b))
}

/// `ceil(a / b)`: whoever receives the result gets the missing part of a unit. Refuses a `b` of zero.
///
/// `div_up(7, 2)` is 4.
pub fn div_up(a: U256, b: U256) -> Result<U256, OutOfRange> {
    mul_div_up(a, ONE, b)
}

/// `floor(a * b / divisor)` of the full 512-bit product: whoever gives keeps the remainder.
/// Refuses a divisor of zero and a result above 256 bits.
///
/// `mul_div_down(MAX, 3, 4)` is `floor(3 * MAX / 4)`, although the product does not fit in 256 bits.
#[inline(always)]
pub fn mul_div_down(a: U256, b: U256, divisor: U256) -> Result<U256, OutOfRange> {
    mul_div_down_of(&a, &b, &divisor)
}

#[inline(never)]
fn mul_div_down_of(&a: &U256, &b: &U256, &divisor: &U256) -> Result<U256, OutOfRange> {
    let (low, is_wide) = mul(a, b);
    if !is_wide {
        return div_down(low, divisor);
    }
    // a * b = high * 2^256 + low. Modulo 2^256 - 1 that is high + low, which gives high back:
    // the product is at most (2^256 - 1)^2, so high is at most 2^256 - 2 and the sum wraps at most once.
    let (difference, borrow) = host::mul_mod(a, b, U256::MAX).overflowing_sub(low);
    let high = difference.wrapping_sub(U256::from(borrow));
    if divisor <= high {
        return Err(OutOfRange); // also a divisor of zero
    }
    // Take the remainder away: what is left divides exactly, and its quotient has 256 bits because divisor > high.
    let (low, borrow) = low.overflowing_sub(host::mul_mod(a, b, divisor));
    let high = high.wrapping_sub(U256::from(borrow));
    // Take the powers of two out of divisor and product alike; then the divisor is odd and has an inverse modulo 2^256.
    // The high word moves down by as many bits: times 2^256 / twos, which is (2^256 - twos) / twos + 1, and which wraps
    // to zero where twos is one and nothing moves. The VM divides in less code than WASM shifts 256 bits.
    let twos = divisor & U256::ZERO.wrapping_sub(divisor);
    let odd = host::div(divisor, twos);
    let lift = host::div(U256::ZERO.wrapping_sub(twos), twos).wrapping_add(ONE);
    let low = host::div(low, twos) | mul(high, lift).0;
    // Newton: (3 * odd) xor 2 is the inverse to 5 bits; each step doubles them, and six steps reach 320 >= 256.
    let mut inverse = mul(odd, THREE).0 ^ TWO;
    for _ in 0..6 {
        inverse = mul(inverse, TWO.wrapping_sub(mul(odd, inverse).0)).0;
    }
    Ok(mul(low, inverse).0)
}

/// `ceil(a * b / divisor)` of the full 512-bit product: whoever receives gets the missing part of a unit.
/// Refuses a divisor of zero and a result above 256 bits.
///
/// `mul_div_up(10, 10, 3)` is 34.
#[inline(always)]
pub fn mul_div_up(a: U256, b: U256, divisor: U256) -> Result<U256, OutOfRange> {
    mul_div_up_of(&a, &b, &divisor)
}

#[inline(never)]
fn mul_div_up_of(&a: &U256, &b: &U256, &divisor: &U256) -> Result<U256, OutOfRange> {
    let quotient = mul_div_down(a, b, divisor)?;
    // The divisor is not zero, or there were no quotient.
    if host::mul_mod(a, b, divisor).is_zero() { Ok(quotient) } else { try_add(quotient, ONE) }
}

/// `base^exponent` of a ray, as a ray, by squaring; each multiplication rounds half up. `0^0` is one.
///
/// This is bit for bit the power in Maker's price curves and rates, including where it refuses:
/// an intermediate product that leaves 256 bits, so a base of 2^128 and above with an exponent of two or more.
///
/// `rpow_half_up(0.99 ray, 2)` is 0.9801 ray.
#[inline(never)]
pub fn rpow_half_up(base_ray: U256, exponent: u64) -> Result<U256, OutOfRange> {
    let mut base = base_ray;
    let mut left = exponent;
    let mut power = RAY_ONE;
    let mut is_first = true;
    loop {
        if left & 1 == 1 {
            // The first factor stands for itself: multiplying it with one would round to the same number.
            power = if is_first { base } else { rmul_half_up(power, base)? };
        }
        is_first = false;
        left = left.wrapping_shr(1);
        if left == 0 {
            return Ok(power);
        }
        base = rmul_half_up(base, base)?;
    }
}

#[inline(never)]
fn rmul_half_up(a: U256, b: U256) -> Result<U256, OutOfRange> {
    let half = RAY_ONE.wrapping_shr(1);
    div_down(try_add(try_mul(a, b)?, half)?, RAY_ONE)
}

/// `10^exponent`, for scaling by a token's decimals; refuses an exponent above 38.
pub fn ten_to(exponent: u8) -> Result<U256, OutOfRange> {
    let low = u32::from(exponent.min(19));
    let high = u32::from(exponent).wrapping_sub(low);
    match (10_u64.checked_pow(low), 10_u64.checked_pow(high)) {
        (Some(low), Some(high)) => try_mul(U256::from(low), U256::from(high)),
        _ => Err(OutOfRange),
    }
}

/// The low word of the product, and whether there is more of it. One copy: it is inlined four limbs by four otherwise.
#[inline(never)]
pub(crate) fn mul(a: U256, b: U256) -> (U256, bool) {
    a.overflowing_mul(b)
}

#[cfg(test)]
mod tests;
