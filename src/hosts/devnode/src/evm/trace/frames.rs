//! The record of frames: who called whom with what, and how it ended, whether bytecode, a program or a precompile ran.

use revm::{
    context_interface::{CreateScheme, result::HaltReason},
    handler::FrameResult,
    interpreter::{CallScheme, InstructionResult, SuccessOrHalt},
    primitives::{Address, Bytes, Log, LogData, U256},
};

use super::room::Room;
use crate::evm::{FrameEnd, words::halt};

/// How a frame was opened.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FrameKind {
    /// A call with the callee's own storage.
    Call,
    /// A call that may change nothing.
    StaticCall,
    /// A call with the storage, the caller and the value of the frame that made it.
    DelegateCall,
    /// A call with the storage of the frame that made it.
    CallCode,
    /// A creation whose address follows from the nonce.
    Create,
    /// A creation whose address follows from the code.
    Create2,
    /// The end of an account; its wei go to the frame's `to`.
    SelfDestruct,
}

/// How a frame ended.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum FrameOutcome {
    /// It did what it was asked.
    #[default]
    Success,
    /// It gave up and kept the rest of its gas; its output says why.
    Revert,
    /// It failed for this reason.
    Halt(String),
}

/// A log of a frame that took effect.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FrameLog {
    /// Who emitted it.
    pub address: Address,
    /// Topics and data.
    pub data: LogData,
    /// How many frames this one had opened before.
    pub position: usize,
}

/// One frame with the frames it opened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TraceFrame {
    /// How it was opened.
    pub kind: FrameKind,
    /// Who opened it.
    pub from: Address,
    /// The account whose code runs, or the account created; `None` when nothing was created.
    pub to: Option<Address>,
    /// Wei that came with it; for a delegate call, those of the frame that made it.
    pub value: U256,
    /// Gas it was given. For the outermost frame, the limit of the transaction.
    pub gas: u64,
    /// Gas it used, refunds not taken off. For the outermost frame, the gas the transaction paid for.
    pub gas_used: u64,
    /// Calldata, or init code.
    pub input: Bytes,
    /// What it returned or reverted with; the code of the new account for a creation.
    pub output: Bytes,
    /// How it ended.
    pub outcome: FrameOutcome,
    /// The frames it opened, in order.
    pub calls: Vec<TraceFrame>,
    /// Its own logs. A frame that failed has none, nor have those it opened.
    pub logs: Vec<FrameLog>,
}

impl TraceFrame {
    pub(in crate::evm) fn new(kind: FrameKind, from: Address, to: Option<Address>) -> Self {
        Self {
            kind,
            from,
            to,
            value: U256::ZERO,
            gas: 0,
            gas_used: 0,
            input: Bytes::new(),
            output: Bytes::new(),
            outcome: FrameOutcome::Success,
            calls: Vec::new(),
            logs: Vec::new(),
        }
    }

    /// Forgets the logs of the frame and of all below it.
    fn forget_logs(&mut self) {
        let mut waiting = vec![self];
        while let Some(frame) = waiting.pop() {
            frame.logs.clear();
            waiting.extend(&mut frame.calls);
        }
    }
}

impl From<CallScheme> for FrameKind {
    fn from(scheme: CallScheme) -> Self {
        match scheme {
            CallScheme::Call => Self::Call,
            CallScheme::StaticCall => Self::StaticCall,
            CallScheme::DelegateCall => Self::DelegateCall,
            CallScheme::CallCode => Self::CallCode,
        }
    }
}

impl From<CreateScheme> for FrameKind {
    fn from(scheme: CreateScheme) -> Self {
        match scheme {
            CreateScheme::Create2 { .. } => Self::Create2,
            _ => Self::Create,
        }
    }
}

/// The open frames of a transaction, and how many of the journal's logs belong to a frame already.
#[derive(Debug, Default)]
pub(in crate::evm) struct FrameRecorder {
    on: bool,
    open: Vec<TraceFrame>,
    top: Option<TraceFrame>,
    seen_logs: usize,
    room: Room,
    end: Option<FrameEnd>,
}

