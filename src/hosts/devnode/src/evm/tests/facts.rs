//! Host functions that need nothing of the chain: facts, arithmetic, input and output.

use super::*;

#[test]
fn facts_that_are_written_cost_13_440_ink_and_are_right() {
    let names =
        ["block_basefee", "block_coinbase", "contract_address", "msg_sender", "msg_value", "tx_gas_price", "tx_origin"];
    let body: String = names.map(|name| format!("(call ${name} (i32.const 64))")).concat();
    let mut world = World::with(&fine(&body));
    let mut tx = world.tx(TxKind::Call(PROGRAM), vec![]);
    tx.value = U256::from(7);
    let run = world.run(tx);
    for name in names {
        assert_eq!(run.inks(name), [13_440], "{name}");
    }
    let outs = |name| run.step(name).outs.to_vec();
    assert_eq!(outs("block_basefee"), word(100_000_000));
    assert_eq!(outs("tx_gas_price"), word(100_000_000));
    assert_eq!(outs("block_coinbase"), BATCH_POSTER.to_vec());
    assert_eq!(outs("contract_address"), PROGRAM.to_vec());
    assert_eq!(outs("msg_sender"), SENDER.to_vec());
    assert_eq!(outs("tx_origin"), SENDER.to_vec());
    assert_eq!(outs("msg_value"), word(7));
}

#[test]
fn facts_that_are_returned_cost_8_400_ink_and_are_right() {
    let names = [
        "chainid",
        "block_gas_limit",
        "block_number",
        "block_timestamp",
        "evm_gas_left",
        "evm_ink_left",
        "msg_reentrant",
        "return_data_size",
        "tx_ink_price",
    ];
    let body: String = names.map(|name| format!("(drop (call ${name}))")).concat();
    let mut world = World::with(&fine(&body));
    world.block.l1_number = 77;
    world.block.l2_number = 99;
    let run = world.go(vec![]);
    for name in names {
        assert_eq!(run.inks(name), [8_400], "{name}");
    }
    let outs = |name| run.step(name).outs.to_vec();
    assert_eq!(outs("chainid"), 412_346u64.to_be_bytes());
    assert_eq!(outs("block_gas_limit"), (1u64 << 50).to_be_bytes());
    assert_eq!(outs("block_number"), 77u64.to_be_bytes());
    assert_eq!(outs("block_timestamp"), NOW_SECS.to_be_bytes());
    assert_eq!(outs("msg_reentrant"), 0u32.to_be_bytes());
    assert_eq!(outs("return_data_size"), 0u32.to_be_bytes());
    assert_eq!(outs("tx_ink_price"), 10_000u32.to_be_bytes());
    let ink = run.step("evm_ink_left");
    assert_eq!(ink.outs[..], ink.end_ink.to_be_bytes());
    let gas = run.step("evm_gas_left");
    assert_eq!(gas.outs[..], (gas.end_ink / GAS).to_be_bytes());
}

/// Runs one arithmetic function on words laid out from address 0 on.
fn math(name: &str, operands: &[U256]) -> (u64, U256) {
    let pointers: String = (0..operands.len()).map(|index| format!("(i32.const {})", 32 * index)).collect();
    let body = format!("(call $read_args (i32.const 0)) (call ${name} {pointers})");
    let mut world = World::with(&fine(&body));
    let data: Vec<u8> = operands.iter().flat_map(|word| word.to_be_bytes::<32>()).collect();
    let run = world.go(data.clone());
    let step = run.step(name);
    assert_eq!(step.args[..], *data);
    (run.inks(name)[0], U256::from_be_slice(&step.outs))
}

#[test]
fn division_and_remainder_cost_43_520_ink_and_give_zero_for_zero() {
    let [seven, two, zero] = [7, 2, 0].map(U256::from);
    assert_eq!(math("math_div", &[seven, two]), (43_520, U256::from(3)));
    assert_eq!(math("math_div", &[seven, zero]), (43_520, zero));
    assert_eq!(math("math_mod", &[seven, two]), (43_520, U256::from(1)));
    assert_eq!(math("math_mod", &[seven, zero]), (43_520, zero));
}

