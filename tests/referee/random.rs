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

const PROGRAMS: usize = 150;

/// Opcodes whose answers `differences.rs` names; everything else may appear.
const NAMED: [u8; 6] = [op::BLOCKHASH, op::COINBASE, op::NUMBER, op::PREVRANDAO, op::GASLIMIT, op::BLOBBASEFEE];

/// A piece of a program: a number, small more often than not, or an opcode with numbers below it that make it likely to get somewhere.
fn piece() -> impl Strategy<Value = Vec<u8>> {
    let number = prop_oneof![
        4 => (0_u64..128).prop_map(U256::from),
        1 => any::<[u8; 32]>().prop_map(U256::from_be_bytes),
        1 => any::<[u8; 20]>().prop_map(|bytes| U256::from_be_slice(&bytes)),
    ];
    let small = prop::collection::vec((0_u64..96).prop_map(push), 0..8).prop_map(|numbers| numbers.concat());
    let code = any::<u8>().prop_filter("it is a named difference, or ends the program at once", |code| {
        !NAMED.contains(code) && ![op::STOP, op::RETURN, op::REVERT, op::INVALID].contains(code) && (0x01..=0xf5).contains(code)
    });
    prop_oneof![
        3 => number.prop_map(push),
        5 => (small, code).prop_map(|(numbers, code)| [numbers, vec![code]].concat()),
        1 => Just(vec![op::JUMPDEST]),
    ]
}

#[test]
fn random_creations_agree_in_status_gas_logs_and_state() {
    let mut pair = Pair::start();
    let seed = [7; 32];
    let mut runner = TestRunner::new_with_rng(Config::default(), TestRng::from_seed(RngAlgorithm::ChaCha, &seed));
    let programs = prop::collection::vec(piece(), 5..60).prop_map(|pieces| {
        // What it leaves: the first bytes of its memory as code, and its gas in a log.
        let tail = [vec![op::GAS, op::PUSH0, op::MSTORE], push(32_u64), vec![op::PUSH0, op::LOG0], push(9_u64), vec![op::PUSH0, op::RETURN]];
        [pieces.concat(), tail.concat()].concat()
    });
    let mut succeeded = 0;
    for index in 0..PROGRAMS {
        let program = programs.new_tree(&mut runner).expect("no rejection").current();
        let name = format!("program {index}: {}", alloy_primitives::hex::encode(&program));
        succeeded += usize::from(pair.send(&name, Tx::create(program)).success);
    }
    assert!(succeeded >= PROGRAMS / 10, "only {succeeded} of {PROGRAMS} programs ran to their end, so little was compared");
}
