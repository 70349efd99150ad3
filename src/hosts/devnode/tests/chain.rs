//! The chain itself: transactions let in and refused, blocks, receipts, history, the clock and snapshots.

mod common;

use alloy_consensus::{TxEip1559, TxEip2930, TxEip7702, TxLegacy, TypedTransaction};
use alloy_eips::{eip2718::Encodable2718, eip7702::Authorization};
use alloy_primitives::{Address, B256, Bytes, TxKind, U256, address, hex, keccak256};
use common::*;
use spillway_devnode::{
    AccountOverride, BlockOverrides, BlockRef, CallError, CallRequest, DevAccount, Devnode, LogFilter, SnapshotId,
    TimeError, TraceError, TxError, TxRequest, UnknownBlock,
};

const BOB: Address = Address::repeat_byte(0xb0);

/// Runtime code that logs one topic (its first calldata word) and stores that word at slot 0.
const LOGGER: [u8; 9] = hex!("5f35805f555f5fa100");

fn transfer(nonce: u64) -> TxEip1559 {
    TxEip1559 {
        chain_id: 412_346,
        nonce,
        gas_limit: 21_000,
        max_fee_per_gas: 200_000_000,
        max_priority_fee_per_gas: 0,
        to: TxKind::Call(BOB),
        value: U256::from(1),
        ..TxEip1559::default()
    }
}

fn raw(account: &DevAccount, transaction: impl Into<TypedTransaction>) -> Vec<u8> {
    account.sign(transaction.into()).unwrap().encoded_2718()
}

fn alice(node: &Devnode) -> DevAccount {
    node.accounts()[0].clone()
}

fn put_logger(node: &mut Devnode) -> Address {
    let at = Address::repeat_byte(0x10);
    node.set_code(at, LOGGER);
    at
}

fn word(value: u64) -> Vec<u8> {
    U256::from(value).to_be_bytes_vec()
}

#[test]
fn the_development_accounts_are_the_well_known_ones_and_rich() {
    let node = Devnode::default();
    let first = address!("f39Fd6e51aad88F6F4ce6aB8827279cffFb92266");
    let last = address!("a0Ee7A142d267C1f36714E4a8F75612F20a79720");
    let addresses: Vec<_> = node.accounts().iter().map(|account| account.address).collect();
    assert_eq!((addresses.len(), addresses[0], addresses[9], addresses[10]), (11, first, last, node.dev_account()));
    let rest = [
        address!("70997970C51812dc3A010C7d01b50e0d17dc79C8"),
        address!("3C44CdDdB6a900fa2b585dd299e03d12FA4293BC"),
        address!("90F79bf6EB2c4f870365E785982E1f101E93b906"),
        address!("15d34AAf54267DB7D7c367839AAf71A00a2C6A65"),
        address!("9965507D1a55bcC2695C58ba16FB37d819B0A4dc"),
        address!("976EA74026E726554dB657fA54763abd0C3a0aa9"),
        address!("14dC79964da2C08b23698B3D3cc7Ca32193d9955"),
        address!("23618e81E3f5cdF7f54C3d65f7FBc0aBf5B21E8f"),
    ];
    assert_eq!(addresses[1..9], rest);
    assert!(addresses.iter().all(|account| node.balance(*account) == U256::from(10_000) * ETHER));
}

#[test]
fn signed_transactions_of_every_type_are_taken() {
    let mut node = Devnode::default();
    let alice = alice(&node);
    let legacy = TxLegacy {
        chain_id: Some(412_346),
        nonce: 0,
        gas_price: 100_000_000,
        gas_limit: 21_000,
        to: BOB.into(),
        value: U256::from(1),
        input: Bytes::new(),
    };
    let unprotected = TxLegacy { chain_id: None, nonce: 1, ..legacy.clone() };
    let listed = TxEip2930 {
        chain_id: 412_346,
        nonce: 2,
        gas_price: 100_000_000,
        gas_limit: 21_000,
        to: BOB.into(),
        value: U256::from(1),
        ..TxEip2930::default()
    };
    let types: Vec<_> = [raw(&alice, legacy), raw(&alice, unprotected), raw(&alice, listed), raw(&alice, transfer(3))]
        .into_iter()
        .map(|bytes| {
            let hash = node.send_raw(&bytes).unwrap();
            assert_eq!(hash, keccak256(&bytes));
            let receipt = node.receipt(hash).unwrap();
            assert!(receipt.success);
            (receipt.tx_type, receipt.block_number)
        })
        .collect();
    assert_eq!(types, [(0, 1), (0, 2), (1, 3), (2, 4)]);
    assert_eq!(node.balance(BOB), U256::from(4));
    assert_eq!(node.transaction(node.block(4).unwrap().transactions[0]).unwrap().from, alice.address);
}

