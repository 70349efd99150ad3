//! Views of the auction: what a buyer or a bot decides on.

use crate::scene::{DUE, FIRST, LOT, TOP, liquidate, on_sale, sale, take, unsafe_vault};
use alloy_primitives::{Address, U256};
use interface::IAuction;
use support::{
    System,
    actors::{ALICE, BOB, BUYER, KEEPER},
    system::{USD, WETH},
};

support::scenarios! {
    both {
        a_quote_is_what_a_take_in_the_same_second_does,
        the_list_is_the_running_auctions_in_pages,
    }
    native {
        an_ended_auction_is_shown_as_empty,
        a_quote_refuses_what_a_take_refuses,
        an_auction_that_never_was_is_shown_as_empty,
        the_auction_names_its_vault,
        terms_that_were_not_set_are_refused_by_name,
    }
}

fn a_quote_is_what_a_take_in_the_same_second_does(system: &mut System) {
    on_sale(system);
    let auction = system.at.auction;
    for (wait, max_lot) in [(0, 7), (13, WETH), (400, WETH / 3), (900, u128::MAX)] {
        system.wait(wait);
        let quote = system.ask(auction, &IAuction::quoteCall { auctionId: FIRST, maxLotRaw: U256::from(max_lot) });
        let status = system.ask(auction, &IAuction::statusCall { auctionId: FIRST });
        assert_eq!(quote.priceRay, status.priceRay);
        let taken = system.must(BUYER, auction, &take(max_lot));
        assert_eq!((taken.sliceRaw, taken.owedRaw), (quote.sliceRaw, quote.owedRaw));
    }
    assert_eq!(sale(system).lotRaw, U256::ZERO);
}

fn the_list_is_the_running_auctions_in_pages(system: &mut System) {
    let at = system.at;
    for borrower in [ALICE, BOB, ALICE, BOB] {
        system.open_indebted(borrower, &[(at.weth, 10 * WETH)], 14_000 * USD);
    }
    system.set_price(at.weth, 1_700);
    for vault_id in 1..=4 {
        system.must(KEEPER, at.auction, &liquidate(system, U256::from(vault_id)));
    }
    let list = |system: &System, offset: u64, limit: u64| {
        system.ask(at.auction, &IAuction::listCall { offset: U256::from(offset), limit: U256::from(limit) })
    };
    let sorted = |mut ids: Vec<U256>| {
        ids.sort();
        ids
    };
    assert_eq!(sorted(list(system, 0, 100)), [1, 2, 3, 4].map(U256::from));
    // Pages put together are the whole list, whatever its order.
    let pages = [list(system, 0, 3), list(system, 3, 3)].concat();
    assert_eq!(pages, list(system, 0, u64::MAX));
    assert_eq!((list(system, 4, 9).len(), list(system, u64::MAX, u64::MAX).len(), list(system, 0, 0).len()), (0, 0, 0));
    // One from the middle and the last one end.
    for (ended, left) in [(2, vec![1, 3, 4]), (4, vec![1, 3]), (1, vec![3]), (3, vec![])] {
        system.must(BUYER, at.auction, &IAuction::takeCall { auctionId: U256::from(ended), ..take(u128::MAX) });
        assert_eq!(sorted(list(system, 0, 100)), left.iter().map(|id| U256::from(*id)).collect::<Vec<_>>());
        assert_eq!(system.ask(at.auction, &IAuction::countCall {}), U256::from(left.len()));
    }
    assert_eq!(system.ask(at.auction, &IAuction::auctionCountCall {}), U256::from(4));
}

fn an_ended_auction_is_shown_as_empty(system: &mut System) {
    on_sale(system);
    let auction = system.at.auction;
    let status = system.ask(auction, &IAuction::statusCall { auctionId: FIRST });
    assert_eq!(
        (status.needsRestart, status.priceRay, status.lotRaw, status.dueRaw),
        (false, U256::from(TOP), U256::from(LOT), U256::from(DUE))
    );
    system.must(BUYER, auction, &take(u128::MAX));
    let status = system.ask(auction, &IAuction::statusCall { auctionId: FIRST });
    assert_eq!((status.needsRestart, status.lotRaw, status.dueRaw), (false, U256::ZERO, U256::ZERO));
    assert_eq!(sale(system).lotRaw, U256::ZERO);
}

fn a_quote_refuses_what_a_take_refuses(system: &mut System) {
    on_sale(system);
    let auction = system.at.auction;
    let quote = |auction_id: u64, max_lot: u64| IAuction::quoteCall {
        auctionId: U256::from(auction_id),
        maxLotRaw: U256::from(max_lot),
    };
    system.ask_refused(auction, &quote(2, 5), &IAuction::UnknownAuction { auctionId: U256::from(2) });
    system.ask_refused(auction, &quote(1, 0), &IAuction::SliceTooSmall { maxLotRaw: U256::ZERO });
}

fn an_auction_that_never_was_is_shown_as_empty(system: &mut System) {
    unsafe_vault(system);
    let auction = system.at.auction;
    let status = system.ask(auction, &IAuction::statusCall { auctionId: U256::from(9) });
    assert_eq!((status.lotRaw, status.dueRaw), (U256::ZERO, U256::ZERO));
    assert_eq!(system.ask(auction, &IAuction::saleCall { auctionId: U256::from(9) }).lotRaw, U256::ZERO);
}

fn the_auction_names_its_vault(system: &mut System) {
    assert_eq!(system.ask(system.at.auction, &IAuction::vaultCall {}), system.at.vault);
}

fn terms_that_were_not_set_are_refused_by_name(system: &mut System) {
    let collateral = Address::repeat_byte(7);
    let refusal = IAuction::TermsNotSet { collateral };
    system.ask_refused(system.at.auction, &IAuction::termsCall { collateral }, &refusal);
}
