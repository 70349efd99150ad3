//! Band, decimals, second source and rate on their edges, and what they show when they refuse.

use alloy_primitives::{Address, U256};
use interface::IOracle;
use support::{
    System,
    actors::{OPERATOR, OWNER},
    doubles::IScriptedFeed::{self, Behaviour},
    system::{FEED_DOLLAR, HEARTBEAT_SECS, WAD},
};

use crate::scene::{
    SNAPSHOT_AGE_SECS, add_rate, add_second, behave, n, price_of, push, push_usd, report, set_round, usd,
};

support::scenarios! {
    both {
        a_band_lets_its_own_ends_through,
        a_second_source_agrees_up_to_the_soft_limit_and_may_start_sales_up_to_the_hard_one,
        a_rate_multiplies_the_price_and_is_cut_to_the_line,
    }
    native {
        decimals_that_change_are_refused_until_they_change_back,
        a_feed_that_does_not_tell_its_decimals_any_more_is_refused,
        with_phases_the_decimals_are_asked_only_after_a_change_of_phase,
        the_band_holds_for_the_second_source_too,
        the_second_source_has_its_own_heartbeat_and_decimals,
        a_rate_that_falls_is_taken_as_it_is,
        a_rate_makes_the_price_as_old_as_the_older_of_the_two,
        a_rate_that_leads_out_of_the_range_of_prices_is_refused,
        what_is_shown_with_a_refusal_is_what_the_first_source_says,
    }
}

fn refused(system: &System, error: &impl alloy_sol_types::SolError) {
    system.ask_refused(system.at.oracle, &IOracle::priceCall { asset: system.at.weth.token }, error);
}

fn a_band_lets_its_own_ends_through(system: &mut System) {
    let (asset, feed) = (system.at.weth.token, system.at.weth.feed);
    system.must(OWNER, system.at.oracle, &IOracle::setBandCall { asset, minWad: usd(1_900), maxWad: usd(2_100) });
    for dollars in [1_900, 2_100] {
        push_usd(system, feed, dollars);
        assert_eq!(price_of(system), usd(dollars.try_into().unwrap()));
    }
    for answer in [1_900 * FEED_DOLLAR - 1, 2_100 * FEED_DOLLAR + 1] {
        push(system, feed, answer);
        let price_wad = U256::from(answer) * U256::from(WAD / 100_000_000);
        let error = IOracle::PriceOutOfBand { asset, priceWad: price_wad, minWad: usd(1_900), maxWad: usd(2_100) };
        refused(system, &error);
    }
}

fn a_second_source_agrees_up_to_the_soft_limit_and_may_start_sales_up_to_the_hard_one(system: &mut System) {
    let asset = system.at.weth.token;
    let second = add_second(system);
    let ranges = IOracle::rangesCall { assets: vec![asset] };
    let range = |system: &System| {
        let range = system.ask(system.at.oracle, &ranges)[0].clone();
        (range.lowWad, range.highWad)
    };
    // 100 bps of the lower price: 2020 and, rounded down to whole basis points, a little less than 1980.
    push_usd(system, second, 2_020);
    assert_eq!((price_of(system), range(system)), (usd(2_000), (usd(2_000), usd(2_000))));
    push(system, second, 20_202 * FEED_DOLLAR / 10);
    let second_wad = U256::from(20_202 * WAD / 10);
    refused(system, &IOracle::SourcesDiffer { asset, firstWad: usd(2_000), secondWad: second_wad, softBps: n(100) });
    assert_eq!(range(system), (usd(2_000), second_wad));
    push_usd(system, second, 1_905);
    assert_eq!(range(system), (usd(1_905), usd(2_000)));
    push_usd(system, second, 2_100);
    assert_eq!(range(system), (usd(2_000), usd(2_100)));
    push(system, second, 21_002 * FEED_DOLLAR / 10);
    let disagree = IOracle::SourcesDisagree {
        asset,
        firstWad: usd(2_000),
        secondWad: U256::from(21_002 * WAD / 10),
        hardBps: n(500),
    };
    refused(system, &disagree);
    system.ask_refused(system.at.oracle, &ranges, &disagree);
}

