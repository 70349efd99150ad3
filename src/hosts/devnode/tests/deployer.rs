//! Programs deployed, activated and initialised in one transaction, and the other contracts of genesis.

mod common;

use alloy_primitives::{Address, B256, Bytes, U256, hex, keccak256};
use alloy_sol_types::{SolCall, SolError, SolEvent, sol};
use common::*;
use spillway_devnode::{
    CallRequest, DeployError, Devnode, TxRequest,
    arbos::precompiles::arb_sys::ArbSys,
    chain::genesis::{CREATE2_FACTORY, MULTICALL3, STYLUS_DEPLOYER},
    wasm::format,
};

sol! {
    interface Deployer {
        function deploy(bytes bytecode, bytes initData, uint256 initValue, bytes32 salt) external payable returns (address created);
        function initSalt(bytes32 salt, bytes initData) external pure returns (bytes32 mixed);
        function requiresActivation(address program) external view returns (bool required);
        event ContractDeployed(address deployedContract);
        error ContractDeploymentError(bytes bytecode);
        error ContractInitializationError(address newContract, bytes data);
        error RefundExcessValueError(uint256 excessValue);
        error EmptyBytecode();
        error InitValueButNotInitData();
    }
    struct Call3 { address target; bool allowFailure; bytes callData; }
    struct Answer { bool success; bytes returnData; }
    function aggregate3(Call3[] calls) external payable returns (Answer[] answers);
    function getEthBalance(address account) external view returns (uint256 balance);
}

/// Stores the word after the selector at slot 0 when called with `stylus_constructor()`'s selector; otherwise returns slot 0.
/// A word of zero makes the constructor fail with the calldata as its data.
const CONSTRUCTED: &str = r#"(module
    (import "vm_hooks" "pay_for_memory_grow" (func (param i32)))
    (import "vm_hooks" "read_args" (func $read_args (param i32)))
    (import "vm_hooks" "write_result" (func $write_result (param i32 i32)))
    (import "vm_hooks" "storage_load_bytes32" (func $load (param i32 i32)))
    (import "vm_hooks" "storage_cache_bytes32" (func $cache (param i32 i32)))
    (import "vm_hooks" "storage_flush_cache" (func $flush (param i32)))
    (func (export "user_entrypoint") (param $len i32) (result i32)
        i32.const 100
        call $read_args
        i32.const 100
        i32.load
        i32.const 0x8d258555
        i32.eq
        if
            i32.const 132
            i32.load
            i32.eqz
            if
                i32.const 100
                local.get $len
                call $write_result
                i32.const 1
                return
            end
            i32.const 0
            i32.const 104
            call $cache
            i32.const 0
            call $flush
            i32.const 0
            return
        end
        i32.const 0
        i32.const 32
        call $load
        i32.const 32
        i32.const 32
        call $write_result
        i32.const 0)
    (memory (export "memory") 1))"#;

fn constructor(word: U256) -> Bytes {
    [&hex!("5585258d")[..], &word.to_be_bytes::<32>()].concat().into()
}

fn init_code(text: &str) -> Bytes {
    format::init_code(&format::program_code(&wasm(text))).into()
}

fn deploy_call(text: &str, init: Bytes, init_value: U256, salt: B256) -> Vec<u8> {
    Deployer::deployCall { bytecode: init_code(text), initData: init, initValue: init_value, salt }.abi_encode()
}

#[test]
fn a_program_without_constructor_is_deployed_and_active() {
    let mut node = Devnode::default();
    let from = node.accounts()[0].address;
    let before = node.balance(STYLUS_DEPLOYER);
    let program = node.deploy_stylus(from, &wasm(WRITE_ARGS), None).unwrap();
    assert_eq!(node.program(program).map(|record| record.version), Some(2));
    assert_eq!(node.call(CallRequest::new(program, vec![7; 40])).unwrap()[..], [7; 40]);
    assert_eq!(node.balance(STYLUS_DEPLOYER), before);
    // Equal code needs no second activation.
    let twin = node.deploy_stylus(from, &wasm(WRITE_ARGS), None).unwrap();
    assert_ne!(program, twin);
    let required = Deployer::requiresActivationCall { program: twin }.abi_encode();
    assert_eq!(node.call(CallRequest::new(STYLUS_DEPLOYER, required)).unwrap()[..], [0; 32]);
}

#[test]
fn the_constructor_runs_in_the_same_transaction() {
    let mut node = Devnode::default();
    let from = node.accounts()[0].address;
    let program = node.deploy_stylus(from, &wasm(CONSTRUCTED), Some(constructor(U256::from(77)))).unwrap();
    assert_eq!(node.storage(program, U256::ZERO), U256::from(77));
    assert_eq!(U256::from_be_slice(&node.call(CallRequest::new(program, vec![])).unwrap()), U256::from(77));
}

