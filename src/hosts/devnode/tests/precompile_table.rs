//! One row for every function of a precompile that no other test is about: its answer and its gas.

mod common;

use alloy_primitives::{Address, B256, Bytes, I256, U256, address};
use alloy_sol_types::{SolCall, SolError, SolEvent};
use common::*;
use spillway_devnode::{
    CallError, CallRequest, Devnode, TxRequest,
    arbos::precompiles::{
        arb_aggregator::ArbAggregator, arb_gas_info::ArbGasInfo, arb_owner::ArbOwner, arb_owner_public::ArbOwnerPublic,
        arb_retryable_tx::ArbRetryableTx, arb_sys::ArbSys, arb_wasm::ArbWasm, arb_wasm_cache::ArbWasmCache,
        arbos_acts::ArbosActs,
    },
    chain::genesis::CACHE_MANAGER,
    evm::{BATCH_POSTER, L1_PRICER_POOL},
};

const AGGREGATOR: Address = address!("000000000000000000000000000000000000006d");
const RETRYABLE: Address = address!("000000000000000000000000000000000000006e");
const ACTS: Address = address!("00000000000000000000000000000000000a4b05");
/// Wei for a unit of L1 data: 50 units of gas.
const L1_PRICE_WEI: u64 = 5_000_000_000;
/// Wei of the pool of the L1 pricer.
const POOL_WEI: u64 = 77;

/// A question, its answer, and how many words of state it reads.
struct Row {
    to: Address,
    data: Vec<u8>,
    answer: Vec<u8>,
    reads: u64,
}

fn row<C: SolCall>(to: Address, call: C, answer: C::Return, reads: u64) -> Row {
    Row { to, data: call.abi_encode(), answer: C::abi_encode_returns(&answer), reads }
}

fn rows(version: u64) -> Vec<Row> {
    let (price, zero, nobody) = (U256::from(L1_PRICE_WEI), U256::ZERO, Address::ZERO);
    // 16 units a byte, 50 gas a unit; 140 bytes a transaction.
    let in_gas = [16 * 50 * 140, 16 * 50, 20_000].map(U256::from);
    let cap = U256::from(32_000_000);
    let mut rows = vec![
        row(ARB_SYS, ArbSys::getStorageGasAvailableCall {}, zero, 0),
        row(ARB_WASM_CACHE, ArbWasmCache::isCacheManagerCall { manager: CACHE_MANAGER }, true, 1),
        row(ARB_WASM_CACHE, ArbWasmCache::isCacheManagerCall { manager: nobody }, false, 1),
        row(
            ARB_GAS_INFO,
            ArbGasInfo::getPricesInArbGasCall {},
            ArbGasInfo::getPricesInArbGasReturn {
                perL2Tx: in_gas[0],
                perL1CalldataByte: in_gas[1],
                perStorageAllocation: in_gas[2],
            },
            1,
        ),
        row(
            ARB_GAS_INFO,
            ArbGasInfo::getPricesInArbGasWithAggregatorCall { aggregator: BATCH_POSTER },
            ArbGasInfo::getPricesInArbGasWithAggregatorReturn {
                perL2Tx: in_gas[0],
                perL1CalldataByte: in_gas[1],
                perStorageAllocation: in_gas[2],
            },
            1,
        ),
        row(
            ARB_GAS_INFO,
            ArbGasInfo::getGasAccountingParamsCall {},
            ArbGasInfo::getGasAccountingParamsReturn {
                speedLimitPerSecond: U256::from(7_000_000),
                gasPoolMax: cap,
                maxTxGasLimit: cap,
            },
            2,
        ),
        row(ARB_GAS_INFO, ArbGasInfo::getMaxTxGasLimitCall {}, cap, 1),
        row(ARB_GAS_INFO, ArbGasInfo::getL1GasPriceEstimateCall {}, price, 1),
        row(ARB_GAS_INFO, ArbGasInfo::getL1FeesAvailableCall {}, U256::from(POOL_WEI), 1),
        row(ARB_GAS_INFO, ArbGasInfo::getGasPricingConstraintsCall {}, vec![], 1),
        // No batch is posted to L1, so nobody is owed anything.
        row(ARB_GAS_INFO, ArbGasInfo::getL1RewardRateCall {}, 0, 1),
        row(ARB_GAS_INFO, ArbGasInfo::getL1RewardRecipientCall {}, nobody, 1),
        row(ARB_GAS_INFO, ArbGasInfo::getL1BaseFeeEstimateInertiaCall {}, 0, 1),
        row(ARB_GAS_INFO, ArbGasInfo::getAmortizedCostCapBipsCall {}, 0, 1),
        row(ARB_GAS_INFO, ArbGasInfo::getL1PricingEquilibrationUnitsCall {}, zero, 1),
        row(ARB_GAS_INFO, ArbGasInfo::getL1PricingFundsDueForRewardsCall {}, zero, 1),
        row(ARB_GAS_INFO, ArbGasInfo::getL1PricingUnitsSinceUpdateCall {}, 0, 1),
        row(ARB_GAS_INFO, ArbGasInfo::getLastL1PricingSurplusCall {}, I256::ZERO, 1),
        row(ARB_GAS_INFO, ArbGasInfo::getLastL1PricingUpdateTimeCall {}, 0, 1),
        row(ARB_GAS_INFO, ArbGasInfo::getPerBatchGasChargeCall {}, 0, 1),
        row(ARB_OWNER_PUBLIC, ArbOwnerPublic::getInfraFeeAccountCall {}, nobody, 1),
        row(ARB_OWNER_PUBLIC, ArbOwnerPublic::isNativeTokenOwnerCall { account: nobody }, false, 1),
        row(ARB_OWNER_PUBLIC, ArbOwnerPublic::getNativeTokenManagementFromCall {}, 0, 1),
        row(ARB_OWNER_PUBLIC, ArbOwnerPublic::getParentGasFloorPerTokenCall {}, 0, 1),
        row(AGGREGATOR, ArbAggregator::getTxBaseFeeCall { aggregator: BATCH_POSTER }, zero, 0),
    ];
    if version >= 60 {
        rows.extend([
            row(ARB_OWNER_PUBLIC, ArbOwnerPublic::isTransactionFiltererCall { account: nobody }, false, 1),
            row(ARB_OWNER_PUBLIC, ArbOwnerPublic::getFilteredFundsRecipientCall {}, nobody, 1),
            row(ARB_GAS_INFO, ArbGasInfo::getMultiGasPricingConstraintsCall {}, vec![], 1),
            row(ARB_GAS_INFO, ArbGasInfo::getMultiGasBaseFeeCall {}, vec![U256::from(100_000_000); 8], 8),
        ]);
    }
    rows
}

