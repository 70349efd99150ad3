//! What the tracer reports of every host function: its name, what it was given and what it gave back, byte for byte.

use revm::primitives::{KECCAK_EMPTY, hex, keccak256};

use super::*;

/// Three words and an address, which every row finds in memory from 0 on; word 128 is zero.
fn memory() -> Vec<u8> {
    [&word(7)[..], &word(5), &word(3), OTHER.as_slice()].concat()
}

/// A host function, the body that calls it, and the bytes it is given and gives back.
struct Row {
    name: &'static str,
    body: &'static str,
    args: Vec<u8>,
    outs: Vec<u8>,
}

fn row(name: &'static str, body: &'static str, args: &[&[u8]], outs: &[&[u8]]) -> Row {
    Row { name, body, args: args.concat(), outs: outs.concat() }
}

const CALL: &str = "(drop (call $call_contract (i32.const 96) (i32.const 0) (i32.const 10) (i32.const 32) (i64.const 70000) (i32.const 300)))";
const DELEGATE: &str =
    "(drop (call $delegate_call_contract (i32.const 96) (i32.const 0) (i32.const 10) (i64.const -1) (i32.const 300)))";
const STATIC: &str =
    "(drop (call $static_call_contract (i32.const 96) (i32.const 0) (i32.const 10) (i64.const 70000) (i32.const 300)))";
const AFTER_A_CALL: &str =
    "(drop (call $static_call_contract (i32.const 96) (i32.const 0) (i32.const 0) (i64.const -1) (i32.const 300)))
    (drop (call $read_return_data (i32.const 300) (i32.const 1) (i32.const 9)))";

/// What the callee returns: 2a, and two zeros.
const CALLEE: [u8; 10] = hex!("602a60005360036000f3");

