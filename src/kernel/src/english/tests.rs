//! Bids, ends and phases: examples, the two phases of other engines' auctions in one rule, and a slow reference by fractions.
//! GEB's numbers are in `tests/vectors.rs`.

use num_rational::BigRational;
use proptest::prelude::*;

use super::*;
use crate::{
    bounds::{RAISE_MAX_RAY, RAISE_MIN_RAY},
    curve::Curve,
    reference::{ceil, config, fraction, numbers, raw as exact, ray},
    take::{Offer, Slice, take},
};
use units::{Bps, Raw, U256};

const START: Secs = Secs(10_000);

fn price(value: u64) -> Ray {
    Ray(U256::from(value) * RAY_ONE)
}

fn cut(percent: u64) -> Ray {
    Ray(RAY_ONE * U256::from(percent) / U256::from(100))
}

/// A raise of 5%, an hour of bids, ten minutes after the last.
fn terms() -> Terms {
    Terms {
        curve: Curve::English,
        cut: cut(105),
        step: Secs(600),
        buffer: Bps(0),
        tail: Secs(3_600),
        cusp: Bps(0),
        floor: Bps(8_000),
        cap: Raw::MAX,
    }
}

fn bid(value: u64, ends_at: u64) -> Standing {
    Standing { price: price(value), ends_at: Secs(ends_at) }
}

#[test]
fn the_least_bid_is_the_floor_and_then_the_last_one_raised_and_rounded_up() {
    assert_eq!(least_bid_up(&terms(), price(80), None), Ok(price(80)));
    assert_eq!(least_bid_up(&terms(), price(80), Some(&bid(100, 0))), Ok(price(105)));
    let unit = Standing { price: Ray(U256::ONE), ends_at: Secs(0) };
    assert_eq!(least_bid_up(&terms(), price(80), Some(&unit)), Ok(Ray(U256::from(2))));
    let huge = Standing { price: Ray::MAX, ends_at: Secs(0) };
    assert_eq!(least_bid_up(&terms(), price(80), Some(&huge)), Err(OutOfRange));
}

#[test]
fn a_late_bid_moves_the_end_and_an_early_one_does_not() {
    assert_eq!(ends_at(&terms(), START, None), Ok(Secs(13_600)));
    for (now, end) in [(10_000, 13_600), (13_000, 13_600), (13_001, 13_601), (13_599, 14_199)] {
        assert_eq!(end_after_bid(Secs(13_600), Secs(now), terms().step), Ok(Secs(end)), "{now}");
    }
    assert_eq!(ends_at(&terms(), START, Some(&bid(100, 14_199))), Ok(Secs(14_199)));
    assert_eq!(end_after_bid(Secs(0), Secs(u64::MAX), Secs(1)), Err(OutOfRange));
}

#[test]
fn every_phase_begins_in_its_second() {
    use Phase::{Open, Overdue, Stale, Won};
    let standing = bid(100, 13_600);
    let table = [
        (None, 10_000, Open),
        (None, 13_599, Open),
        (None, 13_600, Stale),
        (None, 99_999, Stale),
        (Some(&standing), 13_599, Open),
        (Some(&standing), 13_600, Won),
        (Some(&standing), 17_200, Won),
        (Some(&standing), 17_201, Overdue),
    ];
    for (standing, now, expected) in table {
        assert_eq!(phase(&terms(), START, standing, Secs(now), Uptime::Unbroken), Ok(expected), "{now}");
        // Nobody could bid for some of the time: bids and a winner are void; who waits too long is still the winner.
        let broken = if expected == Overdue { Overdue } else { Stale };
        assert_eq!(phase(&terms(), START, standing, Secs(now), Uptime::Broken), Ok(broken), "{now}");
        assert_eq!(expected.needs_restart(), matches!(expected, Overdue | Stale));
    }
}

