//! Logarithm, half-life and square root in integers, with the error of each bounded.
//!
//! Fixed point is ray, 27 digits. The bounds are proven where they are claimed and checked against references of 60
//! digits in the tests. No table: both series are short, and static data costs at every call of a contract.

use units::{OutOfRange, RAY_ONE, Ray, Secs, U256, div_down, mul_div_down, try_add, try_mul, try_sub};

/// The natural logarithm of two, ray, rounded down.
pub const LN_2_RAY: U256 = U256::from_limbs([17_538_513_934_777_439_993, 37_575_583, 0, 0]);
/// The square root of two, ray, rounded down.
const ROOT_2_RAY: U256 = U256::from_limbs([15_387_696_598_313_082_004, 76_664_670, 0, 0]);
const TWO_RAY: U256 = U256::from_limbs([4_584_946_418_820_579_328, 108_420_217, 0, 0]);
/// The odd numbers of the series of the inverse hyperbolic tangent, last term first. With an argument of at most
/// `3 - 2√2 = 0.1716`, what comes after the 17th term is below `0.1716^35 / 35 / (1 - 0.0295) < 10^-28`.
const ODD: [u64; 17] = [33, 31, 29, 27, 25, 23, 21, 19, 17, 15, 13, 11, 9, 7, 5, 3, 1];
/// The terms of the exponential series, last first. With an argument of at most `ln 2`, what comes after the 24th is below
/// `0.6932^25 / 25! < 10^-29`.
const TERMS: [u64; 24] = [24, 23, 22, 21, 20, 19, 18, 17, 16, 15, 14, 13, 12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1];

/// The distance of two prices in logarithms, `|ln(a / b)|`, as a ray; less than 300 units of ray from exact.
///
/// The same whichever of the two comes first. Refuses a price of zero, and a ratio of 2^168 or more.
/// The error: the quotient and its halvings lose less than two units, the series less than 20, and the logarithm of two
/// less than one unit for each power of two there is in the ratio, of which there are at most 167.
///
/// `ln_ratio(110, 100)` is 0.0953 ray.
pub fn ln_ratio(a: U256, b: U256) -> Result<Ray, OutOfRange> {
    let (high, low) = if a >= b { (a, b) } else { (b, a) };
    if high == low && !low.is_zero() {
        return Ok(Ray::ZERO);
    }
    let ratio = mul_div_down(high, RAY_ONE, low)?;
    // ratio = m * 2^powers with 1 <= m < 2.
    let powers = bits(div_down(ratio, RAY_ONE)?).saturating_sub(1);
    if powers > 167 {
        return Err(OutOfRange);
    }
    let m = div_down(ratio, power_of_two(powers)?)?;
    // Counted from the nearer power of two, so that the argument of the series is small: ln m, or ln 2 - ln(2 / m).
    if m <= ROOT_2_RAY {
        let rest = ln_of_quotient(m, RAY_ONE)?;
        return try_add(try_mul(LN_2_RAY, U256::from(powers))?, rest).map(Ray);
    }
    let rest = ln_of_quotient(TWO_RAY, m)?;
    try_sub(try_mul(LN_2_RAY, U256::from(powers.saturating_add(1)))?, rest).map(Ray)
}

/// What is left after `elapsed` of something that halves every `half_life`: `2^(-elapsed / half_life)`, as a ray, at most
/// three units of ray from exact. Refuses a half-life of zero.
///
/// `half_life_decay(6 h, 6 h)` is 0.5 ray.
pub fn half_life_decay(elapsed: Secs, half_life: Secs) -> Result<Ray, OutOfRange> {
    let (Some(halvings), Some(rest)) = (elapsed.0.checked_div(half_life.0), elapsed.0.checked_rem(half_life.0)) else {
        return Err(OutOfRange);
    };
    // 2^-90 is less than a unit of ray.
    if halvings >= 90 {
        return Ok(Ray::ZERO);
    }
    // exp(-x) = 1 - x/1 (1 - x/2 (1 - x/3 (...))), from the innermost bracket; each lies between 0 and 1.
    let x = mul_div_down(LN_2_RAY, U256::from(rest), half_life.widen())?;
    let mut bracket = RAY_ONE;
    for term in TERMS {
        let subtrahend = mul_div_down(x, bracket, try_mul(RAY_ONE, U256::from(term))?)?;
        bracket = try_sub(RAY_ONE, subtrahend)?;
    }
    div_down(bracket, power_of_two(halvings)?).map(Ray)
}

/// The square root, rounded up.
///
/// `root_up(10)` is 4.
pub fn root_up(square: U256) -> Result<U256, OutOfRange> {
    if square.is_zero() {
        return Ok(U256::ZERO);
    }
    // Newton from above: a power of two that is at least the root; it falls until it does not, and is then the root rounded down.
    let mut root = power_of_two(bits(square).saturating_add(1).wrapping_shr(1).min(255))?;
    loop {
        let next = try_add(root, div_down(square, root)?)?.wrapping_shr(1);
        if next >= root {
            break;
        }
        root = next;
    }
    // root * root <= square, so this does not overflow.
    if try_mul(root, root)? == square { Ok(root) } else { try_add(root, U256::ONE) }
}

/// `ln(a / b)` for `b <= a <= √2 b`, by `2 artanh((a - b) / (a + b))`.
fn ln_of_quotient(a: U256, b: U256) -> Result<U256, OutOfRange> {
    let z = mul_div_down(try_sub(a, b)?, RAY_ONE, try_add(a, b)?)?;
    let square = mul_div_down(z, z, RAY_ONE)?;
    let mut sum = U256::ZERO;
    for odd in ODD {
        sum = try_add(mul_div_down(sum, square, RAY_ONE)?, div_down(RAY_ONE, U256::from(odd))?)?;
    }
    mul_div_down(try_add(sum, sum)?, z, RAY_ONE)
}

/// How many bits a number has.
fn bits(number: U256) -> u64 {
    u64::try_from(number.bit_len()).unwrap_or(256)
}

fn power_of_two(exponent: u64) -> Result<U256, OutOfRange> {
    match usize::try_from(exponent) {
        Ok(shift) if shift < 256 => Ok(U256::ONE.wrapping_shl(shift)),
        _ => Err(OutOfRange),
    }
}

#[cfg(test)]
mod tests;
