//! The scene most tests of the auction begin with, and its numbers.

use alloy_primitives::{Address, U256};
use interface::{IAuction, IVault};
use support::{
    System,
    actors::{ALICE, BUYER, KEEPER, OWNER, RIVAL},
    doubles::ITestToken,
    system::{RAY, USD, WETH, usual_terms},
};

/// What the first sale of [`on_sale`] sells: due / 1,700 rounded down.
pub(crate) const LOT: u128 = 4_186_851_211_764_705_882;
/// The debt that restores a health of 1.05: (1.05 * 14,000 - 13,600) / (1.05 - 1.1 * 0.8), rounded up.
pub(crate) const DEBT: u128 = 6_470_588_236;
/// The debt and 10% of it, rounded up.
pub(crate) const DUE: u128 = 7_117_647_060;
/// 1,700 dollars a weth as base units of one in the other, with 27 decimals; and 20% above it.
pub(crate) const TOP: u128 = 2_040_000_000_000_000_000;
/// 35% of 1,700.
pub(crate) const FLOOR: u128 = 595_000_000_000_000_000;
/// 5 dollars and a thousandth of what is due.
pub(crate) const REWARD: u128 = 5 * USD + 7_117_647;

/// The first auction, and the first vault.
pub(crate) const FIRST: U256 = U256::ONE;

/// Alice's vault of 10 weth owes 14,000 and carries 13,600, at 1,700 a weth.
pub(crate) fn unsafe_vault(system: &mut System) {
    system.open_indebted(ALICE, &[(system.at.weth, 10 * WETH)], 14_000 * USD);
    system.set_price(system.at.weth, 1_700);
}

/// [`unsafe_vault`], with the auction of a part of it begun in this second.
pub(crate) fn on_sale(system: &mut System) {
    unsafe_vault(system);
    let auction_id = system.must(KEEPER, system.at.auction, &liquidate(system, FIRST));
    assert_eq!(auction_id, FIRST);
}

/// Alice's vault, worth 5,000 and owing 14,000, with all of it on sale: a top of 600 a weth and no penalty.
pub(crate) fn insolvent_on_sale(system: &mut System) {
    system.open_indebted(ALICE, &[(system.at.weth, 10 * WETH)], 14_000 * USD);
    system.set_price(system.at.weth, 500);
    system.must(KEEPER, system.at.auction, &liquidate(system, FIRST));
}

pub(crate) fn liquidate(system: &System, vault_id: U256) -> IAuction::liquidateCall {
    IAuction::liquidateCall { vaultId: vault_id, collateral: system.at.weth.token, keeper: KEEPER }
}

/// A take of the first auction for the buyer, without a limit and without a callback.
pub(crate) fn take(max_lot: u128) -> IAuction::takeCall {
    take_to(max_lot, u128::MAX, BUYER)
}

pub(crate) fn take_to(max_lot: u128, max_price: u128, recipient: Address) -> IAuction::takeCall {
    IAuction::takeCall {
        auctionId: FIRST,
        maxLotRaw: U256::from(max_lot),
        maxPriceRay: U256::from(max_price),
        recipient,
        data: Vec::new().into(),
    }
}

pub(crate) fn restart(auction_id: U256) -> IAuction::restartCall {
    IAuction::restartCall { auctionId: auction_id, keeper: KEEPER }
}

/// `ceil(slice * price / RAY)`.
pub(crate) fn owed_up(slice: u128, price: u128) -> U256 {
    (U256::from(slice) * U256::from(price)).div_ceil(U256::from(RAY))
}

/// `floor(owed * RAY / price)`.
pub(crate) fn slice_down(owed: u128, price: u128) -> U256 {
    U256::from(owed) * U256::from(RAY) / U256::from(price)
}

pub(crate) fn sale(system: &System) -> IAuction::Sale {
    system.ask(system.at.auction, &IAuction::saleCall { auctionId: FIRST })
}

pub(crate) fn price(system: &System) -> U256 {
    system.ask(system.at.auction, &IAuction::statusCall { auctionId: FIRST }).priceRay
}

pub(crate) fn needs_restart(system: &System) -> bool {
    system.ask(system.at.auction, &IAuction::statusCall { auctionId: FIRST }).needsRestart
}

pub(crate) fn debt(system: &System) -> U256 {
    system.ask(system.at.vault, &IVault::debtOfCall { vaultId: FIRST })
}

pub(crate) fn held(system: &System) -> U256 {
    system.ask(system.at.vault, &IVault::collateralOfCall { vaultId: FIRST, collateral: system.at.weth.token })
}

/// What bids begin with: 80% of 1,700 dollars a weth.
pub(crate) const RESERVE_PRICE: u128 = 1_360_000_000_000_000_000;
/// How long bids are taken, and how long after the last.
pub(crate) const TAIL_SECS: u64 = 3_600;
pub(crate) const STEP_SECS: u64 = 600;

/// English: from 80% of the oracle's price, by 5% at least, for an hour, and ten minutes from a late bid.
pub(crate) fn english_terms() -> IAuction::Terms {
    IAuction::Terms {
        curve: U256::from(4),
        cutRay: U256::from(RAY / 100 * 105),
        stepSecs: U256::from(STEP_SECS),
        bufferBps: U256::ZERO,
        tailSecs: U256::from(TAIL_SECS),
        cuspBps: U256::ZERO,
        floorBps: U256::from(8_000),
        ..usual_terms()
    }
}

/// [`on_sale`], but by bids, and with bidders who have allowed the auction contract their debt asset.
pub(crate) fn on_bids(system: &mut System) {
    take_bids(system);
    on_sale(system);
}

/// Sells weth by bids from now on.
pub(crate) fn take_bids(system: &mut System) {
    let at = system.at;
    system.must(OWNER, at.auction, &IAuction::setTermsCall { collateral: at.weth.token, newTerms: english_terms() });
    for bidder in [BUYER, RIVAL] {
        system.must(bidder, at.usd.token, &ITestToken::approveCall { spender: at.auction, amountRaw: U256::MAX });
    }
}

pub(crate) fn bid(price: u128) -> IAuction::bidCall {
    IAuction::bidCall { auctionId: FIRST, bidRay: U256::from(price) }
}

pub(crate) fn settle() -> IAuction::settleCall {
    IAuction::settleCall { auctionId: FIRST }
}

pub(crate) fn bidding(system: &System) -> IAuction::Bidding {
    system.ask(system.at.auction, &IAuction::biddingCall { auctionId: FIRST })
}

pub(crate) fn refund(system: &System, bidder: Address) -> U256 {
    system.ask(system.at.auction, &IAuction::refundOfCall { bidder })
}

/// The auction contract holds what is bid and what was outbid, and nothing else.
pub(crate) fn check_escrow(system: &System) {
    let standing = system
        .try_ask(system.at.auction, &IAuction::biddingCall { auctionId: FIRST })
        .map_or(U256::ZERO, |bidding| bidding.owedRaw);
    let held = system.balance(system.at.usd.token, system.at.auction);
    assert_eq!(held, standing + refund(system, BUYER) + refund(system, RIVAL));
}