#[test]
fn modular_arithmetic_does_not_overflow() {
    let max = U256::MAX;
    let [ten, zero] = [10, 0].map(U256::from);
    // 2^256 − 1 = 5 mod 10
    assert_eq!(math("math_add_mod", &[max, max, ten]), (49_560, zero));
    assert_eq!(math("math_add_mod", &[max, ten, zero]), (49_560, zero));
    assert_eq!(math("math_mul_mod", &[max, max, ten]), (52_660, U256::from(5)));
    assert_eq!(math("math_mul_mod", &[max, ten, zero]), (52_660, zero));
}

#[test]
fn powers_are_priced_by_the_bytes_of_the_exponent() {
    let three = U256::from(3);
    let of_bytes = |bytes: usize| U256::from(1) << (8 * (bytes - 1));
    for (bytes, ink) in [(1, 61_520), (2, 79_020), (10, 219_020), (32, 604_020)] {
        let (spent, power) = math("math_pow", &[three, of_bytes(bytes)]);
        assert_eq!(spent, ink, "{bytes} bytes");
        assert_eq!(power, three.wrapping_pow(of_bytes(bytes)));
    }
    assert_eq!(math("math_pow", &[U256::ZERO, U256::ZERO]).1, U256::from(1));
}

#[test]
fn hashing_is_priced_by_words_beyond_the_second() {
    for (len, ink) in [(10, 121_800), (100, 163_800), (1_000, 751_800)] {
        let body = format!("(call $native_keccak256 (i32.const 0) (i32.const {len}) (i32.const 2000))");
        let run = World::with(&fine(&body)).go(vec![]);
        assert_eq!(run.inks("native_keccak256"), [ink], "{len} bytes");
        let digest = revm::primitives::keccak256(vec![0; len]);
        assert_eq!(run.step("native_keccak256").outs, digest.to_vec());
    }
}

#[test]
fn input_and_output_cost_what_they_should() {
    let body = "(call $read_args (i32.const 0)) (call $write_result (i32.const 0) (local.get $len))";
    let run = World::with(&fine(body)).go(vec![]);
    assert_eq!(run.inks("read_args"), [13_440]);
    assert_eq!(run.inks("write_result"), [41_162]);
    let run = World::with(&fine(body)).go(vec![5; 132]);
    assert_eq!(run.inks("read_args"), [13_440 + 30 * 100]);
    assert_eq!(run.inks("write_result"), [41_162 + 2 * 55 * 100]);
    assert_eq!(run.output(), [5; 132]);
}

#[test]
fn the_last_output_counts_and_an_early_exit_keeps_it() {
    let body = r"(i32.store8 (i32.const 9) (i32.const 7)) (i32.store8 (i32.const 19) (i32.const 8))
        (call $write_result (i32.const 9) (i32.const 1)) (call $write_result (i32.const 19) (i32.const 1))";
    assert_eq!(World::with(&fine(body)).go(vec![]).output(), [8]);
    let early = |status: u32| {
        let body = format!("{body} (call $exit_early (i32.const {status})) unreachable");
        World::with(&module(1, &body)).send(PROGRAM, vec![])
    };
    let run = early(0);
    assert!(run.result.is_success());
    assert_eq!(run.output(), [8]);
    assert_eq!(run.step("exit_early").args[..], 0u32.to_be_bytes());
    let run = early(3);
    assert!(matches!(run.result, ExecutionResult::Revert { .. }));
    assert_eq!(run.output(), [8]);
}

#[test]
fn the_trace_begins_and_ends_with_the_entry_and_serialises_as_the_tracer_gives_it() {
    let run = World::with(&fine("(drop (call $chainid))")).go(vec![1, 2, 3]);
    assert_eq!(run.names(), ["user_entrypoint", "chainid", "user_returned"]);
    let [entry, _, exit] = run.steps() else { panic!("three steps") };
    assert_eq!(entry.args[..], 3u32.to_be_bytes());
    assert_eq!((entry.start_ink, exit.start_ink), (entry.end_ink, exit.end_ink));
    assert_eq!(entry.start_ink, exit.start_ink);
    let json = serde_json::to_value(run.step("chainid")).unwrap();
    assert_eq!(
        json,
        serde_json::json!({
            "name": "chainid", "args": "0x", "outs": "0x0000000000064aba",
            "startInk": run.step("chainid").start_ink, "endInk": run.step("chainid").end_ink,
        })
    );
}

