//! `eth_simulateV1`: blocks that are only tried out.

mod common;

use common::served::{ALICE, BOB, STRANGER, Served, quantity, word};
use serde_json::{Value, json};
use spillway_devnode::Devnode;

fn simulate(chain: &Served, blocks: Value) -> Value {
    chain.ask("eth_simulateV1", json!([{ "blockStateCalls": blocks }, "latest"]))
}

#[test]
fn each_call_and_each_block_sees_what_the_one_before_left_and_nothing_is_kept() {
    let chain = Served::new(Devnode::default());
    // Adds one to slot 0, logs it and returns it.
    let counts = "0x5f54600101805f55805f5260205fa05f5460005260206000f3";
    let call = json!({ "from": STRANGER, "to": BOB });
    let blocks = json!([
        { "stateOverrides": { BOB: { "code": counts, "stateDiff": { word(0): word(40) } } }, "calls": [call, call] },
        { "calls": [call] },
        { "calls": [] },
    ]);
    let before = chain.newest("hash");
    let answer = simulate(&chain, blocks);
    assert_eq!(answer.as_array().map(Vec::len), Some(3));
    let returned = |block: usize, index: usize| answer[block]["calls"][index]["returnData"].clone();
    assert_eq!([returned(0, 0), returned(0, 1), returned(1, 0)], [word(41), word(42), word(43)]);
    let calls = answer[0]["calls"].as_array().unwrap();
    for (index, call) in calls.iter().enumerate() {
        assert_eq!((&call["status"], call.get("error")), (&json!("0x1"), None));
        let log = &call["logs"][0];
        assert_eq!((&log["address"], &log["blockHash"]), (&json!(BOB), &answer[0]["hash"]));
        assert_eq!(quantity(&log["logIndex"]), index as u64);
        assert_eq!(log["transactionHash"], answer[0]["transactions"][index]);
    }
    let used: u64 = calls.iter().map(|call| quantity(&call["gasUsed"])).sum();
    assert_eq!(quantity(&answer[0]["gasUsed"]), used);
    assert_eq!((&answer[0]["parentHash"], &answer[1]["parentHash"]), (&before, &answer[0]["hash"]));
    assert_eq!((&answer[2]["number"], &answer[2]["calls"]), (&json!("0x3"), &json!([])));
    assert_eq!((chain.height(), chain.ask("eth_getCode", json!([BOB, "latest"]))), (0, json!("0x")));
}

#[test]
fn failures_are_told_call_by_call() {
    let chain = Served::new(Devnode::default());
    // Reverts with a word; INVALID.
    let reverts = "0x60bb5f5260205ffd";
    let blocks = json!([{
        "stateOverrides": { BOB: { "code": reverts }, STRANGER: { "code": "0xfe" } },
        "calls": [{ "to": BOB }, { "to": STRANGER, "gas": "0xc350" }, { "to": ALICE }],
    }]);
    let calls = simulate(&chain, blocks)[0]["calls"].take();
    let revert = json!({ "code": 3, "message": "execution reverted", "data": word(0xbb) });
    assert_eq!((&calls[0]["status"], &calls[0]["error"]), (&json!("0x0"), &revert));
    assert_eq!((&calls[1]["status"], &calls[1]["error"]["code"]), (&json!("0x0"), &json!(-32015)));
    assert_eq!(calls[1]["gasUsed"], "0xc350");
    assert_eq!((&calls[2]["status"], &calls[2]["gasUsed"]), (&json!("0x1"), &json!("0x5208")));
}