fn rows() -> Vec<Row> {
    let (a, b, c) = (word(7), word(5), word(3));
    let memory = memory();
    let (other, program, sender) = (OTHER.as_slice(), PROGRAM.as_slice(), SENDER.as_slice());
    let none: &[&[u8]] = &[];
    let input = &memory[..10];
    let answer: &[&[u8]] = &[&3u32.to_be_bytes(), &[0]];
    // Init code of no bytes leaves an account without code.
    let created = PROGRAM.create(1);
    let created2 = PROGRAM.create2(b, KECCAK_EMPTY);
    vec![
        row("read_args", "", none, &[&memory]),
        row("write_result", "(call $write_result (i32.const 30) (i32.const 40))", &[&memory[30..70]], none),
        row("exit_early", "(call $exit_early (i32.const 0))", &[&0u32.to_be_bytes()], none),
        row("storage_load_bytes32", "(call $storage_load_bytes32 (i32.const 0) (i32.const 200))", &[&a], &[&word(9)]),
        row("storage_cache_bytes32", "(call $storage_cache_bytes32 (i32.const 0) (i32.const 32))", &[&a, &b], none),
        row("storage_flush_cache", "(call $storage_flush_cache (i32.const 2))", &[&[1]], none),
        row(
            "transient_load_bytes32",
            "(call $transient_load_bytes32 (i32.const 0) (i32.const 200))",
            &[&a],
            &[&word(0)],
        ),
        row("transient_store_bytes32", "(call $transient_store_bytes32 (i32.const 0) (i32.const 32))", &[&a, &b], none),
        row("call_contract", CALL, &[other, &70_000u64.to_be_bytes(), &b, input], answer),
        row("delegate_call_contract", DELEGATE, &[other, &u64::MAX.to_be_bytes(), input], answer),
        row("static_call_contract", STATIC, &[other, &70_000u64.to_be_bytes(), input], answer),
        row(
            "create1",
            "(call $create1 (i32.const 0) (i32.const 0) (i32.const 128) (i32.const 200) (i32.const 300))",
            &[&word(0)],
            &[created.as_slice(), &0u32.to_be_bytes()],
        ),
        row(
            "create2",
            "(call $create2 (i32.const 0) (i32.const 0) (i32.const 128) (i32.const 32) (i32.const 200) (i32.const 300))",
            &[&word(0), &b],
            &[created2.as_slice(), &0u32.to_be_bytes()],
        ),
        row("read_return_data", AFTER_A_CALL, &[&1u32.to_be_bytes(), &9u32.to_be_bytes()], &[&[0, 0]]),
        row("return_data_size", "(drop (call $return_data_size))", none, &[&0u32.to_be_bytes()]),
        row(
            "emit_log",
            "(call $emit_log (i32.const 0) (i32.const 35) (i32.const 1))",
            &[&1u32.to_be_bytes(), &memory[..35]],
            none,
        ),
        row("account_balance", "(call $account_balance (i32.const 96) (i32.const 200))", &[other], &[&word(55)]),
        row(
            "account_code",
            "(drop (call $account_code (i32.const 96) (i32.const 8) (i32.const 5) (i32.const 200)))",
            &[other, &8u32.to_be_bytes(), &5u32.to_be_bytes()],
            &[&CALLEE[8..]],
        ),
        row("account_code_size", "(drop (call $account_code_size (i32.const 96)))", &[other], &[&10u32.to_be_bytes()]),
        row(
            "account_codehash",
            "(call $account_codehash (i32.const 96) (i32.const 200))",
            &[other],
            &[keccak256(CALLEE).as_slice()],
        ),
        row("block_basefee", "(call $block_basefee (i32.const 200))", none, &[&word(100_000_000)]),
        row("chainid", "(drop (call $chainid))", none, &[&412_346u64.to_be_bytes()]),
        row("block_coinbase", "(call $block_coinbase (i32.const 200))", none, &[BATCH_POSTER.as_slice()]),
        row("block_gas_limit", "(drop (call $block_gas_limit))", none, &[&(1u64 << 50).to_be_bytes()]),
        row("block_number", "(drop (call $block_number))", none, &[&77u64.to_be_bytes()]),
        row("block_timestamp", "(drop (call $block_timestamp))", none, &[&NOW_SECS.to_be_bytes()]),
        row("contract_address", "(call $contract_address (i32.const 200))", none, &[program]),
        row("math_div", "(call $math_div (i32.const 0) (i32.const 32))", &[&a, &b], &[&word(1)]),
        row("math_mod", "(call $math_mod (i32.const 0) (i32.const 32))", &[&a, &b], &[&word(2)]),
        row("math_pow", "(call $math_pow (i32.const 0) (i32.const 32))", &[&a, &b], &[&word(16_807)]),
        row(
            "math_add_mod",
            "(call $math_add_mod (i32.const 0) (i32.const 32) (i32.const 64))",
            &[&a, &b, &c],
            &[&word(0)],
        ),
        row(
            "math_mul_mod",
            "(call $math_mul_mod (i32.const 0) (i32.const 32) (i32.const 64))",
            &[&a, &b, &c],
            &[&word(2)],
        ),
        row("msg_reentrant", "(drop (call $msg_reentrant))", none, &[&0u32.to_be_bytes()]),
        row("msg_sender", "(call $msg_sender (i32.const 200))", none, &[sender]),
        row("msg_value", "(call $msg_value (i32.const 200))", none, &[&word(6)]),
        row(
            "native_keccak256",
            "(call $native_keccak256 (i32.const 90) (i32.const 9) (i32.const 200))",
            &[&memory[90..99]],
            &[keccak256(&memory[90..99]).as_slice()],
        ),
        row("tx_gas_price", "(call $tx_gas_price (i32.const 200))", none, &[&word(100_000_000)]),
        row("tx_ink_price", "(drop (call $tx_ink_price))", none, &[&10_000u32.to_be_bytes()]),
        row("tx_origin", "(call $tx_origin (i32.const 200))", none, &[sender]),
        row("pay_for_memory_grow", "(call $pay_for_memory_grow (i32.const 65539))", &[&3u16.to_be_bytes()], none),
    ]
}

fn traced(body: &str) -> Executed {
    let mut world = World::with(&fine(&format!("(call $read_args (i32.const 0)) {body}")));
    world.block.l1_number = 77;
    world.put_code(OTHER, CALLEE.to_vec());
    world.give(OTHER, U256::from(55));
    world.db.insert_account_storage(PROGRAM, U256::from(7), U256::from(9)).unwrap();
    let mut tx = world.tx(TxKind::Call(PROGRAM), memory());
    tx.value = U256::from(6);
    world.run(tx)
}

