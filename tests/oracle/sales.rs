//! Sales under every failure: a start and a restart need a range of prices, a take needs the curve and a sequencer that has not been away
//! since the start, and to cure, to repay and to add collateral need nothing.

use alloy_primitives::U256;
use interface::{IAuction, IVault};
use support::{
    Revert, System,
    actors::{ALICE, BUYER, KEEPER, LENDER, STRANGER},
    system::{USD, WETH, event},
};

use crate::{
    matrix::{FAILURES, Failure, SHUT_DOWN, differ, guarded},
    scene::{Guards, n, poke, push_usd},
};

support::scenarios! {
    both {
        every_failure_lets_be_sold_cured_and_repaid_what_needs_no_price,
    }
    native {
        where_sources_differ_only_a_vault_unsafe_under_both_is_sold,
    }
}

/// Ten weth carry 24,000 dollars of this at 3,000 dollars a weth, and 19,296 at 2,412.
const DEBT: u128 = 22_000 * USD;
/// A little more than the tail of the usual terms.
const PAST_TAIL_SECS: u64 = 2_401;
/// How long the fresh auction has run when the failure comes, so that a sequencer that came back ten seconds ago was away meanwhile.
const FRESH_SECS: u64 = 60;

/// What runs before a failure, all of vaults of Alice that owe [`DEBT`].
struct Sales {
    guards: Guards,
    /// Past its tail; to be restarted.
    stale: U256,
    /// Past its tail; to be bought from.
    other_stale: U256,
    fresh: U256,
    /// Unsafe, and not on sale.
    vault_id: U256,
}

fn every_failure_lets_be_sold_cured_and_repaid_what_needs_no_price(system: &mut System) {
    for failure in FAILURES {
        let (mut apart, sales) = on_sale(system);
        let quote = IAuction::quoteCall { auctionId: sales.fresh, maxLotRaw: U256::from(WETH) };
        let quoted = apart.ask(apart.at.auction, &quote);
        let error = (failure.bring_about)(&mut apart, sales.guards);

        let at = apart.at;
        let deposit = IVault::depositCall { vaultId: sales.vault_id, collateral: at.weth.token, amountRaw: n(1) };
        apart.must(ALICE, at.vault, &deposit);
        apart.must(ALICE, at.vault, &IVault::repayCall { vaultId: sales.vault_id, amountRaw: U256::from(USD) });

        let liquidate = liquidate(&apart, sales.vault_id);
        let started = apart.send(KEEPER, at.auction, &liquidate);
        let restart = IAuction::restartCall { auctionId: sales.stale, keeper: KEEPER };
        let mut running = vec![sales.fresh, sales.other_stale];
        if failure.status == SHUT_DOWN {
            let error = IVault::NothingToSell { vaultId: sales.vault_id, collateral: at.weth.token };
            assert_eq!(started.err(), Some(support::revert_of(&error)), "{}: start", failure.name);
            given_up(&mut apart, &restart);
        } else {
            as_the_range(&failure, &error, "start", started.map(|auction_id| top(&apart, auction_id)));
            let restarted = apart.send(STRANGER, at.auction, &restart);
            as_the_range(&failure, &error, "restart", restarted.map(|_| top(&apart, sales.stale)));
            running.push(sales.stale);
        }

        let bought = apart.send(BUYER, at.auction, &take(sales.other_stale));
        as_the_range(&failure, &error, "take of a stale one", bought.map(|_| top(&apart, sales.other_stale)));

        let taken = apart.send(BUYER, at.auction, &take(sales.fresh));
        if (2..=5).contains(&failure.status) {
            assert_eq!(taken.err().as_ref(), Some(&error), "{}: take", failure.name);
        } else {
            let taken = taken.unwrap_or_else(|refusal| panic!("{}: take: {refusal:?}", failure.name));
            assert_eq!((taken.sliceRaw, taken.owedRaw), (quoted.sliceRaw, quoted.owedRaw), "{}: take", failure.name);
        }

        for auction_id in running {
            let cure = IAuction::cureCall { auctionId: auction_id, maxPayRaw: U256::MAX };
            apart.must(LENDER, at.auction, &cure);
        }
    }
}

fn where_sources_differ_only_a_vault_unsafe_under_both_is_sold(system: &mut System) {
    let (mut apart, guards) = guarded(system);
    push_both(&mut apart, guards, 2_500, 2_500);
    let weth = apart.at.weth;
    // Ten weth carry 19,200 at 2,000 times the rate of 1.2, and 19,488 at 2,030.
    let [between, above] = [19_300, 19_500].map(|debt| apart.open_indebted(ALICE, &[(weth, 10 * WETH)], debt * USD));
    push_both(&mut apart, guards, 2_000, 2_010);
    let _ = differ(&mut apart, guards);
    // 19,488 / 19,300 as a wad, rounded down.
    let healthy = IVault::Healthy {
        vaultId: between,
        healthWad: U256::from(19_488) * U256::from(support::system::WAD) / U256::from(19_300),
    };
    let auction = apart.at.auction;
    let call = liquidate(&apart, between);
    apart.refused(KEEPER, auction, &call, &healthy);
    let call = liquidate(&apart, above);
    let auction_id = apart.must(KEEPER, auction, &call);
    assert_eq!(top(&apart, auction_id), top_of(2_030));
}

