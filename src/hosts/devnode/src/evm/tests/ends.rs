//! The five ways a program ends.

use super::*;

/// Runs a module body and gives what came of it, with the gas limit.
fn end(body: &str) -> (Executed, u64) {
    let mut world = World::with(&module(1, body));
    let mut tx = world.tx(TxKind::Call(PROGRAM), vec![]);
    tx.gas_limit = 500_000;
    (world.run(tx), 500_000)
}

const OUTPUT: &str = "(i32.store8 (i32.const 0) (i32.const 5)) (call $write_result (i32.const 0) (i32.const 1))";

#[test]
fn status_zero_is_success_and_another_a_revert_and_both_return_the_output() {
    let (run, _) = end(&format!("{OUTPUT} (i32.const 0)"));
    assert!(run.result.is_success());
    assert_eq!((run.output(), &run.end), (&[5][..], &None));
    let success_gas = run.gas_used;
    for status in [1, 2, -1] {
        let (run, _) = end(&format!("{OUTPUT} (i32.const {status})"));
        assert!(matches!(run.result, ExecutionResult::Revert { .. }));
        assert_eq!((run.output(), run.gas_used), (&[5][..], success_gas));
        assert_eq!(run.steps().last().unwrap().outs.to_vec(), (status as u32).to_be_bytes());
    }
}

#[test]
fn a_trap_is_a_failure_which_keeps_its_gas_and_returns_nothing() {
    let traps = [
        "unreachable",
        "(drop (i32.div_u (i32.const 1) (i32.const 0))) (i32.const 0)",
        "(drop (i32.load (i32.const 65533))) (i32.const 0)",
        "(memory.fill (i32.const 65536) (i32.const 0) (i32.const 1)) (i32.const 0)",
        "(call $read_args (i32.const 65537)) (i32.const 0)",
        "(drop (i32.div_s (i32.const 0x80000000) (i32.const -1))) (i32.const 0)",
        "(drop (i64.div_s (i64.const 0x8000000000000000) (i64.const -1))) (i32.const 0)",
        "(drop (i64.rem_u (i64.const 1) (i64.const 0))) (i32.const 0)",
    ];
    for trap in traps {
        let (run, limit) = end(&format!("{OUTPUT} {trap}"));
        assert!(matches!(run.result, ExecutionResult::Revert { .. }), "{trap}");
        assert_eq!((run.output(), &run.end), (&[][..], &Some(FrameEnd::Failure)), "{trap}");
        assert!(run.gas_used < limit / 10, "{trap}: {}", run.gas_used);
    }
}

#[test]
fn an_indirect_call_that_goes_wrong_is_a_failure() {
    // Entry 0 is right, 1 has another type, 2 is empty, 3 is beyond the table.
    let text = |entry: u32| {
        format!(
            r#"(module (memory (export "memory") 1 1) (table 3 3 funcref)
            (type $plain (func (result i32)))
            (func $right (result i32) (i32.const 0))
            (func $wrong (param i32) (result i32) (i32.const 0))
            (elem (i32.const 0) $right $wrong)
            (func (export "user_entrypoint") (param i32) (result i32)
                (call_indirect (type $plain) (i32.const {entry}))))"#
        )
    };
    assert!(World::with(&text(0)).send(PROGRAM, vec![]).result.is_success());
    for entry in [1, 2, 3, u32::MAX] {
        let run = World::with(&text(entry)).send(PROGRAM, vec![]);
        assert!(matches!(run.result, ExecutionResult::Revert { .. }), "{entry}");
        assert_eq!((run.output(), &run.end), (&[][..], &Some(FrameEnd::Failure)), "{entry}");
        assert!(run.gas_used < 100_000, "{entry}: {}", run.gas_used);
    }
}

#[test]
fn a_failure_keeps_exactly_the_gas_that_was_not_spent() {
    let spent = |body: &str| {
        let mut world = World::new();
        let hash = world.put_program(PROGRAM, &module(1, body));
        let record = world.record(hash);
        let start = crate::wasm::price::init_gas(record.init_cost, 69, 50)
            + crate::wasm::price::cached_gas(record.cached_cost, 11, 50);
        world.send(PROGRAM, vec![]).gas_used - INTRINSIC_GAS - start
    };
    // Eight times 6 010 ink before the trap, the header, and 1 each for the trap and the end.
    let work = "(drop (i64.popcnt (i64.const 1)))".repeat(8);
    let ink = 2_450 + 8 * (1 + 6_000 + 9) + 1 + 1;
    assert_eq!(spent(&format!("{work} unreachable")), u64::div_ceil(ink, GAS));
    // The ink of a failure is the ink of a success that does the same.
    assert_eq!(spent(&format!("{work} unreachable")), spent(&format!("{work} i32.const 0")));
}

