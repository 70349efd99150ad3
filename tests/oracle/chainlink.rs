//! Chainlink's own contracts on the chain, driven through their own functions: the proxy, two aggregators behind it, and the
//! sequencer's uptime feed with its flags. Nothing here is scripted; what they cannot be made to say is in `matrix`.

use alloy_primitives::{Address, I256, U256, address};
use alloy_sol_types::{SolCall, SolError, SolValue, sol};
use interface::IOracle;
use support::{
    Revert, System, WasmWorld,
    actors::{ALICE, BOB, OPERATOR, OWNER},
    revert_of,
    world::World,
};

use crate::scene::{n, usd};

sol! {
    interface IFlux {
        function changeOracles(address[] removed, address[] added, address[] admins, uint32 minSubmissions, uint32 maxSubmissions, uint32 restartDelay) external;
        function submit(uint256 roundId, int256 answer) external;
    }
    interface IProxy {
        function proposeAggregator(address aggregator) external;
        function confirmAggregator(address aggregator) external;
        function phaseId() external view returns (uint16);
        function setController(address accessController) external;
    }
    interface IAccess {
        function addAccess(address user) external;
        function removeAccess(address user) external;
        function setRaisingAccessController(address controller) external;
        function setLoweringAccessController(address controller) external;
    }
    interface IUptime {
        function initialize() external;
        function updateStatus(bool status, uint64 timestamp) external;
    }
}

/// Submits to the aggregators.
const REPORTER: Address = BOB;
/// Reports the sequencer's status. It is the alias that an account of the parent chain has here, so that account is this minus
/// the offset of all aliases.
const SEQUENCER: Address = ALICE;
const ALIAS_OFFSET: Address = address!("1111000000000000000000000000000000001111");
const ASSET: Address = address!("00000000000000000000000000000000000a55e7");
const HEARTBEAT: u64 = 3_600;
const GRACE: u64 = 1_800;

struct Chainlink {
    world: WasmWorld,
    oracle: Address,
    aggregator: Address,
    proxy: Address,
    uptime: Address,
}

impl Chainlink {
    /// The real feeds, read by our oracle; the sequencer has been up for longer than its grace period.
    fn new() -> Self {
        let mut world = WasmWorld::default();
        let oracle = System::deploy(&mut world).oracle;
        let aggregator = aggregator(&mut world, 8, 1);
        let arguments = (aggregator, Address::ZERO).abi_encode_params();
        let proxy = world.deploy_solidity(OPERATOR, "EACAggregatorProxy", "EACAggregatorProxy", &arguments);
        let uptime = uptime_feed(&mut world, oracle);
        world.advance_secs(GRACE + 1);
        let mut chainlink = Self { world, oracle, aggregator, proxy, uptime };
        chainlink.submit(1, 2_000);
        chainlink.send(OWNER, oracle, &IOracle::setSequencerCall { uptimeFeed: uptime, graceSecs: n(GRACE) });
        chainlink.set_feed();
        chainlink
    }

    fn set_feed(&mut self) {
        let set = IOracle::setFeedCall { asset: ASSET, aggregator: self.proxy, heartbeatSecs: n(HEARTBEAT) };
        self.send(OWNER, self.oracle, &set);
    }

    fn send(&mut self, from: Address, to: Address, call: &impl SolCall) {
        send(&mut self.world, from, to, call);
    }

    fn submit(&mut self, round: u64, dollars: i64) {
        self.submit_raw(round, dollars * 100_000_000);
    }

    /// In the aggregator's own decimals.
    fn submit_raw(&mut self, round: u64, answer: i64) {
        let (aggregator, answer) = (self.aggregator, I256::try_from(answer).unwrap());
        self.send(REPORTER, aggregator, &IFlux::submitCall { roundId: n(round), answer });
    }

    fn report_sequencer(&mut self, is_down: bool) {
        let (uptime, timestamp) = (self.uptime, self.world.time_secs());
        self.send(SEQUENCER, uptime, &IUptime::updateStatusCall { status: is_down, timestamp });
    }

    fn price(&self) -> Result<U256, Revert> {
        let answer = self.world.view(self.oracle, &IOracle::priceCall { asset: ASSET }.abi_encode());
        answer.map(|output| U256::from_be_slice(&output))
    }

