//! `ArbOwnerPublic` at 0x6b: what anybody may know of the chain's owners.

use alloy_primitives::Address;
use alloy_sol_types::{SolCall, SolInterface};
use revm::Database;

use self::ArbOwnerPublic::{ArbOwnerPublicCalls as Calls, *};
use super::{
    call::{Call, Done, Fault, STORAGE_WRITE_GAS},
    method::Method,
};
use crate::arbos::state::{self, RootSlot};

mod abi {
    #![allow(missing_docs)]
    alloy_sol_types::sol! {
        /// The owners of the chain, for everybody.
        #[sol(all_derives)]
        interface ArbOwnerPublic {
            function isChainOwner(address account) external view returns (bool isOwner);
            function rectifyChainOwner(address ownerToRectify) external;
            function getAllChainOwners() external view returns (address[] memory owners);
            function getNetworkFeeAccount() external view returns (address account);
            function getInfraFeeAccount() external view returns (address account);
            function getBrotliCompressionLevel() external view returns (uint64 level);
            function getScheduledUpgrade() external view returns (uint64 arbosVersion, uint64 scheduledForTimestamp);
            function isNativeTokenOwner(address account) external view returns (bool isOwner);
            function getAllNativeTokenOwners() external view returns (address[] memory owners);
            function getNativeTokenManagementFrom() external view returns (uint64 timestamp);
            function getParentGasFloorPerToken() external view returns (uint64 floor);
            function isCalldataPriceIncreaseEnabled() external view returns (bool enabled);
            function getMaxStylusContractFragments() external view returns (uint8 count);
            function getTransactionFilteringFrom() external view returns (uint64 timestamp);
            function isTransactionFilterer(address account) external view returns (bool isFilterer);
            function getAllTransactionFilterers() external view returns (address[] memory filterers);
            function getFilteredFundsRecipient() external view returns (address recipient);

            event ChainOwnerRectified(address rectifiedOwner);
        }
    }
}
pub use abi::ArbOwnerPublic;

pub(super) const METHODS: &[Method] = &[
    Method::view(isChainOwnerCall::SELECTOR),
    Method::write(rectifyChainOwnerCall::SELECTOR).since(11),
    Method::view(getAllChainOwnersCall::SELECTOR),
    Method::view(getNetworkFeeAccountCall::SELECTOR),
    Method::view(getInfraFeeAccountCall::SELECTOR),
    Method::view(getBrotliCompressionLevelCall::SELECTOR),
    Method::view(getScheduledUpgradeCall::SELECTOR),
    Method::view(isNativeTokenOwnerCall::SELECTOR).since(41),
    Method::view(getAllNativeTokenOwnersCall::SELECTOR).since(41),
    Method::view(getNativeTokenManagementFromCall::SELECTOR).since(50),
    Method::view(getParentGasFloorPerTokenCall::SELECTOR).since(50),
    Method::view(isCalldataPriceIncreaseEnabledCall::SELECTOR).since(40),
    Method::view(getMaxStylusContractFragmentsCall::SELECTOR).since(60),
    Method::view(getTransactionFilteringFromCall::SELECTOR).since(60),
    Method::view(isTransactionFiltererCall::SELECTOR).since(60),
    Method::view(getAllTransactionFilterersCall::SELECTOR).since(60),
    Method::view(getFilteredFundsRecipientCall::SELECTOR).since(60),
];

