//! Answering what a program asks of the chain, calls and creations aside.

use revm::{
    Database,
    context_interface::{
        ContextTr, JournalTr,
        context::{SStoreResult, StateLoad},
    },
    interpreter::Gas,
    primitives::{Address, Bytes, Log, LogData, U256},
    state::AccountInfo,
};
use wasmi::Val;

use super::context::Ctx;
use crate::{
    arbos::state,
    vm::{Host, Machine, Request, Stop},
    wasm::price::{EVM_API, page_gas, write_ink},
};

const COLD_SLOAD_GAS: u64 = 2_100;
const WARM_GAS: u64 = 100;
const COLD_ACCOUNT_GAS: u64 = 2_600;
const SET_GAS: u64 = 20_000;
const RESET_GAS: u64 = 2_900;
const SET_REFUND: i64 = 19_900;
const RESET_REFUND: i64 = 2_800;
const CLEAR_REFUND: i64 = 4_800;
/// Gas of reading code on top of touching the account, for each `CODE_UNIT_BYTES` of the limit.
const CODE_GAS: u64 = 700;
const CODE_UNIT_BYTES: u64 = 24_576;
/// From this version on the cache costs what it was meant to cost.
const CACHE_PRICE_FIX: u64 = 32;
/// From this version on only code that is there is remembered.
const CODE_CACHE_FIX: u64 = 40;
/// From this version on a flush without gas is out of ink instead of a failure.
const FLUSH_OUT_OF_INK: u64 = 50;

/// Why an answer could not be given.
#[derive(Debug)]
pub(super) enum Halt<E> {
    /// The program ends.
    Stop(Stop),
    /// The state cannot be read.
    Database(E),
}

impl<E> From<Stop> for Halt<E> {
    fn from(stop: Stop) -> Self {
        Self::Stop(stop)
    }
}

type Answer<DB> = Result<Vec<Val>, Halt<<DB as Database>::Error>>;

/// A frame in which a program runs, as far as its answers need it.
pub(super) struct Served<'a, DB: Database> {
    pub(super) ctx: &'a mut Ctx<DB>,
    pub(super) machine: &'a mut Machine,
    /// The frame's gas, whose refunds a program adds to.
    pub(super) gas: &'a mut Gas,
    pub(super) acting_address: Address,
    pub(super) is_static: bool,
}