    fn peek(&self) -> (U256, U256, u64) {
        let output = self.world.view(self.oracle, &IOracle::peekCall { asset: ASSET }.abi_encode()).unwrap();
        let seen = IOracle::peekCall::abi_decode_returns(&output).unwrap();
        (seen.priceWad, seen.updatedAtSecs, seen.status.to())
    }

    fn poke(&mut self) -> (u64, u64) {
        let call = IOracle::pokeCall { asset: ASSET }.abi_encode();
        let done = self.world.execute(OPERATOR, self.oracle, &call).unwrap();
        let answer = IOracle::pokeCall::abi_decode_returns(&done.output).unwrap();
        (answer.state.to(), answer.status.to())
    }

    fn refused(&self, error: &impl SolError) {
        assert_eq!(self.price(), Err(revert_of(error)));
    }

    /// Puts another aggregator behind the proxy, which begins a phase.
    fn next_phase(&mut self, decimals: u8) {
        let next = aggregator(&mut self.world, decimals, 1);
        let proxy = self.proxy;
        self.send(OPERATOR, proxy, &IProxy::proposeAggregatorCall { aggregator: next });
        self.send(OPERATOR, proxy, &IProxy::confirmAggregatorCall { aggregator: next });
        self.aggregator = next;
    }
}

fn send(world: &mut WasmWorld, from: Address, to: Address, call: &impl SolCall) {
    world.execute(from, to, &call.abi_encode()).unwrap_or_else(|refusal| panic!("refused: {refusal:?}"));
}

/// An aggregator with one reporter, whose every submission from `least` on is an answer.
fn aggregator(world: &mut WasmWorld, decimals: u8, least: i64) -> Address {
    let none = Address::ZERO;
    let (least, most) = (I256::try_from(least).unwrap(), I256::try_from(1_000_000_000_000_000_i64).unwrap());
    let arguments =
        (none, U256::ZERO, n(600), none, least, most, U256::from(decimals), "ETH / USD").abi_encode_params();
    let aggregator = world.deploy_solidity(OPERATOR, "FluxAggregator", "FluxAggregator", &arguments);
    let reporters = IFlux::changeOraclesCall {
        removed: Vec::new(),
        added: vec![REPORTER],
        admins: vec![REPORTER],
        minSubmissions: 1,
        maxSubmissions: 1,
        restartDelay: 0,
    };
    send(world, OPERATOR, aggregator, &reporters);
    aggregator
}

/// The uptime feed over its flags, initialised now and readable by the oracle.
fn uptime_feed(world: &mut WasmWorld, oracle: Address) -> Address {
    let flags = world.deploy_solidity(OPERATOR, "Flags", "Flags", &(Address::ZERO, Address::ZERO).abi_encode_params());
    let access = "SimpleWriteAccessController";
    let controller = world.deploy_solidity(OPERATOR, access, access, &[]);
    let number = |account: Address| U256::from_be_slice(account.as_slice());
    let parent = number(SEQUENCER).wrapping_sub(number(ALIAS_OFFSET));
    let parent = Address::from_slice(&parent.to_be_bytes::<32>()[12..]);
    let name = "ArbitrumSequencerUptimeFeed";
    let feed = world.deploy_solidity(OPERATOR, name, name, &(flags, parent).abi_encode_params());
    send(world, OPERATOR, flags, &IAccess::addAccessCall { user: feed });
    send(world, OPERATOR, controller, &IAccess::addAccessCall { user: feed });
    send(world, OPERATOR, flags, &IAccess::setRaisingAccessControllerCall { controller });
    send(world, OPERATOR, flags, &IAccess::setLoweringAccessControllerCall { controller });
    send(world, OPERATOR, feed, &IUptime::initializeCall {});
    send(world, OPERATOR, feed, &IAccess::addAccessCall { user: oracle });
    feed
}

#[test]
fn submissions_become_prices_and_go_stale() {
    let mut chainlink = Chainlink::new();
    assert_eq!(chainlink.price(), Ok(usd(2_000)));
    chainlink.world.advance_secs(600);
    chainlink.submit(2, 1_950);
    let updated = chainlink.world.time_secs();
    assert_eq!(chainlink.peek(), (usd(1_950), n(updated), 0));
    assert_eq!(chainlink.poke(), (0, 0));
    chainlink.world.advance_secs(HEARTBEAT);
    assert_eq!(chainlink.price(), Ok(usd(1_950)));
    chainlink.world.advance_secs(1);
    let now = chainlink.world.time_secs();
    let (asset, heartbeat) = (ASSET, n(HEARTBEAT));
    chainlink.refused(&IOracle::AnswerStale {
        asset,
        updatedAtSecs: n(updated),
        heartbeatSecs: heartbeat,
        nowSecs: n(now),
    });
    assert_eq!(chainlink.poke(), (3, 10));
    chainlink.submit(3, 1_900);
    assert_eq!(chainlink.price(), Ok(usd(1_900)));
}

