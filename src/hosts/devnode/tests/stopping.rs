//! How the program ends: what was confirmed is kept, what runs is answered, and nothing can hold it up for ever.
#![cfg(unix)]

#[path = "common/running.rs"]
mod running;

use jsonrpsee::{
    core::client::{Subscription, SubscriptionClientT},
    rpc_params,
    ws_client::WsClientBuilder,
};
use running::{Running, ask, try_post};
use serde_json::{Value, json};
use std::thread::JoinHandle;

const ALICE: &str = "0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266";
const LOOP: &str = "0x00000000000000000000000000000000000010af";

/// Sends a batch that takes a while: `calls` of code that loops until the gas of a call is gone, and a transaction after them. Returns when the
/// first of them has been answered inside; the thread gives the whole answer, which is empty when there is none.
fn keep_busy(node: &mut Running, address: &str, calls: usize) -> JoinHandle<String> {
    // JUMPDEST, PUSH0, JUMP
    ask(address, "anvil_setCode", json!([LOOP, "0x5b5f56"]));
    let call = json!({ "jsonrpc": "2.0", "id": 1, "method": "eth_call", "params": [{ "to": LOOP }, "latest"] });
    let last = json!({ "from": ALICE, "to": ALICE, "value": "0x7" });
    let last = json!({ "jsonrpc": "2.0", "id": 2, "method": "eth_sendTransaction", "params": [last] });
    let batch = Value::from([vec![call; calls], vec![last]].concat()).to_string();
    let address = address.to_owned();
    let client = std::thread::spawn(move || try_post(&address, "", &batch).unwrap_or_default().1);
    node.hears("DEBUG eth_call");
    client
}

#[test]
fn a_transaction_that_is_confirmed_while_it_stops_is_in_the_state_it_writes() {
    let directory = tempfile::tempdir().expect("a directory");
    let file = directory.path().join("state.json");
    let path = file.to_str().expect("the path is text");
    let mut node = Running::start(&["--port", "0", "-v", "--stop-timeout", "600", "--state", path]);
    let (_, address) = node.greeting();
    let client = keep_busy(&mut node, &address, 12);
    assert_eq!(node.stop("INT").0, Some(0));
    let answers: Vec<Value> = serde_json::from_str(&client.join().expect("it is answered")).expect("a batch");
    assert!(answers[12]["result"].is_string(), "{}", answers[12]);
    let mut again = Running::start(&["--port", "0", "--state", path]);
    let (_, address) = again.greeting();
    let kept = ask(&address, "eth_getTransactionByHash", json!([answers[12]["result"]]));
    assert_eq!(kept["value"], "0x7", "{kept}");
}

#[test]
fn a_second_signal_ends_it_at_once() {
    let mut node = Running::start(&["--port", "0", "-v", "--stop-timeout", "600"]);
    let (_, address) = node.greeting();
    keep_busy(&mut node, &address, 999);
    node.signal("INT");
    node.hears("INFO stopping");
    let (code, stderr) = node.stop("INT");
    assert_eq!(code, Some(6));
    assert!(stderr.ends_with("ERROR told to stop twice: requests still ran\n"), "{stderr}");
}

#[test]
fn what_runs_longer_than_it_may_is_not_waited_for() {
    let directory = tempfile::tempdir().expect("a directory");
    let path = directory.path().to_str().expect("the path is text");
    let mut node = Running::start(&["--port", "0", "-v", "--stop-timeout", "0", "--dump-state", path]);
    let (_, address) = node.greeting();
    keep_busy(&mut node, &address, 999);
    let (code, stderr) = node.stop("TERM");
    assert_eq!(code, Some(6));
    let said = "ERROR waited long enough: requests still ran, and the chain is not written\n";
    assert!(stderr.ends_with(said), "{stderr}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_subscriber_does_not_hold_it_up_and_a_running_call_is_answered() {
    let mut node = Running::start(&["--port", "0", "-v", "--stop-timeout", "600"]);
    let (_, address) = node.greeting();
    let client = WsClientBuilder::default().build(format!("ws://{address}")).await.expect("a client");
    let mut heads: Subscription<Value> = client
        .subscribe("eth_subscribe", rpc_params!["newHeads"], "eth_unsubscribe")
        .await
        .expect("it takes subscribers");
    let busy = keep_busy(&mut node, &address, 3);
    let ended = tokio::task::spawn_blocking(move || node.stop("INT")).await.expect("it ends");
    assert_eq!(ended.0, Some(0), "{}", ended.1);
    let answers: Vec<Value> = serde_json::from_str(&busy.join().expect("it is answered")).expect("a batch");
    assert_eq!(answers.len(), 4);
    // The block of that transaction came before the end of the connection, and nothing after it.
    let mut told = Vec::new();
    while let Some(Ok(head)) = heads.next().await {
        told.push(head["number"].clone());
    }
    assert!(told.is_empty() || told == ["0x1"], "{told:?}");
}

#[test]
fn a_state_that_cannot_be_written_is_told_when_it_happens_and_tried_again_at_the_end() {
    let directory = tempfile::tempdir().expect("a directory");
    let file = directory.path().join("later/state.json");
    let path = file.to_str().expect("the path is text");
    let mut node = Running::start(&["--port", "0", "--quiet", "--dump-state", path, "--state-interval", "1"]);
    node.greeting();
    let told = node.hears("ERROR");
    assert!(told.contains(&format!("cannot write {path}: ")), "{told}");
    std::fs::create_dir(directory.path().join("later")).expect("the directory is ours");
    assert_eq!(node.stop("INT").0, Some(0));
    assert!(file.exists());
}
