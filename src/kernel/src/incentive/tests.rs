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

/// A flat 5, a tenth of a percent of what is due, at most half of the penalty.
const REWARD: Reward =
    Reward { flat_raw: Raw(U256::from_limbs([5, 0, 0, 0])), share: Bps(10), max_penalty: Bps(5_000) };

fn started(lot: u64, debt: u64, due: u64) -> Started {
    Started { lot_raw: raw(lot), debt_raw: raw(debt), due_raw: raw(due), price: price(1), restarts: U256::ZERO }
}

#[test]
fn a_keeper_earns_flat_and_share_up_to_a_part_of_the_penalty() {
    let table = [
        // The examples.
        (started(7_700, 7_000, 7_700), 12),
        (started(7_040, 7_000, 7_040), 10),
        // A penalty that pays less than flat and share.
        (started(7_700, 7_690, 7_700), 2),
        (started(7_700, 7_696, 7_700), 1),
        (started(7_700, 7_697, 7_700), 0),
        // No penalty: an insolvent vault, whether its lot is short of the debt or not.
        (started(7_700, 7_700, 7_700), 0),
        (started(6_000, 7_700, 7_700), 0),
        (started(6_000, 7_700, 7_699), 0),
        // Half of the penalty is 350: half of that may be earned by the first start, and half of the one before by each restart.
        (Started { restarts: U256::ONE, ..started(7_700, 7_000, 7_700) }, 12),
        (Started { restarts: U256::from(3), ..started(7_700, 7_000, 7_700) }, 12),
        (Started { restarts: U256::from(4), ..started(7_700, 7_000, 7_700) }, 10),
        (Started { restarts: U256::from(7), ..started(7_700, 7_000, 7_700) }, 1),
        (Started { restarts: U256::from(8), ..started(7_700, 7_000, 7_700) }, 0),
        (Started { restarts: U256::MAX, ..started(7_700, 7_000, 7_700) }, 0),
        // Too little is due, or the lot is worth too little.
        (started(49, 7, 49), 0),
        (started(49, 7_000, 7_700), 0),
    ];
    for (started, earned) in table {
        assert_eq!(earned_down(&REWARD, &started, raw(50)), Ok(raw(earned)), "{started:?}");
    }
}

#[test]
fn what_all_starts_can_have_earned() {
    let most = |debt, penalty, restarts: u64, min_due| {
        earned_at_most(&REWARD, raw(debt), raw(penalty), U256::from(restarts), raw(min_due))
    };
    assert_eq!(most(7_000, 700, 0, 50), Ok(raw(12)));
    assert_eq!(most(7_000, 700, 2, 50), Ok(raw(36)));
    // 175, 87, 43, 21, then the caps: 10, 5, 2, 1, and nothing.
    assert_eq!(most(7_000, 700, 7, 50), Ok(raw(4 * 12 + 10 + 5 + 2 + 1)));
    assert_eq!(most(7_000, 700, u64::MAX, 50), Ok(raw(4 * 12 + 10 + 5 + 2 + 1)));
    assert_eq!(most(7_000, 0, 3, 50), Ok(raw(0)));
    assert_eq!(most(7_000, 700, 3, 7_701), Ok(raw(0)));
    assert_eq!(earned_at_most(&REWARD, Raw::MAX, raw(1), U256::ZERO, raw(0)), Err(OutOfRange));
}

#[test]
fn each_start_may_earn_half_of_what_the_one_before_might() {
    let parts = [(0, 161), (1, 80), (2, 40), (6, 2), (7, 1), (8, 0), (254, 0), (255, 0), (u64::MAX, 0)];
    for (restarts, part) in parts {
        assert_eq!(nth_part_down(raw(323), U256::from(restarts)), raw(part), "{restarts}");
    }
    assert_eq!(nth_part_down(Raw::MAX, U256::from(254)), raw(1));
    assert_eq!(nth_part_down(Raw::MAX, U256::from(255)), raw(0));
    assert_eq!(nth_part_down(Raw::MAX, U256::MAX), raw(0));
}

proptest! {
    #![proptest_config(config(1_000))]

    #[test]
    fn a_reward_is_the_exact_one_rounded_down(flat in numbers(128), share in numbers(60), due in numbers(160)) {
        let exact = fraction(due, WAD_ONE) * fraction(share, U256::ONE) + fraction(flat, U256::ONE);
        prop_assert_eq!(reward_down(Raw(flat), Wad(share), Raw(due)).ok().map(|reward| reward.0), floor(&exact));
    }

    #[test]
    fn no_start_earns_more_than_its_part_of_the_penalty(
        lot in numbers(100), debt in numbers(90), penalty in numbers(80), price in numbers(120), flat in numbers(60),
        share in 0_u64..=1_000, max_penalty in 0_u64..=10_000, restarts in 0_u64..4
    ) {
        let reward = Reward { flat_raw: Raw(flat), share: Bps(share), max_penalty: Bps(max_penalty) };
        let due_raw = Raw(debt + penalty);
        let started = Started { lot_raw: Raw(lot), debt_raw: Raw(debt), due_raw, price: Ray(price), restarts: U256::from(restarts) };
        let earned = earned_down(&reward, &started, Raw(U256::from(50))).unwrap();
        let by_penalty = fraction(penalty, U256::ONE) * crate::reference::bps(Bps(max_penalty));
        prop_assert!(fraction(earned.0, U256::ONE) <= by_penalty / fraction(U256::from(2_u64 << restarts), U256::ONE));
    }

    #[test]
    fn all_starts_of_an_auction_together_earn_at_most_the_share_of_its_penalty(
        debt in numbers(90), penalty in numbers(80), flat in numbers(80), share in 0_u64..=1_000, max_penalty in 0_u64..=10_000,
        sold in proptest::collection::vec(0_u64..=3_000, 1..60),
    ) {
        let reward = Reward { flat_raw: Raw(flat), share: Bps(share), max_penalty: Bps(max_penalty) };
        let starts = sold.len();
        let (mut debt_left, mut due_left, mut all) = (debt, debt + penalty, U256::ZERO);
        for (restarts, sold) in sold.into_iter().enumerate() {
            let (debt_raw, due_raw) = (Raw(debt_left), Raw(due_left));
            let started = Started { lot_raw: due_raw, debt_raw, due_raw, price: price(1), restarts: U256::from(restarts) };
            all += earned_down(&reward, &started, Raw::ZERO).unwrap().0;
            // What is sold pays the debt first, and then the penalty.
            let paid = due_left * U256::from(sold) / U256::from(10_000);
            due_left -= paid;
            debt_left = debt_left.saturating_sub(paid);
        }
        let by_penalty = fraction(penalty, U256::ONE) * crate::reference::bps(Bps(max_penalty));
        prop_assert!(fraction(all, U256::ONE) <= by_penalty);
        let most_raw = earned_at_most(&reward, Raw(debt), Raw(penalty), U256::from(starts - 1), Raw::ZERO).unwrap();
        prop_assert!(all <= most_raw.0);
        prop_assert!(fraction(most_raw.0, U256::ONE) <= by_penalty);
    }
}
