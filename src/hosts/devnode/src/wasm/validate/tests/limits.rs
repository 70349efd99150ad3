//! Each numeric limit: what lies on it is accepted, one more is refused.

use super::{ENTRY, MEMORY, with};
use crate::wasm::price::ProgramShape;
use crate::wasm::program::{ActivationConfig, ActivationError, activate_wasm};
use crate::wasm::testing::{wasm, with_body};
use crate::wasm::validate::{LimitError, Quantity, figures};

/// Activates with room for any length, so that only the limit in question can refuse.
fn limit_error(text: &str) -> Option<LimitError> {
    let config = ActivationConfig { max_wasm_size: usize::MAX, ..ActivationConfig::default() };
    match activate_wasm(wasm(text), &config) {
        Ok(_) => None,
        Err(ActivationError::Limit(error)) => Some(error),
        Err(other) => panic!("{other}"),
    }
}

/// `make(limit)` is accepted and `make(limit + 1)` is refused for that quantity.
fn assert_limit(limit: u64, quantity: Quantity, make: impl Fn(usize) -> String) {
    assert_eq!(limit_error(&make(limit as usize)), None, "{quantity} at the limit");
    let error = limit_error(&make(limit as usize + 1));
    assert_eq!(error, Some(LimitError { quantity, have: limit + 1, limit }));
}

#[test]
fn at_most_513_imports() {
    let import = r#"(import "vm_hooks" "read_args" (func (param i32)))"#;
    assert_limit(513, Quantity::Imports, |count| with(&import.repeat(count)));
    let old = ActivationConfig { arbos_version: 31, ..ActivationConfig::default() };
    activate_wasm(wasm(&with(&import.repeat(514))), &old).unwrap();
}

