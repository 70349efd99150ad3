//! A chain that begins where another one stands, read from it over HTTP.

mod common;

use alloy_primitives::{Address, B256, Bytes, U256, hex};
use common::WRITE_ARGS;
use jsonrpsee::{
    core::{ClientError, client::ClientT},
    http_client::HttpClient,
};
use serde_json::{Value, json};
use spillway_devnode::{
    CallError, CallRequest, Devnode, LoadError, TxError, TxRequest,
    chain::accounts::{DEV_KEYS, DevAccount},
    fork::{ForkConfig, ForkError},
    rpc::{Clock, RpcConfig, RunningServer, serve},
};
use std::{
    io::{Read, Write},
    net::TcpListener,
    time::Duration,
};

/// Returns slot 1, and with calldata stores its first word there and logs it.
const STORE: [u8; 27] = hex!("36600d576001545f5260205ff35b5f35806001555f5260205fa000");

/// A chain that is served.
struct Served {
    server: Option<RunningServer>,
    runtime: tokio::runtime::Runtime,
    url: String,
}

impl Served {
    fn new(node: Devnode) -> Self {
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
        let config = RpcConfig { listen: ([127, 0, 0, 1], 0).into(), clock: Clock::Manual, ..RpcConfig::default() };
        let server = runtime.block_on(serve(node, config)).unwrap();
        Self { url: server.url(), server: Some(server), runtime }
    }

    fn config(&self) -> ForkConfig {
        ForkConfig { backoff: Duration::ZERO, ..ForkConfig::new(&self.url).retries(1) }
    }

    fn fork(&self) -> Devnode {
        Devnode::builder().build_fork(self.config()).unwrap()
    }

    fn try_ask(&self, method: &str, params: Value) -> Result<Value, ClientError> {
        let client = HttpClient::builder().build(&self.url).unwrap();
        let Value::Array(params) = params else { panic!("{method}: parameters are a list") };
        let mut list = jsonrpsee::core::params::ArrayParams::new();
        params.into_iter().for_each(|value| list.insert(value).unwrap());
        self.runtime.block_on(client.request(method, list))
    }

    fn ask(&self, method: &str, params: Value) -> Value {
        self.try_ask(method, params).unwrap_or_else(|error| panic!("{method}: {error}"))
    }

    fn stop(&mut self) {
        if let Some(server) = self.server.take() {
            self.runtime.block_on(server.stop());
        }
    }
}

/// A chain with a contract that stored 7 in block 1, and a Stylus program.
fn busy() -> (Devnode, Address, Address) {
    let mut node = Devnode::builder().chain_id(1_337).l1_block_number(99).build();
    let alice = node.accounts()[0].address;
    let store = Address::repeat_byte(0x57);
    node.set_code(store, STORE);
    let word = U256::from(7).to_be_bytes::<32>();
    node.transact(TxRequest::new(alice).to(store).data(word)).unwrap().succeeded().unwrap();
    let program = node.deploy_stylus(alice, &common::wasm(WRITE_ARGS), None).unwrap();
    (node, store, program)
}

fn stored(node: &Devnode, store: Address) -> U256 {
    U256::from_be_slice(&node.call(CallRequest::new(store, [])).unwrap())
}

fn store_word(node: &mut Devnode, store: Address, word: u64) {
    let alice = node.accounts()[0].address;
    let request = TxRequest::new(alice).to(store).data(U256::from(word).to_be_bytes::<32>());
    node.transact(request).unwrap().succeeded().unwrap();
}

#[test]
fn a_fork_has_the_accounts_slots_and_heights_of_the_other_chain_and_goes_its_own_way() {
    let (node, store, _) = busy();
    let (alice, stranger) = (node.accounts()[0].address, Address::repeat_byte(0x99));
    let (height, nonce) = (node.block_number(), node.nonce(alice));
    let parent = node.block(height).unwrap().hash;
    let other = Served::new(node);
    let mut fork = other.fork();
    assert_eq!((fork.chain_id(), fork.block_number(), fork.fork_block()), (1_337, height, Some(height)));
    assert_eq!((fork.nonce(alice), fork.code(store)), (nonce, Bytes::from_static(&STORE)));
    assert_eq!((stored(&fork, store), fork.storage(store, U256::from(2))), (U256::from(7), U256::ZERO));
    assert_eq!(fork.balance(stranger), U256::ZERO);
    assert_eq!(fork.block(height).unwrap().l1_number, 99);

    store_word(&mut fork, store, 8);
    assert_eq!((stored(&fork, store), fork.block_number()), (U256::from(8), height + 1));
    assert_eq!(fork.block(height + 1).unwrap().header.parent_hash, parent);
    let there = other.ask("eth_call", json!([{ "to": store }, "latest"]));
    assert_eq!(there, json!(B256::from(U256::from(7))));
    // A slot that became zero here does not come back from there.
    store_word(&mut fork, store, 0);
    assert_eq!(stored(&fork, store), U256::ZERO);
    assert_eq!(fork.storage_at(store, U256::from(1), height).unwrap(), U256::from(7));
    assert_eq!(fork.take_fork_failure(), None);
}

