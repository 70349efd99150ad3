//! The rules of a transaction that differ from Ethereum's: the price of gas, the cap, the fees.

use std::marker::PhantomData;

use revm::{
    Database,
    context_interface::{
        Cfg, ContextTr, JournalTr, Transaction, TransactionType,
        journaled_state::account::JournaledAccountTr,
        result::{EVMError, HaltReason, InvalidTransaction},
    },
    handler::{EthFrame, EvmTr, FrameResult, Handler, MainnetHandler, pre_execution, validation},
    interpreter::{GasTracker, InitialAndFloorGas, interpreter::EthInterpreter},
    primitives::{Address, U256},
};

use super::{
    context::{Mode, TX_GAS_CAP},
    frame::StylusEvm,
};
use crate::arbos::state::{RootSlot, root};

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
        pre_execution::validate_against_state_and_deduct_caller(ctx)
    }

    /// Gas above the cap is held back; the part spent before the first frame counts towards it.
    fn tx_gas(&self, evm: &mut Self::Evm, initial: &InitialAndFloorGas) -> GasTracker {
        let ctx = evm.ctx();
        let limit = ctx.tx().gas_limit();
        let cap = if ctx.chain.mode == Mode::Call { u64::MAX } else { TX_GAS_CAP };
        ctx.chain.held_gas = limit.saturating_sub(cap);
        let (remaining, reservoir) = initial.initial_gas_and_reservoir(limit.min(cap), u64::MAX);
        GasTracker::new(limit, remaining, reservoir)
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

    /// The base fee of the gas used goes to the network fee account; nothing is burnt.
    fn reward_beneficiary(&self, evm: &mut Self::Evm, frame_result: &mut FrameResult) -> Result<(), Self::Error> {
        let ctx = evm.ctx();
        if ctx.cfg().is_fee_charge_disabled() {
            return Ok(());
        }
        let account = Address::from_word(root(ctx, RootSlot::NetworkFeeAccount)?.into());
        let used = frame_result.gas().used();
        let fee_wei = U256::from(u128::from(ctx.block.basefee).saturating_mul(u128::from(used)));
        ctx.journal_mut().load_account_mut(account)?.data.incr_balance(fee_wei);
        Ok(())
    }
}
