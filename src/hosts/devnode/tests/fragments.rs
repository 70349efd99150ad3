//! Programs split over several accounts: deployed, activated, limited and priced as ArbOS 60 has it.

mod common;

use alloy_primitives::{Address, Bytes, U256};
use alloy_sol_types::{SolCall, SolError};
use common::*;
use spillway_devnode::{
    CallError, CallRequest, Devnode, TxRequest,
    arbos::precompiles::{arb_owner::ArbOwner, arb_owner_public::ArbOwnerPublic, arb_wasm::ArbWasm},
    wasm::{
        format,
        fragments::{Root, fragment_codes},
    },
};

/// Gas of a cold account and of copying `bytes` of its code.
fn read_gas(bytes: usize) -> u64 {
    2_600 + 3 * bytes.div_ceil(32) as u64
}

fn node() -> Devnode {
    Devnode::builder().arbos_version(60).build()
}

/// Deploys code as a contract.
fn put(node: &mut Devnode, code: &[u8]) -> Address {
    let from = node.accounts()[0].address;
    node.deploy(from, format::init_code(code), U256::ZERO).unwrap().contract_address.unwrap()
}

/// Deploys the 187-byte program in pieces of `payload_bytes`, and its root. Gives the root's address and the pieces' lengths.
fn put_in_pieces(node: &mut Devnode, payload_bytes: usize) -> (Address, Vec<usize>) {
    let module = wasm(WRITE_ARGS);
    let codes = fragment_codes(&module, payload_bytes);
    let fragments = codes.iter().map(|code| put(node, code)).collect();
    let root = put(node, &Root { wasm_bytes: module.len() as u32, fragments }.code());
    (root, codes.iter().map(Vec::len).collect())
}

fn activation(node: &Devnode, program: Address) -> Result<Bytes, CallError> {
    let call = ArbWasm::activateProgramCall { program }.abi_encode();
    node.call(CallRequest::new(ARB_WASM, call).from(node.dev_account()).value(ETHER))
}

#[test]
fn a_program_in_two_fragments_is_deployed_activated_and_runs() {
    let mut node = node();
    let (program, _) = put_in_pieces(&mut node, 100);
    node.activate(program).unwrap();
    let from = node.accounts()[0].address;
    let receipt = node.transact(TxRequest::new(from).to(program).data(b"abc".to_vec())).unwrap();
    assert!(receipt.success, "{:?}", receipt.failure);
    assert_eq!(receipt.output[..], *b"abc");
    // The record is that of the module, wherever its pieces lie.
    let whole = put_program(&mut node, &wasm(WRITE_ARGS));
    node.activate(whole).unwrap();
    for call in [program, whole] {
        let data = ArbWasm::programInitGasCall { program: call }.abi_encode();
        let answer = node.call(CallRequest::new(ARB_WASM, data)).unwrap();
        let answer = ArbWasm::programInitGasCall::abi_decode_returns(&answer).unwrap();
        assert_eq!((answer.gas, answer.gasWhenCached), (9_229, 363));
    }
}

#[test]
fn reading_the_fragments_is_paid_for_by_access_and_length() {
    let mut node = node();
    let (program, lengths) = put_in_pieces(&mut node, 100);
    assert_eq!(lengths.len(), 2);
    let pieces = node.activate(program).unwrap();
    let calldata = |program: Address| intrinsic_gas(&ArbWasm::activateProgramCall { program }.abi_encode());
    let own = pieces.gas_used - calldata(program);
    let reads: u64 = lengths.iter().map(|bytes| read_gas(*bytes)).sum();
    let of_the_whole = 1_812_450 + 800;
    assert_eq!(own, of_the_whole + reads);
    // The same account twice is warm the second time.
    let (mut node, module) = (self::node(), wasm(WRITE_ARGS));
    let [code] = &fragment_codes(&module, 1_000)[..] else { panic!("one piece") };
    let fragment = put(&mut node, code);
    let root = put(&mut node, &Root { wasm_bytes: module.len() as u32, fragments: vec![fragment; 2] }.code());
    // The stream followed by itself is no stream, so the activation fails after both reads and keeps the rest.
    let receipt = node.transact(
        TxRequest::new(node.dev_account())
            .to(ARB_WASM)
            .value(ETHER)
            .gas(GAS)
            .data(ArbWasm::activateProgramCall { program: root }.abi_encode()),
    );
    let receipt = receipt.unwrap();
    assert!(!receipt.success && receipt.output.is_empty());
    let before_reads = 800 + 3 + 800 + 1_659_168 + 100 + 800;
    assert_eq!(receipt.gas_used - calldata(root), before_reads + 2 * read_gas(code.len()) - 2_500);
}

#[test]
fn roots_that_cannot_be_joined_are_refused_and_keep_the_rest_of_the_gas() {
    let mut node = node();
    let module = wasm(WRITE_ARGS);
    let codes = fragment_codes(&module, 60);
    let pieces: Vec<Address> = codes.iter().map(|code| put(&mut node, code)).collect();
    assert!(pieces.len() > 2);
    let length = module.len() as u32;
    let [first, second, ..] = pieces[..] else { panic!("two pieces at least") };
    let contract = put(&mut node, &[0x00]);
    let roots = [
        Root { wasm_bytes: length, fragments: vec![] },
        Root { wasm_bytes: length, fragments: pieces.clone() }, // more than two
        Root { wasm_bytes: length, fragments: vec![first, second] }, // not the whole stream
        Root { wasm_bytes: length, fragments: vec![contract] },
        Root { wasm_bytes: 131_073, fragments: vec![first] },
    ];
    for root in roots {
        let program = put(&mut node, &root.code());
        let from = node.accounts()[0].address;
        let data = ArbWasm::activateProgramCall { program }.abi_encode();
        let receipt = node.transact(TxRequest::new(from).to(ARB_WASM).value(ETHER).gas(GAS).data(data)).unwrap();
        assert!(!receipt.success && receipt.output.is_empty(), "{root:?}");
        assert!(receipt.gas_used < GAS, "{root:?}");
    }
}

