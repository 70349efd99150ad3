//! What can be read. Prices and slices come from the functions that `take` uses.

use alloc::vec::Vec;

use alloy_primitives::{Address, U256};
use common::{Outcome, words::address_in};
use interface::IAuction;
use kernel::curve::Terms;

use crate::storage::{Auction, GUARDIAN, HIGH, LIMITS, LOW};

impl Auction {
    /// Whether an auction needs a restart, its price now, and what is left of lot and due; all zero where it has ended.
    pub fn status(&self, auction_id: U256) -> Outcome<(bool, U256, U256, U256)> {
        let Ok(sale) = self.stored_sale(auction_id) else {
            return Ok((false, U256::ZERO, U256::ZERO, U256::ZERO));
        };
        let moment = self.moment(&sale, &self.stored_sale_terms(auction_id)?)?;
        Ok((moment.needs_restart, moment.price.0, sale.lot_raw.0, sale.due_raw.0))
    }

    /// What a take of `max_lot_raw` would get and owe now, and the price; the same refusals as `take`.
    pub fn quote(&self, auction_id: U256, max_lot_raw: U256) -> Outcome<(U256, U256, U256)> {
        let offered = self.offered(auction_id)?;
        let slice = self.slice(&offered.sale, offered.price, max_lot_raw)?;
        Ok((slice.slice_raw.0, slice.owed_raw.0, offered.price.0))
    }

    /// A running auction; all zero where it has ended.
    pub fn sale(&self, auction_id: U256) -> Outcome<IAuction::Sale> {
        let Ok(sale) = self.stored_sale(auction_id) else {
            return Ok(IAuction::Sale {
                vaultId: U256::ZERO,
                collateral: Address::ZERO,
                lotRaw: U256::ZERO,
                debtRaw: U256::ZERO,
                dueRaw: U256::ZERO,
                topRay: U256::ZERO,
                floorRay: U256::ZERO,
                startedAtSecs: U256::ZERO,
                restarts: U256::ZERO,
            });
        };
        Ok(IAuction::Sale {
            vaultId: sale.vault_id,
            collateral: sale.collateral,
            lotRaw: sale.lot_raw.0,
            debtRaw: sale.debt_raw.0,
            dueRaw: sale.due_raw.0,
            topRay: sale.start.top.0,
            floorRay: sale.start.floor.0,
            startedAtSecs: sale.started_at.widen(),
            restarts: sale.restarts,
        })
    }

    /// The terms a running auction began with; the cap, which matters only at the start, is zero.
    pub fn sale_terms(&self, auction_id: U256) -> Outcome<IAuction::Terms> {
        self.stored_sale_terms(auction_id).map(to_abi)
    }

    /// The numbers of running auctions, from the `offset`-th on, at most `limit` of them.
    pub fn list(&self, offset: U256, limit: U256) -> Outcome<Vec<U256>> {
        let (offset, limit) = (offset.saturating_to(), limit.saturating_to());
        Ok(self.numbers().skip(offset).take(limit).map(U256::from).collect())
    }

    /// How many auctions are running.
    pub fn count(&self) -> Outcome<U256> {
        Ok(U256::from(self.running()))
    }

    /// How many auctions there have ever been.
    pub fn auction_count(&self) -> Outcome<U256> {
        Ok(U256::from(self.ever()))
    }

    /// What is due in all running auctions, and in those of one collateral.
    pub fn on_sale(&self, collateral: Address) -> Outcome<(U256, U256)> {
        Ok((self.all().due_raw.0, self.cap_of(collateral).due_raw.0))
    }

    /// How a collateral is sold from now on; `TermsNotSet` where nobody has said.
    pub fn terms(&self, collateral: Address) -> Outcome<IAuction::Terms> {
        self.terms_of(collateral).map(to_abi)
    }

    /// The keeper's reward: flat, a share of what is due, and the share of the penalty it never exceeds.
    pub fn reward(&self) -> Outcome<IAuction::Reward> {
        let reward = self.stored_reward();
        Ok(IAuction::Reward {
            flatRaw: reward.flat_raw.0,
            shareBps: reward.share.widen(),
            maxPenaltyBps: reward.max_penalty.widen(),
        })
    }

    /// The most that may be due at once, and the least that may be left due.
    pub fn limits(&self) -> Outcome<(U256, U256)> {
        let word = LIMITS.get(self);
        Ok((LOW.get(word), HIGH.get(word)))
    }

    /// How far sales are stopped: 0 not, 1 no new auctions, 2 no restarts either, 3 no takes either.
    pub fn stop(&self) -> Outcome<U256> {
        Ok(U256::from(self.stop_level()))
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
