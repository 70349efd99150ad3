//! The bytecode that the local chain has at genesis is what the compiler named beside it makes of the sources.

use crate::served::tool;
use serde_json::{Value, json};
use std::{
    io::Write,
    process::{Command, Stdio},
};
use support::repository_root;

#[test]
fn the_contracts_at_genesis_are_compiled_from_their_sources() {
    let room = repository_root().join("src/hosts/devnode");
    let read =
        |path: String| std::fs::read_to_string(room.join(&path)).unwrap_or_else(|error| panic!("{path}: {error}"));
    let contracts = ["StylusDeployer", "CacheManager", "Multicall3"];
    let sources: serde_json::Map<String, Value> = contracts
        .iter()
        .map(|name| (format!("{name}.sol"), json!({ "content": read(format!("solidity/{name}.sol")) })))
        .collect();
    // As `src/chain/bytecode/README.md` says.
    let input = json!({
        "language": "Solidity",
        "sources": sources,
        "settings": {
            "optimizer": { "enabled": true, "runs": 200 },
            "evmVersion": "cancun",
            "metadata": { "bytecodeHash": "none", "appendCBOR": false },
            "outputSelection": { "*": { "*": ["evm.deployedBytecode.object"] } },
        },
    });
    let mut compiler = Command::new(tool("solcjs"))
        .arg("--standard-json")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("the compiler starts");
    let mut stdin = compiler.stdin.take().expect("stdin is piped");
    stdin.write_all(input.to_string().as_bytes()).expect("it reads");
    drop(stdin);
    let output = compiler.wait_with_output().expect("it ends");
    let said = String::from_utf8(output.stdout).expect("it writes text");
    // A line about a solver may come first.
    let document = &said[said.find('{').unwrap_or_else(|| panic!("no JSON: {said}"))..];
    let answer: Value = serde_json::from_str(document).unwrap_or_else(|error| panic!("{error}: {document}"));
    for name in contracts {
        let made = answer["contracts"][format!("{name}.sol")][name]["evm"]["deployedBytecode"]["object"].as_str();
        let made = made.unwrap_or_else(|| panic!("{name}: {}", answer["errors"]));
        assert_eq!(format!("{made}\n"), read(format!("src/chain/bytecode/{name}.hex")), "{name}");
    }
}
