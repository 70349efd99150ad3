//! Making a node: every setting has a default.

use std::collections::BTreeMap;

use alloy_primitives::{Address, U256};

use super::Devnode;
use crate::chain::{
    accounts::DevAccount,
    config::ChainConfig,
    genesis::{self, DEV_ACCOUNT},
    store::ChainData,
    upgrade::version,
};

/// Settings of a node to be made.
///
/// ```
/// use spillway_devnode::Devnode;
///
/// let node = Devnode::builder().chain_id(1337).genesis_time_secs(1_800_000_000).block_time_secs(12).build();
/// assert_eq!((node.chain_id(), node.time_secs()), (1337, 1_800_000_000));
/// ```
#[derive(Debug, Clone, Default)]
pub struct DevnodeBuilder {
    pub(super) config: ChainConfig,
    accounts: Option<Vec<DevAccount>>,
}

impl DevnodeBuilder {
    /// The ArbOS version; 51 by default. With 60 programs may be split into fragments, and one that ran before in the block starts cheaper.
    pub fn arbos_version(mut self, version: u64) -> Self {
        self.config.arbos_version = version;
        self
    }

    /// The chain id; 412 346 by default.
    pub fn chain_id(mut self, chain_id: u64) -> Self {
        self.config.chain_id = chain_id;
        self
    }

    /// The time of block 0, in seconds since 1970; the first second of 2025 by default.
    pub fn genesis_time_secs(mut self, secs: u64) -> Self {
        self.config.genesis_time_secs = secs;
        self
    }

    /// How much later than its parent a block is, in seconds; 1 by default.
    pub fn block_time_secs(mut self, secs: u64) -> Self {
        self.config.block_time_secs = secs;
        self
    }

    /// The base fee, in wei; 0.1 gwei by default. It does not move by itself.
    pub fn base_fee_wei(mut self, wei: u64) -> Self {
        self.config.base_fee_wei = wei;
        self
    }

    /// What a unit of L1 data costs, in wei; 0 by default, as on Arbitrum's own development node. A byte of a compressed transaction is
    /// 16 units.
    pub fn l1_data_price_wei(mut self, wei: u64) -> Self {
        self.config.l1_data_price_wei = wei;
        self
    }

    /// Whether each block opens with the transaction of ArbOS (type 0x6A), as on a real chain; no by default, so the first transaction of
    /// a block is the first one sent.
    pub fn internal_transactions(mut self, on: bool) -> Self {
        self.config.internal_transactions = on;
        self
    }

    /// The L1 block number contracts see; 0 by default. It does not move by itself.
    pub fn l1_block_number(mut self, number: u64) -> Self {
        self.config.l1_block_number = number;
        self
    }

    /// Whether `ArbDebug` answers and programs may have a start function; yes by default.
    pub fn debug_precompiles(mut self, allowed: bool) -> Self {
        self.config.debug_precompiles = allowed;
        self
    }

    /// What each development account owns, in wei; 10 000 ether by default.
    pub fn dev_balance_wei(mut self, wei: U256) -> Self {
        self.config.dev_balance_wei = wei;
        self
    }

    /// The accounts whose keys the node holds and that are rich at first; those of [`DevAccount::all`] by default.
    pub fn dev_accounts(mut self, accounts: Vec<DevAccount>) -> Self {
        self.accounts = Some(accounts);
        self
    }

    pub(super) fn accounts_or_usual(&self) -> Vec<DevAccount> {
        self.accounts.clone().unwrap_or_else(DevAccount::all)
    }

    /// The node, with block 0 made.
    pub fn build(self) -> Devnode {
        let accounts = self.accounts_or_usual();
        let data = ChainData::new(genesis::sealed(&self.config, &accounts), &self.config);
        Devnode {
            config: self.config.clone(),
            made: self,
            accounts,
            data,
            fork: None,
            snapshots: BTreeMap::new(),
            next_snapshot: 1,
        }
    }
}

impl Devnode {
    /// Starts to describe a node.
    pub fn builder() -> DevnodeBuilder {
        DevnodeBuilder::default()
    }

    /// The accounts whose keys the node holds: ten of the test mnemonic, then Arbitrum's development account.
    pub fn accounts(&self) -> &[DevAccount] {
        &self.accounts
    }

    /// Arbitrum's development account. It owns the chain, and sends what [`Devnode::activate`] and [`Devnode::cache`] ask for.
    pub fn dev_account(&self) -> Address {
        DEV_ACCOUNT
    }

    /// The chain id.
    pub fn chain_id(&self) -> u64 {
        self.config.chain_id
    }

    /// The ArbOS version of the newest block, with what was set by hand since.
    pub fn arbos_version(&self) -> u64 {
        version(&self.data.newest().state)
    }
}

impl Default for Devnode {
    fn default() -> Self {
        Self::builder().build()
    }
}
