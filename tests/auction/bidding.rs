//! Bidding in English auctions, being outbid, and having it back.

use crate::scene::{
    DEBT, DUE, FIRST, LOT, RESERVE_PRICE, REWARD, STEP_SECS, TAIL_SECS, bid, bidding, check_escrow, english_terms,
    held, liquidate, needs_restart, on_bids, on_sale, owed_up, price, refund, restart, sale, settle, slice_down, take,
    take_bids, unsafe_vault,
};
use alloy_primitives::{Address, B256, U256};
use interface::{IAuction, IShared};
use support::{
    System,
    actors::{BUYER, KEEPER, LENDER, OPERATOR, OWNER, RIVAL, STRANGER},
    doubles::ITestToken,
    system::{USD, event},
};

support::scenarios! {
    both {
        a_bid_leads_until_it_is_outbid_and_what_it_paid_can_be_withdrawn,
        a_quote_is_what_the_least_next_bid_does,
    }
    native {
        an_english_auction_starts_at_its_reserve_price,
        a_bid_above_what_is_due_gets_less_of_the_lot,
        a_bid_below_the_least_is_refused,
        a_bidder_may_outbid_itself,
        a_late_bid_moves_the_end,
        a_bid_after_the_end_is_refused,
        a_bid_at_a_falling_price_and_a_take_of_bids_are_refused,
        a_bid_for_no_auction_is_refused,
        a_bid_without_allowance_is_refused,
        a_bid_so_high_that_it_buys_nothing_is_refused,
        bids_count_as_takes_and_are_stopped_with_them,
        a_bid_that_a_stop_has_interrupted_stops_no_cure,
        bids_are_refused_after_the_sequencer_was_down,
        a_refund_goes_where_its_owner_says_and_only_once,
        a_refund_cannot_go_to_the_system,
        a_cure_before_the_end_releases_the_bid,
        terms_set_during_bidding_do_not_touch_it,
        a_gift_to_the_auction_contract_changes_no_bid,
        english_terms_are_kept_inside_their_bounds,
    }
}

/// 5% above the reserve price.
const NEXT: u128 = RESERVE_PRICE / 100 * 105;

fn an_english_auction_starts_at_its_reserve_price(system: &mut System) {
    on_bids(system);
    let now = sale(system);
    assert_eq!((now.topRay, now.floorRay), (U256::from(RESERVE_PRICE), U256::from(RESERVE_PRICE)));
    let expected =
        IAuction::Bidding { endsAtSecs: system.now() + U256::from(TAIL_SECS), ..IAuction::Bidding::default() };
    assert_eq!(bidding(system), expected);
    assert_eq!(price(system), U256::from(RESERVE_PRICE));
    // The price waits for bids.
    system.wait(TAIL_SECS - 1);
    assert_eq!((price(system), needs_restart(system)), (U256::from(RESERVE_PRICE), false));
    system.wait(1);
    assert!(needs_restart(system), "nobody has bid in time");
}

