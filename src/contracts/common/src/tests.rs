//! The parts that need no chain: packed words, and reading the ABI.

use alloc::vec::Vec;

use alloy_primitives::{Address, Bytes, U256, address, aliases::U80};
use alloy_sol_types::{SolCall, SolError, SolValue};
use interface::{IAuction, IOracle, IReserve, IVault};

use units::OutOfRange;

use crate::{
    abi::{Answer, Answers, Argument, ParametersOf, decode},
    refuse,
    words::{Field, address_in, word_of},
};

const SOMEBODY: Address = address!("00000000000000000000000000000000000000aa");

fn read<T: Argument>(data: &[u8]) -> Option<T> {
    decode(data)
}

/// That our own writer gives what alloy gives.
fn assert_written_as<T: Answer>(value: &T, expected: Vec<u8>) {
    let mut data = Vec::new();
    value.write(&mut data);
    assert_eq!(data, expected);
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
fn contents_keep_what_a_model_without_words_keeps() {
    use crate::vault_layout::{Contents, numbers_in};
    use alloc::collections::BTreeMap;
    use units::{Raw, Shares};

    // A number and an amount at each step, by a fixed recurrence: small, large, too large for the seat, and nothing.
    let amounts = [0_u128, 1, 7, u128::MAX >> 16, u128::MAX >> 15, u128::MAX >> 8];
    let mut contents = Contents::from_word(U256::ZERO);
    let (mut elsewhere, mut model) = (BTreeMap::new(), BTreeMap::new());
    let (mut state, mut seated, mut moved) = (1_u64, 0, 0);
    for _ in 0..20_000 {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        let number = 1 + (state >> 33) % 32;
        let amount_raw = Raw(U256::from(amounts[usize::try_from((state >> 40) % 6).unwrap()]));
        let had_seat = contents.seat == number;
        if contents.note(number, amount_raw) {
            seated += 1;
        } else {
            elsewhere.insert(number, amount_raw);
            moved += u32::from(had_seat);
        }
        if amount_raw.is_zero() {
            model.remove(&number)
        } else {
            model.insert(number, amount_raw)
        };
        contents.shares = Shares(U256::from(state));
        contents.sales = state >> 56;
        contents = Contents::from_word(contents.to_word().unwrap());
        assert_eq!((contents.shares.0, contents.sales), (U256::from(state), state >> 56));
        assert!(numbers_in(contents.held).eq(model.keys().copied()), "{number}: {amount_raw:?}");
        for (number, expected) in &model {
            let held = if contents.seat == *number { contents.seat_raw } else { elsewhere[number] };
            assert_eq!(held, *expected, "of {number}");
        }
    }
    assert!(seated > 100 && moved > 10, "{seated} had the seat, {moved} outgrew it");
    // What is owed or held beyond the fields is refused.
    contents.shares = Shares(U256::ONE << 96);
    assert_eq!(contents.to_word(), Err(OutOfRange));
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
    assert_eq!(
        refuse!(IVault::CapExceeded { collateral: error.collateral, totalRaw: error.totalRaw, capRaw: error.capRaw }).0,
        error.abi_encode()
    );
}

#[test]
fn every_struct_is_written_in_the_order_of_the_interface() {
    let n = |number: u64| U256::from(number);
    let collateral = IVault::Collateral {
        ltvBps: n(1),
        thresholdBps: n(2),
        targetThresholdBps: n(3),
        rampEndSecs: n(4),
        penaltyBps: n(5),
        decimals: n(6),
        capRaw: n(7),
        totalRaw: n(8),
    };
    assert_written_as(&collateral, collateral.abi_encode());
    let account = IVault::Account {
        owner: SOMEBODY,
        debtRaw: n(1),
        debtValueWad: n(2),
        thresholdValueWad: n(3),
        ltvValueWad: n(4),
        healthWad: n(5),
    };
    assert_written_as(&account, account.abi_encode());
    let books = IVault::Books {
        cashRaw: n(1),
        debtRaw: n(2),
        onAuctionRaw: n(3),
        badDebtRaw: n(4),
        fundedRaw: n(5),
        surplusRaw: n(6),
        debtShares: n(7),
        indexRay: n(8),
        accruedAtSecs: n(9),
    };
    assert_written_as(&books, books.abi_encode());
    let liquidation = IVault::Liquidation { lotRaw: n(1), debtRaw: n(2), dueRaw: n(3), priceRay: n(4) };
    assert_written_as(&liquidation, liquidation.abi_encode());
    assert_eq!(read(&liquidation.abi_encode()), Some(liquidation));
    let terms = IAuction::Terms {
        curve: n(1),
        cutRay: n(2),
        stepSecs: n(3),
        bufferBps: n(4),
        tailSecs: n(5),
        cuspBps: n(6),
        floorBps: n(7),
        capRaw: n(8),
    };
    assert_written_as(&terms, terms.abi_encode());
    assert_eq!(read(&terms.abi_encode()), Some(terms));
    let sale = IAuction::Sale {
        vaultId: n(1),
        collateral: SOMEBODY,
        lotRaw: n(2),
        debtRaw: n(3),
        dueRaw: n(4),
        topRay: n(5),
        floorRay: n(6),
        startedAtSecs: n(7),
        restarts: n(8),
    };
    assert_written_as(&sale, sale.abi_encode());
}

#[test]
fn the_structs_of_the_reserve_are_written_in_the_order_of_the_interface() {
    let n = |number: u64| U256::from(number);
    let rules = IReserve::Rules {
        bufferRaw: n(1),
        stakersBps: n(2),
        dripSecs: n(3),
        cooldownSecs: n(4),
        windowSecs: n(5),
        patienceSecs: n(6),
    };
    assert_written_as(&rules, rules.abi_encode());
    assert_eq!(read(&rules.abi_encode()), Some(rules));
    let stake = IReserve::Stake { shares: n(1), assetsRaw: n(2), leavingShares: n(3), fromSecs: n(4), untilSecs: n(5) };
    assert_written_as(&stake, stake.abi_encode());
    let entry = |first| IReserve::Entry { vaultId: n(first), amountRaw: n(first + 1), realisedAtSecs: n(first + 2) };
    for entries in [Vec::new(), Vec::from([entry(1), entry(4)])] {
        assert_written_as(&entries, (entries.clone(),).abi_encode_params());
    }
}

#[test]
fn arrays_and_tuples_are_written_as_alloy_writes_them() {
    assert_written_as(
        &Vec::from([SOMEBODY, Address::ZERO]),
        (Vec::from([SOMEBODY, Address::ZERO]),).abi_encode_params(),
    );
    assert_written_as(&Vec::<U256>::new(), (Vec::<U256>::new(),).abi_encode_params());
    let several = [0_usize, 1, 31, 32, 33, 64].map(|length| Bytes::from(Vec::from_iter((1..=length).map(|n| n as u8))));
    let written = Answers(several.iter().map(|bytes| bytes.to_vec()).collect());
    assert_written_as(&written, (Vec::from(several.clone()),).abi_encode_params());
    assert_eq!(read::<(Vec<Bytes>,)>(&(Vec::from(several.clone()),).abi_encode_params()), Some((Vec::from(several),)));
    assert_written_as(&Answers(Vec::new()), (Vec::<Bytes>::new(),).abi_encode_params());
    assert_written_as(&(true, SOMEBODY, U256::MAX), (true, SOMEBODY, U256::MAX).abi_encode());
}

#[test]
fn the_indexed_fields_of_every_event_come_first() {
    // What `emit!` counts on. The signature does not say which fields are indexed, the Solidity source does.
    for source in [
        include_str!("../../../../abi/IShared.sol"),
        include_str!("../../../../abi/IOracle.sol"),
        include_str!("../../../../abi/IVault.sol"),
        include_str!("../../../../abi/IAuction.sol"),
        include_str!("../../../../abi/IReserve.sol"),
    ] {
        let events = source.lines().filter(|line| line.trim_start().starts_with("event "));
        for event in events {
            let fields = event.split(',').map(|field| field.contains(" indexed "));
            assert!(fields.is_sorted_by(|left, right| left >= right), "{event}");
        }
    }
}