#[test]
fn what_happens_on_the_other_chain_after_the_fork_does_not_reach_it() {
    let (node, store, _) = busy();
    let alice = node.accounts()[0].address;
    let other = Served::new(node);
    let fork = other.fork();
    let data = Bytes::from(U256::from(1_000).to_be_bytes::<32>().to_vec());
    other.ask("eth_sendTransaction", json!([{ "from": alice, "to": store, "data": data }]));
    assert_eq!(stored(&fork, store), U256::from(7));
    let older = Devnode::builder().build_fork(other.config().block(0)).unwrap();
    assert_eq!((older.block_number(), stored(&older, store)), (0, U256::ZERO));
}

#[test]
fn a_stylus_program_of_an_arbitrum_chain_runs_on_its_fork_at_the_same_price() {
    let (node, _, program) = busy();
    let record = node.program(program).expect("it is active");
    let there = node.simulate(CallRequest::new(program, hex!("c0ffee"))).unwrap();
    let other = Served::new(node);
    let mut fork = other.fork();
    assert_eq!(fork.program(program), Some(record));
    assert_eq!(fork.simulate(CallRequest::new(program, hex!("c0ffee"))).unwrap(), there);
    let alice = fork.accounts()[0].address;
    let receipt = fork.transact(TxRequest::new(alice).to(program).data(hex!("c0ffee"))).unwrap().succeeded().unwrap();
    assert_eq!(receipt.output, Bytes::from_static(&hex!("c0ffee")));
    // And the fork activates new ones, by the rules it found there.
    let text = WRITE_ARGS.replace("i32.const 0)", "i32.const 0 drop i32.const 0)");
    let new = fork.deploy_stylus(alice, &common::wasm(&text), None).unwrap();
    assert_eq!(fork.call(CallRequest::new(new, hex!("01"))).unwrap(), Bytes::from_static(&hex!("01")));
}

#[test]
fn a_block_that_is_not_there_is_named() {
    let other = Served::new(Devnode::default());
    let refused = Devnode::builder().build_fork(other.config().block(5)).unwrap_err();
    assert_eq!(refused, ForkError::NoBlock { number: 5 });
}

#[test]
fn a_chain_that_falls_silent_refuses_by_name_and_leaves_the_fork_as_it_was() {
    let (node, store, _) = busy();
    let mut other = Served::new(node);
    let mut fork = other.fork();
    let alice = fork.accounts()[0].address;
    let (height, balance, nonce) = (fork.block_number(), fork.balance(alice), fork.nonce(alice));
    let served = Served::new(fork.clone());
    other.stop();
    let request = TxRequest::new(alice).to(store).data(U256::from(9).to_be_bytes::<32>());
    let Err(TxError::Fork(ForkError::Unreachable { method, url, .. })) = fork.transact(request) else {
        panic!("the code of the contract cannot be known")
    };
    assert!(method.starts_with("eth_get"), "{method}");
    assert_eq!(url, other.url);
    assert_eq!((fork.block_number(), fork.balance(alice), fork.nonce(alice)), (height, balance, nonce));
    assert!(matches!(fork.call(CallRequest::new(store, [])), Err(CallError::Refused(TxError::Fork(_)))));
    assert_eq!(fork.take_fork_failure(), None);
    assert_eq!(fork.balance(store), U256::ZERO);
    assert!(matches!(fork.take_fork_failure(), Some(ForkError::Unreachable { .. })));
    assert_eq!(fork.take_fork_failure(), None);

    for (method, params) in [
        ("eth_getBalance", json!([store, "latest"])),
        ("anvil_setBalance", json!([store, "0x1"])),
        ("eth_sendTransaction", json!([{ "from": alice, "to": store }])),
        ("eth_getBlockByNumber", json!(["0x0", false])),
    ] {
        let Err(ClientError::Call(error)) = served.try_ask(method, params) else { panic!("{method} was answered") };
        assert_eq!(error.code(), -32_000, "{method}");
        assert!(error.message().starts_with("fork: eth_get"), "{method}: {}", error.message());
    }
    assert_eq!(served.ask("eth_blockNumber", json!([])), json!(format!("{height:#x}")));
}

