//! Making a block: running its transactions one after another, then the header over what they did.

use alloy_consensus::{
    Eip658Value, Extended, Header, Receipt as ConsensusReceipt, ReceiptWithBloom, Transaction, Typed2718,
    constants::EMPTY_OMMER_ROOT_HASH,
    proofs::{calculate_receipt_root, calculate_transaction_root},
};
use alloy_eips::eip2718::Encodable2718;
use alloy_primitives::{Address, B64, B256, Bloom, Log, U256, logs_bloom};
use alloy_rlp::{BufMut, Encodable};
use revm::context::result::{ExecutionResult, Output};

use super::{
    config::ChainConfig,
    error::TxError,
    internal::{ARBOS, Envelope, InternalTx},
    record::{Block, LogEntry, MinedTransaction, Receipt},
    run::{StateSlots, chain_context, failure, next_context, run, sends},
    store::{ChainData, QueuedTransaction, Sealed},
    transaction::{environment, mined_environment},
    upgrade::upgrade_when_due,
};
use crate::{
    arbos::precompiles::pricing::Price,
    evm::{BlockContext, ChainContext, Executed, Mode, TraceMode},
};

/// A transaction that was accepted and then could not be put into the block.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Dropped {
    pub(crate) transaction: QueuedTransaction,
    pub(crate) error: TxError,
}

/// A transaction of a block to be, and what it did.
struct Included {
    envelope: Envelope,
    hash: B256,
    from: Address,
    impersonated: bool,
    executed: Executed,
}

/// Puts the queue into the next block and adds it to the chain. Gives the transactions that turned out impossible, which the block leaves out.
pub(crate) fn seal(config: &ChainConfig, data: &mut ChainData) -> Vec<Dropped> {
    let mut context = next_context(data);
    let mut state = data.newest().state.clone();
    upgrade_when_due(&mut state, context.timestamp);
    let chain = chain_context(config, data, &state, context.l2_number);
    let mut included: Vec<Included> = opening(config, data, &chain, &context).into_iter().collect();
    let mut dropped = Vec::new();
    let mut gas_left = context.gas_limit;
    let mut waiting = std::mem::take(&mut data.queue).into_iter();
    for transaction in waiting.by_ref() {
        if transaction.envelope.gas_limit() > gas_left {
            // The block is full: this one and all after it wait for the next.
            data.queue.push(transaction);
            break;
        }
        let tx = environment(&transaction.envelope, transaction.from);
        match run(&state, &chain, &context, tx, Mode::Transaction, TraceMode::Off) {
            Ok(mut executed) => {
                gas_left = gas_left.saturating_sub(executed.gas_used);
                state.commit(std::mem::take(&mut executed.state));
                context.recent_programs = std::mem::take(&mut executed.recent_programs);
                let QueuedTransaction { envelope, hash, from, impersonated } = transaction;
                included.push(Included { envelope: Extended::BuiltIn(envelope), hash, from, impersonated, executed });
            }
            Err(error) => dropped.push(Dropped { transaction, error }),
        }
    }
    data.queue.extend(waiting);
    let parent = &data.newest().block;
    let sends = sends(parent, &state);
    let (block, transactions, receipts) = records(&context, parent.hash, chain.arbos_version, sends, included);
    data.push(Sealed { block, transactions, receipts, state });
    data.next.timestamp_secs = None;
    data.next.ahead_secs = 0;
    data.next.base_fee_wei = None;
    data.next.prevrandao = None;
    dropped
}

/// The transaction that opens the block, where blocks have one. It uses no gas and changes nothing.
fn opening(config: &ChainConfig, data: &ChainData, chain: &ChainContext, context: &BlockContext) -> Option<Included> {
    if !config.internal_transactions {
        return None;
    }
    let newest = data.newest();
    let Ok(l1_base_fee_wei) = Price::L1DataUnit.get(&mut StateSlots(&newest.state));
    let internal = InternalTx::start_block(
        config.chain_id,
        l1_base_fee_wei,
        context.l1_number,
        context.l2_number,
        context.timestamp.saturating_sub(newest.block.timestamp_secs()),
    );
    let envelope = Extended::Other(internal);
    let (tx, mode) = mined_environment(&envelope, ARBOS);
    let executed = run(&newest.state, chain, context, tx, mode, TraceMode::Off).ok()?;
    let executed = Executed { gas_used: 0, gas_used_for_l1: 0, ..executed };
    Some(Included { hash: envelope.trie_hash(), envelope, from: ARBOS, impersonated: false, executed })
}

/// The fields of a header that do not depend on transactions. `sends` are the number of messages to L1 and the root of their tree.
pub(crate) fn header(
    context: &BlockContext,
    parent_hash: B256,
    arbos_version: u64,
    (send_count, send_root): (u64, B256),
) -> Header {
    let mut mix = [0_u8; 32];
    mix[..8].copy_from_slice(&send_count.to_be_bytes());
    mix[8..16].copy_from_slice(&context.l1_number.to_be_bytes());
    mix[16..24].copy_from_slice(&arbos_version.to_be_bytes());
    let of_arbos = context.prevrandao == BlockContext::default().prevrandao;
    Header {
        parent_hash,
        ommers_hash: EMPTY_OMMER_ROOT_HASH,
        beneficiary: context.coinbase,
        difficulty: U256::from(1),
        number: context.l2_number,
        gas_limit: context.gas_limit,
        timestamp: context.timestamp,
        extra_data: send_root.into(),
        mix_hash: if of_arbos { B256::from(mix) } else { context.prevrandao },
        nonce: B64::ZERO,
        base_fee_per_gas: Some(context.base_fee),
        ..Header::default()
    }
}

