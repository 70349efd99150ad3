//! The hooks of revm's frame loop: which frames run a program, and how their results travel.
//!
//! A program runs until it asks for a call; then its frame waits, as an EVM frame does, and the
//! loop runs the child. So programs and bytecode nest in any order on one explicit stack.

use revm::{
    Database,
    context::{Evm, FrameStack},
    context_interface::{ContextTr, context::take_error},
    handler::{
        EthFrame, EvmTr, FrameData, FrameInitOrResult, FrameResult, FrameTr, ItemOrResult,
        evm::{ContextDbError, FrameInitResult},
        instructions::{EthInstructions, InstructionProvider},
    },
    interpreter::{FrameInput, InstructionResult, InterpreterAction, InterpreterResult, interpreter::EthInterpreter},
    primitives::{Address, Bytes, hardfork::SpecId},
};

use super::{
    announce::{announce, close_frame},
    call::{Caller, Opening, Pending, settle},
    context::{Ctx, FrameEnd},
    enter::{Refusal, enter},
    instructions::instructions,
    precompile::ArbPrecompiles,
    serve::{Halt, Served},
    trace::run_recorded,
};
use crate::{
    vm::{End, Event, Machine, Request},
    wasm::{
        format::{is_program, is_stylus_component},
        fragments::is_root,
    },
};

type Frame = EthFrame<EthInterpreter>;
type Inner<DB> = Evm<Ctx<DB>, (), EthInstructions<EthInterpreter, Ctx<DB>>, ArbPrecompiles, Frame>;
type Error<DB> = ContextDbError<Ctx<DB>>;

/// From this version on returning data costs a program at least what it costs a contract.
const RETURN_DATA_PRICE: u64 = 31;

/// What belongs to an open frame beside revm's own.
#[derive(Debug, Default)]
struct Side {
    /// The account this frame counts for in the re-entrancy counters.
    counted: Option<Address>,
    /// Pages that were open before a program started here.
    pages_before: Option<u16>,
    machine: Option<Box<Machine>>,
    pending: Option<Pending>,
}

/// revm's EVM with programs.
#[derive(Debug)]
pub(super) struct StylusEvm<DB: Database> {
    inner: Inner<DB>,
    sides: Vec<Side>,
    console: Vec<String>,
}

impl<DB: Database> StylusEvm<DB> {
    pub(super) fn new(ctx: Ctx<DB>, spec: SpecId) -> Self {
        let precompiles = ArbPrecompiles::new(spec, &ctx.chain.chain);
        let inner = Evm::new(ctx, instructions(spec), precompiles);
        Self { inner, sides: Vec::new(), console: Vec::new() }
    }

    /// Gives the context back, and what programs have printed.
    pub(super) fn into_parts(self) -> (Ctx<DB>, Vec<String>) {
        (self.inner.ctx, self.console)
    }

    /// Undoes what the innermost frame's opening did to the counters.
    fn pop_side(&mut self) {
        let Some(side) = self.sides.pop() else { return };
        let state = &mut self.inner.ctx.chain;
        state.callers.pop();
        if let Some(address) = side.counted
            && let Some(frames) = state.entered.get_mut(&address)
        {
            *frames -= 1;
        }
        if let Some(pages) = side.pages_before {
            state.pages.open = pages;
        }
    }

    /// Runs bytecode, as revm does, but lets no contract begin with 0xEF except a program.
    fn run_bytecode(&mut self) -> Result<FrameInitOrResult<Frame>, Error<DB>> {
        let frame = self.inner.frame_stack.get();
        let ctx = &mut self.inner.ctx;
        let instructions = &self.inner.instruction;
        let mut action = if ctx.chain.opcodes.is_on() {
            run_recorded(&mut frame.interpreter, instructions, ctx, self.sides.len())
        } else {
            frame.interpreter.run_plain(
                InstructionProvider::instruction_table(instructions),
                InstructionProvider::gas_table(instructions),
                ctx,
            )
        };
        if let (FrameData::Create(_), InterpreterAction::Return(result)) = (&frame.data, &mut action) {
            let code = &result.output;
            let version = ctx.chain.chain.arbos_version;
            if result.result.is_ok() && code.first() == Some(&0xef) && !is_stylus_component(code, version) {
                result.result = InstructionResult::CreateContractStartingWithEF;
            }
        }
        let next = frame.process_next_action::<_, Error<DB>>(ctx, action)?;
        if next.is_result() {
            frame.set_finished(true);
        }
        Ok(next)
    }

