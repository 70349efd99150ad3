//! Methods of wallets before they send: filling a transaction in, signing it, listing the slots it uses.

use alloy_consensus::{SignableTransaction, TxEnvelope};
use alloy_eips::eip2718::Encodable2718;
use alloy_primitives::{Bytes, Signature, U256};
use alloy_rpc_types_eth::TransactionRequest;
use serde_json::{Value, json};

use super::{
    Methods,
    args::Args,
    convert::{object, quantity, tx_request, value},
    errors::RpcError,
    read::call,
    shared::Inner,
};
use crate::{BlockRef, CallRequest, TxRequest};

pub(super) fn register(methods: &mut Methods) {
    methods.add(&["eth_fillTransaction"], fill);
    methods.add(&["eth_signTransaction"], |inner, args| {
        let request = given(inner, &args)?;
        let address = request.from;
        let signed = inner.node.sign(&request)?.ok_or(RpcError::NoSigner { address })?;
        Ok(value(Bytes::from(signed.encoded_2718())))
    });
    methods.add(&["eth_createAccessList"], |inner, args| {
        let declared = inner.node.access_list(call(&args)?)?;
        let mut answer = json!({ "accessList": declared.access_list, "gasUsed": quantity(declared.gas_used) });
        if let (Some(failure), Some(fields)) = (declared.failure, answer.as_object_mut()) {
            fields.insert("error".into(), json!(failure));
        }
        Ok(answer)
    });
}

/// The transaction that is asked for, with a gas limit.
fn given(inner: &mut Inner, args: &Args) -> Result<TxRequest, RpcError> {
    inner.tick();
    with_gas(inner, tx_request(args.required::<TransactionRequest>(0, "transaction")?)?)
}

/// The request with the gas limit it needs, where it has none: on the chain as it will be when everything that waits is mined.
pub(super) fn with_gas(inner: &Inner, request: TxRequest) -> Result<TxRequest, RpcError> {
    if request.gas.is_some() {
        return Ok(request);
    }
    // Under the header it will be mined with, so that a moved clock counts.
    let call = CallRequest { block: BlockRef::Pending, ..request.clone().into() };
    let gas = if inner.node.queued().is_empty() {
        inner.node.estimate_gas(call)?
    } else {
        let mut ahead = inner.node.clone();
        ahead.mine(1);
        ahead.estimate_gas(call)?
    };
    Ok(TxRequest { gas: Some(gas), ..request })
}

/// The transaction as it would be sent, and its bytes with a signature of zeros.
fn fill(inner: &mut Inner, args: Args) -> Result<Value, RpcError> {
    let request = given(inner, &args)?;
    let filled = inner.node.fill(&request)?;
    let unsigned: TxEnvelope = filled.into_signed(Signature::new(U256::ZERO, U256::ZERO, false)).into();
    let mut fields = object(&unsigned);
    fields.insert("from".into(), value(request.from));
    // Without a signature there is no hash yet.
    fields.remove("hash");
    Ok(json!({ "raw": Bytes::from(unsigned.encoded_2718()), "tx": fields }))
}
