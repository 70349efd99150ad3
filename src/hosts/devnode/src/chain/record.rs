//! What the node remembers of the past: blocks, mined transactions, receipts and logs.

use alloy_consensus::Header;
use alloy_primitives::{Address, B256, Bloom, Bytes, LogData};
use serde::{Deserialize, Serialize};

use super::internal::Envelope;

/// One block.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Block {
    /// The header. `state_root` is zero: the node keeps no Merkle tree of its state.
    pub header: Header,
    /// The hash of the header.
    pub hash: B256,
    /// The L1 block number contracts saw in this block.
    pub l1_number: u64,
    /// Hashes of the transactions, in order.
    pub transactions: Vec<B256>,
}

impl Block {
    /// The L2 height.
    pub fn number(&self) -> u64 {
        self.header.number
    }

    /// Seconds since 1970.
    pub fn timestamp_secs(&self) -> u64 {
        self.header.timestamp
    }

    /// How many messages were sent to L1 up to this block.
    pub fn send_count(&self) -> u64 {
        self.header.mix_hash.first_chunk().map_or(0, |bytes| u64::from_be_bytes(*bytes))
    }

    /// The price of a unit of gas in this block, in wei.
    pub fn base_fee_wei(&self) -> u64 {
        self.header.base_fee_per_gas.unwrap_or_default()
    }
}

/// A transaction that is in a block.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MinedTransaction {
    /// The transaction as signed, or the one that opens the block. When `impersonated`, its signature is a placeholder that recovers to
    /// nobody in particular.
    pub envelope: Envelope,
    /// The transaction hash.
    pub hash: B256,
    /// The sender. Take it from here, not from the signature.
    pub from: Address,
    /// Whether the node sent it for an address whose key it does not hold.
    pub impersonated: bool,
    /// The height of its block.
    pub block_number: u64,
    /// The hash of its block.
    pub block_hash: B256,
    /// Its place in the block.
    pub index: u64,
}

/// What became of a mined transaction.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Receipt {
    /// The transaction.
    pub transaction_hash: B256,
    /// Its place in the block.
    pub transaction_index: u64,
    /// The height of its block.
    pub block_number: u64,
    /// The hash of its block.
    pub block_hash: B256,
    /// Who sent it.
    pub from: Address,
    /// Whom it called; `None` for a creation.
    pub to: Option<Address>,
    /// The transaction type byte: 0, 1, 2 or 4, or 0x6A for the one that opens a block.
    pub tx_type: u8,
    /// Whether it took effect. A failed transaction still pays for its gas.
    pub success: bool,
    /// Gas paid for, refunds already taken off, the L1 part included.
    pub gas_used: u64,
    /// The part of `gas_used` that pays for L1 data. Zero at an L1 price of zero.
    pub gas_used_for_l1: u64,
    /// Gas used in the block up to and including this transaction.
    pub cumulative_gas_used: u64,
    /// Wei paid for a unit of gas: the base fee of the block.
    pub effective_gas_price_wei: u64,
    /// The account created, when one was.
    pub contract_address: Option<Address>,
    /// What the call returned, or the data it reverted with; the code of the new account for a creation.
    pub output: Bytes,
    /// Why it failed, in words, when it failed.
    pub failure: Option<String>,
    /// The logs, in order.
    pub logs: Vec<LogEntry>,
    /// The bloom filter over the logs.
    pub logs_bloom: Bloom,
    /// The L1 block number contracts saw.
    pub l1_block_number: u64,
}

impl Receipt {
    /// The receipt when the transaction took effect; otherwise the failure in words.
    ///
    /// # Errors
    /// The failed receipt's own text and output.
    pub fn succeeded(self) -> Result<Self, FailedTransaction> {
        if self.success {
            Ok(self)
        } else {
            Err(FailedTransaction {
                hash: self.transaction_hash,
                output: self.output,
                failure: self.failure.unwrap_or_default(),
            })
        }
    }

    /// The logs without their place in the chain, ready for an event decoder.
    pub fn log_data(&self) -> impl Iterator<Item = (&Address, &LogData)> {
        self.logs.iter().map(|log| (&log.address, &log.data))
    }
}

/// A transaction that was mined and failed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("transaction {hash} failed: {failure} (output {output})")]
pub struct FailedTransaction {
    /// The transaction.
    pub hash: B256,
    /// The data it reverted with.
    pub output: Bytes,
    /// Why, in words.
    pub failure: String,
}

/// A log and its place in the chain.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct LogEntry {
    /// Who emitted it.
    pub address: Address,
    /// Topics and data.
    pub data: LogData,
    /// The height of its block.
    pub block_number: u64,
    /// The hash of its block.
    pub block_hash: B256,
    /// The time of its block, in seconds since 1970.
    pub block_timestamp_secs: u64,
    /// The transaction that emitted it.
    pub transaction_hash: B256,
    /// The place of that transaction in the block.
    pub transaction_index: u64,
    /// The place of the log in the block.
    pub log_index: u64,
}
