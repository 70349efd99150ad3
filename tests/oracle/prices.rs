//! Prices, and every refusal a feed can cause.

use alloy_primitives::{Address, I256, U256, aliases::U80};
use interface::IOracle;
use support::{
    System,
    actors::OPERATOR,
    doubles::IScriptedFeed,
    system::{FEED_DOLLAR, HEARTBEAT_SECS, WAD},
};

support::scenarios! {
    both {
        a_price_is_a_wad_of_dollars_for_a_whole_token,
        prices_come_in_the_order_asked_for,
        a_feed_that_fails_is_named_and_never_a_price,
        an_answer_is_used_up_to_its_heartbeat_and_not_a_second_longer,
    }
    native {
        an_asset_without_a_feed_has_no_price,
        a_round_without_an_answer_is_incomplete,
        an_answer_of_zero_or_below_is_refused_with_the_answer,
        an_answer_from_the_future_is_refused,
        a_price_beyond_the_range_is_refused,
        the_first_refusal_refuses_all_prices,
        peek_gives_the_number_of_the_check_that_failed,
    }
}

fn price(asset: Address) -> IOracle::priceCall {
    IOracle::priceCall { asset }
}

fn set_round(system: &mut System, answer: i128, updated_at_secs: u64) {
    let feed = system.at.weth.feed;
    let call = IScriptedFeed::setRoundCall {
        roundId: U80::from(77),
        answer: I256::try_from(answer).unwrap(),
        startedAt: U256::from(updated_at_secs),
        updatedAt: U256::from(updated_at_secs),
        answeredInRound: U80::from(77),
    };
    system.must(OPERATOR, feed, &call);
}

fn a_price_is_a_wad_of_dollars_for_a_whole_token(system: &mut System) {
    let (oracle, weth) = (system.at.oracle, system.at.weth);
    assert_eq!(system.ask(oracle, &price(weth.token)), U256::from(2_000 * WAD));
    system.set_answer(weth, 1_234 * FEED_DOLLAR + 1);
    assert_eq!(system.ask(oracle, &price(weth.token)), U256::from(1_234 * WAD + WAD / 100_000_000));
}

fn prices_come_in_the_order_asked_for(system: &mut System) {
    let at = system.at;
    let assets = vec![at.wbtc.token, at.usd.token, at.wbtc.token];
    let prices = system.ask(at.oracle, &IOracle::pricesCall { assets });
    assert_eq!(prices, [40_000 * WAD, WAD, 40_000 * WAD].map(U256::from));
}

fn a_feed_that_fails_is_named_and_never_a_price(system: &mut System) {
    let (oracle, weth) = (system.at.oracle, system.at.weth);
    let unreadable = IOracle::FeedUnreadable { asset: weth.token, aggregator: weth.feed };
    let behave = |behaviour| IScriptedFeed::setBehaviourCall { behaviour };
    system.must(OPERATOR, weth.feed, &behave(IScriptedFeed::Behaviour::Revert));
    system.ask_refused(oracle, &price(weth.token), &unreadable);
    system.must(OPERATOR, weth.feed, &behave(IScriptedFeed::Behaviour::BurnAllGas));
    system.ask_refused(oracle, &price(weth.token), &unreadable);
    // A round is five words; this is a word too few, and an answer whose round number has bits above 80.
    let short = vec![0; 4 * 32];
    let mut wide = vec![0; 5 * 32];
    wide[0] = 1;
    for raw in [Vec::new(), short, wide] {
        system.must(OPERATOR, weth.feed, &IScriptedFeed::setRawAnswerCall { rawAnswer: raw.into() });
        system.ask_refused(oracle, &price(weth.token), &unreadable);
    }
    system.must(OPERATOR, weth.feed, &behave(IScriptedFeed::Behaviour::Answer));
    assert_eq!(system.ask(oracle, &price(weth.token)), U256::from(2_000 * WAD));
}

fn an_answer_is_used_up_to_its_heartbeat_and_not_a_second_longer(system: &mut System) {
    let (oracle, weth) = (system.at.oracle, system.at.weth);
    system.set_price(weth, 2_000);
    let updated = system.now();
    system.wait(HEARTBEAT_SECS);
    assert_eq!(system.ask(oracle, &price(weth.token)), U256::from(2_000 * WAD));
    system.wait(1);
    let stale = IOracle::AnswerStale {
        asset: weth.token,
        updatedAtSecs: updated,
        heartbeatSecs: U256::from(HEARTBEAT_SECS),
        nowSecs: system.now(),
    };
    system.ask_refused(oracle, &price(weth.token), &stale);
}

fn an_asset_without_a_feed_has_no_price(system: &mut System) {
    let asset = Address::repeat_byte(0x77);
    system.ask_refused(system.at.oracle, &price(asset), &IOracle::FeedNotSet { asset });
}

fn a_round_without_an_answer_is_incomplete(system: &mut System) {
    let weth = system.at.weth;
    set_round(system, 2_000 * FEED_DOLLAR, 0);
    let incomplete = IOracle::RoundIncomplete { asset: weth.token, roundId: U256::from(77) };
    system.ask_refused(system.at.oracle, &price(weth.token), &incomplete);
}

