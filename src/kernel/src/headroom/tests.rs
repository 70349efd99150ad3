//! Each answer against the rule it inverts: what is told passes, one unit more does not.

use std::vec::Vec;

use proptest::prelude::*;
use units::{Bps, Ray, WAD_ONE};

use super::*;
use crate::{
    health::{Carrying, can_carry, debt_value_up},
    reference::{config, numbers},
};

fn usd(value: u64) -> Wad {
    Wad(U256::from(value) * WAD_ONE)
}

fn weth(amount: u64, price: u64) -> Holding {
    Holding {
        amount_raw: Raw(U256::from(amount) * WAD_ONE),
        decimals: 18,
        price_wad: usd(price),
        ltv: Bps(7_500),
        threshold: Bps(8_000),
    }
}

fn books(cash: u64, shares: u64) -> Books {
    Books { cash_raw: Raw(U256::from(cash)), debt_shares: Shares(U256::from(shares)), ..Books::open(Secs(0)) }
}

const DOLLAR: u64 = 1_000_000;

fn debt_at(price_wad: Wad) -> Debt {
    Debt { amount_raw: Raw::ZERO, decimals: 6, price_wad }
}

fn bounds(ceiling: u64, min_debt: u64) -> Bounds {
    Bounds { ceiling_raw: Raw(U256::from(ceiling)), min_debt_raw: Raw(U256::from(min_debt)) }
}

#[test]
fn what_may_be_borrowed_is_bound_by_collateral_ceiling_and_cash() {
    let most = |books: Books, bounds: Bounds| {
        borrowable_down(&books, Shares(U256::from(1_000 * DOLLAR)), &debt_at(usd(1)), usd(3_000), &bounds)
    };
    let raw = |value: u64| Ok(Raw(U256::from(value)));
    let (cash, shares, ceiling) = (9_000 * DOLLAR, 1_000 * DOLLAR, 9_000 * DOLLAR);
    assert_eq!(most(books(cash, shares), bounds(ceiling, 0)), raw(2_000 * DOLLAR));
    assert_eq!(most(books(cash, shares), bounds(1_500 * DOLLAR, 0)), raw(500 * DOLLAR));
    assert_eq!(most(books(7, shares), bounds(ceiling, 0)), raw(7));
    assert_eq!(most(books(cash, shares), bounds(DOLLAR, 0)), raw(0), "the ceiling may lie below what is owed");
    assert_eq!(most(books(cash, shares), bounds(ceiling, 3_000 * DOLLAR)), raw(2_000 * DOLLAR));
    assert_eq!(most(books(cash, shares), bounds(ceiling, 3_000 * DOLLAR + 1)), raw(0), "less than the minimum debt");
}

#[test]
fn a_debt_asset_without_a_price_cannot_be_borrowed() {
    let none = borrowable_down(&books(1, 0), Shares::ZERO, &debt_at(Wad::ZERO), usd(1), &bounds(1, 0));
    assert_eq!(none, Err(OutOfRange));
}

#[test]
fn of_two_ether_one_may_be_taken_out() {
    let holdings = [weth(2, 2_500)];
    assert_eq!(withdrawable_down(&holdings, 0, usd(1_875)), Ok(Raw(WAD_ONE)));
    assert_eq!(withdrawable_down(&holdings, 0, Wad::ZERO), Ok(holdings[0].amount_raw));
    assert_eq!(withdrawable_down(&holdings, 0, usd(4_000)), Ok(Raw::ZERO), "it carries too little already");
    assert_eq!(withdrawable_down(&holdings, 1, usd(1)), Ok(Raw::ZERO), "there is no second one");
    let worthless = Holding { price_wad: Wad::ZERO, ..holdings[0] };
    assert_eq!(withdrawable_down(&[holdings[0], worthless], 1, usd(3_750)), Ok(worthless.amount_raw));
    assert_eq!(withdrawable_down(&[holdings[0], worthless], 1, usd(3_751)), Ok(Raw::ZERO));
}

#[test]
fn two_ether_against_3200_usd_are_unsafe_below_2000() {
    let holdings = [weth(2, 2_500)];
    assert_eq!(liquidation_price(&holdings, 0, usd(3_200)), Ok(Wad(usd(2_000).0 - U256::ONE)));
    assert_eq!(liquidation_price(&holdings, 0, Wad::ZERO), Ok(Wad::ZERO));
    let empty = Holding { amount_raw: Raw::ZERO, ..holdings[0] };
    assert_eq!(liquidation_price(&[empty], 0, usd(1)), Ok(Wad::MAX));
    assert_eq!(liquidation_price(&[], 0, usd(1)), Ok(Wad::MAX));
    assert_eq!(liquidation_price(&[holdings[0], empty], 1, usd(4_000)), Ok(Wad::ZERO), "the other carries it");
    assert_eq!(liquidation_price(&[holdings[0], empty], 1, usd(4_001)), Ok(Wad::MAX));
}

#[test]
fn a_falling_threshold_tells_its_second() {
    let ramp = Ramp { from: Bps(8_000), to: Bps(7_000), start: Secs(10_000), end: Secs(11_000) };
    let holdings = [(weth(1, 100), ramp)];
    assert_eq!(unsafe_at(&holdings, usd(75), Secs(10_000)), Ok(Some(Secs(10_501))));
    assert_eq!(unsafe_at(&holdings, usd(75), Secs(10_600)), Ok(Some(Secs(10_600))), "it is unsafe already");
    assert_eq!(unsafe_at(&holdings, usd(70), Secs(10_000)), Ok(None));
    assert_eq!(unsafe_at(&holdings, usd(70), Secs(99_000)), Ok(None));
    assert_eq!(unsafe_at(&[], Wad::ZERO, Secs(1)), Ok(None));
    assert_eq!(unsafe_at(&[], usd(1), Secs(1)), Ok(Some(Secs(1))));
}

