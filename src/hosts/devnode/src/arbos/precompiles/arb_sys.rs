//! `ArbSys` at 0x64: the chain itself, its blocks and the addresses of L1 senders.

use alloy_primitives::{Address, U256, address};
use alloy_sol_types::{SolCall, SolInterface};
use revm::Database;

use self::ArbSys::{ArbSysCalls as Calls, *};
use super::{
    call::{Call, Done, Fault, revert},
    method::Method,
};

mod abi {
    #![allow(missing_docs)]
    alloy_sol_types::sol! {
        /// The chain itself.
        #[sol(all_derives)]
        interface ArbSys {
            function arbBlockNumber() external view returns (uint256 number);
            function arbBlockHash(uint256 number) external view returns (bytes32 hash);
            function arbChainID() external view returns (uint256 id);
            function arbOSVersion() external view returns (uint256 version);
            function getStorageGasAvailable() external view returns (uint256 gas);
            function isTopLevelCall() external view returns (bool isTop);
            function mapL1SenderContractAddressToL2Alias(address sender, address unused) external pure returns (address alias_);
            function wasMyCallersAddressAliased() external view returns (bool aliased);
            function myCallersAddressWithoutAliasing() external view returns (address caller);

            error InvalidBlockNumber(uint256 requested, uint256 current);
        }
    }
}
pub use abi::ArbSys;

pub(super) const METHODS: &[Method] = &[
    Method::view(arbBlockNumberCall::SELECTOR),
    Method::view(arbBlockHashCall::SELECTOR),
    Method::view(arbChainIDCall::SELECTOR),
    Method::view(arbOSVersionCall::SELECTOR),
    Method::view(getStorageGasAvailableCall::SELECTOR),
    Method::view(isTopLevelCallCall::SELECTOR),
    Method::pure(mapL1SenderContractAddressToL2AliasCall::SELECTOR),
    Method::view(wasMyCallersAddressAliasedCall::SELECTOR),
    Method::view(myCallersAddressWithoutAliasingCall::SELECTOR),
];

/// Blocks whose hash is still known.
const KNOWN_HASHES: u64 = 256;
/// What version 0 of ArbOS calls itself.
const VERSION_OFFSET: u64 = 55;
/// What is added, modulo 2^160, to the address of an L1 contract that sends a message.
const ALIAS_OFFSET: Address = address!("1111000000000000000000000000000000001111");

pub(super) fn answer<DB: Database>(call: &mut Call<'_, DB>, input: &[u8]) -> Done<Vec<u8>, DB> {
    let current = call.block().l2_number;
    Ok(match Calls::abi_decode(input).map_err(|_| Fault::BurnAll)? {
        Calls::arbBlockNumber(_) => arbBlockNumberCall::abi_encode_returns(&U256::from(current)),
        Calls::arbBlockHash(arguments) => {
            let known = current.saturating_sub(KNOWN_HASHES)..current;
            let hash = u64::try_from(arguments.number)
                .ok()
                .filter(|number| known.contains(number))
                .and_then(|number| call.chain().l2_block_hashes.get(&number).copied());
            let Some(hash) = hash else {
                return revert(InvalidBlockNumber { requested: arguments.number, current: U256::from(current) });
            };
            arbBlockHashCall::abi_encode_returns(&hash)
        }
        Calls::arbChainID(_) => arbChainIDCall::abi_encode_returns(&U256::from(call.chain().chain_id)),
        Calls::arbOSVersion(_) => {
            arbOSVersionCall::abi_encode_returns(&U256::from(call.chain().arbos_version.saturating_add(VERSION_OFFSET)))
        }
        // There is no allowance of storage gas any more.
        Calls::getStorageGasAvailable(_) => getStorageGasAvailableCall::abi_encode_returns(&U256::ZERO),
        Calls::isTopLevelCall(_) => isTopLevelCallCall::abi_encode_returns(&(call.frame.depth <= 2)),
        Calls::mapL1SenderContractAddressToL2Alias(arguments) => {
            mapL1SenderContractAddressToL2AliasCall::abi_encode_returns(&alias(arguments.sender))
        }
        // No transaction of this chain comes from an L1 contract, so no caller is aliased.
        Calls::wasMyCallersAddressAliased(_) => wasMyCallersAddressAliasedCall::abi_encode_returns(&false),
        Calls::myCallersAddressWithoutAliasing(_) => {
            myCallersAddressWithoutAliasingCall::abi_encode_returns(&call.frame.caller_of_caller.unwrap_or_default())
        }
    })
}

/// The address an L1 contract has as a sender here: its own plus [`ALIAS_OFFSET`], modulo 2^160.
///
/// Example: the contract at 0x00…01 sends as 0x1111…1112.
fn alias(sender: Address) -> Address {
    let sum = U256::from_be_slice(sender.as_slice()).wrapping_add(U256::from_be_slice(ALIAS_OFFSET.as_slice()));
    Address::from_word(sum.into())
}
