//! What a vault still holds pays for its debt: no debt is forgiven beside collateral that could pay, and none waits for ever beside
//! collateral that cannot.

use crate::scene::{account, liquidate, n, take, usd};
use alloy_primitives::U256;
use interface::{IAuction, IOracle, IShared, IVault};
use support::{
    System,
    actors::{ALICE, BOB, BUYER, KEEPER, LENDER, OPERATOR, OWNER, STRANGER},
    doubles::IScriptedFeed,
    system::{USD, WBTC, WETH, event},
};

const FIRST: U256 = U256::ONE;

fn withdraw(asset: support::system::Asset, amount: u128) -> IVault::withdrawCall {
    IVault::withdrawCall { vaultId: FIRST, collateral: asset.token, amountRaw: n(amount), to: ALICE }
}

/// Who makes a sale of the smaller of two collaterals and buys it itself does not keep the other one for nothing: what is worth a
/// little less than the minimum debt owes as much as it is worth.
#[test]
fn collateral_below_the_minimum_debt_pays_for_what_the_sale_of_another_did_not() {
    let mut system = System::native();
    let at = system.at;
    // 106 dollars of ether and 29.30 of bitcoin carry a loan of 100.
    system.open_indebted(ALICE, &[(at.weth, WETH * 53 / 1_000), (at.wbtc, WBTC * 2_930 / 4_000_000)], 100 * USD);
    system.set_price(at.weth, 1_868);
    system.set_price(at.wbtc, 37_360);
    let surplus = system.books().surplusRaw;
    system.must(BOB, at.auction, &liquidate(at.wbtc, FIRST));
    assert_eq!(account(&system, FIRST).debtRaw, U256::ZERO, "all of it goes with the bitcoin");
    system.must(BUYER, at.auction, &take(FIRST, U256::MAX, BUYER));
    // 32.84 dollars were paid for the bitcoin. The rest is less than the ether is worth, and owed by it.
    let owed = account(&system, FIRST).debtRaw;
    assert!(owed > usd(67) && owed < usd(68), "{owed}");
    assert_eq!((system.books().badDebtRaw, system.books().surplusRaw), (U256::ZERO, surplus));
    let all = withdraw(at.weth, WETH * 53 / 1_000);
    let refusal = system.send(ALICE, at.vault, &all).err().expect("it owes");
    assert!(refusal.0.starts_with(&<IVault::BorrowingPowerExceeded as alloy_sol_types::SolError>::SELECTOR));
}

/// Two lots of one vault on sale: the first brings too little, and the second may still come back by a cure. Nothing is given up for it.
#[test]
fn a_loss_waits_for_the_other_lots_of_its_vault() {
    let mut system = System::native();
    let at = system.at;
    system.open_indebted(ALICE, &[(at.weth, 10 * WETH), (at.wbtc, WBTC / 2)], 29_000 * USD);
    system.set_price(at.weth, 1_600);
    system.set_price(at.wbtc, 32_000);
    system.must(KEEPER, at.auction, &liquidate(at.weth, FIRST));
    system.must(KEEPER, at.auction, &liquidate(at.wbtc, FIRST));
    let on_sale = system.books().onAuctionRaw;
    assert!(account(&system, FIRST).debtRaw < usd(100), "both carry all debt: {on_sale}");
    system.wait(1_000);
    system.must(BUYER, at.auction, &take(FIRST, U256::MAX, BUYER));
    let owed = account(&system, FIRST).debtRaw;
    assert!(owed > usd(1_000), "what the ether did not bring: {owed}");
    assert!(system.books().badDebtRaw.is_zero());
    let second = IAuction::cureCall { auctionId: n(2), maxPayRaw: U256::MAX };
    system.must(LENDER, at.auction, &second);
    assert!(system.books().badDebtRaw.is_zero());
    let left = account(&system, FIRST);
    assert!(left.debtRaw >= owed && left.thresholdValueWad > U256::ZERO, "the bitcoin is back and owes it");
}