/// What a bid for the whole of a lot of 40, of which 110 is due, gets and owes.
fn buys(bid: Ray) -> Slice {
    let offer =
        Offer { lot_raw: Raw(U256::from(40)), due_raw: Raw(U256::from(110)), price: bid, min_due_raw: Raw::ZERO };
    take(&offer, Raw::MAX).expect("a bid buys something")
}

#[test]
fn bids_pay_more_until_all_is_paid_and_then_get_less() {
    let table = [(1, 40, 40), (2, 40, 80), (3, 36, 110), (5, 22, 110), (55, 2, 110), (110, 1, 110)];
    for (bid, slice, owed) in table {
        let bought = buys(price(bid));
        assert_eq!((bought.slice_raw, bought.owed_raw), (Raw(U256::from(slice)), Raw(U256::from(owed))), "{bid}");
        assert!(bought.is_last(), "a bid for all ends the auction");
    }
}

proptest! {
    #![proptest_config(config(5_000))]

    #[test]
    fn the_least_bid_is_the_exact_product_rounded_up(last in numbers(192), percent in 101_u64..=150) {
        let standing = Standing { price: Ray(last), ends_at: Secs(0) };
        let terms = Terms { cut: cut(percent), ..terms() };
        let least = least_bid_up(&terms, price(1), Some(&standing)).unwrap();
        let expected = ceil(&(fraction(last, U256::ONE) * ray(terms.cut))).unwrap();
        prop_assert_eq!(least.0, expected);
        prop_assert!(last.is_zero() || least.0 > last);
        prop_assert!((RAISE_MIN_RAY..=RAISE_MAX_RAY).contains(&terms.cut.0));
    }

    #[test]
    fn a_higher_bid_never_pays_less_nor_gets_more(
        lot in numbers(110), due in numbers(90), low in numbers(120), percent in 101_u64..=150
    ) {
        prop_assume!(!lot.is_zero() && !low.is_zero());
        let standing = Standing { price: Ray(low), ends_at: Secs(0) };
        let high = least_bid_up(&Terms { cut: cut(percent), ..terms() }, price(1), Some(&standing)).unwrap();
        let offer = |price| Offer { lot_raw: Raw(lot), due_raw: Raw(due), price, min_due_raw: Raw(U256::from(1_000)) };
        if let (Ok(before), Ok(after)) = (take(&offer(Ray(low)), Raw::MAX), take(&offer(high), Raw::MAX)) {
            prop_assert!(after.owed_raw >= before.owed_raw && after.slice_raw <= before.slice_raw);
            prop_assert!(after.is_last() && before.is_last());
            // Whoever wins pays its price, to the unit, and never more than is due.
            let worth: BigRational = exact(after.slice_raw) * ray(high);
            prop_assert!(after.owed_raw <= Raw(due) && exact(after.owed_raw) >= worth);
        }
    }

    #[test]
    fn phases_follow_each_other_in_time(step in 1_u64..5_000, waits in prop::collection::vec(0_u64..2_000, 1..40)) {
        let terms = Terms { step: Secs(step), tail: Secs(step.max(3_600)), ..terms() };
        let (mut now, mut standing): (Secs, Option<Standing>) = (START, None);
        for (index, wait) in waits.iter().enumerate() {
            now = Secs(now.0 + wait);
            let end = ends_at(&terms, START, standing.as_ref()).unwrap();
            let found = phase(&terms, START, standing.as_ref(), now, Uptime::Unbroken).unwrap();
            prop_assert_eq!(found == Phase::Open, now < end);
            if found != Phase::Open {
                prop_assert_eq!(found == Phase::Stale, standing.is_none());
                prop_assert_eq!(found == Phase::Overdue, standing.is_some() && now.0 - end.0 > terms.tail.0);
                continue;
            }
            let ends_at = end_after_bid(end, now, terms.step).unwrap();
            prop_assert!(ends_at >= end && ends_at.0 >= now.0 + step);
            standing = Some(Standing { price: price(1 + index as u64), ends_at });
        }
    }
}
