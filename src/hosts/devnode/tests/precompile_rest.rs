//! The address table, the poster of batches, the lesser figures of gas, and the questions only the node answers.

mod common;

use alloy_primitives::{Address, B256, Bytes, U256, address, hex};
use alloy_sol_types::{SolCall, SolError, sol};
use common::*;
use spillway_devnode::{
    CallError, CallRequest, Devnode, TxRequest,
    api::node_interface::NodeInterface,
    arbos::precompiles::{
        arb_address_table::ArbAddressTable, arb_aggregator::ArbAggregator, arb_debug::ArbDebug,
        arb_gas_info::ArbGasInfo, arb_owner::ArbOwner, arb_owner_public::ArbOwnerPublic,
        arb_retryable_tx::ArbRetryableTx,
    },
    evm::BATCH_POSTER,
};

const TABLE: Address = address!("0000000000000000000000000000000000000066");
const AGGREGATOR: Address = address!("000000000000000000000000000000000000006d");
const NODE: Address = address!("00000000000000000000000000000000000000c8");

fn ask<C: SolCall>(node: &Devnode, to: Address, call: C) -> Result<C::Return, CallError> {
    let output = node.call(CallRequest::new(to, call.abi_encode()))?;
    Ok(C::abi_decode_returns(&output).unwrap())
}

fn refused<C: SolCall>(node: &Devnode, to: Address, call: C) -> bool {
    let error = node.call(CallRequest::new(to, call.abi_encode())).unwrap_err();
    error == CallError::Revert { data: Bytes::new(), reason: None }
}

fn register(node: &mut Devnode, addr: Address) -> (U256, u64) {
    let data = ArbAddressTable::registerCall { addr }.abi_encode();
    let receipt = send(node, TABLE, data.clone());
    assert!(receipt.success);
    (ArbAddressTable::registerCall::abi_decode_returns(&receipt.output).unwrap(), own_gas(&receipt, &data))
}

#[test]
fn an_address_gets_the_next_number_once_and_keeps_it() {
    let mut node = Devnode::default();
    let (first, second) = (Address::repeat_byte(1), Address::repeat_byte(2));
    assert!(refused(&node, TABLE, ArbAddressTable::lookupCall { addr: first }));
    assert!(refused(&node, TABLE, ArbAddressTable::lookupIndexCall { index: U256::ZERO }));
    // State and argument, the place, the count and three writes, and a word of result; known already, only the place is read.
    assert_eq!(register(&mut node, first), (U256::ZERO, 800 + 3 + 2 * 800 + 3 * 20_000 + 3));
    assert_eq!(register(&mut node, second), (U256::from(1), 800 + 3 + 2 * 800 + 3 * 20_000 + 3));
    assert_eq!(register(&mut node, first), (U256::ZERO, 800 + 3 + 800 + 3));
    assert_eq!(ask(&node, TABLE, ArbAddressTable::sizeCall {}).unwrap(), U256::from(2));
    assert_eq!(ask(&node, TABLE, ArbAddressTable::lookupCall { addr: second }).unwrap(), U256::from(1));
    assert_eq!(ask(&node, TABLE, ArbAddressTable::lookupIndexCall { index: U256::from(1) }).unwrap(), second);
    assert!(ask(&node, TABLE, ArbAddressTable::addressExistsCall { addr: first }).unwrap());
    assert!(!ask(&node, TABLE, ArbAddressTable::addressExistsCall { addr: Address::repeat_byte(3) }).unwrap());
    assert!(refused(&node, TABLE, ArbAddressTable::lookupIndexCall { index: U256::from(2) }));
    assert!(refused(&node, TABLE, ArbAddressTable::lookupIndexCall { index: U256::MAX }));
}

