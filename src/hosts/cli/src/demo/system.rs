//! The deployment: tokens, feeds, timelock, our contracts owned by it, a market and a buyer's contract.

use super::{
    governance::{Governance, Proposal},
    parameters as set,
    prices::PRICE_DECIMALS,
};
use crate::{
    amount::tokens,
    chain::{
        Artifacts, Chain, ChainError,
        peers::{AccessControlled, Aggregator, Desk, UptimeFeed},
    },
    error::Failure,
};
use alloy_primitives::{Address, Bytes, I256, U256};
use alloy_sol_types::SolValue;
use interface::{IAuction, IOracle, IPool, IReserve, IShared, IVault};
use std::path::Path;

/// The code of everything that is deployed, read before the chain begins.
#[derive(Debug, Clone)]
pub(crate) struct Code {
    oracle: Vec<u8>,
    vault: Vec<u8>,
    auction: Vec<u8>,
    pool: Vec<u8>,
    reserve: Vec<u8>,
    lens: Vec<u8>,
    token: Bytes,
    timelock: Bytes,
    aggregator: Bytes,
    proxy: Bytes,
    flags: Bytes,
    access_controller: Bytes,
    uptime_feed: Bytes,
    desk: Bytes,
    taker: Bytes,
}

impl Code {
    /// Reads the WASM and the artifacts.
    ///
    /// # Errors
    /// A file that is missing, unreadable or malformed, with what makes it.
    pub(crate) fn read(wasm: &Path, artifacts: &Artifacts) -> Result<Self, Failure> {
        let contract = |name: &str| {
            let file = wasm.join(format!("{name}.wasm"));
            let path = file.display().to_string();
            std::fs::read(&file).map_err(|error| match error.kind() {
                std::io::ErrorKind::NotFound => {
                    Failure::MissingInput { path, remedy: "scripts/build-wasm makes it".into() }
                }
                _ => Failure::UnreadableInput { path, reason: error.to_string() },
            })
        };
        Ok(Self {
            oracle: contract("oracle")?,
            vault: contract("vault")?,
            auction: contract("auction")?,
            pool: contract("pool")?,
            reserve: contract("reserve")?,
            lens: contract("lens")?,
            token: artifacts.creation_code("TestToken")?,
            timelock: artifacts.creation_code("TimelockController")?,
            aggregator: artifacts.creation_code("FluxAggregator")?,
            proxy: artifacts.creation_code("EACAggregatorProxy")?,
            flags: artifacts.creation_code("Flags")?,
            access_controller: artifacts.creation_code("SimpleWriteAccessController")?,
            uptime_feed: artifacts.creation_code("ArbitrumSequencerUptimeFeed")?,
            desk: artifacts.creation_code("Desk")?,
            taker: artifacts.creation_code("ExampleTaker")?,
        })
    }
}

/// Who does what. Each is an account of its own.
#[derive(Debug, Clone, Copy)]
pub(crate) struct People {
    /// Deploys, and owns what is not ours.
    pub(crate) deployer: Address,
    /// Submits prices to Chainlink's aggregators.
    pub(crate) price_oracle: Address,
    /// Stands for the L1 contract that reports the sequencer's state.
    pub(crate) sequencer: Address,
    /// Proposes to the timelock and executes.
    pub(crate) dao: Address,
    /// Lends the debt asset through the pool, and gives to the surplus.
    pub(crate) lender: Address,
    /// Stakes in the reserve.
    pub(crate) staker: Address,
    /// Starts and restarts auctions.
    pub(crate) keeper: Address,
    /// Buys with capital.
    pub(crate) buyer: Address,
    /// Owns the contract that buys without capital.
    pub(crate) arbitrageur: Address,
}

impl People {
    pub(crate) fn on(chain: &Chain) -> Self {
        let account = |index| chain.funded_account(index);
        Self {
            deployer: account(0),
            price_oracle: account(1),
            sequencer: account(2),
            dao: account(3),
            lender: account(4),
            keeper: account(5),
            buyer: account(6),
            arbitrageur: account(7),
            staker: account(8),
        }
    }
}

/// A price feed: a proxy, and the aggregator behind it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Feed {
    pub(crate) proxy: Address,
    pub(crate) aggregator: Address,
    /// The newest round.
    pub(crate) round: u64,
}

/// A collateral with its feed.
#[derive(Debug, Clone)]
pub(crate) struct Asset {
    pub(crate) name: &'static str,
    pub(crate) token: Address,
    pub(crate) decimals: u8,
    pub(crate) feed: Feed,
}

/// Where everything is.
#[derive(Debug, Clone)]
pub(crate) struct System {
    pub(crate) oracle: Address,
    pub(crate) vault: Address,
    pub(crate) auction: Address,
    pub(crate) pool: Address,
    pub(crate) reserve: Address,
    pub(crate) lens: Address,
    pub(crate) governance: Governance,
    pub(crate) debt_asset: Address,
    pub(crate) debt_feed: Feed,
    pub(crate) collaterals: [Asset; 2],
    pub(crate) uptime_feed: Address,
    pub(crate) desk: Address,
    pub(crate) taker: Address,
}

