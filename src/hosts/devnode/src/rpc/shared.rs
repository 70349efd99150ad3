//! What all methods share: the node, the clock, and who may be impersonated.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::{Mutex, MutexGuard},
};

use alloy_primitives::{Address, B256};

use super::{clock::Clock, errors::RpcError};
use crate::{Devnode, LogFilter, Receipt, TxRequest};

/// The node behind its lock.
#[derive(Debug)]
pub(super) struct Shared(Mutex<Inner>);

impl Shared {
    pub(super) fn new(inner: Inner) -> Self {
        Self(Mutex::new(inner))
    }

    /// Waits for the turn. A method that panicked leaves the node as it was between two of its own steps, so going on is better than refusing
    /// every later request.
    pub(super) fn lock(&self) -> MutexGuard<'_, Inner> {
        self.0.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
    }
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
}

impl Inner {
    pub(super) fn new(node: Devnode, clock: Clock) -> Self {
        Self { node, clock, impersonated: BTreeSet::new(), impersonate_all: false, filters: BTreeMap::new(), next_filter: 1 }
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
