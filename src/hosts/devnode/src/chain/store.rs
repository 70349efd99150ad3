//! The chain so far: blocks with the state after each, where to find a transaction, what waits, and the clock.
//!
//! A copy is cheap, and a copy is a snapshot.

use std::sync::Arc;

use alloy_consensus::TxEnvelope;
use alloy_primitives::{Address, B256};
use rpds::HashTrieMapSync;
use serde::{Deserialize, Serialize};

use super::{
    config::ChainConfig,
    error::UnknownBlock,
    record::{Block, MinedTransaction, Receipt},
    request::BlockRef,
    state::State,
};
use crate::evm::{BATCH_POSTER, L2_BLOCK_GAS_LIMIT};

/// A transaction that was accepted and waits for a block.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct QueuedTransaction {
    /// The transaction.
    pub envelope: TxEnvelope,
    /// Its hash.
    pub hash: B256,
    /// Who sent it.
    pub from: Address,
    /// Whether the node sent it for an address whose key it does not hold.
    pub impersonated: bool,
}

/// A block with everything that belongs to it.
#[derive(Debug, Clone)]
pub(crate) struct Sealed {
    pub(crate) block: Block,
    pub(crate) transactions: Vec<MinedTransaction>,
    pub(crate) receipts: Vec<Receipt>,
    /// The state after the block, with what was set by hand before the next one.
    pub(crate) state: State,
}

/// What decides the header of the next block.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct NextHeader {
    /// A timestamp asked for, used once.
    pub(crate) timestamp_secs: Option<u64>,
    /// Seconds to skip, used once.
    pub(crate) ahead_secs: u64,
    /// Seconds between blocks otherwise.
    pub(crate) block_time_secs: u64,
    /// A base fee asked for, used once.
    pub(crate) base_fee_wei: Option<u64>,
    pub(crate) l1_number: u64,
    pub(crate) coinbase: Address,
    /// Seconds between blocks until told otherwise, whatever a clock says.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) interval_secs: Option<u64>,
    /// A gas limit of blocks other than the usual one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) gas_limit: Option<u64>,
    /// What `PREVRANDAO` is asked to give, used once.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) prevrandao: Option<B256>,
}

impl NextHeader {
    /// The gas limit blocks state.
    pub(crate) fn gas_limit(&self) -> u64 {
        self.gas_limit.unwrap_or(L2_BLOCK_GAS_LIMIT)
    }
}

/// The chain so far.
#[derive(Debug, Clone)]
pub(crate) struct ChainData {
    blocks: Vec<Arc<Sealed>>,
    heights: HashTrieMapSync<B256, u64>,
    places: HashTrieMapSync<B256, (u64, usize)>,
    pub(crate) queue: Vec<QueuedTransaction>,
    pub(crate) automine: bool,
    pub(crate) next: NextHeader,
}

impl ChainData {
    pub(crate) fn new(genesis: Sealed, config: &ChainConfig) -> Self {
        let mut data = Self {
            blocks: Vec::new(),
            heights: HashTrieMapSync::new_sync(),
            places: HashTrieMapSync::new_sync(),
            queue: Vec::new(),
            automine: true,
            next: NextHeader {
                timestamp_secs: None,
                ahead_secs: 0,
                block_time_secs: config.block_time_secs,
                base_fee_wei: None,
                l1_number: config.l1_block_number,
                coinbase: BATCH_POSTER,
                interval_secs: None,
                gas_limit: None,
                prevrandao: None,
            },
        };
        data.push(genesis);
        data
    }

    pub(crate) fn push(&mut self, sealed: Sealed) {
        let number = sealed.block.number();
        self.heights.insert_mut(sealed.block.hash, number);
        for (index, transaction) in sealed.transactions.iter().enumerate() {
            self.places.insert_mut(transaction.hash, (number, index));
        }
        self.blocks.push(Arc::new(sealed));
    }

    /// All blocks, oldest first.
    pub(crate) fn blocks(&self) -> impl Iterator<Item = &Sealed> {
        self.blocks.iter().map(Arc::as_ref)
    }

    /// The newest block. There is always one: the chain is made with its genesis.
    pub(crate) fn newest(&self) -> &Sealed {
        &self.blocks[self.blocks.len() - 1]
    }

    /// The height of the first block kept: 0, or that of the block a fork begins at.
    pub(crate) fn first_number(&self) -> u64 {
        self.blocks.first().map_or(0, |sealed| sealed.block.number())
    }

    pub(crate) fn newest_number(&self) -> u64 {
        self.newest().block.number()
    }

    /// The newest state, to be changed by hand. Snapshots that share the block are not touched.
    pub(crate) fn state_mut(&mut self) -> &mut State {
        let last = self.blocks.len() - 1;
        &mut Arc::make_mut(&mut self.blocks[last]).state
    }

    pub(crate) fn get(&self, number: u64) -> Option<&Sealed> {
        let place = number.checked_sub(self.first_number())?;
        self.blocks.get(usize::try_from(place).ok()?).map(Arc::as_ref)
    }

    /// The chain up to a block, with nothing that waits.
    pub(crate) fn until(&self, number: u64) -> Self {
        let mut data = self.clone();
        data.blocks.retain(|sealed| sealed.block.number() <= number);
        data.queue.clear();
        data
    }

    /// The block of a reference; `Pending` is answered with the newest.
    pub(crate) fn find(&self, block: BlockRef) -> Result<&Sealed, UnknownBlock> {
        let number = match block {
            BlockRef::Latest | BlockRef::Pending => self.newest_number(),
            BlockRef::Earliest => self.first_number(),
            BlockRef::Number(number) => number,
            BlockRef::Hash(hash) => *self.heights.get(&hash).ok_or(UnknownBlock::Hash(hash))?,
        };
        self.get(number).ok_or(UnknownBlock::Number { given: number, newest: self.newest_number() })
    }

    /// The block that holds a transaction, and its place there.
    pub(crate) fn place(&self, hash: B256) -> Option<(&Sealed, usize)> {
        let (number, index) = *self.places.get(&hash)?;
        Some((self.get(number)?, index))
    }

    /// The hashes of the blocks `from..to`, oldest first.
    pub(crate) fn hashes(&self, from: u64, to: u64) -> impl Iterator<Item = (u64, B256)> + '_ {
        (from..to).filter_map(|number| Some((number, self.get(number)?.block.hash)))
    }

    /// The next nonce of an account when everything that waits is mined.
    pub(crate) fn pending_nonce(&self, address: Address) -> u64 {
        let waiting = self.queue.iter().filter(|queued| queued.from == address).count();
        self.newest().state.nonce(address).saturating_add(waiting as u64)
    }
}