#[test]
fn an_aggregator_without_an_answer_refuses_and_so_do_we() {
    let mut chainlink = Chainlink::new();
    chainlink.next_phase(8);
    // The proxy's new aggregator says "No data present".
    chainlink.refused(&IOracle::FeedUnreadable { asset: ASSET, aggregator: chainlink.proxy });
    chainlink.submit(1, 2_010);
    assert_eq!(chainlink.price(), Ok(usd(2_010)));
}

#[test]
fn a_change_of_phase_is_followed_when_the_decimals_stay() {
    let mut chainlink = Chainlink::new();
    assert_eq!(chainlink.poke(), (0, 0));
    chainlink.next_phase(8);
    chainlink.submit(1, 1_990);
    let phase = chainlink.world.view(chainlink.proxy, &IProxy::phaseIdCall {}.abi_encode()).unwrap();
    assert_eq!(U256::from_be_slice(&phase), n(2));
    // Round numbers went from 2^64 + 1 to 2^65 + 1, the answer is the new aggregator's.
    assert_eq!(chainlink.price(), Ok(usd(1_990)));
    let word = chainlink.world.storage_word(chainlink.oracle, feed_slot());
    assert_eq!(phase_in(word), 1, "a view records nothing");
    chainlink.world.advance_secs(1);
    assert_eq!(chainlink.poke(), (0, 0));
    let word = chainlink.world.storage_word(chainlink.oracle, feed_slot());
    assert_eq!(phase_in(word), 2);
    assert_eq!(chainlink.price(), Ok(usd(1_990)));
}

#[test]
fn a_change_of_phase_with_other_decimals_is_refused_until_the_owner_sets_the_feed_again() {
    let mut chainlink = Chainlink::new();
    chainlink.next_phase(6);
    chainlink.submit(1, 1_990);
    let (asset, aggregator) = (ASSET, chainlink.proxy);
    chainlink.refused(&IOracle::DecimalsChanged { asset, aggregator, expectedDecimals: n(8) });
    assert_eq!(chainlink.poke(), (3, 13));
    chainlink.refused(&IOracle::DecimalsChanged { asset, aggregator, expectedDecimals: n(8) });
    chainlink.set_feed();
    // The reporter still says 8 decimals' worth, so the price is a hundredfold; but it is what the feed says.
    assert_eq!(chainlink.price(), Ok(usd(199_000)));
}

#[test]
fn the_real_uptime_feed_stops_prices_and_its_grace_period_follows() {
    let mut chainlink = Chainlink::new();
    chainlink.world.advance_secs(10);
    let down = chainlink.world.time_secs();
    chainlink.report_sequencer(true);
    chainlink.refused(&IOracle::SequencerDown { sinceSecs: n(down) });
    assert_eq!(chainlink.peek(), (usd(2_000), n(down - 10), 4));
    chainlink.world.advance_secs(300);
    let up = chainlink.world.time_secs();
    chainlink.report_sequencer(false);
    chainlink.world.advance_secs(GRACE);
    let grace = IOracle::SequencerGrace { upSinceSecs: n(up), graceSecs: n(GRACE), nowSecs: n(up + GRACE) };
    chainlink.refused(&grace);
    chainlink.world.advance_secs(1);
    assert_eq!(chainlink.price(), Ok(usd(2_000)));
}

#[test]
fn an_uptime_feed_that_does_not_let_us_read_stops_prices() {
    let mut chainlink = Chainlink::new();
    let (uptime, oracle) = (chainlink.uptime, chainlink.oracle);
    chainlink.send(OPERATOR, uptime, &IAccess::removeAccessCall { user: oracle });
    chainlink.refused(&IOracle::SequencerUnreadable { feed: uptime });
    assert_eq!(chainlink.peek().2, 2);
    chainlink.send(OPERATOR, uptime, &IAccess::addAccessCall { user: oracle });
    assert_eq!(chainlink.price(), Ok(usd(2_000)));
}

