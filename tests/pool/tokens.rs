//! The shares as an ERC-20, with the refusals of ERC-6093.

use crate::scene::{balance, deposit, empty, number, supply};
use alloy_primitives::{Address, U256};
use interface::IPool;
use support::{
    System,
    actors::{LENDER, RIVAL, STRANGER},
    system::event,
};

support::scenarios! {
    both {
        the_shares_have_name_symbol_and_six_decimals_more_than_the_asset,
        transfer_moves_shares,
        transfer_from_uses_the_allowance_up,
        an_allowance_of_the_largest_number_is_not_used_up,
    }
    native {
        a_transfer_of_nothing_is_a_transfer,
        a_transfer_to_oneself_changes_nothing,
        more_than_the_balance_is_refused,
        more_than_the_allowance_is_refused,
        the_zero_address_is_refused,
    }
}

fn transfer(to: Address, value: u128) -> IPool::transferCall {
    IPool::transferCall { to, value: number(value) }
}

fn transfer_from(from: Address, to: Address, value: u128) -> IPool::transferFromCall {
    IPool::transferFromCall { from, to, value: number(value) }
}

fn allowance(system: &System, owner: Address, spender: Address) -> U256 {
    system.ask(system.at.pool, &IPool::allowanceCall { owner, spender })
}

fn the_shares_have_name_symbol_and_six_decimals_more_than_the_asset(system: &mut System) {
    let pool = system.at.pool;
    assert_eq!(system.ask(pool, &IPool::nameCall {}), "Spillway Pool");
    assert_eq!(system.ask(pool, &IPool::symbolCall {}), "spPOOL");
    assert_eq!(system.ask(pool, &IPool::decimalsCall {}), 12);
    assert_eq!(system.ask(pool, &IPool::assetCall {}), system.at.usd.token);
    assert_eq!(system.ask(pool, &IPool::vaultCall {}), system.at.vault);
    assert_eq!(system.ask(pool, &IPool::reserveCall {}), system.at.reserve);
}

fn transfer_moves_shares(system: &mut System) {
    empty(system);
    let pool = system.at.pool;
    deposit(system, LENDER, 10);
    assert!(system.must(LENDER, pool, &transfer(RIVAL, 4_000_000)));
    let said = IPool::Transfer { from: LENDER, to: RIVAL, value: number(4_000_000) };
    assert_eq!(system.events(), [event(pool, &said)]);
    assert_eq!((balance(system, LENDER), balance(system, RIVAL)), (number(6_000_000), number(4_000_000)));
    assert_eq!(supply(system), number(10_000_000));
}

fn transfer_from_uses_the_allowance_up(system: &mut System) {
    empty(system);
    let pool = system.at.pool;
    deposit(system, LENDER, 10);
    assert!(system.must(LENDER, pool, &IPool::approveCall { spender: RIVAL, value: number(5) }));
    let said = IPool::Approval { owner: LENDER, spender: RIVAL, value: number(5) };
    assert_eq!(system.events(), [event(pool, &said)]);
    assert_eq!((allowance(system, LENDER, RIVAL), allowance(system, RIVAL, LENDER)), (number(5), U256::ZERO));
    assert!(system.must(RIVAL, pool, &transfer_from(LENDER, STRANGER, 3)));
    let said = IPool::Transfer { from: LENDER, to: STRANGER, value: number(3) };
    assert_eq!(system.events(), [event(pool, &said)]);
    assert_eq!((balance(system, STRANGER), allowance(system, LENDER, RIVAL)), (number(3), number(2)));
}

fn an_allowance_of_the_largest_number_is_not_used_up(system: &mut System) {
    empty(system);
    let pool = system.at.pool;
    deposit(system, LENDER, 10);
    system.must(LENDER, pool, &IPool::approveCall { spender: RIVAL, value: U256::MAX });
    system.must(RIVAL, pool, &transfer_from(LENDER, RIVAL, 3));
    let call = IPool::redeemCall { shares: number(3_000_000), receiver: RIVAL, owner: LENDER };
    system.must(RIVAL, pool, &call);
    assert_eq!(allowance(system, LENDER, RIVAL), U256::MAX);
}

fn a_transfer_of_nothing_is_a_transfer(system: &mut System) {
    let pool = system.at.pool;
    for (from, to) in [(STRANGER, RIVAL), (STRANGER, STRANGER)] {
        assert!(system.must(from, pool, &transfer(to, 0)));
        let said = IPool::Transfer { from, to, value: U256::ZERO };
        assert_eq!(system.events(), [event(pool, &said)]);
    }
    assert!(system.must(RIVAL, pool, &transfer_from(STRANGER, RIVAL, 0)));
}

fn a_transfer_to_oneself_changes_nothing(system: &mut System) {
    empty(system);
    let pool = system.at.pool;
    let shares = deposit(system, LENDER, 10);
    system.must(LENDER, pool, &IPool::transferCall { to: LENDER, value: shares });
    assert_eq!((balance(system, LENDER), supply(system)), (shares, shares));
}

fn more_than_the_balance_is_refused(system: &mut System) {
    empty(system);
    let pool = system.at.pool;
    deposit(system, LENDER, 10);
    let refusal =
        IPool::ERC20InsufficientBalance { sender: LENDER, balance: number(10_000_000), needed: number(10_000_001) };
    system.refused(LENDER, pool, &transfer(RIVAL, 10_000_001), &refusal);
    system.refused(LENDER, pool, &transfer(LENDER, 10_000_001), &refusal);
    system.must(LENDER, pool, &IPool::approveCall { spender: RIVAL, value: U256::MAX });
    system.refused(RIVAL, pool, &transfer_from(LENDER, RIVAL, 10_000_001), &refusal);
}

fn more_than_the_allowance_is_refused(system: &mut System) {
    empty(system);
    let pool = system.at.pool;
    deposit(system, LENDER, 10);
    system.must(LENDER, pool, &IPool::approveCall { spender: RIVAL, value: number(2) });
    let refusal = |spender, allowance| IPool::ERC20InsufficientAllowance {
        spender,
        allowance: number(allowance),
        needed: number(3),
    };
    system.refused(RIVAL, pool, &transfer_from(LENDER, RIVAL, 3), &refusal(RIVAL, 2));
    // Nobody may take even its own shares that way without saying so first.
    system.refused(LENDER, pool, &transfer_from(LENDER, RIVAL, 3), &refusal(LENDER, 0));
}

fn the_zero_address_is_refused(system: &mut System) {
    let pool = system.at.pool;
    let nobody = Address::ZERO;
    let receiver = IPool::ERC20InvalidReceiver { receiver: nobody };
    system.refused(STRANGER, pool, &transfer(nobody, 0), &receiver);
    system.refused(STRANGER, pool, &transfer_from(STRANGER, nobody, 0), &receiver);
    let spender = IPool::ERC20InvalidSpender { spender: nobody };
    system.refused(STRANGER, pool, &IPool::approveCall { spender: nobody, value: U256::ONE }, &spender);
    // Nobody has its key; a call that is only asked for can name it as the caller.
    system.ask_refused(pool, &transfer(STRANGER, 0), &IPool::ERC20InvalidSender { sender: nobody });
    let approver = IPool::ERC20InvalidApprover { approver: nobody };
    system.ask_refused(pool, &IPool::approveCall { spender: STRANGER, value: U256::ONE }, &approver);
    let sender = IPool::ERC20InvalidSender { sender: nobody };
    system.refused(STRANGER, pool, &transfer_from(nobody, STRANGER, 0), &sender);
}
