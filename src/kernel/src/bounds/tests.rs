//! Each bound from both sides, and the name, value and bounds of each refusal.

use proptest::prelude::*;
use units::{RAY_ONE, WAD_ONE};

use super::*;
use crate::reference::config;

fn word(value: u64) -> U256 {
    U256::from(value)
}

fn outside(name: &str, value: U256, min: U256, max: U256) -> OutOfBounds {
    let name = ALL.into_iter().find(|known| text(known) == name).unwrap();
    OutOfBounds { name, value, min, max }
}

fn text(name: &[u8; 32]) -> &str {
    std::str::from_utf8(name).unwrap().trim_end_matches('\0')
}

static ALL: [&[u8; 32]; 24] = [
    &names::LEVEL,
    &names::PENALTY_SHARE,
    &names::LTV,
    &names::THRESHOLD,
    &names::PENALTY,
    &names::TARGET_HEALTH,
    &names::WHOLE_SHARE,
    &names::CURVE,
    &names::CUT,
    &names::STEP,
    &names::BUFFER,
    &names::TAIL,
    &names::CUSP,
    &names::FLOOR,
    &names::CAP,
    &names::REWARD_SHARE,
    &names::BASE,
    &names::KINK,
    &names::SLOPE1,
    &names::SLOPE2,
    &names::RESERVE_SHARE,
    &names::HEARTBEAT,
    &names::GRACE,
    &names::RAMP,
];

#[test]
fn ratios_hold_their_bounds_from_both_sides() {
    let check = |ltv, threshold, penalty| ratios(word(ltv), word(threshold), word(penalty));
    let good = Ratios { ltv: Bps(7_500), threshold: Bps(8_000), penalty: Bps(2_500) };
    assert_eq!(check(7_500, 8_000, 2_500), Ok(good));
    assert_eq!(check(7_500, 8_000, 2_501), Err(outside("penaltyBps", word(2_501), word(0), word(2_500))));
    assert_eq!(check(8_000, 8_000, 0), Err(outside("ltvBps", word(8_000), word(0), word(7_999))));
    assert_eq!(check(0, 0, 0), Err(outside("thresholdBps", word(0), word(1), word(9_800))));
    assert_eq!(check(0, 9_801, 0), Err(outside("thresholdBps", word(9_801), word(1), word(9_800))));
    assert_eq!(check(0, 5_000, 3_001), Err(outside("penaltyBps", word(3_001), word(0), word(3_000))));
    assert!(check(9_799, 9_800, 204).is_ok());
    assert_eq!(check(0, 9_800, 205), Err(outside("penaltyBps", word(205), word(0), word(204))));
    let huge = ratios(U256::MAX, word(8_000), word(0));
    assert_eq!(huge, Err(outside("ltvBps", U256::MAX, word(0), word(7_999))));
}

#[test]
fn a_threshold_moves_between_its_ltv_and_what_its_penalty_allows() {
    let check = |value| threshold(word(value), Bps(7_000), Bps(2_500));
    assert_eq!(check(8_000), Ok(Bps(8_000)));
    assert_eq!(check(7_001), Ok(Bps(7_001)));
    assert_eq!(check(8_001), Err(outside("thresholdBps", word(8_001), word(7_001), word(8_000))));
    assert_eq!(check(7_000), Err(outside("thresholdBps", word(7_000), word(7_001), word(8_000))));
    assert_eq!(threshold(word(9_801), Bps(0), Bps(0)), Err(outside("thresholdBps", word(9_801), word(1), word(9_800))));
}

#[test]
fn the_rule_of_sizing_holds_its_bounds_from_both_sides() {
    let percent = |value: u64| word(value) * WAD_ONE / word(100);
    assert_eq!(liquidation_rule(percent(105), word(7_500)), Ok((Wad(percent(105)), Bps(7_500))));
    assert!(liquidation_rule(percent(101), word(5_000)).is_ok());
    assert!(liquidation_rule(percent(150), word(10_000)).is_ok());
    let low = percent(101) - U256::ONE;
    let refusal = outside("targetHealthWad", low, percent(101), percent(150));
    assert_eq!(liquidation_rule(low, word(7_500)), Err(refusal));
    let high = percent(150) + U256::ONE;
    let refusal = outside("targetHealthWad", high, percent(101), percent(150));
    assert_eq!(liquidation_rule(high, word(7_500)), Err(refusal));
    for share in [4_999, 10_001] {
        let refusal = outside("wholeShareBps", word(share), word(5_000), word(10_000));
        assert_eq!(liquidation_rule(percent(105), word(share)), Err(refusal));
    }
}

fn good_terms() -> RawTerms {
    RawTerms {
        curve: word(2),
        cut_ray: word(99) * RAY_ONE / word(100),
        step_secs: word(90),
        buffer_bps: word(11_000),
        tail_secs: word(7_200),
        cusp_bps: word(4_500),
        floor_bps: word(3_000),
        cap_raw: word(1_000_000),
    }
}

