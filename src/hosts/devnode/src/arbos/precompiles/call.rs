//! One call of a precompile: who calls, with what, how much gas is left, and the ways it ends early.

use alloy_primitives::{Address, B256, Bytes, Log, U256};
use alloy_sol_types::{SolError, SolEvent};
use revm::{
    Database,
    context_interface::{ContextTr, JournalTr},
};

use crate::{
    arbos::state::{self, ProgramRecord, RootSlot, StylusParams},
    evm::{BlockContext, ChainContext, Ctx, PrecompileFrame, peek},
};

/// Gas of reading a word of the ArbOS state.
pub(super) const STORAGE_READ_GAS: u64 = 800;
/// Gas of writing a word that is not zero.
pub(super) const STORAGE_WRITE_GAS: u64 = 20_000;
/// Gas of writing a word of zero.
pub(super) const STORAGE_CLEAR_GAS: u64 = 5_000;
/// Gas of the parameters of Stylus, which count as read before.
const PARAMS_GAS: u64 = 100;
/// Gas of looking up a code hash.
const CODE_HASH_GAS: u64 = 2_600;
/// Gas of a word of arguments, results or error data.
pub(super) const WORD_GAS: u64 = 3;
const LOG_GAS: u64 = 375;
const LOG_TOPIC_GAS: u64 = 375;
const LOG_BYTE_GAS: u64 = 8;

/// Words of 32 bytes that `bytes` take, rounded up.
pub(super) fn words(bytes: usize) -> u64 {
    bytes.div_ceil(32) as u64
}

/// Why a call ends without a result.
#[derive(Debug)]
pub(super) enum Fault<E> {
    /// The gas is not enough, or the caller may not do this: everything is consumed, empty revert.
    BurnAll,
    /// An error of the interface: revert with its data, the rest of the gas is kept.
    Solidity(Bytes),
    /// Any other error: empty revert, the rest of the gas is kept.
    Plain,
    /// An error that is no revert: everything is consumed, and the text reaches the caller of the node.
    Fatal(String),
    /// The state could not be read.
    Database(E),
}

impl<E> From<E> for Fault<E> {
    fn from(error: E) -> Self {
        Self::Database(error)
    }
}

/// The fault of an interface error.
pub(super) fn revert<T, E>(error: impl SolError) -> Result<T, Fault<E>> {
    Err(Fault::Solidity(error.abi_encode().into()))
}

pub(super) type Done<T, DB> = Result<T, Fault<<DB as Database>::Error>>;

/// One call.
pub(super) struct Call<'a, DB: Database> {
    pub(super) ctx: &'a mut Ctx<DB>,
    pub(super) frame: &'a PrecompileFrame,
    /// Wei that came with the call; they are with the precompile already.
    pub(super) value: U256,
    pub(super) gas_left: u64,
    /// Whether gas counts. It does not for the owner of the chain.
    pub(super) metered: bool,
}

impl<DB: Database> Call<'_, DB> {
    /// Takes gas; the call ends when it is not there.
    pub(super) fn burn(&mut self, gas: u64) -> Done<(), DB> {
        if self.metered {
            self.gas_left = self.gas_left.checked_sub(gas).ok_or(Fault::BurnAll)?;
        }
        Ok(())
    }

    /// Takes the gas of a number of state reads.
    pub(super) fn burn_reads(&mut self, reads: u64) -> Done<(), DB> {
        self.burn(STORAGE_READ_GAS.saturating_mul(reads))
    }

    pub(super) const fn chain(&self) -> &ChainContext {
        &self.frame.chain
    }

    pub(super) const fn block(&self) -> &BlockContext {
        &self.frame.block
    }

    /// The precompile's own address.
    pub(super) const fn address(&self) -> Address {
        self.frame.precompile
    }

    pub(super) const fn caller(&self) -> Address {
        self.frame.caller
    }

    pub(super) fn now_secs(&self) -> u64 {
        self.block().timestamp
    }

    /// The parameters of Stylus.
    pub(super) fn params(&mut self) -> Done<StylusParams, DB> {
        self.burn(PARAMS_GAS)?;
        let version = self.chain().arbos_version;
        Ok(state::params(self.ctx, version)?)
    }

    /// The record of a program.
    pub(super) fn record(&mut self, code_hash: B256) -> Done<ProgramRecord, DB> {
        self.burn_reads(1)?;
        Ok(state::program(self.ctx, code_hash)?)
    }

    pub(super) fn set_record(&mut self, code_hash: B256, record: &ProgramRecord) -> Done<(), DB> {
        self.burn(STORAGE_WRITE_GAS)?;
        Ok(state::set_program(self.ctx, code_hash, record)?)
    }

    /// A root word of the ArbOS state.
    pub(super) fn root(&mut self, slot: RootSlot) -> Done<U256, DB> {
        self.burn_reads(1)?;
        Ok(state::root(self.ctx, slot)?)
    }

    /// The hash and the bytes of an account's code, without charge. The account does not become warm.
    pub(super) fn code(&mut self, address: Address) -> Done<(B256, Bytes), DB> {
        let account = peek(self.ctx, address)?;
        let code = account.code.map(|code| code.original_bytes()).unwrap_or_default();
        Ok((account.code_hash, code))
    }

    /// The hash of an account's code.
    pub(super) fn code_hash(&mut self, address: Address) -> Done<B256, DB> {
        self.burn(CODE_HASH_GAS)?;
        Ok(self.code(address)?.0)
    }

    /// Emits an event at the price of the LOG opcode.
    pub(super) fn emit(&mut self, event: &impl SolEvent) -> Done<(), DB> {
        let data = event.encode_log_data();
        let topics = data.topics().len() as u64;
        let bytes = data.data.len() as u64;
        self.burn(LOG_GAS + LOG_TOPIC_GAS * topics + LOG_BYTE_GAS * bytes)?;
        let address = self.address();
        self.ctx.journal_mut().log(Log { address, data });
        Ok(())
    }
}
