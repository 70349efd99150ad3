//! An asset with everything on: band, second source, breaker and rate, and shorthand for making each of them fail.

use alloy_primitives::{Address, I256, U256, aliases::U80};
use interface::IOracle;
use support::{
    System,
    actors::{OPERATOR, OWNER},
    doubles::IScriptedFeed,
    system::{FEED_DOLLAR, HEARTBEAT_SECS, WAD},
};

/// The hold of the scene's breaker.
pub(crate) const HOLD_SECS: u64 = 600;
/// A week and a little, the age of the scene's snapshot.
pub(crate) const SNAPSHOT_AGE_SECS: u64 = 700_000;
/// The rate of the scene, 1.2, in the rate feed's 18 decimals.
pub(crate) const RATE: i128 = 1_200_000_000_000_000_000;

/// The feeds beyond the first.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Guards {
    pub(crate) second: Address,
    pub(crate) rate: Address,
}

/// Dollars as the ABI has them.
pub(crate) fn usd(dollars: u128) -> U256 {
    U256::from(dollars * WAD)
}

pub(crate) fn n(value: u64) -> U256 {
    U256::from(value)
}

/// Lets a feed answer now.
pub(crate) fn push(system: &mut System, feed: Address, answer: i128) {
    let answer = I256::try_from(answer).unwrap();
    system.must(OPERATOR, feed, &IScriptedFeed::pushCall { answer });
}

/// Lets a feed answer whole dollars now.
pub(crate) fn push_usd(system: &mut System, feed: Address, dollars: i128) {
    push(system, feed, dollars * FEED_DOLLAR);
}

/// Sets a round with this answer and this time.
pub(crate) fn set_round(system: &mut System, feed: Address, answer: i128, updated_at_secs: u64) {
    let call = IScriptedFeed::setRoundCall {
        roundId: U80::from(77),
        answer: I256::try_from(answer).unwrap(),
        startedAt: U256::from(updated_at_secs),
        updatedAt: U256::from(updated_at_secs),
        answeredInRound: U80::from(77),
    };
    system.must(OPERATOR, feed, &call);
}

pub(crate) fn behave(system: &mut System, feed: Address, behaviour: IScriptedFeed::Behaviour) {
    system.must(OPERATOR, feed, &IScriptedFeed::setBehaviourCall { behaviour });
}

/// A second source at 2000 USD, soft limit 100 bps, hard limit 500.
pub(crate) fn add_second(system: &mut System) -> Address {
    let second = system.world.deploy_feed(8);
    push_usd(system, second, 2_000);
    let set = set_second(system.at.weth.token, second);
    system.must(OWNER, system.at.oracle, &set);
    second
}

pub(crate) fn set_second(asset: Address, aggregator: Address) -> IOracle::setSecondCall {
    IOracle::setSecondCall { asset, aggregator, heartbeatSecs: n(HEARTBEAT_SECS), softBps: n(100), hardBps: n(500) }
}

/// A breaker for log returns of 0.1, and no allowance for volatility.
pub(crate) fn add_breaker(system: &mut System) {
    let set = IOracle::setBreakerCall {
        asset: system.at.weth.token,
        jumpBps: n(1_000),
        sigmas: n(0),
        holdSecs: n(HOLD_SECS),
    };
    system.must(OWNER, system.at.oracle, &set);
}

/// A rate of 1.2 that may grow by 10% a year from a snapshot of 1.2.
pub(crate) fn add_rate(system: &mut System) -> Address {
    let rate = system.world.deploy_feed(18);
    push(system, rate, RATE);
    let set = set_rate(system, rate);
    system.must(OWNER, system.at.oracle, &set);
    rate
}

pub(crate) fn set_rate(system: &System, rate_feed: Address) -> IOracle::setRateCall {
    IOracle::setRateCall {
        asset: system.at.weth.token,
        rateFeed: rate_feed,
        heartbeatSecs: n(HEARTBEAT_SECS),
        snapshotRateWad: U256::from(RATE),
        snapshotAtSecs: n(system.world.time_secs() - SNAPSHOT_AGE_SECS),
        growthBps: n(1_000),
    }
}

/// Everything on: the band from 100 to 10,000 USD, the second source, the breaker, the rate.
pub(crate) fn guard(system: &mut System) -> Guards {
    let weth = system.at.weth.token;
    let band = IOracle::setBandCall { asset: weth, minWad: usd(100), maxWad: usd(10_000) };
    system.must(OWNER, system.at.oracle, &band);
    let second = add_second(system);
    add_breaker(system);
    let rate = add_rate(system);
    Guards { second, rate }
}

pub(crate) fn price_of(system: &System) -> U256 {
    system.ask(system.at.oracle, &IOracle::priceCall { asset: system.at.weth.token })
}

pub(crate) fn report(system: &System) -> IOracle::Report {
    system.ask(system.at.oracle, &IOracle::reportCall { asset: system.at.weth.token })
}

pub(crate) fn recorded(system: &System) -> IOracle::Recorded {
    system.ask(system.at.oracle, &IOracle::recordedCall { asset: system.at.weth.token })
}

/// Pokes, and gives state and status.
pub(crate) fn poke(system: &mut System) -> (u64, u64) {
    let answer = system.must(OPERATOR, system.at.oracle, &IOracle::pokeCall { asset: system.at.weth.token });
    (answer.state.to(), answer.status.to())
}
