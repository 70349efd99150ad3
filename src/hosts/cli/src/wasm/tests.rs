//! One contract that keeps every rule, and one for each rule broken.

use super::inspect::*;

const GOOD: &str = r#"(module
  (import "vm_hooks" "read_args" (func (param i32)))
  (import "vm_hooks" "pay_for_memory_grow" (func (param i32)))
  (memory (export "memory") 1)
  (data (i32.const 0) "twelve bytes")
  (func (export "user_entrypoint") (param i32) (result i32) i32.const 0))"#;

fn inspected(text: &str) -> Inspected {
    inspect(&wat::parse_str(text).unwrap()).unwrap()
}

fn problems_with(from: &str, to: &str) -> Vec<Problem> {
    assert!(GOOD.contains(from), "{from}");
    inspected(&GOOD.replace(from, to)).problems()
}

#[test]
fn a_contract_that_keeps_every_rule_is_described_and_passes() {
    let found = inspected(GOOD);
    assert_eq!(found.problems(), []);
    assert_eq!(found.warning(), None);
    assert_eq!(found.imports, ["pay_for_memory_grow", "read_args"]);
    assert_eq!((found.initial_pages, found.static_data_bytes), (Some(1), 12));
    assert!(found.code_bytes > 4 && found.code_bytes < found.wasm_bytes.saturating_add(16));
}

#[test]
fn a_contract_without_an_entry_point_is_refused() {
    assert_eq!(problems_with("user_entrypoint", "main"), [Problem::NoEntrypoint]);
}

#[test]
fn a_contract_that_hides_its_memory_is_refused() {
    assert_eq!(problems_with("(export \"memory\")", ""), [Problem::NoMemory]);
}

#[test]
fn a_contract_that_does_not_begin_with_one_page_is_refused() {
    assert_eq!(problems_with("1)\n  (data", "2)\n  (data"), [Problem::WrongPages { pages: 2 }]);
}

#[test]
fn a_contract_that_prints_to_a_console_is_refused() {
    let printing =
        problems_with("\"vm_hooks\" \"read_args\" (func (param i32))", "\"console\" \"log_i32\" (func (param i32))");
    assert_eq!(printing, [Problem::Console { name: "console.log_i32".into() }]);
}

#[test]
fn a_contract_that_imports_what_no_chain_has_is_refused() {
    assert_eq!(problems_with("read_args", "read_mind"), [Problem::UnknownImport { name: "read_mind".into() }]);
    let elsewhere = problems_with("\"vm_hooks\" \"read_args\"", "\"env\" \"read_args\"");
    assert_eq!(elsewhere, [Problem::UnknownImport { name: "env.read_args".into() }]);
}

#[test]
fn a_contract_above_the_limit_is_refused_and_one_near_it_warned_of() {
    let mut found = inspected(GOOD);
    found.code_bytes = 24_576;
    assert_eq!(found.problems(), []);
    assert_eq!(found.warning().as_deref(), Some("24576 bytes on chain: above 22000 there is little room left"));
    found.code_bytes = 24_577;
    assert_eq!(found.problems(), [Problem::TooLong { code_bytes: 24_577, max: 24_576 }]);
    found.code_bytes = 22_000;
    assert_eq!(found.warning(), None);
}

#[test]
fn what_is_no_module_is_refused() {
    assert!(matches!(inspect(b"not wasm"), Err(WasmError::NotWasm(_))));
    assert!(matches!(inspect(b""), Err(WasmError::NotWasm(_))));
}