#[test]
fn a_short_form_leads_back_to_its_address_and_to_its_length() {
    let mut node = Devnode::default();
    for byte in 0..=130 {
        register(&mut node, Address::repeat_byte(byte));
    }
    let compress = |addr| ask(&node, TABLE, ArbAddressTable::compressCall { addr }).unwrap();
    assert_eq!(compress(Address::repeat_byte(0)), Bytes::from(hex!("80")));
    assert_eq!(compress(Address::repeat_byte(127)), Bytes::from(hex!("7f")));
    assert_eq!(compress(Address::repeat_byte(128)), Bytes::from(hex!("8180")));
    let unknown = Address::repeat_byte(0xee);
    assert_eq!(compress(unknown)[..], [&[0x94][..], unknown.as_slice()].concat());
    for addr in [Address::repeat_byte(0), Address::repeat_byte(127), Address::repeat_byte(130), unknown] {
        let short = compress(addr);
        let buf: Bytes = [&[9, 9][..], &short, &[7]].concat().into();
        let back = ask(&node, TABLE, ArbAddressTable::decompressCall { buf, offset: U256::from(2) }).unwrap();
        assert_eq!((back.addr, back.bytesRead), (addr, U256::from(short.len())));
    }
    // Beyond the end, a number nobody has, cut short, too long, a list, a leading zero, and a byte that needs no length.
    for buf in [
        &hex!("")[..],
        &hex!("8200ff"),
        &hex!("81ff"),
        &hex!("9401"),
        &hex!("95000000000000000000000000000000000000000000"),
        &hex!("c0"),
        &hex!("8105"),
    ] {
        let call = ArbAddressTable::decompressCall { buf: Bytes::copy_from_slice(buf), offset: U256::ZERO };
        assert!(refused(&node, TABLE, call), "{}", Bytes::copy_from_slice(buf));
    }
    assert!(refused(&node, TABLE, ArbAddressTable::decompressCall { buf: hex!("80").into(), offset: U256::MAX }));
}

#[test]
fn there_is_one_poster_of_batches() {
    let node = Devnode::default();
    assert_eq!(ask(&node, AGGREGATOR, ArbAggregator::getBatchPostersCall {}).unwrap(), [BATCH_POSTER]);
    assert_eq!(ask(&node, AGGREGATOR, ArbAggregator::getDefaultAggregatorCall {}).unwrap(), BATCH_POSTER);
    let preferred =
        ask(&node, AGGREGATOR, ArbAggregator::getPreferredAggregatorCall { account: Address::ZERO }).unwrap();
    assert_eq!((preferred.aggregator, preferred.isDefault), (BATCH_POSTER, true));
    assert_eq!(
        ask(&node, AGGREGATOR, ArbAggregator::getFeeCollectorCall { batchPoster: BATCH_POSTER }).unwrap(),
        BATCH_POSTER
    );
    assert!(refused(&node, AGGREGATOR, ArbAggregator::getFeeCollectorCall { batchPoster: Address::ZERO }));
}

#[test]
fn figures_of_the_fee_model_and_of_l1_are_those_of_a_quiet_chain_without_l1() {
    let node = Devnode::default();
    assert_eq!(ask(&node, ARB_GAS_INFO, ArbGasInfo::getPricingInertiaCall {}).unwrap(), 102);
    assert_eq!(ask(&node, ARB_GAS_INFO, ArbGasInfo::getGasBacklogToleranceCall {}).unwrap(), 10);
    assert_eq!(ask(&node, ARB_GAS_INFO, ArbGasInfo::getMaxBlockGasLimitCall {}).unwrap(), 32_000_000);
    assert_eq!(ask(&node, ARB_GAS_INFO, ArbGasInfo::getGasBacklogCall {}).unwrap(), 0);
    assert_eq!(ask(&node, ARB_GAS_INFO, ArbGasInfo::getL1PricingSurplusCall {}).unwrap(), alloy_primitives::I256::ZERO);
    let plain = ask(&node, ARB_GAS_INFO, ArbGasInfo::getPricesInWeiCall {}).unwrap();
    let of_poster =
        ask(&node, ARB_GAS_INFO, ArbGasInfo::getPricesInWeiWithAggregatorCall { aggregator: BATCH_POSTER }).unwrap();
    assert_eq!(
        (plain.perArbGasTotal, plain.perStorageAllocation),
        (of_poster.perArbGasTotal, of_poster.perStorageAllocation)
    );
    assert!(!ask(&node, ARB_OWNER_PUBLIC, ArbOwnerPublic::isCalldataPriceIncreaseEnabledCall {}).unwrap());
    assert!(ask(&node, ARB_OWNER_PUBLIC, ArbOwnerPublic::getAllNativeTokenOwnersCall {}).unwrap().is_empty());
}

