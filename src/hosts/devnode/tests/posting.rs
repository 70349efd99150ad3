//! What transactions pay for lying on L1, once the owner of the chain sets a price for it.

mod common;

use alloy_primitives::{Address, Bytes, U256, address, hex, keccak256};
use alloy_sol_types::SolCall;
use common::*;
use spillway_devnode::{
    CallRequest, Devnode, TxRequest,
    api::node_interface::NodeInterface,
    arbos::precompiles::{arb_gas_info::ArbGasInfo, arb_owner::ArbOwner},
    evm::{L1_PRICER_POOL, l1_units},
};

const NODE_INTERFACE: Address = address!("00000000000000000000000000000000000000c8");
const BASE_FEE_WEI: u64 = 100_000_000;
/// Wei for a unit: a hundredth of a unit of gas.
const UNIT_PRICE_WEI: u64 = 1_000_000;

fn priced() -> Devnode {
    Devnode::builder().l1_data_price_wei(UNIT_PRICE_WEI).base_fee_wei(BASE_FEE_WEI).build()
}

/// Bytes that do not compress.
fn noise(words: u8) -> Vec<u8> {
    (0..words).flat_map(|word| keccak256([word])).collect()
}

/// The gas of posting a mined transaction, worked out from its signed bytes.
fn expected_gas(node: &Devnode, hash: alloy_primitives::B256) -> u64 {
    use alloy_eips::eip2718::Encodable2718;
    let bytes = node.transaction(hash).unwrap().envelope.encoded_2718();
    l1_units(&bytes, 1) * UNIT_PRICE_WEI / BASE_FEE_WEI
}

#[test]
fn posting_is_part_of_the_gas_used_and_goes_to_the_pool_of_the_pricer() {
    let mut node = priced();
    let (alice, bob) = (node.accounts()[0].address, Address::repeat_byte(0xb0));
    let before = node.balance(alice);
    let receipt = node.transact(TxRequest::new(alice).to(bob).value(U256::from(1))).unwrap();
    let posting = expected_gas(&node, receipt.transaction_hash);
    assert!(posting > 10);
    assert_eq!((receipt.gas_used_for_l1, receipt.gas_used), (posting, 21_000 + posting));
    let wei = |gas: u64| U256::from(gas) * U256::from(BASE_FEE_WEI);
    assert_eq!(node.balance(L1_PRICER_POOL), wei(posting));
    assert_eq!(node.balance(Address::ZERO), wei(21_000));
    assert_eq!(before - node.balance(alice), wei(receipt.gas_used) + U256::from(1));
    // Bytes that do not compress cost more.
    let long = node.transact(TxRequest::new(alice).to(bob).data(noise(30))).unwrap();
    assert!(long.gas_used_for_l1 > 16 * 900 / 100, "{}", long.gas_used_for_l1);
    assert_eq!(long.gas_used_for_l1, expected_gas(&node, long.transaction_hash));
}

#[test]
fn at_a_price_of_zero_nothing_is_paid_for_posting() {
    let mut node = Devnode::default();
    let alice = node.accounts()[0].address;
    let receipt = node.transact(TxRequest::new(alice).to(alice).data(noise(30))).unwrap();
    assert_eq!((receipt.gas_used_for_l1, receipt.gas_used), (0, intrinsic_gas(&noise(30))));
    assert_eq!(node.balance(L1_PRICER_POOL), U256::ZERO);
}

#[test]
fn a_limit_that_does_not_cover_posting_is_out_of_gas_before_anything_runs() {
    let mut node = priced();
    let (alice, contract) = (node.accounts()[0].address, Address::repeat_byte(0xc0));
    node.set_code(contract, hex!("6001600055")); // SSTORE(0, 1)
    let receipt = node.transact(TxRequest::new(alice).to(contract).gas(21_001)).unwrap();
    assert_eq!((receipt.success, receipt.gas_used), (false, 21_001));
    assert_eq!(receipt.failure.as_deref(), Some("out of gas"));
    assert_eq!(node.storage(contract, U256::ZERO), U256::ZERO);
    // One unit of gas decides.
    let needed = 21_000 + expected_gas(&node, receipt.transaction_hash);
    let bob = Address::repeat_byte(0xb0);
    for gas in [needed - 2, needed + 2] {
        let receipt = node.transact(TxRequest::new(alice).to(bob).gas(gas)).unwrap();
        assert_eq!(receipt.success, gas >= 21_000 + expected_gas(&node, receipt.transaction_hash), "{gas}");
    }
}

