//! Revert data in words: `Error(string)`, `Panic(uint256)` and the errors of the precompiles. Anything else stays data.

use alloy_sol_types::{Panic, Revert, SolError};

use crate::arbos::precompiles::error_in_words;

/// The reason in words, when the data is of a kind the node knows.
///
/// Precompile errors read as a Nitro node prints them: `error ProgramNotActivated()`.
pub(crate) fn in_words(data: &[u8]) -> Option<String> {
    if let Ok(Revert { reason }) = Revert::abi_decode(data) {
        return Some(reason);
    }
    if let Ok(panic) = Panic::abi_decode(data) {
        return Some(panic.to_string());
    }
    error_in_words(data)
}
