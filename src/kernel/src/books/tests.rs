//! The books balance to the unit after every step of long random sequences, and every refusal changes nothing.

use std::vec;
use std::vec::Vec;

use proptest::prelude::*;
use units::{Bps, RAY_ONE, U256};

use super::*;
use crate::bounds::RATE_MAX_RAY;
use crate::reference::config;

fn raw(amount: u64) -> Raw {
    Raw(U256::from(amount))
}

/// What is where, less whose it is: zero where the books balance.
fn imbalance(books: &Books) -> (U256, U256) {
    let assets = books.cash_raw.0 + books.debt_up().unwrap().0 + books.on_auction_raw.0 + books.bad_debt_raw.0;
    (assets, books.funded_raw.0 + books.surplus_raw.0)
}

fn funded(amount: u64) -> Books {
    let mut books = Books::open(Secs(1_000));
    books.fund(raw(amount)).unwrap();
    books
}

#[test]
fn a_liquidation_with_a_loss_runs_through_the_books() {
    let mut books = funded(1_000);
    let shares = books.borrow(raw(400)).unwrap();
    let double = Ray(RAY_ONE * U256::from(2));
    assert_eq!(
        books.accrue(&RateCurve::flat(Ray(RAY_ONE)), Secs(1_001)),
        Ok(raw(400)),
        "the debt has doubled in a second"
    );
    assert_eq!(books.surplus_raw, raw(400));
    let moved = books.start_liquidation(shares, raw(900)).unwrap();
    assert_eq!(moved, Removed { amount_raw: raw(800), shares });
    books.collect(raw(300), raw(0)).unwrap();
    let returned = books.return_debt(raw(101)).unwrap();
    assert_eq!(returned, Shares(U256::from(51)));
    assert_eq!(books.surplus_raw, raw(401), "51 shares owe 102: the odd unit is a gain");
    books.realise_bad_debt(raw(399)).unwrap();
    assert_eq!(books.absorb(), raw(399));
    assert_eq!(books.pay_reward(raw(50)), raw(2), "no more than the surplus");
    let expected = Books {
        cash_raw: raw(898),
        on_auction_raw: raw(0),
        bad_debt_raw: raw(0),
        funded_raw: raw(1_000),
        surplus_raw: raw(0),
        debt_shares: Shares(U256::from(51)),
        index: double,
        accrued_at: Secs(1_001),
    };
    assert_eq!(books, expected);
    assert_eq!(imbalance(&books), (U256::from(1_000), U256::from(1_000)));
}

#[test]
fn interest_is_by_the_share_lent_when_it_began() {
    let mut books = funded(1_000);
    books.borrow(raw(250)).unwrap();
    let slope = Ray(RAY_ONE);
    let curve = RateCurve { base: Ray::ZERO, kink: Bps(5_000), slope1: slope, slope2: slope };
    // A quarter lent is half of the way to the kink: the debt grows by a half in the second.
    assert_eq!(books.rate(&curve), Ok(Ray(RAY_ONE + RAY_ONE / U256::from(2))));
    assert_eq!(books.accrue(&curve, Secs(1_001)), Ok(raw(125)));
    // 375 of 1,125 lent are a third, two thirds of the way to the kink.
    assert_eq!(books.accrue(&curve, Secs(1_002)), Ok(raw(251)), "250, and the unit that rounding up the rate brings");
    assert_eq!(imbalance(&books), (U256::from(1_376), U256::from(1_376)));
    // All of the cash lent as well: two slopes above one, which is three times the debt.
    books.borrow(raw(750)).unwrap();
    assert_eq!(books.rate(&curve), Ok(Ray(RAY_ONE * U256::from(3))));
}

#[test]
fn a_refusal_names_what_there_is_and_changes_nothing() {
    let mut books = funded(100);
    books.borrow(raw(40)).unwrap();
    let before = books;
    assert_eq!(books.borrow(raw(61)), Err(Refusal::NotEnoughCash { held_raw: raw(60), asked_raw: raw(61) }));
    assert_eq!(books.defund(raw(61)), Err(Refusal::NotEnoughCash { held_raw: raw(60), asked_raw: raw(61) }));
    assert_eq!(books.collect(raw(1), raw(0)), Err(OutOfRange));
    assert_eq!(books.return_debt(raw(1)), Err(OutOfRange));
    assert_eq!(books.realise_bad_debt(raw(1)), Err(OutOfRange));
    assert_eq!(books.fund(Raw::MAX), Err(OutOfRange));
    assert_eq!(books.fund_surplus(Raw::MAX), Err(OutOfRange));
    assert_eq!(books.repay(Shares(U256::from(41)), raw(41)), Err(Refusal::OutOfRange));
    assert_eq!(books, before);
}

