//! Entering a program: what it costs to start, and why it may not.

use revm::{Database, context_interface::ContextTr, interpreter::CallInputs, primitives::U256};

use super::context::{Ctx, FrameEnd};
use crate::{
    arbos::state::{self, ProgramRecord, StylusParams},
    vm::{Env, Facts, Machine, ModuleKey, compiled},
    wasm::price::{cached_gas, gas_to_ink, init_gas, page_gas},
};

/// From this version of the parameters on, a program that is not cached pays both prices.
const BOTH_PRICES: u16 = 2;

/// Why a program did not start.
pub(super) enum Refusal<E> {
    /// The frame ends like this, and all its gas is gone.
    End(FrameEnd),
    /// The state cannot be read.
    Database(E),
    /// The module cannot be run although it was activated.
    Broken(String),
}

/// Gas to start a program, memory included.
fn start_gas(record: &ProgramRecord, params: &StylusParams, memory_gas: u64) -> u64 {
    let mut gas = memory_gas;
    if record.cached || params.version >= BOTH_PRICES {
        gas = gas.saturating_add(cached_gas(record.cached_cost, params.min_cached_init_gas, params.cached_cost_scalar));
    }
    if !record.cached {
        gas = gas.saturating_add(init_gas(record.init_cost, params.min_init_gas, params.init_cost_scalar));
    }
    gas
}

/// Starts the program a call runs: checks its record, takes the price, opens its pages.
///
/// `inputs` is the frame's call, `code` the program's code and `gas` what the frame has. The
/// pages must be given back when the frame ends.
pub(super) fn enter<DB: Database>(
    ctx: &mut Ctx<DB>,
    inputs: &CallInputs,
    code: &[u8],
    gas: u64,
) -> Result<Machine, Refusal<DB::Error>> {
    let version = ctx.chain.chain.arbos_version;
    let codehash = inputs.known_bytecode.0;
    let params = state::params(ctx, version).map_err(Refusal::Database)?;
    let record = state::program(ctx, codehash).map_err(Refusal::Database)?;
    let runnable = record.check(&params, ctx.chain.block.timestamp);
    runnable.map_err(|error| Refusal::End(error.into()))?;
    let pages = ctx.chain.pages;
    let memory_gas = page_gas(record.footprint_pages, pages.open, pages.ever, params.free_pages, params.page_gas);
    let Some(left) = gas.checked_sub(start_gas(&record, &params, memory_gas)) else {
        return Err(Refusal::End(FrameEnd::OutOfInk));
    };
    ctx.chain.pages.add(record.footprint_pages);
    let key = ModuleKey {
        codehash,
        params_version: params.version,
        arbos_version: version,
        debug: ctx.chain.chain.debug_precompiles,
    };
    let module = compiled(key, code).map_err(Refusal::Broken)?;
    let args = inputs.input.bytes(ctx);
    let env = Env::new(facts(ctx, inputs, &params), args, ctx.chain.recorder.is_on());
    let ink = gas_to_ink(left, params.ink_price);
    Machine::start(&module, env, ink, params.max_stack_depth).map_err(|error| Refusal::Broken(error.to_string()))
}

fn facts<DB: Database>(ctx: &Ctx<DB>, inputs: &CallInputs, params: &StylusParams) -> Facts {
    let block = &ctx.chain.block;
    let acting_address = inputs.target_address;
    Facts {
        acting_address,
        sender: inputs.caller,
        value: inputs.value.get(),
        origin: ctx.tx().caller,
        gas_price: U256::from(ctx.tx().gas_price),
        ink_price: params.ink_price,
        reentrant: ctx.chain.entered.get(&acting_address).is_some_and(|frames| *frames > 1),
        chain_id: ctx.chain.chain.chain_id,
        block_base_fee: U256::from(block.base_fee),
        block_coinbase: block.coinbase,
        block_gas_limit: block.gas_limit,
        block_number: block.l1_number,
        block_timestamp: block.timestamp,
    }
}
