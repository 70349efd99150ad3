//! All accounts at one moment. A copy costs nothing: copies share what they have in common, so every block keeps its own.
//!
//! On a fork only what was changed here is kept; the rest is read from the origin. A read that fails there counts as nothing, and
//! [`Origin::take_failure`] tells of it; transactions and calls are refused instead, because the machine stops at it.

use std::{borrow::Cow, sync::Arc};

use alloy_primitives::{Address, B256, Bytes, KECCAK256_EMPTY, U256, keccak256};
use revm::{
    Database,
    bytecode::Bytecode,
    state::{AccountInfo, EvmState},
};
use rpds::HashTrieMapSync;

use super::request::{AccountOverride, StateOverrides};
use crate::{
    evm::ChainContext,
    fork::{ForkError, Origin},
};

/// One account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Account {
    /// Wei owned.
    pub balance_wei: U256,
    /// Transactions sent and contracts created.
    pub nonce: u64,
    /// The hash of the code; that of nothing for an account without code.
    pub code_hash: B256,
    /// Slots that are not zero; with `of_origin` also those that became zero.
    pub storage: HashTrieMapSync<U256, U256>,
    /// Whether slots that are not listed are those of the forked chain.
    pub of_origin: bool,
}

impl Default for Account {
    fn default() -> Self {
        Self {
            balance_wei: U256::ZERO,
            nonce: 0,
            code_hash: KECCAK256_EMPTY,
            storage: HashTrieMapSync::new_sync(),
            of_origin: false,
        }
    }
}

impl Account {
    fn is_empty(&self) -> bool {
        self.balance_wei.is_zero() && self.nonce == 0 && self.code_hash == KECCAK256_EMPTY
    }

    pub(crate) fn set_slot(&mut self, slot: U256, value: U256) {
        if value.is_zero() && !self.of_origin {
            self.storage.remove_mut(&slot);
        } else {
            self.storage.insert_mut(slot, value);
        }
    }
}

/// All accounts and codes.
#[derive(Debug, Clone, Default)]
pub struct State {
    accounts: HashTrieMapSync<Address, Account>,
    codes: HashTrieMapSync<B256, Bytecode>,
    origin: Option<Arc<Origin>>,
}

impl State {
    /// The state of a forked chain, with nothing changed yet.
    pub(crate) fn of_origin(origin: Arc<Origin>) -> Self {
        Self { origin: Some(origin), ..Self::default() }
    }

