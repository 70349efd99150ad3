//! The properties of ERC-4626, as the standard words them, over random sequences of lending, borrowing, interest, losses and gifts.
//!
//! After each step every view is checked against exact integers of 512 bits; each step checks what it did against its preview, and what
//! it was refused against the limit that said so.

use crate::scene::{
    HIGH_INTEREST, LENDERS, balance, ceil, cover, deposit, empty, floor, lend_on, lose, number, set_interest, supply,
    total_assets,
};
use alloy_primitives::{Address, U256};
use alloy_sol_types::{SolCall, SolError};
use interface::{IPool, IVault};
use proptest::{
    prelude::*,
    test_runner::{Config, RngSeed, TestRunner},
};
use std::cell::RefCell;
use support::{
    System,
    actors::{ALICE, OPERATOR, OWNER, STRANGER},
    doubles::ITestToken,
    revert_of,
    system::{MIN_DEBT_RAW, USD},
};

/// A round trip that must gain nothing.
#[derive(Debug, Clone, Copy)]
enum Trip {
    DepositRedeem,
    DepositWithdraw,
    MintRedeem,
    MintWithdraw,
    RedeemDeposit,
    RedeemMint,
    WithdrawDeposit,
    WithdrawMint,
}

const TRIPS: [Trip; 8] = [
    Trip::DepositRedeem,
    Trip::DepositWithdraw,
    Trip::MintRedeem,
    Trip::MintWithdraw,
    Trip::RedeemDeposit,
    Trip::RedeemMint,
    Trip::WithdrawDeposit,
    Trip::WithdrawMint,
];

#[derive(Debug, Clone, Copy)]
enum Step {
    Deposit(u128),
    Mint(u128),
    Withdraw(u128),
    Redeem(u128),
    WithdrawMost,
    RedeemMost,
    /// A spender acts for the lender, first with an allowance that is one share short.
    ForAnother(u128),
    Transfer(u128),
    Trip(Trip, u128),
    /// Borrows so many thousandths of the cash.
    Borrow(u128),
    Repay(u128),
    Wait(u64),
    /// Loses so many thousandths of the cash to a borrower.
    Lose(u128),
    Cover,
    Give(u128),
    Cap(u128),
}

/// Amounts of every size up to ten million dollars, and beside round numbers.
fn amounts() -> impl Strategy<Value = u128> {
    (0_u32..13, 1_u128..10, 0_u128..3).prop_map(|(zeros, digit, more)| digit * 10_u128.pow(zeros) + more)
}

fn steps() -> impl Strategy<Value = (usize, Step)> {
    let shares = || amounts().prop_map(|amount| amount * 1_000_003);
    let step = prop_oneof![
        4 => amounts().prop_map(Step::Deposit),
        2 => shares().prop_map(Step::Mint),
        2 => amounts().prop_map(Step::Withdraw),
        2 => shares().prop_map(Step::Redeem),
        1 => amounts().prop_map(Step::Redeem),
        1 => Just(Step::WithdrawMost),
        1 => Just(Step::RedeemMost),
        2 => amounts().prop_map(Step::ForAnother),
        1 => shares().prop_map(Step::Transfer),
        4 => (0..TRIPS.len(), amounts()).prop_map(|(trip, amount)| Step::Trip(TRIPS[trip], amount)),
        3 => (1_u128..=1_000).prop_map(Step::Borrow),
        1 => amounts().prop_map(Step::Repay),
        3 => (1_u64..1_000_000).prop_map(Step::Wait),
        1 => (1_u128..=1_000).prop_map(Step::Lose),
        1 => Just(Step::Cover),
        1 => amounts().prop_map(Step::Give),
        1 => amounts().prop_map(Step::Cap),
    ];
    (0..LENDERS.len(), step)
}

/// How often the interesting states came up, so that a test that never meets them fails.
#[derive(Debug, Default)]
struct Met {
    earned: u32,
    lost: u32,
    short: u32,
    covered: u32,
    capped: u32,
    rounded: u32,
    trips: u32,
}

