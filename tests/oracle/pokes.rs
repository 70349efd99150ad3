//! What a poke records and says: samples, states, and nothing that changes a usable price.

use alloy_primitives::U256;
use interface::IOracle;
use kernel::volatility::Volatility;
use support::{
    System,
    actors::{OPERATOR, OWNER, STRANGER},
    doubles::IScriptedFeed,
    system::{HEARTBEAT_SECS, event},
};
use units::{Secs, Wad};

use crate::scene::{add_breaker, add_second, n, poke, price_of, push_usd, recorded, report, usd};

support::scenarios! {
    both {
        a_poke_records_the_price_and_the_volatility_the_kernel_gives,
        a_change_of_state_is_recorded_once_with_its_evidence,
    }
    native {
        a_poke_is_for_anyone_and_needs_a_feed,
        poking_twice_in_a_second_records_once,
        poking_often_does_not_lower_the_volatility,
        a_poke_of_an_unusable_price_is_no_sample,
        a_range_of_volatilities_is_given_for_a_horizon,
        removing_a_feed_forgets_what_was_recorded,
        replacing_a_feed_forgets_what_was_recorded_and_setting_it_again_does_not,
    }
}

fn poke_call(system: &System) -> IOracle::pokeCall {
    IOracle::pokeCall { asset: system.at.weth.token }
}

fn a_poke_records_the_price_and_the_volatility_the_kernel_gives(system: &mut System) {
    let (oracle, asset) = (system.at.oracle, system.at.weth.token);
    let nothing = recorded(system);
    assert_eq!((nothing.priceWad, nothing.atSecs, nothing.fastVariance), (n(0), n(0), n(0)));
    poke(system);
    let first = IOracle::Sampled { asset, priceWad: usd(2_000), fastVariance: n(0), slowVariance: n(0) };
    assert_eq!(system.events(), [event(oracle, &first)]);

    let mut expected = Volatility::default();
    let mut before = 2_000;
    for (pause, dollars) in [(60, 2_020), (3_600, 1_900), (7, 1_900), (86_000, 2_500)] {
        system.wait(pause);
        let feed = system.at.weth.feed;
        push_usd(system, feed, dollars.try_into().unwrap());
        poke(system);
        expected = expected.after(Wad(usd(before)), Wad(usd(dollars)), Secs(pause)).unwrap();
        before = dollars;
        let kept = recorded(system);
        assert_eq!((kept.fastVariance, kept.slowVariance), (expected.fast.0, expected.slow.0));
        assert_eq!((kept.priceWad, kept.atSecs, kept.heldSinceSecs), (usd(dollars), system.now(), n(0)));
        let sampled = IOracle::Sampled {
            asset,
            priceWad: usd(dollars),
            fastVariance: expected.fast.0,
            slowVariance: expected.slow.0,
        };
        assert_eq!(system.events(), [event(oracle, &sampled)]);
    }
    assert!(expected.fast > expected.slow && !expected.slow.0.is_zero());
}

