//! `ArbOwner` at 0x70: what an owner of the chain may set. Owners pay no gas for it.

use alloy_primitives::{Address, U256};
use alloy_sol_types::{SolCall, SolInterface};
use revm::Database;

use self::ArbOwner::{ArbOwnerCalls as Calls, *};
use super::{
    arb_owner_public::{is_owner, owners},
    arb_wasm::{MIN_CACHED_INIT_GAS_UNIT, MIN_INIT_GAS_UNIT, SCALAR_PERCENT_UNIT},
    call::{Call, Done, Fault},
    method::Method,
    pricing::Price,
};
use crate::arbos::state::{self, RootSlot, StylusParams};

mod abi {
    #![allow(missing_docs)]
    alloy_sol_types::sol! {
        /// The settings of the chain, for its owners.
        #[sol(all_derives)]
        interface ArbOwner {
            function addChainOwner(address newOwner) external;
            function removeChainOwner(address ownerToRemove) external;
            function isChainOwner(address account) external view returns (bool isOwner);
            function getAllChainOwners() external view returns (address[] memory owners);
            function setNetworkFeeAccount(address account) external;
            function setInfraFeeAccount(address account) external;
            function setL1PricePerUnit(uint256 pricePerUnit) external;
            function setL2BaseFee(uint256 priceInWei) external;
            function setMinimumL2BaseFee(uint256 priceInWei) external;
            function addWasmCacheManager(address manager) external;
            function removeWasmCacheManager(address manager) external;
            function setInkPrice(uint32 price) external;
            function setWasmMaxStackDepth(uint32 depth) external;
            function setWasmFreePages(uint16 pages) external;
            function setWasmPageGas(uint16 gas) external;
            function setWasmPageLimit(uint16 limit) external;
            function setWasmMaxSize(uint32 size) external;
            function setWasmMinInitGas(uint8 gas, uint16 cached) external;
            function setWasmInitCostScalar(uint64 percent) external;
            function setWasmExpiryDays(uint16 numDays) external;
            function setWasmKeepaliveDays(uint16 numDays) external;
            function setWasmBlockCacheSize(uint16 count) external;
            function setMaxStylusContractFragments(uint8 count) external;
            function getNetworkFeeAccount() external view returns (address account);
            function getInfraFeeAccount() external view returns (address account);
            function scheduleArbOSUpgrade(uint64 newVersion, uint64 timestamp) external;
            function setBrotliCompressionLevel(uint64 level) external;

            event OwnerActs(bytes4 indexed method, address indexed owner, bytes data);
        }
    }
}
pub use abi::ArbOwner;

pub(super) const METHODS: &[Method] = &[
    Method::write(addChainOwnerCall::SELECTOR),
    Method::write(removeChainOwnerCall::SELECTOR),
    Method::view(isChainOwnerCall::SELECTOR),
    Method::view(getAllChainOwnersCall::SELECTOR),
    Method::write(setNetworkFeeAccountCall::SELECTOR),
    Method::write(setInfraFeeAccountCall::SELECTOR),
    Method::write(setL1PricePerUnitCall::SELECTOR),
    Method::write(setL2BaseFeeCall::SELECTOR),
    Method::write(setMinimumL2BaseFeeCall::SELECTOR),
    Method::write(addWasmCacheManagerCall::SELECTOR).since(30),
    Method::write(removeWasmCacheManagerCall::SELECTOR).since(30),
    Method::write(setInkPriceCall::SELECTOR).since(30),
    Method::write(setWasmMaxStackDepthCall::SELECTOR).since(30),
    Method::write(setWasmFreePagesCall::SELECTOR).since(30),
    Method::write(setWasmPageGasCall::SELECTOR).since(30),
    Method::write(setWasmPageLimitCall::SELECTOR).since(30),
    Method::write(setWasmMaxSizeCall::SELECTOR).since(40),
    Method::write(setWasmMinInitGasCall::SELECTOR).since(30),
    Method::write(setWasmInitCostScalarCall::SELECTOR).since(30),
    Method::write(setWasmExpiryDaysCall::SELECTOR).since(30),
    Method::write(setWasmKeepaliveDaysCall::SELECTOR).since(30),
    Method::write(setWasmBlockCacheSizeCall::SELECTOR).since(30),
    Method::write(setMaxStylusContractFragmentsCall::SELECTOR).since(60),
    Method::view(getNetworkFeeAccountCall::SELECTOR),
    Method::view(getInfraFeeAccountCall::SELECTOR),
    Method::write(scheduleArbOSUpgradeCall::SELECTOR),
    Method::write(setBrotliCompressionLevelCall::SELECTOR).since(20),
];

/// The ink price is kept in 24 bits.
const MAX_INK_PRICE: u32 = 0x00ff_ffff;
/// The levels of brotli end here.
const MAX_BROTLI_LEVEL: u64 = 11;

