//! `ArbStatistics` at 0x6f: the height of the chain, and five figures that have not been kept for years.

use alloy_primitives::U256;
use alloy_sol_types::{SolCall, SolInterface};
use revm::Database;

use self::ArbStatistics::{ArbStatisticsCalls as Calls, *};
use super::{
    call::{Call, Done, Fault},
    method::Method,
};

mod abi {
    #![allow(missing_docs)]
    alloy_sol_types::sol! {
        /// Statistics.
        #[sol(all_derives)]
        interface ArbStatistics {
            function getStats() external view returns (uint256 blockNumber, uint256 accounts, uint256 storageSum, uint256 gasSum, uint256 txCount, uint256 contracts);
        }
    }
}
pub use abi::ArbStatistics;

pub(super) const METHODS: &[Method] = &[Method::view(getStatsCall::SELECTOR)];

pub(super) fn answer<DB: Database>(call: &mut Call<'_, DB>, input: &[u8]) -> Done<Vec<u8>, DB> {
    let Calls::getStats(_) = Calls::abi_decode(input).map_err(|_| Fault::BurnAll)?;
    Ok(getStatsCall::abi_encode_returns(&getStatsReturn {
        blockNumber: U256::from(call.block().l2_number),
        accounts: U256::ZERO,
        storageSum: U256::ZERO,
        gasSum: U256::ZERO,
        txCount: U256::ZERO,
        contracts: U256::ZERO,
    }))
}