#[test]
fn what_was_before_the_fork_is_answered_by_the_other_chain_and_what_came_there_since_is_not() {
    let (node, store, _) = busy();
    let (alice, height) = (node.accounts()[0].address, node.block_number());
    let first = node.block(1).unwrap().clone();
    let other = Served::new(node);
    let fork = Served::new(other.fork());
    let data = Bytes::from(U256::from(8).to_be_bytes::<32>().to_vec());
    let send = json!([{ "from": alice, "to": store, "data": data }]);
    let later_there = other.ask("eth_sendTransaction", send.clone());
    other.ask("anvil_mine", json!([5]));
    let here = fork.ask("eth_sendTransaction", send);

    let block = fork.ask("eth_getBlockByNumber", json!(["0x1", false]));
    assert_eq!(block["hash"], json!(first.hash));
    assert_eq!(fork.ask("eth_getBlockByNumber", json!(["earliest", false]))["number"], "0x0");
    assert_eq!(fork.ask("eth_getBlockByNumber", json!([format!("{:#x}", height + 2), false])), Value::Null);
    assert_eq!(fork.ask("eth_getTransactionReceipt", json!([first.transactions[0]]))["status"], "0x1");
    assert_eq!(fork.ask("eth_getTransactionReceipt", json!([here]))["status"], "0x1");
    if later_there != here {
        assert_eq!(fork.ask("eth_getTransactionReceipt", json!([later_there])), Value::Null);
    }
    assert_eq!(fork.ask("eth_getStorageAt", json!([store, "0x1", "0x0"])), json!(B256::ZERO));
    assert_eq!(fork.ask("eth_getStorageAt", json!([store, "0x1", "0x1"])), json!(B256::from(U256::from(7))));
    assert_eq!(fork.ask("eth_call", json!([{ "to": store }, "0x1"])), json!(B256::from(U256::from(7))));
    let logs = fork.ask("eth_getLogs", json!([{ "fromBlock": "0x0", "toBlock": "latest", "address": store }]));
    let data: Vec<&Value> = logs.as_array().unwrap().iter().map(|log| &log["data"]).collect();
    assert_eq!(data, [&json!(B256::from(U256::from(7))), &json!(B256::from(U256::from(8)))]);
}

#[test]
fn reset_goes_back_to_where_the_fork_began_or_begins_another() {
    let (node, store, _) = busy();
    let height = node.block_number();
    let other = Served::new(node);
    let mut fork = other.fork();
    let snapshot = fork.snapshot();
    store_word(&mut fork, store, 8);
    assert!(fork.revert(snapshot));
    assert_eq!(stored(&fork, store), U256::from(7));
    store_word(&mut fork, store, 9);
    fork.reset();
    assert_eq!((fork.block_number(), stored(&fork, store)), (height, U256::from(7)));

    let plain = Served::new(Devnode::default());
    plain.ask("anvil_reset", json!([{ "forking": { "jsonRpcUrl": other.url, "blockNumber": "0x1" } }]));
    assert_eq!(plain.ask("eth_blockNumber", json!([])), "0x1");
    assert_eq!(plain.ask("eth_chainId", json!([])), "0x539");
}

