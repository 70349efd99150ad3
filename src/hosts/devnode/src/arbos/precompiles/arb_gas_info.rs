//! `ArbGasInfo` at 0x6c: what gas and L1 data cost.

use alloy_primitives::U256;
use alloy_sol_types::{SolCall, SolInterface};
use revm::Database;

use self::ArbGasInfo::{ArbGasInfoCalls as Calls, *};
use super::{
    call::{Call, Done, Fault},
    method::Method,
    pricing::{Price, SPEED_LIMIT_GAS},
};
use crate::evm::{L1_PRICER_POOL, TX_GAS_CAP, peek};

mod abi {
    #![allow(missing_docs)]
    alloy_sol_types::sol! {
        /// The weight of a resource in a constraint.
        #[derive(Debug, Default, PartialEq, Eq, Hash)]
        struct WeightedResource {
            uint8 resource;
            uint64 weight;
        }

        /// How much of some resources the chain sustains.
        #[derive(Debug, Default, PartialEq, Eq, Hash)]
        struct ResourceConstraint {
            WeightedResource[] resources;
            uint32 adjustmentWindowSecs;
            uint64 targetPerSec;
            uint64 backlog;
        }

        /// Prices.
        #[sol(all_derives)]
        interface ArbGasInfo {
            function getPricesInWei() external view returns (uint256 perL2Tx, uint256 perL1CalldataByte, uint256 perStorageAllocation, uint256 perArbGasBase, uint256 perArbGasCongestion, uint256 perArbGasTotal);
            function getPricesInArbGas() external view returns (uint256 perL2Tx, uint256 perL1CalldataByte, uint256 perStorageAllocation);
            function getGasAccountingParams() external view returns (uint256 speedLimitPerSecond, uint256 gasPoolMax, uint256 maxTxGasLimit);
            function getMaxTxGasLimit() external view returns (uint256 limit);
            function getMinimumGasPrice() external view returns (uint256 price);
            function getL1BaseFeeEstimate() external view returns (uint256 price);
            function getL1GasPriceEstimate() external view returns (uint256 price);
            function getCurrentTxL1GasFees() external view returns (uint256 fees);
            function getPricesInWeiWithAggregator(address aggregator) external view returns (uint256 perL2Tx, uint256 perL1CalldataByte, uint256 perStorageAllocation, uint256 perArbGasBase, uint256 perArbGasCongestion, uint256 perArbGasTotal);
            function getPricesInArbGasWithAggregator(address aggregator) external view returns (uint256 perL2Tx, uint256 perL1CalldataByte, uint256 perStorageAllocation);
            function getGasBacklog() external view returns (uint64 figure);
            function getL1RewardRate() external view returns (uint64 figure);
            function getL1PricingSurplus() external view returns (int256 figure);
            function getLastL1PricingSurplus() external view returns (int256 figure);
            function getPerBatchGasCharge() external view returns (int64 figure);
            function getL1FeesAvailable() external view returns (uint256 figure);
            function getL1PricingFundsDueForRewards() external view returns (uint256 figure);
            function getLastL1PricingUpdateTime() external view returns (uint64 figure);
            function getL1PricingUnitsSinceUpdate() external view returns (uint64 figure);
            function getPricingInertia() external view returns (uint64 inertia);
            function getGasBacklogTolerance() external view returns (uint64 secs);
            function getMaxBlockGasLimit() external view returns (uint64 limit);
            function getL1BaseFeeEstimateInertia() external view returns (uint64 figure);
            function getL1RewardRecipient() external view returns (address recipient);
            function getAmortizedCostCapBips() external view returns (uint64 figure);
            function getL1PricingEquilibrationUnits() external view returns (uint256 figure);
            function getGasPricingConstraints() external view returns (uint64[3][] memory constraints);
            function getMultiGasPricingConstraints() external view returns (ResourceConstraint[] memory constraints);
            function getMultiGasBaseFee() external view returns (uint256[] memory baseFees);
        }
    }
}
pub use abi::ArbGasInfo;

