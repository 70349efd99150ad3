//! What bulk operations, new pages and float operators cost when the program runs.

use super::{GROW, PLENTY};
use crate::wasm::module::Module;
use crate::wasm::program::{ActivationConfig, ActivationError};
use crate::wasm::testing::{End, Program, activate_text, wasm, with_body};
use crate::wasm::validate::{StructureError, structure};

const FILL: &str = "i32.const 8 i32.const 0xab local.get 0 memory.fill i32.const 8 i32.load8_u";
const COPY: &str = "i32.const 0 i32.const 77 i32.store8
    i32.const 100 i32.const 0 local.get 0 memory.copy i32.const 100 i32.load8_u";

#[test]
fn bulk_operations_are_charged_by_the_byte() {
    let fixed = 2_450 + 3 + 950 + 670 + 1;
    for bytes in [0, 1, 32, 1_000, 65_528] {
        let mut program = Program::from_text(&with_body(FILL));
        let (end, ink) = program.spend(PLENTY, bytes);
        assert_eq!(end, End::Status(if bytes == 0 { 0 } else { 0xab }));
        assert_eq!(ink, fixed + 75 + 100 * bytes as u64, "fill of {bytes}");
        assert!(program.memory()[8..8 + bytes as usize].iter().all(|byte| *byte == 0xab));
    }
    for bytes in [1, 100] {
        let mut program = Program::from_text(&with_body(COPY));
        let (end, ink) = program.spend(PLENTY, bytes);
        assert_eq!(end, End::Status(77));
        assert_eq!(ink, fixed + 2 + 825 + 75 + 100 * bytes as u64, "copy of {bytes}");
    }
}

#[test]
fn a_bulk_operation_that_cannot_be_paid_does_not_run() {
    let block = 2_450 + 3 + 950 + 670 + 1 + 75;
    let mut program = Program::from_text(&with_body(FILL));
    program.set_ink(block + 999);
    assert_eq!(program.call(10), End::OutOfInk);
    assert_eq!(program.memory()[8], 0);
    program.set_ink(block + 1_000);
    assert_eq!(program.call(10), End::Status(0xab));
    assert_eq!(program.ink_left(), 0);
    // The largest length: 2^32 − 1 bytes at 100 ink.
    program.set_ink(block + 100 * u64::from(u32::MAX) - 1);
    assert_eq!(program.call(-1), End::OutOfInk);
}

#[test]
fn a_bulk_operation_out_of_bounds_is_charged_and_traps() {
    // The second length is the largest; it has no sign.
    for length in [65_537, -1_i32] {
        for body in [FILL, COPY] {
            let mut program = Program::from_text(&with_body(body));
            let (end, ink) = program.spend(PLENTY, length);
            assert!(matches!(end, End::Trap(_)), "{end:?}");
            let charge = 100 * u64::from(length.cast_unsigned());
            assert!((charge..charge + 10_000).contains(&ink), "{ink} for {length}");
        }
    }
}

/// Grows by the argument until there are 128 pages.
const GROW_TO_128: &str = r#"(module
    (import "vm_hooks" "pay_for_memory_grow" (func (param i32)))
    (memory (export "memory") 0)
    (func (export "user_entrypoint") (param $step i32) (result i32)
        (local $left i32)
        (loop $again
            (local.set $left (i32.sub (i32.const 128) (memory.size)))
            (if (i32.gt_u (local.get $step) (local.get $left))
                (then (local.set $step (local.get $left))))
            (drop (memory.grow (local.get $step)))
            (br_if $again (i32.lt_u (memory.size) (i32.const 128))))
        memory.size))"#;

#[test]
fn growing_to_128_pages_costs_the_same_in_steps_of_any_size() {
    for step in 1..=128 {
        let mut program = Program::from_text(GROW_TO_128);
        program.set_ink(PLENTY);
        assert_eq!(program.call(step), End::Status(128), "steps of {step}");
        assert_eq!(program.store.data().page_gas, 31_999_998, "steps of {step}");
        assert_eq!(program.store.data().open_pages, 128);
    }
}

#[test]
fn growing_beyond_128_pages_is_out_of_ink() {
    for pages in [128, 1_000, 65_535] {
        let mut program = Program::from_text(&GROW.replace("MEMORY", "1"));
        program.store.data_mut().open_pages = 1;
        program.set_ink(u64::MAX - 1);
        assert_eq!(program.call(pages), End::OutOfInk, "{pages} pages");
    }
}