#[test]
fn without_ink_the_gas_is_gone() {
    let (run, limit) = end(&format!("{OUTPUT} (loop $forever (br $forever)) (i32.const 0)"));
    assert!(run.is_halt());
    assert_eq!((run.end, run.gas_used), (Some(FrameEnd::OutOfInk), limit));
    // A bulk operation whose price wraps the counter is no different.
    let (run, limit) = end("(memory.fill (i32.const 0) (i32.const 0) (i32.const -1)) (i32.const 0)");
    assert_eq!((run.end, run.gas_used), (Some(FrameEnd::OutOfInk), limit));
    // Nor is a float, whose price nobody can pay.
    let (run, limit) = end("(f32.store (i32.const 0) (f32.const 1)) (i32.const 0)");
    assert_eq!((run.end, run.gas_used), (Some(FrameEnd::OutOfInk), limit));
}

#[test]
fn without_stack_the_gas_is_gone() {
    let text = r#"(module (memory (export "memory") 1 1)
        (func $deeper (param i32) (result i32) (call $deeper (local.get 0)))
        (func (export "user_entrypoint") (param i32) (result i32) (call $deeper (i32.const 0))))"#;
    let mut world = World::with(text);
    let run = world.send(PROGRAM, vec![]);
    assert!(run.is_halt());
    assert_eq!((run.end, run.gas_used), (Some(FrameEnd::OutOfStack), 32_000_000));
}

#[test]
fn the_stack_of_the_parameters_is_what_a_program_gets() {
    // Frames of 7 words: two for the meter, one for the call's result, four of their own.
    let text = r#"(module (memory (export "memory") 1 1)
        (func $down (param i32) (if (local.get 0) (then (call $down (i32.sub (local.get 0) (i32.const 1))))))
        (func (export "user_entrypoint") (param i32) (result i32) (call $down (i32.const 3000)) (i32.const 0)))"#;
    let mut world = World::with(text);
    assert!(world.send(PROGRAM, vec![]).result.is_success());
    world.set_params(&StylusParams { max_stack_depth: 2_000, ..StylusParams::default() });
    assert_eq!(world.send(PROGRAM, vec![]).end, Some(FrameEnd::OutOfStack));
}

#[test]
fn a_start_function_runs_first_on_a_debug_chain() {
    let text = r#"(module
        (import "vm_hooks" "write_result" (func $out (param i32 i32)))
        (import "vm_hooks" "chainid" (func $id (result i64)))
        (memory (export "memory") 1 1)
        (func $begin (i64.store (i32.const 0) (call $id)))
        (start $begin)
        (func (export "user_entrypoint") (param i32) (result i32) (call $out (i32.const 0) (i32.const 8)) (i32.const 0)))"#;
    assert_eq!(World::with(text).go(vec![]).output(), 412_346u64.to_le_bytes());
}

#[test]
fn a_revert_returns_its_output_and_keeps_the_rest_of_the_gas() {
    let (run, limit) = end(&format!("{OUTPUT} (i32.const 7)"));
    assert!(matches!(run.result, ExecutionResult::Revert { .. }));
    assert_eq!((run.output(), &run.end), (&[5][..], &None));
    assert!(run.gas_used < limit / 10, "{}", run.gas_used);
}

#[test]
fn a_program_out_of_both_counters_is_out_of_stack() {
    // Each round of the recursion spends ink as well; with an ink budget that ends in the last frame the stack decides.
    let text = r#"(module (memory (export "memory") 1 1)
        (func $deeper (param i32) (result i32) (call $deeper (local.get 0)))
        (func (export "user_entrypoint") (param i32) (result i32) (call $deeper (i32.const 0))))"#;
    let mut world = World::with(text);
    let mut ends = Vec::new();
    for gas in (30_300..36_000).step_by(100) {
        let mut tx = world.tx(TxKind::Call(PROGRAM), vec![]);
        tx.gas_limit = gas;
        let run = world.execute(tx, Mode::Call).unwrap();
        assert_eq!(run.gas_used, gas);
        ends.push(run.end.unwrap());
    }
    // Less gas ends by ink and more by stack; there is one border and nothing else.
    let border = ends.iter().position(|end| *end == FrameEnd::OutOfStack).unwrap();
    assert!(border > 0);
    assert!(ends[..border].iter().all(|end| *end == FrameEnd::OutOfInk));
    assert!(ends[border..].iter().all(|end| *end == FrameEnd::OutOfStack));
}

#[test]
fn before_arbos_31_returned_data_has_no_floor() {
    let body = "(call $write_result (i32.const 0) (i32.const 524288)) (i32.const 0)";
    let gas = |version: u64| {
        let mut world = World::with(&module(8, body));
        world.chain.arbos_version = version;
        world.go(vec![]).gas_used
    };
    let words = 524_288u64 / 32;
    assert_eq!(gas(31), INTRINSIC_GAS + 3 * words + words * words / 512);
    assert!(gas(30) < gas(31));
}