/// A price that the oracle refuses says nothing about what collateral is worth, and no debt is given up by it, in neither direction.
#[test]
fn a_doubted_price_forgives_no_debt() {
    let mut system = System::native();
    let at = system.at;
    let mut with_second = |asset: support::system::Asset, price: i128| {
        let second = system.world.deploy_feed(8);
        system.set_price(support::system::Asset { feed: second, ..asset }, price);
        let set = IOracle::setSecondCall {
            asset: asset.token,
            aggregator: second,
            heartbeatSecs: n(86_400),
            softBps: n(200),
            hardBps: n(1_000),
        };
        system.must(OWNER, at.oracle, &set);
    };
    with_second(at.weth, 2_000);
    system.open_indebted(ALICE, &[(at.wbtc, WBTC), (at.weth, WETH)], 28_000 * USD);
    system.set_price(at.wbtc, 20_000);
    system.must(KEEPER, at.auction, &liquidate(at.wbtc, FIRST));
    system.wait(700);
    // The first source of ether says next to nothing, the second what it said.
    system.set_answer(at.weth, 1_000_000);
    system.must(BUYER, at.auction, &take(FIRST, U256::MAX, BUYER));
    let owed = system.ask(at.vault, &IVault::debtOfCall { vaultId: FIRST });
    assert!(owed > usd(8_000), "{owed}");
    assert!(system.books().badDebtRaw.is_zero());
    let backed = IVault::DebtIsBacked { vaultId: FIRST, worthRaw: U256::MAX };
    system.refused(STRANGER, at.vault, &IVault::realiseBadDebtCall { vaultId: FIRST }, &backed);
}

/// A vault that holds nothing but an asset that was shut down can never be sold. Anybody gives up its debt.
#[test]
fn the_debt_of_a_vault_of_shut_down_assets_is_realised_by_anyone() {
    let mut system = System::native();
    let at = system.at;
    let realise = IVault::realiseBadDebtCall { vaultId: FIRST };
    system.refused(STRANGER, at.vault, &realise, &IVault::UnknownVault { vaultId: FIRST });
    system.open_indebted(ALICE, &[(at.weth, 10 * WETH)], 10_000 * USD);
    let backed = |worth_raw| IVault::DebtIsBacked { vaultId: FIRST, worthRaw: worth_raw };
    system.refused(STRANGER, at.vault, &realise, &backed(usd(20_000)));
    system.must(OWNER, at.oracle, &IOracle::setStopCall { asset: at.weth.token, level: n(2) });
    let nothing = IVault::NothingToSell { vaultId: FIRST, collateral: at.weth.token };
    system.refused(KEEPER, at.auction, &liquidate(at.weth, FIRST), &nothing);
    let before = system.books();
    let given_up = system.must(STRANGER, at.vault, &realise);
    assert_eq!(given_up, usd(10_000));
    let said = [
        event(at.vault, &IVault::DebtGivenUp { vaultId: FIRST, amountRaw: given_up, shares: before.debtShares }),
        event(at.vault, &IVault::BadDebtRealised { vaultId: FIRST, amountRaw: given_up }),
        event(at.vault, &IVault::BadDebtAbsorbed { amountRaw: given_up }),
    ];
    assert_eq!(system.events(), said);
    let after = system.books();
    assert_eq!((after.debtRaw, after.debtShares, after.badDebtRaw, after.onAuctionRaw), Default::default());
    assert_eq!(before.surplusRaw - after.surplusRaw, given_up);
    assert_eq!((before.cashRaw, before.fundedRaw), (after.cashRaw, after.fundedRaw));
    system.refused(STRANGER, at.vault, &realise, &IVault::NoDebt { vaultId: FIRST });
    // What the asset's owner holds of it stays.
    system.must(ALICE, at.vault, &withdraw(at.weth, 10 * WETH));
}

