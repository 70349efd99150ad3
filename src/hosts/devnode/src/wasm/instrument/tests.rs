//! The passes one by one: what they add, what it costs, and when the program stops.

mod charges;
mod differential;
mod interpreter;

use wasmparser::{FuncType, Operator};

use super::*;
use crate::wasm::testing::{End, Program, WRITE_ARGS, wasm, with_body};

const PLENTY: u64 = 1 << 60;

/// Grows by the argument once.
const GROW: &str = r#"(module
    (import "vm_hooks" "pay_for_memory_grow" (func (param i32)))
    (memory (export "memory") MEMORY)
    (func (export "user_entrypoint") (param i32) (result i32) local.get 0 memory.grow))"#;

fn metered(text: &str, pricing: &Pricing) -> (usize, Metered<'static>) {
    // A test may keep its fixture for as long as it runs.
    let module = Module::parse(Box::leak(wasm(text).into_boxed_slice()), 51).unwrap();
    let own = module.functions.iter().map(|function| function.operators.len()).sum();
    (own, instrument(&module, pricing))
}

/// The ink of each block, read from the headers of a metered function.
fn block_ink(metered: &Metered<'_>, function: usize) -> Vec<u64> {
    let ink_left = metered.globals.ink_left;
    let windows = metered.functions[function].operators.windows(3);
    let prices = windows.filter_map(|window| match window {
        [Operator::GlobalGet { global_index }, Operator::I64Const { value }, Operator::I64LtU]
            if *global_index == ink_left =>
        {
            Some(value.cast_unsigned())
        }
        _ => None,
    });
    prices.collect()
}

fn blocks(body: &str) -> Vec<u64> {
    let (_, metered) = metered(&with_body(body), &Pricing::CHAIN);
    block_ink(&metered, 0)
}

fn frame_of(body: &str) -> Frame {
    let (_, metered) = metered(&with_body(body), &Pricing::CHAIN);
    metered.functions[0].frame
}

/// Operators that all passes together add to one function with that body.
fn added(body: &str) -> u64 {
    let (own, metered) = metered(&with_body(body), &Pricing::CHAIN);
    metered.operators() - own as u64
}

#[test]
fn write_args_has_three_blocks_of_the_chains_price() {
    let (_, metered) = metered(WRITE_ARGS, &Pricing::CHAIN);
    assert_eq!(block_ink(&metered, 0), [6_251, 6_326, 2_452]);
}

#[test]
fn a_block_ends_with_each_operator_after_which_another_may_be_next() {
    const HEADER: u64 = 2_450;
    assert_eq!(blocks("i32.const 0"), [HEADER + 1 + 1]);
    assert_eq!(blocks("block nop end i32.const 0"), [HEADER + 3, HEADER + 2], "not with `block`");
    assert_eq!(blocks("loop nop end i32.const 0"), [HEADER + 1, HEADER + 2, HEADER + 2]);
    assert_eq!(
        blocks("local.get 0 if nop else nop nop end i32.const 0"),
        [HEADER + 75 + 765, HEADER + 2, HEADER + 3, HEADER + 2]
    );
    assert_eq!(
        blocks("block i32.const 1 br_if 0 br 0 end i32.const 0"),
        [HEADER + 1 + 1 + 765, HEADER + 765, HEADER + 1, HEADER + 2]
    );
    assert_eq!(
        blocks("block block local.get 0 br_table 0 1 0 end end i32.const 0"),
        [HEADER + 2 + 75 + 2_400 + 2 * 325, HEADER + 1, HEADER + 1, HEADER + 2]
    );
    assert_eq!(
        blocks("i32.const 0 return unreachable"),
        [HEADER + 2, HEADER + 2],
        "code that cannot be reached is metered too"
    );
    assert_eq!(blocks("i32.const 0 call 0"), [HEADER + 1 + 3_800, HEADER + 1]);
}

