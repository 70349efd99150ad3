//! Messages to L1: what `ArbSys` sends, what it burns, and the tree the messages are leaves of.

mod common;

use alloy_primitives::{Address, B256, Bytes, U256, keccak256};
use alloy_sol_types::{SolCall, SolEvent};
use common::*;
use spillway_devnode::{
    BlockRef, CallError, CallRequest, Devnode, Receipt, TxRequest, arbos::precompiles::arb_sys::ArbSys,
};

fn tree(node: &Devnode) -> ArbSys::sendMerkleTreeStateReturn {
    let call = CallRequest::new(ARB_SYS, ArbSys::sendMerkleTreeStateCall {}.abi_encode()).from(Address::ZERO);
    ArbSys::sendMerkleTreeStateCall::abi_decode_returns(&node.call(call).unwrap()).unwrap()
}

fn pair(left: B256, right: B256) -> B256 {
    keccak256([left, right].concat())
}

/// The announcement of a message, and the updates of the tree before it.
fn announced(receipt: &Receipt) -> (ArbSys::L2ToL1Tx, Vec<ArbSys::SendMerkleUpdate>) {
    let (last, before) = receipt.logs.split_last().unwrap();
    let updates = before.iter().map(|log| ArbSys::SendMerkleUpdate::decode_log_data(&log.data).unwrap());
    (ArbSys::L2ToL1Tx::decode_log_data(&last.data).unwrap(), updates.collect())
}

#[test]
fn a_message_is_announced_its_value_is_gone_and_its_hash_is_a_leaf() {
    let mut node = Devnode::builder().l1_block_number(77).build();
    let (user, destination) = (node.accounts()[0].address, Address::repeat_byte(0x1a));
    let data = Bytes::from_static(b"to L1");
    let call = ArbSys::sendTxToL1Call { destination, data: data.clone() }.abi_encode();
    let before = node.balance(user);
    let receipt = send_value(&mut node, ARB_SYS, call.clone(), U256::from(5));
    assert!(receipt.success, "{receipt:?}");
    assert_eq!(receipt.output[..], [0; 32]);
    let (message, updates) = announced(&receipt);
    assert!(updates.is_empty());
    // The sender, the destination, the blocks of both chains, the time, the value and the data.
    let figures = [1, 77, node.time_secs(), 5].map(|figure| U256::from(figure).to_be_bytes::<32>());
    let hash = keccak256([user.as_slice(), destination.as_slice(), figures.as_flattened(), &data].concat());
    assert_eq!(
        message,
        ArbSys::L2ToL1Tx {
            caller: user,
            destination,
            hash: hash.into(),
            position: U256::ZERO,
            arbBlockNum: U256::from(1),
            ethBlockNum: U256::from(77),
            timestamp: U256::from(node.time_secs()),
            callvalue: U256::from(5),
            data,
        }
    );
    // Nobody has the value any more.
    assert_eq!(node.balance(ARB_SYS), U256::ZERO);
    let gas_wei = U256::from(receipt.gas_used * receipt.effective_gas_price_wei);
    assert_eq!(before - node.balance(user), gas_wei + U256::from(5));
    let leaf = keccak256(hash);
    assert_eq!(
        tree(&node),
        ArbSys::sendMerkleTreeStateReturn { size: U256::from(1), root: leaf, partials: vec![leaf] }
    );
    // State, four words of arguments, the L1 block, hashing 173 bytes; the count read twice and written, the leaf hashed and written; an
    // event of four topics and eight words; a word of result.
    let own = 800 + 3 * 4 + 800 + (30 + 6 * 6) + 2 * 800 + 2 * 20_000 + 36 + 375 * 5 + 8 * 8 * 32 + 3;
    assert_eq!(own_gas(&receipt, &call), own);
}

#[test]
fn a_withdrawal_is_a_message_without_data() {
    let mut node = Devnode::default();
    let destination = Address::repeat_byte(0x1a);
    let withdrawal = ArbSys::withdrawEthCall { destination }.abi_encode();
    let (message, _) = announced(&send_value(&mut node, ARB_SYS, withdrawal, ETHER));
    assert_eq!((message.destination, message.callvalue, message.data), (destination, ETHER, Bytes::new()));
}

#[test]
fn messages_join_into_a_tree_whose_root_is_in_the_headers() {
    let mut node = Devnode::default();
    let header = |node: &Devnode| {
        let block = node.block(BlockRef::Latest).unwrap();
        (block.send_count(), B256::from_slice(&block.header.extra_data))
    };
    node.mine(1);
    assert_eq!(header(&node), (0, B256::ZERO));
    let mut leaves = Vec::new();
    let level = |level: u64, leaf: u64| U256::from(level) << 192 | U256::from(leaf);
    for number in 0..4u64 {
        let call = ArbSys::sendTxToL1Call { destination: Address::repeat_byte(1), data: vec![number as u8].into() };
        let receipt = send(&mut node, ARB_SYS, call.abi_encode());
        assert_eq!(U256::from_be_slice(&receipt.output), U256::from(number));
        let (message, updates) = announced(&receipt);
        assert_eq!(message.position, U256::from(number));
        leaves.push(keccak256(message.hash.to_be_bytes::<32>()));
        let found: Vec<_> = updates.iter().map(|update| (update.position, update.hash)).collect();
        assert!(updates.iter().all(|update| update.reserved.is_zero()));
        let expected = match &leaves[..] {
            [a, b] => vec![(level(1, 1), pair(*a, *b))],
            [a, b, c, d] => {
                let (left, right) = (pair(*a, *b), pair(*c, *d));
                vec![(level(1, 3), right), (level(2, 3), pair(left, right))]
            }
            _ => vec![],
        };
        assert_eq!(found, expected, "{number}");
        let root = match &leaves[..] {
            [a] => *a,
            [a, b] => pair(*a, *b),
            [a, b, c] => pair(pair(*a, *b), pair(*c, B256::ZERO)),
            [a, b, c, d] => pair(pair(*a, *b), pair(*c, *d)),
            _ => unreachable!(),
        };
        let tree = tree(&node);
        assert_eq!((tree.size, tree.root), (U256::from(number + 1), root));
        assert_eq!(header(&node), (number + 1, root));
    }
    assert_eq!(tree(&node).partials[..2], [B256::ZERO; 2]);
}

#[test]
fn only_nobody_may_ask_for_the_tree_and_a_message_that_reverts_was_not_sent() {
    let mut node = Devnode::default();
    let user = node.accounts()[0].address;
    let data = ArbSys::sendMerkleTreeStateCall {}.abi_encode();
    let asked = node.call(CallRequest::new(ARB_SYS, data).from(user));
    assert_eq!(asked, Err(CallError::Revert { data: Bytes::new(), reason: None }));
    let mut code = forwarder(Kind::Call).to_vec();
    *code.last_mut().unwrap() = 0xfd;
    let undoing = Address::repeat_byte(0xdd);
    node.set_code(undoing, code);
    let withdrawal = forward(ARB_SYS, ArbSys::withdrawEthCall { destination: user }.abi_encode());
    let receipt = node.transact(TxRequest::new(user).to(undoing).data(withdrawal).value(ETHER).gas(GAS)).unwrap();
    assert_eq!((receipt.success, receipt.output[31]), (false, 1));
    assert_eq!(tree(&node).size, U256::ZERO);
    assert_eq!((node.balance(undoing), node.balance(ARB_SYS)), (U256::ZERO, U256::ZERO));
}