thread_local! {
    static MET: RefCell<Met> = RefCell::default();
}

fn met(count: impl FnOnce(&mut Met)) {
    MET.with_borrow_mut(count);
}

struct Play {
    system: System,
    /// Alice's vault.
    vault_id: U256,
}

impl Play {
    fn begin(mut system: System) -> Self {
        empty(&mut system);
        let usd = system.at.usd.token;
        for lender in LENDERS.into_iter().chain([ALICE]) {
            system.must(OPERATOR, usd, &ITestToken::mintCall { to: lender, amountRaw: number(10_u128.pow(24)) });
        }
        for lender in LENDERS {
            deposit(&mut system, lender, 1_000 * USD);
        }
        set_interest(&mut system, HIGH_INTEREST);
        let vault_id = lend_on(&mut system, 1_000 * USD);
        Self { system, vault_id }
    }

    fn pool(&self) -> Address {
        self.system.at.pool
    }

    fn ask<C: SolCall>(&self, call: &C) -> C::Return {
        self.system.ask(self.pool(), call)
    }

    fn send<C: SolCall>(&mut self, from: Address, call: &C) -> C::Return {
        let pool = self.pool();
        self.system.must(from, pool, call)
    }

    fn refused<C: SolCall>(&mut self, from: Address, call: &C, error: &impl SolError) {
        let pool = self.pool();
        assert_eq!(self.system.send(from, pool, call).err(), Some(revert_of(error)), "{}", C::SIGNATURE);
    }

    fn purse(&self, account: Address) -> U256 {
        self.system.balance(self.system.at.usd.token, account)
    }

    fn take(&mut self, lender: Address, step: Step) {
        match step {
            Step::Deposit(amount) => self.deposit(lender, number(amount)),
            Step::Mint(amount) => self.mint(lender, number(amount)),
            Step::Withdraw(amount) => self.withdraw(lender, number(amount)),
            Step::Redeem(amount) => self.redeem(lender, number(amount)),
            Step::WithdrawMost => {
                let most = self.ask(&IPool::maxWithdrawCall { owner: lender });
                self.withdraw(lender, most + U256::ONE);
                if !most.is_zero() {
                    self.withdraw(lender, most);
                }
            }
            Step::RedeemMost => {
                let most = self.ask(&IPool::maxRedeemCall { owner: lender });
                self.redeem(lender, most + U256::ONE);
                if !most.is_zero() {
                    self.redeem(lender, most);
                }
            }
            Step::ForAnother(amount) => self.for_another(lender, number(amount)),
            Step::Transfer(amount) => {
                let value = number(amount).min(balance(&self.system, lender));
                self.send(lender, &IPool::transferCall { to: LENDERS[0], value });
            }
            Step::Trip(trip, amount) => self.trip(lender, trip, number(amount)),
            Step::Borrow(part) => self.borrow(part),
            Step::Repay(amount) => {
                let vault = self.system.at.vault;
                let repay = IVault::repayCall { vaultId: self.vault_id, amountRaw: number(amount) };
                // A debt that is paid already, or less than a share of it, is refused; neither is the matter here.
                let _ = self.system.send(ALICE, vault, &repay);
            }
            Step::Wait(secs) => {
                let before = total_assets(&self.system);
                self.system.wait(secs);
                let after = total_assets(&self.system);
                assert!(after >= before);
                if after > before {
                    met(|met| met.earned += 1);
                }
            }
            Step::Lose(part) => self.lose(part),
            Step::Cover => {
                let loss = !self.system.books().badDebtRaw.is_zero();
                set_interest(&mut self.system, 0);
                let before = (total_assets(&self.system), supply(&self.system));
                if loss {
                    cover(&mut self.system);
                    met(|met| met.covered += 1);
                }
                assert_eq!((total_assets(&self.system), supply(&self.system)), before);
                set_interest(&mut self.system, HIGH_INTEREST);
            }
            Step::Give(amount) => {
                let (pool, vault, usd) = (self.pool(), self.system.at.vault, self.system.at.usd.token);
                let before = (total_assets(&self.system), self.ask(&IPool::maxWithdrawCall { owner: lender }));
                for to in [pool, vault] {
                    self.system.must(ALICE, usd, &ITestToken::transferCall { to, amountRaw: number(amount) });
                }
                assert_eq!((total_assets(&self.system), self.ask(&IPool::maxWithdrawCall { owner: lender })), before);
            }
            Step::Cap(amount) => {
                let cap_raw = if amount < 100 { U256::MAX } else { number(amount) };
                self.send(OWNER, &IPool::setDepositCapCall { capRaw: cap_raw });
            }
        }
    }