fn a_bid_leads_until_it_is_outbid_and_what_it_paid_can_be_withdrawn(system: &mut System) {
    on_bids(system);
    let at = system.at;
    let ends_at = system.now() + U256::from(TAIL_SECS);
    let purse = system.balance(at.usd.token, BUYER);
    system.wait(60);
    let first = system.must(BUYER, at.auction, &bid(RESERVE_PRICE));
    let owed = owed_up(LOT, RESERVE_PRICE);
    assert_eq!((first.sliceRaw, first.owedRaw), (U256::from(LOT), owed));
    let placed = IAuction::BidPlaced {
        auctionId: FIRST,
        bidder: BUYER,
        bidRay: U256::from(RESERVE_PRICE),
        sliceRaw: U256::from(LOT),
        owedRaw: owed,
        endsAtSecs: ends_at,
        previousBidder: Address::ZERO,
        refundedRaw: U256::ZERO,
    };
    assert_eq!(system.events(), [event(at.auction, &placed)]);
    assert_eq!(purse - system.balance(at.usd.token, BUYER), owed);
    assert_eq!(system.balance(at.usd.token, at.auction), owed);
    let leads = IAuction::Bidding {
        bidder: BUYER,
        bidRay: U256::from(RESERVE_PRICE),
        sliceRaw: U256::from(LOT),
        owedRaw: owed,
        endsAtSecs: ends_at,
    };
    assert_eq!(bidding(system), leads);
    assert_eq!(price(system), U256::from(NEXT));

    let second = system.must(RIVAL, at.auction, &bid(NEXT));
    assert_eq!((second.sliceRaw, second.owedRaw), (U256::from(LOT), owed_up(LOT, NEXT)));
    let placed = IAuction::BidPlaced {
        auctionId: FIRST,
        bidder: RIVAL,
        bidRay: U256::from(NEXT),
        sliceRaw: U256::from(LOT),
        owedRaw: second.owedRaw,
        endsAtSecs: ends_at,
        previousBidder: BUYER,
        refundedRaw: owed,
    };
    assert_eq!(system.events(), [event(at.auction, &placed)]);
    assert_eq!((bidding(system).bidder, refund(system, BUYER)), (RIVAL, owed));
    check_escrow(system);

    let amount = system.must(BUYER, at.auction, &IAuction::withdrawRefundCall { to: BUYER });
    assert_eq!(amount, owed);
    let withdrawn = IAuction::RefundWithdrawn { bidder: BUYER, to: BUYER, amountRaw: owed };
    assert_eq!(system.events(), [event(at.auction, &withdrawn)]);
    assert_eq!((system.balance(at.usd.token, BUYER), refund(system, BUYER)), (purse, U256::ZERO));
    // Nothing of the sale itself has changed, and the vault has not been paid yet.
    let now = sale(system);
    assert_eq!((now.lotRaw, now.dueRaw, now.debtRaw), (U256::from(LOT), U256::from(DUE), U256::from(DEBT)));
    check_escrow(system);
}

fn a_quote_is_what_the_least_next_bid_does(system: &mut System) {
    on_bids(system);
    let at = system.at;
    for bidder in [BUYER, RIVAL, BUYER, RIVAL, BUYER, RIVAL, BUYER, RIVAL] {
        system.wait(7);
        let quote = system.ask(at.auction, &IAuction::quoteCall { auctionId: FIRST, maxLotRaw: U256::from(LOT) });
        assert_eq!(quote.priceRay, price(system));
        let call = IAuction::bidCall { auctionId: FIRST, bidRay: quote.priceRay };
        let placed = system.must(bidder, at.auction, &call);
        assert_eq!((placed.sliceRaw, placed.owedRaw), (quote.sliceRaw, quote.owedRaw));
        assert_eq!((bidding(system).sliceRaw, bidding(system).owedRaw), (quote.sliceRaw, quote.owedRaw));
        check_escrow(system);
    }
    // The last of them bid for less than the lot, for all that is due.
    assert!(bidding(system).sliceRaw < U256::from(LOT) && bidding(system).owedRaw == U256::from(DUE));
    // A part of the lot is not for sale.
    let part = IAuction::quoteCall { auctionId: FIRST, maxLotRaw: U256::from(LOT - 1) };
    system.ask_refused(at.auction, &part, &IAuction::TakesBids { auctionId: FIRST });
    // After the end a quote is refused as a bid is.
    let ends_at = bidding(system).endsAtSecs;
    system.wait((ends_at - system.now()).to());
    let whole = IAuction::quoteCall { auctionId: FIRST, maxLotRaw: U256::MAX };
    system.ask_refused(at.auction, &whole, &IAuction::BiddingEnded { auctionId: FIRST, endedAtSecs: ends_at });
}

fn a_bid_above_what_is_due_gets_less_of_the_lot(system: &mut System) {
    on_bids(system);
    // Twice the price of the oracle.
    let high = 3_400_000_000_000_000_000;
    let placed = system.must(BUYER, system.at.auction, &bid(high));
    assert_eq!((placed.sliceRaw, placed.owedRaw), (slice_down(DUE, high), U256::from(DUE)));
}

