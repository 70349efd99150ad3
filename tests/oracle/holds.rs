//! The breaker: when a jump is held, when it is released, and that nobody can make it last.

use alloy_primitives::U256;
use interface::IOracle;
use kernel::{
    breaker::{Breaker, Reference},
    volatility::Variance,
};
use support::{
    System,
    actors::{OPERATOR, OWNER, STRANGER},
    doubles::IScriptedFeed::Behaviour,
    system::event,
};
use units::{Bps, Secs, Wad};

use crate::scene::{HOLD_SECS, add_breaker, add_second, behave, n, poke, price_of, push_usd, recorded, report, usd};

support::scenarios! {
    both {
        a_recorded_jump_is_held_for_one_hold_and_released_by_itself,
    }
    native {
        a_jump_nobody_records_is_released_when_its_reference_is_a_hold_old,
        without_a_poke_there_is_no_reference_and_no_hold,
        poking_a_held_price_again_prolongs_nothing,
        a_price_that_comes_back_is_given_at_once,
        a_jump_of_the_second_source_is_recorded_with_its_price_where_the_first_is_unusable,
        a_second_source_that_agrees_releases_a_jump,
        a_price_that_keeps_jumping_is_given_at_least_half_of_the_time,
        small_steps_that_are_recorded_are_a_jump_together,
        a_reference_is_replaced_after_half_a_hold,
        the_breaker_goes_on_while_sources_fail_or_differ,
        a_move_that_is_usual_for_the_fast_volatility_is_no_jump,
    }
}

fn held(system: &System, price: u128, until: u64) {
    let error = IOracle::JumpHeld {
        asset: system.at.weth.token,
        referenceWad: usd(2_000),
        priceWad: usd(price),
        untilSecs: n(until),
    };
    system.ask_refused(system.at.oracle, &IOracle::priceCall { asset: system.at.weth.token }, &error);
}

fn jump_to(system: &mut System, dollars: i128) {
    let feed = system.at.weth.feed;
    push_usd(system, feed, dollars);
}

fn a_recorded_jump_is_held_for_one_hold_and_released_by_itself(system: &mut System) {
    add_breaker(system);
    assert_eq!(poke(system), (0, 0));
    system.wait(400);
    jump_to(system, 1_700);
    let asset = system.at.weth.token;
    let now = system.world.time_secs();
    held(system, 1_700, now + 200);
    let answer = system.must(STRANGER, system.at.oracle, &IOracle::pokeCall { asset });
    assert_eq!((answer.state, answer.status), (n(2), n(17)));
    let jump =
        IOracle::JumpRecorded { asset, referenceWad: usd(2_000), priceWad: usd(1_700), untilSecs: n(now + HOLD_SECS) };
    let changed = IOracle::StateChanged {
        asset,
        previousState: n(0),
        newState: n(2),
        status: n(17),
        firstWad: usd(1_700),
        secondWad: n(0),
        updatedAtSecs: n(now),
        secondUpdatedAtSecs: n(0),
        referenceWad: usd(2_000),
        fastVariance: n(0),
    };
    let oracle = system.at.oracle;
    assert_eq!(system.events(), [event(oracle, &jump), event(oracle, &changed)]);
    held(system, 1_700, now + HOLD_SECS);
    assert_eq!(report(system).heldUntilSecs, n(now + HOLD_SECS));
    system.wait(HOLD_SECS - 1);
    held(system, 1_700, now + HOLD_SECS);
    system.wait(1);
    assert_eq!(price_of(system), usd(1_700));
    assert_eq!(poke(system), (0, 0));
    assert_eq!(recorded(system).priceWad, usd(1_700));
}

fn a_jump_nobody_records_is_released_when_its_reference_is_a_hold_old(system: &mut System) {
    add_breaker(system);
    poke(system);
    let reference_at = system.world.time_secs();
    jump_to(system, 2_300);
    held(system, 2_300, reference_at + HOLD_SECS);
    system.wait(HOLD_SECS - 1);
    held(system, 2_300, reference_at + HOLD_SECS);
    system.wait(1);
    assert_eq!(price_of(system), usd(2_300));
}

