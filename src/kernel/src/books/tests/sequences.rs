//! Long random sequences against a second set of books in exact integers, which keeps the surplus as an entry of its own.
//!
//! The books do not store the surplus: it is what the other entries leave, so that they balance says nothing about it. The
//! reference below books each change of it where it happens, by what was agreed and not by what is left over.

use std::vec;
use std::vec::Vec;

use num_bigint::BigInt;
use proptest::prelude::*;
use units::{Bps, RAY_ONE, U256};

use super::{super::*, raw};
use crate::reference::{config, int};

#[derive(Clone, Debug)]
enum Step {
    Borrow(usize, u64),
    Repay(usize, u64),
    Liquidate(usize, u64),
    Collect(u64, u64),
    ReturnDebt(usize, u64),
    RealiseBadDebt(u64),
    Absorb,
    WriteDown(u64),
    Fund(u64),
    Defund(u64),
    FundSurplus(u64),
    DrawSurplus(u64),
    PayReward(u64),
    Accrue(u64, u64, u64),
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let amount = || prop_oneof![3 => 1_u64..1_000_000_000, 1 => 0_u64..5];
    let vault = || 0_usize..4;
    let share = || prop_oneof![2 => 0_u64..=10_000, 1 => Just(0), 1 => Just(10_000)];
    let step = prop_oneof![
        3 => (vault(), amount()).prop_map(|(vault, amount)| Step::Borrow(vault, amount)),
        2 => (vault(), amount()).prop_map(|(vault, amount)| Step::Repay(vault, amount)),
        2 => (vault(), amount()).prop_map(|(vault, amount)| Step::Liquidate(vault, amount)),
        2 => (amount(), amount()).prop_map(|(principal, penalty)| Step::Collect(principal, penalty)),
        1 => (vault(), amount()).prop_map(|(vault, amount)| Step::ReturnDebt(vault, amount)),
        1 => amount().prop_map(Step::RealiseBadDebt),
        1 => Just(Step::Absorb),
        1 => amount().prop_map(Step::WriteDown),
        2 => amount().prop_map(Step::Fund),
        1 => amount().prop_map(Step::Defund),
        1 => amount().prop_map(Step::FundSurplus),
        1 => amount().prop_map(Step::DrawSurplus),
        1 => amount().prop_map(Step::PayReward),
        3 => (0_u64..21_979_553_151, 0_u64..2_000_000, share())
            .prop_map(|(rate, secs, share)| Step::Accrue(rate, secs, share)),
    ];
    proptest::collection::vec(step, 1..200)
}

/// Whose everything is, in exact integers: the entries that the books keep, and the surplus, which they do not.
#[derive(Clone, Debug, Default, PartialEq)]
struct Reference {
    cash: BigInt,
    on_auction: BigInt,
    bad_debt: BigInt,
    funded: BigInt,
    surplus: BigInt,
}

/// The books, the vaults' shares as the contract would keep them, and the reference.
struct World {
    books: Books,
    unpaid: Unpaid,
    vaults: [Shares; 4],
    reference: Reference,
}

impl World {
    fn new() -> Self {
        let mut books = Books::open(Secs(0));
        books.fund(raw(5_000_000_000)).unwrap();
        let whole = int(U256::from(5_000_000_000_u64));
        let reference = Reference { cash: whole.clone(), funded: whole, ..Reference::default() };
        Self { books, unpaid: Unpaid::default(), vaults: [Shares::ZERO; 4], reference }
    }

    /// What all shares owe, `ceil(shares * index / 10^27)`, from the sum of what the vaults hold.
    fn debt(&self) -> BigInt {
        let shares: BigInt = self.vaults.iter().map(|shares| int(shares.0)).sum();
        ceil_div(shares * int(self.books.index.0), int(RAY_ONE))
    }