#[test]
fn a_trace_runs_the_earlier_transactions_of_the_block_first() {
    let mut node = Devnode::default();
    let from = node.accounts()[0].address;
    let program = node.deploy_stylus(from, &wasm(CONSTRUCTED), None).unwrap();
    node.set_automine(false);
    node.submit(TxRequest::new(from).to(program).data(constructor(U256::from(77)))).unwrap();
    let second = node.submit(TxRequest::new(from).to(program)).unwrap();
    node.mine(1);
    let steps = node.trace(second).unwrap();
    assert_eq!((steps[0].name.as_str(), steps.last().unwrap().name.as_str()), ("user_entrypoint", "user_returned"));
    let load = steps.iter().find(|step| step.name == "storage_load_bytes32").unwrap();
    assert_eq!(load.outs[..], U256::from(77).to_be_bytes::<32>());
    let call = node.trace_call(CallRequest::new(program, vec![]).at(1)).unwrap();
    assert_eq!(call.iter().find(|step| step.name == "storage_load_bytes32").unwrap().outs[..], [0; 32]);
}

#[test]
fn a_constructor_that_fails_undoes_everything_and_hands_its_data_on() {
    let mut node = Devnode::default();
    let from = node.accounts()[0].address;
    let init = constructor(U256::ZERO);
    let Err(DeployError::Failed(failed)) = node.deploy_stylus(from, &wasm(CONSTRUCTED), Some(init.clone())) else {
        panic!()
    };
    let error = Deployer::ContractInitializationError::abi_decode(&failed.output).unwrap();
    assert_eq!(error.data, init);
    assert!(node.code(error.newContract).is_empty());
}

#[test]
fn the_rest_of_the_value_comes_back_and_the_address_is_announced() {
    let mut node = Devnode::default();
    let from = node.accounts()[0].address;
    let before = node.balance(from);
    let receipt =
        send_value(&mut node, STYLUS_DEPLOYER, deploy_call(WRITE_ARGS, Bytes::new(), U256::ZERO, B256::ZERO), ETHER);
    assert!(receipt.success, "{receipt:?}");
    let log = receipt.logs.last().unwrap();
    assert_eq!((log.address, log.data.data.len()), (STYLUS_DEPLOYER, 32));
    let program = Deployer::ContractDeployed::decode_log_data(&log.data).unwrap().deployedContract;
    assert_eq!(program, STYLUS_DEPLOYER.create(1));
    let spent = before - node.balance(from) - U256::from(receipt.gas_used * receipt.effective_gas_price_wei);
    assert!(spent > U256::ZERO && spent < ETHER / U256::from(1_000), "{spent}");
    assert_eq!(node.balance(STYLUS_DEPLOYER), U256::ZERO);
}

#[test]
fn the_constructor_gets_its_value_and_the_rest_comes_back() {
    let mut node = Devnode::default();
    let from = node.accounts()[0].address;
    let (before, value) = (node.balance(from), ETHER / U256::from(4));
    let call = deploy_call(CONSTRUCTED, constructor(U256::from(77)), value, B256::ZERO);
    let receipt = send_value(&mut node, STYLUS_DEPLOYER, call, ETHER);
    assert!(receipt.success, "{receipt:?}");
    let program = STYLUS_DEPLOYER.create(1);
    assert_eq!((node.balance(program), node.storage(program, U256::ZERO)), (value, U256::from(77)));
    assert_eq!(node.balance(STYLUS_DEPLOYER), U256::ZERO);
    let gas_wei = U256::from(receipt.gas_used * receipt.effective_gas_price_wei);
    let fee_wei = before - node.balance(from) - gas_wei - value;
    assert!(fee_wei > U256::ZERO && fee_wei < ETHER / U256::from(1_000), "{fee_wei}");
    // What was sent must pay for the activation and the constructor: a module that is not active yet, and no more than the constructor's value.
    let other = CONSTRUCTED
        .replace("i32.const 100\n        call $read_args", "i32.const 100\n        call $read_args\n        nop");
    let short = deploy_call(&other, constructor(U256::from(1)), value, B256::ZERO);
    assert!(!send_value(&mut node, STYLUS_DEPLOYER, short, value).success);
    assert!(node.code(STYLUS_DEPLOYER.create(2)).is_empty());
}

#[test]
fn a_sender_that_takes_no_ether_back_is_told_how_much_is_left() {
    let mut node = Devnode::default();
    // Called with nothing, the forwarder copies more than there is gas for.
    let sender = put_forwarder(&mut node, Kind::Call);
    let call = deploy_call(WRITE_ARGS, Bytes::new(), U256::ZERO, B256::ZERO);
    let receipt = send_value(&mut node, sender, forward(STYLUS_DEPLOYER, call), ETHER);
    assert_eq!(receipt.output[..32], [0; 32], "the deployer failed");
    let left = Deployer::RefundExcessValueError::abi_decode(&receipt.output[32..]).unwrap().excessValue;
    assert!(left < ETHER && left > ETHER - ETHER / U256::from(1_000), "{left}");
    assert!(node.code(STYLUS_DEPLOYER.create(1)).is_empty());
}

