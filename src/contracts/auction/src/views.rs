//! What can be read. Prices and slices come from the functions that `take` uses.

use alloc::vec::Vec;

use crate::{
    sales::Opened,
    storage::{Auction, GUARDIAN},
};
use alloy_primitives::{Address, U256};
use common::{Outcome, words::address_in};
use interface::IAuction;
use kernel::{
    curve::{Curve, Terms},
    incentive::Reward,
};

impl Auction {
    /// Whether an auction needs a restart, its price now (of an English one the least next bid), and what is left of lot and due;
    /// all zero where it has ended.
    pub fn status(&self, auction_id: U256) -> Outcome<(bool, U256, U256, U256)> {
        let Ok(opened) = self.opened(auction_id) else {
            return Ok((false, U256::ZERO, U256::ZERO, U256::ZERO));
        };
        let (needs_restart, price) = self.moment(auction_id, &opened)?;
        Ok((needs_restart, price.0, opened.sale.lot_raw.0, opened.sale.due_raw.0))
    }

    /// What a take of `max_lot_raw` would get and owe now, and the price; the same refusals as `take`. Of an English auction, of which
    /// only the whole lot can be bid for: what the least next bid would get and owe; the same refusals as `bid`.
    pub fn quote(&self, auction_id: U256, max_lot_raw: U256) -> Outcome<(U256, U256, U256)> {
        let is_bid_for = |opened: &Opened| opened.terms.curve == Curve::English && max_lot_raw >= opened.sale.lot_raw.0;
        let (slice, price) = if self.opened(auction_id).is_ok_and(|opened| is_bid_for(&opened)) {
            self.least_bid(auction_id)?
        } else {
            let offered = self.offered(auction_id)?;
            (self.slice(&offered.opened.sale, offered.price, max_lot_raw)?, offered.price)
        };
        Ok((slice.slice_raw.0, slice.owed_raw.0, price.0))
    }

    /// A running auction; all zero where it has ended.
    pub fn sale(&self, auction_id: U256) -> Outcome<IAuction::Sale> {
        let Ok(Opened { sale, collateral, start, .. }) = self.opened(auction_id) else {
            return Ok(IAuction::Sale::default());
        };
        Ok(IAuction::Sale {
            vaultId: sale.vault_id,
            collateral,
            lotRaw: sale.lot_raw.0,
            debtRaw: sale.debt_raw.0,
            dueRaw: sale.due_raw.0,
            topRay: start.top.0,
            floorRay: start.floor.0,
            startedAtSecs: sale.started_at.widen(),
            restarts: sale.restarts,
        })
    }

    /// The terms a running auction began with; the cap, which matters only at the start, is zero.
    pub fn sale_terms(&self, auction_id: U256) -> Outcome<IAuction::Terms> {
        self.opened(auction_id).map(|opened| to_abi(opened.terms))
    }

    /// What keepers earn for a restart of a running auction.
    pub fn sale_reward(&self, auction_id: U256) -> Outcome<IAuction::Reward> {
        self.stored_sale(auction_id).map(|sale| to_reward(&self.rules_of(&sale).reward))
    }

    /// The least that a part may leave due in a running auction.
    pub fn sale_min_due(&self, auction_id: U256) -> Outcome<U256> {
        self.stored_sale(auction_id).map(|sale| self.rules_of(&sale).min_due_raw.0)
    }

    /// The numbers of running auctions, from the `offset`-th on, at most `limit` of them.
    pub fn list(&self, offset: U256, limit: U256) -> Outcome<Vec<U256>> {
        let (offset, limit) = (offset.saturating_to(), limit.saturating_to());
        Ok(self.numbers().skip(offset).take(limit).map(U256::from).collect())
    }

    /// How many auctions are running.
    pub fn count(&self) -> Outcome<U256> {
        Ok(U256::from(self.totals().running))
    }

    /// How many auctions there have ever been.
    pub fn auction_count(&self) -> Outcome<U256> {
        Ok(U256::from(self.totals().ever))
    }

    /// What is due in all running auctions, and in those of one collateral.
    pub fn on_sale(&self, collateral: Address) -> Outcome<(U256, U256)> {
        let number = self.listing(collateral).number;
        Ok((self.totals().due_raw.0, self.collateral_at(number).due_raw.0))
    }

    /// How a collateral is sold from now on; `TermsNotSet` where nobody has said.
    pub fn terms(&self, collateral: Address) -> Outcome<IAuction::Terms> {
        self.terms_now(collateral, &self.listing(collateral)).map(to_abi)
    }

    /// What keepers earn for auctions that start now.
    pub fn reward(&self) -> Outcome<IAuction::Reward> {
        Ok(to_reward(&self.rules_now().reward))
    }

    /// The most that may be due at once, and the least that may be left due in auctions that start now.
    pub fn limits(&self) -> Outcome<(U256, U256)> {
        Ok((self.limits_of_all().cap_raw.0, self.rules_now().min_due_raw.0))
    }

    /// How far sales are stopped: 0 not, 1 no new auctions, 2 no restarts either, 3 no takes either.
    pub fn stop(&self) -> Outcome<U256> {
        Ok(U256::from(self.stored_stop().level))
    }

    /// When takes were last stopped or let go on; zero where they never were stopped.
    pub fn takes_changed_at(&self) -> Outcome<U256> {
        Ok(self.stored_stop().takes_changed_at.widen())
    }

    /// Who may stop more; zero where nobody but the owner may.
    pub fn guardian(&self) -> Outcome<Address> {
        Ok(address_in(GUARDIAN.get(self)))
    }

    /// The vault contract.
    pub fn vault(&self) -> Outcome<Address> {
        Ok(self.vault_address())
    }
}

fn to_reward(reward: &Reward) -> IAuction::Reward {
    IAuction::Reward {
        flatRaw: reward.flat_raw.0,
        shareBps: reward.share.widen(),
        maxPenaltyBps: reward.max_penalty.widen(),
    }
}

fn to_abi(terms: Terms) -> IAuction::Terms {
    IAuction::Terms {
        curve: U256::from(terms.curve.number()),
        cutRay: terms.cut.0,
        stepSecs: terms.step.widen(),
        bufferBps: terms.buffer.widen(),
        tailSecs: terms.tail.widen(),
        cuspBps: terms.cusp.widen(),
        floorBps: terms.floor.widen(),
        capRaw: terms.cap.0,
    }
}