#[test]
fn a_second_real_aggregator_guards_the_first() {
    let mut chainlink = Chainlink::new();
    let first = chainlink.aggregator;
    let other = aggregator(&mut chainlink.world, 8, 1);
    chainlink.aggregator = other;
    chainlink.submit(1, 2_010);
    let set = IOracle::setSecondCall {
        asset: ASSET,
        aggregator: other,
        heartbeatSecs: n(HEARTBEAT),
        softBps: n(100),
        hardBps: n(500),
    };
    let oracle = chainlink.oracle;
    chainlink.send(OWNER, oracle, &set);
    assert_eq!(chainlink.price(), Ok(usd(2_000)));
    chainlink.submit(2, 2_060);
    let (asset, first_wad, second_wad) = (ASSET, usd(2_000), usd(2_060));
    chainlink.refused(&IOracle::SourcesDiffer { asset, firstWad: first_wad, secondWad: second_wad, softBps: n(100) });
    assert_eq!(chainlink.poke(), (1, 15));
    // A wrong answer of the first is caught, and the right one ends it.
    chainlink.aggregator = first;
    chainlink.submit(2, 1);
    chainlink.refused(&IOracle::SourcesDisagree { asset, firstWad: usd(1), secondWad: second_wad, hardBps: n(500) });
    assert_eq!(chainlink.poke(), (3, 16));
    chainlink.submit(3, 2_055);
    assert_eq!(chainlink.price(), Ok(usd(2_055)));
    assert_eq!(chainlink.poke(), (0, 0));
}

#[test]
fn a_jump_of_a_real_aggregator_is_held_and_released() {
    let mut chainlink = Chainlink::new();
    let (oracle, hold) = (chainlink.oracle, 600);
    let set = IOracle::setBreakerCall { asset: ASSET, jumpBps: n(1_000), sigmas: n(0), holdSecs: n(hold) };
    chainlink.send(OWNER, oracle, &set);
    assert_eq!(chainlink.poke(), (0, 0));
    chainlink.world.advance_secs(300);
    chainlink.submit(2, 1_700);
    assert_eq!(chainlink.poke(), (2, 17));
    let until = chainlink.world.time_secs() + hold;
    let held = IOracle::JumpHeld { asset: ASSET, referenceWad: usd(2_000), priceWad: usd(1_700), untilSecs: n(until) };
    chainlink.refused(&held);
    // The next round says the same, and prolongs nothing.
    chainlink.world.advance_secs(hold - 1);
    chainlink.submit(3, 1_700);
    chainlink.refused(&held);
    chainlink.world.advance_secs(1);
    assert_eq!(chainlink.price(), Ok(usd(1_700)));
    assert_eq!(chainlink.poke(), (0, 0));
}

#[test]
fn a_band_refuses_what_a_real_aggregator_says_outside_of_it() {
    let mut chainlink = Chainlink::new();
    let (oracle, min_wad, max_wad) = (chainlink.oracle, usd(1_900), usd(2_100));
    chainlink.send(OWNER, oracle, &IOracle::setBandCall { asset: ASSET, minWad: min_wad, maxWad: max_wad });
    assert_eq!(chainlink.price(), Ok(usd(2_000)));
    let outside =
        |price_wad| IOracle::PriceOutOfBand { asset: ASSET, priceWad: price_wad, minWad: min_wad, maxWad: max_wad };
    for (round, dollars) in [(2, 1_899), (3, 2_101)] {
        chainlink.submit(round, dollars);
        chainlink.refused(&outside(usd(dollars.unsigned_abs().into())));
        assert_eq!(chainlink.poke(), (3, 12));
    }
    chainlink.submit(4, 2_100);
    assert_eq!(chainlink.price(), Ok(usd(2_100)));
}