fn a_bid_below_the_least_is_refused(system: &mut System) {
    on_bids(system);
    let auction = system.at.auction;
    let too_low =
        |given: u128, least: u128| IAuction::BidTooLow { bidRay: U256::from(given), minRay: U256::from(least) };
    system.refused(BUYER, auction, &bid(RESERVE_PRICE - 1), &too_low(RESERVE_PRICE - 1, RESERVE_PRICE));
    system.refused(BUYER, auction, &bid(0), &too_low(0, RESERVE_PRICE));
    system.must(BUYER, auction, &bid(RESERVE_PRICE));
    for given in [RESERVE_PRICE, NEXT - 1] {
        system.refused(RIVAL, auction, &bid(given), &too_low(given, NEXT));
    }
    system.must(RIVAL, auction, &bid(NEXT));
}

fn a_bidder_may_outbid_itself(system: &mut System) {
    on_bids(system);
    let at = system.at;
    let purse = system.balance(at.usd.token, BUYER);
    let first = system.must(BUYER, at.auction, &bid(RESERVE_PRICE)).owedRaw;
    let second = system.must(BUYER, at.auction, &bid(NEXT)).owedRaw;
    assert_eq!(refund(system, BUYER), first);
    assert_eq!(purse - system.balance(at.usd.token, BUYER), first + second);
    // Refunds add up.
    let third = system.must(BUYER, at.auction, &bid(2 * NEXT)).owedRaw;
    assert_eq!((refund(system, BUYER), third), (first + second, U256::from(DUE)));
    check_escrow(system);
}

fn a_late_bid_moves_the_end(system: &mut System) {
    on_bids(system);
    let auction = system.at.auction;
    let ends_at = bidding(system).endsAtSecs;
    system.wait(TAIL_SECS - STEP_SECS);
    system.must(BUYER, auction, &bid(RESERVE_PRICE));
    assert_eq!(bidding(system).endsAtSecs, ends_at, "ten minutes are left, no more are needed");
    system.wait(STEP_SECS - 1);
    system.must(RIVAL, auction, &bid(NEXT));
    assert_eq!(bidding(system).endsAtSecs, system.now() + U256::from(STEP_SECS));
    system.wait(STEP_SECS - 1);
    system.refused(
        KEEPER,
        auction,
        &settle(),
        &IAuction::BiddingNotEnded { auctionId: FIRST, endsAtSecs: system.now() + U256::ONE },
    );
    system.wait(1);
    system.must(KEEPER, auction, &settle());
}

fn a_bid_after_the_end_is_refused(system: &mut System) {
    on_bids(system);
    let auction = system.at.auction;
    let ends_at = bidding(system).endsAtSecs;
    let refusal = IAuction::BiddingEnded { auctionId: FIRST, endedAtSecs: ends_at };
    system.must(BUYER, auction, &bid(RESERVE_PRICE));
    for wait in [TAIL_SECS, TAIL_SECS, 1] {
        system.wait(wait);
        system.refused(RIVAL, auction, &bid(NEXT), &refusal);
    }
    // Started again it takes bids; where nobody comes in time it ends again.
    system.must(KEEPER, auction, &restart(FIRST));
    let ends_at = bidding(system).endsAtSecs;
    system.wait(TAIL_SECS);
    system.refused(RIVAL, auction, &bid(NEXT), &IAuction::BiddingEnded { auctionId: FIRST, endedAtSecs: ends_at });
}

fn a_bid_at_a_falling_price_and_a_take_of_bids_are_refused(system: &mut System) {
    on_sale(system);
    let auction = system.at.auction;
    let no_bids = IAuction::TakesNoBids { auctionId: FIRST };
    system.refused(BUYER, auction, &bid(u128::MAX), &no_bids);
    system.refused(BUYER, auction, &settle(), &no_bids);
    system.ask_refused(auction, &IAuction::biddingCall { auctionId: FIRST }, &no_bids);
    // A second vault is sold by bids.
    take_bids(system);
    system.set_price(system.at.weth, 2_000);
    unsafe_vault(system);
    let second = system.must(KEEPER, auction, &liquidate(system, U256::from(2)));
    let call = IAuction::takeCall { auctionId: second, ..take(LOT) };
    system.refused(BUYER, auction, &call, &IAuction::TakesBids { auctionId: second });
    system.must(BUYER, auction, &take(LOT));
}

