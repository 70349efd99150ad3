//! The tracers over a served node: frames of bytecode, programs and precompiles in one tree, and the state around a transaction.

mod common;

use alloy_primitives::{Address, Bytes, U256, address, hex};
use common::*;
use jsonrpsee::{core::client::ClientT, http_client::HttpClient, rpc_params};
use serde_json::{Value, json};
use spillway_devnode::{
    CallRequest, Devnode, FrameKind, FrameOutcome, TxRequest,
    rpc::{Clock, RpcConfig, RunningServer, serve},
};

const STORE: Address = address!("00000000000000000000000000000000000057de");
/// `sstore(0, calldataload(0)); log1(0, 0, 7)`: writes the first word of its calldata and logs.
const STORE_CODE: [u8; 12] = hex!("5f355f5560075f5fa1000000");
/// Logs, then reverts with `Error("no")`.
const REFUSE: Address = address!("0000000000000000000000000000000000004ef5");

fn refuse_code() -> Bytes {
    // Error(string) with offset 32, length 2 and "no", copied from behind the code.
    let data = hex!(
        "08c379a0"
        "0000000000000000000000000000000000000000000000000000000000000020"
        "0000000000000000000000000000000000000000000000000000000000000002"
        "6e6f000000000000000000000000000000000000000000000000000000000000"
    );
    let head = hex!("60015f5fa16064600f5f3960645ffd");
    [&head[..], &data].concat().into()
}

/// Calls the address in the first 20 bytes of its calldata with the rest, and succeeds whatever comes of it.
const CALLER: &str = r#"(module
    (import "vm_hooks" "pay_for_memory_grow" (func (param i32)))
    (import "vm_hooks" "read_args" (func $read_args (param i32)))
    (import "vm_hooks" "call_contract" (func $call (param i32 i32 i32 i32 i64 i32) (result i32)))
    (import "vm_hooks" "write_result" (func $write_result (param i32 i32)))
    (func (export "user_entrypoint") (param $len i32) (result i32)
        (call $read_args (i32.const 0))
        (drop (call $call (i32.const 0) (i32.const 20) (i32.sub (local.get $len) (i32.const 20)) (i32.const 1024) (i64.const -1) (i32.const 1100)))
        (call $write_result (i32.const 1100) (i32.const 4))
        (i32.const 0))
    (memory (export "memory") 1))"#;

fn chain() -> (Devnode, Address, Address, Address) {
    let mut node = Devnode::default();
    node.set_code(STORE, STORE_CODE);
    node.set_code(REFUSE, refuse_code());
    let dev = node.dev_account();
    let echo = node.deploy_stylus(dev, &wat::parse_str(WRITE_ARGS).unwrap(), None).unwrap();
    let caller = node.deploy_stylus(dev, &wat::parse_str(CALLER).unwrap(), None).unwrap();
    let forward = put_forwarder(&mut node, Kind::Call);
    (node, echo, caller, forward)
}

fn to(target: Address, rest: &[u8]) -> Vec<u8> {
    [target.as_slice(), rest].concat()
}

#[test]
fn bytecode_and_programs_nest_in_one_tree_with_their_gas_and_data() {
    let (mut node, echo, caller, forward) = chain();
    let word = [9; 32];
    // bytecode → program → bytecode, and the program's echo beside it.
    let receipt =
        node.transact(TxRequest::new(node.dev_account()).to(forward).data(to(caller, &to(STORE, &word)))).unwrap();
    assert!(receipt.success);
    let top = node.trace_frames(receipt.transaction_hash).unwrap();
    assert_eq!((top.kind, top.from, top.to), (FrameKind::Call, node.dev_account(), Some(forward)));
    assert_eq!((top.gas, top.gas_used), (32_000_000, receipt.gas_used));
    let [program] = &top.calls[..] else { panic!("{:?}", top.calls) };
    assert_eq!((program.from, program.to, &program.input[..]), (forward, Some(caller), &to(STORE, &word)[..]));
    assert_eq!(program.output[..], hex!("00000000"), "the callee returned nothing");
    let [store] = &program.calls[..] else { panic!("{:?}", program.calls) };
    assert_eq!((store.from, store.to, &store.input[..]), (caller, Some(STORE), &word[..]));
    assert_eq!(store.logs.len(), 1);
    // 2 base of CALLDATALOAD and PUSH0s, a cold slot set from zero, and a log with one topic.
    assert_eq!(store.gas_used, 2 + 3 + 2 + 22_100 + 3 + 2 + 2 + 750);
    assert!(store.gas_used < program.gas_used && program.gas_used < top.gas_used);
    let echoed = node.trace_call_frames(CallRequest::new(echo, hex!("0102"))).unwrap();
    assert_eq!((&echoed.input, &echoed.output), (&hex!("0102").into(), &hex!("0102").into()));
}

