//! The words a node uses for the ways a frame fails.

use revm::context_interface::result::HaltReason;

use super::context::FrameEnd;

/// The words for a halt; `end` says more where there is more to say.
pub(crate) fn halt(end: Option<&FrameEnd>, reason: &HaltReason) -> String {
    if let Some(end) = end {
        return end.to_string();
    }
    match reason {
        HaltReason::OutOfGas(_) => "out of gas".into(),
        HaltReason::CallTooDeep => "max call depth exceeded".into(),
        HaltReason::OpcodeNotFound | HaltReason::InvalidFEOpcode => "invalid opcode".into(),
        HaltReason::InvalidJump => "invalid jump destination".into(),
        HaltReason::StateChangeDuringStaticCall | HaltReason::CallNotAllowedInsideStatic => "write protection".into(),
        HaltReason::CreateCollision => "contract address collision".into(),
        HaltReason::CreateContractSizeLimit => "max code size exceeded".into(),
        HaltReason::CreateContractStartingWithEF => "invalid code: must not begin with 0xef".into(),
        HaltReason::PrecompileErrorWithContext(text) => text.clone(),
        other => format!("{other:?}"),
    }
}
