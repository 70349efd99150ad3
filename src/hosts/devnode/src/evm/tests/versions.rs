//! What is different in older versions of ArbOS, on either side of the version that changed it.

use super::*;
use crate::{arbos::state::root, wasm::price::cached_gas, wasm::price::init_gas};

const ARGS: &str = "(call $read_args (i32.const 0))";

/// A world of this version with a program that was activated by its rules.
fn world(version: u64, text: &str) -> World {
    let mut world = World::new();
    world.chain.arbos_version = version;
    write_genesis(&mut world.arbos, 412_346, version);
    let hash = world.put_program(PROGRAM, text);
    let code = program_code(&wat::parse_str(text).unwrap());
    let config = ActivationConfig { arbos_version: version, debug: true, ..ActivationConfig::default() };
    let activated = activate(&code, &config).unwrap();
    let params = StylusParams::for_version(version);
    let record = ProgramRecord { version: params.version, init_cost: activated.init_cost, ..world.record(hash) };
    world.set_record(hash, &record);
    world
}

#[test]
fn the_parameters_of_each_version_are_those_it_began_with() {
    for (version, params_version, stack, least) in
        [(30, 1, 262_144, 72), (31, 2, 262_144, 69), (49, 2, 262_144, 69), (50, 2, 22_000, 69), (60, 2, 22_000, 69)]
    {
        let params = StylusParams::for_version(version);
        assert_eq!((params.version, params.max_stack_depth, params.min_init_gas), (params_version, stack, least));
        let word = params.pack(version);
        assert_eq!(StylusParams::unpack(&word, version), params);
        let mut arbos = GenesisStorage::new();
        write_genesis(&mut arbos, 1, version);
        assert_eq!(root(&mut arbos, crate::arbos::state::RootSlot::Version).unwrap(), U256::from(version));
    }
}

#[test]
fn before_31_a_start_pays_one_price_which_holds_the_cached_cost_too() {
    let gas = |version| world(version, calls::WRITE_ARGS).go(vec![]).gas_used - INTRINSIC_GAS - 7;
    let init = 34;
    let cached = 11;
    assert_eq!(gas(30), init_gas(init + cached, 72, 50));
    assert_eq!(gas(31), init_gas(init, 69, 50) + cached_gas(cached, 11, 50));
}

#[test]
fn before_31_a_cached_program_pays_the_cached_price_alone() {
    let mut world = world(30, calls::WRITE_ARGS);
    let codehash = world.db.load_account(PROGRAM).unwrap().info.code_hash;
    let record = world.record(codehash);
    world.set_record(codehash, &ProgramRecord { cached: true, ..record });
    assert_eq!(world.go(vec![]).gas_used - INTRINSIC_GAS - 7, cached_gas(11, 11, 50));
}

#[test]
fn before_32_a_load_of_storage_pays_ink_as_if_it_were_gas() {
    let load = format!("{ARGS} (call $storage_load_bytes32 (i32.const 0) (i32.const 64))");
    let ink = |version| world(version, &fine(&load)).go(word(1).to_vec()).inks("storage_load_bytes32")[0];
    assert_eq!(ink(32), 18_480 + (2_100 + 5) * GAS);
    assert_eq!(ink(31), 18_480 + (2_100 + 59_673) * GAS);
}

#[test]
fn before_40_code_that_is_not_there_is_remembered_too() {
    let twice =
        format!("{ARGS} (drop (call $account_code_size (i32.const 0))) (drop (call $account_code_size (i32.const 0)))");
    let inks = |version| world(version, &fine(&twice)).go(OTHER.to_vec()).inks("account_code_size");
    assert_eq!(inks(40), [33_068_073, 8_068_073]);
    assert_eq!(inks(39), [33_068_073, 68_073]);
}

#[test]
fn a_flush_without_gas_is_out_of_ink_from_32_on_and_before_a_failure_that_keeps_its_gas() {
    let flush = format!(
        "{ARGS} (call $storage_cache_bytes32 (i32.const 0) (i32.const 32)) (call $storage_flush_cache (i32.const 0))"
    );
    let data = [word(1), word(5)].concat();
    let run = |version| {
        let full = world(version, &fine(&flush)).go(data.clone()).gas_used;
        let mut world = world(version, &fine(&flush));
        let mut tx = world.tx(TxKind::Call(PROGRAM), data.clone());
        tx.gas_limit = full - 10_000;
        let run = world.run(tx);
        assert_eq!(world.storage(PROGRAM, 1), U256::ZERO);
        (run.end, full - 10_000 - run.gas_used)
    };
    assert_eq!(run(50), (Some(FrameEnd::OutOfInk), 0));
    assert_eq!(run(60), (Some(FrameEnd::OutOfInk), 0));
    // Between the two the price is asked for before the end is looked at, and there is not enough for it.
    let (end, kept) = run(49);
    assert_eq!((end, kept), (Some(FrameEnd::OutOfInk), 0));
    let (end, kept) = run(31);
    assert_eq!(end, Some(FrameEnd::Failure));
    assert!(kept > 11_000, "{kept}");
}

#[test]
fn roots_and_fragments_are_code_like_any_other_before_60() {
    use revm::primitives::hex;
    // Init code that returns seven bytes with the prefix of a fragment, then of a root.
    for prefix in [hex!("eff001"), hex!("eff002")] {
        let init = crate::wasm::format::init_code(&[&prefix[..], &[0; 25]].concat());
        for (version, is_made) in [(59, false), (60, true)] {
            let mut world = world(version, calls::WRITE_ARGS);
            let tx = world.tx(TxKind::Create, init.clone());
            assert_eq!(world.run(tx).result.is_success(), is_made, "{version}");
        }
    }
}