#[test]
fn an_account_delegates_to_a_contract() {
    let mut node = Devnode::default();
    let (alice, carol) = (alice(&node), node.accounts()[2].clone());
    let logger = put_logger(&mut node);
    let authorization = Authorization { chain_id: U256::from(412_346), address: logger, nonce: 0 };
    let signature = carol.sign_hash(authorization.signature_hash()).unwrap();
    let transaction = TxEip7702 {
        chain_id: 412_346,
        nonce: 0,
        gas_limit: 200_000,
        max_fee_per_gas: 100_000_000,
        to: carol.address,
        authorization_list: vec![authorization.into_signed(signature)],
        input: word(9).into(),
        ..TxEip7702::default()
    };
    let hash = node.send_raw(&raw(&alice, transaction)).unwrap();
    assert_eq!(node.receipt(hash).unwrap().tx_type, 4);
    assert_eq!(node.storage(carol.address, U256::ZERO), U256::from(9));
    assert_eq!(node.code(carol.address)[..], [&hex!("ef0100")[..], logger.as_slice()].concat());
}

#[test]
fn refused_transactions_are_named_and_change_nothing() {
    let mut node = Devnode::default();
    let alice = alice(&node);
    let address = alice.address;
    node.transact(TxRequest::new(address).to(BOB)).unwrap();
    let poor = DevAccount::from_key(B256::repeat_byte(7)).unwrap();
    let cases: Vec<(Vec<u8>, TxError)> = vec![
        (raw(&alice, transfer(0)), TxError::NonceTooLow { address, given: 0, expected: 1 }),
        (raw(&alice, transfer(5)), TxError::NonceTooHigh { address, given: 5, expected: 1 }),
        (raw(&alice, TxEip1559 { chain_id: 1, ..transfer(1) }), TxError::WrongChain { given: 1, expected: 412_346 }),
        (
            raw(&alice, TxEip1559 { max_fee_per_gas: 99_999_999, ..transfer(1) }),
            TxError::FeeBelowBaseFee { address, given_wei: 99_999_999, base_fee_wei: 100_000_000 },
        ),
        (
            raw(&alice, TxEip1559 { max_priority_fee_per_gas: 200_000_001, ..transfer(1) }),
            TxError::TipAboveFeeCap { tip_wei: 200_000_001, cap_wei: 200_000_000 },
        ),
        (
            raw(&alice, TxEip1559 { gas_limit: 20_999, ..transfer(1) }),
            TxError::GasBelowIntrinsic { given: 20_999, needed: 21_000 },
        ),
        (
            raw(&alice, TxEip1559 { gas_limit: (1 << 50) + 1, ..transfer(1) }),
            TxError::GasAboveBlock { given: (1 << 50) + 1, limit: 1 << 50 },
        ),
        (
            raw(&poor, transfer(0)),
            TxError::InsufficientFunds {
                address: poor.address,
                have_wei: U256::ZERO,
                want_wei: U256::from(21_000_u64 * 200_000_000 + 1),
            },
        ),
        (
            raw(
                &alice,
                TxEip1559 { to: TxKind::Create, gas_limit: 30_000_000, input: vec![0; 49_153].into(), ..transfer(1) },
            ),
            TxError::InitCodeTooLong { given: 49_153, limit: 49_152 },
        ),
        (vec![3, 1, 2], TxError::UnsupportedType { given: 3 }),
        (vec![5], TxError::UnsupportedType { given: 5 }),
        (vec![2; 95_001], TxError::TooLong { given: 95_001, limit: 95_000 }),
    ];
    let before = (node.block_number(), node.balance(address), node.balance(BOB));
    for (bytes, error) in cases {
        assert_eq!(node.send_raw(&bytes), Err(error));
    }
    assert!(matches!(node.send_raw(&[2, 0xff]), Err(TxError::Undecodable(_))));
    assert!(matches!(node.send_raw(&[]), Err(TxError::Undecodable(_))));
    let mut long = raw(&alice, transfer(1));
    long.push(0);
    assert!(matches!(node.send_raw(&long), Err(TxError::Undecodable(_))));
    assert_eq!((node.block_number(), node.balance(address), node.balance(BOB)), before);
}

