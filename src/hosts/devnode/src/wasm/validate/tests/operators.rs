//! Which operators and features of WebAssembly the chain runs.

use super::{ENTRY, MEMORY, assert_accepted, assert_unparsable, structure_error, with};
use crate::wasm::module::Module;
use crate::wasm::program::{ActivationConfig, ActivationError, activate_wasm};
use crate::wasm::testing::{activate_text, wasm, with_body};
use crate::wasm::validate::StructureError;

fn unsupported(operator: &str) -> StructureError {
    StructureError::UnsupportedOperator { function: 0, operator: operator.to_owned() }
}

#[test]
fn every_integer_operator_is_accepted() {
    let mut body = String::new();
    let binary = [
        "add", "sub", "mul", "div_s", "div_u", "rem_s", "rem_u", "and", "or", "xor", "shl", "shr_s", "shr_u", "rotl",
        "rotr", "eq", "ne", "lt_s", "lt_u", "gt_s", "gt_u", "le_s", "le_u", "ge_s", "ge_u",
    ];
    let unary = ["clz", "ctz", "popcnt", "eqz", "extend8_s", "extend16_s"];
    let loads = ["load", "load8_s", "load8_u", "load16_s", "load16_u"];
    for ty in ["i32", "i64"] {
        for operator in binary {
            body += &format!("{ty}.const 1 {ty}.const 2 {ty}.{operator} drop ");
        }
        for operator in unary {
            body += &format!("{ty}.const 1 {ty}.{operator} drop ");
        }
        for operator in loads {
            body += &format!("i32.const 1 {ty}.{operator} drop ");
        }
        for operator in ["store", "store8", "store16"] {
            body += &format!("i32.const 1 {ty}.const 2 {ty}.{operator} ");
        }
    }
    body += "i64.const 1 i64.extend32_s i32.wrap_i64 i64.extend_i32_s drop
        i32.const 1 i64.extend_i32_u drop
        i32.const 0 i64.load32_s drop i32.const 0 i64.load32_u drop
        i32.const 0 i64.const 0 i64.store32
        i32.const 0 i32.const 1 i32.const 2 select drop
        memory.size memory.grow drop
        i32.const 0 i32.const 0 i32.const 0 memory.copy
        i32.const 0 i32.const 0 i32.const 0 memory.fill
        i32.const 0";
    assert_accepted(&with_body(&body));
}

#[test]
fn computing_with_floats_is_refused_operator_by_operator() {
    let binary = [
        ("add", "Add"),
        ("sub", "Sub"),
        ("mul", "Mul"),
        ("div", "Div"),
        ("min", "Min"),
        ("max", "Max"),
        ("copysign", "Copysign"),
        ("eq", "Eq"),
        ("ne", "Ne"),
        ("lt", "Lt"),
        ("gt", "Gt"),
        ("le", "Le"),
        ("ge", "Ge"),
    ];
    let unary = [
        ("abs", "Abs"),
        ("neg", "Neg"),
        ("ceil", "Ceil"),
        ("floor", "Floor"),
        ("trunc", "Trunc"),
        ("nearest", "Nearest"),
        ("sqrt", "Sqrt"),
    ];
    for (ty, upper) in [("f32", "F32"), ("f64", "F64")] {
        for (operator, name) in binary {
            let body = format!("{ty}.const 1 {ty}.const 2 {ty}.{operator} drop i32.const 0");
            assert_eq!(structure_error(&with_body(&body)), unsupported(&format!("{upper}{name}")));
        }
        for (operator, name) in unary {
            let body = format!("{ty}.const 1 {ty}.{operator} drop i32.const 0");
            assert_eq!(structure_error(&with_body(&body)), unsupported(&format!("{upper}{name}")));
        }
    }
}

#[test]
fn converting_floats_is_refused_operator_by_operator() {
    let cases = [
        ("f32.const 1", "i32.trunc_f32_s", "I32TruncF32S"),
        ("f32.const 1", "i64.trunc_f32_u", "I64TruncF32U"),
        ("f64.const 1", "i32.trunc_f64_u", "I32TruncF64U"),
        ("f64.const 1", "i64.trunc_f64_s", "I64TruncF64S"),
        ("f32.const 1", "i32.trunc_sat_f32_s", "I32TruncSatF32S"),
        ("f64.const 1", "i64.trunc_sat_f64_u", "I64TruncSatF64U"),
        ("i32.const 1", "f32.convert_i32_s", "F32ConvertI32S"),
        ("i64.const 1", "f64.convert_i64_u", "F64ConvertI64U"),
        ("f64.const 1", "f32.demote_f64", "F32DemoteF64"),
        ("f32.const 1", "f64.promote_f32", "F64PromoteF32"),
    ];
    for (operand, operator, name) in cases {
        let body = format!("{operand} {operator} drop i32.const 0");
        assert_eq!(structure_error(&with_body(&body)), unsupported(name));
    }
}