fn a_change_of_state_is_recorded_once_with_its_evidence(system: &mut System) {
    let (oracle, asset) = (system.at.oracle, system.at.weth.token);
    let second = add_second(system);
    poke(system);
    // So that the two sources have answered at two times, and the price has moved.
    system.wait(60);
    let feed = system.at.weth.feed;
    push_usd(system, feed, 2_010);
    poke(system);
    system.wait(60);
    push_usd(system, feed, 2_000);
    poke(system);
    let answered_at = system.now();
    assert!(recorded(system).fastVariance > U256::ZERO);
    system.wait(1);
    let changed = |from: u64, to: u64, status: u64, second_usd: u128, at: U256, fast: U256| IOracle::StateChanged {
        asset,
        previousState: n(from),
        newState: n(to),
        status: n(status),
        firstWad: usd(2_000),
        secondWad: usd(second_usd),
        updatedAtSecs: answered_at,
        secondUpdatedAtSecs: at,
        referenceWad: usd(2_000),
        fastVariance: fast,
    };
    // Normal, degraded, frozen, shut down; each is said by the first poke that sees it, and by no other.
    for (second_usd, from, to, status) in [(2_050, 0, 1, 15), (2_400, 1, 3, 16)] {
        push_usd(system, second, second_usd);
        let before = recorded(system);
        assert_eq!(before.state, n(from));
        assert_eq!(poke(system), (to, status));
        let said = changed(from, to, status, second_usd.try_into().unwrap(), system.now(), before.fastVariance);
        let after = recorded(system);
        let sampled = IOracle::Sampled {
            asset,
            priceWad: usd(2_000),
            fastVariance: after.fastVariance,
            slowVariance: after.slowVariance,
        };
        // Degraded, the breaker is what is left: its reference is recorded on. Frozen, there is nothing to record.
        match to {
            1 => assert_eq!(system.events(), [event(oracle, &sampled), event(oracle, &said)]),
            _ => assert_eq!(system.events(), [event(oracle, &said)]),
        }
        assert_eq!(recorded(system).state, n(to));
        assert_eq!(poke(system), (to, status));
        assert_eq!(system.events(), []);
    }
    system.must(OWNER, oracle, &IOracle::setStopCall { asset, level: n(2) });
    assert_eq!(poke(system), (4, 20));
    let kept = recorded(system);
    assert_eq!(system.events(), [event(oracle, &changed(3, 4, 20, 0, n(0), kept.fastVariance))]);
    assert_eq!(kept.priceWad, usd(2_000), "the last good price stays");
}

fn a_poke_is_for_anyone_and_needs_a_feed(system: &mut System) {
    let oracle = system.at.oracle;
    let answer = system.must(STRANGER, oracle, &poke_call(system));
    assert_eq!((answer.state, answer.status), (n(0), n(0)));
    let asset = alloy_primitives::Address::repeat_byte(0x77);
    system.refused(STRANGER, oracle, &IOracle::pokeCall { asset }, &IOracle::FeedNotSet { asset });
}

fn poking_twice_in_a_second_records_once(system: &mut System) {
    poke(system);
    let kept = recorded(system);
    let feed = system.at.weth.feed;
    push_usd(system, feed, 2_500);
    poke(system);
    assert_eq!(system.events(), []);
    assert_eq!(recorded(system), kept);
    // What moved within the second is in the next sample.
    system.wait(1);
    poke(system);
    assert!(recorded(system).fastVariance > U256::ZERO);
}

fn poking_often_does_not_lower_the_volatility(system: &mut System) {
    let mut often = System::native();
    let feed = system.at.weth.feed;
    for quiet in [&mut *system, &mut often] {
        poke(quiet);
        quiet.wait(600);
        push_usd(quiet, feed, 2_200);
        poke(quiet);
    }
    for _ in 0..600 {
        often.wait(1);
        poke(&mut often);
    }
    system.wait(600);
    poke(system);
    let (lazy, busy) = (recorded(system), recorded(&often));
    assert_eq!(lazy.atSecs, busy.atSecs);
    // Each of 600 fadings may be wrong by 3 of 10^27, and rounds up.
    let slack = |variance: U256| variance / U256::from(10).pow(U256::from(23));
    for (lazy, busy) in [(lazy.fastVariance, busy.fastVariance), (lazy.slowVariance, busy.slowVariance)] {
        assert!(busy.abs_diff(lazy) <= slack(lazy) + n(600), "{lazy} {busy}");
    }
}

fn a_poke_of_an_unusable_price_is_no_sample(system: &mut System) {
    poke(system);
    let kept = recorded(system);
    system.wait(HEARTBEAT_SECS + 1);
    assert_eq!(poke(system), (3, 10));
    let now = recorded(system);
    assert_eq!((now.priceWad, now.atSecs, now.fastVariance), (kept.priceWad, kept.atSecs, kept.fastVariance));
}

