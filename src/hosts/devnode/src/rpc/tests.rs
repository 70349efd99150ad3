//! The server over real HTTP, driven request by request: what a client reads when all is well, and the named error for every bad request.

use jsonrpsee::{
    core::{ClientError, client::ClientT},
    http_client::HttpClient,
    rpc_params,
};
use serde_json::{Value, json};

use super::*;

async fn start() -> (RunningServer, HttpClient) {
    let node = Devnode::builder().genesis_time_secs(1_700_000_000).build();
    let config =
        RpcConfig { listen: SocketAddr::from(([127, 0, 0, 1], 0)), clock: Clock::Manual, ..RpcConfig::default() };
    let server = serve(node, config).await.unwrap();
    let client = HttpClient::builder().build(server.url()).unwrap();
    (server, client)
}

fn refusal(error: ClientError) -> (i32, String, Option<String>) {
    match error {
        ClientError::Call(object) => {
            (object.code(), object.message().to_owned(), object.data().map(|data| data.get().to_owned()))
        }
        other => panic!("not a refusal by the server: {other}"),
    }
}

const ALICE: &str = "0xf39fd6e51aad88f6f4ce6ab8827279cfffb92266";
const BOB: &str = "0x70997970c51812dc3a010c7d01b50e0d17dc79c8";
const STRANGER: &str = "0x00000000000000000000000000000000deadbeef";

