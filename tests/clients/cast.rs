//! cast: everything a person does by hand with a chain.

use crate::{
    served::{ALICE_KEY, GENESIS_SECS, Served, artifact, init_code, tool},
    stage::{ALICE, BOB, BOB_KEY, fail, remember_init_code, succeed},
};
use alloy_primitives::hex;
use serde_json::{Value, json};
use std::process::Command;

const ARB_WASM: &str = "0x0000000000000000000000000000000000000071";
const TRANSFER: &str = "Transfer(address,address,uint256)";

fn cast(chain: &Served, arguments: &[&str]) -> Command {
    let mut command = Command::new(tool("cast"));
    command.args(arguments).env("ETH_RPC_URL", chain.url()).env("NO_COLOR", "1");
    command
}

fn ask(chain: &Served, arguments: &[&str]) -> String {
    succeed(&mut cast(chain, arguments))
}

/// The receipt of `cast send` for a transaction that is mined, whether it succeeded or not.
fn send(chain: &Served, key: &str, arguments: &[&str]) -> Value {
    let said = ask(chain, &[&["send", "--json", "--private-key", key], arguments].concat());
    serde_json::from_str(&said).unwrap_or_else(|error| panic!("{error}: {said}"))
}

fn field<'a>(value: &'a Value, name: &str) -> &'a str {
    value[name].as_str().unwrap_or_else(|| panic!("no text in {name}: {value}"))
}

fn deploy_token(chain: &Served) -> String {
    let code = init_code("TestToken", "TestToken");
    let receipt =
        send(chain, ALICE_KEY, &["--create", &code, "constructor(string,string,uint8)", "Wrapped Ether", "WETH", "18"]);
    assert_eq!(receipt["status"], "0x1");
    field(&receipt, "contractAddress").to_owned()
}

#[test]
fn cast_moves_value_and_reads_every_trace_of_it() {
    let chain = Served::start();
    assert_eq!(ask(&chain, &["chain-id"]), "412346");
    assert_eq!(ask(&chain, &["block-number"]), "0");
    assert_eq!(ask(&chain, &["gas-price"]), "100000000");
    let receipt = send(&chain, ALICE_KEY, &[BOB, "--value", "7"]);
    assert_eq!(receipt["status"], "0x1");
    assert_eq!(receipt["gasUsed"], "0x5208");
    assert_eq!(receipt["effectiveGasPrice"], "0x5f5e100");
    let hash = field(&receipt, "transactionHash");
    assert_eq!(ask(&chain, &["balance", BOB]), "10000000000000000000007");
    assert_eq!(ask(&chain, &["balance", BOB, "--block", "0"]), "10000000000000000000000");
    assert_eq!(ask(&chain, &["nonce", ALICE]), "1");
    assert_eq!(ask(&chain, &["receipt", hash, "gasUsed"]), "21000");
    assert_eq!(ask(&chain, &["receipt", hash, "status"]), "true");
    assert_eq!(ask(&chain, &["tx", hash, "value"]), "7");
    assert_eq!(ask(&chain, &["tx", hash, "from"]), ALICE);
    let block: Value = serde_json::from_str(&ask(&chain, &["block", "latest", "--json"])).expect("JSON");
    assert_eq!(block["number"], "0x1");
    assert_eq!(block["transactions"], json!([hash]));
    assert_eq!(block["hash"], receipt["blockHash"]);
    assert_eq!(ask(&chain, &["block", "latest", "--field", "timestamp"]), (GENESIS_SECS + 1).to_string());
    assert_eq!(ask(&chain, &["age", "0"]), "Tue Nov 14 22:13:20 2023 UTC");
}

