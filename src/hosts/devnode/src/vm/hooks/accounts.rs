//! Balance and code of accounts.

use wasmi::{Caller, Linker, errors::LinkerError};

use super::{H_2P_E, H_E, VM_HOOKS, hook};
use crate::vm::{
    env::{Env, Request, Stop},
    host::Host,
};

/// Gas of the first look at an account; it must be there even when the account is warm.
const COLD_ACCOUNT_GAS: u64 = 2_600;

pub(super) fn link(linker: &mut Linker<Env>) -> Result<(), LinkerError> {
    linker.func_wrap(VM_HOOKS, "account_balance", |c: Caller<'_, Env>, address: u32, dest: u32| {
        hook(c, |host: &mut Host<'_>| -> Result<(), Stop> {
            let start = begin(host, H_2P_E)?;
            let address = host.read_address(address)?;
            let request = Request::Balance { address, dest_ptr: dest };
            host.ask("account_balance", start, &[address.as_slice()], request)
        })
    })?;
    linker.func_wrap(
        VM_HOOKS,
        "account_code",
        |c: Caller<'_, Env>, address: u32, offset: u32, size: u32, dest: u32| {
            hook(c, |host: &mut Host<'_>| -> Result<u32, Stop> {
                let start = begin(host, H_E)?;
                let address = host.read_address(address)?;
                let args: [&[u8]; 3] = [address.as_slice(), &offset.to_be_bytes(), &size.to_be_bytes()];
                let request = Request::Code { address, offset, size, dest_ptr: dest };
                host.ask("account_code", start, &args, request)
            })
        },
    )?;
    linker.func_wrap(VM_HOOKS, "account_code_size", |c: Caller<'_, Env>, address: u32| {
        hook(c, |host: &mut Host<'_>| -> Result<u32, Stop> {
            let start = begin(host, H_E)?;
            let address = host.read_address(address)?;
            let request = Request::CodeSize { address };
            host.ask("account_code_size", start, &[address.as_slice()], request)
        })
    })?;
    linker.func_wrap(VM_HOOKS, "account_codehash", |c: Caller<'_, Env>, address: u32, dest: u32| {
        hook(c, |host: &mut Host<'_>| -> Result<(), Stop> {
            let start = begin(host, H_2P_E)?;
            let address = host.read_address(address)?;
            let request = Request::CodeHash { address, dest_ptr: dest };
            host.ask("account_codehash", start, &[address.as_slice()], request)
        })
    })?;
    Ok(())
}

fn begin(host: &mut Host<'_>, ink: u64) -> Result<u64, Stop> {
    let start = host.begin(ink)?;
    host.require_gas(COLD_ACCOUNT_GAS)?;
    Ok(start)
}
