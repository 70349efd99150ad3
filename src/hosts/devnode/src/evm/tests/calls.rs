//! Calls by a program: price, kinds, status and return data.

use revm::primitives::hex;

use super::*;

/// Ink of a call without input, before anything the call itself costs.
const CALL_INK: u64 = 115_955;

/// Calls the account in the calldata's first 20 bytes, with the value in the next 32 and the rest
/// as input, and gives back the status, the length (little-endian) and the data.
pub(super) fn caller(kind: &str, gas: i64) -> String {
    let value = if kind == "call_contract" { "(i32.const 20)" } else { "" };
    fine(&format!(
        "(call $read_args (i32.const 0))
         (i32.store8 (i32.const 7999) (call ${kind} (i32.const 0) (i32.const 52)
           (i32.sub (local.get $len) (i32.const 52)) {value} (i64.const {gas}) (i32.const 8000)))
         (drop (call $read_return_data (i32.const 8004) (i32.const 0) (i32.const 20000)))
         (call $write_result (i32.const 7999) (i32.add (i32.const 5) (call $return_data_size)))"
    ))
}

pub(super) fn call_data(to: Address, value: u64, input: &[u8]) -> Vec<u8> {
    with_address(to, &[&word(value), input].concat())
}

/// What [`caller`] gives back.
fn answer(status: u8, data: &[u8]) -> Vec<u8> {
    [&[status][..], &(data.len() as u32).to_le_bytes(), data].concat()
}

/// Returns its calldata, as the fixture of the known figures does: 187 bytes of module.
pub(super) const WRITE_ARGS: &str = r#"(module
    (import "vm_hooks" "pay_for_memory_grow" (func (param i32)))
    (import "vm_hooks" "read_args" (func (param i32)))
    (import "vm_hooks" "write_result" (func (param i32 i32)))
    (func (export "user_entrypoint") (param $calldata_len i32) (result i32)
        i32.const 0 call 1 i32.const 0 local.get $calldata_len call 2 i32.const 0)
    (memory (export "memory") 1))"#;

const KINDS: [&str; 3] = ["call_contract", "delegate_call_contract", "static_call_contract"];

#[test]
fn a_cold_call_to_bytecode_costs_28_325_955_ink() {
    for kind in KINDS {
        let mut world = World::with(&caller(kind, -1));
        world.put_code(OTHER, uses_gas(221));
        let run = world.go(call_data(OTHER, 0, &[]));
        assert_eq!(run.inks(kind), [28_325_955], "{kind}");
        assert_eq!(run.output(), answer(0, &[]));
    }
}

#[test]
fn value_costs_9_000_gas_more_and_the_stipend_is_not_a_gift() {
    let mut world = World::with(&caller("call_contract", -1));
    world.put_code(OTHER, uses_gas(221));
    world.give(PROGRAM, U256::from(5_000));
    let run = world.go(call_data(OTHER, 1_000, &[]));
    assert_eq!(run.inks("call_contract"), [118_325_955]);
    assert_eq!(world.balance(OTHER), U256::from(1_000));
    assert_eq!(world.balance(PROGRAM), U256::from(4_000));
}

#[test]
fn a_cold_call_to_a_program_costs_118_475_955_ink() {
    for kind in KINDS {
        let mut world = World::with(&caller(kind, -1));
        world.put_program(OTHER, WRITE_ARGS);
        let run = world.go(call_data(OTHER, 0, &[]));
        assert_eq!(run.inks(kind), [118_475_955], "{kind}");
    }
}

#[test]
fn value_to_an_account_that_does_not_exist_costs_25_000_gas_more() {
    let mut world = World::with(&caller("call_contract", -1));
    world.give(PROGRAM, U256::from(1));
    let run = world.go(call_data(OTHER, 1, &[]));
    assert_eq!(run.inks("call_contract"), [CALL_INK + (2_600 + 9_000 + 25_000) * GAS]);
    assert_eq!(run.output(), answer(0, &[]));
    assert_eq!(world.balance(OTHER), U256::from(1));
}

#[test]
fn the_input_is_paid_for_twice() {
    let mut world = World::with(&caller("call_contract", -1));
    world.put_code(OTHER, uses_gas(0));
    let run = world.go(call_data(OTHER, 0, &[9; 100]));
    assert_eq!(run.inks("call_contract"), [CALL_INK + 2 * 55 * 68 + 2_600 * GAS]);
}

#[test]
fn value_the_caller_does_not_have_fails_and_hands_all_gas_back() {
    let mut world = World::with(&caller("call_contract", -1));
    world.put_code(OTHER, uses_gas(221));
    let run = world.go(call_data(OTHER, 1_000, &[]));
    assert_eq!(run.inks("call_contract"), [CALL_INK + (2_600 + 9_000) * GAS]);
    assert_eq!(run.output(), answer(2, &[]));
}

