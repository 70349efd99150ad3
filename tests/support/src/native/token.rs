//! An ERC-20 for the native world, with the habits of `TestToken.sol` and of the odd tokens beside it.

use super::{arguments, chain::SharedChain, host::Frame};
use crate::{actors::OPERATOR, doubles::ITestToken, world::TokenKind};
use ITestToken::{
    Approval, ERC20InsufficientAllowance, ERC20InsufficientBalance, OwnableUnauthorizedAccount, Transfer,
    allowanceCall, approveCall, armCall, balanceOfCall, callsCall, decimalsCall, lastReturnedCall, lastSucceededCall,
    mintCall, setFeeCall, setRefusedCall, setRefusesCall, totalSupplyCall, transferCall, transferFromCall,
};
use alloy_primitives::{Address, B256, U256, keccak256};
use alloy_sol_types::{SolError, SolEvent, SolValue};

type Answer = Result<Vec<u8>, Vec<u8>>;

const KIND: u64 = 0;
const FEE_BPS: u64 = 1;
const DECIMALS: u64 = 2;
const TOTAL: u64 = 3;
const REFUSES: u64 = 4;
const TARGET: u64 = 5;
const BUBBLES: u64 = 6;
const CALLS: u64 = 7;
const LAST_SUCCEEDED: u64 = 8;
const REFUSED: u64 = 9;
const CALL_DATA: &str = "call data";
const RETURNED: &str = "returned";

const FEE_ON_TRANSFER: u64 = 1;
const NO_RETURN: u64 = 2;
const FALSE_RETURNING: u64 = 3;
const REENTERING: u64 = 4;

pub(super) fn construct(chain: &SharedChain, token: Address, kind: TokenKind, decimals: u8) {
    let (kind, fee_bps) = match kind {
        TokenKind::Honest => (0, 0),
        TokenKind::FeeOnTransfer(fee_bps) => (FEE_ON_TRANSFER, fee_bps),
        TokenKind::NoReturn => (NO_RETURN, 0),
        TokenKind::FalseReturning => (FALSE_RETURNING, 0),
        TokenKind::Reentering => (REENTERING, 0),
    };
    let mut chain = chain.borrow_mut();
    for (slot, value) in [(KIND, kind), (FEE_BPS, fee_bps), (DECIMALS, u64::from(decimals))] {
        chain.store(token, U256::from(slot), U256::from(value));
    }
}

pub(super) fn run(frame: &Frame, calldata: &[u8]) -> Answer {
    if let Some(call) = arguments::<balanceOfCall>(calldata) {
        return Ok(balance(frame, call?.account).abi_encode());
    }
    if let Some(call) = arguments::<allowanceCall>(calldata) {
        let call = call?;
        return Ok(frame.load(allowance_slot(call.holder, call.spender)).abi_encode());
    }
    if arguments::<decimalsCall>(calldata).is_some() {
        return Ok(number(frame, DECIMALS).abi_encode());
    }
    if arguments::<totalSupplyCall>(calldata).is_some() {
        return Ok(number(frame, TOTAL).abi_encode());
    }
    if let Some(call) = arguments::<approveCall>(calldata) {
        let call = call?;
        frame.store(allowance_slot(frame.sender, call.spender), call.amountRaw);
        emit(frame, &Approval { owner: frame.sender, spender: call.spender, value: call.amountRaw });
        return Ok(yes(frame));
    }
    if let Some(call) = arguments::<transferCall>(calldata) {
        let call = call?;
        if refuses(frame, call.to) {
            return Ok(false.abi_encode());
        }
        transfer(frame, frame.sender, call.to, call.amountRaw)?;
        return Ok(yes(frame));
    }
    if let Some(call) = arguments::<transferFromCall>(calldata) {
        let call = call?;
        if refuses(frame, call.to) {
            return Ok(false.abi_encode());
        }
        spend_allowance(frame, call.from, call.amountRaw)?;
        transfer(frame, call.from, call.to, call.amountRaw)?;
        return Ok(yes(frame));
    }
    if let Some(call) = arguments::<mintCall>(calldata) {
        let call = call?;
        return mint(frame, call.to, call.amountRaw);
    }
    if let Some(call) = arguments::<setRefusesCall>(calldata) {
        frame.store(U256::from(REFUSES), U256::from(u8::from(call?.refuses)));
        return Ok(Vec::new());
    }
    if let Some(call) = arguments::<setRefusedCall>(calldata) {
        frame.store(U256::from(REFUSED), U256::from_be_slice(call?.account.as_slice()));
        return Ok(Vec::new());
    }
    if let Some(call) = arguments::<setFeeCall>(calldata) {
        frame.store(U256::from(FEE_BPS), call?.feeBps);
        return Ok(Vec::new());
    }
    caller(frame, calldata)
}

/// The part of the token that calls back.
fn caller(frame: &Frame, calldata: &[u8]) -> Answer {
    if let Some(call) = arguments::<armCall>(calldata) {
        let call = call?;
        frame.store(U256::from(TARGET), U256::from_be_slice(call.target.as_slice()));
        frame.store(U256::from(BUBBLES), U256::from(u8::from(call.bubbles)));
        store_bytes(frame, CALL_DATA, &call.callData);
        return Ok(Vec::new());
    }
    if arguments::<callsCall>(calldata).is_some() {
        return Ok(number(frame, CALLS).abi_encode());
    }
    if arguments::<lastSucceededCall>(calldata).is_some() {
        return Ok(number(frame, LAST_SUCCEEDED).abi_encode());
    }
    if arguments::<lastReturnedCall>(calldata).is_some() {
        return Ok(load_bytes(frame, RETURNED).abi_encode());
    }
    Err(Vec::new())
}