    /// `previewDeposit` is exact, `maxDeposit` is the last that works, and what moves is what is said.
    fn deposit(&mut self, lender: Address, assets: U256) {
        let call = IPool::depositCall { assets, receiver: lender };
        let max = self.ask(&IPool::maxDepositCall { receiver: lender });
        if assets > max {
            met(|met| met.capped += 1);
            return self.refused(lender, &call, &IPool::ERC4626ExceededMaxDeposit { receiver: lender, assets, max });
        }
        let quoted = self.ask(&IPool::previewDepositCall { assets });
        if quoted.is_zero() {
            met(|met| met.rounded += 1);
            return self.refused(lender, &call, &IPool::RoundsToZero { asked: assets });
        }
        let before = (self.purse(lender), balance(&self.system, lender));
        assert_eq!(self.send(lender, &call), quoted);
        assert_eq!((self.purse(lender) + assets, balance(&self.system, lender)), (before.0, before.1 + quoted));
    }

    fn mint(&mut self, lender: Address, shares: U256) {
        let call = IPool::mintCall { shares, receiver: lender };
        let max = self.ask(&IPool::maxMintCall { receiver: lender });
        if shares > max {
            met(|met| met.capped += 1);
            return self.refused(lender, &call, &IPool::ERC4626ExceededMaxMint { receiver: lender, shares, max });
        }
        let quoted = self.ask(&IPool::previewMintCall { shares });
        if quoted > self.purse(lender) {
            // Many shares after a share has become dear: more than anybody has.
            return;
        }
        let before = (self.purse(lender), balance(&self.system, lender));
        assert_eq!(self.send(lender, &call), quoted);
        assert_eq!((self.purse(lender) + quoted, balance(&self.system, lender)), (before.0, before.1 + shares));
    }

    fn withdraw(&mut self, lender: Address, assets: U256) {
        let call = IPool::withdrawCall { assets, receiver: STRANGER, owner: lender };
        let max = self.ask(&IPool::maxWithdrawCall { owner: lender });
        if assets > max {
            return self.refused(lender, &call, &IPool::ERC4626ExceededMaxWithdraw { owner: lender, assets, max });
        }
        let quoted = self.ask(&IPool::previewWithdrawCall { assets });
        let before = (self.purse(STRANGER), balance(&self.system, lender));
        assert_eq!(self.send(lender, &call), quoted);
        assert_eq!((self.purse(STRANGER), balance(&self.system, lender) + quoted), (before.0 + assets, before.1));
    }

    fn redeem(&mut self, lender: Address, shares: U256) {
        let call = IPool::redeemCall { shares, receiver: STRANGER, owner: lender };
        let max = self.ask(&IPool::maxRedeemCall { owner: lender });
        if shares > max {
            return self.refused(lender, &call, &IPool::ERC4626ExceededMaxRedeem { owner: lender, shares, max });
        }
        let quoted = self.ask(&IPool::previewRedeemCall { shares });
        if quoted.is_zero() {
            met(|met| met.rounded += 1);
            return self.refused(lender, &call, &IPool::RoundsToZero { asked: shares });
        }
        let before = (self.purse(STRANGER), balance(&self.system, lender));
        assert_eq!(self.send(lender, &call), quoted);
        assert_eq!((self.purse(STRANGER), balance(&self.system, lender) + shares), (before.0 + quoted, before.1));
    }

