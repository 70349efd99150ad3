//! The keeper at work: has prices recorded, finds unsafe vaults, starts their auctions, restarts stale ones. What to do is the keeper
//! crate's decision.

use super::{parameters as set, stage::Stage};
use crate::chain::ChainError;
use alloy_primitives::{U256, uint};
use interface::{IAuction, ILens, IOracle, IVault};
use keeper::{
    AssetSnapshot, Config, Decision, Holding, Plan, PokeRule, RestartRule, Snapshot, StartRule, VaultSnapshot, decide,
};
use std::collections::BTreeMap;
use units::{RAY_ONE, WAD_ONE, mul_div_down};

/// What the keeper remembers of vaults, so that it need not ask for those that cannot have become unsafe.
#[derive(Debug, Default)]
pub(super) struct Watch {
    seen: BTreeMap<u64, Seen>,
}

#[derive(Debug, Clone)]
struct Seen {
    health_wad: U256,
    prices_raw: [U256; 2],
    at_secs: u64,
}

/// What one round of the keeper found.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Scanned {
    /// Vaults below a health of one.
    pub(super) unsafe_vaults: u64,
    /// Auctions started.
    pub(super) started: u64,
}

/// The keeper asks for a vault again when its health may have fallen to this: what interest, ramps and roundings can take in
/// [`ASK_AGAIN_SECS`] beside the prices is less than the two percent above one.
const CLOSE_WAD: U256 = uint!(1_020_000_000_000_000_000_U256);
/// A vault is asked again after this in any case.
const ASK_AGAIN_SECS: u64 = 86_400;
/// A vault has two collaterals, and each can be sold once in a round.
const SALES_PER_ROUND: usize = 2;

impl Watch {
    /// Forgets everything: vaults have changed.
    pub(super) fn forget(&mut self) {
        self.seen.clear();
    }

    /// Whether the vault's health may be below `close_wad`. Health is a sum of prices over a debt that stands still between two looks,
    /// so it is at least the health seen times the smallest ratio of a price now to the price then.
    pub(super) fn may_be_below(&self, close_wad: U256, vault: u64, prices_raw: [U256; 2], now_secs: u64) -> bool {
        let Some(seen) = self.seen.get(&vault) else {
            return true;
        };
        if now_secs.saturating_sub(seen.at_secs) >= ASK_AGAIN_SECS {
            return true;
        }
        let mut least_wad = seen.health_wad;
        for (now, then) in prices_raw.iter().zip(seen.prices_raw) {
            // A health without debt is the largest number; times a ratio above one it does not fit, and is not close.
            least_wad = least_wad.min(mul_div_down(seen.health_wad, *now, then).unwrap_or(U256::MAX));
        }
        least_wad < close_wad
    }
}

/// The keeper's jobs: it starts, restarts and has prices recorded whatever it is paid, as a keeper of the lenders does, because
/// insolvent vaults pay nothing.
fn config() -> Config {
    Config {
        start: Some(StartRule { min_reward_raw: U256::ZERO }),
        restart: Some(RestartRule { min_reward_raw: U256::ZERO }),
        take: None,
        poke: Some(PokeRule::default()),
    }
}

/// Has the oracle record each asset's price where the last record is old, or its state where that has changed.
pub(super) fn record_prices(stage: &mut Stage) -> Result<(), ChainError> {
    let (config, oracle, keeper) = (config(), stage.system.oracle, stage.people.keeper);
    let [first, second] = stage.system.collaterals.each_ref().map(|collateral| collateral.token);
    for asset in [stage.system.debt_asset, first, second] {
        let found = stage.chain.ask(oracle, &IOracle::reportCall { asset })?;
        let recorded = stage.chain.ask(oracle, &IOracle::recordedCall { asset })?;
        let snapshot = AssetSnapshot {
            asset,
            has_feed: !stage.chain.ask(oracle, &IOracle::feedCall { asset })?.aggregator.is_zero(),
            state: found.state.saturating_to(),
            recorded_state: recorded.state.saturating_to(),
            recorded_at_secs: recorded.atSecs.saturating_to(),
            now_secs: stage.chain.now_secs(),
        };
        let decision = decide(&Snapshot::Asset(snapshot), &config);
        stage.keeper_tally.count(&decision);
        if let Decision::Act(Plan::Poke { asset }) = decision {
            stage.chain.send("poke", keeper, oracle, &IOracle::pokeCall { asset })?;
        }
    }
    Ok(())
}

