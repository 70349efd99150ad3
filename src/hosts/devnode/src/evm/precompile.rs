//! Which precompile answers a call: one of ArbOS first, then one of Ethereum.

use std::sync::LazyLock;

use revm::{
    Database,
    context_interface::{ContextTr, JournalTr, LocalContextTr},
    handler::{EthPrecompiles, PrecompileProvider},
    interpreter::{CallInputs, Gas, InstructionResult, InterpreterResult},
    precompile::{Precompiles, secp256r1::P256VERIFY},
    primitives::{Address, AddressSet, Bytes, U256, hardfork::SpecId},
};

use super::context::{BlockContext, ChainContext, Ctx, FrameEnd, Mode};
use crate::arbos::precompiles;

/// What a precompile of ArbOS is told beside the call's inputs.
#[derive(Clone, Debug)]
pub struct PrecompileFrame {
    /// The account the call acts as: the precompile itself, or the caller in a delegate call.
    pub acting_address: Address,
    /// The precompile that was called.
    pub precompile: Address,
    /// Who called.
    pub caller: Address,
    /// Who called the contract that called, if a contract did.
    pub caller_of_caller: Option<Address>,
    /// The value sent along, in wei; it has been transferred already.
    pub value: U256,
    /// Whether state may not change.
    pub is_static: bool,
    /// Depth of the call: 1 from the sender, 2 from a contract the sender called.
    pub depth: usize,
    /// Gas the call was given.
    pub gas_limit: u64,
    /// Pages of memory open in this transaction.
    pub open_pages: u16,
    /// Gas the transaction pays for posting to L1.
    pub poster_gas: u64,
    /// The chain.
    pub chain: ChainContext,
    /// The block.
    pub block: BlockContext,
    /// Whether this is a transaction or a question.
    pub mode: Mode,
}

/// How a precompile of ArbOS ended.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PrecompileOutcome {
    /// The kind of end.
    pub status: PrecompileStatus,
    /// The data returned, of a success or a revert.
    pub output: Bytes,
    /// Gas used; a halt uses all of it whatever stands here. More than was given is out of gas.
    pub gas_used: u64,
}

/// The kinds of end of a precompile.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum PrecompileStatus {
    /// It did what it was asked.
    #[default]
    Success,
    /// It reverted with `output`; the gas not used is kept.
    Revert,
    /// It stopped with this error, which is not a revert; all gas is used and there is no data.
    Halt(String),
}

/// The precompiles of a transaction.
#[derive(Debug)]
pub(super) struct ArbPrecompiles {
    ethereum: EthPrecompiles,
    warm: AddressSet,
}

/// Cancun's set and the P256 precompile, which Arbitrum had before Ethereum did.
static CANCUN_AND_P256: LazyLock<Precompiles> = LazyLock::new(|| {
    let mut set = Precompiles::cancun().clone();
    set.extend([P256VERIFY]);
    set
});

/// Ethereum's precompiles in a version of ArbOS: those on the curve BLS12-381 came with version 50, not with the rules of Prague.
fn ethereum(spec: SpecId, arbos_version: u64) -> EthPrecompiles {
    match arbos_version {
        30..50 => EthPrecompiles { precompiles: &CANCUN_AND_P256, spec },
        _ => EthPrecompiles::new(spec),
    }
}

impl ArbPrecompiles {
    pub(super) fn new(spec: SpecId, chain: &ChainContext) -> Self {
        let ethereum = ethereum(spec, chain.arbos_version);
        let mut warm = ethereum.warm_addresses().clone();
        warm.extend(precompiles::addresses(chain));
        Self { ethereum, warm }
    }
}

impl<DB: Database> PrecompileProvider<Ctx<DB>> for ArbPrecompiles {
    type Output = InterpreterResult;

    fn set_spec(&mut self, _spec: SpecId) -> bool {
        true // the set is made for the transaction's rules, and its addresses must be warmed
    }

    fn run(&mut self, ctx: &mut Ctx<DB>, inputs: &CallInputs) -> Result<Option<InterpreterResult>, String> {
        let frame = PrecompileFrame {
            acting_address: inputs.target_address,
            precompile: inputs.bytecode_address,
            caller: inputs.caller,
            caller_of_caller: ctx.chain.caller_of_caller(),
            value: inputs.value.get(),
            is_static: inputs.is_static,
            depth: ctx.journal().depth(),
            gas_limit: inputs.gas_limit,
            open_pages: ctx.chain.pages.open,
            poster_gas: ctx.chain.poster_gas,
            chain: ctx.chain.chain.clone(),
            block: ctx.chain.block.clone(),
            mode: ctx.chain.mode,
        };
        let Some(outcome) = precompiles::run(ctx, inputs, &frame) else {
            return self.ethereum.run(ctx, inputs);
        };
        let mut gas = Gas::new(inputs.gas_limit);
        let end = |result, output, gas| Ok(Some(InterpreterResult::new(result, output, gas)));
        if let PrecompileStatus::Halt(error) = outcome.status {
            gas.spend_all();
            let text = FrameEnd::Precompile(error.clone());
            ctx.chain.frames.note_end(Some(text));
            if frame.depth == 1 {
                ctx.local_mut().set_precompile_error_context(error.clone());
                ctx.chain.end = Some(FrameEnd::Precompile(error));
            }
            return end(InstructionResult::PrecompileError, Bytes::new(), gas);
        }
        if !gas.record_regular_cost(outcome.gas_used) {
            gas.spend_all();
            return end(InstructionResult::PrecompileOOG, Bytes::new(), gas);
        }
        let result = match outcome.status {
            PrecompileStatus::Success => InstructionResult::Return,
            _ => InstructionResult::Revert,
        };
        end(result, outcome.output, gas)
    }

    fn warm_addresses(&self) -> &AddressSet {
        &self.warm
    }
}
