//! From the node's types to the JSON of the Ethereum and Arbitrum methods, and from requests to the node's types.
//!
//! Transactions and headers take their consensus fields from `alloy-consensus`; what a block adds to them is put in here.

use alloy_consensus::{Extended, Transaction};
use alloy_eips::BlockId;
use alloy_primitives::{Bytes, U64, U256};
use alloy_rpc_types_eth::{BlockNumberOrTag, Filter, FilterBlockOption, TransactionRequest};
use serde::Serialize;
use serde_json::{Map, Value, json};

use super::errors::RpcError;
use crate::{
    Block, BlockOverrides, BlockRef, CallRequest, Devnode, LogEntry, LogFilter, MinedTransaction, QueuedTransaction,
    Receipt, StateOverrides, TxError, TxRequest,
};

/// A JSON quantity: hex without leading zeros.
pub(super) fn quantity(number: impl TryInto<U256>) -> Value {
    json!(number.try_into().unwrap_or(U256::MAX))
}

/// Any value that serialises; the types used here always do.
pub(super) fn value(of: impl Serialize) -> Value {
    serde_json::to_value(of).unwrap_or(Value::Null)
}

pub(super) fn object(of: impl Serialize) -> Map<String, Value> {
    match value(of) {
        Value::Object(map) => map,
        _ => Map::new(),
    }
}

/// A transaction in its block.
pub(super) fn transaction(tx: &MinedTransaction, effective_gas_price_wei: u64) -> Value {
    let mut fields = match &tx.envelope {
        Extended::BuiltIn(signed) => object(signed),
        Extended::Other(internal) => object(internal),
    };
    fields.insert("hash".into(), value(tx.hash));
    fields.insert("from".into(), value(tx.from));
    fields.insert("blockHash".into(), value(tx.block_hash));
    fields.insert("blockNumber".into(), quantity(tx.block_number));
    fields.insert("transactionIndex".into(), quantity(tx.index));
    fields.insert("gasPrice".into(), quantity(effective_gas_price_wei));
    Value::Object(fields)
}

/// A transaction that waits for a block.
pub(super) fn queued(tx: &QueuedTransaction) -> Value {
    let mut fields = object(&tx.envelope);
    fields.insert("hash".into(), value(tx.hash));
    fields.insert("from".into(), value(tx.from));
    fields.insert("gasPrice".into(), quantity(tx.envelope.max_fee_per_gas()));
    in_no_block(fields)
}

fn in_no_block(mut fields: Map<String, Value>) -> Value {
    for name in ["blockHash", "blockNumber", "transactionIndex"] {
        fields.insert(name.into(), Value::Null);
    }
    Value::Object(fields)
}

/// A log in its transaction.
pub(super) fn log(log: &LogEntry) -> Value {
    json!({
        "address": log.address,
        "topics": log.data.topics(),
        "data": log.data.data,
        "blockHash": log.block_hash,
        "blockNumber": U64::from(log.block_number),
        "blockTimestamp": U64::from(log.block_timestamp_secs),
        "transactionHash": log.transaction_hash,
        "transactionIndex": U64::from(log.transaction_index),
        "logIndex": U64::from(log.log_index),
        "removed": false,
    })
}

/// A receipt, with the fields Arbitrum adds.
pub(super) fn receipt(receipt: &Receipt) -> Value {
    json!({
        "transactionHash": receipt.transaction_hash,
        "transactionIndex": U64::from(receipt.transaction_index),
        "blockHash": receipt.block_hash,
        "blockNumber": U64::from(receipt.block_number),
        "from": receipt.from,
        "to": receipt.to,
        "type": U64::from(receipt.tx_type),
        "status": U64::from(u8::from(receipt.success)),
        "gasUsed": U64::from(receipt.gas_used),
        "gasUsedForL1": U64::from(receipt.gas_used_for_l1),
        "cumulativeGasUsed": U64::from(receipt.cumulative_gas_used),
        "effectiveGasPrice": U64::from(receipt.effective_gas_price_wei),
        "contractAddress": receipt.contract_address,
        "logs": receipt.logs.iter().map(log).collect::<Vec<_>>(),
        "logsBloom": receipt.logs_bloom,
        "l1BlockNumber": U64::from(receipt.l1_block_number),
    })
}

/// A block, with the hashes of its transactions or the transactions themselves.
pub(super) fn block(node: &Devnode, block: &Block, with_transactions: bool) -> Value {
    let transactions = block.transactions.iter().map(|hash| match node.transaction(*hash) {
        Some(tx) if with_transactions => transaction(tx, block.base_fee_wei()),
        _ => value(hash),
    });
    whole_block(block, transactions.collect())
}

/// The block that would be mined now. Its transactions wait, so they are in no block yet.
pub(super) fn pending_block(block: &Block, transactions: &[MinedTransaction], with_transactions: bool) -> Value {
    let transactions = transactions.iter().map(|tx| match with_transactions {
        true => in_no_block(object(transaction(tx, block.base_fee_wei()))),
        false => value(tx.hash),
    });
    whole_block(block, transactions.collect())
}

