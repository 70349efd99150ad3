//! What a chain is told once, before its first block.

use alloy_primitives::U256;

/// The most gas a call may use.
pub const CALL_GAS_CAP: u64 = 50_000_000;

/// The longest signed transaction accepted, in bytes.
pub const MAX_TX_BYTES: usize = 95_000;

/// The settings of a chain.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChainConfig {
    /// The chain id; 412 346 as on Arbitrum's own development chain.
    pub chain_id: u64,
    /// The ArbOS version of block 0; 51.
    pub arbos_version: u64,
    /// Whether `ArbDebug` answers.
    pub debug_precompiles: bool,
    /// The time of block 0, in seconds since 1970.
    pub genesis_time_secs: u64,
    /// How much later than its parent a block is when nothing else was said, in seconds.
    pub block_time_secs: u64,
    /// The base fee at genesis and its minimum, in wei.
    pub base_fee_wei: u64,
    /// The price of a unit of L1 data at genesis, in wei; zero, so posting costs nothing until the owner sets a price.
    pub l1_data_price_wei: u64,
    /// Whether each block opens with the transaction of ArbOS; see [`super::internal`].
    pub internal_transactions: bool,
    /// The L1 block number contracts see.
    pub l1_block_number: u64,
    /// What each development account owns at genesis, in wei.
    pub dev_balance_wei: U256,
}

impl Default for ChainConfig {
    fn default() -> Self {
        Self {
            chain_id: 412_346,
            arbos_version: 51,
            debug_precompiles: true,
            // 2025-01-01 00:00:00 UTC.
            genesis_time_secs: 1_735_689_600,
            block_time_secs: 1,
            base_fee_wei: 100_000_000,
            l1_data_price_wei: 0,
            internal_transactions: false,
            l1_block_number: 0,
            // 10 000 ether.
            dev_balance_wei: U256::from(10_000_000_000_000_000_000_000_u128),
        }
    }
}
