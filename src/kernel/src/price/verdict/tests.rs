//! Every combination of what two sources can say, each row of the table in the module's head.

use super::*;
use units::{Bps, U256};

const LIMITS: Limits = Limits { soft: Bps(100), hard: Bps(500) };

fn reading(price: u64, status: Status) -> Reading {
    Reading { price_wad: Wad(U256::from(price)), updated_at_secs: U256::ONE, status }
}

fn range(low: u64, high: u64) -> Option<Range> {
    Some(Range { low_wad: Wad(U256::from(low)), high_wad: Wad(U256::from(high)) })
}

fn calm(_: Wad) -> Option<Secs> {
    None
}

fn jumped(_: Wad) -> Option<Secs> {
    Some(Secs(77))
}

/// Status, range and state without a jump, and with one.
fn both(first: &Reading, second: Option<&Reading>) -> [(Status, Option<Range>, State); 2] {
    let second = second.map(|second| (second, LIMITS));
    [judge(first, second, calm), judge(first, second, jumped)]
        .map(|verdict| (verdict.status, verdict.range, verdict.state()))
}

#[test]
fn a_single_source_is_used_unless_it_jumped() {
    let first = reading(1_000, Status::Usable);
    let expected = [(Status::Usable, range(1_000, 1_000), State::Normal), (Status::JumpHeld, None, State::Held)];
    assert_eq!(both(&first, None), expected);
    let held = Held { price_wad: first.price_wad, until: Secs(77) };
    assert_eq!(judge(&first, None, jumped).held, Some(held));
}

#[test]
fn any_status_of_a_single_source_refuses_and_freezes() {
    for status in Status::ALL.into_iter().filter(|status| !status.is_usable() && *status != Status::ShutDown) {
        assert_eq!(both(&reading(1_000, status), None), [(status, None, State::Frozen); 2]);
    }
    let shut = Verdict::refused(Status::ShutDown);
    assert_eq!((shut.state(), shut.range), (State::ShutDown, None));
}

#[test]
fn two_sources_that_agree_give_the_first_even_after_a_jump() {
    let first = reading(1_000, Status::Usable);
    for other in [991, 1_000, 1_010] {
        let other = reading(other, Status::Usable);
        assert_eq!(both(&first, Some(&other)), [(Status::Usable, range(1_000, 1_000), State::Normal); 2]);
    }
}

#[test]
fn two_sources_that_differ_give_both_prices_unless_the_first_jumped() {
    let first = reading(1_000, Status::Usable);
    for (other, low, high) in [(1_011, 1_000, 1_011), (1_050, 1_000, 1_050), (960, 960, 1_000)] {
        let other = reading(other, Status::Usable);
        let expected =
            [(Status::SourcesDiffer, range(low, high), State::Degraded), (Status::SourcesDiffer, None, State::Held)];
        assert_eq!(both(&first, Some(&other)), expected);
    }
}

#[test]
fn two_sources_that_disagree_give_nothing() {
    let first = reading(1_000, Status::Usable);
    for other in [1_051, 500] {
        let other = reading(other, Status::Usable);
        assert_eq!(both(&first, Some(&other)), [(Status::SourcesDisagree, None, State::Frozen); 2]);
    }
}

#[test]
fn a_failed_source_degrades_and_two_failed_ones_freeze() {
    let (usable, other) = (reading(1_000, Status::Usable), reading(800, Status::Usable));
    for status in Status::ALL.into_iter().filter(|status| !status.is_usable()) {
        let failed = reading(5, status);
        let expected = [
            (Status::SecondUnusable, range(1_000, 1_000), State::Degraded),
            (Status::SecondUnusable, None, State::Held),
        ];
        assert_eq!(both(&usable, Some(&failed)), expected);
        if status != Status::ShutDown {
            assert_eq!(
                both(&failed, Some(&other)),
                [(status, range(800, 800), State::Degraded), (status, None, State::Held)]
            );
            let held = Held { price_wad: other.price_wad, until: Secs(77) };
            assert_eq!(judge(&failed, Some((&other, LIMITS)), jumped).held, Some(held), "the price that jumped");
            assert_eq!(both(&failed, Some(&failed)), [(status, None, State::Frozen); 2]);
        }
    }
}

#[test]
fn states_have_the_numbers_of_the_interface() {
    let all = [State::Normal, State::Degraded, State::Held, State::Frozen, State::ShutDown];
    for (number, state) in all.into_iter().enumerate() {
        assert_eq!(usize::from(state.number()), number);
    }
}