#[test]
fn every_figure_is_answered_at_its_price() {
    for version in [51, 60] {
        let mut node = Devnode::builder().arbos_version(version).l1_data_price_wei(L1_PRICE_WEI).build();
        node.set_balance(L1_PRICER_POOL, U256::from(POOL_WEI));
        // Without a price of L1 data a transaction pays for nothing but what it does.
        let mut unposted = Devnode::builder().arbos_version(version).build();
        for Row { to, data, answer, reads } in rows(version) {
            let selector = Bytes::copy_from_slice(&data[..4]);
            let asked = node.call(CallRequest::new(to, data.clone()));
            assert_eq!(asked, Ok(answer.clone().into()), "{to} {selector}");
            let receipt = send(&mut unposted, to, data.clone());
            assert!(receipt.success, "{to} {selector}");
            let words = (data.len() - 4) as u64 / 32 + answer.len() as u64 / 32;
            assert_eq!(own_gas(&receipt, &data), 800 + 800 * reads + 3 * words, "{to} {selector}");
        }
    }
}

#[test]
fn what_came_with_60_is_unknown_before() {
    let node = Devnode::default();
    let refused = Err(CallError::Revert { data: Bytes::new(), reason: None });
    for Row { to, data, .. } in rows(60).split_off(rows(51).len()) {
        assert_eq!(node.call(CallRequest::new(to, data)), refused);
    }
}

/// Asks in the name of the owner.
fn as_owner<C: SolCall>(node: &Devnode, call: C) -> C::Return {
    let request = CallRequest::new(ARB_OWNER, call.abi_encode()).from(node.dev_account());
    C::abi_decode_returns(&node.call(request).unwrap()).unwrap()
}

#[test]
fn owners_are_added_and_removed_and_told_of() {
    let mut node = Devnode::default();
    let (first, second) = (node.dev_account(), node.accounts()[0].address);
    assert!(send_as_owner(&mut node, ARB_OWNER, ArbOwner::addChainOwnerCall { newOwner: second }).success);
    assert_eq!(as_owner(&node, ArbOwner::getAllChainOwnersCall {}), [first, second]);
    assert!(as_owner(&node, ArbOwner::isChainOwnerCall { account: second }));
    // The second acts as an owner, and takes the first out.
    let removal = ArbOwner::removeChainOwnerCall { ownerToRemove: first }.abi_encode();
    assert!(send(&mut node, ARB_OWNER, removal.clone()).success);
    assert!(!send_as_owner(&mut node, ARB_OWNER, ArbOwner::setInkPriceCall { price: 5 }).success);
    // Who is no owner any more cannot be removed again; the owner who tried keeps all gas.
    let again = send(&mut node, ARB_OWNER, removal.clone());
    assert_eq!((again.success, own_gas(&again, &removal)), (false, 0));
}