#[test]
fn gifts_to_the_surplus_cannot_be_defunded() {
    let mut books = funded(100);
    books.fund_surplus(raw(50)).unwrap();
    assert_eq!(books.defund(raw(101)), Err(Refusal::NotEnoughCash { held_raw: raw(100), asked_raw: raw(101) }));
    assert_eq!(books.defund(raw(100)), Ok(()));
    assert_eq!((books.cash_raw, books.funded_raw, books.surplus_raw), (raw(50), raw(0), raw(50)));
}

#[test]
fn an_amount_that_removes_no_share_is_refused_and_the_last_unit_is_not() {
    let mut books = funded(1_000);
    let shares = books.borrow(raw(1)).unwrap();
    books.accrue(&RateCurve::flat(Ray(RAY_ONE * U256::from(2))), Secs(1_001)).unwrap();
    assert_eq!(books.debt_of_up(shares), Ok(raw(3)));
    assert_eq!(books.repay(shares, raw(2)), Err(Refusal::RoundsToZero));
    assert_eq!(books.start_liquidation(shares, raw(2)), Err(Refusal::RoundsToZero));
    assert_eq!(books.repay(shares, raw(3)), Ok(Removed { amount_raw: raw(3), shares }));
    assert_eq!(books.debt_shares, Shares::ZERO);
}

#[test]
fn time_that_has_passed_already_changes_nothing() {
    let mut books = funded(1_000);
    books.borrow(raw(100)).unwrap();
    let before = books;
    let greatest = RateCurve::flat(Ray(RATE_MAX_RAY - RAY_ONE));
    assert_eq!(books.accrue(&greatest, Secs(999)), Ok(Raw::ZERO));
    assert_eq!(books.accrue(&greatest, Secs(1_000)), Ok(Raw::ZERO));
    assert_eq!(books, before);
}

#[derive(Clone, Debug)]
enum Step {
    Borrow(usize, u64),
    Repay(usize, u64),
    Liquidate(usize, u64),
    Collect(u64, u64),
    ReturnDebt(usize, u64),
    RealiseBadDebt(u64),
    Absorb,
    Fund(u64),
    Defund(u64),
    FundSurplus(u64),
    PayReward(u64),
    Accrue(u64, u64),
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let amount = || prop_oneof![3 => 1_u64..1_000_000_000, 1 => 0_u64..5];
    let vault = || 0_usize..4;
    let step = prop_oneof![
        3 => (vault(), amount()).prop_map(|(vault, amount)| Step::Borrow(vault, amount)),
        2 => (vault(), amount()).prop_map(|(vault, amount)| Step::Repay(vault, amount)),
        2 => (vault(), amount()).prop_map(|(vault, amount)| Step::Liquidate(vault, amount)),
        2 => (amount(), amount()).prop_map(|(principal, penalty)| Step::Collect(principal, penalty)),
        1 => (vault(), amount()).prop_map(|(vault, amount)| Step::ReturnDebt(vault, amount)),
        1 => amount().prop_map(Step::RealiseBadDebt),
        1 => Just(Step::Absorb),
        2 => amount().prop_map(Step::Fund),
        1 => amount().prop_map(Step::Defund),
        1 => amount().prop_map(Step::FundSurplus),
        1 => amount().prop_map(Step::PayReward),
        3 => (0_u64..21_979_553_151, 0_u64..2_000_000).prop_map(|(rate, secs)| Step::Accrue(rate, secs)),
    ];
    proptest::collection::vec(step, 1..200)
}

/// The books, and the vaults' shares as the contract would keep them.
struct World {
    books: Books,
    vaults: [Shares; 4],
}