#[test]
fn gas_is_free_unless_the_calls_are_to_be_valid_transactions() {
    let chain = Served::new(Devnode::default());
    chain.ask("anvil_setBalance", json!([STRANGER, "0x5"]));
    let send = json!({ "from": STRANGER, "to": BOB, "value": "0x5" });
    let free = simulate(&chain, json!([{ "calls": [send] }]));
    assert_eq!((&free[0]["baseFeePerGas"], &free[0]["calls"][0]["status"]), (&json!("0x0"), &json!("0x1")));
    let valid = |call: Value| json!([{ "blockStateCalls": [{ "calls": [call] }], "validation": true }, "latest"]);
    assert!(chain.refused("eth_simulateV1", valid(send)).1.starts_with("insufficient funds"));
    let late = chain.refused("eth_simulateV1", valid(json!({ "from": ALICE, "to": BOB, "nonce": "0x7" })));
    assert!(late.1.starts_with("nonce too high"), "{late:?}");
    let good = chain.ask("eth_simulateV1", valid(json!({ "from": ALICE, "to": BOB, "nonce": "0x0" })));
    assert_eq!((&good[0]["baseFeePerGas"], &good[0]["calls"][0]["status"]), (&json!("0x5f5e100"), &json!("0x1")));
}

#[test]
fn headers_are_as_asked_for_and_a_block_of_the_past_may_be_the_first() {
    let chain = Served::new(Devnode::default());
    chain.ask("anvil_mine", json!(["0x3"]));
    let (time, first) = (chain.time_secs(), chain.ask("eth_getBlockByNumber", json!(["0x1", false])));
    // TIMESTAMP, the word returned.
    let tells = json!({ BOB: { "code": "0x425f5260205ff3" } });
    let header = json!({ "time": format!("{:#x}", time + 50), "gasLimit": "0x1c9c380", "feeRecipient": STRANGER, "baseFeePerGas": "0x7" });
    let draft = json!({ "stateOverrides": tells, "blockOverrides": header, "calls": [] });
    let block = simulate(&chain, json!([draft]))[0].take();
    assert_eq!((&block["gasLimit"], &block["miner"]), (&json!("0x1c9c380"), &json!(STRANGER)));
    assert_eq!((&block["baseFeePerGas"], quantity(&block["timestamp"])), (&json!("0x7"), time + 50));
    let past = json!([{ "blockStateCalls": [{ "calls": [{ "to": ALICE }] }], "returnFullTransactions": true }, "0x1"]);
    let block = chain.ask("eth_simulateV1", past)[0].take();
    assert_eq!((&block["number"], &block["parentHash"]), (&json!("0x2"), &first["hash"]));
    assert_eq!(
        (&block["transactions"][0]["to"], &block["transactions"][0]["blockHash"]),
        (&json!(ALICE), &block["hash"])
    );
}

#[test]
fn what_cannot_be_tried_is_refused() {
    let chain = Served::new(Devnode::default());
    let refused = |payload: Value| chain.refused("eth_simulateV1", json!([payload, "latest"]));
    let text = "invalid parameter 0 (payload): traceTransfers is not served by this node";
    assert_eq!(refused(json!({ "blockStateCalls": [], "traceTransfers": true })), (-32602, text.into()));
    let blocks = |header: Value| json!({ "blockStateCalls": [{ "blockOverrides": header, "calls": [{ "to": BOB }] }] });
    let text = "transaction refused: block number 9 does not follow, the next is 1";
    assert_eq!(refused(blocks(json!({ "number": "0x9" }))), (-32000, text.into()));
    let (_, text) = refused(blocks(json!({ "time": "0x1" })));
    assert!(text.starts_with("transaction refused: timestamp 1 is before the newest block's"), "{text}");
    let text = "exceeds block gas limit: have 32000000, limit 21000";
    let wide = json!({ "blockStateCalls": [{ "blockOverrides": { "gasLimit": "0x5208" }, "calls": [{ "to": BOB, "gas": "0x1e84800" }] }] });
    assert_eq!(refused(wide), (-32000, text.into()));
    let text = "invalid parameter 0 (blockOverrides): blobBaseFee cannot be overridden on this node";
    assert_eq!(refused(blocks(json!({ "blobBaseFee": "0x1" }))), (-32602, text.into()));
    assert_eq!(refused(json!({})).0, -32602);
    let many = json!({ "blockStateCalls": vec![json!({}); 257] });
    assert_eq!(refused(many), (-32602, "invalid parameter 0 (payload): 257 blocks are more than 256".into()));
    assert_eq!(chain.height(), 0);
}