#[test]
fn a_contract_sends_only_when_it_is_impersonated() {
    let mut node = Devnode::default();
    let alice = alice(&node);
    node.set_code(alice.address, LOGGER);
    let code_hash = keccak256(LOGGER);
    assert_eq!(
        node.send_raw(&raw(&alice, transfer(0))),
        Err(TxError::SenderIsContract { address: alice.address, code_hash })
    );
    let contract = Address::repeat_byte(0x44);
    node.set_code(contract, LOGGER);
    node.set_balance(contract, ETHER);
    let receipt = node.transact(TxRequest::new(contract).to(BOB).value(U256::from(3))).unwrap();
    assert_eq!((receipt.from, node.balance(BOB)), (contract, U256::from(3)));
    assert!(node.transaction(receipt.transaction_hash).unwrap().impersonated);
}

#[test]
fn everybody_pays_the_base_fee_and_no_tip() {
    let mut node = Devnode::default();
    let alice = alice(&node);
    let before = node.balance(alice.address);
    let hash = node.send_raw(&raw(&alice, TxEip1559 { max_priority_fee_per_gas: 50_000_000, ..transfer(0) })).unwrap();
    let receipt = node.receipt(hash).unwrap().clone();
    assert_eq!((receipt.effective_gas_price_wei, receipt.gas_used, receipt.gas_used_for_l1), (100_000_000, 21_000, 0));
    assert_eq!(before - node.balance(alice.address), U256::from(21_000_u64 * 100_000_000 + 1));
}

#[test]
fn a_limit_above_the_cap_is_taken_and_the_excess_comes_back() {
    let mut node = Devnode::default();
    let alice = alice(&node).address;
    // JUMPDEST, PUSH0, JUMP: for ever.
    let endless = Address::repeat_byte(0x55);
    node.set_code(endless, hex!("5b5f56"));
    let receipt = node.transact(TxRequest::new(alice).to(endless).gas(100_000_000)).unwrap();
    assert_eq!((receipt.success, receipt.gas_used), (false, 32_000_000));
    assert_eq!(receipt.failure.as_deref(), Some("out of gas"));
}

#[test]
fn a_block_has_the_header_of_the_chain() {
    let mut node = Devnode::builder().l1_block_number(0x1234).build();
    let alice = alice(&node).address;
    let receipt = node.transact(TxRequest::new(alice).to(BOB)).unwrap();
    let genesis = node.block(0).unwrap().hash;
    let block = node.block(1).unwrap();
    let header = &block.header;
    assert_eq!((header.parent_hash, header.number, header.gas_limit, header.gas_used), (genesis, 1, 1 << 50, 21_000));
    assert_eq!(header.beneficiary, address!("A4B000000000000000000073657175656e636572"));
    assert_eq!(
        (header.difficulty, header.base_fee_per_gas, header.extra_data.len()),
        (U256::from(1), Some(100_000_000), 32)
    );
    assert_eq!(header.mix_hash[8..16], 0x1234_u64.to_be_bytes());
    assert_eq!(header.mix_hash[16..24], 51_u64.to_be_bytes());
    assert_eq!((block.hash, block.hash), (header.hash_slow(), receipt.block_hash));
    assert_eq!((receipt.l1_block_number, block.transactions.len()), (0x1234, 1));
    assert_eq!(node.block(BlockRef::Hash(block.hash)).unwrap().number(), 1);
}

