//! forge: contracts compiled, created and driven by a script, in a project of its own.

use crate::{
    served::{ALICE_KEY, Served, tool},
    stage::{ALICE, BOB, remember_init_code, repository_file, succeed},
};
use std::{path::Path, process::Command};
use tempfile::TempDir;

const COUNTER: &str = r#"// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity 0.8.37;

contract Counter {
    uint256 public count;
    constructor(uint256 first) payable { count = first; }
    function add(uint256 more) external returns (uint256) { return count += more; }
}
"#;

const SCRIPT: &str = r#"// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity 0.8.37;

import {Counter} from "../src/Counter.sol";

interface Vm {
    function startBroadcast(uint256 key) external;
    function stopBroadcast() external;
}

contract Drive {
    Vm private constant VM = Vm(0x7109709ECfa91a80626fF3989D68f67F5b1DD12D);

    function run(uint256 key, address payable friend) external {
        VM.startBroadcast(key);
        Counter counter = new Counter{value: 3}(40);
        counter.add(2);
        friend.transfer(5);
        VM.stopBroadcast();
    }
}
"#;

/// Calls a program in the only way that forge sends: its own machine cannot run one, so the call fails there and the failure must not count.
const POKE: &str = r#"// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity 0.8.37;

interface Vm {
    function startBroadcast(uint256 key) external;
    function stopBroadcast() external;
}

contract Poke {
    Vm private constant VM = Vm(0x7109709ECfa91a80626fF3989D68f67F5b1DD12D);

    function run(uint256 key, address program, bytes calldata data) external {
        VM.startBroadcast(key);
        (bool ran,) = program.call{gas: 1_000_000}(data);
        ran;
        VM.stopBroadcast();
    }
}
"#;

/// A project with a contract and a script, compiled by the compiler that npm brought.
fn project() -> TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    let write = |path: &str, text: &str| {
        let path = folder.path().join(path);
        std::fs::create_dir_all(path.parent().expect("it has one")).expect("a folder");
        std::fs::write(path, text).expect("a file");
    };
    let solc = repository_file("src/solidity/tools/solc");
    assert!(solc.exists(), "{} is missing", solc.display());
    let settings = format!(
        "[profile.default]\nsolc = {:?}\noffline = true\nauto_detect_solc = false\nevm_version = \"cancun\"\nlint = {{ lint_on_build = false }}\n",
        solc.display().to_string()
    );
    write("foundry.toml", &settings);
    write("src/Counter.sol", COUNTER);
    write("script/Drive.s.sol", SCRIPT);
    write("script/Poke.s.sol", POKE);
    folder
}

fn forge(chain: &Served, project: &Path, arguments: &[&str]) -> String {
    let mut command = Command::new(tool("forge"));
    command.args(arguments).current_dir(project).env("ETH_RPC_URL", chain.url()).env("NO_COLOR", "1");
    succeed(&mut command)
}

fn cast(chain: &Served, arguments: &[&str]) -> String {
    succeed(Command::new(tool("cast")).args(arguments).env("ETH_RPC_URL", chain.url()))
}

#[test]
fn forge_create_puts_a_contract_with_arguments_and_value_on_the_chain() {
    let (chain, project) = (Served::start(), project());
    let said = forge(
        &chain,
        project.path(),
        &[
            "create",
            "src/Counter.sol:Counter",
            "--broadcast",
            "--json",
            "--private-key",
            ALICE_KEY,
            "--value",
            "3",
            "--constructor-args",
            "40",
        ],
    );
    let answer: serde_json::Value = serde_json::from_str(&said).unwrap_or_else(|error| panic!("{error}: {said}"));
    let counter = answer["deployedTo"].as_str().expect("an address");
    assert_eq!(cast(&chain, &["call", counter, "count()(uint256)"]), "40");
    assert_eq!(cast(&chain, &["balance", counter]), "3");
}

#[test]
fn forge_script_broadcasts_what_its_script_says() {
    let (chain, project) = (Served::start(), project());
    let before = cast(&chain, &["balance", BOB]);
    assert_eq!(before, "10000000000000000000000");
    forge(
        &chain,
        project.path(),
        &[
            "script",
            "script/Drive.s.sol:Drive",
            "--sig",
            "run(uint256,address)",
            ALICE_KEY,
            BOB,
            "--rpc-url",
            &chain.url(),
            "--broadcast",
            "--skip-simulation",
        ],
    );
    assert_eq!(cast(&chain, &["nonce", ALICE]), "3");
    let counter =
        cast(&chain, &["compute-address", ALICE, "--nonce", "0"]).rsplit(' ').next().expect("an address").to_owned();
    assert_eq!(cast(&chain, &["call", &counter, "count()(uint256)"]), "42");
    assert_eq!(cast(&chain, &["balance", &counter]), "3");
    assert_eq!(cast(&chain, &["balance", BOB]), "10000000000000000000005");
}

#[test]
fn forge_script_calls_a_program_by_a_low_level_call() {
    let (chain, project) = (Served::start(), project());
    let receipt = |arguments: &[&str]| {
        let said = cast(&chain, &[&["send", "--json", "--private-key", ALICE_KEY], arguments].concat());
        serde_json::from_str::<serde_json::Value>(&said).unwrap_or_else(|error| panic!("{error}: {said}"))
    };
    let created = receipt(&["--create", &remember_init_code()]);
    let program = created["contractAddress"].as_str().expect("an address");
    let arb_wasm = "0x0000000000000000000000000000000000000071";
    receipt(&[arb_wasm, "activateProgram(address)", program, "--value", "0.01ether"]);
    let word = format!("0x{:064x}", 0x2a);
    forge(
        &chain,
        project.path(),
        &[
            "script",
            "script/Poke.s.sol:Poke",
            "--sig",
            "run(uint256,address,bytes)",
            ALICE_KEY,
            program,
            &word,
            "--rpc-url",
            &chain.url(),
            "--broadcast",
            "--skip-simulation",
        ],
    );
    assert_eq!(cast(&chain, &["nonce", ALICE]), "3");
    assert_eq!(cast(&chain, &["call", program]), word);
}
