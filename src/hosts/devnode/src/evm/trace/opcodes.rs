//! The record of single opcodes: what a debugger steps through. Programs have none; their host calls are recorded instead.

use std::collections::BTreeMap;

use revm::{
    Database,
    bytecode::opcode,
    context_interface::result::HaltReason,
    handler::instructions::EthInstructions,
    interpreter::{
        FrameInput, InstructionResult, Interpreter, InterpreterAction, SuccessOrHalt,
        interpreter::EthInterpreter,
        interpreter_types::{Jumps, LoopControl, ReturnData},
    },
    primitives::{Address, Bytes, U256},
};

use super::room::Room;
use crate::evm::{Ctx, words::halt};

/// What to keep of each step, beside where it is and what it costs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OpcodeOptions {
    /// The stack before the step.
    pub stack: bool,
    /// The memory before the step.
    pub memory: bool,
    /// At SLOAD and SSTORE, the slots of the contract that were used so far.
    pub storage: bool,
    /// What the last call gave back.
    pub return_data: bool,
    /// Keep this many steps and leave the rest out; zero keeps all.
    pub limit: usize,
}

impl Default for OpcodeOptions {
    /// Stack and storage, all steps.
    fn default() -> Self {
        Self { stack: true, memory: false, storage: true, return_data: false, limit: 0 }
    }
}

/// One opcode that ran, or was to run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OpcodeStep {
    /// Its place in the code.
    pub pc: u64,
    /// The opcode.
    pub opcode: u8,
    /// Gas before it.
    pub gas: u64,
    /// Gas it took, with what a call hands to the callee. An opcode that could not be paid shows what was taken.
    pub gas_cost: u64,
    /// How many frames are open, programs included: 1 in the outermost.
    pub depth: usize,
    /// The stack before it, lowest first.
    pub stack: Option<Vec<U256>>,
    /// The memory before it.
    pub memory: Option<Bytes>,
    /// Slots of the contract used so far, at SLOAD and SSTORE.
    pub storage: Option<BTreeMap<U256, U256>>,
    /// What the last call gave back.
    pub return_data: Option<Bytes>,
    /// Why it ended the frame, when it failed.
    pub error: Option<String>,
}

impl OpcodeStep {
    /// The opcode's name, as geth writes it.
    pub fn name(&self) -> String {
        opcode::OpCode::new(self.opcode)
            .map_or_else(|| format!("opcode {:#x} not defined", self.opcode), |code| code.as_str().to_owned())
    }
}

/// What a step takes without its data.
const STEP_BYTES: usize = size_of::<OpcodeStep>();

/// Steps of the transaction so far.
#[derive(Debug, Default)]
pub(in crate::evm) struct OpcodeRecorder {
    options: Option<OpcodeOptions>,
    steps: Vec<OpcodeStep>,
    room: Room,
    storage: BTreeMap<Address, BTreeMap<U256, U256>>,
}

impl OpcodeRecorder {
    pub(in crate::evm) fn new(options: Option<OpcodeOptions>) -> Self {
        Self { options, ..Self::default() }
    }

    pub(in crate::evm) const fn is_on(&self) -> bool {
        self.options.is_some()
    }

    /// The steps, when recording was on.
    pub(in crate::evm) fn finish(self) -> Option<Vec<OpcodeStep>> {
        self.options.map(|_| self.steps)
    }

    /// Whether something did not fit.
    pub(in crate::evm) fn is_cut(&self) -> bool {
        self.room.is_gone()
    }