#[test]
fn contracts_see_the_l1_number_and_its_hashes() {
    let mut node = Devnode::default();
    // NUMBER and BLOCKHASH(4), one word each.
    let at = Address::repeat_byte(0x66);
    node.set_code(at, hex!("435f5260044060205260405ff3"));
    node.mine(3);
    assert_eq!(node.call(CallRequest::new(at, vec![])).unwrap()[..], [0; 64]);
    node.set_l1_block_number(5);
    node.mine(1);
    let output = node.call(CallRequest::new(at, vec![])).unwrap();
    assert_eq!(output[..32], *word(5));
    assert_eq!(output[32..], *keccak256([&b"l1"[..], &4_u64.to_be_bytes()].concat()));
}

#[test]
fn receipts_number_logs_through_the_block() {
    let mut node = Devnode::default();
    let (a, b) = (node.accounts()[0].address, node.accounts()[1].address);
    let logger = put_logger(&mut node);
    node.set_automine(false);
    let hashes = [
        node.submit(TxRequest::new(a).to(logger).data(word(1)).gas(100_000)).unwrap(),
        node.submit(TxRequest::new(b).to(logger).data(word(2)).gas(100_000)).unwrap(),
        node.submit(TxRequest::new(a).to(logger).data(word(3)).gas(100_000)).unwrap(),
    ];
    assert_eq!((node.block_number(), node.queued().len(), node.pending_nonce(a), node.nonce(a)), (0, 3, 2, 0));
    assert!(node.receipt(hashes[0]).is_none());
    node.mine(1);
    assert_eq!(node.block(1).unwrap().transactions, hashes);
    let receipts: Vec<_> = hashes.iter().map(|hash| node.receipt(*hash).unwrap().clone()).collect();
    assert_eq!(receipts.iter().map(|receipt| receipt.transaction_index).collect::<Vec<_>>(), [0, 1, 2]);
    assert_eq!(receipts.iter().map(|receipt| receipt.logs[0].log_index).collect::<Vec<_>>(), [0, 1, 2]);
    assert_eq!(receipts[2].cumulative_gas_used, receipts.iter().map(|receipt| receipt.gas_used).sum::<u64>());
    assert_eq!(node.storage(logger, U256::ZERO), U256::from(3));
}

#[test]
fn logs_are_found_by_block_emitter_and_topic() {
    let mut node = Devnode::default();
    let a = node.accounts()[0].address;
    let logger = put_logger(&mut node);
    for value in 1..=3 {
        node.transact(TxRequest::new(a).to(logger).data(word(value))).unwrap();
    }
    let count = |filter: LogFilter| node.logs(&filter).unwrap().len();
    let all = LogFilter { from_block: Some(0), ..LogFilter::default() };
    assert_eq!(count(all.clone()), 3);
    assert_eq!(count(LogFilter::default()), 1);
    assert_eq!(count(LogFilter { to_block: Some(2), ..all.clone() }), 2);
    assert_eq!(count(LogFilter { addresses: vec![logger], ..all.clone() }), 3);
    assert_eq!(count(LogFilter { addresses: vec![BOB], ..all.clone() }), 0);
    let topic = |value: u64| B256::from(U256::from(value));
    assert_eq!(count(LogFilter { topics: [vec![topic(1), topic(3)], vec![], vec![], vec![]], ..all.clone() }), 2);
    assert_eq!(count(LogFilter { topics: [vec![], vec![topic(1)], vec![], vec![]], ..all }), 0);
    let second = node.block(2).unwrap().hash;
    let found = node.logs(&LogFilter { block_hash: Some(second), ..LogFilter::default() }).unwrap();
    assert_eq!((found.len(), found[0].data.topics()[0], found[0].block_number), (1, topic(2), 2));
    let nowhere = LogFilter { block_hash: Some(B256::ZERO), ..LogFilter::default() };
    assert_eq!(node.logs(&nowhere), Err(UnknownBlock::Hash(B256::ZERO)));
}

