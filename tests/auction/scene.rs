//! The scene most tests of the auction begin with, and its numbers.

use alloy_primitives::{Address, U256};
use interface::{IAuction, IVault};
use support::{
    System,
    actors::{ALICE, BUYER, KEEPER},
    system::{RAY, USD, WETH},
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
