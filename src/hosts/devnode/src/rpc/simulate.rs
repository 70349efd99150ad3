//! `eth_simulateV1`: blocks of calls that are tried out one after another.

use alloy_eips::BlockId;
use alloy_rpc_types_eth::TransactionRequest;
use serde_json::{Value, json};

use super::{
    Methods,
    args::Args,
    convert::{self, block_ref, quantity, tx_request, value},
    errors::{EXECUTION_REVERTED, RpcError},
    overrides::{self, Place},
    shared::Inner,
};
use crate::{BlockDraft, DraftedBlock, Receipt, chain::internal::INTERNAL_TX_TYPE};

/// As geth, one request holds at most this many blocks.
const MOST_BLOCKS: usize = 256;
/// Geth's code for a call that fails without a revert.
const VM_ERROR: i32 = -32015;

pub(super) fn register(methods: &mut Methods) {
    methods.add(&["eth_simulateV1"], simulate);
}

fn simulate(inner: &mut Inner, args: Args) -> Result<Value, RpcError> {
    #[derive(Debug, serde::Deserialize)]
    #[serde(rename_all = "camelCase")]
    struct Request {
        block_state_calls: Vec<Draft>,
        #[serde(default)]
        trace_transfers: bool,
        #[serde(default)]
        validation: bool,
        #[serde(default)]
        return_full_transactions: bool,
    }
    #[derive(Debug, serde::Deserialize)]
    #[serde(rename_all = "camelCase")]
    struct Draft {
        block_overrides: Option<Value>,
        state_overrides: Option<Value>,
        #[serde(default)]
        calls: Vec<TransactionRequest>,
    }
    let bad = |reason: String| RpcError::BadParameter { index: 0, name: "payload", reason };
    let Request { block_state_calls, trace_transfers, validation, return_full_transactions } =
        args.required(0, "payload")?;
    if trace_transfers {
        return Err(bad("traceTransfers is not served by this node".into()));
    }
    if block_state_calls.len() > MOST_BLOCKS {
        return Err(bad(format!("{} blocks are more than {MOST_BLOCKS}", block_state_calls.len())));
    }
    let drafts = block_state_calls.into_iter().map(|Draft { block_overrides, state_overrides, calls }| {
        Ok(BlockDraft {
            state_overrides: overrides::accounts(Place { index: 0, name: "stateOverrides" }, state_overrides)?,
            block_overrides: overrides::header(Place { index: 0, name: "blockOverrides" }, block_overrides)?,
            transactions: calls.into_iter().map(tx_request).collect::<Result<_, RpcError>>()?,
        })
    });
    let drafts = drafts.collect::<Result<_, RpcError>>()?;
    inner.tick();
    let base = block_ref(args.optional::<BlockId>(1, "block")?);
    let blocks = inner.node.try_blocks(base, drafts, validation)?;
    Ok(blocks.iter().map(|drafted| block(drafted, return_full_transactions)).collect())
}

fn block(drafted: &DraftedBlock, with_transactions: bool) -> Value {
    let DraftedBlock { block, transactions, receipts } = drafted;
    let transactions = transactions.iter().map(|tx| match with_transactions {
        true => convert::transaction(tx, block.base_fee_wei()),
        false => value(tx.hash),
    });
    let mut fields = convert::whole_block(block, transactions.collect());
    // The transaction that opens a block, where blocks have one, is nobody's call.
    fields["calls"] = receipts.iter().filter(|receipt| receipt.tx_type != INTERNAL_TX_TYPE).map(call).collect();
    fields
}

fn call(receipt: &Receipt) -> Value {
    let mut fields = json!({
        "status": quantity(u8::from(receipt.success)),
        "returnData": receipt.output,
        "gasUsed": quantity(receipt.gas_used),
        "logs": receipt.logs.iter().map(convert::log).collect::<Vec<_>>(),
    });
    if let Some(failure) = &receipt.failure {
        fields["error"] = if failure.starts_with("execution reverted") {
            json!({ "code": EXECUTION_REVERTED, "message": failure, "data": receipt.output })
        } else {
            json!({ "code": VM_ERROR, "message": failure })
        };
    }
    fields
}