#[test]
fn a_failed_transaction_is_mined_and_leaves_no_logs() {
    let mut node = Devnode::default();
    let a = node.accounts()[0].address;
    // LOG0, then REVERT with one byte of memory.
    let at = Address::repeat_byte(0x67);
    node.set_code(at, hex!("5f5fa060015ffd"));
    let receipt = node.transact(TxRequest::new(a).to(at).value(U256::from(5))).unwrap();
    assert_eq!((receipt.success, receipt.logs.len(), receipt.output.len(), receipt.block_number), (false, 0, 1, 1));
    assert_eq!((node.nonce(a), node.balance(at)), (1, U256::ZERO));
    let failed = receipt.succeeded().unwrap_err();
    assert_eq!(failed.failure, "execution reverted");
}

#[test]
fn a_revert_with_a_reason_is_told_in_words() {
    let mut node = Devnode::default();
    // Copies its own tail, an Error("no"), and reverts with it.
    let data = hex!(
        "08c379a0000000000000000000000000000000000000000000000000000000000000002000000000000000000000000000000000000000000000000000000000000000026e6f000000000000000000000000000000000000000000000000000000000000"
    );
    let at = Address::repeat_byte(0x68);
    node.set_code(at, [&hex!("6064600a5f3960645ffd")[..], &data].concat());
    let error = node.call(CallRequest::new(at, vec![])).unwrap_err();
    assert_eq!(error, CallError::Revert { data: data.into(), reason: Some("no".into()) });
    assert_eq!(error.to_string(), "execution reverted: no");
}

#[test]
fn a_panic_is_told_in_words() {
    let mut node = Devnode::default();
    let at = Address::repeat_byte(0x68);
    let data = [&hex!("4e487b71")[..], &word(0x11)].concat();
    node.set_code(at, [&hex!("6024600a5f3960245ffd")[..], &data].concat());
    let error = node.call(CallRequest::new(at, vec![])).unwrap_err();
    assert!(matches!(error, CallError::Revert { reason: Some(ref words), .. } if words.contains("0x11")), "{error:?}");
}

#[test]
fn calls_look_at_any_block_of_the_past() {
    let mut node = Devnode::default();
    let a = node.accounts()[0].address;
    // Returns slot 0 and the time.
    let at = Address::repeat_byte(0x69);
    node.set_code(at, hex!("3615600a575f355f55005b5f545f524260205260405ff3"));
    let start = node.time_secs();
    for value in 1..=3 {
        node.transact(TxRequest::new(a).to(at).data(word(value))).unwrap();
    }
    let seen = |block: BlockRef| {
        let output = node.call(CallRequest::new(at, vec![]).at(block)).unwrap();
        (U256::from_be_slice(&output[..32]).to::<u64>(), U256::from_be_slice(&output[32..]).to::<u64>() - start)
    };
    assert_eq!(seen(BlockRef::Number(1)), (1, 1));
    assert_eq!(seen(BlockRef::Number(2)), (2, 2));
    assert_eq!(seen(BlockRef::Latest), (3, 3));
    assert_eq!(seen(BlockRef::Pending), (3, 4));
    assert_eq!(seen(BlockRef::Earliest), (0, 0));
    assert_eq!(node.storage_at(at, U256::ZERO, 2).unwrap(), U256::from(2));
    assert_eq!(node.nonce_at(a, 2).unwrap(), 2);
    let missing = UnknownBlock::Number { given: 4, newest: 3 };
    assert_eq!(node.call(CallRequest::new(at, vec![]).at(4)), Err(CallError::UnknownBlock(missing)));
}

#[test]
fn calls_change_nothing_and_overrides_last_for_one_call() {
    let mut node = Devnode::default();
    let logger = put_logger(&mut node);
    node.call(CallRequest::new(logger, word(4))).unwrap();
    assert_eq!(node.storage(logger, U256::ZERO), U256::ZERO);
    // Returns slot 0, its own balance and the base fee.
    let code = Bytes::from_static(&hex!("5f545f52476020524860405260605ff3"));
    let change = AccountOverride {
        balance_wei: Some(U256::from(8)),
        code: Some(code),
        state_diff: [(B256::ZERO, B256::with_last_byte(6))].into(),
        ..AccountOverride::default()
    };
    let mut request = CallRequest::new(BOB, vec![]).with_account(BOB, change);
    request.block_overrides = BlockOverrides { base_fee_wei: Some(3), ..BlockOverrides::default() };
    let output = node.call(request).unwrap();
    let words: Vec<u64> = output.chunks(32).map(|word| U256::from_be_slice(word).to()).collect();
    assert_eq!(words, [6, 8, 3]);
    assert!(node.code(BOB).is_empty() && node.balance(BOB).is_zero());
}

