//! What ArbOS looks at stays cold for the transaction: the next contract that asks for it pays the whole price.

mod common;

use alloy_primitives::{Address, U256, hex};
use alloy_sol_types::SolCall;
use common::*;
use spillway_devnode::{
    Devnode, TxRequest,
    arbos::{
        precompiles::{
            arb_debug::ArbDebug, arb_gas_info::ArbGasInfo, arb_info::ArbInfo, arb_owner::ArbOwner, arb_wasm::ArbWasm,
        },
        state::ARBOS_ACCOUNT,
    },
    evm::L1_PRICER_POOL,
    wasm::format,
};

const COLD_GAS: u64 = 2_600;
const WARM_GAS: u64 = 100;

/// Code that calls the address in the second word of its calldata with what follows and with its value, then returns two words: whether the call
/// succeeded, and the gas of asking for the balance of the address in the first word.
const PROBE: [u8; 38] = hex!("60403603 8060405f37 5f5f825f34602035 5af1 9050 5f52 5a5f3531505a9003 602052 60405ff3");

fn calldata(asked: Address, called: Address, data: &[u8]) -> Vec<u8> {
    [asked.into_word().as_slice(), called.into_word().as_slice(), data].concat()
}

/// What asking for `asked` costs after a call that succeeds.
#[track_caller]
fn asking_gas(node: &mut Devnode, asked: Address, called: Address, data: &[u8], value: U256) -> u64 {
    let (user, probe) = (node.accounts()[0].address, Address::repeat_byte(0xab));
    node.set_code(probe, PROBE);
    let request = TxRequest::new(user).to(probe).data(calldata(asked, called, data)).value(value).gas(GAS);
    let receipt = node.transact(request).unwrap();
    assert!(receipt.success && receipt.output[31] == 1, "{receipt:?}");
    // Two pushes of address and gas, one load and one pop are measured too.
    U256::from_be_slice(&receipt.output[32..]).to::<u64>() - 9
}

/// Calls the account in its calldata and hands nothing on.
const CALLER: &str = r#"(module
    (import "vm_hooks" "read_args" (func $read (param i32)))
    (import "vm_hooks" "call_contract" (func $call (param i32 i32 i32 i32 i64 i32) (result i32)))
    (memory (export "memory") 1 1)
    (func (export "user_entrypoint") (param i32) (result i32)
        (call $read (i32.const 0))
        (call $call (i32.const 0) (i32.const 0) (i32.const 0) (i32.const 32) (i64.const -1) (i32.const 64))))"#;

#[test]
fn what_precompiles_read_and_move_stays_cold() {
    let other = Address::repeat_byte(0x55);
    let mut node = Devnode::default();
    let program = put_program(&mut node, &wasm(WRITE_ARGS));
    let till = Address::repeat_byte(0x77);
    send_as_owner(&mut node, ARB_OWNER, ArbOwner::setNetworkFeeAccountCall { account: till });
    node.set_code(other, hex!("5ff3"));
    let activation = ArbWasm::activateProgramCall { program }.abi_encode();
    let overwriting = ArbDebug::overwriteContractCodeCall { target: other, newCode: hex!("00").into() };
    let rows: [(&str, Address, Address, Vec<u8>); 9] = [
        ("a balance", other, ARB_INFO, ArbInfo::getBalanceCall { account: other }.abi_encode()),
        ("a code", other, ARB_INFO, ArbInfo::getCodeCall { account: other }.abi_encode()),
        ("a code that changes", other, ARB_DEBUG, overwriting.abi_encode()),
        ("the pool", L1_PRICER_POOL, ARB_GAS_INFO, ArbGasInfo::getL1FeesAvailableCall {}.abi_encode()),
        ("the state, read", ARBOS_ACCOUNT, ARB_WASM, ArbWasm::inkPriceCall {}.abi_encode()),
        ("the state, written", ARBOS_ACCOUNT, ARB_DEBUG, ArbDebug::becomeChainOwnerCall {}.abi_encode()),
        ("a program that is activated", program, ARB_WASM, activation.clone()),
        ("a program that is active", program, ARB_WASM, ArbWasm::programVersionCall { program }.abi_encode()),
        ("an account nobody speaks of", other, ARB_WASM, ArbWasm::pageGasCall {}.abi_encode()),
    ];
    for (what, asked, called, data) in rows {
        let value = if data == activation { ETHER } else { U256::ZERO };
        assert_eq!(asking_gas(&mut node, asked, called, &data, value), COLD_GAS, "{what}");
    }
    // The account the fee of an activation goes to.
    let mut node = Devnode::default();
    send_as_owner(&mut node, ARB_OWNER, ArbOwner::setNetworkFeeAccountCall { account: till });
    let program = put_program(&mut node, &wasm(WRITE_ARGS));
    assert_eq!(asking_gas(&mut node, till, ARB_WASM, &activation, ETHER), COLD_GAS);
    assert!(node.program(program).is_some());
}

#[test]
fn running_a_program_warms_its_account_and_not_that_of_arbos_or_of_a_delegate() {
    let mut node = Devnode::default();
    let [program, caller] = [WRITE_ARGS, CALLER].map(|text| {
        let program = put_program(&mut node, &wasm(text));
        node.activate(program).unwrap();
        program
    });
    assert_eq!(asking_gas(&mut node, ARBOS_ACCOUNT, program, &[], U256::ZERO), COLD_GAS);
    assert_eq!(asking_gas(&mut node, program, program, &[], U256::ZERO), WARM_GAS);
    // An account that is delegated to the first program, called by the second.
    let delegated = Address::repeat_byte(0x66);
    node.set_code(delegated, [&hex!("ef0100")[..], program.as_slice()].concat());
    assert_eq!(asking_gas(&mut node, delegated, caller, delegated.as_slice(), U256::ZERO), WARM_GAS);
    assert_eq!(asking_gas(&mut node, program, caller, delegated.as_slice(), U256::ZERO), COLD_GAS);
}

#[test]
fn an_activation_warms_the_fragments_it_pays_for_and_a_run_does_not() {
    let mut node = Devnode::builder().arbos_version(60).build();
    let module = wasm(WRITE_ARGS);
    let stream = &format::program_code(&module)[4..];
    let (root, fragment) = (Address::repeat_byte(0x60), Address::repeat_byte(0x61));
    node.set_code(fragment, [&hex!("eff001")[..], stream].concat());
    let length = (module.len() as u32).to_be_bytes();
    node.set_code(root, [&hex!("eff00200")[..], &length, fragment.as_slice()].concat());
    let activation = ArbWasm::activateProgramCall { program: root }.abi_encode();
    assert_eq!(asking_gas(&mut node, fragment, ARB_WASM, &activation, ETHER), WARM_GAS);
    assert_eq!(asking_gas(&mut node, fragment, root, &[], U256::ZERO), COLD_GAS);
}
