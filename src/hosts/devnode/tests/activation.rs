//! Activating, renewing and caching programs: gas, fees, errors and what is remembered.

mod common;

use alloy_primitives::{Address, B256, Bytes, U256, keccak256};
use alloy_sol_types::{SolCall, SolError, SolEvent};
use common::*;
use spillway_devnode::{
    CallError, CallRequest, Devnode, TxRequest,
    arbos::precompiles::{arb_owner::ArbOwner, arb_wasm::ArbWasm, arb_wasm_cache::ArbWasmCache, arbos_test::ArbosTest},
};

const DAY: u64 = 86_400;

fn activate_data(program: Address) -> Vec<u8> {
    ArbWasm::activateProgramCall { program }.abi_encode()
}

/// A node with the 187-byte program, activated.
fn active() -> (Devnode, Address) {
    let mut node = Devnode::default();
    let program = put_program(&mut node, &wasm(WRITE_ARGS));
    node.activate(program).unwrap();
    (node, program)
}

fn code_hash(node: &Devnode, program: Address) -> B256 {
    keccak256(node.code(program))
}

fn ask<C: SolCall>(node: &Devnode, call: C) -> C::Return {
    C::abi_decode_returns(&node.call(CallRequest::new(ARB_WASM, call.abi_encode())).unwrap()).unwrap()
}

fn error_of(node: &Devnode, call: impl SolCall) -> Bytes {
    match node.call(CallRequest::new(ARB_WASM, call.abi_encode())) {
        Err(CallError::Revert { data, .. }) => data,
        other => panic!("{other:?}"),
    }
}

#[test]
fn activating_the_187_byte_program_uses_1_812_450_gas() {
    let mut node = Devnode::default();
    let module = wasm(WRITE_ARGS);
    assert_eq!(module.len(), 187);
    let program = put_program(&mut node, &module);
    let data = activate_data(program);
    let receipt = send_value(&mut node, ARB_WASM, data.clone(), ETHER);
    assert!(receipt.success, "{receipt:?}");
    assert_eq!(own_gas(&receipt, &data), 1_812_450);
    let record = node.program(program).unwrap();
    assert_eq!(
        (record.version, record.init_cost, record.cached_cost, record.footprint_pages, record.cached),
        (2, 34, 11, 1, false)
    );
}

#[test]
fn activation_announces_the_program_and_gives_the_rest_of_the_value_back() {
    let mut node = Devnode::default();
    let program = put_program(&mut node, &wasm(WRITE_ARGS));
    let user = node.accounts()[0].address;
    let fee = node.activation_fee_wei(program).unwrap();
    let before = (node.balance(user), node.balance(Address::ZERO));
    let receipt = send_value(&mut node, ARB_WASM, activate_data(program), ETHER);
    let event = ArbWasm::ProgramActivated::decode_log_data(&receipt.logs[0].data).unwrap();
    assert_eq!(
        (event.codehash, event.program, event.dataFee, event.version),
        (code_hash(&node, program), program, fee, 2)
    );
    let gas = U256::from(receipt.gas_used * receipt.effective_gas_price_wei);
    assert_eq!(node.balance(user), before.0 - fee - gas);
    assert_eq!(node.balance(Address::ZERO), before.1 + fee + gas);
    assert_eq!(node.balance(ARB_WASM), U256::ZERO);
    let output = ArbWasm::activateProgramCall::abi_decode_returns(&receipt.output).unwrap();
    assert_eq!((output.version, output.dataFee), (2, fee));
}

#[test]
fn the_fee_follows_the_formula_for_the_size_and_the_demand() {
    let mut node = Devnode::default();
    let program = put_program(&mut node, &wasm(WRITE_ARGS));
    // 512 000 + 1 function · 996.829 + 2 values · 11.416 + 187 bytes · 6.2628, each rounded down; demand 514 189 is 240 bps of the inertia.
    let asm = 512_000_u64 + 996 + 22 + 1_171;
    let exponent_bps = 10_000 * asm / 21_360_419;
    let mut multiplier_bps = 10_000 + exponent_bps / 12;
    for term in (1..12).rev() {
        multiplier_bps = 10_000 + multiplier_bps * exponent_bps / (term * 10_000);
    }
    assert_eq!(node.activation_fee_wei(program).unwrap(), U256::from(82_928_201 * multiplier_bps / 10_000 * asm));
    assert!(node.activate(program).is_ok());
}

