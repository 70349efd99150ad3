//! `cargo stylus deploy` with what few deployments use: a constructor that takes ether, another deployer, a key in a keystore.

use spillway_cargo_stylus_tests::{ALICE, ALICE_KEY, Chain, Project, REMEMBER, STYLUS_DEPLOYER, npm_tools, run};
use std::process::Command;

const WORD: &str = "0x000000000000000000000000000000000000000000000000000000000000002a";

/// Its constructor, `stylus_constructor()` with a word, keeps the word at slot 0 and the value it came with; called otherwise it returns the word.
const PAYABLE: &str = r#"(module
    (import "vm_hooks" "read_args" (func $read_args (param i32)))
    (import "vm_hooks" "write_result" (func $write_result (param i32 i32)))
    (import "vm_hooks" "storage_load_bytes32" (func $load (param i32 i32)))
    (import "vm_hooks" "storage_cache_bytes32" (func $store (param i32 i32)))
    (import "vm_hooks" "storage_flush_cache" (func $flush (param i32)))
    (import "vm_hooks" "pay_for_memory_grow" (func $grow (param i32)))
    (memory (export "memory") 1 1)
    (func (export "user_entrypoint") (param $length i32) (result i32)
        (call $read_args (i32.const 100))
        (if (i32.eq (i32.load (i32.const 100)) (i32.const 0x8d258555))
            (then
                (call $store (i32.const 0) (i32.const 104))
                (call $flush (i32.const 0)))
            (else
                (call $load (i32.const 0) (i32.const 32))
                (call $write_result (i32.const 32) (i32.const 32))))
        (i32.const 0)))"#;

fn payable() -> Project {
    Project::new(PAYABLE, "constructor(uint256 word) payable")
}

#[test]
fn a_payable_constructor_gets_its_value_and_the_rest_comes_back() {
    let chain = Chain::default();
    let options = ["--constructor-value", "1.5", "--constructor-args", "42"];
    let said = payable().deploy(&chain, &options).must_succeed();
    assert_eq!(chain.blocks(), 1);
    let program = said.after("deployed code at address: ");
    assert_eq!(chain.cast(&["balance", &program]), "1500000000000000000");
    assert_eq!(chain.cast(&["balance", STYLUS_DEPLOYER]), "0");
    assert_eq!(chain.cast(&["call", &program]), WORD);
    assert_eq!(chain.program_version(&program).as_deref(), Some("2"));
}

#[test]
fn another_deployer_may_be_named() {
    let chain = Chain::default();
    let other = "0x00000000000000000000000000000000000de910";
    let options = ["--deployer-address", other, "--constructor-args", "42"];
    payable().deploy(&chain, &options).must_fail();
    chain.cast(&["rpc", "anvil_setCode", other, &chain.cast(&["code", STYLUS_DEPLOYER])]);
    chain.cast(&["rpc", "anvil_setNonce", other, "0x1"]);
    let said = payable().deploy(&chain, &options).must_succeed();
    assert_eq!(chain.cast(&["tx", &said.after("deployment tx hash: "), "to"]).to_lowercase(), other);
    let program = said.after("deployed code at address: ");
    let expected = chain.cast(&["compute-address", other, "--nonce", "1"]).to_lowercase();
    assert!(expected.ends_with(&program.to_lowercase()), "{program} instead of {expected}");
    assert_eq!(chain.cast(&["call", &program]), WORD);
}

#[test]
fn a_key_may_lie_in_a_keystore() {
    let chain = Chain::default();
    let (wasm, password) = (chain.wasm_file(REMEMBER), chain.file("password", "correct horse"));
    let folder = std::path::Path::new(&password).parent().expect("it has one").to_str().expect("UTF-8").to_owned();
    run(Command::new(npm_tools().join("cast"))
        .args(["wallet", "import", "alice", "--keystore-dir", &folder, "--private-key", ALICE_KEY])
        .args(["--unsafe-password", "correct horse"]))
    .must_succeed();
    let keystore = format!("{folder}/alice");
    let deploy = ["deploy", "--no-verify", "--wasm-file", &wasm, "--keystore-path", &keystore];
    let wrong = chain.file("wrong", "battery staple");
    chain.stylus(&[&deploy[..], &["--keystore-password-path", &wrong]].concat()).must_fail();
    assert_eq!(chain.blocks(), 0);
    let said = chain.stylus(&[&deploy[..], &["--keystore-password-path", &password]].concat()).must_succeed();
    assert_eq!(chain.cast(&["tx", &said.after("deployment tx hash: "), "from"]), ALICE);
}