/// The block, and the records of its transactions.
fn records(
    context: &BlockContext,
    parent: B256,
    arbos_version: u64,
    sends: (u64, B256),
    included: Vec<Included>,
) -> (Block, Vec<MinedTransaction>, Vec<Receipt>) {
    let mut gas_used = 0_u64;
    let mut bloom = Bloom::ZERO;
    let mut envelopes = Vec::with_capacity(included.len());
    let mut consensus = Vec::with_capacity(included.len());
    for transaction in &included {
        gas_used = gas_used.saturating_add(transaction.executed.gas_used);
        let receipt = consensus_receipt(transaction.envelope.ty(), &transaction.executed, gas_used);
        bloom.accrue_bloom(&receipt.receipt.logs_bloom);
        envelopes.push(transaction.envelope.clone());
        consensus.push(receipt);
    }
    let header = Header {
        transactions_root: calculate_transaction_root(&envelopes),
        receipts_root: calculate_receipt_root(&consensus),
        logs_bloom: bloom,
        gas_used,
        ..header(context, parent, arbos_version, sends)
    };
    let hash = header.hash_slow();
    let block = Block {
        header,
        hash,
        l1_number: context.l1_number,
        transactions: included.iter().map(|transaction| transaction.hash).collect(),
    };

    let mut transactions = Vec::with_capacity(included.len());
    let mut receipts: Vec<Receipt> = Vec::with_capacity(included.len());
    let mut first_log = 0_u64;
    for (index, included) in included.into_iter().enumerate() {
        let index = index as u64;
        let before = receipts.last().map_or(0, |last| last.cumulative_gas_used);
        let cumulative = before.saturating_add(included.executed.gas_used);
        let Included { envelope, hash: transaction_hash, from, impersonated, executed } = included;
        let receipt = receipt(&block, index, first_log, cumulative, (&envelope, transaction_hash, from), executed);
        first_log = first_log.saturating_add(receipt.logs.len() as u64);
        receipts.push(receipt);
        transactions.push(MinedTransaction {
            hash: transaction_hash,
            from,
            impersonated,
            block_number: block.number(),
            block_hash: hash,
            index,
            envelope,
        });
    }
    (block, transactions, receipts)
}

/// Logs count only when the transaction succeeded.
fn logs(executed: &Executed) -> &[Log] {
    if executed.result.is_success() { executed.result.logs() } else { &[] }
}

/// A receipt as the root of a header commits to it: legacy ones bare, the others behind their type.
struct TypedReceipt {
    tx_type: u8,
    receipt: ReceiptWithBloom<ConsensusReceipt>,
}

impl Typed2718 for TypedReceipt {
    fn ty(&self) -> u8 {
        self.tx_type
    }
}

impl Encodable2718 for TypedReceipt {
    fn encode_2718_len(&self) -> usize {
        self.receipt.length().saturating_add(usize::from(self.tx_type > 0))
    }

    fn encode_2718(&self, out: &mut dyn BufMut) {
        if self.tx_type > 0 {
            out.put_u8(self.tx_type);
        }
        self.receipt.encode(out);
    }
}

fn consensus_receipt(tx_type: u8, executed: &Executed, cumulative_gas_used: u64) -> TypedReceipt {
    let logs = logs(executed).to_vec();
    let logs_bloom = logs_bloom(&logs);
    let receipt = ReceiptWithBloom {
        receipt: ConsensusReceipt {
            status: Eip658Value::Eip658(executed.result.is_success()),
            cumulative_gas_used,
            logs,
        },
        logs_bloom,
    };
    TypedReceipt { tx_type, receipt }
}

fn receipt(
    block: &Block,
    index: u64,
    first_log: u64,
    cumulative_gas_used: u64,
    (envelope, transaction_hash, from): (&Envelope, B256, Address),
    executed: Executed,
) -> Receipt {
    let logs_bloom = logs_bloom(logs(&executed));
    let logs = logs(&executed)
        .iter()
        .enumerate()
        .map(|(offset, log)| LogEntry {
            address: log.address,
            data: log.data.clone(),
            block_number: block.number(),
            block_hash: block.hash,
            block_timestamp_secs: block.timestamp_secs(),
            transaction_hash,
            transaction_index: index,
            log_index: first_log.saturating_add(offset as u64),
        })
        .collect();
    let contract_address = match &executed.result {
        ExecutionResult::Success { output: Output::Create(_, address), .. } => *address,
        _ => None,
    };
    Receipt {
        transaction_hash,
        transaction_index: index,
        block_number: block.number(),
        block_hash: block.hash,
        from,
        to: envelope.to(),
        tx_type: envelope.ty(),
        success: executed.result.is_success(),
        gas_used: executed.gas_used,
        gas_used_for_l1: executed.gas_used_for_l1,
        cumulative_gas_used,
        effective_gas_price_wei: block.base_fee_wei(),
        contract_address,
        failure: failure(&executed),
        output: executed.result.into_output().unwrap_or_default(),
        logs,
        logs_bloom,
        l1_block_number: block.l1_number,
    }
}
