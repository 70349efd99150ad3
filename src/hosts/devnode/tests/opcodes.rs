//! The record of opcodes, as `debug_traceTransaction` and `debug_traceCall` give it when no tracer is named.

mod common;

use alloy_primitives::{Address, Bytes, U256, hex};
use jsonrpsee::{
    core::{ClientError, client::ClientT},
    http_client::HttpClient,
    rpc_params,
};
use serde_json::{Value, json};
use spillway_devnode::{
    CallRequest, Devnode, OpcodeOptions, TraceError, TxRequest,
    evm::MOST_RECORDED_BYTES,
    rpc::{Clock, RpcConfig, RunningServer, serve},
};

const CONTRACT: Address = Address::repeat_byte(0xc0);

async fn start(node: Devnode) -> (RunningServer, HttpClient) {
    let config = RpcConfig { listen: ([127, 0, 0, 1], 0).into(), clock: Clock::Manual, ..RpcConfig::default() };
    let server = serve(node, config).await.unwrap();
    let client = HttpClient::builder().build(server.url()).unwrap();
    (server, client)
}

/// PUSH1 7, PUSH0, SSTORE, PUSH0, SLOAD, PUSH1 0, MSTORE, PUSH1 32, PUSH0, RETURN
const STORES: [u8; 13] = hex!("60075f555f5460005260205ff3");

#[tokio::test(flavor = "multi_thread")]
async fn every_opcode_has_its_place_gas_stack_and_at_storage_opcodes_the_slots_used_so_far() {
    let mut node = Devnode::default();
    let alice = node.accounts()[0].address;
    node.set_code(CONTRACT, STORES);
    let hash = node.transact(TxRequest::new(alice).to(CONTRACT).gas(100_000)).unwrap().transaction_hash;
    let (server, client) = start(node).await;
    let trace: Value = client.request("debug_traceTransaction", rpc_params![hash]).await.unwrap();
    let (zero, seven) = ("0".repeat(64), format!("{:064x}", 7));
    let slots = json!({ zero.as_str(): seven.as_str() });
    let step = |pc: u64, op: &str, gas: u64, cost: u64, stack: Value| json!({ "pc": pc, "op": op, "gas": gas, "gasCost": cost, "depth": 1, "stack": stack });
    let with = |mut step: Value| {
        step["storage"] = slots.clone();
        step
    };
    assert_eq!(
        trace["structLogs"],
        json!([
            step(0, "PUSH1", 79_000, 3, json!([])),
            step(2, "PUSH0", 78_997, 2, json!(["0x7"])),
            with(step(3, "SSTORE", 78_995, 22_100, json!(["0x7", "0x0"]))),
            step(4, "PUSH0", 56_895, 2, json!([])),
            with(step(5, "SLOAD", 56_893, 100, json!(["0x0"]))),
            step(6, "PUSH1", 56_793, 3, json!(["0x7"])),
            step(8, "MSTORE", 56_790, 6, json!(["0x7", "0x0"])),
            step(9, "PUSH1", 56_784, 3, json!([])),
            step(11, "PUSH0", 56_781, 2, json!(["0x20"])),
            step(12, "RETURN", 56_779, 0, json!(["0x20", "0x0"])),
        ])
    );
    assert_eq!(trace["gas"], 100_000 - 56_779);
    assert_eq!((&trace["failed"], &trace["returnValue"]), (&json!(false), &json!(format!("0x{seven}"))));

    let options = json!({ "disableStack": true, "disableStorage": true, "enableMemory": true, "limit": 9 });
    let call = json!({ "from": alice, "to": CONTRACT });
    let trace: Value = client.request("debug_traceCall", rpc_params![call, "latest", options]).await.unwrap();
    let steps = trace["structLogs"].as_array().unwrap();
    assert_eq!(steps.len(), 9);
    assert!(steps.iter().all(|step| step.get("stack").is_none() && step.get("storage").is_none()));
    assert_eq!((&steps[6]["memory"], &steps[8]["memory"]), (&json!([]), &json!([seven])));
    server.stop().await;
}

