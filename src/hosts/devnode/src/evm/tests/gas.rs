//! What a program costs to enter, to keep memory open, and to return data; and who may not enter.

use revm::primitives::hex;

use super::*;
use crate::{
    arbos::state::ProgramError,
    wasm::price::{cached_gas, init_gas, page_gas},
};

#[test]
fn write_args_costs_9_236_gas() {
    let mut world = World::with(calls::WRITE_ARGS);
    assert_eq!(world.go(vec![]).gas_used, INTRINSIC_GAS + 9_236);
}

#[test]
fn a_cached_program_saves_exactly_its_init_gas() {
    let mut world = World::new();
    let codehash = world.put_program(PROGRAM, calls::WRITE_ARGS);
    let uncached = world.go(vec![]).gas_used;
    let record = world.record(codehash);
    world.set_record(codehash, &ProgramRecord { cached: true, ..record });
    let cached = world.go(vec![]).gas_used;
    assert_eq!(uncached - cached, init_gas(record.init_cost, 69, 50));
    assert_eq!(uncached - cached, 8_866);
}

#[test]
fn version_one_pays_either_price_not_both() {
    let mut world = World::new();
    let codehash = world.put_program(PROGRAM, calls::WRITE_ARGS);
    let both = world.go(vec![]).gas_used;
    world.set_params(&StylusParams { version: 1, ..StylusParams::default() });
    let record = world.record(codehash);
    world.set_record(codehash, &ProgramRecord { version: 1, ..record });
    assert_eq!(both - world.go(vec![]).gas_used, cached_gas(record.cached_cost, 11, 50));
}

#[test]
fn without_the_gas_to_start_everything_is_gone() {
    let mut world = World::with(calls::WRITE_ARGS);
    let mut tx = world.tx(TxKind::Call(PROGRAM), vec![]);
    tx.gas_limit = INTRINSIC_GAS + 9_228;
    let run = world.run(tx);
    assert_eq!((run.end, run.gas_used), (Some(FrameEnd::OutOfInk), INTRINSIC_GAS + 9_228));
}

/// What spoils the activation with this code hash.
type Spoil = fn(&mut World, B256);

/// A program that may not run, and why.
fn refused() -> [(Spoil, ProgramError); 3] {
    let age_secs = 365 * 86_400 + 1;
    [
        (|world, hash| world.set_record(hash, &ProgramRecord::default()), ProgramError::NotActivated),
        (
            |world, _| world.set_params(&StylusParams { version: 3, ..StylusParams::default() }),
            ProgramError::NeedsUpgrade { program: 2, stylus: 3 },
        ),
        (|world, _| world.block.timestamp += 365 * 86_400 + 1, ProgramError::Expired { age_secs }),
    ]
}

#[test]
fn a_program_that_may_not_run_takes_all_gas_and_says_why() {
    for (spoil, error) in refused() {
        let mut world = World::new();
        let codehash = world.put_program(PROGRAM, calls::WRITE_ARGS);
        spoil(&mut world, codehash);
        let run = world.send(PROGRAM, vec![]);
        assert!(run.is_halt());
        assert_eq!((run.gas_used, run.end), (32_000_000, Some(FrameEnd::NotRunnable(error))));
    }
    assert_eq!(FrameEnd::from(ProgramError::NotActivated).to_string(), "error ProgramNotActivated()");
}

#[test]
fn a_contract_that_calls_a_program_that_may_not_run_sees_a_failure_without_data() {
    // call(50000, OTHER), then return its status and the size of the return data
    let code = [&hex!("60006000600060006000 73")[..], OTHER.as_slice(), &hex!("61c350 f1 600053 3d 600153 60026000f3")]
        .concat();
    let mut world = World::new();
    world.put_code(PROGRAM, code);
    let hash = world.put_program(OTHER, calls::WRITE_ARGS);
    assert_eq!(world.go(vec![]).output(), [1, 0]);
    world.set_record(hash, &ProgramRecord::default());
    let run = world.go(vec![]);
    assert_eq!(run.output(), [0, 0]);
    assert!(run.gas_used > INTRINSIC_GAS + 50_000 + 2_600);
    // A program sees status 2.
    world.put_program(PROGRAM, &calls::caller("call_contract", 50_000));
    let run = world.go(calls::call_data(OTHER, 0, &[]));
    assert_eq!(run.output(), [2, 0, 0, 0, 0]);
    assert_eq!(run.inks("call_contract"), [115_955 + (2_600 + 50_000) * GAS]);
}

#[test]
fn paying_for_memory_costs_the_model() {
    for (pages, ink) in [(0, 8_400), (100, 9_320_660_000), (0x10000, 8_400)] {
        let run = World::with(&fine(&format!("(call $pay_for_memory_grow (i32.const {pages}))"))).go(vec![]);
        assert_eq!(run.inks("pay_for_memory_grow"), [ink], "{pages} pages");
    }
}

#[test]
fn growing_memory_pays_by_itself_and_not_beyond_the_limit() {
    let text = |grow: u32| {
        format!(
            r#"(module
            (import "vm_hooks" "pay_for_memory_grow" (func (param i32)))
            (import "vm_hooks" "write_result" (func $out (param i32 i32)))
            (memory (export "memory") 1)
            (func (export "user_entrypoint") (param i32) (result i32)
              (i32.store (i32.const 0) (memory.grow (i32.const {grow})))
              (i32.store (i32.const 4) (memory.size)) (call $out (i32.const 0) (i32.const 8)) (i32.const 0)))"#
        )
    };
    let run = World::with(&text(3)).go(vec![]);
    assert_eq!(run.inks("pay_for_memory_grow"), [page_gas(3, 1, 1, 2, 1_000) * GAS]);
    assert_eq!(run.output(), [1, 0, 0, 0, 4, 0, 0, 0]);
    let run = World::with(&text(128)).send(PROGRAM, vec![]);
    assert_eq!(run.end, Some(FrameEnd::OutOfInk));
}

