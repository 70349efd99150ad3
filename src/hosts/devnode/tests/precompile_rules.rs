//! The rules every call of a precompile passes, and what the small precompiles answer.

mod common;

use alloy_primitives::{Address, U256, address};
use alloy_sol_types::{SolCall, SolError, SolEvent};
use common::*;
use spillway_devnode::{
    CallError, CallRequest, Devnode, TxRequest,
    arbos::precompiles::{
        arb_debug::ArbDebug, arb_gas_info::ArbGasInfo, arb_info::ArbInfo, arb_owner::ArbOwner,
        arb_owner_public::ArbOwnerPublic, arb_statistics::ArbStatistics, arb_sys::ArbSys, arb_wasm::ArbWasm,
        arbos_test::ArbosTest,
    },
};

fn burn(gas: u64) -> Vec<u8> {
    ArbosTest::burnArbGasCall { gasAmount: U256::from(gas) }.abi_encode()
}

fn ask<C: SolCall>(node: &Devnode, to: Address, call: C) -> C::Return {
    let output = node.call(CallRequest::new(to, call.abi_encode())).unwrap();
    C::abi_decode_returns(&output).unwrap()
}

fn assert_burns_all(node: &mut Devnode, to: Address, data: Vec<u8>, value: U256) {
    let receipt = send_value(node, to, data, value);
    assert!(!receipt.success);
    assert_eq!(receipt.gas_used, GAS);
    assert!(receipt.output.is_empty());
    assert_eq!(receipt.failure.as_deref(), Some("execution reverted"));
}

#[test]
fn calldata_shorter_than_a_selector_burns_all() {
    assert_burns_all(&mut Devnode::default(), ARB_SYS, vec![0xa3, 0xb1, 0xb3], U256::ZERO);
}

#[test]
fn an_unknown_selector_burns_all() {
    assert_burns_all(&mut Devnode::default(), ARB_SYS, vec![1, 2, 3, 4], U256::ZERO);
}

#[test]
fn a_selector_of_a_later_version_burns_all() {
    let data = ArbOwnerPublic::getMaxStylusContractFragmentsCall {}.abi_encode();
    assert_burns_all(&mut Devnode::default(), ARB_OWNER_PUBLIC, data, U256::ZERO);
}

#[test]
fn arguments_that_are_too_short_burn_all() {
    let data = ArbInfo::getBalanceCall::SELECTOR.to_vec();
    assert_burns_all(&mut Devnode::default(), ARB_INFO, data, U256::ZERO);
}

#[test]
fn value_for_a_function_that_takes_none_burns_all_and_comes_back() {
    let mut node = Devnode::default();
    let data = ArbSys::arbBlockNumberCall {}.abi_encode();
    assert_burns_all(&mut node, ARB_SYS, data, U256::from(5));
    assert_eq!(node.balance(ARB_SYS), U256::ZERO);
}

#[test]
fn a_delegate_call_reaches_pure_functions_only() {
    let mut node = Devnode::default();
    let proxy = put_forwarder(&mut node, Kind::Delegate);
    let view =
        node.call(CallRequest::new(proxy, forward(ARB_SYS, ArbSys::arbBlockNumberCall {}.abi_encode()))).unwrap();
    assert_eq!(view[..], [0; 32]);
    let pure = node.call(CallRequest::new(proxy, forward(ARBOS_TEST, burn(0)))).unwrap();
    assert_eq!(U256::from_be_slice(&pure), U256::from(1));
}

#[test]
fn a_static_call_may_look_but_not_write() {
    let mut node = Devnode::default();
    let proxy = put_forwarder(&mut node, Kind::Static);
    let view = node.call(CallRequest::new(proxy, forward(ARB_SYS, ArbSys::arbChainIDCall {}.abi_encode()))).unwrap();
    assert_eq!(U256::from_be_slice(&view[..32]), U256::from(1));
    assert_eq!(U256::from_be_slice(&view[32..]), U256::from(412_346));
    let write =
        node.call(CallRequest::new(proxy, forward(ARB_DEBUG, ArbDebug::becomeChainOwnerCall {}.abi_encode()))).unwrap();
    assert_eq!(write[..], [0; 32]);
}

