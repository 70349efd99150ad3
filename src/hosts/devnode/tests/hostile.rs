//! What a hostile client can send: each request gets a bounded answer, and the node goes on.

#[path = "common/posting.rs"]
mod posting;

use alloy_primitives::{Address, hex};
use jsonrpsee::{core::client::ClientT, http_client::HttpClient, rpc_params, ws_client::WsClientBuilder};
use posting::post;
use serde_json::{Value, json};
use spillway_devnode::{
    CallRequest, Devnode, TraceError,
    evm::MOST_RECORDED_BYTES,
    rpc::{Clock, RpcConfig, RunningServer, serve},
};
use std::sync::Arc;

async fn start() -> (RunningServer, HttpClient) {
    let config = RpcConfig {
        listen: ([127, 0, 0, 1], 0).into(),
        clock: Clock::Manual,
        max_body_bytes: 100_000,
        max_batch: 10,
        ..RpcConfig::default()
    };
    let server = serve(Devnode::default(), config).await.unwrap();
    let client = HttpClient::builder().build(server.url()).unwrap();
    (server, client)
}

async fn is_alive(client: &HttpClient) {
    assert_eq!(client.request::<String, _>("eth_blockNumber", rpc_params![]).await.unwrap(), "0x0");
}

#[tokio::test(flavor = "multi_thread")]
async fn bodies_that_are_no_requests_get_an_error_object() {
    let (server, client) = start().await;
    let deep = "[".repeat(50_000);
    let deep_params = format!(
        r#"{{"jsonrpc":"2.0","id":1,"method":"eth_call","params":[{}{}]}}"#,
        "[".repeat(20_000),
        "]".repeat(20_000)
    );
    for (body, code) in [
        ("", -32700),
        ("{", -32700),
        ("null", -32700),
        ("\u{0}\u{1}", -32700),
        (deep.as_str(), -32700),
        (r#"{"jsonrpc":"2.0","id":1,"method":"eth_chainId","params":{"a":1}}"#, -32602),
        (r#"{"jsonrpc":"2.0","id":1,"method":"eth_getBalance","params":[1e999]}"#, -32602),
        (deep_params.as_str(), -32602),
    ] {
        let (_, answer) = post(server.address(), body.as_bytes()).await;
        let shown: String = body.chars().take(60).collect();
        let parsed: Value = serde_json::from_str(&answer).unwrap_or_else(|error| panic!("{shown}: {answer}: {error}"));
        assert_eq!(parsed["error"]["code"], code, "{shown}: {answer}");
        is_alive(&client).await;
    }
    server.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn bodies_and_batches_over_the_limit_are_refused() {
    let (server, client) = start().await;
    let long = format!(r#"{{"jsonrpc":"2.0","id":1,"method":"web3_sha3","params":["0x{}"]}}"#, "00".repeat(50_000));
    let (status, answer) = post(server.address(), long.as_bytes()).await;
    assert!(status.contains("413") || answer.contains("-32007"), "{status} {answer}");
    let one = r#"{"jsonrpc":"2.0","id":1,"method":"eth_chainId","params":[]}"#;
    let fits = format!("[{}]", [one; 10].join(","));
    let (_, answer) = post(server.address(), fits.as_bytes()).await;
    assert_eq!(serde_json::from_str::<Vec<Value>>(&answer).unwrap().len(), 10);
    let over = format!("[{}]", [one; 11].join(","));
    let (_, answer) = post(server.address(), over.as_bytes()).await;
    assert_eq!(serde_json::from_str::<Value>(&answer).unwrap()["error"]["code"], -32010, "{answer}");
    is_alive(&client).await;
    server.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn ten_thousand_calls_at_once_are_all_answered() {
    const CLIENTS: u64 = 40;
    const CALLS: u64 = 250;
    let (server, client) = start().await;
    let url = format!("ws://{}", server.address());
    let mut calls = Vec::new();
    for number in 0..CLIENTS {
        // Many calls share a connection, so that what a process may open does not matter.
        let client = WsClientBuilder::default().max_concurrent_requests(CALLS as usize).build(&url).await.unwrap();
        let client = Arc::new(client);
        for index in 0..CALLS {
            let client = Arc::clone(&client);
            calls.push(tokio::spawn(async move {
                // ArbosTest.burnArbGas(gas), so that no two calls are alike.
                let data = format!("0xbb3480f9{:064x}", number * CALLS + index);
                let call = json!({ "to": "0x0000000000000000000000000000000000000069", "data": data });
                client.request::<String, _>("eth_call", rpc_params![call, "latest"]).await
            }));
        }
    }
    assert_eq!(calls.len(), 10_000);
    for call in calls {
        assert_eq!(call.await.unwrap().unwrap(), "0x");
    }
    is_alive(&client).await;
    server.stop().await;
}

#[test]
fn a_trace_that_would_fill_the_memory_is_refused() {
    /// Twice what the records need to be too long.
    const GAS: u64 = 10_000_000;
    let mut node = Devnode::default();
    let alice = node.accounts()[0].address;
    // Hashes one page after another until the gas is gone; each record of it holds the page.
    let module = wat::parse_str(
        r#"(module (import "vm_hooks" "native_keccak256" (func (param i32 i32 i32))) (memory (export "memory") 1 1)
        (func (export "user_entrypoint") (param i32) (result i32)
            (loop $again (call 0 (i32.const 0) (i32.const 65536) (i32.const 0)) br $again) i32.const 0))"#,
    )
    .unwrap();
    let program = node.deploy_stylus(alice, &module, None).unwrap();
    let too_long = TraceError::TooLong { limit_bytes: MOST_RECORDED_BYTES };
    assert_eq!(node.trace_call(CallRequest::new(program, []).gas(GAS)).unwrap_err(), too_long);
    // Calls another account again and again with a megabyte of calldata that was paid for once.
    let caller = Address::repeat_byte(0xca);
    node.set_code(caller, hex!("5b5f5f620fffff5f5f60fe5af1505f56"));
    assert_eq!(node.trace_call_frames(CallRequest::new(caller, []).gas(GAS)).unwrap_err(), too_long);
    // Without a record both end by the gas, as any other.
    for to in [program, caller] {
        assert!(node.call(CallRequest::new(to, []).gas(GAS)).is_err());
    }
}
