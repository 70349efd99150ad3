//! Settling English auctions, and starting them again where nobody has bid, won, or could.

use crate::scene::{
    DEBT, DUE, FIRST, LOT, RESERVE_PRICE, REWARD, TAIL_SECS, bid, bidding, check_escrow, debt, english_terms, held,
    liquidate, needs_restart, on_bids, owed_up, price, refund, restart, sale, settle, slice_down, take_bids,
};
use alloy_primitives::{Address, U256};
use interface::{IAuction, IOracle, IShared, IVault};
use support::{
    System,
    actors::{ALICE, BUYER, KEEPER, LENDER, OPERATOR, OWNER, RIVAL, STRANGER},
    doubles::{IScriptedFeed, ITestToken},
    system::{GRACE_SECS, USD, WETH, event},
};

support::scenarios! {
    both {
        the_winner_gets_the_slice_and_the_vault_what_was_paid,
        nobody_has_bid_in_time_and_it_starts_again,
        a_winner_who_cannot_receive_pays_and_may_have_its_slice_sent_elsewhere,
    }
    native {
        a_winner_of_a_part_leaves_the_rest_to_the_vault,
        a_lot_short_of_its_debt_is_sold_to_the_best_bid_and_leaves_bad_debt,
        settling_needs_an_end_and_a_bid,
        settling_needs_no_price_and_no_release,
        a_cure_is_too_late_once_somebody_has_won,
        a_winner_who_is_not_settled_may_be_passed_over_after_as_long_again,
        a_winner_cannot_be_passed_over_before,
        an_outage_during_bidding_voids_the_bid,
        an_outage_cannot_hold_a_bid_for_ever,
        a_restart_of_bids_is_stopped_with_restarts,
        bids_that_run_well_are_not_restarted,
    }
}

fn settle_events(system: &System, winner: Address, bid_ray: u128, slice: U256, owed: U256) -> Vec<support::world::Log> {
    let at = system.at;
    let principal = owed.min(U256::from(DEBT));
    let returned = U256::from(LOT) - slice;
    let mut events = vec![
        event(
            at.auction,
            &IAuction::SliceTaken {
                auctionId: FIRST,
                taker: winner,
                recipient: winner,
                sliceRaw: slice,
                owedRaw: owed,
                priceRay: U256::from(bid_ray),
                lotLeftRaw: U256::ZERO,
                dueLeftRaw: U256::ZERO,
            },
        ),
        event(
            at.auction,
            &IAuction::AuctionEnded {
                auctionId: FIRST,
                vaultId: FIRST,
                returnedLotRaw: returned,
                unpaidDebtRaw: U256::from(DEBT) - principal,
            },
        ),
        event(
            at.vault,
            &IVault::SliceReleased { vaultId: FIRST, collateral: at.weth.token, to: winner, amountRaw: slice },
        ),
        event(
            at.vault,
            &IVault::ProceedsCollected {
                vaultId: FIRST,
                payer: at.auction,
                principalRaw: principal,
                penaltyRaw: owed - principal,
            },
        ),
    ];
    if !returned.is_zero() {
        events.push(event(
            at.vault,
            &IVault::LotReturned { vaultId: FIRST, collateral: at.weth.token, amountRaw: returned },
        ));
    }
    events
}

