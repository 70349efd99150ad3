//! `cargo stylus deploy` and `activate`, and what `deploy` is made of: `get-initcode`, `constructor`, `export-abi`.

use devnode::Devnode;
use spillway_cargo_stylus_tests::{
    ALICE, BOB, Chain, GENESIS_SECS, POOR_KEY, REMEMBER, STYLUS_DEPLOYER, init_code, reflect, repository_file,
};

const WORD: &str = "0x000000000000000000000000000000000000000000000000000000000000002a";

/// Deploys the oracle with BOB as its owner.
fn oracle<'a>(options: &[&'a str]) -> Vec<&'a str> {
    [&["deploy", "--no-verify", "--contract", "spillway-oracle"], options, &["--constructor-args", BOB]].concat()
}

#[test]
fn a_program_without_constructor_is_deployed_activated_and_called() {
    let chain = Chain::default();
    let program = chain.deploy_wasm_file(&chain.wasm_file(REMEMBER), &[]);
    assert_eq!(chain.blocks(), 2, "one to create it and one to activate it");
    assert_eq!(chain.program_version(&program).as_deref(), Some("2"));
    assert_eq!(chain.send(&[&program, WORD])["status"], "0x1");
    assert_eq!(chain.cast(&["call", &program]), WORD);
}

#[test]
fn the_same_program_again_needs_no_activation() {
    let chain = Chain::default();
    let file = chain.wasm_file(REMEMBER);
    let first = chain.deploy_wasm_file(&file, &[]);
    let said = chain.signed(&["deploy", "--no-verify", "--wasm-file", &file]).must_succeed();
    assert!(said.text.contains("wasm already activated!"), "{}", said.text);
    let second = said.after("deployed code at address: ");
    assert_ne!(first, second);
    assert_eq!(chain.blocks(), 3);
    assert_eq!(chain.program_version(&second).as_deref(), Some("2"));
}

#[test]
fn activation_can_be_left_for_later_and_is_refused_twice() {
    let chain = Chain::default();
    let program = chain.deploy_wasm_file(&chain.wasm_file(REMEMBER), &["--no-activate"]);
    assert_eq!((chain.blocks(), chain.program_version(&program)), (1, None));
    let estimate = chain.signed(&["activate", "--address", &program, "--estimate-gas"]).must_succeed();
    let estimated: u64 = estimate.after("activation tx gas: ").parse().expect("a number");
    assert_eq!(chain.blocks(), 1);
    let said = chain.signed(&["activate", "--address", &program]).must_succeed();
    assert_eq!(chain.program_version(&program).as_deref(), Some("2"));
    let hash = said.text.split(" with tx ").nth(1).expect("the transaction").split_whitespace().next().expect("a hash");
    let used: u64 =
        chain.cast(&["receipt", &format!("0x{}", hash.trim_matches('"')), "gasUsed"]).parse().expect("a number");
    assert!(used <= estimated && estimated <= used + used * 15 / 1_000 + 1, "estimated {estimated}, used {used}");
    let again = chain.signed(&["activate", "--address", &program]).must_fail();
    assert!(again.contains("execution reverted: error ProgramUpToDate()"), "{again}");
}

#[test]
fn an_address_without_a_program_is_not_activated() {
    let chain = Chain::default();
    let said = chain.signed(&["activate", "--address", BOB]).must_fail();
    assert!(said.contains("ProgramNotWasm()"), "{said}");
    assert_eq!(chain.blocks(), 0);
}

#[test]
fn an_estimate_sends_nothing() {
    let chain = Chain::default();
    let file = chain.wasm_file(REMEMBER);
    let said = chain.signed(&["deploy", "--no-verify", "--wasm-file", &file, "--estimate-gas"]).must_succeed();
    assert!(said.text.contains("gas price: \"0.100000000\" gwei"), "{}", said.text);
    let gas: u64 = said.after("deployment tx gas: ").parse().expect("a number");
    assert!(gas > 100_000, "{}", said.text);
    assert_eq!(chain.blocks(), 0);
}

