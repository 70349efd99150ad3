//! When a vault need not be asked for.

use super::*;

fn prices(first: u64, second: u64) -> [U256; 2] {
    [U256::from(first), U256::from(second)]
}

fn health(percent: u64) -> U256 {
    U256::from(percent).checked_mul(U256::from(10_000_000_000_000_000_u64)).unwrap()
}

fn seen(health_wad: U256) -> Watch {
    let mut watch = Watch::default();
    let seen = Seen { health_wad, prices_raw: prices(200, 8_000), at_secs: 1_000 };
    watch.seen.insert(1, seen);
    watch
}

#[test]
fn a_vault_is_asked_for_when_the_worst_of_its_prices_may_have_made_it_unsafe() {
    let watch = seen(health(204));
    let may_be = |now| watch.may_be_below(CLOSE_WAD, 1, now, 2_000);
    // Half of 2.04 is 1.02, which is not below it.
    assert!(!may_be(prices(100, 8_000)));
    assert!(may_be(prices(99, 8_000)));
    assert!(may_be(prices(400, 3_999)));
    assert!(!may_be(prices(400, 4_000)));
}

#[test]
fn a_rise_does_not_hide_what_was_close_already() {
    assert!(seen(health(101)).may_be_below(CLOSE_WAD, 1, prices(400, 16_000), 2_000));
}

#[test]
fn a_vault_without_debt_is_never_close() {
    assert!(!seen(U256::MAX).may_be_below(CLOSE_WAD, 1, prices(400, 8_000), 2_000));
    assert!(!seen(U256::MAX).may_be_below(CLOSE_WAD, 1, prices(1, 8_000), 2_000));
}

#[test]
fn a_vault_is_asked_for_once_a_day_and_after_every_change() {
    let mut watch = seen(health(300));
    let may_be = |watch: &Watch, now_secs| watch.may_be_below(CLOSE_WAD, 1, prices(200, 8_000), now_secs);
    assert!(!may_be(&watch, 1_000 + ASK_AGAIN_SECS - 1));
    assert!(may_be(&watch, 1_000 + ASK_AGAIN_SECS));
    assert!(watch.may_be_below(CLOSE_WAD, 2, prices(200, 8_000), 1_000), "another vault");
    watch.forget();
    assert!(may_be(&watch, 1_000));
}