#[test]
fn a_whole_storage_override_forgets_the_rest() {
    let mut node = Devnode::default();
    node.set_code(BOB, hex!("5f54600154015f5260205ff3"));
    node.set_storage(BOB, U256::ZERO, U256::from(1));
    node.set_storage(BOB, U256::from(1), U256::from(2));
    let sum = |change| {
        U256::from_be_slice(&node.call(CallRequest::new(BOB, vec![]).with_account(BOB, change)).unwrap()).to::<u64>()
    };
    assert_eq!(sum(AccountOverride::default()), 3);
    assert_eq!(
        sum(AccountOverride {
            state_diff: [(B256::ZERO, B256::with_last_byte(9))].into(),
            ..AccountOverride::default()
        }),
        11
    );
    assert_eq!(
        sum(AccountOverride {
            state: Some([(B256::ZERO, B256::with_last_byte(9))].into()),
            ..AccountOverride::default()
        }),
        9
    );
}

#[test]
fn a_call_with_more_value_than_the_caller_owns_is_refused() {
    let node = Devnode::default();
    let request = CallRequest::new(BOB, vec![]).from(BOB).value(U256::from(2));
    let error = TxError::InsufficientFunds { address: BOB, have_wei: U256::ZERO, want_wei: U256::from(2) };
    assert_eq!(node.call(request), Err(CallError::Refused(error)));
}

#[test]
fn an_estimate_is_enough_and_not_much_too_much() {
    let mut node = Devnode::default();
    let a = node.accounts()[0].address;
    let logger = put_logger(&mut node);
    assert_eq!(node.estimate_gas(CallRequest::new(BOB, vec![]).from(a).value(U256::from(1))), Ok(21_000));
    let request = TxRequest::new(a).to(logger).data(word(4));
    let estimate = node.estimate_gas(request.clone().into()).unwrap();
    let snapshot = node.snapshot();
    let receipt = node.transact(request.clone().gas(estimate)).unwrap();
    assert!(receipt.success);
    assert!(
        estimate >= receipt.gas_used && estimate * 985 <= receipt.gas_used * 1_000,
        "{estimate} for {}",
        receipt.gas_used
    );
    assert!(node.revert(snapshot));
    assert!(!node.transact(request.clone().gas(receipt.gas_used - 1)).unwrap().success);
    let starved = <CallRequest as From<TxRequest>>::from(request).gas(30_000);
    assert_eq!(node.estimate_gas(starved), Err(CallError::GasAboveAllowance { allowance: 30_000 }));
}

#[test]
fn the_clock_moves_with_blocks_and_when_told() {
    let mut node = Devnode::builder().genesis_time_secs(1_000_000).block_time_secs(12).build();
    node.mine(2);
    assert_eq!(node.time_secs(), 1_000_024);
    node.set_next_timestamp(2_000_000).unwrap();
    node.mine(2);
    assert_eq!((node.block(3).unwrap().timestamp_secs(), node.time_secs()), (2_000_000, 2_000_012));
    assert_eq!(node.set_next_timestamp(2_000_011), Err(TimeError { given_secs: 2_000_011, newest_secs: 2_000_012 }));
    node.set_next_timestamp(2_000_012).unwrap();
    node.mine(1);
    assert_eq!(node.time_secs(), 2_000_012);
    assert_eq!((node.increase_time(100), node.increase_time(50)), (100, 150));
    node.mine(2);
    assert_eq!((node.block(6).unwrap().timestamp_secs(), node.time_secs()), (2_000_174, 2_000_186));
    node.mine_spaced(3, 60);
    assert_eq!((node.block_number(), node.time_secs()), (10, 2_000_366));
    node.set_block_time(0);
    node.mine(1);
    assert_eq!(node.time_secs(), 2_000_366);
}

