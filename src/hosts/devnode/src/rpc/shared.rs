//! What all methods share: the node, the clock, and who may be impersonated.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::{Mutex, MutexGuard},
};

use alloy_primitives::{Address, B256, keccak256};
use tokio::sync::watch;

use super::{
    RpcConfig,
    clock::Clock,
    errors::RpcError,
    journal,
    limits::{Allowance, Limits},
    watch::Watches,
};
use crate::{BlockRef, Devnode, Receipt, SnapshotId};

/// What those who wait for news compare: the newest block, and how many transactions were accepted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct News {
    number: u64,
    hash: B256,
    accepted: u64,
}

/// The node behind its lock, and what is told to others when it changes.
#[derive(Debug)]
pub(super) struct Shared {
    inner: Mutex<Inner>,
    news: watch::Sender<News>,
    interval_secs: watch::Sender<u64>,
}

impl Shared {
    pub(super) fn new(inner: Inner) -> Self {
        let news = watch::Sender::new(inner.news());
        let interval_secs = watch::Sender::new(inner.interval_secs);
        Self { inner: Mutex::new(inner), news, interval_secs }
    }

    /// Does something with the node, and tells those who wait when there is a new block or interval.
    pub(super) fn with<R>(&self, act: impl FnOnce(&mut Inner) -> R) -> R {
        let mut inner = self.lock();
        let before = inner.node.block_number();
        let result = act(&mut inner);
        let Inner { node, clock, .. } = &mut *inner;
        clock.follow(node);
        if node.block_number() > before {
            journal::mined(&inner, before);
        }
        tell(&self.news, inner.news());
        tell(&self.interval_secs, inner.interval_secs);
        result
    }

    /// As [`Self::with`], for a method that may fail. On a fork a read of the other chain may fail in the middle: then the node is put back as it was.
    pub(super) fn answer<R>(&self, act: impl FnOnce(&mut Inner) -> Result<R, RpcError>) -> Result<R, RpcError> {
        self.with(|inner| {
            if inner.node.fork_block().is_none() {
                return act(inner);
            }
            let before = inner.node.clone();
            // An old failure is not this method's.
            let _ = inner.node.take_fork_failure();
            let result = act(inner);
            match inner.node.take_fork_failure() {
                None => result,
                Some(error) => {
                    inner.node = before;
                    Err(error.into())
                }
            }
        })
    }

    /// Follows the newest block and the transactions that are accepted.
    pub(super) fn watch_news(&self) -> watch::Receiver<News> {
        self.news.subscribe()
    }

    /// Follows the seconds between blocks; zero when none are mined by the clock.
    pub(super) fn watch_interval(&self) -> watch::Receiver<u64> {
        self.interval_secs.subscribe()
    }

    /// Waits for the turn. A method that panicked leaves the node as it was between two of its own steps, so going on is better than refusing
    /// every later request.
    fn lock(&self) -> MutexGuard<'_, Inner> {
        self.inner.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
    }
}

fn tell<T: PartialEq>(sender: &watch::Sender<T>, new: T) {
    sender.send_if_modified(|old| {
        let changed = *old != new;
        *old = new;
        changed
    });
}

/// What the server itself was told at its start, to which a reset goes back.
#[derive(Debug, Clone, Copy)]
struct Start {
    automine: bool,
    interval_secs: u64,
    impersonate_all: bool,
}

/// The node and what the server knows beside it.
#[derive(Debug)]
pub(super) struct Inner {
    pub(super) node: Devnode,
    pub(super) clock: Clock,
    pub(super) impersonated: BTreeSet<Address>,
    pub(super) impersonate_all: bool,
    pub(super) filters: Watches,
    pub(super) subscribers: Watches,
    /// Seconds between blocks mined by the clock; zero when there are none.
    pub(super) interval_secs: u64,
    pub(super) limits: Limits,
    /// What the request that has its turn may still mine.
    pub(super) allowance: Allowance,
    /// Whether blocks, transactions and requests are told to the operator.
    pub(super) logging: bool,
    /// What each snapshot has beside the chain.
    snapshots: BTreeMap<SnapshotId, (Clock, u64)>,
    accepted: u64,
    resets: u64,
    start: Start,
}

