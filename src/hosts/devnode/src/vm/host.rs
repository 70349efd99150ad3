//! Ink, gas and memory of a running program, seen from a host function.

use revm::primitives::{Address, B256, Bytes, U256};
use wasmi::{StoreContextMut, Val};

use super::env::{Env, Handles, OpenStep, Request, Stop};
use crate::{evm::TraceStep, wasm::price};

/// A program in the middle of a host call.
pub(crate) struct Host<'a> {
    pub(super) ctx: StoreContextMut<'a, Env>,
}

impl<'a> Host<'a> {
    pub(crate) fn new(ctx: impl Into<StoreContextMut<'a, Env>>) -> Self {
        Self { ctx: ctx.into() }
    }

    pub(crate) fn env(&self) -> &Env {
        self.ctx.data()
    }

    pub(crate) fn env_mut(&mut self) -> &mut Env {
        self.ctx.data_mut()
    }

    fn handles(&self) -> Result<Handles, Stop> {
        self.env().handles.ok_or(Stop::Failure)
    }

    // Ink

    /// Ink that is left; none when the counter is exhausted.
    pub(crate) fn ink_left(&self) -> u64 {
        let Ok(handles) = self.handles() else {
            return 0;
        };
        let exhausted = handles.ink_status.get(&self.ctx).i32() != Some(0);
        let left = handles.ink_left.get(&self.ctx).i64().unwrap_or(0);
        if exhausted { 0 } else { left as u64 }
    }

    pub(crate) fn is_exhausted(&self) -> bool {
        self.handles().is_ok_and(|handles| handles.ink_status.get(&self.ctx).i32() != Some(0))
    }

    pub(crate) fn is_out_of_stack(&self) -> bool {
        self.handles().is_ok_and(|handles| handles.stack_left.get(&self.ctx).i32() == Some(0))
    }

    pub(super) fn set_counters(&mut self, ink: u64, status: i32) -> Result<(), Stop> {
        let handles = self.handles()?;
        let set = |result: Result<(), _>| result.map_err(|_: wasmi::errors::GlobalError| Stop::Failure);
        set(handles.ink_left.set(&mut self.ctx, Val::I64(ink as i64)))?;
        set(handles.ink_status.set(&mut self.ctx, Val::I32(status)))
    }

    pub(super) fn set_stack(&mut self, words: u32) -> Result<(), Stop> {
        let handles = self.handles()?;
        handles.stack_left.set(&mut self.ctx, Val::I32(words as i32)).map_err(|_| Stop::Failure)
    }

    /// Takes `ink`, or exhausts the counter when there is less.
    pub(crate) fn buy(&mut self, ink: u64) -> Result<(), Stop> {
        self.require_ink(ink)?;
        let left = self.ink_left();
        self.set_counters(left - ink, 0)
    }

    /// Takes the ink of `gas`.
    pub(crate) fn buy_gas(&mut self, gas: u64) -> Result<(), Stop> {
        self.buy(self.ink_of(gas))
    }

    /// Exhausts the counter when the ink of `gas` is not there, and takes nothing otherwise.
    pub(crate) fn require_gas(&mut self, gas: u64) -> Result<(), Stop> {
        self.require_ink(self.ink_of(gas))
    }

    fn require_ink(&mut self, ink: u64) -> Result<(), Stop> {
        if self.is_exhausted() || self.ink_left() < ink {
            self.set_counters(0, 1)?;
            return Err(Stop::OutOfInk);
        }
        Ok(())
    }

    fn ink_of(&self, gas: u64) -> u64 {
        price::gas_to_ink(gas, self.env().facts.ink_price)
    }

    /// Whole gas that is left, rounded down.
    pub(crate) fn gas_left(&self) -> u64 {
        self.gas_of(self.ink_left())
    }

    /// Whole gas in `ink`, rounded down.
    pub(crate) fn gas_of(&self, ink: u64) -> u64 {
        ink.checked_div(u64::from(self.env().facts.ink_price)).unwrap_or(0)
    }

    // Memory