/// What the desk keeps of each sale.
const DESK_FEE_BPS: u64 = 30;

/// Deploys everything. The timelock owns nothing yet: it is offered our contracts, and takes them by [`take_over`].
pub(crate) fn deploy(chain: &mut Chain, code: &Code, people: &People) -> Result<System, ChainError> {
    let deployer = people.deployer;
    let mut create =
        |name: &str, bytecode: &Bytes, arguments: Vec<u8>| chain.create(name, deployer, bytecode, &arguments);
    let mut token = |title: &str, name: &str, decimals: u8| {
        create(
            &format!("token {name}"),
            &code.token,
            (title.to_owned(), name.to_owned(), U256::from(decimals)).abi_encode_params(),
        )
    };
    let debt_asset = token("US Dollar", "USD", set::DEBT_DECIMALS)?;
    let [weth, wbtc] = &set::LISTINGS;
    let weth_token = token(weth.title, weth.name, weth.decimals)?;
    let wbtc_token = token(wbtc.title, wbtc.name, wbtc.decimals)?;

    let debt_feed = create_feed(chain, code, people, "USD / USD")?;
    let collaterals = [
        Asset {
            name: weth.name,
            token: weth_token,
            decimals: weth.decimals,
            feed: create_feed(chain, code, people, weth.feed)?,
        },
        Asset {
            name: wbtc.name,
            token: wbtc_token,
            decimals: wbtc.decimals,
            feed: create_feed(chain, code, people, wbtc.feed)?,
        },
    ];

    let members = vec![people.dao];
    let timelock_arguments = (U256::from(set::TIMELOCK_DELAY_SECS), members.clone(), members, Address::ZERO);
    let timelock = chain.create("timelock", deployer, &code.timelock, &timelock_arguments.abi_encode_params())?;

    let oracle = chain.create_stylus("oracle", deployer, &code.oracle, &deployer.abi_encode())?;
    let vault =
        chain.create_stylus("vault", deployer, &code.vault, &(deployer, debt_asset, oracle).abi_encode_params())?;
    let auction = chain.create_stylus("auction", deployer, &code.auction, &(deployer, vault).abi_encode_params())?;
    let reserve = chain.create_stylus("reserve", deployer, &code.reserve, &(deployer, vault).abi_encode_params())?;
    let pool = chain.create_stylus("pool", deployer, &code.pool, &(deployer, vault, reserve).abi_encode_params())?;
    let lens = chain.create_stylus("lens", deployer, &code.lens, &(vault, auction).abi_encode_params())?;
    for contract in [oracle, vault, auction, pool, reserve] {
        chain.send("offer ownership", deployer, contract, &IShared::transferOwnershipCall { newOwner: timelock })?;
    }

    let uptime_feed = create_uptime_feed(chain, code, people, oracle)?;
    let desk =
        chain.create("desk", deployer, &code.desk, &(debt_asset, U256::from(DESK_FEE_BPS)).abi_encode_params())?;
    for asset in &collaterals {
        chain.send("desk list", deployer, desk, &Desk::listCall { token: asset.token, feed: asset.feed.proxy })?;
    }
    let taker_arguments = (auction, vault, debt_asset, desk).abi_encode_params();
    let taker = chain.create("taker", people.arbitrageur, &code.taker, &taker_arguments)?;
    let governance = Governance { timelock, proposer: people.dao };
    Ok(System {
        oracle,
        vault,
        auction,
        pool,
        reserve,
        lens,
        governance,
        debt_asset,
        debt_feed,
        collaterals,
        uptime_feed,
        desk,
        taker,
    })
}

