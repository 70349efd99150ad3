//! A local Arbitrum chain that runs Stylus WASM and EVM bytecode
//!
//! Start with [`Devnode`]; [`rpc`] serves one to other processes. `README.md` says which module answers which question.

#![forbid(unsafe_code)]

pub mod wasm;
pub mod arbos;
pub mod evm;
mod vm;
pub mod api;
pub mod chain;
pub mod rpc;

pub use api::{CallOutcome, Devnode, DevnodeBuilder};
pub use chain::{
    accounts::DevAccount,
    error::{CallError, DeployError, TimeError, TraceError, TxError, UnknownBlock},
    record::{Block, FailedTransaction, LogEntry, MinedTransaction, Receipt},
    request::{AccountOverride, BlockOverrides, BlockRef, CallRequest, LogFilter, SnapshotId, StateOverrides, TxRequest},
    store::QueuedTransaction,
};
pub use evm::TraceStep;
