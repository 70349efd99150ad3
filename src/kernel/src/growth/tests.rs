//! The cap's line on known days, and against exact fractions.

use proptest::prelude::*;

use super::*;
use crate::reference::{bps, config, floor, fraction, numbers, wad, whole};

const START: Secs = Secs(1_700_000_000);
const CAP: Cap = Cap {
    snapshot_wad: Wad(U256::from_limbs([1_100_000_000_000_000_000, 0, 0, 0])),
    snapshot_at: START,
    yearly: Bps(1_000),
};

fn milli(thousandths: u64) -> Wad {
    Wad(U256::from(thousandths) * (WAD_ONE / U256::from(1_000)))
}

#[test]
fn a_rate_of_1_1_may_be_1_155_after_half_a_year() {
    assert_eq!(CAP.at(START), Ok(milli(1_100)));
    assert_eq!(CAP.at(Secs(START.0 + YEAR_SECS / 2)), Ok(milli(1_155)));
    assert_eq!(CAP.at(Secs(START.0 + YEAR_SECS)), Ok(milli(1_210)));
    assert_eq!(CAP.at(Secs(0)), Ok(milli(1_100)));
}

#[test]
fn a_rate_is_cut_only_above_the_line() {
    let half = Secs(START.0 + YEAR_SECS / 2);
    let just_above = Wad(milli(1_155).0 + U256::ONE);
    for (rate, expected, is_cut) in [
        (milli(900), milli(900), false),
        (milli(1_155), milli(1_155), false),
        (just_above, milli(1_155), true),
        (milli(5_000), milli(1_155), true),
    ] {
        assert_eq!(CAP.cut(rate, half), Ok(Capped { rate_wad: expected, is_cut }));
    }
}

#[test]
fn the_price_of_a_yield_bearing_token_is_base_times_rate() {
    assert_eq!(price_down(milli(2_000_000), milli(1_200)), Ok(milli(2_400_000)));
    assert_eq!(price_down(Wad(U256::from(3)), milli(500)), Ok(Wad(U256::ONE)));
    assert_eq!(price_down(Wad(U256::MAX), milli(2_000)), Err(OutOfRange));
}

proptest! {
    #![proptest_config(config(2_000))]

    #[test]
    fn the_line_is_the_exact_fraction_rounded_down(snapshot in numbers(100), yearly in 0_u64..=5_000, elapsed in 0_u64..1_000_000_000) {
        let cap = Cap { snapshot_wad: Wad(snapshot), snapshot_at: START, yearly: Bps(yearly) };
        let grown = fraction(snapshot, U256::ONE) * bps(Bps(yearly)) * whole(elapsed) / whole(YEAR_SECS);
        let exact = floor(&(fraction(snapshot, U256::ONE) + grown)).unwrap();
        prop_assert_eq!(cap.at(Secs(START.0 + elapsed)), Ok(Wad(exact)));
    }

    #[test]
    fn the_price_is_the_exact_product_rounded_down(base in numbers(120), rate in numbers(90)) {
        let exact = floor(&(fraction(base, U256::ONE) * wad(Wad(rate))));
        prop_assert_eq!(price_down(Wad(base), Wad(rate)).ok().map(|price| price.0), exact);
    }
}
