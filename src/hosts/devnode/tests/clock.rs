//! The clock of a server that follows another one: exact times, shifts, snapshots, and a chain that is ahead of it.

mod common;

use common::served::{ALICE, BOB, Served};
use serde_json::json;
use spillway_devnode::{
    Devnode,
    rpc::{Clock, RpcConfig},
};
use std::sync::{
    Arc,
    atomic::{AtomicU64, Ordering::SeqCst},
};

const GENESIS_SECS: u64 = 1_700_000_000;

/// A chain whose time is that of a clock which the test moves.
struct Timed {
    chain: Served,
    now: Arc<AtomicU64>,
}

impl Timed {
    fn start() -> Self {
        let now = Arc::new(AtomicU64::new(GENESIS_SECS));
        let shared = Arc::clone(&now);
        let clock = Clock::wall_of(move || shared.load(SeqCst));
        let node = Devnode::builder().genesis_time_secs(GENESIS_SECS).build();
        Self { chain: Served::with(node, RpcConfig { clock, ..RpcConfig::default() }), now }
    }

    fn pass(&self, secs: u64) {
        self.now.fetch_add(secs, SeqCst);
    }

    /// Mines a block, and gives how long after the first it is.
    fn mined_at(&self) -> u64 {
        self.chain.ask("evm_mine", json!([]));
        self.chain.time_secs() - GENESIS_SECS
    }
}

#[test]
fn blocks_carry_the_time_of_the_clock_and_of_its_shifts() {
    let timed = Timed::start();
    timed.pass(10);
    assert_eq!(timed.mined_at(), 10);
    assert_eq!(timed.chain.ask("evm_increaseTime", json!([100])), 100);
    assert_eq!(timed.chain.ask("evm_increaseTime", json!(["0x1"])), 101);
    timed.pass(5);
    assert_eq!(timed.mined_at(), 116);
    // A clock that is put back does not take the chain with it.
    timed.now.store(GENESIS_SECS, SeqCst);
    assert_eq!(timed.mined_at(), 116);
    timed.pass(3);
    assert_eq!(timed.mined_at(), 119);
}

#[test]
fn the_time_asked_for_the_next_block_is_exactly_its_time_whenever_it_is_mined() {
    let timed = Timed::start();
    timed.chain.ask("evm_setNextBlockTimestamp", json!([GENESIS_SECS + 500]));
    timed.pass(20);
    let sent = timed.chain.ask("eth_sendTransaction", json!([{ "from": ALICE, "to": BOB }]));
    assert_eq!(timed.chain.ask("eth_getTransactionReceipt", json!([sent]))["status"], "0x1");
    assert_eq!(timed.chain.time_secs(), GENESIS_SECS + 500);
    // From there time goes on.
    timed.pass(7);
    assert_eq!(timed.mined_at(), 507);
    // Also when transactions wait, and when it is in the clock's past.
    timed.pass(1_000);
    timed.chain.ask("evm_setAutomine", json!([false]));
    timed.chain.ask("evm_setNextBlockTimestamp", json!([GENESIS_SECS + 600]));
    timed.chain.ask("eth_sendTransaction", json!([{ "from": ALICE, "to": BOB }]));
    timed.pass(1);
    assert_eq!(timed.mined_at(), 600);
    timed.pass(2);
    assert_eq!(timed.mined_at(), 602);
    timed.chain.ask("evm_mine", json!([{ "timestamp": GENESIS_SECS + 700 }]));
    timed.pass(1);
    assert_eq!(timed.mined_at(), 701);
    // A shift moves it along.
    timed.chain.ask("evm_setNextBlockTimestamp", json!([GENESIS_SECS + 800]));
    timed.chain.ask("evm_increaseTime", json!([30]));
    assert_eq!(timed.mined_at(), 830);
}

#[test]
fn a_time_that_is_set_is_the_present_and_runs_on_at_once() {
    let timed = Timed::start();
    assert_eq!(timed.chain.ask("evm_setTime", json!([GENESIS_SECS + 1_000])), 1_000);
    timed.pass(4);
    assert_eq!(timed.mined_at(), 1_004);
    let (code, text) = timed.chain.refused("anvil_setTime", json!([GENESIS_SECS]));
    assert_eq!((code, text.starts_with("timestamp 1700000000 is before the newest block's")), (-32000, true), "{text}");
}

