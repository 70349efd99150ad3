//! Every method of anvil's and Hardhat's under every name it has, each with what it does. `METHODS.md` says which names there are.

mod common;

use common::served::{ALICE, BOB, STRANGER, Served, word};
use serde_json::{Value, json};
use spillway_devnode::Devnode;
use std::collections::BTreeSet;

/// Asks a fresh chain for a method and looks at what it did.
type Check = fn(&Served, &str);

const TABLE: &[(&[&str], Check)] = &[
    (&["evm_snapshot", "anvil_snapshot"], |chain, name| {
        let id = chain.ask(name, json!([]));
        mine(chain);
        assert_eq!(chain.ask("evm_revert", json!([id])), true);
        assert_eq!(chain.height(), 0);
    }),
    (&["evm_revert", "anvil_revert"], |chain, name| {
        let id = chain.ask("evm_snapshot", json!([]));
        mine(chain);
        assert_eq!(chain.ask(name, json!([id])), true);
        assert_eq!(chain.height(), 0);
        assert_eq!(chain.ask(name, json!([id])), false);
    }),
    (&["evm_increaseTime", "anvil_increaseTime"], |chain, name| {
        assert_eq!(chain.ask(name, json!([60])), 60);
        assert_eq!(mined_after(chain), 61);
    }),
    (&["evm_setTime", "anvil_setTime"], |chain, name| {
        assert_eq!(chain.ask(name, json!([chain.time_secs() + 90])), 90);
        assert_eq!(mined_after(chain), 90);
    }),
    (&["evm_setNextBlockTimestamp", "anvil_setNextBlockTimestamp"], |chain, name| {
        assert_eq!(chain.ask(name, json!([chain.time_secs() + 90])), Value::Null);
        assert_eq!((mined_after(chain), mined_after(chain)), (90, 1));
    }),
    (&["anvil_setBlockTimestampInterval"], |chain, name| {
        chain.ask(name, json!([7]));
        assert_eq!((mined_after(chain), mined_after(chain)), (7, 7));
    }),
    (&["hardhat_setBlockTimestampInterval"], |chain, name| {
        chain.ask(name, json!([7_000]));
        assert_eq!((mined_after(chain), mined_after(chain)), (7, 7));
    }),
    (&["anvil_removeBlockTimestampInterval", "hardhat_removeBlockTimestampInterval"], |chain, name| {
        chain.ask("anvil_setBlockTimestampInterval", json!([7]));
        assert_eq!(chain.ask(name, json!([])), true);
        assert_eq!(mined_after(chain), 1);
    }),
    (&["evm_mine"], |chain, name| {
        assert_eq!(chain.ask(name, json!([])), "0x0");
        assert_eq!(chain.height(), 1);
    }),
    (&["anvil_mine", "hardhat_mine"], |chain, name| {
        let before = chain.time_secs();
        let answer = if name == "anvil_mine" { Value::Null } else { json!(true) };
        assert_eq!(chain.ask(name, json!(["0x3", "0xa"])), answer);
        assert_eq!((chain.height(), chain.time_secs() - before), (3, 30));
    }),
    (&["evm_setAutomine", "anvil_setAutomine"], |chain, name| {
        chain.ask(name, json!([false]));
        send(chain, ALICE);
        assert_eq!(chain.height(), 0);
        chain.ask(name, json!([true]));
        send(chain, ALICE);
        assert_eq!(chain.height(), 1);
    }),
    (&["anvil_getAutomine", "hardhat_getAutomine"], |chain, name| {
        assert_eq!(chain.ask(name, json!([])), true);
        chain.ask("evm_setAutomine", json!([false]));
        assert_eq!(chain.ask(name, json!([])), false);
    }),
    (&["evm_setIntervalMining", "anvil_setIntervalMining", "hardhat_setIntervalMining"], |chain, name| {
        chain.ask(name, json!([86_400]));
        assert_eq!(chain.ask("anvil_getIntervalMining", json!([])), 86_400);
        send(chain, ALICE);
        assert_eq!(chain.height(), 0);
    }),
    (&["anvil_getIntervalMining", "hardhat_getIntervalMining"], |chain, name| {
        assert_eq!(chain.ask(name, json!([])), Value::Null);
        chain.ask("evm_setIntervalMining", json!([86_400]));
        assert_eq!(chain.ask(name, json!([])), 86_400);
    }),
    (&["anvil_impersonateAccount", "hardhat_impersonateAccount"], |chain, name| {
        fund(chain);
        chain.ask(name, json!([STRANGER]));
        send(chain, STRANGER);
    }),
    (&["anvil_stopImpersonatingAccount", "hardhat_stopImpersonatingAccount"], |chain, name| {
        fund(chain);
        chain.ask("anvil_impersonateAccount", json!([STRANGER]));
        chain.ask(name, json!([STRANGER]));
        refuses_the_stranger(chain);
    }),
    (&["anvil_autoImpersonateAccount", "hardhat_autoImpersonateAccount"], |chain, name| {
        fund(chain);
        chain.ask(name, json!([true]));
        send(chain, STRANGER);
        chain.ask(name, json!([false]));
        refuses_the_stranger(chain);
    }),
    (&["anvil_setBalance", "hardhat_setBalance"], |chain, name| {
        chain.ask(name, json!([STRANGER, "0x2a"]));
        assert_eq!(chain.ask("eth_getBalance", json!([STRANGER, "latest"])), "0x2a");
    }),
    (&["anvil_setCode", "hardhat_setCode"], |chain, name| {
        chain.ask(name, json!([STRANGER, "0x602a5f5260205ff3"]));
        assert_eq!(chain.ask("eth_call", json!([{ "to": STRANGER }])), word(42));
    }),
    (&["anvil_setNonce", "hardhat_setNonce"], |chain, name| {
        chain.ask(name, json!([ALICE, "0x9"]));
        assert_eq!(chain.ask("eth_getTransactionCount", json!([ALICE, "latest"])), "0x9");
        send(chain, ALICE);
    }),
    (&["anvil_setStorageAt", "hardhat_setStorageAt"], |chain, name| {
        assert_eq!(chain.ask(name, json!([STRANGER, "0x5", word(42)])), true);
        assert_eq!(chain.ask("eth_getStorageAt", json!([STRANGER, "0x5", "latest"])), word(42));
    }),
    (&["anvil_setCoinbase", "hardhat_setCoinbase"], |chain, name| {
        chain.ask(name, json!([STRANGER]));
        for _ in 0..2 {
            mine(chain);
            assert_eq!(chain.newest("miner"), STRANGER);
        }
    }),
    (&["anvil_setNextBlockBaseFeePerGas", "hardhat_setNextBlockBaseFeePerGas"], |chain, name| {
        chain.ask(name, json!(["0x77359400"]));
        mine(chain);
        assert_eq!(chain.newest("baseFeePerGas"), "0x77359400");
        mine(chain);
        assert_eq!(chain.newest("baseFeePerGas"), "0x5f5e100", "of that block alone");
    }),
    (&["anvil_setMinGasPrice", "hardhat_setMinGasPrice"], |chain, name| {
        chain.ask(name, json!(["0xbebc200"]));
        assert_eq!(chain.ask("eth_gasPrice", json!([])), "0xbebc200");
        let cheap = json!([{ "from": ALICE, "to": BOB, "maxFeePerGas": "0x5f5e100" }]);
        let (code, text) = chain.refused("eth_sendTransaction", cheap);
        assert_eq!((code, text.starts_with("max fee per gas less than block base fee: ")), (-32000, true), "{text}");
        send(chain, ALICE);
        assert_eq!(chain.newest("baseFeePerGas"), "0xbebc200");
    }),
    (&["evm_setBlockGasLimit"], |chain, name| {
        assert_eq!(chain.ask(name, json!(["0x186a0"])), true);
        let wide = json!([{ "from": ALICE, "to": BOB, "gas": "0x186a1" }]);
        let text = "exceeds block gas limit: have 100001, limit 100000";
        assert_eq!(chain.refused("eth_sendTransaction", wide), (-32000, text.into()));
        // 21 000 gas are used, which leaves less than the second asks for.
        chain.ask("evm_setAutomine", json!([false]));
        let send = || chain.ask("eth_sendTransaction", json!([{ "from": ALICE, "to": BOB, "gas": "0x15f90" }]));
        let (first, second) = (send(), send());
        for hash in [first, second] {
            mine(chain);
            assert_eq!((chain.newest("transactions"), chain.newest("gasLimit")), (json!([hash]), json!("0x186a0")));
        }
    }),
    (&["hardhat_setPrevRandao"], |chain, name| {
        // sstore(0, PREVRANDAO)
        chain.ask("anvil_setCode", json!([STRANGER, "0x445f5500"]));
        let run = || chain.ask("eth_sendTransaction", json!([{ "from": ALICE, "to": STRANGER }]));
        let stored = || chain.ask("eth_getStorageAt", json!([STRANGER, "0x0", "latest"]));
        chain.ask(name, json!([word(42)]));
        let hash = run();
        assert_eq!((stored(), chain.newest("mixHash")), (json!(word(42)), json!(word(42))));
        let diff = json!({ "tracer": "prestateTracer", "tracerConfig": { "diffMode": true } });
        let traced = chain.ask("debug_traceTransaction", json!([hash, diff]));
        assert_eq!(traced["post"][STRANGER]["storage"][word(0)], word(42), "a replay sees what the block saw");
        run();
        assert_eq!(stored(), word(1), "of that block alone");
        assert_ne!(chain.newest("mixHash"), word(1), "it has the figures of ArbOS again");
    }),
    (&["anvil_setLoggingEnabled", "hardhat_setLoggingEnabled"], |chain, name| {
        // What it silences is seen where the program runs as a process.
        assert_eq!(chain.ask(name, json!([false])), Value::Null);
        assert_eq!(chain.refused(name, json!([])).0, -32602);
    }),
    (&["anvil_dropTransaction"], |chain, name| {
        let hash = waiting(chain);
        assert_eq!(chain.ask(name, json!([hash])), hash);
        assert_eq!(chain.ask(name, json!([hash])), Value::Null);
        assert_eq!(chain.ask("txpool_status", json!([]))["pending"], "0x0");
    }),
    (&["hardhat_dropTransaction"], |chain, name| {
        let hash = waiting(chain);
        assert_eq!(chain.ask(name, json!([hash])), true);
        assert_eq!(chain.ask(name, json!([hash])), false);
    }),
    (&["anvil_dumpState", "hardhat_dumpState"], |chain, name| {
        mine(chain);
        let document = chain.ask(name, json!([]));
        mine(chain);
        chain.ask("anvil_loadState", json!([document]));
        assert_eq!(chain.height(), 1);
    }),
    (&["anvil_loadState", "hardhat_loadState"], |chain, name| {
        mine(chain);
        let document = chain.ask("anvil_dumpState", json!([]));
        chain.ask("anvil_reset", json!([]));
        assert_eq!(chain.ask(name, json!([document])), true);
        assert_eq!(chain.height(), 1);
    }),
    (&["anvil_reset", "hardhat_reset"], |chain, name| {
        mine(chain);
        let instance = || chain.ask("anvil_metadata", json!([]))["instanceId"].take();
        let before = instance();
        chain.ask(name, json!([]));
        assert_eq!(chain.height(), 0);
        assert_ne!(instance(), before);
    }),
    (&["anvil_setRpcUrl", "hardhat_setRpcUrl"], |chain, name| {
        assert_eq!(chain.refused(name, json!(["http://127.0.0.1:1"])), (-32000, "this chain is no fork".into()));
        let fork = Served::new(Devnode::default());
        fork.ask("anvil_reset", json!([{ "jsonRpcUrl": chain.url(), "blockNumber": null }]));
        let other = Served::new(Devnode::default());
        other.ask("anvil_setBalance", json!([STRANGER, "0x2a"]));
        fork.ask(name, json!([other.url()]));
        assert_eq!(fork.ask("eth_getBalance", json!([STRANGER, "latest"])), "0x2a");
    }),
    (&["anvil_nodeInfo"], |chain, name| {
        mine(chain);
        let info = chain.ask(name, json!([]));
        assert_eq!(info["currentBlockNumber"], "0x1");
        assert_eq!(info["currentBlockHash"], chain.newest("hash"));
        assert_eq!(info["currentBlockTimestamp"], chain.time_secs());
        let fork = json!({ "forkUrl": null, "forkBlockNumber": null, "forkRetryBackoff": null });
        assert_eq!((&info["hardFork"], &info["forkConfig"]), (&json!("osaka"), &fork));
        let environment = json!({
            "baseFee": "0x5f5e100", "chainId": 412_346, "gasLimit": "0x4000000000000", "gasPrice": "0x5f5e100"
        });
        assert_eq!(info["environment"], environment);
    }),
    (&["anvil_metadata", "hardhat_metadata"], |chain, name| {
        mine(chain);
        let hash = chain.newest("hash");
        let id = chain.ask("evm_snapshot", json!([]));
        let metadata = chain.ask(name, json!([]));
        assert_eq!((&metadata["chainId"], &metadata["latestBlockNumber"]), (&json!(412_346), &json!(1)));
        assert_eq!(metadata["latestBlockHash"], hash);
        assert_eq!(metadata["clientVersion"], chain.ask("web3_clientVersion", json!([])));
        assert_eq!(metadata["snapshots"], json!({ id.as_str().expect("text"): [1, hash] }));
        assert_eq!((metadata["instanceId"].as_str().map(str::len), metadata.get("forkedNetwork")), (Some(66), None));
    }),
];

