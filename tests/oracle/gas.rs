//! Gas: nobody can starve the call to a feed and have it taken for a failed feed.

use alloy_primitives::{Address, U256, aliases::U80};
use alloy_sol_types::{SolCall, SolError};
use devnode::{CallError, CallRequest};
use interface::IOracle;
use support::{
    System, WasmWorld,
    actors::{OPERATOR, OWNER},
    doubles::IScriptedFeed::{Behaviour, setBehaviourCall, setRoundCall},
    system::{FEED_DOLLAR, HEARTBEAT_SECS},
    world::World,
};

use crate::scene::{n, usd};

/// The system on a chain of its own, which can be called with a gas limit.
fn chain() -> (WasmWorld, support::system::Addresses) {
    let mut world = WasmWorld::default();
    let at = System::set_up_in(&mut world);
    (world, at)
}

/// What a call answers with so much gas, or the data it reverts with; nothing where it ends without a word.
fn peek(world: &WasmWorld, oracle: Address, asset: Address, gas: u64) -> Option<Result<(U256, u64), Vec<u8>>> {
    let mut request = CallRequest::new(oracle, IOracle::peekCall { asset }.abi_encode());
    request.gas = Some(gas);
    match world.node().call(request) {
        Ok(output) => {
            let seen = IOracle::peekCall::abi_decode_returns(&output).unwrap();
            Some(Ok((seen.priceWad, seen.status.to())))
        }
        Err(CallError::Revert { data, .. }) => Some(Err(data.to_vec())),
        Err(_) => None,
    }
}

#[test]
fn with_any_amount_of_gas_a_good_feed_is_read_as_it_is_or_not_at_all() {
    let (world, at) = chain();
    let (mut answered, mut silent) = (0, 0);
    for gas in (22_000..400_000).step_by(1_000) {
        match peek(&world, at.oracle, at.weth.token, gas) {
            Some(Ok(seen)) => {
                assert_eq!(seen, (usd(2_000), 0), "with {gas} gas");
                answered += 1;
            }
            Some(Err(data)) => {
                // So cheap a feed runs out before it is called, if at all; the next test brings this about.
                assert_eq!(data.get(..4), Some(IOracle::GasTooLow::SELECTOR.as_slice()), "with {gas} gas");
            }
            None => silent += 1,
        }
    }
    // Both must have happened, or the sweep went past it.
    assert!(answered > 300 && silent > 0, "{answered} answered, {silent} silent");
}

#[test]
fn a_feed_that_burns_all_it_gets_is_named_with_much_gas_and_is_no_failure_with_little() {
    let (mut world, at) = chain();
    let burn = setBehaviourCall { behaviour: Behaviour::BurnAllGas };
    world.execute(OPERATOR, at.weth.feed, &burn.abi_encode()).unwrap();
    let needed = 150_000 + 150_000 / 32 + 5_000;
    let (mut named, mut refused) = (0, 0);
    for gas in (150_000..300_000).step_by(500) {
        match peek(&world, at.oracle, at.weth.token, gas) {
            Some(Ok(seen)) => {
                assert_eq!(seen, (n(0), 6), "with {gas} gas");
                assert!(gas > needed);
                named += 1;
            }
            Some(Err(data)) => {
                let IOracle::GasTooLow { gasLeft: left, gasNeeded: wanted } =
                    IOracle::GasTooLow::abi_decode(&data).unwrap();
                assert_eq!(wanted, n(needed));
                assert!(left < wanted && left < n(gas));
                refused += 1;
            }
            // What the burning leaves of too little, a 64th, may not even do to say so.
            None => assert!(gas < needed + 60_000, "with {gas} gas there is enough left to answer"),
        }
    }
    assert!(named > 50 && refused > 5, "{named} named, {refused} refused");
}

#[test]
fn a_feed_that_burns_all_it_gets_costs_no_more_than_its_share() {
    let (mut world, at) = chain();
    let burn = setBehaviourCall { behaviour: Behaviour::BurnAllGas };
    world.execute(OPERATOR, at.weth.feed, &burn.abi_encode()).unwrap();
    let done = world.execute(OPERATOR, at.oracle, &IOracle::pokeCall { asset: at.weth.token }.abi_encode()).unwrap();
    let used = done.gas_used.expect("a chain counts gas");
    assert!((150_000..260_000).contains(&used), "{used}");
}

#[test]
fn what_is_switched_off_costs_nothing() {
    let mut system = System::wasm();
    let weth = system.at.weth;
    let price = IOracle::priceCall { asset: weth.token };
    let cost = |system: &mut System| {
        assert_eq!(system.must(OPERATOR, system.at.oracle, &price), usd(2_000));
        system.last.gas_used.expect("a chain counts gas")
    };
    let before = cost(&mut system);
    let zero = U256::ZERO;
    let asset = weth.token;
    crate::scene::guard(&mut system);
    let off = crate::scene::set_rate(&system, Address::ZERO);
    system.must(OWNER, system.at.oracle, &off);
    let guarded = cost(&mut system);
    system.must(OWNER, system.at.oracle, &crate::scene::set_second(asset, Address::ZERO));
    system.must(
        OWNER,
        system.at.oracle,
        &IOracle::setBreakerCall { asset, jumpBps: zero, sigmas: zero, holdSecs: zero },
    );
    system.must(OWNER, system.at.oracle, &IOracle::setBandCall { asset, minWad: zero, maxWad: zero });
    assert_eq!(cost(&mut system), before);
    assert!(guarded > before + 10_000, "{guarded} with band, second source and breaker, {before} without");
    // A feed with phases, as Chainlink's proxies have them, is not asked for its decimals.
    let round = setRoundCall {
        roundId: U80::from((1_u128 << 64) | 1),
        answer: alloy_primitives::I256::try_from(2_000 * FEED_DOLLAR).unwrap(),
        startedAt: system.now(),
        updatedAt: system.now(),
        answeredInRound: U80::ZERO,
    };
    system.must(OPERATOR, weth.feed, &round);
    let set = IOracle::setFeedCall { asset, aggregator: weth.feed, heartbeatSecs: n(HEARTBEAT_SECS) };
    system.must(OWNER, system.at.oracle, &set);
    let phased = cost(&mut system);
    println!(
        "gas of a price as a transaction: {phased} with phases, {before} without, {guarded} with band, second source and breaker"
    );
    assert!(phased < before);
}
