//! Which feed prices which asset.

use alloy_primitives::{Address, U256};
use interface::{IOracle, IShared};
use support::{
    System,
    actors::{OPERATOR, OWNER, STRANGER},
    doubles::IScriptedFeed,
    system::{HEARTBEAT_SECS, event},
};

support::scenarios! {
    both {
        set_feed_keeps_feed_heartbeat_and_decimals_and_says_so,
    }
    native {
        set_feed_to_zero_removes_the_feed,
        set_feed_refuses_a_heartbeat_outside_of_a_minute_and_two_days,
        set_feed_refuses_more_than_eighteen_decimals,
        set_feed_refuses_a_feed_that_does_not_tell_its_decimals,
        set_feed_is_for_the_owner,
        a_feed_with_eighteen_decimals_is_read_as_it_is,
    }
}

fn set_feed(asset: Address, aggregator: Address, heartbeat_secs: u64) -> IOracle::setFeedCall {
    IOracle::setFeedCall { asset, aggregator, heartbeatSecs: U256::from(heartbeat_secs) }
}

fn kept(system: &System, asset: Address) -> (Address, U256, U256) {
    let feed = system.ask(system.at.oracle, &IOracle::feedCall { asset });
    (feed.aggregator, feed.heartbeatSecs, feed.decimals)
}

fn set_feed_keeps_feed_heartbeat_and_decimals_and_says_so(system: &mut System) {
    let at = system.at;
    assert_eq!(kept(system, at.weth.token), (at.weth.feed, U256::from(HEARTBEAT_SECS), U256::from(8)));
    system.must(OWNER, at.oracle, &set_feed(at.weth.token, at.wbtc.feed, 60));
    let said = IOracle::FeedSet {
        asset: at.weth.token,
        aggregator: at.wbtc.feed,
        heartbeatSecs: U256::from(60),
        decimals: U256::from(8),
    };
    assert_eq!(system.events(), [event(at.oracle, &said)]);
    assert_eq!(kept(system, at.weth.token), (at.wbtc.feed, U256::from(60), U256::from(8)));
}

fn set_feed_to_zero_removes_the_feed(system: &mut System) {
    let at = system.at;
    system.must(OWNER, at.oracle, &set_feed(at.weth.token, Address::ZERO, HEARTBEAT_SECS));
    assert_eq!(kept(system, at.weth.token), (Address::ZERO, U256::ZERO, U256::ZERO));
    let said = IOracle::FeedSet {
        asset: at.weth.token,
        aggregator: Address::ZERO,
        heartbeatSecs: U256::ZERO,
        decimals: U256::ZERO,
    };
    assert_eq!(system.events(), [event(at.oracle, &said)]);
    let refusal = IOracle::FeedNotSet { asset: at.weth.token };
    system.ask_refused(at.oracle, &IOracle::priceCall { asset: at.weth.token }, &refusal);
}

fn set_feed_refuses_a_heartbeat_outside_of_a_minute_and_two_days(system: &mut System) {
    let at = system.at;
    for heartbeat in [0, 59, 172_801, u64::MAX] {
        let refusal = IOracle::HeartbeatOutOfBounds {
            heartbeatSecs: U256::from(heartbeat),
            minSecs: U256::from(60),
            maxSecs: U256::from(172_800),
        };
        system.refused(OWNER, at.oracle, &set_feed(at.weth.token, at.weth.feed, heartbeat), &refusal);
    }
    system.must(OWNER, at.oracle, &set_feed(at.weth.token, at.weth.feed, 172_800));
}

fn set_feed_refuses_more_than_eighteen_decimals(system: &mut System) {
    let at = system.at;
    system.must(OPERATOR, at.weth.feed, &IScriptedFeed::setDecimalsCall { decimals: 19 });
    let refusal = IOracle::DecimalsUnsupported {
        aggregator: at.weth.feed,
        decimals: U256::from(19),
        maxDecimals: U256::from(18),
    };
    system.refused(OWNER, at.oracle, &set_feed(at.weth.token, at.weth.feed, 60), &refusal);
}

fn set_feed_refuses_a_feed_that_does_not_tell_its_decimals(system: &mut System) {
    let at = system.at;
    let nobody = Address::repeat_byte(0x99);
    let refusal = IOracle::FeedUnreadable { asset: at.weth.token, aggregator: nobody };
    system.refused(OWNER, at.oracle, &set_feed(at.weth.token, nobody, 60), &refusal);
}

fn set_feed_is_for_the_owner(system: &mut System) {
    let at = system.at;
    let refusal = IShared::NotOwner { caller: STRANGER, owner: OWNER };
    system.refused(STRANGER, at.oracle, &set_feed(at.weth.token, at.weth.feed, 60), &refusal);
}

fn a_feed_with_eighteen_decimals_is_read_as_it_is(system: &mut System) {
    let at = system.at;
    system.must(OPERATOR, at.weth.feed, &IScriptedFeed::setDecimalsCall { decimals: 18 });
    system.must(OWNER, at.oracle, &set_feed(at.weth.token, at.weth.feed, 60));
    system.set_answer(at.weth, 123_456_789_012_345_678_901);
    let price = system.ask(at.oracle, &IOracle::priceCall { asset: at.weth.token });
    assert_eq!(price, U256::from(123_456_789_012_345_678_901_u128));
}
