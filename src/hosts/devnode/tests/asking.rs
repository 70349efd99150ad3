//! Methods that only look: what the node says of itself, counts, and calls that change something for themselves alone.

mod common;

use common::{
    WRITE_ARGS,
    served::{ALICE, BOB, STRANGER, Served, quantity, word},
    wasm,
};
use serde_json::{Value, json};
use spillway_devnode::{Devnode, rpc::RpcConfig};

fn start() -> Served {
    Served::new(Devnode::default())
}

#[test]
fn the_node_says_what_it_is() {
    let node = Devnode::default();
    let accounts: Vec<String> = node.accounts().iter().map(|account| format!("{:#x}", account.address)).collect();
    let chain = Served::new(node);
    let version = format!("spillway-devnode/v{}", env!("CARGO_PKG_VERSION"));
    for (method, answer) in [
        ("eth_chainId", json!("0x64aba")),
        ("net_version", json!("412346")),
        ("net_listening", json!(true)),
        ("eth_syncing", json!(false)),
        ("eth_accounts", json!(accounts)),
        ("web3_clientVersion", json!(version)),
        ("eth_gasPrice", json!("0x5f5e100")),
        ("eth_maxPriorityFeePerGas", json!("0x0")),
    ] {
        assert_eq!(chain.ask(method, json!([])), answer, "{method}");
    }
    assert_eq!(accounts.len(), 11);
    let empty = "0xc5d2460186f7233c927e7db2dcc703c0e500b653ca82273b7bfad8045d85a470";
    assert_eq!(chain.ask("web3_sha3", json!(["0x"])), empty);
    assert_eq!(RpcConfig::default().listen.to_string(), "127.0.0.1:8547");
}

#[test]
fn transactions_are_counted_and_found_by_their_place() {
    let chain = start();
    chain.ask("evm_setAutomine", json!([false]));
    let send = || chain.ask("eth_sendTransaction", json!([{ "from": ALICE, "to": BOB }]));
    let hashes = [send(), send()];
    chain.ask("evm_mine", json!([]));
    let hash = chain.newest("hash");
    for (suffix, block) in [("Number", json!("latest")), ("Hash", hash)] {
        let ask = |method: &str, more: Value| {
            let mut params = vec![block.clone()];
            params.extend(more.as_array().cloned().unwrap_or_default());
            chain.ask(&method.replace('*', suffix), Value::Array(params))
        };
        assert_eq!(ask("eth_getBlockTransactionCountBy*", json!([])), "0x2");
        assert_eq!(ask("eth_getUncleCountByBlock*", json!([])), "0x0");
        for (index, hash) in hashes.iter().enumerate() {
            let found = ask("eth_getTransactionByBlock*AndIndex", json!([format!("{index:#x}")]));
            assert_eq!((&found["hash"], quantity(&found["transactionIndex"])), (hash, index as u64));
        }
        assert_eq!(ask("eth_getTransactionByBlock*AndIndex", json!(["0x2"])), Value::Null);
    }
    let receipts = chain.ask("eth_getBlockReceipts", json!(["latest"]));
    let of: Vec<&Value> = receipts.as_array().unwrap().iter().map(|receipt| &receipt["transactionHash"]).collect();
    assert_eq!(of, [&hashes[0], &hashes[1]]);
    for method in ["eth_getBlockTransactionCountByNumber", "eth_getUncleCountByBlockNumber", "eth_getBlockReceipts"] {
        assert_eq!(chain.ask(method, json!(["0x63"])), Value::Null, "{method}");
    }
}

/// Runtime code that returns the word one opcode gives.
fn returns(opcode: &str) -> String {
    format!("0x{opcode}5f5260205ff3")
}

