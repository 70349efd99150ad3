//! `SpillwayFeed`: our price behind Chainlink's interface, which we can read ourselves like any other feed.

use alloy_primitives::{Address, I256, U256, aliases::U80};
use alloy_sol_types::{SolCall, SolValue, sol};
use interface::IOracle;
use support::{
    Revert, System, WasmWorld,
    actors::{OPERATOR, OWNER},
    doubles::IScriptedFeed::pushCall,
    revert_of,
    system::{FEED_DOLLAR, HEARTBEAT_SECS},
    world::World,
};

use crate::scene::{n, usd};

sol! {
    #![sol(all_derives)]
    interface ISpillwayFeed {
        error NoSuchRound(uint80 roundId, uint80 latestRoundId);
        error DecimalsUnsupported(uint8 decimals);
        error PriceBelowDecimals(uint256 priceWad, uint8 decimals);
        function decimals() external view returns (uint8);
        function description() external view returns (string memory);
        function version() external view returns (uint256);
        function latestRoundData() external view returns (uint80 roundId, int256 answer, uint256 startedAt, uint256 updatedAt, uint80 answeredInRound);
        function getRoundData(uint80 roundId) external view returns (uint80 id, int256 answer, uint256 startedAt, uint256 updatedAt, uint80 answeredInRound);
    }
}

fn deploy(world: &mut WasmWorld, oracle: Address, asset: Address, decimals: u8) -> Address {
    let arguments = (oracle, asset, U256::from(decimals), "ETH / USD by Spillway").abi_encode_params();
    world.deploy_solidity(OPERATOR, "SpillwayFeed", "SpillwayFeed", &arguments)
}

fn ask<C: SolCall>(world: &WasmWorld, to: Address, call: C) -> Result<C::Return, Revert> {
    world.view(to, &call.abi_encode()).map(|output| C::abi_decode_returns(&output).unwrap())
}

#[test]
fn the_facade_answers_like_an_aggregator_and_refuses_like_the_oracle() {
    let mut world = WasmWorld::default();
    let at = System::set_up_in(&mut world);
    let updated = world.time_secs();
    let (eight, eighteen) =
        (deploy(&mut world, at.oracle, at.weth.token, 8), deploy(&mut world, at.oracle, at.weth.token, 18));
    for (feed, decimals, answer) in [(eight, 8, 2_000 * FEED_DOLLAR), (eighteen, 18, 2_000_000_000_000_000_000_000)] {
        assert_eq!(ask(&world, feed, ISpillwayFeed::decimalsCall {}).unwrap(), decimals);
        let round = ask(&world, feed, ISpillwayFeed::latestRoundDataCall {}).unwrap();
        assert_eq!((round.answer, round.updatedAt), (I256::try_from(answer).unwrap(), n(updated)));
        assert_eq!((round.roundId, round.answeredInRound), (U80::from(updated), U80::from(updated)));
        let again = ask(&world, feed, ISpillwayFeed::getRoundDataCall { roundId: round.roundId }).unwrap();
        assert_eq!((again.answer, again.startedAt), (round.answer, round.startedAt));
        let older = ISpillwayFeed::getRoundDataCall { roundId: U80::from(5) };
        let unknown = ISpillwayFeed::NoSuchRound { roundId: U80::from(5), latestRoundId: round.roundId };
        assert_eq!(ask(&world, feed, older).unwrap_err(), revert_of(&unknown));
    }
    assert_eq!(ask(&world, eight, ISpillwayFeed::descriptionCall {}).unwrap(), "ETH / USD by Spillway");
    assert_eq!(ask(&world, eight, ISpillwayFeed::versionCall {}).unwrap(), n(1));

    // What the oracle refuses, the facade refuses with the same error; a stale answer never looks like a fresh one.
    world.advance_secs(HEARTBEAT_SECS + 1);
    let stale = IOracle::AnswerStale {
        asset: at.weth.token,
        updatedAtSecs: n(updated),
        heartbeatSecs: n(HEARTBEAT_SECS),
        nowSecs: n(world.time_secs()),
    };
    assert_eq!(ask(&world, eight, ISpillwayFeed::latestRoundDataCall {}).unwrap_err(), revert_of(&stale));
}

#[test]
fn the_facade_is_a_feed_for_an_oracle() {
    let mut world = WasmWorld::default();
    let at = System::set_up_in(&mut world);
    let feed = deploy(&mut world, at.oracle, at.weth.token, 8);
    let copy = Address::repeat_byte(0x44);
    let set = IOracle::setFeedCall { asset: copy, aggregator: feed, heartbeatSecs: n(HEARTBEAT_SECS) };
    world.execute(OWNER, at.oracle, &set.abi_encode()).unwrap();
    assert_eq!(ask(&world, at.oracle, IOracle::priceCall { asset: copy }).unwrap(), usd(2_000));
    let answer = I256::try_from(1_500 * FEED_DOLLAR + 1).unwrap();
    world.execute(OPERATOR, at.weth.feed, &pushCall { answer }.abi_encode()).unwrap();
    let expected = usd(1_500) + U256::from(10_000_000_000_u64);
    assert_eq!(ask(&world, at.oracle, IOracle::priceCall { asset: copy }).unwrap(), expected);
    world.execute(OPERATOR, at.weth.feed, &pushCall { answer: I256::ZERO }.abi_encode()).unwrap();
    let refusal = IOracle::FeedUnreadable { asset: copy, aggregator: feed };
    assert_eq!(ask(&world, at.oracle, IOracle::priceCall { asset: copy }).unwrap_err(), revert_of(&refusal));
}

#[test]
fn a_price_below_the_decimals_is_refused_and_not_zero() {
    let mut world = WasmWorld::default();
    let at = System::set_up_in(&mut world);
    // A coin at 10^-12 USD, from a feed of 18 decimals.
    let (coin, source) = (Address::repeat_byte(0x45), world.deploy_feed(18));
    let answer = I256::try_from(1_000_000).unwrap();
    world.execute(OPERATOR, source, &pushCall { answer }.abi_encode()).unwrap();
    let set = IOracle::setFeedCall { asset: coin, aggregator: source, heartbeatSecs: n(HEARTBEAT_SECS) };
    world.execute(OWNER, at.oracle, &set.abi_encode()).unwrap();
    let answer_of = |world: &WasmWorld, feed| ask(world, feed, ISpillwayFeed::latestRoundDataCall {});
    let (twelve, eleven) = (deploy(&mut world, at.oracle, coin, 12), deploy(&mut world, at.oracle, coin, 11));
    assert_eq!(answer_of(&world, twelve).unwrap().answer, I256::ONE);
    let refusal = ISpillwayFeed::PriceBelowDecimals { priceWad: n(1_000_000), decimals: 11 };
    assert_eq!(answer_of(&world, eleven).unwrap_err(), revert_of(&refusal));
    assert_eq!(
        ask(&world, eleven, ISpillwayFeed::getRoundDataCall { roundId: U80::from(5) }).unwrap_err(),
        revert_of(&refusal)
    );
}

#[test]
fn a_facade_has_eighteen_decimals_at_most() {
    let mut world = WasmWorld::default();
    let at = System::set_up_in(&mut world);
    let arguments = (at.oracle, at.weth.token, U256::from(19), "too fine").abi_encode_params();
    let deployed = world.try_deploy_solidity(OPERATOR, "SpillwayFeed", "SpillwayFeed", &arguments);
    assert_eq!(deployed, Err(revert_of(&ISpillwayFeed::DecimalsUnsupported { decimals: 19 })));
}
