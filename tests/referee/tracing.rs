//! What a debugger is shown, opcode by opcode: `debug_traceTransaction` without a tracer on both chains.

use crate::{
    assembly::{op, push},
    openzeppelin::deploy_token,
    pair::{ALICE, BOB, Pair, Tx},
};
use alloy_primitives::{Address, U256};
use alloy_sol_types::{SolCall, sol};
use serde_json::{Value, json};

sol! {
    function mint(address to, uint256 amount);
    function transfer(address to, uint256 amount) returns (bool);
}

/// Sends to both and compares the steps of both records, field by field.
fn compare(pair: &mut Pair, name: &str, tx: &Tx, options: &Value) -> usize {
    pair.send(name, tx.clone());
    let block = pair.ask("eth_getBlockByNumber", json!(["latest", false]));
    let [theirs, ours] = block.map(|block| block["transactions"][0].clone());
    let theirs = pair.ask_anvil("debug_traceTransaction", json!([theirs, options]));
    let ours = pair.ask_ours("debug_traceTransaction", json!([ours, options]));
    for field in ["failed", "returnValue"] {
        assert_eq!(plain(&ours[field]), plain(&theirs[field]), "{name}: {field}");
    }
    let (our_steps, their_steps) = (steps(&ours), steps(&theirs));
    for (index, (our_step, their_step)) in our_steps.iter().zip(their_steps).enumerate() {
        for field in ["pc", "op", "gas", "gasCost", "depth", "stack", "memory", "storage"] {
            assert_eq!(
                plain(&our_step[field]),
                plain(&their_step[field]),
                "{name}: {field} of step {index}: {our_step} {their_step}"
            );
        }
    }
    assert_eq!(our_steps.len(), their_steps.len(), "{name}");
    our_steps.len()
}

fn steps(trace: &Value) -> &Vec<Value> {
    trace["structLogs"].as_array().unwrap_or_else(|| panic!("{trace}"))
}

/// Hex with or without its prefix, in lists, in values and as keys of slots, is the same here.
fn plain(value: &Value) -> Value {
    match value {
        Value::String(text) => json!(text.trim_start_matches("0x")),
        Value::Array(items) => items.iter().map(plain).collect(),
        Value::Object(fields) => {
            fields.iter().map(|(key, value)| (key.trim_start_matches("0x").to_owned(), plain(value))).collect()
        }
        other => other.clone(),
    }
}

#[test]
fn opcodes_of_a_token_transfer_agree_in_place_gas_stack_memory_and_storage() {
    let mut pair = Pair::start();
    let token = deploy_token(&mut pair, "WETH", 18);
    let to_token = |call: Vec<u8>| Tx::call(token, call);
    pair.succeeds("mint", to_token(mintCall { to: ALICE, amount: U256::from(1_000) }.abi_encode()));
    let transfer = to_token(transferCall { to: BOB, amount: U256::from(100) }.abi_encode());
    let taken = compare(&mut pair, "transfer", &transfer, &json!({ "enableMemory": true }));
    assert!(taken > 200, "{taken} steps");
    let refused = to_token(transferCall { to: BOB, amount: U256::from(5_000) }.abi_encode());
    compare(&mut pair, "a transfer that reverts", &refused, &json!({ "disableStack": true }));
}

#[test]
fn opcodes_of_nested_frames_agree() {
    let mut pair = Pair::start();
    // Returns one word, and a caller that creates it, calls it with little gas and with much, and stops.
    let callee = pair.deploys(
        "callee",
        crate::assembly::deployer(
            &[push(7), vec![op::PUSH0, op::MSTORE], push(32), vec![op::PUSH0, op::RETURN]].concat(),
        ),
    );
    let call = |to: Address, gas: u64| {
        let zeros = vec![op::PUSH0; 5];
        [zeros, crate::assembly::push_address(to), push(gas), vec![op::CALL, op::POP]].concat()
    };
    let code = [call(callee, 5_000), call(callee, 3), call(ALICE, 100), vec![op::RETURNDATASIZE, op::POP]].concat();
    let caller = pair.deploys("caller", crate::assembly::deployer(&[code, vec![0]].concat()));
    let taken = compare(&mut pair, "nested", &Tx::call(caller, vec![]), &json!({}));
    assert!(taken > 30, "{taken} steps");
}
