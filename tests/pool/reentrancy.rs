//! Calls that come back in the middle of a change: into the pool while it moves assets, and to its views while the vault contract does.

use crate::scene::{balance, deposit, number, supply, with_asset};
use alloy_primitives::{B256, U256};
use alloy_sol_types::{SolCall, SolValue};
use interface::{IPool, IShared, IVault};
use support::{
    TokenKind, World,
    actors::{LENDER, RIVAL},
    callbacks::{answered, arm, reentered},
};

support::in_each_world! {
    a_callback_in_a_deposit_or_a_withdrawal_is_refused_by_every_entry_point_and_view_of_worth,
    balances_and_supply_may_be_read_in_a_callback_and_are_those_after_the_change,
    views_of_worth_are_refused_while_the_vault_contract_is_in_a_change,
}

/// The views of what shares are worth.
fn worths() -> Vec<Vec<u8>> {
    let (one, owner) = (U256::ONE, LENDER);
    vec![
        IPool::totalAssetsCall {}.abi_encode(),
        IPool::convertToSharesCall { assets: one }.abi_encode(),
        IPool::convertToAssetsCall { shares: one }.abi_encode(),
        IPool::maxDepositCall { receiver: owner }.abi_encode(),
        IPool::maxMintCall { receiver: owner }.abi_encode(),
        IPool::maxWithdrawCall { owner }.abi_encode(),
        IPool::maxRedeemCall { owner }.abi_encode(),
        IPool::previewDepositCall { assets: one }.abi_encode(),
        IPool::previewMintCall { shares: one }.abi_encode(),
        IPool::previewWithdrawCall { assets: one }.abi_encode(),
        IPool::previewRedeemCall { shares: one }.abi_encode(),
    ]
}

fn writes() -> Vec<Vec<u8>> {
    let (one, owner, receiver) = (U256::ONE, LENDER, LENDER);
    let permit = IPool::permitCall {
        owner,
        spender: RIVAL,
        value: one,
        deadline: U256::MAX,
        v: 27,
        r: B256::ZERO,
        s: B256::ZERO,
    };
    vec![
        IPool::depositCall { assets: one, receiver }.abi_encode(),
        IPool::mintCall { shares: one, receiver }.abi_encode(),
        IPool::withdrawCall { assets: one, receiver, owner }.abi_encode(),
        IPool::redeemCall { shares: one, receiver, owner }.abi_encode(),
        IPool::approveCall { spender: RIVAL, value: one }.abi_encode(),
        IPool::transferCall { to: RIVAL, value: one }.abi_encode(),
        IPool::transferFromCall { from: owner, to: RIVAL, value: one }.abi_encode(),
        permit.abi_encode(),
        IPool::setDepositCapCall { capRaw: one }.abi_encode(),
        IShared::transferOwnershipCall { newOwner: RIVAL }.abi_encode(),
        IShared::acceptOwnershipCall {}.abi_encode(),
    ]
}

fn a_callback_in_a_deposit_or_a_withdrawal_is_refused_by_every_entry_point_and_view_of_worth(world: Box<dyn World>) {
    let system = &mut with_asset(world, TokenKind::Reentering);
    let pool = system.at.pool;
    for call in worths().into_iter().chain(writes()) {
        arm(system, pool, &call);
        deposit(system, LENDER, 1_000);
        assert_eq!(answered(system), reentered(), "{:02x?} in a deposit", &call[..4]);
        arm(system, pool, &call);
        system.must(LENDER, pool, &IPool::withdrawCall { assets: number(10), receiver: LENDER, owner: LENDER });
        assert_eq!(answered(system), reentered(), "{:02x?} in a withdrawal", &call[..4]);
    }
}

fn balances_and_supply_may_be_read_in_a_callback_and_are_those_after_the_change(world: Box<dyn World>) {
    let system = &mut with_asset(world, TokenKind::Reentering);
    let pool = system.at.pool;
    deposit(system, LENDER, 1_000);
    let reads = [IPool::totalSupplyCall {}.abi_encode(), IPool::balanceOfCall { account: LENDER }.abi_encode()];
    for call in reads {
        arm(system, pool, &call);
        deposit(system, LENDER, 500);
        assert_eq!(answered(system), (true, supply(system).abi_encode()));
        assert_eq!(balance(system, LENDER), supply(system));
        arm(system, pool, &call);
        system.must(LENDER, pool, &IPool::withdrawCall { assets: number(7), receiver: LENDER, owner: LENDER });
        assert_eq!(answered(system), (true, supply(system).abi_encode()));
    }
    arm(system, pool, &IPool::allowanceCall { owner: LENDER, spender: RIVAL }.abi_encode());
    deposit(system, LENDER, 1);
    assert_eq!(answered(system), (true, U256::ZERO.abi_encode()));
}

/// The vault contract pays out while the pool's own lock is open: a view of worth would read books from before the payment.
fn views_of_worth_are_refused_while_the_vault_contract_is_in_a_change(world: Box<dyn World>) {
    let system = &mut with_asset(world, TokenKind::Reentering);
    let at = system.at;
    deposit(system, LENDER, 1_000);
    for call in worths() {
        arm(system, at.pool, &call);
        system.must(at.pool, at.vault, &IVault::defundCall { amountRaw: U256::ONE, to: RIVAL });
        assert_eq!(answered(system), reentered(), "{:02x?}", &call[..4]);
    }
    // So is a deposit, which would decide on them.
    arm(system, at.pool, &IPool::depositCall { assets: U256::ONE, receiver: RIVAL }.abi_encode());
    system.must(at.pool, at.vault, &IVault::defundCall { amountRaw: U256::ONE, to: RIVAL });
    assert_eq!(answered(system), reentered());
}
