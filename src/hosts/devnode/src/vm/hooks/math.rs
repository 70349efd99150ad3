//! Arithmetic on 256 bits; each function replaces its first operand by the result.

use revm::primitives::U256;
use wasmi::{Caller, Linker, errors::LinkerError};

use super::{VM_HOOKS, hook};
use crate::{
    vm::{
        env::{Env, Stop},
        host::Host,
    },
    wasm::price::{ADDMOD, DIV, HOSTIO, MULMOD, PTR, pow_ink},
};

const DIV_INK: u64 = HOSTIO + 3 * PTR + DIV;
const POW_INK: u64 = HOSTIO + 3 * PTR;
const ADD_MOD_INK: u64 = HOSTIO + 4 * PTR + ADDMOD;
const MUL_MOD_INK: u64 = HOSTIO + 4 * PTR + MULMOD;

pub(super) fn link(linker: &mut Linker<Env>) -> Result<(), LinkerError> {
    binary(linker, "math_div", |a, b| a.checked_div(b).unwrap_or_default())?;
    binary(linker, "math_mod", |a, b| a.checked_rem(b).unwrap_or_default())?;
    linker
        .func_wrap(VM_HOOKS, "math_pow", |c: Caller<'_, Env>, a: u32, b: u32| hook(c, |host| math_pow(host, a, b)))?;
    // A modulus of zero gives zero in both.
    modular(linker, "math_add_mod", ADD_MOD_INK, U256::add_mod)?;
    modular(linker, "math_mul_mod", MUL_MOD_INK, U256::mul_mod)
}

fn binary(linker: &mut Linker<Env>, name: &'static str, operation: fn(U256, U256) -> U256) -> Result<(), LinkerError> {
    linker.func_wrap(VM_HOOKS, name, move |c: Caller<'_, Env>, a_ptr: u32, b_ptr: u32| {
        hook(c, |host: &mut Host<'_>| -> Result<(), Stop> {
            let start = host.begin(DIV_INK)?;
            let (a, b) = (host.read_number(a_ptr)?, host.read_number(b_ptr)?);
            finish(host, name, start, a_ptr, &[a, b], operation(a, b))
        })
    })?;
    Ok(())
}

fn math_pow(host: &mut Host<'_>, a_ptr: u32, b_ptr: u32) -> Result<(), Stop> {
    let start = host.begin(POW_INK)?;
    let (a, b) = (host.read_number(a_ptr)?, host.read_number(b_ptr)?);
    host.buy(pow_ink(&b.to_be_bytes()))?;
    finish(host, "math_pow", start, a_ptr, &[a, b], a.wrapping_pow(b))
}

fn modular(
    linker: &mut Linker<Env>,
    name: &'static str,
    ink: u64,
    operation: fn(U256, U256, U256) -> U256,
) -> Result<(), LinkerError> {
    linker.func_wrap(VM_HOOKS, name, move |c: Caller<'_, Env>, a_ptr: u32, b_ptr: u32, m_ptr: u32| {
        hook(c, |host: &mut Host<'_>| -> Result<(), Stop> {
            let start = host.begin(ink)?;
            let a = host.read_number(a_ptr)?;
            let (b, m) = (host.read_number(b_ptr)?, host.read_number(m_ptr)?);
            finish(host, name, start, a_ptr, &[a, b, m], operation(a, b, m))
        })
    })?;
    Ok(())
}

fn finish(
    host: &mut Host<'_>,
    name: &'static str,
    start: u64,
    ptr: u32,
    operands: &[U256],
    result: U256,
) -> Result<(), Stop> {
    host.write_number(ptr, result)?;
    let args: Vec<[u8; 32]> = operands.iter().map(|operand| operand.to_be_bytes()).collect();
    host.record(name, start, &[&args.concat()], &[&result.to_be_bytes::<32>()]);
    Ok(())
}
