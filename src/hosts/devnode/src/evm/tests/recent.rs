//! From ArbOS 60 on a program that ran before in the block starts as if it were cached.

use super::*;
use crate::wasm::price::init_gas;

/// A world of this version with the 187-byte program, and the gas its start costs when it is not ready.
fn world(version: u64) -> (World, u64) {
    let mut world = World::new();
    world.chain.arbos_version = version;
    crate::arbos::state::write_genesis(&mut world.arbos, 412_346, version);
    let hash = world.put_program(PROGRAM, calls::WRITE_ARGS);
    let gas = init_gas(world.record(hash).init_cost, 69, 50);
    (world, gas)
}

/// Runs the program in the block of the transactions before.
fn next(world: &mut World) -> u64 {
    let run = world.go(vec![]);
    world.block.recent_programs = run.recent_programs;
    run.gas_used
}

#[test]
fn the_second_run_in_a_block_saves_the_init_gas_from_arbos_60_on() {
    let (mut world, init) = world(60);
    let first = next(&mut world);
    assert_eq!(first - next(&mut world), init);
    // The next block begins with an empty list.
    world.block.recent_programs = RecentPrograms::default();
    assert_eq!(next(&mut world), first);
    let (mut old, _) = self::world(51);
    assert_eq!(next(&mut old), first);
    assert_eq!(next(&mut old), first);
}

#[test]
fn a_program_counts_as_recent_within_one_transaction_and_after_a_revert() {
    let (mut world, init) = world(60);
    let twice = "(call $read_args (i32.const 0))
        (drop (call $call_contract (i32.const 0) (i32.const 0) (i32.const 0) (i32.const 100) (i64.const -1) (i32.const 200)))
        (drop (call $call_contract (i32.const 0) (i32.const 0) (i32.const 0) (i32.const 100) (i64.const -1) (i32.const 200)))
        (i32.const 1)";
    world.put_program(OTHER, &module(1, twice));
    let run = world.send(OTHER, PROGRAM.to_vec());
    assert!(matches!(run.result, ExecutionResult::Revert { .. }));
    let [first, second] = run.inks("call_contract")[..] else { panic!("two calls") };
    assert_eq!(first - second, (2_500 + init) * GAS);
    world.block.recent_programs = run.recent_programs;
    let warm = next(&mut world);
    world.block.recent_programs = RecentPrograms::default();
    assert_eq!(next(&mut world) - warm, init);
}

#[test]
fn the_list_holds_as_many_programs_as_the_parameters_say() {
    let (mut world, _) = world(60);
    let params = StylusParams { block_cache_size: 0, ..StylusParams::for_version(60) };
    set_params(&mut world.arbos, &params, 60).unwrap();
    world.write_arbos();
    assert_eq!(next(&mut world), next(&mut world));
}

#[test]
fn a_program_that_a_manager_keeps_ready_takes_no_place_in_the_list() {
    let (mut world, init) = world(60);
    set_params(&mut world.arbos, &StylusParams { block_cache_size: 1, ..StylusParams::for_version(60) }, 60).unwrap();
    let kept = world.put_program(OTHER, &module(1, "(i32.const 0)"));
    let record = world.record(kept);
    world.set_record(kept, &ProgramRecord { cached: true, ..record });
    let first = next(&mut world);
    // Were it noted, it would push the other out of a list of one.
    let run = world.send(OTHER, vec![]);
    assert!(run.result.is_success());
    world.block.recent_programs = run.recent_programs;
    assert_eq!(first - next(&mut world), init);
}