#[test]
fn value_in_a_static_frame_fails_without_a_charge() {
    let mut world = World::new();
    world.put_program(OTHER, &caller("call_contract", -1));
    world.give(OTHER, U256::from(5));
    world.put_program(PROGRAM, &caller("static_call_contract", -1));
    let inner = call_data(SENDER, 1, &[]);
    let run = world.go(call_data(OTHER, 0, &inner));
    let steps = run.step("static_call_contract").steps.as_ref().unwrap();
    let call = steps.iter().find(|step| step.name == "call_contract").unwrap();
    assert_eq!(call.start_ink - call.end_ink, CALL_INK);
    assert_eq!(call.steps, None);
    assert_eq!(run.output(), answer(0, &answer(2, &[])));
}

#[test]
fn a_callee_out_of_gas_takes_only_what_it_was_given() {
    let mut world = World::with(&caller("call_contract", 100));
    world.put_code(OTHER, uses_gas(221));
    let run = world.go(call_data(OTHER, 0, &[]));
    assert_eq!(run.inks("call_contract"), [CALL_INK + (2_600 + 100) * GAS]);
    assert_eq!(run.output(), answer(2, &[]));
}

#[test]
fn a_call_whose_base_price_is_not_there_takes_everything() {
    let mut world = World::with(&caller("call_contract", -1));
    world.put_code(OTHER, uses_gas(0));
    // One clean run tells how much gas there was before the call.
    let run = world.go(call_data(OTHER, 0, &[]));
    let before = run.step("call_contract").start_ink;
    let mut tx = world.tx(TxKind::Call(PROGRAM), call_data(OTHER, 0, &[]));
    tx.gas_limit = tx.gas_limit - before / GAS + 2_500;
    let run = world.run(tx);
    let step = run.step("call_contract");
    assert!(step.end_ink < GAS, "{}", step.end_ink);
    assert_eq!(step.outs.last(), Some(&2));
    assert_eq!(step.steps, None);
}

#[test]
fn at_most_63_64ths_of_what_is_left_after_the_base_price_goes_to_the_callee() {
    let mut world = World::with(&caller("call_contract", -1));
    // GAS, then return it
    world.put_code(OTHER, hex!("5a60005260206000f3").to_vec());
    let run = world.go(call_data(OTHER, 0, &[]));
    let left = (run.step("call_contract").start_ink - CALL_INK) / GAS - 2_600;
    let seen = U256::from_be_slice(&run.output()[5..]);
    assert_eq!(seen, U256::from(left * 63 / 64 - 2));
}

#[test]
fn return_data_is_readable_after_success_and_revert_but_not_after_a_halt() {
    // RETURN, REVERT and INVALID of memory that begins with 0x2a
    let codes = [
        (hex!("602a60005360036000f3").to_vec(), 0, vec![0x2a, 0, 0]),
        (hex!("602a60005360036000fd").to_vec(), 2, vec![0x2a, 0, 0]),
        (hex!("602a60005360036000fe").to_vec(), 2, vec![]),
    ];
    for (code, status, data) in codes {
        let mut world = World::with(&caller("call_contract", 10_000));
        world.put_code(OTHER, code);
        let run = world.go(call_data(OTHER, 0, &[]));
        assert_eq!(run.output(), answer(status, &data));
        let step = run.step("call_contract");
        assert_eq!(step.outs[..], [&(data.len() as u32).to_be_bytes()[..], &[status]].concat());
    }
}

#[test]
fn reading_return_data_is_priced_by_what_is_copied() {
    for (len, ink) in [(10, 73_113), (100, 75_153), (1_000, 102_153), (10_000, 372_153)] {
        let mut world = World::with(&caller("call_contract", -1));
        let [high, low] = (len as u16).to_be_bytes();
        world.put_code(OTHER, vec![0x61, high, low, 0x60, 0, 0xf3]);
        let run = world.go(call_data(OTHER, 0, &[]));
        assert_eq!(run.inks("read_return_data"), [ink], "{len} bytes");
        assert_eq!(run.output(), answer(0, &vec![0; len]));
    }
}

#[test]
fn reading_beyond_the_return_data_copies_nothing() {
    let body = "(call $read_args (i32.const 0))
        (drop (call $call_contract (i32.const 0) (i32.const 0) (i32.const 0) (i32.const 100) (i64.const -1) (i32.const 200)))
        (drop (call $read_return_data (i32.const 300) (i32.const 5) (i32.const 9)))
        (drop (call $read_return_data (i32.const 300) (i32.const 8) (i32.const 9)))
        (drop (call $read_return_data (i32.const 300) (i32.const -1) (i32.const -1)))";
    let mut world = World::with(&fine(body));
    world.put_code(OTHER, hex!("602a60075360086000f3").to_vec());
    let run = world.go(OTHER.to_vec());
    let outs: Vec<_> =
        run.steps().iter().filter(|step| step.name == "read_return_data").map(|step| step.outs.to_vec()).collect();
    assert_eq!(outs, [vec![0, 0, 0x2a], vec![], vec![]]);
    assert_eq!(run.inks("read_return_data"), [73_113; 3]);
}

