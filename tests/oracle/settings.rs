//! What the owner sets beyond a feed: kept, said, bounded, for the owner only; and the guardian, who may only freeze.

use alloy_primitives::{Address, B256, U256};
use interface::{IOracle, IShared};
use support::{
    System,
    actors::{ALICE, BOB, OWNER, STRANGER},
    system::{HEARTBEAT_SECS, event},
};

use crate::scene::{RATE, add_breaker, add_rate, add_second, guard, n, price_of, report, set_rate, set_second, usd};

support::scenarios! {
    both {
        every_setting_is_kept_said_and_switched_off_again,
        the_guardian_may_freeze_and_nothing_else,
    }
    native {
        every_setting_has_bounds,
        every_setting_is_for_the_owner_and_needs_a_feed,
        two_readings_of_one_feed_are_refused,
        a_feed_is_replaced_with_its_settings_and_removed_with_them,
        what_was_shut_down_is_released_by_nobody,
    }
}

/// The name of a parameter as `OutOfBounds` carries it.
pub(crate) fn name(text: &str) -> B256 {
    let mut word = B256::ZERO;
    word[..text.len()].copy_from_slice(text.as_bytes());
    word
}

fn settings(system: &System) -> IOracle::Settings {
    system.ask(system.at.oracle, &IOracle::settingsCall { asset: system.at.weth.token })
}

fn nothing_set() -> IOracle::Settings {
    IOracle::Settings {
        minWad: U256::ZERO,
        maxWad: U256::ZERO,
        second: Address::ZERO,
        secondHeartbeatSecs: U256::ZERO,
        secondDecimals: U256::ZERO,
        softBps: U256::ZERO,
        hardBps: U256::ZERO,
        jumpBps: U256::ZERO,
        sigmas: U256::ZERO,
        holdSecs: U256::ZERO,
        rateFeed: Address::ZERO,
        rateHeartbeatSecs: U256::ZERO,
        rateDecimals: U256::ZERO,
        snapshotRateWad: U256::ZERO,
        snapshotAtSecs: U256::ZERO,
        growthBps: U256::ZERO,
        stop: U256::ZERO,
    }
}