#[test]
fn bulk_operators_on_segments_and_tables_are_refused() {
    let zeros = "i32.const 0 i32.const 0 i32.const 0";
    let table = "(table 1 1 funcref) (elem func 0)";
    for (parts, body, operator) in [
        (r#"(data "x")"#, format!("{zeros} memory.init 0"), "MemoryInit { data_index: 0, mem: 0 }"),
        (r#"(data "x")"#, "data.drop 0".to_owned(), "DataDrop { data_index: 0 }"),
        (table, format!("{zeros} table.init 0"), "TableInit { elem_index: 0, table: 0 }"),
        (table, "elem.drop 0".to_owned(), "ElemDrop { elem_index: 0 }"),
        (table, format!("{zeros} table.copy"), "TableCopy { dst_table: 0, src_table: 0 }"),
    ] {
        let text = format!(
            r#"(module {MEMORY} {parts} (func (export "user_entrypoint") (param i32) (result i32)
                {body} i32.const 0))"#
        );
        assert_eq!(structure_error(&text), unsupported(operator));
    }
}

#[test]
fn features_the_chain_does_not_know_are_refused() {
    let zero = "i32.const 0";
    for (body, needle) in [
        ("i32.const 0 i32.const 0 i32.const 0 select (result i32)", "reference types"),
        ("ref.null func drop i32.const 0", "reference types"),
        ("ref.func 0 drop i32.const 0", "reference types"),
        ("local.get 0 return_call 0", "tail calls"),
        ("v128.const i64x2 0 0 drop i32.const 0", "SIMD"),
        ("i32.const 0 i32.atomic.load", "threads"),
        ("block try_table end end i32.const 0", "exceptions"),
        ("i64.const 0 i64.const 0 i64.mul_wide_s drop drop i32.const 0", "wide arithmetic"),
    ] {
        assert_unparsable(&with_body(body), needle);
    }
    assert_unparsable(&format!(r#"(module (memory (export "memory") i64 1 1) {ENTRY})"#), "64-bit");
    assert_unparsable(&format!(r#"(module (memory (export "memory") 1 1 shared) {ENTRY})"#), "threads");
    assert_unparsable(&format!(r#"(module (memory (export "memory") 1 1 (pagesize 1)) {ENTRY})"#), "custom page sizes");
    assert_unparsable(&with("(tag (param i32))"), "exceptions");
    assert_unparsable(&with("(type (struct))"), "gc");
    assert_unparsable(&with("(func (param (ref func)))"), "reference types");
    assert_accepted(&with_body(zero));
}

#[test]
fn several_results_are_accepted_before_arbos_60() {
    let text = with("(func (result i32 i32) i32.const 0 i32.const 0)");
    for (version, is_accepted) in [(30, true), (51, true), (59, true), (60, false)] {
        let parsed = wasm(&text);
        assert_eq!(Module::parse(&parsed, version).is_ok(), is_accepted, "ArbOS {version}");
    }
}

#[test]
fn components_and_damaged_modules_are_refused() {
    let config = ActivationConfig::default();
    let refused = |bytes: &[u8]| {
        let error = activate_wasm(bytes.to_vec(), &config).unwrap_err();
        assert!(matches!(error, ActivationError::Parse(_)), "{error:?}");
    };
    refused(b"");
    refused(b"\0asm\x0d\0\x01\0");
    refused(b"\0asm\x01\0\0\0\x0f\0");
    let good = wasm(&with(""));
    for length in 0..good.len() {
        // Cut after a whole section, a module parses, but lacks what the chain demands.
        assert!(activate_wasm(good[..length].to_vec(), &config).is_err(), "{length} bytes");
    }
}

#[test]
fn custom_sections_are_ignored_and_dropped() {
    let text = with(r#"(@custom "producers" "anything") (func $named)"#);
    let activated = activate_text(&text).unwrap();
    let holds = |bytes: &[u8], needle: &[u8]| bytes.windows(needle.len()).any(|part| part == needle);
    assert!(holds(&activated.wasm, b"producers") && holds(&activated.wasm, b"named"));
    assert!(!holds(&activated.instrumented, b"producers"));
    assert!(!holds(&activated.instrumented, b"named"));
}