    /// Runs the program of the innermost frame until it ends or opens a frame.
    fn run_program(&mut self) -> Result<FrameInitOrResult<Frame>, Error<DB>> {
        let Some(side) = self.sides.last_mut() else {
            return Err(ContextDbError::<Ctx<DB>>::Custom("a program without a frame".to_owned()));
        };
        let frame = self.inner.frame_stack.get();
        let ctx = &mut self.inner.ctx;
        let FrameInput::Call(inputs) = &frame.input else {
            return Err(ContextDbError::<Ctx<DB>>::Custom("a program in a creation".to_owned()));
        };
        let mut machine = match side.machine.take() {
            Some(machine) => machine,
            None => {
                side.pages_before = Some(ctx.chain.pages.open);
                let code = frame.interpreter.bytecode.original_byte_slice();
                match enter(ctx, inputs, code, frame.interpreter.gas.remaining()) {
                    Ok(machine) => Box::new(machine),
                    Err(Refusal::End(end)) => {
                        let result = match end {
                            FrameEnd::NotRunnable(_) => InstructionResult::NotActivated,
                            _ => InstructionResult::OutOfGas,
                        };
                        return self.finish(result, Bytes::new(), 0, Some(end));
                    }
                    Err(Refusal::Database(error)) => return Err(error.into()),
                    Err(Refusal::Broken(text)) => {
                        return Err(ContextDbError::<Ctx<DB>>::Custom(text));
                    }
                }
            }
        };
        let (acting_address, is_static) = (inputs.target_address, inputs.is_static);
        let mut caller = Caller {
            machine: &mut machine,
            acting_address,
            sender: inputs.caller,
            value: inputs.value.get(),
            is_static,
        };
        let gas = &mut frame.interpreter.gas;
        let end = loop {
            let request = match caller.machine.run() {
                Event::Ended(end) => break end,
                Event::Asked(request) => request,
            };
            let halt = if matches!(request, Request::Call { .. } | Request::Create { .. }) {
                match caller.open(ctx, request) {
                    Ok(Opening::Answered) => continue,
                    Ok(Opening::Frame(input, pending)) => {
                        ctx.chain.recorder.extend(machine.take_steps());
                        side.pending = Some(pending);
                        side.machine = Some(machine);
                        return frame.process_next_action(ctx, InterpreterAction::NewFrame(input));
                    }
                    Err(halt) => halt,
                }
            } else {
                let machine = &mut *caller.machine;
                let mut served = Served { ctx: &mut *ctx, machine, gas: &mut *gas, acting_address, is_static };
                match served.answer(request) {
                    Ok(results) => {
                        caller.machine.answer(results);
                        continue;
                    }
                    Err(halt) => halt,
                }
            };
            match halt {
                Halt::Stop(stop) => caller.machine.stop(stop),
                Halt::Database(error) => return Err(error.into()),
            }
        };
        let gas_left = machine.gas_left_after(&end);
        ctx.chain.recorder.extend(machine.take_steps());
        self.console.extend(machine.take_console());
        match end {
            End::Success(output) => self.finish_with_output(InstructionResult::Return, output, gas_left),
            End::Revert(output) => self.finish_with_output(InstructionResult::Revert, output, gas_left),
            End::Failure => self.finish(InstructionResult::Revert, Bytes::new(), gas_left, Some(FrameEnd::Failure)),
            End::OutOfInk => self.finish(InstructionResult::OutOfGas, Bytes::new(), 0, Some(FrameEnd::OutOfInk)),
            End::OutOfStack => self.finish(InstructionResult::CallTooDeep, Bytes::new(), 0, Some(FrameEnd::OutOfStack)),
        }
    }

    /// Ends a program that returned data: the whole call costs at least what a contract would pay
    /// for the memory of that data.
    fn finish_with_output(
        &mut self,
        result: InstructionResult,
        output: Vec<u8>,
        gas_left: u64,
    ) -> Result<FrameInitOrResult<Frame>, Error<DB>> {
        let output = Bytes::from(output);
        if output.is_empty() || self.inner.ctx.chain.chain.arbos_version < RETURN_DATA_PRICE {
            return self.finish(result, output, gas_left, None);
        }
        let start_gas = self.inner.frame_stack.get().interpreter.gas.remaining();
        match start_gas.checked_sub(memory_gas(output.len())) {
            Some(most) => self.finish(result, output, gas_left.min(most), None),
            None => self.finish(InstructionResult::OutOfGas, Bytes::new(), 0, Some(FrameEnd::OutOfInk)),
        }
    }