fn every_setting_is_kept_said_and_switched_off_again(system: &mut System) {
    let (oracle, asset, zero) = (system.at.oracle, system.at.weth.token, U256::ZERO);
    assert_eq!(settings(system), nothing_set());

    system.must(OWNER, oracle, &IOracle::setBandCall { asset, minWad: usd(1), maxWad: usd(9_000) });
    assert_eq!(system.events(), [event(oracle, &IOracle::BandSet { asset, minWad: usd(1), maxWad: usd(9_000) })]);
    let banded = IOracle::Settings { minWad: usd(1), maxWad: usd(9_000), ..nothing_set() };
    assert_eq!(settings(system), banded);

    let second = add_second(system);
    let said = IOracle::SecondSet {
        asset,
        aggregator: second,
        heartbeatSecs: n(HEARTBEAT_SECS),
        decimals: n(8),
        softBps: n(100),
        hardBps: n(500),
    };
    assert_eq!(system.events(), [event(oracle, &said)]);
    let compared = IOracle::Settings {
        second,
        secondHeartbeatSecs: n(HEARTBEAT_SECS),
        secondDecimals: n(8),
        softBps: n(100),
        hardBps: n(500),
        ..banded
    };
    assert_eq!(settings(system), compared);

    let breaker = IOracle::setBreakerCall { asset, jumpBps: n(1_500), sigmas: n(6), holdSecs: n(900) };
    system.must(OWNER, oracle, &breaker);
    let said = IOracle::BreakerSet { asset, jumpBps: n(1_500), sigmas: n(6), holdSecs: n(900) };
    assert_eq!(system.events(), [event(oracle, &said)]);
    let braked = IOracle::Settings { jumpBps: n(1_500), sigmas: n(6), holdSecs: n(900), ..compared.clone() };
    assert_eq!(settings(system), braked);

    let rate = add_rate(system);
    let set = set_rate(system, rate);
    let said = IOracle::RateSet {
        asset,
        rateFeed: rate,
        heartbeatSecs: n(HEARTBEAT_SECS),
        decimals: n(18),
        snapshotRateWad: U256::from(RATE),
        snapshotAtSecs: set.snapshotAtSecs,
        growthBps: n(1_000),
    };
    assert_eq!(system.events(), [event(oracle, &said)]);
    let all = IOracle::Settings {
        rateFeed: rate,
        rateHeartbeatSecs: n(HEARTBEAT_SECS),
        rateDecimals: n(18),
        snapshotRateWad: U256::from(RATE),
        snapshotAtSecs: set.snapshotAtSecs,
        growthBps: n(1_000),
        ..braked.clone()
    };
    assert_eq!(settings(system), all);

    // Off again, the last first; what is off is zero and asks nothing.
    system.must(OWNER, oracle, &IOracle::setRateCall { rateFeed: Address::ZERO, ..set });
    let said = IOracle::RateSet {
        asset,
        rateFeed: Address::ZERO,
        heartbeatSecs: zero,
        decimals: zero,
        snapshotRateWad: zero,
        snapshotAtSecs: zero,
        growthBps: zero,
    };
    assert_eq!(system.events(), [event(oracle, &said)]);
    assert_eq!(settings(system), braked);
    system.must(OWNER, oracle, &IOracle::setBreakerCall { asset, jumpBps: zero, sigmas: zero, holdSecs: zero });
    let said = IOracle::BreakerSet { asset, jumpBps: zero, sigmas: zero, holdSecs: zero };
    assert_eq!(system.events(), [event(oracle, &said)]);
    assert_eq!(settings(system), compared);
    // Whatever else is given with no second source is not kept and not said.
    system.must(OWNER, oracle, &set_second(asset, Address::ZERO));
    let said = IOracle::SecondSet {
        asset,
        aggregator: Address::ZERO,
        heartbeatSecs: zero,
        decimals: zero,
        softBps: zero,
        hardBps: zero,
    };
    assert_eq!(system.events(), [event(oracle, &said)]);
    assert_eq!(settings(system), banded);
    system.must(OWNER, oracle, &IOracle::setBandCall { asset, minWad: zero, maxWad: zero });
    assert_eq!(system.events(), [event(oracle, &IOracle::BandSet { asset, minWad: zero, maxWad: zero })]);
    assert_eq!(settings(system), nothing_set());
    assert_eq!(price_of(system), usd(2_000));
}

