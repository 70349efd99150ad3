//! What the oracle keeps, and how it is packed. The table is in `README.md`.
#![allow(missing_docs, reason = "the SDK's macros add public items without documentation")]

use alloc::vec;

use alloy_primitives::{Address, U256};
use common::{
    storage::{Map, Slot},
    words::{Field, address_in, word_of},
};
use kernel::{
    breaker::{Breaker, Reference},
    deviation::Limits,
    growth::Cap,
    price::Band,
    volatility::{Variance, Volatility},
};
use stylus_sdk::prelude::*;
use units::{Bps, OutOfRange, Secs, Wad};

/// The oracle. What it keeps is in the slots below, which it reads and writes as whole words.
#[storage]
#[entrypoint]
pub struct Oracle {}

// Slots 0 and 1 are the owner's, see `common::ownership`.
/// The sequencer's uptime feed and the grace period.
pub(crate) const SEQUENCER: Slot = Slot::new(2);
/// By asset: the feed that prices it, and what is switched on.
const FEEDS: Map = Map::new(3);
/// Who may freeze assets.
pub(crate) const GUARDIAN: Slot = Slot::new(4);
/// By asset: the second source and its limits.
const SECONDS: Map = Map::new(5);
/// By asset: the source of the rate, and its growth.
const RATES: Map = Map::new(6);
/// By asset: the snapshot of the rate.
const SNAPSHOTS: Map = Map::new(7);
/// By asset: the band.
const BANDS: Map = Map::new(8);
/// By asset: the breaker.
const BREAKERS: Map = Map::new(9);
/// By asset: the price last recorded, and its hold.
const REFERENCES: Map = Map::new(10);
/// By asset: the variances.
const VARIANCES: Map = Map::new(11);

const FEED: Field = Field::new(0, 160);
const SECS: Field = Field::new(160, 32);
const DECIMALS: Field = Field::new(192, 8);
const PHASE: Field = Field::new(200, 16);
// Above the source, in the word of a feed:
const FLAGS: Field = Field::new(216, 8);
const STOP: Field = Field::new(224, 8);
const STATE: Field = Field::new(232, 8);
// of a second source:
const SOFT: Field = Field::new(216, 16);
const HARD: Field = Field::new(232, 16);
// and of a rate:
const GROWTH: Field = Field::new(216, 16);
// Halves and quarters of other words.
const LOW: Field = Field::new(0, 128);
const HIGH: Field = Field::new(128, 128);
const THIRD_QUARTER: Field = Field::new(128, 64);
const FOURTH_QUARTER: Field = Field::new(192, 64);
// The breaker's word.
const JUMP: Field = Field::new(0, 16);
const SIGMAS: Field = Field::new(16, 8);
const HOLD: Field = Field::new(24, 32);

/// The highest variance that is kept, 128 bits of it.
const VARIANCE_MAX: U256 = U256::from_limbs([u64::MAX, u64::MAX, 0, 0]);

/// A band is set.
pub(crate) const BAND: u64 = 1;
/// A second source is set.
pub(crate) const SECOND: u64 = 2;
/// A breaker is set.
pub(crate) const BREAKER: u64 = 4;
/// A rate is set.
pub(crate) const RATE: u64 = 8;

/// An aggregator and what was read of it when it was set.
#[derive(Clone, Copy, Default)]
pub(crate) struct Source {
    pub(crate) aggregator: Address,
    pub(crate) heartbeat: Secs,
    pub(crate) decimals: u8,
    /// The upper 16 bits of a round number of Chainlink's proxy: another one means another aggregator behind it.
    pub(crate) phase: u64,
}

/// What is kept of an asset in the one word that every price needs.
#[derive(Clone, Copy, Default)]
pub(crate) struct Feed {
    pub(crate) source: Source,
    /// What is switched on, by [`BAND`], [`SECOND`], [`BREAKER`], [`RATE`].
    pub(crate) flags: u64,
    /// 0 not stopped, 1 frozen, 2 shut down.
    pub(crate) stop: u64,
    /// The state recorded last.
    pub(crate) state: u64,
}

impl Feed {
    pub(crate) fn has(&self, flag: u64) -> bool {
        self.flags & flag != 0
    }

    /// With `flag` on or off.
    pub(crate) fn switched(self, flag: u64, is_on: bool) -> Self {
        Self { flags: if is_on { self.flags | flag } else { self.flags & !flag }, ..self }
    }
}

/// The uptime feed and the grace period as one word.
pub(crate) fn pack_uptime(uptime_feed: Address, grace: Secs) -> Result<U256, OutOfRange> {
    SECS.put(word_of(uptime_feed), grace.widen())
}

fn pack(word: U256, fields: &[(Field, U256)]) -> Result<U256, OutOfRange> {
    fields.iter().try_fold(word, |word, (field, value)| field.put(word, *value))
}

fn pack_source(source: &Source) -> Result<U256, OutOfRange> {
    pack(
        word_of(source.aggregator),
        &[(SECS, source.heartbeat.widen()), (DECIMALS, U256::from(source.decimals)), (PHASE, U256::from(source.phase))],
    )
}

fn source_in(word: U256) -> Source {
    Source {
        aggregator: address_in(FEED.get(word)),
        heartbeat: secs_in(word),
        decimals: DECIMALS.get(word).saturating_to(),
        phase: PHASE.get_u64(word),
    }
}

fn secs_in(word: U256) -> Secs {
    Secs(SECS.get_u64(word))
}

