//! Moving tokens in and out, for tokens that return `true` and for those that return nothing.
//!
//! For safety we assume that a token moves what it says it moves. A token that takes a fee is refused when it arrives; one
//! that changes balances by itself must not be listed.

use alloc::vec::Vec;

use alloy_primitives::{Address, U256};
use interface::{IErc20, IShared, IVault};
use stylus_sdk::{host::VM, stylus_core::AccountAccess};

use crate::{
    abi::decode,
    call::{ask, try_tell},
    refusal::{Outcome, Refusal},
    refuse,
};

/// Takes `amount_raw` of `token` from `from`'s allowance. `TransferFailed` where the token refuses, and
/// `UnexpectedAmountReceived` where another amount arrives than was sent.
pub fn pull(vm: &VM, token: Address, from: Address, amount_raw: U256) -> Outcome<()> {
    pull_to(vm, token, from, vm.contract_address(), amount_raw)
}

/// Takes `amount_raw` of `token` from what `from` allowed this contract, and gives it to `to`. The refusals of [`pull`].
pub fn pull_to(vm: &VM, token: Address, from: Address, to: Address, amount_raw: U256) -> Outcome<()> {
    let before_raw = balance(vm, token, to)?;
    let answer = try_tell(vm, token, IErc20::transferFromCall { from, to, amountRaw: amount_raw });
    require_moved(vm, answer, Transfer { token, from, to, amount_raw })?;
    // A balance that fell is no amount that arrived.
    let received_raw = balance(vm, token, to)?.saturating_sub(before_raw);
    if received_raw == amount_raw {
        return Ok(());
    }
    Err(refuse!(IVault::UnexpectedAmountReceived { token, expectedRaw: amount_raw, receivedRaw: received_raw }))
}

/// Sends `amount_raw` of `token` to `to`. `TransferFailed` where the token refuses.
pub fn push(vm: &VM, token: Address, to: Address, amount_raw: U256) -> Outcome<()> {
    let answer = try_tell(vm, token, IErc20::transferCall { to, amountRaw: amount_raw });
    require_moved(vm, answer, Transfer { token, from: vm.contract_address(), to, amount_raw })
}

/// Lets `spender` take `amount_raw` of this contract's `token`. `TransferFailed` where the token refuses.
pub fn allow(vm: &VM, token: Address, spender: Address, amount_raw: U256) -> Outcome<()> {
    let answer = try_tell(vm, token, IErc20::approveCall { spender, amountRaw: amount_raw });
    require_moved(vm, answer, Transfer { token, from: vm.contract_address(), to: spender, amount_raw })
}

/// How many decimals `token` says it has. `CallFailed` where it does not say.
pub fn decimals(vm: &VM, token: Address) -> Outcome<u8> {
    ask(vm, token, IErc20::decimalsCall {}).map(|(decimals,)| decimals)
}

fn balance(vm: &VM, token: Address, account: Address) -> Outcome<U256> {
    ask(vm, token, IErc20::balanceOfCall { account }).map(|(balance_raw,)| balance_raw)
}

struct Transfer {
    token: Address,
    from: Address,
    to: Address,
    amount_raw: U256,
}

#[inline(never)]
fn require_moved(vm: &VM, answer: Result<Vec<u8>, Vec<u8>>, transfer: Transfer) -> Outcome<()> {
    let moved = match answer {
        // A call to an address without code succeeds and returns nothing, too.
        Ok(data) if data.is_empty() => vm.code_size(transfer.token) != 0,
        Ok(data) => decode(&data) == Some(true),
        Err(_) => false,
    };
    if moved { Ok(()) } else { Err(failed(transfer)) }
}

fn failed(transfer: Transfer) -> Refusal {
    refuse!(IShared::TransferFailed {
        token: transfer.token,
        from: transfer.from,
        to: transfer.to,
        amountRaw: transfer.amount_raw,
    })
}