    fn for_another(&mut self, owner: Address, assets: U256) {
        let assets = assets.min(self.ask(&IPool::maxWithdrawCall { owner }));
        if assets.is_zero() {
            return;
        }
        let spender = OPERATOR;
        let shares = self.ask(&IPool::previewWithdrawCall { assets });
        let short = shares - U256::ONE;
        let withdraw = IPool::withdrawCall { assets, receiver: spender, owner };
        let redeem = IPool::redeemCall { shares, receiver: spender, owner };
        self.send(owner, &IPool::approveCall { spender, value: short });
        let refusal = IPool::ERC20InsufficientAllowance { spender, allowance: short, needed: shares };
        self.refused(spender, &withdraw, &refusal);
        if shares <= self.ask(&IPool::maxRedeemCall { owner }) {
            self.refused(spender, &redeem, &refusal);
        }
        self.send(owner, &IPool::approveCall { spender, value: shares });
        let before = self.purse(spender);
        assert_eq!(self.send(spender, &withdraw), shares);
        assert_eq!(self.purse(spender), before + assets);
        assert_eq!(self.ask(&IPool::allowanceCall { owner, spender }), U256::ZERO);
    }

    /// There and back: nobody ends with more than it began with.
    fn trip(&mut self, lender: Address, trip: Trip, amount: U256) {
        let (receiver, owner) = (lender, lender);
        match trip {
            Trip::DepositRedeem | Trip::DepositWithdraw => {
                let assets = amount.min(self.ask(&IPool::maxDepositCall { receiver }));
                if self.ask(&IPool::previewDepositCall { assets }).is_zero() {
                    return;
                }
                let shares = self.send(lender, &IPool::depositCall { assets, receiver });
                if matches!(trip, Trip::DepositRedeem) {
                    if !self.ask(&IPool::previewRedeemCall { shares }).is_zero() {
                        assert!(self.send(lender, &IPool::redeemCall { shares, receiver, owner }) <= assets);
                    }
                } else if assets <= self.ask(&IPool::maxWithdrawCall { owner }) {
                    assert!(self.send(lender, &IPool::withdrawCall { assets, receiver, owner }) >= shares);
                }
            }
            Trip::MintRedeem | Trip::MintWithdraw => {
                let shares = self.ask(&IPool::convertToSharesCall { assets: amount }) + U256::ONE;
                if shares > self.ask(&IPool::maxMintCall { receiver }) {
                    return;
                }
                let assets = self.send(lender, &IPool::mintCall { shares, receiver });
                if matches!(trip, Trip::MintRedeem) {
                    if !self.ask(&IPool::previewRedeemCall { shares }).is_zero() {
                        assert!(self.send(lender, &IPool::redeemCall { shares, receiver, owner }) <= assets);
                    }
                } else if assets <= self.ask(&IPool::maxWithdrawCall { owner }) {
                    assert!(self.send(lender, &IPool::withdrawCall { assets, receiver, owner }) >= shares);
                }
            }
            Trip::RedeemDeposit | Trip::RedeemMint => {
                let shares = self.ask(&IPool::convertToSharesCall { assets: amount });
                let shares = shares.min(self.ask(&IPool::maxRedeemCall { owner }));
                if self.ask(&IPool::previewRedeemCall { shares }).is_zero() {
                    return;
                }
                let assets = self.send(lender, &IPool::redeemCall { shares, receiver, owner });
                if matches!(trip, Trip::RedeemDeposit) {
                    let allowed = assets <= self.ask(&IPool::maxDepositCall { receiver });
                    if allowed && !self.ask(&IPool::previewDepositCall { assets }).is_zero() {
                        assert!(self.send(lender, &IPool::depositCall { assets, receiver }) <= shares);
                    }
                } else if shares <= self.ask(&IPool::maxMintCall { receiver }) {
                    assert!(self.send(lender, &IPool::mintCall { shares, receiver }) >= assets);
                }
            }
            Trip::WithdrawDeposit | Trip::WithdrawMint => {
                let assets = amount.min(self.ask(&IPool::maxWithdrawCall { owner }));
                if assets.is_zero() {
                    return;
                }
                let shares = self.send(lender, &IPool::withdrawCall { assets, receiver, owner });
                if matches!(trip, Trip::WithdrawDeposit) {
                    let allowed = assets <= self.ask(&IPool::maxDepositCall { receiver });
                    if allowed && !self.ask(&IPool::previewDepositCall { assets }).is_zero() {
                        assert!(self.send(lender, &IPool::depositCall { assets, receiver }) <= shares);
                    }
                } else if shares <= self.ask(&IPool::maxMintCall { receiver }) {
                    assert!(self.send(lender, &IPool::mintCall { shares, receiver }) >= assets);
                }
            }
        }
        met(|met| met.trips += 1);
    }

