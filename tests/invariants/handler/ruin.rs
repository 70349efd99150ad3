//! Bringing about bad debt: a vault of one collateral borrows, its collateral falls to a few dollars, all of it is sold, and the loss is
//! covered; now and then all but a few units of what stakers have is lost, and somebody stakes anew. By chance alone that is rare, because
//! each part of it is. Other actions come in between.

use super::{Handler, Kind, Step, step, vault_at};
use crate::seen::{STAKERS, Seen};
use alloy_primitives::{I256, U256};
use interface::{IAuction, IOracle, IReserve, IVault};
use support::{
    System,
    actors::{BUYER, KEEPER, LENDER, OPERATOR, OWNER, STRANGER},
    doubles::IScriptedFeed,
    system::{Asset, FEED_DOLLAR, USD, WBTC, WETH, usual_terms},
};

/// A ruin under way.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Ruin {
    stage: u8,
    asset: Asset,
    /// Of the asset among the collaterals.
    index: usize,
    vault_id: U256,
}

impl Handler {
    /// The next step of a ruin, or the first of another; none where no vault can be ruined or where it is done.
    pub(super) fn ruin(&mut self, system: &System, seen: &Seen) -> Option<Step> {
        let mut ruin = match self.ruin {
            Some(ruin) => ruin,
            None => self.begin_ruin(system, seen)?,
        };
        // A stage that has nothing to do gives way to the next.
        while ruin.stage <= 13 {
            let stage = ruin.stage;
            ruin.stage += 1;
            self.ruin = Some(ruin);
            if let Some(step) = self.stage(system, seen, ruin, stage) {
                return Some(step);
            }
        }
        self.ruin = None;
        None
    }

    fn begin_ruin(&mut self, system: &System, seen: &Seen) -> Option<Ruin> {
        let (asset, index, _) = self.asset(system);
        let ids: Vec<usize> = (0..seen.vaults.len())
            .filter(|id| seen.vaults[*id].held_raw[1 - index].is_zero() && !seen.vaults[*id].owner.is_zero())
            .collect();
        (!ids.is_empty()).then(|| Ruin { stage: 0, asset, index, vault_id: U256::from(self.random.pick(&ids) + 1) })
    }

