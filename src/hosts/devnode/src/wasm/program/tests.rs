//! Whole activations against figures that are known from the chain.

use super::*;
use crate::wasm::price::{FIXED_ACTIVATION_GAS, cached_gas, init_gas};
use crate::wasm::testing::{End, Program, WRITE_ARGS, activate_text, wasm, with_body};

#[test]
fn write_args_has_the_figures_of_the_chain() {
    let module = wasm(WRITE_ARGS);
    assert_eq!(module.len(), 187);
    let activated = activate(&format::program_code(&module), &ActivationConfig::default()).unwrap();
    assert_eq!(activated.wasm, module);
    assert_eq!((activated.init_cost, activated.cached_cost), (34, 11));
    assert_eq!(activated.footprint_pages, 1);
    // 512 000 + 996 + 22 + 1 171
    assert_eq!(activated.asm_estimate_bytes, 514_189);
    assert_eq!(activated.instrumented_operators, 7 + 3 * 12 + 12 + 1 + 4);
    assert_eq!(activated.parse_gas, 64_624);
    assert_eq!(FIXED_ACTIVATION_GAS + activated.parse_gas, 1_812_450);
    assert_eq!(init_gas(activated.init_cost, 69, 50), 8_866);
    assert_eq!(cached_gas(activated.cached_cost, 11, 50), 363);
    assert!(!activated.has_start);
}

#[test]
fn write_args_spends_69_631_ink_on_empty_calldata() {
    let mut program = Program::from_text(WRITE_ARGS);
    assert_eq!(program.spend(1_000_000, 0), (End::Status(0), 69_631));
}

#[test]
fn write_args_returns_its_calldata() {
    let mut program = Program::from_text(WRITE_ARGS);
    program.store.data_mut().args = b"spill".to_vec();
    assert_eq!(program.spend(1_000_000, 5), (End::Status(0), 69_631));
    assert_eq!(program.store.data().result, b"spill");
}

#[test]
fn a_module_is_checked_in_the_order_of_the_errors() {
    let config = ActivationConfig::default();
    let error = |code: &[u8]| activate(code, &config).unwrap_err();
    assert_eq!(error(&[]), ActivationError::Format(FormatError::NoCode));
    let ActivationError::Parse(parse) = error(&format::program_code(b"\0asm\x02\0\0\0")) else {
        panic!("version 2 was parsed");
    };
    assert_eq!(parse.offset, 4);
    // Broken structure, an unknown import and too many locals at once: structure comes first.
    let both = r#"(module (import "vm_hooks" "unknown" (func)) (memory (export "memory") 1 1)
        (func (export "user_entrypoint") (param i32) (result i64) unreachable))"#;
    assert_eq!(activate_text(both), Err(ActivationError::Structure(StructureError::EntrypointType)));
}

#[test]
fn a_start_function_runs_as_an_export_on_debug_chains_only() {
    let text = r#"(module (memory (export "memory") 1 1)
        (func $begin (i32.store8 (i32.const 3) (i32.const 9)))
        (start $begin)
        (func (export "user_entrypoint") (param i32) (result i32) (i32.load8_u (i32.const 3))))"#;
    assert_eq!(activate_text(text), Err(ActivationError::Structure(StructureError::StartFunction)));
    let debug = ActivationConfig { debug: true, ..ActivationConfig::default() };
    let activated = activate_wasm(wasm(text), &debug).unwrap();
    assert!(activated.has_start);
    let mut program = Program::new(&activated.instrumented);
    assert!(program.export_names().contains(&instrument::START.to_owned()));
    program.set_stack(100);
    program.set_ink(1_000_000);
    assert_eq!(program.call(0), End::Status(0), "not run at instantiation");
    program.call_start();
    assert_eq!(program.call(0), End::Status(9));
}

#[test]
fn the_metered_module_exports_what_the_chain_uses_and_nothing_else() {
    let text = r#"(module (memory (export "memory") (export "heap") 1 1)
        (func (export "user_entrypoint") (param i32) (result i32) (i32.const 0))
        (global (export "mine") i32 (i32.const 1)))"#;
    let mut names = Program::from_text(text).export_names();
    names.sort();
    let expected = [
        "memory",
        "stylus_ink_left",
        "stylus_ink_status",
        "stylus_scratch_global",
        "stylus_stack_left",
        "user_entrypoint",
    ];
    assert_eq!(names, expected);
}

#[test]
fn a_program_that_was_given_no_ink_is_out_of_ink() {
    let activated = activate_text(&with_body("i32.const 0")).unwrap();
    let mut program = Program::new(&activated.instrumented);
    program.set_stack(100);
    assert_eq!(program.call(0), End::OutOfInk);
}

#[test]
fn segments_and_globals_count_into_the_figures() {
    let text = r#"(module (memory (export "memory") 2 2)
        (table 2 2 funcref) (elem (i32.const 0) func 0 0)
        (global i64 (i64.const 5)) (global (mut i32) (i32.const 0))
        (data (i32.const 16) "twelve bytes") (data "left unused")
        (func (export "user_entrypoint") (param i32) (result i32) (i32.const 0)))"#;
    let module = wasm(text);
    let parsed = Module::parse(&module, 51).unwrap();
    let shape = parsed.shape(0);
    assert_eq!(shape.globals, 6);
    // Flag, offset of three bytes, length; the passive one has a flag and a length.
    assert_eq!(shape.data_entry_bytes, (1 + 3 + 1 + 12) + (1 + 1 + 11));
    assert_eq!(shape.data_payload_bytes, 23);
    // Flag, offset of three bytes, count, two indexes.
    assert_eq!(shape.element_entry_bytes, 1 + 3 + 1 + 2);
    assert_eq!(shape.initial_pages, 2);
    assert_eq!((shape.local_functions, shape.signature_values), (1, 2));

    let mut program = Program::from_text(text);
    assert_eq!(program.spend(1_000_000, 0), (End::Status(0), 2_452));
    assert_eq!(&program.memory()[16..28], b"twelve bytes");
}