#[test]
fn an_indirect_call_is_priced_by_the_parameters_of_its_type() {
    let text = r#"(module (memory (export "memory") 1 1) (table 1 1 funcref)
        (type $three (func (param i32 i64 i32)))
        (func (export "user_entrypoint") (param i32) (result i32)
            (call_indirect (type $three)
                (i32.const 0) (i64.const 0) (i32.const 0) (i32.const 0))
            i32.const 0))"#;
    let (_, metered) = metered(text, &Pricing::CHAIN);
    assert_eq!(block_ink(&metered, 0), [2_450 + 4 + 13_610 + 3 * 650, 2_452]);
}

#[test]
fn each_pass_adds_the_operators_the_chain_counts() {
    const FUNCTION: u64 = 12 + 1 + 4;
    assert_eq!(added("i32.const 0"), 12 + FUNCTION);
    assert_eq!(added("loop end i32.const 0"), 3 * 12 + FUNCTION);
    assert_eq!(added("i32.const 0 return"), 2 * 12 + 4 + FUNCTION);
    let fill = "i32.const 0 i32.const 0 i32.const 0 memory.fill ";
    assert_eq!(added(&format!("{fill} i32.const 0")), 12 + 17 + FUNCTION);
    assert_eq!(added(&format!("{fill} {fill} i32.const 0")), 12 + 2 * 17 + FUNCTION);
    assert_eq!(added("i32.const 0 memory.grow"), 12 + FUNCTION, "this memory cannot grow");
    let (own, metered) = metered(&GROW.replace("MEMORY", "1"), &Pricing::CHAIN);
    assert_eq!(metered.operators(), own as u64 + 12 + 4 + FUNCTION);
}

#[test]
fn ink_buys_exactly_as_many_calls_as_it_is_worth() {
    fn only_additions(operator: &Operator<'_>, _: &[FuncType]) -> u64 {
        if matches!(operator, Operator::I32Add) { 100 } else { 0 }
    }
    let pricing = Pricing { header_ink: 0, bulk_byte_ink: 0, operator_ink: only_additions };
    let wasm = wasm(&with_body("local.get 0 i32.const 1 i32.add"));
    let module = Module::parse(&wasm, 51).unwrap();
    let code = encode(&module, &instrument(&module, &pricing)).unwrap();
    let mut program = Program::new(&code);
    program.set_stack(1_000);
    for ink in [0, 50, 99] {
        program.set_ink(ink);
        assert_eq!(program.call(6), End::OutOfInk, "{ink} ink");
        assert_eq!(program.ink_left(), ink, "a header that cannot be paid takes nothing");
    }
    program.set_ink(500);
    for call in 1..=5 {
        assert_eq!(program.call(6), End::Status(7));
        assert_eq!(program.ink_left(), 500 - 100 * call);
    }
    assert_eq!(program.call(6), End::OutOfInk);
    assert_eq!(program.ink_status(), 1);
}

#[test]
fn ink_is_compared_without_a_sign() {
    let mut program = Program::from_text(&with_body("i32.const 0"));
    assert_eq!(program.spend(u64::MAX, 0), (End::Status(0), 2_452));
}

/// Counts its calls in the first word of memory and calls itself for ever; its frame is 3 values,
/// 2 locals and 4 words.
const RECURSE: &str = "(local i32 i64)
    i32.const 0 i32.const 0 i32.load i32.const 1 i32.add i32.store
    local.get 0 call 0";

#[test]
fn recursion_goes_as_deep_as_the_stack_has_frames() {
    assert_eq!(frame_of(RECURSE), Frame { live_values: 3, words: 9 });
    for (stack, calls) in [(9, 0), (10, 1), (18, 1), (19, 2), (36, 3), (40, 4)] {
        let mut program = Program::from_text(&with_body(RECURSE));
        program.set_stack(stack);
        program.set_ink(PLENTY);
        assert_eq!(program.call(0), End::OutOfStack, "{stack} words");
        assert_eq!(program.stack_left(), 0);
        assert_eq!(program.memory()[..4], i32::to_le_bytes(calls), "{stack} words");
    }
}

