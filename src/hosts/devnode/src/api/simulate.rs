//! Calls and estimates: running something without adding it to the chain.

use alloy_primitives::{Address, Bytes, LogData};
use revm::context::result::ExecutionResult;

use super::{
    Devnode,
    node_interface::{self, NODE_INTERFACE},
};
use crate::{
    arbos::state::{RootSlot, root},
    chain::{
        config::CALL_GAS_CAP,
        error::{CallError, TxError},
        reason,
        request::{BlockOverrides, BlockRef, CallRequest},
        run::{StateSlots, block_context, chain_context, next_context, run},
        state::State,
        transaction::call_environment,
        upgrade::upgrade_when_due,
    },
    evm::{BlockContext, ChainContext, Executed, Mode, TraceMode, halt, l1_units, poster_gas},
};

/// Gas of a transaction that only moves value.
const TRANSFER_GAS: u64 = 21_000;
/// Gas a value transfer adds to a call, which a first guess must not starve.
const STIPEND_GAS: u64 = 2_300;
/// An estimate is good when it is less than this much above the minimum: 15 in 1000.
const TOLERANCE_PER_MILLE: u64 = 15;

/// What a call did.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CallOutcome {
    /// What it returned.
    pub output: Bytes,
    /// Gas a transaction would pay for, refunds taken off.
    pub gas_used: u64,
    /// The logs a transaction would leave, with their emitters.
    pub logs: Vec<(Address, LogData)>,
}

/// Where a call runs.
pub(super) struct Place {
    pub(super) state: State,
    pub(super) chain: ChainContext,
    pub(super) block: BlockContext,
}

impl Devnode {
    /// Calls a contract and gives what it returns.
    ///
    /// ```
    /// use alloy_primitives::{address, hex, U256};
    /// use spillway_devnode::{CallError, CallRequest, Devnode};
    ///
    /// let node = Devnode::default();
    /// // ArbSys.arbBlockNumber()
    /// let sys = address!("0000000000000000000000000000000000000064");
    /// assert_eq!(U256::from_be_slice(&node.call(CallRequest::new(sys, hex!("a3b1b31d")))?), U256::ZERO);
    /// // ArbWasm.codehashVersion(0)
    /// let wasm = address!("0000000000000000000000000000000000000071");
    /// let input = [&hex!("d70c0ca7")[..], &[0; 32]].concat();
    /// let Err(CallError::Revert { reason, .. }) = node.call(CallRequest::new(wasm, input)) else { panic!() };
    /// assert_eq!(reason.as_deref(), Some("error ProgramNotActivated()"));
    /// # Ok::<(), CallError>(())
    /// ```
    ///
    /// # Errors
    /// [`CallError`]: a revert, a halt, an unknown block, or a value the caller does not own.
    pub fn call(&self, request: CallRequest) -> Result<Bytes, CallError> {
        self.simulate(request).map(|outcome| outcome.output)
    }

    /// As [`Devnode::call`], with gas and logs. What `NodeInterface` answers costs nothing.
    ///
    /// # Errors
    /// As [`Devnode::call`].
    pub fn simulate(&self, request: CallRequest) -> Result<CallOutcome, CallError> {
        self.sure(|node| {
            if request.to == Some(NODE_INTERFACE) {
                let output = node_interface::answer(node, &request)?;
                return Ok(CallOutcome { output, gas_used: 0, logs: Vec::new() });
            }
            let place = node.place(&request)?;
            let gas = request.gas.unwrap_or(CALL_GAS_CAP).min(CALL_GAS_CAP);
            outcome(attempt(&place, &request, gas, TraceMode::Off)?)
        })
    }

    /// Gas a transaction like this needs; at most 1.5 percent more than the least that does.
    ///
    /// # Errors
    /// The call's own failure when no gas helps; [`CallError::GasAboveAllowance`] when the gas limit of the request, or 50 000 000, is not enough.
    pub fn estimate_gas(&self, request: CallRequest) -> Result<u64, CallError> {
        self.sure(|node| node.search_gas(&request))
    }

