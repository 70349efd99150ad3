//! Facts about the call, the transaction, the block and the chain.

use wasmi::{Caller, Linker, errors::LinkerError};

use super::{VM_HOOKS, hook};
use crate::{
    vm::{
        env::{Env, Facts, Stop},
        host::Host,
    },
    wasm::price::{HOSTIO, PTR},
};

pub(super) fn link(linker: &mut Linker<Env>) -> Result<(), LinkerError> {
    written(linker, "block_basefee", |facts| facts.block_base_fee.to_be_bytes::<32>().to_vec())?;
    written(linker, "block_coinbase", |facts| facts.block_coinbase.to_vec())?;
    written(linker, "contract_address", |facts| facts.acting_address.to_vec())?;
    written(linker, "msg_sender", |facts| facts.sender.to_vec())?;
    written(linker, "msg_value", |facts| facts.value.to_be_bytes::<32>().to_vec())?;
    written(linker, "tx_gas_price", |facts| facts.gas_price.to_be_bytes::<32>().to_vec())?;
    written(linker, "tx_origin", |facts| facts.origin.to_vec())?;
    long(linker, "chainid", |facts| facts.chain_id)?;
    long(linker, "block_gas_limit", |facts| facts.block_gas_limit)?;
    long(linker, "block_number", |facts| facts.block_number)?;
    long(linker, "block_timestamp", |facts| facts.block_timestamp)?;
    short(linker, "msg_reentrant", |facts| u32::from(facts.reentrant))?;
    short(linker, "tx_ink_price", |facts| facts.ink_price)
}

/// A function that writes a fact to the address it is given.
fn written(linker: &mut Linker<Env>, name: &'static str, fact: fn(&Facts) -> Vec<u8>) -> Result<(), LinkerError> {
    linker.func_wrap(VM_HOOKS, name, move |c: Caller<'_, Env>, ptr: u32| {
        hook(c, |host: &mut Host<'_>| -> Result<(), Stop> {
            let start = host.begin(HOSTIO + PTR)?;
            let bytes = fact(&host.env().facts);
            host.write(ptr, &bytes)?;
            host.record(name, start, &[], &[&bytes]);
            Ok(())
        })
    })?;
    Ok(())
}

/// A function that returns a fact of 64 bits.
fn long(linker: &mut Linker<Env>, name: &'static str, fact: fn(&Facts) -> u64) -> Result<(), LinkerError> {
    linker.func_wrap(VM_HOOKS, name, move |c: Caller<'_, Env>| {
        hook(c, |host: &mut Host<'_>| -> Result<u64, Stop> {
            let start = host.begin(HOSTIO)?;
            let value = fact(&host.env().facts);
            host.record(name, start, &[], &[&value.to_be_bytes()]);
            Ok(value)
        })
    })?;
    Ok(())
}

/// A function that returns a fact of 32 bits.
fn short(linker: &mut Linker<Env>, name: &'static str, fact: fn(&Facts) -> u32) -> Result<(), LinkerError> {
    linker.func_wrap(VM_HOOKS, name, move |c: Caller<'_, Env>| {
        hook(c, |host: &mut Host<'_>| -> Result<u32, Stop> {
            let start = host.begin(HOSTIO)?;
            let value = fact(&host.env().facts);
            host.record(name, start, &[], &[&value.to_be_bytes()]);
            Ok(value)
        })
    })?;
    Ok(())
}
