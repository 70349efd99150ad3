//! What the command refuses: the whole of what it prints, and its exit code.

mod support;

use std::process::Output;
use support::spillway;

fn refused(arguments: &[&str]) -> (i32, String) {
    let output: Output = spillway().args(arguments).output().unwrap();
    assert_eq!(String::from_utf8_lossy(&output.stdout), "", "a refusal prints nothing on stdout");
    (output.status.code().unwrap(), String::from_utf8(output.stderr).unwrap())
}

fn folder_with(name: &str, text: &str) -> (tempfile::TempDir, String) {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join(name);
    std::fs::write(&file, text).unwrap();
    let path = file.display().to_string();
    (folder, path)
}

#[test]
fn an_unknown_flag_is_named() {
    let (code, said) = refused(&["demo", "--fast"]);
    assert_eq!(code, 2);
    assert_eq!(
        said,
        "error: unexpected argument '--fast' found\n\nUsage: spillway demo [OPTIONS]\n\nFor more information, try '--help'.\n"
    );
}

#[test]
fn prices_and_a_scenario_exclude_each_other() {
    let (code, said) = refused(&["demo", "--prices", "a.csv", "--scenario", "black_thursday"]);
    assert_eq!(code, 2);
    assert!(
        said.starts_with("error: the argument '--prices <CSV>' cannot be used with '--scenario <NAME|CSV>'\n"),
        "{said}"
    );
}

#[test]
fn no_command_shows_the_commands() {
    let (code, said) = refused(&[]);
    assert_eq!(code, 2);
    assert!(said.contains("demo  Plays a crash") && said.contains("wasm  Checks built contracts"), "{said}");
}

#[test]
fn help_documents_the_exit_codes() {
    for command in ["demo", "wasm"] {
        let output = spillway().args([command, "--help"]).output().unwrap();
        let said = String::from_utf8(output.stdout).unwrap();
        assert!(said.contains("Exit codes:\n  0  done\n  1  the thing looked at is not right"), "{said}");
        assert!(output.status.success());
    }
}

#[test]
fn a_scenario_that_is_missing_is_named() {
    let expected = "spillway: error: no/such.csv is missing: --scenario takes `black_thursday` or a file with columns hour,eth_usd,btc_usd\n";
    assert_eq!(refused(&["demo", "--scenario", "no/such.csv"]), (3, expected.to_owned()));
}

#[test]
fn a_malformed_scenario_is_refused_with_its_line() {
    let (_folder, path) = folder_with("bad.csv", "hour,eth_usd,btc_usd\n0,200,8000\n0,190,7900\n");
    let expected = format!("spillway: error: {path}: line 3: hour 0 does not come after 0\n");
    assert_eq!(refused(&["demo", "--scenario", &path]), (4, expected));
}

#[test]
fn contracts_that_are_not_built_are_named_with_what_builds_them() {
    let expected = "spillway: error: no/wasm/oracle.wasm is missing: scripts/build-wasm makes it\n";
    let arguments = ["demo", "--scenario", "black_thursday", "--wasm", "no/wasm"];
    assert_eq!(refused(&arguments), (3, expected.to_owned()));
}

#[test]
fn artifacts_that_are_not_made_are_named_with_what_makes_them() {
    let folder = tempfile::tempdir().unwrap();
    for contract in ["oracle", "vault", "auction", "pool", "reserve", "lens"] {
        std::fs::write(folder.path().join(format!("{contract}.wasm")), b"").unwrap();
    }
    let wasm = folder.path().display().to_string();
    let arguments = ["demo", "--scenario", "black_thursday", "--wasm", &wasm, "--solidity", "no/solidity"];
    let expected = "spillway: error: no/solidity/TestToken.sol/TestToken.json is missing: scripts/setup makes it\n";
    assert_eq!(refused(&arguments), (3, expected.to_owned()));
}

#[test]
fn a_report_that_cannot_be_written_is_refused_before_anything_runs() {
    let folder = tempfile::tempdir().unwrap();
    let report = folder.path().display().to_string();
    let inputs = support::built_inputs();
    let mut arguments = vec!["demo", "--scenario", "black_thursday", "--report", &report];
    arguments.extend(inputs.iter().map(String::as_str));
    let expected = format!("spillway: error: {report} cannot be written: it is a directory\n");
    assert_eq!(refused(&arguments), (5, expected));
}

#[test]
fn a_file_that_is_no_contract_is_refused() {
    let (_folder, path) = folder_with("token.wasm", "not wasm");
    let (code, said) = refused(&["wasm", &path]);
    assert_eq!(code, 4);
    assert!(said.starts_with(&format!("spillway: error: {path}: no WASM module: ")), "{said}");
}

#[test]
fn a_contract_file_that_is_missing_is_named() {
    let expected = "spillway: error: no/such.wasm is missing: scripts/build-wasm makes it\n";
    assert_eq!(refused(&["wasm", "no/such.wasm"]), (3, expected.to_owned()));
}

#[test]
fn a_contract_that_breaks_a_rule_is_shown_and_fails() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("empty.wasm");
    std::fs::write(&file, wat::parse_str("(module)").unwrap()).unwrap();
    let output = spillway().arg("wasm").arg(&file).output().unwrap();
    assert_eq!(output.status.code(), Some(1));
    assert_eq!(String::from_utf8(output.stderr).unwrap(), "spillway: error: 1 of 1 contracts break a rule\n");
    let said = String::from_utf8(output.stdout).unwrap();
    for refusal in [
        "no function is exported as user_entrypoint",
        "no memory is exported as memory",
        "it begins with 0 pages of memory, not one",
    ] {
        assert!(said.contains(&format!("  refused: {refusal}\n")), "{said}");
    }
}

#[test]
fn the_built_contracts_keep_every_rule() {
    support::built_inputs();
    let output = spillway().args(["wasm", "--json"]).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stdout));
    let contracts: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    let names: Vec<&str> =
        contracts.as_array().unwrap().iter().map(|contract| contract["name"].as_str().unwrap()).collect();
    assert_eq!(names, ["auction", "lens", "oracle", "pool", "reserve", "vault"]);
}