#[test]
fn an_answer_that_is_not_positive_is_refused() {
    let mut chainlink = Chainlink::new();
    // This one takes negative submissions, as an aggregator of a price that may be below zero does.
    let lenient = aggregator(&mut chainlink.world, 8, -1_000_000);
    let (proxy, first) = (chainlink.proxy, chainlink.aggregator);
    chainlink.send(OPERATOR, proxy, &IProxy::proposeAggregatorCall { aggregator: lenient });
    chainlink.send(OPERATOR, proxy, &IProxy::confirmAggregatorCall { aggregator: lenient });
    chainlink.aggregator = lenient;
    for (round, answer) in [(1, -1), (2, 0), (3, -1_000_000)] {
        chainlink.submit_raw(round, answer);
        let answer = I256::try_from(answer).unwrap();
        chainlink.refused(&IOracle::AnswerNotPositive { asset: ASSET, answer });
        assert_eq!(chainlink.poke(), (3, 8));
    }
    chainlink.submit(4, 1_990);
    assert_eq!(chainlink.price(), Ok(usd(1_990)));
    // The usual one lets nobody submit such an answer.
    let call = IFlux::submitCall { roundId: n(2), answer: I256::ZERO }.abi_encode();
    assert!(chainlink.world.execute(REPORTER, first, &call).is_err());
}

#[test]
fn a_real_aggregator_of_a_rate_multiplies_the_price_and_is_cut_to_its_line() {
    let mut chainlink = Chainlink::new();
    // Rates are submitted with eight decimals too; half of the snapshot may be gained in a year.
    let rates = aggregator(&mut chainlink.world, 8, 1);
    let (oracle, prices) = (chainlink.oracle, chainlink.aggregator);
    chainlink.aggregator = rates;
    chainlink.submit_raw(1, 120_000_000);
    let week_ago = chainlink.world.time_secs() - 604_800;
    let snapshot_rate_wad = usd(12) / n(10);
    let set = IOracle::setRateCall {
        asset: ASSET,
        rateFeed: rates,
        heartbeatSecs: n(HEARTBEAT),
        snapshotRateWad: snapshot_rate_wad,
        snapshotAtSecs: n(week_ago),
        growthBps: n(5_000),
    };
    chainlink.send(OWNER, oracle, &set);
    assert_eq!(chainlink.price(), Ok(usd(2_400)));
    // A rate that doubles is cut: 1.2 and half of it for the part of a year since the snapshot.
    chainlink.submit_raw(2, 240_000_000);
    let elapsed = chainlink.world.time_secs() - week_ago;
    let line_wad = snapshot_rate_wad + snapshot_rate_wad * n(5_000) * n(elapsed) / n(10_000 * 31_536_000);
    assert_eq!(chainlink.price(), Ok(line_wad * n(2_000)));
    let output = chainlink.world.view(oracle, &IOracle::reportCall { asset: ASSET }.abi_encode()).unwrap();
    let found = IOracle::reportCall::abi_decode_returns(&output).unwrap();
    assert!(found.isRateCut && found.rateWad == line_wad);
    // One that falls is taken as it is.
    chainlink.submit_raw(3, 110_000_000);
    assert_eq!(chainlink.price(), Ok(usd(2_200)));
    // A rate that is not told any more leaves no price, however fresh the price itself.
    chainlink.world.advance_secs(HEARTBEAT + 1);
    chainlink.aggregator = prices;
    chainlink.submit(2, 2_000);
    chainlink.refused(&IOracle::RateUnusable { asset: ASSET, aggregator: rates, status: n(10) });
}

#[test]
fn a_proxy_that_does_not_let_us_read_gives_no_price_until_it_does() {
    let mut chainlink = Chainlink::new();
    let (proxy, oracle) = (chainlink.proxy, chainlink.oracle);
    let access = "SimpleWriteAccessController";
    let controller = chainlink.world.deploy_solidity(OPERATOR, access, access, &[]);
    chainlink.send(OPERATOR, proxy, &IProxy::setControllerCall { accessController: controller });
    chainlink.refused(&IOracle::FeedUnreadable { asset: ASSET, aggregator: proxy });
    assert_eq!(chainlink.peek(), (n(0), n(0), 6));
    assert_eq!(chainlink.poke(), (3, 6));
    chainlink.send(OPERATOR, controller, &IAccess::addAccessCall { user: oracle });
    assert_eq!(chainlink.price(), Ok(usd(2_000)));
    assert_eq!(chainlink.poke(), (0, 0));
}

/// The word that holds the asset's feed: the mapping at slot 3.
fn feed_slot() -> U256 {
    alloy_primitives::keccak256((ASSET, n(3)).abi_encode_params()).into()
}

fn phase_in(word: U256) -> u64 {
    ((word >> 200_usize) & n(0xffff)).to()
}
