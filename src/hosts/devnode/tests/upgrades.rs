//! ArbOS goes from version to version: scheduled by an owner or set by hand, with what that means for programs.

mod common;

use alloy_primitives::{Address, U256, address};
use alloy_sol_types::{SolCall, SolError};
use common::*;
use spillway_devnode::{
    BlockRef, CallError, CallRequest, Devnode, TxRequest, VersionError,
    arbos::precompiles::{arb_owner::ArbOwner, arb_owner_public::ArbOwnerPublic, arb_sys::ArbSys, arb_wasm::ArbWasm},
};

fn ask<C: SolCall>(node: &Devnode, to: Address, call: C) -> C::Return {
    C::abi_decode_returns(&node.call(CallRequest::new(to, call.abi_encode())).unwrap()).unwrap()
}

fn old() -> Devnode {
    Devnode::builder().arbos_version(30).build()
}

/// The version in the mix hash of the newest block.
fn sealed_version(node: &Devnode) -> u64 {
    let mix = node.block(BlockRef::Latest).unwrap().header.mix_hash;
    u64::from_be_bytes(mix[16..24].try_into().unwrap())
}

#[test]
fn a_scheduled_upgrade_takes_effect_in_the_first_block_of_its_time() {
    let mut node = Devnode::builder().arbos_version(40).build();
    let due = node.time_secs() + 1_000;
    send_as_owner(&mut node, ARB_OWNER, ArbOwner::scheduleArbOSUpgradeCall { newVersion: 51, timestamp: due });
    let scheduled = ask(&node, ARB_OWNER_PUBLIC, ArbOwnerPublic::getScheduledUpgradeCall {});
    assert_eq!((scheduled.arbosVersion, scheduled.scheduledForTimestamp), (51, due));
    node.set_next_timestamp(due - 1).unwrap();
    node.mine(1);
    assert_eq!((node.arbos_version(), sealed_version(&node)), (40, 40));
    assert_eq!(ask(&node, ARB_WASM, ArbWasm::maxStackDepthCall {}), 262_144);

    // A question about the block to come sees it, and one about the newest block does not.
    let data = ArbSys::arbOSVersionCall {}.abi_encode();
    let version = |node: &Devnode, block: BlockRef| {
        let answer = node.call(CallRequest::new(ARB_SYS, data.clone()).at(block)).unwrap();
        U256::from_be_slice(&answer)
    };
    assert_eq!(version(&node, BlockRef::Pending), U256::from(55 + 51));
    assert_eq!(version(&node, BlockRef::Latest), U256::from(55 + 40));
    let receipt = send(&mut node, ARB_SYS, data.clone());
    assert_eq!(receipt.output[..], U256::from(55 + 51).to_be_bytes::<32>());
    assert_eq!((node.arbos_version(), sealed_version(&node)), (51, 51));
    assert_eq!(ask(&node, ARB_WASM, ArbWasm::maxStackDepthCall {}), 22_000);
    assert_eq!(ask(&node, ARB_OWNER_PUBLIC, ArbOwnerPublic::getScheduledUpgradeCall {}).arbosVersion, 0);
    // The block is run again by its own version, and so is the past.
    let frame = node.trace_frames(receipt.transaction_hash).unwrap();
    assert_eq!(frame.output, receipt.output);
    let before = node.block_number() - 1;
    assert_eq!(version(&node, BlockRef::Number(before)), U256::from(55 + 40));
}

#[test]
fn a_version_nobody_knows_never_comes() {
    let mut node = Devnode::default();
    send_as_owner(&mut node, ARB_OWNER, ArbOwner::scheduleArbOSUpgradeCall { newVersion: 61, timestamp: 0 });
    node.mine(2);
    assert_eq!(node.arbos_version(), 51);
    assert_eq!(ask(&node, ARB_OWNER_PUBLIC, ArbOwnerPublic::getScheduledUpgradeCall {}).arbosVersion, 61);
}

#[test]
fn programs_of_the_first_parameters_need_an_upgrade_and_are_activated_again() {
    let mut node = old();
    let program = put_program(&mut node, &wasm(WRITE_ARGS));
    node.activate(program).unwrap();
    assert_eq!(node.program(program).unwrap().version, 1);
    assert!(send(&mut node, program, b"abc".to_vec()).success);
    node.set_arbos_version(51).unwrap();

    let needed = ArbWasm::ProgramNeedsUpgrade { version: 1, stylusVersion: 2 }.abi_encode();
    let asked = node.call(CallRequest::new(ARB_WASM, ArbWasm::programVersionCall { program }.abi_encode()));
    assert!(matches!(asked, Err(CallError::Revert { ref data, .. }) if *data == needed), "{asked:?}");
    let receipt = send(&mut node, program, b"abc".to_vec());
    assert_eq!((receipt.success, receipt.gas_used), (false, GAS));
    assert_eq!(receipt.failure.as_deref(), Some("error ProgramNeedsUpgrade(1, 2)"));

    node.activate(program).unwrap();
    assert_eq!(node.program(program).unwrap().version, 2);
    assert_eq!(send(&mut node, program, b"abc".to_vec()).output[..], *b"abc");
}

