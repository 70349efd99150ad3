//! From bytes or a request to a transaction, and from a transaction to what the machine runs.

use alloy_consensus::{
    Extended, SignableTransaction, Transaction, TxEip1559, TxEip2930, TxEip7702, TxEnvelope, TxLegacy, TxType,
    Typed2718, TypedTransaction, transaction::SignerRecoverable,
};
use alloy_eips::eip2718::{Decodable2718, Encodable2718};
use alloy_primitives::{Address, Bytes, Signature, TxKind, U256, keccak256};
use revm::context::{TxEnv, either::Either};

use super::{
    config::MAX_TX_BYTES,
    error::TxError,
    internal::{ARBOS, Envelope, InternalTx},
    request::{CallRequest, TxRequest},
    store::QueuedTransaction,
};
use crate::evm::{Mode, PostedTx};

/// Types from 5 on are not defined; a first byte from here on begins a legacy transaction.
const FIRST_LEGACY_BYTE: u8 = 0xc0;

/// Reads a signed transaction and finds out who signed it.
pub(crate) fn decode(raw: &[u8]) -> Result<QueuedTransaction, TxError> {
    if raw.len() > MAX_TX_BYTES {
        return Err(TxError::TooLong { given: raw.len(), limit: MAX_TX_BYTES });
    }
    match raw.first() {
        Some(&first) if first < FIRST_LEGACY_BYTE && ![1, 2, 4].contains(&first) => {
            return Err(TxError::UnsupportedType { given: first });
        }
        _ => {}
    }
    let envelope = envelope(raw)?;
    let from = envelope.recover_signer().map_err(|error| TxError::BadSignature(error.to_string()))?;
    Ok(QueuedTransaction { hash: *envelope.tx_hash(), envelope, from, impersonated: false })
}

/// Reads a transaction, whoever signed it.
pub(crate) fn envelope(raw: &[u8]) -> Result<TxEnvelope, TxError> {
    let mut rest = raw;
    let envelope = TxEnvelope::decode_2718(&mut rest).map_err(|error| TxError::Undecodable(error.to_string()))?;
    if !rest.is_empty() {
        return Err(TxError::Undecodable(format!("{} bytes follow the transaction", rest.len())));
    }
    Ok(envelope)
}

/// Reads a transaction of a block.
pub(crate) fn mined_envelope(raw: &[u8]) -> Result<Envelope, TxError> {
    match InternalTx::decode(raw) {
        Some(internal) => Ok(Extended::Other(internal)),
        None => envelope(raw).map(Extended::BuiltIn),
    }
}

/// What a request leaves open and the chain fills in.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Defaults {
    pub(crate) chain_id: u64,
    pub(crate) nonce: u64,
    pub(crate) gas: u64,
    pub(crate) max_fee_per_gas_wei: u128,
}

/// The transaction of a request: type 0 or, with an access list, type 1 when it has a gas price; type 4 when it sets delegations; else type 2.
pub(crate) fn build(request: &TxRequest, defaults: Defaults) -> Result<TypedTransaction, TxError> {
    let nonce = request.nonce.unwrap_or(defaults.nonce);
    let gas_limit = request.gas.unwrap_or(defaults.gas);
    if let Some(gas_price) = request.gas_price_wei {
        return priced(request, defaults.chain_id, nonce, gas_limit, gas_price);
    }
    let max_fee_per_gas = request.max_fee_per_gas_wei.unwrap_or(defaults.max_fee_per_gas_wei);
    let max_priority_fee_per_gas = request.max_priority_fee_per_gas_wei.unwrap_or(0);
    let access_list = request.access_list.clone();
    if request.authorizations.is_empty() {
        return Ok(TxEip1559 {
            chain_id: defaults.chain_id,
            nonce,
            gas_limit,
            max_fee_per_gas,
            max_priority_fee_per_gas,
            to: request.to.map_or(TxKind::Create, TxKind::Call),
            value: request.value,
            access_list,
            input: request.data.clone(),
        }
        .into());
    }
    let to =
        request.to.ok_or_else(|| TxError::Refused("a transaction with authorizations creates no contract".into()))?;
    Ok(TxEip7702 {
        chain_id: defaults.chain_id,
        nonce,
        gas_limit,
        max_fee_per_gas,
        max_priority_fee_per_gas,
        to,
        value: request.value,
        access_list,
        authorization_list: request.authorizations.clone(),
        input: request.data.clone(),
    }
    .into())
}