/// The first proposal: the timelock takes the contracts it was offered, and sets up the whole market.
pub(crate) fn take_over(system: &System) -> Proposal {
    let accept = IShared::acceptOwnershipCall {};
    let mut proposal = Proposal::named("set-up")
        .call(system.oracle, &accept)
        .call(system.vault, &accept)
        .call(system.auction, &accept)
        .call(system.pool, &accept)
        .call(system.reserve, &accept)
        .call(system.oracle, &set_feed(system.debt_asset, &system.debt_feed, set::DEBT_HEARTBEAT_SECS))
        .call(
            system.oracle,
            &IOracle::setSequencerCall { uptimeFeed: system.uptime_feed, graceSecs: U256::from(set::GRACE_SECS) },
        )
        .call(
            system.vault,
            &IVault::setModulesCall {
                auctionContract: system.auction,
                poolContract: system.pool,
                reserveContract: system.reserve,
            },
        )
        .call(system.reserve, &IReserve::setRulesCall { newRules: set::reserve_rules() })
        .call(system.pool, &IPool::setDepositCapCall { capRaw: set::deposit_cap_raw() })
        .call(
            system.vault,
            &IVault::setLimitsCall { ceilingRaw: set::debt_ceiling_raw(), minDebtRaw: set::min_debt_raw() },
        )
        .call(
            system.vault,
            &IVault::setLiquidationRuleCall {
                targetHealthWad: set::TARGET_HEALTH_WAD,
                wholeShareBps: U256::from(set::WHOLE_SHARE_BPS),
            },
        )
        .call(
            system.vault,
            &IVault::setRateCurveCall {
                newCurve: IVault::RateCurve {
                    baseYearlyBps: U256::ZERO,
                    kinkPercent: U256::from(set::KINK_PERCENT),
                    slope1YearlyBps: U256::from(set::SLOPE1_YEARLY_BPS),
                    slope2YearlyBps: U256::from(set::SLOPE2_YEARLY_BPS),
                    reserveBps: U256::from(set::RESERVE_BPS),
                },
            },
        )
        .call(
            system.auction,
            &IAuction::setRewardCall {
                newReward: IAuction::Reward {
                    flatRaw: set::flat_reward_raw(),
                    shareBps: U256::from(set::REWARD_SHARE_BPS),
                    maxPenaltyBps: U256::from(set::REWARD_MAX_PENALTY_BPS),
                },
            },
        )
        .call(system.auction, &IAuction::setLimitsCall { capRaw: set::sale_cap_raw(), minDueRaw: set::min_due_raw() });
    for ((asset, listing), terms) in system.collaterals.iter().zip(&set::LISTINGS).zip(set::terms()) {
        proposal = proposal
            .call(system.oracle, &set_feed(asset.token, &asset.feed, set::HEARTBEAT_SECS))
            .call(
                system.vault,
                &IVault::setCollateralCall {
                    token: asset.token,
                    ltvBps: U256::from(listing.ltv_bps),
                    thresholdBps: U256::from(listing.threshold_bps),
                    penaltyBps: U256::from(listing.penalty_bps),
                    capRaw: tokens(listing.cap_tokens, listing.decimals),
                },
            )
            .call(system.auction, &IAuction::setTermsCall { collateral: asset.token, newTerms: terms });
    }
    proposal
}

fn set_feed(asset: Address, feed: &Feed, heartbeat_secs: u64) -> IOracle::setFeedCall {
    IOracle::setFeedCall { asset, aggregator: feed.proxy, heartbeatSecs: U256::from(heartbeat_secs) }
}

/// A FluxAggregator with one oracle, and a proxy before it.
fn create_feed(chain: &mut Chain, code: &Code, people: &People, title: &str) -> Result<Feed, ChainError> {
    /// A round that lacks answers may be given up after this.
    const ROUND_TIMEOUT_SECS: u32 = 600;
    // No payments, so no LINK; answers from one unit to ten million dollars.
    let max = I256::from_raw(tokens(10_000_000, PRICE_DECIMALS));
    let arguments = (
        Address::ZERO,
        U256::ZERO,
        ROUND_TIMEOUT_SECS,
        Address::ZERO,
        I256::ONE,
        max,
        U256::from(PRICE_DECIMALS),
        title.to_owned(),
    );
    let aggregator =
        chain.create("price aggregator", people.deployer, &code.aggregator, &arguments.abi_encode_params())?;
    let proxy_arguments = (aggregator, Address::ZERO).abi_encode_params();
    let proxy = chain.create("price proxy", people.deployer, &code.proxy, &proxy_arguments)?;
    let oracles = Aggregator::changeOraclesCall {
        removed: Vec::new(),
        added: vec![people.price_oracle],
        addedAdmins: vec![people.price_oracle],
        minSubmissions: 1,
        maxSubmissions: 1,
        restartDelay: 0,
    };
    chain.send("price oracles", people.deployer, aggregator, &oracles)?;
    Ok(Feed { proxy, aggregator, round: 0 })
}

/// The sequencer's uptime feed, readable by `reader`; it says up from now on.
fn create_uptime_feed(chain: &mut Chain, code: &Code, people: &People, reader: Address) -> Result<Address, ChainError> {
    let deployer = people.deployer;
    let flags = chain.create("flags", deployer, &code.flags, &(Address::ZERO, Address::ZERO).abi_encode_params())?;
    let controller = chain.create("access controller", deployer, &code.access_controller, &[])?;
    let l1_sender = unaliased(people.sequencer);
    let feed = chain.create("uptime feed", deployer, &code.uptime_feed, &(flags, l1_sender).abi_encode_params())?;
    let mut allow =
        |contract, user| chain.send("uptime access", deployer, contract, &AccessControlled::addAccessCall { user });
    allow(flags, feed)?;
    allow(controller, feed)?;
    allow(feed, reader)?;
    chain.send("uptime access", deployer, flags, &AccessControlled::setRaisingAccessControllerCall { controller })?;
    chain.send("uptime access", deployer, flags, &AccessControlled::setLoweringAccessControllerCall { controller })?;
    chain.send("uptime begin", deployer, feed, &UptimeFeed::initializeCall {})?;
    Ok(feed)
}

/// The L1 address whose alias on L2 is `account`: the alias less its offset, modulo 2^160.
fn unaliased(account: Address) -> Address {
    const OFFSET: Address = alloy_primitives::address!("1111000000000000000000000000000000001111");
    let number = U256::from_be_bytes(account.into_word().0).wrapping_sub(U256::from_be_bytes(OFFSET.into_word().0));
    Address::from_word(number.into())
}