impl World {
    /// Does a step; a refusal must leave the books as they were.
    fn step(&mut self, step: &Step) -> bool {
        let before = self.books;
        let now = self.books.accrued_at;
        let is_done = match *step {
            Step::Borrow(vault, amount) => self.give(vault, |books| books.borrow(raw(amount)).ok()),
            Step::ReturnDebt(vault, amount) => {
                let amount = raw(amount).min(self.books.on_auction_raw);
                self.give(vault, |books| books.return_debt(amount).ok())
            }
            Step::Repay(vault, amount) => self.take(vault, |books, shares| books.repay(shares, raw(amount)).ok()),
            Step::Liquidate(vault, amount) => {
                self.take(vault, |books, shares| books.start_liquidation(shares, raw(amount)).ok())
            }
            Step::Collect(principal, penalty) => {
                let principal = raw(principal).min(self.books.on_auction_raw);
                self.books.collect(principal, raw(penalty)).is_ok()
            }
            Step::RealiseBadDebt(amount) => self.books.realise_bad_debt(raw(amount)).is_ok(),
            Step::Absorb => {
                self.books.absorb();
                true
            }
            Step::Fund(amount) => self.books.fund(raw(amount)).is_ok(),
            Step::Defund(amount) => self.books.defund(raw(amount)).is_ok(),
            Step::FundSurplus(amount) => self.books.fund_surplus(raw(amount)).is_ok(),
            Step::PayReward(amount) => {
                self.books.pay_reward(raw(amount));
                true
            }
            Step::Accrue(rate, secs) => {
                // Half of it whatever is lent, and half of it by the share lent.
                let quarter = Ray(U256::from(rate) * U256::from(250_000_000));
                let half = Ray(quarter.0 + quarter.0);
                let curve = RateCurve { base: half, kink: Bps(7_000), slope1: quarter, slope2: quarter };
                self.books.accrue(&curve, Secs(now.0 + secs)).is_ok()
            }
        };
        assert!(is_done || self.books == before, "{step:?} was refused and changed the books");
        is_done
    }

    fn give(&mut self, vault: usize, action: impl FnOnce(&mut Books) -> Option<Shares>) -> bool {
        let Some(shares) = action(&mut self.books) else {
            return false;
        };
        self.vaults[vault] = self.vaults[vault].try_add(shares).unwrap();
        true
    }

    fn take(&mut self, vault: usize, action: impl FnOnce(&mut Books, Shares) -> Option<Removed>) -> bool {
        let Some(removed) = action(&mut self.books, self.vaults[vault]) else {
            return false;
        };
        self.vaults[vault] = self.vaults[vault].try_sub(removed.shares).unwrap();
        true
    }
}

proptest! {
    // 1,000 sequences of 100 steps on average.
    #![proptest_config(config(1_000))]

    #[test]
    fn the_books_balance_after_every_step(steps in steps()) {
        let mut world = World { books: Books::open(Secs(0)), vaults: [Shares::ZERO; 4] };
        world.books.fund(raw(5_000_000_000)).unwrap();
        let mut index = world.books.index;
        for step in &steps {
            world.step(step);
            let (assets, claims) = imbalance(&world.books);
            prop_assert_eq!(assets, claims, "after {:?}", step);
            let shares = world.vaults.iter().fold(U256::ZERO, |sum, shares| sum + shares.0);
            prop_assert_eq!(world.books.debt_shares, Shares(shares));
            let owed = world.vaults.iter().map(|shares| world.books.debt_of_up(*shares).unwrap().0);
            let owed = owed.fold(U256::ZERO, |sum, owed| sum + owed);
            let debt = world.books.debt_up().unwrap().0;
            prop_assert!(debt <= owed && owed <= debt + U256::from(4), "each vault rounds up by itself");
            prop_assert!(world.books.index >= index);
            index = world.books.index;
        }
    }
}

#[test]
fn random_steps_are_mostly_done_and_not_refused() {
    // The property above says little if nearly every step is refused.
    let mut runner = proptest::test_runner::TestRunner::new(config(1));
    let mut world = World { books: Books::open(Secs(0)), vaults: [Shares::ZERO; 4] };
    world.books.fund(raw(5_000_000_000)).unwrap();
    let (mut done, mut all) = (0, 0);
    while all < 2_000 {
        let steps = proptest::strategy::ValueTree::current(&steps().new_tree(&mut runner).unwrap());
        all += steps.len();
        done += steps.iter().filter(|step| world.step(step)).count();
    }
    assert!(done * 2 > all, "{done} of {all}");
}
