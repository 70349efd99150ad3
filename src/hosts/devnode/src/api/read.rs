//! Looking at the chain.

use alloy_primitives::{Address, B256, Bytes, U256};

use super::Devnode;
use crate::{
    arbos::state::{ProgramRecord, params, program},
    chain::{
        error::UnknownBlock,
        record::{Block, LogEntry, MinedTransaction, Receipt},
        request::{BlockRef, LogFilter},
        run::StateSlots,
        seal::seal,
        select::{matches, may_match},
        state::State,
        store::QueuedTransaction,
    },
};

impl Devnode {
    fn state(&self) -> &State {
        &self.data.newest().state
    }

    /// Wei owned by an account.
    pub fn balance(&self, account: Address) -> U256 {
        self.state().balance(account)
    }

    /// The next nonce of an account; queued transactions do not count.
    pub fn nonce(&self, account: Address) -> u64 {
        self.state().nonce(account)
    }

    /// The next nonce of an account when all queued transactions are mined.
    pub fn pending_nonce(&self, account: Address) -> u64 {
        self.data.pending_nonce(account)
    }

    /// The code of an account, as stored: that of a program with its prefix.
    pub fn code(&self, account: Address) -> Bytes {
        self.state().code(account)
    }

    /// A storage slot.
    pub fn storage(&self, account: Address, slot: U256) -> U256 {
        self.state().slot(account, slot)
    }

    /// Wei owned by an account after a block.
    ///
    /// # Errors
    /// The block does not exist.
    pub fn balance_at(&self, account: Address, block: impl Into<BlockRef>) -> Result<U256, UnknownBlock> {
        Ok(self.data.find(block.into())?.state.balance(account))
    }

    /// The next nonce of an account after a block; for [`BlockRef::Pending`] queued transactions count.
    ///
    /// # Errors
    /// The block does not exist.
    pub fn nonce_at(&self, account: Address, block: impl Into<BlockRef>) -> Result<u64, UnknownBlock> {
        match block.into() {
            BlockRef::Pending => Ok(self.pending_nonce(account)),
            block => Ok(self.data.find(block)?.state.nonce(account)),
        }
    }

    /// The code of an account after a block.
    ///
    /// # Errors
    /// The block does not exist.
    pub fn code_at(&self, account: Address, block: impl Into<BlockRef>) -> Result<Bytes, UnknownBlock> {
        Ok(self.data.find(block.into())?.state.code(account))
    }

    /// A storage slot after a block.
    ///
    /// # Errors
    /// The block does not exist.
    pub fn storage_at(&self, account: Address, slot: U256, block: impl Into<BlockRef>) -> Result<U256, UnknownBlock> {
        Ok(self.data.find(block.into())?.state.slot(account, slot))
    }

    /// The height of the chain.
    pub fn block_number(&self) -> u64 {
        self.data.newest_number()
    }

    /// The time of the newest block, in seconds since 1970.
    pub fn time_secs(&self) -> u64 {
        self.data.newest().block.timestamp_secs()
    }

    /// A block; [`BlockRef::Pending`] is answered with the newest.
    ///
    /// # Errors
    /// The block does not exist.
    pub fn block(&self, block: impl Into<BlockRef>) -> Result<&Block, UnknownBlock> {
        Ok(&self.data.find(block.into())?.block)
    }

    /// The block that would be mined now, with the transactions that wait. Nothing is mined.
    pub fn pending_block(&self) -> (Block, Vec<MinedTransaction>) {
        let mut ahead = self.data.clone();
        seal(&self.config, &mut ahead);
        let sealed = ahead.newest();
        (sealed.block.clone(), sealed.transactions.clone())
    }

    /// A mined transaction.
    pub fn transaction(&self, hash: B256) -> Option<&MinedTransaction> {
        let (sealed, index) = self.data.place(hash)?;
        sealed.transactions.get(index)
    }

    /// What became of a mined transaction.
    pub fn receipt(&self, hash: B256) -> Option<&Receipt> {
        let (sealed, index) = self.data.place(hash)?;
        sealed.receipts.get(index)
    }

    /// The transactions that wait for a block, in the order they came.
    pub fn queued(&self) -> &[QueuedTransaction] {
        &self.data.queue
    }

    /// The logs a filter takes, oldest first. A range beyond the newest block ends there.
    ///
    /// # Errors
    /// No block has the hash the filter names.
    pub fn logs(&self, filter: &LogFilter) -> Result<Vec<LogEntry>, UnknownBlock> {
        let newest = self.block_number();
        let (first, last) = match filter.block_hash {
            Some(hash) => {
                let number = self.block(BlockRef::Hash(hash))?.number();
                (number, number)
            }
            None => (filter.from_block.unwrap_or(newest), filter.to_block.unwrap_or(newest).min(newest)),
        };
        let first = first.max(self.data.first_number());
        let found = (first..=last)
            .filter_map(|number| self.data.get(number))
            .filter(|sealed| may_match(filter, &sealed.block.header.logs_bloom))
            .flat_map(|sealed| &sealed.receipts)
            .flat_map(|receipt| &receipt.logs)
            .filter(|log| matches(filter, log));
        Ok(found.cloned().collect())
    }

    /// Ink in a unit of gas.
    pub fn ink_price(&self) -> u32 {
        let Ok(params) = params(&mut StateSlots(self.state()), self.arbos_version());
        params.ink_price
    }

    /// What ArbOS has recorded of the program at an address; `None` when its code was never activated.
    pub fn program(&self, address: Address) -> Option<ProgramRecord> {
        let code_hash = self.state().account(address)?.code_hash;
        let Ok(record) = program(&mut StateSlots(self.state()), code_hash);
        (record.version != 0).then_some(record)
    }
}