#[test]
fn a_second_activation_is_up_to_date() {
    let (mut node, program) = active();
    let data = activate_data(program);
    let receipt = send_value(&mut node, ARB_WASM, data.clone(), ETHER);
    assert_eq!(receipt.output, ArbWasm::ProgramUpToDate {}.abi_encode());
    assert_eq!(receipt.failure.as_deref(), Some("execution reverted: error ProgramUpToDate()"));
    // State, one word of arguments, the fixed part, parameters, record, one word of error.
    assert_eq!(own_gas(&receipt, &data), 800 + 3 + 1_659_168 + 100 + 800 + 3);
}

#[test]
fn two_addresses_with_equal_code_share_an_activation() {
    let (mut node, program) = active();
    let twin = put_program(&mut node, &wasm(WRITE_ARGS));
    assert_ne!(twin, program);
    assert_eq!(ask(&node, ArbWasm::programVersionCall { program: twin }), 2);
}

#[test]
fn too_little_value_is_named_and_keeps_the_rest_of_the_gas() {
    let mut node = Devnode::default();
    let program = put_program(&mut node, &wasm(WRITE_ARGS));
    let want = node.activation_fee_wei(program).unwrap();
    let data = activate_data(program);
    let receipt = send_value(&mut node, ARB_WASM, data.clone(), U256::from(1));
    assert_eq!(receipt.output, ArbWasm::ProgramInsufficientValue { have: U256::from(1), want }.abi_encode());
    assert!(receipt.gas_used < GAS);
    assert_eq!(node.program(program), None);
}

#[test]
fn an_account_without_code_is_not_wasm() {
    let mut node = Devnode::default();
    let data = activate_data(Address::repeat_byte(9));
    let receipt = send_value(&mut node, ARB_WASM, data, ETHER);
    assert_eq!(receipt.output, ArbWasm::ProgramNotWasm {}.abi_encode());
}

#[test]
fn code_that_is_no_program_is_refused_without_words_and_keeps_the_rest() {
    let mut node = Devnode::default();
    let contract = Address::repeat_byte(9);
    for code in [vec![0x60, 0x00], vec![0xef, 0xf0, 0x00, 0x00, 0xff, 0xff]] {
        node.set_code(contract, code);
        let receipt = send_value(&mut node, ARB_WASM, activate_data(contract), ETHER);
        assert!(!receipt.success && receipt.output.is_empty());
        assert!(receipt.gas_used < GAS);
    }
}

#[test]
fn a_stream_that_needs_the_dictionary_of_the_chain_is_refused_in_words() {
    let mut node = Devnode::default();
    let program = put_program(&mut node, &wasm(WRITE_ARGS));
    let mut code = node.code(program).to_vec();
    code[3] = 1;
    node.set_code(program, code);
    let words = "program activation failed: the stream uses the built-in dictionary, which this chain does not carry";
    let receipt = send_value(&mut node, ARB_WASM, activate_data(program), ETHER);
    assert_eq!((receipt.success, receipt.failure.as_deref()), (false, Some(words)));
    assert_eq!(node.activation_fee_wei(program).unwrap_err().to_string(), words);
}

#[test]
fn a_module_that_fails_the_checks_takes_all_gas_and_says_why() {
    let mut node = Devnode::default();
    let growing = WRITE_ARGS.replace(
        "(import \"vm_hooks\" \"pay_for_memory_grow\" (func (param i32)))",
        "(import \"vm_hooks\" \"exit_early\" (func (param i32)))",
    );
    let program = put_program(&mut node, &wasm(&growing));
    let receipt = send_value(&mut node, ARB_WASM, activate_data(program), ETHER);
    assert_eq!((receipt.success, receipt.gas_used), (false, GAS));
    let words = receipt.failure.unwrap();
    assert!(
        words.starts_with("program activation failed: ") && words.contains("missing import pay_for_memory_grow"),
        "{words}"
    );
    let error = node.activation_fee_wei(program).unwrap_err();
    assert!(matches!(error, CallError::Halt { ref reason, .. } if *reason == words), "{error:?}");
}