fn mine(chain: &Served) {
    chain.ask("evm_mine", json!([]));
}

/// Seconds from the newest block to one that is mined now.
fn mined_after(chain: &Served) -> u64 {
    let before = chain.time_secs();
    mine(chain);
    chain.time_secs() - before
}

fn send(chain: &Served, from: &str) -> Value {
    chain.ask("eth_sendTransaction", json!([{ "from": from, "to": BOB, "value": "0x1" }]))
}

fn waiting(chain: &Served) -> Value {
    chain.ask("evm_setAutomine", json!([false]));
    send(chain, ALICE)
}

fn fund(chain: &Served) {
    chain.ask("anvil_setBalance", json!([STRANGER, "0xde0b6b3a7640000"]));
}

fn refuses_the_stranger(chain: &Served) {
    let (code, text) = chain.refused("eth_sendTransaction", json!([{ "from": STRANGER, "to": BOB }]));
    assert_eq!((code, text.starts_with("no signer available for 0x")), (-32000, true), "{text}");
}

#[test]
fn every_method_of_a_test_suite_does_its_work_under_every_name() {
    for (names, check) in TABLE {
        for name in *names {
            check(&Served::new(Devnode::default()), name);
        }
    }
}

#[test]
fn the_table_here_is_that_of_the_document() {
    let here: BTreeSet<&str> = TABLE.iter().flat_map(|(names, _)| *names).copied().collect();
    let of_suites = |name: &&str| ["anvil_", "hardhat_", "evm_"].iter().any(|kind| name.starts_with(kind));
    let table = include_str!("../METHODS.md").lines().filter(|line| line.starts_with("| `"));
    let first_cells = table.filter_map(|line| line.split('|').nth(1));
    let documented: BTreeSet<&str> =
        first_cells.flat_map(|cell| cell.split('`').skip(1).step_by(2)).filter(of_suites).collect();
    assert_eq!(here, documented);
}