#[test]
fn pages_add_up_over_programs_and_the_ramp_is_paid_once() {
    // Calls OTHER three times with nothing.
    let call = "(drop (call $call_contract (i32.const 0) (i32.const 0) (i32.const 0) (i32.const 100) (i64.const -1) (i32.const 200)))";
    for inner_ends in ["(i32.const 0)", "(i32.const 1)"] {
        let mut world = World::new();
        let outer = world.put_program(
            PROGRAM,
            &module(20, &format!("(call $read_args (i32.const 0)) {call} {call} {call} (i32.const 0)")),
        );
        let inner = world.put_program(OTHER, &module(30, inner_ends));
        let run = world.go(OTHER.to_vec());
        let start = |record: ProgramRecord| init_gas(record.init_cost, 69, 50) + cached_gas(record.cached_cost, 11, 50);
        let (outer, inner) = (world.record(outer), world.record(inner));
        let entry = run.step("user_entrypoint").start_ink;
        let calldata_gas = 2 * 16 + 18 * 4; // two bytes of the address are not zero
        let available = 32_000_000 - INTRINSIC_GAS - calldata_gas;
        assert_eq!(available - entry / GAS, start(outer) + page_gas(20, 0, 0, 2, 1_000));
        // Two blocks: the constant with the end of the function, and the extra return of the meter.
        let body_gas = 1;
        let first = 115_955 + (2_600 + start(inner) + page_gas(30, 20, 20, 2, 1_000) + body_gas) * GAS;
        let later = 115_955 + (100 + start(inner) + page_gas(30, 20, 50, 2, 1_000) + body_gas) * GAS;
        assert_eq!(run.inks("call_contract"), [first, later, later]);
    }
}

#[test]
fn a_129th_page_cannot_be_opened() {
    let mut world = World::with(&calls::caller("call_contract", -1));
    world.put_program(OTHER, &module(128, "(i32.const 0)"));
    let run = world.go(calls::call_data(OTHER, 0, &[]));
    assert_eq!(run.output(), [2, 0, 0, 0, 0]);
    // Alone it can: 126 pages beyond the free ones and the whole ramp.
    let mut tx = world.tx(TxKind::Call(OTHER), vec![]);
    tx.gas_limit = 40_000_000;
    let run = world.execute(tx, Mode::Call).unwrap();
    assert!(run.result.is_success());
    assert!((32_029_000..32_035_000).contains(&run.gas_used), "{}", run.gas_used);
}

#[test]
fn returning_data_costs_at_least_what_it_costs_a_contract() {
    let bytes = 8 * 65_536u64;
    let floor_gas = 3 * (bytes / 32) + (bytes / 32) * (bytes / 32) / 512;
    for status in [0, 1] {
        let body = format!("(call $write_result (i32.const 0) (i32.const {bytes})) (i32.const {status})");
        let mut world = World::with(&module(8, &body));
        let run = world.send(PROGRAM, vec![]);
        assert_eq!(run.output().len() as u64, bytes);
        assert_eq!(run.gas_used, INTRINSIC_GAS + floor_gas);
        // With less than the floor there is nothing at all.
        let mut tx = world.tx(TxKind::Call(PROGRAM), vec![]);
        tx.gas_limit = INTRINSIC_GAS + floor_gas - 1;
        let run = world.run(tx);
        assert_eq!((run.end, run.gas_used), (Some(FrameEnd::OutOfInk), INTRINSIC_GAS + floor_gas - 1));
    }
}

#[test]
fn gas_above_the_cap_is_held_back_and_returned() {
    let mut world = World::with(&module(1, "(loop $forever (br $forever)) (i32.const 0)"));
    world.put_code(OTHER, hex!("5a60005260206000f3").to_vec());
    let mut tx = world.tx(TxKind::Call(OTHER), vec![]);
    tx.gas_limit = 50_000_000;
    let run = world.run(tx);
    assert_eq!(U256::from_be_slice(run.output()), U256::from(32_000_000 - INTRINSIC_GAS - 2));
    assert!(run.gas_used < 22_000);
    let before = world.balance(SENDER);
    let mut tx = world.tx(TxKind::Call(OTHER), vec![]);
    tx.gas_limit = 50_000_000;
    tx.data = Bytes::new();
    world.put_code(OTHER, vec![0xfe]);
    let run = world.run(tx);
    assert!(run.is_halt());
    assert_eq!(run.gas_used, 32_000_000);
    assert_eq!(before - world.balance(SENDER), U256::from(32_000_000u64 * 100_000_000));
    // A question has no cap.
    world.put_code(OTHER, hex!("5a60005260206000f3").to_vec());
    let mut tx = world.tx(TxKind::Call(OTHER), vec![]);
    tx.gas_limit = 50_000_000;
    let run = world.execute(tx, Mode::Call).unwrap();
    assert_eq!(U256::from_be_slice(run.output()), U256::from(50_000_000 - INTRINSIC_GAS - 2));
}
