//! The passes one by one: what they add, what it costs, and when the program stops.

mod differential;
mod textual;

use wasmparser::{FuncType, Operator};

use super::*;
use crate::wasm::program::{ActivationConfig, ActivationError};
use crate::wasm::testing::{End, Program, WRITE_ARGS, activate_text, wasm, with_body};
use crate::wasm::validate::{StructureError, structure};

const PLENTY: u64 = 1 << 60;

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
    assert_eq!(
        frame_of("local.get 0 if (result i32) i32.const 1 else i32.const 2 end"),
        words(3, 0)
    );
    // Selecting takes two of three, a store takes two.
    assert_eq!(
        frame_of("i32.const 0 i32.const 0 i32.const 0 select i32.const 0 drop"),
        words(3, 0)
    );
    assert_eq!(
        frame_of("i32.const 0 i32.const 0 i32.store i32.const 0 i32.const 0 drop"),
        words(2, 0)
    );
    // The charge of a bulk operation has four values on top of pointer and value: ink, ink,
    // length and price.
    assert_eq!(
        frame_of("i32.const 0 i32.const 0 i32.const 0 memory.fill i32.const 0"),
        words(2 + 4, 0)
    );
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
    for body in [FILL, COPY] {
        let mut program = Program::from_text(&with_body(body));
        let (end, ink) = program.spend(PLENTY, 65_537);
        assert!(matches!(end, End::Trap(_)), "{end:?}");
        assert!(ink > 6_553_700);
    }
}

/// Grows by the argument once.
const GROW: &str = r#"(module
    (import "vm_hooks" "pay_for_memory_grow" (func (param i32)))
    (memory (export "memory") MEMORY)
    (func (export "user_entrypoint") (param i32) (result i32) local.get 0 memory.grow))"#;

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
    assert_eq!(
        structure(&module, &config),
        Err(StructureError::MemoryTooLarge { pages: 1, limit: 0 })
    );
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
