//! Balance and code of accounts.

use super::*;

const ARGS: &str = "(call $read_args (i32.const 0))";

#[test]
fn a_warm_balance_costs_1_078_153_ink() {
    let body = format!("{ARGS} (call $account_balance (i32.const 0) (i32.const 64))");
    let mut world = World::with(&fine(&body));
    world.give(OTHER, U256::from(55));
    let run = world.go(SENDER.to_vec());
    assert_eq!(run.inks("account_balance"), [1_078_153]);
    let run = world.go(OTHER.to_vec());
    assert_eq!(run.inks("account_balance"), [26_078_153]);
    assert_eq!(run.step("account_balance").outs[..], word(55));
}

#[test]
fn a_cold_codehash_costs_26_078_153_ink() {
    let body = format!("{ARGS} (call $account_codehash (i32.const 0) (i32.const 64))");
    let mut world = World::with(&fine(&body));
    let hash = world.put_code(OTHER, uses_gas(5));
    let run = world.go(OTHER.to_vec());
    assert_eq!(run.inks("account_codehash"), [26_078_153]);
    assert_eq!(run.step("account_codehash").outs, hash.to_vec());
}

#[test]
fn an_account_without_code_has_the_hash_of_nothing_only_when_it_exists() {
    let body = format!("{ARGS} (call $account_codehash (i32.const 0) (i32.const 64))");
    let mut world = World::with(&fine(&body));
    let hash = |run: &Executed| B256::from_slice(&run.step("account_codehash").outs);
    assert_eq!(hash(&world.go(Address::repeat_byte(0x77).to_vec())), B256::ZERO);
    assert_eq!(hash(&world.go(SENDER.to_vec())), revm::primitives::KECCAK_EMPTY);
    world.db.insert_account_info(OTHER, AccountInfo { nonce: 1, ..Default::default() });
    assert_eq!(hash(&world.go(OTHER.to_vec())), revm::primitives::KECCAK_EMPTY);
}

#[test]
fn the_code_size_is_cold_once_and_then_remembered() {
    let body =
        format!("{ARGS} (drop (call $account_code_size (i32.const 0))) (drop (call $account_code_size (i32.const 0)))");
    let mut world = World::with(&fine(&body));
    world.put_code(OTHER, uses_gas(5));
    let run = world.go(OTHER.to_vec());
    assert_eq!(run.inks("account_code_size"), [33_068_073, 68_073]);
    // Code that is not there is not remembered.
    let run = world.go(Address::repeat_byte(0x77).to_vec());
    assert_eq!(run.inks("account_code_size"), [33_068_073, 8_068_073]);
}

#[test]
fn code_and_its_size_share_what_is_remembered_and_only_of_the_last_account() {
    let size = "(drop (call $account_code_size (i32.const 0)))";
    let code = "(drop (call $account_code (i32.const 0) (i32.const 0) (i32.const 1) (i32.const 100)))";
    let other = "(drop (call $account_code_size (i32.const 20)))";
    let gas = |run: &Executed, name: &str| run.inks(name).iter().map(|ink| ink / GAS).collect::<Vec<_>>();
    let run = |body: String| {
        let mut world = World::with(&fine(&format!("{ARGS} {body}")));
        world.put_code(OTHER, uses_gas(5));
        world.put_code(Address::repeat_byte(0x55), uses_gas(6));
        world.go([OTHER.as_slice(), Address::repeat_byte(0x55).as_slice()].concat())
    };
    // 3 300 for a cold account with its code, 800 for a warm one, nothing for what is remembered; the rest is ink.
    let first = run(format!("{code} {size} {code}"));
    assert_eq!((gas(&first, "account_code"), gas(&first, "account_code_size")), (vec![3_307, 7], vec![6]));
    let second = run(format!("{size} {code} {other} {size}"));
    assert_eq!((gas(&second, "account_code"), gas(&second, "account_code_size")), (vec![7], vec![3_306, 3_306, 806]));
}

#[test]
fn a_larger_limit_of_code_makes_looking_at_code_dearer() {
    let body = format!("{ARGS} (drop (call $account_code_size (i32.const 0)))");
    for (limit, gas) in [(24_576, 700), (49_151, 700), (49_152, 1_400), (98_304, 2_800)] {
        let mut world = World::with(&fine(&body));
        world.chain.max_code_size = limit;
        world.put_code(OTHER, uses_gas(5));
        assert_eq!(world.go(OTHER.to_vec()).inks("account_code_size"), [68_073 + (2_600 + gas) * GAS], "{limit}");
    }
}

#[test]
fn an_empty_account_that_exists_has_the_hash_of_nothing_where_bytecode_sees_zero() {
    let body = format!(
        "{ARGS} (call $account_codehash (i32.const 0) (i32.const 64)) (call $write_result (i32.const 64) (i32.const 32))"
    );
    let mut world = World::with(&fine(&body));
    let empty = Address::repeat_byte(0x55);
    world.db.insert_account_info(empty, AccountInfo::default());
    assert_eq!(world.go(empty.to_vec()).output(), revm::primitives::KECCAK_EMPTY.as_slice());
    // EXTCODEHASH of the address in the calldata.
    world.put_code(OTHER, revm::primitives::hex!("5f3560601c3f5f5260205ff3").to_vec());
    assert_eq!(world.send(OTHER, empty.to_vec()).output(), [0; 32]);
}

#[test]
fn reading_code_is_priced_by_its_whole_length() {
    let body = format!(
        "{ARGS} (i32.store (i32.const 400) (call $account_code (i32.const 0) (i32.const 3) (i32.const 4) (i32.const 100)))
         (call $write_result (i32.const 100) (i32.const 8))"
    );
    for (len, ink) in [(120, 33_075_753), (206, 33_078_333), (179, 33_077_523), (135, 33_076_203)] {
        let mut world = World::with(&fine(&body));
        world.put_code(OTHER, (0..len).map(|byte| byte as u8).collect());
        let run = world.go(OTHER.to_vec());
        assert_eq!(run.inks("account_code"), [ink], "{len} bytes");
        assert_eq!(run.output(), [3, 4, 5, 6, 0, 0, 0, 0]);
    }
}

#[test]
fn code_is_copied_only_as_far_as_it_reaches() {
    let body = format!(
        "{ARGS} (drop (call $account_code (i32.const 0) (i32.const 4) (i32.const 9) (i32.const 100)))
         (drop (call $account_code (i32.const 0) (i32.const 90) (i32.const 9) (i32.const 100)))"
    );
    let mut world = World::with(&fine(&body));
    world.put_code(OTHER, vec![1, 2, 3, 4, 5, 6]);
    let run = world.go(OTHER.to_vec());
    let outs: Vec<_> =
        run.steps().iter().filter(|step| step.name == "account_code").map(|step| step.outs.to_vec()).collect();
    assert_eq!(outs, [vec![5, 6], vec![]]);
}
