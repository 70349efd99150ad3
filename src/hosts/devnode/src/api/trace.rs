//! Traces: what happened inside a transaction or a call, as host calls, as frames, as opcodes, or as the state before and after.

use std::collections::BTreeMap;

use alloy_primitives::{Address, B256, Bytes, U256};

use super::{Devnode, simulate::attempt};
use crate::{
    chain::{
        config::CALL_GAS_CAP,
        error::{CallError, TraceError},
        request::CallRequest,
        run::{block_context, chain_context, run},
        state::State,
        transaction::mined_environment,
        upgrade::upgrade_when_due,
    },
    evm::{Executed, MOST_RECORDED_BYTES, Mode, OpcodeOptions, OpcodeStep, TraceFrame, TraceMode, TraceStep},
};

/// An account as it was at one moment, with the slots a trace speaks of.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct AccountImage {
    /// Wei owned.
    pub balance_wei: U256,
    /// The nonce.
    pub nonce: u64,
    /// The code as stored.
    pub code: Bytes,
    /// Slots that were read or written, zeros too.
    pub storage: BTreeMap<U256, U256>,
}

/// Every account a transaction loaded, before and after it. An account that does not exist is `None`.
///
/// The account that keeps the state of ArbOS is among them when a precompile wrote there; what ArbOS only reads is not loaded.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct StateTrace {
    /// Accounts before and after.
    pub accounts: BTreeMap<Address, (Option<AccountImage>, Option<AccountImage>)>,
}

impl StateTrace {
    fn new(before: &State, executed: Executed) -> Self {
        let loaded: Vec<(Address, Vec<U256>)> = executed
            .state
            .iter()
            .map(|(address, account)| (*address, account.storage.keys().copied().collect()))
            .collect();
        let mut after = before.clone();
        after.commit(executed.state);
        let accounts = loaded
            .into_iter()
            .map(|(address, slots)| (address, (image(before, address, &slots), image(&after, address, &slots))))
            .collect();
        Self { accounts }
    }
}

fn image(state: &State, address: Address, slots: &[U256]) -> Option<AccountImage> {
    let account = state.account(address)?;
    Some(AccountImage {
        balance_wei: account.balance_wei,
        nonce: account.nonce,
        code: state.code(address),
        storage: slots.iter().map(|slot| (*slot, state.slot(address, *slot))).collect(),
    })
}

/// The opcodes of a transaction or a call, and what came of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OpcodeReport {
    /// Gas paid for, refunds taken off.
    pub gas_used: u64,
    /// Whether it failed.
    pub failed: bool,
    /// What it returned or reverted with.
    pub output: Bytes,
    /// The opcodes in the order they ran.
    pub steps: Vec<OpcodeStep>,
}

impl OpcodeReport {
    fn new(executed: Executed) -> Self {
        Self {
            gas_used: executed.gas_used,
            failed: !executed.result.is_success(),
            output: executed.result.into_output().unwrap_or_default(),
            steps: executed.opcodes.unwrap_or_default(),
        }
    }
}

impl Devnode {
    /// The opcodes of a mined transaction. Programs have none: what they ask of the chain is told by [`Devnode::trace`].
    ///
    /// ```
    /// use alloy_primitives::{Address, hex};
    /// use spillway_devnode::{Devnode, OpcodeOptions, TxRequest};
    ///
    /// let mut node = Devnode::default();
    /// let (alice, contract) = (node.accounts()[0].address, Address::repeat_byte(0xc0));
    /// node.set_code(contract, hex!("600700")); // PUSH1 7, STOP
    /// let receipt = node.transact(TxRequest::new(alice).to(contract))?;
    /// let report = node.trace_opcodes(receipt.transaction_hash, OpcodeOptions::default())?;
    /// assert_eq!(report.steps.iter().map(|step| step.name()).collect::<Vec<_>>(), ["PUSH1", "STOP"]);
    /// assert_eq!(report.gas_used, 21_003);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// [`TraceError::UnknownTransaction`] when it is not mined, [`TraceError::TooLong`] when the record would not fit.
    pub fn trace_opcodes(&self, hash: B256, options: OpcodeOptions) -> Result<OpcodeReport, TraceError> {
        Ok(OpcodeReport::new(self.replay(hash, TraceMode::Opcodes(options))?.1))
    }

    /// The opcodes of a call; it may fail and still has them.
    ///
    /// # Errors
    /// Why the call could not be started, or [`TraceError::TooLong`].
    pub fn trace_call_opcodes(&self, request: CallRequest, options: OpcodeOptions) -> Result<OpcodeReport, TraceError> {
        Ok(OpcodeReport::new(self.try_out(&request, TraceMode::Opcodes(options))?.1))
    }