#[test]
fn a_salt_fixes_the_address_together_with_the_constructor() {
    let mut node = Devnode::default();
    let (salt, init) = (B256::repeat_byte(3), constructor(U256::from(5)));
    let receipt =
        send_value(&mut node, STYLUS_DEPLOYER, deploy_call(CONSTRUCTED, init.clone(), U256::ZERO, salt), ETHER);
    let mixed = keccak256([salt.as_slice(), &init].concat());
    let expected = STYLUS_DEPLOYER.create2_from_code(mixed, init_code(CONSTRUCTED));
    assert_eq!(Address::from_slice(&receipt.output[12..]), expected);
    let asked = node
        .call(CallRequest::new(STYLUS_DEPLOYER, Deployer::initSaltCall { salt, initData: init }.abi_encode()))
        .unwrap();
    assert_eq!(asked[..], mixed[..]);
    // The address is taken now.
    let again = send_value(
        &mut node,
        STYLUS_DEPLOYER,
        deploy_call(CONSTRUCTED, constructor(U256::from(5)), U256::ZERO, salt),
        ETHER,
    );
    assert_eq!(Deployer::ContractDeploymentError::abi_decode(&again.output).unwrap().bytecode, init_code(CONSTRUCTED));
}

#[test]
fn wrong_requests_are_refused_by_name() {
    let mut node = Devnode::default();
    let nothing = Deployer::deployCall {
        bytecode: Bytes::new(),
        initData: Bytes::new(),
        initValue: U256::ZERO,
        salt: B256::ZERO,
    };
    assert_eq!(send(&mut node, STYLUS_DEPLOYER, nothing.abi_encode()).output, Deployer::EmptyBytecode {}.abi_encode());
    let lost = deploy_call(WRITE_ARGS, Bytes::new(), U256::from(1), B256::ZERO);
    assert_eq!(
        send_value(&mut node, STYLUS_DEPLOYER, lost, ETHER).output,
        Deployer::InitValueButNotInitData {}.abi_encode()
    );
}

#[test]
fn bytes_that_are_no_module_are_refused_before_anything_is_sent() {
    let mut node = Devnode::default();
    let from = node.accounts()[0].address;
    assert!(matches!(node.deploy_wasm(from, b"nonsense", U256::ZERO), Err(DeployError::BadWasm(_))));
    assert_eq!((node.block_number(), node.nonce(from)), (0, 0));
}

#[test]
fn a_module_that_cannot_be_activated_is_refused_before_anything_is_sent() {
    let mut node = Devnode::default();
    let from = node.accounts()[0].address;
    let refused = node.deploy_stylus(from, &wasm("(module (memory (export \"memory\") 1 1))"), None);
    assert!(matches!(refused, Err(DeployError::Activation(_))), "{refused:?}");
    assert_eq!(node.block_number(), 0);
}

#[test]
fn the_create2_factory_deploys_at_the_address_of_salt_and_code() {
    let mut node = Devnode::default();
    let (salt, code) = (B256::with_last_byte(1), hex!("6001600c60003960016000f300"));
    let data = [salt.as_slice(), &code].concat();
    let receipt = send(&mut node, CREATE2_FACTORY, data);
    let expected = CREATE2_FACTORY.create2_from_code(salt, code);
    assert_eq!(receipt.output[..], expected[..]);
    assert_eq!(node.code(expected).len(), 1);
}

#[test]
fn multicall_collects_answers_and_failures() {
    let node = Devnode::default();
    let rich = node.accounts()[0].address;
    let call = aggregate3Call {
        calls: vec![
            Call3 { target: ARB_SYS, allowFailure: false, callData: ArbSys::arbChainIDCall {}.abi_encode().into() },
            Call3 { target: STYLUS_DEPLOYER, allowFailure: true, callData: Bytes::from_static(&[1, 2, 3, 4]) },
            Call3 {
                target: MULTICALL3,
                allowFailure: false,
                callData: getEthBalanceCall { account: rich }.abi_encode().into(),
            },
        ],
    };
    let output = node.call(CallRequest::new(MULTICALL3, call.abi_encode())).unwrap();
    let answers = aggregate3Call::abi_decode_returns(&output).unwrap();
    assert_eq!(U256::from_be_slice(&answers[0].returnData), U256::from(412_346));
    assert!(!answers[1].success);
    assert_eq!(U256::from_be_slice(&answers[2].returnData), node.balance(rich));
    let strict = aggregate3Call {
        calls: vec![Call3 {
            target: STYLUS_DEPLOYER,
            allowFailure: false,
            callData: Bytes::from_static(&[1, 2, 3, 4]),
        }],
    };
    let error = node.call(CallRequest::new(MULTICALL3, strict.abi_encode())).unwrap_err();
    assert_eq!(error.to_string(), "execution reverted: Multicall3: call failed");
}

#[test]
fn a_contract_that_returns_code_beginning_with_ef_is_refused_unless_it_is_a_program() {
    let mut node = Devnode::default();
    let from = node.accounts()[0].address;
    let receipt =
        node.transact(TxRequest::new(from).data(format::init_code(&[0xef, 0x00, 0x01, 0x02])).gas(GAS)).unwrap();
    assert_eq!((receipt.success, receipt.contract_address), (false, None));
    assert!(node.deploy_wasm(from, &wasm(WRITE_ARGS), U256::ZERO).is_ok());
}
