//! What all methods share: the node, the clock, and who may be impersonated.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::{Mutex, MutexGuard},
};

use alloy_primitives::{Address, B256};
use tokio::sync::watch;

use super::{
    RpcConfig,
    clock::Clock,
    errors::RpcError,
    journal,
    limits::{Allowance, Limits},
};
use crate::{Devnode, LogFilter, Receipt, TxRequest};

/// The newest block, as far as those who wait for news must know it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Head {
    pub(super) number: u64,
    hash: B256,
}

/// The node behind its lock, and what is told to others when it changes.
#[derive(Debug)]
pub(super) struct Shared {
    inner: Mutex<Inner>,
    heads: watch::Sender<Head>,
    interval_secs: watch::Sender<u64>,
}

impl Shared {
    pub(super) fn new(inner: Inner) -> Self {
        let heads = watch::Sender::new(inner.head());
        let interval_secs = watch::Sender::new(inner.interval_secs);
        Self { inner: Mutex::new(inner), heads, interval_secs }
    }

    /// Does something with the node, and tells those who wait when there is a new block or interval.
    pub(super) fn with<R>(&self, act: impl FnOnce(&mut Inner) -> R) -> R {
        let mut inner = self.lock();
        let before = inner.head().number;
        let result = act(&mut inner);
        if inner.head().number > before {
            journal::mined(&inner.node, before);
        }
        tell(&self.heads, inner.head());
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

    /// Follows the newest block.
    pub(super) fn watch_heads(&self) -> watch::Receiver<Head> {
        self.heads.subscribe()
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

/// What a filter of `eth_newFilter` and `eth_newBlockFilter` waits for, and how far it has been read.
#[derive(Debug, Clone)]
pub(super) enum Watch {
    Logs { filter: LogFilter, next_block: u64 },
    Blocks { next_block: u64 },
}

/// The node and what the server knows beside it.
#[derive(Debug)]
pub(super) struct Inner {
    pub(super) node: Devnode,
    pub(super) clock: Clock,
    pub(super) impersonated: BTreeSet<Address>,
    pub(super) impersonate_all: bool,
    pub(super) filters: BTreeMap<u64, Watch>,
    pub(super) next_filter: u64,
    /// Seconds between blocks mined by the clock; zero when there are none.
    pub(super) interval_secs: u64,
    pub(super) limits: Limits,
    /// What the request that has its turn may still mine.
    pub(super) allowance: Allowance,
}

impl Inner {
    pub(super) fn new(node: Devnode, clock: Clock) -> Self {
        let usual = RpcConfig::default();
        Self {
            node,
            clock,
            impersonated: BTreeSet::new(),
            impersonate_all: false,
            filters: BTreeMap::new(),
            next_filter: 1,
            interval_secs: 0,
            limits: Limits { filters: usual.max_filters, logs: usual.max_logs },
            allowance: Allowance::default(),
        }
    }

    fn head(&self) -> Head {
        let number = self.node.block_number();
        Head { number, hash: self.node.block(number).map(|block| block.hash).unwrap_or_default() }
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

    /// Sends for `from` without its key, where that is one of the node's accounts or has been impersonated.
    pub(super) fn send_unsigned(&mut self, request: TxRequest) -> Result<B256, RpcError> {
        let from = request.from;
        let ours = self.node.accounts().iter().any(|account| account.address == from);
        if !(ours || self.impersonate_all || self.impersonated.contains(&from)) {
            return Err(RpcError::NoSigner { address: from });
        }
        self.tick();
        Ok(self.node.submit(request)?)
    }

    /// The receipt of a mined transaction.
    pub(super) fn receipt(&self, hash: B256) -> Option<&Receipt> {
        self.node.receipt(hash)
    }
}
