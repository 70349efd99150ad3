//! Calls to other contracts, typed by the Solidity interfaces.
//!
//! What storage holds is written down before each call, and forgotten where the callee may change it, so that neither
//! side sees an old value. A callee's reason to refuse is passed on; what it answers is read up to a limit, so that a
//! long answer cannot make us run out of memory or gas.

use alloc::vec::Vec;

use alloy_primitives::{Address, B256, U256};
use alloy_sol_types::{
    SolCall,
    abi::{TokenSeq, encode_sequence},
};
use interface::{IOracle, IShared};
use stylus_sdk::{
    call::RawCall,
    host::VM,
    stylus_core::{AccountAccess, MeteringAccess},
};

use crate::{
    abi::{Argument, ArrayWords, ReturnsOf, decode, write_words},
    refusal::{Outcome, Refusal},
    refuse,
};

/// The most that is read of an answer, in bytes: more than any function we call answers with, less than a burden.
const ANSWER_LIMIT: usize = 8_192;
/// The precompile that recovers signers.
const RECOVER: Address = Address::with_last_byte(1);
/// More gas than it takes to reach a callee that was not called before in the transaction.
const CALL_OVERHEAD: u64 = 5_000;

/// Calls a view of `target`. Refuses with the callee's reason, or with `CallFailed` where it gave none or an answer that
/// does not fit.
#[inline(always)]
pub fn ask<C: SolCall>(vm: &VM, target: Address, call: C) -> Outcome<ReturnsOf<C>>
where
    ReturnsOf<C>: Argument,
{
    let answer = send(vm, target, &with_selector(C::SELECTOR, &call.tokenize()), Kind::View);
    read(target, answer)
}

/// Calls the view `selector` of `target`, which takes what `C` takes, and gives the words of the array it answers: several
/// for an element that is a struct. Two views with the same parameters share their code this way.
#[inline(always)]
pub fn ask_words<C: SolCall>(vm: &VM, target: Address, selector: [u8; 4], call: C) -> Outcome<Vec<U256>> {
    let answer = send(vm, target, &with_selector(selector, &call.tokenize()), Kind::View);
    read(target, answer).map(|ArrayWords(words)| words)
}

/// Calls a function of `target` that may change things. Refuses like [`ask`].
#[inline(always)]
pub fn tell<C: SolCall>(vm: &VM, target: Address, call: C) -> Outcome<ReturnsOf<C>>
where
    ReturnsOf<C>: Argument,
{
    let answer = send(vm, target, &with_selector(C::SELECTOR, &call.tokenize()), Kind::Change);
    read(target, answer)
}

/// Calls a view of `target` and gives what it answered, or nothing where it refused or the answer does not fit.
#[inline(always)]
pub fn try_ask<C: SolCall>(vm: &VM, target: Address, call: C) -> Option<ReturnsOf<C>>
where
    ReturnsOf<C>: Argument,
{
    let answer = send(vm, target, &with_selector(C::SELECTOR, &call.tokenize()), Kind::View).ok()?;
    decode(&answer)
}

/// Calls a view of `target` with at most `gas`, and gives what it answered, or nothing where it failed or the answer does not fit.
///
/// A failure with less than `gas` to use says nothing about `target`, only about how much gas the caller sent, so it is refused
/// with `GasTooLow`: nobody can starve the call and have it taken for a failure. A call that succeeds needs no more than it uses.
#[inline(always)]
pub fn ask_within<C: SolCall>(vm: &VM, target: Address, call: C, gas: u64) -> Outcome<Option<ReturnsOf<C>>>
where
    ReturnsOf<C>: Argument,
{
    let gas_left = vm.evm_gas_left();
    let answer = send_within(vm, target, &with_selector(C::SELECTOR, &call.tokenize()), Kind::View, Some(gas));
    match answer.ok().and_then(|data| decode(&data)) {
        None => require_fed(gas_left, gas).map(|()| None),
        found => Ok(found),
    }
}

/// That a call could be given `gas`: a caller keeps a 64th of what is left, and pays for reaching the callee before that.
#[inline(never)]
fn require_fed(gas_left: u64, gas: u64) -> Outcome<()> {
    let needed = gas.saturating_add(gas.wrapping_shr(5)).saturating_add(CALL_OVERHEAD);
    if gas_left >= needed {
        return Ok(());
    }
    Err(refuse!(IOracle::GasTooLow { gasLeft: U256::from(gas_left), gasNeeded: U256::from(needed) }))
}

/// Calls a function of `target` that may change things, and gives what it answered or the data it reverted with.
#[inline(always)]
pub fn try_tell<C: SolCall>(vm: &VM, target: Address, call: C) -> Result<Vec<u8>, Vec<u8>> {
    send(vm, target, &with_selector(C::SELECTOR, &call.tokenize()), Kind::Change)
}

/// The address that signed `digest`, by the precompile at address 1; none where nobody did.
///
/// It answers for a signature and for its twin with the other `s`: who wants but one takes the lower.
pub fn signer(vm: &VM, digest: B256, v: u8, r: B256, s: B256) -> Option<Address> {
    let mut data = Vec::new();
    write_words(&[&digest, &v, &r, &s], &mut data);
    let answer = send(vm, RECOVER, &data, Kind::View).ok()?;
    // It answers nothing at all where there is no signer.
    decode::<Address>(&answer).filter(|signer| !signer.is_zero())
}

/// Refuses with `CallFailed` where there is no contract at `target`.
pub fn require_code(vm: &VM, target: Address) -> Outcome<()> {
    if vm.code_size(target) == 0 { Err(failed(target)) } else { Ok(()) }
}

fn read<R: Argument>(target: Address, answer: Result<Vec<u8>, Vec<u8>>) -> Outcome<R> {
    match answer {
        Ok(data) => decode(&data).ok_or_else(|| failed(target)),
        Err(reason) if reason.is_empty() => Err(failed(target)),
        Err(reason) => Err(Refusal(reason)),
    }
}

#[inline(never)]
fn failed(target: Address) -> Refusal {
    refuse!(IShared::CallFailed { target })
}

/// A selector and the words that follow it, as call data is made.
#[inline(never)]
fn with_selector<'a, T: TokenSeq<'a>>(selector: [u8; 4], tokens: &T) -> Vec<u8> {
    let mut data = Vec::from(selector);
    data.extend_from_slice(&encode_sequence(tokens));
    data
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    View,
    Change,
}

#[inline(always)]
fn send(vm: &VM, target: Address, data: &[u8], kind: Kind) -> Result<Vec<u8>, Vec<u8>> {
    send_within(vm, target, data, kind, None)
}

#[inline(never)]
fn send_within(vm: &VM, target: Address, data: &[u8], kind: Kind, gas: Option<u64>) -> Result<Vec<u8>, Vec<u8>> {
    let call = match kind {
        // A view cannot change our storage, but it may read it, by calling back.
        Kind::View => RawCall::new_static(vm).flush_storage_cache(),
        Kind::Change => RawCall::new(vm).clear_storage_cache(),
    };
    // All there is stands for no limit: the VM keeps a 64th anyway.
    let call = call.gas(gas.unwrap_or(u64::MAX));
    // SAFETY: the call is unsafe because the callee may change storage that a live reference aliases. The accessors of the
    // SDK hold no values, every read goes to the VM, and the VM's own cache was written back and, where the callee may
    // change storage, emptied.
    unsafe { call.limit_return_data(0, ANSWER_LIMIT).call(target, data) }
}
