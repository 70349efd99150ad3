//! ArbOS's own account at 0xa4b05: only ArbOS may call it, in the transaction that opens a block; everybody else is turned away.

use alloy_sol_types::{SolCall, SolInterface};
use revm::Database;

use self::ArbosActs::{ArbosActsCalls as Calls, *};
use super::{
    call::{Call, Done, Fault, revert},
    method::Method,
};

mod abi {
    #![allow(missing_docs, clippy::too_many_arguments)]
    alloy_sol_types::sol! {
        /// What ArbOS does between transactions.
        #[sol(all_derives)]
        interface ArbosActs {
            function startBlock(uint256 l1BaseFee, uint64 l1BlockNumber, uint64 l2BlockNumber, uint64 timePassed) external;
            function batchPostingReport(uint256 batchTimestamp, address batchPosterAddress, uint64 batchNumber, uint64 batchDataGas, uint256 l1BaseFeeWei) external;
            function batchPostingReportV2(uint256 batchTimestamp, address batchPosterAddress, uint64 batchNumber, uint64 batchCalldataLength, uint64 batchCalldataNonZeros, uint64 batchExtraGas, uint256 l1BaseFeeWei) external;

            error CallerNotArbOS();
        }
    }
}
pub use abi::ArbosActs;

pub(super) const METHODS: &[Method] = &[
    Method::write(startBlockCall::SELECTOR),
    Method::write(batchPostingReportCall::SELECTOR),
    Method::write(batchPostingReportV2Call::SELECTOR),
];

pub(super) fn answer<DB: Database>(call: &mut Call<'_, DB>, input: &[u8]) -> Done<Vec<u8>, DB> {
    Calls::abi_decode(input).map_err(|_| Fault::BurnAll)?;
    // Only the node itself sends from this account. What a real chain notes at the start of a block, this one has in its settings.
    if call.caller() == call.address() { Ok(Vec::new()) } else { revert(CallerNotArbOS {}) }
}