fn a_bid_for_no_auction_is_refused(system: &mut System) {
    on_bids(system);
    let auction = system.at.auction;
    for auction_id in [U256::ZERO, U256::from(2), U256::MAX] {
        let refusal = IAuction::UnknownAuction { auctionId: auction_id };
        let call = IAuction::bidCall { auctionId: auction_id, bidRay: U256::MAX };
        system.refused(BUYER, auction, &call, &refusal);
        system.refused(BUYER, auction, &IAuction::settleCall { auctionId: auction_id }, &refusal);
        system.ask_refused(auction, &IAuction::biddingCall { auctionId: auction_id }, &refusal);
        system.ask_refused(auction, &IAuction::saleRewardCall { auctionId: auction_id }, &refusal);
    }
}

fn a_bid_without_allowance_is_refused(system: &mut System) {
    on_bids(system);
    let at = system.at;
    let owed = owed_up(LOT, RESERVE_PRICE);
    let refusal = IShared::TransferFailed { token: at.usd.token, from: STRANGER, to: at.auction, amountRaw: owed };
    system.refused(STRANGER, at.auction, &bid(RESERVE_PRICE), &refusal);
    // A bid that cannot pay outbids nobody.
    system.must(BUYER, at.auction, &bid(RESERVE_PRICE));
    let refusal =
        IShared::TransferFailed { token: at.usd.token, from: STRANGER, to: at.auction, amountRaw: owed_up(LOT, NEXT) };
    system.refused(STRANGER, at.auction, &bid(NEXT), &refusal);
    assert_eq!(bidding(system).bidder, BUYER);
}

fn a_bid_so_high_that_it_buys_nothing_is_refused(system: &mut System) {
    on_bids(system);
    let auction = system.at.auction;
    let call = |bid_ray| IAuction::bidCall { auctionId: FIRST, bidRay: bid_ray };
    let due_for_a_unit = U256::from(DUE) * U256::from(support::system::RAY);
    let refusal = IAuction::SliceTooSmall { maxLotRaw: U256::MAX };
    system.refused(BUYER, auction, &call(due_for_a_unit + U256::ONE), &refusal);
    system.refused(BUYER, auction, &call(U256::MAX), &refusal);
    let placed = system.must(BUYER, auction, &call(due_for_a_unit));
    assert_eq!((placed.sliceRaw, placed.owedRaw), (U256::ONE, U256::from(DUE)));
}

fn bids_count_as_takes_and_are_stopped_with_them(system: &mut System) {
    on_bids(system);
    let at = system.at;
    system.must(BUYER, at.auction, &bid(RESERVE_PRICE));
    let whole = IAuction::quoteCall { auctionId: FIRST, maxLotRaw: U256::MAX };
    system.must(OWNER, at.auction, &IAuction::setStopCall { level: U256::from(2) });
    system.must(RIVAL, at.auction, &bid(NEXT));
    system.must(OWNER, at.auction, &IAuction::setStopCall { level: U256::from(3) });
    let stopped = IAuction::Stopped { level: U256::from(3) };
    system.refused(BUYER, at.auction, &bid(2 * NEXT), &stopped);
    system.ask_refused(at.auction, &whole, &stopped);
    // Who was outbid has it back. Who leads has won nothing while nobody could bid more.
    system.must(BUYER, at.auction, &IAuction::withdrawRefundCall { to: BUYER });
    system.wait(TAIL_SECS);
    let stale = IAuction::NeedsRestart { auctionId: FIRST };
    system.refused(STRANGER, at.auction, &settle(), &stale);
    system.must(OWNER, at.auction, &IAuction::setStopCall { level: U256::ZERO });
    system.refused(STRANGER, at.auction, &settle(), &stale);
    system.wait(3 * TAIL_SECS);
    system.refused(STRANGER, at.auction, &settle(), &stale);
    system.refused(
        BUYER,
        at.auction,
        &bid(2 * NEXT),
        &IAuction::BiddingEnded { auctionId: FIRST, endedAtSecs: bidding(system).endsAtSecs },
    );
    assert!(needs_restart(system));
    system.must(KEEPER, at.auction, &restart(FIRST));
    assert_eq!(refund(system, RIVAL), owed_up(LOT, NEXT));
    system.must(BUYER, at.auction, &bid(2 * NEXT));
}