pub(super) fn answer<DB: Database>(call: &mut Call<'_, DB>, input: &[u8]) -> Done<Vec<u8>, DB> {
    Ok(match Calls::abi_decode(input).map_err(|_| Fault::BurnAll)? {
        Calls::isChainOwner(arguments) => isChainOwnerCall::abi_encode_returns(&is_owner(call, arguments.account)?),
        Calls::rectifyChainOwner(arguments) => {
            rectify(call, arguments.ownerToRectify)?;
            Vec::new()
        }
        Calls::getAllChainOwners(_) => getAllChainOwnersCall::abi_encode_returns(&owners(call)?),
        Calls::getNetworkFeeAccount(_) => getNetworkFeeAccountCall::abi_encode_returns(&Address::from_word(
            call.root(RootSlot::NetworkFeeAccount)?.into(),
        )),
        Calls::getInfraFeeAccount(_) => getInfraFeeAccountCall::abi_encode_returns(&Address::from_word(
            call.root(RootSlot::InfraFeeAccount)?.into(),
        )),
        Calls::getBrotliCompressionLevel(_) => {
            getBrotliCompressionLevelCall::abi_encode_returns(&call.root(RootSlot::BrotliLevel)?.saturating_to())
        }
        Calls::getScheduledUpgrade(_) => {
            call.burn_reads(2)?;
            let (arbos_version, timestamp) = state::scheduled_upgrade(call.ctx)?.unwrap_or_default();
            getScheduledUpgradeCall::abi_encode_returns(&getScheduledUpgradeReturn {
                arbosVersion: arbos_version,
                scheduledForTimestamp: timestamp,
            })
        }
        // No one mints the native token here, and calldata has no floor price.
        Calls::isNativeTokenOwner(_) => {
            call.burn_reads(1)?;
            isNativeTokenOwnerCall::abi_encode_returns(&false)
        }
        Calls::getAllNativeTokenOwners(_) => {
            call.burn_reads(1)?;
            getAllNativeTokenOwnersCall::abi_encode_returns(&Vec::new())
        }
        Calls::getNativeTokenManagementFrom(_) => {
            call.burn_reads(1)?;
            getNativeTokenManagementFromCall::abi_encode_returns(&0)
        }
        Calls::getParentGasFloorPerToken(_) => {
            call.burn_reads(1)?;
            getParentGasFloorPerTokenCall::abi_encode_returns(&0)
        }
        Calls::isCalldataPriceIncreaseEnabled(_) => {
            call.burn_reads(1)?;
            isCalldataPriceIncreaseEnabledCall::abi_encode_returns(&false)
        }
        // No transaction is filtered.
        Calls::getTransactionFilteringFrom(_) => {
            call.burn_reads(1)?;
            getTransactionFilteringFromCall::abi_encode_returns(&0)
        }
        Calls::isTransactionFilterer(_) => {
            call.burn_reads(1)?;
            isTransactionFiltererCall::abi_encode_returns(&false)
        }
        Calls::getAllTransactionFilterers(_) => {
            call.burn_reads(1)?;
            getAllTransactionFilterersCall::abi_encode_returns(&Vec::new())
        }
        Calls::getFilteredFundsRecipient(_) => {
            call.burn_reads(1)?;
            getFilteredFundsRecipientCall::abi_encode_returns(&Address::ZERO)
        }
        Calls::getMaxStylusContractFragments(_) => {
            getMaxStylusContractFragmentsCall::abi_encode_returns(&call.params()?.max_fragment_count)
        }
    })
}

/// Whether `account` owns the chain.
pub(super) fn is_owner<DB: Database>(call: &mut Call<'_, DB>, account: Address) -> Done<bool, DB> {
    call.burn_reads(1)?;
    Ok(state::chain_owners().contains(call.ctx, account)?)
}

/// Puts the place of an owner right where the state has a wrong one, which very old versions could leave behind.
fn rectify<DB: Database>(call: &mut Call<'_, DB>, owner: Address) -> Done<(), DB> {
    let owners = state::chain_owners();
    call.burn_reads(3)?;
    let place = owners.place(call.ctx, owner)?;
    let is_right = place <= owners.len(call.ctx)? && owners.member(call.ctx, place)? == owner;
    if place == 0 || is_right {
        return Err(Fault::Plain);
    }
    let all = self::owners(call)?;
    let right = (1..).zip(all).find(|(_, member)| *member == owner).ok_or(Fault::Plain)?;
    call.burn(STORAGE_WRITE_GAS)?;
    owners.set_place(call.ctx, owner, right.0)?;
    call.emit(&ChainOwnerRectified { rectifiedOwner: owner })
}

/// All owners; the count and each of them is a read.
pub(super) fn owners<DB: Database>(call: &mut Call<'_, DB>) -> Done<Vec<Address>, DB> {
    let owners = state::chain_owners().all(call.ctx)?;
    call.burn_reads(owners.len() as u64 + 1)?;
    Ok(owners)
}
