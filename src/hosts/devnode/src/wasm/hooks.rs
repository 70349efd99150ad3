//! The host functions that a program may import, with their exact types.

use wasmparser::ValType::{self, F32, F64, I32, I64};

/// Module that a program imports the chain's host functions from.
pub const VM_HOOKS: &str = "vm_hooks";
/// The host function that charges for new pages before they are asked for.
pub const PAY_FOR_MEMORY_GROW: &str = "pay_for_memory_grow";

/// One importable function.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Hook {
    /// Module part of the import.
    pub module: &'static str,
    /// Name part of the import.
    pub name: &'static str,
    /// Types of the parameters.
    pub parameters: &'static [ValType],
    /// Types of the results, none or one.
    pub results: &'static [ValType],
}

const fn vm(name: &'static str, parameters: &'static [ValType], results: &'static [ValType]) -> Hook {
    Hook { module: VM_HOOKS, name, parameters, results }
}

const fn console(name: &'static str, parameters: &'static [ValType], results: &'static [ValType]) -> Hook {
    Hook { module: "console", name, parameters, results }
}

const fn debug(name: &'static str) -> Hook {
    Hook { module: "debug", name, parameters: &[], results: &[] }
}

/// The 42 functions every chain offers.
pub const CHAIN_HOOKS: [Hook; 42] = [
    vm("read_args", &[I32], &[]),
    vm("write_result", &[I32, I32], &[]),
    vm("exit_early", &[I32], &[]),
    vm("storage_load_bytes32", &[I32, I32], &[]),
    vm("storage_cache_bytes32", &[I32, I32], &[]),
    vm("storage_flush_cache", &[I32], &[]),
    vm("transient_load_bytes32", &[I32, I32], &[]),
    vm("transient_store_bytes32", &[I32, I32], &[]),
    vm("call_contract", &[I32, I32, I32, I32, I64, I32], &[I32]),
    vm("delegate_call_contract", &[I32, I32, I32, I64, I32], &[I32]),
    vm("static_call_contract", &[I32, I32, I32, I64, I32], &[I32]),
    vm("create1", &[I32, I32, I32, I32, I32], &[]),
    vm("create2", &[I32, I32, I32, I32, I32, I32], &[]),
    vm("read_return_data", &[I32, I32, I32], &[I32]),
    vm("return_data_size", &[], &[I32]),
    vm("emit_log", &[I32, I32, I32], &[]),
    vm("account_balance", &[I32, I32], &[]),
    vm("account_code", &[I32, I32, I32, I32], &[I32]),
    vm("account_code_size", &[I32], &[I32]),
    vm("account_codehash", &[I32, I32], &[]),
    vm("evm_gas_left", &[], &[I64]),
    vm("evm_ink_left", &[], &[I64]),
    vm("block_basefee", &[I32], &[]),
    vm("chainid", &[], &[I64]),
    vm("block_coinbase", &[I32], &[]),
    vm("block_gas_limit", &[], &[I64]),
    vm("block_number", &[], &[I64]),
    vm("block_timestamp", &[], &[I64]),
    vm("contract_address", &[I32], &[]),
    vm("math_div", &[I32, I32], &[]),
    vm("math_mod", &[I32, I32], &[]),
    vm("math_pow", &[I32, I32], &[]),
    vm("math_add_mod", &[I32, I32, I32], &[]),
    vm("math_mul_mod", &[I32, I32, I32], &[]),
    vm("msg_reentrant", &[], &[I32]),
    vm("msg_sender", &[I32], &[]),
    vm("msg_value", &[I32], &[]),
    vm("native_keccak256", &[I32, I32, I32], &[]),
    vm("tx_gas_price", &[I32], &[]),
    vm("tx_ink_price", &[], &[I32]),
    vm("tx_origin", &[I32], &[]),
    vm(PAY_FOR_MEMORY_GROW, &[I32], &[]),
];

/// The functions that only a debug chain offers; they cost nothing.
pub const DEBUG_HOOKS: [Hook; 12] = [
    console("log_txt", &[I32, I32], &[]),
    console("log_i32", &[I32], &[]),
    console("log_i64", &[I64], &[]),
    console("log_f32", &[F32], &[]),
    console("log_f64", &[F64], &[]),
    console("tee_i32", &[I32], &[I32]),
    console("tee_i64", &[I64], &[I64]),
    console("tee_f32", &[F32], &[F32]),
    console("tee_f64", &[F64], &[F64]),
    debug("null_host"),
    debug("start_benchmark"),
    debug("end_benchmark"),
];

/// The hook of that name, if a chain offers it; `on_debug_chain` adds [`DEBUG_HOOKS`].
pub fn find(module: &str, name: &str, on_debug_chain: bool) -> Option<&'static Hook> {
    let debug_hooks: &'static [Hook] = if on_debug_chain { &DEBUG_HOOKS } else { &[] };
    CHAIN_HOOKS.iter().chain(debug_hooks).find(|hook| hook.module == module && hook.name == name)
}
