//! What a fork does not keep: blocks, transactions and accounts before it began. Those questions go to the chain it is of.

use alloy_primitives::U64;
use serde_json::{Value, json};

use super::{convert::quantity, errors::RpcError, shared::Inner};
use crate::{CallError, LogFilter, UnknownBlock, fork::ForkError};

/// Methods about one block, transaction or account, whose answer the other chain knows when this node does not.
const METHODS: [&str; 15] = [
    "eth_getBlockByNumber",
    "eth_getBlockByHash",
    "eth_getBlockReceipts",
    "eth_getBlockTransactionCountByNumber",
    "eth_getBlockTransactionCountByHash",
    "eth_getTransactionByHash",
    "eth_getTransactionByBlockNumberAndIndex",
    "eth_getTransactionByBlockHashAndIndex",
    "eth_getTransactionReceipt",
    "eth_getBalance",
    "eth_getCode",
    "eth_getStorageAt",
    "eth_getTransactionCount",
    "eth_call",
    "eth_estimateGas",
];

/// Looks for an answer on the other chain where this node has none: nothing was found, or a block before the fork was named. What the other chain
/// has added since the fork began is not part of this one.
pub(super) fn pass_on(
    inner: &Inner,
    method: &str,
    params: &Value,
    answer: Result<Value, RpcError>,
) -> Result<Value, RpcError> {
    let Some(first) = inner.node.fork_block().filter(|_| METHODS.contains(&method)) else { return answer };
    let not_here = match &answer {
        Ok(found) => found.is_null() && named_number(params).is_none_or(|number| number < first),
        Err(RpcError::Block(unknown) | RpcError::Call(CallError::UnknownBlock(unknown))) => match unknown {
            UnknownBlock::Number { given, .. } => *given < first,
            UnknownBlock::Hash(_) => true,
        },
        Err(_) => false,
    };
    let asked = if not_here { inner.node.ask_origin(method, params) } else { None };
    match asked {
        None => answer,
        Some(found) => Ok(found.map(|found| if is_later(&found, first) { Value::Null } else { found })?),
    }
}

/// The height that the first parameter names, when it is one.
fn named_number(params: &Value) -> Option<u64> {
    let given = params.get(0)?;
    let number = given.get("blockNumber").unwrap_or(given);
    // Text that is too long for a height is a hash.
    serde_json::from_value::<U64>(number.clone()).ok().map(|number| number.to())
}

/// Whether a block, a transaction, a receipt or the first of several is of a block above `first`.
fn is_later(found: &Value, first: u64) -> bool {
    let one = found.get(0).unwrap_or(found);
    let number = one.get("blockNumber").or_else(|| one.get("number"));
    number
        .and_then(|number| serde_json::from_value::<U64>(number.clone()).ok())
        .is_some_and(|number| number.to::<u64>() > first)
}

/// The logs of the other chain that a filter takes, up to the block the fork begins at. They come as the other chain writes them.
pub(super) fn logs_before(inner: &Inner, filter: &LogFilter) -> Result<Vec<Value>, ForkError> {
    let Some(first) = inner.node.fork_block() else { return Ok(Vec::new()) };
    let newest = inner.node.block_number();
    let from = filter.from_block.unwrap_or(newest);
    if filter.block_hash.is_some() || from > first {
        return Ok(Vec::new());
    }
    let to = filter.to_block.unwrap_or(newest).min(first);
    let topics: Vec<Value> =
        filter.topics.iter().map(|accepted| if accepted.is_empty() { Value::Null } else { json!(accepted) }).collect();
    let mut asked = json!({ "fromBlock": quantity(from), "toBlock": quantity(to), "topics": topics });
    if !filter.addresses.is_empty() {
        asked["address"] = json!(filter.addresses);
    }
    match inner.node.ask_origin("eth_getLogs", &json!([asked])).transpose()? {
        Some(Value::Array(found)) => Ok(found),
        _ => Ok(Vec::new()),
    }
}