fn mint(frame: &Frame, to: Address, amount_raw: U256) -> Answer {
    // The odd tokens let anyone mint, as their Solidity does.
    if number(frame, KIND).is_zero() && frame.sender != OPERATOR {
        return Err(OwnableUnauthorizedAccount { account: frame.sender }.abi_encode());
    }
    let total = number(frame, TOTAL).checked_add(amount_raw).ok_or_else(Vec::new)?;
    frame.store(U256::from(TOTAL), total);
    frame.store(balance_slot(to), balance(frame, to) + amount_raw);
    emit(frame, &Transfer { from: Address::ZERO, to, value: amount_raw });
    Ok(Vec::new())
}

fn spend_allowance(frame: &Frame, holder: Address, amount_raw: U256) -> Result<(), Vec<u8>> {
    let slot = allowance_slot(holder, frame.sender);
    let allowed = frame.load(slot);
    // OpenZeppelin's token takes the greatest number for "without end"; the one that returns nothing does not.
    if allowed == U256::MAX && number(frame, KIND) != U256::from(NO_RETURN) {
        return Ok(());
    }
    let left = allowed.checked_sub(amount_raw).ok_or_else(|| {
        ERC20InsufficientAllowance { spender: frame.sender, allowance: allowed, needed: amount_raw }.abi_encode()
    })?;
    frame.store(slot, left);
    Ok(())
}

fn transfer(frame: &Frame, from: Address, to: Address, amount_raw: U256) -> Result<(), Vec<u8>> {
    let fee_raw = if number(frame, KIND) == U256::from(FEE_ON_TRANSFER) {
        amount_raw.checked_mul(number(frame, FEE_BPS)).ok_or_else(Vec::new)? / U256::from(10_000)
    } else {
        U256::ZERO
    };
    if number(frame, KIND) == U256::from(FEE_ON_TRANSFER) {
        transfer_plain(frame, from, frame.account, fee_raw)?;
    }
    transfer_plain(frame, from, to, amount_raw - fee_raw)?;
    call_back(frame)
}

fn transfer_plain(frame: &Frame, from: Address, to: Address, amount_raw: U256) -> Result<(), Vec<u8>> {
    let held = balance(frame, from);
    let left = held
        .checked_sub(amount_raw)
        .ok_or_else(|| ERC20InsufficientBalance { sender: from, balance: held, needed: amount_raw }.abi_encode())?;
    frame.store(balance_slot(from), left);
    frame.store(balance_slot(to), balance(frame, to) + amount_raw);
    emit(frame, &Transfer { from, to, value: amount_raw });
    Ok(())
}

fn call_back(frame: &Frame) -> Result<(), Vec<u8>> {
    let target = Address::from_word(B256::from(number(frame, TARGET)));
    if target.is_zero() {
        return Ok(());
    }
    let (succeeded, returned) = match frame.call(target, U256::ZERO, &load_bytes(frame, CALL_DATA), false) {
        Ok(returned) => (true, returned),
        Err(returned) if !number(frame, BUBBLES).is_zero() => return Err(returned),
        Err(returned) => (false, returned),
    };
    frame.store(U256::from(CALLS), number(frame, CALLS) + U256::ONE);
    frame.store(U256::from(LAST_SUCCEEDED), U256::from(u8::from(succeeded)));
    store_bytes(frame, RETURNED, &returned);
    Ok(())
}

fn refuses(frame: &Frame, to: Address) -> bool {
    let is_refused = number(frame, REFUSED) == U256::from_be_slice(to.as_slice());
    number(frame, KIND) == U256::from(FALSE_RETURNING) && (is_refused || !number(frame, REFUSES).is_zero())
}

fn yes(frame: &Frame) -> Vec<u8> {
    if number(frame, KIND) == U256::from(NO_RETURN) { Vec::new() } else { true.abi_encode() }
}

fn number(frame: &Frame, slot: u64) -> U256 {
    frame.load(U256::from(slot))
}

fn balance(frame: &Frame, account: Address) -> U256 {
    frame.load(balance_slot(account))
}

fn balance_slot(account: Address) -> U256 {
    keccak256(("balance", account).abi_encode()).into()
}

fn allowance_slot(holder: Address, spender: Address) -> U256 {
    keccak256(("allowance", holder, spender).abi_encode()).into()
}

fn emit(frame: &Frame, event: &impl SolEvent) {
    let log = event.encode_log_data();
    frame.log(log.topics().to_vec(), log.data.to_vec());
}

/// Writes bytes under a name: the length, then the words.
pub(super) fn store_bytes(frame: &Frame, name: &str, bytes: &[u8]) {
    let slot: U256 = keccak256(name).into();
    frame.store(slot, U256::from(bytes.len()));
    for (index, chunk) in bytes.chunks(32).enumerate() {
        let mut word = [0; 32];
        word[..chunk.len()].copy_from_slice(chunk);
        frame.store(slot + U256::from(index + 1), U256::from_be_bytes(word));
    }
}

/// What [`store_bytes`] wrote.
pub(super) fn load_bytes(frame: &Frame, name: &str) -> Vec<u8> {
    let slot: U256 = keccak256(name).into();
    let len = frame.load(slot).to::<usize>();
    let mut bytes: Vec<u8> =
        (0..len.div_ceil(32)).flat_map(|index| frame.load(slot + U256::from(index + 1)).to_be_bytes::<32>()).collect();
    bytes.truncate(len);
    bytes
}
