//! The sequencer's uptime feed: down, coming back, and what a broken uptime feed does.

use alloy_primitives::{Address, U256};
use interface::{IOracle, IShared};
use support::{
    System,
    actors::{OPERATOR, OWNER, STRANGER},
    doubles::IScriptedFeed,
    system::{GRACE_SECS, WAD, event},
};

support::scenarios! {
    both {
        prices_rest_while_the_sequencer_is_down_and_through_its_grace,
    }
    native {
        an_uptime_feed_that_fails_refuses_every_price,
        an_uptime_feed_without_a_round_refuses_every_price,
        the_sequencer_is_checked_before_the_feed,
        without_an_uptime_feed_the_sequencer_counts_as_up,
        set_sequencer_keeps_feed_and_grace_and_says_so,
        set_sequencer_refuses_a_grace_above_four_hours,
        set_sequencer_is_for_the_owner,
    }
}

fn price(system: &System) -> IOracle::priceCall {
    IOracle::priceCall { asset: system.at.weth.token }
}

fn prices_rest_while_the_sequencer_is_down_and_through_its_grace(system: &mut System) {
    let oracle = system.at.oracle;
    system.wait(100);
    let since = system.world.time_secs() - 7;
    system.set_sequencer(false, since);
    system.ask_refused(oracle, &price(system), &IOracle::SequencerDown { sinceSecs: U256::from(since) });
    let status = system.ask(oracle, &IOracle::sequencerStatusCall {});
    assert_eq!((status.isUp, status.sinceSecs), (false, U256::from(since)));

    system.wait(50);
    let back = system.world.time_secs();
    system.set_sequencer(true, back);
    system.wait(GRACE_SECS);
    let grace = IOracle::SequencerGrace {
        upSinceSecs: U256::from(back),
        graceSecs: U256::from(GRACE_SECS),
        nowSecs: system.now(),
    };
    system.ask_refused(oracle, &price(system), &grace);
    system.wait(1);
    assert_eq!(system.ask(oracle, &price(system)), U256::from(2_000 * WAD));
    let status = system.ask(oracle, &IOracle::sequencerStatusCall {});
    assert_eq!((status.isUp, status.sinceSecs), (true, U256::from(back)));
}

fn an_uptime_feed_that_fails_refuses_every_price(system: &mut System) {
    let at = system.at;
    let unreadable = IOracle::SequencerUnreadable { feed: at.sequencer };
    system.must(
        OPERATOR,
        at.sequencer,
        &IScriptedFeed::setBehaviourCall { behaviour: IScriptedFeed::Behaviour::Revert },
    );
    system.ask_refused(at.oracle, &price(system), &unreadable);
    system.ask_refused(at.oracle, &IOracle::sequencerStatusCall {}, &unreadable);
    // An address without code answers nothing.
    let nobody = Address::repeat_byte(0x99);
    system.must(OWNER, at.oracle, &IOracle::setSequencerCall { uptimeFeed: nobody, graceSecs: U256::ZERO });
    system.ask_refused(at.oracle, &price(system), &IOracle::SequencerUnreadable { feed: nobody });
}

fn an_uptime_feed_without_a_round_refuses_every_price(system: &mut System) {
    let at = system.at;
    system.set_sequencer(true, 0);
    let uninitialised = IOracle::SequencerUninitialised { feed: at.sequencer };
    system.ask_refused(at.oracle, &price(system), &uninitialised);
    system.ask_refused(at.oracle, &IOracle::sequencerStatusCall {}, &uninitialised);
}

fn the_sequencer_is_checked_before_the_feed(system: &mut System) {
    let at = system.at;
    system.set_answer(at.weth, -1);
    let since = system.world.time_secs();
    system.set_sequencer(false, since);
    system.ask_refused(at.oracle, &price(system), &IOracle::SequencerDown { sinceSecs: U256::from(since) });
    // That a feed is set at all comes first.
    let asset = Address::repeat_byte(0x77);
    system.ask_refused(at.oracle, &IOracle::priceCall { asset }, &IOracle::FeedNotSet { asset });
}

fn without_an_uptime_feed_the_sequencer_counts_as_up(system: &mut System) {
    let at = system.at;
    let since = system.world.time_secs();
    system.set_sequencer(false, since);
    system.must(OWNER, at.oracle, &IOracle::setSequencerCall { uptimeFeed: Address::ZERO, graceSecs: U256::from(60) });
    assert_eq!(system.ask(at.oracle, &price(system)), U256::from(2_000 * WAD));
    let status = system.ask(at.oracle, &IOracle::sequencerStatusCall {});
    assert_eq!((status.isUp, status.sinceSecs), (true, U256::ZERO));
}

fn set_sequencer_keeps_feed_and_grace_and_says_so(system: &mut System) {
    let at = system.at;
    let (uptime_feed, grace) = (at.wbtc.feed, U256::from(14_400));
    system.must(OWNER, at.oracle, &IOracle::setSequencerCall { uptimeFeed: uptime_feed, graceSecs: grace });
    assert_eq!(system.events(), [event(at.oracle, &IOracle::SequencerSet { feed: uptime_feed, graceSecs: grace })]);
    let kept = system.ask(at.oracle, &IOracle::sequencerCall {});
    assert_eq!((kept.uptimeFeed, kept.graceSecs), (uptime_feed, grace));
}

fn set_sequencer_refuses_a_grace_above_four_hours(system: &mut System) {
    let at = system.at;
    for grace in [U256::from(14_401), U256::MAX] {
        let call = IOracle::setSequencerCall { uptimeFeed: at.sequencer, graceSecs: grace };
        let refusal = IOracle::GraceOutOfBounds { graceSecs: grace, maxSecs: U256::from(14_400) };
        system.refused(OWNER, at.oracle, &call, &refusal);
    }
}

fn set_sequencer_is_for_the_owner(system: &mut System) {
    let call = IOracle::setSequencerCall { uptimeFeed: system.at.sequencer, graceSecs: U256::ZERO };
    system.refused(STRANGER, system.at.oracle, &call, &IShared::NotOwner { caller: STRANGER, owner: OWNER });
}