#[test]
fn terms_hold_their_bounds_from_both_sides() {
    let good = terms(&good_terms()).unwrap();
    assert_eq!((good.curve, good.step, good.tail, good.cusp), (Curve::Stairs, Secs(90), Secs(7_200), Bps(4_500)));
    type Set = fn(&mut RawTerms, U256);
    let table: [(&str, Set, U256, U256); 8] = [
        ("curve", |terms, value| terms.curve = value, word(1), word(4)),
        ("cutRay", |terms, value| terms.cut_ray = value, word(1), RAY_ONE - WAD_ONE),
        ("stepSecs", |terms, value| terms.step_secs = value, word(1), word(u64::MAX)),
        ("bufferBps", |terms, value| terms.buffer_bps = value, word(10_000), word(20_000)),
        ("tailSecs", |terms, value| terms.tail_secs = value, word(60), word(604_800)),
        ("cuspBps", |terms, value| terms.cusp_bps = value, word(100), word(9_999)),
        ("floorBps", |terms, value| terms.floor_bps = value, word(100), word(9_999)),
        ("capRaw", |terms, value| terms.cap_raw = value, word(1), CAP_MAX_RAW),
    ];
    for (name, set, min, max) in table {
        for value in [min, max] {
            // A linear curve would need a tail shorter than its step; the others take every bound.
            // Bids have bounds of their own.
            let mut raw = RawTerms { step_secs: word(100_000), ..good_terms() };
            if name == "curve" && value == word(4) {
                raw = good_bids();
            }
            set(&mut raw, value);
            assert!(terms(&raw).is_ok(), "{name} {value}");
        }
        for value in [min.checked_sub(U256::ONE), max.checked_add(U256::ONE), Some(U256::MAX)].into_iter().flatten() {
            if value >= min && value <= max {
                continue;
            }
            let mut raw = good_terms();
            set(&mut raw, value);
            assert_eq!(terms(&raw), Err(outside(name, value, min, max)), "{name} {value}");
        }
    }
}

#[test]
fn a_line_needs_no_cut_and_a_tail_before_its_end() {
    let line = RawTerms { curve: word(1), cut_ray: U256::ZERO, step_secs: word(7_201), ..good_terms() };
    assert!(terms(&line).is_ok());
    let short = RawTerms { step_secs: word(7_200), ..line };
    assert_eq!(terms(&short), Err(outside("tailSecs", word(7_200), word(60), word(7_199))));
}

fn good_bids() -> RawTerms {
    RawTerms {
        curve: word(4),
        cut_ray: RAISE_MIN_RAY,
        step_secs: word(600),
        buffer_bps: U256::ZERO,
        tail_secs: word(3_600),
        cusp_bps: U256::ZERO,
        ..good_terms()
    }
}

#[test]
fn bids_have_a_raise_a_reserve_price_and_nothing_of_a_falling_price() {
    let bids = good_bids();
    assert_eq!(terms(&bids).map(|terms| (terms.curve, terms.floor)), Ok((Curve::English, Bps(3_000))));
    for (tail, step) in [(600, 600), (604_800, 604_800), (60, 1)] {
        assert!(terms(&RawTerms { tail_secs: word(tail), step_secs: word(step), ..bids }).is_ok());
    }
    assert!(terms(&RawTerms { cut_ray: RAISE_MAX_RAY, ..bids }).is_ok());
    let (zero, one, week) = (U256::ZERO, U256::ONE, word(604_800));
    let cases = [
        (
            RawTerms { cut_ray: RAISE_MIN_RAY - one, ..bids },
            outside("cutRay", RAISE_MIN_RAY - one, RAISE_MIN_RAY, RAISE_MAX_RAY),
        ),
        (
            RawTerms { cut_ray: RAISE_MAX_RAY + one, ..bids },
            outside("cutRay", RAISE_MAX_RAY + one, RAISE_MIN_RAY, RAISE_MAX_RAY),
        ),
        (RawTerms { step_secs: zero, ..bids }, outside("stepSecs", zero, one, week)),
        (RawTerms { step_secs: week + one, ..bids }, outside("stepSecs", week + one, one, week)),
        (RawTerms { buffer_bps: one, ..bids }, outside("bufferBps", one, zero, zero)),
        (RawTerms { tail_secs: word(599), ..bids }, outside("tailSecs", word(599), word(600), week)),
        (RawTerms { tail_secs: word(59), step_secs: one, ..bids }, outside("tailSecs", word(59), word(60), week)),
        (RawTerms { cusp_bps: one, ..bids }, outside("cuspBps", one, zero, zero)),
        (RawTerms { floor_bps: word(99), ..bids }, outside("floorBps", word(99), word(100), word(9_999))),
    ];
    for (raw, expected) in cases {
        assert_eq!(terms(&raw), Err(expected));
    }
}