fn a_bid_that_a_stop_has_interrupted_stops_no_cure(system: &mut System) {
    on_bids(system);
    let at = system.at;
    system.must(RIVAL, at.auction, &bid(RESERVE_PRICE));
    system.must(OWNER, at.auction, &IAuction::setStopCall { level: U256::from(3) });
    system.wait(TAIL_SECS);
    system.must(LENDER, at.auction, &IAuction::cureCall { auctionId: FIRST, maxPayRaw: U256::MAX });
}

fn bids_are_refused_after_the_sequencer_was_down(system: &mut System) {
    on_bids(system);
    let at = system.at;
    system.must(BUYER, at.auction, &bid(RESERVE_PRICE));
    system.wait(10);
    let down = system.world.time_secs();
    system.set_sequencer(false, down);
    let refusal = IAuction::NeedsRestart { auctionId: FIRST };
    system.refused(RIVAL, at.auction, &bid(NEXT), &refusal);
    system.wait(10);
    let back = system.world.time_secs();
    system.set_sequencer(true, back);
    assert!(needs_restart(system));
    system.refused(RIVAL, at.auction, &bid(NEXT), &refusal);
    system.ask_refused(at.auction, &IAuction::quoteCall { auctionId: FIRST, maxLotRaw: U256::MAX }, &refusal);
}

fn a_refund_goes_where_its_owner_says_and_only_once(system: &mut System) {
    on_bids(system);
    let at = system.at;
    let none = |bidder| IAuction::NoRefund { bidder };
    let withdraw = IAuction::withdrawRefundCall { to: STRANGER };
    system.refused(BUYER, at.auction, &withdraw, &none(BUYER));
    let owed = system.must(BUYER, at.auction, &bid(RESERVE_PRICE)).owedRaw;
    // A bid that leads is no refund.
    system.refused(BUYER, at.auction, &withdraw, &none(BUYER));
    system.must(RIVAL, at.auction, &bid(NEXT));
    system.refused(RIVAL, at.auction, &withdraw, &none(RIVAL));
    system.must(BUYER, at.auction, &withdraw);
    assert_eq!(system.balance(at.usd.token, STRANGER), owed);
    system.refused(BUYER, at.auction, &withdraw, &none(BUYER));
    check_escrow(system);
}

fn a_refund_cannot_go_to_the_system(system: &mut System) {
    on_bids(system);
    let at = system.at;
    system.must(BUYER, at.auction, &bid(RESERVE_PRICE));
    system.must(RIVAL, at.auction, &bid(NEXT));
    for to in [at.vault, at.auction, Address::ZERO] {
        let call = IAuction::withdrawRefundCall { to };
        system.refused(BUYER, at.auction, &call, &IAuction::BadRecipient { recipient: to });
    }
}

fn a_cure_before_the_end_releases_the_bid(system: &mut System) {
    on_bids(system);
    let at = system.at;
    let before = held(system);
    let owed = system.must(BUYER, at.auction, &bid(RESERVE_PRICE)).owedRaw;
    let cost = U256::from(DEBT + REWARD);
    let paid = system.must(LENDER, at.auction, &IAuction::cureCall { auctionId: FIRST, maxPayRaw: cost });
    assert_eq!(paid, cost);
    let expected = [
        event(at.auction, &IAuction::BidReleased { auctionId: FIRST, bidder: BUYER, refundedRaw: owed }),
        event(
            at.auction,
            &IAuction::AuctionCured {
                auctionId: FIRST,
                vaultId: FIRST,
                payer: LENDER,
                principalRaw: U256::from(DEBT),
                penaltyRaw: U256::from(REWARD),
            },
        ),
        event(
            at.auction,
            &IAuction::AuctionEnded {
                auctionId: FIRST,
                vaultId: FIRST,
                returnedLotRaw: U256::from(LOT),
                unpaidDebtRaw: U256::ZERO,
            },
        ),
    ];
    assert_eq!(system.events()[..3], expected);
    assert_eq!((held(system) - before, refund(system, BUYER)), (U256::from(LOT), owed));
    system.must(BUYER, at.auction, &IAuction::withdrawRefundCall { to: BUYER });
    assert_eq!(system.balance(at.usd.token, at.auction), U256::ZERO);
}