    fn finish(
        &mut self,
        result: InstructionResult,
        output: Bytes,
        gas_left: u64,
        end: Option<FrameEnd>,
    ) -> Result<FrameInitOrResult<Frame>, Error<DB>> {
        let ctx = &mut self.inner.ctx;
        ctx.chain.frames.note_end(end.clone());
        if self.sides.len() == 1 {
            ctx.chain.end = end;
        }
        let frame = self.inner.frame_stack.get();
        let mut gas = frame.interpreter.gas;
        gas.set_remaining(gas_left);
        let action = InterpreterAction::Return(InterpreterResult { result, output, gas });
        let next = frame.process_next_action::<_, Error<DB>>(ctx, action)?;
        frame.set_finished(true);
        Ok(next)
    }
}

/// Gas a contract pays for memory of `bytes` bytes: `3w + ⌊w²/512⌋` for `w = ⌈bytes/32⌉` words.
///
/// Example: 1 024 bytes cost 98 gas.
const fn memory_gas(bytes: usize) -> u64 {
    let words = (bytes as u64).div_ceil(32);
    3 * words + words * words / 512
}

impl<DB: Database> EvmTr for StylusEvm<DB> {
    type Context = Ctx<DB>;
    type Instructions = EthInstructions<EthInterpreter, Ctx<DB>>;
    type Precompiles = ArbPrecompiles;
    type Frame = Frame;

    fn all(&self) -> (&Ctx<DB>, &Self::Instructions, &ArbPrecompiles, &FrameStack<Frame>) {
        self.inner.all()
    }

    fn all_mut(&mut self) -> (&mut Ctx<DB>, &mut Self::Instructions, &mut ArbPrecompiles, &mut FrameStack<Frame>) {
        self.inner.all_mut()
    }

    fn frame_init(&mut self, init: <Frame as FrameTr>::FrameInit) -> Result<FrameInitResult<'_, Frame>, Error<DB>> {
        let counted = announce(&mut self.inner.ctx, &init.frame_input)?;
        let caller = match &init.frame_input {
            FrameInput::Call(call) => call.caller,
            FrameInput::Create(create) => create.caller(),
            FrameInput::Empty => Address::ZERO,
        };
        match self.inner.frame_init(init)? {
            ItemOrResult::Result(result) => {
                // Without a frame around it this result is the transaction's, and comes back here no more.
                if self.sides.is_empty() {
                    close_frame(&mut self.inner.ctx, &result);
                }
                Ok(ItemOrResult::Result(result))
            }
            ItemOrResult::Item(_) => {
                self.sides.push(Side { counted, ..Side::default() });
                let state = &mut self.inner.ctx.chain;
                state.callers.push(caller);
                if let Some(address) = counted {
                    *state.entered.entry(address).or_default() += 1;
                }
                Ok(ItemOrResult::Item(self.inner.frame_stack.get()))
            }
        }
    }

    fn frame_run(&mut self) -> Result<FrameInitOrResult<Frame>, Error<DB>> {
        let frame = self.inner.frame_stack.get();
        let is_call = matches!(frame.data, FrameData::Call(_));
        let code = frame.interpreter.bytecode.original_byte_slice();
        let version = self.inner.ctx.chain.chain.arbos_version;
        if is_call && (is_program(code) || is_root(code, version)) { self.run_program() } else { self.run_bytecode() }
    }

    fn frame_return_result(&mut self, result: FrameResult) -> Result<Option<FrameResult>, Error<DB>> {
        if self.inner.frame_stack.get().is_finished() {
            self.inner.frame_stack.pop();
            self.pop_side();
        }
        close_frame(&mut self.inner.ctx, &result);
        let child = self.inner.ctx.chain.recorder.close();
        if self.inner.frame_stack.index().is_none() {
            return Ok(Some(result));
        }
        let frame = self.inner.frame_stack.get();
        let ctx = &mut self.inner.ctx;
        let waiting = self.sides.last_mut().and_then(|side| Some((side.machine.as_mut()?, side.pending.take()?)));
        let Some((machine, pending)) = waiting else {
            if let Some(child) = child {
                ctx.chain.recorder.push_frame(child);
            }
            frame.return_result::<_, Error<DB>>(ctx, result)?;
            return Ok(None);
        };
        frame.interpreter.memory.free_child_context();
        take_error::<Error<DB>, _>(ctx.error())?;
        if result.instruction_result().is_ok() {
            frame.interpreter.gas.record_refund(result.gas().refunded());
        }
        let child = match (pending, child) {
            (Pending::Create { .. }, Some(child)) => {
                ctx.chain.recorder.push_frame(child);
                None
            }
            (_, child) => child,
        };
        if let Err(stop) = settle(machine, pending, &result, child) {
            machine.stop(stop);
        }
        Ok(None)
    }
}
