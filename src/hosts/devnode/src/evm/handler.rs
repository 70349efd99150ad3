//! The rules of a transaction that differ from Ethereum's: the price of gas, the cap, the fees.

use std::marker::PhantomData;

use revm::{
    Database,
    context_interface::{
        Cfg, ContextTr, JournalTr, Transaction, TransactionType,
        journaled_state::account::JournaledAccountTr,
        result::{EVMError, HaltReason, InvalidTransaction},
    },
    handler::{EthFrame, EvmTr, FrameResult, Handler, MainnetHandler, PreExecutionOutput, pre_execution, validation},
    interpreter::{GasTracker, InitialAndFloorGas, interpreter::EthInterpreter},
    primitives::{Address, U256},
};

use super::{
    context::{Mode, TX_GAS_CAP},
    frame::StylusEvm,
    posting::{L1_PRICER_POOL, posting_gas},
};
use crate::arbos::{
    precompiles::pricing::Price,
    state::{RootSlot, root},
};

/// From this version of ArbOS on, a transaction has a cap of its own.
const CAP_SINCE: u64 = 50;

/// The handler of one transaction.
pub(super) struct ArbHandler<DB>(PhantomData<DB>);

impl<DB> Default for ArbHandler<DB> {
    fn default() -> Self {
        Self(PhantomData)
    }
}

type Mainnet<DB> = MainnetHandler<StylusEvm<DB>, EVMError<<DB as Database>::Error>, EthFrame<EthInterpreter>>;

impl<DB: Database> Handler for ArbHandler<DB> {
    type Evm = StylusEvm<DB>;
    type Error = EVMError<DB::Error>;
    type HaltReason = HaltReason;

    /// As on Ethereum, but there are no blob transactions.
    fn validate_env(&self, evm: &mut Self::Evm) -> Result<(), Self::Error> {
        if TransactionType::from(evm.ctx().tx().tx_type()) == TransactionType::Eip4844 {
            return Err(InvalidTransaction::Eip4844NotSupported.into());
        }
        validation::validate_env(evm.ctx())
    }

    /// Everyone pays the base fee and no tip: the balance must cover the fee the sender allowed, as
    /// on Ethereum, but then the transaction's price is the base fee.
    fn validate_against_state_and_deduct_caller(
        &self,
        evm: &mut Self::Evm,
        _gas: &mut InitialAndFloorGas,
    ) -> Result<(), Self::Error> {
        let ctx = evm.ctx();
        if !ctx.cfg().is_balance_check_disabled() {
            let caller = ctx.tx().caller();
            let balance = ctx.journal_mut().load_account(caller)?.data.info.balance;
            ctx.tx().ensure_enough_balance(balance)?;
        }
        ctx.tx.gas_price = u128::from(ctx.block.basefee);
        if ctx.tx.gas_priority_fee.is_some() {
            ctx.tx.gas_priority_fee = Some(0);
        }
        ctx.chain.poster_gas = posting_gas(ctx)?;
        pre_execution::validate_against_state_and_deduct_caller(ctx)
    }

    /// Posting to L1 is paid first. Of the rest, gas above the cap is held back; the part spent before the first frame counts towards it.
    fn tx_gas(&self, evm: &mut Self::Evm, initial: &InitialAndFloorGas) -> GasTracker {
        let ctx = evm.ctx();
        let limit = ctx.tx().gas_limit();
        let capped = ctx.chain.mode == Mode::Transaction && ctx.chain.chain.arbos_version >= CAP_SINCE;
        let cap = if capped { TX_GAS_CAP } else { u64::MAX };
        let own = limit.saturating_sub(ctx.chain.poster_gas);
        ctx.chain.held_gas = own.saturating_sub(cap);
        ctx.chain.cannot_post = own < initial.initial_total_gas();
        let (remaining, reservoir) = initial.initial_gas_and_reservoir(own.min(cap), u64::MAX);
        GasTracker::new(limit, remaining, reservoir)
    }

    /// A transaction whose gas does not cover its posting is out of gas before it runs.
    fn pre_execution(
        &self,
        evm: &mut Self::Evm,
        gas: &mut GasTracker,
    ) -> Result<Option<PreExecutionOutput>, Self::Error> {
        if evm.ctx().chain.cannot_post {
            return Ok(None);
        }
        Mainnet::<DB>::default().pre_execution(evm, gas)
    }

    /// At most a fifth of the gas comes back, rounded down, and what was paid for posting does not count towards it.
    fn refund(
        &self,
        evm: &mut Self::Evm,
        frame_result: &mut FrameResult,
        from_delegations: i64,
    ) -> Result<(), Self::Error> {
        let ctx = evm.ctx();
        let quotient = ctx.cfg().gas_params().max_refund_quotient().max(1);
        let poster_gas = ctx.chain.poster_gas;
        let gas = frame_result.gas_mut();
        gas.record_refund(from_delegations);
        let own = gas.total_gas_spent().saturating_sub(poster_gas);
        let most = i64::try_from(own / quotient).unwrap_or(i64::MAX);
        gas.set_refund(gas.refunded().clamp(0, most));
        Ok(())
    }

    fn last_frame_result(
        &mut self,
        evm: &mut Self::Evm,
        frame_result: &mut FrameResult,
        parent_gas: &mut GasTracker,
    ) -> Result<(), Self::Error> {
        Mainnet::<DB>::default().last_frame_result(evm, frame_result, parent_gas)?;
        let held = evm.ctx().chain.held_gas;
        frame_result.gas_mut().erase_cost(held);
        Ok(())
    }

    /// The base fee of the gas used goes to ArbOS's accounts; nothing is burnt. What was paid for posting goes to the pool of the L1
    /// pricer, the minimum of the rest to the infrastructure account when there is one, and what is left to the network fee account.
    fn reward_beneficiary(&self, evm: &mut Self::Evm, frame_result: &mut FrameResult) -> Result<(), Self::Error> {
        let ctx = evm.ctx();
        if ctx.cfg().is_fee_charge_disabled() {
            return Ok(());
        }
        let used = frame_result.gas().used();
        let poster_gas = ctx.chain.poster_gas.min(used);
        let base_fee_wei = U256::from(ctx.block.basefee);
        let fee_wei = |gas: u64, price_wei: U256| price_wei.saturating_mul(U256::from(gas));
        let network = Address::from_word(root(ctx, RootSlot::NetworkFeeAccount)?.into());
        let infrastructure = Address::from_word(root(ctx, RootSlot::InfraFeeAccount)?.into());
        let minimum_wei = match infrastructure {
            Address::ZERO => U256::ZERO,
            _ => Price::MinimumBaseFee.get(ctx)?.min(base_fee_wei),
        };
        let own = used.saturating_sub(poster_gas);
        for (account, wei) in [
            (network, fee_wei(own, base_fee_wei.saturating_sub(minimum_wei))),
            (infrastructure, fee_wei(own, minimum_wei)),
            (L1_PRICER_POOL, fee_wei(poster_gas, base_fee_wei)),
        ] {
            if !wei.is_zero() {
                ctx.journal_mut().load_account_mut(account)?.data.incr_balance(wei);
            }
        }
        Ok(())
    }
}