pub(super) const METHODS: &[Method] = &[
    Method::view(getPricesInWeiCall::SELECTOR),
    Method::view(getPricesInArbGasCall::SELECTOR),
    Method::view(getGasAccountingParamsCall::SELECTOR),
    Method::view(getMaxTxGasLimitCall::SELECTOR).since(50),
    Method::view(getMinimumGasPriceCall::SELECTOR),
    Method::view(getL1BaseFeeEstimateCall::SELECTOR),
    Method::view(getL1GasPriceEstimateCall::SELECTOR),
    Method::view(getCurrentTxL1GasFeesCall::SELECTOR),
    Method::view(getPricesInWeiWithAggregatorCall::SELECTOR),
    Method::view(getPricesInArbGasWithAggregatorCall::SELECTOR),
    Method::view(getGasBacklogCall::SELECTOR),
    Method::view(getL1RewardRateCall::SELECTOR),
    Method::view(getL1PricingSurplusCall::SELECTOR),
    Method::view(getLastL1PricingSurplusCall::SELECTOR),
    Method::view(getPerBatchGasChargeCall::SELECTOR),
    Method::view(getL1FeesAvailableCall::SELECTOR),
    Method::view(getL1PricingFundsDueForRewardsCall::SELECTOR),
    Method::view(getLastL1PricingUpdateTimeCall::SELECTOR),
    Method::view(getL1PricingUnitsSinceUpdateCall::SELECTOR),
    Method::view(getPricingInertiaCall::SELECTOR),
    Method::view(getGasBacklogToleranceCall::SELECTOR),
    Method::view(getMaxBlockGasLimitCall::SELECTOR).since(50),
    Method::view(getL1BaseFeeEstimateInertiaCall::SELECTOR),
    Method::view(getL1RewardRecipientCall::SELECTOR),
    Method::view(getAmortizedCostCapBipsCall::SELECTOR),
    Method::view(getL1PricingEquilibrationUnitsCall::SELECTOR),
    Method::view(getGasPricingConstraintsCall::SELECTOR).since(50),
    Method::view(getMultiGasPricingConstraintsCall::SELECTOR).since(60),
    Method::view(getMultiGasBaseFeeCall::SELECTOR).since(60),
];

/// L1 units of a byte of calldata.
const UNITS_PER_BYTE: u64 = 16;
/// Bytes a simple transaction is taken to have.
const SIMPLE_TX_BYTES: u64 = 140;
/// How slowly the base fee answers to a backlog of gas.
const PRICING_INERTIA: u64 = 102;
/// A backlog of this many seconds leaves the base fee alone.
const BACKLOG_TOLERANCE_SECS: u64 = 10;
/// Kinds of resources gas is spent on: unknown, computation, history, reading and growing of storage, calldata of L1 and of L2, programs.
const RESOURCES: usize = 8;
/// Gas of a new storage slot.
const STORAGE_ALLOCATION_GAS: u64 = 20_000;

