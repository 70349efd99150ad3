//! The two kinds of feeds: one word, or Chainlink's contracts driven through their own functions.

use alloy_primitives::{Address, I256, U256, address};
use alloy_sol_types::{SolCall, SolValue, sol};
use support::{
    WasmWorld,
    actors::{OPERATOR, STRANGER},
    doubles::IScriptedFeed,
    system::FEED_DOLLAR,
    world::World,
};

sol! {
    interface IFlux {
        function changeOracles(address[] removed, address[] added, address[] admins, uint32 minSubmissions, uint32 maxSubmissions, uint32 restartDelay) external;
        function submit(uint256 roundId, int256 answer) external;
    }
    interface IAccess {
        function addAccess(address user) external;
        function setRaisingAccessController(address controller) external;
        function setLoweringAccessController(address controller) external;
    }
    interface IUptime {
        function initialize() external;
    }
}

/// What an account of the parent chain is moved by to be the sender here.
const ALIAS_OFFSET: Address = address!("1111000000000000000000000000000000001111");

/// The feeds of a scene; without a sequencer feed, zero.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Feeds {
    pub(crate) usd: Feed,
    pub(crate) weth: Feed,
    pub(crate) sequencer: Address,
}

#[derive(Debug, Clone, Copy)]
pub(crate) enum Feed {
    Stub(Address),
    /// The proxy that is read, the aggregator that is written, and the last round.
    Chainlink {
        proxy: Address,
        aggregator: Address,
        round: u64,
    },
}

impl Feed {
    pub(crate) fn stub(world: &mut WasmWorld) -> Self {
        Self::Stub(world.deploy_solidity(OPERATOR, "StubFeed", "StubFeed", &[]))
    }

    /// An aggregator with one reporter behind a proxy.
    pub(crate) fn chainlink(world: &mut WasmWorld) -> Self {
        let none = Address::ZERO;
        let (least, most) = (I256::ONE, I256::try_from(1_000_000_000_000_000_i64).expect("it fits"));
        let arguments = (none, U256::ZERO, U256::from(600), none, least, most, U256::from(8), "an asset / USD");
        let name = "FluxAggregator";
        let aggregator = world.deploy_solidity(OPERATOR, name, name, &arguments.abi_encode_params());
        let reporters = IFlux::changeOraclesCall {
            removed: Vec::new(),
            added: vec![OPERATOR],
            admins: vec![OPERATOR],
            minSubmissions: 1,
            maxSubmissions: 1,
            restartDelay: 0,
        };
        send(world, aggregator, &reporters);
        let name = "EACAggregatorProxy";
        let proxy = world.deploy_solidity(OPERATOR, name, name, &(aggregator, none).abi_encode_params());
        Self::Chainlink { proxy, aggregator, round: 0 }
    }

    /// What the oracle reads.
    pub(crate) fn address(&self) -> Address {
        match self {
            Self::Stub(address) => *address,
            Self::Chainlink { proxy, .. } => *proxy,
        }
    }

    /// Answers whole dollars now.
    pub(crate) fn answer(&mut self, world: &mut WasmWorld, dollars: i64) {
        let answer = I256::try_from(i128::from(dollars) * FEED_DOLLAR).expect("it fits");
        match self {
            Self::Stub(feed) => send(world, *feed, &IScriptedFeed::pushCall { answer }),
            Self::Chainlink { aggregator, round, .. } => {
                *round += 1;
                send(world, *aggregator, &IFlux::submitCall { roundId: U256::from(*round), answer });
            }
        }
    }
}

/// The sequencer's uptime feed over its flags, up since now and readable by the oracle.
pub(crate) fn uptime(world: &mut WasmWorld, oracle: Address) -> Address {
    let flags = world.deploy_solidity(OPERATOR, "Flags", "Flags", &(Address::ZERO, Address::ZERO).abi_encode_params());
    let access = "SimpleWriteAccessController";
    let controller = world.deploy_solidity(OPERATOR, access, access, &[]);
    let number = |account: Address| U256::from_be_slice(account.as_slice());
    let parent = number(STRANGER).wrapping_sub(number(ALIAS_OFFSET)).to_be_bytes::<32>();
    let parent = Address::from_slice(&parent[12..]);
    let name = "ArbitrumSequencerUptimeFeed";
    let feed = world.deploy_solidity(OPERATOR, name, name, &(flags, parent).abi_encode_params());
    send(world, flags, &IAccess::addAccessCall { user: feed });
    send(world, controller, &IAccess::addAccessCall { user: feed });
    send(world, flags, &IAccess::setRaisingAccessControllerCall { controller });
    send(world, flags, &IAccess::setLoweringAccessControllerCall { controller });
    send(world, feed, &IUptime::initializeCall {});
    send(world, feed, &IAccess::addAccessCall { user: oracle });
    feed
}

fn send(world: &mut WasmWorld, to: Address, call: &impl SolCall) {
    world.execute(OPERATOR, to, &call.abi_encode()).unwrap_or_else(|refusal| panic!("setting up {to}: {refusal:?}"));
}
