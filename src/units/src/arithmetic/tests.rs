//! The arithmetic against exact integers of any size, on edge values and random ones.

use num_bigint::BigUint;
use proptest::prelude::*;
use proptest::test_runner::RngSeed;

use super::*;

fn big(value: U256) -> BigUint {
    BigUint::from_bytes_be(&value.to_be_bytes::<32>())
}

fn small(value: BigUint) -> Result<U256, OutOfRange> {
    U256::try_from_be_slice(&value.to_bytes_be()).ok_or(OutOfRange)
}

fn exact_down(a: U256, b: U256, divisor: U256) -> Result<U256, OutOfRange> {
    if divisor.is_zero() {
        return Err(OutOfRange);
    }
    small(big(a) * big(b) / big(divisor))
}

fn exact_up(a: U256, b: U256, divisor: U256) -> Result<U256, OutOfRange> {
    if divisor.is_zero() {
        return Err(OutOfRange);
    }
    small((big(a) * big(b) + big(divisor) - 1_u8) / big(divisor))
}

/// Words of every length, and the edges: zero, one, powers of two and their neighbours, the largest.
fn words() -> impl Strategy<Value = U256> {
    let any_word = any::<[u64; 4]>().prop_map(U256::from_limbs);
    prop_oneof![
        4 => (any_word, 0_usize..256).prop_map(|(word, shift)| word.wrapping_shr(shift)),
        2 => (0_usize..256).prop_map(|shift| U256::ONE.wrapping_shl(shift)),
        1 => (0_usize..256).prop_map(|shift| U256::ONE.wrapping_shl(shift) - U256::ONE),
        1 => (0_u64..3).prop_map(|less| U256::MAX - U256::from(less)),
        1 => (0_u64..3).prop_map(U256::from),
    ]
}

fn config(cases: u32) -> ProptestConfig {
    ProptestConfig { cases, failure_persistence: None, rng_seed: RngSeed::Fixed(0x5117), ..ProptestConfig::default() }
}

proptest! {
    #![proptest_config(config(50_000))]

    #[test]
    fn mul_div_rounds_both_ways_as_exact_integers_do(a in words(), b in words(), divisor in words()) {
        prop_assert_eq!(mul_div_down(a, b, divisor), exact_down(a, b, divisor));
        prop_assert_eq!(mul_div_up(a, b, divisor), exact_up(a, b, divisor));
    }

    #[test]
    fn mul_div_is_exact_where_the_quotient_is_just_in_range(a in words(), divisor in words(), less in 0_u64..3) {
        // b close to the largest for which a * b / divisor fits, so that the high word is close to the divisor.
        let a = a.max(U256::ONE);
        let largest = small((big(U256::MAX) * big(divisor)) / big(a)).unwrap_or(U256::MAX);
        let b = largest.saturating_sub(U256::from(less)).saturating_add(U256::ONE);
        prop_assert_eq!(mul_div_down(a, b, divisor), exact_down(a, b, divisor));
        prop_assert_eq!(mul_div_up(a, b, divisor), exact_up(a, b, divisor));
    }
}

proptest! {
    #![proptest_config(config(4_000))]

    #[test]
    fn sums_differences_products_and_quotients_are_exact_or_refused(a in words(), b in words()) {
        prop_assert_eq!(try_add(a, b), small(big(a) + big(b)));
        prop_assert_eq!(try_mul(a, b), small(big(a) * big(b)));
        prop_assert_eq!(try_sub(a, b), if a < b { Err(OutOfRange) } else { small(big(a) - big(b)) });
        prop_assert_eq!(div_down(a, b), exact_down(a, U256::ONE, b));
        prop_assert_eq!(div_up(a, b), exact_up(a, U256::ONE, b));
    }

    #[test]
    fn a_power_is_what_squaring_exact_integers_gives(base in words(), exponent in 0_u64..200_000) {
        prop_assert_eq!(rpow_half_up(base, exponent), exact_rpow(base, exponent));
    }

    #[test]
    fn a_power_of_a_cut_is_what_squaring_exact_integers_gives(less in 1_u64..u64::MAX, exponent in any::<u64>()) {
        let base = RAY_ONE - U256::from(less);
        prop_assert_eq!(rpow_half_up(base, exponent), exact_rpow(base, exponent));
    }
}

