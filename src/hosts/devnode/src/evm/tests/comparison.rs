//! Host calls beside the opcodes that do the same: powers, storage, logs, calls and creations, each at the price it has in bytecode and at
//! most a little more.

use revm::primitives::hex;

use super::*;

/// The most gas a host call takes beyond its opcode.
const OVERHEAD_GAS: i64 = 20;

/// Gas of `body` as bytecode at OTHER, measured from inside; the value of the transaction is what it has to give.
fn measured(world: &World, body: &[u8]) -> i64 {
    let mut world = World {
        db: world.db.clone(),
        chain: world.chain.clone(),
        block: world.block.clone(),
        arbos: world.arbos.clone(),
    };
    // GAS is kept in memory before, and subtracted from after.
    let code = [&hex!("5a61040052")[..], body, &hex!("5a61040051035f5260205ff3")].concat();
    world.put_code(OTHER, code);
    let mut tx = world.tx(TxKind::Call(OTHER), vec![]);
    tx.value = U256::from(10);
    let run = world.run(tx);
    assert!(run.result.is_success(), "{:?}", run.result);
    U256::from_be_slice(run.output()).to::<u64>() as i64
}

/// Gas of one opcode without the pushes before it: `operands` pushes of one byte each, and whether it leaves a result.
fn opcode_gas(world: &World, pushes: &[u8], operands: usize, opcode: &[u8], has_result: bool) -> i64 {
    const POP: u8 = 0x50;
    let result = if has_result { 1 } else { 0 };
    let with = measured(world, &[pushes, opcode, &vec![POP; result]].concat());
    let without = measured(world, &[pushes, &vec![POP; operands]].concat());
    with - without + 2 * operands as i64 - 2 * result as i64
}

/// Gas of all calls of these names together, rounded up.
fn hostio_gas(run: &Executed, names: &[&str]) -> i64 {
    let ink: u64 = names.iter().flat_map(|name| run.inks(name)).sum();
    ink.div_ceil(GAS) as i64
}

#[track_caller]
fn assert_close(what: &str, hostio: i64, opcode: i64) {
    assert!((-OVERHEAD_GAS..=OVERHEAD_GAS).contains(&(hostio - opcode)), "{what}: {hostio} gas, {opcode} as an opcode");
}

const ARGS: &str = "(call $read_args (i32.const 0))";

#[test]
fn powers_cost_less_than_the_opcode_whatever_the_exponent() {
    let world = World::new();
    for (bytes, opcode) in [(1usize, 60), (2, 110), (10, 510), (32, 1_610)] {
        let exponent = U256::from(1) << (8 * (bytes - 1));
        let pushes = [&[0x7f][..], &exponent.to_be_bytes::<32>(), &hex!("6003")].concat();
        assert_eq!(opcode_gas(&world, &pushes, 2, &[0x0a], true), opcode);
        let data = [word(3), exponent.to_be_bytes()].concat();
        let run = World::with(&fine(&format!("{ARGS} (call $math_pow (i32.const 0) (i32.const 32))"))).go(data);
        assert!(hostio_gas(&run, &["math_pow"]) < opcode, "{bytes} bytes");
    }
}

#[test]
fn storage_costs_what_it_costs_in_bytecode() {
    let load = "(call $storage_load_bytes32 (i32.const 0) (i32.const 64))";
    let store = "(call $storage_cache_bytes32 (i32.const 0) (i32.const 32)) (call $storage_flush_cache (i32.const 1))";
    let again = format!("{store} (i32.store8 (i32.const 63) (i32.const 9)) {store}");
    // What slot 1 holds before, the host calls, the opcodes with their pushes, and what the opcode costs.
    let sload: (&[u8], usize, &[u8], bool) = (&hex!("6001"), 1, &hex!("54"), true);
    let sstore: (&[u8], usize, &[u8], bool) = (&hex!("60056001"), 2, &hex!("55"), false);
    let sstores: (&[u8], usize, &[u8], bool) = (&hex!("60056001"), 2, &hex!("55 60096001 55"), false);
    let rows = [
        (0, load, sload, 2_100),
        (7, load, sload, 2_100),
        (0, store, sstore, 22_100),
        (7, store, sstore, 5_000),
        (5, store, sstore, 2_200),
        (0, again.as_str(), sstores, 22_200 + 6),
        (7, again.as_str(), sstores, 5_100 + 6),
    ];
    for (before, body, (pushes, operands, opcodes, has_result), price) in rows {
        let mut world = World::with(&fine(&format!("{ARGS} {body}")));
        for account in [PROGRAM, OTHER] {
            world.db.insert_account_storage(account, U256::from(1), U256::from(before)).unwrap();
        }
        let opcode = opcode_gas(&world, pushes, operands, opcodes, has_result);
        assert_eq!(opcode, price, "{before}: {body}");
        let run = world.go([word(1), word(5)].concat());
        let names = ["storage_load_bytes32", "storage_cache_bytes32", "storage_flush_cache"];
        assert_close(body, hostio_gas(&run, &names), opcode);
    }
}