fn a_rate_multiplies_the_price_and_is_cut_to_the_line(system: &mut System) {
    let rate = add_rate(system);
    assert_eq!(price_of(system), usd(2_400));
    // The line has risen from the snapshot by 10% a year.
    let line = |system: &System| {
        let elapsed = SNAPSHOT_AGE_SECS + system.world.time_secs() - support::native::GENESIS_SECS;
        let snapshot = 1_200_000_000_000_000_000_u128;
        snapshot + snapshot * 1_000 * u128::from(elapsed) / (10_000 * 31_536_000)
    };
    let cap = line(system);
    push(system, rate, cap.try_into().unwrap());
    assert_eq!((price_of(system), report(system).isRateCut), (U256::from(2_000 * cap), false));
    push(system, rate, (cap + 1).try_into().unwrap());
    assert_eq!((price_of(system), report(system).isRateCut), (U256::from(2_000 * cap), true));
    assert_eq!(report(system).rateWad, U256::from(cap));
    // A donation that doubles the rate is worth nothing; time is.
    push(system, rate, (2 * cap).try_into().unwrap());
    assert_eq!(price_of(system), U256::from(2_000 * cap));
    system.wait(3_600);
    let later = line(system);
    assert!(later > cap);
    assert_eq!(price_of(system), U256::from(2_000 * later));
}

fn decimals_that_change_are_refused_until_they_change_back(system: &mut System) {
    let (asset, aggregator) = (system.at.weth.token, system.at.weth.feed);
    system.must(OPERATOR, aggregator, &IScriptedFeed::setDecimalsCall { decimals: 18 });
    refused(system, &IOracle::DecimalsChanged { asset, aggregator, expectedDecimals: n(8) });
    let seen = system.ask(system.at.oracle, &IOracle::peekCall { asset });
    assert_eq!((seen.priceWad, seen.updatedAtSecs), (U256::ZERO, U256::ZERO), "a price of unknown scale is not shown");
    system.must(OPERATOR, aggregator, &IScriptedFeed::setDecimalsCall { decimals: 8 });
    assert_eq!(price_of(system), usd(2_000));
    // The owner may also take the new ones.
    system.must(OPERATOR, aggregator, &IScriptedFeed::setDecimalsCall { decimals: 10 });
    let set = IOracle::setFeedCall { asset, aggregator, heartbeatSecs: n(HEARTBEAT_SECS) };
    system.must(OWNER, system.at.oracle, &set);
    assert_eq!(price_of(system), usd(20));
}

fn a_feed_that_does_not_tell_its_decimals_any_more_is_refused(system: &mut System) {
    // A token tells no round, a feed no balance: what answers both questions here is the feed, until its decimals do not fit a byte.
    let (asset, aggregator) = (system.at.weth.token, system.at.weth.feed);
    system.must(OPERATOR, aggregator, &IScriptedFeed::setDecimalsCall { decimals: 255 });
    refused(system, &IOracle::DecimalsChanged { asset, aggregator, expectedDecimals: n(8) });
}

fn with_phases_the_decimals_are_asked_only_after_a_change_of_phase(system: &mut System) {
    let (asset, aggregator) = (system.at.weth.token, system.at.weth.feed);
    let round = |phase: u128| IScriptedFeed::setRoundCall {
        roundId: alloy_primitives::aliases::U80::from((phase << 64) | 5),
        answer: alloy_primitives::I256::try_from(2_000 * FEED_DOLLAR).unwrap(),
        startedAt: n(1_699_999_999),
        updatedAt: n(1_699_999_999),
        answeredInRound: alloy_primitives::aliases::U80::ZERO,
    };
    system.must(OPERATOR, aggregator, &round(1));
    let set = IOracle::setFeedCall { asset, aggregator, heartbeatSecs: n(HEARTBEAT_SECS) };
    system.must(OWNER, system.at.oracle, &set);
    // No aggregator of Chainlink's does this, so within a phase nobody asks.
    system.must(OPERATOR, aggregator, &IScriptedFeed::setDecimalsCall { decimals: 7 });
    assert_eq!(price_of(system), usd(2_000));
    system.must(OPERATOR, aggregator, &round(2));
    let changed = IOracle::DecimalsChanged { asset, aggregator, expectedDecimals: n(8) };
    refused(system, &changed);
    // A poke does not learn a phase that came with other decimals.
    assert_eq!(crate::scene::poke(system), (3, 13));
    refused(system, &changed);
    system.must(OPERATOR, aggregator, &IScriptedFeed::setDecimalsCall { decimals: 8 });
    assert_eq!(crate::scene::poke(system), (0, 0));
    // The poke has learnt the new phase.
    system.must(OPERATOR, aggregator, &IScriptedFeed::setDecimalsCall { decimals: 7 });
    assert_eq!(price_of(system), usd(2_000));
}

