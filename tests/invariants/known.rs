//! What events have told of a vault, a sale, the pool, the reserve and the bids.

use crate::ledger::add;
use alloy_primitives::{Address, U256, Uint};
use std::collections::{BTreeMap, BTreeSet};

/// A vault by events.
#[derive(Debug, Default, Clone)]
pub(crate) struct KnownVault {
    pub(crate) owner: Address,
    pub(crate) shares: U256,
    pub(crate) held_raw: BTreeMap<Address, U256>,
    pub(crate) operators: BTreeSet<Address>,
    pub(crate) offered_to: Address,
}

/// A running auction by events.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct KnownSale {
    pub(crate) vault_id: U256,
    pub(crate) collateral: Address,
    pub(crate) lot_raw: U256,
    pub(crate) due_raw: U256,
    /// Debt and due at the start.
    pub(crate) began_debt_raw: U256,
    pub(crate) began_due_raw: U256,
    pub(crate) top_ray: U256,
    pub(crate) floor_ray: U256,
    pub(crate) restarts: U256,
    /// What its keepers may still earn.
    pub(crate) reward_left_raw: U256,
    /// The most that they can have earned, by the flat part and the shares of what was due and of the penalty.
    pub(crate) rewards_raw: U256,
    /// What its next start may earn by the penalty, and by flat part and share.
    pub(crate) next_reward_raw: (U256, U256),
}

impl KnownSale {
    /// A keeper was paid.
    pub(crate) fn reward(&mut self, amount_raw: U256) {
        let (by_penalty_raw, each_raw) = self.next_reward_raw;
        assert!(amount_raw <= by_penalty_raw.min(each_raw), "[A12] a keeper was paid {amount_raw}");
        self.rewards_raw += by_penalty_raw.min(each_raw);
        self.next_reward_raw.0 >>= 1;
        let left_raw = self.reward_left_raw.checked_sub(amount_raw);
        self.reward_left_raw = left_raw
            .unwrap_or_else(|| panic!("[A12] a keeper was paid {amount_raw}, and {} were left", self.reward_left_raw));
    }
}

/// The pool's shares by events.
#[derive(Debug, Default, Clone)]
pub(crate) struct KnownPool {
    pub(crate) shares: BTreeMap<Address, U256>,
    pub(crate) supply: U256,
}

/// The reserve by events.
#[derive(Debug, Default, Clone)]
pub(crate) struct KnownReserve {
    /// What it holds for stakers.
    pub(crate) held_raw: U256,
    pub(crate) shares: BTreeMap<Address, U256>,
    /// What each has announced: shares, from, until.
    pub(crate) leaving: BTreeMap<Address, (U256, U256, U256)>,
    /// How many rounds have ended or were closed.
    pub(crate) round: U256,
    /// The closed rounds by their numbers.
    pub(crate) closed: BTreeMap<U256, ClosedRound>,
    /// What bad debt ever joined the queue.
    pub(crate) queued_ever_raw: U256,
}

/// What a closed round has left, and the shares of those who have not collected.
#[derive(Debug, Default, Clone)]
pub(crate) struct ClosedRound {
    pub(crate) left_raw: U256,
    pub(crate) shares: BTreeMap<Address, U256>,
}

impl ClosedRound {
    /// What one of them gets now: `floor(shares * (left + 1) / (all + 10^6))`, and the last one what is left.
    pub(crate) fn part_of(&self, staker: Address) -> U256 {
        type Wide = Uint<512, 8>;
        let shares = self.shares.get(&staker).copied().unwrap_or_default();
        let all: U256 = self.shares.values().sum();
        if shares == all {
            return self.left_raw;
        }
        let product = Wide::from(shares) * (Wide::from(self.left_raw) + Wide::from(1));
        (product / (Wide::from(all) + Wide::from(1_000_000))).to::<U256>()
    }
}

/// The bids by events.
#[derive(Debug, Default, Clone)]
pub(crate) struct KnownBids {
    /// Who leads an auction, and with how much.
    pub(crate) leading: BTreeMap<U256, (Address, U256)>,
    pub(crate) refunds_raw: BTreeMap<Address, U256>,
    /// Of each collateral what winners could not receive.
    pub(crate) kept_raw: BTreeMap<Address, U256>,
}

impl KnownBids {
    /// What the auction contract holds for bidders.
    pub(crate) fn held_raw(&self) -> U256 {
        let leading = self.leading.values().map(|(_, owed_raw)| *owed_raw);
        leading.chain(self.refunds_raw.values().copied()).fold(U256::ZERO, add)
    }
}