#[test]
fn a_failed_frame_says_why_and_keeps_no_logs_while_its_caller_goes_on() {
    let (mut node, _, caller, _) = chain();
    let receipt = node.transact(TxRequest::new(node.dev_account()).to(caller).data(to(REFUSE, &[]))).unwrap();
    assert!(receipt.success && receipt.logs.is_empty());
    let top = node.trace_frames(receipt.transaction_hash).unwrap();
    assert_eq!(top.outcome, FrameOutcome::Success);
    assert_eq!(top.calls[0].outcome, FrameOutcome::Revert);
    assert_eq!(top.calls[0].output.len(), 100);
    assert!(top.calls[0].logs.is_empty());
    let own = node.trace_call_frames(CallRequest::new(caller, to(ARB_OWNER, &hex!("00000000")))).unwrap();
    let unauthorized = FrameOutcome::Halt("unauthorized caller to access-controlled method".into());
    assert_eq!(own.calls[0].outcome, unauthorized);
    assert_eq!(own.calls[0].gas_used, own.calls[0].gas);
}

#[test]
fn creations_and_the_ends_of_accounts_are_frames_of_their_own() {
    let mut node = Devnode::default();
    let dev = node.dev_account();
    // Init code that ends the account it is creating, in favour of address 5.
    let receipt = node.transact(TxRequest::new(dev).data(hex!("6005ff")).value(U256::from(3))).unwrap();
    let top = node.trace_frames(receipt.transaction_hash).unwrap();
    assert_eq!((top.kind, top.to), (FrameKind::Create, receipt.contract_address));
    let end = &top.calls[0];
    assert_eq!(
        (end.kind, end.to, end.value),
        (FrameKind::SelfDestruct, Some(Address::with_last_byte(5)), U256::from(3))
    );
    // Init code without end: it is out of gas, and there is no address.
    let failed = node.transact(TxRequest::new(dev).data(hex!("5b5f56")).gas(60_000)).unwrap();
    let top = node.trace_frames(failed.transaction_hash).unwrap();
    assert_eq!((top.to, top.outcome, top.gas_used), (None, FrameOutcome::Halt("out of gas".into()), 60_000));
}

async fn start(node: Devnode) -> (RunningServer, HttpClient) {
    let config = RpcConfig { listen: ([127, 0, 0, 1], 0).into(), clock: Clock::Manual, ..RpcConfig::default() };
    let server = serve(node, config).await.unwrap();
    let client = HttpClient::builder().build(server.url()).unwrap();
    (server, client)
}

