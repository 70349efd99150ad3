//! Buying slices.

use crate::scene::{
    DEBT, DUE, FIRST, LOT, TOP, debt, held, insolvent_on_sale, needs_restart, on_sale, owed_up, price, sale,
    slice_down, take, take_to,
};
use alloy_primitives::{Address, U256};
use interface::{IAuction, IOracle, IShared, IVault};
use support::{
    System,
    actors::{BUYER, OPERATOR, OWNER, RIVAL, STRANGER},
    doubles::{IScriptedFeed, ITestToken},
    system::{AUCTION_CAP_RAW, MIN_DUE_RAW, SURPLUS_RAW, USD, WETH, event, usual_terms},
};

support::scenarios! {
    both {
        take_sells_a_slice_at_the_price_of_the_second,
        the_last_take_returns_what_was_not_sold,
        a_lot_that_sells_out_below_its_debt_leaves_bad_debt,
        take_refuses_a_price_above_the_buyers_limit,
        take_works_while_the_feeds_are_dead,
    }
    native {
        two_buyers_share_a_lot_in_one_second,
        take_leaves_no_dust_due,
        take_of_the_whole_lot_may_leave_any_rest,
        take_refuses_a_part_where_only_dust_is_due,
        take_refuses_a_slice_of_nothing,
        take_of_one_unit_costs_one_unit,
        take_gives_no_more_than_the_lot,
        take_refuses_an_auction_that_is_not_there_or_has_ended,
        take_refuses_the_contracts_of_the_system_and_nobody,
        take_refuses_a_buyer_without_allowance,
        principal_is_paid_before_the_penalty,
        a_gift_before_or_during_an_auction_changes_nothing,
        unpaid_debt_goes_back_to_a_vault_with_other_collateral,
        parameters_set_during_an_auction_do_not_touch_it,
        take_refuses_above_the_limit_before_anything_else_moves,
    }
}

/// The price one second after the start: 5 basis points below the top.
const PRICE_AFTER_ONE: u128 = TOP / 10_000 * 9_995;

fn take_sells_a_slice_at_the_price_of_the_second(system: &mut System) {
    on_sale(system);
    let at = system.at;
    system.wait(1);
    assert_eq!(price(system), U256::from(PRICE_AFTER_ONE));
    let purse = system.balance(at.usd.token, BUYER);
    let taken = system.must(BUYER, at.auction, &take_to(WETH, PRICE_AFTER_ONE, STRANGER));
    // 2,038.98 dollars for a whole weth.
    let owed = 2_038_980_000;
    assert_eq!((taken.sliceRaw, taken.owedRaw), (U256::from(WETH), U256::from(owed)));
    let released =
        IVault::SliceReleased { vaultId: FIRST, collateral: at.weth.token, to: STRANGER, amountRaw: U256::from(WETH) };
    let collected = IVault::ProceedsCollected {
        vaultId: FIRST,
        payer: BUYER,
        principalRaw: U256::from(owed),
        penaltyRaw: U256::ZERO,
    };
    let sold = IAuction::SliceTaken {
        auctionId: FIRST,
        taker: BUYER,
        recipient: STRANGER,
        sliceRaw: U256::from(WETH),
        owedRaw: U256::from(owed),
        priceRay: U256::from(PRICE_AFTER_ONE),
        lotLeftRaw: U256::from(LOT - WETH),
        dueLeftRaw: U256::from(DUE - owed),
    };
    assert_eq!(system.events(), [event(at.auction, &sold), event(at.vault, &released), event(at.vault, &collected)]);
    assert_eq!(system.balance(at.weth.token, STRANGER), U256::from(WETH));
    assert_eq!(purse - system.balance(at.usd.token, BUYER), U256::from(owed));
    let sale = sale(system);
    assert_eq!(
        (sale.lotRaw, sale.dueRaw, sale.debtRaw),
        (U256::from(LOT - WETH), U256::from(DUE - owed), U256::from(DEBT - owed))
    );
    assert_eq!(system.books().onAuctionRaw, U256::from(DEBT - owed));
}