fn every_setting_has_bounds(system: &mut System) {
    let (oracle, asset) = (system.at.oracle, system.at.weth.token);
    let feed = system.world.deploy_feed(18);
    crate::scene::push(system, feed, RATE);
    let outside = |text, value, min, max| IOracle::OutOfBounds { name: name(text), value, min, max };
    let greatest = usd(1_000_000_000_000_000_000);

    let band = |min: U256, max: U256| IOracle::setBandCall { asset, minWad: min, maxWad: max };
    system.refused(OWNER, oracle, &band(n(6), n(5)), &outside("minWad", n(6), n(1), n(5)));
    system.refused(OWNER, oracle, &band(n(6), greatest + n(1)), &outside("maxWad", greatest + n(1), n(1), greatest));
    let second = |soft, hard| IOracle::setSecondCall { softBps: n(soft), hardBps: n(hard), ..set_second(asset, feed) };
    system.refused(OWNER, oracle, &second(501, 500), &outside("softBps", n(501), n(1), n(500)));
    system.refused(OWNER, oracle, &second(5, 10_001), &outside("hardBps", n(10_001), n(1), n(10_000)));
    let heartbeat = IOracle::setSecondCall { heartbeatSecs: n(59), ..set_second(asset, feed) };
    let refusal = IOracle::HeartbeatOutOfBounds { heartbeatSecs: n(59), minSecs: n(60), maxSecs: n(172_800) };
    system.refused(OWNER, oracle, &heartbeat, &refusal);
    let breaker =
        |jump, sigmas, hold| IOracle::setBreakerCall { asset, jumpBps: n(jump), sigmas: n(sigmas), holdSecs: n(hold) };
    system.refused(OWNER, oracle, &breaker(99, 0, 60), &outside("jumpBps", n(99), n(100), n(5_000)));
    system.refused(OWNER, oracle, &breaker(100, 21, 60), &outside("sigmas", n(21), n(0), n(20)));
    system.refused(OWNER, oracle, &breaker(100, 0, 3_601), &outside("holdSecs", n(3_601), n(60), n(3_600)));
    let now = system.world.time_secs();
    let rate = set_rate(system, feed);
    let (oldest, youngest) = (n(now - 15_552_000), n(now - 604_800));
    let fresh = IOracle::setRateCall { snapshotAtSecs: n(now), ..rate.clone() };
    system.refused(OWNER, oracle, &fresh, &outside("snapshotAtSecs", n(now), oldest, youngest));
    let (least, most) = (n(1_000_000_000_000_000), usd(1_000_000));
    for snapshot in [least - n(1), most + n(1)] {
        let far = IOracle::setRateCall { snapshotRateWad: snapshot, ..rate.clone() };
        system.refused(OWNER, oracle, &far, &outside("snapshotRateWad", snapshot, least, most));
    }
    let fast = IOracle::setRateCall { growthBps: n(5_001), ..rate };
    system.refused(OWNER, oracle, &fast, &outside("growthBps", n(5_001), n(0), n(5_000)));
    let level = IOracle::setStopCall { asset, level: n(3) };
    system.refused(OWNER, oracle, &level, &outside("level", n(3), n(0), n(2)));
}

fn every_setting_is_for_the_owner_and_needs_a_feed(system: &mut System) {
    let oracle = system.at.oracle;
    let (known, unknown) = (system.at.weth.token, Address::repeat_byte(0x77));
    let feed = system.at.wbtc.feed;
    macro_rules! each {
        ($($call:expr),*) => {$(
            let call = |asset: Address| $call(asset);
            let refusal = IShared::NotOwner { caller: STRANGER, owner: OWNER };
            system.refused(STRANGER, oracle, &call(known), &refusal);
            system.refused(OWNER, oracle, &call(unknown), &IOracle::FeedNotSet { asset: unknown });
        )*};
    }
    let rate = set_rate(system, feed);
    each!(
        |asset| IOracle::setBandCall { asset, minWad: n(1), maxWad: n(2) },
        |asset| set_second(asset, feed),
        |asset| IOracle::setBreakerCall { asset, jumpBps: n(1_000), sigmas: n(0), holdSecs: n(60) },
        |asset| IOracle::setRateCall { asset, ..rate.clone() },
        |asset| IOracle::setStopCall { asset, level: n(1) }
    );
    let refusal = IShared::NotOwner { caller: STRANGER, owner: OWNER };
    system.refused(STRANGER, oracle, &IOracle::setGuardianCall { newGuardian: STRANGER }, &refusal);
}

fn two_readings_of_one_feed_are_refused(system: &mut System) {
    let (oracle, asset, aggregator) = (system.at.oracle, system.at.weth.token, system.at.weth.feed);
    let same = IOracle::SameFeed { asset, aggregator };
    system.refused(OWNER, oracle, &set_second(asset, aggregator), &same);
    let rate = set_rate(system, aggregator);
    system.refused(OWNER, oracle, &rate, &same);
    let second = add_second(system);
    let swap = IOracle::setFeedCall { asset, aggregator: second, heartbeatSecs: n(60) };
    system.refused(OWNER, oracle, &swap, &IOracle::SameFeed { asset, aggregator: second });
}

