//! What is noted of a frame when it opens and when it ends: for the records of a trace, and for the re-entrancy counters.

use revm::{
    Database,
    context_interface::{ContextTr, CreateScheme, JournalTr},
    handler::FrameResult,
    interpreter::{CallScheme, FrameInput},
    primitives::Address,
};

use super::{
    context::Ctx,
    trace::{FrameKind, TraceFrame},
};

/// Records a frame about to open, and gives the account it counts for in the re-entrancy counters, if it counts.
pub(super) fn announce<DB: Database>(ctx: &mut Ctx<DB>, input: &FrameInput) -> Result<Option<Address>, DB::Error> {
    let (name, address, counted) = match input {
        FrameInput::Call(call) => match call.scheme {
            CallScheme::Call => ("evm_call_contract", call.bytecode_address, true),
            CallScheme::StaticCall => ("evm_static_call_contract", call.bytecode_address, true),
            CallScheme::DelegateCall => ("evm_delegate_call_contract", call.bytecode_address, false),
            CallScheme::CallCode => ("evm_call_contract", call.bytecode_address, false),
        },
        FrameInput::Create(create) => {
            let name = match create.scheme() {
                CreateScheme::Create2 { .. } => "evm_create2",
                _ => "evm_create1",
            };
            let nonce = ctx.journal_mut().load_account(create.caller())?.data.info.nonce;
            (name, create.created_address(nonce), true)
        }
        FrameInput::Empty => return Ok(None),
    };
    ctx.chain.recorder.open(name, address);
    record_frame(ctx, input, address);
    let acting = match input {
        FrameInput::Call(call) => call.target_address,
        _ => address,
    };
    Ok(counted.then_some(acting))
}

/// Adds a frame about to open to the record of frames.
fn record_frame<DB: Database>(ctx: &mut Ctx<DB>, input: &FrameInput, address: Address) {
    if !ctx.chain.frames.is_on() {
        return;
    }
    let frame = match input {
        FrameInput::Call(call) => TraceFrame {
            value: call.value.get(),
            gas: call.gas_limit,
            input: call.input.bytes(ctx),
            ..TraceFrame::new(FrameKind::from(call.scheme), call.caller, Some(address))
        },
        FrameInput::Create(create) => TraceFrame {
            value: create.value(),
            gas: create.gas_limit(),
            input: create.init_code().clone(),
            ..TraceFrame::new(create.scheme().into(), create.caller(), Some(address))
        },
        FrameInput::Empty => return,
    };
    let logs = &ctx.journaled_state.logs;
    ctx.chain.frames.open(frame, logs);
}

/// Ends the innermost frame in the record of frames.
pub(super) fn close_frame<DB: Database>(ctx: &mut Ctx<DB>, result: &FrameResult) {
    if ctx.chain.frames.is_on() {
        ctx.chain.frames.close(result, &ctx.journaled_state.logs);
    }
}