/// Looks at every vault that may be unsafe and starts what should be started.
pub(super) fn scan(stage: &mut Stage, prices_raw: [U256; 2]) -> Result<Scanned, ChainError> {
    let config = config();
    let mut scanned = Scanned::default();
    let vaults: u64 = stage.chain.ask(stage.system.vault, &IVault::vaultCountCall {})?.saturating_to();
    let may_be_unsafe = |vault: &u64| stage.watch.may_be_below(CLOSE_WAD, *vault, prices_raw, stage.chain.now_secs());
    if !(1..=vaults).any(|vault| may_be_unsafe(&vault)) {
        return Ok(scanned);
    }
    // One question for all vaults; only what is unsafe is looked at closer.
    let all = ILens::healthFactorsCall { firstId: U256::ONE, limit: U256::from(vaults) };
    let healths_wad = stage.chain.ask(stage.system.lens, &all)?;
    for (vault, health_wad) in (1..=vaults).zip(healths_wad) {
        // The largest number also stands for a vault whose assets have no price: that is no health to go by later.
        if health_wad != U256::MAX {
            stage.watch.seen.insert(vault, Seen { health_wad, prices_raw, at_secs: stage.chain.now_secs() });
        }
        if health_wad >= WAD_ONE {
            continue;
        }
        for sale in 0..SALES_PER_ROUND {
            let snapshot = vault_snapshot(stage, vault, prices_raw)?;
            let is_unsafe = snapshot.health_wad.is_some_and(|health_wad| health_wad < WAD_ONE);
            scanned.unsafe_vaults = scanned.unsafe_vaults.saturating_add(u64::from(is_unsafe && sale == 0));
            let decision = decide(&Snapshot::Vault(snapshot), &config);
            stage.keeper_tally.count(&decision);
            let Decision::Act(Plan::Liquidate { vault_id, collateral }) = decision else {
                break;
            };
            if !start(stage, vault_id, collateral)? {
                break;
            }
            scanned.started = scanned.started.saturating_add(1);
        }
    }
    Ok(scanned)
}

/// Starts an auction, if the contract agrees that it can be started now.
fn start(stage: &mut Stage, vault_id: U256, collateral: alloy_primitives::Address) -> Result<bool, ChainError> {
    let (auction, keeper) = (stage.system.auction, stage.people.keeper);
    let call = IAuction::liquidateCall { vaultId: vault_id, collateral, keeper };
    let preview = ILens::previewLiquidationCall { vaultId: vault_id, collateral };
    let Some(preview) = stage.chain.ask_maybe(stage.system.lens, &preview)? else {
        stage.keeper_tally.count_refused();
        return Ok(false);
    };
    stage.chain.send("liquidate", keeper, auction, &call)?;
    stage.previewed_due_raw = stage.previewed_due_raw.saturating_add(preview.dueRaw);
    stage.watch.forget();
    stage.hear();
    Ok(true)
}

fn vault_snapshot(stage: &mut Stage, vault: u64, prices_raw: [U256; 2]) -> Result<VaultSnapshot, ChainError> {
    let (chain, contract, vault_id) = (&stage.chain, stage.system.vault, U256::from(vault));
    let account = chain.ask_maybe(contract, &IVault::accountCall { vaultId: vault_id })?;
    let (debt_raw, health_wad) = match account {
        Some(account) => (account.debtRaw, Some(account.healthWad)),
        None => (chain.ask(contract, &IVault::debtOfCall { vaultId: vault_id })?, None),
    };
    // Only what is unsafe is looked at closer: the decision about any other vault does not depend on what it holds.
    let is_unsafe = health_wad.is_some_and(|health_wad| health_wad < WAD_ONE);
    let holdings = if is_unsafe { holdings(stage, vault_id)? } else { Vec::new() };
    if let Some(health_wad) = health_wad {
        stage.watch.seen.insert(vault, Seen { health_wad, prices_raw, at_secs: stage.chain.now_secs() });
    }
    // What it would earn makes no difference to this keeper.
    let reward_raw = U256::ZERO;
    Ok(VaultSnapshot { vault_id, health_wad, debt_raw, holdings, min_due_raw: set::min_due_raw(), reward_raw })
}

fn holdings(stage: &Stage, vault_id: U256) -> Result<Vec<Holding>, ChainError> {
    let (chain, system) = (&stage.chain, &stage.system);
    let limits = chain.ask(system.auction, &IAuction::limitsCall {})?;
    let mut holdings = Vec::new();
    for collateral in chain.ask(system.vault, &IVault::collateralsOfCall { vaultId: vault_id })? {
        let amount_raw = chain.ask(system.vault, &IVault::collateralOfCall { vaultId: vault_id, collateral })?;
        let price_ray = chain.ask(system.vault, &IVault::priceRayCall { collateral })?;
        let terms = chain.ask(system.auction, &IAuction::termsCall { collateral })?;
        let on_sale = chain.ask(system.auction, &IAuction::onSaleCall { collateral })?;
        let room_raw =
            limits.capRaw.saturating_sub(on_sale.allRaw).min(terms.capRaw.saturating_sub(on_sale.collateralRaw));
        holdings.push(Holding {
            collateral,
            value_raw: mul_div_down(amount_raw, price_ray, RAY_ONE).unwrap_or(U256::MAX),
            has_terms: !terms.curve.is_zero(),
            room_raw,
        });
    }
    Ok(holdings)
}

/// Restarts what is stale; answers how many.
pub(super) fn restart_stale(stage: &mut Stage) -> Result<u64, ChainError> {
    let config = config();
    let markets = stage.market_prices()?;
    let mut restarted = 0_u64;
    for auction_id in stage.running()? {
        let snapshot = stage.look_at(auction_id, &markets)?;
        let decision = decide(&Snapshot::Auction(snapshot), &config);
        stage.keeper_tally.count(&decision);
        if let Decision::Act(Plan::Restart { auction_id }) = decision {
            let (auction, keeper) = (stage.system.auction, stage.people.keeper);
            let call = IAuction::restartCall { auctionId: auction_id, keeper };
            if !stage.chain.would_succeed(keeper, auction, &call)? {
                stage.keeper_tally.count_refused();
                continue;
            }
            stage.chain.send("restart", keeper, auction, &call)?;
            restarted = restarted.saturating_add(1);
        }
    }
    Ok(restarted)
}

#[cfg(test)]
mod tests;