    fn borrow(&mut self, part: u128) {
        let vault = self.system.at.vault;
        self.system.refresh_prices();
        let amount_raw = floor(self.system.books().cashRaw, number(part), number(1_000)).min(number(400_000 * USD));
        // Where the debt would be too small or too large it is refused; the matter here is what lenders can take out after it.
        let _ = self.system.send(
            ALICE,
            vault,
            &IVault::borrowCall { vaultId: self.vault_id, amountRaw: amount_raw, to: ALICE },
        );
    }

    fn lose(&mut self, part: u128) {
        let cash = self.system.books().cashRaw;
        let amount = floor(cash, number(part), number(1_000)).min(number(1_000_000 * USD)).to::<u128>();
        if amount < MIN_DEBT_RAW {
            return;
        }
        let before = total_assets(&self.system);
        lose(&mut self.system, amount);
        if total_assets(&self.system) < before {
            met(|met| met.lost += 1);
        }
    }

    /// What holds in every state.
    fn check(&mut self) {
        let books = self.system.books();
        let (assets, shares) = (total_assets(&self.system), supply(&self.system));
        assert_eq!(self.ask(&IPool::assetCall {}), self.system.at.usd.token);
        assert!(assets <= books.fundedRaw);
        let held: U256 = LENDERS.into_iter().map(|lender| balance(&self.system, lender)).sum();
        assert_eq!(held, shares, "all shares are somebody's");
        assert!(self.purse(self.system.at.vault) >= books.cashRaw);

        let (units, all) = (assets + U256::ONE, shares + number(1_000_000));
        let mut worth = U256::ZERO;
        for lender in LENDERS {
            let has = balance(&self.system, lender);
            let is_worth = floor(has, units, all);
            worth += is_worth;
            let most = self.ask(&IPool::maxWithdrawCall { owner: lender });
            assert_eq!(most, is_worth.min(books.cashRaw));
            let most = self.ask(&IPool::maxRedeemCall { owner: lender });
            assert!(most <= has && floor(most, units, all) <= books.cashRaw);
            if is_worth > books.cashRaw {
                met(|met| met.short += 1);
                assert!(floor(most + U256::ONE, units, all) > books.cashRaw || books.cashRaw.is_zero());
            }
            let max = self.ask(&IPool::maxDepositCall { receiver: lender });
            assert_eq!(max.is_zero(), self.ask(&IPool::maxMintCall { receiver: lender }).is_zero());
        }
        assert!(worth <= assets, "what all shares are worth is there");

        for amount in [0, 1, 999_999, 1_000_000, 123_456_789_012_345].map(number) {
            let to_shares = self.ask(&IPool::convertToSharesCall { assets: amount });
            let to_assets = self.ask(&IPool::convertToAssetsCall { shares: amount });
            assert_eq!((to_shares, to_assets), (floor(amount, all, units), floor(amount, units, all)));
            assert_eq!(self.ask(&IPool::previewDepositCall { assets: amount }), to_shares);
            assert_eq!(self.ask(&IPool::previewRedeemCall { shares: amount }), to_assets);
            assert_eq!(self.ask(&IPool::previewWithdrawCall { assets: amount }), ceil(amount, all, units));
            assert_eq!(self.ask(&IPool::previewMintCall { shares: amount }), ceil(amount, units, all));
            // Whoever asks.
            for caller in [LENDERS[0], STRANGER] {
                assert_eq!(self.send(caller, &IPool::convertToSharesCall { assets: amount }), to_shares);
                assert_eq!(self.send(caller, &IPool::convertToAssetsCall { shares: amount }), to_assets);
            }
        }
    }
}