#[test]
fn what_owners_have_set_stays_as_far_as_the_new_version_allows_it() {
    let mut node = old();
    send_as_owner(&mut node, ARB_OWNER, ArbOwner::setInkPriceCall { price: 20_000 });
    send_as_owner(&mut node, ARB_OWNER, ArbOwner::setWasmMaxStackDepthCall { depth: 9_000 });
    node.set_arbos_version(60).unwrap();
    assert_eq!(ask(&node, ARB_WASM, ArbWasm::inkPriceCall {}), 20_000);
    assert_eq!(ask(&node, ARB_WASM, ArbWasm::maxStackDepthCall {}), 9_000);
    assert_eq!(ask(&node, ARB_WASM, ArbWasm::minInitGasCall {}).gas, 69 * 128);
    assert_eq!(ask(&node, ARB_WASM, ArbWasm::stylusVersionCall {}), 2);
    assert_eq!(ask(&node, ARB_OWNER_PUBLIC, ArbOwnerPublic::getMaxStylusContractFragmentsCall {}), 2);
    // Everything else is as on a chain that began with the version.
    let (fresh, depth) =
        (Devnode::builder().arbos_version(60).build(), ArbOwner::setWasmMaxStackDepthCall { depth: 22_000 });
    send_as_owner(&mut node, ARB_OWNER, depth);
    send_as_owner(&mut node, ARB_OWNER, ArbOwner::setInkPriceCall { price: 10_000 });
    for call in [
        ArbWasm::freePagesCall {}.abi_encode(),
        ArbWasm::pageGasCall {}.abi_encode(),
        ArbWasm::pageLimitCall {}.abi_encode(),
        ArbWasm::initCostScalarCall {}.abi_encode(),
        ArbWasm::expiryDaysCall {}.abi_encode(),
        ArbWasm::keepaliveDaysCall {}.abi_encode(),
        ArbWasm::blockCacheSizeCall {}.abi_encode(),
        ArbWasm::maxStackDepthCall {}.abi_encode(),
        ArbWasm::inkPriceCall {}.abi_encode(),
    ] {
        let answers = [&node, &fresh].map(|node| node.call(CallRequest::new(ARB_WASM, call.clone())).unwrap());
        assert_eq!(answers[0], answers[1]);
    }
}

#[test]
fn precompiles_come_with_their_version_and_the_past_stays_as_it_was() {
    let mut node = old();
    let tokens = address!("0000000000000000000000000000000000000073");
    node.mine(1);
    assert!(node.code(tokens).is_empty());
    node.set_arbos_version(41).unwrap();
    assert_eq!(node.code(tokens)[..], [0xfe]);
    node.mine(1);
    assert!(node.code_at(tokens, 0).unwrap().is_empty());
    assert_eq!(node.code_at(tokens, 2).unwrap()[..], [0xfe]);
}

#[test]
fn a_version_can_only_rise_and_only_to_one_that_is_known() {
    let mut node = Devnode::default();
    for given in [50, 61, 0] {
        assert_eq!(node.set_arbos_version(given), Err(VersionError { given, current: 51, newest: 60 }));
    }
    assert_eq!(node.set_arbos_version(51), Ok(()));
    let id = node.snapshot();
    node.set_arbos_version(60).unwrap();
    assert_eq!(node.arbos_version(), 60);
    assert!(node.revert(id));
    assert_eq!(node.arbos_version(), 51);
    node.set_arbos_version(60).unwrap();
    // It is in the document of the chain.
    let mut other = Devnode::default();
    other.load_state(&node.dump_state()).unwrap();
    assert_eq!(other.arbos_version(), 60);
    node.reset();
    assert_eq!(node.arbos_version(), 51);
}

#[test]
fn a_program_of_several_results_that_was_activated_runs_on_where_it_could_not_be_activated_any_more() {
    let text = r#"(module (memory (export "memory") 1 1)
        (func $two (result i32 i32) (i32.const 0) (i32.const 7))
        (func (export "user_entrypoint") (param i32) (result i32) (call $two) drop))"#;
    let mut node = Devnode::default();
    let user = node.accounts()[0].address;
    let program = put_program(&mut node, &wasm(text));
    node.activate(program).unwrap();
    node.set_arbos_version(60).unwrap();
    let receipt = node.transact(TxRequest::new(user).to(program)).unwrap();
    assert!(receipt.success, "{:?}", receipt.failure);
    let refused = put_program(&mut node, &wasm(&text.replace("i32.const 7", "i32.const 8")));
    assert!(node.activate(refused).is_err());
}