fn the_winner_gets_the_slice_and_the_vault_what_was_paid(system: &mut System) {
    on_bids(system);
    let at = system.at;
    // 1,600 dollars a weth: more than the debt, less than what is due.
    let price = 1_600_000_000_000_000_000;
    let owed = owed_up(LOT, price);
    assert!(owed > U256::from(DEBT) && owed < U256::from(DUE));
    system.must(BUYER, at.auction, &bid(price));
    system.wait(TAIL_SECS);
    let (surplus, cash) = (system.books().surplusRaw, system.balance(at.usd.token, at.vault));
    system.must(STRANGER, at.auction, &settle());
    assert_eq!(system.events(), settle_events(system, BUYER, price, U256::from(LOT), owed));
    assert_eq!(system.balance(at.weth.token, BUYER), U256::from(LOT));
    assert_eq!(system.balance(at.usd.token, at.vault) - cash, owed);
    assert_eq!(system.books().surplusRaw - surplus, owed - U256::from(DEBT));
    assert_eq!((system.books().onAuctionRaw, system.books().badDebtRaw), (U256::ZERO, U256::ZERO));
    assert_eq!(system.balance(at.usd.token, at.auction), U256::ZERO);
    assert_eq!((sale(system).lotRaw, system.ask(at.auction, &IAuction::countCall {})), (U256::ZERO, U256::ZERO));
    let on_sale = system.ask(at.auction, &IAuction::onSaleCall { collateral: at.weth.token });
    assert_eq!((on_sale.allRaw, on_sale.collateralRaw), (U256::ZERO, U256::ZERO));
    system.refused(STRANGER, at.auction, &settle(), &IAuction::UnknownAuction { auctionId: FIRST });
}

fn nobody_has_bid_in_time_and_it_starts_again(system: &mut System) {
    on_bids(system);
    let at = system.at;
    system.wait(TAIL_SECS);
    assert!(needs_restart(system));
    system.set_price(at.weth, 1_500);
    let purse = system.balance(at.usd.token, KEEPER);
    system.must(STRANGER, at.auction, &restart(FIRST));
    let floor = U256::from(1_200_000_000_000_000_000_u64);
    let said = IAuction::AuctionRestarted {
        auctionId: FIRST,
        topRay: floor,
        floorRay: floor,
        keeper: KEEPER,
        rewardRaw: U256::from(REWARD),
        restarts: U256::ONE,
    };
    let paid = IVault::RewardPaid { keeper: KEEPER, amountRaw: U256::from(REWARD) };
    assert_eq!(system.events(), [event(at.vault, &paid), event(at.auction, &said)]);
    assert_eq!(system.balance(at.usd.token, KEEPER) - purse, U256::from(REWARD));
    assert_eq!((price(system), needs_restart(system)), (floor, false));
    assert_eq!(bidding(system).endsAtSecs, system.now() + U256::from(TAIL_SECS));
    system.must(BUYER, at.auction, &bid(floor.to()));
}

fn a_winner_of_a_part_leaves_the_rest_to_the_vault(system: &mut System) {
    on_bids(system);
    let at = system.at;
    let price = 2_000_000_000_000_000_000;
    let (slice, before) = (slice_down(DUE, price), held(system));
    system.must(BUYER, at.auction, &bid(price));
    system.wait(TAIL_SECS);
    system.must(KEEPER, at.auction, &settle());
    assert_eq!(system.events(), settle_events(system, BUYER, price, slice, U256::from(DUE)));
    assert_eq!(held(system) - before, U256::from(LOT) - slice);
    assert_eq!(debt(system), U256::from(14_000 * USD - DEBT));
}

fn a_lot_short_of_its_debt_is_sold_to_the_best_bid_and_leaves_bad_debt(system: &mut System) {
    take_bids(system);
    let at = system.at;
    system.open_indebted(ALICE, &[(at.weth, 10 * WETH)], 14_000 * USD);
    system.set_price(at.weth, 500);
    system.must(KEEPER, at.auction, &liquidate(system, FIRST));
    // 80% of 500 dollars a weth, for 10 of them.
    system.must(BUYER, at.auction, &bid(400_000_000_000_000_000));
    system.wait(TAIL_SECS);
    system.must(KEEPER, at.auction, &settle());
    let unpaid = U256::from(10_000 * USD);
    let events = system.events();
    for expected in [
        event(at.vault, &IVault::BadDebtRealised { vaultId: FIRST, amountRaw: unpaid }),
        event(
            at.auction,
            &IAuction::AuctionEnded {
                auctionId: FIRST,
                vaultId: FIRST,
                returnedLotRaw: U256::ZERO,
                unpaidDebtRaw: unpaid,
            },
        ),
    ] {
        assert!(events.contains(&expected), "{events:?}");
    }
    assert_eq!(system.balance(at.weth.token, BUYER), U256::from(10 * WETH));
}

