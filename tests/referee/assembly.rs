//! A small assembler: bytecode as a list of pieces, and programs that report every word they compute.

use alloy_primitives::{Address, U256};

/// Opcodes by the names of the Yellow Paper and the EIPs that added them.
pub(crate) mod op {
    pub(crate) const STOP: u8 = 0x00;
    pub(crate) const ADD: u8 = 0x01;
    pub(crate) const ADDMOD: u8 = 0x08;
    pub(crate) const MULMOD: u8 = 0x09;
    pub(crate) const SIGNEXTEND: u8 = 0x0b;
    pub(crate) const LT: u8 = 0x10;
    pub(crate) const ISZERO: u8 = 0x15;
    pub(crate) const NOT: u8 = 0x19;
    pub(crate) const SAR: u8 = 0x1d;
    pub(crate) const CLZ: u8 = 0x1e;
    pub(crate) const KECCAK256: u8 = 0x20;
    pub(crate) const ADDRESS: u8 = 0x30;
    pub(crate) const BALANCE: u8 = 0x31;
    pub(crate) const ORIGIN: u8 = 0x32;
    pub(crate) const CALLER: u8 = 0x33;
    pub(crate) const CALLVALUE: u8 = 0x34;
    pub(crate) const CALLDATALOAD: u8 = 0x35;
    pub(crate) const CALLDATASIZE: u8 = 0x36;
    pub(crate) const CALLDATACOPY: u8 = 0x37;
    pub(crate) const CODESIZE: u8 = 0x38;
    pub(crate) const CODECOPY: u8 = 0x39;
    pub(crate) const GASPRICE: u8 = 0x3a;
    pub(crate) const EXTCODESIZE: u8 = 0x3b;
    pub(crate) const EXTCODECOPY: u8 = 0x3c;
    pub(crate) const RETURNDATASIZE: u8 = 0x3d;
    pub(crate) const RETURNDATACOPY: u8 = 0x3e;
    pub(crate) const EXTCODEHASH: u8 = 0x3f;
    pub(crate) const BLOCKHASH: u8 = 0x40;
    pub(crate) const COINBASE: u8 = 0x41;
    pub(crate) const TIMESTAMP: u8 = 0x42;
    pub(crate) const NUMBER: u8 = 0x43;
    pub(crate) const PREVRANDAO: u8 = 0x44;
    pub(crate) const GASLIMIT: u8 = 0x45;
    pub(crate) const CHAINID: u8 = 0x46;
    pub(crate) const SELFBALANCE: u8 = 0x47;
    pub(crate) const BASEFEE: u8 = 0x48;
    pub(crate) const BLOBHASH: u8 = 0x49;
    pub(crate) const BLOBBASEFEE: u8 = 0x4a;
    pub(crate) const POP: u8 = 0x50;
    pub(crate) const MLOAD: u8 = 0x51;
    pub(crate) const MSTORE: u8 = 0x52;
    pub(crate) const MSTORE8: u8 = 0x53;
    pub(crate) const SLOAD: u8 = 0x54;
    pub(crate) const SSTORE: u8 = 0x55;
    pub(crate) const PC: u8 = 0x58;
    pub(crate) const MSIZE: u8 = 0x59;
    pub(crate) const GAS: u8 = 0x5a;
    pub(crate) const JUMPDEST: u8 = 0x5b;
    pub(crate) const TLOAD: u8 = 0x5c;
    pub(crate) const TSTORE: u8 = 0x5d;
    pub(crate) const MCOPY: u8 = 0x5e;
    pub(crate) const PUSH0: u8 = 0x5f;
    pub(crate) const DUP1: u8 = 0x80;
    pub(crate) const SWAP1: u8 = 0x90;
    pub(crate) const LOG0: u8 = 0xa0;
    pub(crate) const CREATE: u8 = 0xf0;
    pub(crate) const CALL: u8 = 0xf1;
    pub(crate) const CALLCODE: u8 = 0xf2;
    pub(crate) const RETURN: u8 = 0xf3;
    pub(crate) const DELEGATECALL: u8 = 0xf4;
    pub(crate) const CREATE2: u8 = 0xf5;
    pub(crate) const STATICCALL: u8 = 0xfa;
    pub(crate) const REVERT: u8 = 0xfd;
    pub(crate) const INVALID: u8 = 0xfe;
    pub(crate) const SELFDESTRUCT: u8 = 0xff;
}

/// Pushes a number with the shortest PUSH that holds it.
pub(crate) fn push(number: impl TryInto<U256>) -> Vec<u8> {
    let Ok(number) = number.try_into() else { panic!("a number of 256 bits") };
    let bytes = number.to_be_bytes_trimmed_vec();
    let code = op::PUSH0 + u8::try_from(bytes.len()).expect("at most 32");
    [vec![code], bytes].concat()
}

/// Pushes an address.
pub(crate) fn push_address(address: Address) -> Vec<u8> {
    [vec![op::PUSH0 + 20], address.to_vec()].concat()
}

/// Operands, the last pushed first so that the first lies on top, and the opcode that takes them.
pub(crate) fn apply(code: u8, operands: &[U256]) -> Vec<u8> {
    let mut bytes: Vec<u8> = operands.iter().rev().flat_map(|operand| push(*operand)).collect();
    bytes.push(code);
    bytes
}

/// Init code that leaves `runtime` on the chain.
pub(crate) fn deployer(runtime: &[u8]) -> Vec<u8> {
    let length = u16::try_from(runtime.len()).expect("the code is short").to_be_bytes();
    [&[0x61, length[0], length[1], 0x80, 0x60, 0x0a, 0x3d, 0x39, 0x3d, 0xf3], runtime].concat()
}

/// Code that runs each piece, which leaves one word, and then stores a hash of all words, logs them and returns them.
pub(crate) fn report<'a>(pieces: impl IntoIterator<Item = &'a Vec<u8>>) -> Vec<u8> {
    let mut code = Vec::new();
    let mut size = 0_usize;
    for piece in pieces {
        code.extend_from_slice(piece);
        code.extend(push(REPORT_AT + size));
        code.push(op::MSTORE);
        size += 32;
    }
    let span = [push(size), push(REPORT_AT)].concat();
    code.extend([span.clone(), vec![op::KECCAK256, op::PUSH0, op::SSTORE]].concat());
    code.extend([span.clone(), vec![op::LOG0]].concat());
    code.extend([span, vec![op::RETURN]].concat());
    code
}

/// Where in memory the reported words lie; pieces may use what is below.
const REPORT_AT: usize = 0x400;