/// The power by its definition, on integers of any size that are held to 256 bits where the definition says so.
fn exact_rpow(base: U256, exponent: u64) -> Result<U256, OutOfRange> {
    let one = big(RAY_ONE);
    let product = |a: &BigUint, b: &BigUint| -> Result<BigUint, OutOfRange> {
        let rounded = small(a * b + &one / 2_u8)?;
        Ok(big(rounded) / &one)
    };
    let mut base = big(base);
    let mut power = if exponent % 2 == 1 { base.clone() } else { one.clone() };
    let mut left = exponent / 2;
    while left != 0 {
        base = product(&base, &base)?;
        if left % 2 == 1 {
            power = product(&power, &base)?;
        }
        left /= 2;
    }
    small(power)
}

#[test]
fn mul_div_has_the_values_of_its_examples() {
    let three = U256::from(3);
    let expected = U256::MAX / U256::from(4) * three + U256::from(2);
    assert_eq!(mul_div_down(U256::MAX, three, U256::from(4)), Ok(expected));
    assert_eq!(mul_div_up(U256::from(10), U256::from(10), three), Ok(U256::from(34)));
    assert_eq!(div_down(U256::from(7), U256::from(2)), Ok(three));
    assert_eq!(div_up(U256::from(7), U256::from(2)), Ok(U256::from(4)));
}

#[test]
fn a_division_by_zero_is_refused() {
    assert_eq!(div_down(U256::ONE, U256::ZERO), Err(OutOfRange));
    assert_eq!(div_up(U256::ZERO, U256::ZERO), Err(OutOfRange));
    assert_eq!(mul_div_down(U256::MAX, U256::MAX, U256::ZERO), Err(OutOfRange));
    assert_eq!(mul_div_up(U256::ZERO, U256::ONE, U256::ZERO), Err(OutOfRange));
}

#[test]
fn a_quotient_rounded_up_beyond_the_range_is_refused() {
    assert_eq!(mul_div_up(U256::MAX, U256::from(2), U256::from(2)), Ok(U256::MAX));
    assert_eq!(mul_div_down(U256::MAX, U256::MAX, U256::MAX - U256::ONE), Err(OutOfRange));
    // MAX / 2 is 2^255 - 1/2: the remainder decides upward.
    let third = U256::MAX / U256::from(3);
    assert_eq!(mul_div_up(third, U256::from(3), U256::from(2)), Ok(U256::ONE << 255));
    // (2^128 + 1) * (2^128 - 1) = 2^256 - 1 and 2^128 * 2^128 = 2^256: just inside and just outside.
    let root = U256::ONE << 128;
    assert_eq!(mul_div_up(root + U256::ONE, root - U256::ONE, U256::ONE), Ok(U256::MAX));
    assert_eq!(mul_div_up(root, root, U256::ONE), Err(OutOfRange));
    // 3 * 2^256 - 1 = 23 * b, and a third of it is 2^256 - 1/3: down it fits, up it does not.
    let b = small((BigUint::from(3_u8) * (BigUint::from(1_u8) << 256) - 1_u8) / 23_u64).unwrap();
    assert_eq!(mul_div_down(U256::from(23_u64), b, U256::from(3)), Ok(U256::MAX));
    assert_eq!(mul_div_up(U256::from(23_u64), b, U256::from(3)), Err(OutOfRange));
}

#[test]
fn powers_have_the_values_of_their_definition_at_the_edges() {
    let cut = U256::from(99) * RAY_ONE / U256::from(100);
    assert_eq!(rpow_half_up(cut, 2), Ok(U256::from(9_801) * RAY_ONE / U256::from(10_000)));
    assert_eq!(rpow_half_up(U256::ZERO, 0), Ok(RAY_ONE));
    assert_eq!(rpow_half_up(U256::ZERO, 5), Ok(U256::ZERO));
    assert_eq!(rpow_half_up(U256::MAX, 0), Ok(RAY_ONE));
    assert_eq!(rpow_half_up(U256::MAX, 1), Ok(U256::MAX));
    let limit = U256::ONE << 128;
    assert_eq!(rpow_half_up(limit, 2), Err(OutOfRange));
    assert!(rpow_half_up(limit - U256::ONE, 2).is_ok());
}

#[test]
fn ten_to_a_power_is_exact_up_to_38_and_refused_above() {
    let mut expected = U256::ONE;
    for exponent in 0..=38 {
        assert_eq!(ten_to(exponent), Ok(expected), "{exponent}");
        expected *= U256::from(10);
    }
    assert_eq!(ten_to(39), Err(OutOfRange));
    assert_eq!(ten_to(255), Err(OutOfRange));
}