#[test]
fn an_activation_inside_a_call_that_reverts_does_not_count() {
    let mut node = Devnode::default();
    let program = put_program(&mut node, &wasm(WRITE_ARGS));
    let proxy = put_forwarder(&mut node, Kind::Call);
    // Not enough value: the inner call reverts and the forwarder goes on.
    let receipt = send_value(&mut node, proxy, forward(ARB_WASM, activate_data(program)), U256::from(1));
    assert!(receipt.success);
    assert_eq!(receipt.output[..32], [0; 32]);
    assert_eq!(node.program(program), None);
    assert!(send_value(&mut node, proxy, forward(ARB_WASM, activate_data(program)), ETHER).success);
    assert_eq!(node.program(program).map(|record| record.version), Some(2));
    // The excess went to the forwarder, which has no way to refuse it.
    assert!(node.balance(proxy) > U256::ZERO);
}

#[test]
fn everything_about_a_program_can_be_asked() {
    let (node, program) = active();
    let codehash = code_hash(&node, program);
    assert_eq!(ask(&node, ArbWasm::stylusVersionCall {}), 2);
    assert_eq!(ask(&node, ArbWasm::codehashVersionCall { codehash }), 2);
    assert_eq!(ask(&node, ArbWasm::programVersionCall { program }), 2);
    let gas = ask(&node, ArbWasm::programInitGasCall { program });
    assert_eq!((gas.gas, gas.gasWhenCached), (8_866 + 363, 363));
    assert_eq!(ask(&node, ArbWasm::programMemoryFootprintCall { program }), 1);
    assert_eq!(ask(&node, ArbWasm::codehashAsmSizeCall { codehash }), 514_189_u32.div_ceil(1_024) * 1_024);
    assert_eq!(ask(&node, ArbWasm::pageRampCall {}), 620_674_314);
    assert_eq!(ask(&node, ArbWasm::inkPriceCall {}), 10_000);
    assert_eq!(ask(&node, ArbWasm::maxStackDepthCall {}), 22_000);
    let least = ask(&node, ArbWasm::minInitGasCall {});
    assert_eq!((least.gas, least.cached), (8_832, 352));
    assert_eq!(ask(&node, ArbWasm::initCostScalarCall {}), 100);
}

#[test]
fn an_unknown_program_is_not_activated_by_name() {
    let node = Devnode::default();
    let expected = ArbWasm::ProgramNotActivated {}.abi_encode();
    let (codehash, program) = (B256::repeat_byte(1), Address::repeat_byte(1));
    assert_eq!(error_of(&node, ArbWasm::codehashVersionCall { codehash }), expected);
    assert_eq!(error_of(&node, ArbWasm::codehashAsmSizeCall { codehash }), expected);
    assert_eq!(error_of(&node, ArbWasm::programVersionCall { program }), expected);
    assert_eq!(error_of(&node, ArbWasm::programTimeLeftCall { program }), expected);
    assert_eq!(error_of(&node, ArbWasm::codehashKeepaliveCall { codehash }), expected);
}

#[test]
fn calling_a_program_that_is_not_activated_burns_all_and_says_so() {
    let mut node = Devnode::default();
    let program = put_program(&mut node, &wasm(WRITE_ARGS));
    let receipt = send(&mut node, program, vec![1]);
    assert_eq!((receipt.success, receipt.gas_used, receipt.output.len()), (false, GAS, 0));
    assert_eq!(receipt.failure.as_deref(), Some("error ProgramNotActivated()"));
    let error = node.call(CallRequest::new(program, vec![1])).unwrap_err();
    assert!(
        matches!(error, CallError::Halt { ref reason, .. } if reason == "error ProgramNotActivated()"),
        "{error:?}"
    );
}

