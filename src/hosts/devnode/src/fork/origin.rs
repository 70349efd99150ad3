//! The state of the forked chain at one block, read once and remembered.

use std::{
    collections::HashMap,
    path::PathBuf,
    sync::{Mutex, MutexGuard, PoisonError},
};

use alloy_consensus::Header;
use alloy_primitives::{Address, B256, Bytes, KECCAK256_EMPTY, U64, U256, keccak256};
use revm::bytecode::Bytecode;
use serde::Deserialize;
use serde_json::{Value, json};

use super::{
    ForkConfig, ForkError,
    cache::{self, Known, KnownAccount},
    client::{Client, bad, read},
};

/// The block a fork begins at.
#[derive(Debug, Clone)]
pub(crate) struct OriginBlock {
    pub(crate) header: Header,
    pub(crate) hash: B256,
    pub(crate) l1_number: u64,
    pub(crate) transactions: Vec<B256>,
}

/// An account as the forked chain has it.
#[derive(Debug, Clone)]
pub(crate) struct OriginAccount {
    pub(crate) balance_wei: U256,
    pub(crate) nonce: u64,
    pub(crate) code_hash: B256,
}

/// The forked chain at one block.
#[derive(Debug)]
pub(crate) struct Origin {
    client: Client,
    /// The id the fork is to have.
    pub(crate) chain_id: u64,
    pub(crate) block: OriginBlock,
    file: Option<PathBuf>,
    memory: Mutex<Memory>,
    failure: Mutex<Option<ForkError>>,
}

#[derive(Debug, Default)]
struct Memory {
    known: Known,
    /// Codes ready to run.
    codes: HashMap<B256, Bytecode>,
    /// Whether there is more than the file holds.
    is_new: bool,
}

impl Origin {
    /// Asks the node for its chain id and the block, and takes up what an earlier run kept.
    pub(crate) fn open(config: ForkConfig) -> Result<Self, ForkError> {
        let directory = config.cache.clone();
        let (asked, asked_id, blocks_back) = (config.block, config.chain_id, config.blocks_back);
        let client = Client::new(config);
        let chain_id: U64 = client.call("eth_chainId", json!([]))?;
        let number: U64 = match asked {
            Some(number) => U64::from(number),
            None => client.call::<U64>("eth_blockNumber", json!([]))?.saturating_sub(U64::from(blocks_back)),
        };
        let block = read_block(&client, number.to())?;
        let chain_id = chain_id.to();
        let file = directory.map(|directory| cache::file(&directory, chain_id, block.header.number, block.hash));
        let known = file.as_deref().map(cache::load).unwrap_or_default();
        let memory = Mutex::new(Memory { known, ..Memory::default() });
        let chain_id = asked_id.unwrap_or(chain_id);
        Ok(Self { client, chain_id, block, file, memory, failure: Mutex::new(None) })
    }

    fn memory(&self) -> MutexGuard<'_, Memory> {
        // Nothing in it is ever half changed.
        self.memory.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn tag(&self) -> U64 {
        U64::from(self.block.header.number)
    }

    /// An account; `None` when it is empty, which on every chain since EIP-161 means that there is none.
    pub(crate) fn account(&self, address: Address) -> Result<Option<OriginAccount>, ForkError> {
        let known = self.memory().known.accounts.get(&address).copied();
        let account = match known {
            Some(account) => account,
            None => {
                self.fetch(&[address])?;
                let fetched = self.memory().known.accounts.get(&address).copied();
                fetched.ok_or_else(|| bad("eth_getBalance", "the account was not read"))?
            }
        };
        let KnownAccount { balance_wei, nonce, code_hash } = account;
        let is_empty = balance_wei.is_zero() && nonce == 0 && code_hash == KECCAK256_EMPTY;
        Ok((!is_empty).then_some(OriginAccount { balance_wei, nonce, code_hash }))
    }