fn a_feed_is_replaced_with_its_settings_and_removed_with_them(system: &mut System) {
    let (oracle, asset, first) = (system.at.oracle, system.at.weth.token, system.at.weth.feed);
    guard(system);
    let all = settings(system);
    let set = |aggregator| IOracle::setFeedCall { asset, aggregator, heartbeatSecs: n(HEARTBEAT_SECS) };
    let other = system.world.deploy_feed(8);
    system.must(OWNER, oracle, &set(other));
    assert_eq!(settings(system), all);
    system.must(OWNER, oracle, &set(Address::ZERO));
    assert_eq!(settings(system), nothing_set());
    system.must(OWNER, oracle, &set(first));
    assert_eq!((settings(system), price_of(system)), (nothing_set(), usd(2_000)));
    add_breaker(system);
    assert_eq!(settings(system).holdSecs, n(600));
}

fn the_guardian_may_freeze_and_nothing_else(system: &mut System) {
    let (oracle, asset) = (system.at.oracle, system.at.weth.token);
    let stop = |level| IOracle::setStopCall { asset, level: n(level) };
    let not_owner = |caller| IShared::NotOwner { caller, owner: OWNER };
    system.refused(ALICE, oracle, &stop(1), &not_owner(ALICE));
    system.must(OWNER, oracle, &IOracle::setGuardianCall { newGuardian: ALICE });
    let named = IOracle::GuardianSet { previousGuardian: Address::ZERO, newGuardian: ALICE };
    assert_eq!(system.events(), [event(oracle, &named)]);
    assert_eq!(system.ask(oracle, &IOracle::guardianCall {}), ALICE);

    system.refused(ALICE, oracle, &stop(2), &not_owner(ALICE));
    system.refused(ALICE, oracle, &stop(0), &not_owner(ALICE));
    system.must(ALICE, oracle, &stop(1));
    let frozen = IOracle::StopSet { asset, by: ALICE, previousLevel: n(0), newLevel: n(1) };
    assert_eq!(system.events(), [event(oracle, &frozen)]);
    let price = IOracle::priceCall { asset };
    system.ask_refused(oracle, &price, &IOracle::AssetFrozen { asset });
    assert_eq!((settings(system).stop, report(system).state), (n(1), n(3)));
    system.refused(ALICE, oracle, &stop(0), &not_owner(ALICE));
    // Other assets go on.
    assert_eq!(system.ask(oracle, &IOracle::priceCall { asset: system.at.wbtc.token }), usd(40_000));

    system.must(OWNER, oracle, &stop(0));
    let released = IOracle::StopSet { asset, by: OWNER, previousLevel: n(1), newLevel: n(0) };
    assert_eq!(system.events(), [event(oracle, &released)]);
    assert_eq!(price_of(system), usd(2_000));
    // Another guardian, and the old one is none.
    system.must(OWNER, oracle, &IOracle::setGuardianCall { newGuardian: BOB });
    system.refused(ALICE, oracle, &stop(1), &not_owner(ALICE));
    system.must(BOB, oracle, &stop(1));
}

fn what_was_shut_down_is_released_by_nobody(system: &mut System) {
    let (oracle, asset) = (system.at.oracle, system.at.weth.token);
    let stop = |level| IOracle::setStopCall { asset, level: n(level) };
    system.must(OWNER, oracle, &stop(2));
    for level in [0, 1, 2] {
        system.refused(OWNER, oracle, &stop(level), &IOracle::AssetShutDown { asset });
    }
    // A new feed does not release it; a new listing, from nothing, does.
    let set = |aggregator| IOracle::setFeedCall { asset, aggregator, heartbeatSecs: n(HEARTBEAT_SECS) };
    let feed = system.at.weth.feed;
    system.must(OWNER, oracle, &set(feed));
    system.ask_refused(oracle, &IOracle::priceCall { asset }, &IOracle::AssetShutDown { asset });
    system.must(OWNER, oracle, &set(Address::ZERO));
    system.must(OWNER, oracle, &set(feed));
    assert_eq!(price_of(system), usd(2_000));
}