#[test]
fn an_activation_expires_and_can_be_renewed_by_keeping_alive_or_anew() {
    let (mut node, program) = active();
    let codehash = code_hash(&node, program);
    let left = ask(&node, ArbWasm::programTimeLeftCall { program });
    assert!(left <= 365 * DAY && left > 365 * DAY - 3_600);

    let keep = ArbWasm::codehashKeepaliveCall { codehash };
    let early = send_value(&mut node, ARB_WASM, keep.abi_encode(), ETHER);
    let error = ArbWasm::ProgramKeepaliveTooSoon::abi_decode(&early.output).unwrap();
    assert!(error.ageInSeconds < 2 * 3_600);

    node.increase_time(31 * DAY);
    node.mine(1);
    let kept = send_value(&mut node, ARB_WASM, keep.abi_encode(), ETHER);
    assert!(kept.success, "{kept:?}");
    let event = ArbWasm::ProgramLifetimeExtended::decode_log_data(&kept.logs[0].data).unwrap();
    assert_eq!(event.codehash, codehash);
    // State, word, parameters, record, pricer, record written, network account, event of 2 topics and a word.
    assert_eq!(own_gas(&kept, &keep.abi_encode()), 800 + 3 + 100 + 800 + 44_000 + 20_000 + 800 + 375 * 3 + 8 * 32);
    assert!(ask(&node, ArbWasm::programTimeLeftCall { program }) > 365 * DAY - 3_600);

    node.increase_time(366 * DAY);
    node.mine(1);
    let age = ArbWasm::ProgramExpired::abi_decode(&error_of(&node, ArbWasm::programVersionCall { program })).unwrap();
    assert!(age.ageInSeconds >= 366 * DAY);
    let receipt = send(&mut node, program, vec![]);
    assert!(receipt.failure.unwrap().starts_with("error ProgramExpired("));
    node.activate(program).unwrap();
    assert_eq!(ask(&node, ArbWasm::programVersionCall { program }), 2);
}

#[test]
fn a_cached_program_starts_without_its_init_gas() {
    let (mut node, program) = active();
    let input = vec![1, 2, 3];
    let uncached = send(&mut node, program, input.clone());
    assert_eq!(uncached.output, input);
    let receipt = node.cache(program).unwrap();
    let event = ArbWasmCache::UpdateProgramCache::decode_log_data(&receipt.logs[0].data).unwrap();
    assert_eq!((event.manager, event.codehash, event.cached), (node.dev_account(), code_hash(&node, program), true));
    let cached = send(&mut node, program, input);
    assert_eq!(uncached.gas_used - cached.gas_used, 8_866);
    assert!(node.program(program).unwrap().cached);
}

#[test]
fn caching_costs_the_init_cost_and_doing_it_twice_does_nothing() {
    let (mut node, program) = active();
    let call = ArbWasmCache::cacheProgramCall { program };
    let receipt = send_as_owner(&mut node, ARB_WASM_CACHE, call.clone());
    // State, word, manager and owner looked up, code hash, parameters, record, event of 3 topics and a word, init cost, module, record written.
    let own = 800 + 3 + 1_600 + 2_600 + 100 + 800 + 375 * 4 + 8 * 32 + 34 + 800 + 20_000;
    assert_eq!(own_gas(&receipt, &call.abi_encode()), own);
    let again = send_as_owner(&mut node, ARB_WASM_CACHE, call.clone());
    assert!(again.success && again.logs.is_empty());
    let evict = ArbWasmCache::evictCodehashCall { codehash: code_hash(&node, program) };
    assert_eq!(send_as_owner(&mut node, ARB_WASM_CACHE, evict).logs.len(), 1);
    assert!(!node.program(program).unwrap().cached);
}

