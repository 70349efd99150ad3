//! How failures reach a client: the codes and texts that cast, viem, alloy and cargo-stylus look for.

use alloy_primitives::{Address, Bytes};
use jsonrpsee::types::ErrorObjectOwned;

use crate::{CallError, LoadError, TimeError, TraceError, TxError, UnknownBlock, fork::ForkError};

/// A parameter is missing or has the wrong form.
const INVALID_PARAMS: i32 = -32602;
/// The node understood and refuses.
const SERVER_ERROR: i32 = -32000;
/// More was asked for than the node gives at once; clients that know this code ask for less.
const LIMIT_EXCEEDED: i32 = -32005;
/// The execution reverted; the data says how. Geth's code, on which clients decode errors.
pub(super) const EXECUTION_REVERTED: i32 = 3;

/// Why a request got no result.
#[derive(Debug, thiserror::Error)]
pub enum RpcError {
    /// The parameters are no list.
    #[error("parameters must be a list: {reason}")]
    NotAList {
        /// What the parser said.
        reason: String,
    },
    /// A parameter is missing.
    #[error("missing parameter {index} ({name})")]
    MissingParameter {
        /// Its place, from zero.
        index: usize,
        /// Its name.
        name: &'static str,
    },
    /// A parameter has the wrong form.
    #[error("invalid parameter {index} ({name}): {reason}")]
    BadParameter {
        /// Its place, from zero.
        index: usize,
        /// Its name.
        name: &'static str,
        /// What is wrong with it.
        reason: String,
    },
    /// The node holds no key for this address and it is not impersonated.
    #[error("no signer available for {address}: it is not one of the node's accounts; impersonate it first")]
    NoSigner {
        /// The sender.
        address: Address,
    },
    /// Not a tracer this node has.
    #[error(
        "unknown tracer {name}: this node has 4byteTracer, callTracer, prestateTracer and stylusTracer, and opcodes when none is named"
    )]
    UnknownTracer {
        /// The name given.
        name: String,
    },
    /// Only a fork has another chain to read.
    #[error("this chain is no fork")]
    NoFork,
    /// No such filter, or it was removed.
    #[error("filter not found: {id}")]
    UnknownFilter {
        /// Its number.
        id: u64,
    },
    /// A filter is longer than what is kept of one.
    #[error("the filter names {named} addresses and topics, the limit is {limit}")]
    WideFilter {
        /// How many it names.
        named: usize,
        /// How many it may name.
        limit: usize,
    },
    /// A filter takes more logs than one answer may have.
    #[error("the filter takes {found} logs, the limit is {limit}: ask for fewer blocks at a time")]
    TooManyLogs {
        /// How many it takes.
        found: usize,
        /// How many one answer may have.
        limit: usize,
    },
    /// A request, or the batch it is in, asks for more blocks than it may.
    #[error("cannot mine {asked} blocks: this request, or its batch, may mine {left}")]
    TooManyBlocks {
        /// How many were asked for.
        asked: u64,
        /// How many are left to it.
        left: u64,
    },
    /// A signed message or transaction could not be made.
    #[error("cannot sign: {reason}")]
    CannotSign {
        /// What the signer said.
        reason: String,
    },
    /// A transaction was refused.
    #[error(transparent)]
    Tx(#[from] TxError),
    /// A call failed.
    #[error(transparent)]
    Call(#[from] CallError),
    /// A block does not exist.
    #[error(transparent)]
    Block(#[from] UnknownBlock),
    /// A trace cannot be had.
    #[error(transparent)]
    Trace(#[from] TraceError),
    /// A state document is not taken.
    #[error(transparent)]
    Load(#[from] LoadError),
    /// The forked chain could not be read.
    #[error(transparent)]
    Fork(#[from] ForkError),
    /// Time cannot be set so.
    #[error(transparent)]
    Time(#[from] TimeError),
}

impl RpcError {
    /// The error as JSON-RPC puts it.
    pub fn into_object(self) -> ErrorObjectOwned {
        let (code, data): (i32, Option<Bytes>) = match &self {
            Self::NotAList { .. } | Self::MissingParameter { .. } | Self::BadParameter { .. } => (INVALID_PARAMS, None),
            Self::Call(CallError::Revert { data, .. })
            | Self::Trace(TraceError::Call(CallError::Revert { data, .. })) => (EXECUTION_REVERTED, Some(data.clone())),
            Self::WideFilter { .. } | Self::TooManyLogs { .. } | Self::TooManyBlocks { .. } => (LIMIT_EXCEEDED, None),
            _ => (SERVER_ERROR, None),
        };
        ErrorObjectOwned::owned(code, self.to_string(), data)
    }
}
