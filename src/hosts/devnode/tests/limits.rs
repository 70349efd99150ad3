//! The numeric limits of a program over the whole node: what lies on one is deployed, activated and runs; one more is refused, and the node goes on.
//!
//! What counts as one more is tested without a chain beside the validator; here it is what the chain makes of it. Two limits have only one side
//! here, because another is met first: a frame of 10 240 words has more live values than are allowed, and so many globals make a module too long
//! unless the owner of the chain allows longer ones. A third has none: what the estimate of machine code grows with is bounded by the cost of
//! entering, so that it always fits its 32 bits.

mod common;

use alloy_primitives::{Address, U256};
use alloy_sol_types::sol;
use common::{put_program, wasm};
use spillway_devnode::{
    CallError, CallRequest, DeployError, Devnode, TxRequest,
    wasm::{ActivationConfig, format, program::activate_wasm},
};
use std::fmt::Write as _;

const MEMORY: &str = r#"(memory (export "memory") 1 1)"#;
const ENTRY: &str = r#"(func (export "user_entrypoint") (param i32) (result i32) i32.const 0)"#;
/// What every refused activation answers: there is no more to say on chain than that the module is not allowed.
const CALL_GAS: u64 = 30_000_000;

fn with(parts: &str) -> String {
    format!("(module {parts} {MEMORY} {ENTRY})")
}

