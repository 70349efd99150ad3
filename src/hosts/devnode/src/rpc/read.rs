//! Methods that only look: chain and account state, blocks, transactions, receipts, calls and estimates.

use alloy_eips::BlockId;
use alloy_primitives::{Address, B256, U256};
use alloy_rpc_types_eth::TransactionRequest;
use serde_json::{Value, json};

use super::{
    Methods,
    args::Args,
    convert::{self, block_ref, quantity, value},
    errors::RpcError,
    journal,
    overrides::{self, Place},
    shared::Inner,
};
use crate::{Block, BlockRef, CallRequest, MinedTransaction};

pub(super) fn register(methods: &mut Methods) {
    methods.add(&["eth_chainId"], |inner, _| Ok(quantity(inner.node.chain_id())));
    methods.add(&["net_version"], |inner, _| Ok(json!(inner.node.chain_id().to_string())));
    methods.add(&["net_listening"], |_, _| Ok(json!(true)));
    methods.add(&["web3_sha3"], |_, args| {
        Ok(value(alloy_primitives::keccak256(args.required::<alloy_primitives::Bytes>(0, "data")?)))
    });
    methods.add(&["eth_syncing"], |_, _| Ok(json!(false)));
    methods.add(&["eth_accounts"], |inner, _| {
        Ok(value(inner.node.accounts().iter().map(|account| account.address).collect::<Vec<_>>()))
    });
    methods.add(&["eth_blockNumber"], |inner, _| Ok(quantity(inner.node.block_number())));

    methods.add(&["eth_gasPrice"], |inner, _| Ok(quantity(inner.node.base_fee_wei())));
    methods.add(&["eth_maxPriorityFeePerGas"], |_, _| Ok(quantity(0u64)));
    methods.add(&["eth_feeHistory"], fee_history);

    methods.add(&["eth_getBalance"], |inner, args| {
        Ok(quantity(inner.node.balance_at(args.required(0, "address")?, at(&args, 1)?)?))
    });
    methods.add(&["eth_getCode"], |inner, args| {
        Ok(value(inner.node.code_at(args.required(0, "address")?, at(&args, 1)?)?))
    });
    methods.add(&["eth_getStorageAt"], |inner, args| {
        let word = inner.node.storage_at(args.required(0, "address")?, args.required(1, "slot")?, at(&args, 2)?)?;
        Ok(value(B256::from(word)))
    });
    methods.add(&["eth_getTransactionCount"], |inner, args| {
        let address: Address = args.required(0, "address")?;
        match at(&args, 1)? {
            BlockRef::Pending => Ok(quantity(inner.node.pending_nonce(address))),
            block => Ok(quantity(inner.node.nonce_at(address, block)?)),
        }
    });

    methods.add(&["eth_getBlockByNumber", "eth_getBlockByHash"], |inner, args| {
        let full = args.optional(1, "fullTransactions")?.unwrap_or(false);
        let block = block_ref(Some(args.required(0, "block")?));
        if block == BlockRef::Pending {
            let (block, transactions) = pending(inner);
            return Ok(convert::pending_block(&block, &transactions, full));
        }
        Ok(inner.node.block(block).map_or(Value::Null, |block| convert::block(&inner.node, block, full)))
    });
    methods.add(&["eth_getBlockTransactionCountByNumber", "eth_getBlockTransactionCountByHash"], |inner, args| {
        let block = block_ref(Some(args.required(0, "block")?));
        if block == BlockRef::Pending {
            return Ok(quantity(pending(inner).1.len()));
        }
        Ok(inner.node.block(block).map_or(Value::Null, |block| quantity(block.transactions.len())))
    });
    methods.add(&["eth_getUncleCountByBlockNumber", "eth_getUncleCountByBlockHash"], |inner, args| {
        Ok(inner.node.block(block_ref(Some(args.required(0, "block")?))).map_or(Value::Null, |_| quantity(0u64)))
    });
    methods.add(&["eth_getBlockReceipts"], |inner, args| {
        let Ok(block) = inner.node.block(block_ref(Some(args.required(0, "block")?))) else { return Ok(Value::Null) };
        Ok(Value::Array(
            block.transactions.iter().filter_map(|hash| inner.receipt(*hash)).map(convert::receipt).collect(),
        ))
    });
    methods.add(&["eth_getTransactionByHash"], |inner, args| Ok(transaction(inner, args.required(0, "hash")?)));
    methods.add(
        &["eth_getTransactionByBlockNumberAndIndex", "eth_getTransactionByBlockHashAndIndex"],
        |inner, args| {
            let index = usize::try_from(args.required_number(1, "index")?).unwrap_or(usize::MAX);
            let hash = match block_ref(Some(args.required(0, "block")?)) {
                BlockRef::Pending => pending(inner).1.get(index).map(|tx| tx.hash),
                block => inner.node.block(block).ok().and_then(|block| block.transactions.get(index).copied()),
            };
            Ok(hash.map_or(Value::Null, |hash| transaction(inner, hash)))
        },
    );
    methods.add(&["eth_getTransactionReceipt"], |inner, args| {
        Ok(inner.receipt(args.required(0, "hash")?).map_or(Value::Null, convert::receipt))
    });

    methods.add(&["eth_call"], |inner, args| {
        let request = present(inner, call(&args)?);
        journal::tried(inner, &request);
        Ok(value(inner.node.call(request)?))
    });
    methods.add(&["eth_estimateGas"], |inner, args| {
        let request = present(inner, call(&args)?);
        journal::tried(inner, &request);
        Ok(quantity(inner.node.estimate_gas(request)?))
    });
}