#[test]
fn a_reset_keeps_the_chain_and_everything_the_fork_was_made_with() {
    let (node, _, _) = busy();
    let height = node.block_number();
    let other = Served::new(node);
    let directory = tempfile::tempdir().unwrap();
    let headers = vec![("x-key".to_owned(), "secret".to_owned())];
    let config = ForkConfig { headers, timeout: Duration::from_secs(7), ..other.config().cache(directory.path()) };
    let accounts = vec![DevAccount::from_key(DEV_KEYS[2]).unwrap()];
    let owner = accounts[0].address;
    let made = Devnode::builder().dev_accounts(accounts).dev_balance_wei(U256::from(77)).block_time_secs(9);
    let fork = Served::new(made.build_fork(config.clone()).unwrap());
    let is_as_made = |at: u64| {
        assert_eq!(fork.ask("eth_blockNumber", json!([])), format!("{at:#x}"));
        assert_eq!(fork.ask("eth_accounts", json!([])), json!([owner]));
        assert_eq!(fork.ask("eth_getBalance", json!([owner, "latest"])), "0x4d");
        let time = |tag: &str| {
            let block = fork.ask("eth_getBlockByNumber", json!([tag, false]));
            u64::from_str_radix(&block["timestamp"].as_str().unwrap()[2..], 16).unwrap()
        };
        assert_eq!(time("pending") - time("latest"), 9);
        let info = fork.ask("anvil_nodeInfo", json!([]));
        assert_eq!(info["forkConfig"], json!({ "forkUrl": other.url, "forkBlockNumber": at, "forkRetryBackoff": 0 }));
    };
    is_as_made(height);
    // As viem names a block, and as alloy does; then as both name nothing.
    for (options, at) in [
        (json!([{ "forking": { "blockNumber": 1 } }]), 1),
        (json!([{ "jsonRpcUrl": null, "blockNumber": 0 }]), 0),
        (json!([{ "forking": { "jsonRpcUrl": other.url, "blockNumber": null } }]), height),
        (json!([{ "forking": { "blockNumber": "0x1" } }]), 1),
        (json!([{ "forking": { "blockNumber": null } }]), 1),
        (json!([]), 1),
    ] {
        fork.ask("evm_mine", json!([]));
        fork.ask("anvil_reset", options);
        is_as_made(at);
    }
    assert!(fork.try_ask("anvil_reset", json!([{ "forking": { "blockNumber": "one" } }])).is_err());
    assert!(fork.try_ask("anvil_reset", json!([{ "forking": { "blockNumber": 99 } }])).is_err());
    is_as_made(1);
    let files = std::fs::read_dir(directory.path().join("1337")).unwrap().count();
    assert_eq!(files, 3, "what was read of each block is kept where the first fork kept it");

    let mut again = Devnode::builder().build_fork(config.clone()).unwrap();
    again.fork_again(config.clone().block(1)).unwrap();
    let (number, _, now) = again.fork_origin().unwrap();
    assert_eq!((number, now), (1, config.block(1)));
}

#[test]
fn headers_go_to_the_host_they_were_given_for_and_no_other() {
    let config = ForkConfig { headers: vec![("x-key".into(), "secret".into())], ..ForkConfig::new("https://one/a") };
    assert_eq!(config.clone().at("https://one/b").headers, config.headers);
    for other in ["https://two/a", "http://one/a", "https://one:444/a"] {
        assert!(config.clone().at(other).headers.is_empty(), "{other}");
    }
}

#[test]
fn a_state_document_of_a_fork_loads_on_a_fork_of_the_same_block_only() {
    let (node, store, program) = busy();
    let other = Served::new(node);
    let mut fork = other.fork();
    store_word(&mut fork, store, 8);
    store_word(&mut fork, store, 0);
    fork.set_storage(program, U256::from(3), U256::from(4));
    let document = fork.dump_state();
    let mut again = other.fork();
    again.load_state(&document).unwrap();
    assert_eq!(again.dump_state(), document);
    assert_eq!((stored(&again, store), again.storage(program, U256::from(3))), (U256::ZERO, U256::from(4)));
    assert_eq!(again.block_number(), fork.block_number());
    let hash = fork.block(fork.fork_block().unwrap()).unwrap().hash;
    let mut plain = Devnode::builder().chain_id(1_337).build();
    assert_eq!(plain.load_state(&document).unwrap_err(), LoadError::Fork { given: Some(hash), expected: None });
    let own = plain.dump_state();
    assert_eq!(again.load_state(&own).unwrap_err(), LoadError::Fork { given: None, expected: Some(hash) });
}