#[test]
fn the_owner_may_allow_more_fragments() {
    let mut node = node();
    let (program, lengths) = put_in_pieces(&mut node, 60);
    let count = u8::try_from(lengths.len()).unwrap();
    let asked = |node: &Devnode| {
        let data = ArbOwnerPublic::getMaxStylusContractFragmentsCall {}.abi_encode();
        let answer = node.call(CallRequest::new(ARB_OWNER_PUBLIC, data)).unwrap();
        ArbOwnerPublic::getMaxStylusContractFragmentsCall::abi_decode_returns(&answer).unwrap()
    };
    assert_eq!(asked(&node), 2);
    assert!(activation(&node, program).is_err());
    let receipt = send_as_owner(&mut node, ARB_OWNER, ArbOwner::setMaxStylusContractFragmentsCall { count });
    assert!(receipt.success);
    assert_eq!(asked(&node), count);
    node.activate(program).unwrap();
}

#[test]
fn the_gas_for_the_longest_fragment_must_be_there_before_one_is_read() {
    let mut node = node();
    let (program, _) = put_in_pieces(&mut node, 1_000);
    let data = ArbWasm::activateProgramCall { program }.abi_encode();
    let before_reads = 800 + 3 + 800 + 1_659_168 + 100 + 800;
    let gas = intrinsic_gas(&data) + before_reads + read_gas(24_576);
    let from = node.accounts()[0].address;
    for (gas, burns_all) in [(gas - 1, true), (gas, false)] {
        let request = TxRequest::new(from).to(ARB_WASM).value(ETHER).gas(gas).data(data.clone());
        let receipt = node.transact(request).unwrap();
        assert!(!receipt.success);
        // With enough for the longest, the short one is read; the gas ends later, at the parsing, and all of it is gone too.
        assert_eq!(receipt.gas_used, gas, "{burns_all}");
    }
}

#[test]
fn a_fragment_is_not_a_program_and_cannot_run() {
    let mut node = node();
    let module = wasm(WRITE_ARGS);
    let fragment = put(&mut node, &fragment_codes(&module, 1_000)[0]);
    assert!(matches!(activation(&node, fragment), Err(CallError::Revert { data, .. }) if data.is_empty()));
    let from = node.accounts()[0].address;
    let receipt = node.transact(TxRequest::new(from).to(fragment).gas(100_000)).unwrap();
    assert_eq!((receipt.success, receipt.gas_used), (false, 100_000));
}

#[test]
fn a_root_that_is_not_activated_burns_all_and_says_so() {
    let mut node = node();
    let (program, _) = put_in_pieces(&mut node, 1_000);
    let Err(CallError::Halt { reason, gas_used }) = node.call(CallRequest::new(program, vec![]).gas(100_000)).map(drop)
    else {
        panic!("it ran")
    };
    assert_eq!((reason.as_str(), gas_used), ("error ProgramNotActivated()", 100_000));
}

#[test]
fn code_that_is_no_program_is_not_wasm_from_arbos_60_on() {
    let mut node = node();
    let contract = put(&mut node, &[0x00]);
    let Err(CallError::Revert { data, .. }) = activation(&node, contract) else { panic!("it is a program") };
    assert_eq!(data[..], ArbWasm::ProgramNotWasm {}.abi_encode());
}

#[test]
fn before_arbos_60_neither_fragments_nor_roots_can_be_created() {
    let mut node = Devnode::default();
    let module = wasm(WRITE_ARGS);
    let root = Root { wasm_bytes: 187, fragments: vec![Address::ZERO] }.code();
    for code in [fragment_codes(&module, 1_000).remove(0), root.clone()] {
        let from = node.accounts()[0].address;
        assert!(node.deploy(from, format::init_code(&code), U256::ZERO).is_err());
    }
    // Put there by hand it is bytecode that begins with an invalid opcode.
    let at = Address::repeat_byte(0x66);
    node.set_code(at, Bytes::from(root));
    assert!(matches!(node.call(CallRequest::new(at, vec![])), Err(CallError::Halt { .. })));
}

#[test]
fn activating_costs_800_gas_more_and_the_extra_gas_can_be_asked_for() {
    let mut node = node();
    let program = put_program(&mut node, &wasm(WRITE_ARGS));
    let receipt = node.activate(program).unwrap();
    let data = ArbWasm::activateProgramCall { program }.abi_encode();
    assert_eq!(own_gas(&receipt, &data), 1_812_450 + 800);
    let data = ArbWasm::activationGasCall {}.abi_encode();
    let answer = node.call(CallRequest::new(ARB_WASM, data.clone())).unwrap();
    assert_eq!(ArbWasm::activationGasCall::abi_decode_returns(&answer), Ok(0));
    // Older versions do not know the question.
    assert!(Devnode::default().call(CallRequest::new(ARB_WASM, data)).is_err());
}
