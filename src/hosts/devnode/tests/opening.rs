//! The transaction that opens a block, on a node that was made to put it there.

mod common;

use alloy_consensus::{Transaction, Typed2718};
use alloy_eips::eip2718::Encodable2718;
use alloy_primitives::{U256, keccak256};
use alloy_sol_types::SolCall;
use common::*;
use spillway_devnode::{
    CallError, CallRequest, Devnode, TxRequest, arbos::precompiles::arbos_acts::ArbosActs, chain::internal::ARBOS,
};

fn node() -> Devnode {
    Devnode::builder().internal_transactions(true).l1_block_number(7).build()
}

#[test]
fn every_block_opens_with_a_transaction_of_arbos_that_uses_no_gas() {
    let mut node = node();
    let alice = node.accounts()[0].address;
    let sent = node.transact(TxRequest::new(alice).to(alice)).unwrap();
    node.mine(1);
    for number in [1, 2] {
        let block = node.block(number).unwrap();
        let opening = node.transaction(block.transactions[0]).unwrap();
        assert_eq!((opening.from, opening.envelope.to(), opening.envelope.ty()), (ARBOS, Some(ARBOS), 0x6a));
        assert_eq!(opening.hash, keccak256(opening.envelope.encoded_2718()));
        let start = ArbosActs::startBlockCall::abi_decode(opening.envelope.input()).unwrap();
        assert_eq!((start.l1BlockNumber, start.l2BlockNumber, start.timePassed), (7, number, 1));
        let receipt = node.receipt(opening.hash).unwrap();
        assert_eq!((receipt.success, receipt.gas_used, receipt.tx_type, receipt.transaction_index), (true, 0, 0x6a, 0));
        assert!(receipt.logs.is_empty());
    }
    let block = node.block(1).unwrap();
    assert_eq!(block.transactions.len(), 2);
    assert_eq!((sent.transaction_index, sent.cumulative_gas_used, block.header.gas_used), (1, 21_000, 21_000));
    // Nobody pays for it, and the account of ArbOS has sent nothing.
    assert_eq!((node.nonce(ARBOS), node.balance(ARBOS)), (1, U256::ZERO));
}

#[test]
fn blocks_have_none_unless_they_are_asked_to() {
    let mut node = Devnode::default();
    let alice = node.accounts()[0].address;
    let sent = node.transact(TxRequest::new(alice).to(alice)).unwrap();
    assert_eq!(node.block(1).unwrap().transactions, [sent.transaction_hash]);
}

#[test]
fn it_can_be_traced_and_what_follows_it_too() {
    let mut node = node();
    let program = put_program(&mut node, &wasm(WRITE_ARGS));
    node.activate(program).unwrap();
    let alice = node.accounts()[0].address;
    let sent = node.transact(TxRequest::new(alice).to(program).data(vec![1])).unwrap();
    let names: Vec<String> = node.trace(sent.transaction_hash).unwrap().into_iter().map(|step| step.name).collect();
    assert_eq!(names, ["user_entrypoint", "read_args", "write_result", "user_returned"]);
    let opening = node.block(sent.block_number).unwrap().transactions[0];
    let frame = node.trace_frames(opening).unwrap();
    assert_eq!((frame.from, frame.to), (ARBOS, Some(ARBOS)));
}

#[test]
fn a_dumped_chain_with_such_transactions_loads_and_goes_on_alike() {
    let mut first = node();
    let alice = first.accounts()[0].address;
    first.transact(TxRequest::new(alice).to(alice)).unwrap();
    let mut second = node();
    second.load_state(&first.dump_state()).unwrap();
    for node in [&mut first, &mut second] {
        node.transact(TxRequest::new(alice).to(alice)).unwrap();
    }
    assert_eq!(first.block(2).unwrap(), second.block(2).unwrap());
    assert_eq!(first.block(1).unwrap(), second.block(1).unwrap());
}

#[test]
fn only_arbos_starts_blocks() {
    let node = node();
    let call = ArbosActs::startBlockCall { l1BaseFee: U256::ZERO, l1BlockNumber: 1, l2BlockNumber: 1, timePassed: 1 };
    let asked = node.call(CallRequest::new(ARBOS, call.abi_encode()));
    assert!(matches!(asked, Err(CallError::Revert { reason: Some(reason), .. }) if reason == "error CallerNotArbOS()"));
}
