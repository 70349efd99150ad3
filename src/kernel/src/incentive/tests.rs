//! The reward against exact fractions, and the gate on its edges. Maker's numbers are in `tests/vectors.rs`.

use proptest::prelude::*;

use super::*;
use crate::reference::{config, floor, fraction, numbers};

fn raw(amount: u64) -> Raw {
    Raw(U256::from(amount))
}

fn price(value: u64) -> Ray {
    Ray(U256::from(value) * RAY_ONE)
}

#[test]
fn a_reward_is_its_flat_part_and_a_share_rounded_down() {
    let two_percent = units::Bps(200).to_wad();
    assert_eq!(reward_down(raw(100), two_percent, raw(110)), Ok(raw(102)));
    assert_eq!(reward_down(raw(0), two_percent, raw(49)), Ok(raw(0)));
    assert_eq!(reward_down(raw(0), two_percent, raw(50)), Ok(raw(1)));
    assert_eq!(reward_down(Raw::MAX, two_percent, raw(50)), Err(OutOfRange));
}

#[test]
fn a_reward_is_at_most_a_share_of_the_penalty_rounded_down() {
    let table = [
        (110, 100, 2_500, 2),
        (110, 100, 10_000, 10),
        (110, 100, 0, 0),
        (139, 100, 2_500, 9),
        (100, 100, 10_000, 0),
        // More debt than is due has no penalty either.
        (99, 100, 10_000, 0),
        // The debt is paid: what is left is penalty.
        (7, 0, 10_000, 7),
    ];
    for (due, debt, share, cap) in table {
        assert_eq!(reward_cap_down(raw(due), raw(debt), Bps(share)), Ok(raw(cap)), "{share} of {due} - {debt}");
    }
    assert_eq!(reward_cap_down(Raw::MAX, raw(0), Bps(10_000)), Ok(Raw::MAX));
}

#[test]
fn a_reward_needs_both_due_and_lot_to_reach_the_minimum() {
    assert!(is_worth_a_reward(raw(22), raw(11), price(2), raw(22)));
    assert!(!is_worth_a_reward(raw(21), raw(11), price(2), raw(22)));
    assert!(!is_worth_a_reward(raw(22), raw(10), price(2), raw(22)));
    assert!(is_worth_a_reward(Raw::MAX, Raw::MAX, Ray::MAX, Raw::MAX), "a worth beyond 256 bits");
}

proptest! {
    #![proptest_config(config(1_000))]

    #[test]
    fn a_reward_is_the_exact_one_rounded_down(flat in numbers(128), share in numbers(60), due in numbers(160)) {
        let exact = fraction(due, WAD_ONE) * fraction(share, U256::ONE) + fraction(flat, U256::ONE);
        prop_assert_eq!(reward_down(Raw(flat), Wad(share), Raw(due)).ok().map(|reward| reward.0), floor(&exact));
    }
}
