//! The series against references of 60 digits that are computed another way, within the bounds claimed.

use num_bigint::BigInt;
use proptest::prelude::*;

use super::*;
use crate::reference::{config, int, numbers};

/// 10^60, the one of the references.
fn one() -> BigInt {
    BigInt::from(10).pow(60)
}

/// `ln(numerator / denominator)` of a quotient of at least one: square roots until it is near one, then the plain series.
fn slow_ln(numerator: &BigInt, denominator: &BigInt) -> BigInt {
    // Eighty digits here, because twenty doublings at the end lose six.
    let one = BigInt::from(10).pow(80);
    let mut x = numerator * &one / denominator;
    for _ in 0..20 {
        x = (x * &one).sqrt();
    }
    let small = x - &one;
    let (mut power, mut sum) = (small.clone(), BigInt::ZERO);
    for term in 1_i64..200 {
        let part = &power / term;
        sum = if term % 2 == 1 { sum + part } else { sum - part };
        power = power * &small / &one;
    }
    (sum << 20) / BigInt::from(10).pow(20)
}

/// `exp(-x)` for a small `x`: one over the series of `exp(x)`, whose terms are all positive.
fn slow_exp_minus(x: &BigInt) -> BigInt {
    let (mut term, mut sum) = (one(), BigInt::ZERO);
    for index in 1_u64..80 {
        sum += &term;
        term = term * x / one() / index;
    }
    one() * one() / sum
}

/// How far a ray is from a reference, in units of ray.
fn distance(ray: U256, reference: &BigInt) -> BigInt {
    let scale = BigInt::from(10).pow(33);
    let difference = int(ray) * &scale - reference;
    (difference.magnitude().clone() / scale.magnitude()).into()
}

fn ray(text: &str) -> U256 {
    text.parse().unwrap()
}

#[test]
fn the_constants_are_what_they_are_called() {
    assert!(distance(LN_2_RAY, &slow_ln(&BigInt::from(2), &BigInt::from(1))) < BigInt::from(1));
    assert_eq!(int(ROOT_2_RAY), (BigInt::from(2) * int(RAY_ONE) * int(RAY_ONE)).sqrt());
    assert_eq!(TWO_RAY, RAY_ONE + RAY_ONE);
}

#[test]
fn known_logarithms_come_out() {
    let ln = |a: u64, b: u64| ln_ratio(U256::from(a), U256::from(b)).map(|ray| ray.0);
    assert_eq!(ln(7, 7), Ok(U256::ZERO));
    assert_eq!(ln(0, 7), Err(OutOfRange));
    assert_eq!(ln(0, 0), Err(OutOfRange));
    // ln 1.1, ln 10 and ln(1/10), to 27 digits.
    for (a, b, digits) in [
        (110, 100, "95310179804324860043952123"),
        (10, 1, "2302585092994045684017991454"),
        (1, 10, "2302585092994045684017991454"),
    ] {
        let got = ln(a, b).unwrap();
        assert!(got.abs_diff(ray(digits)) < U256::from(10), "ln({a}/{b}) = {got}");
    }
    assert_eq!(ln_ratio(U256::ONE << 168, U256::ONE), Err(OutOfRange));
    assert_eq!(ln_ratio(U256::MAX, U256::ONE), Err(OutOfRange));
}

#[test]
fn known_decays_come_out() {
    let decay = |elapsed, half_life| half_life_decay(Secs(elapsed), Secs(half_life)).map(|ray| ray.0);
    assert_eq!(decay(0, 100), Ok(RAY_ONE));
    assert_eq!(decay(5, 0), Err(OutOfRange));
    assert_eq!(decay(100, 100), Ok(ray("500000000000000000000000000")));
    assert_eq!(decay(300, 100), Ok(ray("125000000000000000000000000")));
    assert_eq!(decay(u64::MAX, 1), Ok(U256::ZERO));
    assert!(decay(50, 100).unwrap().abs_diff(ray("707106781186547524400844362")) <= U256::from(3));
}

#[test]
fn a_root_is_rounded_up_and_exact_for_squares() {
    for (square, root) in [(0_u64, 0_u64), (1, 1), (2, 2), (4, 2), (9, 3), (10, 4), (15, 4), (16, 4), (17, 5)] {
        assert_eq!(root_up(U256::from(square)), Ok(U256::from(root)));
    }
    let largest = (U256::ONE << 128) - U256::ONE;
    assert_eq!(root_up(largest * largest), Ok(largest));
    assert_eq!(root_up(U256::MAX), Ok(U256::ONE << 128));
}

proptest! {
    #![proptest_config(config(400))]

    #[test]
    fn a_logarithm_is_less_than_300_units_of_ray_from_exact(a in numbers(120), b in numbers(120)) {
        prop_assume!(!a.is_zero() && !b.is_zero());
        let exact = slow_ln(&int(a.max(b)), &int(a.min(b)));
        let got = ln_ratio(a, b).unwrap();
        prop_assert!(distance(got.0, &exact) < BigInt::from(300), "{} {}", got.0, exact);
        prop_assert_eq!(ln_ratio(b, a), Ok(got));
    }

    #[test]
    fn a_small_move_has_a_logarithm_within_30_units_of_ray(base in 1_000_000_u64..u64::MAX / 2, step in 0_u64..400_000) {
        let exact = slow_ln(&BigInt::from(base + step), &BigInt::from(base));
        let got = ln_ratio(U256::from(base), U256::from(base + step)).unwrap();
        prop_assert!(distance(got.0, &exact) < BigInt::from(30), "{} {}", got.0, exact);
    }

    #[test]
    fn a_decay_is_at_most_three_units_of_ray_from_exact(elapsed in 0_u64..3_000_000, half_life in 1_u64..400_000) {
        let rest = slow_ln(&BigInt::from(2), &BigInt::from(1)) * (elapsed % half_life) / half_life;
        let exact = slow_exp_minus(&rest) >> (elapsed / half_life).min(250);
        let got = half_life_decay(Secs(elapsed), Secs(half_life)).unwrap();
        prop_assert!(distance(got.0, &exact) <= BigInt::from(3), "{} {}", got.0, exact);
    }

    #[test]
    fn a_root_is_the_least_number_whose_square_reaches(square in numbers(256)) {
        let root = int(root_up(square).unwrap());
        prop_assert!(&root * &root >= int(square));
        let less: BigInt = root - 1;
        prop_assert!(less < BigInt::ZERO || &less * &less < int(square));
    }
}
