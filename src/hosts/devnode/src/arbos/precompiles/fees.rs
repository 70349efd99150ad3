//! The data fee of an activation: how it is paid, and how the rest of the value goes back.

use alloy_primitives::{Address, U256};
use revm::{
    Database,
    context_interface::{ContextTr, JournalTr},
};

use super::{
    arb_wasm::ArbWasm,
    call::{Call, Done, Fault, STORAGE_READ_GAS, STORAGE_WRITE_GAS, revert},
};
use crate::{
    arbos::state::{self, RootSlot},
    evm::without_warming,
};

/// Five words are read and two written.
const PRICER_GAS: u64 = 5 * STORAGE_READ_GAS + 2 * STORAGE_WRITE_GAS;

/// Adds `asm_bytes` to the demand and gives the fee in wei, rounded down.
pub(super) fn quote<DB: Database>(call: &mut Call<'_, DB>, asm_bytes: u32) -> Done<U256, DB> {
    call.burn(PRICER_GAS)?;
    let now = call.now_secs();
    let mut pricer = state::data_pricer(call.ctx)?;
    let fee_wei = pricer.charge_wei(asm_bytes, now);
    state::set_data_pricer(call.ctx, &pricer)?;
    Ok(fee_wei)
}

/// Moves the fee to the network's account and the rest of the value back to the caller, as plain balance moves.
pub(super) fn pay<DB: Database>(call: &mut Call<'_, DB>, fee_wei: U256) -> Done<(), DB> {
    let have = call.value;
    let Some(rest_wei) = have.checked_sub(fee_wei) else {
        return revert(ArbWasm::ProgramInsufficientValue { have, want: fee_wei });
    };
    let network = Address::from_word(call.root(RootSlot::NetworkFeeAccount)?.into());
    let (own, caller) = (call.address(), call.caller());
    for (to, wei) in [(network, fee_wei), (caller, rest_wei)] {
        if without_warming(call.ctx, &[to], |ctx| ctx.journal_mut().transfer(own, to, wei))?.is_some() {
            return Err(Fault::Plain);
        }
    }
    Ok(())
}