#[test]
fn at_most_128_segments_of_each_kind_used_or_not() {
    assert_limit(128, Quantity::DataSegments, |count| with(&r#"(data (i32.const 0) "x")"#.repeat(count)));
    assert_limit(128, Quantity::DataSegments, |count| with(&r#"(data "x")"#.repeat(count)));
    assert_limit(128, Quantity::ElementSegments, |count| {
        with(&format!("(table 1 1 funcref) {}", "(elem (i32.const 0) func)".repeat(count)))
    });
}

#[test]
fn at_most_1_024_exports() {
    assert_limit(1_024, Quantity::Exports, |count| {
        // Two are those every program has.
        let own: String = (2..count).map(|index| format!(r#"(export "e{index}" (memory 0))"#)).collect();
        with(&own)
    });
}

#[test]
fn at_most_4_096_functions() {
    assert_limit(4_096, Quantity::Functions, |count| with(&"(func)".repeat(count - 1)));
}

#[test]
fn at_most_32_768_globals_with_the_four_injected() {
    assert_limit(32_768, Quantity::Globals, |count| with(&"(global i32 (i32.const 0))".repeat(count - 4)));
}

#[test]
fn at_most_4_096_table_entries() {
    assert_limit(4_096, Quantity::TableEntries, |count| with(&format!("(table {count} funcref)")));
}

#[test]
fn at_most_4_096_bytes_of_elements() {
    // Flag, offset of two bytes and `end`, count in two bytes, one byte for each function.
    assert_limit(4_096, Quantity::ElementBytes, |bytes| {
        let functions = "0 ".repeat(bytes - 6);
        with(&format!("(table 4096 funcref) (elem (i32.const 0) func {functions})"))
    });
}

#[test]
fn at_most_512_bytes_of_a_name() {
    let export = |length| "x".repeat(length);
    let with_export = |length| with(&format!(r#"(func (export "{}"))"#, export(length)));
    assert_limit(512, Quantity::ExportName { name: export(513) }, with_export);
    assert_limit(512, Quantity::ModuleName, |length| format!("(module ${} {MEMORY} {ENTRY})", "m".repeat(length)));
}

#[test]
fn at_most_348_declared_locals_besides_the_parameters() {
    let make = |count: usize| with(&format!("(func (param i64 i64) (local i32) (local {}))", "i64 ".repeat(count - 1)));
    assert_limit(348, Quantity::Locals { function: 0 }, make);
}

#[test]
fn at_most_65_536_metered_operators_in_a_function() {
    // `i32.const`, `end`, the header of one block, and the depth checker's 17.
    assert_limit(65_536, Quantity::Operators { function: 0 }, |count| {
        with_body(&format!("{} i32.const 0", "nop ".repeat(count - 2 - 12 - 17)))
    });
}

#[test]
fn at_most_4_096_values_live_at_once() {
    assert_limit(4_096, Quantity::LiveValues { function: 0 }, |count| {
        let (push, pop) = ("i32.const 0 ".repeat(count), "drop ".repeat(count));
        with_body(&format!("{push} {pop} i32.const 0"))
    });
}

#[test]
fn a_frame_has_at_most_10_240_words() {
    let error = |values: usize| {
        let (push, pop) = ("i32.const 0 ".repeat(values), "drop ".repeat(values));
        limit_error(&with_body(&format!("(local i64 i64) {push} {pop} i32.const 0")))
    };
    // Within the frame's words the limit on live values is the narrower one.
    let (function, limit) = (0, 4_096);
    assert_eq!(
        error(10_240 - 2 - 4),
        Some(LimitError { quantity: Quantity::LiveValues { function }, have: 10_234, limit })
    );
    assert_eq!(
        error(10_240 - 2 - 4 + 1),
        Some(LimitError { quantity: Quantity::FrameWords { function }, have: 10_241, limit: 10_240 })
    );
}

#[test]
fn the_figures_fit_their_fields_or_are_refused() {
    let shape = |signature_values| ProgramShape { signature_values, ..ProgramShape::default() };
    // 1.059 a value.
    assert_eq!(figures(&shape(61_884), 51).unwrap().init_cost, 65_535);
    assert_eq!(
        figures(&shape(61_885), 51),
        Err(LimitError { quantity: Quantity::InitCost, have: 65_536, limit: 65_535 })
    );
    let shape = |globals| ProgramShape { globals, ..ProgramShape::default() };
    // 1.628 a global.
    assert_eq!(figures(&shape(40_255), 51).unwrap().cached_cost, 65_535);
    assert_eq!(
        figures(&shape(40_256), 51),
        Err(LimitError { quantity: Quantity::CachedCost, have: 65_536, limit: 65_535 })
    );
    // Whatever passes the costs has an estimate that fits, by far.
    for widest in [
        ProgramShape { local_functions: 7_941, ..ProgramShape::default() },
        ProgramShape { signature_values: 61_884, ..ProgramShape::default() },
        ProgramShape { wasm_bytes: 509_603, ..ProgramShape::default() },
    ] {
        assert!(figures(&widest, 51).is_ok_and(|figures| figures.asm_estimate_bytes < 1 << 24), "{widest:?}");
    }
}

#[test]
fn a_program_whose_signatures_are_too_wide_to_enter_is_refused() {
    // 62 functions of 1 000 parameters at 1.059 each are 65 658.
    let parameters = "i32 ".repeat(1_000);
    let functions = "(func (type 0))".repeat(62);
    let text = with(&format!("(type (func (param {parameters}))) {functions}"));
    let error = limit_error(&text).unwrap();
    assert_eq!((error.quantity, error.limit), (Quantity::InitCost, 65_535));
}

#[test]
fn a_module_longer_than_the_chain_allows_is_refused() {
    use crate::wasm::format::{FormatError, program_code};
    let module = wasm(&with(""));
    let config = |max_wasm_size| ActivationConfig { max_wasm_size, ..ActivationConfig::default() };
    let code = program_code(&module);
    crate::wasm::activate(&code, &config(module.len())).unwrap();
    let max_wasm_bytes = module.len() - 1;
    assert_eq!(
        crate::wasm::activate(&code, &config(max_wasm_bytes)),
        Err(FormatError::TooLong { max_wasm_bytes }.into())
    );
}