fn an_answer_of_zero_or_below_is_refused_with_the_answer(system: &mut System) {
    let weth = system.at.weth;
    for answer in [0, -1, i128::MIN] {
        system.set_answer(weth, answer);
        let refusal = IOracle::AnswerNotPositive { asset: weth.token, answer: I256::try_from(answer).unwrap() };
        system.ask_refused(system.at.oracle, &price(weth.token), &refusal);
    }
}

fn an_answer_from_the_future_is_refused(system: &mut System) {
    let weth = system.at.weth;
    let later = system.world.time_secs() + 1;
    set_round(system, 2_000 * FEED_DOLLAR, later);
    let refusal =
        IOracle::AnswerFromFuture { asset: weth.token, updatedAtSecs: U256::from(later), nowSecs: system.now() };
    system.ask_refused(system.at.oracle, &price(weth.token), &refusal);
    system.wait(1);
    assert_eq!(system.ask(system.at.oracle, &price(weth.token)), U256::from(2_000 * WAD));
}

fn a_price_beyond_the_range_is_refused(system: &mut System) {
    let weth = system.at.weth;
    // The greatest price is 1e18 dollars.
    let greatest = 1_000_000_000_000_000_000 * FEED_DOLLAR;
    system.set_answer(weth, greatest);
    assert_eq!(system.ask(system.at.oracle, &price(weth.token)), U256::from(WAD) * U256::from(WAD));
    system.set_answer(weth, greatest + 1);
    let refusal = IOracle::PriceOutOfRange { asset: weth.token, answer: I256::try_from(greatest + 1).unwrap() };
    system.ask_refused(system.at.oracle, &price(weth.token), &refusal);
}

fn the_first_refusal_refuses_all_prices(system: &mut System) {
    let at = system.at;
    system.set_answer(at.wbtc, 0);
    system.set_answer(at.weth, -1);
    let assets = vec![at.usd.token, at.wbtc.token, at.weth.token];
    let refusal = IOracle::AnswerNotPositive { asset: at.wbtc.token, answer: I256::ZERO };
    system.ask_refused(at.oracle, &IOracle::pricesCall { assets }, &refusal);
}

fn peek_gives_the_number_of_the_check_that_failed(system: &mut System) {
    let at = system.at;
    let weth = at.weth;
    let peek = |system: &System, asset| {
        let seen = system.ask(at.oracle, &IOracle::peekCall { asset });
        (seen.priceWad, seen.updatedAtSecs, seen.status.to::<u64>())
    };
    let nothing = (U256::ZERO, U256::ZERO);
    let price = U256::from(2_000 * WAD);
    let now = system.now();

    assert_eq!(peek(system, weth.token), (price, now, 0));
    let unknown = Address::repeat_byte(0x77);
    assert_eq!(peek(system, unknown), (nothing.0, nothing.1, 1));

    // What is wrong with the sequencer hides the feed's status, not the price it gave.
    system.must(
        OPERATOR,
        at.sequencer,
        &IScriptedFeed::setBehaviourCall { behaviour: IScriptedFeed::Behaviour::Revert },
    );
    assert_eq!(peek(system, weth.token), (price, now, 2));
    system.must(
        OPERATOR,
        at.sequencer,
        &IScriptedFeed::setBehaviourCall { behaviour: IScriptedFeed::Behaviour::Answer },
    );
    system.set_sequencer(true, 0);
    assert_eq!(peek(system, weth.token), (price, now, 3));
    let since = system.world.time_secs() - 10;
    system.set_sequencer(false, since);
    assert_eq!(peek(system, weth.token), (price, now, 4));
    system.set_sequencer(true, since);
    assert_eq!(peek(system, weth.token), (price, now, 5));
    system.set_sequencer(true, 1);

    system.must(OPERATOR, weth.feed, &IScriptedFeed::setBehaviourCall { behaviour: IScriptedFeed::Behaviour::Revert });
    assert_eq!(peek(system, weth.token), (nothing.0, nothing.1, 6));
    system.must(OPERATOR, weth.feed, &IScriptedFeed::setBehaviourCall { behaviour: IScriptedFeed::Behaviour::Answer });
    set_round(system, 2_000 * FEED_DOLLAR, 0);
    assert_eq!(peek(system, weth.token), (nothing.0, nothing.1, 7));
    system.set_answer(weth, -5);
    assert_eq!(peek(system, weth.token), (nothing.0, nothing.1, 8));
    let later = system.world.time_secs() + 9;
    set_round(system, 2_000 * FEED_DOLLAR, later);
    assert_eq!(peek(system, weth.token), (price, U256::from(later), 9));
    let stale = system.world.time_secs() - HEARTBEAT_SECS - 1;
    set_round(system, 2_000 * FEED_DOLLAR, stale);
    assert_eq!(peek(system, weth.token), (price, U256::from(stale), 10));
    system.set_answer(weth, i128::MAX);
    assert_eq!(peek(system, weth.token), (nothing.0, nothing.1, 11));
}
