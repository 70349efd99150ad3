//! Reading one feed: what it answered, and what the checks of `kernel::price` on a single feed make of it.

use alloy_primitives::{Address, U256, aliases::U80};
use common::{Outcome, call::ask_within, refuse};
use interface::{IAggregator, IOracle};
use kernel::bounds::FEED_DECIMALS_MAX;
use kernel::price::{Band, PRICE_MAX_WAD, Reading, Round, Status, check_sequencer, read_round};
use stylus_sdk::{prelude::*, stylus_core::BlockAccess};
use units::{Secs, Wad};

use crate::storage::{Oracle, Source};

/// What a feed may use to answer. Chainlink's proxies use a tenth of it.
pub(crate) const FEED_GAS: u64 = 150_000;

/// The band of what has none: every price there can be.
pub(crate) const EVERY_PRICE: Band = Band { min_wad: Wad::ZERO, max_wad: PRICE_MAX_WAD };

/// The sequencer as its uptime feed tells.
pub(crate) struct Sequencer {
    pub(crate) feed: Address,
    pub(crate) grace: Secs,
    pub(crate) since_secs: U256,
    pub(crate) status: Status,
    pub(crate) now: Secs,
}

/// What one feed answered, enough to name every refusal.
pub(crate) struct Answered {
    pub(crate) source: Source,
    pub(crate) round_id: U80,
    pub(crate) round: Round,
    pub(crate) reading: Reading,
}

impl Answered {
    /// Before it was asked.
    pub(crate) fn not_yet(source: Source, status: Status) -> Self {
        Self {
            source,
            round_id: U80::ZERO,
            round: Round { answer: U256::ZERO, updated_at_secs: U256::ZERO },
            reading: Reading { price_wad: Wad::ZERO, updated_at_secs: U256::ZERO, status },
        }
    }

    /// Which aggregator a proxy had answer: zero where the feed is no proxy of Chainlink's.
    pub(crate) fn phase(&self) -> u64 {
        let [_, phase] = *self.round_id.as_limbs();
        phase
    }
}

impl Oracle {
    pub(crate) fn now(&self) -> Secs {
        Secs(self.vm().block_timestamp())
    }

    /// Asks the uptime feed. Without one the sequencer counts as up since 0.
    pub(crate) fn read_sequencer(&self) -> Outcome<Sequencer> {
        let (feed, grace) = self.uptime();
        let now = self.now();
        let mut sequencer = Sequencer { feed, grace, since_secs: U256::ZERO, status: Status::Usable, now };
        if feed.is_zero() {
            return Ok(sequencer);
        }
        match ask_within(self.vm(), feed, IAggregator::latestRoundDataCall {}, FEED_GAS)? {
            None => sequencer.status = Status::SequencerUnreadable,
            Some((_, answer, started_at_secs, _, _)) => {
                sequencer.since_secs = started_at_secs;
                sequencer.status = check_sequencer(answer.into_raw(), started_at_secs, grace, now);
            }
        }
        Ok(sequencer)
    }

    /// Asks a feed and checks its answer. A feed whose decimals have changed says nothing usable.
    pub(crate) fn read_source(&self, source: Source, band: &Band, now: Secs) -> Outcome<Answered> {
        let mut answered = Answered::not_yet(source, Status::FeedUnreadable);
        let asked = ask_within(self.vm(), source.aggregator, IAggregator::latestRoundDataCall {}, FEED_GAS)?;
        let Some((round_id, answer, _, updated_at_secs, _)) = asked else {
            return Ok(answered);
        };
        answered.round_id = round_id;
        answered.round = Round { answer: answer.into_raw(), updated_at_secs };
        answered.reading = band.check(read_round(&answered.round, source.decimals, source.heartbeat, now));
        if answered.reading.status.is_usable() && !self.has_same_decimals(&answered)? {
            answered.reading = Answered::not_yet(source, Status::DecimalsChanged).reading;
        }
        Ok(answered)
    }

    /// Whether the feed has the decimals it was set with. An aggregator behind a proxy never changes them, and its rounds bear the
    /// number of its phase, so the feed is asked only where the phase is new, or where the feed has none.
    fn has_same_decimals(&self, answered: &Answered) -> Outcome<bool> {
        let (source, phase) = (&answered.source, answered.phase());
        if phase != 0 && phase == source.phase {
            return Ok(true);
        }
        let asked = ask_within(self.vm(), source.aggregator, IAggregator::decimalsCall {}, FEED_GAS)?;
        Ok(asked.is_some_and(|(decimals,)| decimals == source.decimals))
    }

    /// The source to store for `aggregator`: its heartbeat in bounds, its decimals and phase as it says now.
    pub(crate) fn new_source(&self, asset: Address, aggregator: Address, heartbeat_secs: U256) -> Outcome<Source> {
        let heartbeat = kernel::bounds::heartbeat(heartbeat_secs).map_err(|outside| {
            refuse!(IOracle::HeartbeatOutOfBounds {
                heartbeatSecs: outside.value,
                minSecs: outside.min,
                maxSecs: outside.max,
            })
        })?;
        let Some((decimals,)) = ask_within(self.vm(), aggregator, IAggregator::decimalsCall {}, FEED_GAS)? else {
            return Err(refuse!(IOracle::FeedUnreadable { asset, aggregator }));
        };
        if decimals > FEED_DECIMALS_MAX {
            return Err(refuse!(IOracle::DecimalsUnsupported {
                aggregator,
                decimals: U256::from(decimals),
                maxDecimals: U256::from(FEED_DECIMALS_MAX),
            }));
        }
        let source = Source { aggregator, heartbeat, decimals, phase: 0 };
        // A feed that has no round yet may be set; its phase is learnt by the first poke.
        let phase = self.read_source(source, &EVERY_PRICE, self.now())?.phase();
        Ok(Source { phase, ..source })
    }
}