#[test]
fn refunds_are_a_fifth_of_the_gas_without_posting() {
    // Three slots that are set become zero: refunds of 14 400, of which the rule lets only a fifth of the gas through.
    let code = Bytes::from_static(&hex!("5f5f55 5f600155 5f600255"));
    let used = |mut node: Devnode| {
        let (alice, contract) = (node.accounts()[0].address, Address::repeat_byte(0xc0));
        node.set_code(contract, code.clone());
        for slot in 0..3 {
            node.set_storage(contract, U256::from(slot), U256::from(1));
        }
        let receipt = node.transact(TxRequest::new(alice).to(contract).data(noise(40))).unwrap();
        assert!(receipt.success);
        receipt.gas_used - receipt.gas_used_for_l1
    };
    // Two pushes and a write: 5 000 for a cold slot that becomes zero.
    let spent = intrinsic_gas(&noise(40)) + 3 * 5_000 + 4 + 2 * 5;
    assert_eq!(used(Devnode::default()), spent - spent / 5);
    assert_eq!(used(priced()), spent - spent / 5);
}

#[test]
fn an_estimate_includes_posting_and_says_how_much_it_is() {
    let mut node = priced();
    let (alice, bob) = (node.accounts()[0].address, Address::repeat_byte(0xb0));
    let data = Bytes::from(noise(20));
    let request = TxRequest::new(alice).to(bob).data(data.clone());
    let estimate = node.estimate_gas(request.clone().into()).unwrap();
    let call = NodeInterface::gasEstimateComponentsCall { to: bob, contractCreation: false, data: data.clone() };
    let output = node.call(CallRequest::new(NODE_INTERFACE, call.abi_encode()).from(alice)).unwrap();
    let parts = NodeInterface::gasEstimateComponentsCall::abi_decode_returns(&output).unwrap();
    assert_eq!(parts.gasEstimate, estimate);
    let call = NodeInterface::gasEstimateL1ComponentCall { to: bob, contractCreation: false, data };
    let output = node.call(CallRequest::new(NODE_INTERFACE, call.abi_encode()).from(alice)).unwrap();
    let posting = NodeInterface::gasEstimateL1ComponentCall::abi_decode_returns(&output).unwrap();
    assert_eq!(posting.gasEstimateForL1, parts.gasEstimateForL1);
    assert_eq!(parts.l1BaseFeeEstimate, U256::from(UNIT_PRICE_WEI));
    // The estimate is enough, and its L1 part is above what is paid by no more than a half.
    let receipt = node.transact(request.gas(estimate)).unwrap();
    assert!(receipt.success);
    let (paid, estimated) = (receipt.gas_used_for_l1, parts.gasEstimateForL1);
    assert!(paid < estimated && estimated < paid * 3 / 2, "{paid} {estimated}");
    assert!(estimate >= 21_000 + estimated);
}

#[test]
fn a_contract_can_ask_what_its_transaction_pays_for_posting() {
    let mut node = priced();
    let data = ArbGasInfo::getCurrentTxL1GasFeesCall {}.abi_encode();
    let receipt = send(&mut node, ARB_GAS_INFO, data);
    let fee = ArbGasInfo::getCurrentTxL1GasFeesCall::abi_decode_returns(&receipt.output).unwrap();
    assert_eq!(fee, U256::from(receipt.gas_used_for_l1) * U256::from(BASE_FEE_WEI));
    assert!(receipt.gas_used_for_l1 > 0);
}

#[test]
fn the_infrastructure_account_gets_the_minimum_price_of_the_gas_when_there_is_one() {
    let mut node = Devnode::default();
    let (network, infrastructure) = (Address::repeat_byte(0x71), Address::repeat_byte(0x72));
    for call in [
        ArbOwner::setNetworkFeeAccountCall { account: network }.abi_encode(),
        ArbOwner::setInfraFeeAccountCall { account: infrastructure }.abi_encode(),
    ] {
        let from = node.dev_account();
        assert!(node.transact(TxRequest::new(from).to(ARB_OWNER).data(call)).unwrap().success);
    }
    let alice = node.accounts()[0].address;
    let before = (node.balance(network), node.balance(infrastructure));
    node.set_next_base_fee_wei(150_000_000);
    let receipt = node.transact(TxRequest::new(alice).to(alice)).unwrap();
    assert_eq!(receipt.effective_gas_price_wei, 150_000_000);
    assert_eq!(node.balance(infrastructure) - before.1, U256::from(21_000u64 * 100_000_000));
    assert_eq!(node.balance(network) - before.0, U256::from(21_000u64 * 50_000_000));
}

#[test]
fn reading_the_price_warms_nothing_for_the_transaction() {
    use spillway_devnode::arbos::state::ARBOS_ACCOUNT;
    let used = |mut node: Devnode| {
        let (alice, contract) = (node.accounts()[0].address, Address::repeat_byte(0xc0));
        // BALANCE of the account of ArbOS.
        node.set_code(contract, [&hex!("73")[..], ARBOS_ACCOUNT.as_slice(), &hex!("3100")].concat());
        let receipt = node.transact(TxRequest::new(alice).to(contract)).unwrap();
        receipt.gas_used - receipt.gas_used_for_l1
    };
    assert_eq!((used(Devnode::default()), used(priced())), (21_000 + 3 + 2_600, 21_000 + 3 + 2_600));
}
