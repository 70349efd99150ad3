//! The parts that need no chain: packed words, and reading the ABI.

use alloc::vec::Vec;

use alloy_primitives::{Address, Bytes, U256, address, aliases::U80};
use alloy_sol_types::{SolCall, SolError, SolValue};
use interface::{IAuction, IOracle, IVault};

use units::OutOfRange;

use crate::{
    abi::{Argument, ParametersOf, Reader},
    refusal::refuse,
    words::{Field, address_in, word_of},
};

const SOMEBODY: Address = address!("00000000000000000000000000000000000000aa");

fn read<T: Argument>(data: &[u8]) -> Option<T> {
    T::read(&mut Reader::new(data))
}

#[test]
fn a_field_keeps_its_neighbours() {
    let (low, middle, high) = (Field::new(0, 8), Field::new(8, 16), Field::new(24, 232));
    let word = low.put(U256::ZERO, U256::from(0xaa)).and_then(|word| high.put(word, U256::from(7))).unwrap();
    let word = middle.put(word, U256::from(0xffff)).unwrap();
    let word = middle.put(word, U256::from(0x1234)).unwrap();
    assert_eq!(low.get(word), U256::from(0xaa));
    assert_eq!(middle.get(word), U256::from(0x1234));
    assert_eq!(high.get(word), U256::from(7));
}

#[test]
fn a_number_too_wide_for_its_field_is_not_cut() {
    assert_eq!(Field::new(8, 16).put(U256::ZERO, U256::from(0x1_0000)), Err(OutOfRange));
    assert_eq!(Field::new(0, 256).put(U256::ZERO, U256::MAX), Ok(U256::MAX));
}

#[test]
fn an_address_survives_its_word() {
    assert_eq!(address_in(word_of(SOMEBODY)), SOMEBODY);
}

#[test]
fn what_alloy_encodes_is_read_back() {
    let call = IAuction::takeCall {
        auctionId: U256::from(1),
        maxLotRaw: U256::from(2),
        maxPriceRay: U256::from(3),
        recipient: SOMEBODY,
        data: Bytes::from_static(b"some data that is longer than one word of the ABI"),
    };
    let read: ParametersOf<IAuction::takeCall> = read(call.abi_encode().get(4..).unwrap()).unwrap();
    assert_eq!(read, (call.auctionId, call.maxLotRaw, call.maxPriceRay, call.recipient, call.data));
}

#[test]
fn an_array_of_addresses_is_read_back() {
    let assets = Vec::from([SOMEBODY, Address::ZERO]);
    let call = IOracle::pricesCall { assets: assets.clone() };
    assert_eq!(read::<(Vec<Address>,)>(call.abi_encode().get(4..).unwrap()), Some((assets,)));
}

#[test]
fn an_array_that_says_it_is_longer_than_its_data_is_refused() {
    let mut data = (Vec::from([SOMEBODY]),).abi_encode_params();
    data[63] = 2;
    assert_eq!(read::<(Vec<Address>,)>(&data), None);
    data[32..64].fill(0xff);
    assert_eq!(read::<(Vec<Address>,)>(&data), None);
}

#[test]
fn an_offset_outside_of_the_data_is_refused() {
    let mut data = (Bytes::from_static(b"x"),).abi_encode_params();
    data[30] = 1;
    assert_eq!(read::<(Bytes,)>(&data), None);
}

#[test]
fn padding_that_is_not_zero_is_refused() {
    let mut data = (SOMEBODY,).abi_encode_params();
    data[0] = 1;
    assert_eq!(read::<(Address,)>(&data), None);
    assert_eq!(read::<(bool,)>(&U256::from(2).abi_encode()), None);
    assert_eq!(read::<(u8,)>(&U256::from(256).abi_encode()), None);
    assert_eq!(read::<(U80,)>(&U256::from(1u128 << 80).abi_encode()), None);
}

#[test]
fn data_that_ends_early_is_refused() {
    assert_eq!(read::<(U256, U256)>(&[0; 63]), None);
    assert_eq!(read::<(U256, U256)>(&[0; 65]), Some((U256::ZERO, U256::ZERO)));
}

#[test]
fn a_refusal_is_encoded_as_alloy_encodes_the_error() {
    let error = IVault::CapExceeded { collateral: SOMEBODY, totalRaw: U256::from(9), capRaw: U256::from(8) };
    assert_eq!(refuse(error.clone()).0, error.abi_encode());
}
