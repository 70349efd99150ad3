//! Conversions and limits against exact fractions; no round trip gains, and the limits are the last number that works.

use num_rational::BigRational;
use proptest::prelude::*;

use super::{
    limits::{max_deposit, max_mint, max_redeem, max_withdraw},
    *,
};
use crate::books::MOST_LENT_RAW;
use crate::reference::{ceil, config, floor, fraction, numbers, raw, whole};

fn fund(assets: u64, shares: u64) -> Fund {
    Fund { assets_raw: units_of(assets), shares: shares_of(shares) }
}

fn units_of(amount: u64) -> Raw {
    Raw(U256::from(amount))
}

fn shares_of(shares: u64) -> Shares {
    Shares(U256::from(shares))
}

#[test]
fn the_examples_of_the_documentation() {
    let fund = fund(150, 100_000_000);
    assert_eq!(fund.shares_down(units_of(100)), Ok(shares_of(66_887_417)));
    assert_eq!(fund.shares_up(units_of(100)), Ok(shares_of(66_887_418)));
    assert_eq!(fund.assets_down(shares_of(66_887_417)), Ok(units_of(99)));
    assert_eq!(fund.assets_up(shares_of(66_887_417)), Ok(units_of(100)));
}

#[test]
fn the_first_share_is_a_millionth_of_a_unit() {
    let empty = fund(0, 0);
    assert_eq!(empty.issue(units_of(7)), Ok(shares_of(7_000_000)));
    assert_eq!(empty.assets_up(shares_of(1)), Ok(units_of(1)));
    assert_eq!(fund(7, 7_000_000).release(shares_of(7_000_000)), Ok(units_of(7)));
}

#[test]
fn something_is_never_given_for_nothing() {
    assert_eq!(fund(7, 7_000_000).release(shares_of(999_999)), Err(Refusal::RoundsToZero));
    assert_eq!(fund(7, 7_000_000).release(shares_of(1_000_000)), Ok(units_of(1)));
    // Who alone lifts the price of a share a hundred millionfold can make 49 units round to nothing, and 50 to one share.
    assert_eq!(fund(99_999_999, 1_000_000).issue(units_of(49)), Err(Refusal::RoundsToZero));
    assert_eq!(fund(99_999_999, 1_000_000).issue(units_of(50)), Ok(shares_of(1)));
    assert_eq!(fund(0, 0).issue(units_of(0)), Err(Refusal::RoundsToZero));
    assert_eq!(fund(0, 0).release(shares_of(0)), Err(Refusal::RoundsToZero));
}

#[test]
fn a_fund_is_wiped_out_where_shares_are_left_of_nothing() {
    assert!(fund(0, 1).is_wiped_out());
    assert!(!fund(0, 0).is_wiped_out());
    assert!(!fund(1, 1).is_wiped_out());
}

#[test]
fn what_does_not_fit_is_refused() {
    let full = Fund { assets_raw: Raw::MAX, shares: Shares::ZERO };
    assert_eq!(full.shares_down(units_of(1)), Err(OutOfRange));
    assert_eq!(full.issue(units_of(1)), Err(Refusal::OutOfRange));
    let full = Fund { assets_raw: Raw::ZERO, shares: Shares::MAX };
    assert_eq!(full.assets_up(shares_of(1)), Err(OutOfRange));
    assert_eq!(fund(0, 0).shares_down(Raw::MAX), Err(OutOfRange));
    assert_eq!(fund(1_000_001, 0).release(Shares::MAX), Err(Refusal::OutOfRange));
}

