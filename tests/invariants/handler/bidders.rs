//! What bidders do in English auctions.

use super::{Handler, Kind, Step, step};
use crate::seen::{BIDDERS, Seen};
use alloy_primitives::U256;
use interface::IAuction;
use support::{
    System,
    actors::{RIVAL, STRANGER},
    system::{AUCTION_CAP_RAW, RAY},
};

impl Handler {
    pub(super) fn bidding(&mut self, system: &System, seen: &Seen) -> Step {
        let auction = system.at.auction;
        if seen.refunds_raw.iter().any(|refund| !refund.is_zero()) && self.random.one_in(5) {
            let bidder = self.random.pick(&BIDDERS);
            return step(Kind::Refund, bidder, auction, &IAuction::withdrawRefundCall { to: bidder });
        }
        if self.random.one_in(30) {
            let (bidder, collateral) = (self.random.pick(&BIDDERS), system.at.weth.token);
            let call = IAuction::withdrawSliceCall { collateral, to: bidder };
            return step(Kind::WithdrawSlice, bidder, auction, &call);
        }
        let open: Vec<usize> = (0..seen.sales.len()).filter(|index| seen.bids[*index].is_ok()).collect();
        if open.is_empty() && !self.random.one_in(3) {
            // Somebody must sell so first.
            let collateral = self.random.pick(&[system.at.weth.token, system.at.wbtc.token]);
            let terms = self.english_terms();
            let call = IAuction::setTermsCall { collateral, newTerms: terms };
            return step(Kind::Parameter, support::actors::OWNER, auction, &call);
        }
        let index = match (open.as_slice(), self.sale(seen)) {
            (_, None) => None,
            ([], any) => any,
            (open, any) => {
                if self.random.one_in(12) {
                    any
                } else {
                    Some(self.random.pick(open))
                }
            }
        };
        let auction_id = index.map_or(seen.auction_count + U256::ONE, |index| seen.sales[index].auction_id);
        let bid = index.and_then(|index| seen.bids[index].clone().ok());
        // Or a second early.
        let ended =
            bid.as_ref().is_some_and(|bid| !bid.bidder.is_zero() && U256::from(seen.time_secs + 1) >= bid.endsAtSecs);
        if self.random.one_in(if ended { 2 } else { 9 }) {
            return step(
                Kind::Settle { auction_id },
                STRANGER,
                auction,
                &IAuction::settleCall { auctionId: auction_id },
            );
        }
        let least = index
            .map_or(U256::from(RAY), |index| seen.sales[index].status.as_ref().map_or(U256::ZERO, |status| status.1));
        let bid_ray = match self.random.between(0, 9) {
            0 => least.saturating_sub(U256::ONE),
            1..=3 => least,
            4 => least.saturating_mul(U256::from(3)),
            _ => least / U256::from(1_000) * U256::from(self.random.between(1_000, 1_300)) + U256::ONE,
        };
        let call = IAuction::bidCall { auctionId: auction_id, bidRay: bid_ray };
        let bidder = self.random.pick(&[BIDDERS[0], BIDDERS[1], RIVAL, BIDDERS[2]]);
        step(Kind::Bid { auction_id, bid_ray }, bidder, auction, &call)
    }

    /// Terms by which a collateral is sold to whoever bids the most.
    pub(super) fn english_terms(&mut self) -> IAuction::Terms {
        let tail = self.random.pick(&[600_u64, 1_200, 3_600]);
        IAuction::Terms {
            curve: U256::from(4),
            cutRay: U256::from(RAY / 1_000 * u128::from(self.random.between(1_001, 1_100))),
            stepSecs: U256::from(self.random.pick(&[60_u64, 300])),
            bufferBps: U256::ZERO,
            tailSecs: U256::from(tail),
            cuspBps: U256::ZERO,
            floorBps: U256::from(self.random.between(5_000, 9_900)),
            capRaw: U256::from(AUCTION_CAP_RAW),
        }
    }
}
