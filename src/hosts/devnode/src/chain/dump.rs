//! A chain as a JSON document, and back.
//!
//! A document holds every block with its header, transactions and receipts, and what it changed in the state; the first block's changes are the
//! whole genesis. Hashes are not stored but computed, so a document that was tampered with is found out by its own headers. The state is the
//! exception: headers do not commit to it on this chain.

use std::{borrow::Cow, collections::BTreeMap};

use alloy_consensus::{Header, proofs::calculate_transaction_root};
use alloy_eips::eip2718::Encodable2718;
use alloy_primitives::{Address, B256, Bytes, U256};
use serde::{Deserialize, Serialize};

use super::{
    config::ChainConfig,
    error::TxError,
    record::{Block, MinedTransaction, Receipt},
    state::State,
    store::{ChainData, NextHeader, QueuedTransaction, Sealed},
    transaction::{envelope, mined_envelope},
};

/// The version of the document this node writes and reads.
pub const VERSION: u64 = 1;

/// Why a document is not taken.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum LoadError {
    /// It is not JSON of the right form.
    #[error("not a state document: {reason}")]
    NotADocument {
        /// What the reader said.
        reason: String,
    },
    /// It has another version.
    #[error("state document of version {given}, this node reads version {expected}")]
    Version {
        /// Its version.
        given: u64,
        /// The version read here.
        expected: u64,
    },
    /// It is of another chain.
    #[error("state document of chain {given}, this node runs chain {expected}")]
    Chain {
        /// Its chain id.
        given: u64,
        /// The node's.
        expected: u64,
    },
    /// It is of another version of ArbOS.
    #[error("state document of ArbOS {given}, this node runs ArbOS {expected}")]
    ArbOs {
        /// Its version.
        given: u64,
        /// The node's.
        expected: u64,
    },
    /// It was written on a fork of another block, or only one of the two is a fork.
    #[error("state document of {}, this node runs {}", begun(*given), begun(*expected))]
    Fork {
        /// The block its chain begins at; `None` when it is no fork.
        given: Option<B256>,
        /// The node's.
        expected: Option<B256>,
    },
    /// It has no block.
    #[error("state document without a block")]
    Empty,
    /// A block does not agree with the one before or with itself.
    #[error("block {number} of the state document: {problem}")]
    Block {
        /// Its place.
        number: u64,
        /// What is wrong with it.
        problem: String,
    },
    /// A waiting transaction cannot be read.
    #[error("queue of the state document: {0}")]
    Queue(TxError),
}

#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Document {
    version: u64,
    chain_id: u64,
    arbos_version: u64,
    /// The hash of the block a fork begins at.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    fork: Option<B256>,
    automine: bool,
    next: NextHeader,
    codes: Vec<Bytes>,
    blocks: Vec<BlockPart>,
    queue: Vec<TransactionPart>,
}

#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct BlockPart {
    header: Header,
    l1_number: u64,
    transactions: Vec<TransactionPart>,
    receipts: Vec<Receipt>,
    changes: BTreeMap<Address, Option<AccountPart>>,
}

#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct TransactionPart {
    raw: Bytes,
    from: Address,
    impersonated: bool,
}

#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct AccountPart {
    balance_wei: U256,
    nonce: u64,
    code_hash: B256,
    storage: BTreeMap<U256, U256>,
    /// Whether slots that are not listed are those of the forked chain.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    of_origin: bool,
}

fn begun(fork: Option<B256>) -> String {
    fork.map_or_else(|| "no fork".to_owned(), |hash| format!("a fork of block {hash}"))
}