/// A vault that holds nothing needs no price to have its loss realised, so a dead feed does not hide it.
#[test]
fn an_empty_vault_needs_no_price_to_have_its_loss_realised() {
    let mut system = System::native();
    let at = system.at;
    system.open_indebted(ALICE, &[(at.weth, 10 * WETH)], 14_000 * USD);
    system.set_price(at.weth, 500);
    system.must(KEEPER, at.auction, &liquidate(at.weth, FIRST));
    let dead = IScriptedFeed::setBehaviourCall { behaviour: IScriptedFeed::Behaviour::Revert };
    for feed in [at.usd.feed, at.weth.feed] {
        system.must(OPERATOR, feed, &dead);
    }
    let surplus = system.books().surplusRaw;
    system.must(BUYER, at.auction, &take(FIRST, U256::MAX, BUYER));
    assert_eq!(system.ask(at.vault, &IVault::debtOfCall { vaultId: FIRST }), U256::ZERO);
    assert!(system.books().surplusRaw < surplus, "the loss is realised, and the surplus pays");
}

/// Nor while one of its lots is on sale, whatever the rest is worth.
#[test]
fn no_debt_is_given_up_while_a_lot_is_on_sale() {
    let mut system = System::native();
    let at = system.at;
    system.open_indebted(ALICE, &[(at.weth, 10 * WETH), (at.wbtc, WBTC)], 40_000 * USD);
    system.set_price(at.wbtc, 30_000);
    system.must(KEEPER, at.auction, &liquidate(at.wbtc, FIRST));
    for asset in [at.weth, at.wbtc] {
        system.must(OWNER, at.oracle, &IOracle::setStopCall { asset: asset.token, level: n(2) });
    }
    let backed = IVault::DebtIsBacked { vaultId: FIRST, worthRaw: U256::MAX };
    system.refused(STRANGER, at.vault, &IVault::realiseBadDebtCall { vaultId: FIRST }, &backed);
}

/// Nothing is sent to the vault contract itself, where it would be nobody's, and no keeper is one of the two contracts.
#[test]
fn nothing_is_sent_to_the_contracts_themselves() {
    let mut system = System::native();
    let at = system.at;
    system.open_indebted(ALICE, &[(at.weth, 10 * WETH)], 14_000 * USD);
    let bad = IVault::BadRecipient { recipient: at.vault };
    let borrow = IVault::borrowCall { vaultId: FIRST, amountRaw: n(USD), to: at.vault };
    system.refused(ALICE, at.vault, &borrow, &bad);
    let back = IVault::withdrawCall { to: at.vault, ..withdraw(at.weth, WETH / 100) };
    system.refused(ALICE, at.vault, &back, &bad);
    let leave = interface::IPool::withdrawCall { assets: n(USD), receiver: at.vault, owner: LENDER };
    system.refused(LENDER, at.pool, &leave, &bad);
    system.set_price(at.weth, 1_700);
    for keeper in [at.vault, at.auction] {
        let call = IAuction::liquidateCall { keeper, ..liquidate(at.weth, FIRST) };
        system.refused(KEEPER, at.auction, &call, &IAuction::BadRecipient { recipient: keeper });
    }
    let nobody = IAuction::liquidateCall { keeper: alloy_primitives::Address::ZERO, ..liquidate(at.weth, FIRST) };
    system.refused(KEEPER, at.auction, &nobody, &IShared::ZeroAddress {});
}

/// Who starts the auction of a vault of its own and cures it in the same second pays back what it earned by that.
#[test]
fn who_starts_and_cures_a_sale_of_its_own_gains_nothing() {
    let mut system = System::native();
    let at = system.at;
    for vault in 1..=3_u64 {
        system.set_price(at.weth, 2_000);
        let vault_id = system.open_indebted(ALICE, &[(at.weth, WETH / 10)], 140 * USD);
        assert_eq!(vault_id, U256::from(vault));
        system.set_price(at.weth, 1_700);
        let (surplus, purse) = (system.books().surplusRaw, system.balance(at.usd.token, KEEPER));
        let auction_id = system.must(KEEPER, at.auction, &liquidate(at.weth, vault_id));
        let rewarded = system.balance(at.usd.token, KEEPER) - purse;
        assert!(rewarded > U256::ZERO);
        system.must(LENDER, at.auction, &IAuction::cureCall { auctionId: auction_id, maxPayRaw: U256::MAX });
        assert_eq!(system.books().surplusRaw, surplus);
    }
}
