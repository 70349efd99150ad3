//! The order of checks every call of a precompile passes, and what each ending means for the machine.

use alloy_primitives::{Address, Bytes};
use alloy_sol_types::SolEvent;
use revm::{
    Database,
    context_interface::{ContextTr, JournalTr},
    interpreter::{CallInputs, Gas, InstructionResult, InterpreterResult},
};

use super::{
    arb_debug, arb_gas_info, arb_info,
    arb_owner::{self, ArbOwner},
    arb_owner_public, arb_statistics, arb_sys, arb_wasm, arb_wasm_cache, arbos_acts, arbos_test,
    call::{Call, Done, Fault, STORAGE_READ_GAS, WORD_GAS, words},
    method::{Kind, Method, Precompile, find},
};
use crate::{arbos::state, evm::Ctx};

/// What a precompile is told of the frames around it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct PrecompileFrame {
    /// The depth of the precompile's own frame: 1 when the transaction calls it.
    pub depth: usize,
    /// Who called the contract that calls the precompile; `None` when the transaction calls it.
    pub caller_of_caller: Option<Address>,
}

/// How a precompile ended.
#[derive(Debug, Clone)]
pub struct PrecompileOutcome {
    /// What the machine goes on with.
    pub result: InterpreterResult,
    /// The text of an error that is no revert.
    pub error: Option<String>,
}

/// Runs the precompile that `inputs` names; `None` when there is none at that address in this version of ArbOS.
///
/// # Errors
/// What reading the state gave.
pub fn run<DB: Database>(ctx: &mut Ctx<DB>, inputs: &CallInputs, frame: &PrecompileFrame) -> Result<Option<PrecompileOutcome>, DB::Error> {
    let version = ctx.chain().chain.arbos_version;
    let Some(precompile) = find(inputs.bytecode_address, version) else {
        return Ok(None);
    };
    let input = inputs.input.bytes(ctx);
    let owned = match precompile {
        Precompile::Owner => state::chain_owners().contains(ctx, inputs.caller)?,
        _ => false,
    };
    let mut call = Call {
        ctx,
        frame,
        address: inputs.bytecode_address,
        caller: inputs.caller,
        value: inputs.value.get(),
        gas_left: inputs.gas_limit,
        metered: !owned,
    };
    let ended = match precompile {
        Precompile::Owner if !owned => Err(Fault::Fatal("unauthorized caller to access-controlled method".into())),
        Precompile::Debug if !call.chain().debug_precompiles => Err(Fault::Fatal("debug precompiles are disabled".into())),
        _ => checked(&mut call, precompile, inputs, &input, version),
    };
    if owned && ended.is_ok() && !inputs.is_static {
        announce_owner(&mut call, &input);
    }
    let gas_left = call.gas_left;
    finish(ended, inputs.gas_limit, gas_left, owned).map(Some)
}

/// The checks, in their order; each failure of the first five consumes everything.
fn checked<DB: Database>(call: &mut Call<'_, DB>, precompile: Precompile, inputs: &CallInputs, input: &Bytes, version: u64) -> Done<Bytes, DB> {
    let selector = *input.first_chunk::<4>().ok_or(Fault::BurnAll)?;
    let Method { kind, .. } = precompile.method(selector, version).ok_or(Fault::BurnAll)?;
    let delegated = inputs.target_address != inputs.bytecode_address;
    let refused = (kind >= Kind::View && delegated)
        || (kind >= Kind::Write && inputs.is_static)
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
        Precompile::Test => arbos_test::answer(call, input),
        Precompile::OwnerPublic => arb_owner_public::answer(call, input),
        Precompile::GasInfo => arb_gas_info::answer(call, input),
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
    let event = ArbOwner::OwnerActs { method, owner: call.caller, data: input.clone() };
    let address = call.address;
    call.ctx.journal_mut().log(alloy_primitives::Log { address, data: event.encode_log_data() });
}

/// Turns an ending into the result of a frame. The owner of the chain gets all gas back, however it ended.
fn finish<E>(ended: Result<Bytes, Fault<E>>, gas_limit: u64, gas_left: u64, free: bool) -> Result<PrecompileOutcome, E> {
    let gas_left = if free { gas_limit } else { gas_left };
    let (result, output, gas_left, error) = match ended {
        Ok(output) => (InstructionResult::Return, output, gas_left, None),
        Err(Fault::BurnAll) => (InstructionResult::Revert, Bytes::new(), if free { gas_left } else { 0 }, None),
        Err(Fault::Plain) => (InstructionResult::Revert, Bytes::new(), gas_left, None),
        Err(Fault::Solidity(data)) => {
            let price = if free { 0 } else { WORD_GAS * words(data.len()) };
            match gas_left.checked_sub(price) {
                Some(gas_left) => (InstructionResult::Revert, data, gas_left, None),
                None => (InstructionResult::Revert, Bytes::new(), 0, None),
            }
        }
        Err(Fault::Fatal(text)) => (InstructionResult::PrecompileError, Bytes::new(), 0, Some(text)),
        Err(Fault::Database(error)) => return Err(error),
    };
    let mut gas = Gas::new(gas_limit);
    gas.set_remaining(gas_left);
    Ok(PrecompileOutcome { result: InterpreterResult::new(result, output, gas), error })
}
