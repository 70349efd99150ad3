//! Creations by a program.

use revm::primitives::hex;

use super::*;

/// Creates from the calldata: value in the first 32 bytes, salt in the next, then the init code.
/// Gives back the address, then the return data.
fn creator(name: &str) -> String {
    let salt = if name == "create2" { "(i32.const 32)" } else { "" };
    fine(&format!(
        "(call $read_args (i32.const 0))
         (call ${name} (i32.const 64) (i32.sub (local.get $len) (i32.const 64)) (i32.const 0) {salt}
           (i32.const 20000) (i32.const 20100))
         (drop (call $read_return_data (i32.const 20020) (i32.const 0) (i32.const 60)))
         (call $write_result (i32.const 20000) (i32.add (i32.const 20) (call $return_data_size)))"
    ))
}

fn create_data(value: u64, salt: u64, code: &[u8]) -> Vec<u8> {
    [&word(value), &word(salt), code].concat()
}

/// Init code that returns `code`, as the compiler of programs writes it.
fn init(code: &[u8]) -> Vec<u8> {
    crate::wasm::format::init_code(code)
}

fn created(run: &Executed) -> Address {
    Address::from_slice(&run.output()[..20])
}

#[test]
fn create2_costs_five_thousand_ink_and_six_gas_a_word_more_than_create1() {
    let code = vec![0; 145 * 32]; // STOP at once
    let ink = |name: &str| World::with(&creator(name)).go(create_data(0, 1, &code)).inks(name)[0];
    assert_eq!(ink("create2") - ink("create1"), 8_705_040);
    let read = 16_381 + 55 * (145 * 32 - 32);
    assert_eq!(ink("create1"), 83_193 + 2 * read + 32_000 * GAS);
}

#[test]
fn init_code_of_4_639_bytes_that_uses_922_355_gas_costs_the_two_known_figures() {
    // A sled of JUMPDESTs, then PUSH2 4590, PUSH0, RETURN: memory of 144 words, and 200 gas for each byte of code.
    let (bytes, memory_gas) = (4_590u16, 3 * 144 + 144 * 144 / 512);
    let sled = 922_355 - 200 * usize::from(bytes) - memory_gas - 5;
    let mut code = vec![0x5b; sled];
    code.extend([&[0x61][..], &bytes.to_be_bytes(), &hex!("5f f3")].concat());
    code.resize(4_639, 0);
    for (name, ink) in [("create1", 9_544_172_725), ("create2", 9_552_877_765)] {
        assert_eq!(World::with(&creator(name)).go(create_data(0, 1, &code)).inks(name), [ink], "{name}");
    }
}

#[test]
fn addresses_are_those_of_the_evm() {
    let code = init(&uses_gas(3));
    let mut world = World::with(&creator("create1"));
    for nonce in 1..3 {
        assert_eq!(created(&world.go(create_data(0, 0, &code))), PROGRAM.create(nonce));
    }
    let mut world = World::with(&creator("create2"));
    let run = world.go(create_data(0, 9, &code));
    let expected = PROGRAM.create2(word(9), revm::primitives::keccak256(&code));
    assert_eq!(created(&run), expected);
    assert_eq!(run.step("create2").outs[..20], expected[..]);
    let made = world.db.load_account(expected).unwrap().info.code.clone().unwrap();
    assert_eq!(made.original_bytes()[..], *uses_gas(3));
    // The same again collides.
    assert_eq!(created(&world.go(create_data(0, 9, &code))), Address::ZERO);
}

#[test]
fn the_price_is_the_base_and_what_the_child_used() {
    // deposit of 4 bytes at 200 gas, and the prelude's own 11 operators
    let code = init(&uses_gas(3));
    let run = World::with(&creator("create1")).go(create_data(0, 0, &code));
    let prelude = 3 * 7 + (3 + 3 + 3);
    let own = 83_193 + 2 * (16_381 + 55 * (code.len() as u64 - 32));
    assert_eq!((run.inks("create1")[0] - own) % GAS, 0);
    let gas = (run.inks("create1")[0] - own) / GAS - 32_000 - 4 * 200;
    assert!((20..=prelude + 10).contains(&gas), "{gas}");
}

#[test]
fn a_program_can_be_created_but_is_not_activated() {
    let code = program_code(&wat::parse_str(calls::WRITE_ARGS).unwrap());
    let mut world = World::with(&creator("create1"));
    let made = created(&world.go(create_data(0, 0, &init(&code))));
    assert_eq!(made, PROGRAM.create(1));
    let run = world.send(made, vec![]);
    assert!(matches!(run.end, Some(FrameEnd::NotRunnable(_))));
}

#[test]
fn a_constructor_that_reverts_leaves_its_data_and_no_address() {
    let run = World::with(&creator("create1")).go(create_data(0, 0, &hex!("602a60005360036000fd")));
    assert_eq!(run.output(), [&[0; 20][..], &[0x2a, 0, 0]].concat());
    // One that halts leaves nothing.
    let mut world = World::with(&creator("create1"));
    let run = world.go(create_data(0, 0, &hex!("fe")));
    assert_eq!(run.output(), [0; 20]);
}

#[test]
fn value_goes_along_and_value_that_is_not_there_fails() {
    let mut world = World::with(&creator("create1"));
    world.give(PROGRAM, U256::from(10));
    let made = created(&world.go(create_data(4, 0, &[])));
    assert_eq!(world.balance(made), U256::from(4));
    let run = world.go(create_data(7, 0, &[]));
    assert_eq!(created(&run), Address::ZERO);
    assert_eq!(run.inks("create1"), [83_193 + 2 * 16_381 + 32_000 * GAS]);
}

#[test]
fn long_init_code_is_neither_refused_nor_charged_by_the_word() {
    // More than twice the code limit, which a contract could not use.
    let body = "(call $create1 (i32.const 0) (i32.const 60000) (i32.const 61000) (i32.const 62000) (i32.const 63000))
        (call $write_result (i32.const 62000) (i32.const 20))";
    let run = World::with(&fine(body)).go(vec![]);
    assert_eq!(created(&run), PROGRAM.create(1));
    let read = 16_381 + 55 * (60_000 - 32);
    assert_eq!(run.inks("create1"), [83_193 + 2 * read + 32_000 * GAS]);
}

#[test]
fn without_gas_for_the_base_a_creation_is_a_failure() {
    let mut world = World::with(&creator("create1"));
    let before = world.go(create_data(0, 0, &[])).step("create1").start_ink;
    let mut tx = world.tx(TxKind::Call(PROGRAM), create_data(0, 0, &[]));
    tx.gas_limit = tx.gas_limit - before / GAS + 31_000;
    let limit = tx.gas_limit;
    let run = world.run(tx);
    assert_eq!(run.end, Some(FrameEnd::Failure));
    assert!(run.gas_used < limit - 30_000);
}

#[test]
fn the_trace_has_the_constructor_first_and_then_the_host_call() {
    let run = World::with(&creator("create1")).go(create_data(0, 0, &[]));
    let names = run.names();
    let at = names.iter().position(|name| *name == "evm_create1").unwrap();
    assert_eq!(names[at + 1], "create1");
    assert_eq!(run.steps()[at].address, Some(PROGRAM.create(1)));
    assert_eq!(run.steps()[at].steps.as_deref(), Some(&[][..]));
}