#[test]
fn opening_the_state_and_words_are_paid_for_and_pure_functions_open_nothing() {
    let mut node = Devnode::default();
    let data = ArbSys::arbBlockNumberCall {}.abi_encode();
    let receipt = send(&mut node, ARB_SYS, data.clone());
    assert_eq!(own_gas(&receipt, &data), 800 + 3);
    let data = burn(1_000);
    let receipt = send(&mut node, ARBOS_TEST, data.clone());
    assert_eq!(own_gas(&receipt, &data), 3 + 1_000);
    let data = ArbInfo::getBalanceCall { account: Address::ZERO }.abi_encode();
    let receipt = send(&mut node, ARB_INFO, data.clone());
    assert_eq!(own_gas(&receipt, &data), 800 + 3 + 700 + 3);
}

#[test]
fn running_out_inside_is_an_empty_revert_that_burns_all() {
    assert_burns_all(&mut Devnode::default(), ARBOS_TEST, burn(GAS), U256::ZERO);
}

#[test]
fn another_error_is_an_empty_revert_that_keeps_the_rest() {
    let mut node = Devnode::default();
    let data = ArbosTest::burnArbGasCall { gasAmount: U256::MAX }.abi_encode();
    let receipt = send(&mut node, ARBOS_TEST, data.clone());
    assert!(!receipt.success && receipt.output.is_empty());
    assert_eq!(own_gas(&receipt, &data), 3);
}

#[test]
fn an_interface_error_is_paid_by_the_word_and_keeps_the_rest() {
    let mut node = Devnode::default();
    let data = ArbSys::arbBlockHashCall { number: U256::from(9) }.abi_encode();
    let receipt = send(&mut node, ARB_SYS, data.clone());
    let error = ArbSys::InvalidBlockNumber { requested: U256::from(9), current: U256::from(1) };
    assert_eq!(receipt.output, error.abi_encode());
    // Three words: 4 + 64 bytes.
    assert_eq!(own_gas(&receipt, &data), 800 + 3 + 3 * 3);
    assert_eq!(receipt.failure.as_deref(), Some("execution reverted: error InvalidBlockNumber(9, 1)"));
}

#[test]
fn precompiles_look_like_contracts() {
    let node = Devnode::default();
    for address in [ARB_SYS, ARB_WASM, ARB_WASM_CACHE, ARB_OWNER, ARB_DEBUG] {
        assert_eq!(node.code(address)[..], [0xfe]);
    }
}

#[test]
fn a_precompile_of_a_later_version_is_an_empty_account() {
    let node = Devnode::default();
    let filters = address!("0000000000000000000000000000000000000074");
    assert!(node.code(filters).is_empty());
    assert!(node.call(CallRequest::new(filters, vec![1, 2, 3, 4])).unwrap().is_empty());
}

#[test]
fn arb_sys_tells_about_the_chain() {
    let mut node = Devnode::default();
    node.mine(3);
    assert_eq!(ask(&node, ARB_SYS, ArbSys::arbBlockNumberCall {}), U256::from(3));
    assert_eq!(ask(&node, ARB_SYS, ArbSys::arbOSVersionCall {}), U256::from(55 + 51));
    let hash = ask(&node, ARB_SYS, ArbSys::arbBlockHashCall { number: U256::from(2) });
    assert_eq!(hash, node.block(2).unwrap().hash);
    assert!(ask(&node, ARB_SYS, ArbSys::isTopLevelCallCall {}));
    assert!(!ask(&node, ARB_SYS, ArbSys::wasMyCallersAddressAliasedCall {}));
    let alias = ask(
        &node,
        ARB_SYS,
        ArbSys::mapL1SenderContractAddressToL2AliasCall { sender: Address::with_last_byte(1), unused: Address::ZERO },
    );
    assert_eq!(alias, address!("1111000000000000000000000000000000001112"));
    let wrapped =
        ArbSys::mapL1SenderContractAddressToL2AliasCall { sender: Address::repeat_byte(0xff), unused: Address::ZERO };
    assert_eq!(ask(&node, ARB_SYS, wrapped), address!("1111000000000000000000000000000000001110"));
}