#[test]
fn the_deepest_recursion_of_the_chain_fits_the_engine() {
    let body = "local.get 0 call 0";
    let mut program = Program::from_text(&with_body(body));
    program.set_stack(262_144);
    program.set_ink(PLENTY);
    assert_eq!(program.call(0), End::OutOfStack);
}

#[test]
fn every_return_gives_the_frame_back_but_a_branch_to_the_outermost_label_does_not() {
    let left_after = |body: &str| {
        let mut program = Program::from_text(&with_body(body));
        program.set_stack(1_000);
        program.set_ink(PLENTY);
        assert_eq!(program.call(1), End::Status(0));
        program.stack_left()
    };
    assert_eq!(left_after("i32.const 0"), 1_000);
    assert_eq!(left_after("i32.const 0 return"), 1_000);
    assert_eq!(left_after("local.get 0 if i32.const 0 return end unreachable"), 1_000);
    let branch = "i32.const 0 br 0";
    assert_eq!(left_after(branch), 1_000 - frame_of(branch).words as i32);
}

#[test]
fn a_frame_is_the_highest_stack_of_the_metered_code_and_the_locals() {
    let words = |live_values, locals| Frame { live_values, words: live_values + locals + 4 };
    // The header of the first block stands on nothing, its two values are the highest.
    assert_eq!(frame_of("i32.const 0"), words(2, 0));
    assert_eq!(frame_of("(local i64) (local i32 i32) i32.const 0"), words(2, 3));
    assert_eq!(frame_of("i32.const 0 i32.const 0 i32.const 0 drop drop"), words(3, 0));
    // The header after the inner block stands on two constants.
    assert_eq!(frame_of("i32.const 0 i32.const 0 block end drop"), words(4, 0));
    // A block with a result has room for it from the beginning: the header after the loop stands
    // on that and on the constant.
    assert_eq!(frame_of("block (result i32) i32.const 0 loop end end"), words(4, 0));
    // `else` and `end` go back to the height at which the `if` was opened, so that all headers
    // stand on its result alone.
    assert_eq!(frame_of("local.get 0 if (result i32) i32.const 1 else i32.const 2 end"), words(3, 0));
    // Selecting takes two of three, a store takes two.
    assert_eq!(frame_of("i32.const 0 i32.const 0 i32.const 0 select i32.const 0 drop"), words(3, 0));
    assert_eq!(frame_of("i32.const 0 i32.const 0 i32.store i32.const 0 i32.const 0 drop"), words(2, 0));
    // The charge of a bulk operation has four values on top of pointer and value: ink, ink,
    // length and price.
    assert_eq!(frame_of("i32.const 0 i32.const 0 i32.const 0 memory.fill i32.const 0"), words(2 + 4, 0));
}

#[test]
fn a_call_has_its_results_before_it_takes_its_parameters() {
    let text = r#"(module (memory (export "memory") 1 1)
        (type $wide (func (param i32 i32) (result i32 i32 i32)))
        (table 1 1 funcref)
        (func $callee (type $wide) i32.const 1 i32.const 2 i32.const 3)
        (func (export "user_entrypoint") (param i32) (result i32)
            i32.const 0 i32.const 0 call $callee drop drop)
        (func $indirect
            i32.const 0 i32.const 0 i32.const 0 call_indirect (type $wide) drop drop drop)
        (func $block
            i32.const 0 i32.const 0 block (type $wide) i32.const 0 end drop drop drop))"#;
    let (_, metered) = metered(text, &Pricing::CHAIN);
    let live = |function: usize| metered.functions[function].frame.live_values;
    assert_eq!(live(0), 3);
    assert_eq!(live(1), 5, "two parameters and three results");
    assert_eq!(live(2), 6, "the index as well, which is taken last");
    assert_eq!(live(3), 5, "three results on top of two parameters");
}
