//! What a keeper is told to do. A rule that is absent is a job it leaves to others.

use alloy_primitives::U256;

/// The jobs of one keeper. Amounts are base units of the debt asset.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Config {
    /// Start auctions of unsafe vaults.
    pub start: Option<StartRule>,
    /// Start stale auctions again.
    pub restart: Option<RestartRule>,
    /// Buy slices.
    pub take: Option<TakeRule>,
    /// Have the oracle record prices.
    pub poke: Option<PokeRule>,
}

/// When starting an auction is worth its gas.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StartRule {
    /// The least reward it works for.
    pub min_reward_raw: U256,
}

/// When restarting an auction is worth its gas.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RestartRule {
    /// The least reward it works for.
    pub min_reward_raw: U256,
}

/// When a slice is cheap enough, and how much of it to buy.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TakeRule {
    /// How far below the market the price must be, in basis points; 10 000 and above never buys.
    pub margin_bps: u64,
    /// What it can pay. `None`: it pays with what the slice sells for, and so needs nothing beforehand.
    pub capital_raw: Option<U256>,
    /// The most it spends in one take.
    pub max_spend_raw: U256,
}

/// When an asset's price should be recorded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PokeRule {
    /// How old the last record may become.
    pub interval_secs: u64,
}

impl Default for PokeRule {
    /// Five minutes: half of a usual hold, so that the breaker always has a reference that is young enough to hold against.
    fn default() -> Self {
        Self { interval_secs: 300 }
    }
}