pub(super) fn answer<DB: Database>(call: &mut Call<'_, DB>, input: &[u8]) -> Done<Vec<u8>, DB> {
    let base_fee = U256::from(call.block().base_fee);
    Ok(match Calls::abi_decode(input).map_err(|_| Fault::BurnAll)? {
        // The poster makes no difference: there is one.
        Calls::getPricesInWei(_) | Calls::getPricesInWeiWithAggregator(_) => prices_in_wei(call, base_fee)?,
        Calls::getPricesInArbGas(_) | Calls::getPricesInArbGasWithAggregator(_) => prices_in_gas(call, base_fee)?,
        Calls::getGasAccountingParams(_) => {
            call.burn_reads(2)?;
            getGasAccountingParamsCall::abi_encode_returns(&getGasAccountingParamsReturn {
                speedLimitPerSecond: U256::from(SPEED_LIMIT_GAS),
                gasPoolMax: U256::from(TX_GAS_CAP),
                maxTxGasLimit: U256::from(TX_GAS_CAP),
            })
        }
        Calls::getMaxTxGasLimit(_) => {
            call.burn_reads(1)?;
            getMaxTxGasLimitCall::abi_encode_returns(&U256::from(TX_GAS_CAP))
        }
        Calls::getMinimumGasPrice(_) => {
            getMinimumGasPriceCall::abi_encode_returns(&price(call, Price::MinimumBaseFee)?)
        }
        Calls::getL1BaseFeeEstimate(_) => {
            getL1BaseFeeEstimateCall::abi_encode_returns(&price(call, Price::L1DataUnit)?)
        }
        Calls::getL1GasPriceEstimate(_) => {
            getL1GasPriceEstimateCall::abi_encode_returns(&price(call, Price::L1DataUnit)?)
        }
        Calls::getCurrentTxL1GasFees(_) => {
            let fee_wei = base_fee.saturating_mul(U256::from(call.frame.poster_gas));
            getCurrentTxL1GasFeesCall::abi_encode_returns(&fee_wei)
        }
        Calls::getPricingInertia(_) => constant(call, PRICING_INERTIA)?,
        Calls::getGasBacklogTolerance(_) => constant(call, BACKLOG_TOLERANCE_SECS)?,
        Calls::getMaxBlockGasLimit(_) => constant(call, TX_GAS_CAP)?,
        Calls::getGasPricingConstraints(_) => {
            call.burn_reads(1)?;
            getGasPricingConstraintsCall::abi_encode_returns(&Vec::new())
        }
        Calls::getMultiGasPricingConstraints(_) => {
            call.burn_reads(1)?;
            getMultiGasPricingConstraintsCall::abi_encode_returns(&Vec::new())
        }
        // Without constraints every resource has the one price.
        Calls::getMultiGasBaseFee(_) => {
            call.burn_reads(RESOURCES as u64)?;
            getMultiGasBaseFeeCall::abi_encode_returns(&vec![base_fee; RESOURCES])
        }
        Calls::getL1FeesAvailable(_) => {
            call.burn_reads(1)?;
            let pool = peek(call.ctx, L1_PRICER_POOL)?.balance;
            getL1FeesAvailableCall::abi_encode_returns(&pool)
        }
        // No gas is behind. No batch is posted, so the price of L1 data is not adjusted and nobody is owed anything.
        Calls::getGasBacklog(_)
        | Calls::getL1RewardRate(_)
        | Calls::getL1PricingSurplus(_)
        | Calls::getLastL1PricingSurplus(_)
        | Calls::getPerBatchGasCharge(_)
        | Calls::getL1BaseFeeEstimateInertia(_)
        | Calls::getL1RewardRecipient(_)
        | Calls::getAmortizedCostCapBips(_)
        | Calls::getL1PricingEquilibrationUnits(_)
        | Calls::getL1PricingFundsDueForRewards(_)
        | Calls::getLastL1PricingUpdateTime(_)
        | Calls::getL1PricingUnitsSinceUpdate(_) => constant(call, 0)?,
    })
}

fn price<DB: Database>(call: &mut Call<'_, DB>, price: Price) -> Done<U256, DB> {
    call.burn_reads(1)?;
    Ok(price.get(call.ctx)?)
}

/// Prices in wei: of L1 data, of storage, and of gas at the minimum and above it.
fn prices_in_wei<DB: Database>(call: &mut Call<'_, DB>, base_fee: U256) -> Done<Vec<u8>, DB> {
    let per_byte = price(call, Price::L1DataUnit)?.saturating_mul(U256::from(UNITS_PER_BYTE));
    let base = price(call, Price::MinimumBaseFee)?.min(base_fee);
    Ok(getPricesInWeiCall::abi_encode_returns(&getPricesInWeiReturn {
        perL2Tx: per_byte.saturating_mul(U256::from(SIMPLE_TX_BYTES)),
        perL1CalldataByte: per_byte,
        perStorageAllocation: base_fee.saturating_mul(U256::from(STORAGE_ALLOCATION_GAS)),
        perArbGasBase: base,
        perArbGasCongestion: base_fee.saturating_sub(base),
        perArbGasTotal: base_fee,
    }))
}

/// Prices in gas, rounded down.
fn prices_in_gas<DB: Database>(call: &mut Call<'_, DB>, base_fee: U256) -> Done<Vec<u8>, DB> {
    let per_byte = price(call, Price::L1DataUnit)?.saturating_mul(U256::from(UNITS_PER_BYTE));
    let per_tx = per_byte.saturating_mul(U256::from(SIMPLE_TX_BYTES));
    Ok(getPricesInArbGasCall::abi_encode_returns(&getPricesInArbGasReturn {
        perL2Tx: per_tx.checked_div(base_fee).unwrap_or_default(),
        perL1CalldataByte: per_byte.checked_div(base_fee).unwrap_or_default(),
        perStorageAllocation: U256::from(STORAGE_ALLOCATION_GAS),
    }))
}

/// A word that never changes, read like one that could.
fn constant<DB: Database>(call: &mut Call<'_, DB>, figure: u64) -> Done<Vec<u8>, DB> {
    call.burn_reads(1)?;
    Ok(U256::from(figure).to_be_bytes_vec())
}