impl<DB: Database> Served<'_, DB> {
    /// Performs a request that opens no frame, and gives what the host function returns.
    pub(super) fn answer(&mut self, request: Request) -> Answer<DB> {
        match request {
            Request::StorageLoad { key, dest_ptr, fee_gas } => self.storage_load(key, dest_ptr, fee_gas),
            Request::StorageFlush { clear } => self.storage_flush(clear),
            Request::TransientLoad { key, dest_ptr } => {
                let value = self.ctx.journal_mut().tload(self.acting_address, key);
                let mut host = self.machine.host();
                host.write_number(dest_ptr, value)?;
                host.record_answer(&[&value.to_be_bytes::<32>()]);
                Ok(vec![])
            }
            Request::TransientStore { key, value } => {
                self.refuse_in_static()?;
                self.ctx.journal_mut().tstore(self.acting_address, key, value);
                self.done(&[])
            }
            Request::Log { topics, data } => {
                self.refuse_in_static()?;
                let data = LogData::new(topics, data).ok_or(Stop::Failure)?;
                self.ctx.journal_mut().log(Log { address: self.acting_address, data });
                self.done(&[])
            }
            Request::Balance { address, dest_ptr } => {
                let (info, _) = self.touch(address)?;
                let mut host = self.machine.host();
                host.write_number(dest_ptr, info.balance)?;
                host.record_answer(&[&info.balance.to_be_bytes::<32>()]);
                Ok(vec![])
            }
            Request::CodeHash { address, dest_ptr } => {
                let (info, exists) = self.touch(address)?;
                // An account that exists without code has the hash of nothing, also when empty.
                let hash = if exists { info.code_hash } else { Default::default() };
                let mut host = self.machine.host();
                host.write_hash(dest_ptr, hash)?;
                host.record_answer(&[hash.as_slice()]);
                Ok(vec![])
            }
            Request::Code { address, offset, size, dest_ptr } => {
                let code = self.code(address)?;
                let mut host = self.machine.host();
                host.buy(write_ink(code.len() as u32))?;
                let piece = Host::overlap(&code, offset, size);
                host.write(dest_ptr, piece)?;
                host.record_answer(&[piece]);
                Ok(vec![Val::I32(piece.len() as i32)])
            }
            Request::CodeSize { address } => {
                let len = self.code(address)?.len() as u32;
                self.machine.host().record_answer(&[&len.to_be_bytes()]);
                Ok(vec![Val::I32(len as i32)])
            }
            Request::Pages { new } => self.open_pages(new),
            // The frame loop takes these two; a program that got here has asked for what is not there.
            Request::Call { .. } | Request::Create { .. } => Err(Stop::Failure.into()),
        }
    }

    fn done(&mut self, outs: &[&[u8]]) -> Answer<DB> {
        self.machine.host().record_answer(outs);
        Ok(vec![])
    }

    fn refuse_in_static(&self) -> Result<(), Stop> {
        if self.is_static { Err(Stop::Failure) } else { Ok(()) }
    }

    const fn version(&self) -> u64 {
        self.ctx.chain.chain.arbos_version
    }

    fn storage_load(&mut self, key: U256, dest_ptr: u32, fee_gas: u64) -> Answer<DB> {
        let journal = self.ctx.journal_mut();
        let loaded = journal.sload(self.acting_address, key).map_err(Halt::Database)?;
        let version = self.version();
        let mut host = self.machine.host();
        host.env_mut().cache.learn(key, loaded.data);
        let api_gas = if version < CACHE_PRICE_FIX { EVM_API } else { host.gas_of(EVM_API) };
        let load_gas = if loaded.is_cold { COLD_SLOAD_GAS } else { WARM_GAS };
        host.buy_gas(fee_gas + load_gas + api_gas)?;
        host.write_number(dest_ptr, loaded.data)?;
        host.record_answer(&[&loaded.data.to_be_bytes::<32>()]);
        Ok(vec![])
    }

    fn storage_flush(&mut self, clear: bool) -> Answer<DB> {
        let version = self.version();
        let mut host = self.machine.host();
        let dirty = host.env_mut().cache.take_dirty();
        if clear {
            host.env_mut().cache.clear();
        }
        if dirty.is_empty() {
            return self.done(&[]);
        }
        // One unit more than there is, so that spending exactly everything is not out of gas.
        let start = host.gas_left().saturating_add(1);
        self.refuse_in_static()?;
        let mut budget = start;
        for (key, value) in dirty {
            let journal = self.ctx.journal_mut();
            let stored = journal.sstore(self.acting_address, key, value).map_err(Halt::Database)?;
            let (price, refund) = store_price(&stored);
            budget = budget.saturating_sub(price);
            if budget == 0 {
                break;
            }
            self.gas.record_refund(refund);
        }
        let mut host = self.machine.host();
        if version >= CACHE_PRICE_FIX || budget > 0 {
            host.buy_gas(start - budget)?;
        }
        if budget == 0 {
            let stop = if version >= FLUSH_OUT_OF_INK { Stop::OutOfInk } else { Stop::Failure };
            return Err(stop.into());
        }
        self.done(&[])
    }

    fn open_pages(&mut self, new: u16) -> Answer<DB> {
        let version = self.version();
        let params = state::params(self.ctx, version).map_err(Halt::Database)?;
        let pages = &mut self.ctx.chain.pages;
        let gas = page_gas(new, pages.open, pages.ever, params.free_pages, params.page_gas);
        pages.add(new);
        self.machine.host().buy_gas(gas)?;
        self.done(&[])
    }

    /// Looks at an account, takes the price of that, and tells whether the account exists.
    fn touch(&mut self, address: Address) -> Result<(AccountInfo, bool), Halt<DB::Error>> {
        let loaded = self.ctx.journal_mut().load_account(address).map_err(Halt::Database)?;
        let exists = !loaded.data.is_loaded_as_not_existing_not_touched();
        let found = (loaded.data.info.clone(), exists);
        let gas = if loaded.is_cold { COLD_ACCOUNT_GAS } else { WARM_GAS };
        self.machine.host().buy_gas(gas)?;
        Ok(found)
    }

    /// The code of an account; looking twice in a row at the same one is free.
    fn code(&mut self, address: Address) -> Result<Bytes, Halt<DB::Error>> {
        if let Some((last, code)) = &self.machine.host().env().last_code
            && *last == address
        {
            return Ok(code.clone());
        }
        let version = self.version();
        let limit = self.ctx.chain.chain.max_code_size as u64;
        let loaded = self.ctx.journal_mut().code(address).map_err(Halt::Database)?;
        let mut host = self.machine.host();
        let touch_gas = if loaded.is_cold { COLD_ACCOUNT_GAS } else { WARM_GAS };
        host.buy_gas(touch_gas + CODE_GAS * (limit / CODE_UNIT_BYTES))?;
        if !loaded.data.is_empty() || version < CODE_CACHE_FIX {
            host.env_mut().last_code = Some((address, loaded.data.clone()));
        }
        Ok(loaded.data)
    }
}

/// Price and refund of a write in gas, as EIP-2200, 2929 and 3529 have it.
///
/// Example: a cold slot from zero to one costs 22 100; back to zero in the same transaction costs
/// 100 and refunds 19 900.
fn store_price(stored: &StateLoad<SStoreResult>) -> (u64, i64) {
    let change = &stored.data;
    let access = if stored.is_cold { COLD_SLOAD_GAS } else { 0 };
    if change.is_new_eq_present() {
        return (access + WARM_GAS, 0);
    }
    if change.is_original_eq_present() {
        if change.is_original_zero() {
            return (access + SET_GAS, 0);
        }
        return (access + RESET_GAS, if change.is_new_zero() { CLEAR_REFUND } else { 0 });
    }
    let mut refund = 0;
    if !change.is_original_zero() {
        if change.is_present_zero() {
            refund -= CLEAR_REFUND;
        } else if change.is_new_zero() {
            refund += CLEAR_REFUND;
        }
    }
    if change.is_original_eq_new() {
        refund += if change.is_original_zero() { SET_REFUND } else { RESET_REFUND };
    }
    (access + WARM_GAS, refund)
}