sol! {
    function nobodyKnowsThis() external;
}

#[test]
fn the_node_answers_for_a_contract_that_is_not_there() {
    let mut node = Devnode::default();
    let (alice, bob) = (node.accounts()[0].address, node.accounts()[1].address);
    let price = ArbOwner::setL1PricePerUnitCall { pricePerUnit: U256::from(11) };
    assert!(send_as_owner(&mut node, ARB_OWNER, price).success);
    let ask_components = |to, creates, data: &[u8]| {
        let data = Bytes::copy_from_slice(data);
        let call = NodeInterface::gasEstimateComponentsCall { to, contractCreation: creates, data };
        let output = node.call(CallRequest::new(NODE, call.abi_encode()).from(alice)).unwrap();
        NodeInterface::gasEstimateComponentsCall::abi_decode_returns(&output).unwrap()
    };
    let plain = ask_components(bob, false, &[]);
    assert_eq!((plain.gasEstimate, plain.gasEstimateForL1), (21_000, 0));
    assert_eq!((plain.baseFee, plain.l1BaseFeeEstimate), (U256::from(100_000_000), U256::from(11)));
    let own = node.estimate_gas(TxRequest::new(alice).data(hex!("5b5f5ff3")).into()).unwrap();
    assert_eq!(ask_components(Address::ZERO, true, &hex!("5b5f5ff3")).gasEstimate, own);
    assert!(own > 53_000);
    assert_eq!(ask(&node, NODE, NodeInterface::nitroGenesisBlockCall {}).unwrap(), U256::ZERO);
    assert!(refused(&node, NODE, nobodyKnowsThisCall {}));
    // A contract that calls it finds nothing there, and in a transaction so does everybody.
    assert!(node.code(NODE).is_empty());
}

#[test]
fn what_an_owner_schedules_and_sets_is_reported() {
    let mut node = Devnode::default();
    assert!(
        send_as_owner(&mut node, ARB_OWNER, ArbOwner::scheduleArbOSUpgradeCall { newVersion: 60, timestamp: 9 })
            .success
    );
    let upgrade = ask(&node, ARB_OWNER_PUBLIC, ArbOwnerPublic::getScheduledUpgradeCall {}).unwrap();
    assert_eq!((upgrade.arbosVersion, upgrade.scheduledForTimestamp), (60, 9));
    assert!(send_as_owner(&mut node, ARB_OWNER, ArbOwner::setBrotliCompressionLevelCall { level: 11 }).success);
    assert!(!send_as_owner(&mut node, ARB_OWNER, ArbOwner::setBrotliCompressionLevelCall { level: 12 }).success);
    assert_eq!(ask(&node, ARB_OWNER_PUBLIC, ArbOwnerPublic::getBrotliCompressionLevelCall {}).unwrap(), 11);
    let account = Address::repeat_byte(0x71);
    assert!(send_as_owner(&mut node, ARB_OWNER, ArbOwner::setInfraFeeAccountCall { account }).success);
    let owner = node.dev_account();
    let data = ArbOwner::getInfraFeeAccountCall {}.abi_encode();
    let answer = node.call(CallRequest::new(ARB_OWNER, data).from(owner)).unwrap();
    assert_eq!(ArbOwner::getInfraFeeAccountCall::abi_decode_returns(&answer), Ok(account));
}

#[test]
fn the_debug_precompile_changes_code_and_fails_as_it_is_asked_to() {
    let mut node = Devnode::default();
    let target = Address::repeat_byte(0xc0);
    node.set_code(target, hex!("5ff3"));
    let call = ArbDebug::overwriteContractCodeCall { target, newCode: hex!("602a5f5260205ff3").into() };
    let receipt = send(&mut node, ARB_DEBUG, call.abi_encode());
    assert!(receipt.success);
    assert_eq!(ArbDebug::overwriteContractCodeCall::abi_decode_returns(&receipt.output).unwrap()[..], hex!("5ff3"));
    assert_eq!(node.call(CallRequest::new(target, vec![])).unwrap()[31], 42);
    let asked = node.call(CallRequest::new(ARB_DEBUG, ArbDebug::customRevertCall { number: 7 }.abi_encode()));
    let Err(CallError::Revert { data, .. }) = asked else { panic!("{asked:?}") };
    assert_eq!(ArbDebug::Custom::abi_decode(&data).unwrap().number, 7);
    assert!(refused(&node, ARB_DEBUG, ArbDebug::legacyErrorCall {}));
}

