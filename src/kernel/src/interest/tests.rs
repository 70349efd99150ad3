//! The index and the shares against exact fractions; no round trip gains a unit.

use proptest::prelude::*;
use units::U256;

use super::*;
use crate::bounds::RATE_MAX_YEARLY_BPS;
use crate::reference::{bps, ceil, config, floor, fraction, numbers, ray, whole};

/// What the bounds let be asked for in a second with everything lent.
fn most_in_a_second() -> U256 {
    U256::from(RATE_MAX_YEARLY_BPS) * U256::from(YEARLY_BPS_RAY)
}

fn index_strategy() -> impl Strategy<Value = Ray> {
    numbers(110).prop_map(|more| Ray(RAY_ONE + more))
}

#[test]
fn an_hour_at_five_percent_a_year_has_the_index_of_the_example() {
    let rate = Ray(U256::from(1_000_000_001_547_125_957_863_212_448_u128));
    let expected = Ray(U256::from(1_000_005_569_668_954_547_626_342_464_u128));
    assert_eq!(index_after_up(INDEX_START, rate, Secs(3_600)), Ok(expected));
    assert_eq!(index_after_up(expected, INDEX_START, Secs(3_600)), Ok(expected), "a rate of one changes nothing");
    assert_eq!(index_after_up(expected, rate, Secs(0)), Ok(expected));
}

#[test]
fn a_loan_of_100_at_an_index_of_one_and_a_half_has_the_shares_of_the_example() {
    let index = Ray(RAY_ONE + RAY_ONE / U256::from(2));
    assert_eq!(shares_up(Raw(U256::from(100)), index), Ok(Shares(U256::from(67))));
    assert_eq!(debt_up(Shares(U256::from(67)), index), Ok(Raw(U256::from(101))));
    assert_eq!(shares_down(Raw(U256::from(100)), index), Ok(Shares(U256::from(66))));
}

fn per_second(more: u128) -> Ray {
    Ray(U256::from(more))
}

/// A curve with a kink at 80% and a steep part, and what it asks for over a factor of one.
fn example_at(cash: u64, debt: u64) -> Result<U256, OutOfRange> {
    let slope = 1_000_000_000_000_000_000_u128;
    let curve = RateCurve {
        base: Ray::ZERO,
        kink: Bps(8_000),
        slope1: per_second(slope),
        slope2: per_second(20 * slope),
        reserve: Bps(0),
    };
    rate_at(&curve, Raw(U256::from(cash)), Raw(U256::from(debt))).map(|rate| rate.0 - RAY_ONE)
}

#[test]
fn the_rate_rises_slowly_to_the_kink_and_steeply_above_it() {
    let tenth = 100_000_000_000_000_000_u128;
    for (debt, tenths) in [(0, 0), (40, 5), (80, 10), (90, 110), (100, 210)] {
        assert_eq!(example_at(100 - debt, debt), Ok(U256::from(tenths * tenth)), "{debt}% lent");
    }
    assert_eq!(example_at(0, 0), Ok(U256::ZERO), "nothing there, nothing lent");
    // A third lent: 10^18 / 2.4 is 416666666666666666.67.
    assert_eq!(example_at(2, 1), Ok(U256::from(416_666_666_666_666_667_u128)), "rounded up");
    // Half of a steep part, by amounts that give no whole number: 19/21 lent is 90.476...%.
    // 10^18 + 2 * 10^19 * (19/21 - 0.8) / 0.2 is 11476190476190476190.47.
    assert_eq!(example_at(2, 19), Ok(U256::from(11_476_190_476_190_476_191_u128)), "rounded up");
}

#[test]
fn a_yearly_curve_is_its_rates_by_the_second() {
    let (second, year) = (U256::from(YEARLY_BPS_RAY), U256::from(31_536_000));
    let of_a_bp = RAY_ONE / U256::from(BPS_ONE);
    assert!(second * year <= of_a_bp && (second + U256::ONE) * year > of_a_bp, "rounded down once");
    let yearly =
        YearlyCurve { base: Bps(500), kink_percent: 80, slope1: Bps(1), slope2: Bps(6_430), reserve: Bps(1_234) };
    let expected = RateCurve {
        base: per_second(1_585_489_599_188_229_000),
        kink: Bps(8_000),
        slope1: Ray(second),
        slope2: Ray(second * U256::from(6_430)),
        reserve: Bps(1_234),
    };
    assert_eq!(yearly.per_second(), Ok(expected));
    // 500 bps a year, compounded every second, are 5.127% a year.
    let after_a_year = index_after_up(INDEX_START, rate_at(&expected, Raw::ZERO, Raw::ZERO).unwrap(), Secs(31_536_000));
    assert_eq!(after_a_year.unwrap().0 / U256::from(10_u64.pow(13)), U256::from(105_127_109_633_435_u64));
    assert_eq!(
        YearlyCurve::NONE.per_second(),
        Ok(RateCurve::flat(Ray::ZERO, Bps(0))).map(|flat| RateCurve { kink: Bps(100), ..flat })
    );
}

