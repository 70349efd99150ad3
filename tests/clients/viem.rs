//! viem: the client of web pages and TypeScript programs. The steps are in `viem.mjs`, with their own assertions.

use crate::{
    served::{Served, init_code},
    stage::{remember_init_code, repository_file, succeed},
};
use std::process::Command;

#[test]
fn viem_deploys_writes_reads_filters_and_tests() {
    let chain = Served::start();
    let input = serde_json::json!({
        "url": chain.url(),
        "token": init_code("TestToken", "TestToken"),
        "program": remember_init_code(),
    });
    let said = succeed(Command::new("node").arg(repository_file("tests/clients/viem.mjs")).arg(input.to_string()));
    let steps: Vec<&str> = said.lines().collect();
    assert_eq!(steps, ["deploy", "write", "read", "logs", "filter", "revert", "multicall", "program", "test client"]);
}
