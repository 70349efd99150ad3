//! What can be seen of lenders, stakers and bidders, beside what the tests' support sees of the rest.

use alloy_primitives::{Address, U256};
use interface::{IAuction, ILens, IOracle, IPool, IReserve};
use std::ops::Deref;
use support::{
    Observation, Revert, System,
    actors::{ALICE, BOB, BUYER, LENDER, RIVAL, SIGNER},
    system::Asset,
};

/// Who brings debt asset to the pool, and trades its shares.
pub(crate) const LENDERS: [Address; 4] = [LENDER, RIVAL, ALICE, SIGNER];
/// Who stakes.
pub(crate) const STAKERS: [Address; 3] = [LENDER, BOB, BUYER];
/// Who bids.
pub(crate) const BIDDERS: [Address; 3] = [BUYER, RIVAL, LENDER];

/// The pool.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct PoolSeen {
    pub(crate) supply: U256,
    pub(crate) assets_raw: Result<U256, Revert>,
    /// The shares of each of [`LENDERS`].
    pub(crate) shares: [U256; 4],
    /// What the second may move of the first's and of the last's.
    pub(crate) allowances: [U256; 2],
    /// How many permits the last has given.
    pub(crate) nonce: U256,
    pub(crate) cap_raw: U256,
}

/// The reserve.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct ReserveSeen {
    pub(crate) assets_raw: U256,
    pub(crate) shares: U256,
    pub(crate) dripping_raw: U256,
    pub(crate) round: U256,
    /// The stakes of each of [`STAKERS`].
    pub(crate) stakes: [IReserve::Stake; 3],
    pub(crate) lenders_loss_raw: U256,
    /// The unpaid entries, what they add up to, and what of it is due.
    pub(crate) queued: (U256, U256, U256),
}

/// What the oracle contract has for an asset. Addresses are places among [`System::names`]; those that have no name are 99.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct FeedSeen {
    /// Feed, heartbeat and decimals.
    pub(crate) first: (usize, U256, U256),
    /// Second source and rate feed.
    pub(crate) others: (usize, usize),
    pub(crate) settings: IOracle::Settings,
    pub(crate) recorded: IOracle::Recorded,
}

/// What the owner has set, beside what running auctions began with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct ParametersSeen {
    /// Of each collateral.
    pub(crate) terms: [IAuction::Terms; 2],
    pub(crate) reward: IAuction::Reward,
    pub(crate) stop_level: U256,
    /// When takes were last stopped or let go on.
    pub(crate) takes_changed_at_secs: U256,
    /// The auction contract's and the oracle contract's.
    pub(crate) guardians: [Address; 2],
    pub(crate) rules: IReserve::Rules,
    pub(crate) treasury: Address,
    pub(crate) interest: ILens::Interest,
    /// Of each asset.
    pub(crate) feeds: [FeedSeen; 3],
    /// The uptime feed, and the grace period.
    pub(crate) sequencer: (usize, U256),
}

/// Everything.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Seen {
    rest: Observation,
    pub(crate) pool: PoolSeen,
    pub(crate) reserve: ReserveSeen,
    pub(crate) set: ParametersSeen,
    /// The most that may be due in all auctions, and in those of each collateral.
    pub(crate) caps_raw: [U256; 3],
    /// The most that may be due in all auctions, and the least that may be left due in one.
    pub(crate) limits_raw: (U256, U256),
    /// The refunds of each of [`BIDDERS`].
    pub(crate) refunds_raw: [U256; 3],
    /// The best bid of each running auction, in their order; a refusal where it takes none.
    pub(crate) bids: Vec<Result<IAuction::Bidding, Revert>>,
}

impl ParametersSeen {
    fn now(system: &System) -> Self {
        let at = system.at;
        let sequencer = system.ask(at.oracle, &IOracle::sequencerCall {});
        Self {
            terms: [at.weth, at.wbtc]
                .map(|asset| system.ask(at.auction, &IAuction::termsCall { collateral: asset.token })),
            reward: system.ask(at.auction, &IAuction::rewardCall {}),
            stop_level: system.ask(at.auction, &IAuction::stopCall {}),
            takes_changed_at_secs: system.ask(at.auction, &IAuction::takesChangedAtCall {}),
            guardians: [
                system.ask(at.auction, &IAuction::guardianCall {}),
                system.ask(at.oracle, &IOracle::guardianCall {}),
            ],
            rules: system.ask(at.reserve, &IReserve::rulesCall {}),
            treasury: system.ask(at.reserve, &IReserve::treasuryCall {}),
            interest: system.ask(at.lens, &ILens::interestCall {}),
            feeds: [at.usd, at.weth, at.wbtc].map(|asset| FeedSeen::now(system, asset)),
            sequencer: (place_of(system, sequencer.uptimeFeed), sequencer.graceSecs),
        }
    }
}

