//! What a vault carries and owes at the prices a sale may start on, worked out beside the contracts: the highest a usable source gives for
//! each collateral, the lowest for the debt asset. A vault is sold only where it is unsafe even so.

use alloy_primitives::U256;
use interface::{IOracle, IVault};
use support::{Revert, System};

/// Both in dollars with 18 decimals.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Weighed {
    /// The sum of value times threshold; each rounded down.
    pub(crate) carried_wad: U256,
    /// Rounded up.
    pub(crate) owed_wad: U256,
    pub(crate) debt_raw: U256,
}

/// Weighs a vault now; the refusal of the oracle where a price cannot be had.
pub(crate) fn weigh(system: &System, vault_id: U256) -> Result<Weighed, Revert> {
    let (at, oracle) = (system.at, system.at.oracle);
    let debt_raw = system.try_ask(at.vault, &IVault::debtOfCall { vaultId: vault_id })?;
    let range =
        |asset| system.try_ask(oracle, &IOracle::rangesCall { assets: vec![asset] }).map(|ranges| ranges[0].clone());
    let owed_wad = (debt_raw * range(at.usd.token)?.lowWad).div_ceil(U256::from(support::system::USD));
    let mut carried_wad = U256::ZERO;
    for (asset, unit) in [(at.weth, support::system::WETH), (at.wbtc, support::system::WBTC)] {
        let held = IVault::collateralOfCall { vaultId: vault_id, collateral: asset.token };
        let held_raw = system.try_ask(at.vault, &held)?;
        if held_raw.is_zero() {
            continue;
        }
        let threshold_bps = system.ask(at.vault, &IVault::collateralCall { token: asset.token }).thresholdBps;
        carried_wad += held_raw * range(asset.token)?.highWad * threshold_bps / (U256::from(unit) * U256::from(10_000));
    }
    Ok(Weighed { carried_wad, owed_wad, debt_raw })
}