#[test]
fn cast_creates_a_contract_writes_to_it_and_reads_it_back() {
    let chain = Served::start();
    let token = deploy_token(&chain);
    assert_eq!(ask(&chain, &["call", &token, "symbol()(string)"]), "\"WETH\"");
    let estimate: u64 = ask(&chain, &["estimate", &token, "mint(address,uint256)", BOB, "1000", "--from", ALICE])
        .parse()
        .expect("a number");
    let receipt = send(&chain, ALICE_KEY, &[&token, "mint(address,uint256)", BOB, "1000"]);
    assert_eq!(receipt["status"], "0x1");
    let used = u64::from_str_radix(field(&receipt, "gasUsed").trim_start_matches("0x"), 16).expect("a quantity");
    assert!(used <= estimate && estimate <= used + used * 15 / 1_000 + 1, "estimated {estimate}, used {used}");
    assert_eq!(ask(&chain, &["call", &token, "balanceOf(address)(uint256)", BOB]), "1000");
    assert_eq!(ask(&chain, &["call", &token, "balanceOf(address)(uint256)", BOB, "--block", "1"]), "0");
    // Balances are the first variable of the token.
    let slot = ask(&chain, &["index", "address", BOB, "0"]);
    assert_eq!(ask(&chain, &["storage", &token, &slot]), format!("0x{:064x}", 1000));
    let logs: Value =
        serde_json::from_str(&ask(&chain, &["logs", "--json", "--from-block", "0", "--address", &token, TRANSFER]))
            .expect("JSON");
    assert_eq!(logs.as_array().map(Vec::len), Some(1), "{logs}");
    assert_eq!(logs[0], receipt["logs"][0]);
    assert_eq!(field(&logs[0], "data"), format!("0x{:064x}", 1000));
    let none = ask(&chain, &["logs", "--json", "--from-block", "0", "--address", BOB, TRANSFER]);
    assert_eq!(none, "[]");
}

#[test]
fn cast_shows_why_a_call_and_a_transaction_revert() {
    let chain = Served::start();
    let token = deploy_token(&chain);
    let mint = ["mint(address,uint256)", BOB, "1"];
    // OwnableUnauthorizedAccount(address)
    let data = format!("0x118cdaa7{:0>64}", BOB.trim_start_matches("0x").to_lowercase());
    let said = fail(&mut cast(&chain, &[&["call", "--from", BOB, &token], &mint[..]].concat()));
    assert!(said.contains("execution reverted") && said.contains(&data), "{said}");
    let said = fail(&mut cast(&chain, &[&["send", "--private-key", BOB_KEY, &token], &mint[..]].concat()));
    assert!(said.contains("execution reverted") && said.contains(&data), "{said}");
    // With its own gas limit a transaction is not tried first: it is mined and fails.
    let receipt = send(&chain, BOB_KEY, &[&[token.as_str()], &mint[..], &["--gas-limit", "100000"]].concat());
    assert_eq!(receipt["status"], "0x0");
    assert_eq!(receipt["logs"], json!([]));
    // The constructor reverts with Error("too small"): MSTORE of its four words, REVERT.
    let text = "0x62461bcd60e51b5f52602060045260096024527f746f6f20736d616c6c000000000000000000000000000000000000000000000060445260645ffd";
    let said = fail(&mut cast(&chain, &["send", "--private-key", ALICE_KEY, "--create", text]));
    assert!(said.contains("execution reverted: too small"), "{said}");
}

#[test]
fn cast_deploys_activates_and_calls_a_program() {
    let chain = Served::start();
    let created = send(&chain, ALICE_KEY, &["--create", &remember_init_code()]);
    assert_eq!(created["status"], "0x1");
    let program = field(&created, "contractAddress");
    let word = format!("0x{:064x}", 0x2a);
    let not_yet = fail(&mut cast(&chain, &["call", program, "--data", &word]));
    assert!(not_yet.contains("error ProgramNotActivated()"), "{not_yet}");
    let activated = send(&chain, ALICE_KEY, &[ARB_WASM, "activateProgram(address)", program, "--value", "0.01ether"]);
    assert_eq!(activated["status"], "0x1");
    assert_eq!(ask(&chain, &["call", ARB_WASM, "programVersion(address)(uint16)", program]), "2");
    let kept = send(&chain, ALICE_KEY, &[program, &word]);
    assert_eq!(kept["status"], "0x1");
    assert_eq!(kept["logs"][0]["data"], json!(word));
    assert_eq!(ask(&chain, &["call", program]), word);
    assert_eq!(ask(&chain, &["storage", program, "0"]), word);
    let refused = fail(&mut cast(&chain, &["call", program, "--data", "0x01"]));
    assert!(refused.contains("execution reverted"), "{refused}");
}

