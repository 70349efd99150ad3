//! A local Arbitrum chain that runs Stylus WASM and EVM bytecode
//!
//! Start with [`Devnode`]; [`rpc`] serves one to other processes. `README.md` says which module answers which question.

#![forbid(unsafe_code)]

pub mod api;
pub mod arbos;
pub mod chain;
pub mod evm;
pub mod fork;
pub mod rpc;
mod vm;
pub mod wasm;

pub use api::{
    AccountImage, BlockDraft, CallOutcome, Declared, Devnode, DevnodeBuilder, DraftedBlock, OpcodeReport, ProgramInfo,
    StateTrace,
};
pub use chain::{
    accounts::DevAccount,
    dump::LoadError,
    error::{CallError, DeployError, TimeError, TraceError, TxError, UnknownBlock, VersionError},
    record::{Block, FailedTransaction, LogEntry, MinedTransaction, Receipt},
    request::{
        AccountOverride, BlockOverrides, BlockRef, CallRequest, LogFilter, SnapshotId, StateOverrides, TxRequest,
    },
    store::QueuedTransaction,
};
pub use evm::{FrameKind, FrameLog, FrameOutcome, OpcodeOptions, OpcodeStep, TraceFrame, TraceStep};
