//! The oracle: turns Chainlink-style feeds into prices in USD, or refuses them by name.
//!
//! It stores which feed prices which asset. Every price is read from the feed at the moment it is asked for; whether what
//! the feed says may be used is decided by `kernel::price`. What each function promises stands in `abi/IOracle.sol`.
#![cfg_attr(not(any(test, feature = "export-abi")), no_main)]
#![cfg_attr(not(feature = "export-abi"), deny(missing_docs))]
#![cfg_attr(
    not(test),
    deny(
        clippy::arithmetic_side_effects,
        clippy::unwrap_used,
        clippy::expect_used,
        clippy::panic,
        clippy::indexing_slicing,
        clippy::as_conversions,
        clippy::float_arithmetic
    )
)]

extern crate alloc;

use alloc::vec::Vec;

use alloy_primitives::{Address, U256};
use common::{Outcome, emit, ownership, refuse, words::word_of};
use interface::IOracle;
use kernel::price::Status;
use stylus_sdk::prelude::*;

mod errors;
mod feeds;
mod storage;

pub use storage::Oracle;
use storage::{FEEDS, SEQUENCER};

common::routes! {
    Oracle {
        constructor(owner: Address);
        // Nothing here is ever half-done, so nothing has to wait for the lock.
        anytime {
            IOracle::priceCall => price(asset);
            IOracle::pricesCall => prices(assets);
            IOracle::peekCall => peek(asset);
            IOracle::sequencerStatusCall => sequencer_status();
            IOracle::feedCall => feed(asset);
            IOracle::sequencerCall => sequencer();
        }
        views {}
        writes {
            IOracle::setFeedCall => set_feed(asset, aggregator, heartbeat_secs);
            IOracle::setSequencerCall => set_sequencer(uptime_feed, grace_secs);
        }
    }
}

impl Oracle {
    /// Names the owner. Until it sets feeds, every price is refused.
    pub fn constructor(&mut self, owner: Address) -> Outcome<()> {
        ownership::begin(self, owner)
    }

    /// USD for one whole `asset` as a wad, rounded down, after every check.
    pub fn price(&self, asset: Address) -> Outcome<U256> {
        let sequencer = self.read_sequencer();
        self.checked_price(&sequencer, asset)
    }

    /// The prices of several assets, in the same order; the first refusal refuses all.
    pub fn prices(&self, assets: Vec<Address>) -> Outcome<Vec<U256>> {
        let sequencer = self.read_sequencer();
        assets
            .into_iter()
            .map(|asset| self.checked_price(&sequencer, asset))
            .collect()
    }

    /// Price, time of the answer and the number of the first check that failed; never refuses.
    pub fn peek(&self, asset: Address) -> Outcome<(U256, U256, U256)> {
        let observation = self.observe(&self.read_sequencer(), asset);
        let reading = observation.reading;
        Ok((
            reading.price_wad.0,
            reading.updated_at_secs,
            U256::from(reading.status.number()),
        ))
    }

    /// Whether the sequencer is up, and since when its present state holds. Without an uptime feed: up since 0.
    pub fn sequencer_status(&self) -> Outcome<(bool, U256)> {
        let sequencer = self.read_sequencer();
        match sequencer.status {
            Status::SequencerUnreadable | Status::SequencerUninitialised => {
                Err(errors::sequencer(&sequencer))
            }
            status => Ok((status != Status::SequencerDown, sequencer.since_secs)),
        }
    }

    /// Aggregator, heartbeat and decimals of an asset's feed; all zero where none is set.
    pub fn feed(&self, asset: Address) -> Outcome<(Address, U256, U256)> {
        let feed = self.feed_of(asset);
        Ok((
            feed.aggregator,
            feed.heartbeat.widen(),
            U256::from(feed.decimals),
        ))
    }

    /// The sequencer's uptime feed, zero where none is set, and the grace period.
    pub fn sequencer(&self) -> Outcome<(Address, U256)> {
        let (uptime_feed, grace) = self.uptime();
        Ok((uptime_feed, grace.widen()))
    }

    /// Prices `asset` by `aggregator`, whose decimals are read now; zero removes the feed. Owner only.
    pub fn set_feed(
        &mut self,
        asset: Address,
        aggregator: Address,
        heartbeat_secs: U256,
    ) -> Outcome<()> {
        ownership::require_caller(self)?;
        let feed = if aggregator.is_zero() {
            feeds::Feed::default()
        } else {
            self.new_feed(asset, aggregator, heartbeat_secs)?
        };
        FEEDS.set(self, word_of(asset), storage::pack_feed(&feed)?);
        emit!(
            self.vm(),
            IOracle::FeedSet {
                asset,
                aggregator,
                heartbeatSecs: feed.heartbeat.widen(),
                decimals: U256::from(feed.decimals),
            },
        );
        Ok(())
    }

    /// Reads the sequencer's uptime from `uptime_feed`, zero switches the check off; sets the grace period. Owner only.
    pub fn set_sequencer(&mut self, uptime_feed: Address, grace_secs: U256) -> Outcome<()> {
        ownership::require_caller(self)?;
        let grace = kernel::bounds::grace(grace_secs).map_err(|outside| {
            refuse!(IOracle::GraceOutOfBounds {
                graceSecs: outside.value,
                maxSecs: outside.max
            })
        })?;
        SEQUENCER.set(self, storage::pack_uptime(uptime_feed, grace)?);
        emit!(
            self.vm(),
            IOracle::SequencerSet {
                feed: uptime_feed,
                graceSecs: grace.widen()
            }
        );
        Ok(())
    }
}