fn the_last_take_returns_what_was_not_sold(system: &mut System) {
    on_sale(system);
    let at = system.at;
    let before = held(system);
    let taken = system.must(BUYER, at.auction, &take(u128::MAX));
    let slice = slice_down(DUE, TOP);
    assert_eq!((taken.sliceRaw, taken.owedRaw), (slice, U256::from(DUE)));
    let rest = U256::from(LOT) - slice;
    let expected = [
        event(
            at.auction,
            &IAuction::SliceTaken {
                auctionId: FIRST,
                taker: BUYER,
                recipient: BUYER,
                sliceRaw: slice,
                owedRaw: U256::from(DUE),
                priceRay: U256::from(TOP),
                lotLeftRaw: U256::ZERO,
                dueLeftRaw: U256::ZERO,
            },
        ),
        event(
            at.auction,
            &IAuction::AuctionEnded {
                auctionId: FIRST,
                vaultId: FIRST,
                returnedLotRaw: rest,
                unpaidDebtRaw: U256::ZERO,
            },
        ),
        event(
            at.vault,
            &IVault::SliceReleased { vaultId: FIRST, collateral: at.weth.token, to: BUYER, amountRaw: slice },
        ),
        event(
            at.vault,
            &IVault::ProceedsCollected {
                vaultId: FIRST,
                payer: BUYER,
                principalRaw: U256::from(DEBT),
                penaltyRaw: U256::from(DUE - DEBT),
            },
        ),
        event(at.vault, &IVault::LotReturned { vaultId: FIRST, collateral: at.weth.token, amountRaw: rest }),
    ];
    assert_eq!(system.events(), expected);
    assert_eq!(held(system), before + rest);
    assert_eq!(debt(system), U256::from(14_000 * USD - DEBT));
    assert_eq!(sale(system).lotRaw, U256::ZERO);
    assert_eq!(system.ask(at.auction, &IAuction::countCall {}), U256::ZERO);
    let on_sale = system.ask(at.auction, &IAuction::onSaleCall { collateral: at.weth.token });
    assert_eq!((on_sale.allRaw, on_sale.collateralRaw), (U256::ZERO, U256::ZERO));
    let books = system.books();
    assert_eq!((books.onAuctionRaw, books.badDebtRaw), (U256::ZERO, U256::ZERO));
}

fn a_lot_that_sells_out_below_its_debt_leaves_bad_debt(system: &mut System) {
    insolvent_on_sale(system);
    let at = system.at;
    let surplus = system.books().surplusRaw;
    let taken = system.must(BUYER, at.auction, &take(u128::MAX));
    // 10 weth at 600.
    assert_eq!((taken.sliceRaw, taken.owedRaw), (U256::from(10 * WETH), U256::from(6_000 * USD)));
    let unpaid = U256::from(8_000 * USD);
    let events = system.events();
    let ended =
        IAuction::AuctionEnded { auctionId: FIRST, vaultId: FIRST, returnedLotRaw: U256::ZERO, unpaidDebtRaw: unpaid };
    assert!(events.contains(&event(at.auction, &ended)), "{events:?}");
    assert!(
        events.contains(&event(at.vault, &IVault::BadDebtRealised { vaultId: FIRST, amountRaw: unpaid })),
        "{events:?}"
    );
    assert!(events.contains(&event(at.vault, &IVault::BadDebtAbsorbed { amountRaw: unpaid })), "{events:?}");
    let books = system.books();
    assert_eq!((books.badDebtRaw, books.onAuctionRaw, books.debtRaw), (U256::ZERO, U256::ZERO, U256::ZERO));
    assert_eq!(surplus - books.surplusRaw, unpaid);
    assert_eq!((held(system), debt(system)), (U256::ZERO, U256::ZERO));
    assert!(U256::from(SURPLUS_RAW) > books.surplusRaw);
}

fn take_refuses_a_price_above_the_buyers_limit(system: &mut System) {
    on_sale(system);
    let at = system.at;
    let refusal = IAuction::PriceAboveLimit { priceRay: U256::from(TOP), limitRay: U256::from(TOP - 1) };
    system.refused(BUYER, at.auction, &take_to(WETH, TOP - 1, BUYER), &refusal);
    system.wait(1);
    system.must(BUYER, at.auction, &take_to(WETH, TOP - 1, BUYER));
}

fn take_works_while_the_feeds_are_dead(system: &mut System) {
    on_sale(system);
    let at = system.at;
    for feed in [at.usd.feed, at.weth.feed, at.wbtc.feed] {
        system.must(OPERATOR, feed, &IScriptedFeed::setBehaviourCall { behaviour: IScriptedFeed::Behaviour::Revert });
    }
    system.wait(60);
    assert!(!needs_restart(system));
    system.must(BUYER, at.auction, &take(WETH));
    system.must(BUYER, at.auction, &take(u128::MAX));
    assert_eq!(sale(system).lotRaw, U256::ZERO);
}

fn two_buyers_share_a_lot_in_one_second(system: &mut System) {
    on_sale(system);
    let at = system.at;
    let first = system.must(BUYER, at.auction, &take(WETH));
    let second = system.must(RIVAL, at.auction, &take_to(2 * WETH, TOP, RIVAL));
    assert_eq!((first.owedRaw, second.owedRaw), (owed_up(WETH, TOP), owed_up(2 * WETH, TOP)));
    assert_eq!(system.balance(at.weth.token, RIVAL), U256::from(2 * WETH));
    assert_eq!(sale(system).lotRaw, U256::from(LOT - 3 * WETH));
}

