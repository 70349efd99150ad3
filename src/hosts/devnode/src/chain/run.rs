//! Running transactions and calls on a state, and telling in words why they failed.

use std::{convert::Infallible, sync::Arc};

use alloy_primitives::{Address, B256, U256};
use revm::context::result::{ExecutionResult, InvalidTransaction};

use super::{
    config::ChainConfig, error::TxError, reason, record::Block, state::State, store::ChainData, upgrade::version,
};
use crate::{
    arbos::{
        precompiles::pricing::Price,
        state::{ARBOS_ACCOUNT, LoadSlot, StoreSlot, send_count, send_root, send_subtrees},
    },
    evm::{BlockContext, ChainContext, ExecuteError, Executed, Mode, PostedTx, TraceMode, execute, halt},
    fork::ForkError,
};

/// Blocks whose hash `ArbSys` still answers.
const KNOWN_HASHES: u64 = 256;

/// The chain as a transaction in block `number` sees it, on a state of its version of ArbOS.
pub(crate) fn chain_context(config: &ChainConfig, data: &ChainData, state: &State, number: u64) -> ChainContext {
    ChainContext {
        chain_id: config.chain_id,
        arbos_version: version(state),
        debug_precompiles: config.debug_precompiles,
        l2_block_hashes: Arc::new(data.hashes(number.saturating_sub(KNOWN_HASHES), number).collect()),
        ..ChainContext::default()
    }
}

/// A block that exists, as its transactions saw it.
pub(crate) fn block_context(block: &Block) -> BlockContext {
    BlockContext {
        l2_number: block.number(),
        l1_number: block.l1_number,
        timestamp: block.timestamp_secs(),
        base_fee: block.base_fee_wei(),
        gas_limit: block.header.gas_limit,
        coinbase: block.header.beneficiary,
        prevrandao: prevrandao(block),
        ..BlockContext::default()
    }
}

/// What `PREVRANDAO` gave in a block. The field that has it elsewhere holds figures of ArbOS on this chain, and the value where one was asked for.
fn prevrandao(block: &Block) -> B256 {
    /// No version of ArbOS comes near.
    const VERSIONS: std::ops::Range<u64> = 1..1 << 16;
    let mix = block.header.mix_hash;
    let figure = |at: usize| mix[at..at + 8].iter().fold(0_u64, |figure, byte| figure << 8 | u64::from(*byte));
    let of_arbos = figure(8) == block.l1_number && VERSIONS.contains(&figure(16)) && figure(24) == 0;
    if of_arbos { BlockContext::default().prevrandao } else { mix }
}

/// The block that would come next.
pub(crate) fn next_context(data: &ChainData) -> BlockContext {
    let newest = &data.newest().block;
    let next = &data.next;
    let usual = newest.timestamp_secs().saturating_add(next.interval_secs.unwrap_or(next.block_time_secs));
    let fixed = BlockContext::default();
    BlockContext {
        l2_number: newest.number().saturating_add(1),
        l1_number: next.l1_number,
        timestamp: next.timestamp_secs.unwrap_or(usual).saturating_add(next.ahead_secs),
        base_fee: next.base_fee_wei.unwrap_or_else(|| base_fee_wei(&data.newest().state)),
        coinbase: next.coinbase,
        gas_limit: next.gas_limit(),
        prevrandao: next.prevrandao.unwrap_or(fixed.prevrandao),
        ..fixed
    }
}

/// The base fee in the state of ArbOS.
fn base_fee_wei(state: &State) -> u64 {
    let mut reader = StateSlots(state);
    let Ok(wei) = Price::BaseFee.get(&mut reader);
    wei.saturating_to()
}

/// Reads slots of the ArbOS account straight from a state.
pub(crate) struct StateSlots<'a>(pub(crate) &'a State);

impl LoadSlot for StateSlots<'_> {
    type Error = Infallible;

    fn load(&mut self, slot: U256) -> Result<U256, Self::Error> {
        Ok(self.0.slot(ARBOS_ACCOUNT, slot))
    }
}

/// As [`StateSlots`], also to write them.
pub(crate) struct StateSlotsMut<'a>(pub(crate) &'a mut State);

impl LoadSlot for StateSlotsMut<'_> {
    type Error = Infallible;

    fn load(&mut self, slot: U256) -> Result<U256, Self::Error> {
        Ok(self.0.slot(ARBOS_ACCOUNT, slot))
    }
}

impl StoreSlot for StateSlotsMut<'_> {
    fn store(&mut self, slot: U256, word: U256) -> Result<(), Self::Error> {
        self.0.set_slot(ARBOS_ACCOUNT, slot, word);
        Ok(())
    }
}

/// Runs `tx` on `state`, which stays as it is.
pub(crate) fn run(
    state: &State,
    chain: &ChainContext,
    block: &BlockContext,
    tx: impl Into<PostedTx>,
    mode: Mode,
    trace: TraceMode,
) -> Result<Executed, TxError> {
    let tx = tx.into();
    let caller = tx.env.caller;
    execute(state.view(), chain, block, tx, mode, trace).map_err(|error| refusal(error, caller))
}

/// The refusal behind an error of the machine. What [`super::admission`] checks before is named there; here it is named for calls.
fn refusal(error: ExecuteError<ForkError>, address: Address) -> TxError {
    match error {
        ExecuteError::Transaction(InvalidTransaction::CallGasCostMoreThanGasLimit { initial_gas, gas_limit }) => {
            TxError::GasBelowIntrinsic { given: gas_limit, needed: initial_gas }
        }
        ExecuteError::Transaction(InvalidTransaction::LackOfFundForMaxFee { fee, balance }) => {
            TxError::InsufficientFunds { address, have_wei: *balance, want_wei: *fee }
        }
        ExecuteError::Transaction(InvalidTransaction::NonceTooLow { tx, state }) => {
            TxError::NonceTooLow { address, given: tx, expected: state }
        }
        ExecuteError::Transaction(InvalidTransaction::NonceTooHigh { tx, state }) => {
            TxError::NonceTooHigh { address, given: tx, expected: state }
        }
        ExecuteError::Transaction(other) => TxError::Refused(other.to_string()),
        ExecuteError::Database(error) => error.into(),
        ExecuteError::Fatal(text) => TxError::Refused(text),
    }
}

/// Why a transaction or call failed, in words; `None` when it did not.
pub(crate) fn failure(executed: &Executed) -> Option<String> {
    match &executed.result {
        ExecutionResult::Success { .. } => None,
        ExecutionResult::Revert { output, .. } => Some(
            reason::in_words(output)
                .map_or_else(|| "execution reverted".into(), |reason| format!("execution reverted: {reason}")),
        ),
        ExecutionResult::Halt { reason, .. } => Some(halt(executed.end.as_ref(), reason)),
    }
}

/// How many messages were sent to L1 up to a state, and the root of their tree; `parent` is the block before.
pub(crate) fn sends(parent: &Block, state: &State) -> (u64, B256) {
    let mut reader = StateSlots(state);
    let Ok(count) = send_count(&mut reader);
    // Where nothing was sent the tree is not read, which would take a fork a request for each level.
    let before = B256::try_from(parent.header.extra_data.as_ref()).ok().filter(|_| parent.send_count() == count);
    let root = before.unwrap_or_else(|| {
        let Ok(subtrees) = send_subtrees(&mut reader);
        send_root(&subtrees)
    });
    (count, root)
}