impl Oracle {
    /// The feed of `asset`; its aggregator is zero where none is set.
    pub(crate) fn feed_of(&self, asset: Address) -> Feed {
        let word = FEEDS.get(self, word_of(asset));
        Feed {
            source: source_in(word),
            flags: FLAGS.get_u64(word),
            stop: STOP.get_u64(word),
            state: STATE.get_u64(word),
        }
    }

    pub(crate) fn keep_feed(&mut self, asset: Address, feed: &Feed) -> Result<(), OutOfRange> {
        let above = [(FLAGS, U256::from(feed.flags)), (STOP, U256::from(feed.stop)), (STATE, U256::from(feed.state))];
        let word = pack(pack_source(&feed.source)?, &above)?;
        FEEDS.set(self, word_of(asset), word);
        Ok(())
    }

    /// The uptime feed, zero where none is set, and the grace period.
    pub(crate) fn uptime(&self) -> (Address, Secs) {
        let word = SEQUENCER.get(self);
        (address_in(FEED.get(word)), secs_in(word))
    }

    pub(crate) fn second_of(&self, asset: Address) -> (Source, Limits) {
        let word = SECONDS.get(self, word_of(asset));
        (source_in(word), Limits { soft: Bps(SOFT.get_u64(word)), hard: Bps(HARD.get_u64(word)) })
    }

    pub(crate) fn keep_second(&mut self, asset: Address, source: &Source, limits: Limits) -> Result<(), OutOfRange> {
        let word = pack(pack_source(source)?, &[(SOFT, limits.soft.widen()), (HARD, limits.hard.widen())])?;
        SECONDS.set(self, word_of(asset), word);
        Ok(())
    }

    pub(crate) fn rate_of(&self, asset: Address) -> (Source, Cap) {
        let (word, snapshot) = (RATES.get(self, word_of(asset)), SNAPSHOTS.get(self, word_of(asset)));
        let cap = Cap {
            snapshot_wad: Wad(LOW.get(snapshot)),
            snapshot_at: Secs(THIRD_QUARTER.get_u64(snapshot)),
            yearly: Bps(GROWTH.get_u64(word)),
        };
        (source_in(word), cap)
    }

    pub(crate) fn keep_rate(&mut self, asset: Address, source: &Source, cap: &Cap) -> Result<(), OutOfRange> {
        let word = GROWTH.put(pack_source(source)?, cap.yearly.widen())?;
        let snapshot = pack(U256::ZERO, &[(LOW, cap.snapshot_wad.0), (THIRD_QUARTER, cap.snapshot_at.widen())])?;
        RATES.set(self, word_of(asset), word);
        SNAPSHOTS.set(self, word_of(asset), snapshot);
        Ok(())
    }

    pub(crate) fn band_of(&self, asset: Address) -> Band {
        let word = BANDS.get(self, word_of(asset));
        Band { min_wad: Wad(LOW.get(word)), max_wad: Wad(HIGH.get(word)) }
    }

    pub(crate) fn keep_band(&mut self, asset: Address, band: Band) -> Result<(), OutOfRange> {
        let word = pack(U256::ZERO, &[(LOW, band.min_wad.0), (HIGH, band.max_wad.0)])?;
        BANDS.set(self, word_of(asset), word);
        Ok(())
    }

    pub(crate) fn breaker_of(&self, asset: Address) -> Breaker {
        let word = BREAKERS.get(self, word_of(asset));
        Breaker { jump: Bps(JUMP.get_u64(word)), sigmas: SIGMAS.get_u64(word), hold: Secs(HOLD.get_u64(word)) }
    }

    pub(crate) fn keep_breaker(&mut self, asset: Address, breaker: &Breaker) -> Result<(), OutOfRange> {
        let fields = [(JUMP, breaker.jump.widen()), (SIGMAS, U256::from(breaker.sigmas)), (HOLD, breaker.hold.widen())];
        BREAKERS.set(self, word_of(asset), pack(U256::ZERO, &fields)?);
        Ok(())
    }

    pub(crate) fn reference_of(&self, asset: Address) -> Reference {
        let word = REFERENCES.get(self, word_of(asset));
        Reference {
            price_wad: Wad(LOW.get(word)),
            at: Secs(THIRD_QUARTER.get_u64(word)),
            held_since: Secs(FOURTH_QUARTER.get_u64(word)),
        }
    }

    pub(crate) fn keep_reference(&mut self, asset: Address, reference: &Reference) -> Result<(), OutOfRange> {
        let fields = [
            (LOW, reference.price_wad.0),
            (THIRD_QUARTER, reference.at.widen()),
            (FOURTH_QUARTER, reference.held_since.widen()),
        ];
        REFERENCES.set(self, word_of(asset), pack(U256::ZERO, &fields)?);
        Ok(())
    }

    pub(crate) fn volatility_of(&self, asset: Address) -> Volatility {
        let word = VARIANCES.get(self, word_of(asset));
        Volatility { fast: Variance(LOW.get(word)), slow: Variance(HIGH.get(word)) }
    }

    pub(crate) fn keep_volatility(&mut self, asset: Address, volatility: &Volatility) -> Result<(), OutOfRange> {
        // More than fits would take a price that swings over its whole range for half an hour; a poke must work even then.
        let kept = |variance: Variance| variance.0.min(VARIANCE_MAX);
        let word = pack(U256::ZERO, &[(LOW, kept(volatility.fast)), (HIGH, kept(volatility.slow))])?;
        VARIANCES.set(self, word_of(asset), word);
        Ok(())
    }
}
