//! Deposits and withdrawals: what moves, what is said, and what is refused.

use crate::scene::{
    HIGH_INTEREST, balance, deposit, empty, lend_on, number, redeem, set_interest, supply, total_assets, with_asset,
};
use alloy_primitives::{Address, U256};
use interface::{IPool, IShared, IVault};
use support::{
    System, TokenKind, World,
    actors::{BUYER, LENDER, OPERATOR, RIVAL, STRANGER},
    doubles::ITestToken,
    system::{USD, event},
};

support::in_each_world! {
    an_asset_that_takes_a_fee_is_refused_by_name,
    an_asset_that_returns_nothing_works,
    an_asset_that_returns_false_is_refused,
}

support::scenarios! {
    both {
        deposit_gives_shares_for_assets_that_go_to_the_vault_contract,
        mint_costs_assets_rounded_up,
        withdraw_pays_a_receiver_for_shares_that_a_spender_may_take,
        redeem_pays_assets_rounded_down,
        what_rounds_to_nothing_is_refused,
    }
    native {
        shares_go_to_whom_the_lender_names,
        an_amount_of_zero_is_refused,
        shares_for_the_zero_address_are_refused,
        assets_for_the_zero_address_are_refused,
        a_lender_without_allowance_or_means_is_refused,
        a_spender_without_allowance_is_refused,
        a_number_beyond_the_arithmetic_is_refused,
    }
}

fn mint_of(shares: u128, receiver: Address) -> IPool::mintCall {
    IPool::mintCall { shares: number(shares), receiver }
}

fn withdraw_of(assets: u128, receiver: Address, owner: Address) -> IPool::withdrawCall {
    IPool::withdrawCall { assets: number(assets), receiver, owner }
}

fn redeem_of(shares: u128, receiver: Address, owner: Address) -> IPool::redeemCall {
    IPool::redeemCall { shares: number(shares), receiver, owner }
}

/// A thousand dollars, and the shares an empty pool gives for them.
const THOUSAND: u128 = 1_000 * USD;
const THOUSAND_SHARES: u128 = THOUSAND * 1_000_000;

fn deposit_gives_shares_for_assets_that_go_to_the_vault_contract(system: &mut System) {
    empty(system);
    let at = system.at;
    let (purse, till) = (system.balance(at.usd.token, LENDER), system.balance(at.usd.token, at.vault));
    let (assets, shares) = (number(THOUSAND), number(THOUSAND_SHARES));
    assert_eq!(system.ask(at.pool, &IPool::previewDepositCall { assets }), shares);
    assert_eq!(deposit(system, LENDER, THOUSAND), shares);
    assert_eq!(
        system.events(),
        [
            event(at.pool, &IPool::Transfer { from: Address::ZERO, to: LENDER, value: shares }),
            event(at.pool, &IPool::Deposit { sender: LENDER, owner: LENDER, assets, shares }),
            event(at.vault, &IVault::Funded { amountRaw: assets }),
        ]
    );
    assert_eq!((balance(system, LENDER), supply(system), total_assets(system)), (shares, shares, assets));
    assert_eq!(purse - system.balance(at.usd.token, LENDER), assets);
    assert_eq!(system.balance(at.usd.token, at.vault) - till, assets);
    assert_eq!(system.balance(at.usd.token, at.pool), U256::ZERO);
    assert_eq!(system.books().fundedRaw, assets);
}

fn mint_costs_assets_rounded_up(system: &mut System) {
    empty(system);
    let at = system.at;
    deposit(system, LENDER, THOUSAND);
    // A share is a millionth of a unit, so the one more costs a whole unit more.
    let (shares, assets) = (number(THOUSAND_SHARES / 2 + 1), number(THOUSAND / 2 + 1));
    assert_eq!(system.ask(at.pool, &IPool::previewMintCall { shares }), assets);
    let paid = system.must(RIVAL, at.pool, &mint_of(THOUSAND_SHARES / 2 + 1, RIVAL));
    assert_eq!(paid, assets);
    assert_eq!(
        system.events(),
        [
            event(at.pool, &IPool::Transfer { from: Address::ZERO, to: RIVAL, value: shares }),
            event(at.pool, &IPool::Deposit { sender: RIVAL, owner: RIVAL, assets, shares }),
            event(at.vault, &IVault::Funded { amountRaw: assets }),
        ]
    );
    assert_eq!((balance(system, RIVAL), total_assets(system)), (shares, number(THOUSAND) + assets));
}