fn terms_set_during_bidding_do_not_touch_it(system: &mut System) {
    on_bids(system);
    let at = system.at;
    let began_with = system.ask(at.auction, &IAuction::saleTermsCall { auctionId: FIRST });
    assert_eq!(began_with, IAuction::Terms { capRaw: U256::ZERO, ..english_terms() });
    system.must(BUYER, at.auction, &bid(RESERVE_PRICE));
    let before = (bidding(system), price(system), sale(system));
    let other = support::system::usual_terms();
    system.must(OWNER, at.auction, &IAuction::setTermsCall { collateral: at.weth.token, newTerms: other });
    assert_eq!((bidding(system), price(system), sale(system)), before);
    assert_eq!(system.ask(at.auction, &IAuction::saleTermsCall { auctionId: FIRST }), began_with);
    system.wait(TAIL_SECS);
    system.must(KEEPER, at.auction, &settle());
}

fn a_gift_to_the_auction_contract_changes_no_bid(system: &mut System) {
    on_bids(system);
    let at = system.at;
    let gift = |amount: u128| ITestToken::mintCall { to: at.auction, amountRaw: U256::from(amount) };
    system.must(OPERATOR, at.usd.token, &gift(77 * USD));
    let owed = system.must(BUYER, at.auction, &bid(RESERVE_PRICE)).owedRaw;
    system.must(OPERATOR, at.usd.token, &gift(1));
    system.must(RIVAL, at.auction, &bid(NEXT));
    assert_eq!((refund(system, BUYER), bidding(system).owedRaw), (owed, owed_up(LOT, NEXT)));
    system.must(BUYER, at.auction, &IAuction::withdrawRefundCall { to: BUYER });
    system.wait(TAIL_SECS);
    system.must(KEEPER, at.auction, &settle());
    assert_eq!(system.balance(at.usd.token, at.auction), U256::from(77 * USD + 1));
}

/// One field changed, and what `OutOfBounds` says of it.
type Case = (fn(&mut IAuction::Terms, U256), &'static str, U256, U256, U256);

fn english_terms_are_kept_inside_their_bounds(system: &mut System) {
    let n = |number: u64| U256::from(number);
    let ray = U256::from(support::system::RAY);
    let (least, most) = (ray * n(101) / n(100), ray * n(3) / n(2));
    let cases: [Case; 6] = [
        (|terms, value| terms.cutRay = value, "cutRay", least - U256::ONE, least, most),
        (|terms, value| terms.cutRay = value, "cutRay", most + U256::ONE, least, most),
        (|terms, value| terms.stepSecs = value, "stepSecs", n(604_801), n(1), n(604_800)),
        (|terms, value| terms.bufferBps = value, "bufferBps", n(10_000), n(0), n(0)),
        (|terms, value| terms.tailSecs = value, "tailSecs", n(STEP_SECS - 1), n(STEP_SECS), n(604_800)),
        (|terms, value| terms.cuspBps = value, "cuspBps", n(100), n(0), n(0)),
    ];
    for (change, name, value, min, max) in cases {
        let mut terms = english_terms();
        change(&mut terms, value);
        let call = IAuction::setTermsCall { collateral: system.at.weth.token, newTerms: terms };
        let refusal = IAuction::OutOfBounds { name: B256::right_padding_from(name.as_bytes()), value, min, max };
        system.refused(OWNER, system.at.auction, &call, &refusal);
    }
}