    /// The account, if there is one.
    pub fn account(&self, address: Address) -> Option<Cow<'_, Account>> {
        self.noted(self.try_account(address))
    }

    fn try_account(&self, address: Address) -> Result<Option<Cow<'_, Account>>, ForkError> {
        match (self.accounts.get(&address), &self.origin) {
            (Some(account), None) => Ok(Some(Cow::Borrowed(account))),
            // An empty account is the mark of one that was removed.
            (Some(account), Some(_)) => Ok((!account.is_empty()).then_some(Cow::Borrowed(account))),
            (None, None) => Ok(None),
            (None, Some(origin)) => Ok(origin.account(address)?.map(|account| {
                Cow::Owned(Account {
                    balance_wei: account.balance_wei,
                    nonce: account.nonce,
                    code_hash: account.code_hash,
                    storage: HashTrieMapSync::new_sync(),
                    of_origin: true,
                })
            })),
        }
    }

    fn try_slot(&self, address: Address, slot: U256) -> Result<U256, ForkError> {
        let account = self.accounts.get(&address);
        let known = account.and_then(|account| account.storage.get(&slot)).copied();
        match (&self.origin, known) {
            (Some(origin), None) if account.is_none_or(|account| account.of_origin) => origin.slot(address, slot),
            _ => Ok(known.unwrap_or_default()),
        }
    }

    /// What was read; nothing, and a note of it, when the read failed.
    fn noted<T: Default>(&self, read: Result<T, ForkError>) -> T {
        read.unwrap_or_else(|error| {
            if let Some(origin) = &self.origin {
                origin.note(error);
            }
            T::default()
        })
    }

    /// The code of a hash.
    fn bytecode(&self, code_hash: B256) -> Option<Bytecode> {
        let known = self.codes.get(&code_hash).cloned();
        known.or_else(|| self.origin.as_ref().filter(|_| code_hash != KECCAK256_EMPTY)?.code(code_hash))
    }

    /// All accounts that are kept here, in no particular order.
    pub(crate) fn accounts(&self) -> impl Iterator<Item = (&Address, &Account)> {
        self.accounts.iter()
    }

    /// All codes that were ever stored, in no particular order.
    pub(crate) fn codes(&self) -> impl Iterator<Item = Bytes> + '_ {
        self.codes.values().map(Bytecode::original_bytes)
    }

    /// Whether an account may have this code hash: its code is known, or it is that of nothing.
    pub(crate) fn knows_code(&self, code_hash: B256) -> bool {
        code_hash == KECCAK256_EMPTY || self.bytecode(code_hash).is_some()
    }

    /// Takes an account away.
    pub(crate) fn remove(&mut self, address: Address) {
        if self.origin.is_some() {
            self.accounts.insert_mut(address, Account::default());
        } else {
            self.accounts.remove_mut(&address);
        }
    }

    /// The same with nothing changed: empty, or the forked chain as it is.
    pub(crate) fn unchanged(&self) -> Self {
        Self { origin: self.origin.clone(), ..Self::default() }
    }

    /// Whether something of the account is kept here.
    pub(crate) fn keeps(&self, address: Address) -> bool {
        self.accounts.contains_key(&address)
    }

    /// Puts an account without storage in the place of the forked chain's.
    pub(crate) fn replace(&mut self, address: Address) {
        self.accounts.insert_mut(address, Account::default());
    }

    /// Wei owned; zero for an account that does not exist.
    pub fn balance(&self, address: Address) -> U256 {
        self.account(address).map_or(U256::ZERO, |account| account.balance_wei)
    }

    /// The next nonce.
    pub fn nonce(&self, address: Address) -> u64 {
        self.account(address).map_or(0, |account| account.nonce)
    }

    /// The code as stored, without the padding the machine adds.
    pub fn code(&self, address: Address) -> Bytes {
        self.account(address)
            .and_then(|account| self.bytecode(account.code_hash))
            .map(|code| code.original_bytes())
            .unwrap_or_default()
    }

    /// A storage slot.
    pub fn slot(&self, address: Address, slot: U256) -> U256 {
        self.noted(self.try_slot(address, slot))
    }

    /// Changes an account in place, making it when there was none.
    pub fn change(&mut self, address: Address, change: impl FnOnce(&mut Account)) {
        let mut account = self.account(address).map(Cow::into_owned).unwrap_or_default();
        change(&mut account);
        self.accounts.insert_mut(address, account);
    }

    /// Sets the balance.
    pub fn set_balance(&mut self, address: Address, wei: U256) {
        self.change(address, |account| account.balance_wei = wei);
    }

    /// Sets the nonce.
    pub fn set_nonce(&mut self, address: Address, nonce: u64) {
        self.change(address, |account| account.nonce = nonce);
    }

    /// Sets the code; any bytes are taken, those of a Stylus program too.
    pub fn set_code(&mut self, address: Address, code: Bytes) {
        let code_hash = self.add_code(code);
        self.change(address, |account| account.code_hash = code_hash);
    }

    /// Remembers a code, and gives its hash.
    pub(crate) fn add_code(&mut self, code: Bytes) -> B256 {
        if code.is_empty() {
            return KECCAK256_EMPTY;
        }
        let code_hash = keccak256(&code);
        // Bytes that only look like a delegation are kept as they are.
        let bytecode = Bytecode::new_raw_checked(code.clone()).unwrap_or_else(|_| Bytecode::new_legacy(code));
        self.codes.insert_mut(code_hash, bytecode);
        code_hash
    }

    /// Sets a storage slot.
    pub fn set_slot(&mut self, address: Address, slot: U256, value: U256) {
        self.change(address, |account| account.set_slot(slot, value));
    }

    /// Takes over what a transaction changed. Touched accounts that are left empty disappear (EIP-161).
    pub fn commit(&mut self, changes: EvmState) {
        for (address, change) in changes {
            if !change.is_touched() {
                continue;
            }
            if change.is_selfdestructed() {
                self.remove(address);
                continue;
            }
            let mut account = if change.is_created() {
                Account::default()
            } else {
                self.account(address).map(Cow::into_owned).unwrap_or_default()
            };
            account.balance_wei = change.info.balance;
            account.nonce = change.info.nonce;
            account.code_hash = if change.info.code_hash.is_zero() { KECCAK256_EMPTY } else { change.info.code_hash };
            let known = self.knows_code(account.code_hash);
            if let Some(code) = change.info.code.as_ref().filter(|_| !known) {
                self.codes.insert_mut(account.code_hash, code.clone());
            }
            for (slot, value) in change.changed_storage_slots() {
                account.set_slot(*slot, value.present_value());
            }
            if account.is_empty() {
                self.remove(address);
            } else {
                self.accounts.insert_mut(address, account);
            }
        }
    }

    /// The state with the changes a call asks for.
    pub(crate) fn with_overrides(&self, overrides: &StateOverrides) -> Self {
        let mut state = self.clone();
        for (address, AccountOverride { balance_wei, nonce, code, state: whole, state_diff }) in overrides {
            if let Some(wei) = balance_wei {
                state.set_balance(*address, *wei);
            }
            if let Some(nonce) = nonce {
                state.set_nonce(*address, *nonce);
            }
            if let Some(code) = code {
                state.set_code(*address, code.clone());
            }
            if whole.is_none() && state_diff.is_empty() {
                continue;
            }
            state.change(*address, |account| {
                if whole.is_some() {
                    account.storage = HashTrieMapSync::new_sync();
                    account.of_origin = false;
                }
                for (slot, value) in whole.iter().flatten().chain(state_diff) {
                    account.set_slot((*slot).into(), (*value).into());
                }
            });
        }
        state
    }

    /// The state as the machine reads it.
    pub(crate) fn view(&self) -> StateView<'_> {
        StateView(self)
    }
}

/// Reads of the machine. Block hashes are those of L1: `BLOCKHASH` looks there.
#[derive(Debug)]
pub(crate) struct StateView<'a>(&'a State);

impl Database for StateView<'_> {
    type Error = ForkError;

    fn basic(&mut self, address: Address) -> Result<Option<AccountInfo>, ForkError> {
        Ok(self.0.try_account(address)?.map(|account| AccountInfo {
            balance: account.balance_wei,
            nonce: account.nonce,
            code_hash: account.code_hash,
            code: Some(self.0.bytecode(account.code_hash).unwrap_or_default()),
            ..AccountInfo::default()
        }))
    }

    fn code_by_hash(&mut self, code_hash: B256) -> Result<Bytecode, ForkError> {
        Ok(self.0.bytecode(code_hash).unwrap_or_default())
    }

    fn storage(&mut self, address: Address, index: U256) -> Result<U256, ForkError> {
        self.0.try_slot(address, index)
    }

    fn block_hash(&mut self, number: u64) -> Result<B256, ForkError> {
        Ok(ChainContext::l1_block_hash(number))
    }
}
