//! `ArbDebug` at 0xff: takes the chain over, on chains that allow it.

use alloy_sol_types::{SolCall, SolInterface};
use revm::Database;

use self::ArbDebug::{ArbDebugCalls as Calls, *};
use super::{
    call::{Call, Done, Fault, STORAGE_READ_GAS, STORAGE_WRITE_GAS},
    method::Method,
};
use crate::arbos::state;

mod abi {
    #![allow(missing_docs)]
    alloy_sol_types::sol! {
        /// For development chains only.
        #[sol(all_derives)]
        interface ArbDebug {
            function becomeChainOwner() external;
        }
    }
}
pub use abi::ArbDebug;

pub(super) const METHODS: &[Method] = &[Method::write(becomeChainOwnerCall::SELECTOR)];

pub(super) fn answer<DB: Database>(call: &mut Call<'_, DB>, input: &[u8]) -> Done<Vec<u8>, DB> {
    let Calls::becomeChainOwner(_) = Calls::abi_decode(input).map_err(|_| Fault::BurnAll)?;
    let caller = call.caller();
    call.burn(STORAGE_READ_GAS)?;
    if !state::chain_owners().contains(call.ctx, caller)? {
        // The count is read, then the member, its place and the count are written.
        call.burn(STORAGE_READ_GAS + 3 * STORAGE_WRITE_GAS)?;
        state::chain_owners().add(call.ctx, caller)?;
    }
    Ok(Vec::new())
}
