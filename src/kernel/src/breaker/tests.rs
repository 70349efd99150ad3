//! What is a jump, when a hold ends, and that nobody can make one last.

use proptest::prelude::*;

use super::*;
use crate::reference::config;
use crate::volatility::Volatility;

const BREAKER: Breaker = Breaker { jump: Bps(1_000), sigmas: 0, hold: Secs(600) };
const START: u64 = 1_700_000_000;
const CALM: Variance = Variance(U256::ZERO);

fn usd(value: u64) -> Wad {
    Wad(U256::from(value) * units::WAD_ONE)
}

fn reference() -> Reference {
    Reference { price_wad: usd(2_000), at: Secs(START), held_since: Secs(0) }
}

fn held(price: u64, reference: &Reference, now: u64) -> Option<u64> {
    BREAKER.held_until(usd(price), reference, CALM, Secs(now)).map(|until| until.0)
}

#[test]
fn a_jump_is_a_log_return_beyond_the_limit_in_either_direction() {
    // 2000 e^0.1 = 2210.34 and 2000 e^-0.1 = 1809.67.
    for (price, is_held) in [(2_000, false), (2_210, false), (2_211, true), (1_810, false), (1_809, true), (1, true)] {
        assert_eq!(held(price, &reference(), START).is_some(), is_held, "{price}");
    }
}

#[test]
fn without_a_reference_nothing_is_held() {
    assert_eq!(held(1, &Reference::default(), START), None);
}

#[test]
fn a_hold_nobody_records_ends_with_the_age_of_its_reference() {
    assert_eq!(held(1_700, &reference(), START), Some(START + 600));
    assert_eq!(held(1_700, &reference(), START + 599), Some(START + 600));
    assert_eq!(held(1_700, &reference(), START + 600), None);
}

#[test]
fn a_recorded_jump_is_held_for_one_hold_and_then_the_breaker_rests_for_one() {
    let recorded = Reference { held_since: Secs(START + 599), ..reference() };
    assert_eq!(held(1_700, &recorded, START + 599), Some(START + 1_199));
    assert_eq!(held(1_700, &recorded, START + 1_198), Some(START + 1_199));
    assert_eq!(held(1_700, &recorded, START + 1_199), None);
    // It rests: even a new jump from a fresh reference is let through.
    let fresh = Reference { at: Secs(START + 1_200), ..recorded };
    assert_eq!(held(100, &fresh, START + 1_798), None);
    assert!(BREAKER.has_recorded(&fresh, Secs(START + 1_798)));
    assert!(!BREAKER.has_recorded(&fresh, Secs(START + 1_799)));
    assert_eq!(held(100, &fresh, START + 1_799), Some(START + 1_800));
}

#[test]
fn a_price_that_comes_back_is_not_held() {
    let recorded = Reference { held_since: Secs(START + 10), ..reference() };
    assert_eq!(held(2_000, &recorded, START + 20), None);
    // And when it jumps again, the old hold goes on, no new one begins.
    let back = Reference { at: Secs(START + 500), ..recorded };
    assert_eq!(held(1_700, &back, START + 505), Some(START + 610));
}

#[test]
fn what_is_usual_for_a_volatile_price_is_no_jump() {
    let breaker = Breaker { sigmas: 3, ..BREAKER };
    let variance = Volatility::default().after(usd(2_000), usd(2_400), Secs(600)).unwrap().fast;
    let now = Secs(START + 599);
    let usual = variance.over(Secs(599)).unwrap().0 * U256::from(3);
    assert!(usual > units::WAD_ONE / U256::from(20) && usual < units::WAD_ONE / U256::from(10), "{usual}");
    // Three of its deviations are less than the jump, twenty are more.
    assert!(breaker.held_until(usd(2_300), &reference(), variance, now).is_some());
    let wider = Breaker { sigmas: 20, ..BREAKER };
    assert_eq!(wider.held_until(usd(2_300), &reference(), variance, now), None);
}

proptest! {
    #![proptest_config(config(500))]

    #[test]
    fn whoever_records_when_no_more_than_half_of_a_recorded_time_is_held(
        moves in prop::collection::vec((1_u64..400, any::<bool>(), 100_u64..9_000), 1..200),
    ) {
        // A feed that jumps as it likes, and somebody who records only when it pleases them. A second party records every
        // time a price is held, which is all it takes.
        let mut kept = reference();
        let (mut now, mut held_since_usable) = (START, 0_u64);
        for (pause, attacker_records, price) in moves {
            now += pause;
            match BREAKER.held_until(usd(price), &kept, CALM, Secs(now)) {
                Some(until) => {
                    prop_assert!(until.0 <= kept.at.0 + 1_200 || BREAKER.has_recorded(&kept, Secs(now)));
                    prop_assert!(until.0 <= now + 600, "a hold ends within one hold of now");
                    if !BREAKER.has_recorded(&kept, Secs(now)) {
                        // A new hold begins, so the old one and its rest are over.
                        prop_assert!(held_since_usable == 0 || now >= held_since_usable + 1_200);
                        held_since_usable = now;
                        kept.held_since = Secs(now);
                    }
                }
                None if attacker_records => kept = Reference { price_wad: usd(price), at: Secs(now), ..kept },
                None => {}
            }
        }
    }
}