    /// The host calls of a mined transaction: its block is run again up to it, on the state before the block.
    ///
    /// # Errors
    /// [`TraceError::UnknownTransaction`] when it is not mined.
    pub fn trace(&self, hash: B256) -> Result<Vec<TraceStep>, TraceError> {
        Ok(self.replay(hash, TraceMode::HostCalls)?.1.steps.unwrap_or_default())
    }

    /// The host calls of a call; it may fail and still has them.
    ///
    /// # Errors
    /// Why the call could not be started.
    pub fn trace_call(&self, request: CallRequest) -> Result<Vec<TraceStep>, TraceError> {
        Ok(self.try_out(&request, TraceMode::HostCalls)?.1.steps.unwrap_or_default())
    }

    /// The frames of a mined transaction, programs and precompiles included.
    ///
    /// ```
    /// use alloy_primitives::U256;
    /// use spillway_devnode::{Devnode, FrameKind, TxRequest};
    ///
    /// let mut node = Devnode::default();
    /// let (alice, bob) = (node.accounts()[0].address, node.accounts()[1].address);
    /// let receipt = node.transact(TxRequest::new(alice).to(bob).value(U256::from(7)))?;
    /// let frame = node.trace_frames(receipt.transaction_hash)?;
    /// assert_eq!((frame.kind, frame.to, frame.gas_used), (FrameKind::Call, Some(bob), 21_000));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// [`TraceError::UnknownTransaction`] when it is not mined.
    pub fn trace_frames(&self, hash: B256) -> Result<TraceFrame, TraceError> {
        let unknown = TraceError::UnknownTransaction(hash);
        self.replay(hash, TraceMode::Frames)?.1.frames.ok_or(unknown)
    }

    /// The frames of a call; it may fail and still has them.
    ///
    /// # Errors
    /// Why the call could not be started.
    pub fn trace_call_frames(&self, request: CallRequest) -> Result<TraceFrame, TraceError> {
        let nothing = || CallError::Halt { reason: "the call opened no frame".into(), gas_used: 0 };
        Ok(self.try_out(&request, TraceMode::Frames)?.1.frames.ok_or_else(nothing)?)
    }

    /// The accounts a mined transaction loaded, before and after it.
    ///
    /// # Errors
    /// [`TraceError::UnknownTransaction`] when it is not mined.
    pub fn trace_state(&self, hash: B256) -> Result<StateTrace, TraceError> {
        let (before, executed) = self.replay(hash, TraceMode::Off)?;
        Ok(StateTrace::new(&before, executed))
    }

    /// The accounts a call loads, before and after it.
    ///
    /// # Errors
    /// Why the call could not be started.
    pub fn trace_call_state(&self, request: CallRequest) -> Result<StateTrace, TraceError> {
        let (before, executed) = self.try_out(&request, TraceMode::Off)?;
        Ok(StateTrace::new(&before, executed))
    }

    /// The state before a mined transaction, and the transaction run again on it.
    fn replay(&self, hash: B256, trace: TraceMode) -> Result<(State, Executed), TraceError> {
        let unknown = || TraceError::UnknownTransaction(hash);
        let (sealed, index) = self.data.place(hash).ok_or_else(unknown)?;
        let number = sealed.block.number();
        let parent = number.checked_sub(1).and_then(|parent| self.data.get(parent)).ok_or_else(unknown)?;
        let mut block = block_context(&sealed.block);
        let mut state = parent.state.clone();
        upgrade_when_due(&mut state, block.timestamp);
        let chain = chain_context(&self.config, &self.data, &state, number);
        for earlier in &sealed.transactions[..index] {
            let (tx, Mode::Transaction) = mined_environment(&earlier.envelope, earlier.from) else { continue };
            let executed =
                run(&state, &chain, &block, tx, Mode::Transaction, TraceMode::Off).map_err(CallError::from)?;
            state.commit(executed.state);
            block.recent_programs = executed.recent_programs;
        }
        let traced = &sealed.transactions[index];
        let (tx, mode) = mined_environment(&traced.envelope, traced.from);
        let executed = run(&state, &chain, &block, tx, mode, trace).map_err(CallError::from)?;
        Ok((state, whole(executed)?))
    }

    fn try_out(&self, request: &CallRequest, trace: TraceMode) -> Result<(State, Executed), TraceError> {
        let place = self.place(request)?;
        let gas = request.gas.unwrap_or(CALL_GAS_CAP).min(CALL_GAS_CAP);
        let executed = attempt(&place, request, gas, trace)?;
        Ok((place.state, whole(executed)?))
    }
}

/// Refuses a record that lacks something.
fn whole(executed: Executed) -> Result<Executed, TraceError> {
    if executed.trace_cut {
        return Err(TraceError::TooLong { limit_bytes: MOST_RECORDED_BYTES });
    }
    Ok(executed)
}