fn without_a_poke_there_is_no_reference_and_no_hold(system: &mut System) {
    add_breaker(system);
    jump_to(system, 20);
    assert_eq!(price_of(system), usd(20));
}

fn poking_a_held_price_again_prolongs_nothing(system: &mut System) {
    add_breaker(system);
    poke(system);
    jump_to(system, 1_700);
    poke(system);
    let until = system.world.time_secs() + HOLD_SECS;
    for _ in 0..HOLD_SECS / 60 - 1 {
        system.wait(60);
        assert_eq!(poke(system), (2, 17));
        assert_eq!(system.events(), [], "nothing new is recorded");
        held(system, 1_700, until);
    }
    system.wait(60);
    assert_eq!(price_of(system), usd(1_700));
}

fn a_price_that_comes_back_is_given_at_once(system: &mut System) {
    add_breaker(system);
    poke(system);
    jump_to(system, 1_700);
    poke(system);
    system.wait(10);
    jump_to(system, 1_950);
    assert_eq!(price_of(system), usd(1_950));
    assert_eq!(poke(system), (0, 0));
}

fn a_jump_of_the_second_source_is_recorded_with_its_price_where_the_first_is_unusable(system: &mut System) {
    let (oracle, asset, feed) = (system.at.oracle, system.at.weth.token, system.at.weth.feed);
    add_breaker(system);
    let second = add_second(system);
    poke(system);
    behave(system, feed, Behaviour::Revert);
    push_usd(system, second, 1_700);
    let now = system.world.time_secs();
    assert_eq!(poke(system), (2, 6));
    let jump =
        IOracle::JumpRecorded { asset, referenceWad: usd(2_000), priceWad: usd(1_700), untilSecs: n(now + HOLD_SECS) };
    assert!(system.events().contains(&event(oracle, &jump)));
    assert_eq!(report(system).heldUntilSecs, n(now + HOLD_SECS));
}

fn a_second_source_that_agrees_releases_a_jump(system: &mut System) {
    add_breaker(system);
    poke(system);
    jump_to(system, 1_700);
    assert_eq!(report(system).state, n(2));
    let second = add_second(system);
    push_usd(system, second, 1_705);
    assert_eq!(price_of(system), usd(1_700));
    // One that does not agree releases nothing.
    push_usd(system, second, 1_750);
    assert_eq!((report(system).state, report(system).status), (n(2), n(15)));
}

fn a_price_that_keeps_jumping_is_given_at_least_half_of_the_time(system: &mut System) {
    add_breaker(system);
    poke(system);
    // The worst feed there can be: it jumps every minute, to and fro, and somebody pokes every time.
    let (mut given, mut asked, mut longest, mut running) = (0, 0, 0, 0);
    for minute in 0..600 {
        jump_to(system, if minute % 2 == 0 { 1_500 } else { 2_000 });
        system.wait(60);
        let (state, _) = poke(system);
        asked += 1;
        if state == 0 {
            given += 1;
            running = 0;
        } else {
            running += 1;
            longest = longest.max(running);
        }
    }
    assert!(given * 2 >= asked, "{given} of {asked}");
    assert!(longest * 60 <= 2 * HOLD_SECS, "held for {longest} minutes");
}

/// Whoever records every small step of a fall does not keep the breaker from seeing it.
fn small_steps_that_are_recorded_are_a_jump_together(system: &mut System) {
    add_breaker(system);
    poke(system);
    let (before, asset) = (recorded(system), system.at.weth.token);
    let mut states = Vec::new();
    for dollars in [1_900, 1_810, 1_720, 1_640] {
        system.wait(10);
        jump_to(system, dollars);
        let answer = system.must(OPERATOR, system.at.oracle, &IOracle::pokeCall { asset });
        states.push(answer.state.to::<u64>());
    }
    assert_eq!(states, [0, 0, 2, 2], "more than 10% below 2,000 from the third on");
    assert_eq!((recorded(system).priceWad, recorded(system).atSecs), (before.priceWad, before.atSecs));
}