#[test]
fn the_deposit_limit_is_what_the_cap_leaves() {
    let (some, lost, dear) = (fund(150, 100_000_000), fund(0, 1), fund(99_999_999, 1_000_000));
    assert_eq!(max_deposit(&some, units_of(200), Raw::ZERO), units_of(50));
    assert_eq!(max_mint(&some, units_of(200), Raw::ZERO), shares_of(33_443_708));
    assert_eq!(max_deposit(&some, units_of(149), Raw::ZERO), Raw::ZERO, "above the cap already");
    let all = MOST_LENT_RAW.try_sub(units_of(150)).unwrap();
    assert_eq!(
        (max_deposit(&some, Raw::MAX, Raw::ZERO), max_deposit(&some, MOST_LENT_RAW, Raw::ZERO)),
        (all, all),
        "no cap"
    );
    assert_eq!(max_mint(&some, Raw::MAX, Raw::ZERO), some.shares_down(all).unwrap());
    assert_eq!(
        (max_deposit(&lost, Raw::MAX, Raw::ZERO), max_mint(&lost, Raw::MAX, Raw::ZERO)),
        (Raw::ZERO, Shares::ZERO),
        "all is lost"
    );
    assert_eq!(
        max_deposit(&dear, units_of(99_999_999 + 49), Raw::ZERO),
        Raw::ZERO,
        "what is left is not worth a share"
    );
    assert_eq!(max_deposit(&dear, units_of(99_999_999 + 50), Raw::ZERO), units_of(50));
    let waiting = units_of(1);
    assert_eq!(max_deposit(&some, Raw::MAX, waiting), Raw::ZERO, "a loss waits");
    assert_eq!(max_mint(&some, Raw::MAX, waiting), Shares::ZERO);
    let many = Fund { assets_raw: Raw::ZERO, shares: Shares(U256::MAX >> 1) };
    assert_eq!(
        max_mint(&Fund { assets_raw: units_of(1), ..many }, Raw::MAX, Raw::ZERO),
        Shares::MAX,
        "more than 256 bits hold"
    );
}

#[test]
fn the_withdrawal_limit_is_the_worth_or_the_cash() {
    let some = fund(150, 100_000_000);
    assert_eq!(max_withdraw(&some, shares_of(66_887_417), units_of(1_000)), Ok(units_of(99)));
    assert_eq!(max_withdraw(&some, shares_of(66_887_417), units_of(98)), Ok(units_of(98)));
    assert_eq!(max_redeem(&some, shares_of(66_887_417), units_of(99)), Ok(shares_of(66_887_417)));
    // 66,887,417 shares are the last that are worth 99: 66,887,418 are worth 100.
    assert_eq!(max_redeem(&some, shares_of(100_000_000), units_of(99)), Ok(shares_of(66_887_417)));
    assert_eq!(max_redeem(&some, shares_of(100_000_000), units_of(0)), Ok(Shares::ZERO), "no cash");
    assert_eq!(max_redeem(&some, shares_of(600_000), units_of(150)), Ok(Shares::ZERO), "worth nothing");
}

/// Funds of every size up to 128 bits of assets and 148 of shares.
fn funds() -> impl Strategy<Value = Fund> {
    (numbers(128), numbers(148)).prop_map(|(assets, shares)| Fund { assets_raw: Raw(assets), shares: Shares(shares) })
}

/// What a share is worth, as an exact fraction.
fn price(fund: &Fund) -> BigRational {
    (raw(fund.assets_raw) + whole(1)) / (fraction(fund.shares.0, U256::ONE) + whole(1_000_000))
}

