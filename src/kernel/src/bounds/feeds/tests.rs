//! Every bound on both of its sides, and which parameter is named.

use super::*;

const NOW: Secs = Secs(1_700_000_000);

fn n(value: u64) -> U256 {
    U256::from(value)
}

fn named<T>(result: Result<T, OutOfBounds>) -> Option<(&'static str, U256, U256)> {
    let outside = result.err()?;
    let text = core::str::from_utf8(outside.name).unwrap().trim_end_matches('\0');
    Some((text, outside.min, outside.max))
}

#[test]
fn a_band_lies_inside_the_range_of_prices() {
    assert_eq!(
        band(n(1), PRICE_MAX_WAD.0).ok().map(|band| (band.min_wad.0, band.max_wad)),
        Some((n(1), PRICE_MAX_WAD))
    );
    assert!(band(n(5), n(5)).is_ok());
    assert_eq!(named(band(n(6), n(5))), Some(("minWad", n(1), n(5))));
    assert_eq!(named(band(n(0), n(5))), Some(("minWad", n(1), n(5))));
    assert_eq!(named(band(n(0), n(0))), Some(("maxWad", n(1), PRICE_MAX_WAD.0)));
    assert_eq!(named(band(n(1), PRICE_MAX_WAD.0 + n(1))), Some(("maxWad", n(1), PRICE_MAX_WAD.0)));
}

#[test]
fn limits_of_deviation_are_ordered() {
    assert!(deviation(n(1), n(1)).is_ok() && deviation(n(10_000), n(10_000)).is_ok());
    assert_eq!(named(deviation(n(0), n(10))), Some(("softBps", n(1), n(10))));
    assert_eq!(named(deviation(n(11), n(10))), Some(("softBps", n(1), n(10))));
    assert_eq!(named(deviation(n(1), n(10_001))), Some(("hardBps", n(1), n(10_000))));
}

#[test]
fn a_breaker_holds_for_an_hour_at_most() {
    assert!(breaker(n(100), n(0), n(60)).is_ok() && breaker(n(5_000), n(20), n(3_600)).is_ok());
    assert_eq!(named(breaker(n(99), n(0), n(60))), Some(("jumpBps", n(100), n(5_000))));
    assert_eq!(named(breaker(n(5_001), n(0), n(60))), Some(("jumpBps", n(100), n(5_000))));
    assert_eq!(named(breaker(n(100), n(21), n(60))), Some(("sigmas", n(0), n(20))));
    assert_eq!(named(breaker(n(100), n(0), n(59))), Some(("holdSecs", n(60), n(3_600))));
    assert_eq!(named(breaker(n(100), n(0), n(3_601))), Some(("holdSecs", n(60), n(3_600))));
}

#[test]
fn a_snapshot_is_neither_new_nor_old() {
    let (youngest, oldest) = (NOW.0 - 604_800, NOW.0 - 15_552_000);
    let at = |secs| growth(units::WAD_ONE, n(secs), n(500), NOW);
    assert!(at(youngest).is_ok() && at(oldest).is_ok());
    assert_eq!(named(at(youngest + 1)), Some(("snapshotAtSecs", n(oldest), n(youngest))));
    assert_eq!(named(at(oldest - 1)), Some(("snapshotAtSecs", n(oldest), n(youngest))));
    assert!(
        growth(RATE_MIN_WAD, n(oldest), n(5_000), NOW).is_ok() && growth(RATE_MAX_WAD, n(oldest), n(0), NOW).is_ok()
    );
    assert_eq!(
        named(growth(RATE_MIN_WAD - n(1), n(oldest), n(1), NOW)),
        Some(("snapshotRateWad", RATE_MIN_WAD, RATE_MAX_WAD))
    );
    assert_eq!(
        named(growth(RATE_MAX_WAD + n(1), n(oldest), n(1), NOW)),
        Some(("snapshotRateWad", RATE_MIN_WAD, RATE_MAX_WAD))
    );
    assert_eq!(named(growth(RATE_MIN_WAD, n(oldest), n(5_001), NOW)), Some(("growthBps", n(0), n(5_000))));
    assert_eq!(RATE_MAX_WAD, units::WAD_ONE * n(1_000_000));
}

#[test]
fn levels_and_horizons_are_bounded() {
    assert_eq!((stop(n(0)).ok(), stop(n(2)).ok()), (Some(0), Some(2)));
    assert_eq!(named(stop(n(3))), Some(("level", n(0), n(2))));
    assert_eq!(horizon(n(1)).ok(), Some(Secs(1)));
    assert_eq!(named(horizon(n(0))), Some(("horizonSecs", n(1), n(3_153_600_000))));
}
