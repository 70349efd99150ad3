//! `ArbRetryableTx` at 0x6e: tickets that messages from L1 leave behind. No message comes to this chain, so there is never a ticket: what
//! does not need one answers, and everything else says that there is none.

use alloy_primitives::{Address, U256};
use alloy_sol_types::{SolCall, SolInterface};
use revm::Database;

use self::ArbRetryableTx::{ArbRetryableTxCalls as Calls, *};
use super::{
    call::{Call, Done, Fault, revert},
    method::Method,
};

mod abi {
    #![allow(missing_docs, clippy::too_many_arguments)]
    alloy_sol_types::sol! {
        /// Tickets of messages from L1.
        #[sol(all_derives)]
        interface ArbRetryableTx {
            function redeem(bytes32 ticketId) external returns (bytes32 transaction);
            function getLifetime() external view returns (uint256 secs);
            function getTimeout(bytes32 ticketId) external view returns (uint256 timestamp);
            function keepalive(bytes32 ticketId) external returns (uint256 timestamp);
            function getBeneficiary(bytes32 ticketId) external view returns (address beneficiary);
            function cancel(bytes32 ticketId) external;
            function getCurrentRedeemer() external view returns (address redeemer);
            function submitRetryable(bytes32 requestId, uint256 l1BaseFee, uint256 deposit, uint256 callvalue, uint256 gasFeeCap, uint64 gasLimit, uint256 maxSubmissionFee, address feeRefundAddress, address beneficiary, address retryTo, bytes calldata retryData) external;

            error NoTicketWithID();
            error NotCallable();
        }
    }
}
pub use abi::ArbRetryableTx;

pub(super) const METHODS: &[Method] = &[
    Method::write(redeemCall::SELECTOR),
    Method::view(getLifetimeCall::SELECTOR),
    Method::view(getTimeoutCall::SELECTOR),
    Method::write(keepaliveCall::SELECTOR),
    Method::view(getBeneficiaryCall::SELECTOR),
    Method::write(cancelCall::SELECTOR),
    Method::view(getCurrentRedeemerCall::SELECTOR),
    Method::write(submitRetryableCall::SELECTOR),
];

/// How long a ticket can be redeemed: seven days.
const LIFETIME_SECS: u64 = 7 * 86_400;

pub(super) fn answer<DB: Database>(call: &mut Call<'_, DB>, input: &[u8]) -> Done<Vec<u8>, DB> {
    match Calls::abi_decode(input).map_err(|_| Fault::BurnAll)? {
        Calls::getLifetime(_) => Ok(getLifetimeCall::abi_encode_returns(&U256::from(LIFETIME_SECS))),
        // No ticket is being redeemed.
        Calls::getCurrentRedeemer(_) => Ok(getCurrentRedeemerCall::abi_encode_returns(&Address::ZERO)),
        // It stands in the interface only so that tools can read such transactions.
        Calls::submitRetryable(_) => revert(NotCallable {}),
        Calls::redeem(_) | Calls::getTimeout(_) | Calls::keepalive(_) | Calls::getBeneficiary(_) | Calls::cancel(_) => {
            call.burn_reads(1)?;
            revert(NoTicketWithID {})
        }
    }
}