    /// Adds the step the interpreter is about to take, without what it will cost; `None` when there is no more room.
    fn begin(&mut self, interpreter: &Interpreter, depth: usize) -> Option<OpcodeStep> {
        let options = self.options?;
        if self.is_cut() || (options.limit > 0 && self.steps.len() >= options.limit) {
            return None;
        }
        let step = OpcodeStep {
            pc: interpreter.bytecode.pc() as u64,
            opcode: interpreter.bytecode.opcode(),
            gas: interpreter.gas.remaining(),
            gas_cost: 0,
            depth,
            stack: options.stack.then(|| interpreter.stack.data().to_vec()),
            memory: options
                .memory
                .then(|| Bytes::copy_from_slice(&interpreter.memory.slice_len(0, interpreter.memory.len()))),
            storage: None,
            return_data: options.return_data.then(|| interpreter.return_data.buffer().clone()),
            error: None,
        };
        let words = step.stack.as_ref().map_or(0, Vec::len).saturating_mul(size_of::<U256>());
        let bytes = step.memory.as_ref().map_or(0, |memory| memory.len());
        let taken = words.saturating_add(bytes).saturating_add(STEP_BYTES);
        self.room.take(taken).then_some(step)
    }

    /// Remembers a slot, and gives all that are known of the contract.
    fn use_slot(&mut self, contract: Address, slot: U256, word: U256) -> Option<BTreeMap<U256, U256>> {
        let options = self.options?;
        let slots = self.storage.entry(contract).or_default();
        slots.insert(slot, word);
        let bytes = slots.len().saturating_mul(2 * size_of::<U256>());
        (options.storage && self.room.take(bytes)).then(|| slots.clone())
    }
}

/// Runs bytecode opcode by opcode, as `run_plain` does, and records each.
pub(in crate::evm) fn run<DB: Database>(
    interpreter: &mut Interpreter,
    instructions: &EthInstructions<EthInterpreter, Ctx<DB>>,
    ctx: &mut Ctx<DB>,
    depth: usize,
) -> InterpreterAction {
    let mut recorder = std::mem::take(&mut ctx.chain.opcodes);
    let contract = interpreter.input.target_address;
    let end = loop {
        let begun = recorder.begin(interpreter, depth);
        let code = interpreter.bytecode.opcode();
        let (key, word) = slot_operands(interpreter);
        let gas = interpreter.gas.remaining();
        let done = interpreter.step(instructions.instruction_table(), instructions.gas_table(), ctx);
        let Some(mut step) = begun else {
            match done {
                Ok(()) => continue,
                Err(end) => break end,
            }
        };
        step.gas_cost = gas.saturating_sub(interpreter.gas.remaining()).saturating_sub(created_with(interpreter));
        step.error = done.err().and_then(failure);
        if done.is_ok() {
            step.storage = match (code, key) {
                (opcode::SLOAD, Some(key)) => {
                    let word = interpreter.stack.data().last().copied().unwrap_or_default();
                    recorder.use_slot(contract, key, word)
                }
                (opcode::SSTORE, Some(key)) => recorder.use_slot(contract, key, word),
                _ => None,
            };
        }
        recorder.steps.push(step);
        if let Err(end) = done {
            break end;
        }
    };
    ctx.chain.opcodes = recorder;
    if interpreter.bytecode.action().is_none() {
        interpreter.halt(end);
    }
    interpreter.take_next_action()
}

/// The two topmost words: the slot, and what SSTORE puts there.
fn slot_operands(interpreter: &Interpreter) -> (Option<U256>, U256) {
    let mut top = interpreter.stack.data().iter().rev().copied();
    (top.next(), top.next().unwrap_or_default())
}

/// Gas a creation is about to be given, which is not part of the opcode's price.
fn created_with(interpreter: &mut Interpreter) -> u64 {
    match interpreter.bytecode.action() {
        Some(InterpreterAction::NewFrame(FrameInput::Create(create))) => create.gas_limit(),
        _ => 0,
    }
}

/// Why an opcode ended its frame, unless that is what it is for.
fn failure(end: InstructionResult) -> Option<String> {
    match SuccessOrHalt::<HaltReason>::from(end) {
        SuccessOrHalt::Halt(reason) => Some(halt(None, &reason)),
        _ => None,
    }
}
