//! The commands of `src/contracts/DEPLOYMENT.md`, run as they stand there against the local chain. Only what its first block
//! sets is set otherwise: the endpoint, the key, the debt asset.
//!
//! The document is also the list of the contracts: each must be deployed there.

use devnode::wasm::format;
use spillway_cargo_stylus_tests::{
    ALICE, ALICE_KEY, Chain, contracts, npm_tools, repository_file, repository_root, run,
};
use std::{collections::BTreeMap, process::Command};

const DOCUMENT: &str = "src/contracts/DEPLOYMENT.md";
/// The owner of a contract that has none.
const NOBODY: &str = "0x0000000000000000000000000000000000000000";

/// The blocks of the document that a shell runs.
fn blocks() -> Vec<String> {
    let text = repository_file(DOCUMENT);
    let after = text.split("```sh\n").skip(1);
    after.map(|rest| rest.split_once("```").expect("a block ends").0.to_owned()).collect()
}

/// Contract by the variable that its address is kept in: `NAME=$(scripts/deploy CONTRACT ...)`.
fn deployed(blocks: &[String]) -> BTreeMap<String, String> {
    let lines = blocks.iter().flat_map(|block| block.lines());
    lines
        .filter_map(|line| line.split_once("=$(scripts/deploy "))
        .map(|(variable, rest)| (variable.to_owned(), rest.split([' ', ')']).next().expect("a contract").to_owned()))
        .collect()
}

#[test]
fn every_contract_is_deployed_in_the_document_and_known_to_the_tool() {
    let mut documented: Vec<String> = deployed(&blocks()).into_values().collect();
    documented.sort();
    assert_eq!(documented, contracts(), "{DOCUMENT} against the folders of src/contracts");
    for contract in documented {
        assert_eq!(
            repository_file(&format!("src/contracts/{contract}/Stylus.toml")).trim(),
            "[contract]",
            "{contract}"
        );
    }
}

#[test]
fn the_document_sets_everything_that_is_replaced_here() {
    let first = &blocks()[0];
    let set: Vec<&str> = first.lines().filter_map(|line| line.strip_prefix("export ")?.split('=').next()).collect();
    assert_eq!(set, ["PATH", "ENDPOINT", "KEY_FILE", "DEBT_ASSET"]);
}

#[test]
fn the_documented_commands_deploy_all_contracts_and_join_them() {
    let chain = Chain::default();
    let debt_asset = chain.deploy_token();
    let all = blocks();
    let variables = deployed(&all);
    let mut script = all[1..].concat();
    for name in variables.keys() {
        script += &format!("echo \"address of {name}: ${name}\"\n");
    }
    let path = format!("{}:{}", npm_tools().display(), std::env::var("PATH").expect("there is a PATH"));
    let said = run(Command::new("bash")
        .args(["-euo", "pipefail", "-c", &script])
        .current_dir(repository_root())
        .env("PATH", path)
        .env("ENDPOINT", chain.url())
        .env("KEY_FILE", chain.file("key", ALICE_KEY))
        .env("DEBT_ASSET", &debt_asset))
    .must_succeed();
    let address = |name: &str| said.after(&format!("address of {name}: "));

    for (variable, contract) in &variables {
        let at = address(variable);
        assert_eq!(chain.program_version(&at).as_deref(), Some("2"), "{contract} is active");
        // The lens has no owner; that its constructor has run shows below, by the addresses it keeps.
        let owner = if contract == "lens" { NOBODY } else { ALICE };
        assert_eq!(chain.cast(&["call", &at, "owner()(address)"]), owner, "the owner of {contract}");
        // What runs is what scripts/build-wasm left and the other tests run, with the hash of the project after it.
        let built = std::fs::read(repository_root().join(format!("target/wasm/{contract}.wasm")))
            .unwrap_or_else(|error| panic!("{contract}: {error}; run scripts/build-wasm first"));
        let (module, project_hash) = chain.deployed_module(&at);
        assert!(module == format::normalise(&built).expect("a module"), "{contract} is another module than was built");
        assert_ne!(project_hash, [0; 32], "{contract}");
    }
    let ask = |to: &str, what: &str| chain.cast(&["call", &address(to), what]).to_lowercase();
    assert_eq!(ask("VAULT", "debtAsset()(address)"), debt_asset.to_lowercase());
    assert_eq!(ask("VAULT", "oracle()(address)"), address("ORACLE"));
    assert_eq!(
        ask("VAULT", "modules()(address,address,address)").split_whitespace().collect::<Vec<_>>(),
        [address("AUCTION"), address("POOL"), address("RESERVE")]
    );
    for contract in ["AUCTION", "RESERVE", "POOL", "LENS"] {
        assert_eq!(ask(contract, "vault()(address)"), address("VAULT"), "{contract}");
    }
    assert_eq!(ask("POOL", "reserve()(address)"), address("RESERVE"));
    assert_eq!(ask("POOL", "depositCap()(uint256)"), "1000000000000 [1e12]");
    assert_eq!(ask("LENS", "auction()(address)"), address("AUCTION"));
    assert!(
        chain
            .stylus(&["cache", "status", "--address", &address("VAULT")])
            .must_succeed()
            .text
            .contains("\"is cached\"")
    );
}
