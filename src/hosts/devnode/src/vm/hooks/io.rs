//! Input, output, return data, ink and memory.

use wasmi::{Linker, errors::LinkerError};

use super::{H_E, VM_HOOKS, hook};
use crate::{
    vm::{
        env::{Env, Request, Stop},
        host::Host,
    },
    wasm::price::{HOSTIO, keccak_ink, read_ink, write_ink},
};
use revm::primitives::keccak256;

pub(super) fn link(linker: &mut Linker<Env>) -> Result<(), LinkerError> {
    linker
        .func_wrap(VM_HOOKS, "read_args", |c: wasmi::Caller<'_, Env>, ptr: u32| hook(c, |host| read_args(host, ptr)))?;
    linker.func_wrap(VM_HOOKS, "write_result", |c: wasmi::Caller<'_, Env>, ptr: u32, len: u32| {
        hook(c, |host| write_result(host, ptr, len))
    })?;
    linker.func_wrap(VM_HOOKS, "exit_early", |c: wasmi::Caller<'_, Env>, status: u32| {
        hook(c, |host| exit_early(host, status))
    })?;
    linker.func_wrap(
        VM_HOOKS,
        "read_return_data",
        |c: wasmi::Caller<'_, Env>, dest: u32, offset: u32, size: u32| {
            hook(c, |host| read_return_data(host, dest, offset, size))
        },
    )?;
    linker.func_wrap(VM_HOOKS, "return_data_size", |c: wasmi::Caller<'_, Env>| hook(c, return_data_size))?;
    linker.func_wrap(VM_HOOKS, "evm_gas_left", |c: wasmi::Caller<'_, Env>| hook(c, evm_gas_left))?;
    linker.func_wrap(VM_HOOKS, "evm_ink_left", |c: wasmi::Caller<'_, Env>| hook(c, evm_ink_left))?;
    linker.func_wrap(VM_HOOKS, "native_keccak256", |c: wasmi::Caller<'_, Env>, input: u32, len: u32, out: u32| {
        hook(c, |host| native_keccak256(host, input, len, out))
    })?;
    linker.func_wrap(VM_HOOKS, "pay_for_memory_grow", |c: wasmi::Caller<'_, Env>, pages: u32| {
        hook(c, |host| pay_for_memory_grow(host, pages))
    })?;
    Ok(())
}

fn read_args(host: &mut Host<'_>, ptr: u32) -> Result<(), Stop> {
    let start = host.begin(HOSTIO)?;
    let args = host.env().args.clone();
    host.buy(write_ink(args.len() as u32))?;
    host.write(ptr, &args)?;
    host.record("read_args", start, &[], &[&args]);
    Ok(())
}

/// Replaces the output; the program goes on, and the last call counts.
fn write_result(host: &mut Host<'_>, ptr: u32, len: u32) -> Result<(), Stop> {
    let start = host.begin(HOSTIO)?;
    host.buy(read_ink(len))?;
    host.buy(read_ink(len))?;
    let output = host.read(ptr, len)?.to_vec();
    host.record("write_result", start, &[&output], &[]);
    host.env_mut().output = output;
    Ok(())
}

fn exit_early(host: &mut Host<'_>, status: u32) -> Result<(), Stop> {
    let start = host.ink_left();
    host.record("exit_early", start, &[&status.to_be_bytes()], &[]);
    Err(Stop::Exit(status))
}

fn read_return_data(host: &mut Host<'_>, dest: u32, offset: u32, size: u32) -> Result<u32, Stop> {
    let start = host.begin(H_E)?;
    let data = host.env().return_data.clone();
    let piece = Host::overlap(&data, offset, size);
    host.buy(write_ink(piece.len() as u32))?;
    host.write(dest, piece)?;
    let args: [&[u8]; 2] = [&offset.to_be_bytes(), &size.to_be_bytes()];
    host.record("read_return_data", start, &args, &[piece]);
    Ok(piece.len() as u32)
}

fn return_data_size(host: &mut Host<'_>) -> Result<u32, Stop> {
    let start = host.begin(HOSTIO)?;
    let len = host.env().return_data.len() as u32;
    host.record("return_data_size", start, &[], &[&len.to_be_bytes()]);
    Ok(len)
}

fn evm_gas_left(host: &mut Host<'_>) -> Result<u64, Stop> {
    let start = host.begin(HOSTIO)?;
    let gas = host.gas_left();
    host.record("evm_gas_left", start, &[], &[&gas.to_be_bytes()]);
    Ok(gas)
}

fn evm_ink_left(host: &mut Host<'_>) -> Result<u64, Stop> {
    let start = host.begin(HOSTIO)?;
    let ink = host.ink_left();
    host.record("evm_ink_left", start, &[], &[&ink.to_be_bytes()]);
    Ok(ink)
}

fn native_keccak256(host: &mut Host<'_>, input: u32, len: u32, out: u32) -> Result<(), Stop> {
    let start = host.begin(keccak_ink(len))?;
    let preimage = host.read_bytes(input, len)?;
    let digest = keccak256(&preimage);
    host.write_hash(out, digest)?;
    host.record("native_keccak256", start, &[&preimage], &[digest.as_slice()]);
    Ok(())
}

/// Only the low 16 bits of the number count, as there is no room for more pages anyway.
fn pay_for_memory_grow(host: &mut Host<'_>, pages: u32) -> Result<(), Stop> {
    const NAME: &str = "pay_for_memory_grow";
    let new = pages as u16;
    if new == 0 {
        let start = host.begin(HOSTIO)?;
        host.record(NAME, start, &[&new.to_be_bytes()], &[]);
        return Ok(());
    }
    let start = host.ink_left();
    host.ask(NAME, start, &[&new.to_be_bytes()], Request::Pages { new })
}
