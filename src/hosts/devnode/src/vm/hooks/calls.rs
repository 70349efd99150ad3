//! Calls and creations: pricing of what is known here, and the request.

use revm::primitives::U256;
use wasmi::{Caller, Linker, errors::LinkerError};

use super::{VM_HOOKS, hook};
use crate::{
    vm::{
        env::{CallKind, Env, Request, Stop},
        host::Host,
    },
    wasm::price::{EVM_API, HOSTIO, PTR, read_ink},
};

const CALL_INK: u64 = HOSTIO + 3 * PTR + EVM_API;
const CREATE2_INK: u64 = HOSTIO + 4 * PTR + EVM_API;

pub(super) fn link(linker: &mut Linker<Env>) -> Result<(), LinkerError> {
    linker.func_wrap(
        VM_HOOKS,
        "call_contract",
        |c: Caller<'_, Env>, to: u32, data: u32, len: u32, value: u32, gas: u64, len_ptr: u32| {
            let to = Target { to, data, len, value_ptr: Some(value), gas, len_ptr };
            hook(c, |host| call(host, CallKind::Plain, &to))
        },
    )?;
    linker.func_wrap(
        VM_HOOKS,
        "delegate_call_contract",
        |c: Caller<'_, Env>, to: u32, data: u32, len: u32, gas: u64, len_ptr: u32| {
            let to = Target { to, data, len, value_ptr: None, gas, len_ptr };
            hook(c, |host| call(host, CallKind::Delegate, &to))
        },
    )?;
    linker.func_wrap(
        VM_HOOKS,
        "static_call_contract",
        |c: Caller<'_, Env>, to: u32, data: u32, len: u32, gas: u64, len_ptr: u32| {
            let to = Target { to, data, len, value_ptr: None, gas, len_ptr };
            hook(c, |host| call(host, CallKind::Static, &to))
        },
    )?;
    linker.func_wrap(
        VM_HOOKS,
        "create1",
        |c: Caller<'_, Env>, code: u32, len: u32, value: u32, address: u32, len_ptr: u32| {
            let new = Creation { code, len, value, salt_ptr: None, address, len_ptr };
            hook(c, |host| create(host, &new))
        },
    )?;
    linker.func_wrap(
        VM_HOOKS,
        "create2",
        |c: Caller<'_, Env>, code: u32, len: u32, value: u32, salt: u32, address: u32, len_ptr: u32| {
            let new = Creation { code, len, value, salt_ptr: Some(salt), address, len_ptr };
            hook(c, |host| create(host, &new))
        },
    )?;
    Ok(())
}

/// The arguments of a call; all but `len` and `gas` are pointers.
struct Target {
    to: u32,
    data: u32,
    len: u32,
    value_ptr: Option<u32>,
    gas: u64,
    len_ptr: u32,
}

fn call(host: &mut Host<'_>, kind: CallKind, target: &Target) -> Result<u32, Stop> {
    let start = host.begin(CALL_INK)?;
    host.buy(read_ink(target.len))?;
    host.buy(read_ink(target.len))?;
    let gas = target.gas.min(host.gas_left());
    let to = host.read_address(target.to)?;
    let input = host.read_bytes(target.data, target.len)?;
    let value = target.value_ptr.map(|ptr| host.read_number(ptr)).transpose()?;
    let value_bytes = value.map(|value| value.to_be_bytes::<32>());
    let args: [&[u8]; 4] =
        [to.as_slice(), &target.gas.to_be_bytes(), value_bytes.as_ref().map_or(&[], |bytes| bytes.as_slice()), &input];
    let request = Request::Call {
        kind,
        to,
        value: value.unwrap_or_default(),
        gas,
        input: input.clone(),
        len_ptr: target.len_ptr,
    };
    host.ask(kind.name(), start, &args, request)
}

/// The arguments of a creation; all but `len` are pointers.
struct Creation {
    code: u32,
    len: u32,
    value: u32,
    salt_ptr: Option<u32>,
    address: u32,
    len_ptr: u32,
}

fn create(host: &mut Host<'_>, new: &Creation) -> Result<(), Stop> {
    let (name, ink) = match new.salt_ptr {
        None => ("create1", CALL_INK),
        Some(_) => ("create2", CREATE2_INK),
    };
    let start = host.begin(ink)?;
    host.buy(read_ink(new.len))?;
    host.buy(read_ink(new.len))?;
    let code = host.read_bytes(new.code, new.len)?;
    let value = host.read_number(new.value)?;
    let salt: Option<U256> = new.salt_ptr.map(|ptr| host.read_number(ptr)).transpose()?;
    let salt_bytes = salt.map(|salt| salt.to_be_bytes::<32>());
    let args: [&[u8]; 3] =
        [&value.to_be_bytes::<32>(), salt_bytes.as_ref().map_or(&[], |bytes| bytes.as_slice()), &code];
    let request = Request::Create { salt, value, code: code.clone(), address_ptr: new.address, len_ptr: new.len_ptr };
    host.ask(name, start, &args, request)
}
