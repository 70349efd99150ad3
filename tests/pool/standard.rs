//! The properties of ERC-4626, as the standard words them, over random sequences of lending, borrowing, interest, losses and gifts.
//!
//! After each step every view is checked against exact integers of 512 bits; each step checks what it did against its preview, and what
//! it was refused against the limit that said so. Where the properties that test suites for the standard name are:
//!
//! | property | here |
//! |---|---|
//! | `asset`, `totalAssets` | `Play::check`, first lines |
//! | `convertToShares`, `convertToAssets`: whoever asks, rounded down | `Play::check`, last loop |
//! | `maxDeposit`, `maxMint`, `maxWithdraw`, `maxRedeem` | `Play::check`; that one more is refused, in the action's own function |
//! | `previewDeposit`, `previewMint`, `previewWithdraw`, `previewRedeem` | `Play::check`, and against what the action does |
//! | `deposit`, `mint`: what moves, and the allowance that falls by as much | `Play::deposit`, `Play::mint` |
//! | `withdraw`, `redeem`: what moves, to any receiver | `Play::withdraw`, `Play::redeem` |
//! | `withdraw`, `redeem` by another, and with no allowance | `Play::withdraw_for`, `Play::redeem_for` |
//! | `RT_deposit_redeem` and the seven other round trips | `trips.rs` |
//!
//! One deviation: the standard wants `totalAssets`, `convertTo` and `max` never to revert. In the middle of a change of the pool or the
//! vault contract, or of the reserve contract while there is bad debt, they refuse with `Reentered`, as there is no true answer then and
//! a false one has been what others were robbed by. `reentrancy.rs` here and beside the reserve's tests has each of them.

use crate::scene::{
    HIGH_INTEREST, LENDERS, balance, ceil, cover, deposit, empty, floor, lend_on, lose, number, set_interest, supply,
    total_assets,
};
use alloy_primitives::{Address, U256};
use alloy_sol_types::{SolCall, SolError};
use interface::{IPool, IShared, IVault};
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
use trips::TRIPS;

mod trips;