fn holding() -> impl Strategy<Value = Holding> {
    (numbers(96), 0_u8..=24, numbers(80), 0_u64..10_000, 0_u64..=10_000).prop_map(
        |(amount, decimals, price, ltv, threshold)| Holding {
            amount_raw: Raw(amount),
            decimals,
            price_wad: Wad(price),
            ltv: Bps(ltv),
            threshold: Bps(threshold),
        },
    )
}

fn with(holdings: &[Holding], index: usize, change: impl FnOnce(&mut Holding)) -> Carrying {
    let mut holdings = holdings.to_vec();
    change(&mut holdings[index]);
    Carrying::of(&holdings).unwrap()
}

proptest! {
    #![proptest_config(config(1_000))]

    #[test]
    fn exactly_what_may_be_borrowed_passes_every_check_of_a_loan(
        cash in numbers(90), all in numbers(88), mine in 0_u64..=10_000, index in 0_u64..u64::MAX, price in numbers(70),
        carried in numbers(150), ceiling in numbers(92), min_debt in numbers(60),
    ) {
        let price = Wad(price.max(U256::ONE));
        let index = Ray(RAY_ONE + U256::from(index) * U256::from(1_000_000_000_u64));
        let mine = Shares(all * U256::from(mine) / U256::from(10_000));
        let books = Books { cash_raw: Raw(cash), debt_shares: Shares(all), index, ..Books::open(Secs(0)) };
        let bounds = Bounds { ceiling_raw: Raw(ceiling), min_debt_raw: Raw(min_debt) };
        let passes = |amount_raw: U256| {
            let mut books = books;
            let Ok(shares) = books.borrow(Raw(amount_raw)) else { return false };
            let owed_raw = books.debt_of_up(mine.try_add(shares).unwrap()).unwrap();
            owed_raw.0 >= min_debt && books.debt_up().unwrap().0 <= ceiling
                && can_carry(Wad(carried), debt_value_up(owed_raw, 6, price).unwrap())
        };
        let most = borrowable_down(&books, mine, &debt_at(price), Wad(carried), &bounds).unwrap().0;
        prop_assert!(!passes(most + U256::ONE), "one more than {most} passes");
        if !most.is_zero() {
            prop_assert!(passes(most), "{most} does not pass");
        }
    }

    #[test]
    fn exactly_what_may_be_taken_out_leaves_enough(
        holdings in prop::collection::vec(holding(), 1..4), index in 0_usize..3, debt_value in numbers(140),
    ) {
        let index = index % holdings.len();
        let held = holdings[index].amount_raw.0;
        let most = withdrawable_down(&holdings, index, Wad(debt_value)).unwrap().0;
        let carries = |taken: U256| {
            can_carry(with(&holdings, index, |holding| holding.amount_raw = Raw(held - taken)).ltv_value_wad, Wad(debt_value))
        };
        prop_assert!(most <= held);
        if !most.is_zero() {
            prop_assert!(carries(most));
        }
        if most < held {
            prop_assert!(!carries(most + U256::ONE));
        }
    }

    #[test]
    fn the_liquidation_price_is_the_highest_unsafe_one(
        holdings in prop::collection::vec(holding(), 1..4), index in 0_usize..3, debt_value in numbers(140),
    ) {
        let index = index % holdings.len();
        let price = liquidation_price(&holdings, index, Wad(debt_value)).unwrap();
        let is_safe_at = |price_wad: Wad| {
            is_safe(with(&holdings, index, |holding| holding.price_wad = price_wad).threshold_value_wad, Wad(debt_value))
        };
        if price == Wad::MAX {
            prop_assert!(!is_safe_at(Wad(U256::ONE << 120)), "unsafe at every price");
        } else {
            prop_assert!(is_safe_at(Wad(price.0 + U256::ONE)));
            prop_assert!(price.is_zero() || !is_safe_at(price));
        }
    }

    #[test]
    fn the_second_told_is_the_first_unsafe_one(
        holdings in prop::collection::vec((holding(), 0_u64..=10_000, 0_u64..300, 0_u64..300), 1..4), debt_value in numbers(130), now in 0_u64..300,
    ) {
        let holdings: Vec<(Holding, Ramp)> = holdings.into_iter().map(|(holding, to, start, length)| {
            let (from, to) = (holding.threshold, Bps(to.min(holding.threshold.0)));
            (holding, Ramp { from, to, start: Secs(start), end: Secs(start + length) })
        }).collect();
        let is_safe_at = |second: u64| {
            let carried = holdings.iter().map(|(holding, ramp)| {
                weighted_value_down(holding, threshold_at(ramp, Secs(second)).unwrap()).unwrap().0
            });
            is_safe(Wad(carried.fold(U256::ZERO, |sum, value| sum + value)), Wad(debt_value))
        };
        // The slow way: every second until all ramps have ended.
        let slow = (now..=now.max(600)).find(|second| !is_safe_at(*second)).map(Secs);
        prop_assert_eq!(unsafe_at(&holdings, Wad(debt_value), Secs(now)), Ok(slow));
    }
}
