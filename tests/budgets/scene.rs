//! The system with one collateral in use, cached programs, and feeds of one kind or the other.

use crate::feeds::{Feed, Feeds};
use alloy_primitives::{Address, U256, address};
use alloy_sol_types::{SolCall, sol};
use devnode::CallRequest;
use interface::{IOracle, IVault};
use support::{
    WasmWorld,
    actors::{ALICE, BOB, BUYER, KEEPER, LENDER, OPERATOR, OWNER},
    doubles::ITestToken,
    system::{Addresses, System, USD, WETH},
    world::World,
};

use crate::breakdown::Parts;

sol! {
    interface ICacheManager {
        function placeBid(address program) external payable;
    }
}

/// Where tools bid for a place in the cache.
const CACHE_MANAGER: Address = address!("2F8Bd4EaB69764c105aDd7dE7CB0402557a44E6f");
/// Calls several contracts in one transaction.
pub(crate) const MULTICALL: Address = address!("cA11bde05977b3631167028862bE2a173976CA11");
/// The interest of a year, compounded 5%.
const INTEREST_YEARLY_BPS: u64 = 488;
/// A tenth of the interest is the surplus'.
const RESERVE_BPS: u64 = 1_000;

pub(crate) struct Scene {
    pub(crate) world: WasmWorld,
    pub(crate) at: Addresses,
    feeds: Feeds,
}

impl Scene {
    /// Feeds that answer from one word, and no sequencer feed.
    pub(crate) fn with_stub_feeds() -> Self {
        Self::new(|world, _| Feeds { usd: Feed::stub(world), weth: Feed::stub(world), sequencer: Address::ZERO })
    }

    /// Chainlink's own feeds, the sequencer's too.
    pub(crate) fn with_chainlink() -> Self {
        Self::new(|world, at| Feeds {
            usd: Feed::chainlink(world),
            weth: Feed::chainlink(world),
            sequencer: crate::feeds::uptime(world, at.oracle),
        })
    }

    fn new(feeds: impl FnOnce(&mut WasmWorld, &Addresses) -> Feeds) -> Self {
        let mut world = WasmWorld::default();
        let at = System::set_up_in(&mut world);
        let feeds = feeds(&mut world, &at);
        let mut scene = Self { world, at, feeds };
        scene.wait(7_200);
        scene.set_dollars(1, 2_000);
        let Feeds { usd, weth, sequencer } = scene.feeds;
        scene.send(
            OWNER,
            at.oracle,
            &IOracle::setSequencerCall { uptimeFeed: sequencer, graceSecs: U256::from(3_600) },
        );
        for (asset, feed) in [(at.usd, usd), (at.weth, weth)] {
            let heartbeat = U256::from(86_400);
            let set = IOracle::setFeedCall { asset: asset.token, aggregator: feed.address(), heartbeatSecs: heartbeat };
            scene.send(OWNER, at.oracle, &set);
        }
        let curve = IVault::RateCurve {
            baseYearlyBps: U256::from(INTEREST_YEARLY_BPS),
            kinkPercent: U256::from(80),
            slope1YearlyBps: U256::ZERO,
            slope2YearlyBps: U256::ZERO,
            reserveBps: U256::from(RESERVE_BPS),
        };
        scene.send(OWNER, at.vault, &IVault::setRateCurveCall { newCurve: curve });
        for program in [at.oracle, at.vault, at.auction, at.pool, at.reserve, at.lens] {
            scene.send(OPERATOR, CACHE_MANAGER, &ICacheManager::placeBidCall { program });
        }
        scene.warm();
        scene
    }

    /// Everybody holds a little of what they will receive.
    fn warm(&mut self) {
        let at = self.at;
        for holder in [ALICE, BOB, KEEPER] {
            self.send(
                LENDER,
                at.usd.token,
                &ITestToken::transferCall { to: holder, amountRaw: U256::from(1_000 * USD) },
            );
        }
        for holder in [BUYER, MULTICALL] {
            self.send(ALICE, at.weth.token, &ITestToken::transferCall { to: holder, amountRaw: U256::from(WETH) });
        }
        let much = U256::from(100_000 * USD);
        self.send(LENDER, at.usd.token, &ITestToken::transferCall { to: MULTICALL, amountRaw: much });
        self.send(MULTICALL, at.usd.token, &ITestToken::approveCall { spender: at.vault, amountRaw: U256::MAX });
    }

    /// Lets both feeds answer whole dollars now.
    pub(crate) fn set_dollars(&mut self, usd: i64, weth: i64) {
        let mut feeds = self.feeds;
        feeds.usd.answer(&mut self.world, usd);
        feeds.weth.answer(&mut self.world, weth);
        self.feeds = feeds;
    }

    pub(crate) fn wait(&mut self, secs: u64) {
        self.world.advance_secs(secs);
    }

    /// Sends a transaction that must take effect; answers its gas.
    pub(crate) fn send(&mut self, from: Address, to: Address, call: &impl SolCall) -> Option<u64> {
        let done = self.world.execute(from, to, &call.abi_encode());
        done.unwrap_or_else(|refusal| panic!("from {from} to {to}: {refusal:?}")).gas_used
    }

    /// Sends a transaction that must take effect, and says where its gas went.
    pub(crate) fn measure(&mut self, from: Address, to: Address, call: &impl SolCall) -> Parts {
        let gas_used = self.send(from, to, call);
        let node = self.world.node();
        let block = node.block(node.block_number()).expect("the newest block is there");
        let hash = *block.transactions.last().expect("a block holds the transaction it was made for");
        let frame = node.trace_frames(hash).expect("it is mined");
        let steps = node.trace(hash).expect("it is mined");
        assert_eq!(Some(frame.gas_used), gas_used);
        Parts::of_transaction(&frame, &steps, &self.tokens())
    }

    /// Asks, and says where the gas went.
    pub(crate) fn ask(&self, to: Address, call: &impl SolCall) -> Parts {
        let request = || CallRequest::new(to, call.abi_encode());
        let frame = self.world.node().trace_call_frames(request()).expect("it is answered");
        let steps = self.world.node().trace_call(request()).expect("it is answered");
        Parts::of_view(&frame, &steps, &self.tokens())
    }

    fn tokens(&self) -> [Address; 3] {
        [self.at.usd.token, self.at.weth.token, self.at.wbtc.token]
    }
}