#[derive(Debug, Clone, Copy)]
enum Step {
    Deposit(u128),
    Mint(u128),
    Withdraw(u128),
    Redeem(u128),
    WithdrawMost,
    RedeemMost,
    /// A spender acts for the lender, first without an allowance and then with one that is a share short.
    WithdrawFor(u128),
    RedeemFor(u128),
    Transfer(u128),
    /// One of the round trips.
    Trip(usize, u128),
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

/// Who acts, who receives, and what.
fn steps() -> impl Strategy<Value = (usize, usize, Step)> {
    let shares = || amounts().prop_map(|amount| amount * 1_000_003);
    let step = prop_oneof![
        4 => amounts().prop_map(Step::Deposit),
        2 => shares().prop_map(Step::Mint),
        2 => amounts().prop_map(Step::Withdraw),
        2 => shares().prop_map(Step::Redeem),
        1 => amounts().prop_map(Step::Redeem),
        1 => Just(Step::WithdrawMost),
        1 => Just(Step::RedeemMost),
        1 => amounts().prop_map(Step::WithdrawFor),
        1 => amounts().prop_map(Step::RedeemFor),
        1 => shares().prop_map(Step::Transfer),
        4 => (0..TRIPS.len(), amounts()).prop_map(|(kind, amount)| Step::Trip(kind, amount)),
        3 => (1_u128..=1_000).prop_map(Step::Borrow),
        1 => amounts().prop_map(Step::Repay),
        3 => (1_u64..1_000_000).prop_map(Step::Wait),
        1 => (1_u128..=1_000).prop_map(Step::Lose),
        1 => Just(Step::Cover),
        1 => amounts().prop_map(Step::Give),
        1 => amounts().prop_map(Step::Cap),
    ];
    (0..LENDERS.len(), 0..LENDERS.len(), step)
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
    /// Another than the caller received.
    elsewhere: u32,
    /// A spender used an allowance to withdraw, and to redeem.
    spent: [u32; 2],
    /// Both legs of each round trip, by its place in [`TRIPS`].
    trips: [u32; TRIPS.len()],
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

    /// Lets the pool take so much of the lender's dollars.
    fn allow(&mut self, lender: Address, amount_raw: U256) {
        let (usd, spender) = (self.system.at.usd.token, self.pool());
        self.system.must(lender, usd, &ITestToken::approveCall { spender, amountRaw: amount_raw });
    }

    fn take(&mut self, lender: Address, receiver: Address, step: Step) {
        match step {
            Step::Deposit(amount) => self.deposit(lender, receiver, number(amount)),
            Step::Mint(amount) => self.mint(lender, receiver, number(amount)),
            Step::Withdraw(amount) => self.withdraw(lender, receiver, number(amount)),
            Step::Redeem(amount) => self.redeem(lender, receiver, number(amount)),
            Step::WithdrawMost => {
                let most = self.ask(&IPool::maxWithdrawCall { owner: lender });
                self.withdraw(lender, receiver, most + U256::ONE);
                if !most.is_zero() {
                    self.withdraw(lender, receiver, most);
                }
            }
            Step::RedeemMost => {
                let most = self.ask(&IPool::maxRedeemCall { owner: lender });
                self.redeem(lender, receiver, most + U256::ONE);
                if !most.is_zero() {
                    self.redeem(lender, receiver, most);
                }
            }
            Step::WithdrawFor(amount) => self.withdraw_for(lender, receiver, number(amount)),
            Step::RedeemFor(amount) => self.redeem_for(lender, receiver, number(amount)),
            Step::Transfer(amount) => {
                let value = number(amount).min(balance(&self.system, lender));
                self.send(lender, &IPool::transferCall { to: receiver, value });
            }
            Step::Trip(kind, amount) => self.trip(lender, kind, number(amount)),
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
                set_interest(&mut self.system, 0);
                // What the interest has brought meanwhile may pay for all of it.
                let books = self.system.books();
                let loss = books.badDebtRaw > books.surplusRaw;
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
    fn deposit(&mut self, lender: Address, receiver: Address, assets: U256) {
        let call = IPool::depositCall { assets, receiver };
        let max = self.ask(&IPool::maxDepositCall { receiver });
        if assets > max {
            met(|met| met.capped += 1);
            return self.refused(lender, &call, &IPool::ERC4626ExceededMaxDeposit { receiver, assets, max });
        }
        let quoted = self.ask(&IPool::previewDepositCall { assets });
        if quoted.is_zero() {
            met(|met| met.rounded += 1);
            return self.refused(lender, &call, &IPool::RoundsToZero { asked: assets });
        }
        assert_eq!(self.bring(lender, receiver, &call, assets, quoted), quoted);
    }

    fn mint(&mut self, lender: Address, receiver: Address, shares: U256) {
        let call = IPool::mintCall { shares, receiver };
        let max = self.ask(&IPool::maxMintCall { receiver });
        if shares > max {
            met(|met| met.capped += 1);
            return self.refused(lender, &call, &IPool::ERC4626ExceededMaxMint { receiver, shares, max });
        }
        let quoted = self.ask(&IPool::previewMintCall { shares });
        if quoted > self.purse(lender) {
            // Many shares after a share has become dear: more than anybody has.
            return;
        }
        assert_eq!(self.bring(lender, receiver, &call, quoted, shares), quoted);
    }

    /// Brings `assets` for `shares`, first with an allowance that is a unit short, then with one that leaves seven units.
    fn bring<C: SolCall<Return = U256>>(
        &mut self,
        lender: Address,
        receiver: Address,
        call: &C,
        assets: U256,
        shares: U256,
    ) -> U256 {
        let (usd, pool, vault, spare) = (self.system.at.usd.token, self.pool(), self.system.at.vault, number(7));
        self.allow(lender, assets - U256::ONE);
        self.refused(lender, call, &IShared::TransferFailed { token: usd, from: lender, to: vault, amountRaw: assets });
        self.allow(lender, assets + spare);
        let before = (self.purse(lender), balance(&self.system, receiver));
        let answer = self.send(lender, call);
        assert_eq!((self.purse(lender) + assets, balance(&self.system, receiver)), (before.0, before.1 + shares));
        let left = self.system.ask(usd, &ITestToken::allowanceCall { holder: lender, spender: pool });
        assert_eq!(left, spare, "the allowance falls by the assets and nothing else");
        self.allow(lender, U256::MAX);
        if receiver != lender {
            met(|met| met.elsewhere += 1);
        }
        answer
    }

    fn withdraw(&mut self, owner: Address, receiver: Address, assets: U256) {
        let call = IPool::withdrawCall { assets, receiver, owner };
        let max = self.ask(&IPool::maxWithdrawCall { owner });
        if assets > max {
            return self.refused(owner, &call, &IPool::ERC4626ExceededMaxWithdraw { owner, assets, max });
        }
        let quoted = self.ask(&IPool::previewWithdrawCall { assets });
        assert_eq!(self.leave(owner, owner, receiver, &call, assets, quoted), quoted);
    }

    fn redeem(&mut self, owner: Address, receiver: Address, shares: U256) {
        let call = IPool::redeemCall { shares, receiver, owner };
        let max = self.ask(&IPool::maxRedeemCall { owner });
        if shares > max {
            return self.refused(owner, &call, &IPool::ERC4626ExceededMaxRedeem { owner, shares, max });
        }
        let quoted = self.ask(&IPool::previewRedeemCall { shares });
        if quoted.is_zero() {
            met(|met| met.rounded += 1);
            return self.refused(owner, &call, &IPool::RoundsToZero { asked: shares });
        }
        assert_eq!(self.leave(owner, owner, receiver, &call, quoted, shares), quoted);
    }

    fn withdraw_for(&mut self, owner: Address, receiver: Address, assets: U256) {
        let assets = assets.min(self.ask(&IPool::maxWithdrawCall { owner }));
        if assets.is_zero() {
            return;
        }
        let shares = self.ask(&IPool::previewWithdrawCall { assets });
        let call = IPool::withdrawCall { assets, receiver, owner };
        assert_eq!(self.spend(owner, receiver, &call, assets, shares), shares);
        met(|met| met.spent[0] += 1);
    }

    fn redeem_for(&mut self, owner: Address, receiver: Address, assets: U256) {
        let shares = self.ask(&IPool::convertToSharesCall { assets }).min(self.ask(&IPool::maxRedeemCall { owner }));
        let assets = self.ask(&IPool::previewRedeemCall { shares });
        if assets.is_zero() {
            return;
        }
        let call = IPool::redeemCall { shares, receiver, owner };
        assert_eq!(self.spend(owner, receiver, &call, assets, shares), assets);
        met(|met| met.spent[1] += 1);
    }

    /// Takes `assets` for `shares` of the owner's, with no allowance, with one that is a share short, and with one that leaves seven.
    fn spend<C: SolCall<Return = U256>>(
        &mut self,
        owner: Address,
        receiver: Address,
        call: &C,
        assets: U256,
        shares: U256,
    ) -> U256 {
        let (spender, spare) = (OPERATOR, number(7));
        for short in [U256::ZERO, shares - U256::ONE] {
            self.send(owner, &IPool::approveCall { spender, value: short });
            let refusal = IPool::ERC20InsufficientAllowance { spender, allowance: short, needed: shares };
            self.refused(spender, call, &refusal);
        }
        self.send(owner, &IPool::approveCall { spender, value: shares + spare });
        let answer = self.leave(spender, owner, receiver, call, assets, shares);
        assert_eq!(
            self.ask(&IPool::allowanceCall { owner, spender }),
            spare,
            "it falls by the shares and nothing else"
        );
        answer
    }

    /// Takes `assets` for `shares` of the owner's: both move, and nothing else of either.
    fn leave<C: SolCall<Return = U256>>(
        &mut self,
        from: Address,
        owner: Address,
        receiver: Address,
        call: &C,
        assets: U256,
        shares: U256,
    ) -> U256 {
        let before = (self.purse(receiver), balance(&self.system, owner));
        let answer = self.send(from, call);
        assert_eq!((self.purse(receiver), balance(&self.system, owner) + shares), (before.0 + assets, before.1));
        if receiver != owner {
            met(|met| met.elsewhere += 1);
        }
        answer
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

fn play(system: System, steps: &[(usize, usize, Step)]) {
    let mut play = Play::begin(system);
    play.check();
    for (lender, receiver, step) in steps {
        let (units, all) = (total_assets(&play.system) + U256::ONE, supply(&play.system) + number(1_000_000));
        play.take(LENDERS[*lender], LENDERS[*receiver], *step);
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
        let Met { earned, lost, short, covered, capped, rounded, elsewhere, spent, trips } = *met;
        let all = [earned, lost, short, covered, capped, rounded, elsewhere];
        let all = all.into_iter().chain(spent).chain(trips);
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