fn withdraw_pays_a_receiver_for_shares_that_a_spender_may_take(system: &mut System) {
    empty(system);
    let at = system.at;
    deposit(system, LENDER, THOUSAND);
    system.must(LENDER, at.pool, &IPool::approveCall { spender: BUYER, value: number(THOUSAND_SHARES / 5) });
    let (assets, shares) = (number(THOUSAND / 10), number(THOUSAND_SHARES / 10));
    assert_eq!(system.ask(at.pool, &IPool::previewWithdrawCall { assets }), shares);
    assert_eq!(system.must(BUYER, at.pool, &withdraw_of(THOUSAND / 10, STRANGER, LENDER)), shares);
    assert_eq!(
        system.events(),
        [
            event(at.pool, &IPool::Transfer { from: LENDER, to: Address::ZERO, value: shares }),
            event(at.pool, &IPool::Withdraw { sender: BUYER, receiver: STRANGER, owner: LENDER, assets, shares }),
            event(at.vault, &IVault::Defunded { to: STRANGER, amountRaw: assets }),
        ]
    );
    assert_eq!(system.balance(at.usd.token, STRANGER), assets);
    assert_eq!(system.ask(at.pool, &IPool::allowanceCall { owner: LENDER, spender: BUYER }), shares);
    assert_eq!(balance(system, LENDER), number(THOUSAND_SHARES / 10 * 9));
    assert_eq!((supply(system), total_assets(system)), (balance(system, LENDER), number(THOUSAND / 10 * 9)));
}

fn redeem_pays_assets_rounded_down(system: &mut System) {
    empty(system);
    let at = system.at;
    deposit(system, LENDER, THOUSAND);
    // All but one of the shares of the next unit are given for nothing.
    let (shares, assets) = (number(THOUSAND_SHARES / 10 + 999_999), number(THOUSAND / 10));
    assert_eq!(system.ask(at.pool, &IPool::previewRedeemCall { shares }), assets);
    let purse = system.balance(at.usd.token, LENDER);
    assert_eq!(redeem(system, LENDER, shares), assets);
    assert_eq!(
        system.events(),
        [
            event(at.pool, &IPool::Transfer { from: LENDER, to: Address::ZERO, value: shares }),
            event(at.pool, &IPool::Withdraw { sender: LENDER, receiver: LENDER, owner: LENDER, assets, shares }),
            event(at.vault, &IVault::Defunded { to: LENDER, amountRaw: assets }),
        ]
    );
    assert_eq!(system.balance(at.usd.token, LENDER) - purse, assets);
    assert_eq!(balance(system, LENDER), number(THOUSAND_SHARES) - shares);
}

fn what_rounds_to_nothing_is_refused(system: &mut System) {
    empty(system);
    let at = system.at;
    deposit(system, RIVAL, 1);
    let shares = number(999_999);
    assert_eq!(system.ask(at.pool, &IPool::previewRedeemCall { shares }), U256::ZERO);
    system.refused(RIVAL, at.pool, &redeem_of(999_999, RIVAL, RIVAL), &IPool::RoundsToZero { asked: shares });
    // The surplus is lent on, and its interest is the lenders': one of them has a single unit, which grows to millions.
    set_interest(system, HIGH_INTEREST);
    lend_on(system, 5_000 * USD);
    system.wait(120_000);
    assert!(total_assets(system) > number(4_000_000));
    assert_eq!(system.ask(at.pool, &IPool::previewDepositCall { assets: U256::ONE }), U256::ZERO);
    let call = IPool::depositCall { assets: U256::ONE, receiver: LENDER };
    system.refused(LENDER, at.pool, &call, &IPool::RoundsToZero { asked: U256::ONE });
}

fn shares_go_to_whom_the_lender_names(system: &mut System) {
    empty(system);
    let at = system.at;
    let call = IPool::depositCall { assets: number(THOUSAND), receiver: STRANGER };
    let shares = system.must(LENDER, at.pool, &call);
    let said = IPool::Deposit { sender: LENDER, owner: STRANGER, assets: number(THOUSAND), shares };
    assert_eq!(system.events()[1], event(at.pool, &said));
    system.must(LENDER, at.pool, &mint_of(7_000_000, RIVAL));
    assert_eq!((balance(system, LENDER), balance(system, STRANGER)), (U256::ZERO, shares));
    assert_eq!(balance(system, RIVAL), number(7_000_000));
}

fn an_amount_of_zero_is_refused(system: &mut System) {
    empty(system);
    let pool = system.at.pool;
    deposit(system, LENDER, THOUSAND);
    let nothing = IShared::ZeroAmount {};
    system.refused(LENDER, pool, &IPool::depositCall { assets: U256::ZERO, receiver: LENDER }, &nothing);
    system.refused(LENDER, pool, &mint_of(0, LENDER), &nothing);
    system.refused(LENDER, pool, &withdraw_of(0, LENDER, LENDER), &nothing);
    system.refused(LENDER, pool, &redeem_of(0, LENDER, LENDER), &nothing);
}