#[test]
fn transient_storage_costs_what_it_costs_in_bytecode() {
    let mut world = World::with(&fine(&format!(
        "{ARGS} (call $transient_load_bytes32 (i32.const 0) (i32.const 64)) (call $transient_store_bytes32 (i32.const 0) (i32.const 32))"
    )));
    let (load, store) = (
        opcode_gas(&world, &hex!("6001"), 1, &hex!("5c"), true),
        opcode_gas(&world, &hex!("60056001"), 2, &hex!("5d"), false),
    );
    let run = world.go([word(1), word(5)].concat());
    assert_close("load", hostio_gas(&run, &["transient_load_bytes32"]), load);
    assert_close("store", hostio_gas(&run, &["transient_store_bytes32"]), store);
}

#[test]
fn logs_cost_what_they_cost_in_bytecode() {
    for topics in 0..=4u8 {
        for bytes in [0u8, 10, 100] {
            let len = 32 * u32::from(topics) + u32::from(bytes);
            let mut world =
                World::with(&fine(&format!("(call $emit_log (i32.const 0) (i32.const {len}) (i32.const {topics}))")));
            let pushes = [&vec![0x5f; topics.into()][..], &[0x60, bytes, 0x5f]].concat();
            let opcode = opcode_gas(&world, &pushes, usize::from(topics) + 2, &[0xa0 + topics], false);
            assert_eq!(opcode, 375 * (1 + i64::from(topics)) + 8 * i64::from(bytes));
            // Reading the log out of memory is 1.6 gas and 0.0055 for each byte.
            assert_close("log", hostio_gas(&world.go(vec![]), &["emit_log"]), opcode);
        }
    }
}

#[test]
fn calls_cost_what_they_cost_in_bytecode_but_for_the_stipend() {
    let callee = Address::repeat_byte(0x55);
    let call = |name: &str| {
        let value = if name == "call_contract" { "(i32.const 20)" } else { "" };
        format!(
            "(drop (call ${name} (i32.const 0) (i32.const 0) (i32.const 0) {value} (i64.const -1) (i32.const 200)))"
        )
    };
    // The host call, its value, how often, and the opcode.
    let rows = [
        ("call_contract", 0, 1, 0xf1),
        ("call_contract", 0, 2, 0xf1),
        ("call_contract", 3, 1, 0xf1),
        ("delegate_call_contract", 0, 1, 0xf4),
        ("static_call_contract", 0, 1, 0xfa),
    ];
    for exists in [true, false] {
        for (name, value, times, opcode) in rows {
            let mut world = World::with(&fine(&format!("{ARGS} {}", call(name).repeat(times))));
            if exists {
                world.put_code(callee, uses_gas(50));
            }
            let zeros = if name == "call_contract" { 5 } else { 4 };
            let mut pushes = vec![0x5f; zeros];
            if name == "call_contract" {
                pushes.splice(4..5, [0x60, value]);
            }
            pushes.push(0x73);
            pushes.extend(callee);
            pushes.extend(hex!("61ffff"));
            let one = [&[opcode][..], &hex!("50")].concat();
            let all: Vec<u8> = (0..times)
                .flat_map(|time| if time == 0 { one.clone() } else { [&pushes[..], &one].concat() })
                .collect();
            let mut in_bytecode = opcode_gas(&world, &pushes, zeros + 2, &all, false) - 2 * times as i64;
            if times == 2 {
                // The pushes of the second call.
                in_bytecode -= 5 * 2 + 1 + 3 + 3;
            }
            let mut tx = world.tx(TxKind::Call(PROGRAM), [callee.as_slice(), &word(value.into())].concat());
            tx.value = U256::from(10);
            let run = world.run(tx);
            assert!(run.result.is_success());
            let hostio = hostio_gas(&run, &[name]);
            // What the callee leaves of the stipend goes back to bytecode, which never paid for it.
            let stipend = if value > 0 { 2_300 } else { 0 };
            let times = times as i64;
            assert_close(&format!("{name} {value} {times} {exists}"), hostio / times, (in_bytecode + stipend) / times);
        }
    }
}

#[test]
fn creations_cost_what_they_cost_in_bytecode_but_for_the_words_of_init_code() {
    // Init code of 96 zero bytes stops at once.
    let words = 3;
    for (name, salt, pushes, operands, opcode) in [
        ("create1", "", &hex!("60605f5f")[..], 3, 0xf0),
        ("create2", "(i32.const 32)", &hex!("600960605f5f")[..], 4, 0xf5),
    ] {
        let body = format!(
            "(call ${name} (i32.const 300) (i32.const 96) (i32.const 500) {salt} (i32.const 200) (i32.const 240))"
        );
        let mut world = World::with(&fine(&body));
        let in_bytecode = opcode_gas(&world, pushes, operands, &[opcode], true);
        // Two gas a word for EIP-3860, which a program does not pay.
        assert_close(name, hostio_gas(&world.go(vec![]), &[name]), in_bytecode - 2 * words);
    }
}