fn with_body(body: &str) -> String {
    format!(r#"(module {MEMORY} (func (export "user_entrypoint") (param i32) (result i32) {body}))"#)
}

/// Deploys and activates on a fresh chain; then runs it.
fn outcome(module: &[u8]) -> Result<(), DeployError> {
    outcome_on(&mut Devnode::default(), module)
}

fn outcome_on(node: &mut Devnode, module: &[u8]) -> Result<(), DeployError> {
    let alice = node.accounts()[0].address;
    let program = put_program(node, module);
    let activated = node.activate(program).map(drop);
    if activated.is_ok() {
        // With more gas than a transaction may use: 128 pages cost more than that.
        node.call(CallRequest::new(program, [])).unwrap_or_else(|error| panic!("an active program runs: {error}"));
    } else {
        assert_eq!(node.program(program), None);
    }
    // Whatever came of it, the node goes on.
    assert!(node.transact(TxRequest::new(alice).to(Address::ZERO).value(U256::from(1))).unwrap().success);
    activated
}

#[track_caller]
fn assert_limit(limit: usize, words: &str, make: impl Fn(usize) -> String) {
    outcome(&wasm(&make(limit))).unwrap_or_else(|error| panic!("{limit}: {error}"));
    let refused = outcome(&wasm(&make(limit + 1))).expect_err("one more is refused");
    assert!(matches!(refused, DeployError::Activation(_)), "{refused}");
    assert!(refused.to_string().contains(words), "{refused}");
}

#[test]
fn counts_of_the_module_are_limited() {
    let import = r#"(import "vm_hooks" "read_args" (func (param i32)))"#;
    assert_limit(513, "number of imports is 514, the limit is 513", |count| with(&import.repeat(count)));
    assert_limit(128, "number of data segments is 129", |count| with(&r#"(data (i32.const 0) "x")"#.repeat(count)));
    assert_limit(128, "number of element segments is 129", |count| {
        with(&format!("(table 1 1 funcref) {}", "(elem (i32.const 0) func)".repeat(count)))
    });
    assert_limit(1_024, "number of exports is 1025", |count| {
        with(&(2..count).fold(String::new(), |mut text, index| {
            let _ = write!(text, r#"(export "e{index}" (memory 0))"#);
            text
        }))
    });
    assert_limit(4_096, "number of functions is 4097", |count| with(&"(func)".repeat(count - 1)));
    assert_limit(4_096, "number of table entries is 4097", |count| with(&format!("(table {count} funcref)")));
    assert_limit(4_096, "bytes of the element section is 4097", |bytes| {
        with(&format!("(table 4096 funcref) (elem (i32.const 0) func {})", "0 ".repeat(bytes - 6)))
    });
}

#[test]
fn names_are_limited() {
    let export = |length: usize| with(&format!(r#"(func (export "{}"))"#, "x".repeat(length)));
    assert_limit(512, "is 513, the limit is 512", export);
    let named = |length: usize| format!("(module ${} {MEMORY} {ENTRY})", "m".repeat(length));
    assert_limit(512, "bytes of the module's name is 513", named);
}

#[test]
fn functions_are_limited() {
    let locals =
        |count: usize| with(&format!("(func (param i64 i64) (local i32) (local {}))", "i64 ".repeat(count - 1)));
    assert_limit(348, "locals of function 0 is 349", locals);
    let operators = |count: usize| with_body(&format!("{} i32.const 0", "nop ".repeat(count - 2 - 12 - 17)));
    assert_limit(65_536, "metered operators of function 0 is 65537", operators);
    let live = |count: usize| {
        let (push, pop) = ("i32.const 0 ".repeat(count), "drop ".repeat(count));
        with_body(&format!("{push} {pop} i32.const 0"))
    };
    assert_limit(4_096, "live values of function 0 is 4097", live);
}

#[test]
fn a_frame_is_limited_though_its_live_values_are_limited_more() {
    // Four words are the frame's own, two the locals.
    let frame = |words: usize| {
        let (push, pop) = ("i32.const 0 ".repeat(words - 6), "drop ".repeat(words - 6));
        wasm(&with_body(&format!("(local i64 i64) {push} {pop} i32.const 0")))
    };
    let refused = |words: usize| outcome(&frame(words)).unwrap_err().to_string();
    assert!(refused(10_240).contains("live values of function 0 is 10234, the limit is 4096"), "{}", refused(10_240));
    assert!(refused(10_241).contains("frame words of function 0 is 10241, the limit is 10240"), "{}", refused(10_241));
}

#[test]
fn globals_are_limited_where_a_module_may_be_long_enough() {
    // Four come with the metering.
    let globals = |count: usize| wasm(&with(&"(global i32 (i32.const 0))".repeat(count - 4)));
    assert!(globals(32_768).len() > 131_072);
    assert!(matches!(outcome(&globals(32_768)), Err(DeployError::Activation(_))));
    let mut node = Devnode::default();
    sol!(function setWasmMaxSize(uint32 size););
    assert!(common::send_as_owner(&mut node, common::ARB_OWNER, setWasmMaxSizeCall { size: 1 << 20 }).success);
    outcome_on(&mut node, &globals(32_768)).unwrap();
    let refused = outcome_on(&mut node, &globals(32_769)).unwrap_err().to_string();
    assert!(refused.contains("number of globals is 32769, the limit is 32768"), "{refused}");
}

/// The largest number for which the module is activated, when there is one below `too_many`.
fn most(too_many: usize, make: impl Fn(usize) -> Vec<u8>) -> usize {
    let (mut fits, mut too_many) = (0, too_many);
    while too_many - fits > 1 {
        let middle = fits.midpoint(too_many);
        if activate_wasm(make(middle), &ActivationConfig::default()).is_ok() {
            fits = middle;
        } else {
            too_many = middle;
        }
    }
    fits
}

#[test]
fn the_cost_of_entering_is_limited() {
    // 61 functions of a thousand parameters, and what is missing in bytes that mean nothing.
    let parameters = "i32 ".repeat(1_000);
    let padded = |bytes: usize| {
        let functions = "(func (type 0))".repeat(61);
        wasm(&format!(
            r#"(module (type (func (param {parameters}))) {functions} {MEMORY} {ENTRY} (@custom "pad" "{}"))"#,
            "x".repeat(bytes)
        ))
    };
    let most = most(20_000, padded);
    assert_eq!(activate_wasm(padded(most), &ActivationConfig::default()).unwrap().init_cost, u16::MAX);
    outcome(&padded(most)).unwrap();
    let refused = outcome(&padded(most + 1)).unwrap_err().to_string();
    assert!(refused.contains("too large: init cost is 65536, the limit is 65535"), "{refused}");
}

#[test]
fn the_cost_of_entering_a_cached_program_is_limited() {
    // Three quarters of a unit a byte of data.
    let data = |bytes: usize| {
        wasm(&format!(
            r#"(module (memory (export "memory") 2 2) {ENTRY} (data (i32.const 0) "{}"))"#,
            "x".repeat(bytes)
        ))
    };
    let most = most(120_000, data);
    assert!((80_000..90_000).contains(&most), "{most}");
    assert_eq!(activate_wasm(data(most), &ActivationConfig::default()).unwrap().cached_cost, u16::MAX);
    outcome(&data(most)).unwrap();
    let refused = outcome(&data(most + 1)).unwrap_err().to_string();
    assert!(refused.contains("too large: cached init cost is 65536, the limit is 65535"), "{refused}");
}

#[test]
fn memory_is_limited_to_128_pages() {
    let memory = |pages: usize| format!(r#"(module (memory (export "memory") {pages} {pages}) {ENTRY})"#);
    assert_limit(128, "129", memory);
}

#[test]
fn a_module_is_at_most_131_072_bytes_long() {
    let sized = |bytes: usize| {
        let length = (0..)
            .map(|guess| bytes.saturating_sub(guess))
            .find(|length| wasm(&padded(*length)).len() == bytes)
            .expect("a custom section fills up to the byte");
        wasm(&padded(length))
    };
    outcome(&sized(131_072)).unwrap();
    let refused = outcome(&sized(131_073)).unwrap_err();
    assert!(matches!(refused, DeployError::Activation(_)), "{refused}");
}

fn padded(bytes: usize) -> String {
    format!(r#"(module {MEMORY} {ENTRY} (@custom "pad" "{}"))"#, "x".repeat(bytes))
}

/// The program after its compressed form was put on chain; `Err` is what activating it says.
fn activate_code(code: Vec<u8>) -> Result<U256, CallError> {
    let mut node = Devnode::default();
    let program = Address::repeat_byte(0xbb);
    node.set_code(program, code);
    let fee = node.activation_fee_wei(program);
    assert!(node.call(CallRequest::new(Address::ZERO, [])).is_ok());
    fee
}

#[test]
fn streams_that_are_broken_too_long_or_bombs_are_refused_in_bounded_memory() {
    let whole = format::program_code(&wasm(&with("")));
    assert!(activate_code(whole.clone()).is_ok());
    for cut in 5..whole.len() {
        assert!(activate_code(whole[..cut].to_vec()).is_err(), "cut at {cut}");
    }
    assert!(activate_code([whole.clone(), vec![0]].concat()).is_err(), "a byte follows");
    for place in 4..whole.len() {
        let mut changed = whole.clone();
        changed[place] ^= 0x40;
        // A changed stream may still be one of another module; whatever it is, there is an answer.
        let _ = activate_code(changed);
    }
    let mut other = whole.clone();
    other[3] = 2;
    assert!(activate_code(other).is_err(), "an unknown dictionary");
    // 64 MiB of zeros in a few dozen bytes.
    let bomb = format::program_code(&vec![0; 64 * 1024 * 1024]);
    assert!(bomb.len() < 1_000, "{}", bomb.len());
    let refused = activate_code(bomb).unwrap_err().to_string();
    assert!(refused.len() < 1_000, "{refused}");
}

/// Runs an entry point with so much gas; its failure in words, and the gas used.
fn run(text: &str, gas: u64) -> (Option<String>, u64) {
    let mut node = Devnode::default();
    let alice = node.accounts()[0].address;
    let program = node.deploy_stylus(alice, &wasm(text), None).unwrap();
    let receipt = node.transact(TxRequest::new(alice).to(program).gas(gas)).unwrap();
    assert!(node.transact(TxRequest::new(alice).to(Address::ZERO)).unwrap().success);
    (receipt.failure, receipt.gas_used)
}

#[test]
fn recursion_without_end_ends_by_the_stack_and_a_loop_without_end_by_the_ink() {
    let recursion = r#"(func $f (param i32) (result i32) local.get 0 call $f)
        (func (export "user_entrypoint") (param i32) (result i32) i32.const 0 call $f)"#;
    let (failure, gas) = run(&format!("(module {MEMORY} {recursion})"), CALL_GAS);
    assert_eq!(failure.as_deref(), Some("max call depth exceeded"));
    assert!(gas <= CALL_GAS);
    let (failure, gas) = run(&with_body("(loop $again br $again) i32.const 0"), CALL_GAS);
    assert_eq!((failure.as_deref(), gas), (Some("out of gas"), CALL_GAS));
}

#[test]
fn a_program_that_calls_itself_without_end_stops_at_the_depth_of_the_chain_or_the_gas() {
    // Calls the address it finds itself at, with all gas, and gives what came of it.
    let text = r#"(module
        (import "vm_hooks" "contract_address" (func $me (param i32)))
        (import "vm_hooks" "call_contract" (func $call (param i32 i32 i32 i32 i64 i32) (result i32)))
        (memory (export "memory") 1 1)
        (func (export "user_entrypoint") (param i32) (result i32)
            (call $me (i32.const 0))
            (call $call (i32.const 0) (i32.const 0) (i32.const 0) (i32.const 32) (i64.const -1) (i32.const 64))
            drop
            i32.const 0))"#;
    let (failure, gas) = run(text, CALL_GAS);
    assert_eq!(failure, None, "the failure of the innermost call is the caller's to judge");
    assert!(gas <= CALL_GAS);
}

#[test]
fn memory_that_is_asked_for_is_paid_for_before_it_is_there() {
    let bomb = |pages: u32| {
        format!(
            r#"(module (import "vm_hooks" "pay_for_memory_grow" (func (param i32))) (memory (export "memory") 1)
            (func (export "user_entrypoint") (param i32) (result i32) (drop (memory.grow (i32.const {pages}))) i32.const 0))"#
        )
    };
    let (failure, gas) = run(&bomb(100), CALL_GAS);
    assert_eq!(failure, None);
    assert!(gas > 900_000, "{gas}");
    for pages in [128, 1_000, 65_535] {
        let (failure, gas) = run(&bomb(pages), CALL_GAS);
        assert_eq!((failure.as_deref(), gas), (Some("out of gas"), CALL_GAS), "{pages} pages");
    }
}

#[test]
fn output_and_host_calls_beyond_the_memory_end_the_program() {
    for call in [
        r#"(call $write (i32.const 65535) (i32.const 2))"#,
        r#"(call $write (i32.const -1) (i32.const -1))"#,
        r#"(call $read (i32.const 65536))"#,
        r#"(call $keccak (i32.const 0) (i32.const 65537) (i32.const 0))"#,
    ] {
        let text = format!(
            r#"(module
            (import "vm_hooks" "write_result" (func $write (param i32 i32)))
            (import "vm_hooks" "msg_sender" (func $read (param i32)))
            (import "vm_hooks" "native_keccak256" (func $keccak (param i32 i32 i32)))
            {MEMORY} (func (export "user_entrypoint") (param i32) (result i32) {call} i32.const 0))"#
        );
        let (failure, gas) = run(&text, CALL_GAS);
        assert!(failure.is_some(), "{call}");
        assert!(gas <= CALL_GAS, "{call}");
    }
}

#[test]
fn bytes_that_are_no_module_are_refused_before_they_are_sent() {
    let mut node = Devnode::default();
    let alice = node.accounts()[0].address;
    for bytes in [&b""[..], b"\0asm", b"\0asm\x0d\0\x01\0", b"not a module", &[0xff; 100]] {
        let refused = node.deploy_stylus(alice, bytes, None).unwrap_err();
        assert!(matches!(refused, DeployError::BadWasm(_) | DeployError::Activation(_)), "{refused}");
    }
    assert_eq!(node.block_number(), 0);
}