fn shares_for_the_zero_address_are_refused(system: &mut System) {
    empty(system);
    let pool = system.at.pool;
    let nobody = IPool::ERC20InvalidReceiver { receiver: Address::ZERO };
    system.refused(LENDER, pool, &IPool::depositCall { assets: U256::ONE, receiver: Address::ZERO }, &nobody);
    system.refused(LENDER, pool, &mint_of(1, Address::ZERO), &nobody);
}

fn assets_for_the_zero_address_are_refused(system: &mut System) {
    empty(system);
    deposit(system, LENDER, THOUSAND);
    let pool = system.at.pool;
    system.refused(LENDER, pool, &withdraw_of(1, Address::ZERO, LENDER), &IShared::ZeroAddress {});
    system.refused(LENDER, pool, &redeem_of(1_000_000, Address::ZERO, LENDER), &IShared::ZeroAddress {});
}

fn a_lender_without_allowance_or_means_is_refused(system: &mut System) {
    empty(system);
    let at = system.at;
    let failed =
        |from, amount| IShared::TransferFailed { token: at.usd.token, from, to: at.vault, amountRaw: number(amount) };
    let call = IPool::depositCall { assets: number(5), receiver: STRANGER };
    system.refused(STRANGER, at.pool, &call, &failed(STRANGER, 5));
    system.refused(STRANGER, at.pool, &mint_of(5_000_001, STRANGER), &failed(STRANGER, 6));
    let more = system.balance(at.usd.token, LENDER).to::<u128>() + 1;
    let call = IPool::depositCall { assets: number(more), receiver: LENDER };
    system.refused(LENDER, at.pool, &call, &failed(LENDER, more));
}

fn a_spender_without_allowance_is_refused(system: &mut System) {
    empty(system);
    let pool = system.at.pool;
    deposit(system, LENDER, THOUSAND);
    system.must(LENDER, pool, &IPool::approveCall { spender: RIVAL, value: number(6_999_999) });
    let refusal = |spender, allowance| IPool::ERC20InsufficientAllowance {
        spender,
        allowance: number(allowance),
        needed: number(7_000_000),
    };
    system.refused(RIVAL, pool, &withdraw_of(7, RIVAL, LENDER), &refusal(RIVAL, 6_999_999));
    system.refused(RIVAL, pool, &redeem_of(7_000_000, RIVAL, LENDER), &refusal(RIVAL, 6_999_999));
    system.refused(STRANGER, pool, &redeem_of(7_000_000, LENDER, LENDER), &refusal(STRANGER, 0));
}

fn a_number_beyond_the_arithmetic_is_refused(system: &mut System) {
    empty(system);
    let pool = system.at.pool;
    let refusal = IShared::OutOfRange {};
    deposit(system, LENDER, THOUSAND);
    system.ask_refused(pool, &IPool::convertToSharesCall { assets: U256::MAX }, &refusal);
}

fn an_asset_that_takes_a_fee_is_refused_by_name(world: Box<dyn World>) {
    let mut system = with_asset(world, TokenKind::FeeOnTransfer(100));
    let at = system.at;
    let call = IPool::depositCall { assets: number(1_000), receiver: LENDER };
    let refusal =
        IVault::UnexpectedAmountReceived { token: at.usd.token, expectedRaw: number(1_000), receivedRaw: number(990) };
    assert_eq!(system.send(LENDER, at.pool, &call), Err(support::revert_of(&refusal)));
    assert_eq!(supply(&system), U256::ZERO);
}

fn an_asset_that_returns_nothing_works(world: Box<dyn World>) {
    let mut system = with_asset(world, TokenKind::NoReturn);
    let shares = deposit(&mut system, LENDER, 1_000);
    assert_eq!(redeem(&mut system, LENDER, shares), number(1_000));
    assert_eq!(system.balance(system.at.usd.token, LENDER), number(1_000_000));
}

fn an_asset_that_returns_false_is_refused(world: Box<dyn World>) {
    let mut system = with_asset(world, TokenKind::FalseReturning);
    let at = system.at;
    let shares = deposit(&mut system, LENDER, 1_000);
    system.must(OPERATOR, at.usd.token, &ITestToken::setRefusesCall { refuses: true });
    let failed = |from, to| IShared::TransferFailed { token: at.usd.token, from, to, amountRaw: number(1_000) };
    let call = IPool::depositCall { assets: number(1_000), receiver: LENDER };
    assert_eq!(system.send(LENDER, at.pool, &call), Err(support::revert_of(&failed(LENDER, at.vault))));
    let call = IPool::redeemCall { shares, receiver: RIVAL, owner: LENDER };
    assert_eq!(system.send(LENDER, at.pool, &call), Err(support::revert_of(&failed(at.vault, RIVAL))));
    assert_eq!((balance(&system, LENDER), total_assets(&system)), (shares, number(1_000)));
}
