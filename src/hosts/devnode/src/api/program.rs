//! What there is to know of a program before it is called: its record, what starting it costs, and how long it may run.

use alloy_primitives::{Address, B256};

use super::Devnode;
use crate::{
    arbos::state::{ARBITRUM_START_SECS, ProgramRecord, module_hash, params, program},
    chain::run::{StateSlots, next_context},
    wasm::price::{cached_gas, init_gas},
};

/// A program and the figures that decide what starting it costs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProgramInfo {
    /// The hash of its code, by which its activation is kept.
    pub code_hash: B256,
    /// The module hash announced at its activation.
    pub module_hash: B256,
    /// The record of its activation.
    pub record: ProgramRecord,
    /// Gas to start it, memory left out.
    pub init_gas: u64,
    /// The same when it is cached or ran before in the block.
    pub cached_gas: u64,
    /// Ink in a unit of gas.
    pub ink_price: u32,
    /// When its activation was recorded, in seconds since 1970; whole hours.
    pub activated_at_secs: u64,
    /// When its activation runs out, in seconds since 1970.
    pub expires_at_secs: u64,
    /// Why it would not run in the next block, in words, when it would not.
    pub problem: Option<String>,
}

impl Devnode {
    /// What ArbOS knows of the program at an address, and what starting it costs now; `None` when its code was never activated.
    pub fn program_info(&self, address: Address) -> Option<ProgramInfo> {
        /// From this version of the parameters on, a program that is not cached pays both prices.
        const BOTH_PRICES: u16 = 2;
        const SECS_PER_HOUR: u64 = 3_600;
        const SECS_PER_DAY: u64 = 86_400;
        let state = &self.data.newest().state;
        let code_hash = state.account(address)?.code_hash;
        let Ok(record) = program(&mut StateSlots(state), code_hash);
        if record.version == 0 {
            return None;
        }
        let Ok(module_hash) = module_hash(&mut StateSlots(state), code_hash);
        let Ok(params) = params(&mut StateSlots(state), self.arbos_version());
        let activated_at_secs =
            ARBITRUM_START_SECS.saturating_add(u64::from(record.activated_at_hours).saturating_mul(SECS_PER_HOUR));
        let life_secs = u64::from(params.expiry_days).saturating_mul(SECS_PER_DAY);
        let init_gas = init_gas(record.init_cost, params.min_init_gas, params.init_cost_scalar);
        let cached_gas = cached_gas(record.cached_cost, params.min_cached_init_gas, params.cached_cost_scalar);
        let both = if params.version >= BOTH_PRICES { cached_gas } else { 0 };
        Some(ProgramInfo {
            code_hash,
            module_hash,
            record,
            init_gas: init_gas.saturating_add(both),
            cached_gas,
            ink_price: params.ink_price,
            activated_at_secs,
            expires_at_secs: activated_at_secs.saturating_add(life_secs),
            problem: record.check(&params, next_context(&self.data).timestamp).err().map(|error| error.to_string()),
        })
    }
}
