//! The ways a request to the node fails, each with the values that made it fail.

use alloy_primitives::{Address, B256, Bytes, U256};

/// Why a transaction was refused. A refused transaction is in no block and changes nothing.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TxError {
    /// The nonce was used already.
    #[error("nonce too low: address {address}, tx: {given} state: {expected}")]
    NonceTooLow {
        /// The sender.
        address: Address,
        /// The nonce of the transaction.
        given: u64,
        /// The next nonce of the sender.
        expected: u64,
    },
    /// A transaction with an earlier nonce is missing.
    #[error("nonce too high: address {address}, tx: {given} state: {expected}")]
    NonceTooHigh {
        /// The sender.
        address: Address,
        /// The nonce of the transaction.
        given: u64,
        /// The next nonce of the sender.
        expected: u64,
    },
    /// The sender's nonce cannot be raised any more.
    #[error("nonce has max value: address {address}")]
    NonceExhausted {
        /// The sender.
        address: Address,
    },
    /// The fee cap is below the base fee of the next block.
    #[error(
        "max fee per gas less than block base fee: address {address}, maxFeePerGas: {given_wei}, baseFee: {base_fee_wei}"
    )]
    FeeBelowBaseFee {
        /// The sender.
        address: Address,
        /// The fee cap of the transaction, in wei.
        given_wei: u128,
        /// The base fee, in wei.
        base_fee_wei: u64,
    },
    /// The tip is above the fee cap.
    #[error(
        "max priority fee per gas higher than max fee per gas: maxPriorityFeePerGas: {tip_wei}, maxFeePerGas: {cap_wei}"
    )]
    TipAboveFeeCap {
        /// The tip, in wei.
        tip_wei: u128,
        /// The fee cap, in wei.
        cap_wei: u128,
    },
    /// The sender cannot pay for the value and the whole gas limit at the fee cap.
    #[error("insufficient funds for gas * price + value: address {address} have {have_wei} want {want_wei}")]
    InsufficientFunds {
        /// The sender.
        address: Address,
        /// The balance, in wei.
        have_wei: U256,
        /// What the transaction may cost at most, in wei.
        want_wei: U256,
    },
    /// The transaction is signed for another chain.
    #[error("invalid chain id for signer: have {given} want {expected}")]
    WrongChain {
        /// The chain id of the transaction.
        given: u64,
        /// The chain id of the node.
        expected: u64,
    },
    /// The gas limit does not cover what every transaction pays before it runs.
    #[error("intrinsic gas too low: have {given}, want {needed}")]
    GasBelowIntrinsic {
        /// The gas limit.
        given: u64,
        /// The intrinsic gas.
        needed: u64,
    },
    /// The gas limit is above that of a block.
    #[error("exceeds block gas limit: have {given}, limit {limit}")]
    GasAboveBlock {
        /// The gas limit of the transaction.
        given: u64,
        /// The gas limit of a block.
        limit: u64,
    },
    /// The init code is too long.
    #[error("max initcode size exceeded: code size {given}, limit {limit}")]
    InitCodeTooLong {
        /// Its length in bytes.
        given: usize,
        /// The longest accepted.
        limit: usize,
    },
    /// The signed bytes are too long.
    #[error("oversized data: transaction size {given}, limit {limit}")]
    TooLong {
        /// Their length in bytes.
        given: usize,
        /// The longest accepted.
        limit: usize,
    },
    /// The transaction type is not one of 0, 1, 2 and 4.
    #[error("transaction type not supported: {given}")]
    UnsupportedType {
        /// The type byte.
        given: u8,
    },
    /// The bytes are no transaction.
    #[error("cannot decode transaction: {0}")]
    Undecodable(String),
    /// The signature recovers to no address.
    #[error("invalid transaction signature: {0}")]
    BadSignature(String),
    /// The sender is a contract, and no delegated account.
    #[error("sender not an eoa: address {address}, codehash: {code_hash}")]
    SenderIsContract {
        /// The sender.
        address: Address,
        /// The hash of its code.
        code_hash: B256,
    },
    /// The very same transaction waits already.
    #[error("already known: {hash}")]
    AlreadyKnown {
        /// The transaction.
        hash: B256,
    },
    /// The forked chain could not be read.
    #[error(transparent)]
    Fork(#[from] crate::fork::ForkError),
    /// Another rule of the virtual machine refused it.
    #[error("transaction refused: {0}")]
    Refused(String),
}

/// Why a call gave no result.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CallError {
    /// The callee reverted. `reason` is the data in words, when it is an `Error(string)`, a `Panic(uint256)` or an error of a precompile.
    #[error("execution reverted{}", .reason.as_ref().map(|reason| format!(": {reason}")).unwrap_or_default())]
    Revert {
        /// The data it reverted with.
        data: Bytes,
        /// The data in words.
        reason: Option<String>,
    },
    /// The call stopped for another reason: out of gas, a program that is not activated, an invalid opcode.
    #[error("{reason}")]
    Halt {
        /// Why, in words.
        reason: String,
        /// Gas used.
        gas_used: u64,
    },
    /// The request could not be started.
    #[error(transparent)]
    Refused(#[from] TxError),
    /// The block does not exist.
    #[error(transparent)]
    UnknownBlock(#[from] UnknownBlock),
    /// No amount of gas up to the cap is enough.
    #[error("gas required exceeds allowance ({allowance})")]
    GasAboveAllowance {
        /// The most that was tried.
        allowance: u64,
    },
}

/// A block that does not exist.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum UnknownBlock {
    /// No block of this height.
    #[error("block {given} does not exist, the newest is {newest}")]
    Number {
        /// The height asked for.
        given: u64,
        /// The newest height.
        newest: u64,
    },
    /// No block of this hash.
    #[error("no block has the hash {0}")]
    Hash(B256),
}

/// The chain's clock can only move forward.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("timestamp {given_secs} is before the newest block's {newest_secs}")]
pub struct TimeError {
    /// The time asked for, in seconds since 1970.
    pub given_secs: u64,
    /// The time of the newest block.
    pub newest_secs: u64,
}

/// ArbOS can only be upgraded, and to a version the node knows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("ArbOS {given} is not one of the versions {current} to {newest}")]
pub struct VersionError {
    /// The version asked for.
    pub given: u64,
    /// The version of the chain.
    pub current: u64,
    /// The newest the node knows.
    pub newest: u64,
}

/// Why a deployment gave no contract.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum DeployError {
    /// The WASM is no program.
    #[error("bad wasm: {0}")]
    BadWasm(String),
    /// The transaction was refused.
    #[error(transparent)]
    Refused(#[from] TxError),
    /// The activation could not be simulated, so its fee is unknown.
    #[error("activation would fail: {0}")]
    Activation(CallError),
    /// The transaction failed.
    #[error(transparent)]
    Failed(#[from] super::record::FailedTransaction),
    /// The deployer's transaction left no `ContractDeployed` log.
    #[error("transaction {hash} deployed nothing")]
    NoAddress {
        /// The transaction.
        hash: B256,
    },
}

/// Why a trace is not to be had.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TraceError {
    /// No mined transaction has this hash.
    #[error("transaction {0} not found")]
    UnknownTransaction(B256),
    /// The record of host calls, frames or opcodes would be too long.
    #[error(
        "the trace holds more than {limit_bytes} bytes; of opcodes, stack, memory and storage can be left out, and steps be limited"
    )]
    TooLong {
        /// The most it may hold.
        limit_bytes: usize,
    },
    /// The call to trace could not be started.
    #[error(transparent)]
    Call(#[from] CallError),
}