pub(super) fn answer<DB: Database>(call: &mut Call<'_, DB>, input: &[u8]) -> Done<Vec<u8>, DB> {
    match Calls::abi_decode(input).map_err(|_| Fault::BurnAll)? {
        Calls::isChainOwner(arguments) => {
            return Ok(isChainOwnerCall::abi_encode_returns(&is_owner(call, arguments.account)?));
        }
        Calls::getAllChainOwners(_) => return Ok(getAllChainOwnersCall::abi_encode_returns(&owners(call)?)),
        Calls::getNetworkFeeAccount(_) => {
            let account = Address::from_word(call.root(RootSlot::NetworkFeeAccount)?.into());
            return Ok(getNetworkFeeAccountCall::abi_encode_returns(&account));
        }
        Calls::getInfraFeeAccount(_) => {
            let account = Address::from_word(call.root(RootSlot::InfraFeeAccount)?.into());
            return Ok(getInfraFeeAccountCall::abi_encode_returns(&account));
        }
        // It is remembered and reported, and takes effect in the first block of its time.
        Calls::scheduleArbOSUpgrade(arguments) => {
            state::set_root(call.ctx, RootSlot::UpgradeVersion, U256::from(arguments.newVersion))?;
            state::set_root(call.ctx, RootSlot::UpgradeTimestamp, U256::from(arguments.timestamp))?;
        }
        Calls::setBrotliCompressionLevel(arguments) => {
            if arguments.level > MAX_BROTLI_LEVEL {
                return Err(Fault::Plain);
            }
            state::set_root(call.ctx, RootSlot::BrotliLevel, U256::from(arguments.level))?;
        }
        Calls::addChainOwner(arguments) => state::chain_owners().add(call.ctx, arguments.newOwner)?,
        Calls::removeChainOwner(arguments) => {
            if !state::chain_owners().contains(call.ctx, arguments.ownerToRemove)? {
                return Err(Fault::Plain);
            }
            state::chain_owners().remove(call.ctx, arguments.ownerToRemove)?;
        }
        Calls::setNetworkFeeAccount(arguments) => {
            state::set_root(call.ctx, RootSlot::NetworkFeeAccount, arguments.account.into_word().into())?;
        }
        Calls::setInfraFeeAccount(arguments) => {
            state::set_root(call.ctx, RootSlot::InfraFeeAccount, arguments.account.into_word().into())?;
        }
        Calls::setL1PricePerUnit(arguments) => Price::L1DataUnit.set(call.ctx, arguments.pricePerUnit)?,
        Calls::setL2BaseFee(arguments) => set_base_fee(call, arguments.priceInWei)?,
        Calls::setMinimumL2BaseFee(arguments) => {
            // The base fee of a chain without load is its minimum.
            set_base_fee(call, arguments.priceInWei)?;
            Price::MinimumBaseFee.set(call.ctx, arguments.priceInWei)?;
        }
        Calls::addWasmCacheManager(arguments) => state::cache_managers().add(call.ctx, arguments.manager)?,
        Calls::removeWasmCacheManager(arguments) => {
            if !state::cache_managers().contains(call.ctx, arguments.manager)? {
                return Err(Fault::Plain);
            }
            state::cache_managers().remove(call.ctx, arguments.manager)?;
        }
        Calls::setInkPrice(arguments) => {
            if arguments.price == 0 || arguments.price > MAX_INK_PRICE {
                return Err(Fault::Plain);
            }
            change(call, |params| params.ink_price = arguments.price)?;
        }
        Calls::setWasmMaxStackDepth(arguments) => change(call, |params| params.max_stack_depth = arguments.depth)?,
        Calls::setWasmFreePages(arguments) => change(call, |params| params.free_pages = arguments.pages)?,
        Calls::setWasmPageGas(arguments) => change(call, |params| params.page_gas = arguments.gas)?,
        Calls::setWasmPageLimit(arguments) => change(call, |params| params.page_limit = arguments.limit)?,
        Calls::setWasmMaxSize(arguments) => change(call, |params| params.max_wasm_size_bytes = arguments.size)?,
        Calls::setWasmMinInitGas(arguments) => change(call, |params| {
            params.min_init_gas = units_up(arguments.gas.into(), MIN_INIT_GAS_UNIT);
            params.min_cached_init_gas = units_up(arguments.cached.into(), MIN_CACHED_INIT_GAS_UNIT);
        })?,
        Calls::setWasmInitCostScalar(arguments) => {
            change(call, |params| params.init_cost_scalar = units_up(arguments.percent, SCALAR_PERCENT_UNIT))?;
        }
        Calls::setWasmExpiryDays(arguments) => change(call, |params| params.expiry_days = arguments.numDays)?,
        Calls::setWasmKeepaliveDays(arguments) => change(call, |params| params.keepalive_days = arguments.numDays)?,
        Calls::setWasmBlockCacheSize(arguments) => change(call, |params| params.block_cache_size = arguments.count)?,
        Calls::setMaxStylusContractFragments(arguments) => {
            change(call, |params| params.max_fragment_count = arguments.count)?;
        }
    }
    Ok(Vec::new())
}

/// Changes the parameters of Stylus.
fn change<DB: Database>(call: &mut Call<'_, DB>, change: impl FnOnce(&mut StylusParams)) -> Done<(), DB> {
    let version = call.chain().arbos_version;
    let mut params = call.params()?;
    change(&mut params);
    Ok(state::set_params(call.ctx, &params, version)?)
}

/// How many units hold `amount`, rounded up, and at most what a byte holds.
fn units_up(amount: u64, unit: u64) -> u8 {
    u8::try_from(amount.div_ceil(unit)).unwrap_or(u8::MAX)
}

/// Sets the base fee of the blocks to come. A header holds 64 bits of it.
fn set_base_fee<DB: Database>(call: &mut Call<'_, DB>, wei: U256) -> Done<(), DB> {
    if u64::try_from(wei).is_err() {
        return Err(Fault::Plain);
    }
    Ok(Price::BaseFee.set(call.ctx, wei)?)
}
