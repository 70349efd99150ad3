//! Calls and creations by a program: what they cost, the frame they open, and its result.
//!
//! The order differs from the EVM's on purpose: 63/64 are taken after the base price, the stipend
//! of a call with value is paid for, and init code has neither a price by the word nor a limit.

use revm::{
    Database,
    context_interface::{ContextTr, CreateScheme, JournalTr},
    handler::FrameResult,
    interpreter::{CallInput, CallInputs, CallScheme, CallValue, CreateInputs, FrameInput, InstructionResult},
    primitives::{Address, Bytes, U256},
};
use wasmi::Val;

use super::{context::Ctx, peek::peek, serve::Halt, trace::TracedFrame};
use crate::vm::{CallKind, Machine, Request, Stop};

const WARM_GAS: u64 = 100;
const COLD_EXTRA_GAS: u64 = 2_500;
const NEW_ACCOUNT_GAS: u64 = 25_000;
const VALUE_GAS: u64 = 9_000;
const STIPEND_GAS: u64 = 2_300;
const CREATE_GAS: u64 = 32_000;
const CREATE2_WORD_GAS: u64 = 6;
/// What a program's call returns when the callee did what it was asked.
const STATUS_SUCCESS: u8 = 0;
/// What it returns otherwise, whatever went wrong.
const STATUS_FAILURE: u8 = 2;

/// A frame a program waits for, and how its gas is settled.
#[derive(Clone, Copy, Debug)]
pub(super) enum Pending {
    /// A call: its base price, the gas the child got, and where its data's length goes.
    Call { base_gas: u64, child_gas: u64, len_ptr: u32 },
    /// A creation: the gas before it, the part kept back, and where its results go.
    Create { start_gas: u64, kept_gas: u64, address_ptr: u32, len_ptr: u32 },
}

/// The frame of a program that calls or creates.
pub(super) struct Caller<'a> {
    pub(super) machine: &'a mut Machine,
    pub(super) acting_address: Address,
    pub(super) sender: Address,
    pub(super) value: U256,
    pub(super) is_static: bool,
}

/// What comes of a request to open a frame.
pub(super) enum Opening {
    /// The frame to open, and how to settle it.
    Frame(FrameInput, Pending),
    /// It failed before a frame was opened, and the program has its answer.
    Answered,
}

impl Caller<'_> {
    /// Prices a call or a creation and makes the frame for it.
    pub(super) fn open<DB: Database>(
        &mut self,
        ctx: &mut Ctx<DB>,
        request: Request,
    ) -> Result<Opening, Halt<DB::Error>> {
        match request {
            Request::Call { kind, to, value, gas, input, len_ptr } => {
                self.open_call(ctx, kind, to, value, gas, input, len_ptr)
            }
            Request::Create { salt, value, code, address_ptr, len_ptr } => {
                let opening = self.open_create(salt, value, code, address_ptr, len_ptr);
                opening.map_err(Halt::Stop)
            }
            _ => Err(Stop::Failure.into()),
        }
    }

    #[expect(clippy::too_many_arguments, reason = "they are the arguments of the host function")]
    fn open_call<DB: Database>(
        &mut self,
        ctx: &mut Ctx<DB>,
        kind: CallKind,
        to: Address,
        value: U256,
        asked_gas: u64,
        input: Bytes,
        len_ptr: u32,
    ) -> Result<Opening, Halt<DB::Error>> {
        if self.is_static && !value.is_zero() {
            self.finish_call(0, Bytes::new(), STATUS_FAILURE, len_ptr, None)?;
            return Ok(Opening::Answered);
        }
        let loaded = ctx.journal_mut().load_account_with_code(to).map_err(Halt::Database)?;
        let mut base_gas = WARM_GAS;
        if loaded.is_cold {
            base_gas += COLD_EXTRA_GAS;
        }
        if !value.is_zero() {
            base_gas += VALUE_GAS;
            if loaded.data.is_empty() {
                base_gas += NEW_ACCOUNT_GAS;
            }
        }
        let info = loaded.data.info.clone();
        let gas_left = self.machine.host().gas_left();
        let Some(spare_gas) = gas_left.checked_sub(base_gas) else {
            self.finish_call(gas_left, Bytes::new(), STATUS_FAILURE, len_ptr, None)?;
            return Ok(Opening::Answered);
        };
        let mut child_gas = all_but_a_64th(spare_gas).min(asked_gas);
        if !value.is_zero() {
            child_gas += STIPEND_GAS;
        }
        let delegate = info.code.as_ref().and_then(|code| code.eip7702_address());
        let runs = match delegate {
            None => info,
            Some(delegate) => peek(ctx, delegate).map_err(Halt::Database)?,
        };
        let known_bytecode = (runs.code_hash, runs.code.unwrap_or_default());
        let inputs = CallInputs {
            input: CallInput::Bytes(input),
            return_memory_offset: 0..0,
            gas_limit: child_gas,
            reservoir: 0,
            bytecode_address: to,
            known_bytecode,
            target_address: if kind == CallKind::Delegate { self.acting_address } else { to },
            caller: if kind == CallKind::Delegate { self.sender } else { self.acting_address },
            value: match kind {
                CallKind::Delegate => CallValue::Apparent(self.value),
                CallKind::Plain | CallKind::Static => CallValue::Transfer(value),
            },
            scheme: match kind {
                CallKind::Plain => CallScheme::Call,
                CallKind::Delegate => CallScheme::DelegateCall,
                CallKind::Static => CallScheme::StaticCall,
            },
            is_static: self.is_static || kind == CallKind::Static,
            charged_new_account_state_gas: false,
        };
        let pending = Pending::Call { base_gas, child_gas, len_ptr };
        Ok(Opening::Frame(FrameInput::Call(Box::new(inputs)), pending))
    }

    fn open_create(
        &mut self,
        salt: Option<U256>,
        value: U256,
        code: Bytes,
        address_ptr: u32,
        len_ptr: u32,
    ) -> Result<Opening, Stop> {
        if self.is_static {
            return Err(Stop::Failure);
        }
        let start_gas = self.machine.host().gas_left();
        let mut base_gas = CREATE_GAS;
        if salt.is_some() {
            base_gas += CREATE2_WORD_GAS * (code.len() as u64).div_ceil(32);
        }
        let spare_gas = start_gas.checked_sub(base_gas).ok_or(Stop::Failure)?;
        let kept_gas = spare_gas / 64;
        let scheme = salt.map_or(CreateScheme::Create, |salt| CreateScheme::Create2 { salt });
        let child_gas = spare_gas - kept_gas;
        let inputs = CreateInputs::new(self.acting_address, scheme, value, code, child_gas, 0);
        let pending = Pending::Create { start_gas, kept_gas, address_ptr, len_ptr };
        Ok(Opening::Frame(FrameInput::Create(Box::new(inputs)), pending))
    }

    fn finish_call(
        &mut self,
        cost_gas: u64,
        data: Bytes,
        status: u8,
        len_ptr: u32,
        child: Option<TracedFrame>,
    ) -> Result<(), Stop> {
        finish_call(self.machine, cost_gas, data, status, len_ptr, child)
    }
}

