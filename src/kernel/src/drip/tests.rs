//! The line against exact fractions, and that merging earns nothing and loses nothing.

use proptest::prelude::*;
use units::U256;

use super::*;
use crate::reference::{ceil, config, numbers, raw, whole};

fn of(amount: u64) -> Raw {
    Raw(U256::from(amount))
}

fn drip(amount: u64, from: u64, until: u64) -> Drip {
    Drip { amount_raw: of(amount), from: Secs(from), until: Secs(until) }
}

#[test]
fn an_amount_is_earned_along_a_line_and_a_moment_late() {
    let line = drip(1_000, 100, 400);
    for (now, left) in [(0, 1_000), (100, 1_000), (101, 997), (250, 500), (399, 4), (400, 0), (u64::MAX, 0)] {
        assert_eq!(line.left_up(Secs(now)), Ok(of(left)), "at {now}");
    }
    assert_eq!(Drip::default().left_up(Secs(7)), Ok(Raw::ZERO));
}

#[test]
fn two_drips_end_at_the_mean_of_both_ends() {
    let merged = |left, added, length| drip(600, 0, 200).merged(of(left), of(added), Secs(length), Secs(100)).unwrap();
    assert_eq!(merged(300, 100, 500), drip(400, 100, 300));
    // Nothing was left.
    assert_eq!(merged(0, 7, 500), drip(7, 100, 600));
    // Dust delays the rest by nothing.
    assert_eq!(merged(300, 1, 400), drip(301, 100, 200));
    assert_eq!(merged(300, 0, 500), drip(300, 100, 200));
    assert_eq!(merged(0, 0, 500), Drip::default());
}

#[test]
fn a_drip_is_capped_where_less_is_there_and_ends_when_it_would_have() {
    let line = drip(600, 100, 400);
    assert_eq!(line.capped(of(300), Secs(250)), Ok(line));
    assert_eq!(line.capped(of(299), Secs(250)), Ok(drip(299, 250, 400)));
    assert_eq!(line.capped(Raw::ZERO, Secs(250)), Ok(drip(0, 250, 400)));
    // Before it begins, and after it has ended.
    assert_eq!(line.capped(of(599), Secs(0)), Ok(drip(599, 100, 400)));
    assert_eq!(line.capped(Raw::ZERO, Secs(400)), Ok(line));
}

#[test]
fn what_is_too_large_is_refused() {
    let huge = Drip { amount_raw: Raw::MAX, from: Secs(0), until: Secs(10) };
    assert_eq!(huge.merged(Raw::MAX, of(1), Secs(1), Secs(0)), Err(OutOfRange));
    assert_eq!(huge.merged(Raw::MAX, Raw::ZERO, Secs(1), Secs(0)), Err(OutOfRange));
    assert_eq!(drip(1, 0, 10).merged(Raw::ZERO, of(1), Secs(1), Secs(u64::MAX)), Err(OutOfRange));
}

proptest! {
    #![proptest_config(config(1_000))]

    #[test]
    fn what_is_to_come_is_the_exact_line_rounded_up(amount in numbers(128), from in 0_u64..1_000_000, length in 1_u64..8_000_000, elapsed in 0_u64..9_000_000) {
        let line = Drip { amount_raw: Raw(amount), from: Secs(from), until: Secs(from + length) };
        let left = whole(length.saturating_sub(elapsed)) / whole(length) * raw(Raw(amount));
        let at = |secs: u64| line.left_up(Secs(secs)).unwrap();
        prop_assert_eq!(at(from + elapsed).0, ceil(&left).unwrap());
        prop_assert!(at(from + elapsed + 1) <= at(from + elapsed));
    }

    #[test]
    fn merging_earns_nothing_and_loses_nothing(
        amount in numbers(128),
        added in numbers(128),
        rest in 1_u64..8_000_000,
        length in 3_600_u64..7_776_000,
        now in 0_u64..1_000_000,
    ) {
        let old = Drip { amount_raw: Raw(amount), from: Secs(0), until: Secs(now + rest) };
        let left = old.left_up(Secs(now)).unwrap();
        let merged = old.merged(left, Raw(added), Secs(length), Secs(now)).unwrap();
        prop_assert_eq!(merged.left_up(Secs(now)).unwrap().0, left.0 + added);
        let is_empty = (left.0 + added).is_zero();
        prop_assert!(is_empty || merged.until.0 > now);
        prop_assert_eq!(merged.left_up(merged.until), Ok(Raw::ZERO));
        // The new end lies between both, and the delay of the old end is at most its part of the length.
        if !is_empty {
            let (early, late) = (rest.min(length), rest.max(length));
            prop_assert!((early..=late).contains(&(merged.until.0 - now)) || left.is_zero() || added.is_zero());
            let delay = whole((merged.until.0 - now).saturating_sub(rest)) * whole(1);
            prop_assert!(left.is_zero() || delay <= whole(length) * raw(Raw(added)) / raw(merged.amount_raw));
        }
    }
}
