//! Filters: what they bring when the chain grows and when it goes back.

mod common;

use common::served::{ALICE, BOB, STRANGER, Served, word};
use serde_json::{Value, json};
use spillway_devnode::Devnode;

/// A chain with a contract that logs its calldata's first word: log1(0, 0, calldataload(0)).
fn start() -> Served {
    let chain = Served::new(Devnode::default());
    chain.ask("anvil_setCode", json!([STRANGER, "0x5f355f5fa100"]));
    chain
}

fn say(chain: &Served, number: u64) {
    chain.ask("eth_sendTransaction", json!([{ "from": ALICE, "to": STRANGER, "data": word(number) }]));
}

/// The topics of logs, which say what was logged.
fn said(logs: &Value) -> Vec<String> {
    let logs = logs.as_array().expect("a list");
    logs.iter().map(|log| log["topics"][0].as_str().expect("a topic").to_owned()).collect()
}

fn changes(chain: &Served, filter: &Value) -> Vec<String> {
    said(&chain.ask("eth_getFilterChanges", json!([filter])))
}

#[test]
fn a_filter_up_to_the_newest_block_brings_every_new_log() {
    let chain = start();
    let filters: Vec<Value> = [
        json!({ "toBlock": "latest" }),
        json!({ "fromBlock": "latest", "toBlock": "latest" }),
        json!({ "fromBlock": "earliest", "toBlock": "pending" }),
        json!({ "fromBlock": "0x1", "toBlock": "finalized", "address": STRANGER }),
        json!({}),
    ]
    .into_iter()
    .map(|filter| chain.ask("eth_newFilter", json!([filter])))
    .collect();
    for number in [7, 8] {
        say(&chain, number);
        for filter in &filters {
            assert_eq!(changes(&chain, filter), [word(number)], "{filter}");
            assert_eq!(changes(&chain, filter), [] as [String; 0], "{filter}");
        }
    }
}

#[test]
fn a_filter_that_names_heights_keeps_to_them() {
    let chain = start();
    let second = chain.ask("eth_newFilter", json!([{ "fromBlock": "0x2", "toBlock": "0x2" }]));
    let until_first = chain.ask("eth_newFilter", json!([{ "toBlock": "0x1" }]));
    for number in 1..=3 {
        say(&chain, number);
    }
    assert_eq!((changes(&chain, &second), changes(&chain, &until_first)), (vec![word(2)], vec![word(1)]));
}

#[test]
fn the_logs_of_a_filter_are_those_of_the_moment_they_are_asked_for() {
    let chain = start();
    let newest = chain.ask("eth_newFilter", json!([{ "fromBlock": "latest", "toBlock": "latest" }]));
    let all = chain.ask("eth_newFilter", json!([{ "fromBlock": "earliest", "toBlock": "latest" }]));
    for number in 1..=2 {
        say(&chain, number);
        let logs = |filter: &Value| said(&chain.ask("eth_getFilterLogs", json!([filter])));
        assert_eq!(logs(&newest), [word(number)]);
        assert_eq!(logs(&all), (1..=number).map(word).collect::<Vec<_>>());
    }
    let blocks = chain.ask("eth_newBlockFilter", json!([]));
    assert_eq!(chain.refused("eth_getFilterLogs", json!([blocks])), (-32000, "filter not found: 3".into()));
}

#[test]
fn after_a_revert_filters_bring_what_takes_the_place_of_the_blocks_that_are_gone() {
    let chain = start();
    let filter = chain.ask("eth_newFilter", json!([{ "toBlock": "latest" }]));
    let blocks = chain.ask("eth_newBlockFilter", json!([]));
    let snapshot = chain.ask("evm_snapshot", json!([]));
    say(&chain, 1);
    say(&chain, 2);
    assert_eq!(changes(&chain, &filter), [word(1), word(2)]);
    chain.ask("eth_getFilterChanges", json!([blocks]));
    assert_eq!(chain.ask("evm_revert", json!([snapshot])), true);
    say(&chain, 3);
    assert_eq!(changes(&chain, &filter), [word(3)]);
    assert_eq!(chain.ask("eth_getFilterChanges", json!([blocks])), json!([chain.newest("hash")]));
}

#[test]
fn a_filter_of_transactions_brings_each_that_is_accepted_mined_or_not() {
    let chain = start();
    let filter = chain.ask("eth_newPendingTransactionFilter", json!([]));
    let send = || chain.ask("eth_sendTransaction", json!([{ "from": ALICE, "to": BOB }]));
    let mined = send();
    chain.ask("evm_setAutomine", json!([false]));
    let waiting = send();
    assert_eq!(chain.ask("eth_getFilterChanges", json!([filter])), json!([mined, waiting]));
    chain.ask("evm_mine", json!([]));
    assert_eq!(chain.ask("eth_getFilterChanges", json!([filter])), json!([]));
    let signed = chain.ask("eth_signTransaction", json!([{ "from": ALICE, "to": BOB }]));
    let raw = chain.ask("eth_sendRawTransaction", json!([signed]));
    assert_eq!(chain.ask("eth_getFilterChanges", json!([filter])), json!([raw]));
    assert_eq!(chain.ask("eth_uninstallFilter", json!([filter])), true);
    assert_eq!(chain.ask("eth_uninstallFilter", json!([filter])), false);
}
