//! The EVM side: one revm frame loop that runs bytecode itself and hands programs to the VM.
//!
//! - [`execute`] runs one transaction or call and gives its result and the state it changed.
//! - `context`: what a transaction runs in, and what it carries along.
//! - `frame`: the frame loop's hooks; `announce`: what is noted of a frame; `enter`, `serve`, `call`: a program's start, requests, calls.
//! - `handler`, `instructions`, `precompile`: where Arbitrum differs from Ethereum.
//! - `peek`: the state as ArbOS sees it, which makes nothing warm.
//! - `posting`: what a transaction pays for lying on L1.
//! - `recent`: the programs that ran last in a block.
//! - `trace`: the records of host calls and of frames; `words`: what a node calls a failure.

mod announce;
mod call;
mod context;
mod enter;
mod execute;
mod frame;
mod handler;
mod instructions;
mod peek;
mod posting;
mod precompile;
mod recent;
mod serve;
#[cfg(test)]
mod tests;
mod trace;
mod words;

pub use context::{
    BATCH_POSTER, BlockContext, ChainContext, Ctx, FrameEnd, L2_BLOCK_GAS_LIMIT, Mode, Pages, TX_GAS_CAP, TraceMode,
    TxState,
};
pub use execute::{ExecuteError, Executed, execute};
pub(crate) use peek::{peek, peek_slot, without_warming};
pub use posting::{L1_PRICER_POOL, PostedTx, l1_units, poster_gas};
pub use precompile::{PrecompileFrame, PrecompileOutcome, PrecompileStatus};
pub use recent::RecentPrograms;
pub(crate) use trace::Room;
pub use trace::{
    FrameKind, FrameLog, FrameOutcome, MOST_RECORDED_BYTES, OpcodeOptions, OpcodeStep, TraceFrame, TraceStep,
};
pub(crate) use words::halt;