#[test]
fn arb_sys_forgets_hashes_older_than_256_blocks() {
    let mut node = Devnode::default();
    node.mine(300);
    assert_eq!(ask(&node, ARB_SYS, ArbSys::arbBlockHashCall { number: U256::from(44) }), node.block(44).unwrap().hash);
    for number in [43, 300] {
        let call = ArbSys::arbBlockHashCall { number: U256::from(number) };
        let error = node.call(CallRequest::new(ARB_SYS, call.abi_encode())).unwrap_err();
        let data =
            ArbSys::InvalidBlockNumber { requested: U256::from(number), current: U256::from(300) }.abi_encode().into();
        assert_eq!(error, CallError::Revert { data, reason: Some(format!("error InvalidBlockNumber({number}, 300)")) });
    }
}

#[test]
fn a_call_is_top_level_down_to_one_contract_and_the_sender_is_known() {
    let mut node = Devnode::default();
    let proxy = put_forwarder(&mut node, Kind::Call);
    let user = node.accounts()[0].address;
    let top = ArbSys::isTopLevelCallCall {}.abi_encode();
    let once = node.call(CallRequest::new(proxy, forward(ARB_SYS, &top)).from(user)).unwrap();
    assert_eq!(U256::from_be_slice(&once[32..]), U256::from(1));
    let twice = node.call(CallRequest::new(proxy, forward(proxy, forward(ARB_SYS, &top))).from(user)).unwrap();
    assert_eq!(U256::from_be_slice(&twice[64..]), U256::ZERO);
    let caller = ArbSys::myCallersAddressWithoutAliasingCall {}.abi_encode();
    let named = node.call(CallRequest::new(proxy, forward(ARB_SYS, &caller)).from(user)).unwrap();
    assert_eq!(Address::from_slice(&named[44..]), user);
}

#[test]
fn arb_info_reads_accounts_and_arb_statistics_the_height() {
    let mut node = Devnode::default();
    node.set_code(Address::repeat_byte(7), vec![1, 2, 3]);
    node.mine(1);
    assert_eq!(ask(&node, ARB_INFO, ArbInfo::getCodeCall { account: Address::repeat_byte(7) })[..], [1, 2, 3]);
    let rich = node.accounts()[3].address;
    assert_eq!(ask(&node, ARB_INFO, ArbInfo::getBalanceCall { account: rich }), node.balance(rich));
    assert_eq!(ask(&node, ARB_STATISTICS, ArbStatistics::getStatsCall {}).blockNumber, U256::from(1));
}

#[test]
fn owners_and_fee_accounts_are_public() {
    let node = Devnode::default();
    assert_eq!(ask(&node, ARB_OWNER_PUBLIC, ArbOwnerPublic::getAllChainOwnersCall {}), vec![node.dev_account()]);
    assert!(!ask(&node, ARB_OWNER_PUBLIC, ArbOwnerPublic::isChainOwnerCall { account: node.accounts()[0].address }));
    assert_eq!(ask(&node, ARB_OWNER_PUBLIC, ArbOwnerPublic::getNetworkFeeAccountCall {}), Address::ZERO);
    assert_eq!(ask(&node, ARB_OWNER_PUBLIC, ArbOwnerPublic::getBrotliCompressionLevelCall {}), 1);
    let upgrade = ask(&node, ARB_OWNER_PUBLIC, ArbOwnerPublic::getScheduledUpgradeCall {});
    assert_eq!((upgrade.arbosVersion, upgrade.scheduledForTimestamp), (0, 0));
}

#[test]
fn a_stranger_who_acts_as_owner_loses_all_gas_by_an_error_that_is_no_revert() {
    let mut node = Devnode::default();
    let data = ArbOwner::setInkPriceCall { price: 5 }.abi_encode();
    let receipt = send(&mut node, ARB_OWNER, data.clone());
    assert_eq!((receipt.success, receipt.gas_used), (false, GAS));
    assert_eq!(receipt.failure.as_deref(), Some("unauthorized caller to access-controlled method"));
    let error = node.call(CallRequest::new(ARB_OWNER, data)).unwrap_err();
    assert!(
        matches!(error, CallError::Halt { ref reason, .. } if reason == "unauthorized caller to access-controlled method"),
        "{error:?}"
    );
}

