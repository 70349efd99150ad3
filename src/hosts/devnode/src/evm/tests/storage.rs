//! The storage cache, transient storage and logs.

use super::*;

const LOAD: &str = "(call $storage_load_bytes32 (i32.const 0) (i32.const 64))";
const CACHE: &str = "(call $storage_cache_bytes32 (i32.const 0) (i32.const 32))";
const FLUSH: &str = "(call $storage_flush_cache (i32.const 0))";
const FLUSH_CLEAR: &str = "(call $storage_flush_cache (i32.const 1))";
const ARGS: &str = "(call $read_args (i32.const 0))";

/// Calldata of a slot and a value.
fn slot_value(slot: u64, value: u64) -> Vec<u8> {
    [word(slot), word(value)].concat()
}

#[test]
fn loads_are_cold_then_cached_then_warm_after_a_clear() {
    let body = format!("{ARGS} {LOAD} {LOAD} {FLUSH_CLEAR} {LOAD}");
    let run = World::with(&fine(&body)).go(slot_value(1, 0));
    assert_eq!(run.inks("storage_load_bytes32"), [21_068_480, 18_480, 1_068_480]);
    assert_eq!(run.inks("storage_flush_cache"), [68_073]);
}

#[test]
fn flushes_are_priced_like_the_writes_they_make() {
    let body = format!("{ARGS} {CACHE} {FLUSH} (i32.store8 (i32.const 63) (i32.const 9)) {CACHE} {FLUSH}");
    let mut world = World::with(&fine(&body));
    let run = world.go(slot_value(1, 5));
    assert_eq!(run.inks("storage_cache_bytes32"), [18_480, 18_480]);
    assert_eq!(run.inks("storage_flush_cache"), [221_068_073, 1_068_073]);
    assert_eq!(world.storage(PROGRAM, 1), U256::from(9));
    let run = world.go(slot_value(1, 6));
    assert_eq!(run.inks("storage_flush_cache"), [50_068_073, 1_068_073]);
}

#[test]
fn clearing_a_slot_refunds_as_on_ethereum() {
    let body = format!("{ARGS} {CACHE} {FLUSH}");
    let mut world = World::with(&fine(&body));
    world.go(slot_value(1, 5));
    let ExecutionResult::Success { gas, .. } = world.go(slot_value(1, 0)).result else { panic!() };
    assert_eq!(gas.inner_refunded(), 4_800);
    assert_eq!(world.storage(PROGRAM, 1), U256::ZERO);
}

#[test]
fn what_is_not_flushed_is_lost() {
    let mut world = World::with(&fine(&format!("{ARGS} {CACHE}")));
    world.go(slot_value(1, 5));
    assert_eq!(world.storage(PROGRAM, 1), U256::ZERO);
}

#[test]
fn a_value_written_as_it_was_read_is_not_dirty() {
    let body = format!("{ARGS} {LOAD} {CACHE} {FLUSH}");
    let mut world = World::with(&fine(&body));
    let run = world.go(slot_value(1, 0));
    assert_eq!(run.inks("storage_flush_cache"), [68_073]);
    // Without the load the cache cannot know, and pays for a write that changes nothing.
    let mut world = World::with(&fine(&format!("{ARGS} {CACHE} {FLUSH}")));
    let run = world.go(slot_value(1, 0));
    assert_eq!(run.inks("storage_flush_cache"), [68_073 + 2_200 * GAS]);
}

#[test]
fn accesses_cost_more_as_there_are_more_of_them() {
    let repeat = |count: u32, body: &str| {
        format!(
            "(loop $again {body} (br_if $again (i32.lt_u (local.tee $i (i32.add (local.get $i) (i32.const 1))) (i32.const {count}))))"
        )
    };
    let body = format!("{ARGS} {} (local.set $i (i32.const 0)) {}", repeat(130, LOAD), repeat(66, CACHE));
    let run = World::with(&fine(&body)).go(slot_value(1, 0));
    let loads = run.inks("storage_load_bytes32");
    assert_eq!(loads[0], 21_068_480);
    assert!(loads[1..32].iter().all(|ink| *ink == 18_480));
    assert!(loads[32..128].iter().all(|ink| *ink == 18_480 + 2 * GAS));
    assert!(loads[128..].iter().all(|ink| *ink == 18_480 + 10 * GAS));
    let writes = run.inks("storage_cache_bytes32");
    assert!(writes[..8].iter().all(|ink| *ink == 18_480));
    assert!(writes[8..64].iter().all(|ink| *ink == 18_480 + 7 * GAS));
    assert!(writes[64..].iter().all(|ink| *ink == 18_480 + 10 * GAS));
}

#[test]
fn a_static_call_may_fill_the_cache_but_not_flush_it() {
    let mut world = World::new();
    let flag = "(if (i32.load8_u (i32.const 96)) (then (call $storage_flush_cache (i32.const 0))))";
    world.put_program(OTHER, &fine(&format!("{ARGS} {CACHE} {flag}")));
    let body = format!(
        "{ARGS} (drop (call $static_call_contract (i32.const 0) (i32.const 20) (i32.const 97) (i64.const -1) (i32.const 200)))"
    );
    world.put_program(PROGRAM, &fine(&body));
    let data = |flush: u8| with_address(OTHER, &[slot_value(1, 5), vec![0; 32], vec![flush]].concat());
    let status = |run: &Executed| *run.step("static_call_contract").outs.last().unwrap();
    let run = world.go(data(0));
    assert_eq!(status(&run), 0);
    let run = world.go(data(1));
    assert_eq!(status(&run), 2);
    // An empty flush is nobody's write.
    let mut world = World::new();
    world.put_program(OTHER, &fine(FLUSH));
    world.put_program(PROGRAM, &fine(&body));
    let run = world.go(data(1));
    assert_eq!(status(&run), 0);
}

