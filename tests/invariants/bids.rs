//! English auctions: whose the money is that the auction contract holds, and what a bid, its end and a refund may do.

use crate::{
    handler::{Kind, Step},
    ledger::Ledger,
    seen::{BIDDERS, Seen, index_in},
};
use alloy_primitives::U256;
use support::{Done, Revert, System};

/// What holds after every step.
pub(crate) fn standing(system: &System, ledger: &Ledger, after: &Seen) {
    let usd = system.at.usd.token;
    let held = after.holding("auction contract", "usd");
    let (owed, given) = (ledger.bids.held_raw(), ledger.given(system.at.auction, usd));
    assert_eq!(held, owed + given, "[E1] it holds for bidders, and was given {given}");
    for (name, token) in [("weth", system.at.weth.token), ("wbtc", system.at.wbtc.token)] {
        let kept = ledger.bids.kept_raw.get(&token).copied().unwrap_or_default();
        let given = ledger.given(system.at.auction, token);
        assert_eq!(
            after.holding("auction contract", name),
            kept + given,
            "[E1] of {name}, of which it was given {given}"
        );
    }
    let of = |who| ledger.bids.refunds_raw.get(&who).copied().unwrap_or_default();
    assert_eq!(after.refunds_raw, BIDDERS.map(of), "[E2] refunds by events");
    for (sale, bid) in after.sales.iter().zip(&after.bids) {
        let Ok(bid) = bid else { continue };
        let leading = ledger.bids.leading.get(&sale.auction_id).copied().unwrap_or_default();
        assert_eq!((bid.bidder, bid.owedRaw), leading, "[E2] who leads auction {}", sale.auction_id);
        if !bid.bidder.is_zero() {
            assert!(bid.bidRay >= sale.sale.sale.floorRay, "[E3] a bid of {} below the reserve price", bid.bidRay);
            let worth = bid.sliceRaw.widening_mul::<256, 4, 512, 8>(bid.bidRay);
            let paid = bid.owedRaw.widening_mul::<256, 4, 512, 8>(U256::from(support::system::RAY));
            assert!(paid >= worth, "[E3] {} pays less than the slice is worth at its bid", bid.bidder);
            assert!(
                bid.owedRaw <= sale.sale.sale.dueRaw && bid.sliceRaw <= sale.sale.sale.lotRaw,
                "[E3] more than there is"
            );
        }
    }
}

/// What one call did.
pub(crate) fn call(before: &Seen, step: &Step, ended: &Result<Done, Revert>, after: &Seen) {
    match step.kind {
        Kind::Bid { auction_id, bid_ray } => {
            if ended.is_err() {
                return;
            }
            let index = position(before, auction_id).expect("it was running");
            let sale = &before.sales[index];
            let last = before.bids[index].as_ref().expect("[E4] it takes bids");
            // The raise is the terms', of the last bid; the first need only reach the reserve price.
            let raised = last.bidRay.widening_mul::<256, 4, 512, 8>(sale.terms.cutRay);
            let offered = bid_ray.widening_mul::<256, 4, 512, 8>(U256::from(support::system::RAY));
            assert!(offered >= raised && bid_ray >= sale.sale.sale.floorRay, "[E4] {bid_ray} after {}", last.bidRay);
            let later = after.bids[position(after, auction_id).expect("it goes on")].as_ref().expect("[E4] it goes on");
            assert_eq!((later.bidder, later.bidRay), (step.from, bid_ray), "[E4] who leads");
            let (purse, purse_after) = (before.purse(step.from, "usd"), after.purse(step.from, "usd"));
            assert_eq!(purse, purse_after + later.owedRaw, "[E4] paid");
            let now = U256::from(before.time_secs);
            assert!(last.bidder.is_zero() || now < last.endsAtSecs, "[E4] bid at {now}, ended at {}", last.endsAtSecs);
            assert!(later.endsAtSecs > now && later.endsAtSecs >= last.endsAtSecs, "[E4] the end of the bidding");
        }
        Kind::Settle { auction_id } => {
            if ended.is_err() {
                return;
            }
            let index = position(before, auction_id).expect("it was running");
            let bid = before.bids[index].as_ref().expect("[E5] it takes bids");
            let now = U256::from(before.time_secs);
            assert!(!bid.bidder.is_zero() && now >= bid.endsAtSecs, "[E5] settled at {now}: {bid:?}");
            assert!(position(after, auction_id).is_none(), "[E5] it goes on");
            let token = if before.sales[index].sale.collateral == "weth" { "weth" } else { "wbtc" };
            let (held, held_after) = (before.purse(bid.bidder, token), after.purse(bid.bidder, token));
            assert_eq!(held + bid.sliceRaw, held_after, "[E5] the slice");
            let holding = before.holding("auction contract", "usd");
            assert_eq!(holding, after.holding("auction contract", "usd") + bid.owedRaw, "[E5] the payment");
        }
        Kind::Refund => {
            let index = index_in(&BIDDERS, step.from).expect("a bidder");
            let refund = before.refunds_raw[index];
            assert_eq!(ended.is_ok(), !refund.is_zero(), "[E6] a refund of {refund} ended in {ended:?}");
            if ended.is_ok() {
                let (purse, purse_after) = (before.purse(step.from, "usd"), after.purse(step.from, "usd"));
                assert_eq!(purse + refund, purse_after, "[E6] received");
                assert!(after.refunds_raw[index].is_zero(), "[E6] once");
            }
        }
        _ => {}
    }
}

fn position(seen: &Seen, auction_id: U256) -> Option<usize> {
    seen.sales.iter().position(|sale| sale.auction_id == auction_id)
}