proptest! {
    #![proptest_config(config(1_000))]

    #[test]
    fn conversions_agree_with_exact_fractions(fund in funds(), assets in numbers(160), shares in numbers(160)) {
        let exact = raw(Raw(assets)) / price(&fund);
        prop_assert_eq!(fund.shares_down(Raw(assets)).map(|shares| shares.0).ok(), floor(&exact));
        prop_assert_eq!(fund.shares_up(Raw(assets)).map(|shares| shares.0).ok(), ceil(&exact));
        let exact = fraction(shares, U256::ONE) * price(&fund);
        prop_assert_eq!(fund.assets_down(Shares(shares)).map(|raw| raw.0).ok(), floor(&exact));
        prop_assert_eq!(fund.assets_up(Shares(shares)).map(|raw| raw.0).ok(), ceil(&exact));
    }

    #[test]
    fn all_shares_together_are_worth_no_more_than_there_is(fund in funds(), part in numbers(148)) {
        let part = Shares(part.min(fund.shares.0));
        let rest = fund.shares.try_sub(part).unwrap();
        let worth = fund.assets_down(part).unwrap().try_add(fund.assets_down(rest).unwrap()).unwrap();
        prop_assert!(worth <= fund.assets_raw);
    }

    #[test]
    fn no_step_lowers_what_a_share_is_worth(fund in funds(), assets in numbers(128), shares in numbers(148)) {
        let before = price(&fund);
        if let Ok(issued) = fund.issue(Raw(assets)) {
            let after = Fund { assets_raw: fund.assets_raw.try_add(Raw(assets)).unwrap(), shares: fund.shares.try_add(issued).unwrap() };
            prop_assert!(price(&after) >= before, "brought assets");
            prop_assert!(after.assets_down(issued).unwrap() <= Raw(assets), "and took them again");
            prop_assert!(after.shares_up(Raw(assets)).unwrap() >= issued);
        }
        if let Ok(cost_raw) = fund.assets_up(Shares(shares)) {
            let after = Fund { assets_raw: fund.assets_raw.try_add(cost_raw).unwrap(), shares: fund.shares.try_add(Shares(shares)).unwrap() };
            prop_assert!(price(&after) >= before, "bought shares");
            prop_assert!(after.assets_down(Shares(shares)).unwrap() <= cost_raw, "and gave them back");
        }
        let given = Shares(shares.min(fund.shares.0));
        let taken_raw = fund.assets_down(given).unwrap();
        let after = Fund { assets_raw: fund.assets_raw.try_sub(taken_raw).unwrap(), shares: fund.shares.try_sub(given).unwrap() };
        prop_assert!(price(&after) >= before, "gave shares up");
        if let Ok(cost) = fund.shares_up(Raw(assets)) && cost <= fund.shares {
            let after = Fund { assets_raw: fund.assets_raw.try_sub(Raw(assets)).unwrap(), shares: fund.shares.try_sub(cost).unwrap() };
            prop_assert!(price(&after) >= before, "took assets");
        }
    }

    #[test]
    fn the_limits_are_the_last_number_that_works(fund in funds(), held in numbers(148), cash in numbers(128), cap in numbers(129)) {
        let one = Shares(U256::ONE);
        let (held, cash_raw) = (Shares(held.min(fund.shares.0)), Raw(cash));
        let most_raw = max_withdraw(&fund, held, cash_raw).unwrap();
        let works = |assets_raw: Raw| assets_raw <= cash_raw && fund.shares_up(assets_raw).is_ok_and(|shares| shares <= held);
        prop_assert!(works(most_raw));
        prop_assert!(!works(Raw(most_raw.0 + U256::ONE)));

        let most = max_redeem(&fund, held, cash_raw).unwrap();
        let works = |shares: Shares| shares <= held && fund.release(shares).is_ok_and(|assets_raw| assets_raw <= cash_raw);
        prop_assert!(works(most) || most.is_zero());
        prop_assert!(!works(most.try_add(one).unwrap()) || most.is_zero());
        if most.is_zero() {
            // Nothing that the owner has can be given up for something: neither all of it nor the last that the cash pays for.
            prop_assert!(!works(held) && fund.shares_up(Raw(U256::ONE)).is_ok_and(|least| !works(least)));
        }

        let most_raw = max_deposit(&fund, Raw(cap), Raw::ZERO);
        let works = |assets_raw: Raw| {
            let all_raw = fund.assets_raw.try_add(assets_raw).unwrap();
            fund.issue(assets_raw).is_ok() && all_raw.0 <= cap && all_raw <= MOST_LENT_RAW && !fund.is_wiped_out()
        };
        let is_beyond = fund.issue(most_raw) == Err(Refusal::OutOfRange);
        prop_assert!(works(most_raw) || most_raw.is_zero() || is_beyond);
        prop_assert!(!works(Raw(most_raw.0 + U256::ONE)));
        let most = max_mint(&fund, Raw(cap), Raw::ZERO);
        prop_assert!(fund.assets_up(most).unwrap() <= most_raw);
        if !fund.is_wiped_out() && !is_beyond {
            prop_assert!(fund.assets_up(most.try_add(one).unwrap()).unwrap() > most_raw);
        }
    }
}