fn a_range_of_volatilities_is_given_for_a_horizon(system: &mut System) {
    let (oracle, asset) = (system.at.oracle, system.at.weth.token);
    poke(system);
    system.wait(3_600);
    let feed = system.at.weth.feed;
    push_usd(system, feed, 2_020);
    poke(system);
    let kept = recorded(system);
    let year = 31_536_000;
    let given = system.ask(oracle, &IOracle::volatilityCall { asset, horizonSecs: n(year) });
    let expected = |variance| kernel::volatility::Variance(variance).over(Secs(year)).unwrap().0;
    assert_eq!((given.fastWad, given.slowWad), (expected(kept.fastVariance), expected(kept.slowVariance)));
    // A log return of 0.00995 in an hour is 9.1% a year by the slow mean.
    let hundredths = (given.slowWad / n(100_000_000_000_000)).to::<u64>();
    assert_eq!(hundredths, 911);
    for horizon in [n(0), n(3_153_600_001)] {
        let error = IOracle::OutOfBounds {
            name: crate::settings::name("horizonSecs"),
            value: horizon,
            min: n(1),
            max: n(3_153_600_000),
        };
        system.ask_refused(oracle, &IOracle::volatilityCall { asset, horizonSecs: horizon }, &error);
    }
}

fn removing_a_feed_forgets_what_was_recorded(system: &mut System) {
    let at = system.at;
    poke(system);
    system.wait(60);
    let feed = at.weth.feed;
    push_usd(system, feed, 2_200);
    poke(system);
    let set = |aggregator| IOracle::setFeedCall { asset: at.weth.token, aggregator, heartbeatSecs: n(HEARTBEAT_SECS) };
    system.must(OWNER, at.oracle, &set(alloy_primitives::Address::ZERO));
    let kept = recorded(system);
    assert_eq!((kept.priceWad, kept.atSecs, kept.fastVariance, kept.slowVariance), (n(0), n(0), n(0), n(0)));
    system.must(OWNER, at.oracle, &set(feed));
    assert_eq!((price_of(system), report(system).state), (usd(2_200), n(0)));
}

fn replacing_a_feed_forgets_what_was_recorded_and_setting_it_again_does_not(system: &mut System) {
    let (oracle, asset, first) = (system.at.oracle, system.at.weth.token, system.at.weth.feed);
    add_breaker(system);
    let set = |aggregator| IOracle::setFeedCall { asset, aggregator, heartbeatSecs: n(HEARTBEAT_SECS) };
    let sample_two = |system: &mut System, feed, dollars| {
        poke(system);
        system.wait(crate::scene::HOLD_SECS / 2);
        push_usd(system, feed, dollars);
        poke(system);
        assert!(recorded(system).fastVariance > U256::ZERO);
    };
    let nothing = |system: &System| {
        let kept = recorded(system);
        assert_eq!((kept.priceWad, kept.atSecs, kept.heldSinceSecs), (n(0), n(0), n(0)));
        assert_eq!((kept.fastVariance, kept.slowVariance), (n(0), n(0)));
    };
    sample_two(system, first, 2_050);
    // Another heartbeat for the same feed changes nothing of what it said.
    let kept = recorded(system);
    system.must(OWNER, oracle, &IOracle::setFeedCall { heartbeatSecs: n(HEARTBEAT_SECS - 1), ..set(first) });
    assert_eq!(recorded(system), kept);
    // Another feed, for a token that stands for a hundredth of the old one: no jump is seen and no volatility recorded.
    let other = system.world.deploy_feed(8);
    push_usd(system, other, 20);
    system.must(OWNER, oracle, &set(other));
    nothing(system);
    assert_eq!(poke(system), (0, 0));
    system.wait(1);
    assert_eq!((poke(system), recorded(system).fastVariance), ((0, 0), n(0)));
    // The same feed in other units.
    sample_two(system, other, 21);
    system.must(OPERATOR, other, &IScriptedFeed::setDecimalsCall { decimals: 6 });
    system.must(OWNER, oracle, &set(other));
    nothing(system);
}
