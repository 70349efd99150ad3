//! Keeping a chain over the server: documents that bring everything back, documents that are refused, starting over, and what waits.

mod common;

use std::collections::BTreeMap;

use alloy_primitives::{Address, Bytes, U256, hex};
use common::*;
use jsonrpsee::{
    core::{ClientError, client::ClientT},
    http_client::HttpClient,
    rpc_params,
};
use proptest::prelude::*;
use serde_json::{Value, json};
use spillway_devnode::{
    Devnode, LoadError, TxRequest,
    rpc::{Clock, RpcConfig, RunningServer, serve},
};

async fn start(node: Devnode) -> (RunningServer, HttpClient) {
    let config = RpcConfig { listen: ([127, 0, 0, 1], 0).into(), clock: Clock::Manual, ..RpcConfig::default() };
    let server = serve(node, config).await.unwrap();
    let client = HttpClient::builder().build(server.url()).unwrap();
    (server, client)
}

fn refusal(error: ClientError) -> (i32, String) {
    match error {
        ClientError::Call(object) => (object.code(), object.message().to_owned()),
        other => panic!("not a refusal by the server: {other}"),
    }
}

/// A chain with a program, a storage slot set and cleared, an account that ended, a failed transaction and one that waits.
fn busy() -> (Devnode, Address) {
    let mut node = Devnode::default();
    let (alice, bob) = (node.accounts()[0].address, node.accounts()[1].address);
    let echo = node.deploy_stylus(alice, &wasm(WRITE_ARGS), None).unwrap();
    node.transact(TxRequest::new(alice).to(bob).value(U256::from(5))).unwrap();
    // sstore(0, calldataload(0))
    let store = Address::repeat_byte(0x57);
    node.set_code(store, hex!("5f355f5500"));
    node.transact(TxRequest::new(alice).to(store).data([1; 32])).unwrap();
    node.transact(TxRequest::new(alice).to(store).data([0; 32])).unwrap();
    node.transact(TxRequest::new(alice).data(hex!("6005ff"))).unwrap();
    assert!(!node.transact(TxRequest::new(alice).to(store).gas(21_600).data([7; 32])).unwrap().success);
    node.transact(TxRequest::new(Address::repeat_byte(0xab)).to(bob).gas(21_000).max_fee_per_gas_wei(0)).unwrap_err();
    node.set_automine(false);
    node.submit(TxRequest::new(alice).to(bob).value(U256::from(9))).unwrap();
    node.set_l1_block_number(77);
    node.increase_time(1_000);
    (node, echo)
}

#[test]
fn a_loaded_chain_is_the_dumped_one_in_every_block_and_goes_on_alike() {
    let (mut node, echo) = busy();
    let mut other = Devnode::default();
    other.load_state(&node.dump_state()).unwrap();
    assert_eq!(other.dump_state(), node.dump_state());
    assert_eq!(other.queued(), node.queued());
    for number in 0..=node.block_number() {
        let block = node.block(number).unwrap();
        assert_eq!(other.block(number).unwrap(), block);
        for hash in &block.transactions {
            assert_eq!(
                (other.transaction(*hash), other.receipt(*hash)),
                (node.transaction(*hash), node.receipt(*hash))
            );
            assert_eq!(other.trace_frames(*hash).unwrap(), node.trace_frames(*hash).unwrap());
        }
        for account in [node.accounts()[0].address, echo, Address::repeat_byte(0x57)] {
            assert_eq!(other.balance_at(account, number).unwrap(), node.balance_at(account, number).unwrap());
            assert_eq!(
                other.storage_at(account, U256::ZERO, number).unwrap(),
                node.storage_at(account, U256::ZERO, number).unwrap()
            );
            assert_eq!(other.code_at(account, number).unwrap(), node.code_at(account, number).unwrap());
        }
    }
    for chain in [&mut node, &mut other] {
        chain.mine(1);
        chain.set_automine(true);
        let receipt = chain.transact(TxRequest::new(chain.accounts()[0].address).to(echo).data(hex!("0102"))).unwrap();
        assert_eq!((receipt.success, receipt.output), (true, Bytes::from(hex!("0102"))));
    }
    let newest = |chain: &Devnode| chain.block(chain.block_number()).unwrap().clone();
    assert_eq!(newest(&other), newest(&node));
    assert_eq!(newest(&other).l1_number, 77);
}

