//! What keepers do: start an auction, and start a stale one again.

use alloy_primitives::{Address, U256};
use common::{Outcome, ask, emit, refuse, tell};
use interface::{IAuction, IShared, IVault};
use kernel::{
    curve::{self, Terms},
    incentive::{is_worth_a_reward, reward_cap_down, reward_down},
    stop::Act,
};
use stylus_sdk::prelude::*;
use units::{OutOfRange, Raw, Ray, try_add};

use crate::storage::{Auction, Cap, MAX_DUE_RAW, Sale};

impl Auction {
    /// Starts an auction of `collateral` from an unsafe vault; `keeper` gets the reward. Answers the auction's number.
    pub fn liquidate(&mut self, vault_id: U256, collateral: Address, keeper: Address) -> Outcome<U256> {
        self.require_running(Act::Start)?;
        require_keeper(keeper)?;
        let terms = self.terms_of(collateral)?;
        let room_raw = self.room(collateral)?.min(MAX_DUE_RAW).0;
        let call = IVault::startLiquidationCall { vaultId: vault_id, collateral, roomRaw: room_raw };
        let (plan,) = tell(self.vm(), self.vault_address(), call)?;
        let sale = Sale {
            vault_id,
            collateral,
            lot_raw: Raw(plan.lotRaw),
            debt_raw: Raw(plan.debtRaw),
            due_raw: Raw(plan.dueRaw),
            began_debt_raw: Raw(plan.debtRaw),
            start: curve::start(Ray(plan.priceRay), &terms)?,
            started_at: self.now(),
            restarts: U256::ZERO,
        };
        let auction_id = self.new_number()?;
        self.store_sale(auction_id, &sale)?;
        self.store_sale_terms(auction_id, &terms)?;
        self.recount_due(collateral, Raw::ZERO, sale.due_raw)?;
        let reward_raw = self.pay_keeper(keeper, &sale, Ray(plan.priceRay))?;
        emit!(
            self.vm(),
            IAuction::AuctionStarted {
                auctionId: auction_id,
                vaultId: vault_id,
                collateral,
                lotRaw: sale.lot_raw,
                debtRaw: sale.debt_raw,
                dueRaw: sale.due_raw,
                topRay: sale.start.top,
                floorRay: sale.start.floor,
                keeper,
                rewardRaw: reward_raw,
            },
        );
        Ok(auction_id)
    }

    /// Starts a stale auction again at a fresh price; `keeper` gets the reward.
    pub fn restart(&mut self, auction_id: U256, keeper: Address) -> Outcome<()> {
        self.require_running(Act::Restart)?;
        require_keeper(keeper)?;
        let sale = self.stored_sale(auction_id)?;
        let terms = self.stored_sale_terms(auction_id)?;
        if !self.moment(&sale, &terms)?.needs_restart {
            return Err(refuse!(IAuction::RestartNotNeeded { auctionId: auction_id }));
        }
        let (sale, price) = self.begun_again(&sale, &terms)?;
        self.complete_restart(auction_id, &sale, price, keeper)
    }

    /// A stale sale as a restart at this moment leaves it, and the oracle's price it starts from; the oracle's refusals.
    /// A price so low that the sale would begin at its floor, where nothing is sold, is `OutOfRange`.
    pub(crate) fn begun_again(&self, sale: &Sale, terms: &Terms) -> Outcome<(Sale, Ray)> {
        let call = IVault::priceRayCall { collateral: sale.collateral };
        let (price_ray,) = ask(self.vm(), self.vault_address(), call)?;
        let start = curve::start(Ray(price_ray), terms)?;
        if start.top <= start.floor {
            return Err(OutOfRange.into());
        }
        let begun_again = Sale { start, started_at: self.now(), restarts: try_add(sale.restarts, U256::ONE)?, ..*sale };
        Ok((begun_again, Ray(price_ray)))
    }

    /// Stores a sale that has begun again, pays the keeper and says so.
    pub(crate) fn complete_restart(
        &mut self,
        auction_id: U256,
        sale: &Sale,
        price: Ray,
        keeper: Address,
    ) -> Outcome<()> {
        self.store_sale(auction_id, sale)?;
        let reward_raw = self.pay_keeper(keeper, sale, price)?;
        emit!(
            self.vm(),
            IAuction::AuctionRestarted {
                auctionId: auction_id,
                topRay: sale.start.top,
                floorRay: sale.start.floor,
                keeper,
                rewardRaw: reward_raw,
                restarts: sale.restarts,
            },
        );
        Ok(())
    }

    /// What may still be put on sale of a collateral: what its own cap and the cap of all leave. `CapReached` where that is
    /// nothing.
    fn room(&self, collateral: Address) -> Outcome<Raw> {
        let all_raw = room_under(&self.all())?;
        Ok(all_raw.min(room_under(&self.cap_of(collateral))?))
    }

    /// Pays the reward for starting a sale at the oracle's price, where the sale is worth one, and never more of it than the
    /// penalty allows; answers what was paid.
    fn pay_keeper(&self, keeper: Address, sale: &Sale, price: Ray) -> Outcome<U256> {
        if !is_worth_a_reward(sale.due_raw, sale.lot_raw, price, self.min_due()) {
            return Ok(U256::ZERO);
        }
        let reward = self.stored_reward();
        let cap_raw = reward_cap_down(sale.due_raw, sale.debt_raw, reward.max_penalty)?;
        let amount_raw = reward_down(reward.flat_raw, reward.share.to_wad(), sale.due_raw)?.min(cap_raw).0;
        if amount_raw.is_zero() {
            return Ok(U256::ZERO);
        }
        let call = IVault::payRewardCall { keeper, amountRaw: amount_raw };
        tell(self.vm(), self.vault_address(), call).map(|(paid_raw,)| paid_raw)
    }
}

fn room_under(cap: &Cap) -> Outcome<Raw> {
    let room_raw = cap.cap_raw.sub_or_zero(cap.due_raw);
    if room_raw.is_zero() {
        return Err(refuse!(IAuction::CapReached { onSaleRaw: cap.due_raw, capRaw: cap.cap_raw }));
    }
    Ok(room_raw)
}

fn require_keeper(keeper: Address) -> Outcome<()> {
    if keeper.is_zero() { Err(refuse!(IShared::ZeroAddress {})) } else { Ok(()) }
}
