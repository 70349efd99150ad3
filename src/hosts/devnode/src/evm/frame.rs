//! The hooks of revm's frame loop.

use revm::{
    Database,
    context::Evm,
    handler::{
        EthFrame, EvmTr, FrameInitOrResult, FrameResult, FrameTr,
        evm::{ContextDbError, FrameInitResult},
        instructions::EthInstructions,
    },
    context::FrameStack,
    interpreter::interpreter::EthInterpreter,
    primitives::hardfork::SpecId,
};

use super::{context::Ctx, instructions::instructions, precompile::ArbPrecompiles};

type Frame = EthFrame<EthInterpreter>;
type Inner<DB> = Evm<Ctx<DB>, (), EthInstructions<EthInterpreter, Ctx<DB>>, ArbPrecompiles, Frame>;

/// revm's EVM.
pub(super) struct StylusEvm<DB: Database> {
    inner: Inner<DB>,
}

impl<DB: Database> StylusEvm<DB> {
    pub(super) fn new(ctx: Ctx<DB>, spec: SpecId) -> Self {
        let precompiles = ArbPrecompiles::new(spec, &ctx.chain.chain);
        Self { inner: Evm::new(ctx, instructions(spec), precompiles) }
    }

    pub(super) fn into_ctx(self) -> Ctx<DB> {
        self.inner.ctx
    }
}

impl<DB: Database> EvmTr for StylusEvm<DB> {
    type Context = Ctx<DB>;
    type Instructions = EthInstructions<EthInterpreter, Ctx<DB>>;
    type Precompiles = ArbPrecompiles;
    type Frame = Frame;

    fn all(&self) -> (&Ctx<DB>, &Self::Instructions, &ArbPrecompiles, &FrameStack<Frame>) {
        self.inner.all()
    }

    fn all_mut(
        &mut self,
    ) -> (&mut Ctx<DB>, &mut Self::Instructions, &mut ArbPrecompiles, &mut FrameStack<Frame>) {
        self.inner.all_mut()
    }

    fn frame_init(
        &mut self,
        input: <Frame as FrameTr>::FrameInit,
    ) -> Result<FrameInitResult<'_, Frame>, ContextDbError<Ctx<DB>>> {
        self.inner.frame_init(input)
    }

    fn frame_run(&mut self) -> Result<FrameInitOrResult<Frame>, ContextDbError<Ctx<DB>>> {
        self.inner.frame_run()
    }

    fn frame_return_result(
        &mut self,
        result: FrameResult,
    ) -> Result<Option<FrameResult>, ContextDbError<Ctx<DB>>> {
        self.inner.frame_return_result(result)
    }
}
