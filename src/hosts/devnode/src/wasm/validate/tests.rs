//! Modules that break one rule each, and modules that just do not.

mod limits;
mod operators;

use super::*;
use crate::wasm::hooks::{CHAIN_HOOKS, DEBUG_HOOKS, Hook};
use crate::wasm::program::{ActivationConfig, ActivationError, activate_wasm};
use crate::wasm::testing::{activate_text, wasm};

const MEMORY: &str = r#"(memory (export "memory") 1 1)"#;
const ENTRY: &str = r#"(func (export "user_entrypoint") (param i32) (result i32) i32.const 0)"#;

/// A module that is fine but for what `parts` adds; imports have to come first.
fn with(parts: &str) -> String {
    format!("(module {parts} {MEMORY} {ENTRY})")
}

fn structure_error(text: &str) -> StructureError {
    match activate_text(text) {
        Err(ActivationError::Structure(error)) => error,
        other => panic!("{other:?}\n{text}"),
    }
}

fn import_error(text: &str) -> ImportError {
    match activate_text(text) {
        Err(ActivationError::Import(error)) => error,
        other => panic!("{other:?}\n{text}"),
    }
}

fn assert_unparsable(text: &str, needle: &str) {
    match activate_text(text) {
        Err(ActivationError::Parse(error)) => {
            assert!(error.message.contains(needle), "{error} lacks {needle:?}\n{text}");
        }
        other => panic!("{other:?}\n{text}"),
    }
}

fn assert_accepted(text: &str) {
    if let Err(error) = activate_text(text) {
        panic!("{error}\n{text}");
    }
}

#[test]
fn a_module_with_a_memory_and_an_entry_point_is_accepted() {
    assert_accepted(&with(""));
}

// Names.