#[test]
fn every_host_function_is_reported_with_its_arguments_and_results() {
    let rows = rows();
    for Row { name, body, args, outs } in &rows {
        let run = traced(body);
        assert!(run.result.is_success(), "{name}: {:?}", run.end);
        let step = run.step(name);
        assert_eq!((step.args.to_vec(), step.outs.to_vec()), (args.clone(), outs.clone()), "{name}");
        assert!(step.start_ink >= step.end_ink, "{name}");
    }
    // Gas and ink depend on what was left; everything else is in the table.
    let run = traced("(drop (call $evm_gas_left)) (drop (call $evm_ink_left))");
    let (gas, ink) = (run.step("evm_gas_left"), run.step("evm_ink_left"));
    assert_eq!((gas.args.len(), ink.args.len()), (0, 0));
    assert_eq!(gas.outs[..], (gas.end_ink / GAS).to_be_bytes());
    assert_eq!(ink.outs[..], ink.end_ink.to_be_bytes());
    let mut named: Vec<&str> = rows.iter().map(|row| row.name).chain(["evm_gas_left", "evm_ink_left"]).collect();
    let mut known: Vec<&str> = CHAIN_HOOKS.iter().map(|hook| hook.name).collect();
    named.sort_unstable();
    known.sort_unstable();
    assert_eq!(named, known);
}

#[test]
fn the_entry_and_the_return_are_reported_with_the_length_and_the_status() {
    let run = traced("");
    let (first, last) = (run.steps().first().unwrap(), run.steps().last().unwrap());
    assert_eq!(
        (first.name.as_str(), &first.args[..], &first.outs[..]),
        ("user_entrypoint", &116u32.to_be_bytes()[..], &[][..])
    );
    assert_eq!(
        (last.name.as_str(), &last.args[..], &last.outs[..]),
        ("user_returned", &[][..], &0u32.to_be_bytes()[..])
    );
    assert_eq!([first.end_ink, last.start_ink, last.end_ink], [first.start_ink; 3]);
}

#[test]
fn frames_that_bytecode_opens_are_named_by_their_opcode_and_have_no_figures() {
    // PROGRAM is bytecode here: it calls OTHER in each way, creates nothing twice, and ends itself in favour of OTHER.
    let to = [&hex!("73")[..], OTHER.as_slice(), &hex!("5a")].concat();
    let code = [
        &hex!("5f5f5f5f5f")[..],
        &to,
        &hex!("f150"),
        &hex!("5f5f5f5f"),
        &to,
        &hex!("f450"),
        &hex!("5f5f5f5f"),
        &to,
        &hex!("fa50"),
        &hex!("5f5f5ff050 5f5f5f5ff550"),
        &hex!("73"),
        OTHER.as_slice(),
        &hex!("ff"),
    ]
    .concat();
    let mut world = World::new();
    world.put_code(PROGRAM, code);
    world.put_program(OTHER, &fine("(drop (call $chainid))"));
    let run = world.go(vec![]);
    let names = [
        "evm_call_contract",
        "evm_delegate_call_contract",
        "evm_static_call_contract",
        "evm_create1",
        "evm_create2",
        "evm_self_destruct",
    ];
    assert_eq!(run.names(), names);
    for (place, step) in run.steps().iter().enumerate() {
        assert_eq!((step.args.len(), step.outs.len(), step.start_ink, step.end_ink), (0, 0, 0, 0), "{}", step.name);
        let inner: Vec<&str> = step.steps.iter().flatten().map(|step| step.name.as_str()).collect();
        let expected: &[&str] = if place < 3 { &["user_entrypoint", "chainid", "user_returned"] } else { &[] };
        assert_eq!(inner, expected, "{}", step.name);
        // All five keys are there, as the tool that reads them demands.
        let json = serde_json::to_value(step).unwrap();
        for key in ["name", "args", "outs", "startInk", "endInk", "address", "steps"] {
            assert!(json.get(key).is_some(), "{} has no {key}", step.name);
        }
    }
    let addresses: Vec<_> = run.steps().iter().map(|step| step.address.unwrap()).collect();
    assert_eq!(addresses[..3], [OTHER; 3]);
    assert_eq!(addresses[3], PROGRAM.create(1));
    assert_eq!(addresses[4], PROGRAM.create2([0; 32], KECCAK_EMPTY));
}