#[test]
fn a_call_sees_the_header_it_asks_for() {
    let chain = start();
    let miner = "0x00000000000000000000000000000000000000aa";
    for (opcode, change, answer) in [
        ("42", json!({ "time": "0x77359400" }), word(2_000_000_000)),
        ("42", json!({ "timestamp": "0x77359400" }), word(2_000_000_000)),
        ("48", json!({ "baseFeePerGas": "0x2a" }), word(42)),
        ("48", json!({ "baseFee": "0x2a" }), word(42)),
        ("41", json!({ "coinbase": miner }), word(0xaa)),
        ("41", json!({ "feeRecipient": miner }), word(0xaa)),
        ("45", json!({ "gasLimit": "0x989680" }), word(10_000_000)),
        ("44", json!({ "random": word(42) }), word(42)),
        ("44", json!({ "prevRandao": word(42) }), word(42)),
        // NUMBER is the L1 block number, which the height of this chain does not touch.
        ("43", json!({ "l1BlockNumber": 42 }), word(42)),
        ("43", json!({ "number": "0x2a" }), word(0)),
        ("43", json!({ "number": null }), word(0)),
    ] {
        let code = json!({ BOB: { "code": returns(opcode) } });
        let params = json!([{ "to": BOB }, "latest", code, change]);
        assert_eq!(chain.ask("eth_call", params), answer, "{opcode} with {change}");
    }
    // ArbSys.arbBlockNumber()
    let height = json!([{ "to": "0x0000000000000000000000000000000000000064", "data": "0xa3b1b31d" }, "latest", null, { "number": "0x2a" }]);
    assert_eq!(chain.ask("eth_call", height), word(42));
}

#[test]
fn a_change_that_cannot_be_made_is_refused_by_name() {
    let chain = start();
    let call = json!({ "to": BOB });
    for (name, value) in [
        ("difficulty", json!("0x2")),
        ("blobBaseFee", json!("0x2")),
        ("withdrawals", json!([])),
        ("blockHash", json!({})),
        ("beaconRoot", json!(word(1))),
        ("noSuchField", json!(1)),
    ] {
        let text = format!("invalid parameter 3 (blockOverrides): {name} cannot be overridden on this node");
        let params = json!([call, "latest", {}, { name: value }]);
        assert_eq!(chain.refused("eth_call", params.clone()), (-32602, text.clone()));
        assert_eq!(chain.refused("eth_estimateGas", params), (-32602, text));
        let traced = json!([call, "latest", { "tracer": "callTracer", "blockOverrides": { name: value } }]);
        let text = format!("invalid parameter 2 (blockOverrides): {name} cannot be overridden on this node");
        assert_eq!(chain.refused("debug_traceCall", traced), (-32602, text));
    }
    for name in ["movePrecompileToAddress", "storage"] {
        let params = json!([call, "latest", { BOB: { name: STRANGER } }]);
        let text = format!("invalid parameter 2 (stateOverrides): {name} cannot be overridden on this node");
        assert_eq!(chain.refused("eth_call", params), (-32602, text));
    }
    let params = json!([call, "latest", {}, { "number": format!("{:#x}", 1_u128 << 64) }]);
    let text = "invalid parameter 3 (blockOverrides): number 18446744073709551616 is not below 2^64";
    assert_eq!(chain.refused("eth_call", params), (-32602, text.into()));
}

#[test]
fn estimates_access_lists_and_traces_take_overrides_too() {
    let chain = start();
    let call = json!({ "from": STRANGER, "to": BOB, "value": "0x5" });
    assert!(chain.refused("eth_estimateGas", json!([call])).1.starts_with("insufficient funds"));
    // sstore(0, selfbalance())
    let change = json!({ STRANGER: { "balance": "0xde0b6b3a7640000" }, BOB: { "code": "0x475f5500" } });
    let plain = json!({ STRANGER: { "balance": "0xde0b6b3a7640000" } });
    assert_eq!(chain.number("eth_estimateGas", json!([call, "latest", plain])), 21_000);
    let needed = chain.number("eth_estimateGas", json!([call, "latest", change]));
    assert!((43_000..45_000).contains(&needed), "{needed}");
    let dearer = json!({ BOB: { "state": { word(0): word(1) } } });
    let mut set = change.clone();
    set[BOB]["state"] = dearer[BOB]["state"].clone();
    let changed = chain.number("eth_estimateGas", json!([call, "latest", set]));
    assert!(changed < needed, "a slot that is not zero is cheaper to change: {changed}");

    let mut options = json!({ "tracer": "prestateTracer", "tracerConfig": { "diffMode": true } });
    options["stateOverrides"] = change;
    let diff = chain.ask("debug_traceCall", json!([call, "latest", options]));
    assert!(diff["post"][BOB]["storage"][word(0)].is_string(), "{diff}");

    let mut options = json!({ "tracer": "callTracer", "blockOverrides": { "time": "0x77359400" } });
    options["stateOverrides"] = json!({ BOB: { "code": returns("42") } });
    let frame = chain.ask("debug_traceCall", json!([{ "to": BOB }, "latest", options]));
    assert_eq!(frame["output"], word(2_000_000_000));

    // sload(7)
    let loads = json!({ BOB: { "code": "0x60075400" } });
    let listed = chain.ask("eth_createAccessList", json!([{ "from": ALICE, "to": BOB }, "latest", loads]));
    assert_eq!(listed["accessList"], json!([{ "address": BOB, "storageKeys": [word(7)] }]));
}