    /// The memory from `ptr` on; it must lie inside, also when it is empty.
    pub(crate) fn read(&self, ptr: u32, len: u32) -> Result<&[u8], Stop> {
        let memory = self.handles()?.memory.data(&self.ctx);
        let start = ptr as usize;
        start.checked_add(len as usize).and_then(|end| memory.get(start..end)).ok_or(Stop::Failure)
    }

    fn read_array<const N: usize>(&self, ptr: u32) -> Result<[u8; N], Stop> {
        self.read(ptr, N as u32)?.try_into().map_err(|_| Stop::Failure)
    }

    pub(crate) fn read_number(&self, ptr: u32) -> Result<U256, Stop> {
        Ok(U256::from_be_bytes(self.read_array::<32>(ptr)?))
    }

    pub(crate) fn read_address(&self, ptr: u32) -> Result<Address, Stop> {
        Ok(Address::from(self.read_array::<20>(ptr)?))
    }

    pub(crate) fn read_bytes(&self, ptr: u32, len: u32) -> Result<Bytes, Stop> {
        Ok(Bytes::copy_from_slice(self.read(ptr, len)?))
    }

    /// Writes into memory from `ptr` on; nothing is written when it does not fit.
    pub(crate) fn write(&mut self, ptr: u32, bytes: &[u8]) -> Result<(), Stop> {
        let memory = self.handles()?.memory.data_mut(&mut self.ctx);
        let start = ptr as usize;
        start
            .checked_add(bytes.len())
            .and_then(|end| memory.get_mut(start..end))
            .ok_or(Stop::Failure)?
            .copy_from_slice(bytes);
        Ok(())
    }

    pub(crate) fn write_number(&mut self, ptr: u32, number: U256) -> Result<(), Stop> {
        self.write(ptr, &number.to_be_bytes::<32>())
    }

    pub(crate) fn write_hash(&mut self, ptr: u32, hash: B256) -> Result<(), Stop> {
        self.write(ptr, hash.as_slice())
    }

    /// Writes a length the way programs expect lengths, little-endian.
    pub(crate) fn write_len(&mut self, ptr: u32, len: u32) -> Result<(), Stop> {
        self.write(ptr, &len.to_le_bytes())
    }

    // The record

    /// Takes the base price of a host call and gives the ink there was before.
    pub(super) fn begin(&mut self, ink: u64) -> Result<u64, Stop> {
        let start_ink = self.ink_left();
        self.buy(ink)?;
        Ok(start_ink)
    }

    /// Records a host call that is over.
    pub(crate) fn record(&mut self, name: &str, start_ink: u64, args: &[&[u8]], outs: &[&[u8]]) {
        let bytes = args.iter().chain(outs).map(|piece| piece.len()).sum();
        if !self.env().has_room(bytes) {
            return;
        }
        let step = TraceStep {
            name: name.to_owned(),
            args: args.concat().into(),
            outs: outs.concat().into(),
            start_ink,
            end_ink: self.ink_left(),
            ..TraceStep::default()
        };
        self.env_mut().steps.push(step);
    }

    /// Pauses the program with a request.
    pub(super) fn ask<R>(
        &mut self,
        name: &'static str,
        start_ink: u64,
        args: &[&[u8]],
        request: Request,
    ) -> Result<R, Stop> {
        let args =
            if self.env().room.as_ref().is_some_and(|room| !room.is_gone()) { args.concat() } else { Vec::new() };
        let env = self.env_mut();
        env.open_step = OpenStep { name, args, start_ink };
        env.request = Some(request);
        Err(Stop::Asked)
    }

    /// Records the host call that was paused, now that it is over.
    pub(crate) fn record_answer(&mut self, outs: &[&[u8]]) {
        let OpenStep { name, args, start_ink } = std::mem::take(&mut self.env_mut().open_step);
        self.record(name, start_ink, &[&args], outs);
    }

    /// The overlap of `data` with the `size` bytes from `offset` on.
    pub(crate) fn overlap(data: &[u8], offset: u32, size: u32) -> &[u8] {
        let start = (offset as usize).min(data.len());
        let end = start.saturating_add(size as usize).min(data.len());
        &data[start..end]
    }
}
