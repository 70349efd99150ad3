//! A recipient of slices that does in its callback what a test tells it to.
#![allow(missing_docs, reason = "sol! documents nothing of what it adds")]

use super::{
    arguments,
    host::Frame,
    token::{load_bytes, store_bytes},
};
use ITaker::{Seen, armCall, failCall, lastCall, lastReturnedCall};
use alloy_primitives::{Address, B256, U256};
use alloy_sol_types::{SolValue, sol};
use interface::IAuctionTaker::onSpillwayTakeCall;

sol! {
    interface ITaker {
        /// What the last callback was given, and how many there have been.
        struct Seen { address sender; address taker; address collateral; uint256 sliceRaw; uint256 owedRaw; bytes data; uint256 times; bool callSucceeded; }

        /// In the callback, call `target`; whether that succeeds does not matter to the callback.
        function arm(address target, bytes calldata callData) external;
        /// Let the callback revert with `reason`.
        function fail(bytes calldata reason) external;
        function last() external view returns (Seen memory);
        function lastReturned() external view returns (bytes memory);
    }
}

const TARGET: u64 = 0;
const FAILS: u64 = 1;
const TIMES: u64 = 2;
const CALL_DATA: &str = "call data";
const REASON: &str = "reason";
const SEEN: &str = "seen";
const RETURNED: &str = "returned";

pub(super) fn run(frame: &Frame, calldata: &[u8]) -> Result<Vec<u8>, Vec<u8>> {
    if let Some(call) = arguments::<onSpillwayTakeCall>(calldata) {
        return called_back(frame, call?);
    }
    if let Some(call) = arguments::<armCall>(calldata) {
        let call = call?;
        frame.store(U256::from(TARGET), U256::from_be_slice(call.target.as_slice()));
        store_bytes(frame, CALL_DATA, &call.callData);
        return Ok(Vec::new());
    }
    if let Some(call) = arguments::<failCall>(calldata) {
        frame.store(U256::from(FAILS), U256::ONE);
        store_bytes(frame, REASON, &call?.reason);
        return Ok(Vec::new());
    }
    if arguments::<lastCall>(calldata).is_some() {
        return Ok(load_bytes(frame, SEEN));
    }
    if arguments::<lastReturnedCall>(calldata).is_some() {
        return Ok(load_bytes(frame, RETURNED).abi_encode());
    }
    Err(Vec::new())
}

fn called_back(frame: &Frame, call: onSpillwayTakeCall) -> Result<Vec<u8>, Vec<u8>> {
    if !frame.load(U256::from(FAILS)).is_zero() {
        return Err(load_bytes(frame, REASON));
    }
    let times = frame.load(U256::from(TIMES)) + U256::ONE;
    frame.store(U256::from(TIMES), times);
    let target = Address::from_word(B256::from(frame.load(U256::from(TARGET))));
    let mut call_succeeded = false;
    if !target.is_zero() {
        let answer = frame.call(target, U256::ZERO, &load_bytes(frame, CALL_DATA), false);
        call_succeeded = answer.is_ok();
        store_bytes(frame, RETURNED, &answer.unwrap_or_else(|data| data));
    }
    let seen = Seen {
        sender: frame.sender,
        taker: call.taker,
        collateral: call.collateral,
        sliceRaw: call.sliceRaw,
        owedRaw: call.owedRaw,
        data: call.data,
        times,
        callSucceeded: call_succeeded,
    };
    store_bytes(frame, SEEN, &seen.abi_encode());
    Ok(Vec::new())
}