#[test]
fn pages_are_paid_for_even_when_the_memory_cannot_grow_that_far() {
    let mut program = Program::from_text(&GROW.replace("MEMORY", "1 3"));
    let (end, ink) = program.spend(PLENTY, 4);
    assert_eq!(end, End::Status(-1));
    // Four pages from none: two beyond the free ones; the ramp does not rise below six.
    assert_eq!(ink, 2_450 + 75 + 8_050 + 1 + 2_000 * 10_000);
    assert_eq!(program.store.data().open_pages, 4);
}

#[test]
fn a_memory_of_fixed_size_grows_by_nothing_and_pays_nothing() {
    let pays_nothing = GROW.replace("MEMORY", "2 2");
    for text in [with_body("local.get 0 memory.grow"), pays_nothing] {
        let mut program = Program::from_text(&text);
        let (end, ink) = program.spend(PLENTY, 1);
        assert_eq!((end, ink), (End::Status(-1), 2_450 + 75 + 8_050 + 1));
        assert_eq!(program.store.data().page_gas, 0);
    }
}

#[test]
fn a_program_may_pay_for_pages_itself_but_not_for_65_535() {
    let text = r#"(module
        (import "vm_hooks" "pay_for_memory_grow" (func $pay (param i32)))
        (memory (export "memory") 0)
        (func (export "user_entrypoint") (param i32) (result i32)
            (call $pay (i32.const 0)) (call $pay (local.get 0)) i32.const 0))"#;
    let mut program = Program::from_text(text);
    let (end, ink) = program.spend(PLENTY, 0);
    assert_eq!(end, End::Status(0));
    assert_eq!(ink, (2_450 + 1 + 3_800) + (2_450 + 75 + 3_800) + 2_452 + 2 * 8_400);
    assert_eq!(program.spend(u64::from(u32::MAX) * 10_000, -1).0, End::OutOfInk);
}

#[test]
fn without_pages_left_a_program_with_memory_is_refused() {
    let config = ActivationConfig { page_limit: 0, ..ActivationConfig::default() };
    let wasm = wasm(&GROW.replace("MEMORY", "1"));
    let module = Module::parse(&wasm, 51).unwrap();
    assert_eq!(structure(&module, &config), Err(StructureError::MemoryTooLarge { pages: 1, limit: 0 }));
}

#[test]
fn moving_float_bits_is_accepted_but_no_one_can_pay_for_it() {
    for body in [
        "f32.const 1 drop i32.const 0",
        "f64.const 1 drop i32.const 0",
        "i32.const 0 f32.load drop i32.const 0",
        "i32.const 0 f64.load drop i32.const 0",
        "i32.const 0 i32.const 0 f32.load f32.store i32.const 0",
        "i32.const 0 i32.const 0 f64.load f64.store i32.const 0",
        "i32.const 0 f32.reinterpret_i32 i32.reinterpret_f32",
        "i64.const 0 f64.reinterpret_i64 i64.reinterpret_f64 drop i32.const 0",
    ] {
        let mut program = Program::from_text(&with_body(body));
        assert_eq!(program.spend(u64::MAX - 1, 0).0, End::OutOfInk, "{body}");
    }
    // Only the block that holds the operator cannot be paid.
    let aside = "local.get 0 if f32.const 1 drop end i32.const 7";
    let mut program = Program::from_text(&with_body(aside));
    assert_eq!(program.spend(PLENTY, 0).0, End::Status(7));
    assert_eq!(program.spend(PLENTY, 1).0, End::OutOfInk);
}

#[test]
fn computing_with_floats_is_refused() {
    let error = activate_text(&with_body("f32.const 1 f32.const 2 f32.add drop i32.const 0"));
    assert_eq!(
        error,
        Err(ActivationError::Structure(StructureError::UnsupportedOperator {
            function: 0,
            operator: "F32Add".to_owned(),
        }))
    );
}

#[test]
fn a_long_metered_loop_stays_within_the_native_stack() {
    let body = "(local $left i32)
        i32.const 200000 local.set $left
        loop $again
            local.get $left i32.const 1 i32.sub local.tee $left br_if $again
        end
        i32.const 0";
    let mut program = Program::from_text(&with_body(body));
    let (end, ink) = program.spend(PLENTY, 0);
    assert_eq!(end, End::Status(0));
    let (before, iteration, after) = (2_450 + 1 + 210 + 1, 2_450 + 75 + 1 + 70 + 75 + 765, 2 * 2_450 + 1 + 2);
    assert_eq!(ink, before + 200_000 * iteration + after);
}