    /// Does a step; a refusal must leave the books as they were.
    fn step(&mut self, step: &Step) -> bool {
        let before = (self.books, self.unpaid);
        let owed_before = self.debt();
        let is_done = self.apply(step);
        assert!(is_done || (self.books, self.unpaid) == before, "{step:?} was refused and changed the books");
        // A change of the debt that is no interest is of a whole amount, and what rounding adds is the surplus'.
        if is_done && !matches!(step, Step::Accrue(..)) {
            let moved = self.moved(step, &before);
            let gained = self.debt() - owed_before - moved;
            // At most the worth of a share, and a unit for each of two roundings.
            let most = ceil_div(int(self.books.index.0), int(RAY_ONE)) + BigInt::from(2);
            assert!(BigInt::from(0) <= gained && gained <= most, "{step:?} gained {gained}");
            self.reference.surplus += gained;
        }
        is_done
    }

    /// By how much the step should have changed what the vaults owe.
    fn moved(&self, step: &Step, (books, unpaid): &(Books, Unpaid)) -> BigInt {
        let cash = int(self.books.cash_raw.0) - int(books.cash_raw.0);
        let on_auction = int(self.unpaid.on_auction_raw.0) - int(unpaid.on_auction_raw.0);
        match step {
            Step::Borrow(..) | Step::Repay(..) => -cash,
            Step::Liquidate(..) | Step::ReturnDebt(..) => -on_auction,
            _ => BigInt::from(0),
        }
    }

    fn apply(&mut self, step: &Step) -> bool {
        let big = |amount: u64| BigInt::from(amount);
        match *step {
            Step::Borrow(vault, amount) => {
                let Ok(shares) = self.books.borrow(raw(amount)) else { return false };
                self.vaults[vault] = self.vaults[vault].try_add(shares).unwrap();
                self.reference.cash -= big(amount);
            }
            Step::Repay(vault, amount) => {
                let Ok(removed) = self.books.repay(self.vaults[vault], raw(amount)) else { return false };
                self.vaults[vault] = self.vaults[vault].try_sub(removed.shares).unwrap();
                self.reference.cash += int(removed.amount_raw.0);
            }
            Step::Liquidate(vault, amount) => {
                let moved =
                    self.books.start_liquidation(&mut self.unpaid.on_auction_raw, self.vaults[vault], raw(amount));
                let Ok(removed) = moved else { return false };
                self.vaults[vault] = self.vaults[vault].try_sub(removed.shares).unwrap();
                self.reference.on_auction += int(removed.amount_raw.0);
            }
            Step::Collect(principal, penalty) => {
                let principal = raw(principal).min(self.unpaid.on_auction_raw);
                self.books.collect(&mut self.unpaid, principal, raw(penalty)).unwrap();
                self.reference.cash += int(principal.0) + big(penalty);
                self.reference.on_auction -= int(principal.0);
                self.reference.surplus += big(penalty);
            }
            Step::ReturnDebt(vault, amount) => {
                let amount = raw(amount).min(self.unpaid.on_auction_raw);
                let shares = self.books.return_debt(&mut self.unpaid, amount).unwrap();
                self.vaults[vault] = self.vaults[vault].try_add(shares).unwrap();
                self.reference.on_auction -= int(amount.0);
            }
            Step::RealiseBadDebt(amount) => {
                if self.unpaid.realise_bad_debt(raw(amount)).is_err() {
                    return false;
                }
                self.reference.on_auction -= big(amount);
                self.reference.bad_debt += big(amount);
            }
            Step::Absorb => {
                let absorbed = int(self.books.absorb(&mut self.unpaid).unwrap().0);
                let expected = self.reference.bad_debt.clone().min(self.reference.surplus.clone());
                assert_eq!(absorbed, expected, "bad debt is paid as far as there is surplus");
                self.reference.bad_debt -= &absorbed;
                self.reference.surplus -= absorbed;
            }
            Step::WriteDown(amount) => {
                let written = int(self.books.write_down(&mut self.unpaid, raw(amount)).0);
                let Reference { bad_debt, funded, .. } = &mut self.reference;
                assert_eq!(written, big(amount).min(bad_debt.clone()).min(funded.clone()));
                *bad_debt -= &written;
                *funded -= written;
            }
            Step::Fund(amount) => {
                self.books.fund(raw(amount)).unwrap();
                self.reference.cash += big(amount);
                self.reference.funded += big(amount);
            }
            Step::Defund(amount) => {
                let may = big(amount) <= self.reference.cash && big(amount) <= self.reference.funded;
                assert_eq!(self.books.defund(raw(amount)).is_ok(), may);
                if !may {
                    return false;
                }
                self.reference.cash -= big(amount);
                self.reference.funded -= big(amount);
            }
            Step::FundSurplus(amount) => {
                self.books.fund_surplus(raw(amount)).unwrap();
                self.reference.cash += big(amount);
                self.reference.surplus += big(amount);
            }
            Step::DrawSurplus(amount) => {
                let may = big(amount) <= self.reference.cash && big(amount) <= self.reference.surplus;
                assert_eq!(self.books.draw_surplus(&self.unpaid, raw(amount)).is_ok(), may);
                if !may {
                    return false;
                }
                self.reference.cash -= big(amount);
                self.reference.surplus -= big(amount);
            }
            Step::PayReward(amount) => {
                let paid = int(self.books.pay_reward(&self.unpaid, raw(amount)).unwrap().0);
                let Reference { cash, surplus, .. } = &mut self.reference;
                assert_eq!(paid, big(amount).min(cash.clone()).min(surplus.clone()));
                *cash -= &paid;
                *surplus -= paid;
            }
            Step::Accrue(rate, secs, share) => self.accrue(rate, secs, share),
        }
        true
    }