impl Inner {
    /// A node with the seconds between its blocks, zero for none, and whether anyone may send for any account.
    pub(super) fn new(node: Devnode, clock: Clock, interval_secs: u64, impersonate_all: bool) -> Self {
        let usual = RpcConfig::default();
        let start = Start { automine: node.automine(), interval_secs, impersonate_all };
        let mut inner = Self {
            node,
            clock,
            impersonated: BTreeSet::new(),
            impersonate_all,
            filters: Watches::default(),
            subscribers: Watches::default(),
            interval_secs: 0,
            limits: Limits { filters: usual.max_filters, logs: usual.max_logs },
            allowance: Allowance::default(),
            logging: true,
            snapshots: BTreeMap::new(),
            accepted: 0,
            resets: 0,
            start,
        };
        inner.clock.follow(&inner.node);
        inner.mine_every(interval_secs);
        inner
    }

    fn news(&self) -> News {
        let number = self.node.block_number();
        let hash = self.node.block(number).map(|block| block.hash).unwrap_or_default();
        News { number, hash, accepted: self.accepted }
    }

    /// Mines a block every `secs` seconds and no more with every transaction; zero ends that, and leaves mining to requests.
    pub(super) fn mine_every(&mut self, secs: u64) {
        self.interval_secs = secs;
        if secs > 0 {
            self.node.set_automine(false);
        }
    }

    /// Puts the next block at the clock's present, before anything is mined.
    pub(super) fn tick(&mut self) {
        self.clock.tick(&mut self.node);
    }

    /// Refuses to send for `from`, unless that is one of the node's accounts or is impersonated.
    pub(super) fn may_send(&self, from: Address) -> Result<(), RpcError> {
        let ours = self.node.accounts().iter().any(|account| account.address == from);
        if ours || self.impersonate_all || self.impersonated.contains(&from) {
            return Ok(());
        }
        Err(RpcError::NoSigner { address: from })
    }

    /// Tells those who wait for transactions of one more.
    pub(super) fn accepted(&mut self, hash: B256) -> B256 {
        self.accepted = self.accepted.saturating_add(1);
        self.filters.arrived(hash);
        self.subscribers.arrived(hash);
        hash
    }

    /// Remembers the chain, its clock and how it mines.
    pub(super) fn snapshot(&mut self) -> SnapshotId {
        let id = self.node.snapshot();
        self.snapshots.insert(id, (self.clock.clone(), self.interval_secs));
        id
    }

    /// Goes back to a snapshot; `false` when there is none of that name.
    pub(super) fn revert(&mut self, id: SnapshotId) -> bool {
        if !self.node.revert(id) {
            return false;
        }
        if let Some((clock, interval_secs)) = self.snapshots.remove(&id) {
            (self.clock, self.interval_secs) = (clock, interval_secs);
        }
        self.snapshots.split_off(&id);
        let newest = self.node.block_number();
        self.filters.went_back(newest);
        self.subscribers.went_back(newest);
        true
    }

    /// To be told when the chain was replaced by another: filters end, and subscribers hear of what follows.
    pub(super) fn replaced(&mut self) {
        self.clock.forget_exact();
        self.filters.clear();
        self.subscribers.begin_again(self.node.block_number());
    }

    /// Starts over, with the settings the server was started with.
    pub(super) fn reset(&mut self) {
        self.node.reset();
        self.node.set_automine(self.start.automine);
        self.mine_every(self.start.interval_secs);
        self.impersonate_all = self.start.impersonate_all;
        self.impersonated.clear();
        self.snapshots.clear();
        self.clock.reset();
        self.resets = self.resets.saturating_add(1);
        self.replaced();
    }

    /// Names the chain from its first block to its next reset.
    pub(super) fn instance_id(&self) -> B256 {
        let first = self.node.block(BlockRef::Earliest).map(|block| block.hash).unwrap_or_default();
        keccak256([first.as_slice(), &self.resets.to_be_bytes()].concat())
    }

    /// The receipt of a mined transaction.
    pub(super) fn receipt(&self, hash: B256) -> Option<&Receipt> {
        self.node.receipt(hash)
    }
}