#[test]
fn names_of_the_chain_cannot_be_exported() {
    for (parts, name) in [
        (r#"(global (export "stylus_ink_left") (mut i64) (i64.const -1))"#, "stylus_ink_left"),
        (r#"(func (export "stylus_anything_at_all"))"#, "stylus_anything_at_all"),
        (r#"(func (export "stylus"))"#, "stylus"),
    ] {
        let name = name.to_owned();
        assert_eq!(structure_error(&with(parts)), StructureError::ReservedName { name });
    }
    assert_accepted(&with(r#"(func (export "my_stylus_pen"))"#));
}

#[test]
fn names_of_the_chain_cannot_be_imported() {
    let text = with(r#"(import "vm_hooks" "stylus_ink_left" (func))"#);
    let name = "stylus_ink_left".to_owned();
    assert_eq!(structure_error(&text), StructureError::ReservedName { name });
}

#[test]
fn an_export_cannot_be_taken_for_an_import() {
    let import = r#"(import "vm_hooks" "read_args" (func (param i32)))"#;
    for export in ["read_args", "vm_hooks__read_args", "a__b__read_args"] {
        let text = with(&format!(r#"{import} (func (export "{export}"))"#));
        assert_eq!(
            structure_error(&text),
            StructureError::ExportClash { export: export.to_owned(), import: "read_args".to_owned() }
        );
    }
    for export in ["my_read_args", "read_args__x", "vm_hooks_read_args"] {
        assert_accepted(&with(&format!(r#"{import} (func (export "{export}"))"#)));
    }
    assert_accepted(&with(r#"(func (export "read_args"))"#));
}

// Imports.

#[test]
fn only_functions_are_imported() {
    for import in [r#"(import "vm_hooks" "thing" (global i32))"#, r#"(import "vm_hooks" "thing" (table 1 1 funcref))"#]
    {
        assert_eq!(
            structure_error(&with(import)),
            StructureError::ImportNotAFunction { module: "vm_hooks".to_owned(), name: "thing".to_owned() }
        );
    }
    let memory = format!(r#"(module (import "env" "memory" (memory 1 1)) {ENTRY})"#);
    assert_eq!(
        structure_error(&memory),
        StructureError::ImportNotAFunction { module: "env".to_owned(), name: "memory".to_owned() }
    );
}

#[test]
fn an_import_may_be_repeated_with_the_same_type_only() {
    let import = r#"(import "vm_hooks" "read_args" (func (type 0)))"#;
    assert_accepted(&with(&format!("(type (func (param i32))) {import} {import}")));
    let other = import.replace("type 0", "type 1");
    let text = with(&format!("(type (func (param i32))) (type (func)) {import} {other}"));
    assert_eq!(
        structure_error(&text),
        StructureError::ImportTypesDiffer { module: "vm_hooks".to_owned(), name: "read_args".to_owned() }
    );
}

#[test]
fn an_unknown_import_is_refused_by_name() {
    for (module, name) in [("vm_hooks", "read_arguments"), ("env", "read_args"), ("console", "log_i32")] {
        let text = with(&format!(r#"(import "{module}" "{name}" (func (param i32)))"#));
        let error = import_error(&text);
        assert_eq!(error, ImportError::Unknown { module: module.to_owned(), name: name.to_owned() });
        assert!(error.to_string().starts_with("No such import"), "{error}");
    }
}

#[test]
fn an_import_of_another_type_is_refused() {
    let error = import_error(&with(r#"(import "vm_hooks" "msg_reentrant" (func (param i64)))"#));
    assert_eq!(
        error,
        ImportError::Signature {
            module: "vm_hooks".to_owned(),
            name: "msg_reentrant".to_owned(),
            wants: "(i64) -> ()".to_owned(),
            has: "() -> (i32)".to_owned(),
        }
    );
    assert!(error.to_string().contains("different function signature"), "{error}");
}

fn import_text(hook: &Hook, extra_parameter: bool) -> String {
    let list = |types: &[wasmparser::ValType]| types.iter().map(ToString::to_string).collect::<Vec<_>>().join(" ");
    let extra = if extra_parameter { "i32" } else { "" };
    format!(
        r#"(import "{}" "{}" (func (param {} {extra}) (result {})))"#,
        hook.module,
        hook.name,
        list(hook.parameters),
        list(hook.results)
    )
}

#[test]
fn every_function_of_the_chain_can_be_imported_with_its_type_only() {
    let mut all = String::new();
    for hook in &CHAIN_HOOKS {
        all += &import_text(hook, false);
        let error = import_error(&with(&import_text(hook, true)));
        assert!(matches!(error, ImportError::Signature { .. }), "{error}");
    }
    assert_accepted(&with(&all));
}

#[test]
fn the_console_can_be_imported_on_debug_chains_only() {
    let debug = ActivationConfig { debug: true, ..ActivationConfig::default() };
    for hook in &DEBUG_HOOKS {
        let text = with(&import_text(hook, false));
        assert_eq!(
            import_error(&text),
            ImportError::Unknown { module: hook.module.to_owned(), name: hook.name.to_owned() }
        );
        activate_wasm(wasm(&text), &debug).unwrap();
    }
}

// Entry point, start, memory.

#[test]
fn the_entry_point_is_a_function_of_the_module_from_i32_to_i32() {
    let none = format!("(module {MEMORY} (func))");
    assert_eq!(structure_error(&none), StructureError::NoEntrypoint);
    for entry in [
        r#"(func (export "user_entrypoint"))"#,
        r#"(func (export "user_entrypoint") (param i32))"#,
        r#"(func (export "user_entrypoint") (param i64) (result i32) i32.const 0)"#,
        r#"(func (export "user_entrypoint") (param i32) (result i64) i64.const 0)"#,
        r#"(func (export "user_entrypoint") (param i32 i32) (result i32) i32.const 0)"#,
        r#"(func (export "user_entrypoint") (param i32) (result i32 i32) i32.const 0 i32.const 0)"#,
        r#"(func) (global (export "user_entrypoint") i32 (i32.const 0))"#,
    ] {
        let text = format!("(module {MEMORY} {entry})");
        assert_eq!(structure_error(&text), StructureError::EntrypointType, "{entry}");
    }
    let imported = format!(
        r#"(module
            (import "vm_hooks" "account_code_size" (func $size (param i32) (result i32)))
            {MEMORY} (func) (export "user_entrypoint" (func $size)))"#
    );
    assert_eq!(structure_error(&imported), StructureError::EntrypointType);
}

#[test]
fn a_module_without_a_function_is_refused() {
    assert_eq!(structure_error(&format!("(module {MEMORY})")), StructureError::NoFunction);
}

#[test]
fn a_start_function_is_refused() {
    let text = with("(func $begin) (start $begin)");
    let error = structure_error(&text);
    assert_eq!(error, StructureError::StartFunction);
    assert_eq!(error.to_string(), "start functions not allowed");
}

#[test]
fn there_is_exactly_one_memory_under_its_name() {
    let none = format!("(module {ENTRY})");
    assert_eq!(structure_error(&none), StructureError::MemoryCount { memories: 0 });
    let two = format!("(module {MEMORY} (memory 1 1) {ENTRY})");
    assert_unparsable(&two, "multiple memories");
    for memory in ["(memory 1 1)", r#"(memory (export "heap") 1 1)"#] {
        let text = format!("(module {memory} {ENTRY})");
        assert_eq!(structure_error(&text), StructureError::MemoryNotExported);
    }
    let other = format!(r#"(module (memory 1 1) (global (export "memory") i32 (i32.const 0)) {ENTRY})"#);
    assert_eq!(structure_error(&other), StructureError::MemoryNotExported);
}

fn with_memory(limits: &str, import: bool) -> String {
    let pay = r#"(import "vm_hooks" "pay_for_memory_grow" (func (param i32)))"#;
    let import = if import { pay } else { "" };
    format!(r#"(module {import} (memory (export "memory") {limits}) {ENTRY})"#)
}

#[test]
fn a_memory_that_can_grow_needs_the_paying_import() {
    for limits in ["0", "1", "1 2", "0 65536"] {
        let error = structure_error(&with_memory(limits, false));
        assert_eq!(error, StructureError::MissingPayForMemoryGrow, "{limits}");
        assert_eq!(error.to_string(), "missing import pay_for_memory_grow");
        assert_accepted(&with_memory(limits, true));
    }
    for limits in ["0 0", "1 1", "128 128"] {
        assert_accepted(&with_memory(limits, false));
        assert_accepted(&with_memory(limits, true));
    }
}

#[test]
fn a_memory_starts_with_no_more_pages_than_are_left() {
    assert_eq!(
        structure_error(&with_memory("129 129", false)),
        StructureError::MemoryTooLarge { pages: 129, limit: 128 }
    );
    let config = ActivationConfig { page_limit: 5, ..ActivationConfig::default() };
    activate_wasm(wasm(&with_memory("5 5", false)), &config).unwrap();
    assert_eq!(
        activate_wasm(wasm(&with_memory("6 6", false)), &config),
        Err(StructureError::MemoryTooLarge { pages: 6, limit: 5 }.into())
    );
    let beyond = ActivationConfig { page_limit: 500, ..ActivationConfig::default() };
    assert_eq!(
        activate_wasm(wasm(&with_memory("129 129", false)), &beyond),
        Err(StructureError::MemoryTooLarge { pages: 129, limit: 128 }.into())
    );
}

// Segments, tables, globals.

#[test]
fn an_active_data_segment_lies_within_the_memory() {
    assert_accepted(&with(r#"(data (i32.const 65533) "abc")"#));
    assert_accepted(&with(r#"(data (i32.const 65536) "")"#));
    assert_eq!(
        structure_error(&with(r#"(data (i32.const 0) "") (data (i32.const 65534) "abc")"#)),
        StructureError::SegmentOutOfBounds { kind: "data", segment: 1, end: 65_537, limit: 65_536 }
    );
    assert_eq!(
        structure_error(&with(r#"(data (i32.const -1) "abc")"#)),
        StructureError::SegmentOutOfBounds { kind: "data", segment: 0, end: 4_294_967_298, limit: 65_536 }
    );
}

#[test]
fn an_active_element_segment_lies_within_the_table() {
    assert_accepted(&with("(table 2 2 funcref) (elem (i32.const 0) func 0 0)"));
    assert_eq!(
        structure_error(&with("(table 2 2 funcref) (elem (i32.const 1) func 0 0)")),
        StructureError::SegmentOutOfBounds { kind: "element", segment: 0, end: 3, limit: 2 }
    );
}

#[test]
fn passive_segments_are_dropped() {
    assert_accepted(&with(r#"(data "passive and as long as it likes")"#));
    assert_accepted(&with("(table 1 1 funcref) (elem func 0 0 0)"));
}

#[test]
fn tables_hold_functions_and_there_is_at_most_one() {
    assert_unparsable(&with("(table 1 1 externref)"), "reference types");
    assert_unparsable(&with("(table 1 1 funcref) (table 1 1 funcref)"), "multiple tables");
}

#[test]
fn globals_and_offsets_begin_with_one_constant() {
    assert_accepted(&with(
        "(global i32 (i32.const 1)) (global i64 (i64.const 1)) (global (mut f32) (f32.const 1))
         (global f64 (f64.const 1))",
    ));
    assert_unparsable(&with("(global i32 (i32.const 1)) (global i32 (global.get 0))"), "constant expression required");
    assert_unparsable(&with("(global i32 (i32.add (i32.const 1) (i32.const 2)))"), "constant expression required");
    assert_unparsable(&with("(global v128 (v128.const i64x2 0 0))"), "SIMD");
    assert_unparsable(&with("(global funcref (ref.null func))"), "reference types");
    assert_unparsable(
        &with(r#"(global i32 (i32.const 1)) (data (offset (global.get 0)) "x")"#),
        "constant expression required",
    );
}
