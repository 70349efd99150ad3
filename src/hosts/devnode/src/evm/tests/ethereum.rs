//! Where the rules differ from Ethereum's for everyone.

use revm::{
    context::result::{HaltReason, InvalidTransaction},
    primitives::hex,
};

use super::*;
use crate::arbos::state::{RootSlot, set_root};

/// Runs code that leaves a word on the stack, and gives the word.
fn value_of(world: &mut World, code: &[u8]) -> U256 {
    world.put_code(PROGRAM, [code, &hex!("60005260206000f3")].concat());
    U256::from_be_slice(world.go(vec![]).output())
}

#[test]
fn the_block_a_contract_sees_is_the_l1_block() {
    let mut world = World::new();
    world.block.l1_number = 300;
    world.block.l2_number = 5;
    let number = |opcode: u8| value_of(&mut world, &[opcode]);
    let seen: Vec<U256> = [0x43, 0x42, 0x44, 0x45, 0x46, 0x48, 0x3a].map(number).to_vec();
    let expected = [300, NOW_SECS, 1, 1 << 50, 412_346, 100_000_000, 100_000_000].map(U256::from);
    assert_eq!(seen, expected);
    assert_eq!(value_of(&mut world, &[0x41]), U256::from_be_slice(BATCH_POSTER.as_slice()));
}

#[test]
fn the_last_256_l1_hashes_can_be_asked_for() {
    let mut world = World::new();
    world.block.l1_number = 300;
    let mut hash = |number: u16| {
        let [high, low] = number.to_be_bytes();
        value_of(&mut world, &[0x61, high, low, 0x40])
    };
    assert_eq!(hash(299), U256::from_be_bytes(ChainContext::l1_block_hash(299).0));
    assert_eq!(hash(44), U256::from_be_bytes(ChainContext::l1_block_hash(44).0));
    assert_ne!(hash(44), hash(45));
    for number in [43, 300, 301] {
        assert_eq!(hash(number), U256::ZERO);
    }
}

#[test]
fn there_are_no_blobs() {
    let mut world = World::new();
    world.put_code(PROGRAM, hex!("4a00").to_vec());
    let run = world.send(PROGRAM, vec![]);
    assert!(matches!(run.result, ExecutionResult::Halt { reason: HaltReason::OpcodeNotFound, .. }));
    let mut tx = world.tx(TxKind::Call(PROGRAM), vec![]);
    tx.tx_type = 3;
    tx.blob_hashes = vec![B256::with_last_byte(1)];
    let refused = world.execute(tx, Mode::Transaction).unwrap_err();
    assert!(matches!(refused, ExecuteError::Transaction(InvalidTransaction::Eip4844NotSupported)));
}

#[test]
fn everyone_pays_the_base_fee_and_the_network_account_gets_it() {
    let mut world = World::new();
    let network = Address::repeat_byte(0x99);
    set_root(&mut world.arbos, RootSlot::NetworkFeeAccount, U256::from_be_slice(network.as_slice())).unwrap();
    world.write_arbos();
    world.put_code(PROGRAM, hex!("3a60005260206000f3").to_vec());
    let before = world.balance(SENDER);
    let mut tx = world.tx(TxKind::Call(PROGRAM), vec![]);
    tx.tx_type = 2;
    tx.gas_price = 900_000_000;
    tx.gas_priority_fee = Some(700_000_000);
    let run = world.run(tx);
    assert_eq!(U256::from_be_slice(run.output()), U256::from(100_000_000));
    let fee_wei = U256::from(run.gas_used * 100_000_000);
    assert_eq!(before - world.balance(SENDER), fee_wei);
    assert_eq!(world.balance(network), fee_wei);
    assert_eq!(world.balance(BATCH_POSTER), U256::ZERO);
    assert_eq!(run.gas_price_wei, 100_000_000);
}

#[test]
fn the_balance_must_cover_what_the_sender_allowed() {
    let mut world = World::new();
    world.give(SENDER, U256::from(100_000u64 * 500_000_000 - 1));
    let mut tx = world.tx(TxKind::Call(OTHER), vec![]);
    tx.gas_limit = 100_000;
    tx.gas_price = 500_000_000;
    let refused = world.execute(tx.clone(), Mode::Transaction).unwrap_err();
    assert!(matches!(refused, ExecuteError::Transaction(InvalidTransaction::LackOfFundForMaxFee { .. })));
    tx.gas_price = 499_999_999;
    assert!(world.execute(tx.clone(), Mode::Transaction).is_ok());
    tx.gas_price = 99_999_999;
    let refused = world.execute(tx.clone(), Mode::Transaction).unwrap_err();
    assert!(matches!(refused, ExecuteError::Transaction(InvalidTransaction::GasPriceLessThanBasefee)));
    // A question is asked for nothing, by anyone, with any nonce.
    tx.gas_price = 0;
    tx.caller = Address::repeat_byte(0x12);
    tx.nonce = 77;
    assert!(world.execute(tx, Mode::Call).unwrap().result.is_success());
}

