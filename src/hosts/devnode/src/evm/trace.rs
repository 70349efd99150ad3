//! The record of host calls, in the shape the Stylus tracer of a node gives it.
//!
//! Each frame has its list of steps. When a frame ends, its list becomes part of one step of the
//! frame that opened it: of the host call, when a program called, or of an `evm_…` step otherwise.
//! [`frames`] keeps the plainer record of calls alone, [`opcodes`] the one of single opcodes.

mod frames;
mod opcodes;
mod room;

pub(super) use frames::FrameRecorder;
pub use frames::{FrameKind, FrameLog, FrameOutcome, TraceFrame};
pub use opcodes::{OpcodeOptions, OpcodeStep};
pub(super) use opcodes::{OpcodeRecorder, run as run_recorded};
pub use room::MOST_RECORDED_BYTES;
pub(crate) use room::Room;

use revm::primitives::{Address, Bytes};
use serde::Serialize;

/// One step of a trace; it serialises to the object the tracer's users read.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct TraceStep {
    /// Name of the host call, or of the frame with `evm_` in front.
    pub name: String,
    /// What the call was given, big-endian numbers and raw bytes one after another.
    pub args: Bytes,
    /// What the call gave back, likewise.
    pub outs: Bytes,
    /// Ink before the call.
    pub start_ink: u64,
    /// Ink after the call.
    pub end_ink: u64,
    /// The address of the frame, for a step that opened one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub address: Option<Address>,
    /// The steps of the frame, for a step that opened one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub steps: Option<Vec<TraceStep>>,
}

impl TraceStep {
    /// What a step takes without its data.
    pub(crate) const BYTES: usize = size_of::<Self>() + 32;

    fn frame(name: &str, address: Address, steps: Vec<TraceStep>) -> Self {
        Self { name: name.to_owned(), address: Some(address), steps: Some(steps), ..Self::default() }
    }
}

/// A frame with the steps recorded in it.
#[derive(Debug)]
pub(super) struct TracedFrame {
    name: &'static str,
    pub(super) address: Address,
    pub(super) steps: Vec<TraceStep>,
}

/// The open frames of a transaction with their steps.
#[derive(Debug, Default)]
pub(super) struct Recorder {
    on: bool,
    open: Vec<TracedFrame>,
    top: Vec<TraceStep>,
    room: Room,
}

impl Recorder {
    pub(super) fn new(on: bool) -> Self {
        Self { on, ..Self::default() }
    }

    /// Where programs take room for their steps, when recording is on.
    pub(super) fn room(&self) -> Option<Room> {
        self.on.then(|| self.room.clone())
    }

    /// Whether something did not fit.
    pub(super) fn is_cut(&self) -> bool {
        self.room.is_gone()
    }

    /// A frame is about to open; it counts as ended at once when it fails to.
    pub(super) fn open(&mut self, name: &'static str, address: Address) {
        if self.on {
            self.open.push(TracedFrame { name, address, steps: Vec::new() });
        }
    }

    /// The innermost frame has ended. The outermost is kept for [`Self::finish`], others are given back.
    pub(super) fn close(&mut self) -> Option<TracedFrame> {
        let ended = self.open.pop()?;
        if self.open.is_empty() {
            self.top = ended.steps;
            return None;
        }
        Some(ended)
    }

    /// Adds steps to the innermost frame.
    pub(super) fn extend(&mut self, steps: impl IntoIterator<Item = TraceStep>) {
        if let Some(frame) = self.open.last_mut() {
            frame.steps.extend(steps);
        }
    }

    /// Adds a frame that was not opened by a host call, as a step of the innermost one.
    pub(super) fn push_frame(&mut self, frame: TracedFrame) {
        if self.room.take(TraceStep::BYTES) {
            self.extend([TraceStep::frame(frame.name, frame.address, frame.steps)]);
        }
    }

    /// Adds a self-destruction in favour of `beneficiary`.
    pub(super) fn push_self_destruct(&mut self, beneficiary: Address) {
        if self.on && self.room.take(TraceStep::BYTES) {
            self.extend([TraceStep::frame("evm_self_destruct", beneficiary, Vec::new())]);
        }
    }

    /// The steps of the outermost frame, when recording was on.
    pub(super) fn finish(mut self) -> Option<Vec<TraceStep>> {
        while self.close().is_some() {}
        self.on.then_some(self.top)
    }
}