#[test]
fn two_nodes_told_the_same_have_the_same_blocks() {
    let run = || {
        let mut node = Devnode::default();
        let a = node.accounts()[0].address;
        let logger = put_logger(&mut node);
        node.transact(TxRequest::new(a).to(logger).data(word(1))).unwrap();
        node.transact(TxRequest::new(BOB).to(logger).gas(21_000).max_fee_per_gas_wei(1)).unwrap_err();
        node.block(1).unwrap().hash
    };
    assert_eq!(run(), run());
}

#[test]
fn going_back_to_a_snapshot_restores_everything_and_uses_it_up() {
    let mut node = Devnode::default();
    let a = node.accounts()[0].address;
    let logger = put_logger(&mut node);
    node.transact(TxRequest::new(a).to(logger).data(word(1))).unwrap();
    let first = node.snapshot();
    let before = (node.block_number(), node.time_secs(), node.balance(a), node.block(1).unwrap().hash);
    node.set_balance(BOB, ETHER);
    node.set_automine(false);
    node.increase_time(1_000);
    let second = node.snapshot();
    let gone = node.submit(TxRequest::new(a).to(logger).data(word(2)).gas(100_000)).unwrap();
    node.mine(5);
    assert!(node.receipt(gone).is_some());
    assert!(node.revert(first));
    assert_eq!((node.block_number(), node.time_secs(), node.balance(a), node.block(1).unwrap().hash), before);
    assert_eq!(
        (node.storage(logger, U256::ZERO), node.balance(BOB), node.automine()),
        (U256::from(1), U256::ZERO, true)
    );
    assert!(node.receipt(gone).is_none());
    assert!(!node.revert(second) && !node.revert(first) && !node.revert(SnapshotId(99)));
    node.mine(1);
    assert_eq!(node.time_secs(), before.1 + 1);
}

#[test]
fn a_waiting_transaction_can_be_dropped_and_is_not_taken_twice() {
    let mut node = Devnode::default();
    let alice = alice(&node);
    node.set_automine(false);
    let bytes = raw(&alice, transfer(0));
    let hash = node.send_raw(&bytes).unwrap();
    assert_eq!(node.send_raw(&bytes), Err(TxError::AlreadyKnown { hash }));
    assert!(node.drop_queued(hash) && !node.drop_queued(hash));
    node.mine(1);
    assert!(node.receipt(hash).is_none());
    assert_eq!(node.trace(hash), Err(TraceError::UnknownTransaction(hash)));
}

#[test]
fn a_waiting_transaction_that_can_no_longer_be_paid_is_left_out() {
    let mut node = Devnode::default();
    let (a, b) = (node.accounts()[0].address, node.accounts()[1].address);
    node.set_automine(false);
    let first = node.submit(TxRequest::new(a).to(BOB).gas(21_000)).unwrap();
    let second = node.submit(TxRequest::new(b).to(BOB).gas(21_000)).unwrap();
    node.set_balance(a, U256::ZERO);
    node.mine(1);
    assert_eq!(node.block(1).unwrap().transactions, [second]);
    assert!(node.receipt(first).is_none() && node.queued().is_empty());
}

#[test]
fn accounts_can_be_set_by_hand() {
    let mut node = Devnode::default();
    node.set_balance(BOB, ETHER);
    node.set_nonce(BOB, 41);
    node.set_storage(BOB, U256::from(1), U256::from(2));
    let receipt = node.transact(TxRequest::new(BOB).to(Address::ZERO).value(U256::from(1))).unwrap();
    assert_eq!((receipt.success, node.nonce(BOB), node.storage(BOB, U256::from(1))), (true, 42, U256::from(2)));
    node.set_code(BOB, Bytes::new());
    assert!(node.code(BOB).is_empty());
}

#[test]
fn a_transaction_envelope_survives_its_block() {
    let mut node = Devnode::default();
    let alice = alice(&node);
    let bytes = raw(&alice, transfer(0));
    let hash = node.send_raw(&bytes).unwrap();
    assert_eq!(node.transaction(hash).unwrap().envelope.encoded_2718(), bytes);
}