#[test]
fn only_managers_and_owners_may_cache() {
    let (mut node, program) = active();
    let data = ArbWasmCache::cacheProgramCall { program }.abi_encode();
    let receipt = send(&mut node, ARB_WASM_CACHE, data.clone());
    assert_eq!((receipt.success, receipt.gas_used, receipt.output.len()), (false, GAS, 0));
    let manager = node.accounts()[0].address;
    send_as_owner(&mut node, ARB_OWNER, ArbOwner::addWasmCacheManagerCall { manager });
    assert!(send(&mut node, ARB_WASM_CACHE, data).success);
    let managers = ArbWasmCache::allCacheManagersCall {}.abi_encode();
    let all = ArbWasmCache::allCacheManagersCall::abi_decode_returns(
        &node.call(CallRequest::new(ARB_WASM_CACHE, managers)).unwrap(),
    )
    .unwrap();
    assert_eq!(all.len(), 2);
    assert_eq!(all[1], manager);
}

#[test]
fn a_program_that_is_not_active_is_not_cached() {
    let mut node = Devnode::default();
    let program = put_program(&mut node, &wasm(WRITE_ARGS));
    let receipt = send_as_owner(&mut node, ARB_WASM_CACHE, ArbWasmCache::cacheProgramCall { program });
    assert_eq!(receipt.output, ArbWasm::ProgramNeedsUpgrade { version: 0, stylusVersion: 2 }.abi_encode());
}

#[test]
fn the_bid_for_the_cache_always_wins_once() {
    let (mut node, program) = active();
    let manager = spillway_devnode::chain::genesis::CACHE_MANAGER;
    alloy_sol_types::sol! {
        function placeBid(address program) external payable;
        function getMinBid(address program) external view returns (uint192 min);
        error AlreadyCached(bytes32 codehash);
    }
    let least = node.call(CallRequest::new(manager, getMinBidCall { program }.abi_encode())).unwrap();
    assert_eq!(least[..], [0; 32]);
    assert!(send(&mut node, manager, placeBidCall { program }.abi_encode()).success);
    assert!(node.program(program).unwrap().cached);
    let again = send(&mut node, manager, placeBidCall { program }.abi_encode());
    assert_eq!(again.output, AlreadyCached { codehash: code_hash(&node, program) }.abi_encode());
}

/// A program of `pages` pages that forwards 20 bytes of address and calldata in the way named, with all gas and without value. It fails with the
/// callee, and hands on what the callee returned.
fn forwarding(hostio: &str, pages: u32) -> String {
    let (value_type, value) = if hostio == "call_contract" { ("i32", "(i32.const 0)") } else { ("", "") };
    format!(
        r#"(module
        (import "vm_hooks" "read_args" (func $read (param i32)))
        (import "vm_hooks" "read_return_data" (func $returned (param i32 i32 i32) (result i32)))
        (import "vm_hooks" "write_result" (func $write (param i32 i32)))
        (import "vm_hooks" "{hostio}" (func $call (param i32 i32 i32 {value_type} i64 i32) (result i32)))
        (memory (export "memory") {pages} {pages})
        (func (export "user_entrypoint") (param $len i32) (result i32)
            (call $read (i32.const 64))
            (call $call (i32.const 64) (i32.const 84) (i32.sub (local.get $len) (i32.const 20)) {value} (i64.const -1) (i32.const 32))
            (call $write (i32.const 1024) (call $returned (i32.const 1024) (i32.const 0) (i32.const 1024)))))"#
    )
}

fn put_forwarding(node: &mut Devnode, hostio: &str, pages: u32) -> Address {
    let program = put_program(node, &wasm(&forwarding(hostio, pages)));
    node.activate(program).unwrap();
    program
}

#[test]
fn the_hostio_that_burns_no_gas_in_a_precompile_costs_1_146_395_ink() {
    for kind in ["call_contract", "delegate_call_contract", "static_call_contract"] {
        let mut node = Devnode::default();
        let user = node.accounts()[0].address;
        let program = put_forwarding(&mut node, kind, 1);
        let data = forward(ARBOS_TEST, ArbosTest::burnArbGasCall { gasAmount: U256::ZERO }.abi_encode());
        let receipt = node.transact(TxRequest::new(user).to(program).data(data)).unwrap();
        assert!(receipt.success, "{receipt:?}");
        let steps = node.trace(receipt.transaction_hash).unwrap();
        let step = steps.iter().find(|step| step.name == kind).unwrap();
        assert_eq!(step.start_ink - step.end_ink, 1_146_395, "{kind}");
    }
}

