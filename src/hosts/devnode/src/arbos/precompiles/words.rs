//! Errors of the precompiles in words, as a node prints them.

use alloy_sol_types::SolInterface;

use super::{
    arb_retryable_tx::ArbRetryableTx::ArbRetryableTxErrors,
    arb_sys::ArbSys::{self, ArbSysErrors},
    arb_wasm::ArbWasm::{self, ArbWasmErrors},
    arbos_acts::ArbosActs::ArbosActsErrors,
};

/// `error Name(values)` when `data` is an error of a precompile's interface.
///
/// ```
/// use spillway_devnode::arbos::precompiles::error_in_words;
/// assert_eq!(error_in_words(&[0x6f, 0x80, 0x9c, 0x4e]).as_deref(), Some("error ProgramNotActivated()"));
/// ```
pub fn error_in_words(data: &[u8]) -> Option<String> {
    let text = if let Ok(error) = ArbWasmErrors::abi_decode(data) {
        match error {
            ArbWasmErrors::ProgramNotWasm(_) => "ProgramNotWasm()".into(),
            ArbWasmErrors::ProgramNotActivated(_) => "ProgramNotActivated()".into(),
            ArbWasmErrors::ProgramUpToDate(_) => "ProgramUpToDate()".into(),
            ArbWasmErrors::ProgramNeedsUpgrade(ArbWasm::ProgramNeedsUpgrade { version, stylusVersion }) => {
                format!("ProgramNeedsUpgrade({version}, {stylusVersion})")
            }
            ArbWasmErrors::ProgramExpired(error) => format!("ProgramExpired({})", error.ageInSeconds),
            ArbWasmErrors::ProgramKeepaliveTooSoon(error) => format!("ProgramKeepaliveTooSoon({})", error.ageInSeconds),
            ArbWasmErrors::ProgramInsufficientValue(ArbWasm::ProgramInsufficientValue { have, want }) => {
                format!("ProgramInsufficientValue({have}, {want})")
            }
        }
    } else if let Ok(ArbSysErrors::InvalidBlockNumber(ArbSys::InvalidBlockNumber { requested, current })) =
        ArbSysErrors::abi_decode(data)
    {
        format!("InvalidBlockNumber({requested}, {current})")
    } else if let Ok(error) = ArbRetryableTxErrors::abi_decode(data) {
        match error {
            ArbRetryableTxErrors::NoTicketWithID(_) => "NoTicketWithID()".into(),
            ArbRetryableTxErrors::NotCallable(_) => "NotCallable()".into(),
        }
    } else if ArbosActsErrors::abi_decode(data).is_ok() {
        "CallerNotArbOS()".into()
    } else {
        return None;
    };
    Some(format!("error {text}"))
}
