//! viem: the client of web pages and TypeScript programs. The steps are in `viem.mjs` and `viem-tests.mjs`, with their own assertions.

use crate::{
    served::{Served, init_code},
    stage::{remember_init_code, repository_file, succeed},
};
use serde_json::{Value, json};
use std::process::Command;

/// The steps that a script says it went.
fn steps(script: &str, input: Value) -> Vec<String> {
    let file = repository_file(&format!("tests/clients/{script}"));
    let said = succeed(Command::new("node").arg(file).arg(input.to_string()));
    said.lines().map(str::to_owned).collect()
}

#[test]
fn viem_deploys_writes_reads_filters_and_tests() {
    let chain = Served::start();
    let input = json!({
        "url": chain.url(),
        "token": init_code("TestToken", "TestToken"),
        "program": remember_init_code(),
    });
    let went = ["deploy", "write", "read", "logs", "filter", "revert", "multicall", "program", "test client"];
    assert_eq!(steps("viem.mjs", input), went);
}

#[test]
fn viem_tests_as_with_anvil_and_as_with_hardhat_and_hears_news_over_websocket() {
    let chain = Served::start();
    let input = json!({ "url": chain.url(), "socket": chain.url().replace("http://", "ws://") });
    let mut went = Vec::new();
    for mode in ["anvil", "hardhat"] {
        went.extend(["accounts", "headers", "clock", "pool", "state"].map(|step| format!("{mode}: {step}")));
    }
    went.push("websocket".to_owned());
    assert_eq!(steps("viem-tests.mjs", input), went);
}