fn take_leaves_no_dust_due(system: &mut System) {
    on_sale(system);
    let at = system.at;
    // This would leave a dollar due; 50 must stay.
    let wanted = slice_down(DUE - USD, TOP).to::<u128>();
    let taken = system.must(BUYER, at.auction, &take(wanted));
    assert_eq!(taken.owedRaw, U256::from(DUE - MIN_DUE_RAW));
    assert_eq!(taken.sliceRaw, slice_down(DUE - MIN_DUE_RAW, TOP));
    assert_eq!(sale(system).dueRaw, U256::from(MIN_DUE_RAW));
}

fn take_of_the_whole_lot_may_leave_any_rest(system: &mut System) {
    insolvent_on_sale(system);
    let at = system.at;
    // All but a unit, then that unit: the lot is sold out with more than half of the debt unpaid.
    system.must(BUYER, at.auction, &take(10 * WETH - 1));
    assert_eq!(sale(system).lotRaw, U256::ONE);
    let taken = system.must(BUYER, at.auction, &take(1));
    assert_eq!((taken.sliceRaw, taken.owedRaw), (U256::ONE, U256::ONE));
    assert_eq!(system.ask(at.auction, &IAuction::countCall {}), U256::ZERO);
}

fn take_refuses_a_part_where_only_dust_is_due(system: &mut System) {
    let at = system.at;
    let minimum = U256::from(DUE);
    system.must(
        OWNER,
        at.auction,
        &IAuction::setLimitsCall { capRaw: U256::from(AUCTION_CAP_RAW), minDueRaw: minimum },
    );
    on_sale(system);
    let refusal = IAuction::PartTooLarge { dueRaw: U256::from(DUE), minDueRaw: minimum };
    system.refused(BUYER, at.auction, &take(WETH), &refusal);
    system.must(BUYER, at.auction, &take(LOT));
    assert_eq!(sale(system).lotRaw, U256::ZERO);
}

fn take_refuses_a_slice_of_nothing(system: &mut System) {
    on_sale(system);
    system.refused(BUYER, system.at.auction, &take(0), &IAuction::SliceTooSmall { maxLotRaw: U256::ZERO });
}

fn take_of_one_unit_costs_one_unit(system: &mut System) {
    on_sale(system);
    // A unit of weth is worth far less than one of the debt asset; the buyer loses the rest.
    let taken = system.must(BUYER, system.at.auction, &take(1));
    assert_eq!((taken.sliceRaw, taken.owedRaw), (U256::ONE, U256::ONE));
}

fn take_gives_no_more_than_the_lot(system: &mut System) {
    insolvent_on_sale(system);
    let taken = system.must(BUYER, system.at.auction, &take(10 * WETH + 1));
    assert_eq!(taken.sliceRaw, U256::from(10 * WETH));
}

fn take_refuses_an_auction_that_is_not_there_or_has_ended(system: &mut System) {
    on_sale(system);
    let at = system.at;
    for auction_id in [U256::ZERO, U256::from(2), U256::MAX] {
        let call = IAuction::takeCall { auctionId: auction_id, ..take(WETH) };
        system.refused(BUYER, at.auction, &call, &IAuction::UnknownAuction { auctionId: auction_id });
    }
    system.must(BUYER, at.auction, &take(u128::MAX));
    system.refused(BUYER, at.auction, &take(WETH), &IAuction::UnknownAuction { auctionId: FIRST });
}

fn take_refuses_the_contracts_of_the_system_and_nobody(system: &mut System) {
    on_sale(system);
    let at = system.at;
    for recipient in [at.vault, at.auction, Address::ZERO] {
        let call = take_to(WETH, u128::MAX, recipient);
        system.refused(BUYER, at.auction, &call, &IAuction::BadRecipient { recipient });
    }
}

fn take_refuses_a_buyer_without_allowance(system: &mut System) {
    on_sale(system);
    let at = system.at;
    let owed = owed_up(WETH, TOP);
    let refusal = IShared::TransferFailed { token: at.usd.token, from: STRANGER, to: at.vault, amountRaw: owed };
    system.refused(STRANGER, at.auction, &take(WETH), &refusal);
}

fn principal_is_paid_before_the_penalty(system: &mut System) {
    on_sale(system);
    let at = system.at;
    let surplus = system.books().surplusRaw;
    // Exactly the debt, or a little more, has been paid after this; the penalty has not.
    let slice = slice_down(DEBT, TOP).to::<u128>();
    let taken = system.must(BUYER, at.auction, &take(slice));
    assert_eq!(taken.owedRaw, U256::from(DEBT));
    assert_eq!((sale(system).debtRaw, sale(system).dueRaw), (U256::ZERO, U256::from(DUE - DEBT)));
    assert_eq!(system.books().surplusRaw, surplus);
    system.must(BUYER, at.auction, &take(u128::MAX));
    assert_eq!(system.books().surplusRaw - surplus, U256::from(DUE - DEBT));
}