/// Half a hold after the last record the next one is made, and not a second before.
fn a_reference_is_replaced_after_half_a_hold(system: &mut System) {
    add_breaker(system);
    poke(system);
    let began = recorded(system);
    jump_to(system, 1_950);
    system.wait(HOLD_SECS / 2 - 1);
    poke(system);
    assert_eq!(recorded(system), began);
    system.wait(1);
    poke(system);
    assert_eq!(recorded(system).priceWad, usd(1_950));
    assert_eq!(recorded(system).atSecs, began.atSecs + n(HOLD_SECS / 2));
}

/// Where the second source fails, or differs, the breaker is what is left: its reference is recorded on, and a jump is held however
/// long that lasts.
fn the_breaker_goes_on_while_sources_fail_or_differ(system: &mut System) {
    add_breaker(system);
    let second = add_second(system);
    push_usd(system, second, 2_000);
    poke(system);
    for minute in 0..30 {
        match minute {
            0 => behave(system, second, Behaviour::Revert),
            10 => behave(system, second, Behaviour::Answer),
            20 => behave(system, system.at.weth.feed, Behaviour::Revert),
            _ => {}
        }
        system.wait(60);
        if minute < 20 {
            jump_to(system, 2_000);
        }
        if minute >= 10 {
            push_usd(system, second, 2_030);
        }
        let (state, _) = poke(system);
        assert_eq!(state, 1, "minute {minute}: degraded");
        let age = n(system.world.time_secs()) - recorded(system).atSecs;
        assert!(age < n(HOLD_SECS / 2 + 60), "minute {minute}: a record of {age} s ago");
    }
    push_usd(system, second, 1_000);
    assert_eq!((report(system).state, poke(system).0), (n(2), 2), "and the second's jump is held");
}

fn a_move_that_is_usual_for_the_fast_volatility_is_no_jump(system: &mut System) {
    let (oracle, asset) = (system.at.oracle, system.at.weth.token);
    poke(system);
    // An hour of moves by 9%, each minute one.
    for minute in 0..60 {
        system.wait(60);
        jump_to(system, if minute % 2 == 0 { 2_180 } else { 2_000 });
        poke(system);
    }
    system.wait(60);
    jump_to(system, 2_300);
    let kept = recorded(system);
    let reference = Reference {
        price_wad: Wad(kept.priceWad),
        at: Secs(kept.atSecs.to()),
        held_since: Secs(kept.heldSinceSecs.to()),
    };
    let now = Secs(system.world.time_secs());
    let held_by = |sigmas, variance: U256| {
        let breaker = Breaker { jump: Bps(1_000), sigmas, hold: Secs(HOLD_SECS) };
        let until = breaker.held_until(Wad(usd(2_300)), &reference, Variance(variance), now);
        until.unwrap_or_default().0
    };
    let (mut held, mut told_apart) = (Vec::new(), false);
    for sigmas in 0..=20 {
        let set = IOracle::setBreakerCall { asset, jumpBps: n(1_000), sigmas: n(sigmas), holdSecs: n(HOLD_SECS) };
        system.must(OWNER, oracle, &set);
        let until = held_by(sigmas, kept.fastVariance);
        assert_eq!(report(system).heldUntilSecs, n(until), "{sigmas} standard deviations");
        held.push(until != 0);
        told_apart |= until != held_by(sigmas, kept.slowVariance);
    }
    assert!(held[0] && held.is_sorted_by(|one, next| one >= next), "more allowance holds less: {held:?}");
    assert!(!held[20] && told_apart, "it is the fast mean that counts");
    assert_eq!(price_of(system), usd(2_300));
}
