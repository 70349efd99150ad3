//! How often each decision was taken: a keeper accounts for what it did not do as well.

use crate::{Decision, Plan, Reason};
use std::collections::BTreeMap;

/// Decisions counted by kind.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Tally {
    liquidations: u64,
    restarts: u64,
    takes: u64,
    pokes: u64,
    skips: BTreeMap<Reason, u64>,
    refused: u64,
}

impl Tally {
    /// Counts one decision.
    pub fn count(&mut self, decision: &Decision) {
        let counter = match decision {
            Decision::Act(Plan::Liquidate { .. }) => &mut self.liquidations,
            Decision::Act(Plan::Restart { .. }) => &mut self.restarts,
            Decision::Act(Plan::Take { .. }) => &mut self.takes,
            Decision::Act(Plan::Poke { .. }) => &mut self.pokes,
            Decision::Skip(reason) => self.skips.entry(*reason).or_default(),
        };
        *counter = counter.saturating_add(1);
    }

    /// Counts a plan that was not carried out, because a trial of it was refused by the chain.
    pub const fn count_refused(&mut self) {
        self.refused = self.refused.saturating_add(1);
    }

    /// Plans that a trial showed to be refused by the chain. They are among the decisions to act as well.
    pub const fn refused(&self) -> u64 {
        self.refused
    }

    /// Auctions it decided to start.
    pub const fn liquidations(&self) -> u64 {
        self.liquidations
    }

    /// Auctions it decided to start again.
    pub const fn restarts(&self) -> u64 {
        self.restarts
    }

    /// Slices it decided to buy.
    pub const fn takes(&self) -> u64 {
        self.takes
    }

    /// Prices it decided to have recorded.
    pub const fn pokes(&self) -> u64 {
        self.pokes
    }

    /// How often it did nothing for this reason.
    pub fn skips(&self, reason: Reason) -> u64 {
        self.skips.get(&reason).copied().unwrap_or_default()
    }

    /// All decisions together.
    pub fn total(&self) -> u64 {
        let acts = [self.liquidations, self.restarts, self.takes, self.pokes].into_iter().fold(0, u64::saturating_add);
        self.skips.values().fold(acts, |sum, count| sum.saturating_add(*count))
    }
}
