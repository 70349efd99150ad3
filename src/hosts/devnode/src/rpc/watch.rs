//! Those who want to hear of news: filters, which ask now and then, and subscribers, who are told. What has happened since they last heard is
//! read from the chain itself, so each remembers a height, which a revert pulls back, and hashes of transactions that came in.

use std::collections::BTreeMap;

use alloy_primitives::B256;

use crate::LogFilter;

/// What someone wants to hear of.
#[derive(Debug, Clone)]
pub(super) enum Topic {
    /// New blocks.
    Blocks,
    /// Logs of new blocks. A height that the filter leaves open is that of the newest block whenever it is asked.
    Logs(LogFilter),
    /// Transactions as they are accepted, mined or not.
    Arrivals,
}

/// One who wants to hear of something, and how far he has heard.
#[derive(Debug, Clone)]
pub(super) struct Watch {
    pub(super) topic: Topic,
    /// The first block not heard of.
    pub(super) next_block: u64,
    /// Transactions not heard of.
    pub(super) arrived: Vec<B256>,
}

/// All of one kind, by number.
#[derive(Debug, Default)]
pub(super) struct Watches {
    by_id: BTreeMap<u64, Watch>,
    last_id: u64,
}

impl Watches {
    /// One more, who hears of what follows the block `newest`; gives his number.
    pub(super) fn add(&mut self, topic: Topic, newest: u64) -> u64 {
        self.last_id = self.last_id.saturating_add(1);
        let watch = Watch { topic, next_block: newest.saturating_add(1), arrived: Vec::new() };
        self.by_id.insert(self.last_id, watch);
        self.last_id
    }

    /// Takes the oldest away until one more makes at most `most`.
    pub(super) fn make_room(&mut self, most: usize) {
        while self.by_id.len() >= most.max(1) {
            self.by_id.pop_first();
        }
    }

    pub(super) fn get(&mut self, id: u64) -> Option<&mut Watch> {
        self.by_id.get_mut(&id)
    }

    /// Takes one away; `false` when there is none of this number.
    pub(super) fn remove(&mut self, id: u64) -> bool {
        self.by_id.remove(&id).is_some()
    }

    pub(super) fn clear(&mut self) {
        self.by_id.clear();
    }

    /// A transaction was accepted.
    pub(super) fn arrived(&mut self, hash: B256) {
        for watch in self.by_id.values_mut().filter(|watch| matches!(watch.topic, Topic::Arrivals)) {
            watch.arrived.push(hash);
        }
    }

    /// The chain went back to the block `newest`: what replaces the blocks after it is news.
    pub(super) fn went_back(&mut self, newest: u64) {
        for watch in self.by_id.values_mut() {
            watch.next_block = watch.next_block.min(newest.saturating_add(1));
        }
    }

    /// The chain is another one, up to the block `newest`: its past is no news.
    pub(super) fn begin_again(&mut self, newest: u64) {
        for watch in self.by_id.values_mut() {
            watch.next_block = newest.saturating_add(1);
        }
    }
}