#[test]
fn fee_accounts_and_limits_that_owners_set_are_in_force() {
    let mut node = Devnode::default();
    let account = Address::repeat_byte(0x71);
    send_as_owner(&mut node, ARB_OWNER, ArbOwner::setNetworkFeeAccountCall { account });
    assert_eq!(as_owner(&node, ArbOwner::getNetworkFeeAccountCall {}), account);
    // A module of 187 bytes does not fit into 186.
    let program = put_program(&mut node, &wasm(WRITE_ARGS));
    send_as_owner(&mut node, ARB_OWNER, ArbOwner::setWasmMaxSizeCall { size: 186 });
    assert!(node.activation_fee_wei(program).is_err());
    send_as_owner(&mut node, ARB_OWNER, ArbOwner::setWasmMaxSizeCall { size: 187 });
    assert!(node.activation_fee_wei(program).is_ok());
}

#[test]
fn a_manager_of_the_cache_that_is_removed_manages_it_no_more() {
    let mut node = Devnode::default();
    let manager = CACHE_MANAGER;
    let is_manager = |node: &Devnode| {
        let data = ArbWasmCache::isCacheManagerCall { manager }.abi_encode();
        node.call(CallRequest::new(ARB_WASM_CACHE, data)).unwrap()[31] == 1
    };
    assert!(is_manager(&node));
    assert!(send_as_owner(&mut node, ARB_OWNER, ArbOwner::removeWasmCacheManagerCall { manager }).success);
    assert!(!is_manager(&node));
    assert!(!send_as_owner(&mut node, ARB_OWNER, ArbOwner::removeWasmCacheManagerCall { manager }).success);
}

#[test]
fn the_cache_is_filled_by_code_hash_in_30_and_by_address_from_31_on() {
    for (version, by_hash) in [(30, true), (31, false), (51, false)] {
        let mut node = Devnode::builder().arbos_version(version).build();
        let program = put_program(&mut node, &wasm(WRITE_ARGS));
        node.activate(program).unwrap();
        let codehash = alloy_primitives::keccak256(node.code(program));
        let hash = send_as_owner(&mut node, ARB_WASM_CACHE, ArbWasmCache::cacheCodehashCall { codehash });
        assert_eq!(hash.success, by_hash, "{version}");
        assert_eq!(node.program(program).unwrap().cached, by_hash, "{version}");
        let address = send_as_owner(&mut node, ARB_WASM_CACHE, ArbWasmCache::cacheProgramCall { program });
        assert_eq!(address.success, !by_hash, "{version}");
        assert!(node.program(program).unwrap().cached, "{version}");
        let asked = ArbWasmCache::codehashIsCachedCall { codehash }.abi_encode();
        assert_eq!(node.call(CallRequest::new(ARB_WASM_CACHE, asked)).unwrap()[31], 1);
        // The least gas of a start can be asked for from 31 on.
        let least = node.call(CallRequest::new(ARB_WASM, ArbWasm::minInitGasCall {}.abi_encode()));
        assert_eq!(least.is_ok(), version >= 31);
    }
}

#[test]
fn programs_of_the_first_parameters_start_for_one_price_which_can_be_asked_for() {
    let mut node = Devnode::builder().arbos_version(30).build();
    let program = put_program(&mut node, &wasm(WRITE_ARGS));
    node.activate(program).unwrap();
    let data = ArbWasm::programInitGasCall { program }.abi_encode();
    let answer = node.call(CallRequest::new(ARB_WASM, data)).unwrap();
    let gas = ArbWasm::programInitGasCall::abi_decode_returns(&answer).unwrap();
    // 72 · 128 and the sum of both costs, against 11 · 32 and the cached one.
    assert_eq!((gas.gas, gas.gasWhenCached), (9_216 + 34 + 11, 352 + 11));
}

fn error_of(node: &Devnode, to: Address, call: impl SolCall) -> Bytes {
    match node.call(CallRequest::new(to, call.abi_encode())) {
        Err(CallError::Revert { data, .. }) => data,
        other => panic!("{other:?}"),
    }
}