#[test]
fn pages_that_are_open_are_not_there_for_the_program_that_is_activated() {
    // 128 pages in all: a caller of 8 leaves 120.
    let sized = |pages: u32| {
        wasm(&format!(
            r#"(module (memory (export "memory") {pages} {pages})
            (func (export "user_entrypoint") (param i32) (result i32) i32.const 0))"#
        ))
    };
    for (pages, fits) in [(120, true), (121, false)] {
        let mut node = Devnode::default();
        let user = node.accounts()[0].address;
        let caller = put_forwarding(&mut node, "call_contract", 8);
        let program = put_program(&mut node, &sized(pages));
        let data = forward(ARB_WASM, activate_data(program));
        let receipt = node.transact(TxRequest::new(user).to(caller).data(data).gas(32_000_000)).unwrap();
        // What fits comes as far as the fee, which was not sent.
        let unpaid = ArbWasm::ProgramInsufficientValue::abi_decode(&receipt.output).is_ok();
        assert_eq!((receipt.success, unpaid), (false, fits), "{pages} pages");
        // Without pages open it is activated either way.
        assert!(node.activation_fee_wei(program).is_ok());
    }
}

#[test]
fn an_activation_that_succeeds_in_a_frame_that_reverts_does_not_count() {
    let mut node = Devnode::default();
    let program = put_program(&mut node, &wasm(WRITE_ARGS));
    let fee = node.activation_fee_wei(program).unwrap();
    // Forwards like the other, then reverts with what it would have returned.
    let mut code = forwarder(Kind::Call).to_vec();
    *code.last_mut().unwrap() = 0xfd;
    let (undoing, proxy) = (Address::repeat_byte(0xdd), put_forwarder(&mut node, Kind::Call));
    node.set_code(undoing, code);
    let till = node.balance(Address::ZERO);
    let data = forward(undoing, forward(ARB_WASM, activate_data(program)));
    let receipt = send_value(&mut node, proxy, data, ETHER);
    assert!(receipt.success && receipt.logs.is_empty());
    // The frame failed, and inside it the activation had succeeded with its version and fee.
    assert_eq!((receipt.output[31], receipt.output[63]), (0, 1));
    let made = ArbWasm::activateProgramCall::abi_decode_returns(&receipt.output[64..]).unwrap();
    assert_eq!((made.version, made.dataFee), (2, fee));
    assert_eq!(node.program(program), None);
    let gas_wei = U256::from(receipt.gas_used * receipt.effective_gas_price_wei);
    assert_eq!((node.balance(Address::ZERO) - till, node.balance(proxy)), (gas_wei, ETHER));
    // The demand was undone too, so an activation at the same time costs the same.
    node.set_next_timestamp(node.time_secs()).unwrap();
    assert_eq!(node.activation_fee_wei(program).unwrap(), fee);
    let call = node.call(CallRequest::new(program, vec![1])).unwrap_err();
    assert_eq!(call.to_string(), "error ProgramNotActivated()");
}

#[test]
fn a_cached_program_that_is_activated_again_stays_cached_for_800_gas_more() {
    let activation_gas = |cached: bool| {
        let (mut node, program) = active();
        if cached {
            node.cache(program).unwrap();
        }
        node.increase_time(366 * DAY);
        node.mine(1);
        let data = activate_data(program);
        let receipt = send_value(&mut node, ARB_WASM, data.clone(), ETHER);
        assert!(receipt.success, "{receipt:?}");
        let record = node.program(program).unwrap();
        assert_eq!(record.cached, cached);
        let asked = ask(&node, ArbWasm::programVersionCall { program });
        assert_eq!(asked, 2);
        own_gas(&receipt, &data)
    };
    assert_eq!(activation_gas(true), activation_gas(false) + 800);
}

