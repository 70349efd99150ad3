//! What each collects of a closed round, in any order: against exact fractions, and against what others collected before.

use proptest::prelude::*;
use std::vec::Vec;
use units::U256;

use super::*;
use crate::reference::{config, floor, numbers, raw, whole};

fn left(amount: u64, shares: u64) -> Left {
    Left { left_raw: Raw(U256::from(amount)), shares: Shares(U256::from(shares)) }
}

fn shares(count: u64) -> Shares {
    Shares(U256::from(count))
}

#[test]
fn odd_units_go_to_those_who_collect_later() {
    // The example of the documentation: four equal parts of three units.
    let (mut left, quarter) = (left(3, 4_000_000_000), shares(1_000_000_000));
    for (expected, rest) in [(0, 3), (1, 2), (1, 1), (1, 0)] {
        let (amount, after) = left.collect(quarter).unwrap();
        assert_eq!((amount.0, after.left_raw.0), (U256::from(expected), U256::from(rest)));
        left = after;
    }
    assert_eq!(left, Left::default());
}

#[test]
fn the_last_one_gets_what_is_left() {
    let all = left(7, 5);
    assert_eq!(all.collect(shares(5)), Ok((Raw(U256::from(7)), Left::default())));
    assert_eq!(all.part_down(shares(4)), Ok(Raw::ZERO));
    assert_eq!(left(0, 5).collect(shares(5)), Ok((Raw::ZERO, Left::default())));
}

#[test]
fn nobody_collects_for_shares_that_there_are_not() {
    assert_eq!(left(7, 5).collect(shares(6)), Err(OutOfRange));
    assert_eq!(Left::default().collect(shares(1)), Err(OutOfRange));
}

proptest! {
    #![proptest_config(config(1_000))]

    #[test]
    fn a_part_is_the_exact_one_rounded_down(amount in numbers(128), all in numbers(128), bps in 0_u64..10_000) {
        let whole_shares = all.max(U256::from(2));
        let part = (whole_shares / U256::from(10_000) * U256::from(bps)).min(whole_shares - U256::ONE);
        let left = Left { left_raw: Raw(amount), shares: Shares(whole_shares) };
        let exact = raw(Raw(part)) * (raw(Raw(amount)) + whole(1)) / (raw(Raw(whole_shares)) + whole(1_000_000));
        prop_assert_eq!(left.part_down(Shares(part)).unwrap().0, floor(&exact).unwrap());
    }

    #[test]
    fn whatever_the_order_all_of_it_is_paid_and_nobodys_part_falls(
        amount in numbers(96),
        parts in proptest::collection::vec(numbers(100), 1..20),
    ) {
        let parts: Vec<Shares> = parts.into_iter().map(|part| Shares(part.max(U256::ONE))).collect();
        let all = parts.iter().map(|part| part.0).sum::<U256>();
        let mut left = Left { left_raw: Raw(amount), shares: Shares(all) };
        let promised: Vec<Raw> = parts.iter().map(|part| left.part_down(*part).unwrap()).collect();
        let mut paid = U256::ZERO;
        for (part, least) in parts.iter().zip(promised) {
            let (got, after) = left.collect(*part).unwrap();
            prop_assert!(got >= least, "{got:?} of {least:?}");
            paid += got.0;
            left = after;
        }
        prop_assert_eq!((paid, left), (amount, Left::default()));
    }
}