#[test]
fn who_cannot_pay_is_told_so_before_anything_is_sent() {
    let chain = Chain::default();
    let file = chain.wasm_file(REMEMBER);
    let said = chain.stylus(&["deploy", "--no-verify", "--wasm-file", &file, "--private-key", POOR_KEY]).must_fail();
    assert!(said.contains("not enough funds in account"), "{said}");
    assert_eq!(chain.blocks(), 0);
}

#[test]
fn a_price_may_be_set_and_one_below_the_base_fee_is_refused() {
    let chain = Chain::default();
    let file = chain.wasm_file(REMEMBER);
    let deploy = ["deploy", "--no-verify", "--wasm-file", &file, "--max-fee-per-gas-gwei"];
    let low = chain.signed(&[&deploy[..], &["0.05"]].concat()).must_fail();
    assert!(low.contains("max fee per gas less than block base fee"), "{low}");
    assert_eq!(chain.blocks(), 0);
    let said = chain.signed(&[&deploy[..], &["3"]].concat()).must_succeed();
    let hash = said.after("deployment tx hash: ");
    let transaction: serde_json::Value = serde_json::from_str(&chain.cast(&["tx", "--json", &hash])).expect("JSON");
    assert_eq!(transaction["maxFeePerGas"], "0xb2d05e00");
    assert_eq!(chain.cast(&["receipt", &hash, "effectiveGasPrice"]), "100000000");
}

#[test]
fn a_contract_is_deployed_activated_and_constructed_in_one_transaction() {
    let chain = Chain::default();
    let said = chain.signed(&oracle(&[])).must_succeed();
    assert_eq!(chain.blocks(), 1);
    let oracle = said.after("deployed code at address: ");
    let hash = said.after("deployment tx hash: ");
    assert_eq!(chain.cast(&["tx", &hash, "to"]), STYLUS_DEPLOYER);
    assert_eq!(chain.program_version(&oracle).as_deref(), Some("2"));
    assert_eq!(chain.cast(&["call", &oracle, "owner()(address)"]), BOB);
    assert_eq!(chain.cast(&["balance", STYLUS_DEPLOYER]), "0", "what the fee left over went back");
    // A second constructor is refused: selector of stylus_constructor(), and ALICE as the owner.
    let take_over = format!("0x5585258d{:0>64}", ALICE.trim_start_matches("0x"));
    assert_eq!(chain.send(&[&oracle, &take_over])["status"], "0x0");
    assert_eq!(chain.cast(&["call", &oracle, "owner()(address)"]), BOB);
}

#[test]
fn a_salt_gives_the_address_and_takes_it() {
    let chain = Chain::default();
    let salt = ["--deployer-salt", WORD];
    let deployed = chain.signed(&oracle(&salt)).must_succeed().after("deployed code at address: ");
    // CREATE2 with keccak256(salt, constructor call) and the init code that get-initcode writes.
    let call = format!("5585258d{:0>64}", BOB.trim_start_matches("0x").to_lowercase());
    let mixed = chain.cast(&["keccak", &format!("{WORD}{call}")]);
    let code_hash = chain.cast(&["keccak", &init_code("oracle")]);
    let expected =
        chain.cast(&["create2", "--deployer", STYLUS_DEPLOYER, "--salt", &mixed, "--init-code-hash", &code_hash]);
    assert_eq!(expected.to_lowercase().split_whitespace().next(), Some(deployed.as_str()));
    let again = chain.signed(&oracle(&salt)).must_fail();
    assert!(again.contains("execution reverted"), "{again}");
}

