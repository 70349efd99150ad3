//! Each bound from both sides, and the name, value and bounds of each refusal.

use super::*;

const GOOD: [u64; 6] = [5, 10_000, 7_776_000, 7_776_000, 2_592_000, 2_592_000];

fn check(numbers: [u64; 6]) -> Result<Rules, (&'static str, u64, u64, u64)> {
    let [buffer, stakers, drip, cooldown, window, patience] = numbers.map(U256::from);
    let raw = RawRules {
        buffer_raw: buffer,
        stakers_bps: stakers,
        drip_secs: drip,
        cooldown_secs: cooldown,
        window_secs: window,
        patience_secs: patience,
    };
    rules(&raw).map_err(|outside| {
        let name = core::str::from_utf8(outside.name).unwrap().trim_end_matches('\0');
        (name, outside.value.to(), outside.min.to(), outside.max.to())
    })
}

#[test]
fn the_rules_hold_their_bounds_from_both_sides() {
    let good = Rules {
        buffer_raw: Raw(U256::from(5)),
        stakers: Bps(10_000),
        drip: Secs(7_776_000),
        cooldown: Secs(7_776_000),
        window: Secs(2_592_000),
        patience: Secs(2_592_000),
    };
    assert_eq!(check(GOOD), Ok(good));
    assert!(check([0, 0, 3_600, 3_600, 3_600, 0]).is_ok());
    for (field, value, refusal) in [
        (1, 10_001, ("stakersBps", 10_001, 0, 10_000)),
        (2, 3_599, ("dripSecs", 3_599, 3_600, 7_776_000)),
        (2, 7_776_001, ("dripSecs", 7_776_001, 3_600, 7_776_000)),
        (3, 3_599, ("cooldownSecs", 3_599, 3_600, 7_776_000)),
        (3, 7_776_001, ("cooldownSecs", 7_776_001, 3_600, 7_776_000)),
        (4, 3_599, ("windowSecs", 3_599, 3_600, 2_592_000)),
        (4, 2_592_001, ("windowSecs", 2_592_001, 3_600, 2_592_000)),
        (5, 2_592_001, ("patienceSecs", 2_592_001, 0, 2_592_000)),
    ] {
        let mut numbers = GOOD;
        numbers[field] = value;
        assert_eq!(check(numbers), Err(refusal));
    }
}

#[test]
fn bad_debt_is_due_an_hour_before_a_cooldown_ends() {
    assert!(check([0, 0, 3_600, 86_400, 3_600, 82_800]).is_ok());
    let refusal = ("patienceSecs", 82_801, 0, 82_800);
    assert_eq!(check([0, 0, 3_600, 86_400, 3_600, 82_801]), Err(refusal));
    assert_eq!(check([0, 0, 3_600, 3_600, 3_600, 1]), Err(("patienceSecs", 1, 0, 0)));
}

#[test]
fn a_buffer_fits_in_128_bits() {
    let raw = RawRules {
        buffer_raw: BUFFER_MAX_RAW,
        stakers_bps: FIRST_RULES.stakers.widen(),
        drip_secs: FIRST_RULES.drip.widen(),
        cooldown_secs: FIRST_RULES.cooldown.widen(),
        window_secs: FIRST_RULES.window.widen(),
        patience_secs: FIRST_RULES.patience.widen(),
    };
    // Those a reserve begins with are within the bounds.
    assert_eq!(rules(&raw), Ok(FIRST_RULES));
    let more = U256::from(u128::MAX) + U256::ONE;
    let outside = OutOfBounds { name: &BUFFER, value: more, min: U256::ZERO, max: BUFFER_MAX_RAW };
    assert_eq!(rules(&RawRules { buffer_raw: more, ..raw }), Err(outside));
}