fn settling_needs_an_end_and_a_bid(system: &mut System) {
    on_bids(system);
    let auction = system.at.auction;
    let no_bid = IAuction::NoBid { auctionId: FIRST };
    system.refused(KEEPER, auction, &settle(), &no_bid);
    system.must(BUYER, auction, &bid(RESERVE_PRICE));
    let ends_at = bidding(system).endsAtSecs;
    system.wait(TAIL_SECS - 1);
    let running = IAuction::BiddingNotEnded { auctionId: FIRST, endsAtSecs: ends_at };
    system.refused(BUYER, auction, &settle(), &running);
    system.wait(1);
    system.must(BUYER, auction, &settle());
}

/// A winner whom the collateral's token refuses keeps nobody from settling, and so pays for what it bid.
fn a_winner_who_cannot_receive_pays_and_may_have_its_slice_sent_elsewhere(system: &mut System) {
    let at = system.at;
    let token = system.world.deploy_token(support::TokenKind::FalseReturning, 18);
    let asset = support::system::Asset { name: "frost", token, feed: at.weth.feed };
    let feed = IOracle::setFeedCall { asset: token, aggregator: asset.feed, heartbeatSecs: U256::from(86_400) };
    system.must(OWNER, at.oracle, &feed);
    let list = IVault::setCollateralCall {
        token,
        ltvBps: U256::from(7_500),
        thresholdBps: U256::from(8_000),
        penaltyBps: U256::from(1_000),
        capRaw: U256::from(1_000 * WETH),
    };
    system.must(OWNER, at.vault, &list);
    let terms = IAuction::setTermsCall { collateral: token, newTerms: english_terms() };
    system.must(OWNER, at.auction, &terms);
    system.must(OPERATOR, token, &ITestToken::mintCall { to: ALICE, amountRaw: U256::from(10 * WETH) });
    system.must(ALICE, token, &ITestToken::approveCall { spender: at.vault, amountRaw: U256::MAX });
    let vault_id = system.open_indebted(ALICE, &[(asset, 10 * WETH)], 14_000 * USD);
    system.set_price(at.weth, 1_700);
    let liquidate = IAuction::liquidateCall { vaultId: vault_id, collateral: token, keeper: KEEPER };
    system.must(KEEPER, at.auction, &liquidate);
    system.must(OPERATOR, at.usd.token, &ITestToken::mintCall { to: BUYER, amountRaw: U256::from(20_000 * USD) });
    system.must(BUYER, at.usd.token, &ITestToken::approveCall { spender: at.auction, amountRaw: U256::MAX });
    let won = system.must(BUYER, at.auction, &bid(RESERVE_PRICE));
    system.must(OPERATOR, token, &ITestToken::setRefusedCall { account: BUYER });
    system.wait(TAIL_SECS);
    let cash = system.books().cashRaw;
    system.must(STRANGER, at.auction, &settle());
    let kept = IAuction::SliceKept { auctionId: FIRST, bidder: BUYER, collateral: token, amountRaw: won.sliceRaw };
    assert!(system.events().contains(&event(at.auction, &kept)), "{:?}", system.events());
    assert_eq!(system.books().cashRaw - cash, won.owedRaw, "the vault has its payment");
    assert_eq!(system.ask(at.auction, &IAuction::countCall {}), U256::ZERO);
    let of = |bidder| IAuction::sliceOfCall { bidder, collateral: token };
    assert_eq!(system.ask(at.auction, &of(BUYER)), won.sliceRaw);
    assert_eq!((system.balance(token, at.auction), system.balance(token, BUYER)), (won.sliceRaw, U256::ZERO));

    let withdraw = |to| IAuction::withdrawSliceCall { collateral: token, to };
    let none = IAuction::NoSlice { bidder: STRANGER, collateral: token };
    system.refused(STRANGER, at.auction, &withdraw(STRANGER), &none);
    let failed = IShared::TransferFailed { token, from: at.auction, to: BUYER, amountRaw: won.sliceRaw };
    system.refused(BUYER, at.auction, &withdraw(BUYER), &failed);
    system.refused(BUYER, at.auction, &withdraw(at.vault), &IAuction::BadRecipient { recipient: at.vault });
    assert_eq!(system.must(BUYER, at.auction, &withdraw(RIVAL)), won.sliceRaw);
    let said = IAuction::SliceWithdrawn { bidder: BUYER, collateral: token, to: RIVAL, amountRaw: won.sliceRaw };
    assert_eq!(system.events(), [event(at.auction, &said)]);
    assert_eq!((system.balance(token, RIVAL), system.ask(at.auction, &of(BUYER))), (won.sliceRaw, U256::ZERO));
    system.refused(BUYER, at.auction, &withdraw(RIVAL), &IAuction::NoSlice { bidder: BUYER, collateral: token });
}

