//! Subscriptions over WebSocket, and blocks mined by the clock.

use alloy_primitives::{Address, hex};
use jsonrpsee::{
    core::client::{ClientT, Subscription, SubscriptionClientT},
    rpc_params,
    ws_client::{WsClient, WsClientBuilder},
};
use serde_json::{Value, json};
use spillway_devnode::{
    Devnode,
    rpc::{Clock, RpcConfig, RunningServer, serve},
};

async fn start(node: Devnode, block_interval_secs: u64) -> (RunningServer, WsClient) {
    let config = RpcConfig {
        listen: ([127, 0, 0, 1], 0).into(),
        clock: Clock::Manual,
        block_interval_secs,
        ..RpcConfig::default()
    };
    let server = serve(node, config).await.unwrap();
    let client = WsClientBuilder::default().build(format!("ws://{}", server.address())).await.unwrap();
    (server, client)
}

async fn subscribe(client: &WsClient, params: Value) -> Result<Subscription<Value>, jsonrpsee::core::ClientError> {
    let mut list = jsonrpsee::core::params::ArrayParams::new();
    for param in params.as_array().unwrap() {
        list.insert(param).unwrap();
    }
    client.subscribe("eth_subscribe", list, "eth_unsubscribe").await
}

#[tokio::test(flavor = "multi_thread")]
async fn every_new_head_is_told_once_and_in_order_and_a_revert_starts_over() {
    let (server, client) = start(Devnode::default(), 0).await;
    let mut heads = subscribe(&client, json!(["newHeads"])).await.unwrap();
    let snapshot: String = client.request("evm_snapshot", rpc_params![]).await.unwrap();
    let _: Value = client.request("anvil_mine", rpc_params!["0x3"]).await.unwrap();
    for number in 1..=3_u64 {
        let head = heads.next().await.unwrap().unwrap();
        assert_eq!(head["number"], format!("{number:#x}"));
        let block: Value =
            client.request("eth_getBlockByNumber", rpc_params![head["number"].clone(), false]).await.unwrap();
        assert_eq!(
            (&head["hash"], &head["parentHash"], &head["l1BlockNumber"]),
            (&block["hash"], &block["parentHash"], &block["l1BlockNumber"])
        );
        assert_eq!(head["transactions"], Value::Null);
    }
    assert!(client.request::<bool, _>("evm_revert", rpc_params![snapshot]).await.unwrap());
    // A subscriber that comes after the revert hears of block 1 again.
    let mut later = subscribe(&client, json!(["newHeads"])).await.unwrap();
    let _: Value = client.request("evm_mine", rpc_params![]).await.unwrap();
    assert_eq!(later.next().await.unwrap().unwrap()["number"], "0x1");
    server.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn logs_are_told_by_filter_and_unknown_topics_are_refused() {
    let mut node = Devnode::default();
    let (loud, other) = (Address::repeat_byte(1), Address::repeat_byte(2));
    // log1(0, 0, 7)
    node.set_code(loud, hex!("60075f5fa100"));
    node.set_code(other, hex!("60075f5fa100"));
    let alice = node.accounts()[0].address;
    let (server, client) = start(node, 0).await;
    let mut logs = subscribe(&client, json!(["logs", { "address": loud }])).await.unwrap();
    for to in [other, loud] {
        let _: Value =
            client.request("eth_sendTransaction", rpc_params![json!({ "from": alice, "to": to })]).await.unwrap();
    }
    let log = logs.next().await.unwrap().unwrap();
    assert_eq!((&log["address"], &log["blockNumber"]), (&json!(loud), &json!("0x2")));
    let refused = subscribe(&client, json!(["syncing"])).await.unwrap_err();
    let text = "invalid parameter 0 (topic): syncing is not a subscription of this node: it has newHeads, logs and newPendingTransactions";
    assert!(refused.to_string().contains(text), "{refused}");
    logs.unsubscribe().await.unwrap();
    server.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_node_with_a_block_time_mines_by_the_clock_and_not_with_transactions() {
    let node = Devnode::default();
    let alice = node.accounts()[0].address;
    let (server, client) = start(node, 1).await;
    let mut heads = subscribe(&client, json!(["newHeads"])).await.unwrap();
    assert_eq!(client.request::<u64, _>("anvil_getIntervalMining", rpc_params![]).await.unwrap(), 1);
    let hash: String =
        client.request("eth_sendTransaction", rpc_params![json!({ "from": alice, "to": alice })]).await.unwrap();
    // The transaction is in one of the blocks the clock brings, of which none was asked for.
    loop {
        let head = heads.next().await.unwrap().unwrap();
        let block: Value =
            client.request("eth_getBlockByHash", rpc_params![head["hash"].clone(), false]).await.unwrap();
        if block["transactions"] == json!([hash]) {
            break;
        }
        assert_eq!(block["transactions"], json!([]));
    }
    let _: Value = client.request("evm_setAutomine", rpc_params![true]).await.unwrap();
    assert_eq!(client.request::<Value, _>("anvil_getIntervalMining", rpc_params![]).await.unwrap(), Value::Null);
    let hash: String =
        client.request("eth_sendTransaction", rpc_params![json!({ "from": alice, "to": alice })]).await.unwrap();
    let receipt: Value = client.request("eth_getTransactionReceipt", rpc_params![hash]).await.unwrap();
    assert_eq!(receipt["status"], "0x1", "mined at once");
    server.stop().await;
}
