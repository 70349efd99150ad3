//! `ArbAddressTable` at 0x66: short numbers for addresses that are sent often.
//!
//! The numbers count from zero in the order of registration. An address in short form is the RLP encoding of its number, or of its 20 bytes
//! when it has none.

use alloy_primitives::{Address, U256};
use alloy_sol_types::{SolCall, SolInterface};
use revm::Database;

use self::ArbAddressTable::{ArbAddressTableCalls as Calls, *};
use super::{
    call::{Call, Done, Fault, STORAGE_WRITE_GAS},
    method::Method,
};
use crate::arbos::state;

mod abi {
    #![allow(missing_docs)]
    alloy_sol_types::sol! {
        /// Numbers of addresses.
        #[sol(all_derives)]
        interface ArbAddressTable {
            function addressExists(address addr) external view returns (bool exists);
            function compress(address addr) external returns (bytes memory short);
            function decompress(bytes calldata buf, uint256 offset) external view returns (address addr, uint256 bytesRead);
            function lookup(address addr) external view returns (uint256 index);
            function lookupIndex(uint256 index) external view returns (address addr);
            function register(address addr) external returns (uint256 index);
            function size() external view returns (uint256 count);
        }
    }
}
pub use abi::ArbAddressTable;

pub(super) const METHODS: &[Method] = &[
    Method::view(addressExistsCall::SELECTOR),
    Method::write(compressCall::SELECTOR),
    Method::view(decompressCall::SELECTOR),
    Method::view(lookupCall::SELECTOR),
    Method::view(lookupIndexCall::SELECTOR),
    Method::write(registerCall::SELECTOR),
    Method::view(sizeCall::SELECTOR),
];

/// First byte of the RLP of a string of no bytes; the length is added to it.
const SHORT_STRING: u8 = 0x80;
const ADDRESS_BYTES: usize = 20;
const NUMBER_BYTES: usize = 8;

pub(super) fn answer<DB: Database>(call: &mut Call<'_, DB>, input: &[u8]) -> Done<Vec<u8>, DB> {
    Ok(match Calls::abi_decode(input).map_err(|_| Fault::BurnAll)? {
        Calls::addressExists(arguments) => {
            addressExistsCall::abi_encode_returns(&index(call, arguments.addr)?.is_some())
        }
        Calls::compress(arguments) => {
            let short = match index(call, arguments.addr)? {
                Some(index) => short_number(index),
                None => short_bytes(arguments.addr.as_slice()),
            };
            compressCall::abi_encode_returns(&short.into())
        }
        Calls::decompress(arguments) => {
            let offset = usize::try_from(arguments.offset).map_err(|_| Fault::Plain)?;
            let rest = arguments.buf.get(offset..).ok_or(Fault::Plain)?;
            let (content, read) = string(rest).ok_or(Fault::Plain)?;
            let addr = match <[u8; ADDRESS_BYTES]>::try_from(content) {
                Ok(bytes) => Address::from(bytes),
                Err(_) => at(call, number(content).ok_or(Fault::Plain)?)?,
            };
            decompressCall::abi_encode_returns(&decompressReturn { addr, bytesRead: U256::from(read) })
        }
        Calls::lookup(arguments) => {
            let index = index(call, arguments.addr)?.ok_or(Fault::Plain)?;
            lookupCall::abi_encode_returns(&U256::from(index))
        }
        Calls::lookupIndex(arguments) => {
            let index = u64::try_from(arguments.index).map_err(|_| Fault::Plain)?;
            lookupIndexCall::abi_encode_returns(&at(call, index)?)
        }
        Calls::register(arguments) => registerCall::abi_encode_returns(&U256::from(register(call, arguments.addr)?)),
        Calls::size(_) => sizeCall::abi_encode_returns(&U256::from(size(call)?)),
    })
}

fn size<DB: Database>(call: &mut Call<'_, DB>) -> Done<u64, DB> {
    call.burn_reads(1)?;
    Ok(state::address_table().len(call.ctx)?)
}

/// The number of an address, counted from zero.
fn index<DB: Database>(call: &mut Call<'_, DB>, address: Address) -> Done<Option<u64>, DB> {
    call.burn_reads(1)?;
    Ok(state::address_table().place(call.ctx, address)?.checked_sub(1))
}

/// The address of a number, which must have been given out.
fn at<DB: Database>(call: &mut Call<'_, DB>, index: u64) -> Done<Address, DB> {
    if index >= size(call)? {
        return Err(Fault::Plain);
    }
    call.burn_reads(1)?;
    Ok(state::address_table().member(call.ctx, index.saturating_add(1))?)
}

/// Gives an address its number, the one it has already or the next. A new one costs three writes: the member, its place and the count.
fn register<DB: Database>(call: &mut Call<'_, DB>, address: Address) -> Done<u64, DB> {
    if let Some(index) = index(call, address)? {
        return Ok(index);
    }
    let index = size(call)?;
    call.burn(3 * STORAGE_WRITE_GAS)?;
    state::address_table().add(call.ctx, address)?;
    Ok(index)
}

/// RLP of a string shorter than 56 bytes.
fn short_bytes(bytes: &[u8]) -> Vec<u8> {
    match bytes {
        [byte] if *byte < SHORT_STRING => vec![*byte],
        _ => [&[SHORT_STRING.saturating_add(bytes.len() as u8)], bytes].concat(),
    }
}

/// RLP of a number: its bytes without leading zeros.
fn short_number(number: u64) -> Vec<u8> {
    let bytes = number.to_be_bytes();
    let zeros = (number.leading_zeros() / 8) as usize;
    short_bytes(bytes.get(zeros..).unwrap_or_default())
}

/// The content of the short string `data` begins with, and how many bytes it takes.
fn string(data: &[u8]) -> Option<(&[u8], usize)> {
    let (&first, rest) = data.split_first()?;
    let Some(length) = first.checked_sub(SHORT_STRING) else {
        return Some((data.get(..1)?, 1));
    };
    let length = usize::from(length);
    let content = rest.get(..length).filter(|_| length <= ADDRESS_BYTES)?;
    // A byte that stands for itself may not be written with a length.
    let canonical = !matches!(content, [byte] if *byte < SHORT_STRING);
    canonical.then_some((content, length.saturating_add(1)))
}

/// The number of big-endian bytes without leading zeros.
fn number(bytes: &[u8]) -> Option<u64> {
    if bytes.len() > NUMBER_BYTES || bytes.first() == Some(&0) {
        return None;
    }
    Some(bytes.iter().fold(0, |number, byte| number << 8 | u64::from(*byte)))
}