#[test]
fn an_activation_burns_what_the_chain_asks_for_on_top_from_60_on() {
    use spillway_devnode::arbos::state::{ARBOS_ACCOUNT, Space};
    let extra = 123_456;
    let gas = |version: u64, extra: u64| {
        let mut node = Devnode::builder().arbos_version(version).build();
        let slot = Space::programs().sub(&[5]).number_slot(0);
        node.set_storage(ARBOS_ACCOUNT, slot, U256::from(extra));
        let program = put_program(&mut node, &wasm(WRITE_ARGS));
        let data = activate_data(program);
        let receipt = send_value(&mut node, ARB_WASM, data.clone(), ETHER);
        assert!(receipt.success, "{receipt:?}");
        if version >= 60 {
            assert_eq!(ask(&node, ArbWasm::activationGasCall {}), extra);
        }
        own_gas(&receipt, &data)
    };
    assert_eq!((gas(51, 0), gas(51, extra)), (1_812_450, 1_812_450));
    assert_eq!((gas(60, 0), gas(60, extra)), (1_813_250, 1_813_250 + extra));
}

#[test]
fn too_little_value_to_keep_a_program_alive_is_named() {
    let (mut node, program) = active();
    node.increase_time(31 * DAY);
    node.mine(1);
    let keep = ArbWasm::codehashKeepaliveCall { codehash: code_hash(&node, program) };
    let before = ask(&node, ArbWasm::programTimeLeftCall { program });
    let receipt = send_value(&mut node, ARB_WASM, keep.abi_encode(), U256::from(1));
    let error = ArbWasm::ProgramInsufficientValue::abi_decode(&receipt.output).unwrap();
    assert_eq!(error.have, U256::from(1));
    assert!(error.want > U256::from(1) && receipt.gas_used < GAS);
    assert!(ask(&node, ArbWasm::programTimeLeftCall { program }) <= before);
}

#[test]
fn a_program_the_engine_cannot_translate_is_not_activated_and_takes_all_gas() {
    let text = r#"(module (memory (export "memory") 1 1) (func (export "user_entrypoint") (param i32) (result i32)
        local.get 0 i32.const 1 i32.add local.tee 0 local.get 0 i32.store offset=65536 i32.const 0))"#;
    let mut node = Devnode::default();
    let program = put_program(&mut node, &wasm(text));
    let receipt = send_value(&mut node, ARB_WASM, activate_data(program), ETHER);
    assert_eq!((receipt.success, receipt.gas_used), (false, GAS));
    assert_eq!(receipt.failure.as_deref(), Some("program activation failed: the engine cannot translate this program"));
}

#[test]
fn from_arbos_60_on_the_second_run_in_a_block_is_cheaper_and_its_replay_knows() {
    for (version, saved) in [(51, 0), (60, 8_866)] {
        let mut node = Devnode::builder().arbos_version(version).build();
        let program = put_program(&mut node, &wasm(WRITE_ARGS));
        node.activate(program).unwrap();
        node.set_automine(false);
        let alice = node.accounts()[0].address;
        let hashes = [(); 2].map(|()| node.submit(TxRequest::new(alice).to(program)).unwrap());
        node.mine(1);
        let [first, second] = hashes.map(|hash| node.receipt(hash).unwrap().gas_used);
        assert_eq!((first, first - second), (21_000 + 9_236, saved), "ArbOS {version}");
        let steps = node.trace(hashes[1]).unwrap();
        // What the replay starts with is what the transaction started with: the limit, less 21 000 and the start.
        let start_gas = steps[0].start_ink / 10_000;
        assert_eq!(32_000_000 - 21_000 - start_gas, 9_229 - saved, "ArbOS {version}");
        // The next block begins with an empty list, and a question with one of its own.
        node.set_automine(true);
        let next = node.transact(TxRequest::new(alice).to(program)).unwrap();
        assert_eq!(next.gas_used, first, "ArbOS {version}");
        let asked = node.simulate(CallRequest::new(program, vec![]).from(alice)).unwrap();
        assert_eq!(asked.gas_used, first, "ArbOS {version}");
    }
}