#[test]
fn what_was_read_is_kept_in_a_file_and_a_spoilt_file_counts_as_none() {
    let (node, store, _) = busy();
    let height = node.block_number();
    let hash = node.block(height).unwrap().hash;
    let other = Served::new(node);
    let directory = tempfile::tempdir().unwrap();
    let config = other.config().cache(directory.path());
    let fork = || Devnode::builder().build_fork(config.clone()).unwrap();
    assert_eq!(stored(&fork(), store), U256::from(7));
    let file = directory.path().join("1337").join(format!("{height}-{hash}.json"));
    assert!(file.is_file());
    // The other chain now says something else of the same block, which a real one never does: the file is believed.
    other.ask("anvil_setStorageAt", json!([store, "0x1", B256::from(U256::from(70))]));
    assert_eq!(stored(&fork(), store), U256::from(7));
    std::fs::write(&file, "{\"accounts\":").unwrap();
    assert_eq!(stored(&fork(), store), U256::from(70));
    let mut spoilt: Value = serde_json::from_slice(&std::fs::read(&file).unwrap()).unwrap();
    let codes = spoilt["codes"].as_object_mut().unwrap();
    codes.values_mut().for_each(|code| *code = json!("0x00"));
    std::fs::write(&file, spoilt.to_string()).unwrap();
    assert_eq!(stored(&fork(), store), U256::from(70), "a code that does not have its hash is not believed");
}

/// Answers each connection with the next of `answers` and closes it; gives its address.
fn answers_with(answers: Vec<String>) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    std::thread::spawn(move || {
        for answer in answers {
            let Ok((mut stream, _)) = listener.accept() else { return };
            let mut request = [0; 4_096];
            let _ = stream.read(&mut request);
            let _ = stream.write_all(answer.as_bytes());
        }
    });
    url
}

fn http(status: &str, body: &str) -> String {
    format!("HTTP/1.1 {status}\r\ncontent-length: {}\r\nconnection: close\r\n\r\n{body}", body.len())
}

#[test]
fn answers_that_are_none_are_named_and_passing_failures_are_tried_again() {
    let ok = |result: Value| http("200 OK", &json!({ "jsonrpc": "2.0", "id": 1, "result": result }).to_string());
    let open = |answers: Vec<String>| {
        let config = ForkConfig { backoff: Duration::ZERO, ..ForkConfig::new(answers_with(answers)).retries(2) };
        Devnode::builder().build_fork(config.block(1)).unwrap_err()
    };
    let bad = |method: &str, error: ForkError| match error {
        ForkError::BadAnswer { method: named, .. } => assert_eq!(named, method),
        other => panic!("{other}"),
    };
    bad("eth_chainId", open(vec![http("200 OK", "<html>")]));
    bad("eth_chainId", open(vec![ok(json!("four"))]));
    bad("eth_getBlockByNumber", open(vec![ok(json!("0x1")), ok(json!({ "hash": "0x12" }))]));
    let refusal = json!({ "jsonrpc": "2.0", "id": 1, "error": { "code": -32_601, "message": "no" } }).to_string();
    let refused = ForkError::Refused { method: "eth_chainId".into(), code: -32_601, message: "no".into() };
    assert_eq!(open(vec![http("200 OK", &refusal)]), refused);
    // Two retries, so the third answer counts: busy, broken, and then no such block.
    let busy = http("429 Too Many Requests", "slow down");
    let after = open(vec![busy.clone(), http("502 Bad Gateway", ""), ok(json!("0x1")), ok(Value::Null)]);
    assert_eq!(after, ForkError::NoBlock { number: 1 });
    let ForkError::Unreachable { method, reason, .. } = open(vec![busy.clone(), busy.clone(), busy]) else {
        panic!("it is busy three times")
    };
    assert_eq!((method.as_str(), reason.as_str()), ("eth_chainId", "HTTP status 429"));
    let ForkError::Unreachable { reason, .. } = open(vec![http("401 Unauthorized", "who are you")]) else {
        panic!("it is no answer")
    };
    assert_eq!(reason, "HTTP status 401");
}

#[test]
fn a_key_in_the_address_is_not_shown() {
    let config = ForkConfig::new("http://user:secret@127.0.0.1:1/v2/secret?key=secret").retries(0);
    let refused = Devnode::builder().build_fork(config).unwrap_err();
    let ForkError::Unreachable { url, .. } = &refused else { panic!("{refused}") };
    assert_eq!(url, "http://127.0.0.1:1");
    assert!(!refused.to_string().contains("secret"), "{refused}");
}