fn with(document: &[u8], change: impl FnOnce(&mut Value)) -> Vec<u8> {
    let mut value = serde_json::from_slice(document).unwrap();
    change(&mut value);
    serde_json::to_vec(&value).unwrap()
}

#[test]
fn a_document_that_does_not_fit_is_named_and_changes_nothing() {
    let (node, _) = busy();
    let document = node.dump_state();
    let block = |number: u64, problem: &str| LoadError::Block { number, problem: problem.to_owned() };
    let mut cases: Vec<(Vec<u8>, LoadError)> = vec![
        (with(&document, |value| value["version"] = json!(2)), LoadError::Version { given: 2, expected: 1 }),
        (with(&document, |value| value["chainId"] = json!(1)), LoadError::Chain { given: 1, expected: 412_346 }),
        (with(&document, |value| value["arbosVersion"] = json!(40)), LoadError::ArbOs { given: 40, expected: 51 }),
        (with(&document, |value| value["blocks"] = json!([])), LoadError::Empty),
        (
            with(&document, |value| value["blocks"][2]["receipts"] = json!([])),
            block(2, "its receipts are not those of its transactions"),
        ),
        (
            with(&document, |value| value["blocks"][2]["transactions"] = json!([])),
            block(2, "its transactions are not those of its header"),
        ),
        (
            with(&document, |value| value["blocks"][1]["header"]["number"] = json!("0x7")),
            block(1, "its header has number 7"),
        ),
    ];
    let first = node.block(1).unwrap();
    let mut header = first.header.clone();
    header.timestamp += 1;
    let problem = format!("its parent is {}, the block before is {}", first.hash, header.hash_slow());
    let moved =
        with(&document, |value| value["blocks"][1]["header"]["timestamp"] = json!(format!("{:#x}", header.timestamp)));
    cases.push((moved, block(2, &problem)));
    let mut other = Devnode::default();
    other.mine(1);
    let before = other.dump_state();
    for (document, error) in cases {
        assert_eq!(other.load_state(&document).unwrap_err(), error);
        assert_eq!(other.dump_state(), before, "{error}");
    }
    let missing = with(&document, |value| value["codes"] = json!([]));
    let Err(LoadError::Block { number: 0, problem }) = other.load_state(&missing) else {
        panic!("a chain without its codes")
    };
    assert!(problem.starts_with("the code 0x") && problem.ends_with(" is missing"), "{problem}");
    assert_eq!(other.dump_state(), before);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, rng_seed: proptest::test_runner::RngSeed::Fixed(51), failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_document_cut_short_or_with_one_byte_changed_is_refused_or_loads_without_a_panic(at in 0.0..1.0_f64, byte in any::<u8>()) {
        let mut node = Devnode::default();
        let alice = node.accounts()[0].address;
        node.transact(TxRequest::new(alice).to(alice)).unwrap();
        let document = node.dump_state();
        let index = (document.len() as f64 * at) as usize;
        let cut = matches!(Devnode::default().load_state(&document[..index]), Err(LoadError::NotADocument { .. }));
        prop_assert!(cut);
        let mut changed = document;
        changed[index] = byte;
        // Whatever it says, a refused document leaves the chain as it was.
        let mut other = Devnode::default();
        let before = other.block_number();
        if other.load_state(&changed).is_err() {
            prop_assert_eq!(other.block_number(), before);
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_server_dumps_loads_and_starts_over() {
    let (node, _) = busy();
    let height = node.block_number();
    let (server, client) = start(node).await;
    let document: Bytes = client.request("anvil_dumpState", rpc_params![]).await.unwrap();
    assert_eq!(document, Bytes::from(server.dump_state()));
    let _: Value = client.request("anvil_reset", rpc_params![]).await.unwrap();
    assert_eq!(client.request::<String, _>("eth_blockNumber", rpc_params![]).await.unwrap(), "0x0");
    assert!(client.request::<bool, _>("anvil_loadState", rpc_params![document]).await.unwrap());
    assert_eq!(client.request::<String, _>("eth_blockNumber", rpc_params![]).await.unwrap(), format!("{height:#x}"));
    let bad = client.request::<Value, _>("anvil_loadState", rpc_params!["0x7b7d"]).await.unwrap_err();
    assert_eq!(refusal(bad), (-32000, "not a state document: missing field `version` at line 1 column 2".into()));
    let fork = json!({ "forking": { "blockNumber": 1 } });
    let bad = client.request::<Value, _>("anvil_reset", rpc_params![fork]).await.unwrap_err();
    let text = "invalid parameter 0 (forking): it has no jsonRpcUrl, and this chain is no fork";
    assert_eq!(refusal(bad), (-32602, text.into()));
    assert_eq!(client.request::<String, _>("eth_blockNumber", rpc_params![]).await.unwrap(), format!("{height:#x}"));
    // As viem writes it when its caller names nothing.
    let nothing = json!({ "forking": { "blockNumber": null } });
    let _: Value = client.request("anvil_reset", rpc_params![nothing]).await.unwrap();
    assert_eq!(client.request::<String, _>("eth_blockNumber", rpc_params![]).await.unwrap(), "0x0");
    server.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_waits_is_listed_by_sender_and_nonce() {
    let mut node = Devnode::default();
    node.set_automine(false);
    let (alice, bob) = (node.accounts()[0].address, node.accounts()[1].address);
    let hash = node.submit(TxRequest::new(alice).to(bob).value(U256::from(3)).gas(21_000)).unwrap();
    node.submit(TxRequest::new(alice).data(hex!("00")).gas(60_000)).unwrap();
    let (server, client) = start(node).await;
    let status: Value = client.request("txpool_status", rpc_params![]).await.unwrap();
    assert_eq!(status, json!({ "pending": "0x2", "queued": "0x0" }));
    let content: BTreeMap<String, Value> = client.request("txpool_content", rpc_params![]).await.unwrap();
    let waiting = &content["pending"][format!("{alice:#x}")]["0"];
    assert_eq!(
        (&waiting["hash"], &waiting["value"], &waiting["blockHash"]),
        (&json!(hash), &json!("0x3"), &Value::Null)
    );
    let lines: Value = client.request("txpool_inspect", rpc_params![]).await.unwrap();
    let of_alice = &lines["pending"][format!("{alice:#x}")];
    assert_eq!(of_alice["0"], format!("{bob}: 3 wei + 21000 gas × 200000000 wei"));
    assert_eq!(of_alice["1"], "contract creation: 0 wei + 60000 gas × 200000000 wei");
    server.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_transaction_is_filled_in_signed_and_its_slots_are_listed() {
    let mut node = Devnode::default();
    let (alice, bob) = (node.accounts()[0].address, node.accounts()[1].address);
    let store = Address::repeat_byte(0x57);
    // sload(5), and the balance of address 0xbeef.
    node.set_code(store, hex!("60055461beef315000"));
    let (server, client) = start(node).await;
    let request = json!({ "from": alice, "to": bob, "value": "0x1" });
    let filled: Value = client.request("eth_fillTransaction", rpc_params![&request]).await.unwrap();
    for (field, expected) in
        [("gas", "0x5208"), ("nonce", "0x0"), ("chainId", "0x64aba"), ("type", "0x2"), ("maxFeePerGas", "0xbebc200")]
    {
        assert_eq!(filled["tx"][field], expected, "{field}");
    }
    let signed: Bytes = client.request("eth_signTransaction", rpc_params![&request]).await.unwrap();
    assert_eq!(
        client.request::<String, _>("eth_blockNumber", rpc_params![]).await.unwrap(),
        "0x0",
        "nothing is sent yet"
    );
    let hash: String = client.request("eth_sendRawTransaction", rpc_params![signed]).await.unwrap();
    let mined: Value = client.request("eth_getTransactionByHash", rpc_params![hash]).await.unwrap();
    assert_eq!((&mined["from"], &mined["value"]), (&json!(format!("{alice:#x}")), &json!("0x1")));
    let stranger = json!({ "from": store, "to": bob, "gas": "0x5208" });
    let refused = client.request::<Value, _>("eth_signTransaction", rpc_params![stranger]).await.unwrap_err();
    assert!(refusal(refused).1.starts_with("no signer available for 0x5757"));

    let call = json!({ "from": alice, "to": store });
    let listed: Value = client.request("eth_createAccessList", rpc_params![call, "latest"]).await.unwrap();
    let expected = json!([
        { "address": "0x000000000000000000000000000000000000beef", "storageKeys": [] },
        { "address": format!("{store:#x}"), "storageKeys": [format!("0x{}05", "00".repeat(31))] },
    ]);
    assert_eq!(listed["accessList"], expected);
    // Two addresses and a slot declared, a warm slot, a warm account, four cheap instructions.
    assert_eq!(listed["gasUsed"], format!("{:#x}", 21_000 + 2 * 2_400 + 1_900 + 100 + 100 + 3 + 3 + 2));
    server.stop().await;
}