/// A world with everything on and all well, and sales that began before.
fn on_sale(system: &System) -> (System, Sales) {
    let (mut apart, guards) = guarded(system);
    push_both(&mut apart, guards, 2_500, 2_500);
    let weth = apart.at.weth;
    let vaults = [(); 4].map(|()| apart.open_indebted(ALICE, &[(weth, 10 * WETH)], DEBT));
    push_both(&mut apart, guards, 2_000, 2_010);
    let start = |apart: &mut System, vault_id| {
        let (auction, call) = (apart.at.auction, liquidate(apart, vault_id));
        apart.must(KEEPER, auction, &call)
    };
    let (stale, other_stale) = (start(&mut apart, vaults[0]), start(&mut apart, vaults[1]));
    apart.wait(PAST_TAIL_SECS);
    push_both(&mut apart, guards, 2_000, 2_010);
    let fresh = start(&mut apart, vaults[2]);
    apart.wait(FRESH_SECS);
    (apart, Sales { guards, stale, other_stale, fresh, vault_id: vaults[3] })
}

/// Both sources at once, so that no jump is held; and recorded.
fn push_both(system: &mut System, guards: Guards, first: i128, second: i128) {
    let feed = system.at.weth.feed;
    push_usd(system, feed, first);
    push_usd(system, guards.second, second);
    assert_eq!(poke(system), (0, 0));
}

/// The lot of a collateral that was shut down goes back to its vault, nobody is rewarded, and the debt, which nothing of worth
/// is left for, is paid by the surplus as far as it reaches.
fn given_up(system: &mut System, restart: &IAuction::restartCall) {
    let at = system.at;
    let sale = system.ask(at.auction, &IAuction::saleCall { auctionId: restart.auctionId });
    let before = (system.books(), system.balance(at.usd.token, KEEPER));
    system.must(STRANGER, at.auction, restart);
    let ended = IAuction::AuctionEnded {
        auctionId: restart.auctionId,
        vaultId: sale.vaultId,
        returnedLotRaw: sale.lotRaw,
        unpaidDebtRaw: sale.debtRaw,
    };
    let lost = IVault::BadDebtRealised { vaultId: sale.vaultId, amountRaw: sale.debtRaw };
    for said in [event(at.auction, &ended), event(at.vault, &lost)] {
        assert!(system.events().contains(&said), "{:?}", system.events());
    }
    assert_eq!(system.balance(at.usd.token, KEEPER), before.1);
    let books = system.books();
    let absorbed = before.0.surplusRaw - books.surplusRaw;
    assert_eq!((before.0.onAuctionRaw - books.onAuctionRaw, books.badDebtRaw), (sale.debtRaw, sale.debtRaw - absorbed));
    let held = IVault::collateralOfCall { vaultId: sale.vaultId, collateral: at.weth.token };
    assert!(system.ask(at.vault, &held) >= sale.lotRaw);
}

/// Works at the higher end of the range where there is one, else is refused by the oracle.
#[track_caller]
fn as_the_range(failure: &Failure, error: &Revert, what: &str, top: Result<U256, Revert>) {
    let expected = failure.range.map(|(_, high)| top_of(high)).ok_or_else(|| error.clone());
    assert_eq!(top, expected, "{}: {what}", failure.name);
}

/// Where a price of so many dollars, times the rate of 1.2, begins: 20% above, as base units of one in the other with 27 decimals.
fn top_of(dollars: u128) -> U256 {
    U256::from(dollars * 12 * 12 * 10_000_000_000_000)
}

fn top(system: &System, auction_id: U256) -> U256 {
    system.ask(system.at.auction, &IAuction::saleCall { auctionId: auction_id }).topRay
}

fn liquidate(system: &System, vault_id: U256) -> IAuction::liquidateCall {
    IAuction::liquidateCall { vaultId: vault_id, collateral: system.at.weth.token, keeper: KEEPER }
}

fn take(auction_id: U256) -> IAuction::takeCall {
    IAuction::takeCall {
        auctionId: auction_id,
        maxLotRaw: U256::from(WETH),
        maxPriceRay: U256::MAX,
        recipient: BUYER,
        data: Vec::new().into(),
    }
}