#[test]
fn the_rate_of_amounts_beyond_the_arithmetic_is_refused() {
    let curve = RateCurve::flat(Ray::ZERO, Bps(0));
    assert_eq!(rate_at(&curve, Raw::MAX, Raw(U256::ONE)), Err(OutOfRange));
    assert_eq!(rate_at(&curve, Raw::ZERO, Raw::MAX), Err(OutOfRange));
}

/// Any curve inside of the bounds.
fn curves() -> impl Strategy<Value = RateCurve> {
    let most = most_in_a_second().to::<u128>();
    (0..=most, 0..=most, 0..=most, 1_u64..BPS_ONE).prop_map(move |(base, slope1, slope2, kink)| {
        let slope1 = slope1.min(most - base);
        RateCurve {
            base: per_second(base),
            kink: Bps(kink),
            slope1: per_second(slope1),
            slope2: per_second(slope2.min(most - base - slope1)),
            reserve: Bps(0),
        }
    })
}

/// The formula as it is written in the documentation, in exact fractions and rounded up at the end.
fn slow_rate(curve: &RateCurve, cash: U256, debt: U256) -> Option<U256> {
    let one = whole(1);
    let used = match debt.is_zero() {
        true => whole(0),
        false => fraction(debt, cash + debt),
    };
    let (kink, base) = (bps(curve.kink), &one + ray(curve.base));
    let exact = if used <= kink {
        base + ray(curve.slope1) * used / kink
    } else {
        base + ray(curve.slope1) + ray(curve.slope2) * (used - &kink) / (one - &kink)
    };
    ceil(&(exact * fraction(RAY_ONE, U256::ONE)))
}

proptest! {
    #![proptest_config(config(2_000))]

    #[test]
    fn the_rate_is_the_exact_formula_rounded_up(curve in curves(), cash in numbers(128), debt in numbers(128)) {
        let rate = rate_at(&curve, Raw(cash), Raw(debt)).unwrap();
        prop_assert_eq!(Some(rate.0), slow_rate(&curve, cash, debt));
    }

    #[test]
    fn the_rate_at_an_exact_kink_is_the_base_and_the_first_slope(curve in curves(), unit in 1_u64..u64::MAX) {
        let debt = U256::from(curve.kink.0) * U256::from(unit);
        let cash = U256::from(BPS_ONE - curve.kink.0) * U256::from(unit);
        let expected = RAY_ONE + curve.base.0 + curve.slope1.0;
        prop_assert_eq!(rate_at(&curve, Raw(cash), Raw(debt)), Ok(Ray(expected)));
        // One unit more lent is above the kink, and asks for no less.
        prop_assert!(rate_at(&curve, Raw(cash - U256::ONE), Raw(debt + U256::ONE)).unwrap().0 >= expected);
    }

    #[test]
    fn the_rate_never_falls_with_the_share_lent_and_stays_in_its_bounds(
        curve in curves(), cash in numbers(127), debt in numbers(127), more in numbers(127),
    ) {
        let rate = |cash, debt| rate_at(&curve, Raw(cash), Raw(debt)).unwrap().0;
        let here = rate(cash, debt);
        prop_assert!(rate(cash, debt + more) >= here, "more is lent");
        prop_assert!(rate(cash + more, debt) <= here, "more is there");
        let least = RAY_ONE + curve.base.0;
        prop_assert!(here >= least && here <= least + curve.slope1.0 + curve.slope2.0);
        prop_assert!(here <= RAY_ONE + most_in_a_second());
    }

    #[test]
    fn shares_and_debt_are_the_exact_fractions_rounded_against_the_borrower(amount in numbers(140), index in index_strategy()) {
        let exact_shares = fraction(amount, U256::ONE) / ray(index);
        let exact_debt = fraction(amount, U256::ONE) * ray(index);
        prop_assert_eq!(shares_up(Raw(amount), index).ok().map(|shares| shares.0), ceil(&exact_shares));
        prop_assert_eq!(shares_down(Raw(amount), index).ok().map(|shares| shares.0), floor(&exact_shares));
        prop_assert_eq!(debt_up(Shares(amount), index).ok().map(|debt| debt.0), ceil(&exact_debt));
    }

    #[test]
    fn borrowing_and_repaying_the_same_amount_gains_nothing(amount in numbers(140), index in index_strategy()) {
        let given = shares_up(Raw(amount), index).unwrap();
        let taken = shares_down(Raw(amount), index).unwrap();
        prop_assert!(taken <= given);
        prop_assert!(debt_up(given, index).unwrap() >= Raw(amount));
        prop_assert!(debt_up(taken, index).unwrap() <= Raw(amount));
    }

    #[test]
    fn the_index_never_falls_and_is_the_exact_product_rounded_up(
        index in index_strategy(), per_second in 0_u64..10_989_776_575_619_576_513, elapsed in 0_u64..31_536_000,
    ) {
        let rate = Ray(RAY_ONE + U256::from(per_second) * U256::from(2));
        let after = index_after_up(index, rate, Secs(elapsed)).unwrap();
        prop_assert!(after >= index);
        let power = units::rpow_half_up(rate.0, elapsed).unwrap();
        prop_assert_eq!(Some(after.0), ceil(&(ray(index) * fraction(power, U256::ONE))));
    }
}
