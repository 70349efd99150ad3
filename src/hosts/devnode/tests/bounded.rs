//! The program with little memory: what would fill it is refused or ends by its gas, and the program goes on.
#![cfg(target_os = "linux")]

mod common;
#[path = "common/running.rs"]
mod running;

use alloy_primitives::hex;
use common::wasm;
use running::{Running, answer, ask};
use serde_json::{Value, json};
use spillway_devnode::wasm::format;
use std::process::Command;

/// Address space of the program in KiB: less than what each of the bombs asks for, or claims to be.
const MOST_KIB: u32 = 3 << 20;
const ALICE: &str = "0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266";
const ARB_WASM: &str = "0x0000000000000000000000000000000000000071";
const PROGRAM: &str = "0x00000000000000000000000000000000000b0b0b";

fn start() -> (Running, String) {
    let script = format!(r#"ulimit -v {MOST_KIB}; exec "$0" --port 0 --quiet"#);
    let mut node = Running::spawn(Command::new("sh").args(["-c", &script, env!("CARGO_BIN_EXE_spillway-devnode")]));
    let address = node.greeting().1;
    (node, address)
}

/// Puts code at the address of the program and activates it.
fn put(address: &str, code: &[u8]) -> bool {
    ask(address, "anvil_setCode", json!([PROGRAM, hex::encode_prefixed(code)]));
    let data = format!("0x58c780c2{:0>64}", &PROGRAM[2..]);
    let call = json!({ "from": ALICE, "to": ARB_WASM, "data": data, "value": "0xde0b6b3a7640000", "gas": "0x1e84800" });
    let sent = answer(address, "eth_sendTransaction", json!([call]));
    let receipt = ask(address, "eth_getTransactionReceipt", json!([sent["result"]]));
    receipt["status"] == "0x1"
}

fn call(address: &str) -> Value {
    answer(address, "eth_call", json!([{ "to": PROGRAM, "gas": "0x4c4b40" }, "latest"]))
}

#[test]
fn bombs_of_every_kind_are_answered_in_bounded_memory() {
    let (node, address) = start();
    // A stream that unpacks to 16 MiB, and one that claims to be a program and is none.
    let bomb = format::program_code(&vec![0; 16 << 20]);
    assert!(!put(&address, &bomb), "{}", bomb.len());
    assert!(!put(&address, &[&hex!("eff00000")[..], &[0xff; 20_000]].concat()));

    let program = |body: &str| {
        format::program_code(&wasm(&format!(
            r#"(module (import "vm_hooks" "pay_for_memory_grow" (func (param i32)))
            (import "vm_hooks" "native_keccak256" (func $hash (param i32 i32 i32)))
            (import "vm_hooks" "write_result" (func $write (param i32 i32))) (memory (export "memory") 1)
            (func $down (param i32) (result i32) (call $down (local.get 0)))
            (func (export "user_entrypoint") (param i32) (result i32) {body} i32.const 0))"#
        )))
    };
    for body in [
        // All memory there is, more and more of it, a result that is longer than it, no end of calls, no end of hashing.
        "(drop (memory.grow (i32.const 65535)))",
        "(loop $again (drop (memory.grow (i32.const 1))) br $again)",
        "(call $write (i32.const 0) (i32.const -1))",
        "(drop (call $down (i32.const 0)))",
        "(loop $again (call $hash (i32.const 0) (i32.const 65536) (i32.const 0)) br $again)",
    ] {
        assert!(put(&address, &program(body)), "{body}");
        let refused = call(&address);
        assert!(refused["error"]["code"].is_i64(), "{body}: {refused}");
        let trace = json!([{ "to": PROGRAM, "gas": "0x4c4b40" }, "latest", { "tracer": "stylusTracer" }]);
        let traced = answer(&address, "debug_traceCall", trace);
        assert!(traced.to_string().len() < 300_000_000, "{body}");
    }

    // The same of bytecode: memory at its end, and a loop whose record of opcodes, with memory in each, would be long.
    for code in ["0x5f63fffffff052", "0x6203ffff515b60055600"] {
        ask(&address, "anvil_setCode", json!([PROGRAM, code]));
        let options = json!({ "enableMemory": true });
        answer(&address, "debug_traceCall", json!([{ "to": PROGRAM }, "latest", options]));
        call(&address);
    }
    assert!(ask(&address, "eth_blockNumber", json!([])).is_string());
    let (code, stderr) = node.stop("INT");
    assert_eq!((code, stderr.as_str()), (Some(0), ""));
}