/// Writes a chain; a fork with the block it begins at, and without what was only read of the other chain.
pub(crate) fn write(config: &ChainConfig, data: &ChainData, base: Option<&Sealed>) -> Vec<u8> {
    let mut codes = BTreeMap::new();
    let mut before = base.map_or_else(State::default, |base| base.state.unchanged());
    let mut blocks = Vec::new();
    for sealed in data.blocks() {
        codes.extend(sealed.state.codes().map(|code| (code, ())));
        blocks.push(BlockPart {
            header: sealed.block.header.clone(),
            l1_number: sealed.block.l1_number,
            transactions: sealed
                .transactions
                .iter()
                .map(|mined| part(&mined.envelope, mined.from, mined.impersonated))
                .collect(),
            receipts: sealed.receipts.clone(),
            changes: changes(&before, &sealed.state),
        });
        before = sealed.state.clone();
    }
    let document = Document {
        version: VERSION,
        chain_id: config.chain_id,
        arbos_version: config.arbos_version,
        fork: base.map(|base| base.block.hash),
        automine: data.automine,
        next: data.next.clone(),
        codes: codes.into_keys().collect(),
        blocks,
        queue: data.queue.iter().map(|queued| part(&queued.envelope, queued.from, queued.impersonated)).collect(),
    };
    // Every type in it serialises: there is no map with keys other than text, and no number JSON has not.
    serde_json::to_vec(&document).unwrap_or_default()
}

fn part(envelope: &impl Encodable2718, from: Address, impersonated: bool) -> TransactionPart {
    TransactionPart { raw: envelope.encoded_2718().into(), from, impersonated }
}

/// What is different in `after`; `None` for an account that is gone, zero for a slot that is.
fn changes(before: &State, after: &State) -> BTreeMap<Address, Option<AccountPart>> {
    let mut changes = BTreeMap::new();
    for (address, account) in after.accounts() {
        let earlier = before.account(*address).map(Cow::into_owned);
        if earlier.as_ref() == Some(account) {
            continue;
        }
        // Where the slots of the forked chain no longer count, nothing of the storage before does.
        let earlier = earlier.filter(|earlier| earlier.of_origin == account.of_origin).unwrap_or_default();
        let gone =
            earlier.storage.keys().filter(|slot| !account.storage.contains_key(*slot)).map(|slot| (*slot, U256::ZERO));
        let set = account
            .storage
            .iter()
            .filter(|(slot, word)| earlier.storage.get(*slot) != Some(*word))
            .map(|(slot, word)| (*slot, *word));
        let part = AccountPart {
            balance_wei: account.balance_wei,
            nonce: account.nonce,
            code_hash: account.code_hash,
            storage: gone.chain(set).collect(),
            of_origin: account.of_origin,
        };
        changes.insert(*address, Some(part));
    }
    for (address, _) in before.accounts().filter(|(address, _)| !after.keeps(**address)) {
        changes.insert(*address, None);
    }
    changes
}

/// Reads a chain that [`write`] wrote on a node of the same settings; `base` is the block the node's fork begins at.
pub(crate) fn read(config: &ChainConfig, document: &[u8], base: Option<&Sealed>) -> Result<ChainData, LoadError> {
    /// What tells versions apart; everything else may differ between them.
    #[derive(Deserialize)]
    struct Head {
        version: u64,
    }
    let not_one = |error: serde_json::Error| LoadError::NotADocument { reason: error.to_string() };
    let Head { version } = serde_json::from_slice(document).map_err(not_one)?;
    if version != VERSION {
        return Err(LoadError::Version { given: version, expected: VERSION });
    }
    let document: Document = serde_json::from_slice(document).map_err(not_one)?;
    if document.chain_id != config.chain_id {
        return Err(LoadError::Chain { given: document.chain_id, expected: config.chain_id });
    }
    if document.arbos_version != config.arbos_version {
        return Err(LoadError::ArbOs { given: document.arbos_version, expected: config.arbos_version });
    }
    let expected = base.map(|base| base.block.hash);
    if document.fork != expected {
        return Err(LoadError::Fork { given: document.fork, expected });
    }
    let mut state = base.map_or_else(State::default, |base| base.state.unchanged());
    for code in document.codes {
        state.add_code(code);
    }
    let mut data: Option<ChainData> = None;
    for (number, block) in (base.map_or(0, |base| base.block.number())..).zip(document.blocks) {
        let problem = |problem| LoadError::Block { number, problem };
        let sealed = match (&data, base) {
            (None, Some(base)) => begin(block, base, &state).map_err(problem)?,
            _ => {
                let parent = data.as_ref().map_or(B256::ZERO, |data| data.newest().block.hash);
                sealed(block, number, parent, &state).map_err(problem)?
            }
        };
        state = sealed.state.clone();
        match &mut data {
            Some(data) => data.push(sealed),
            None => data = Some(ChainData::new(sealed, config)),
        }
    }
    let mut data = data.ok_or(LoadError::Empty)?;
    data.automine = document.automine;
    data.next = document.next;
    for part in document.queue {
        let envelope = envelope(&part.raw).map_err(LoadError::Queue)?;
        data.queue.push(QueuedTransaction {
            hash: *envelope.tx_hash(),
            envelope,
            from: part.from,
            impersonated: part.impersonated,
        });
    }
    Ok(data)
}