fn settling_needs_no_price_and_no_release(system: &mut System) {
    on_bids(system);
    let at = system.at;
    system.must(BUYER, at.auction, &bid(RESERVE_PRICE));
    // All but takes: what bids were kept from is not won.
    system.must(OWNER, at.auction, &IAuction::setStopCall { level: U256::from(2) });
    for feed in [at.usd.feed, at.weth.feed] {
        system.must(OPERATOR, feed, &IScriptedFeed::setBehaviourCall { behaviour: IScriptedFeed::Behaviour::Revert });
    }
    system.wait(TAIL_SECS);
    system.must(KEEPER, at.auction, &settle());
    assert_eq!(system.balance(at.weth.token, BUYER), U256::from(LOT));
}

fn a_cure_is_too_late_once_somebody_has_won(system: &mut System) {
    on_bids(system);
    let at = system.at;
    let cure = IAuction::cureCall { auctionId: FIRST, maxPayRaw: U256::MAX };
    system.must(BUYER, at.auction, &bid(RESERVE_PRICE));
    let ends_at = bidding(system).endsAtSecs;
    let refusal = IAuction::BiddingEnded { auctionId: FIRST, endedAtSecs: ends_at };
    for wait in [TAIL_SECS, TAIL_SECS] {
        system.wait(wait);
        system.refused(LENDER, at.auction, &cure, &refusal);
        system.ask_refused(at.auction, &IAuction::cureCostCall { auctionId: FIRST }, &refusal);
    }
    // The winner has had as long as bidding lasted.
    system.wait(1);
    system.must(LENDER, at.auction, &cure);
    assert_eq!(refund(system, BUYER), owed_up(LOT, RESERVE_PRICE));
}

fn a_winner_who_is_not_settled_may_be_passed_over_after_as_long_again(system: &mut System) {
    on_bids(system);
    let at = system.at;
    let owed = system.must(BUYER, at.auction, &bid(RESERVE_PRICE)).owedRaw;
    system.wait(2 * TAIL_SECS + 1);
    assert!(needs_restart(system));
    system.must(KEEPER, at.auction, &restart(FIRST));
    let released = IAuction::BidReleased { auctionId: FIRST, bidder: BUYER, refundedRaw: owed };
    assert_eq!(system.events()[0], event(at.auction, &released));
    assert_eq!((refund(system, BUYER), bidding(system).bidder), (owed, Address::ZERO));
    check_escrow(system);
    // It begins as any other.
    system.must(RIVAL, at.auction, &bid(RESERVE_PRICE));
    system.wait(TAIL_SECS);
    system.must(KEEPER, at.auction, &settle());
    assert_eq!(system.balance(at.weth.token, RIVAL), U256::from(LOT));
    system.must(BUYER, at.auction, &IAuction::withdrawRefundCall { to: BUYER });
    assert_eq!(system.balance(at.usd.token, at.auction), U256::ZERO);
}

