//! Reading the feeds: what they answered, and what `kernel::price` makes of it.

use alloy_primitives::{Address, U256, aliases::U80};
use common::{Outcome, call::try_ask, refuse};
use interface::{IAggregator, IOracle};
use kernel::bounds::FEED_DECIMALS_MAX;
use kernel::price::{Reading, Round, Status, check_sequencer, read_round};
use stylus_sdk::{prelude::*, stylus_core::BlockAccess};
use units::{Secs, Wad};

use crate::{errors, storage::Oracle};

/// Which aggregator prices an asset, and how.
#[derive(Clone, Copy, Default)]
pub(crate) struct Feed {
    pub(crate) aggregator: Address,
    pub(crate) heartbeat: Secs,
    pub(crate) decimals: u8,
}

/// The sequencer as its uptime feed tells.
pub(crate) struct Sequencer {
    pub(crate) feed: Address,
    pub(crate) grace: Secs,
    pub(crate) since_secs: U256,
    pub(crate) status: Status,
    pub(crate) now: Secs,
}

/// What is known about an asset's price, enough to name every refusal.
pub(crate) struct Observation {
    pub(crate) asset: Address,
    pub(crate) feed: Feed,
    pub(crate) round_id: U80,
    pub(crate) round: Round,
    pub(crate) reading: Reading,
}

impl Oracle {
    /// Asks the uptime feed. Without one the sequencer counts as up since 0.
    pub(crate) fn read_sequencer(&self) -> Sequencer {
        let (feed, grace) = self.uptime();
        let now = Secs(self.vm().block_timestamp());
        let mut sequencer = Sequencer {
            feed,
            grace,
            since_secs: U256::ZERO,
            status: Status::Usable,
            now,
        };
        if feed.is_zero() {
            return sequencer;
        }
        match try_ask(self.vm(), feed, IAggregator::latestRoundDataCall {}) {
            None => sequencer.status = Status::SequencerUnreadable,
            Some((_, answer, started_at_secs, _, _)) => {
                sequencer.since_secs = started_at_secs;
                sequencer.status = check_sequencer(answer.into_raw(), started_at_secs, grace, now);
            }
        }
        sequencer
    }

    /// Asks the feed of `asset`. The status is that of the first check that failed, so a problem of the sequencer hides
    /// one of the feed, while the price stays what the feed said.
    pub(crate) fn observe(&self, sequencer: &Sequencer, asset: Address) -> Observation {
        let mut observation = Observation {
            asset,
            feed: self.feed_of(asset),
            round_id: U80::ZERO,
            round: Round {
                answer: U256::ZERO,
                updated_at_secs: U256::ZERO,
            },
            reading: Reading {
                price_wad: Wad::ZERO,
                updated_at_secs: U256::ZERO,
                status: Status::FeedNotSet,
            },
        };
        let feed = observation.feed;
        if feed.aggregator.is_zero() {
            return observation;
        }
        match try_ask(
            self.vm(),
            feed.aggregator,
            IAggregator::latestRoundDataCall {},
        ) {
            None => observation.reading.status = Status::FeedUnreadable,
            Some((round_id, answer, _, updated_at_secs, _)) => {
                observation.round_id = round_id;
                observation.round = Round {
                    answer: answer.into_raw(),
                    updated_at_secs,
                };
                observation.reading = read_round(
                    &observation.round,
                    feed.decimals,
                    feed.heartbeat,
                    sequencer.now,
                );
            }
        }
        if sequencer.status != Status::Usable {
            observation.reading.status = sequencer.status;
        }
        observation
    }

    /// The price of `asset`, or the error of the first check that failed.
    pub(crate) fn checked_price(&self, sequencer: &Sequencer, asset: Address) -> Outcome<U256> {
        let observation = self.observe(sequencer, asset);
        match observation.reading.status {
            Status::Usable => Ok(observation.reading.price_wad.0),
            _ => Err(errors::price(sequencer, &observation)),
        }
    }

    /// The feed to store for `aggregator`: its heartbeat in bounds, its decimals as it says now.
    pub(crate) fn new_feed(
        &self,
        asset: Address,
        aggregator: Address,
        heartbeat_secs: U256,
    ) -> Outcome<Feed> {
        let heartbeat = kernel::bounds::heartbeat(heartbeat_secs).map_err(|outside| {
            refuse!(IOracle::HeartbeatOutOfBounds {
                heartbeatSecs: outside.value,
                minSecs: outside.min,
                maxSecs: outside.max,
            })
        })?;
        let Some((decimals,)) = try_ask(self.vm(), aggregator, IAggregator::decimalsCall {}) else {
            return Err(refuse!(IOracle::FeedUnreadable { asset, aggregator }));
        };
        if decimals > FEED_DECIMALS_MAX {
            return Err(refuse!(IOracle::DecimalsUnsupported {
                aggregator,
                decimals: U256::from(decimals),
                maxDecimals: U256::from(FEED_DECIMALS_MAX),
            }));
        }
        Ok(Feed {
            aggregator,
            heartbeat,
            decimals,
        })
    }
}