    /// Reads accounts in one request, so that many cost no more time than one.
    pub(crate) fn fetch(&self, addresses: &[Address]) -> Result<(), ForkError> {
        const METHODS: [&str; 3] = ["eth_getBalance", "eth_getTransactionCount", "eth_getCode"];
        let missing: Vec<Address> = {
            let memory = self.memory();
            addresses.iter().filter(|address| !memory.known.accounts.contains_key(*address)).copied().collect()
        };
        let requests: Vec<(&str, Value)> =
            missing.iter().flat_map(|address| METHODS.map(|method| (method, json!([address, self.tag()])))).collect();
        let answers = self.client.batch(&requests)?;
        for (address, answers) in missing.iter().zip(answers.chunks(METHODS.len())) {
            let [balance, nonce, code] = answers else { return Err(bad(METHODS[0], "an answer is missing")) };
            let balance_wei: U256 = read(METHODS[0], balance.clone())?;
            let nonce: U64 = read(METHODS[1], nonce.clone())?;
            let code: Bytes = read(METHODS[2], code.clone())?;
            let code_hash = if code.is_empty() { KECCAK256_EMPTY } else { keccak256(&code) };
            let mut memory = self.memory();
            if !code.is_empty() {
                memory.known.codes.insert(code_hash, code);
            }
            memory.known.accounts.insert(*address, KnownAccount { balance_wei, nonce: nonce.to(), code_hash });
            memory.is_new = true;
        }
        Ok(())
    }

    /// The code of a hash, when an account that was read has it.
    pub(crate) fn code(&self, code_hash: B256) -> Option<Bytecode> {
        let mut memory = self.memory();
        if let Some(code) = memory.codes.get(&code_hash) {
            return Some(code.clone());
        }
        let bytes = memory.known.codes.get(&code_hash)?.clone();
        // Bytes that only look like a delegation are kept as they are.
        let code = Bytecode::new_raw_checked(bytes.clone()).unwrap_or_else(|_| Bytecode::new_legacy(bytes));
        memory.codes.insert(code_hash, code.clone());
        Some(code)
    }

    /// A storage slot.
    pub(crate) fn slot(&self, address: Address, slot: U256) -> Result<U256, ForkError> {
        if let Some(word) = self.memory().known.storage.get(&address).and_then(|slots| slots.get(&slot)) {
            return Ok(*word);
        }
        // 32 bytes, which every node takes for a slot; some refuse a quantity.
        let word: U256 = self.client.call("eth_getStorageAt", json!([address, B256::from(slot), self.tag()]))?;
        let mut memory = self.memory();
        memory.known.storage.entry(address).or_default().insert(slot, word);
        memory.is_new = true;
        Ok(word)
    }

    /// The chain, as it is read now.
    pub(crate) fn config(&self) -> ForkConfig {
        self.client.config()
    }

    /// Reads it at another address from now on.
    pub(crate) fn set_url(&self, url: &str) {
        self.client.set_url(url);
    }

    /// Any question, answered by the node as it stands now.
    pub(crate) fn request(&self, method: &str, params: &Value) -> Result<Value, ForkError> {
        self.client.request(method, params)
    }

    /// Remembers a failure for [`Self::take_failure`]; the first one counts.
    pub(crate) fn note(&self, error: ForkError) {
        self.failure.lock().unwrap_or_else(PoisonError::into_inner).get_or_insert(error);
    }

    /// The first failure since the last look.
    pub(crate) fn take_failure(&self) -> Option<ForkError> {
        self.failure.lock().unwrap_or_else(PoisonError::into_inner).take()
    }

    /// Writes what was read to the file, where there is one and it lacks something.
    pub(crate) fn keep(&self) -> std::io::Result<()> {
        let Some(file) = &self.file else { return Ok(()) };
        let mut memory = self.memory();
        if memory.is_new {
            cache::store(file, &memory.known)?;
            memory.is_new = false;
        }
        Ok(())
    }
}

impl Drop for Origin {
    fn drop(&mut self) {
        // What is not kept is fetched again.
        let _ = self.keep();
    }
}

fn read_block(client: &Client, number: u64) -> Result<OriginBlock, ForkError> {
    const METHOD: &str = "eth_getBlockByNumber";
    /// What a node adds to the consensus header.
    #[derive(Deserialize)]
    #[serde(rename_all = "camelCase")]
    struct Rest {
        hash: B256,
        #[serde(default)]
        transactions: Vec<B256>,
        l1_block_number: Option<U64>,
    }
    let answer: Value = client.request(METHOD, &json!([U64::from(number), false]))?;
    if answer.is_null() {
        return Err(ForkError::NoBlock { number });
    }
    let Rest { hash, transactions, l1_block_number } = read(METHOD, answer.clone())?;
    let header: Header = read(METHOD, answer)?;
    if header.number != number {
        return Err(bad(METHOD, &format!("block {} instead of block {number}", header.number)));
    }
    // On Arbitrum contracts see the L1 height, elsewhere that of their own chain.
    let l1_number = l1_block_number.map_or(number, |number| number.to());
    Ok(OriginBlock { header, hash, l1_number, transactions })
}