#[test]
fn tickets_are_unknown_and_only_arbos_may_act_as_arbos() {
    let mut node = Devnode::default();
    let unknown = ArbRetryableTx::NoTicketWithID {}.abi_encode();
    let id = B256::repeat_byte(1);
    assert_eq!(error_of(&node, RETRYABLE, ArbRetryableTx::keepaliveCall { ticketId: id }), unknown);
    assert_eq!(error_of(&node, RETRYABLE, ArbRetryableTx::getBeneficiaryCall { ticketId: id }), unknown);
    let submission = ArbRetryableTx::submitRetryableCall {
        requestId: id,
        l1BaseFee: U256::ZERO,
        deposit: U256::ZERO,
        callvalue: U256::ZERO,
        gasFeeCap: U256::ZERO,
        gasLimit: 0,
        maxSubmissionFee: U256::ZERO,
        feeRefundAddress: Address::ZERO,
        beneficiary: Address::ZERO,
        retryTo: Address::ZERO,
        retryData: Bytes::new(),
    };
    assert_eq!(error_of(&node, RETRYABLE, submission), ArbRetryableTx::NotCallable {}.abi_encode());

    let start = ArbosActs::startBlockCall { l1BaseFee: U256::ZERO, l1BlockNumber: 0, l2BlockNumber: 0, timePassed: 0 };
    let report = ArbosActs::batchPostingReportCall {
        batchTimestamp: U256::ZERO,
        batchPosterAddress: Address::ZERO,
        batchNumber: 0,
        batchDataGas: 0,
        l1BaseFeeWei: U256::ZERO,
    };
    let second = ArbosActs::batchPostingReportV2Call {
        batchTimestamp: U256::ZERO,
        batchPosterAddress: Address::ZERO,
        batchNumber: 0,
        batchCalldataLength: 0,
        batchCalldataNonZeros: 0,
        batchExtraGas: 0,
        l1BaseFeeWei: U256::ZERO,
    };
    let stranger = ArbosActs::CallerNotArbOS {}.abi_encode();
    assert_eq!(error_of(&node, ACTS, start.clone()), stranger);
    assert_eq!(error_of(&node, ACTS, report), stranger);
    assert_eq!(error_of(&node, ACTS, second), stranger);
    let receipt = send(&mut node, ACTS, start.abi_encode());
    assert_eq!((receipt.success, receipt.output), (false, stranger.into()));
}

#[test]
fn an_owner_whose_place_in_the_state_is_wrong_is_put_right_by_anybody() {
    use spillway_devnode::arbos::state::{ARBOS_ACCOUNT, Space};
    let mut node = Devnode::default();
    let owner = node.dev_account();
    let rectify = ArbOwnerPublic::rectifyChainOwnerCall { ownerToRectify: owner };
    // There is nothing to put right, nor is a stranger an owner with a wrong place.
    assert!(!send(&mut node, ARB_OWNER_PUBLIC, rectify.abi_encode()).success);
    let stranger = ArbOwnerPublic::rectifyChainOwnerCall { ownerToRectify: Address::repeat_byte(1) };
    assert!(!send(&mut node, ARB_OWNER_PUBLIC, stranger.abi_encode()).success);
    let place = Space::root().sub(&[4]).sub(&[0]).slot(owner.into_word());
    assert_eq!(node.storage(ARBOS_ACCOUNT, place), U256::from(1));
    node.set_storage(ARBOS_ACCOUNT, place, U256::from(9));
    let receipt = send(&mut node, ARB_OWNER_PUBLIC, rectify.abi_encode());
    assert!(receipt.success, "{receipt:?}");
    assert_eq!(node.storage(ARBOS_ACCOUNT, place), U256::from(1));
    let event = ArbOwnerPublic::ChainOwnerRectified::decode_log_data(&receipt.logs[0].data).unwrap();
    assert_eq!(event.rectifiedOwner, owner);
}

#[test]
fn an_owner_in_a_static_call_may_look_and_nothing_is_announced() {
    let mut node = Devnode::default();
    let proxy = put_forwarder(&mut node, Kind::Static);
    send_as_owner(&mut node, ARB_OWNER, ArbOwner::addChainOwnerCall { newOwner: proxy });
    let user = node.accounts()[0].address;
    let mut ask = |data: Vec<u8>| {
        let request = TxRequest::new(user).to(proxy).data(forward(ARB_OWNER, data)).gas(GAS);
        node.transact(request).unwrap()
    };
    let seen = ask(ArbOwner::getNetworkFeeAccountCall {}.abi_encode());
    assert_eq!((seen.success, seen.output[31], seen.logs.len()), (true, 1, 0));
    let refused = ask(ArbOwner::setInkPriceCall { price: 5 }.abi_encode());
    assert_eq!((refused.success, refused.output[31], refused.logs.len()), (true, 0, 0));
    // The same question in a plain call is announced.
    let plain = put_forwarder(&mut node, Kind::Call);
    send_as_owner(&mut node, ARB_OWNER, ArbOwner::addChainOwnerCall { newOwner: plain });
    let data = forward(ARB_OWNER, ArbOwner::getNetworkFeeAccountCall {}.abi_encode());
    let seen = node.transact(TxRequest::new(user).to(plain).data(data).gas(GAS)).unwrap();
    assert_eq!((seen.output[31], seen.logs.len()), (1, 1));
}