#[test]
fn an_owner_pays_no_gas_and_every_act_is_announced() {
    let mut node = Devnode::default();
    let call = ArbOwner::setInkPriceCall { price: 20_000 };
    let receipt = send_as_owner(&mut node, ARB_OWNER, call.clone());
    assert_eq!(own_gas(&receipt, &call.abi_encode()), 0);
    let event = ArbOwner::OwnerActs::decode_log_data(&receipt.logs[0].data).unwrap();
    assert_eq!(
        event,
        ArbOwner::OwnerActs {
            method: ArbOwner::setInkPriceCall::SELECTOR.into(),
            owner: node.dev_account(),
            data: call.abi_encode().into()
        }
    );
    assert_eq!(ask(&node, ARB_WASM, ArbWasm::inkPriceCall {}), 20_000);
}

#[test]
fn owners_set_every_parameter_of_stylus() {
    let mut node = Devnode::default();
    let node = &mut node;
    send_as_owner(node, ARB_OWNER, ArbOwner::setWasmMaxStackDepthCall { depth: 11 });
    send_as_owner(node, ARB_OWNER, ArbOwner::setWasmFreePagesCall { pages: 12 });
    send_as_owner(node, ARB_OWNER, ArbOwner::setWasmPageGasCall { gas: 13 });
    send_as_owner(node, ARB_OWNER, ArbOwner::setWasmPageLimitCall { limit: 14 });
    send_as_owner(node, ARB_OWNER, ArbOwner::setWasmMinInitGasCall { gas: 200, cached: 65 });
    send_as_owner(node, ARB_OWNER, ArbOwner::setWasmInitCostScalarCall { percent: 151 });
    send_as_owner(node, ARB_OWNER, ArbOwner::setWasmExpiryDaysCall { numDays: 15 });
    send_as_owner(node, ARB_OWNER, ArbOwner::setWasmKeepaliveDaysCall { numDays: 16 });
    send_as_owner(node, ARB_OWNER, ArbOwner::setWasmBlockCacheSizeCall { count: 17 });
    assert_eq!(ask(node, ARB_WASM, ArbWasm::maxStackDepthCall {}), 11);
    assert_eq!(ask(node, ARB_WASM, ArbWasm::freePagesCall {}), 12);
    assert_eq!(ask(node, ARB_WASM, ArbWasm::pageGasCall {}), 13);
    assert_eq!(ask(node, ARB_WASM, ArbWasm::pageLimitCall {}), 14);
    let least = ask(node, ARB_WASM, ArbWasm::minInitGasCall {});
    assert_eq!((least.gas, least.cached), (256, 96));
    assert_eq!(ask(node, ARB_WASM, ArbWasm::initCostScalarCall {}), 152);
    assert_eq!(ask(node, ARB_WASM, ArbWasm::expiryDaysCall {}), 15);
    assert_eq!(ask(node, ARB_WASM, ArbWasm::keepaliveDaysCall {}), 16);
    assert_eq!(ask(node, ARB_WASM, ArbWasm::blockCacheSizeCall {}), 17);
}

#[test]
fn an_ink_price_beyond_24_bits_is_refused() {
    let mut node = Devnode::default();
    for price in [0, 1 << 24] {
        let receipt = send_as_owner(&mut node, ARB_OWNER, ArbOwner::setInkPriceCall { price });
        assert!(!receipt.success && receipt.logs.is_empty());
    }
    assert_eq!(ask(&node, ARB_WASM, ArbWasm::inkPriceCall {}), 10_000);
}