fn play(system: System, steps: &[(usize, Step)]) {
    let mut play = Play::begin(system);
    play.check();
    for (lender, step) in steps {
        let (units, all) = (total_assets(&play.system) + U256::ONE, supply(&play.system) + number(1_000_000));
        play.take(LENDERS[*lender], *step);
        play.check();
        if !matches!(step, Step::Lose(_)) {
            // The price of a share never falls but by a loss: units / all, cross-multiplied.
            let (units_now, all_now) =
                (total_assets(&play.system) + U256::ONE, supply(&play.system) + number(1_000_000));
            let before = alloy_primitives::U512::from(units) * alloy_primitives::U512::from(all_now);
            let now = alloy_primitives::U512::from(units_now) * alloy_primitives::U512::from(all);
            assert!(now >= before, "{step:?} lowered what shares are worth");
        }
    }
}

fn runner(cases: u32) -> TestRunner {
    TestRunner::new(Config {
        cases,
        failure_persistence: None,
        rng_seed: RngSeed::Fixed(0x4626),
        max_shrink_iters: 100,
        ..Config::default()
    })
}

#[test]
fn the_properties_of_the_standard_hold_natively() {
    let sequences = prop::collection::vec(steps(), 40..60);
    let ran = runner(200).run(&sequences, |steps| {
        play(System::native(), &steps);
        Ok(())
    });
    ran.unwrap_or_else(|failure| panic!("{failure}"));
    MET.with_borrow(|met| {
        let Met { earned, lost, short, covered, capped, rounded, trips } = *met;
        let all = [earned, lost, short, covered, capped, rounded, trips];
        assert!(all.into_iter().all(|times| times > 10), "something hardly ever came up: {met:?}");
    });
}

#[test]
fn the_properties_of_the_standard_hold_on_the_wasm() {
    let sequences = prop::collection::vec(steps(), 15..20);
    let ran = runner(3).run(&sequences, |steps| {
        play(System::wasm(), &steps);
        Ok(())
    });
    ran.unwrap_or_else(|failure| panic!("{failure}"));
}

#[test]
fn every_action_is_a_function_of_the_standard_with_its_selector() {
    use alloy_primitives::hex;
    let selectors = [
        (IPool::assetCall::SELECTOR, hex!("38d52e0f")),
        (IPool::totalAssetsCall::SELECTOR, hex!("01e1d114")),
        (IPool::convertToSharesCall::SELECTOR, hex!("c6e6f592")),
        (IPool::convertToAssetsCall::SELECTOR, hex!("07a2d13a")),
        (IPool::depositCall::SELECTOR, hex!("6e553f65")),
        (IPool::mintCall::SELECTOR, hex!("94bf804d")),
        (IPool::withdrawCall::SELECTOR, hex!("b460af94")),
        (IPool::redeemCall::SELECTOR, hex!("ba087652")),
        (IPool::permitCall::SELECTOR, hex!("d505accf")),
    ];
    for (ours, published) in selectors {
        assert_eq!(ours, published);
    }
}
