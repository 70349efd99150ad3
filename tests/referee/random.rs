//! Random bytecode: what nobody thought of.

use crate::{
    assembly::{op, push},
    pair::{Pair, Tx},
};
use alloy_primitives::U256;
use proptest::{
    prelude::*,
    strategy::ValueTree,
    test_runner::{Config, RngAlgorithm, TestRng, TestRunner},
};

const PROGRAMS: usize = 300;

/// The opcodes to choose from: all but jumps, which would seldom lead anywhere, what ends a program at once, and those whose answers
/// `differences.rs` names.
fn opcodes() -> Vec<u8> {
    let named = [op::BLOCKHASH, op::COINBASE, op::NUMBER, op::PREVRANDAO, op::GASLIMIT, op::BLOBBASEFEE];
    let ranges = [
        0x01..=0x0b,
        0x10..=0x1e,
        0x20..=0x20,
        0x30..=0x49,
        0x50..=0x55,
        0x58..=0x5f,
        0x80..=0xa4,
        0xf0..=0xf2,
        0xf4..=0xf5,
        0xfa..=0xfa,
        0xff..=0xff,
    ];
    ranges.into_iter().flatten().filter(|code| !named.contains(code)).collect()
}

/// A piece of a program: a number, small more often than not, or an opcode above enough small numbers.
fn piece() -> impl Strategy<Value = Vec<u8>> {
    let number = prop_oneof![
        4 => (0_u64..128).prop_map(U256::from),
        1 => any::<[u8; 32]>().prop_map(U256::from_be_bytes),
        1 => any::<[u8; 20]>().prop_map(|bytes| U256::from_be_slice(&bytes)),
    ];
    let below = prop::collection::vec((0_u64..96).prop_map(push), 7).prop_map(|numbers| numbers.concat());
    let code = prop::sample::select(opcodes());
    prop_oneof![
        2 => number.prop_map(push),
        5 => (below, code).prop_map(|(numbers, code)| [numbers, vec![code]].concat()),
    ]
}

#[test]
fn random_creations_agree_in_status_gas_logs_and_state() {
    let mut pair = Pair::start();
    let seed = [7; 32];
    let mut runner = TestRunner::new_with_rng(Config::default(), TestRng::from_seed(RngAlgorithm::ChaCha, &seed));
    let programs = prop::collection::vec(piece(), 3..24).prop_map(|pieces| {
        // What it leaves: the first bytes of its memory as code, and its gas in a log.
        let tail = [
            vec![op::GAS, op::PUSH0, op::MSTORE],
            push(32_u64),
            vec![op::PUSH0, op::LOG0],
            push(9_u64),
            vec![op::PUSH0, op::RETURN],
        ];
        [pieces.concat(), tail.concat()].concat()
    });
    let mut succeeded = 0;
    for index in 0..PROGRAMS {
        let program = programs.new_tree(&mut runner).expect("no rejection").current();
        let name = format!("program {index}: {}", alloy_primitives::hex::encode(&program));
        succeeded += usize::from(pair.send(&name, Tx::create(program)).success);
    }
    assert!(
        succeeded >= PROGRAMS / 3,
        "only {succeeded} of {PROGRAMS} programs ran to their end, so little was compared"
    );
}