fn a_gift_before_or_during_an_auction_changes_nothing(system: &mut System) {
    let at = system.at;
    let gift = |system: &mut System| {
        system.must(RIVAL, at.usd.token, &ITestToken::transferCall { to: at.vault, amountRaw: U256::from(77) });
        system.must(RIVAL, at.usd.token, &ITestToken::transferCall { to: at.auction, amountRaw: U256::from(77) });
        system.must(OPERATOR, at.weth.token, &ITestToken::mintCall { to: at.vault, amountRaw: U256::from(WETH) });
    };
    gift(system);
    on_sale(system);
    gift(system);
    assert_eq!((sale(system).lotRaw, sale(system).dueRaw), (U256::from(LOT), U256::from(DUE)));
    let taken = system.must(BUYER, at.auction, &take(u128::MAX));
    assert_eq!((taken.sliceRaw, taken.owedRaw), (slice_down(DUE, TOP), U256::from(DUE)));
    assert_eq!(held(system), U256::from(10 * WETH) - taken.sliceRaw);
}

fn unpaid_debt_goes_back_to_a_vault_with_other_collateral(system: &mut System) {
    let at = system.at;
    let borrower = support::actors::ALICE;
    system.open_indebted(borrower, &[(at.weth, 10 * WETH), (at.wbtc, support::system::WBTC / 100)], 14_000 * USD);
    system.set_price(at.weth, 500);
    system.must(support::actors::KEEPER, at.auction, &crate::scene::liquidate(system, FIRST));
    assert_eq!((sale(system).lotRaw, sale(system).dueRaw), (U256::from(10 * WETH), U256::from(5_000 * USD)));
    // After 600 seconds a weth costs less than the 500 that would pay for the debt.
    system.wait(600);
    let price_now = price(system).to::<u128>();
    let paid = owed_up(10 * WETH, price_now);
    let taken = system.must(BUYER, at.auction, &take(u128::MAX));
    assert_eq!((taken.sliceRaw, taken.owedRaw), (U256::from(10 * WETH), paid));
    let unpaid = U256::from(5_000 * USD) - paid;
    let returned = IVault::DebtReturned { vaultId: FIRST, amountRaw: unpaid, shares: unpaid };
    assert!(system.events().contains(&event(at.vault, &returned)), "{:?}", system.events());
    assert_eq!(debt(system), U256::from(9_000 * USD) + unpaid);
    assert_eq!(system.books().badDebtRaw, U256::ZERO);
}

fn parameters_set_during_an_auction_do_not_touch_it(system: &mut System) {
    on_sale(system);
    let at = system.at;
    let began_with = system.ask(at.auction, &IAuction::saleTermsCall { auctionId: FIRST });
    let mut terms = usual_terms();
    terms.curve = U256::from(1);
    terms.stepSecs = U256::from(600);
    terms.tailSecs = U256::from(60);
    terms.bufferBps = U256::from(20_000);
    system.must(OWNER, at.auction, &IAuction::setTermsCall { collateral: at.weth.token, newTerms: terms.clone() });
    assert_eq!(system.ask(at.auction, &IAuction::saleTermsCall { auctionId: FIRST }), began_with);
    assert_eq!(system.ask(at.auction, &IAuction::termsCall { collateral: at.weth.token }), terms);
    system.wait(1);
    assert_eq!(price(system), U256::from(PRICE_AFTER_ONE));
    system.wait(1_000);
    assert!(!needs_restart(system), "the tail it began with holds");
    // The oracle's price is another one now; the auction's is not.
    let before = price(system);
    system.set_price(at.weth, 4_000);
    assert_eq!(price(system), before);
}

fn take_refuses_above_the_limit_before_anything_else_moves(system: &mut System) {
    on_sale(system);
    let at = system.at;
    let refusal = IAuction::PriceAboveLimit { priceRay: U256::from(TOP), limitRay: U256::ZERO };
    system.refused(STRANGER, at.auction, &take_to(0, 0, STRANGER), &refusal);
    // The oracle has no say in it.
    system.must(
        OPERATOR,
        at.weth.feed,
        &IScriptedFeed::setBehaviourCall { behaviour: IScriptedFeed::Behaviour::Revert },
    );
    let unreadable = IOracle::FeedUnreadable { asset: at.weth.token, aggregator: at.weth.feed };
    system.ask_refused(at.oracle, &IOracle::priceCall { asset: at.weth.token }, &unreadable);
    system.refused(STRANGER, at.auction, &take_to(0, 0, STRANGER), &refusal);
}
