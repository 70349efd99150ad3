//! What the oracle keeps, and how it is packed. The table is in `README.md`.
#![allow(
    missing_docs,
    reason = "the SDK's macros add public items without documentation"
)]

use alloc::vec;

use alloy_primitives::{Address, U256};
use common::{
    storage::{Map, Slot},
    words::{Field, address_in, word_of},
};
use stylus_sdk::prelude::*;
use units::{OutOfRange, Secs};

use crate::feeds::Feed;

/// The oracle. What it keeps is in the slots below, which it reads and writes as whole words.
#[storage]
#[entrypoint]
pub struct Oracle {}

// Slots 0 and 1 are the owner's, see `common::ownership`.
/// The sequencer's uptime feed and the grace period.
pub(crate) const SEQUENCER: Slot = Slot::new(2);
/// By asset: the feed that prices it.
pub(crate) const FEEDS: Map = Map::new(3);

const FEED: Field = Field::new(0, 160);
const SECS: Field = Field::new(160, 32);
const DECIMALS: Field = Field::new(192, 8);

/// `feed` as one word: the aggregator below, then heartbeat and decimals.
pub(crate) fn pack_feed(feed: &Feed) -> Result<U256, OutOfRange> {
    SECS.put(word_of(feed.aggregator), feed.heartbeat.widen())
        .and_then(|word| DECIMALS.put(word, U256::from(feed.decimals)))
}

/// The uptime feed and the grace period as one word.
pub(crate) fn pack_uptime(uptime_feed: Address, grace: Secs) -> Result<U256, OutOfRange> {
    SECS.put(word_of(uptime_feed), grace.widen())
}

impl Oracle {
    /// The feed of `asset`; its aggregator is zero where none is set.
    pub(crate) fn feed_of(&self, asset: Address) -> Feed {
        let word = FEEDS.get(self, word_of(asset));
        Feed {
            aggregator: address_in(FEED.get(word)),
            heartbeat: secs_in(word),
            decimals: DECIMALS.get(word).saturating_to(),
        }
    }

    /// The uptime feed, zero where none is set, and the grace period.
    pub(crate) fn uptime(&self) -> (Address, Secs) {
        let word = SEQUENCER.get(self);
        (address_in(FEED.get(word)), secs_in(word))
    }
}

fn secs_in(word: U256) -> Secs {
    Secs(SECS.get(word).saturating_to())
}