/// A block with its transactions as they are given.
pub(super) fn whole_block(block: &Block, transactions: Vec<Value>) -> Value {
    let mut fields = head(block);
    fields.insert("transactions".into(), Value::Array(transactions));
    fields.insert("uncles".into(), json!([]));
    fields.insert("totalDifficulty".into(), quantity(block.header.difficulty));
    fields.insert("size".into(), quantity(block.header.size()));
    Value::Object(fields)
}

/// A block's header alone, as subscribers get it.
pub(super) fn header(block: &Block) -> Value {
    Value::Object(head(block))
}

fn head(block: &Block) -> Map<String, Value> {
    let mut fields = object(&block.header);
    fields.insert("hash".into(), value(block.hash));
    // Nitro's own fields: the L1 block contracts see, and the outbox.
    fields.insert("l1BlockNumber".into(), quantity(block.l1_number));
    fields.insert("sendCount".into(), quantity(block.send_count()));
    fields.insert("sendRoot".into(), value(block.header.extra_data.clone()));
    fields
}

/// A block as the methods name it. What is safe or finalized on a real chain is the newest block here.
pub(super) fn block_ref(id: Option<BlockId>) -> BlockRef {
    match id {
        None => BlockRef::Latest,
        Some(BlockId::Hash(hash)) => BlockRef::Hash(hash.block_hash),
        Some(BlockId::Number(tag)) => match tag {
            BlockNumberOrTag::Number(number) => BlockRef::Number(number),
            BlockNumberOrTag::Earliest => BlockRef::Number(0),
            BlockNumberOrTag::Pending => BlockRef::Pending,
            BlockNumberOrTag::Latest | BlockNumberOrTag::Safe | BlockNumberOrTag::Finalized => BlockRef::Latest,
        },
    }
}

/// The type of transactions with blobs (EIP-4844).
const BLOB_TYPE: u8 = 3;

/// The calldata. What carries blobs is refused instead of being sent without them.
fn input(request: &TransactionRequest) -> Result<Bytes, RpcError> {
    let has_blobs = request.sidecar.is_some() || request.blob_versioned_hashes.is_some();
    if has_blobs || request.max_fee_per_blob_gas.is_some() || request.transaction_type == Some(BLOB_TYPE) {
        return Err(TxError::UnsupportedType { given: BLOB_TYPE }.into());
    }
    request
        .input
        .clone()
        .try_into_unique_input()
        .map(Option::unwrap_or_default)
        .map_err(|error| RpcError::BadParameter { index: 0, name: "transaction", reason: error.to_string() })
}

/// A transaction to send.
pub(super) fn tx_request(request: TransactionRequest) -> Result<TxRequest, RpcError> {
    let data = input(&request)?;
    Ok(TxRequest {
        from: request.from.unwrap_or_default(),
        to: request.to.and_then(|kind| kind.to().copied()),
        value: request.value.unwrap_or_default(),
        data,
        gas: request.gas,
        gas_price_wei: request.gas_price,
        max_fee_per_gas_wei: request.max_fee_per_gas,
        max_priority_fee_per_gas_wei: request.max_priority_fee_per_gas,
        nonce: request.nonce,
        access_list: request.access_list.unwrap_or_default(),
        authorizations: request.authorization_list.unwrap_or_default(),
    })
}

/// A call on `block` with its overrides.
pub(super) fn call_request(
    request: TransactionRequest,
    block: Option<BlockId>,
    state_overrides: StateOverrides,
    block_overrides: BlockOverrides,
) -> Result<CallRequest, RpcError> {
    let data = input(&request)?;
    Ok(CallRequest {
        from: request.from.unwrap_or_default(),
        to: request.to.and_then(|kind| kind.to().copied()),
        value: request.value.unwrap_or_default(),
        data,
        gas: request.gas,
        block: block_ref(block),
        access_list: request.access_list.unwrap_or_default(),
        authorizations: request.authorization_list.unwrap_or_default(),
        state_overrides,
        block_overrides,
    })
}

/// A log filter. A height that moves with the chain is left open, which is the newest block whenever the filter is asked.
pub(super) fn log_filter(filter: Filter) -> LogFilter {
    let height = |tag: BlockNumberOrTag| match tag {
        BlockNumberOrTag::Number(number) => Some(number),
        BlockNumberOrTag::Earliest => Some(0),
        _ => None,
    };
    let (from_block, to_block, block_hash) = match filter.block_option {
        FilterBlockOption::Range { from_block, to_block } => {
            (from_block.and_then(height), to_block.and_then(height), None)
        }
        FilterBlockOption::AtBlockHash(hash) => (None, None, Some(hash)),
    };
    LogFilter {
        from_block,
        to_block,
        block_hash,
        addresses: filter.address.iter().copied().collect(),
        topics: filter.topics.map(|values| values.iter().copied().collect()),
    }
}
