//! A price feed for the native world, with the habits of `ScriptedFeed.sol`.

use super::{
    arguments,
    chain::SharedChain,
    host::Frame,
    token::{load_bytes, store_bytes},
};
use crate::doubles::IScriptedFeed::{
    Behaviour, ScriptedRevert, UnknownRound, decimalsCall, latestRoundCall, latestRoundDataCall, pushCall,
    setBehaviourCall, setDecimalsCall, setRawAnswerCall, setRawDecimalsCall, setRoundCall,
};
use alloy_primitives::{Address, I256, U256, aliases::U80, keccak256};
use alloy_sol_types::{SolError, SolValue};

type Answer = Result<Vec<u8>, Vec<u8>>;

const DECIMALS: u64 = 0;
const BEHAVIOUR: u64 = 1;
const LATEST: u64 = 2;
const HAS_RAW_DECIMALS: u64 = 3;
const RAW: &str = "raw answer";
const RAW_DECIMALS: &str = "raw decimals";

pub(super) fn construct(chain: &SharedChain, feed: Address, decimals: u8) {
    chain.borrow_mut().store(feed, U256::from(DECIMALS), U256::from(decimals));
}

pub(super) fn run(frame: &Frame, calldata: &[u8]) -> Answer {
    if arguments::<latestRoundDataCall>(calldata).is_some() {
        return read(frame);
    }
    if arguments::<decimalsCall>(calldata).is_some() {
        if !number(frame, HAS_RAW_DECIMALS).is_zero() {
            return Ok(load_bytes(frame, RAW_DECIMALS));
        }
        return Ok(number(frame, DECIMALS).abi_encode());
    }
    if arguments::<latestRoundCall>(calldata).is_some() {
        return Ok(number(frame, LATEST).abi_encode());
    }
    if let Some(call) = arguments::<setRoundCall>(calldata) {
        let call = call?;
        set_round(
            frame,
            U256::from(call.roundId),
            [call.answer.into_raw(), call.startedAt, call.updatedAt, U256::from(call.answeredInRound), U256::ONE],
        );
        return Ok(Vec::new());
    }
    if let Some(call) = arguments::<pushCall>(calldata) {
        let now = U256::from(frame.chain.borrow().time_secs);
        let round = number(frame, LATEST) + U256::ONE;
        set_round(frame, round, [call?.answer.into_raw(), now, now, round, U256::ONE]);
        return Ok(Vec::new());
    }
    if let Some(call) = arguments::<setDecimalsCall>(calldata) {
        frame.store(U256::from(DECIMALS), U256::from(call?.decimals));
        frame.store(U256::from(HAS_RAW_DECIMALS), U256::ZERO);
        return Ok(Vec::new());
    }
    if let Some(call) = arguments::<setRawDecimalsCall>(calldata) {
        store_bytes(frame, RAW_DECIMALS, &call?.rawDecimals);
        frame.store(U256::from(HAS_RAW_DECIMALS), U256::ONE);
        return Ok(Vec::new());
    }
    if let Some(call) = arguments::<setBehaviourCall>(calldata) {
        frame.store(U256::from(BEHAVIOUR), U256::from(u8::from(call?.behaviour)));
        return Ok(Vec::new());
    }
    if let Some(call) = arguments::<setRawAnswerCall>(calldata) {
        store_bytes(frame, RAW, &call?.rawAnswer);
        frame.store(U256::from(BEHAVIOUR), U256::from(u8::from(Behaviour::Raw)));
        return Ok(Vec::new());
    }
    Err(Vec::new())
}

fn read(frame: &Frame) -> Answer {
    let behaviour = number(frame, BEHAVIOUR);
    let is = |other: Behaviour| behaviour == U256::from(u8::from(other));
    if is(Behaviour::Revert) {
        return Err(ScriptedRevert {}.abi_encode());
    }
    if is(Behaviour::BurnAllGas) {
        // There is no gas here; what the caller sees of it is a failure without data.
        return Err(Vec::new());
    }
    if is(Behaviour::Raw) {
        return Ok(load_bytes(frame, RAW));
    }
    let round = number(frame, LATEST);
    let [answer, started_at, updated_at, answered_in, is_known] = round_slots(round).map(|slot| frame.load(slot));
    if is_known.is_zero() {
        return Err(UnknownRound { roundId: U80::from(round) }.abi_encode());
    }
    Ok((round, I256::from_raw(answer), started_at, updated_at, answered_in).abi_encode())
}

fn set_round(frame: &Frame, round: U256, values: [U256; 5]) {
    for (slot, value) in round_slots(round).into_iter().zip(values) {
        frame.store(slot, value);
    }
    frame.store(U256::from(LATEST), round);
}

fn round_slots(round: U256) -> [U256; 5] {
    let first: U256 = keccak256(("round", round).abi_encode()).into();
    [0, 1, 2, 3, 4].map(|index| first + U256::from(index))
}

fn number(frame: &Frame, slot: u64) -> U256 {
    frame.load(U256::from(slot))
}