#[test]
fn a_base_fee_set_by_the_owner_prices_the_next_block() {
    let mut node = Devnode::default();
    send_as_owner(&mut node, ARB_OWNER, ArbOwner::setL2BaseFeeCall { priceInWei: U256::from(300_000_000) });
    assert_eq!(node.base_fee_wei(), 300_000_000);
    node.mine(1);
    let prices = ask(&node, ARB_GAS_INFO, ArbGasInfo::getPricesInWeiCall {});
    assert_eq!(prices.perArbGasBase, U256::from(100_000_000));
    assert_eq!(prices.perArbGasCongestion, U256::from(200_000_000));
    assert_eq!(prices.perArbGasTotal, U256::from(300_000_000));
    assert_eq!(prices.perL2Tx, U256::ZERO);
    assert_eq!(ask(&node, ARB_GAS_INFO, ArbGasInfo::getMinimumGasPriceCall {}), U256::from(100_000_000));
    send_as_owner(&mut node, ARB_OWNER, ArbOwner::setMinimumL2BaseFeeCall { priceInWei: U256::from(7) });
    assert_eq!(node.base_fee_wei(), 7);
}

#[test]
fn the_l1_price_is_remembered() {
    let mut node = Devnode::default();
    assert_eq!(ask(&node, ARB_GAS_INFO, ArbGasInfo::getL1BaseFeeEstimateCall {}), U256::ZERO);
    send_as_owner(&mut node, ARB_OWNER, ArbOwner::setL1PricePerUnitCall { pricePerUnit: U256::from(50) });
    assert_eq!(ask(&node, ARB_GAS_INFO, ArbGasInfo::getL1BaseFeeEstimateCall {}), U256::from(50));
    assert_eq!(ask(&node, ARB_GAS_INFO, ArbGasInfo::getPricesInWeiCall {}).perL2Tx, U256::from(50 * 16 * 140));
}

#[test]
fn anybody_takes_a_development_chain_over() {
    let mut node = Devnode::default();
    let user = node.accounts()[0].address;
    assert!(send(&mut node, ARB_DEBUG, ArbDebug::becomeChainOwnerCall {}.abi_encode()).success);
    assert!(ask(&node, ARB_OWNER_PUBLIC, ArbOwnerPublic::isChainOwnerCall { account: user }));
}

#[test]
fn a_chain_without_debugging_refuses_arb_debug_with_all_gas() {
    let mut node = Devnode::builder().debug_precompiles(false).build();
    let receipt = send(&mut node, ARB_DEBUG, ArbDebug::becomeChainOwnerCall {}.abi_encode());
    assert_eq!((receipt.success, receipt.gas_used), (false, GAS));
    assert_eq!(receipt.failure.as_deref(), Some("debug precompiles are disabled"));
}

#[test]
fn fees_go_to_the_account_the_owner_names() {
    let mut node = Devnode::default();
    let till = Address::repeat_byte(0x77);
    send_as_owner(&mut node, ARB_OWNER, ArbOwner::setNetworkFeeAccountCall { account: till });
    let (from, before) = (node.accounts()[0].address, node.balance(till));
    let receipt = node.transact(TxRequest::new(from).to(from)).unwrap();
    assert_eq!(node.balance(till) - before, U256::from(receipt.gas_used * receipt.effective_gas_price_wei));
}

#[test]
fn every_interface_has_the_selectors_and_topics_of_the_chain() {
    assert_eq!(ArbWasm::activateProgramCall::SELECTOR, [0x58, 0xc7, 0x80, 0xc2]);
    assert_eq!(ArbWasm::codehashKeepaliveCall::SELECTOR, [0xc6, 0x89, 0xba, 0xd5]);
    assert_eq!(ArbWasm::ProgramInsufficientValue::SELECTOR, [0x09, 0x78, 0x1a, 0xb7]);
    assert_eq!(ArbWasm::ProgramActivated::SIGNATURE_HASH[..4], [0xc0, 0xe8, 0x12, 0x78]);
    assert_eq!(ArbOwner::OwnerActs::SIGNATURE_HASH[..4], [0x3c, 0x9e, 0x6a, 0x77]);
    assert_eq!(ArbosTest::burnArbGasCall::SELECTOR, [0xbb, 0x34, 0x80, 0xf9]);
}