impl FeedSeen {
    fn now(system: &System, asset: Asset) -> Self {
        let (oracle, asset) = (system.at.oracle, asset.token);
        let first = system.ask(oracle, &IOracle::feedCall { asset });
        let mut settings = system.ask(oracle, &IOracle::settingsCall { asset });
        let others = (place_of(system, settings.second), place_of(system, settings.rateFeed));
        (settings.second, settings.rateFeed) = (Address::ZERO, Address::ZERO);
        Self {
            first: (place_of(system, first.aggregator), first.heartbeatSecs, first.decimals),
            others,
            settings,
            recorded: system.ask(oracle, &IOracle::recordedCall { asset }),
        }
    }
}

/// A number for an address that is the same in every world.
fn place_of(system: &System, address: Address) -> usize {
    if address.is_zero() {
        return 0;
    }
    system.names().iter().position(|(known, _)| *known == address).map_or(99, |place| place + 1)
}

impl Deref for Seen {
    type Target = Observation;

    fn deref(&self) -> &Observation {
        &self.rest
    }
}

impl Seen {
    /// Looks at everything.
    pub(crate) fn now(system: &System) -> Self {
        let at = system.at;
        let rest = system.observe();
        let staked = system.ask(at.reserve, &IReserve::stakedCall {});
        let queued = system.ask(at.reserve, &IReserve::queuedCall {});
        let bidding = |auction_id| {
            let bidding = system.try_ask(at.auction, &IAuction::biddingCall { auctionId: auction_id });
            bidding.map_err(|refusal| system.named_revert(&refusal))
        };
        let set = ParametersSeen::now(system);
        let limits = system.ask(at.auction, &IAuction::limitsCall {});
        Self {
            caps_raw: [limits.capRaw, set.terms[0].capRaw, set.terms[1].capRaw],
            limits_raw: (limits.capRaw, limits.minDueRaw),
            set,
            pool: PoolSeen {
                supply: system.ask(at.pool, &IPool::totalSupplyCall {}),
                assets_raw: system.try_ask(at.pool, &IPool::totalAssetsCall {}),
                shares: LENDERS.map(|account| system.ask(at.pool, &IPool::balanceOfCall { account })),
                allowances: [LENDERS[0], SIGNER]
                    .map(|owner| system.ask(at.pool, &IPool::allowanceCall { owner, spender: LENDERS[1] })),
                nonce: system.ask(at.pool, &IPool::noncesCall { owner: SIGNER }),
                cap_raw: system.ask(at.pool, &IPool::depositCapCall {}),
            },
            reserve: ReserveSeen {
                assets_raw: staked.assetsRaw,
                shares: staked.totalShares,
                dripping_raw: staked.drippingRaw,
                round: system.ask(at.reserve, &IReserve::roundCall {}),
                stakes: STAKERS.map(|staker| system.ask(at.reserve, &IReserve::stakeOfCall { staker })),
                lenders_loss_raw: system.ask(at.reserve, &IReserve::lendersLossCall {}),
                queued: (queued.count, queued.badDebtRaw, queued.dueRaw),
            },
            refunds_raw: BIDDERS.map(|bidder| system.ask(at.auction, &IAuction::refundOfCall { bidder })),
            bids: rest.sales.iter().map(|sale| bidding(sale.auction_id)).collect(),
            rest,
        }
    }

    /// The same without what anybody holds of any token.
    pub(crate) fn without_balances(&self) -> Self {
        let mut seen = self.clone();
        seen.rest.balances = Vec::new();
        seen
    }

    /// What `holder`, by the name that tests use, holds of a token.
    pub(crate) fn holding(&self, holder: &str, token: &str) -> U256 {
        let found = self.balances.iter().find(|(who, what, _)| who == holder && *what == token);
        found.unwrap_or_else(|| panic!("nobody looks at the {token} of {holder}")).2
    }

    /// What an actor holds of a token.
    pub(crate) fn purse(&self, holder: Address, token: &str) -> U256 {
        self.holding(name_of(holder), token)
    }
}

/// An actor's name.
pub(crate) fn name_of(actor: Address) -> &'static str {
    support::actors::ALL.iter().find(|(_, address)| *address == actor).expect("an actor").0
}

/// The place of one of several.
pub(crate) fn index_in(all: &[Address], who: Address) -> Option<usize> {
    all.iter().position(|one| *one == who)
}