#[test]
fn cast_reads_the_code_that_the_compiler_wrote() {
    let chain = Served::start();
    let token = deploy_token(&chain);
    let (mut written, immutables) = runtime_code("TestToken", "TestToken");
    let mut stored = hex::decode(ask(&chain, &["code", &token])).expect("hex");
    assert_eq!(stored.len(), written.len());
    // What the constructor put in differs from the zeros the compiler left there.
    for place in immutables {
        stored[place.clone()].fill(0);
        written[place].fill(0);
    }
    assert!(stored == written, "the code on the chain is not that of the artifact");
    let program = send(&chain, ALICE_KEY, &["--create", &remember_init_code()]);
    let code = ask(&chain, &["code", field(&program, "contractAddress")]);
    assert_eq!(ask(&chain, &["codesize", field(&program, "contractAddress")]), (code.len() / 2 - 1).to_string());
    assert!(code.starts_with("0xeff00000") && remember_init_code().ends_with(&code[2..]), "{code}");
}

#[test]
fn cast_sends_for_accounts_that_the_node_unlocks() {
    let chain = Served::start();
    let unlocked = |from: &str, options: &[&str]| {
        cast(&chain, &[&["send", "--json", "--unlocked", "--from", from, BOB, "--value", "5"], options].concat())
    };
    let receipt: Value = serde_json::from_str(&succeed(&mut unlocked(ALICE, &[]))).expect("JSON");
    assert_eq!((&receipt["status"], &receipt["type"]), (&json!("0x1"), &json!("0x2")));
    let receipt: Value = serde_json::from_str(&succeed(&mut unlocked(ALICE, &["--legacy"]))).expect("JSON");
    assert_eq!((&receipt["status"], &receipt["type"]), (&json!("0x1"), &json!("0x0")));
    assert_eq!(ask(&chain, &["balance", BOB]), "10000000000000000000010");
    let stranger = "0x00000000000000000000000000000000DeaDBeef";
    ask(&chain, &["rpc", "anvil_setBalance", stranger, "0xde0b6b3a7640000"]);
    let said = fail(&mut unlocked(stranger, &[]));
    assert!(said.contains("no signer available for"), "{said}");
    ask(&chain, &["rpc", "anvil_impersonateAccount", stranger]);
    let receipt: Value = serde_json::from_str(&succeed(&mut unlocked(stranger, &[]))).expect("JSON");
    assert_eq!(receipt["from"], stranger.to_lowercase());
}

#[test]
fn cast_runs_a_transaction_of_bytecode_again() {
    let chain = Served::start();
    let token = deploy_token(&chain);
    let receipt = send(&chain, ALICE_KEY, &[&token, "mint(address,uint256)", BOB, "1000"]);
    let used = u64::from_str_radix(field(&receipt, "gasUsed").trim_start_matches("0x"), 16).expect("a quantity");
    let said = ask(&chain, &["run", field(&receipt, "transactionHash")]);
    assert!(said.contains("Transaction successfully executed."), "{said}");
    assert!(said.contains(&format!("Gas used: {used}")), "{said}");
}

/// The code of a contract of `target/solidity` as it lies on the chain, and the places that its constructor fills in.
///
/// # Panics
/// When it has not been compiled.
fn runtime_code(file: &str, name: &str) -> (Vec<u8>, Vec<std::ops::Range<usize>>) {
    let path = format!("target/solidity/{file}.sol/{name}.json");
    let code = &artifact(&path, "run scripts/setup first")["deployedBytecode"];
    let bytes = alloy_primitives::hex::decode(code["object"].as_str().expect("bytecode")).expect("hex");
    let number =
        |value: &serde_json::Value| value.as_u64().and_then(|number| usize::try_from(number).ok()).expect("a place");
    let places = code["immutableReferences"].as_object().into_iter().flat_map(|references| references.values());
    let places = places.flat_map(|places| places.as_array().expect("a list"));
    let immutables = places.map(|place| {
        let start = number(&place["start"]);
        start..start + number(&place["length"])
    });
    (bytes, immutables.collect())
}
