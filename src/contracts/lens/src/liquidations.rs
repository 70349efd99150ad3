//! What a liquidation would do now: the room the auction contract leaves, the size the vault contract would find, the keeper's reward.

use alloc::vec::Vec;

use alloy_primitives::{Address, U256};
use common::{Outcome, Refusal, ask, refuse};
use interface::{IAuction, ILens, IOracle, IShared, IVault};
use kernel::{
    books,
    bounds::{self, CAP_MAX_RAW, RawTerms},
    curve::{self, Terms},
    health::health_factor,
    incentive::{Reward, Started, earned_down},
    liquidation::{self, Position, Side, Sizing, size},
    stop::Act,
};
use stylus_sdk::prelude::*;
use units::{Bps, OutOfRange, Raw};

use crate::{
    market::{Looked, Market},
    ranges::range_of,
    storage::Lens,
};

impl Lens {
    /// What `liquidate` would do now with a vault and one of its collaterals, and what it would pay its keeper; the same refusals.
    pub fn preview_liquidation(&self, vault_id: U256, collateral: Address) -> Outcome<ILens::Preview> {
        let (room_raw, terms) = self.room(collateral)?;
        let mut market = self.market()?;
        let (_, looked) = self.look(&mut market, vault_id)?;
        let position = self.position_for_sale(&market, &looked, vault_id, collateral)?;
        let sizing = size(&position, &market.sizing.rule(market.lent.min_debt_raw), room_raw).map_err(|refusal| {
            let health_wad = health_factor(position.threshold_value_wad, position.debt_value_wad).0;
            refused(refusal, vault_id, collateral, health_wad)
        })?;
        let Market { books, unpaid, .. } = &mut market;
        let shares = looked.contents.shares;
        books.start_liquidation(&mut unpaid.on_auction_raw, shares, sizing.debt_raw).map_err(not_booked)?;
        // The auction contract has no use for it here but its refusal.
        curve::start(position.price, &terms)?;
        let reward_raw = self.reward(&mut market, &position, &sizing)?;
        Ok(ILens::Preview {
            lotRaw: sizing.lot_raw.0,
            debtRaw: sizing.debt_raw.0,
            dueRaw: sizing.due_raw.0,
            priceRay: position.price.0,
            rewardRaw: reward_raw.0,
        })
    }

    /// What may still be due in new auctions of a collateral, and how it is sold; the refusals of `liquidate` before it looks at the
    /// vault.
    fn room(&self, collateral: Address) -> Outcome<(Raw, Terms)> {
        let auction = self.auction()?;
        let (level,) = ask(self.vm(), auction, IAuction::stopCall {})?;
        if Act::Start.is_stopped(level.saturating_to()) {
            return Err(refuse!(IAuction::Stopped { level }));
        }
        let (terms,) = ask(self.vm(), auction, IAuction::termsCall { collateral })?;
        let (cap_raw, _) = ask(self.vm(), auction, IAuction::limitsCall {})?;
        let (all_raw, collateral_raw) = ask(self.vm(), auction, IAuction::onSaleCall { collateral })?;
        let room_raw = room_under(cap_raw, all_raw)?.min(room_under(terms.capRaw, collateral_raw)?);
        Ok((Raw(room_raw.min(CAP_MAX_RAW)), kernel_terms(&terms)?))
    }

