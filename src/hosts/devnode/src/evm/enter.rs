//! Entering a program: what it costs to start, and why it may not.

use revm::{Database, context_interface::ContextTr, interpreter::CallInputs, primitives::U256};

use super::{
    context::{Ctx, FrameEnd},
    peek::peek,
};
use crate::{
    arbos::state::{self, ProgramRecord, StylusParams},
    vm::{Env, Facts, Machine, ModuleKey, compiled},
    wasm::{
        format,
        fragments::{self, Root},
        price::{cached_gas, gas_to_ink, init_gas, page_gas},
    },
};

/// From this version of the parameters on, a program that is not cached pays both prices.
const BOTH_PRICES: u16 = 2;
/// From this version of ArbOS on, a program that ran in the block before starts as if it were cached.
const RECENT_PROGRAMS: u64 = 60;

/// Why a program did not start.
pub(super) enum Refusal<E> {
    /// The frame ends like this, and all its gas is gone.
    End(FrameEnd),
    /// The state cannot be read.
    Database(E),
    /// The module cannot be run although it was activated.
    Broken(String),
}

impl<E> From<String> for Refusal<E> {
    fn from(text: String) -> Self {
        Self::Broken(text)
    }
}

/// Gas to start a program, memory included; `cached` is whether it was kept ready, by a manager or by having run before.
fn start_gas(record: &ProgramRecord, cached: bool, params: &StylusParams, memory_gas: u64) -> u64 {
    let mut gas = memory_gas;
    if cached || params.version >= BOTH_PRICES {
        gas = gas.saturating_add(cached_gas(record.cached_cost, params.min_cached_init_gas, params.cached_cost_scalar));
    }
    if !cached {
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
    // A program that a manager keeps ready takes no place among the recent ones.
    let cached = record.cached
        || (version >= RECENT_PROGRAMS && ctx.chain.block.recent_programs.touch(codehash, params.block_cache_size));
    let Some(left) = gas.checked_sub(start_gas(&record, cached, &params, memory_gas)) else {
        return Err(Refusal::End(FrameEnd::OutOfInk));
    };
    ctx.chain.pages.add(record.footprint_pages);
    let is_root = fragments::is_root(code, version);
    let key = ModuleKey {
        codehash: if is_root { state::module_hash(ctx, codehash).map_err(Refusal::Database)? } else { codehash },
        params_version: params.version,
        arbos_version: version,
        debug: ctx.chain.chain.debug_precompiles,
    };
    let module = compiled(key, || match is_root {
        true => join(ctx, code),
        false => format::decompress(code, usize::MAX).map_err(|error| Refusal::Broken(error.to_string())),
    })?;
    let args = inputs.input.bytes(ctx);
    let env = Env::new(facts(ctx, inputs, &params), args, ctx.chain.recorder.room());
    let ink = gas_to_ink(left, params.ink_price);
    Machine::start(&module, env, ink, params.max_stack_depth).map_err(|error| Refusal::Broken(error.to_string()))
}

/// The module of a program in fragments. It was paid for when it was activated, so nothing is charged and no account becomes warm.
fn join<DB: Database>(ctx: &mut Ctx<DB>, code: &[u8]) -> Result<Vec<u8>, Refusal<DB::Error>> {
    let broken = |error: format::FormatError| Refusal::Broken(error.to_string());
    let root = Root::read(code, usize::MAX, usize::MAX).map_err(broken)?;
    let mut stream = Vec::new();
    for address in &root.fragments {
        let code = peek(ctx, *address).map_err(Refusal::Database)?.code.unwrap_or_default();
        stream.extend(fragments::payload(code.original_byte_slice()).map_err(broken)?);
    }
    root.unpack(&stream).map_err(broken)
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
