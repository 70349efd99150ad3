//! What keepers do: start an auction, and start a stale one again.

use alloy_primitives::{Address, U256};
use common::{Outcome, ask, emit, refuse, tell};
use interface::{IAuction, IOracle, IShared, IVault};
use kernel::{
    curve,
    incentive::{Started, earned_down},
    stop::Act,
};
use stylus_sdk::prelude::*;
use units::{Raw, Ray, try_add};

use crate::{
    sales::{Opened, Sale},
    storage::{Auction, MAX_DUE_RAW},
};

impl Auction {
    /// Starts an auction of `collateral` from an unsafe vault; `keeper` gets the reward. Answers the auction's number.
    pub fn liquidate(&mut self, vault_id: U256, collateral: Address, keeper: Address) -> Outcome<U256> {
        self.require_running(Act::Start)?;
        self.require_keeper(keeper)?;
        let listing = self.listing(collateral);
        let terms = self.terms_now(collateral, &listing)?;
        let limits = self.limits_of_all();
        let room_raw = room_under(limits.cap_raw, self.totals().due_raw)?
            .min(room_under(listing.cap_raw, self.collateral_at(listing.number).due_raw)?)
            .min(MAX_DUE_RAW);
        let call = IVault::startLiquidationCall { vaultId: vault_id, collateral, roomRaw: room_raw.0 };
        let (plan,) = tell(self.vm(), self.vault_address(), call)?;
        let sale = Sale {
            vault_id,
            lot_raw: Raw(plan.lotRaw),
            debt_raw: Raw(plan.debtRaw),
            due_raw: Raw(plan.dueRaw),
            began_debt_raw: Raw(plan.debtRaw),
            price: Ray(plan.priceRay),
            started_at: self.now(),
            restarts: U256::ZERO,
            number: listing.number,
            terms_version: listing.version,
            rules_version: limits.rules_version,
        };
        let start = curve::start(sale.price, &terms)?;
        let auction_id = self.new_number(sale.number, sale.due_raw)?;
        self.store_sale(auction_id, &sale)?;
        let reward_raw = self.pay_keeper(keeper, &sale)?;
        emit!(
            self.vm(),
            IAuction::AuctionStarted {
                auctionId: auction_id,
                vaultId: vault_id,
                collateral,
                lotRaw: sale.lot_raw,
                debtRaw: sale.debt_raw,
                dueRaw: sale.due_raw,
                topRay: start.top,
                floorRay: start.floor,
                keeper,
                rewardRaw: reward_raw,
            },
        );
        Ok(auction_id)
    }

    /// Starts a stale auction again at a fresh price; `keeper` gets the reward. A bid that came to nothing becomes a refund. A
    /// collateral that was shut down will never have a price again: its auction ends instead, and nobody is rewarded.
    pub fn restart(&mut self, auction_id: U256, keeper: Address) -> Outcome<()> {
        self.require_running(Act::Restart)?;
        self.require_keeper(keeper)?;
        let opened = self.opened(auction_id)?;
        let (needs_restart, _) = self.moment(auction_id, &opened)?;
        if !needs_restart {
            return Err(refuse!(IAuction::RestartNotNeeded { auctionId: auction_id }));
        }
        let price = self.fresh_price(&opened)?;
        if price.is_zero() {
            self.release_bid(auction_id)?;
            return self.give_up(auction_id, &opened, keeper);
        }
        let opened = self.begun_again(&opened, price)?;
        self.release_bid(auction_id)?;
        self.complete_restart(auction_id, &opened, keeper)
    }

    /// The price a stale auction would begin again at, zero where the collateral was shut down; the oracle's refusals.
    pub(crate) fn fresh_price(&self, opened: &Opened) -> Outcome<Ray> {
        let call = IVault::priceRayCall { collateral: opened.collateral };
        ask(self.vm(), self.vault_address(), call).map(|(price_ray,)| Ray(price_ray))
    }

    /// A stale auction as a restart at this moment leaves it; `AssetShutDown` at a price of zero.
    pub(crate) fn begun_again(&self, opened: &Opened, price: Ray) -> Outcome<Opened> {
        if price.is_zero() {
            return Err(refuse!(IOracle::AssetShutDown { asset: opened.collateral }));
        }
        let start = curve::start(price, &opened.terms)?;
        let restarts = try_add(opened.sale.restarts, U256::ONE)?;
        let sale = Sale { price, started_at: self.now(), restarts, ..opened.sale };
        Ok(Opened { sale, start, ..*opened })
    }

    /// Ends an auction that can never begin again: the lot goes back, and the vault contract decides who bears the debt.
    fn give_up(&mut self, auction_id: U256, opened: &Opened, keeper: Address) -> Outcome<()> {
        let sale = opened.sale;
        self.end_sale(auction_id, &sale)?;
        emit!(
            self.vm(),
            IAuction::AuctionEnded {
                auctionId: auction_id,
                vaultId: sale.vault_id,
                returnedLotRaw: sale.lot_raw,
                unpaidDebtRaw: sale.debt_raw,
            },
        );
        let settle = IVault::settleTakeCall {
            vaultId: sale.vault_id,
            collateral: opened.collateral,
            payer: keeper,
            principalRaw: U256::ZERO,
            penaltyRaw: U256::ZERO,
            returnedLotRaw: sale.lot_raw.0,
            unpaidDebtRaw: sale.debt_raw.0,
            isLast: true,
        };
        tell(self.vm(), self.vault_address(), settle)
    }

    /// Stores an auction that has begun again, pays the keeper and says so.
    pub(crate) fn complete_restart(&mut self, auction_id: U256, opened: &Opened, keeper: Address) -> Outcome<()> {
        let Opened { sale, start, .. } = opened;
        self.store_sale(auction_id, sale)?;
        let reward_raw = self.pay_keeper(keeper, sale)?;
        emit!(
            self.vm(),
            IAuction::AuctionRestarted {
                auctionId: auction_id,
                topRay: start.top,
                floorRay: start.floor,
                keeper,
                rewardRaw: reward_raw,
                restarts: sale.restarts,
            },
        );
        Ok(())
    }

    /// What is paid to nobody, or to one of the two contracts, would be lost.
    fn require_keeper(&self, keeper: Address) -> Outcome<()> {
        if keeper.is_zero() { Err(refuse!(IShared::ZeroAddress {})) } else { self.require_recipient(keeper) }
    }

    /// Pays what `kernel::incentive` grants for a start or a restart in this second, by the rules the auction began with;
    /// answers what was paid.
    fn pay_keeper(&self, keeper: Address, sale: &Sale) -> Outcome<U256> {
        let started = Started {
            lot_raw: sale.lot_raw,
            debt_raw: sale.debt_raw,
            due_raw: sale.due_raw,
            price: sale.price,
            restarts: sale.restarts,
        };
        let rules = self.rules_of(sale);
        let amount_raw = earned_down(&rules.reward, &started, rules.min_due_raw)?.0;
        if amount_raw.is_zero() {
            return Ok(U256::ZERO);
        }
        let call = IVault::payRewardCall { keeper, amountRaw: amount_raw };
        tell(self.vm(), self.vault_address(), call).map(|(paid_raw,)| paid_raw)
    }
}

/// What may still be put on sale under a cap; `CapReached` where that is nothing.
fn room_under(cap_raw: Raw, due_raw: Raw) -> Outcome<Raw> {
    let room_raw = cap_raw.sub_or_zero(due_raw);
    if room_raw.is_zero() {
        return Err(refuse!(IAuction::CapReached { onSaleRaw: due_raw, capRaw: cap_raw }));
    }
    Ok(room_raw)
}
