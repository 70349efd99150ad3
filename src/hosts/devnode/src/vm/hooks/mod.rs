//! The host functions, by what they are about.

mod accounts;
mod calls;
mod console;
mod facts;
mod io;
mod math;
mod storage;

use wasmi::{Caller, Error, Linker, errors::LinkerError};

use super::{
    env::{Env, Stop},
    host::Host,
};
use crate::wasm::price::{EVM_API, HOSTIO, PTR};

/// Module the functions of every chain are imported from.
const VM_HOOKS: &str = "vm_hooks";
/// Base price of a call that asks the chain.
const H_E: u64 = HOSTIO + EVM_API;
/// Base price of a call that asks the chain and follows two pointers.
const H_2P_E: u64 = HOSTIO + 2 * PTR + EVM_API;

/// Adds every host function to the linker.
///
/// Those of debug chains are added too: a module that imports them is only activated on one.
pub(super) fn link(linker: &mut Linker<Env>) -> Result<(), LinkerError> {
    io::link(linker)?;
    facts::link(linker)?;
    math::link(linker)?;
    storage::link(linker)?;
    calls::link(linker)?;
    accounts::link(linker)?;
    console::link(linker)
}

/// Runs a host function's body and turns a stop into what the engine takes for a pause or an end.
fn hook<R>(mut caller: Caller<'_, Env>, body: impl FnOnce(&mut Host<'_>) -> Result<R, Stop>) -> Result<R, Error> {
    body(&mut Host::new(wasmi::AsContextMut::as_context_mut(&mut caller))).map_err(Error::host)
}
