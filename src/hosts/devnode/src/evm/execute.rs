//! Running one transaction or one question on a state.

use revm::{
    Database,
    context::{
        BlockEnv, CfgEnv,
        result::{EVMError, ExecutionResult, InvalidTransaction},
    },
    context_interface::{ContextTr, JournalTr, block::BlobExcessGasAndPrice},
    handler::Handler,
    primitives::{U256, hardfork::SpecId},
    state::EvmState,
};
use thiserror::Error;

use super::{
    context::{BlockContext, ChainContext, FrameEnd, Mode, TraceMode, TxState, new_ctx},
    frame::StylusEvm,
    handler::ArbHandler,
    posting::PostedTx,
    recent::RecentPrograms,
    trace::{OpcodeStep, TraceFrame, TraceStep},
};

/// What a transaction did.
#[derive(Debug)]
pub struct Executed {
    /// Success, revert or halt, with output, logs and gas.
    pub result: ExecutionResult,
    /// The accounts it touched, to be committed to the state.
    pub state: EvmState,
    /// The host calls of the outermost frame, when they were asked for.
    pub steps: Option<Vec<TraceStep>>,
    /// The outermost frame with all below it, when they were asked for.
    pub frames: Option<TraceFrame>,
    /// The opcodes that ran, when they were asked for.
    pub opcodes: Option<Vec<OpcodeStep>>,
    /// Whether the record lacks something that did not fit into [`MOST_RECORDED_BYTES`](super::MOST_RECORDED_BYTES).
    pub trace_cut: bool,
    /// How the outermost frame ended, when there is more to say than `result` does.
    pub end: Option<FrameEnd>,
    /// What programs printed through the console of a debug chain, in order.
    pub console: Vec<String>,
    /// Gas the sender pays for, refunds taken off, posting to L1 included.
    pub gas_used: u64,
    /// The part of it that pays for posting to L1.
    pub gas_used_for_l1: u64,
    /// The price of that gas in wei, which is the block's base fee.
    pub gas_price_wei: u128,
    /// Programs that ran in the block up to here, for the next transaction.
    pub recent_programs: RecentPrograms,
}

/// Why a transaction could not run at all; nothing has changed then.
#[derive(Debug, Error)]
pub enum ExecuteError<E> {
    /// The transaction may not be included.
    #[error(transparent)]
    Transaction(#[from] InvalidTransaction),
    /// The state could not be read.
    #[error("the state cannot be read: {0}")]
    Database(E),
    /// Something that should not happen did.
    #[error("execution failed: {0}")]
    Fatal(String),
}

/// The Ethereum rules an ArbOS version follows.
const fn spec(arbos_version: u64) -> SpecId {
    match arbos_version {
        50.. => SpecId::OSAKA,
        40.. => SpecId::PRAGUE,
        20.. => SpecId::CANCUN,
        11.. => SpecId::SHANGHAI,
        _ => SpecId::MERGE,
    }
}

fn config(chain: &ChainContext, mode: Mode) -> CfgEnv {
    let mut cfg = CfgEnv::new_with_spec(spec(chain.arbos_version));
    cfg.chain_id = chain.chain_id;
    cfg.limit_contract_code_size = Some(chain.max_code_size);
    cfg.tx_gas_limit_cap = Some(u64::MAX); // the cap holds gas back instead of refusing it
    cfg.disable_eip3541 = true; // the frame loop refuses 0xEF itself, except for programs
    cfg.disable_eip3607 = true; // a test may act as a contract
    cfg.disable_eip7623 = true; // calldata has no floor price unless a chain switches it on
    if mode == Mode::Call {
        cfg.disable_nonce_check = true;
        cfg.disable_balance_check = true;
        cfg.disable_base_fee = true;
        cfg.disable_fee_charge = true;
        cfg.disable_block_gas_limit = true;
    }
    cfg
}

fn block_env(block: &BlockContext) -> BlockEnv {
    BlockEnv {
        number: U256::from(block.l1_number),
        beneficiary: block.coinbase,
        timestamp: U256::from(block.timestamp),
        gas_limit: block.gas_limit,
        basefee: block.base_fee,
        difficulty: U256::from(1),
        prevrandao: Some(block.prevrandao),
        blob_excess_gas_and_price: Some(BlobExcessGasAndPrice { excess_blob_gas: 0, blob_gasprice: 1 }),
        ..BlockEnv::default()
    }
}

/// Runs `tx` in `block` of `chain` on the state in `db`, and leaves `db` as it is.
///
/// A transaction that reverts or halts is a result, not an error. An error is a transaction that
/// cannot be included, or a state that cannot be read.
pub fn execute<DB: Database>(
    db: DB,
    chain: &ChainContext,
    block: &BlockContext,
    tx: impl Into<PostedTx>,
    mode: Mode,
    trace: TraceMode,
) -> Result<Executed, ExecuteError<DB::Error>> {
    let PostedTx { env: tx, bytes: posted } = tx.into();
    let gas_limit = tx.gas_limit;
    let cfg = config(chain, mode);
    let spec = cfg.spec;
    let state = TxState::new(chain.clone(), block.clone(), posted, mode, trace);
    let ctx = new_ctx(db, cfg, block_env(block), tx, state);
    let mut evm = StylusEvm::new(ctx, spec);
    let result = ArbHandler::default().run(&mut evm).map_err(|error| match error {
        EVMError::Transaction(invalid) => ExecuteError::Transaction(invalid),
        EVMError::Database(error) => ExecuteError::Database(error),
        other => ExecuteError::Fatal(match other {
            EVMError::Custom(text) => text,
            EVMError::Header(header) => header.to_string(),
            _ => "unknown".to_owned(),
        }),
    })?;
    let (mut ctx, console) = evm.into_parts();
    let gas_used = result.tx_gas_used();
    let records = &ctx.chain;
    let trace_cut = records.recorder.is_cut() || records.frames.is_cut() || records.opcodes.is_cut();
    let frames =
        std::mem::take(&mut ctx.chain.frames).finish().map(|top| TraceFrame { gas: gas_limit, gas_used, ..top });
    Ok(Executed {
        state: ctx.journal_mut().finalize(),
        steps: ctx.chain.recorder.finish(),
        frames,
        opcodes: ctx.chain.opcodes.finish(),
        trace_cut,
        end: ctx.chain.end,
        console,
        gas_used,
        gas_used_for_l1: ctx.chain.poster_gas.min(gas_used),
        gas_price_wei: u128::from(block.base_fee),
        recent_programs: ctx.chain.block.recent_programs,
        result,
    })
}