/// The transaction of a request with a gas price.
fn priced(
    request: &TxRequest,
    chain_id: u64,
    nonce: u64,
    gas_limit: u64,
    gas_price: u128,
) -> Result<TypedTransaction, TxError> {
    if request.max_fee_per_gas_wei.is_some() || request.max_priority_fee_per_gas_wei.is_some() {
        return Err(TxError::Refused("both gasPrice and (maxFeePerGas or maxPriorityFeePerGas) specified".into()));
    }
    if !request.authorizations.is_empty() {
        return Err(TxError::Refused("a transaction with authorizations has no gas price".into()));
    }
    let to = request.to.map_or(TxKind::Create, TxKind::Call);
    let (value, input) = (request.value, request.data.clone());
    if request.access_list.is_empty() {
        return Ok(TxLegacy { chain_id: Some(chain_id), nonce, gas_price, gas_limit, to, value, input }.into());
    }
    let access_list = request.access_list.clone();
    Ok(TxEip2930 { chain_id, nonce, gas_price, gas_limit, to, value, access_list, input }.into())
}

/// A transaction without its sender's signature. The placeholder holds the sender, so that equal requests of two senders have different hashes.
pub(crate) fn impersonate(transaction: TypedTransaction, from: Address) -> QueuedTransaction {
    let placeholder = Signature::new(U256::from_be_slice(from.as_slice()), U256::from(1), false);
    let envelope: TxEnvelope = transaction.into_signed(placeholder).into();
    QueuedTransaction { hash: *envelope.tx_hash(), envelope, from, impersonated: true }
}

/// What the machine runs for a transaction.
pub(crate) fn environment(envelope: &TxEnvelope, from: Address) -> PostedTx {
    let priced_by_cap = matches!(envelope.tx_type(), TxType::Eip1559 | TxType::Eip7702);
    let env = TxEnv {
        tx_type: envelope.ty(),
        caller: from,
        gas_limit: envelope.gas_limit(),
        gas_price: envelope.max_fee_per_gas(),
        kind: envelope.kind(),
        value: envelope.value(),
        data: envelope.input().clone(),
        nonce: envelope.nonce(),
        chain_id: envelope.chain_id(),
        access_list: envelope.access_list().cloned().unwrap_or_default(),
        gas_priority_fee: envelope.max_priority_fee_per_gas().filter(|_| priced_by_cap),
        blob_hashes: Vec::new(),
        max_fee_per_blob_gas: 0,
        authorization_list: envelope
            .authorization_list()
            .unwrap_or_default()
            .iter()
            .cloned()
            .map(Either::Left)
            .collect(),
    };
    PostedTx { env, bytes: envelope.encoded_2718().into() }
}

/// What the machine runs for a transaction of a block, and under which rules: nobody pays for the one that opens it.
pub(crate) fn mined_environment(envelope: &Envelope, from: Address) -> (PostedTx, Mode) {
    match envelope {
        Extended::BuiltIn(signed) => (environment(signed, from), Mode::Transaction),
        Extended::Other(internal) => {
            let env = TxEnv {
                caller: ARBOS,
                kind: TxKind::Call(ARBOS),
                data: internal.input().clone(),
                gas_limit: INTERNAL_GAS,
                chain_id: internal.chain_id(),
                ..TxEnv::default()
            };
            (env.into(), Mode::Call)
        }
    }
}

/// Gas the machine needs for the transaction that opens a block, which is charged to nobody.
const INTERNAL_GAS: u64 = 1_000_000;

/// What the machine runs for a call.
pub(crate) fn call_environment(
    request: &CallRequest,
    chain_id: u64,
    nonce: u64,
    gas_limit: u64,
    base_fee_wei: u64,
) -> PostedTx {
    let tx_type = if request.authorizations.is_empty() { TxType::Eip1559 } else { TxType::Eip7702 };
    let env = TxEnv {
        tx_type: tx_type.into(),
        caller: request.from,
        gas_limit,
        gas_price: base_fee_wei.into(),
        kind: request.to.map_or(TxKind::Create, TxKind::Call),
        value: request.value,
        data: request.data.clone(),
        nonce,
        chain_id: Some(chain_id),
        access_list: request.access_list.clone(),
        gas_priority_fee: Some(0),
        blob_hashes: Vec::new(),
        max_fee_per_blob_gas: 0,
        authorization_list: request.authorizations.iter().cloned().map(Either::Left).collect(),
    };
    PostedTx { env, bytes: stand_in(request, chain_id) }
}

/// The bytes a signed transaction of this request would roughly have: fields nobody knows yet are filled with noise, which does not compress.
fn stand_in(request: &CallRequest, chain_id: u64) -> Bytes {
    let noise = keccak256(&request.data);
    let number = |from: usize| noise[from..from + 8].iter().fold(0_u64, |number, byte| number << 8 | u64::from(*byte));
    let signature = Signature::new(noise.into(), keccak256(noise).into(), false);
    let transaction = TxEip1559 {
        chain_id,
        nonce: number(0) >> 32,
        gas_limit: number(8) >> 32,
        max_fee_per_gas: u128::from(number(16)),
        max_priority_fee_per_gas: u128::from(number(24) >> 32),
        to: request.to.map_or(TxKind::Create, TxKind::Call),
        value: request.value,
        access_list: request.access_list.clone(),
        input: request.data.clone(),
    };
    TxEnvelope::from(transaction.into_signed(signature)).encoded_2718().into()
}