#[test]
fn calls_count_the_gas_they_hand_on_creations_do_not_and_depth_follows_the_frames() {
    let mut node = Devnode::default();
    // Creates an empty contract, then calls 0xc1 with 5000 gas, which reads what came back and stops.
    node.set_code(CONTRACT, hex!("5f5f5ff0505f5f5f5f5f73c1c1c1c1c1c1c1c1c1c1c1c1c1c1c1c1c1c1c1c1611388f100"));
    node.set_code(Address::repeat_byte(0xc1), hex!("3d00"));
    let report = node.trace_call_opcodes(CallRequest::new(CONTRACT, []), OpcodeOptions::default()).unwrap();
    let of = |name: &str| report.steps.iter().find(|step| step.name() == name).unwrap();
    assert_eq!(of("CREATE").gas_cost, 32_000);
    assert_eq!(of("CALL").gas_cost, 2_600 + 5_000);
    assert_eq!((of("CALL").depth, of("RETURNDATASIZE").depth), (1, 2));
    assert_eq!(of("RETURNDATASIZE").gas, 5_000);
    let names: Vec<String> = report.steps.iter().rev().take(3).map(|step| step.name()).collect();
    assert_eq!(names, ["STOP", "STOP", "RETURNDATASIZE"]);
}

#[test]
fn an_opcode_that_fails_says_why_and_a_revert_is_no_failure_of_its_opcode() {
    let mut node = Devnode::default();
    for (code, gas, failure) in [
        (&hex!("5f5ffd")[..], 100_000, None),
        (&hex!("fe"), 100_000, Some("invalid opcode")),
        (&hex!("0c"), 100_000, Some("invalid opcode")),
        (&hex!("600356"), 100_000, Some("invalid jump destination")),
        (&hex!("60015f55"), 21_100, Some("out of gas")),
    ] {
        node.set_code(CONTRACT, Bytes::copy_from_slice(code));
        let report =
            node.trace_call_opcodes(CallRequest::new(CONTRACT, []).gas(gas), OpcodeOptions::default()).unwrap();
        let last = report.steps.last().unwrap();
        assert_eq!((report.failed, last.error.as_deref()), (true, failure), "{}", hex::encode(code));
    }
    node.set_code(CONTRACT, hex!("0c"));
    let report = node.trace_call_opcodes(CallRequest::new(CONTRACT, []), OpcodeOptions::default()).unwrap();
    assert_eq!(report.steps[0].name(), "opcode 0xc not defined");
}

#[test]
fn a_program_has_no_opcodes_of_its_own_but_those_of_bytecode_it_calls_count_its_frame() {
    let mut node = Devnode::default();
    let alice = node.accounts()[0].address;
    let program = node.deploy_stylus(alice, &common::wasm(common::WRITE_ARGS), None).unwrap();
    let report = node.trace_call_opcodes(CallRequest::new(program, hex!("01")), OpcodeOptions::default()).unwrap();
    assert_eq!((report.steps.len(), report.output), (0, Bytes::from_static(&hex!("01"))));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_record_that_would_not_fit_is_refused_and_a_limit_makes_it_fit() {
    let mut node = Devnode::default();
    // A full stack of 1000 words, then a loop until the gas is gone.
    let code = [vec![0x5f; 1_000], hex!("5b6103e856").to_vec()].concat();
    node.set_code(CONTRACT, code);
    let call = CallRequest::new(CONTRACT, []).gas(30_000_000);
    let refused = node.trace_call_opcodes(call.clone(), OpcodeOptions::default()).unwrap_err();
    assert_eq!(refused, TraceError::TooLong { limit_bytes: MOST_RECORDED_BYTES });
    let few = OpcodeOptions { limit: 1_001, ..OpcodeOptions::default() };
    let report = node.trace_call_opcodes(call, few).unwrap();
    assert_eq!((report.steps.len(), report.failed), (1_001, true));
    assert_eq!(report.steps[1_000].stack.as_ref().map(Vec::len), Some(1_000));
    assert_eq!(report.steps[1_000].stack.as_ref().unwrap()[0], U256::ZERO);
    let (server, client) = start(node).await;
    let request = json!({ "to": CONTRACT, "gas": "0x1c9c380" });
    let error = client.request::<Value, _>("debug_traceCall", rpc_params![request, "latest"]).await.unwrap_err();
    let ClientError::Call(object) = error else { panic!("{error}") };
    assert_eq!(object.code(), -32_000);
    assert!(object.message().starts_with("the trace holds more than 67108864 bytes; "), "{}", object.message());
    server.stop().await;
}