/// The block a fork begins at, with what was changed by hand before the next one. It is taken from the node, which read it of the other chain.
fn begin(part: BlockPart, base: &Sealed, before: &State) -> Result<Sealed, String> {
    if part.header != base.block.header {
        return Err("it is not the one the fork begins at".into());
    }
    let mut state = before.clone();
    for (address, change) in part.changes {
        apply(&mut state, address, change)?;
    }
    Ok(Sealed { state, ..base.clone() })
}

/// The block of a document on the state before it; the error says what is wrong with it.
fn sealed(part: BlockPart, number: u64, parent: B256, before: &State) -> Result<Sealed, String> {
    let BlockPart { header, l1_number, transactions, receipts, changes } = part;
    if header.number != number {
        return Err(format!("its header has number {}", header.number));
    }
    if header.parent_hash != parent {
        return Err(format!("its parent is {}, the block before is {parent}", header.parent_hash));
    }
    let block_hash = header.hash_slow();
    let mut mined = Vec::new();
    for (index, part) in (0..).zip(transactions) {
        let envelope = mined_envelope(&part.raw).map_err(|error| format!("transaction {index}: {error}"))?;
        mined.push(MinedTransaction {
            hash: envelope.trie_hash(),
            envelope,
            from: part.from,
            impersonated: part.impersonated,
            block_number: number,
            block_hash,
            index,
        });
    }
    let envelopes: Vec<_> = mined.iter().map(|mined| mined.envelope.clone()).collect();
    if calculate_transaction_root(&envelopes) != header.transactions_root {
        return Err("its transactions are not those of its header".into());
    }
    let hashes: Vec<B256> = mined.iter().map(|mined| mined.hash).collect();
    if !receipts.iter().map(|receipt| receipt.transaction_hash).eq(hashes.iter().copied()) {
        return Err("its receipts are not those of its transactions".into());
    }
    let mut state = before.clone();
    for (address, change) in changes {
        apply(&mut state, address, change)?;
    }
    Ok(Sealed {
        block: Block { header, hash: block_hash, l1_number, transactions: hashes },
        transactions: mined,
        receipts,
        state,
    })
}

fn apply(state: &mut State, address: Address, change: Option<AccountPart>) -> Result<(), String> {
    let Some(part) = change else {
        state.remove(address);
        return Ok(());
    };
    // Of a forked chain, the codes of the accounts that were read are known.
    let account = state.account(address).map(Cow::into_owned).unwrap_or_default();
    if !state.knows_code(part.code_hash) {
        return Err(format!("the code {} of account {address} is missing", part.code_hash));
    }
    if account.of_origin != part.of_origin {
        state.replace(address);
    }
    state.change(address, |account| {
        account.of_origin = part.of_origin;
        account.balance_wei = part.balance_wei;
        account.nonce = part.nonce;
        account.code_hash = part.code_hash;
        for (slot, word) in part.storage {
            account.set_slot(slot, word);
        }
    });
    Ok(())
}