/// Of `gas`, what a child can have: everything but a 64th, rounded down.
const fn all_but_a_64th(gas: u64) -> u64 {
    (gas as u128 * 63 / 64) as u64
}

/// Settles a child that has ended, and gives the program its answer.
///
/// The gas the child has left is handed back; what it used beyond the base price is paid here,
/// which includes what it used of the stipend. An error ends the program.
pub(super) fn settle(
    machine: &mut Machine,
    pending: Pending,
    result: &FrameResult,
    child: Option<TracedFrame>,
) -> Result<(), Stop> {
    let outcome = result.instruction_result();
    let returned_gas = if outcome.is_ok_or_revert() { result.gas().remaining() } else { 0 };
    match (pending, result) {
        (Pending::Call { base_gas, child_gas, len_ptr }, FrameResult::Call(call)) => {
            let status = if outcome.is_ok() { STATUS_SUCCESS } else { STATUS_FAILURE };
            let cost_gas = base_gas + child_gas.saturating_sub(returned_gas);
            finish_call(machine, cost_gas, call.output().clone(), status, len_ptr, child)
        }
        (Pending::Create { start_gas, kept_gas, address_ptr, len_ptr }, FrameResult::Create(create)) => {
            let created = create.address.filter(|_| outcome.is_ok()).unwrap_or_default();
            // Only a revert has data to look at.
            let reverted = outcome == InstructionResult::Revert;
            let data = if reverted { create.output().clone() } else { Bytes::new() };
            let len = data.len() as u32;
            let mut host = machine.host();
            host.buy_gas(start_gas.saturating_sub(returned_gas + kept_gas))?;
            host.env_mut().return_data = data;
            host.write_len(len_ptr, len)?;
            host.write(address_ptr, created.as_slice())?;
            host.record_answer(&[created.as_slice(), &len.to_be_bytes()]);
            machine.answer(vec![]);
            Ok(())
        }
        _ => Err(Stop::Failure),
    }
}

fn finish_call(
    machine: &mut Machine,
    cost_gas: u64,
    data: Bytes,
    status: u8,
    len_ptr: u32,
    child: Option<TracedFrame>,
) -> Result<(), Stop> {
    let len = data.len() as u32;
    let mut host = machine.host();
    host.buy_gas(cost_gas)?;
    host.env_mut().return_data = data;
    host.write_len(len_ptr, len)?;
    host.record_answer(&[&len.to_be_bytes(), &[status]]);
    if let (Some(child), Some(step)) = (child, host.env_mut().steps.last_mut()) {
        step.address = Some(child.address);
        step.steps = Some(child.steps);
    }
    machine.answer(vec![Val::I32(i32::from(status))]);
    Ok(())
}