#[test]
fn the_selectors_of_a_call_are_counted_with_the_bytes_that_follow() {
    let chain = start();
    // Calls BOB twice with 0x11223344 and 4 bytes, then ArbSys with the same: mstore, and calls of 8 bytes from 24.
    let call_to = |to: &str| format!("5f5f600860185f73{}5af150", to.trim_start_matches("0x"));
    let (bob, sys) = (call_to(BOB), call_to("0x0000000000000000000000000000000000000064"));
    let code = format!("0x6711223344556677885f52{bob}{bob}{sys}00");
    chain.ask("anvil_setCode", json!([STRANGER, code]));
    let counted = json!({ "0xaabbccdd-2": 1, "0x11223344-4": 2 });
    let four = json!({ "tracer": "4byteTracer" });
    let request = json!({ "from": ALICE, "to": STRANGER, "data": "0xaabbccdd0001", "gas": "0x7a120" });
    assert_eq!(chain.ask("debug_traceCall", json!([request, "latest", four])), counted);
    let hash = chain.ask("eth_sendTransaction", json!([request]));
    assert_eq!(chain.ask("debug_traceTransaction", json!([hash, four])), counted);
    let short = chain.ask("eth_sendTransaction", json!([{ "from": ALICE, "to": BOB, "data": "0xaabbcc" }]));
    assert_eq!(chain.ask("debug_traceTransaction", json!([short, four])), json!({}));
}

#[test]
fn a_program_tells_its_record_and_a_transaction_its_ink() {
    let mut node = Devnode::default();
    let alice = node.accounts()[0].address;
    let program = node.deploy_stylus(alice, &wasm(WRITE_ARGS), None).unwrap();
    let record = node.program(program).unwrap();
    let chain = Served::new(node);
    let info = chain.ask("devnode_programInfo", json!([program]));
    assert_eq!((&info["version"], &info["cached"], &info["problem"]), (&json!(2), &json!(false), &Value::Null));
    assert_eq!((&info["footprintPages"], &info["inkPrice"]), (&json!(record.footprint_pages), &json!(10_000)));
    // ArbWasm.programInitGas(address) answers the same two figures.
    let data = format!("0x62b688aa{:0>64}", format!("{program:x}"));
    let answer = chain.ask("eth_call", json!([{ "to": "0x0000000000000000000000000000000000000071", "data": data }]));
    let words = answer.as_str().unwrap().trim_start_matches("0x");
    let gas = |field: &str| quantity(&info[field]);
    assert_eq!(words, format!("{:064x}{:064x}", gas("initGas"), gas("cachedInitGas")));
    assert_eq!(chain.ask("devnode_programInfo", json!([ALICE])), Value::Null);
    let life_secs = info["expiresAt"].as_u64().unwrap() - info["activatedAt"].as_u64().unwrap();
    assert_eq!(life_secs, 365 * 86_400);

    let request = json!([{ "from": ALICE, "to": program, "data": "0x2a" }]);
    let hash = chain.ask("eth_sendTransaction", request.clone());
    let trace = chain.ask("devnode_inkTrace", json!([hash]));
    assert_eq!(trace, chain.ask("debug_traceTransaction", json!([hash, { "tracer": "stylusTracer" }])));
    let names: Vec<&Value> = trace.as_array().unwrap().iter().map(|step| &step["name"]).collect();
    assert_eq!(names, ["user_entrypoint", "read_args", "write_result", "user_returned"]);
    assert_eq!(chain.refused("devnode_inkTrace", json!([word(1)])).0, -32000);

    // A year and a day later it would not run.
    chain.ask("evm_increaseTime", json!([366 * 86_400]));
    let problem = chain.ask("devnode_programInfo", json!([program]))["problem"].take();
    assert!(problem.as_str().is_some_and(|text| text.starts_with("error ProgramExpired(")), "{problem}");
}
