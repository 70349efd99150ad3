//! What may become of a vault's health, and what a borrower may always do.

use crate::{
    handler::{Kind, Step},
    seen::Seen,
};
use alloy_primitives::U256;
use alloy_sol_types::SolEvent;
use interface::{IOracle, IVault};
use support::{
    Done, Revert, System,
    observe::VaultSeen,
    system::{Asset, RAY, USD, WAD, WBTC, WETH},
};

/// The oracle's status of an asset that was shut down.
const SHUT_DOWN: U256 = U256::from_limbs([20, 0, 0, 0]);

/// Whether a step may change what all vaults are worth or carry.
fn moves_all(step: &Step) -> bool {
    matches!(step.kind, Kind::Wait(_) | Kind::Price | Kind::Sequencer | Kind::Parameter | Kind::Feeds)
}

/// No action makes a safe vault unsafe, and none but one on the vault itself changes its health.
pub(crate) fn healths(before: &Seen, step: &Step, touched: &[U256], ended: &Result<Done, Revert>, after: &Seen) {
    if moves_all(step) {
        return;
    }
    let returned = |id| ended.iter().flat_map(|done| &done.logs).any(|log| is_debt_returned(log, id));
    for (index, (earlier, later)) in before.vaults.iter().zip(&after.vaults).enumerate() {
        let id = U256::from(index + 1);
        if !touched.contains(&id) {
            // A poke may begin a hold, of which a refusal tells the end.
            let (earlier, later) = (earlier.health_wad.as_ref().ok(), later.health_wad.as_ref().ok());
            assert_eq!(earlier, later, "[L4] {} changed the health of {id}", step.call);
        }
        if let (Ok(earlier), Ok(later)) = (&earlier.health_wad, &later.health_wad) {
            let was_safe = *earlier >= U256::from(WAD);
            // What a sale did not pay is owed again beside what the vault kept.
            assert!(
                !was_safe || *later >= U256::from(WAD) || returned(id),
                "[F6] {} made vault {id} unsafe: {earlier} became {later}",
                step.call
            );
        }
    }
}

fn is_debt_returned(log: &support::Log, vault_id: U256) -> bool {
    IVault::DebtReturned::decode_raw_log(&log.topics, &log.data).is_ok_and(|event| event.vaultId == vault_id)
}

/// What a vault owes after a loan or a withdrawal is at most what its collateral carries by its LTV.
pub(crate) fn carried(system: &System, step: &Step, id: U256) {
    let account = system.ask(system.at.vault, &IVault::accountCall { vaultId: id });
    assert!(
        account.debtValueWad <= account.ltvValueWad,
        "[F2] {} left vault {id} owing {} against {}",
        step.call,
        account.debtValueWad,
        account.ltvValueWad
    );
}

/// Debt is bad only where what the vault holds is worth less than the least a vault may owe, and what that is worth it owes on; and where
/// no lot of it is on sale. What was shut down is worth nothing.
pub(crate) fn bad_debt(system: &System, ended: &Result<Done, Revert>, after: &Seen) {
    for log in ended.iter().flat_map(|done| &done.logs) {
        let Ok(event) = IVault::BadDebtRealised::decode_raw_log(&log.topics, &log.data) else { continue };
        let vault = vault_of(after, event.vaultId).expect("it is there");
        let mut worth_raw = U256::ZERO;
        for (held_raw, asset, whole) in
            [(vault.held_raw[0], system.at.weth, WETH), (vault.held_raw[1], system.at.wbtc, WBTC)]
        {
            let (price_wad, usd_wad) = (price(system, asset), price(system, system.at.usd));
            if price_wad.is_zero() || usd_wad.is_zero() {
                continue;
            }
            worth_raw += held_raw * price_wad * U256::from(USD) / (U256::from(whole) * usd_wad);
        }
        let least_raw = U256::from(support::system::MIN_DEBT_RAW);
        assert!(worth_raw < least_raw, "[L6] bad debt of {}, whose collateral is worth {worth_raw}", event.vaultId);
        // The contract's worth is rounded once more than this one.
        let owed_raw = vault.debt_raw + U256::from(2);
        assert!(owed_raw >= worth_raw, "[L6] {} owes {owed_raw}, and holds {worth_raw}", event.vaultId);
        assert!(!on_sale(after, event.vaultId), "[L6] bad debt of {}, of which a lot is on sale", event.vaultId);
    }
}

fn price(system: &System, asset: Asset) -> U256 {
    let peeked = system.ask(system.at.oracle, &IOracle::peekCall { asset: asset.token });
    if peeked.status == SHUT_DOWN { U256::ZERO } else { peeked.priceWad }
}

/// Nothing leaves a vault, and nothing is lent to it, while a lot of it is on sale.
pub(crate) fn drawn(before: &Seen, step: &Step) {
    for part in step.kind.parts() {
        let (Kind::Withdraw { vault_id, .. } | Kind::Borrow { vault_id }) = part else { continue };
        assert!(
            !on_sale(before, *vault_id),
            "[F8] {} took from vault {vault_id}, of which a lot is on sale",
            step.call
        );
    }
}

fn on_sale(seen: &Seen, vault_id: U256) -> bool {
    seen.sales.iter().any(|sale| sale.sale.sale.vaultId == vault_id)
}

fn vault_of(seen: &Seen, id: U256) -> Option<&VaultSeen> {
    seen.vaults.get(usize::try_from(id.to::<u64>()).ok()?.checked_sub(1)?)
}

/// What a refused repayment or withdrawal may be refused for.
pub(crate) fn refused(before: &Seen, step: &Step, is_operator: bool, refusal: &Revert) {
    match step.kind {
        Kind::Repay { vault_id, amount_raw } => {
            let owed_raw = vault_of(before, vault_id).map_or(U256::ZERO, |vault| vault.debt_raw);
            let purse_raw = before.purse(step.from, "usd");
            // So little that it removes no share of debt is no repayment.
            let is_idle = (amount_raw * U256::from(RAY)) / before.books.indexRay == U256::ZERO || owed_raw.is_zero();
            assert!(
                is_idle || purse_raw < amount_raw.min(owed_raw),
                "[F1] {amount_raw} of {owed_raw} by {} with {purse_raw} was refused by {refusal:?}",
                step.from
            );
        }
        Kind::Withdraw { vault_id, index, amount_raw } => {
            let Some(vault) = vault_of(before, vault_id) else { return };
            let is_there = !amount_raw.is_zero() && amount_raw <= vault.held_raw[index];
            let may_act = vault.owner == step.from || is_operator;
            assert!(
                !may_act || on_sale(before, vault_id) || !vault.debt_raw.is_zero() || !is_there,
                "[F7] {amount_raw} of vault {vault_id}, which owes nothing, was refused by {refusal:?}"
            );
        }
        _ => {}
    }
}