fn the_band_holds_for_the_second_source_too(system: &mut System) {
    let asset = system.at.weth.token;
    let second = add_second(system);
    system.must(OWNER, system.at.oracle, &IOracle::setBandCall { asset, minWad: usd(2_000), maxWad: usd(2_500) });
    push_usd(system, second, 1_999);
    refused(system, &IOracle::SecondUnusable { asset, aggregator: second, status: n(12) });
}

fn the_second_source_has_its_own_heartbeat_and_decimals(system: &mut System) {
    let asset = system.at.weth.token;
    let second = system.world.deploy_feed(18);
    push(system, second, 2_001_000_000_000_000_000_000);
    let set =
        IOracle::setSecondCall { asset, aggregator: second, heartbeatSecs: n(60), softBps: n(100), hardBps: n(500) };
    system.must(OWNER, system.at.oracle, &set);
    assert_eq!((price_of(system), report(system).secondWad), (usd(2_000), usd(2_001)));
    system.wait(61);
    refused(system, &IOracle::SecondUnusable { asset, aggregator: second, status: n(10) });
}

fn a_rate_that_falls_is_taken_as_it_is(system: &mut System) {
    let rate = add_rate(system);
    push(system, rate, 600_000_000_000_000_000);
    assert_eq!((price_of(system), report(system).isRateCut), (usd(1_200), false));
}

fn a_rate_makes_the_price_as_old_as_the_older_of_the_two(system: &mut System) {
    let rate = add_rate(system);
    let now = system.world.time_secs();
    set_round(system, rate, 1_200_000_000_000_000_000, now - 100);
    assert_eq!(report(system).updatedAtSecs, n(now - 100));
    set_round(system, rate, 1_200_000_000_000_000_000, now);
    let feed = system.at.weth.feed;
    set_round(system, feed, 2_000 * FEED_DOLLAR, now - 50);
    assert_eq!(report(system).updatedAtSecs, n(now - 50));
}

fn a_rate_that_leads_out_of_the_range_of_prices_is_refused(system: &mut System) {
    let (asset, feed) = (system.at.weth.token, system.at.weth.feed);
    let rate = add_rate(system);
    push(system, feed, 1_000_000_000_000_000_000 * FEED_DOLLAR);
    refused(system, &IOracle::RateUnusable { asset, aggregator: rate, status: n(11) });
    // And a rate of next to nothing makes next to nothing of a price.
    push(system, feed, 1);
    push(system, rate, 1);
    refused(system, &IOracle::RateUnusable { asset, aggregator: rate, status: n(11) });
    assert_eq!(report(system).priceWad, U256::ZERO);
}

fn what_is_shown_with_a_refusal_is_what_the_first_source_says(system: &mut System) {
    let asset = system.at.weth.token;
    let second = add_second(system);
    let rate = add_rate(system);
    let shown = |system: &System| {
        let seen = system.ask(system.at.oracle, &IOracle::peekCall { asset });
        (seen.priceWad, seen.status)
    };
    push_usd(system, second, 2_050);
    assert_eq!(shown(system), (usd(2_400), n(15)));
    push_usd(system, second, 5_000);
    assert_eq!(shown(system), (usd(2_400), n(16)));
    behave(system, second, Behaviour::Revert);
    assert_eq!(shown(system), (usd(2_400), n(14)));
    let found = report(system);
    assert_eq!((found.firstWad, found.firstStatus), (usd(2_000), n(0)));
    assert_eq!((found.secondWad, found.secondStatus), (n(0), n(6)));
    behave(system, rate, Behaviour::Revert);
    assert_eq!(shown(system), (n(0), n(14)), "without a rate there is nothing to show");
    system.must(OWNER, system.at.oracle, &IOracle::setStopCall { asset, level: n(1) });
    assert_eq!(report(system).secondStatus, n(1), "where something above refuses, the second source is not asked");
    let nobody = Address::repeat_byte(0x31);
    let unknown = system.ask(system.at.oracle, &IOracle::reportCall { asset: nobody });
    assert_eq!((unknown.state, unknown.status), (n(3), n(1)));
}