impl FrameRecorder {
    pub(in crate::evm) fn new(on: bool) -> Self {
        Self { on, ..Self::default() }
    }

    /// Whether frames are recorded, and still fit.
    pub(in crate::evm) fn is_on(&self) -> bool {
        self.on && !self.room.is_gone()
    }

    /// Whether something did not fit.
    pub(in crate::evm) fn is_cut(&self) -> bool {
        self.room.is_gone()
    }

    /// A frame is about to open. `logs` are all of the journal.
    pub(in crate::evm) fn open(&mut self, frame: TraceFrame, logs: &[Log]) {
        self.take_logs(logs);
        self.room.take(size_of::<TraceFrame>().saturating_add(frame.input.len()));
        self.open.push(frame);
    }

    /// A program or a precompile in the innermost frame ends in a way plain EVM words do not tell.
    pub(in crate::evm) fn note_end(&mut self, end: Option<FrameEnd>) {
        if self.on {
            self.end = end;
        }
    }

    /// The innermost frame has ended. The journal has taken its logs back when it failed.
    pub(in crate::evm) fn close(&mut self, result: &FrameResult, logs: &[Log]) {
        let end = self.end.take();
        let outcome = result.instruction_result();
        if outcome.is_ok() {
            self.take_logs(logs);
        }
        self.seen_logs = logs.len();
        let Some(mut frame) = self.open.pop() else {
            return;
        };
        let left = if outcome.is_ok_or_revert() { result.gas().remaining() } else { 0 };
        frame.gas_used = frame.gas.saturating_sub(left);
        frame.outcome = in_words(outcome, end.as_ref());
        if outcome.is_ok_or_revert() && self.room.take(result.output().data().len()) {
            frame.output = result.output().data().clone();
        }
        if let FrameResult::Create(create) = result {
            frame.to = create.address.filter(|_| outcome.is_ok());
        }
        if !outcome.is_ok() {
            frame.forget_logs();
        }
        match self.open.last_mut() {
            Some(parent) => parent.calls.push(frame),
            None => self.top = Some(frame),
        }
    }

    /// Adds the end of an account in the innermost frame.
    pub(in crate::evm) fn self_destruct(&mut self, account: Address, to: Address, value: U256) {
        if let Some(frame) = self.open.last_mut() {
            let end = TraceFrame::new(FrameKind::SelfDestruct, account, Some(to));
            frame.calls.push(TraceFrame { value, ..end });
        }
    }

    /// The outermost frame, when recording was on.
    pub(in crate::evm) fn finish(self) -> Option<TraceFrame> {
        self.top
    }

    /// What was logged since the last boundary of a frame belongs to the innermost one.
    fn take_logs(&mut self, logs: &[Log]) {
        if let Some(frame) = self.open.last_mut() {
            let position = frame.calls.len();
            let new = logs.get(self.seen_logs..).unwrap_or_default();
            let bytes = new.iter().map(|log| log.data.data.len().saturating_add(size_of::<FrameLog>())).sum();
            if !self.room.take(bytes) {
                return;
            }
            frame.logs.extend(new.iter().map(|log| FrameLog {
                address: log.address,
                data: log.data.clone(),
                position,
            }));
        }
        self.seen_logs = logs.len();
    }
}

fn in_words(outcome: InstructionResult, end: Option<&FrameEnd>) -> FrameOutcome {
    match SuccessOrHalt::<HaltReason>::from(outcome) {
        SuccessOrHalt::Success(_) => FrameOutcome::Success,
        SuccessOrHalt::Revert => FrameOutcome::Revert,
        SuccessOrHalt::Halt(reason) => FrameOutcome::Halt(halt(end, &reason)),
        SuccessOrHalt::FatalExternalError | SuccessOrHalt::Internal(_) => FrameOutcome::Halt("fatal error".to_owned()),
    }
}