/// The block parameter at `index`; the newest where none is given.
fn at(args: &Args, index: usize) -> Result<BlockRef, RpcError> {
    Ok(block_ref(args.optional::<BlockId>(index, "block")?))
}

/// The call that `eth_call`, `eth_estimateGas` and `debug_traceCall` describe: transaction, block, state overrides, block overrides.
pub(super) fn call(args: &Args) -> Result<CallRequest, RpcError> {
    convert::call_request(
        args.required::<TransactionRequest>(0, "transaction")?,
        args.optional::<BlockId>(1, "block")?,
        overrides::accounts(Place { index: 2, name: "stateOverrides" }, args.optional(2, "stateOverrides")?)?,
        overrides::header(Place { index: 3, name: "blockOverrides" }, args.optional(3, "blockOverrides")?)?,
    )
}

/// The block that would be mined now, and its transactions.
fn pending(inner: &mut Inner) -> (Block, Vec<MinedTransaction>) {
    inner.tick();
    inner.node.pending_block()
}

/// The call, on the header that the clock gives when that of the next block was asked for.
fn present(inner: &mut Inner, request: CallRequest) -> CallRequest {
    if request.block == BlockRef::Pending {
        inner.tick();
    }
    request
}

/// A transaction, mined or waiting, or `null`.
fn transaction(inner: &Inner, hash: B256) -> Value {
    let Some(tx) = inner.node.transaction(hash) else {
        let waiting = inner.node.queued().iter().find(|queued| queued.hash == hash);
        return waiting.map_or(Value::Null, convert::queued);
    };
    let price_wei = inner.receipt(hash).map_or(0, |receipt| receipt.effective_gas_price_wei);
    convert::transaction(tx, price_wei)
}

/// Base fees and rewards of past blocks. Tips are dropped on this chain, so every reward is zero; the used share is given in steps of 1e-4
/// of a gas limit that is never near.
fn fee_history(inner: &mut Inner, args: Args) -> Result<Value, RpcError> {
    /// As Nitro, one answer covers at most this many blocks.
    const MOST_BLOCKS: u64 = 1_024;
    let asked = args.required_number(0, "blockCount")?.clamp(1, MOST_BLOCKS);
    let newest = inner.node.block(block_ref(args.optional(1, "newestBlock")?))?.number();
    let percentiles: Vec<f64> = args.optional(2, "rewardPercentiles")?.unwrap_or_default();
    let oldest = newest.saturating_sub(asked.saturating_sub(1));
    let mut base_fees = Vec::new();
    let mut ratios = Vec::new();
    for number in oldest..=newest {
        let block = inner.node.block(number)?;
        base_fees.push(quantity(block.base_fee_wei()));
        ratios.push(json!(used_share(block.header.gas_used, block.header.gas_limit)));
    }
    base_fees.push(quantity(inner.node.base_fee_wei()));
    let blocks = ratios.len();
    let mut history = json!({ "oldestBlock": U256::from(oldest), "baseFeePerGas": base_fees, "gasUsedRatio": ratios });
    if let (false, Some(fields)) = (percentiles.is_empty(), history.as_object_mut()) {
        let rewards = vec![vec![quantity(0u64); percentiles.len()]; blocks];
        fields.insert("reward".into(), value(rewards));
    }
    Ok(history)
}

/// The share of the gas limit that was used, to four decimals, as a JSON number for display.
fn used_share(used: u64, limit: u64) -> f64 {
    let steps = u128::from(used).saturating_mul(10_000).checked_div(u128::from(limit)).unwrap_or(0);
    f64::from(u32::try_from(steps).unwrap_or(u32::MAX)) / 10_000.0
}