    fn accrue(&mut self, rate: u64, secs: u64, share: u64) {
        // Half of it whatever is lent, and half of it by the share lent.
        let quarter = Ray(U256::from(rate) * U256::from(250_000_000));
        let half = Ray(quarter.0 + quarter.0);
        let curve = RateCurve { base: half, kink: Bps(7_000), slope1: quarter, slope2: quarter, reserve: Bps(share) };
        let owed_before = self.debt();
        let interest = self.books.accrue(&curve, Secs(self.books.accrued_at.0 + secs)).unwrap();
        let more = self.debt() - owed_before;
        assert_eq!(int(interest.interest_raw.0), more, "interest is what is owed more");
        let for_surplus = ceil_div(&more * BigInt::from(share), BigInt::from(10_000));
        assert_eq!(int(interest.reserve_raw.0), for_surplus);
        assert!(for_surplus <= more, "never more than the interest");
        self.reference.funded += &more - &for_surplus;
        self.reference.surplus += for_surplus;
    }

    /// What the books say, the surplus as they derive it.
    fn as_reference(&self) -> Reference {
        Reference {
            cash: int(self.books.cash_raw.0),
            on_auction: int(self.unpaid.on_auction_raw.0),
            bad_debt: int(self.unpaid.bad_debt_raw.0),
            funded: int(self.books.funded_raw.0),
            surplus: int(self.books.surplus(&self.unpaid).unwrap().0),
        }
    }
}

/// `ceil(a / b)` of numbers that are not negative.
fn ceil_div(a: BigInt, b: BigInt) -> BigInt {
    (a + &b - 1_u32) / b
}

proptest! {
    // 1,000 sequences of 100 steps on average.
    #![proptest_config(config(1_000))]

    #[test]
    fn the_books_agree_with_books_that_keep_the_surplus_as_an_entry(steps in steps()) {
        let mut world = World::new();
        let mut index = world.books.index;
        for step in &steps {
            world.step(step);
            prop_assert_eq!(&world.as_reference(), &world.reference, "after {:?}", step);
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
    let mut world = World::new();
    let (mut done, mut all) = (0, 0);
    while all < 2_000 {
        let steps = proptest::strategy::ValueTree::current(&steps().new_tree(&mut runner).unwrap());
        all += steps.len();
        done += steps.iter().filter(|step| world.step(step)).count();
    }
    assert!(done * 2 > all, "{done} of {all}");
    assert!(world.books.index.0 > RAY_ONE && BigInt::from(1) < world.debt(), "there was interest");
}
