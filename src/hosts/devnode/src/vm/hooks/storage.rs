//! Storage, transient storage and logs.

use revm::primitives::B256;
use wasmi::{Caller, Linker, errors::LinkerError};

use super::{H_2P_E, H_E, VM_HOOKS, hook};
use crate::{
    vm::{
        env::{Env, Request, Stop},
        host::Host,
    },
    wasm::price::{EVM_API, HOSTIO, PTR, read_ink},
};

/// Base price of the two calls that only look into the cache.
const CACHE_INK: u64 = HOSTIO + 2 * PTR;
/// Gas of a cold load.
const COLD_LOAD_GAS: u64 = 2_100;
/// Gas that must be there for any write, as on Ethereum.
const WRITE_SENTRY_GAS: u64 = 2_300;
/// The most the cache itself may charge for an access.
const CACHE_GAS: u64 = 10;
/// Gas of a transient load or store.
const TRANSIENT_GAS: u64 = 100;
/// Topics a log can have.
const MAX_TOPICS: u32 = 4;
const TOPIC_BYTES: u32 = 32;
/// Gas of a log, and of each of its topics.
const TOPIC_GAS: u64 = 375;
/// Gas of each byte of a log's data.
const LOG_BYTE_GAS: u64 = 8;

pub(super) fn link(linker: &mut Linker<Env>) -> Result<(), LinkerError> {
    linker.func_wrap(VM_HOOKS, "storage_load_bytes32", |c: Caller<'_, Env>, key: u32, dest: u32| {
        hook(c, |host| load(host, key, dest))
    })?;
    linker.func_wrap(VM_HOOKS, "storage_cache_bytes32", |c: Caller<'_, Env>, key: u32, value: u32| {
        hook(c, |host| cache(host, key, value))
    })?;
    linker.func_wrap(VM_HOOKS, "storage_flush_cache", |c: Caller<'_, Env>, clear: u32| {
        hook(c, |host| flush(host, clear))
    })?;
    linker.func_wrap(VM_HOOKS, "transient_load_bytes32", |c: Caller<'_, Env>, key: u32, dest: u32| {
        hook(c, |host| transient_load(host, key, dest))
    })?;
    linker.func_wrap(VM_HOOKS, "transient_store_bytes32", |c: Caller<'_, Env>, key: u32, value: u32| {
        hook(c, |host| transient_store(host, key, value))
    })?;
    linker.func_wrap(VM_HOOKS, "emit_log", |c: Caller<'_, Env>, data: u32, len: u32, topics: u32| {
        hook(c, |host| emit_log(host, data, len, topics))
    })?;
    Ok(())
}

fn load(host: &mut Host<'_>, key_ptr: u32, dest_ptr: u32) -> Result<(), Stop> {
    const NAME: &str = "storage_load_bytes32";
    let start = host.begin(CACHE_INK)?;
    host.require_gas(COLD_LOAD_GAS + CACHE_GAS + host.gas_of(EVM_API))?;
    let key = host.read_number(key_ptr)?;
    let args = key.to_be_bytes::<32>();
    let fee_gas = host.env_mut().cache.count_read();
    let Some(value) = host.env().cache.get(key) else {
        return host.ask(NAME, start, &[&args], Request::StorageLoad { key, dest_ptr, fee_gas });
    };
    host.buy_gas(fee_gas)?;
    host.write_number(dest_ptr, value)?;
    host.record(NAME, start, &[&args], &[&value.to_be_bytes::<32>()]);
    Ok(())
}

/// Works in a static call too: nothing is written before the cache is flushed.
fn cache(host: &mut Host<'_>, key_ptr: u32, value_ptr: u32) -> Result<(), Stop> {
    let start = host.begin(CACHE_INK)?;
    host.require_gas(WRITE_SENTRY_GAS + CACHE_GAS)?;
    let (key, value) = (host.read_number(key_ptr)?, host.read_number(value_ptr)?);
    let fee_gas = host.env_mut().cache.count_write();
    host.env_mut().cache.write(key, value);
    host.buy_gas(fee_gas)?;
    let args: [&[u8]; 2] = [&key.to_be_bytes::<32>(), &value.to_be_bytes::<32>()];
    host.record("storage_cache_bytes32", start, &args, &[]);
    Ok(())
}

fn flush(host: &mut Host<'_>, clear: u32) -> Result<(), Stop> {
    let start = host.begin(H_E)?;
    host.require_gas(WRITE_SENTRY_GAS)?;
    let clear = clear != 0;
    host.ask("storage_flush_cache", start, &[&[u8::from(clear)]], Request::StorageFlush { clear })
}

fn transient_load(host: &mut Host<'_>, key_ptr: u32, dest_ptr: u32) -> Result<(), Stop> {
    let start = host.begin(H_2P_E)?;
    host.buy_gas(TRANSIENT_GAS)?;
    let key = host.read_number(key_ptr)?;
    let request = Request::TransientLoad { key, dest_ptr };
    host.ask("transient_load_bytes32", start, &[&key.to_be_bytes::<32>()], request)
}

fn transient_store(host: &mut Host<'_>, key_ptr: u32, value_ptr: u32) -> Result<(), Stop> {
    let start = host.begin(H_2P_E)?;
    host.buy_gas(TRANSIENT_GAS)?;
    let (key, value) = (host.read_number(key_ptr)?, host.read_number(value_ptr)?);
    let args: [&[u8]; 2] = [&key.to_be_bytes::<32>(), &value.to_be_bytes::<32>()];
    host.ask("transient_store_bytes32", start, &args, Request::TransientStore { key, value })
}

/// The first bytes of the data are the topics.
fn emit_log(host: &mut Host<'_>, data_ptr: u32, len: u32, topics: u32) -> Result<(), Stop> {
    let start = host.begin(H_E)?;
    if topics > MAX_TOPICS || len < topics * TOPIC_BYTES {
        return Err(Stop::Failure);
    }
    host.buy(read_ink(len))?;
    let data_len = len - topics * TOPIC_BYTES;
    host.buy_gas(TOPIC_GAS * (1 + u64::from(topics)) + LOG_BYTE_GAS * u64::from(data_len))?;
    let bytes = host.read_bytes(data_ptr, len)?;
    let (head, _) = bytes.split_at((topics * TOPIC_BYTES) as usize);
    let request = Request::Log {
        topics: head.chunks_exact(TOPIC_BYTES as usize).map(B256::from_slice).collect(),
        data: bytes.slice(head.len()..),
    };
    host.ask("emit_log", start, &[&topics.to_be_bytes(), &bytes], request)
}