#[test]
fn memory_that_is_not_there_is_a_failure_but_its_very_end_is_not() {
    let at = |ptr: u32, len: u32| {
        World::with(&fine(&format!("(call $write_result (i32.const {ptr}) (i32.const {len}))"))).send(PROGRAM, vec![])
    };
    assert!(at(65_536, 0).result.is_success());
    assert!(at(65_535, 1).result.is_success());
    for run in [at(65_537, 0), at(65_535, 2), at(u32::MAX, 2)] {
        assert_eq!(run.end, Some(FrameEnd::Failure));
        assert!(run.output().is_empty());
    }
}

/// Everything a debug chain lets a program import beside the host functions of every chain.
const CONSOLE: &str = r#"
    (import "console" "log_txt" (func $log_txt (param i32 i32)))
    (import "console" "log_i32" (func $log_i32 (param i32)))
    (import "console" "log_i64" (func $log_i64 (param i64)))
    (import "console" "log_f32" (func $log_f32 (param f32)))
    (import "console" "log_f64" (func $log_f64 (param f64)))
    (import "console" "tee_i32" (func $tee_i32 (param i32) (result i32)))
    (import "console" "tee_i64" (func $tee_i64 (param i64) (result i64)))
    (import "console" "tee_f32" (func $tee_f32 (param f32) (result f32)))
    (import "console" "tee_f64" (func $tee_f64 (param f64) (result f64)))
    (import "debug" "null_host" (func $null_host))
    (import "debug" "start_benchmark" (func $start_benchmark))
    (import "debug" "end_benchmark" (func $end_benchmark))
    (import "vm_hooks" "write_result" (func $write_result (param i32 i32)))
    (import "vm_hooks" "evm_ink_left" (func $ink (result i64)))"#;

fn with_console(body: &str) -> String {
    format!(
        r#"(module {CONSOLE} (memory (export "memory") 1 1) (data (i32.const 0) "hello \ff")
        (func (export "user_entrypoint") (param i32) (result i32) (local f32) (local f64) {body} (i32.const 0)))"#
    )
}

#[test]
fn the_console_of_a_debug_chain_is_free_and_is_kept() {
    let body =
        "(call $log_txt (i32.const 0) (i32.const 7)) (call $log_i32 (i32.const -3)) (call $log_i64 (i64.const -4))
        (i32.store (i32.const 100) (call $tee_i32 (i32.const 0x01020304)))
        (i64.store (i32.const 104) (call $tee_i64 (i64.const -2)))
        (call $null_host) (call $start_benchmark) (call $end_benchmark)
        (call $log_f32 (local.get 1)) (call $log_f64 (local.get 2))
        (drop (call $tee_f32 (local.get 1))) (drop (call $tee_f64 (local.get 2)))
        (call $write_result (i32.const 100) (i32.const 12))";
    let run = World::with(&with_console(body)).go(vec![]);
    // A byte that is no text is shown as the mark for it; the locals are zeros.
    assert_eq!(run.console, ["hello \u{fffd}", "-3", "-4", "16909060", "-2", "0", "0", "0", "0"]);
    assert_eq!(run.output(), [&[4, 3, 2, 1][..], &[0xfe], &[0xff; 7]].concat());
    // None of them is a step of the trace, and none takes ink beyond the operators around it.
    assert_eq!(run.names(), ["user_entrypoint", "write_result", "user_returned"]);
    let between = |call: &str| {
        let run = World::with(&with_console(&format!("(drop (call $ink)) {call} (drop (call $ink))"))).go(vec![]);
        let inks: Vec<_> = run.steps().iter().filter(|step| step.name == "evm_ink_left").collect();
        inks[0].end_ink - inks[1].start_ink
    };
    // Each call ends a block: its header, and 3 800 for the opcode.
    let block = 2_450 + 3_800;
    let plain = between("");
    assert_eq!(between("(call $null_host)") - plain, block);
    assert_eq!(between("(call $log_i32 (i32.const 7))") - plain, block + 1);
    assert_eq!(between("(call $log_txt (i32.const 0) (i32.const 60000))") - plain, block + 2);
    assert_eq!(between("(drop (call $tee_i64 (i64.const 7)))") - plain, block + 1 + 9);
    // Text outside the memory ends the program as any other miss does.
    let run = World::with(&with_console("(call $log_txt (i32.const 65535) (i32.const 2))")).send(PROGRAM, vec![]);
    assert_eq!(run.end, Some(FrameEnd::Failure));
}