#[test]
fn the_debug_precompile_announces_fails_to_announce_and_panics() {
    use alloy_sol_types::SolEvent;
    let mut node = Devnode::default();
    let (user, value) = (node.accounts()[0].address, B256::repeat_byte(7));
    let call = ArbDebug::eventsCall { flag: true, value }.abi_encode();
    let receipt = send_value(&mut node, ARB_DEBUG, call.clone(), U256::from(9));
    let answer = ArbDebug::eventsCall::abi_decode_returns(&receipt.output).unwrap();
    assert_eq!((answer.caller, answer.paid), (user, U256::from(9)));
    let [basic, mixed] = &receipt.logs[..] else { panic!("two events") };
    assert_eq!(ArbDebug::Basic::decode_log_data(&basic.data).unwrap(), ArbDebug::Basic { flag: false, value });
    let expected = ArbDebug::Mixed { flag: true, not: false, value, conn: ARB_DEBUG, caller: user };
    assert_eq!(ArbDebug::Mixed::decode_log_data(&mixed.data).unwrap(), expected);
    // State and two words, events of two topics and a word and of four topics and two words, two words of result.
    assert_eq!(own_gas(&receipt, &call), 800 + 6 + (375 * 3 + 8 * 32) + (375 * 5 + 8 * 64) + 6);
    assert!(refused(&node, ARB_DEBUG, ArbDebug::eventsViewCall {}));
    let panicked = send(&mut node, ARB_DEBUG, ArbDebug::panicCall {}.abi_encode());
    assert_eq!((panicked.success, panicked.gas_used), (false, GAS));
    assert_eq!(panicked.failure.as_deref(), Some("called ArbDebug's debug-only Panic method"));
    assert!(send(&mut node, ARB_DEBUG, ArbDebug::becomeChainOwnerCall {}.abi_encode()).success);
}

#[test]
fn nothing_is_filtered_from_arbos_60_on_and_before_nobody_knows_the_question() {
    let node = Devnode::builder().arbos_version(60).build();
    assert_eq!(ask(&node, ARB_OWNER_PUBLIC, ArbOwnerPublic::getTransactionFilteringFromCall {}).unwrap(), 0);
    assert!(ask(&node, ARB_OWNER_PUBLIC, ArbOwnerPublic::getAllTransactionFilterersCall {}).unwrap().is_empty());
    assert!(refused(&Devnode::default(), ARB_OWNER_PUBLIC, ArbOwnerPublic::getTransactionFilteringFromCall {}));
}

#[test]
fn there_is_never_a_ticket_and_only_what_needs_none_answers() {
    const RETRYABLE: Address = address!("000000000000000000000000000000000000006e");
    let node = Devnode::default();
    assert_eq!(ask(&node, RETRYABLE, ArbRetryableTx::getLifetimeCall {}).unwrap(), U256::from(604_800));
    assert_eq!(ask(&node, RETRYABLE, ArbRetryableTx::getCurrentRedeemerCall {}).unwrap(), Address::ZERO);
    let ticket = B256::repeat_byte(1);
    let asked = ask(&node, RETRYABLE, ArbRetryableTx::redeemCall { ticketId: ticket });
    let Err(CallError::Revert { data, reason }) = asked.map(drop) else { panic!("it was redeemed") };
    assert_eq!(data[..], ArbRetryableTx::NoTicketWithID {}.abi_encode());
    assert_eq!(reason.as_deref(), Some("error NoTicketWithID()"));
    assert!(ask(&node, RETRYABLE, ArbRetryableTx::getTimeoutCall { ticketId: ticket }).is_err());
    assert!(ask(&node, RETRYABLE, ArbRetryableTx::cancelCall { ticketId: ticket }).is_err());
}
