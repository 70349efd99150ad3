//! `cargo stylus cache`, and `codehash-keepalive`, which keeps an activation from expiring.

use devnode::{
    Devnode,
    arbos::state::{ARBOS_ACCOUNT, Space},
};
use spillway_cargo_stylus_tests::{ARB_WASM, Chain, GENESIS_SECS, REMEMBER};

const CACHE_MANAGER: &str = "0x2f8bd4eab69764c105add7de7cb0402557a44e6f";
const ONE_DAY_SECS: u64 = 86_400;

#[test]
fn the_cache_tells_its_manager_and_its_size() {
    let said = Chain::default().stylus(&["cache", "status"]).must_succeed();
    assert_eq!(said.after("Cache manager address: "), CACHE_MANAGER);
    assert!(said.text.contains("Cache manager status: \"active\""), "{}", said.text);
    assert!(said.text.contains("Cache size: 536.9 MB"), "{}", said.text);
    assert!(said.text.contains("Queue size: 0 B"), "{}", said.text);
    assert!(said.text.contains("Minimum bid for \"24kb\" contract: 0"), "{}", said.text);
}

#[test]
fn a_bid_caches_a_program_once_and_makes_it_cheaper_to_call() {
    let chain = Chain::default();
    let program = chain.deploy_wasm_file(&chain.wasm_file(REMEMBER), &[]);
    let status = ["cache", "status", "--address", &program];
    assert!(chain.stylus(&status).must_succeed().text.contains("\"is not yet cached\""));
    let suggested = chain.stylus(&["cache", "suggest-bid", &program]).must_succeed();
    assert!(suggested.text.contains(": 0 wei"), "{}", suggested.text);
    let before: u64 = chain.cast(&["estimate", &program]).parse().expect("a number");

    let bid = chain.signed(&["cache", "bid", &program, "0"]).must_succeed();
    assert!(bid.text.contains("Successfully cached contract at address"), "{}", bid.text);
    let after: u64 = chain.cast(&["estimate", &program]).parse().expect("a number");
    assert!(after + 1_000 < before, "{before} gas before, {after} after");
    let said = chain.stylus(&status).must_succeed();
    assert!(said.text.contains("\"is cached\"") && !said.text.contains("Queue size: 0 B"), "{}", said.text);

    let again = chain.signed(&["cache", "bid", &program, "0"]).must_fail();
    assert!(again.contains("Stylus contract is already cached"), "{again}");
}

#[test]
fn a_bid_of_some_wei_is_paid_to_the_manager() {
    let chain = Chain::default();
    let program = chain.deploy_wasm_file(&chain.wasm_file(REMEMBER), &[]);
    assert_eq!(chain.cast(&["balance", CACHE_MANAGER]), "0");
    chain.signed(&["cache", "bid", &program, "12345"]).must_succeed();
    assert_eq!(chain.cast(&["balance", CACHE_MANAGER]), "12345");
    assert!(chain.stylus(&["cache", "status", "--address", &program]).must_succeed().text.contains("\"is cached\""));
}

#[test]
fn a_program_that_is_not_active_cannot_be_cached() {
    let chain = Chain::default();
    let program = chain.deploy_wasm_file(&chain.wasm_file(REMEMBER), &["--no-activate"]);
    for arguments in [
        &["cache", "bid", &program, "0", "--private-key", spillway_cargo_stylus_tests::ALICE_KEY][..],
        &["cache", "suggest-bid", &program],
    ] {
        let said = chain.stylus(arguments).must_fail();
        assert!(said.contains("Your Stylus contract is not yet activated"), "{said}");
    }
    assert_eq!(chain.blocks(), 1);
}

/// Lets `days` pass and a block be mined.
fn pass(chain: &Chain, days: u64) {
    chain.cast(&["rpc", "evm_increaseTime", &(days * ONE_DAY_SECS).to_string()]);
    chain.cast(&["rpc", "evm_mine"]);
}

fn codehash(chain: &Chain, program: &str) -> String {
    chain.cast(&["keccak", &chain.cast(&["code", program])])
}

#[test]
fn an_activation_can_be_prolonged_after_a_month_and_not_before() {
    // cargo-stylus sends no value with this, so it works only where the data of an activation costs nothing: the third slot
    // of the data pricer is the price of a byte.
    let mut node = Devnode::builder().genesis_time_secs(GENESIS_SECS).build();
    let price = Space::programs().sub(&[3]).number_slot(3);
    assert_eq!(node.storage(ARBOS_ACCOUNT, price).to::<u64>(), 82_928_201);
    node.set_storage(ARBOS_ACCOUNT, price, alloy_primitives::U256::ZERO);
    let chain = Chain::serve(node);
    let program = chain.deploy_wasm_file(&chain.wasm_file(REMEMBER), &[]);
    let keep = ["codehash-keepalive", "--codehash", &codehash(&chain, &program)];
    let early = chain.signed(&keep).must_fail();
    // ProgramKeepaliveTooSoon(uint64)
    assert!(early.contains("16bd0cf8"), "{early}");

    let left = |chain: &Chain| -> u64 {
        let said = chain.cast(&["call", ARB_WASM, "programTimeLeft(address)(uint64)", &program]);
        said.split_whitespace().next().expect("a number").parse().expect("a number")
    };
    pass(&chain, 40);
    let before = left(&chain);
    chain.signed(&keep).must_succeed();
    assert!(left(&chain) >= before + 39 * ONE_DAY_SECS, "{before} seconds before, {} after", left(&chain));
}

#[test]
fn where_data_costs_something_the_tool_cannot_prolong_an_activation() {
    let chain = Chain::default();
    let program = chain.deploy_wasm_file(&chain.wasm_file(REMEMBER), &[]);
    pass(&chain, 40);
    let said = chain.signed(&["codehash-keepalive", "--codehash", &codehash(&chain, &program)]).must_fail();
    // ProgramInsufficientValue(uint256,uint256)
    assert!(said.contains("09781ab7"), "{said}");
    // What it leaves out can be sent by cast.
    let keep = [ARB_WASM, "codehashKeepalive(bytes32)", &codehash(&chain, &program), "--value", "0.01ether"];
    assert_eq!(chain.send(&keep)["status"], "0x1");
}