    /// The vault at the prices a sale may start on.
    fn position_for_sale(
        &self,
        market: &Market,
        looked: &Looked,
        vault_id: U256,
        collateral: Address,
    ) -> Outcome<Position> {
        let mut assets = Vec::from([market.lent.asset]);
        assets.extend(looked.held.iter().map(|held| held.known.listing.token));
        let (oracle, count) = (market.pricing.oracle, assets.len());
        let (ranges,) = ask(self.vm(), oracle, IOracle::rangesCall { assets })?;
        let [debt_range, held_ranges @ ..] = ranges.as_slice() else {
            return Err(refuse!(IShared::CallFailed { target: oracle }));
        };
        if ranges.len() != count {
            return Err(refuse!(IShared::CallFailed { target: oracle }));
        }
        let mut debt = market.debt(looked.debt_raw);
        debt.price_wad = range_of(debt_range).for_sale(Side::Debt);
        if debt.price_wad.is_zero() {
            return Err(refuse!(IOracle::AssetShutDown { asset: market.lent.asset }));
        }
        let mut holdings = looked.holdings();
        for (holding, range) in holdings.iter_mut().zip(held_ranges) {
            holding.price_wad = range_of(range).for_sale(Side::Collateral);
        }
        let sold = looked.held.iter().enumerate().find(|(_, held)| held.known.listing.token == collateral);
        if let Some((index, held)) = sold
            && let Some(position) =
                Position::of(&debt, &holdings, index, held.known.listing.penalty, market.lent.min_debt_raw)?
        {
            return Ok(position);
        }
        self.require_listed(collateral)?;
        Err(refuse!(IVault::NothingToSell { vaultId: vault_id, collateral }))
    }

    /// What the keeper would be paid, out of the surplus and the cash as the start leaves them.
    fn reward(&self, market: &mut Market, position: &Position, sizing: &Sizing) -> Outcome<Raw> {
        let auction = self.auction()?;
        let (reward,) = ask(self.vm(), auction, IAuction::rewardCall {})?;
        let (_, min_due_raw) = ask(self.vm(), auction, IAuction::limitsCall {})?;
        let started = Started {
            lot_raw: sizing.lot_raw,
            debt_raw: sizing.debt_raw,
            due_raw: sizing.due_raw,
            price: position.price,
            restarts: U256::ZERO,
        };
        let reward = Reward {
            flat_raw: Raw(reward.flatRaw),
            share: Bps(reward.shareBps.saturating_to()),
            max_penalty: Bps(reward.maxPenaltyBps.saturating_to()),
        };
        let amount_raw = earned_down(&reward, &started, Raw(min_due_raw))?;
        Ok(market.books.pay_reward(&market.unpaid, amount_raw)?)
    }
}

/// Terms of the auction contract's, which has let none pass but these.
fn kernel_terms(terms: &IAuction::Terms) -> Result<Terms, OutOfRange> {
    let raw = RawTerms {
        curve: terms.curve,
        cut_ray: terms.cutRay,
        step_secs: terms.stepSecs,
        buffer_bps: terms.bufferBps,
        tail_secs: terms.tailSecs,
        cusp_bps: terms.cuspBps,
        floor_bps: terms.floorBps,
        cap_raw: terms.capRaw,
    };
    bounds::terms(&raw).map_err(|_| OutOfRange)
}

fn room_under(cap_raw: U256, due_raw: U256) -> Outcome<U256> {
    let room_raw = cap_raw.saturating_sub(due_raw);
    if room_raw.is_zero() {
        return Err(refuse!(IAuction::CapReached { onSaleRaw: due_raw, capRaw: cap_raw }));
    }
    Ok(room_raw)
}

/// Why the vault contract would not book what it has sized: debt that is no share of the books' is an amount of nothing.
fn not_booked(refusal: books::Refusal) -> Refusal {
    if refusal == books::Refusal::RoundsToZero { refuse!(IShared::ZeroAmount {}) } else { OutOfRange.into() }
}

/// Why the vault contract would not liquidate.
fn refused(refusal: liquidation::Refusal, vault_id: U256, collateral: Address, health_wad: U256) -> Refusal {
    match refusal {
        liquidation::Refusal::Healthy => refuse!(IVault::Healthy { vaultId: vault_id, healthWad: health_wad }),
        liquidation::Refusal::NothingToSell => refuse!(IVault::NothingToSell { vaultId: vault_id, collateral }),
        liquidation::Refusal::NoRoom { room_raw, needed_raw } => {
            refuse!(IVault::NoRoom { roomRaw: room_raw.0, neededRaw: needed_raw.0 })
        }
        liquidation::Refusal::OutOfRange => OutOfRange.into(),
    }
}
