//! The layout of the ArbOS state, checked against words worked out by hand.

use revm::primitives::{Address, B256, U256, b256, hex, keccak256};

use super::*;

#[test]
fn a_slot_lies_under_the_hash_of_its_page() {
    let inner = Space::root().sub(&[8]).sub(&[1]);
    let programs = keccak256([8u8]);
    let records = keccak256([programs.as_slice(), &[1]].concat());
    let key = b256!("00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff");
    let mut expected = keccak256([records.as_slice(), &key[..31]].concat());
    expected[31] = 0xff;
    assert_eq!(B256::from(inner.slot(key)), expected);
}

#[test]
fn default_parameters_pack_from_the_left() {
    let word = StylusParams::default().pack(51);
    assert_eq!(
        hex::encode(word),
        concat!(
            "0002", "002710", "000055f0", "0002", "03e8", "0080", "45", "0b", "32", "32", "016d", "001f", "0020",
            "00020000", "000000"
        )
    );
    assert_eq!(StylusParams::unpack(&word, 51), StylusParams::default());
}

#[test]
fn old_versions_do_not_store_the_module_size() {
    let params = StylusParams { max_wasm_size_bytes: 7, ..StylusParams::for_version(32) };
    let word = params.pack(32);
    assert_eq!(word[25..], [0; 7]);
    assert_eq!(StylusParams::unpack(&word, 32).max_wasm_size_bytes, 131_072);
}

#[test]
fn a_program_record_packs_at_its_offsets() {
    let record = ProgramRecord {
        version: 2,
        init_cost: 34,
        cached_cost: 11,
        footprint_pages: 1,
        activated_at_hours: 0x01_02_03,
        asm_estimate_kb: 0x0a_0b_0c,
        cached: true,
    };
    let word = record.pack();
    assert_eq!(hex::encode(&word[..15]), "00020022000b00010102030a0b0c01");
    assert_eq!(word[15..], [0; 17]);
    assert_eq!(ProgramRecord::unpack(&word), record);
}

#[test]
fn a_program_runs_out_after_its_days() {
    let params = StylusParams::default();
    let start = ARBITRUM_START_SECS + 10 * 3_600;
    let record =
        ProgramRecord { version: 2, activated_at_hours: ProgramRecord::hours_at(start + 59), ..Default::default() };
    assert_eq!(record.activated_at_hours, 10);
    let life = 365 * 86_400;
    assert_eq!(record.check(&params, start + life), Ok(()));
    assert_eq!(record.check(&params, start + life + 1), Err(ProgramError::Expired { age_secs: life + 1 }));
    assert_eq!(ProgramRecord::default().check(&params, start), Err(ProgramError::NotActivated));
    let old = ProgramRecord { version: 1, ..record };
    assert_eq!(old.check(&params, start), Err(ProgramError::NeedsUpgrade { program: 1, stylus: 2 }));
}

#[test]
fn records_are_kept_apart_by_codehash() {
    let mut storage = GenesisStorage::new();
    let record = ProgramRecord { version: 2, init_cost: 9, ..Default::default() };
    set_program(&mut storage, B256::repeat_byte(1), &record).unwrap();
    assert_eq!(program(&mut storage, B256::repeat_byte(1)), Ok(record));
    assert_eq!(program(&mut storage, B256::repeat_byte(2)), Ok(ProgramRecord::default()));
}

#[test]
fn the_data_fee_grows_with_demand_and_drains_with_time() {
    let mut pricer = DataPricer::default();
    let now = ARBITRUM_START_SECS + 1;
    // demand 521 000 of 21 360 419 is 243 bps; the series gives 10 245.
    let fee = pricer.charge_wei(521_000, now);
    assert_eq!(fee, U256::from(82_928_201u64 * 10_245 / 10_000 * 521_000));
    assert_eq!(pricer.demand_bytes, 521_000);
    let second = pricer.charge_wei(521_000, now);
    assert!(second > fee);
    pricer.charge_wei(0, now + 10);
    assert_eq!(pricer.demand_bytes, 1_042_000 - 348_650);
    pricer.charge_wei(0, now + 1_000);
    assert_eq!(pricer.demand_bytes, 0);
}

#[test]
fn a_set_fills_the_gap_of_a_removed_member_with_the_last() {
    let mut storage = GenesisStorage::new();
    let set = chain_owners();
    let [a, b, c] = [1, 2, 3].map(Address::repeat_byte);
    for member in [a, b, c, b] {
        set.add(&mut storage, member).unwrap();
    }
    assert_eq!(set.all(&mut storage), Ok(vec![a, b, c]));
    set.remove(&mut storage, a).unwrap();
    assert_eq!(set.all(&mut storage), Ok(vec![c, b]));
    assert_eq!(set.contains(&mut storage, a), Ok(false));
    set.remove(&mut storage, c).unwrap();
    assert_eq!(set.all(&mut storage), Ok(vec![b]));
    assert_eq!(cache_managers().is_empty(&mut storage), Ok(true));
}

#[test]
fn genesis_writes_version_chain_id_and_defaults() {
    let mut storage = GenesisStorage::new();
    write_genesis(&mut storage, 412_346, 51);
    assert_eq!(root(&mut storage, RootSlot::Version), Ok(U256::from(51)));
    assert_eq!(root(&mut storage, RootSlot::ChainId), Ok(U256::from(412_346)));
    assert_eq!(params(&mut storage, 51), Ok(StylusParams::default()));
    assert_eq!(data_pricer(&mut storage), Ok(DataPricer::default()));
}