#[test]
fn a_plain_call_changes_who_calls_and_a_delegate_call_does_not() {
    let facts = fine(
        "(call $msg_sender (i32.const 0)) (call $msg_value (i32.const 20))
         (call $contract_address (i32.const 52)) (call $write_result (i32.const 0) (i32.const 72))",
    );
    let seen = |kind: &str, sent: u64| {
        let mut world = World::with(&caller(kind, -1));
        world.put_program(OTHER, &facts);
        let mut tx = world.tx(TxKind::Call(PROGRAM), call_data(OTHER, 3, &[]));
        tx.value = U256::from(sent);
        world.run(tx).output()[5..].to_vec()
    };
    let expected =
        |sender: Address, value: u64, acting: Address| [sender.as_slice(), &word(value), acting.as_slice()].concat();
    assert_eq!(seen("call_contract", 9), expected(PROGRAM, 3, OTHER));
    assert_eq!(seen("delegate_call_contract", 9), expected(SENDER, 9, PROGRAM));
    assert_eq!(seen("static_call_contract", 9), expected(PROGRAM, 0, OTHER));
}

#[test]
fn a_delegate_call_writes_the_callers_storage() {
    let mut world = World::with(&caller("delegate_call_contract", -1));
    world.put_code(OTHER, hex!("6009600755").to_vec());
    world.go(call_data(OTHER, 0, &[]));
    assert_eq!(world.storage(PROGRAM, 7), U256::from(9));
    assert_eq!(world.storage(OTHER, 7), U256::ZERO);
}

#[test]
fn calls_to_nobody_and_to_precompiles_go_as_in_the_evm() {
    let mut world = World::with(&caller("call_contract", -1));
    let run = world.go(call_data(OTHER, 0, &[1]));
    assert_eq!(run.output(), answer(0, &[]));
    assert_eq!(run.inks("call_contract"), [CALL_INK + 2_600 * GAS]);
    let identity = Address::with_last_byte(4);
    let run = world.go(call_data(identity, 0, b"abc"));
    assert_eq!(run.output(), answer(0, b"abc"));
    assert_eq!(run.inks("call_contract"), [CALL_INK + (100 + 15 + 3) * GAS]);
}

#[test]
fn an_account_delegated_to_a_program_runs_it_as_itself() {
    let mut world = World::with(&caller("call_contract", -1));
    let library = Address::repeat_byte(0x55);
    world.put_program(
        library,
        &fine("(call $contract_address (i32.const 0)) (call $write_result (i32.const 0) (i32.const 20))"),
    );
    world.put_code(OTHER, [&hex!("ef0100")[..], library.as_slice()].concat());
    let run = world.go(call_data(OTHER, 0, &[]));
    assert_eq!(run.output(), answer(0, OTHER.as_slice()));
    assert_eq!(world.send(OTHER, vec![]).output(), OTHER.as_slice());
}

#[test]
fn a_length_that_cannot_be_written_is_a_failure() {
    let body = "(call $read_args (i32.const 0))
        (drop (call $call_contract (i32.const 0) (i32.const 0) (i32.const 0) (i32.const 100) (i64.const -1) (i32.const 65533)))";
    let run = World::with(&fine(body)).send(PROGRAM, OTHER.to_vec());
    assert_eq!(run.end, Some(FrameEnd::Failure));
    assert!(run.gas_used < 100_000);
}

#[test]
fn nested_calls_of_programs_lie_inside_their_host_call_and_those_of_bytecode_beside() {
    let mut world = World::with(&caller("call_contract", -1));
    world.put_program(OTHER, WRITE_ARGS);
    let forwarder = Address::repeat_byte(0x66);
    world.put_code(forwarder, nesting::forwarder());
    let run = world.go(call_data(forwarder, 0, OTHER.as_slice()));
    let call = run.step("call_contract");
    assert_eq!(call.address, Some(forwarder));
    let [inner] = call.steps.as_deref().unwrap() else { panic!("one step of bytecode") };
    assert_eq!((inner.name.as_str(), inner.address), ("evm_call_contract", Some(OTHER)));
    let names: Vec<_> = inner.steps.as_ref().unwrap().iter().map(|step| step.name.as_str()).collect();
    assert_eq!(names, ["user_entrypoint", "read_args", "write_result", "user_returned"]);
    assert_eq!((inner.start_ink, inner.end_ink, inner.args.len(), inner.outs.len()), (0, 0, 0, 0));
    assert_eq!(call.args[..], [forwarder.as_slice(), &[0xff; 8], &word(0), OTHER.as_slice()].concat());
}
