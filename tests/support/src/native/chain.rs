//! The state of the native chain, with a journal that undoes what a reverted call did.

use crate::world::Log;
use alloy_primitives::{Address, B256, U256};
use common::lock::native as transient;
use std::{
    cell::RefCell,
    collections::BTreeMap,
    hash::{DefaultHasher, Hash, Hasher},
    rc::Rc,
};
use stylus_sdk::{ArbResult, host::VM};

use super::host::Frame;

/// The chain as contracts, doubles and the world hold it.
pub(super) type SharedChain = Rc<RefCell<Chain>>;

/// What a stand-in answers to a call, or the data it reverts with.
pub(super) type Double = fn(&Frame, &[u8]) -> Result<Vec<u8>, Vec<u8>>;

/// What an address runs.
#[derive(Clone, Copy)]
pub(super) enum Program {
    /// The router of a contract of ours.
    Router(fn(Vec<u8>, VM) -> ArbResult),
    /// A double written for this world.
    Double(Double),
}

/// One change, as it was before.
enum Undo {
    Storage(Address, U256, U256),
    Balance(Address, U256),
    Log,
}

/// A chain without blocks: storage, balances, logs of the transaction that runs, and a clock.
pub(super) struct Chain {
    pub(super) programs: BTreeMap<Address, Program>,
    pub(super) time_secs: u64,
    pub(super) origin: Address,
    /// The addresses whose code is running, outermost first.
    pub(super) stack: Vec<Address>,
    storage: BTreeMap<(Address, U256), U256>,
    balances: BTreeMap<Address, U256>,
    logs: Vec<Log>,
    journal: Vec<Undo>,
    /// The exclusive or of a hash of every word that is stored.
    fingerprint: u64,
}

impl Chain {
    pub(super) fn shared(time_secs: u64) -> SharedChain {
        Rc::new(RefCell::new(Self {
            programs: BTreeMap::new(),
            time_secs,
            origin: Address::ZERO,
            stack: Vec::new(),
            storage: BTreeMap::new(),
            balances: BTreeMap::new(),
            logs: Vec::new(),
            journal: Vec::new(),
            fingerprint: 0,
        }))
    }

    pub(super) fn begin_transaction(&mut self, origin: Address) {
        self.origin = origin;
        self.journal.clear();
        self.logs.clear();
        transient::clear();
    }

    /// Ends the transaction and hands over its logs. What lives for one transaction is gone.
    pub(super) fn end_transaction(&mut self) -> Vec<Log> {
        self.journal.clear();
        transient::clear();
        std::mem::take(&mut self.logs)
    }

    /// A point to come back to with [`Chain::undo_to`].
    pub(super) fn mark(&self) -> Mark {
        Mark { journal: self.journal.len(), transient: transient::snapshot() }
    }

    /// Undoes everything since `mark`.
    pub(super) fn undo_to(&mut self, mark: Mark) {
        while self.journal.len() > mark.journal {
            match self.journal.pop() {
                Some(Undo::Storage(account, slot, before)) => self.put(account, slot, before),
                Some(Undo::Balance(account, before)) => {
                    self.balances.insert(account, before);
                }
                Some(Undo::Log) => {
                    self.logs.pop();
                }
                None => break,
            }
        }
        transient::restore(mark.transient);
    }

    pub(super) fn load(&self, account: Address, slot: U256) -> U256 {
        self.storage.get(&(account, slot)).copied().unwrap_or_default()
    }

    pub(super) fn store(&mut self, account: Address, slot: U256, value: U256) {
        let before = self.load(account, slot);
        self.journal.push(Undo::Storage(account, slot, before));
        self.put(account, slot, value);
    }

    pub(super) fn whole_storage(&self) -> Vec<(Address, U256, U256)> {
        self.storage.iter().map(|((account, slot), value)| (*account, *slot, *value)).collect()
    }

    /// A number that words stored make together: equal while nothing is stored otherwise.
    pub(super) fn fingerprint(&self) -> u64 {
        self.fingerprint
    }

    pub(super) fn balance(&self, account: Address) -> U256 {
        self.balances.get(&account).copied().unwrap_or_default()
    }

    /// Moves wei; false where there are too few.
    pub(super) fn move_wei(&mut self, from: Address, to: Address, wei: U256) -> bool {
        if wei.is_zero() || from == to {
            return self.balance(from) >= wei;
        }
        let (Some(left), Some(sum)) = (self.balance(from).checked_sub(wei), self.balance(to).checked_add(wei)) else {
            return false;
        };
        for (account, after) in [(from, left), (to, sum)] {
            self.journal.push(Undo::Balance(account, self.balance(account)));
            self.balances.insert(account, after);
        }
        true
    }

    pub(super) fn log(&mut self, emitter: Address, topics: Vec<B256>, data: Vec<u8>) {
        self.journal.push(Undo::Log);
        self.logs.push(Log { emitter, topics, data });
    }

    /// Zero is kept as absence, so that equal state is equal maps.
    fn put(&mut self, account: Address, slot: U256, value: U256) {
        let before = if value.is_zero() {
            self.storage.remove(&(account, slot))
        } else {
            self.fingerprint ^= hash(account, slot, value);
            self.storage.insert((account, slot), value)
        };
        if let Some(before) = before {
            self.fingerprint ^= hash(account, slot, before);
        }
    }
}

fn hash(account: Address, slot: U256, value: U256) -> u64 {
    let mut hasher = DefaultHasher::new();
    (account, slot, value).hash(&mut hasher);
    hasher.finish()
}

/// See [`Chain::mark`].
#[derive(Clone)]
pub(super) struct Mark {
    journal: usize,
    transient: transient::Words,
}