#[test]
fn a_snapshot_keeps_the_shift_and_the_interval() {
    let timed = Timed::start();
    timed.chain.ask("evm_increaseTime", json!([50]));
    timed.chain.ask("evm_setIntervalMining", json!([86_400]));
    let snapshot = timed.chain.ask("evm_snapshot", json!([]));
    timed.chain.ask("evm_increaseTime", json!([1_000_000]));
    timed.chain.ask("evm_setAutomine", json!([true]));
    assert_eq!(timed.mined_at(), 1_000_050);
    assert_eq!(timed.chain.ask("evm_revert", json!([snapshot])), true);
    assert_eq!(timed.chain.ask("anvil_getIntervalMining", json!([])), 86_400);
    assert_eq!(timed.chain.ask("anvil_getAutomine", json!([])), false);
    timed.pass(5);
    assert_eq!(timed.mined_at(), 55);
    // A time asked for before the snapshot holds again after it.
    timed.chain.ask("evm_setNextBlockTimestamp", json!([GENESIS_SECS + 900]));
    let snapshot = timed.chain.ask("evm_snapshot", json!([]));
    assert_eq!(timed.mined_at(), 900);
    timed.chain.ask("evm_revert", json!([snapshot]));
    timed.pass(3);
    assert_eq!(timed.mined_at(), 900);
}

#[test]
fn a_chain_that_is_ahead_of_the_clock_takes_it_along() {
    let timed = Timed::start();
    // The first block is of the present, 0, and nine follow.
    timed.chain.ask("anvil_mine", json!(["0xa", 100]));
    assert_eq!(timed.chain.time_secs(), GENESIS_SECS + 900);
    timed.pass(6);
    assert_eq!(timed.mined_at(), 906);

    let mut future = Devnode::builder().genesis_time_secs(GENESIS_SECS).build();
    future.increase_time(1_000_000);
    future.mine(1);
    let document = alloy_primitives::Bytes::from(future.dump_state());
    assert_eq!(timed.chain.ask("anvil_loadState", json!([document])), true);
    let loaded_secs = timed.chain.time_secs() - GENESIS_SECS;
    timed.pass(9);
    assert_eq!(timed.mined_at(), loaded_secs + 9);
    // Starting over forgets all that, and the clock itself has gone on.
    timed.chain.ask("anvil_reset", json!([]));
    assert_eq!(timed.mined_at(), 15);
}

#[test]
fn an_interval_between_timestamps_holds_until_it_is_taken_away() {
    let timed = Timed::start();
    timed.chain.ask("anvil_setBlockTimestampInterval", json!([12]));
    timed.pass(1_000);
    assert_eq!((timed.mined_at(), timed.mined_at()), (12, 24));
    timed.chain.ask("evm_setNextBlockTimestamp", json!([GENESIS_SECS + 30]));
    assert_eq!((timed.mined_at(), timed.mined_at()), (30, 42));
    assert_eq!(timed.chain.ask("anvil_removeBlockTimestampInterval", json!([])), true);
    assert_eq!(timed.chain.ask("anvil_removeBlockTimestampInterval", json!([])), false);
    timed.chain.ask("evm_setTime", json!([GENESIS_SECS + 2_000]));
    assert_eq!(timed.mined_at(), 2_000);
}

#[test]
fn a_call_on_the_next_block_sees_its_time() {
    let timed = Timed::start();
    // TIMESTAMP, the word returned.
    let answer = |block: &str| {
        let call = json!([{ "to": BOB }, block, { BOB: { "code": "0x425f5260205ff3" } }]);
        timed.chain.number("eth_call", call) - GENESIS_SECS
    };
    timed.chain.ask("evm_increaseTime", json!([77]));
    assert_eq!((answer("latest"), answer("pending")), (0, 77));
    timed.pass(3);
    assert_eq!(answer("pending"), 80);
    let pending = timed.chain.ask("eth_getBlockByNumber", json!(["pending", false]));
    assert_eq!(pending["timestamp"], format!("{:#x}", GENESIS_SECS + 80));
}
