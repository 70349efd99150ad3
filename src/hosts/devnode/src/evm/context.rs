//! What a transaction runs in: the chain, the block, and the state that lasts until it ends.

use std::{
    collections::{BTreeMap, HashMap},
    sync::Arc,
};

use revm::{
    Context, Database, Journal,
    context::{BlockEnv, CfgEnv, TxEnv},
    primitives::{Address, B256, Bytes, address, keccak256},
};
use thiserror::Error;

use super::{
    recent::RecentPrograms,
    trace::{FrameRecorder, OpcodeOptions, OpcodeRecorder, Recorder},
};
use crate::arbos::state::ProgramError;

/// The account that posts batches, and the coinbase of every block.
pub const BATCH_POSTER: Address = address!("A4b000000000000000000073657175656e636572");
/// The gas limit every block states.
pub const L2_BLOCK_GAS_LIMIT: u64 = 1 << 50;
/// Gas a transaction can use; what it asks for beyond that is held back and returned.
pub const TX_GAS_CAP: u64 = 32_000_000;

/// The context revm runs a transaction in, over a database `DB`.
pub type Ctx<DB> = Context<BlockEnv, TxEnv, CfgEnv, DB, Journal<DB>, TxState>;

/// What stays the same from block to block.
#[derive(Clone, Debug)]
pub struct ChainContext {
    /// The chain's id.
    pub chain_id: u64,
    /// The version of ArbOS the chain runs.
    pub arbos_version: u64,
    /// Whether `ArbDebug`, start functions and console host calls exist.
    pub debug_precompiles: bool,
    /// Longest code of a contract in bytes.
    pub max_code_size: usize,
    /// Hashes of the L2 blocks by number; the last 256 are enough.
    pub l2_block_hashes: Arc<BTreeMap<u64, B256>>,
}

impl Default for ChainContext {
    fn default() -> Self {
        Self {
            chain_id: 412_346,
            arbos_version: 51,
            debug_precompiles: true,
            max_code_size: 24_576,
            l2_block_hashes: Arc::default(),
        }
    }
}

impl ChainContext {
    /// The hash `BLOCKHASH` gives for an L1 block: there is no L1 here, so it is made up of the number.
    pub fn l1_block_hash(number: u64) -> B256 {
        keccak256([b"l1".as_slice(), &number.to_be_bytes()].concat())
    }
}

/// The block a transaction runs in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BlockContext {
    /// Height of this chain, as RPC and `ArbSys` give it.
    pub l2_number: u64,
    /// Number of the L1 block, as `NUMBER` and the host call `block_number` give it.
    pub l1_number: u64,
    /// Time of the block in seconds since 1970.
    pub timestamp: u64,
    /// Base fee in wei, which is the price of gas for everyone.
    pub base_fee: u64,
    /// Gas limit the block states.
    pub gas_limit: u64,
    /// Coinbase of the block.
    pub coinbase: Address,
    /// What `PREVRANDAO` gives.
    pub prevrandao: B256,
    /// Programs the transactions before this one ran in the block; none for a question.
    pub recent_programs: RecentPrograms,
}

impl Default for BlockContext {
    fn default() -> Self {
        Self {
            l2_number: 1,
            l1_number: 0,
            timestamp: 0,
            base_fee: 100_000_000,
            gas_limit: L2_BLOCK_GAS_LIMIT,
            coinbase: BATCH_POSTER,
            prevrandao: B256::with_last_byte(1),
            recent_programs: RecentPrograms::default(),
        }
    }
}

/// How far the rules of a transaction apply.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    /// A transaction: nonce, balance and fee are checked, and the fee is paid.
    Transaction,
    /// A question such as `eth_call`: none of that, and no cap on gas.
    Call,
}

/// What to record while running.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TraceMode {
    /// Nothing.
    Off,
    /// Host calls of programs and the frames around them.
    HostCalls,
    /// Frames alone: calls, creations, and how they ended.
    Frames,
    /// Every opcode of bytecode.
    Opcodes(OpcodeOptions),
}

/// Pages of memory in this transaction, over all programs.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Pages {
    /// Pages of the programs that run now.
    pub open: u16,
    /// The most that were open at any time; no revert lowers it.
    pub ever: u16,
}

impl Pages {
    /// Opens `new` more pages; the count saturates.
    pub fn add(&mut self, new: u16) {
        self.open = self.open.saturating_add(new);
        self.ever = self.ever.max(self.open);
    }
}

/// How a frame ended when plain EVM words do not tell. The text is the one a node answers with.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
pub enum FrameEnd {
    /// The code has the prefix of a program but may not run.
    #[error(transparent)]
    NotRunnable(#[from] ProgramError),
    /// The program trapped, or a host call was misused; its gas was kept.
    #[error("execution reverted")]
    Failure,
    /// The program used up its ink, or could not pay to start.
    #[error("out of gas")]
    OutOfInk,
    /// The program used up its stack.
    #[error("max call depth exceeded")]
    OutOfStack,
    /// A precompile stopped with an error that is not a revert.
    #[error("{0}")]
    Precompile(String),
}

/// What a transaction carries along while it runs.
#[derive(Debug)]
pub struct TxState {
    /// The chain.
    pub chain: ChainContext,
    /// The block.
    pub block: BlockContext,
    /// How far the rules apply.
    pub mode: Mode,
    /// Pages of memory of all programs.
    pub pages: Pages,
    /// How the outermost frame ended, when there is more to say than its result.
    pub end: Option<FrameEnd>,
    /// Gas held back because the transaction asked for more than [`TX_GAS_CAP`].
    pub(super) held_gas: u64,
    /// The signed bytes of the transaction.
    pub(super) posted: Bytes,
    /// Gas the transaction pays for its bytes on L1.
    pub(super) poster_gas: u64,
    /// Whether its gas limit does not even cover that.
    pub(super) cannot_post: bool,
    /// Callers of the open frames, outermost first.
    pub(super) callers: Vec<Address>,
    /// How many frames that are not delegate calls are open, by acting address.
    pub(super) entered: HashMap<Address, u32>,
    pub(super) recorder: Recorder,
    pub(super) frames: FrameRecorder,
    pub(super) opcodes: OpcodeRecorder,
}

impl TxState {
    pub(super) fn new(chain: ChainContext, block: BlockContext, posted: Bytes, mode: Mode, trace: TraceMode) -> Self {
        Self {
            chain,
            block,
            mode,
            pages: Pages::default(),
            end: None,
            held_gas: 0,
            posted,
            poster_gas: 0,
            cannot_post: false,
            callers: Vec::new(),
            entered: HashMap::new(),
            recorder: Recorder::new(trace == TraceMode::HostCalls),
            frames: FrameRecorder::new(trace == TraceMode::Frames),
            opcodes: OpcodeRecorder::new(match trace {
                TraceMode::Opcodes(options) => Some(options),
                _ => None,
            }),
        }
    }

    /// The caller of the frame that called a precompile, when a contract did.
    pub(super) fn caller_of_caller(&self) -> Option<Address> {
        self.callers.last().copied()
    }
}

/// The journal and database revm wants behind a [`Ctx`]; any database will do.
pub(super) fn new_ctx<DB: Database>(db: DB, cfg: CfgEnv, block: BlockEnv, tx: TxEnv, state: TxState) -> Ctx<DB> {
    Context::<BlockEnv, TxEnv, CfgEnv, DB, Journal<DB>, ()>::new(db, cfg.spec)
        .with_cfg(cfg)
        .with_block(block)
        .with_tx(tx)
        .with_chain(state)
}