#[test]
fn times_rates_and_shares_hold_their_bounds_from_both_sides() {
    let table = [
        ("heartbeatSecs", heartbeat as fn(U256) -> Result<Secs, OutOfBounds>, 60, 172_800),
        ("graceSecs", grace, 0, 14_400),
        ("rampSecs", ramp, 86_400, 31_536_000),
    ];
    for (name, check, min, max) in table {
        assert_eq!(check(word(min)), Ok(Secs(min)));
        assert_eq!(check(word(max)), Ok(Secs(max)));
        assert_eq!(check(word(max + 1)), Err(outside(name, word(max + 1), word(min), word(max))));
        if min > 0 {
            assert_eq!(check(word(min - 1)), Err(outside(name, word(min - 1), word(min), word(max))));
        }
    }
    assert_eq!(reward_share(word(1_000)), Ok(Bps(1_000)));
    assert_eq!(reward_share(word(1_001)), Err(outside("shareBps", word(1_001), word(0), word(1_000))));
    assert_eq!(penalty_share(word(10_000)), Ok(Bps(10_000)));
    assert_eq!(penalty_share(word(10_001)), Err(outside("maxPenaltyBps", word(10_001), word(0), word(10_000))));
    assert_eq!(sale_stop(word(3)), Ok(3));
    assert_eq!(sale_stop(word(4)), Err(outside("level", word(4), word(0), word(3))));
}

#[test]
fn the_rate_curve_stays_at_the_most_interest_with_everything_lent() {
    let (zero, one, most) = (U256::ZERO, U256::ONE, word(RATE_MAX_YEARLY_BPS));
    let checked = |base_yearly_bps, kink_percent, slope1_yearly_bps, slope2_yearly_bps, reserve_bps| {
        rate_curve(&RawRateCurve { base_yearly_bps, kink_percent, slope1_yearly_bps, slope2_yearly_bps, reserve_bps })
    };
    let curve = checked(one, word(99), word(5), most - word(6), word(10_000)).unwrap();
    let expected = YearlyCurve {
        base: Bps(1),
        kink_percent: 99,
        slope1: Bps(5),
        slope2: Bps(RATE_MAX_YEARLY_BPS - 6),
        reserve: Bps(10_000),
    };
    assert_eq!(curve, expected);
    assert_eq!(checked(zero, one, zero, zero, zero), Ok(YearlyCurve::NONE));
    let cases = [
        (checked(most + one, zero, zero, zero, zero), outside("baseYearlyBps", most + one, zero, most)),
        (checked(most, zero, one, zero, zero), outside("kinkPercent", zero, one, word(99))),
        (checked(most, word(100), one, zero, zero), outside("kinkPercent", word(100), one, word(99))),
        (checked(most, one, one, one, zero), outside("slope1YearlyBps", one, zero, zero)),
        (
            checked(word(4), one, most - word(3), one, zero),
            outside("slope1YearlyBps", most - word(3), zero, most - word(4)),
        ),
        (checked(word(4), one, most - word(7), word(4), U256::MAX), outside("slope2YearlyBps", word(4), zero, word(3))),
        (checked(zero, one, zero, U256::MAX, zero), outside("slope2YearlyBps", U256::MAX, zero, most)),
        (checked(zero, one, zero, zero, word(10_001)), outside("reserveBps", word(10_001), zero, word(10_000))),
    ];
    for (given, expected) in cases {
        assert_eq!(given, Err(expected));
    }
}

#[test]
fn the_constants_are_what_they_say() {
    assert_eq!(CUT_MAX_RAY, RAY_ONE - WAD_ONE);
    assert_eq!(RAISE_MIN_RAY, RAY_ONE * word(101) / word(100));
    assert_eq!(RAISE_MAX_RAY, RAY_ONE * word(3) / word(2));
    assert_eq!(CAP_MAX_RAW, (U256::ONE << 96) - U256::ONE);
    let of_a_year = |bps: u64| {
        let yearly = YearlyCurve { base: Bps(bps), ..YearlyCurve::NONE };
        units::rpow_half_up(RAY_ONE + yearly.per_second().unwrap().base.0, 31_536_000).unwrap()
    };
    let two = word(2) * RAY_ONE;
    assert!(
        of_a_year(RATE_MAX_YEARLY_BPS) < two && of_a_year(RATE_MAX_YEARLY_BPS + 1) > two,
        "it does not quite double"
    );
}

#[test]
fn every_name_is_its_parameters_and_no_two_are_alike() {
    let mut seen = std::collections::BTreeSet::new();
    for name in ALL {
        assert!(seen.insert(text(name)), "{}", text(name));
        assert!(text(name).chars().all(|letter| letter.is_ascii_alphanumeric()));
    }
}

proptest! {
    #![proptest_config(config(2_000))]

    #[test]
    fn with_any_ratios_a_sale_at_the_full_penalty_can_restore_any_target(
        ltv in 0_u64..=10_001, threshold in 0_u64..=10_001, penalty in 0_u64..=3_001, target in 10_100_u64..=15_000,
    ) {
        if let Ok(ratios) = ratios(word(ltv), word(threshold), word(penalty)) {
            prop_assert!(ratios.ltv < ratios.threshold);
            // (1 + penalty) * threshold <= 1 < target, in units of 10^-8.
            let released = (10_000 + ratios.penalty.0) * ratios.threshold.0;
            prop_assert!(released <= 100_000_000 && released < target * 10_000);
            prop_assert_eq!(super::threshold(word(threshold), ratios.ltv, ratios.penalty), Ok(ratios.threshold));
        }
    }
}