fn a_winner_cannot_be_passed_over_before(system: &mut System) {
    on_bids(system);
    let auction = system.at.auction;
    system.must(BUYER, auction, &bid(RESERVE_PRICE));
    let refusal = IAuction::RestartNotNeeded { auctionId: FIRST };
    for wait in [0, TAIL_SECS, TAIL_SECS] {
        system.wait(wait);
        assert!(!needs_restart(system));
        system.refused(KEEPER, auction, &restart(FIRST), &refusal);
    }
    // Even overdue it can be settled, if nobody is faster.
    system.wait(1);
    system.must(KEEPER, auction, &settle());
    assert_eq!(system.balance(system.at.weth.token, BUYER), U256::from(LOT));
}

fn an_outage_during_bidding_voids_the_bid(system: &mut System) {
    on_bids(system);
    let at = system.at;
    let owed = system.must(BUYER, at.auction, &bid(RESERVE_PRICE)).owedRaw;
    system.wait(10);
    let down = system.world.time_secs();
    system.set_sequencer(false, down);
    let down_now = IOracle::SequencerDown { sinceSecs: U256::from(down) };
    system.refused(KEEPER, at.auction, &restart(FIRST), &down_now);
    system.wait(TAIL_SECS - 20);
    let back = system.world.time_secs();
    system.set_sequencer(true, back);
    system.wait(GRACE_SECS + 1);
    // Bidding has ended, but others could not bid.
    system.refused(BUYER, at.auction, &settle(), &IAuction::NeedsRestart { auctionId: FIRST });
    system.must(KEEPER, at.auction, &restart(FIRST));
    assert_eq!((refund(system, BUYER), bidding(system).bidder), (owed, Address::ZERO));
    system.must(RIVAL, at.auction, &bid(RESERVE_PRICE));
    check_escrow(system);
}

fn an_outage_cannot_hold_a_bid_for_ever(system: &mut System) {
    on_bids(system);
    let at = system.at;
    system.must(BUYER, at.auction, &bid(RESERVE_PRICE));
    system.must(
        OPERATOR,
        at.sequencer,
        &IScriptedFeed::setBehaviourCall { behaviour: IScriptedFeed::Behaviour::Revert },
    );
    let unreadable = IOracle::SequencerUnreadable { feed: at.sequencer };
    system.refused(RIVAL, at.auction, &bid(2 * RESERVE_PRICE), &unreadable);
    system.wait(TAIL_SECS);
    system.refused(BUYER, at.auction, &settle(), &unreadable);
    system.wait(TAIL_SECS + 1);
    system.must(BUYER, at.auction, &settle());
    assert_eq!(system.balance(at.weth.token, BUYER), U256::from(LOT));
}

fn a_restart_of_bids_is_stopped_with_restarts(system: &mut System) {
    on_bids(system);
    let auction = system.at.auction;
    system.wait(TAIL_SECS);
    system.must(OWNER, auction, &IAuction::setStopCall { level: U256::from(2) });
    system.refused(KEEPER, auction, &restart(FIRST), &IAuction::Stopped { level: U256::from(2) });
    let nobody = IAuction::restartCall { auctionId: FIRST, keeper: Address::ZERO };
    system.must(OWNER, auction, &IAuction::setStopCall { level: U256::ONE });
    system.refused(KEEPER, auction, &nobody, &IShared::ZeroAddress {});
    system.must(KEEPER, auction, &restart(FIRST));
}

fn bids_that_run_well_are_not_restarted(system: &mut System) {
    on_bids(system);
    let refusal = IAuction::RestartNotNeeded { auctionId: FIRST };
    system.refused(KEEPER, system.at.auction, &restart(FIRST), &refusal);
    system.wait(TAIL_SECS - 1);
    system.refused(KEEPER, system.at.auction, &restart(FIRST), &refusal);
}
