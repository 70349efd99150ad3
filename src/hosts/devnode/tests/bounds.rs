//! What one client can make the server do or keep, at its limits and beyond: answers, filters, logs, blocks.

#[path = "common/posting.rs"]
mod posting;

use alloy_primitives::{Address, hex};
use jsonrpsee::{
    core::{
        ClientError,
        client::ClientT,
        params::{ArrayParams, BatchRequestBuilder},
    },
    http_client::HttpClient,
    rpc_params,
};
use posting::post;
use serde_json::{Value, json};
use spillway_devnode::{
    Devnode,
    rpc::{Clock, RpcConfig, RunningServer, serve},
};

const ALICE: &str = "0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266";

async fn start(node: Devnode, config: RpcConfig) -> (RunningServer, HttpClient) {
    let config = RpcConfig { listen: ([127, 0, 0, 1], 0).into(), clock: Clock::Manual, ..config };
    let server = serve(node, config).await.unwrap();
    let client = HttpClient::builder().max_response_size(u32::MAX).build(server.url()).unwrap();
    (server, client)
}

async fn refusal(client: &HttpClient, method: &str, params: ArrayParams) -> (i32, String) {
    match client.request::<Value, _>(method, params).await.unwrap_err() {
        ClientError::Call(object) => (object.code(), object.message().to_owned()),
        other => panic!("not a refusal by the server: {other}"),
    }
}

/// Code that takes `steps` steps of three gas at most and stops, and one that leaves `logs` logs.
fn steps(steps: usize) -> Vec<u8> {
    [hex!("5f50").repeat(steps / 2), vec![0]].concat()
}

fn logs(logs: usize) -> Vec<u8> {
    [hex!("5f5fa0").repeat(logs), vec![0]].concat()
}

#[tokio::test(flavor = "multi_thread")]
async fn answers_and_batches_of_answers_are_no_longer_than_the_limit() {
    let code = Address::repeat_byte(0xc0);
    let mut node = Devnode::default();
    node.set_code(code, steps(1_000));
    let (server, client) = start(node, RpcConfig { max_response_bytes: 300_000, ..RpcConfig::default() }).await;
    let trace = || rpc_params![json!({ "from": ALICE, "to": code }), "latest", json!({})];
    let one: Value = client.request("debug_traceCall", trace()).await.unwrap();
    let length = one.to_string().len();
    assert!((60_000..150_000).contains(&length), "{length}");
    // Some of them fit, and all of them do not.
    let request = json!({ "jsonrpc": "2.0", "id": 1, "method": "debug_traceCall", "params": [{ "from": ALICE, "to": code }, "latest", {}] });
    let batch = |count: usize| Value::from(vec![request.clone(); count]).to_string();
    let (_, answer) = post(server.address(), batch(2).as_bytes()).await;
    assert_eq!(serde_json::from_str::<Vec<Value>>(&answer).unwrap()[1]["result"]["failed"], false);
    let (_, answer) = post(server.address(), batch(100).as_bytes()).await;
    assert_eq!(serde_json::from_str::<Value>(&answer).unwrap()["error"]["code"], -32011, "{answer:.200}");
    // One answer alone that is too long.
    let _: Value =
        client.request("anvil_setCode", rpc_params![code, hex::encode_prefixed(steps(6_000))]).await.unwrap();
    assert_eq!(refusal(&client, "debug_traceCall", trace()).await.0, -32008);
    assert_eq!(client.request::<String, _>("eth_blockNumber", rpc_params![]).await.unwrap(), "0x0");
    server.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_oldest_filter_is_forgotten_for_one_too_many() {
    let (server, client) = start(Devnode::default(), RpcConfig { max_filters: 3, ..RpcConfig::default() }).await;
    let mut filters: Vec<String> = Vec::new();
    for _ in 0..4 {
        filters.push(client.request("eth_newBlockFilter", rpc_params![]).await.unwrap());
    }
    let (code, message) = refusal(&client, "eth_getFilterChanges", rpc_params![&filters[0]]).await;
    assert_eq!((code, message.as_str()), (-32000, "filter not found: 1"));
    for filter in &filters[1..] {
        let news: Value = client.request("eth_getFilterChanges", rpc_params![filter]).await.unwrap();
        assert_eq!(news, json!([]));
    }
    server.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_filter_names_at_most_a_thousand_addresses_and_topics() {
    let (server, client) = start(Devnode::default(), RpcConfig::default()).await;
    let filter = |count: u64| {
        let addresses: Vec<String> = (0..count).map(|number| format!("0x{number:040x}")).collect();
        rpc_params![json!({ "address": addresses })]
    };
    assert_eq!(client.request::<Value, _>("eth_getLogs", filter(1_000)).await.unwrap(), json!([]));
    for method in ["eth_getLogs", "eth_newFilter"] {
        let (code, message) = refusal(&client, method, filter(1_001)).await;
        assert_eq!(code, -32005, "{method}");
        assert_eq!(message, "the filter names 1001 addresses and topics, the limit is 1000");
    }
    server.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_filter_that_takes_more_logs_than_the_limit_is_refused_and_fewer_blocks_help() {
    let emitter = Address::repeat_byte(0xe1);
    let mut node = Devnode::default();
    node.set_code(emitter, logs(5));
    let (server, client) = start(node, RpcConfig { max_logs: 10, ..RpcConfig::default() }).await;
    for _ in 0..3 {
        let _: String =
            client.request("eth_sendTransaction", rpc_params![json!({ "from": ALICE, "to": emitter })]).await.unwrap();
    }
    let range = |from: &str, to: &str| rpc_params![json!({ "fromBlock": from, "toBlock": to })];
    let found: Vec<Value> = client.request("eth_getLogs", range("0x1", "0x2")).await.unwrap();
    assert_eq!(found.len(), 10);
    let (code, message) = refusal(&client, "eth_getLogs", range("0x1", "0x3")).await;
    assert_eq!(code, -32005);
    assert_eq!(message, "the filter takes 15 logs, the limit is 10: ask for fewer blocks at a time");
    server.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_requests_of_a_batch_share_the_blocks_they_may_mine() {
    let (server, client) = start(Devnode::default(), RpcConfig { max_mined_blocks: 10, ..RpcConfig::default() }).await;
    let mut batch = BatchRequestBuilder::new();
    for _ in 0..3 {
        batch.insert("anvil_mine", rpc_params![4]).unwrap();
    }
    let answers = client.batch_request::<Value>(batch).await.unwrap();
    let codes: Vec<i32> =
        answers.iter().map(|answer| answer.as_ref().map_or_else(|error| error.code(), |_| 0)).collect();
    assert_eq!(codes, [0, 0, -32005]);
    // Another request has as many again.
    let _: Value = client.request("anvil_mine", rpc_params![10]).await.unwrap();
    assert_eq!(client.request::<String, _>("eth_blockNumber", rpc_params![]).await.unwrap(), "0x12");
    assert_eq!(refusal(&client, "anvil_mine", rpc_params![11]).await.0, -32005);
    server.stop().await;
}
