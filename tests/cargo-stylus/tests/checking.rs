//! `cargo stylus check`: would this program be activated, and what would that cost?

use devnode::arbos::state::{ARBOS_ACCOUNT, Space};
use spillway_cargo_stylus_tests::{Chain, REMEMBER, run, stylus_command};

fn check(chain: &Chain, file: &str) -> spillway_cargo_stylus_tests::Said {
    chain.stylus(&["check", "--wasm-file", file])
}

#[test]
fn a_good_program_passes_with_its_size_and_its_fee_and_nothing_is_sent() {
    let chain = Chain::default();
    let said = check(&chain, &chain.wasm_file(REMEMBER)).must_succeed();
    assert!(said.text.contains("contract size: "), "{}", said.text);
    let fee: f64 = said.after("wasm data fee: ").parse().expect("ether");
    assert!(fee > 0.0, "{}", said.text);
    assert_eq!(chain.blocks(), 0);
}

#[test]
fn a_program_that_is_active_already_passes_without_a_fee() {
    let chain = Chain::default();
    let file = chain.wasm_file(REMEMBER);
    chain.deploy_wasm_file(&file, &[]);
    let said = check(&chain, &file).must_succeed();
    assert!(said.text.contains("contract size: "), "{}", said.text);
    assert!(!said.text.contains("wasm data fee"), "{}", said.text);
}

/// What a check says of a program that was active once and must be activated again: its fee, as of a new one.
fn must_be_activated_again(chain: &Chain, file: &str, program: &str) {
    let said = check(chain, file).must_succeed();
    let fee: f64 = said.after("wasm data fee: ").parse().expect("ether");
    assert!(fee > 0.0, "{}", said.text);
    chain.signed(&["activate", "--address", program]).must_succeed();
    let said = check(chain, file).must_succeed();
    assert!(!said.text.contains("wasm data fee"), "{}", said.text);
}

#[test]
fn a_program_whose_activation_has_run_out_passes_with_its_fee() {
    let chain = Chain::default();
    let file = chain.wasm_file(REMEMBER);
    let program = chain.deploy_wasm_file(&file, &[]);
    chain.cast(&["rpc", "evm_increaseTime", &(366 * 86_400).to_string()]);
    chain.cast(&["rpc", "evm_mine"]);
    let said = chain.try_cast(&["call", &program]);
    assert!(!said.succeeded && said.text.contains("error ProgramExpired("), "{}", said.text);
    must_be_activated_again(&chain, &file, &program);
}

#[test]
fn a_program_of_an_older_version_passes_with_its_fee() {
    let chain = Chain::default();
    let file = chain.wasm_file(REMEMBER);
    let program = chain.deploy_wasm_file(&file, &[]);
    // The first two bytes of a program's record are the version it was activated for.
    let code_hash = chain.cast(&["keccak", &chain.cast(&["code", &program])]);
    let slot = Space::programs().sub(&[1]).slot(code_hash.parse().expect("a hash"));
    let (account, slot) = (ARBOS_ACCOUNT.to_string(), format!("{slot:#x}"));
    let record = chain.cast(&["storage", &account, &slot]);
    assert!(record.starts_with("0x0002"), "{record}");
    chain.cast(&["rpc", "anvil_setStorageAt", &account, &slot, &record.replacen("0x0002", "0x0001", 1)]);
    let said = chain.try_cast(&["call", &program]);
    assert!(!said.succeeded && said.text.contains("error ProgramNeedsUpgrade(1, 2)"), "{}", said.text);
    must_be_activated_again(&chain, &file, &program);
}

#[test]
fn the_address_may_be_given() {
    let chain = Chain::default();
    let file = chain.wasm_file(REMEMBER);
    let at = "0x00000000000000000000000000000000000057de";
    chain.stylus(&["check", "--wasm-file", &file, "--wasm-file-address", at]).must_succeed();
    assert_eq!(chain.cast(&["code", at]), "0x", "the code is there only for the call");
}

#[test]
fn what_may_not_be_activated_is_refused_with_the_reason() {
    let chain = Chain::default();
    // Each is REMEMBER with one thing wrong. A memory that may grow needs the import by which growth is paid.
    let growing = REMEMBER.replace("(memory (export \"memory\") 1 1)", "(memory (export \"memory\") 1)");
    let refused = [
        // cargo-stylus itself knows what it means that this import is missing.
        (
            growing.replace(r#"(import "vm_hooks" "pay_for_memory_grow" (func $grow (param i32)))"#, ""),
            "missing an entrypoint",
        ),
        (REMEMBER.replace("\"read_args\"", "\"read_mind\""), "read_mind"),
        (REMEMBER.replace("(export \"memory\")", "(export \"remember\")"), "memory"),
        (
            REMEMBER.replace("memory (export \"memory\") 1 1", "memory (export \"memory\") 200 200"),
            "program activation failed",
        ),
        (
            REMEMBER.replace("(i32.const 0)))", "(drop (v128.const i32x4 0 0 0 0)) (i32.const 0)))"),
            "program activation failed",
        ),
    ];
    for (program, reason) in refused {
        let said = check(&chain, &chain.wasm_file(&program)).must_fail();
        assert!(said.contains(reason), "{reason}: {said}");
    }
    assert_eq!(chain.blocks(), 0);
}

#[test]
fn a_file_that_is_no_module_is_refused_before_the_chain_is_asked() {
    let chain = Chain::default();
    let said = check(&chain, &chain.file("program.wasm", b"nonsense")).must_fail();
    assert!(said.to_lowercase().contains("wasm"), "{said}");
}

#[test]
fn a_contract_is_built_by_the_script_and_passes() {
    let chain = Chain::default();
    let said = chain.stylus(&["check", "--contract", "spillway-oracle"]).must_succeed();
    assert!(said.text.contains("build-wasm: contract oracle"), "{}", said.text);
    assert!(said.text.contains("wasm data fee: "), "{}", said.text);
    let at = "0x00000000000000000000000000000000000057de";
    chain.stylus(&["check", "--contract=spillway-oracle", "--contract-address", at]).must_succeed();
    assert_eq!(chain.cast(&["code", at]), "0x", "the code is there only for the call");
    for unknown in [&["--contract", "spillway-nothing"][..], &["--contract=spillway-nothing"]] {
        let said = chain.stylus(&[&["check"], unknown].concat()).must_fail();
        assert!(said.contains("unknown contract 'spillway-nothing'"), "{said}");
    }
}

#[test]
fn a_command_that_builds_a_contract_is_refused_without_its_name() {
    let chain = Chain::default();
    for command in [&["check"][..], &["deploy", "--no-verify"], &["verify", "--no-verify"]] {
        let said = chain.stylus(command).must_fail();
        assert!(said.contains(&format!("{} needs --contract spillway-NAME", command[0])), "{said}");
    }
    for command in ["build", "get-initcode", "constructor", "export-abi"] {
        let said = run(&mut stylus_command(&[command])).must_fail();
        assert!(said.contains(&format!("{command} needs --contract spillway-NAME")), "{said}");
    }
    assert_eq!(chain.blocks(), 0);
}
