//! The vault contract: keeps collateral and debt, is the only one that changes either, and answers the health factor.
//!
//! The table below is its whole surface; each block of it is a file. A function loads, lets `kernel` decide, stores, emits
//! and calls, in this order. What each promises stands in `abi/IVault.sol`, how storage is laid out in `README.md`.
#![cfg_attr(not(any(test, feature = "export-abi")), no_main)]
#![cfg_attr(not(feature = "export-abi"), deny(missing_docs))]
#![cfg_attr(
    not(test),
    deny(
        clippy::arithmetic_side_effects,
        clippy::unwrap_used,
        clippy::expect_used,
        clippy::panic,
        clippy::indexing_slicing,
        clippy::as_conversions,
        clippy::float_arithmetic
    )
)]

extern crate alloc;

use alloc::vec::Vec;

use alloy_primitives::Address;
use interface::IVault;

// What users call, in the order they meet it.
mod batches;
mod borrowers;
mod funds;
mod liquidations;
mod owners;
mod parameters;
mod views;

// What those are built from.
mod accounts;
mod errors;
mod listings;
mod storage;

pub use storage::Vault;

common::routes! {
    Vault {
        constructor(owner: Address, debt_asset: Address, oracle: Address);
        // Each of these is one word that no change leaves half-done.
        anytime {
            IVault::debtAssetCall => debt_asset();
            IVault::oracleCall => oracle();
            IVault::modulesCall => modules();
            IVault::vaultCountCall => vault_count();
            IVault::ownerOfCall => owner_of(vault_id);
            IVault::isOperatorCall => is_operator(vault_id, operator);
            IVault::offeredToCall => offered_to(vault_id);
        }
        views {
            IVault::accountCall => account(vault_id);
            IVault::healthFactorCall => health_factor(vault_id);
            IVault::priceRayCall => price_ray(collateral);
            IVault::debtOfCall => debt_of(vault_id);
            IVault::collateralOfCall => collateral_of(vault_id, collateral);
            IVault::collateralsOfCall => collaterals_of(vault_id);
            IVault::collateralsCall => collaterals();
            IVault::collateralCall => collateral(token);
            IVault::booksCall => books();
            IVault::extsloadCall => extsload(slots);
        }
        writes {
            // Borrowers
            IVault::openCall => open();
            IVault::depositCall => deposit(vault_id, collateral, amount_raw);
            IVault::withdrawCall => withdraw(vault_id, collateral, amount_raw, to);
            IVault::borrowCall => borrow(vault_id, amount_raw, to);
            IVault::repayCall => repay(vault_id, amount_raw);
            IVault::depositWithPermitCall => deposit_with_permit(vault_id, collateral, amount_raw, deadline_secs, v, r, s);
            IVault::repayWithPermitCall => repay_with_permit(vault_id, amount_raw, deadline_secs, v, r, s);
            IVault::multicallCall => multicall(calls);
            // Who may act for a vault
            IVault::setOperatorCall => set_operator(vault_id, operator, allowed);
            IVault::offerVaultCall => offer_vault(vault_id, to);
            IVault::acceptVaultCall => accept_vault(vault_id);
            // The pool contract
            IVault::fundCall => fund(amount_raw);
            IVault::defundCall => defund(amount_raw, to);
            // The reserve contract
            IVault::fundSurplusCall => fund_surplus(amount_raw);
            IVault::drawSurplusCall => draw_surplus(amount_raw, to);
            IVault::writeDownCall => write_down(amount_raw);
            IVault::accrueCall => accrue();
            // Anyone
            IVault::realiseBadDebtCall => realise_bad_debt(vault_id);
            // The auction contract
            IVault::startLiquidationCall => start_liquidation(vault_id, collateral, room_raw);
            IVault::releaseSliceCall => release_slice(vault_id, collateral, amount_raw, to);
            IVault::settleTakeCall => settle_take(vault_id, collateral, payer, principal_raw, penalty_raw, returned_lot_raw, unpaid_debt_raw, is_last);
            IVault::sellSliceCall => sell_slice(vault_id, collateral, slice_raw, to, payer, principal_raw, penalty_raw, returned_lot_raw, unpaid_debt_raw, is_last);
            IVault::payRewardCall => pay_reward(keeper, amount_raw);
            // The owner
            IVault::setCollateralCall => set_collateral(token, ltv_bps, threshold_bps, penalty_bps, cap_raw);
            IVault::setThresholdCall => set_threshold(token, threshold_bps, ramp_secs);
            IVault::setLimitsCall => set_limits(ceiling_raw, min_debt_raw);
            IVault::setLiquidationRuleCall => set_liquidation_rule(target_health_wad, whole_share_bps);
            IVault::setRateCurveCall => set_rate_curve(new_curve);
            IVault::setModulesCall => set_modules(auction_contract, pool_contract, reserve_contract);
        }
    }
}
