//! What everybody in the demo shares: the chain, the addresses, the ledger and the record of what could be seen.

use super::{
    keepers::Watch,
    ledger::{Ledger, Sources},
    prices::Step,
    system::{People, System},
};
use crate::chain::{Chain, ChainError};
use alloy_primitives::{Address, U256};
use interface::{IAuction, IVault};
use keeper::{AuctionSnapshot, Tally};
use std::collections::BTreeMap;

/// What could be seen while it ran, for the report.
#[derive(Debug, Clone, Default)]
pub struct Record {
    /// The prices of every hour, at its time in seconds since 1970.
    pub prices: Vec<(u64, [U256; 2])>,
    /// Each auction by its number.
    pub auctions: BTreeMap<U256, Watched>,
    /// What was announced, with its time.
    pub notes: Vec<(u64, String)>,
}

/// An auction as it was watched.
#[derive(Debug, Clone)]
pub struct Watched {
    /// Which collateral it sells, by its place in the listing.
    pub collateral: usize,
    /// Its prices, in the order of time.
    pub samples: Vec<Sample>,
}

/// A look at an auction.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Sample {
    /// When, seconds since 1970.
    pub timestamp_secs: u64,
    /// Its price: debt base units for one collateral base unit, ray.
    pub price_ray: U256,
    /// The oracle's, in the same unit.
    pub market_ray: U256,
}

/// The stage.
#[derive(Debug)]
pub(super) struct Stage {
    pub(super) chain: Chain,
    pub(super) system: System,
    pub(super) people: People,
    pub(super) ledger: Ledger,
    pub(super) record: Record,
    pub(super) watch: Watch,
    /// What all liquidations would make buyers owe, by the lens, each asked just before it was sent.
    pub(super) previewed_due_raw: U256,
    pub(super) keeper_tally: Tally,
    pub(super) buyer_tally: Tally,
    pub(super) taker_tally: Tally,
    sources: Sources,
}

impl Stage {
    pub(super) fn new(chain: Chain, system: System, people: People) -> Self {
        let mut tokens = vec![system.debt_asset, system.pool];
        tokens.extend(system.collaterals.iter().map(|asset| asset.token));
        let System { vault, auction, pool, reserve, .. } = system;
        let sources = Sources { vault, auction, pool, reserve, tokens };
        Self {
            chain,
            system,
            people,
            ledger: Ledger::default(),
            record: Record::default(),
            watch: Watch::default(),
            previewed_due_raw: U256::ZERO,
            keeper_tally: Tally::default(),
            buyer_tally: Tally::default(),
            taker_tally: Tally::default(),
            sources,
        }
    }

    /// Enters what has happened since into the ledger.
    pub(super) fn hear(&mut self) {
        for log in self.chain.take_new_logs() {
            self.ledger.record(&self.sources, &log);
        }
    }

    /// Moves the clock to the hour of `step` and brings its prices in.
    pub(super) fn begin_hour(&mut self, start_secs: u64, step: &Step) -> Result<(), ChainError> {
        self.chain.advance_to(start_secs.saturating_add(step.hour.saturating_mul(3_600)))?;
        super::market::submit(&mut self.chain, &mut self.system, &self.people, step)?;
        self.record.prices.push((self.chain.now_secs(), step.prices_raw));
        Ok(())
    }

    /// Announces something for the table and the report.
    pub(super) fn note(&mut self, text: impl Into<String>) {
        self.record.notes.push((self.chain.now_secs(), text.into()));
    }

    /// The running auctions, in the order of their numbers.
    pub(super) fn running(&self) -> Result<Vec<U256>, ChainError> {
        let all = IAuction::listCall { offset: U256::ZERO, limit: U256::from(u64::MAX) };
        let mut ids = self.chain.ask(self.system.auction, &all)?;
        ids.sort();
        Ok(ids)
    }

    /// What the oracle's price of each collateral is in debt base units for one base unit, ray; `None` where it refuses.
    pub(super) fn market_prices(&self) -> Result<[Option<U256>; 2], ChainError> {
        let [first, second] = &self.system.collaterals;
        let ask = |token| self.chain.ask_maybe(self.system.vault, &IVault::priceRayCall { collateral: token });
        Ok([ask(first.token)?, ask(second.token)?])
    }

    /// Looks at an auction, and keeps what it saw.
    pub(super) fn look_at(
        &mut self,
        auction_id: U256,
        markets: &[Option<U256>; 2],
    ) -> Result<AuctionSnapshot, ChainError> {
        let status = self.chain.ask(self.system.auction, &IAuction::statusCall { auctionId: auction_id })?;
        let token = self.ledger.collateral_of.get(&auction_id).copied().unwrap_or_default();
        let collateral = self.place_of(token);
        let market_price_ray = markets.get(collateral).copied().flatten();
        // An ended auction has no price.
        if let Some(market_ray) = market_price_ray.filter(|_| !status.lotRaw.is_zero()) {
            let timestamp_secs = self.chain.now_secs();
            let watched = self.record.auctions.entry(auction_id).or_insert(Watched { collateral, samples: Vec::new() });
            let sample = Sample { timestamp_secs, price_ray: status.priceRay, market_ray };
            if watched.samples.last() != Some(&sample) {
                watched.samples.push(sample);
            }
        }
        Ok(AuctionSnapshot {
            auction_id,
            needs_restart: status.needsRestart,
            price_ray: status.priceRay,
            lot_raw: status.lotRaw,
            due_raw: status.dueRaw,
            min_due_raw: super::parameters::min_due_raw(),
            market_price_ray,
            // What a restart would earn makes no difference to this keeper.
            reward_raw: U256::ZERO,
        })
    }

    /// The place of a collateral in the listing.
    pub(super) fn place_of(&self, token: Address) -> usize {
        self.system.collaterals.iter().position(|asset| asset.token == token).unwrap_or_default()
    }
}
