//! `cargo stylus trace` and `simulate`. By default they send the text of a JavaScript tracer, with `--use-native-tracer` a name.

use serde_json::{Value, json};
use spillway_cargo_stylus_tests::{ALICE, BOB, Chain, REMEMBER};

const WORD: &str = "0x000000000000000000000000000000000000000000000000000000000000002a";
const ZERO: &str = "0x0000000000000000000000000000000000000000000000000000000000000000";

/// The names of the steps, and each argument and result that is not empty.
fn outline(trace: &Value) -> Vec<(String, String, String)> {
    let text = |step: &Value, key: &str| step[key].as_str().expect("text").to_owned();
    let steps = trace.as_array().expect("a list of steps").iter();
    steps.map(|step| (text(step, "name"), text(step, "args"), text(step, "outs"))).collect()
}

fn expected(steps: &[(&str, &str, &str)]) -> Vec<(String, String, String)> {
    steps.iter().map(|(name, args, outs)| ((*name).into(), (*args).into(), (*outs).into())).collect()
}

fn parsed(text: &str) -> Value {
    serde_json::from_str(text).unwrap_or_else(|error| panic!("{error}: {text}"))
}

#[test]
fn both_tracers_tell_every_host_call_of_a_transaction_and_its_ink() {
    let chain = Chain::default();
    let program = chain.deploy_wasm_file(&chain.wasm_file(REMEMBER), &[]);
    let receipt = chain.send(&[&program, WORD]);
    let hash = receipt["transactionHash"].as_str().expect("a hash");
    let by_text = parsed(&chain.stylus(&["trace", "--tx", hash]).must_succeed().text);
    let by_name = parsed(&chain.stylus(&["trace", "--tx", hash, "--use-native-tracer"]).must_succeed().text);
    assert_eq!(by_text, by_name);
    let pair = format!("{ZERO}{}", WORD.trim_start_matches("0x"));
    assert_eq!(
        outline(&by_text),
        expected(&[
            ("user_entrypoint", "0x00000020", "0x"),
            ("read_args", "0x", WORD),
            ("storage_cache_bytes32", &pair, "0x"),
            ("storage_flush_cache", "0x00", "0x"),
            ("user_returned", "0x", "0x00000000"),
        ])
    );
    let inks: Vec<u64> = by_text
        .as_array()
        .expect("steps")
        .iter()
        .flat_map(|step| [step["startInk"].as_u64().expect("ink"), step["endInk"].as_u64().expect("ink")])
        .collect();
    let (returned, running) = (&inks[inks.len() - 2..], &inks[..inks.len() - 2]);
    assert!(running.is_sorted_by(|earlier, later| earlier >= later), "ink only falls: {inks:?}");
    assert_eq!(returned, [inks[0]; 2], "the last step carries what the program began with, as on a real chain");
}

#[test]
fn a_call_between_programs_carries_the_steps_of_the_callee() {
    let chain = Chain::default();
    let callee = chain.deploy_wasm_file(&chain.wasm_file(REMEMBER), &[]);
    // Calls the address in the first 20 bytes of its calldata with nothing.
    let caller = r#"(module
        (import "vm_hooks" "pay_for_memory_grow" (func (param i32)))
        (import "vm_hooks" "read_args" (func $read_args (param i32)))
        (import "vm_hooks" "static_call_contract" (func $call (param i32 i32 i32 i64 i32) (result i32)))
        (func (export "user_entrypoint") (param i32) (result i32)
            (call $read_args (i32.const 0))
            (call $call (i32.const 0) (i32.const 0) (i32.const 0) (i64.const -1) (i32.const 100)))
        (memory (export "memory") 1))"#;
    let caller = chain.deploy_wasm_file(&chain.wasm_file(caller), &[]);
    let receipt = chain.send(&[&caller, &callee]);
    let hash = receipt["transactionHash"].as_str().expect("a hash");
    let trace = parsed(&chain.stylus(&["trace", "--tx", hash]).must_succeed().text);
    let call =
        trace.as_array().expect("steps").iter().find(|step| step["name"] == "static_call_contract").expect("the call");
    assert_eq!(call["address"], json!(callee));
    let inner: Vec<&str> =
        call["steps"].as_array().expect("steps").iter().filter_map(|step| step["name"].as_str()).collect();
    assert_eq!(inner, ["user_entrypoint", "storage_load_bytes32", "write_result", "user_returned"]);
}

#[test]
fn a_call_is_simulated_and_changes_nothing() {
    let chain = Chain::default();
    let program = chain.deploy_wasm_file(&chain.wasm_file(REMEMBER), &[]);
    let blocks = chain.blocks();
    let simulate = ["simulate", "--from", ALICE, "--to", &program, "--data", WORD];
    let by_text = parsed(&chain.stylus(&simulate).must_succeed().text);
    let by_name = parsed(&chain.stylus(&[&simulate[..], &["--use-native-tracer"]].concat()).must_succeed().text);
    assert_eq!(by_text, by_name);
    assert!(outline(&by_text).iter().any(|(name, ..)| name == "storage_cache_bytes32"), "{by_text}");
    assert_eq!((chain.blocks(), chain.cast(&["call", &program])), (blocks, ZERO.to_owned()));
}

#[test]
fn transactions_without_host_calls_are_refused_with_the_reason() {
    let chain = Chain::default();
    let said = chain.signed(&["deploy", "--no-verify", "--wasm-file", &chain.wasm_file(REMEMBER)]).must_succeed();
    let created = said.after("deployment tx hash: ");
    let sent = chain.send(&[BOB, "--value", "1"])["transactionHash"].as_str().expect("a hash").to_owned();
    for hash in [created, sent] {
        let answer = chain.cast(&["rpc", "debug_traceTransaction", &hash, r#"{"tracer":"stylusTracer"}"#]);
        assert_eq!(answer, "[]");
        // It would say that there are no frames, but takes an empty list for the answer of another tracer.
        let said = chain.stylus(&["trace", "--tx", &hash]).must_fail();
        assert!(said.contains("malformed tracing result"), "{said}");
    }
    let unknown = chain.stylus(&["trace", "--tx", WORD]).must_fail();
    assert!(unknown.contains("failed to get receipt for tx"), "{unknown}");
}

#[test]
fn a_deployment_with_constructor_is_taken_for_an_activation() {
    let chain = Chain::default();
    let deploy = ["deploy", "--no-verify", "--contract", "spillway-oracle", "--constructor-args", BOB];
    let hash = chain.signed(&deploy).must_succeed().after("deployment tx hash: ");
    // The steps of the StylusDeployer, which is bytecode, are all frames; cargo-stylus takes such a list for an activation.
    let said = chain.stylus(&["trace", "--tx", &hash]).must_fail();
    assert!(said.contains("Your tx was a contract activation transaction"), "{said}");
}
