//! The order of checks every call of a precompile passes, and what each ending means for the machine.

use alloy_primitives::Bytes;
use alloy_sol_types::SolEvent;
use revm::{
    Database,
    context::ContextError,
    context_interface::{ContextTr, JournalTr},
    interpreter::CallInputs,
};

use super::{
    arb_address_table, arb_aggregator, arb_debug, arb_gas_info, arb_info,
    arb_owner::{self, ArbOwner},
    arb_owner_public, arb_retryable_tx, arb_statistics, arb_sys, arb_wasm, arb_wasm_cache, arbos_acts, arbos_test,
    call::{Call, Done, Fault, STORAGE_READ_GAS, WORD_GAS, words},
    method::{Kind, Method, Precompile, find},
};
use crate::{
    arbos::state,
    evm::{Ctx, PrecompileFrame, PrecompileOutcome, PrecompileStatus},
};

/// Runs the precompile that `inputs` names; `None` when there is none at that address in this version of ArbOS.
///
/// A state that cannot be read is left as the error of `ctx`, which stops the transaction.
pub fn run<DB: Database>(ctx: &mut Ctx<DB>, inputs: &CallInputs, frame: &PrecompileFrame) -> Option<PrecompileOutcome> {
    let precompile = find(inputs.bytecode_address, frame.chain.arbos_version)?;
    match ended(ctx, inputs, frame, precompile) {
        Ok(outcome) => Some(outcome),
        Err(error) => {
            *ctx.error() = Err(ContextError::Db(error));
            Some(PrecompileOutcome {
                status: PrecompileStatus::Halt("the state cannot be read".into()),
                ..PrecompileOutcome::default()
            })
        }
    }
}

fn ended<DB: Database>(
    ctx: &mut Ctx<DB>,
    inputs: &CallInputs,
    frame: &PrecompileFrame,
    precompile: Precompile,
) -> Result<PrecompileOutcome, DB::Error> {
    let input = inputs.input.bytes(ctx);
    let owned = match precompile {
        Precompile::Owner => state::chain_owners().contains(ctx, frame.caller)?,
        _ => false,
    };
    let mut call = Call { ctx, frame, value: frame.value, gas_left: frame.gas_limit, metered: !owned };
    let ended = match precompile {
        Precompile::Owner if !owned => Err(Fault::Fatal("unauthorized caller to access-controlled method".into())),
        Precompile::Debug if !frame.chain.debug_precompiles => {
            Err(Fault::Fatal("debug precompiles are disabled".into()))
        }
        _ => checked(&mut call, precompile, &input),
    };
    if owned && ended.is_ok() && !frame.is_static {
        announce_owner(&mut call, &input);
    }
    let gas_left = if owned { frame.gas_limit } else { call.gas_left };
    finish(ended, frame.gas_limit, gas_left, owned)
}

/// The checks, in their order; each failure of the first five consumes everything.
fn checked<DB: Database>(call: &mut Call<'_, DB>, precompile: Precompile, input: &Bytes) -> Done<Bytes, DB> {
    let frame = call.frame;
    let selector = *input.first_chunk::<4>().ok_or(Fault::BurnAll)?;
    let Method { kind, .. } = precompile.method(selector, frame.chain.arbos_version).ok_or(Fault::BurnAll)?;
    let delegated = frame.acting_address != frame.precompile;
    let refused = (kind >= Kind::View && delegated)
        || (kind >= Kind::Write && frame.is_static)
        || (kind != Kind::Payable && !call.value.is_zero());
    if refused {
        return Err(Fault::BurnAll);
    }
    if kind != Kind::Pure {
        call.burn(STORAGE_READ_GAS)?;
    }
    call.burn(WORD_GAS * words(input.len() - 4))?;
    let output = answer(call, precompile, input)?;
    call.burn(WORD_GAS * words(output.len()))?;
    Ok(output.into())
}

fn answer<DB: Database>(call: &mut Call<'_, DB>, precompile: Precompile, input: &[u8]) -> Done<Vec<u8>, DB> {
    match precompile {
        Precompile::Sys => arb_sys::answer(call, input),
        Precompile::Info => arb_info::answer(call, input),
        Precompile::AddressTable => arb_address_table::answer(call, input),
        Precompile::Aggregator => arb_aggregator::answer(call, input),
        Precompile::Test => arbos_test::answer(call, input),
        Precompile::OwnerPublic => arb_owner_public::answer(call, input),
        Precompile::GasInfo => arb_gas_info::answer(call, input),
        Precompile::RetryableTx => arb_retryable_tx::answer(call, input),
        Precompile::Statistics => arb_statistics::answer(call, input),
        Precompile::Owner => arb_owner::answer(call, input),
        Precompile::Wasm => arb_wasm::answer(call, input),
        Precompile::WasmCache => arb_wasm_cache::answer(call, input),
        Precompile::Debug => arb_debug::answer(call, input),
        Precompile::Acts => arbos_acts::answer(call, input),
        Precompile::Silent => Err(Fault::BurnAll),
    }
}

/// Every act of an owner is announced, free of charge.
fn announce_owner<DB: Database>(call: &mut Call<'_, DB>, input: &Bytes) {
    let method = input.first_chunk::<4>().copied().unwrap_or_default().into();
    let event = ArbOwner::OwnerActs { method, owner: call.frame.caller, data: input.clone() };
    let address = call.frame.precompile;
    call.ctx.journal_mut().log(alloy_primitives::Log { address, data: event.encode_log_data() });
}

/// Turns an ending into what the machine goes on with. The owner of the chain gets all gas back, however it ended.
fn finish<E>(
    ended: Result<Bytes, Fault<E>>,
    gas_limit: u64,
    gas_left: u64,
    free: bool,
) -> Result<PrecompileOutcome, E> {
    let nothing_left = if free { gas_limit } else { 0 };
    let (status, output, gas_left) = match ended {
        Ok(output) => (PrecompileStatus::Success, output, gas_left),
        Err(Fault::BurnAll) => (PrecompileStatus::Revert, Bytes::new(), nothing_left),
        Err(Fault::Plain) => (PrecompileStatus::Revert, Bytes::new(), gas_left),
        Err(Fault::Solidity(data)) => {
            let price = if free { 0 } else { WORD_GAS * words(data.len()) };
            match gas_left.checked_sub(price) {
                Some(gas_left) => (PrecompileStatus::Revert, data, gas_left),
                None => (PrecompileStatus::Revert, Bytes::new(), nothing_left),
            }
        }
        Err(Fault::Fatal(text)) => (PrecompileStatus::Halt(text), Bytes::new(), 0),
        Err(Fault::Database(error)) => return Err(error),
    };
    Ok(PrecompileOutcome { status, output, gas_used: gas_limit.saturating_sub(gas_left) })
}
