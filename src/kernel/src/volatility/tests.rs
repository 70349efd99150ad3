//! That the means do not mind how often they are sampled, and that they are what the definition says.

use std::string::ToString;

use proptest::prelude::*;

use super::*;
use crate::growth::YEAR_SECS;
use crate::reference::config;

/// 100 USD.
const CALM: Wad = Wad(U256::from_limbs([7_766_279_631_452_241_920, 5, 0, 0]));

/// 100 USD times e^0.01: a log return of one percent.
fn moved() -> Wad {
    Wad("101005016708416805754".parse().unwrap())
}

/// The volatility in a year after a log return of 1% at the end of an hour or more without any, sampled every `step`.
fn yearly_after_a_move(step: u64) -> Wad {
    let mut volatility = Volatility::default();
    for _ in 0..(86_400 / step) {
        volatility = volatility.after(CALM, CALM, Secs(step)).unwrap();
    }
    volatility = volatility.after(CALM, moved(), Secs(step)).unwrap();
    volatility.slow.over(Secs(YEAR_SECS)).unwrap()
}

#[test]
fn the_year_s_volatility_after_one_percent_hardly_depends_on_how_often_it_was_sampled() {
    // Sampled every second, minute, hour and day before the same move; in hundredths of a percent, rounded to the nearest.
    for (step, expected) in [(1, 918), (60, 918), (3_600, 916), (86_400, 868)] {
        let hundredths = (yearly_after_a_move(step).0 / U256::from(10_u64.pow(13))).to::<u64>();
        assert_eq!((hundredths + 5) / 10, expected, "sampled every {step} s");
    }
}

#[test]
fn what_happened_is_half_forgotten_after_the_half_life() {
    let volatility = Volatility::default().after(CALM, moved(), Secs(1)).unwrap();
    let later = volatility.after(moved(), moved(), FAST_HALF_LIFE).unwrap();
    let half = volatility.fast.0.div_ceil(U256::from(2));
    assert!(later.fast.0.abs_diff(half) <= U256::ONE);
    let later = volatility.after(moved(), moved(), SLOW_HALF_LIFE).unwrap();
    assert!(later.slow.0.abs_diff(volatility.slow.0.div_ceil(U256::from(2))) <= U256::ONE);
}

#[test]
fn a_sample_needs_time_and_prices() {
    let nothing = Volatility::default();
    assert_eq!(nothing.after(CALM, moved(), Secs(0)), Err(OutOfRange));
    assert_eq!(nothing.after(Wad::ZERO, moved(), Secs(1)), Err(OutOfRange));
    assert_eq!(nothing.after(CALM, CALM, Secs(1)), Ok(nothing));
}

#[test]
fn a_horizon_is_the_root_of_time() {
    let variance = Variance(U256::from(10).pow(U256::from(28)));
    assert_eq!(variance.over(Secs(YEAR_SECS)), Ok(Wad(U256::from(561_569_229_926_284_334_u64))));
    assert_eq!(variance.over(Secs(4)), Ok(Wad(U256::from(200_000_000_000_000_u64))));
    assert_eq!(Variance(U256::MAX).over(Secs(2)), Err(OutOfRange));
}

proptest! {
    #![proptest_config(config(300))]

    #[test]
    fn samples_without_a_move_fade_as_one_sample_would(start in 1_u64..u64::MAX, pauses in prop::collection::vec(1_u64..20_000, 1..20)) {
        let before = Variance(U256::from(start) * U256::from(start));
        let mut by_steps = Volatility { fast: before, slow: before };
        for pause in &pauses {
            by_steps = by_steps.after(CALM, CALM, Secs(*pause)).unwrap();
        }
        let at_once = Volatility { fast: before, slow: before }.after(CALM, CALM, Secs(pauses.iter().sum())).unwrap();
        for (steps, once) in [(by_steps.fast.0, at_once.fast.0), (by_steps.slow.0, at_once.slow.0)] {
            // Not lower but for what a decay is wrong by, 3 of 10^27 for each step; not higher by more than that and the roundings.
            let slack = before.0 / U256::from(10).pow(U256::from(25)) + U256::from(40);
            prop_assert!(steps.abs_diff(once) <= slack, "{} {}", steps, once);
        }
    }

    #[test]
    fn sampling_before_a_move_makes_the_mean_no_lower(step in 1_u64..3_600, times in 1_u64..40) {
        let sampled = (0..times).try_fold(Volatility::default(), |volatility, _| volatility.after(CALM, CALM, Secs(step)));
        let sampled = sampled.and_then(|volatility| volatility.after(CALM, moved(), Secs(step))).unwrap();
        let lazy = Volatility::default().after(CALM, moved(), Secs(step * (times + 1))).unwrap();
        prop_assert!(sampled.fast >= lazy.fast && sampled.slow >= lazy.slow);
    }

    #[test]
    fn the_mean_is_what_the_definition_says(up in 1_u64..2_000, elapsed in 1_u64..500_000) {
        // In floating point, to nine digits: a second way to the same number.
        let now = Wad(CALM.0 * U256::from(10_000 + up) / U256::from(10_000));
        let volatility = Volatility::default().after(CALM, now, Secs(elapsed)).unwrap();
        let squared = (1.0 + up as f64 / 10_000.0).ln().powi(2);
        let weight = -(-(elapsed as f64) / 21_600.0 * core::f64::consts::LN_2).exp_m1();
        let expected = squared * weight / elapsed as f64 * 1e36;
        let got: f64 = volatility.fast.0.to_string().parse().unwrap();
        prop_assert!((got / expected - 1.0).abs() < 1e-9, "{} {}", got, expected);
    }
}