#[tokio::test(flavor = "multi_thread")]
async fn the_call_tracer_writes_what_nodes_write() {
    let (mut node, _, _, forward) = chain();
    let dev = node.dev_account();
    let stored = node.transact(TxRequest::new(dev).to(forward).data(to(STORE, &[1; 32]))).unwrap();
    let (server, client) = start(node).await;
    let options = json!({ "tracer": "callTracer", "tracerConfig": { "withLog": true } });
    let answer: Value =
        client.request("debug_traceTransaction", rpc_params![stored.transaction_hash, options]).await.unwrap();
    assert_eq!(answer["type"], "CALL");
    assert_eq!(answer["value"], "0x0");
    assert_eq!(answer["gasUsed"], json!(format!("{:#x}", stored.gas_used)));
    let log =
        json!([{ "address": STORE, "topics": [format!("0x{}07", "00".repeat(31))], "data": "0x", "position": "0x0" }]);
    assert_eq!(answer["calls"][0]["logs"], log);
    assert_eq!((&answer["error"], &answer["calls"][0]["calls"]), (&Value::Null, &Value::Null));

    let options = json!({ "tracer": "callTracer", "tracerConfig": { "onlyTopCall": true } });
    let answer: Value =
        client.request("debug_traceTransaction", rpc_params![stored.transaction_hash, options]).await.unwrap();
    assert_eq!(answer["calls"], Value::Null);

    let options = json!({ "tracer": "callTracer" });
    let answer: Value =
        client.request("debug_traceCall", rpc_params![json!({ "to": REFUSE }), "latest", options]).await.unwrap();
    assert_eq!((&answer["error"], &answer["revertReason"]), (&json!("execution reverted"), &json!("no")));
    assert_eq!(answer["logs"], Value::Null);
    server.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_prestate_tracer_tells_what_was_read_and_in_diff_mode_what_changed() {
    let (mut node, ..) = chain();
    let alice = node.accounts()[0].address;
    let first = node.transact(TxRequest::new(alice).to(STORE).data(U256::from(5).to_be_bytes::<32>())).unwrap();
    let second = node.transact(TxRequest::new(alice).to(STORE).data(U256::from(6).to_be_bytes::<32>())).unwrap();
    let cleared = node.transact(TxRequest::new(alice).to(STORE).data([0; 32])).unwrap();
    let (server, client) = start(node).await;
    let slot = format!("0x{}", "00".repeat(32));
    let word = |last: &str| format!("0x{}{last}", "00".repeat(31));
    let (at, from) = (format!("{STORE:#x}"), format!("{alice:#x}"));

    let plain = json!({ "tracer": "prestateTracer" });
    let answer: Value =
        client.request("debug_traceTransaction", rpc_params![second.transaction_hash, plain]).await.unwrap();
    assert_eq!(answer[&at]["storage"][&slot], word("05"));
    assert_eq!(answer[&at]["code"], json!(Bytes::from(STORE_CODE)));
    assert_eq!(answer[&from]["nonce"], 1);

    let differ = json!({ "tracer": "prestateTracer", "tracerConfig": { "diffMode": true } });
    let answer: Value =
        client.request("debug_traceTransaction", rpc_params![first.transaction_hash, &differ]).await.unwrap();
    assert_eq!(answer["pre"][&at]["storage"], Value::Null, "an empty slot is left out");
    assert_eq!(answer["post"][&at], json!({ "storage": { (&slot): word("05") } }));
    assert_eq!(answer["post"][&from]["nonce"], 1);
    let answer: Value =
        client.request("debug_traceTransaction", rpc_params![cleared.transaction_hash, differ]).await.unwrap();
    assert_eq!(answer["pre"][&at]["storage"], json!({ (&slot): word("06") }));
    assert_eq!(answer["post"][&at], json!({}));
    server.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn frames_as_deep_as_gas_allows_are_answered() {
    let mut node = Devnode::default();
    // Calls itself with all its gas: call(gas, address, 0, 0, 0, 0, 0).
    node.set_code(STORE, hex!("5f5f5f5f5f305af1"));
    let depth = |mut frame: &spillway_devnode::TraceFrame| {
        let mut depth = 1;
        while let Some(next) = frame.calls.first() {
            (frame, depth) = (next, depth + 1);
        }
        depth
    };
    let frame = node.trace_call_frames(CallRequest::new(STORE, [])).unwrap();
    assert!(depth(&frame) > 500, "{}", depth(&frame));
    let (server, client) = start(node).await;
    let options = json!({ "tracer": "callTracer" });
    let answer = client
        .request::<Box<serde_json::value::RawValue>, _>(
            "debug_traceCall",
            rpc_params![json!({ "to": STORE }), "latest", options],
        )
        .await;
    assert_eq!(answer.unwrap().get().matches("\"type\"").count(), depth(&frame));
    server.stop().await;
}