    fn search_gas(&self, request: &CallRequest) -> Result<u64, CallError> {
        let place = self.place(request)?;
        let mut high = request.gas.unwrap_or(CALL_GAS_CAP).min(CALL_GAS_CAP);
        let only_value = request.data.is_empty()
            && request.authorizations.is_empty()
            && request.to.is_some_and(|to| place.state.code(to).is_empty());
        if only_value
            && high >= TRANSFER_GAS
            && attempt(&place, request, TRANSFER_GAS, TraceMode::Off).is_ok_and(|executed| executed.result.is_success())
        {
            return Ok(TRANSFER_GAS);
        }
        let widest = match attempt(&place, request, high, TraceMode::Off) {
            Ok(executed) => executed,
            Err(CallError::Refused(TxError::GasBelowIntrinsic { .. })) => {
                return Err(CallError::GasAboveAllowance { allowance: high });
            }
            Err(error) => return Err(error),
        };
        let spent = widest.result.gas().total_gas_spent();
        if is_out_of_gas(&widest.result) {
            return Err(CallError::GasAboveAllowance { allowance: high });
        }
        let mut low = outcome(widest)?.gas_used.saturating_sub(1);
        // A 64th stays behind at every call, so a little more than what was spent is a good first guess.
        let guess = spent.saturating_add(STIPEND_GAS).saturating_mul(64) / 63;
        let mut next = (guess < high).then_some(guess);
        while low.saturating_add(1) < high {
            if next.is_none() && (high - low).saturating_mul(1_000) / high < TOLERANCE_PER_MILLE {
                break;
            }
            let middle = low + (high - low) / 2;
            let gas = next.take().unwrap_or_else(|| middle.min(low.saturating_mul(2)).max(low + 1));
            let enough = match attempt(&place, request, gas, TraceMode::Off) {
                Ok(executed) => executed.result.is_success(),
                Err(CallError::Refused(TxError::GasBelowIntrinsic { .. })) => false,
                Err(error) => return Err(error),
            };
            if enough {
                high = gas;
            } else {
                low = gas;
            }
        }
        Ok(high)
    }

    /// The part of an estimate that pays for posting to L1; zero while the price of L1 data is.
    pub(super) fn estimate_posting_gas(&self, request: &CallRequest) -> u64 {
        let unit_price_wei = self.l1_data_price_wei();
        let base_fee_wei = self.base_fee_wei();
        let posted = call_environment(request, self.config.chain_id, 0, 0, base_fee_wei);
        let Ok(level) = root(&mut StateSlots(&self.data.newest().state), RootSlot::BrotliLevel);
        poster_gas(l1_units(&posted.bytes, level.saturating_to()), unit_price_wei, base_fee_wei, Mode::Call)
    }

    pub(super) fn place(&self, request: &CallRequest) -> Result<Place, CallError> {
        let sealed = self.data.find(request.block)?;
        let mut state = sealed.state.clone();
        let mut block = match request.block {
            BlockRef::Pending => next_context(&self.data),
            _ => block_context(&sealed.block),
        };
        if request.block == BlockRef::Pending {
            upgrade_when_due(&mut state, block.timestamp);
        }
        let chain = chain_context(&self.config, &self.data, &state, block.l2_number);
        apply(&mut block, &request.block_overrides);
        Ok(Place { state: state.with_overrides(&request.state_overrides), chain, block })
    }
}

fn apply(block: &mut BlockContext, overrides: &BlockOverrides) {
    let BlockOverrides { number, l1_number, timestamp_secs, base_fee_wei, coinbase, gas_limit, prevrandao } = overrides;
    block.l2_number = number.unwrap_or(block.l2_number);
    block.l1_number = l1_number.unwrap_or(block.l1_number);
    block.timestamp = timestamp_secs.unwrap_or(block.timestamp);
    block.base_fee = base_fee_wei.unwrap_or(block.base_fee);
    block.coinbase = coinbase.unwrap_or(block.coinbase);
    block.gas_limit = gas_limit.unwrap_or(block.gas_limit);
    block.prevrandao = prevrandao.unwrap_or(block.prevrandao);
}

pub(super) fn attempt(place: &Place, request: &CallRequest, gas: u64, trace: TraceMode) -> Result<Executed, CallError> {
    let have_wei = place.state.balance(request.from);
    if have_wei < request.value {
        return Err(TxError::InsufficientFunds { address: request.from, have_wei, want_wei: request.value }.into());
    }
    let nonce = place.state.nonce(request.from);
    let tx = call_environment(request, place.chain.chain_id, nonce, gas, place.block.base_fee);
    Ok(run(&place.state, &place.chain, &place.block, tx, Mode::Call, trace)?)
}

fn is_out_of_gas(result: &ExecutionResult) -> bool {
    use revm::context::result::HaltReason;
    matches!(result, ExecutionResult::Halt { reason: HaltReason::OutOfGas(_), .. })
}

fn outcome(executed: Executed) -> Result<CallOutcome, CallError> {
    let Executed { result, end, gas_used, .. } = executed;
    match result {
        ExecutionResult::Success { logs, output, .. } => Ok(CallOutcome {
            output: output.into_data(),
            gas_used,
            logs: logs.into_iter().map(|log| (log.address, log.data)).collect(),
        }),
        ExecutionResult::Revert { output, .. } => {
            Err(CallError::Revert { reason: reason::in_words(&output), data: output })
        }
        ExecutionResult::Halt { reason, .. } => Err(CallError::Halt { reason: halt(end.as_ref(), &reason), gas_used }),
    }
}
