//! Going on from where another chain stands.

use std::{collections::BTreeMap, sync::Arc};

use alloy_primitives::B256;
use serde_json::Value;

use super::{Devnode, DevnodeBuilder};
use crate::{
    chain::{error::TxError, genesis, store::ChainData},
    fork::{ForkConfig, ForkError, Origin},
};

impl DevnodeBuilder {
    /// A node whose first block is a block of another chain. Chain id, ArbOS version and the L1 block number are that chain's.
    ///
    /// Accounts and slots are read when they are first needed. Development accounts get their wei, and the contracts that tools expect are put
    /// where the chain has none. A chain of Arbitrum brings its ArbOS with prices, owners and program records, so its Stylus programs run;
    /// any other chain gets a fresh ArbOS.
    ///
    /// # Errors
    /// The node cannot be read, or it has no such block.
    pub fn build_fork(self, fork: ForkConfig) -> Result<Devnode, ForkError> {
        let accounts = self.accounts_or_usual();
        let mut config = self.config.clone();
        let origin = Arc::new(Origin::open(fork)?);
        let base = genesis::forked(&mut config, &accounts, Arc::clone(&origin))?;
        let data = ChainData::new(base.clone(), &config);
        Ok(Devnode {
            made: self,
            config,
            accounts,
            data,
            fork: Some((base, origin)),
            snapshots: BTreeMap::new(),
            next_snapshot: 1,
        })
    }
}

impl Devnode {
    /// The height of the block a fork begins at; `None` when this chain begins by itself.
    pub fn fork_block(&self) -> Option<u64> {
        self.fork.as_ref().map(|(base, _)| base.block.number())
    }

    /// The height and the hash of the block a fork begins at, and the other chain as it is read now; `None` when this chain begins by itself.
    pub fn fork_origin(&self) -> Option<(u64, B256, ForkConfig)> {
        self.fork.as_ref().map(|(base, origin)| (base.block.number(), base.block.hash, origin.config()))
    }

    /// Becomes a fork, or another one, with the accounts, balances and other settings this node was made with. Snapshots are gone.
    ///
    /// # Errors
    /// As [`DevnodeBuilder::build_fork`]; then nothing has changed.
    pub fn fork_again(&mut self, fork: ForkConfig) -> Result<(), ForkError> {
        let next_snapshot = self.next_snapshot;
        *self = Self { next_snapshot, ..self.made.clone().build_fork(fork)? };
        Ok(())
    }

    /// Reads the forked chain at another address from now on; `false` when this chain is no fork. Headers are not sent to another host.
    pub fn set_fork_url(&self, url: &str) -> bool {
        match &self.fork {
            Some((_, origin)) => {
                origin.set_url(url);
                true
            }
            None => false,
        }
    }

    /// The first read of the forked chain that failed since the last look. Until then [`Devnode::balance`] and its like answered as if there
    /// were nothing; transactions and calls are refused with the error instead.
    pub fn take_fork_failure(&self) -> Option<ForkError> {
        self.fork.as_ref().and_then(|(_, origin)| origin.take_failure())
    }

    /// Writes what was read of the forked chain to the cache file, as the end of the node does.
    ///
    /// # Errors
    /// What the operating system says.
    pub fn keep_fork_cache(&self) -> std::io::Result<()> {
        self.fork.as_ref().map_or(Ok(()), |(_, origin)| origin.keep())
    }

    /// Does something with the chain, all or nothing: where a read of the forked chain fails in between, the chain is put back as it was.
    pub(super) fn whole<R>(&mut self, act: impl FnOnce(&mut Self) -> Result<R, TxError>) -> Result<R, TxError> {
        if self.fork.is_none() {
            return act(self);
        }
        let before = self.data.clone();
        let old = self.take_fork_failure();
        let result = act(self);
        let failure = self.take_fork_failure();
        self.note_again(old);
        match failure {
            None => result,
            Some(error) => {
                self.data = before;
                Err(error.into())
            }
        }
    }

    /// A failure that nobody has asked for yet is not forgotten.
    fn note_again(&self, old: Option<ForkError>) {
        if let (Some((_, origin)), Some(error)) = (&self.fork, old) {
            origin.note(error);
        }
    }

    /// Asks something of the chain; the answer does not count where a read of the forked chain failed in between.
    pub(super) fn sure<R, E: From<TxError>>(&self, ask: impl FnOnce(&Self) -> Result<R, E>) -> Result<R, E> {
        let old = self.take_fork_failure();
        let result = ask(self);
        let failure = self.take_fork_failure();
        self.note_again(old);
        match failure {
            None => result,
            Some(error) => Err(TxError::from(error).into()),
        }
    }

    /// Asks the forked chain's node something; `None` when this is no fork.
    pub(crate) fn ask_origin(&self, method: &str, params: &Value) -> Option<Result<Value, ForkError>> {
        self.fork.as_ref().map(|(_, origin)| origin.request(method, params))
    }
}