    fn stage(&mut self, system: &System, seen: &Seen, ruin: Ruin, stage: u8) -> Option<Step> {
        let (at, Ruin { asset, index, vault_id, .. }) = (system.at, ruin);
        let vault = vault_at(seen, vault_id)?;
        let (owner, is_weth) = (vault.owner, index == 0);
        let (usual, whole) = if is_weth { (2_000, 30 * WETH) } else { (40_000, 3 * WBTC / 2) };
        let push = |dollars: i128| {
            let answer = I256::try_from(dollars * FEED_DOLLAR).expect("small");
            step(Kind::Price, OPERATOR, asset.feed, &IScriptedFeed::pushCall { answer })
        };
        let sale = seen.sales.iter().find(|sale| sale.sale.sale.vaultId == vault_id);
        match stage {
            0 | 13 => Some(push(usual)),
            1 => {
                let is_stopped = !system.ask(at.auction, &IAuction::stopCall {}).is_zero();
                let release = IAuction::setStopCall { level: U256::ZERO };
                is_stopped.then(|| step(Kind::Stop, OWNER, at.auction, &release))
            }
            2 => {
                let amount_raw = U256::from(self.random.part_of(5_000 * USD));
                let call = IReserve::stakeCall { amountRaw: amount_raw, staker: self.random.pick(&STAKERS) };
                self.random.one_in(2).then(|| step(Kind::Stake { amount_raw }, LENDER, at.reserve, &call))
            }
            3 => {
                let call =
                    IVault::depositCall { vaultId: vault_id, collateral: asset.token, amountRaw: U256::from(whole) };
                Some(step(Kind::Deposit, owner, at.vault, &call))
            }
            4 => {
                let account = system.try_ask(at.vault, &IVault::accountCall { vaultId: vault_id }).ok()?;
                let room_wad = account.ltvValueWad.saturating_sub(account.debtValueWad);
                let room_raw = (room_wad / U256::from(1_000_000_000_000_u64)).saturating_to::<u128>() / 100 * 99;
                // Sometimes less than the surplus, sometimes more than surplus and stakes together.
                let wanted_raw = self.random.pick(&[1_000 * USD, 4_000 * USD, 12_000 * USD, u128::MAX]);
                let call = IVault::borrowCall {
                    vaultId: vault_id,
                    amountRaw: U256::from(room_raw.min(wanted_raw)),
                    to: owner,
                };
                Some(step(Kind::Borrow { vault_id }, owner, at.vault, &call))
            }
            5 => {
                let terms = system.ask(at.auction, &IAuction::termsCall { collateral: asset.token });
                let call = IAuction::setTermsCall { collateral: asset.token, newTerms: usual_terms() };
                (terms.curve == U256::from(4)).then(|| step(Kind::Parameter, OWNER, at.auction, &call))
            }
            6 if vault.debt_raw.is_zero() => None,
            // Or it is shut down, and its debt is given up.
            6 if self.random.one_in(8) => {
                let down = IOracle::setStopCall { asset: asset.token, level: U256::from(2) };
                Some(step(Kind::Feeds, OWNER, at.oracle, &down))
            }
            6 => Some(push(i128::from(self.random.between(1, 40)) * if is_weth { 1 } else { 20 })),
            7 => {
                let call = IAuction::liquidateCall { vaultId: vault_id, collateral: asset.token, keeper: KEEPER };
                Some(step(Kind::Liquidate { vault_id, collateral: asset.token }, KEEPER, at.auction, &call))
            }
            8 => {
                let auction_id = sale?.auction_id;
                let (max_lot_raw, max_price_ray, recipient) = (U256::MAX, U256::MAX, BUYER);
                let call = IAuction::takeCall {
                    auctionId: auction_id,
                    maxLotRaw: max_lot_raw,
                    maxPriceRay: max_price_ray,
                    recipient,
                    data: Vec::new().into(),
                };
                let kind = Kind::Take { auction_id, max_lot_raw, max_price_ray, recipient, within: None };
                Some(step(kind, BUYER, at.auction, &call))
            }
            9 if !seen.reserve.queued.1.is_zero() => Some(super::pass(self.random.pick(&[700, 4_000, 60_000]))),
            // What the lenders would bear is given, and a few units more, so that those are left of what stakers have.
            10 if !seen.reserve.lenders_loss_raw.is_zero()
                && !seen.reserve.shares.is_zero()
                && self.random.one_in(3) =>
            {
                let amount_raw = seen.reserve.lenders_loss_raw + U256::from(self.random.between(1, 1_000));
                Some(step(
                    Kind::Give { amount_raw },
                    LENDER,
                    at.reserve,
                    &IReserve::donateCall { amountRaw: amount_raw },
                ))
            }
            11 if !seen.reserve.queued.1.is_zero() => {
                Some(step(Kind::Cover, STRANGER, at.reserve, &IReserve::coverCall {}))
            }
            // Less than what is left, all of it, or much more.
            12 if seen.reserve.queued.1.is_zero() && !seen.reserve.shares.is_zero() => {
                let held_raw = (seen.reserve.assets_raw + seen.reserve.dripping_raw).saturating_to::<u128>();
                let least_raw = held_raw.saturating_sub(1) + u128::from(self.random.between(0, 1));
                let amount_raw =
                    U256::from(self.random.pick(&[least_raw, held_raw + 3_000 * USD, held_raw + 3_000 * USD]));
                let call = IReserve::stakeCall { amountRaw: amount_raw, staker: self.random.pick(&STAKERS) };
                Some(step(Kind::Stake { amount_raw }, LENDER, at.reserve, &call))
            }
            _ => None,
        }
    }
}
