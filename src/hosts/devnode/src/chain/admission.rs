//! Which transactions are let in, by name of the rule that keeps the others out.

use alloy_consensus::Transaction;
use alloy_primitives::U256;
use revm::{
    bytecode::eip7702::EIP7702_MAGIC_BYTES,
    context_interface::cfg::gas::calculate_initial_tx_gas_for_tx,
    primitives::{eip3860::MAX_INITCODE_SIZE, hardfork::SpecId},
};

use super::{
    config::ChainConfig,
    error::TxError,
    store::{ChainData, QueuedTransaction},
    transaction::environment,
};

/// Checks a transaction against the newest state, what waits already, and the base fee of the next block.
pub(crate) fn admit(
    config: &ChainConfig,
    data: &ChainData,
    queued: &QueuedTransaction,
    base_fee_wei: u64,
) -> Result<(), TxError> {
    let (tx, address) = (&queued.envelope, queued.from);
    let state = &data.newest().state;
    if data.queue.iter().any(|other| other.hash == queued.hash) {
        return Err(TxError::AlreadyKnown { hash: queued.hash });
    }
    if let Some(given) = tx.chain_id().filter(|given| *given != config.chain_id) {
        return Err(TxError::WrongChain { given, expected: config.chain_id });
    }
    let code = state.code(address);
    if !queued.impersonated && !code.is_empty() && !code.starts_with(EIP7702_MAGIC_BYTES) {
        let code_hash = state.account(address).map(|account| account.code_hash).unwrap_or_default();
        return Err(TxError::SenderIsContract { address, code_hash });
    }
    let (given, expected) = (tx.nonce(), data.pending_nonce(address));
    if given == u64::MAX {
        return Err(TxError::NonceExhausted { address });
    }
    if given < expected {
        return Err(TxError::NonceTooLow { address, given, expected });
    }
    if given > expected {
        return Err(TxError::NonceTooHigh { address, given, expected });
    }
    let cap_wei = tx.max_fee_per_gas();
    if let Some(tip_wei) = tx.max_priority_fee_per_gas().filter(|tip_wei| *tip_wei > cap_wei) {
        return Err(TxError::TipAboveFeeCap { tip_wei, cap_wei });
    }
    if cap_wei < u128::from(base_fee_wei) {
        return Err(TxError::FeeBelowBaseFee { address, given_wei: cap_wei, base_fee_wei });
    }
    let block_limit = data.next.gas_limit();
    if tx.gas_limit() > block_limit {
        return Err(TxError::GasAboveBlock { given: tx.gas_limit(), limit: block_limit });
    }
    if tx.is_create() && tx.input().len() > MAX_INITCODE_SIZE {
        return Err(TxError::InitCodeTooLong { given: tx.input().len(), limit: MAX_INITCODE_SIZE });
    }
    let needed = calculate_initial_tx_gas_for_tx(environment(tx, address).env, SpecId::OSAKA, None).initial_total_gas();
    if tx.gas_limit() < needed {
        return Err(TxError::GasBelowIntrinsic { given: tx.gas_limit(), needed });
    }
    let fee_wei = U256::from(tx.gas_limit()).saturating_mul(U256::from(cap_wei));
    let (have_wei, want_wei) = (state.balance(address), fee_wei.saturating_add(tx.value()));
    if have_wei < want_wei {
        return Err(TxError::InsufficientFunds { address, have_wei, want_wei });
    }
    Ok(())
}
