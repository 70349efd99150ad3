//! What can be seen of lenders, stakers and bidders, beside what the tests' support sees of the rest.

use alloy_primitives::{Address, U256};
use interface::{IAuction, IPool, IReserve};
use std::ops::Deref;
use support::{
    Observation, Revert, System,
    actors::{ALICE, BOB, BUYER, LENDER, RIVAL},
};

/// Who brings debt asset to the pool, and trades its shares.
pub(crate) const LENDERS: [Address; 3] = [LENDER, RIVAL, ALICE];
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
    pub(crate) shares: [U256; 3],
    /// What the second may move of the first's.
    pub(crate) allowance: U256,
}

/// The reserve.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct ReserveSeen {
    pub(crate) assets_raw: U256,
    pub(crate) shares: U256,
    pub(crate) dripping_raw: U256,
    /// The stakes of each of [`STAKERS`].
    pub(crate) stakes: [IReserve::Stake; 3],
    pub(crate) lenders_loss_raw: U256,
    /// The unpaid entries, what they add up to, and what of it is due.
    pub(crate) queued: (U256, U256, U256),
}

/// Everything.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Seen {
    rest: Observation,
    pub(crate) pool: PoolSeen,
    pub(crate) reserve: ReserveSeen,
    /// The refunds of each of [`BIDDERS`].
    pub(crate) refunds_raw: [U256; 3],
    /// The best bid of each running auction, in their order; a refusal where it takes none.
    pub(crate) bids: Vec<Result<IAuction::Bidding, Revert>>,
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
        Self {
            pool: PoolSeen {
                supply: system.ask(at.pool, &IPool::totalSupplyCall {}),
                assets_raw: system.try_ask(at.pool, &IPool::totalAssetsCall {}),
                shares: LENDERS.map(|account| system.ask(at.pool, &IPool::balanceOfCall { account })),
                allowance: system.ask(at.pool, &IPool::allowanceCall { owner: LENDERS[0], spender: LENDERS[1] }),
            },
            reserve: ReserveSeen {
                assets_raw: staked.assetsRaw,
                shares: staked.totalShares,
                dripping_raw: staked.drippingRaw,
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

/// The place of one of three.
pub(crate) fn index_in(all: &[Address; 3], who: Address) -> Option<usize> {
    all.iter().position(|one| *one == who)
}
