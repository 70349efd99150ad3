//! Modules that are made to hurt whoever reads them: each is activated or refused in bounded time and memory, and the node goes on.

mod common;

use alloy_primitives::{Address, U256};
use common::{put_program, wasm};
use spillway_devnode::{CallRequest, DeployError, Devnode, TxRequest};
use wasm_encoder::{
    BlockType, CodeSection, ExportKind, ExportSection, Function, FunctionSection, Instruction, MemorySection,
    MemoryType, Module, TypeSection, ValType,
};

const MEMORY: &str = r#"(memory (export "memory") 1 1)"#;

/// A module whose entry point is this function.
fn module(entry: &Function) -> Vec<u8> {
    let (mut types, mut functions, mut memories) = (TypeSection::new(), FunctionSection::new(), MemorySection::new());
    types.ty().function([ValType::I32], [ValType::I32]);
    functions.function(0);
    memories.memory(MemoryType { minimum: 1, maximum: Some(1), memory64: false, shared: false, page_size_log2: None });
    let mut exports = ExportSection::new();
    exports.export("memory", ExportKind::Memory, 0);
    exports.export("user_entrypoint", ExportKind::Func, 0);
    let mut codes = CodeSection::new();
    codes.function(entry);
    let mut module = Module::new();
    module.section(&types).section(&functions).section(&memories).section(&exports).section(&codes);
    module.finish()
}

/// What activating a module says; where it is accepted, it is called too. It is also handed to the client's part, which makes text of it.
fn outcome(module: &[u8]) -> Result<(), DeployError> {
    let mut node = Devnode::default();
    let alice = node.accounts()[0].address;
    let program = put_program(&mut node, module);
    let activated = node.activate(program).map(drop);
    if activated.is_ok() {
        let _ = node.call(CallRequest::new(program, []));
    }
    let as_a_client_does = node.deploy_stylus(alice, module, None).map(drop);
    assert_eq!(as_a_client_does.is_ok(), activated.is_ok(), "{as_a_client_does:?} {activated:?}");
    assert!(node.transact(TxRequest::new(alice).to(Address::ZERO).value(U256::from(1))).unwrap().success);
    activated
}

fn refusal(module: &[u8]) -> String {
    let refused = outcome(module).expect_err("it is refused").to_string();
    assert!(refused.len() < 1_000, "{}", refused.len());
    refused
}

/// Blocks inside blocks, each of which has a type and an end.
fn nested(depth: usize, kind: &Instruction<'_>) -> Vec<u8> {
    let mut entry = Function::new([]);
    for _ in 0..depth {
        if matches!(kind, Instruction::If(_)) {
            entry.instruction(&Instruction::LocalGet(0));
        }
        entry.instruction(kind);
    }
    for _ in 0..depth {
        entry.instruction(&Instruction::End);
    }
    entry.instruction(&Instruction::I32Const(0)).instruction(&Instruction::End);
    module(&entry)
}

#[test]
fn blocks_can_be_nested_as_deep_as_a_module_is_long() {
    let empty = BlockType::Empty;
    for kind in [Instruction::Block(empty), Instruction::Loop(empty), Instruction::If(empty)] {
        // One that fits, one of which the metered form is too long, one of which the module is too long.
        outcome(&nested(2_000, &kind)).unwrap_or_else(|error| panic!("{kind:?}: {error}"));
        let refused = refusal(&nested(24_000, &kind));
        assert!(refused.contains("metered operators of function 0"), "{kind:?}: {refused}");
        refusal(&nested(60_000, &kind));
    }
}

#[test]
fn as_many_locals_as_a_number_can_say_are_refused_before_they_are_made() {
    for locals in [50_001, u32::MAX] {
        let mut entry = Function::new([(locals, ValType::I64)]);
        entry.instruction(&Instruction::I32Const(0)).instruction(&Instruction::End);
        assert!(refusal(&module(&entry)).contains("too many locals"));
    }
    let mut entry = Function::new([(u32::MAX, ValType::I64), (u32::MAX, ValType::I32)]);
    entry.instruction(&Instruction::I32Const(0)).instruction(&Instruction::End);
    assert!(refusal(&module(&entry)).contains("too many locals"));
}

#[test]
fn a_table_of_branches_may_be_long() {
    let table = |targets: usize| {
        let mut entry = Function::new([]);
        entry.instruction(&Instruction::Block(BlockType::Empty)).instruction(&Instruction::LocalGet(0));
        entry.instruction(&Instruction::BrTable(vec![0; targets].into(), 0)).instruction(&Instruction::End);
        entry.instruction(&Instruction::I32Const(0)).instruction(&Instruction::End);
        module(&entry)
    };
    outcome(&table(1_000)).unwrap();
    outcome(&table(100_000)).unwrap();
    refusal(&table(131_072));
}

#[test]
fn a_branch_table_that_promises_more_than_it_has_is_refused() {
    let mut entry = Function::new([]);
    // br_table with 2^32 - 1 targets, of which none is there.
    entry.raw([0x41, 0x00, 0x0e, 0xff, 0xff, 0xff, 0xff, 0x0f, 0x0b]);
    assert!(outcome(&module(&entry)).is_err());
}

#[test]
fn features_the_chain_does_not_know_are_refused_one_by_one() {
    let with = |parts: &str, body: &str| {
        wasm(&format!(
            r#"(module {parts} {MEMORY} (func (export "user_entrypoint") (param i32) (result i32) {body} i32.const 0))"#
        ))
    };
    let (table, callee) = ("(table 1 1 funcref)", "(type $t (func)) (func $f (type $t))");
    for (parts, body) in [
        ("", "(drop (i32x4.relaxed_trunc_f32x4_s (v128.const i32x4 0 0 0 0)))"),
        ("", "(drop (v128.const i32x4 0 0 0 0))"),
        ("(tag $e)", "(block $b (try_table (catch $e $b)))"),
        ("(tag $e)", "(throw $e)"),
        (callee, "(call_ref $t (ref.func $f))"),
        ("", "(memory.discard (i32.const 0) (i32.const 0))"),
        ("(table 1 1 funcref)", "(return_call_indirect (param i32) (result i32) (i32.const 0) (i32.const 0))"),
        ("", "(return_call 0 (i32.const 0))"),
        (table, "(drop (table.get 0 (i32.const 0)))"),
        (table, "(table.set 0 (i32.const 0) (ref.null func))"),
        (table, "(drop (table.grow 0 (ref.null func) (i32.const 1)))"),
        (table, "(table.fill 0 (i32.const 0) (ref.null func) (i32.const 1))"),
        (table, "(drop (table.size 0))"),
        ("", "(drop (i32.atomic.load (i32.const 0)))"),
        ("", "(drop (ref.null extern))"),
        ("", "(drop (i64.add128 (i64.const 0) (i64.const 0) (i64.const 0) (i64.const 0))) drop"),
        ("(memory 1)", ""),
        ("(type $s (struct))", "(drop (struct.new $s))"),
    ] {
        let refused = outcome(&with(parts, body)).expect_err(body);
        assert!(matches!(refused, DeployError::Activation(_)), "{body}: {refused}");
    }
    // The older form of exceptions has no text: try, catch_all, end.
    let mut entry = Function::new([]);
    entry.raw([0x06, 0x40, 0x19, 0x0b, 0x41, 0x00, 0x0b]);
    assert!(outcome(&module(&entry)).is_err());
}