#[tokio::test(flavor = "multi_thread")]
async fn a_value_transfer_is_mined_at_once_and_its_receipt_block_and_transaction_agree() {
    let (server, client) = start().await;
    let hash: String = client
        .request("eth_sendTransaction", rpc_params![json!({"from": ALICE, "to": BOB, "value": "0x7"})])
        .await
        .unwrap();
    let receipt: Value = client.request("eth_getTransactionReceipt", rpc_params![&hash]).await.unwrap();
    assert_eq!(receipt["status"], "0x1");
    assert_eq!(receipt["gasUsed"], "0x5208");
    assert_eq!(receipt["gasUsedForL1"], "0x0");
    assert_eq!(receipt["blockNumber"], "0x1");
    let block: Value = client.request("eth_getBlockByNumber", rpc_params!["latest", true]).await.unwrap();
    assert_eq!(block["hash"], receipt["blockHash"]);
    assert_eq!(block["transactions"][0]["hash"], json!(hash));
    assert_eq!(block["transactions"][0]["from"], json!(ALICE));
    assert_eq!(block["transactions"][0]["value"], "0x7");
    for field in [
        "parentHash",
        "sha3Uncles",
        "miner",
        "stateRoot",
        "transactionsRoot",
        "receiptsRoot",
        "logsBloom",
        "difficulty",
        "gasLimit",
        "timestamp",
        "mixHash",
        "baseFeePerGas",
        "l1BlockNumber",
        "sendRoot",
    ] {
        assert!(block[field].is_string(), "{field} is missing: {block}");
    }
    let by_hash: Value = client.request("eth_getTransactionByHash", rpc_params![&hash]).await.unwrap();
    assert_eq!(by_hash, block["transactions"][0]);
    server.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn unknown_hashes_and_blocks_are_null_not_errors() {
    let (server, client) = start().await;
    let nothing = format!("0x{}", "11".repeat(32));
    for method in ["eth_getTransactionReceipt", "eth_getTransactionByHash", "eth_getBlockByHash"] {
        let answer: Value = client.request(method, rpc_params![&nothing]).await.unwrap();
        assert_eq!(answer, Value::Null, "{method}");
    }
    let answer: Value = client.request("eth_getBlockByNumber", rpc_params!["0x63", false]).await.unwrap();
    assert_eq!(answer, Value::Null);
    server.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn bad_parameters_are_refused_by_place_and_name() {
    let (server, client) = start().await;
    let missing = client.request::<Value, _>("eth_getBalance", rpc_params![]).await.unwrap_err();
    assert_eq!(refusal(missing), (-32602, "missing parameter 0 (address)".into(), None));
    let (code, message, _) =
        refusal(client.request::<Value, _>("eth_getBalance", rpc_params!["0x12"]).await.unwrap_err());
    assert_eq!(code, -32602);
    assert!(message.starts_with("invalid parameter 0 (address): "), "{message}");
    let (code, message, _) =
        refusal(client.request::<Value, _>("evm_increaseTime", rpc_params![-4]).await.unwrap_err());
    assert_eq!((code, message.as_str()), (-32602, "invalid parameter 0 (seconds): -4 is no number below 2^64"));
    let (code, message, _) =
        refusal(client.request::<Value, _>("evm_mine", rpc_params![json!(100_001)]).await.unwrap_err());
    assert_eq!(code, -32005);
    assert_eq!(message, "cannot mine 100001 blocks: this request, or its batch, may mine 100000");
    let (code, message, _) = refusal(
        client
            .request::<Value, _>(
                "debug_traceTransaction",
                rpc_params![format!("0x{}", "11".repeat(32)), json!({"tracer": "muxTracer"})],
            )
            .await
            .unwrap_err(),
    );
    assert_eq!(
        (code, message.as_str()),
        (
            -32000,
            "unknown tracer muxTracer: this node has 4byteTracer, callTracer, prestateTracer and stylusTracer, and opcodes when none is named"
        )
    );
    let (code, _, _) = refusal(client.request::<Value, _>("eth_noSuchMethod", rpc_params![]).await.unwrap_err());
    assert_eq!(code, -32601);
    server.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_address_without_a_key_sends_only_while_impersonated() {
    let (server, client) = start().await;
    let _: Value = client.request("anvil_setBalance", rpc_params![STRANGER, "0xde0b6b3a7640000"]).await.unwrap();
    let request = json!({"from": STRANGER, "to": BOB, "value": "0x1"});
    let refused = client.request::<Value, _>("eth_sendTransaction", rpc_params![request.clone()]).await.unwrap_err();
    let text = "no signer available for 0x00000000000000000000000000000000DeaDBeef: it is not one of the node's accounts; impersonate it first";
    assert_eq!(refusal(refused), (-32000, text.into(), None));
    let _: Value = client.request("anvil_impersonateAccount", rpc_params![STRANGER]).await.unwrap();
    let hash: String = client.request("eth_sendTransaction", rpc_params![request.clone()]).await.unwrap();
    let receipt: Value = client.request("eth_getTransactionReceipt", rpc_params![hash]).await.unwrap();
    assert_eq!(receipt["status"], "0x1");
    let _: Value = client.request("anvil_stopImpersonatingAccount", rpc_params![STRANGER]).await.unwrap();
    assert!(client.request::<Value, _>("eth_sendTransaction", rpc_params![request]).await.is_err());
    server.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_revert_has_code_three_and_its_data_and_a_halt_has_neither() {
    let (server, client) = start().await;
    // PUSH1 0xbb PUSH0 MSTORE PUSH1 0x20 PUSH0 REVERT, and INVALID.
    let _: Value = client.request("anvil_setCode", rpc_params![STRANGER, "0x60bb5f5260205ffd"]).await.unwrap();
    let (code, message, data) = refusal(
        client.request::<Value, _>("eth_call", rpc_params![json!({"to": STRANGER}), "latest"]).await.unwrap_err(),
    );
    assert_eq!((code, message.as_str()), (3, "execution reverted"));
    assert_eq!(data, Some(format!("\"0x{}bb\"", "00".repeat(31))));
    let _: Value = client.request("anvil_setCode", rpc_params![STRANGER, "0xfe"]).await.unwrap();
    let (code, _, data) = refusal(
        client.request::<Value, _>("eth_call", rpc_params![json!({"to": STRANGER}), "latest"]).await.unwrap_err(),
    );
    assert_eq!((code, data), (-32000, None));
    server.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn overrides_change_a_call_and_nothing_else() {
    let (server, client) = start().await;
    // PUSH1 0x2a PUSH0 MSTORE PUSH1 0x20 PUSH0 RETURN
    let overrides = json!({ STRANGER: { "code": "0x602a5f5260205ff3" } });
    let answer: String =
        client.request("eth_call", rpc_params![json!({"to": STRANGER}), "latest", overrides]).await.unwrap();
    assert_eq!(answer, format!("0x{}2a", "00".repeat(31)));
    let code: String = client.request("eth_getCode", rpc_params![STRANGER, "latest"]).await.unwrap();
    assert_eq!(code, "0x");
    server.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn time_snapshots_and_mining_do_what_test_suites_expect() {
    let (server, client) = start().await;
    let snapshot: String = client.request("evm_snapshot", rpc_params![]).await.unwrap();
    let _: Value = client.request("evm_setNextBlockTimestamp", rpc_params![1_700_000_500u64]).await.unwrap();
    let _: Value = client.request("evm_mine", rpc_params![]).await.unwrap();
    let block: Value = client.request("eth_getBlockByNumber", rpc_params!["latest", false]).await.unwrap();
    assert_eq!(block["timestamp"], json!(format!("{:#x}", 1_700_000_500u64)));
    let (code, message, _) = refusal(
        client.request::<Value, _>("evm_setNextBlockTimestamp", rpc_params![1_700_000_499u64]).await.unwrap_err(),
    );
    assert_eq!((code, message.as_str()), (-32000, "timestamp 1700000499 is before the newest block's 1700000500"));
    let _: Value = client.request("anvil_mine", rpc_params!["0x5"]).await.unwrap();
    let height: String = client.request("eth_blockNumber", rpc_params![]).await.unwrap();
    assert_eq!(height, "0x6");
    let reverted: bool = client.request("evm_revert", rpc_params![&snapshot]).await.unwrap();
    assert!(reverted);
    let height: String = client.request("eth_blockNumber", rpc_params![]).await.unwrap();
    assert_eq!(height, "0x0");
    let again: bool = client.request("evm_revert", rpc_params![&snapshot]).await.unwrap();
    assert!(!again, "a snapshot is good for one revert");
    server.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn filters_give_each_log_once() {
    let (server, client) = start().await;
    // PUSH1 7 PUSH0 PUSH0 LOG1: one log with topic 7.
    let _: Value = client.request("anvil_setCode", rpc_params![STRANGER, "0x60075f5fa100"]).await.unwrap();
    let filter: String = client.request("eth_newFilter", rpc_params![json!({"address": STRANGER})]).await.unwrap();
    let blocks: String = client.request("eth_newBlockFilter", rpc_params![]).await.unwrap();
    let _: String =
        client.request("eth_sendTransaction", rpc_params![json!({"from": ALICE, "to": STRANGER})]).await.unwrap();
    let new: Vec<Value> = client.request("eth_getFilterChanges", rpc_params![&filter]).await.unwrap();
    assert_eq!(new.len(), 1);
    assert_eq!(new[0]["topics"], json!([format!("0x{}07", "00".repeat(31))]));
    assert_eq!(new[0]["blockNumber"], "0x1");
    let none: Vec<Value> = client.request("eth_getFilterChanges", rpc_params![&filter]).await.unwrap();
    assert!(none.is_empty());
    let hashes: Vec<String> = client.request("eth_getFilterChanges", rpc_params![&blocks]).await.unwrap();
    assert_eq!(hashes.len(), 1);
    let all: Vec<Value> = client
        .request(
            "eth_getLogs",
            rpc_params![
                json!({"fromBlock": "earliest", "toBlock": "latest", "topics": [format!("0x{}07", "00".repeat(31))]})
            ],
        )
        .await
        .unwrap();
    assert_eq!(all, new);
    let removed: bool = client.request("eth_uninstallFilter", rpc_params![&filter]).await.unwrap();
    assert!(removed);
    let gone = client.request::<Value, _>("eth_getFilterChanges", rpc_params![&filter]).await.unwrap_err();
    assert_eq!(refusal(gone), (-32000, "filter not found: 1".into(), None));
    server.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn fee_history_covers_the_blocks_asked_for() {
    let (server, client) = start().await;
    let _: Value = client.request("anvil_mine", rpc_params![3]).await.unwrap();
    let history: Value = client.request("eth_feeHistory", rpc_params!["0x2", "latest", [20.0]]).await.unwrap();
    assert_eq!(history["oldestBlock"], "0x2");
    assert_eq!(history["baseFeePerGas"], json!(["0x5f5e100", "0x5f5e100", "0x5f5e100"]));
    assert_eq!(history["reward"], json!([["0x0"], ["0x0"]]));
    server.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_malformed_or_oversized_body_is_answered_and_the_server_goes_on() {
    use tokio::io::{AsyncReadExt, AsyncWriteExt};
    let (server, client) = start().await;
    for body in ["{", "[1, 2]", "{\"jsonrpc\":\"2.0\"}"] {
        let mut stream = tokio::net::TcpStream::connect(server.address()).await.unwrap();
        let head = format!(
            "POST / HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\nconnection: close\r\ncontent-length: {}\r\n\r\n",
            body.len()
        );
        stream.write_all(format!("{head}{body}").as_bytes()).await.unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).await.unwrap();
        assert!(answer.contains("\"error\""), "{body} was answered with {answer}");
    }
    let mut stream = tokio::net::TcpStream::connect(server.address()).await.unwrap();
    stream.write_all(b"POST / HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\nconnection: close\r\ncontent-length: 99999999\r\n\r\n").await.unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await.unwrap();
    assert!(answer.starts_with("HTTP/1.1 413"), "{answer}");
    let height: String = client.request("eth_blockNumber", rpc_params![]).await.unwrap();
    assert_eq!(height, "0x0");
    server.stop().await;
}