#[test]
fn a_constructor_that_refuses_stops_the_deployment() {
    let chain = Chain::default();
    let zero = "0x0000000000000000000000000000000000000000";
    let deploy = ["deploy", "--no-verify", "--contract", "spillway-vault"];
    let vault = [&deploy[..], &["--constructor-args"]].concat();
    let said = chain.signed(&[&vault[..], &[zero, BOB, BOB]].concat()).must_fail();
    // ContractInitializationError(address,bytes) of the StylusDeployer.
    assert!(said.contains("execution reverted") && said.contains("88d8f57d"), "{said}");
    let said = chain.signed(&[&vault[..], &[BOB]].concat()).must_fail();
    assert!(said.contains("mismatch number of constructor arguments"), "{said}");
    let said = chain.signed(&[&vault[..], &[BOB, BOB, "nobody"]].concat()).must_fail();
    assert!(said.contains("could not parse constructor arg: address oracle"), "{said}");
    let paid = [&deploy[..], &["--constructor-value", "1", "--constructor-args", BOB, BOB, BOB]].concat();
    let said = chain.signed(&paid).must_fail();
    assert!(said.contains("attempting to send Ether to non-payable constructor"), "{said}");
    assert_eq!(chain.blocks(), 0);
}

/// REMEMBER with 40,000 bytes that no compressor makes smaller.
fn large_program() -> String {
    let mut word = alloy_primitives::keccak256("noise");
    let mut noise = String::new();
    for _ in 0..40_000 / 32 {
        word = alloy_primitives::keccak256(word);
        noise.extend(word.iter().map(|byte| format!("\\{byte:02x}")));
    }
    format!("{} (data (i32.const 1024) \"{noise}\"))", REMEMBER.trim_end().strip_suffix(')').expect("a module"))
}

#[test]
fn a_program_too_large_for_one_account_is_deployed_in_fragments_where_the_chain_has_them() {
    let chain = Chain::serve(Devnode::builder().genesis_time_secs(GENESIS_SECS).arbos_version(60).build());
    let said = chain.signed(&["deploy", "--no-verify", "--wasm-file", &chain.wasm_file(&large_program())]);
    let said = said.must_succeed();
    assert!(said.text.contains("(2 fragments)"), "{}", said.text);
    assert_eq!(chain.blocks(), 4, "two fragments, the root, the activation");
    let program = said.after("deployed code at address: ");
    assert_eq!(chain.send(&[&program, WORD])["status"], "0x1");
    assert_eq!(chain.cast(&["call", &program]), WORD);
}

#[test]
fn a_program_too_large_for_one_account_is_refused_where_the_chain_has_no_fragments() {
    let chain = Chain::default();
    let said = chain.signed(&["deploy", "--no-verify", "--wasm-file", &chain.wasm_file(&large_program())]).must_fail();
    // A root is no program before ArbOS 60, and the precompile says so without data.
    assert!(said.contains("(2 fragments)") && said.contains("execution reverted, data: \"0x\""), "{said}");
    assert_eq!(chain.blocks(), 0);
}

#[test]
fn a_deployment_in_a_container_is_refused_by_the_script() {
    let chain = Chain::default();
    for command in ["deploy", "verify"] {
        let said = chain.stylus(&[command, "--contract", "spillway-oracle"]).must_fail();
        assert!(said.contains(&format!("{command} needs --no-verify")), "{said}");
    }
}

#[test]
fn the_init_code_deploys_by_any_tool() {
    let chain = Chain::default();
    let receipt = chain.send(&["--create", &init_code("oracle")]);
    let address = receipt["contractAddress"].as_str().expect("an address");
    chain.signed(&["activate", "--address", address]).must_succeed();
    assert_eq!(chain.program_version(address).as_deref(), Some("2"));
}

#[test]
fn a_contract_tells_its_constructor_and_its_interface() {
    assert_eq!(reflect("constructor", "vault"), "constructor(address owner, address debtAsset, address oracle)");
    assert_eq!(reflect("export-abi", "vault"), repository_file("abi/IVault.sol").trim());
}

#[test]
fn the_contracts_other_builds_are_refused() {
    let chain = Chain::default();
    let said = chain.signed(&oracle(&["--features", "export-abi"])).must_fail();
    assert!(said.contains("contracts are built as scripts/build-wasm does it, without further options"), "{said}");
    assert_eq!(chain.blocks(), 0);
}