#[test]
fn a_nested_invocation_has_its_own_cache_and_the_caller_keeps_stale_values() {
    // With calldata: cache 5 without flushing, call oneself with none, then load.
    // Without: load, then write 9 and flush.
    let body = format!(
        "(if (local.get $len)
           (then {ARGS}
             (call $storage_load_bytes32 (i32.const 32) (i32.const 64))
             (drop (call $call_contract (i32.const 0) (i32.const 0) (i32.const 0) (i32.const 128) (i64.const -1) (i32.const 200)))
             (call $storage_load_bytes32 (i32.const 32) (i32.const 64)))
           (else
             {LOAD} (i32.store8 (i32.const 63) (i32.const 9)) {CACHE} {FLUSH}))"
    );
    let mut world = World::with(&fine(&body));
    let run = world.go(with_address(PROGRAM, &[0; 44]));
    let loads: Vec<_> = run.steps().iter().filter(|step| step.name == "storage_load_bytes32").collect();
    assert_eq!(loads[0].outs[..], word(0));
    assert_eq!(loads[1].outs[..], word(0));
    let inner = run.step("call_contract").steps.as_ref().unwrap();
    let inner_load = inner.iter().find(|step| step.name == "storage_load_bytes32").unwrap();
    assert_eq!(inner_load.start_ink - inner_load.end_ink, 1_068_480);
    assert_eq!(world.storage(PROGRAM, 0), U256::from(9));
}

#[test]
fn a_flush_that_cannot_be_paid_is_out_of_ink() {
    let mut world = World::with(&fine(&format!("{ARGS} {CACHE} {FLUSH}")));
    let full = world.go(slot_value(1, 5)).gas_used;
    let mut world = World::with(&fine(&format!("{ARGS} {CACHE} {FLUSH}")));
    let mut tx = world.tx(TxKind::Call(PROGRAM), slot_value(1, 5));
    tx.gas_limit = full - 10_000;
    let run = world.run(tx);
    assert_eq!(run.end, Some(FrameEnd::OutOfInk));
    assert_eq!(run.gas_used, full - 10_000);
    assert_eq!(world.storage(PROGRAM, 1), U256::ZERO);
}

#[test]
fn transient_storage_lasts_for_the_transaction() {
    let body = format!(
        "{ARGS} (call $transient_load_bytes32 (i32.const 0) (i32.const 64))
         (call $transient_store_bytes32 (i32.const 0) (i32.const 32))
         (call $transient_load_bytes32 (i32.const 0) (i32.const 64))
         (call $write_result (i32.const 64) (i32.const 32))"
    );
    let mut world = World::with(&fine(&body));
    for _ in 0..2 {
        let run = world.go(slot_value(1, 5));
        assert_eq!(run.inks("transient_load_bytes32"), [1_078_153; 2]);
        assert_eq!(run.inks("transient_store_bytes32"), [1_078_153]);
        let first = run.steps().iter().find(|step| step.name == "transient_load_bytes32").unwrap();
        assert_eq!(first.outs[..], word(0));
        assert_eq!(run.output(), word(5));
    }
}

#[test]
fn logs_are_priced_by_topics_and_bytes() {
    let rows = [
        (0, 0, 3_834_454),
        (0, 10, 4_634_454),
        (0, 100, 11_838_194),
        (1, 100, 15_589_954),
        (2, 100, 19_341_714),
        (3, 100, 23_093_474),
        (4, 100, 26_845_234),
    ];
    for (topics, data, ink) in rows {
        let len = 32 * topics + data;
        let body = format!("{ARGS} (call $emit_log (i32.const 0) (i32.const {len}) (i32.const {topics}))");
        let bytes: Vec<u8> = (0..len).map(|byte| byte as u8).collect();
        let run = World::with(&fine(&body)).go(bytes.clone());
        assert_eq!(run.inks("emit_log"), [ink], "{topics} topics, {data} bytes");
        let [log] = run.result.logs() else { panic!("one log") };
        assert_eq!(log.address, PROGRAM);
        assert_eq!(log.topics().concat(), bytes[..32 * topics]);
        assert_eq!(log.data.data[..], bytes[32 * topics..]);
    }
}

#[test]
fn a_log_with_too_many_topics_or_too_few_bytes_is_a_failure() {
    for (len, topics) in [(160, 5), (31, 1)] {
        let body = format!("(call $emit_log (i32.const 0) (i32.const {len}) (i32.const {topics}))");
        let run = World::with(&fine(&body)).send(PROGRAM, vec![]);
        assert_eq!(run.end, Some(FrameEnd::Failure));
    }
}

#[test]
fn a_static_call_may_neither_log_nor_store() {
    let bodies = [
        "(call $emit_log (i32.const 0) (i32.const 0) (i32.const 0))",
        "(call $transient_store_bytes32 (i32.const 0) (i32.const 32))",
        "(call $create1 (i32.const 0) (i32.const 0) (i32.const 0) (i32.const 64) (i32.const 96))",
        "(call $create2 (i32.const 0) (i32.const 0) (i32.const 0) (i32.const 32) (i32.const 64) (i32.const 96))",
    ];
    for body in bodies {
        let mut world = World::new();
        world.put_program(OTHER, &fine(body));
        let caller = format!(
            "{ARGS} (drop (call $static_call_contract (i32.const 0) (i32.const 0) (i32.const 0) (i64.const -1) (i32.const 200)))"
        );
        world.put_program(PROGRAM, &fine(&caller));
        let run = world.go(with_address(OTHER, &[]));
        assert_eq!(run.step("static_call_contract").outs.last(), Some(&2), "{body}");
    }
}
