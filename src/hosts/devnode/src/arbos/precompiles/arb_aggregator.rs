//! `ArbAggregator` at 0x6d: who posts batches. There is one poster and nothing to collect, so all of it only answers.

use alloy_primitives::{Address, U256};
use alloy_sol_types::{SolCall, SolInterface};
use revm::Database;

use self::ArbAggregator::{ArbAggregatorCalls as Calls, *};
use super::{
    call::{Call, Done, Fault},
    method::Method,
};
use crate::evm::BATCH_POSTER;

mod abi {
    #![allow(missing_docs)]
    alloy_sol_types::sol! {
        /// The poster of batches.
        #[sol(all_derives)]
        interface ArbAggregator {
            function getPreferredAggregator(address account) external view returns (address aggregator, bool isDefault);
            function getDefaultAggregator() external view returns (address aggregator);
            function getBatchPosters() external view returns (address[] memory posters);
            function getFeeCollector(address batchPoster) external view returns (address collector);
            function getTxBaseFee(address aggregator) external view returns (uint256 fee);
        }
    }
}
pub use abi::ArbAggregator;

pub(super) const METHODS: &[Method] = &[
    Method::view(getPreferredAggregatorCall::SELECTOR),
    Method::view(getDefaultAggregatorCall::SELECTOR),
    Method::view(getBatchPostersCall::SELECTOR),
    Method::view(getFeeCollectorCall::SELECTOR),
    Method::view(getTxBaseFeeCall::SELECTOR),
];

pub(super) fn answer<DB: Database>(call: &mut Call<'_, DB>, input: &[u8]) -> Done<Vec<u8>, DB> {
    Ok(match Calls::abi_decode(input).map_err(|_| Fault::BurnAll)? {
        Calls::getPreferredAggregator(_) => {
            getPreferredAggregatorCall::abi_encode_returns(&getPreferredAggregatorReturn {
                aggregator: BATCH_POSTER,
                isDefault: true,
            })
        }
        Calls::getDefaultAggregator(_) => getDefaultAggregatorCall::abi_encode_returns(&BATCH_POSTER),
        Calls::getBatchPosters(_) => {
            call.burn_reads(2)?;
            getBatchPostersCall::abi_encode_returns(&vec![BATCH_POSTER])
        }
        Calls::getFeeCollector(arguments) => {
            call.burn_reads(1)?;
            getFeeCollectorCall::abi_encode_returns(&collector(arguments.batchPoster).ok_or(Fault::Plain)?)
        }
        Calls::getTxBaseFee(_) => getTxBaseFeeCall::abi_encode_returns(&U256::ZERO),
    })
}

/// Only the one poster has a collector: itself.
fn collector(poster: Address) -> Option<Address> {
    (poster == BATCH_POSTER).then_some(poster)
}
