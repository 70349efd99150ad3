//! What several tests of the chain share: addresses, a forwarding contract, gas of calldata, and programs.
#![allow(dead_code, reason = "each test file uses its own part")]

pub(crate) mod served;

use alloy_primitives::{Address, Bytes, U256, address, hex};
use alloy_sol_types::SolCall;
use spillway_devnode::{Devnode, Receipt, TxRequest, wasm::format};

pub(crate) const ARB_SYS: Address = address!("0000000000000000000000000000000000000064");
pub(crate) const ARB_INFO: Address = address!("0000000000000000000000000000000000000065");
pub(crate) const ARBOS_TEST: Address = address!("0000000000000000000000000000000000000069");
pub(crate) const ARB_OWNER_PUBLIC: Address = address!("000000000000000000000000000000000000006b");
pub(crate) const ARB_GAS_INFO: Address = address!("000000000000000000000000000000000000006c");
pub(crate) const ARB_STATISTICS: Address = address!("000000000000000000000000000000000000006f");
pub(crate) const ARB_OWNER: Address = address!("0000000000000000000000000000000000000070");
pub(crate) const ARB_WASM: Address = address!("0000000000000000000000000000000000000071");
pub(crate) const ARB_WASM_CACHE: Address = address!("0000000000000000000000000000000000000072");
pub(crate) const ARB_DEBUG: Address = address!("00000000000000000000000000000000000000ff");

/// Gas limit of the tests' transactions.
pub(crate) const GAS: u64 = 5_000_000;

/// Reads the calldata and writes it back; 187 bytes when assembled.
pub(crate) const WRITE_ARGS: &str = r#"(module
    (import "vm_hooks" "pay_for_memory_grow" (func (param i32)))
    (import "vm_hooks" "read_args" (func (param i32)))
    (import "vm_hooks" "write_result" (func (param i32 i32)))
    (func (export "user_entrypoint") (param $calldata_len i32) (result i32)
        i32.const 0
        call 1
        i32.const 0
        local.get $calldata_len
        call 2
        i32.const 0)
    (memory (export "memory") 1))"#;

/// How the forwarder calls.
#[derive(Clone, Copy)]
pub(crate) enum Kind {
    Call,
    Delegate,
    Static,
}

/// Runtime code that calls the address in the first 20 bytes of its calldata with the rest, all its gas and, in a plain call, its value.
/// It returns a word that says whether the call succeeded, then what the call returned.
pub(crate) fn forwarder(kind: Kind) -> Bytes {
    let head = hex!("601436038060145f375f5f825f");
    let target = hex!("5f3560601c5a");
    let tail = hex!("5f523d5f60203e3d6020015ff3");
    let (value, opcode): (&[u8], u8) = match kind {
        Kind::Call => (&[0x34], 0xf1),
        Kind::Delegate => (&[], 0xf4),
        Kind::Static => (&[], 0xfa),
    };
    [&head[..], value, &target, &[opcode], &tail].concat().into()
}

/// Puts a forwarder on the chain.
pub(crate) fn put_forwarder(node: &mut Devnode, kind: Kind) -> Address {
    let at = Address::repeat_byte(0xf0 | kind as u8);
    node.set_code(at, forwarder(kind));
    at
}

/// Calldata for a forwarder.
pub(crate) fn forward(to: Address, data: impl AsRef<[u8]>) -> Bytes {
    [to.as_slice(), data.as_ref()].concat().into()
}

/// Gas of a transaction before it runs: 21 000, 4 for a zero byte of calldata and 16 for another.
pub(crate) fn intrinsic_gas(data: &[u8]) -> u64 {
    21_000 + data.iter().map(|byte| if *byte == 0 { 4 } else { 16 }).sum::<u64>()
}

/// Sends a call of a precompile from the first account.
pub(crate) fn send(node: &mut Devnode, to: Address, data: impl Into<Bytes>) -> Receipt {
    send_value(node, to, data, U256::ZERO)
}

pub(crate) fn send_value(node: &mut Devnode, to: Address, data: impl Into<Bytes>, value: U256) -> Receipt {
    let from = node.accounts()[0].address;
    node.transact(TxRequest::new(from).to(to).data(data).value(value).gas(GAS)).unwrap()
}

/// Sends as the owner of the chain.
pub(crate) fn send_as_owner(node: &mut Devnode, to: Address, call: impl SolCall) -> Receipt {
    let from = node.dev_account();
    node.transact(TxRequest::new(from).to(to).data(call.abi_encode()).gas(GAS)).unwrap()
}

/// What a precompile itself used in a transaction.
pub(crate) fn own_gas(receipt: &Receipt, data: &[u8]) -> u64 {
    receipt.gas_used - intrinsic_gas(data)
}

/// Puts exactly these bytes on the chain as a program, not activated.
pub(crate) fn put_program(node: &mut Devnode, wasm: &[u8]) -> Address {
    let from = node.accounts()[0].address;
    let init_code = format::init_code(&format::program_code(wasm));
    node.deploy(from, init_code, U256::ZERO).unwrap().contract_address.unwrap()
}

/// Assembles a module.
pub(crate) fn wasm(text: &str) -> Vec<u8> {
    wat::parse_str(text).unwrap()
}

pub(crate) const ETHER: U256 = U256::from_limbs([1_000_000_000_000_000_000, 0, 0, 0]);
