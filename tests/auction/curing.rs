//! Curing: the debt and the penalty on what was sold are paid, and the unsold lot is the vault's again.

use crate::scene::{DEBT, DUE, FIRST, LOT, REWARD, TOP, debt, held, on_sale, restart, sale, slice_down, take};
use alloy_primitives::U256;
use interface::{IAuction, IShared, IVault};
use support::{
    System,
    actors::{BUYER, KEEPER, LENDER, OPERATOR, OWNER, STRANGER},
    doubles::IScriptedFeed,
    system::{USD, WETH, event},
};

support::scenarios! {
    both {
        a_cure_after_a_part_was_sold_pays_the_penalty_on_that_part,
    }
    native {
        a_cure_before_anything_is_sold_costs_the_debt_and_the_reward,
        a_cure_after_the_debt_is_paid_costs_what_is_due,
        a_cure_after_a_restart_costs_the_same,
        a_cure_above_the_payers_limit_is_refused,
        a_cure_of_an_auction_that_is_not_there_is_refused,
        a_cure_without_allowance_is_refused,
        a_cure_needs_no_oracle_and_no_release,
    }
}

fn cure(max_pay: U256) -> IAuction::cureCall {
    IAuction::cureCall { auctionId: FIRST, maxPayRaw: max_pay }
}

fn cost(system: &System) -> U256 {
    system.ask(system.at.auction, &IAuction::cureCostCall { auctionId: FIRST })
}

/// Cures for exactly what the view says, and looks at all that a cure changes.
fn cure_and_check(system: &mut System, principal: U256, penalty: U256) {
    let at = system.at;
    assert_eq!(cost(system), principal + penalty);
    let (lot, before, owed) = (sale(system).lotRaw, held(system), debt(system));
    let (purse, surplus) = (system.balance(at.usd.token, LENDER), system.books().surplusRaw);
    let paid = system.must(LENDER, at.auction, &cure(principal + penalty));
    assert_eq!(paid, principal + penalty);
    let expected = [
        event(
            at.auction,
            &IAuction::AuctionCured {
                auctionId: FIRST,
                vaultId: FIRST,
                payer: LENDER,
                principalRaw: principal,
                penaltyRaw: penalty,
            },
        ),
        event(
            at.auction,
            &IAuction::AuctionEnded {
                auctionId: FIRST,
                vaultId: FIRST,
                returnedLotRaw: lot,
                unpaidDebtRaw: U256::ZERO,
            },
        ),
        event(
            at.vault,
            &IVault::ProceedsCollected { vaultId: FIRST, payer: LENDER, principalRaw: principal, penaltyRaw: penalty },
        ),
        event(at.vault, &IVault::LotReturned { vaultId: FIRST, collateral: at.weth.token, amountRaw: lot }),
    ];
    assert_eq!(system.events(), expected);
    assert_eq!(purse - system.balance(at.usd.token, LENDER), paid);
    assert_eq!((held(system), debt(system)), (before + lot, owed));
    assert_eq!(system.books().surplusRaw - surplus, penalty);
    assert_eq!((system.books().onAuctionRaw, system.books().badDebtRaw), (U256::ZERO, U256::ZERO));
    assert_eq!(sale(system).lotRaw, U256::ZERO);
    assert_eq!(system.ask(at.auction, &IAuction::countCall {}), U256::ZERO);
    let on_sale = system.ask(at.auction, &IAuction::onSaleCall { collateral: at.weth.token });
    assert_eq!((on_sale.allRaw, on_sale.collateralRaw), (U256::ZERO, U256::ZERO));
}

/// A weth of the lot is sold at 2,040 dollars, for which `ceil((due - debt) * 2,040 / debt)` of the penalty has accrued.
fn sell_a_weth(system: &mut System) -> (U256, U256) {
    let paid = 2_040 * USD;
    system.must(BUYER, system.at.auction, &take(WETH));
    (U256::from(DEBT - paid), U256::from(((DUE - DEBT) * paid).div_ceil(DEBT)))
}

fn a_cure_after_a_part_was_sold_pays_the_penalty_on_that_part(system: &mut System) {
    on_sale(system);
    let (principal, penalty) = sell_a_weth(system);
    // A tenth of 2,040 dollars, and a unit for the rounding of the penalty itself.
    assert_eq!(penalty, U256::from(204 * USD + 1));
    cure_and_check(system, principal, penalty);
    assert_eq!(held(system), U256::from(9 * WETH));
}

fn a_cure_before_anything_is_sold_costs_the_debt_and_the_reward(system: &mut System) {
    on_sale(system);
    cure_and_check(system, U256::from(DEBT), U256::from(REWARD));
    assert_eq!((held(system), debt(system)), (U256::from(10 * WETH), U256::from(14_000 * USD - DEBT)));
}

fn a_cure_after_the_debt_is_paid_costs_what_is_due(system: &mut System) {
    on_sale(system);
    let wanted = slice_down(DEBT + 300 * USD, TOP).to::<u128>();
    system.must(BUYER, system.at.auction, &take(wanted));
    let left = sale(system);
    assert_eq!(left.debtRaw, U256::ZERO);
    cure_and_check(system, U256::ZERO, left.dueRaw);
}

fn a_cure_after_a_restart_costs_the_same(system: &mut System) {
    on_sale(system);
    let (principal, penalty) = sell_a_weth(system);
    system.wait(1_833);
    system.must(KEEPER, system.at.auction, &restart(FIRST));
    cure_and_check(system, principal, penalty);
}

fn a_cure_above_the_payers_limit_is_refused(system: &mut System) {
    on_sale(system);
    let auction = system.at.auction;
    let limit = U256::from(DEBT + REWARD - 1);
    let refusal = IAuction::CureAboveLimit { costRaw: U256::from(DEBT + REWARD), limitRaw: limit };
    system.refused(LENDER, auction, &cure(limit), &refusal);
    system.must(LENDER, auction, &cure(U256::MAX));
}

fn a_cure_of_an_auction_that_is_not_there_is_refused(system: &mut System) {
    on_sale(system);
    let auction = system.at.auction;
    system.must(BUYER, auction, &take(LOT));
    for auction_id in [U256::ZERO, FIRST, U256::from(2), U256::MAX] {
        let refusal = IAuction::UnknownAuction { auctionId: auction_id };
        system.refused(LENDER, auction, &IAuction::cureCall { auctionId: auction_id, maxPayRaw: U256::MAX }, &refusal);
        system.ask_refused(auction, &IAuction::cureCostCall { auctionId: auction_id }, &refusal);
    }
}

fn a_cure_without_allowance_is_refused(system: &mut System) {
    on_sale(system);
    let at = system.at;
    let refusal = IShared::TransferFailed {
        token: at.usd.token,
        from: STRANGER,
        to: at.vault,
        amountRaw: U256::from(DEBT + REWARD),
    };
    system.refused(STRANGER, at.auction, &cure(U256::MAX), &refusal);
}

fn a_cure_needs_no_oracle_and_no_release(system: &mut System) {
    on_sale(system);
    let at = system.at;
    let (principal, penalty) = sell_a_weth(system);
    system.must(OWNER, at.auction, &IAuction::setStopCall { level: U256::from(3) });
    for feed in [at.usd.feed, at.weth.feed, at.sequencer] {
        system.must(OPERATOR, feed, &IScriptedFeed::setBehaviourCall { behaviour: IScriptedFeed::Behaviour::Revert });
    }
    cure_and_check(system, principal, penalty);
}