#[test]
fn only_a_program_may_begin_with_0xef() {
    let mut world = World::new();
    let program = program_code(&wat::parse_str(calls::WRITE_ARGS).unwrap());
    let mut deploy = |code: &[u8]| {
        let tx = world.tx(TxKind::Create, crate::wasm::format::init_code(code));
        world.run(tx).result
    };
    assert!(deploy(&program).is_success());
    for code in [&hex!("ef")[..], &hex!("eff000"), &hex!("ef0001aa"), &hex!("eff001aa"), &hex!("eff002aa")] {
        let refused = deploy(code);
        assert!(
            matches!(refused, ExecutionResult::Halt { reason: HaltReason::CreateContractStartingWithEF, .. }),
            "{code:?} {refused:?}"
        );
    }
}

#[test]
fn a_program_cannot_destroy_itself_through_a_library() {
    let mut world = World::with(&calls::caller("delegate_call_contract", -1));
    world.give(PROGRAM, U256::from(5));
    world.put_code(OTHER, [&hex!("73")[..], SENDER.as_slice(), &hex!("ff")].concat());
    let run = world.go(calls::call_data(OTHER, 0, &[]));
    assert_eq!(run.output(), [2, 0, 0, 0, 0]);
    assert!(run.gas_used < 100_000);
    assert_eq!(world.balance(PROGRAM), U256::from(5));
    // A contract can, and the trace shows it.
    world.give(OTHER, U256::from(6));
    world.put_program(PROGRAM, &calls::caller("call_contract", -1));
    let run = world.go(calls::call_data(OTHER, 0, &[]));
    assert_eq!(run.output(), [0; 5]);
    let [step] = run.step("call_contract").steps.as_deref().unwrap() else { panic!("one step") };
    assert_eq!((step.name.as_str(), step.address), ("evm_self_destruct", Some(SENDER)));
    assert_eq!(world.balance(OTHER), U256::ZERO);
}

#[test]
fn calldata_has_no_floor_price() {
    let mut world = World::new();
    let run = world.send(OTHER, vec![1; 1_000]);
    assert_eq!(run.gas_used, INTRINSIC_GAS + 16_000);
}

#[test]
fn the_operators_and_precompiles_are_those_of_osaka() {
    let mut world = World::new();
    // CLZ of 1
    assert_eq!(value_of(&mut world, &hex!("60011e")), U256::from(255));
    // The P256 precompile is there: an invalid signature gives no data and costs 6 900 gas.
    world.put_program(PROGRAM, &calls::caller("call_contract", -1));
    let p256: Address = address!("0000000000000000000000000000000000000100");
    let run = world.go(calls::call_data(p256, 0, &[]));
    assert_eq!(run.output(), [0; 5]);
    assert_eq!(run.inks("call_contract"), [115_955 + (100 + 6_900) * GAS]);
}

#[test]
fn precompiles_and_the_cap_of_a_transaction_came_with_their_versions() {
    let (p256, bls) = (address!("0000000000000000000000000000000000000100"), Address::with_last_byte(0x0b));
    // Which of the two are warm from the start, and what the P256 precompile costs.
    for (version, has_p256, has_bls, gas) in
        [(20, false, false, 0), (30, true, false, 3_450), (49, true, false, 3_450), (50, true, true, 6_900)]
    {
        let mut world = World::new();
        world.chain.arbos_version = version;
        world.put_program(PROGRAM, &calls::caller("call_contract", -1));
        for (account, is_there) in [(p256, has_p256), (bls, has_bls)] {
            // BALANCE of the account, then STOP: 100 gas when it is warm.
            world.put_code(OTHER, [&hex!("73")[..], account.as_slice(), &hex!("3100")].concat());
            let used = world.send(OTHER, vec![]).gas_used - INTRINSIC_GAS - 3;
            assert_eq!(used == 100, is_there, "ArbOS {version}, {account}: {used}");
        }
        if has_p256 && version >= 31 {
            let run = world.go(calls::call_data(p256, 0, &[]));
            assert_eq!(run.inks("call_contract"), [115_955 + (100 + gas) * GAS], "ArbOS {version}");
        }
        world.put_code(OTHER, vec![0xfe]);
        let mut tx = world.tx(TxKind::Call(OTHER), vec![]);
        tx.gas_limit = 40_000_000;
        assert_eq!(world.run(tx).gas_used, if version < 50 { 40_000_000 } else { 32_000_000 });
    }
}
