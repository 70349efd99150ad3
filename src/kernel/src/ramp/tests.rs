//! The ramp's line, its ends, and that it never rises on the way.

use proptest::prelude::*;

use super::*;
use crate::reference::config;

const DOWN: Ramp = Ramp { from: Bps(9_000), to: Bps(5_000), start: Secs(10_000), end: Secs(11_000) };

#[test]
fn a_falling_threshold_follows_the_line_between_its_ends() {
    let table = [(0, 9_000), (10_000, 9_000), (10_333, 7_668), (10_999, 5_004), (11_000, 5_000), (99_999, 5_000)];
    for (now, expected) in table {
        assert_eq!(threshold_at(&DOWN, Secs(now)), Ok(Bps(expected)), "{now}");
    }
}

#[test]
fn a_rising_threshold_holds_at_once() {
    let up = Ramp { from: Bps(5_000), to: Bps(9_000), ..DOWN };
    assert_eq!(threshold_at(&up, Secs(0)), Ok(Bps(9_000)));
    assert_eq!(threshold_at(&up, Secs(10_500)), Ok(Bps(9_000)));
}

#[test]
fn a_ramp_without_length_has_arrived_at_its_end() {
    let step = Ramp { end: Secs(10_000), ..DOWN };
    assert_eq!(threshold_at(&step, Secs(9_999)), Ok(Bps(9_000)));
    assert_eq!(threshold_at(&step, Secs(10_000)), Ok(Bps(5_000)));
}

#[test]
fn a_ramp_too_long_for_the_arithmetic_is_refused() {
    let endless = Ramp { start: Secs(0), end: Secs(u64::MAX), ..DOWN };
    assert_eq!(threshold_at(&endless, Secs(1)), Err(OutOfRange));
}

proptest! {
    #![proptest_config(config(2_000))]

    #[test]
    fn a_threshold_stays_between_its_ends_and_never_rises_on_the_way(
        from in 0_u64..=10_000, to in 0_u64..=10_000, length in 1_u64..31_536_000, now in 0_u64..40_000_000,
    ) {
        let ramp = Ramp { from: Bps(from), to: Bps(to), start: Secs(1_000), end: Secs(1_000 + length) };
        let here = threshold_at(&ramp, Secs(now)).unwrap();
        let next = threshold_at(&ramp, Secs(now + 1)).unwrap();
        prop_assert!(here >= Bps(to) && here <= Bps(from.max(to)));
        prop_assert!(next <= here);
        let elapsed = u128::from(now.saturating_sub(1_000).min(length));
        let fall = u128::from(from.saturating_sub(to));
        let exact = u128::from(to) + fall * (u128::from(length) - elapsed) / u128::from(length);
        prop_assert_eq!(u128::from(here.0), exact);
    }
}
