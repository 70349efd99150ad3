//! Who bears what, and who must not gain: self-liquidation, donations, first depositors, dust, and the end of all money.

use crate::scene::{account, health, liquidate, n, sale, take, usd};
use alloy_primitives::{Address, U256};
use interface::{IAuction, IOracle, IPool, IReserve, IVault};
use support::{
    System,
    actors::{ALICE, BOB, BUYER, KEEPER, LENDER, OPERATOR, OWNER, RIVAL},
    doubles::{IScriptedFeed, ITestToken},
    system::{SURPLUS_RAW, USD, WBTC, WETH},
};

const FIRST: U256 = U256::ONE;

/// Euler, March 2023: who makes its own vault unsafe and buys it from itself by another name, at the market's price, must not
/// gain by it.
#[test]
fn who_liquidates_itself_by_another_name_loses_the_penalty_but_for_its_capped_share() {
    let mut system = System::native();
    let at = system.at;
    let vault_id = system.open_indebted(ALICE, &[(at.weth, 10 * WETH)], 14_000 * USD);
    system.set_price(at.weth, 1_700);
    // All three are one person: the borrower, the keeper and the buyer.
    let all = [ALICE, KEEPER, BUYER];
    let wealth = |system: &System| {
        let held = |token: Address| all.iter().map(|who| system.balance(token, *who)).sum::<U256>();
        let inside = account(system, vault_id);
        let collateral =
            system.ask(at.vault, &IVault::collateralOfCall { vaultId: vault_id, collateral: at.weth.token });
        // Weth at 1,700 dollars, in base units of a dollar, twice over what rounding could hide.
        let weth = (held(at.weth.token) + collateral) * n(1_700) / n(1_000_000_000_000);
        held(at.usd.token) + weth - inside.debtRaw
    };
    let before = wealth(&system);
    system.must(KEEPER, at.auction, &liquidate(at.weth, vault_id));
    let sold = sale(&system, FIRST);
    let penalty = sold.dueRaw - sold.debtRaw;
    // 1.2 * 0.9995^364: a little above the oracle's price, from where on anybody else would buy too.
    system.wait(364);
    while !sale(&system, FIRST).lotRaw.is_zero() {
        system.must(BUYER, at.auction, &take(FIRST, U256::MAX, BUYER));
    }
    let lost = before - wealth(&system);
    // The reward is 5 dollars and a thousandth of what is due, and never more than half of the penalty.
    assert!(lost >= penalty / n(2) - U256::ONE, "lost {lost} of a penalty of {penalty}");
    assert!(lost <= penalty, "lost {lost} of a penalty of {penalty}");
}

/// The keeper's reward is no reason to make dust unsafe: of a sale whose penalty is small it is at most a share of that.
#[test]
fn a_vault_of_dust_is_not_worth_liquidating_for_the_reward() {
    let mut system = System::native();
    let at = system.at;
    let vault_id = system.open_indebted(ALICE, &[(at.weth, WETH / 14)], 100 * USD);
    system.set_price(at.weth, 1_700);
    let purse = system.balance(at.usd.token, KEEPER);
    system.must(KEEPER, at.auction, &liquidate(at.weth, vault_id));
    let sold = sale(&system, FIRST);
    let reward = system.balance(at.usd.token, KEEPER) - purse;
    assert!(reward <= (sold.dueRaw - sold.debtRaw) / n(2), "{reward} for {sold:?}");
}

/// Venus, 2025 and 2026: a donation moved an exchange rate, or passed a cap. Here nothing reads its own balance.
#[test]
fn a_donation_moves_no_price_no_health_and_no_cap() {
    let mut system = System::native();
    let at = system.at;
    let vault_id = system.open_indebted(ALICE, &[(at.weth, 10 * WETH)], 14_000 * USD);
    let seen = |system: &System| {
        let one = U256::from(10_u64.pow(12));
        (
            account(system, vault_id),
            system.books(),
            system.ask(at.pool, &IPool::totalAssetsCall {}),
            system.ask(at.pool, &IPool::convertToAssetsCall { shares: one }),
            system.ask(at.reserve, &IReserve::stakedCall {}).assetsRaw,
            system.ask(at.vault, &IVault::collateralCall { token: at.weth.token }),
            system.ask(at.pool, &IPool::maxDepositCall { receiver: LENDER }),
        )
    };
    let before = seen(&system);
    for to in [at.vault, at.pool, at.reserve, at.auction] {
        system.must(LENDER, at.usd.token, &ITestToken::transferCall { to, amountRaw: usd(1_000_000) });
        system.must(BOB, at.weth.token, &ITestToken::transferCall { to, amountRaw: n(50 * WETH) });
    }
    assert_eq!(before, seen(&system));
    // Nor does it lift what is held above the cap that deposits have.
    let cap = IVault::setCollateralCall {
        token: at.weth.token,
        ltvBps: U256::from(7_500),
        thresholdBps: U256::from(8_000),
        penaltyBps: U256::from(1_000),
        capRaw: n(10 * WETH),
    };
    system.must(OWNER, at.vault, &cap);
    let deposit = IVault::depositCall { vaultId: vault_id, collateral: at.weth.token, amountRaw: U256::ONE };
    let error = IVault::CapExceeded { collateral: at.weth.token, totalRaw: n(10 * WETH + 1), capRaw: n(10 * WETH) };
    system.refused(ALICE, at.vault, &deposit, &error);
}

/// The classic of ERC-4626: the first depositor brings one unit, gives a fortune, and takes the next one's deposit by rounding.
#[test]
fn the_first_depositor_cannot_take_the_next_ones_deposit() {
    let mut system = System::native();
    let at = system.at;
    let all = system.ask(at.pool, &IPool::balanceOfCall { account: LENDER });
    system.must(LENDER, at.pool, &IPool::redeemCall { shares: all, receiver: LENDER, owner: LENDER });
    assert_eq!(system.ask(at.pool, &IPool::totalSupplyCall {}), U256::ZERO);
    let attacker = RIVAL;
    let purse = system.balance(at.usd.token, attacker);
    system.must(attacker, at.pool, &IPool::depositCall { assets: U256::ONE, receiver: attacker });
    for to in [at.pool, at.vault] {
        system.must(attacker, at.usd.token, &ITestToken::transferCall { to, amountRaw: usd(1_000_000) });
    }
    let victims = usd(1_000);
    let shares = system.must(BUYER, at.pool, &IPool::depositCall { assets: victims, receiver: BUYER });
    let back = system.must(BUYER, at.pool, &IPool::redeemCall { shares, receiver: BUYER, owner: BUYER });
    assert!(victims - back <= U256::ONE, "the victim brought {victims} and got {back}");
    let shares = system.ask(at.pool, &IPool::balanceOfCall { account: attacker });
    system.must(attacker, at.pool, &IPool::redeemCall { shares, receiver: attacker, owner: attacker });
    let left = purse - system.balance(at.usd.token, attacker);
    assert!(left >= usd(2_000_000), "the attacker has given {left}");
}

/// The same in the reserve, whose stakes are shares too.
#[test]
fn the_first_staker_cannot_take_the_next_ones_stake() {
    let mut system = System::native();
    let at = system.at;
    system.must(RIVAL, at.reserve, &IReserve::stakeCall { amountRaw: U256::ONE, staker: RIVAL });
    system.must(RIVAL, at.usd.token, &ITestToken::transferCall { to: at.reserve, amountRaw: usd(1_000_000) });
    system.must(LENDER, at.reserve, &IReserve::stakeCall { amountRaw: usd(1_000), staker: LENDER });
    let stake = system.ask(at.reserve, &IReserve::stakeOfCall { staker: LENDER });
    assert!(usd(1_000) - stake.assetsRaw <= U256::ONE, "{}", stake.assetsRaw);
}

/// Sells Alice's bitcoin, bought when it was worth 40,000, at a price at which it does not pay for her debt.
fn sell_short(system: &mut System, beside: &[(support::system::Asset, u128)]) -> U256 {
    let at = system.at;
    let mut deposits = vec![(at.wbtc, WBTC)];
    deposits.extend_from_slice(beside);
    let vault_id = system.open_indebted(ALICE, &deposits, 27_000 * USD);
    system.set_price(at.wbtc, 10_000);
    system.must(KEEPER, at.auction, &liquidate(at.wbtc, vault_id));
    buy_all(system);
    vault_id
}

/// Buys all of the last auction for less than the oracle's price, 1.2 * 0.9995^400 of it, so that nothing is left over.
fn buy_all(system: &mut System) {
    let auction_id = system.ask(system.at.auction, &IAuction::auctionCountCall {});
    system.wait(400);
    system.must(BUYER, system.at.auction, &take(auction_id, U256::MAX, BUYER));
    assert!(sale(system, auction_id).lotRaw.is_zero());
}

/// Others could not realise a bad debt while a grain of collateral was left. What is worth less than a unit holds nothing up.
#[test]
fn dust_worth_nothing_does_not_keep_a_loss_from_being_realised() {
    let mut system = System::native();
    let at = system.at;
    let purse = system.balance(at.usd.token, BUYER);
    let vault_id = sell_short(&mut system, &[(at.weth, 1)]);
    let paid = purse - system.balance(at.usd.token, BUYER);
    // 27,000 were owed and all of them were on sale without a penalty; the surplus had 10,000, less what the keeper got.
    let books = system.books();
    assert_eq!(account(&system, vault_id).debtRaw, U256::ZERO, "nobody owes it any more");
    assert_eq!(books.surplusRaw, U256::ZERO);
    let rewarded = system.balance(at.usd.token, KEEPER);
    assert_eq!(books.badDebtRaw, usd(27_000) - paid - (n(SURPLUS_RAW) - rewarded));
    assert_eq!(system.ask(at.reserve, &IReserve::queuedCall {}).badDebtRaw, books.badDebtRaw);
}

/// Dust that is worth something, but less than a vault must owe at least, holds up no loss beyond its own worth, whoever brings it, even
/// in the middle of the sale: else lenders could leave at the full price while somebody keeps adding dust.
#[test]
fn dust_of_some_worth_does_not_keep_a_loss_from_being_realised() {
    let mut system = System::native();
    let at = system.at;
    let vault_id = system.open_indebted(ALICE, &[(at.wbtc, WBTC), (at.weth, WETH / 1_000)], 27_000 * USD);
    system.set_price(at.wbtc, 10_000);
    system.must(KEEPER, at.auction, &liquidate(at.wbtc, vault_id));
    assert_eq!(account(&system, vault_id).debtRaw, U256::ZERO, "all of it is on sale");
    // 2 dollars of ether, and 97 more: the minimum is 100.
    let dust =
        IVault::depositCall { vaultId: vault_id, collateral: at.weth.token, amountRaw: n(WETH / 1_000 * 97 / 2) };
    system.must(BOB, at.vault, &dust);
    buy_all(&mut system);
    // The dust owes what it is worth, and all else is realised.
    assert_eq!(account(&system, vault_id).debtRaw, usd(99));
    assert!(system.books().badDebtRaw > usd(4_800), "{:?}", system.books());
    let withdraw = IVault::withdrawCall {
        vaultId: vault_id,
        collateral: at.weth.token,
        amountRaw: n(WETH / 1_000 * 99 / 2),
        to: ALICE,
    };
    let exceeded = IVault::BorrowingPowerExceeded { debtValueWad: n(99) * n(10).pow(n(18)), ltvValueWad: U256::ZERO };
    system.refused(ALICE, at.vault, &withdraw, &exceeded);
    // It can be sold in its turn, for what it is worth.
    system.must(KEEPER, at.auction, &liquidate(at.weth, vault_id));
    buy_all(&mut system);
    assert_eq!(account(&system, vault_id).debtRaw, U256::ZERO);
}

/// What is worth the minimum debt keeps its debt, until anybody sells it too; then the loss is realised.
#[test]
fn what_is_worth_the_minimum_debt_keeps_the_debt_and_can_be_sold() {
    let mut system = System::native();
    let at = system.at;
    let vault_id = sell_short(&mut system, &[(at.weth, WETH / 20)]);
    let owed = account(&system, vault_id).debtRaw;
    assert!(owed > usd(17_000), "what the bitcoin did not pay is the vault's again: {owed}");
    assert!(system.books().badDebtRaw.is_zero());
    system.must(KEEPER, at.auction, &liquidate(at.weth, vault_id));
    buy_all(&mut system);
    assert_eq!(account(&system, vault_id).debtRaw, U256::ZERO);
    assert!(system.books().badDebtRaw > usd(4_900), "{:?}", system.books());
}

/// A collateral of no LTV beside the sold one: its debt goes back where it has worth, and it can be sold.
#[test]
fn a_residue_that_cannot_be_borrowed_against_keeps_the_debt_and_can_be_sold() {
    let mut system = System::native();
    let at = system.at;
    let vault_id = system.open_indebted(ALICE, &[(at.wbtc, WBTC), (at.weth, WETH / 10)], 27_000 * USD);
    let no_ltv = IVault::setCollateralCall {
        token: at.weth.token,
        ltvBps: U256::ZERO,
        thresholdBps: U256::from(8_000),
        penaltyBps: U256::from(1_000),
        capRaw: n(10_000 * WETH),
    };
    system.must(OWNER, at.vault, &no_ltv);
    system.set_price(at.wbtc, 10_000);
    system.must(KEEPER, at.auction, &liquidate(at.wbtc, vault_id));
    buy_all(&mut system);
    assert!(account(&system, vault_id).debtRaw > U256::ZERO);
    system.must(KEEPER, at.auction, &liquidate(at.weth, vault_id));
    buy_all(&mut system);
    assert_eq!(account(&system, vault_id).debtRaw, U256::ZERO);
}

/// A collateral whose feed dies while another is on sale keeps its debt: no loss is realised for want of a price. Until its owner
/// shuts it down nothing of the vault can be sold; then it counts for nothing, and everything else can.
#[test]
fn a_residue_without_a_price_keeps_the_debt_until_it_is_shut_down() {
    let mut system = System::native();
    let at = system.at;
    let vault_id = system.open_indebted(ALICE, &[(at.wbtc, WBTC), (at.weth, WETH)], 28_000 * USD);
    system.set_price(at.wbtc, 20_000);
    system.must(KEEPER, at.auction, &liquidate(at.wbtc, vault_id));
    let dead = IScriptedFeed::setBehaviourCall { behaviour: IScriptedFeed::Behaviour::Revert };
    system.must(OPERATOR, at.weth.feed, &dead);
    let sold = system.ask(at.auction, &IAuction::auctionCountCall {});
    system.wait(700);
    system.must(BUYER, at.auction, &take(sold, U256::MAX, BUYER));
    let owed = system.ask(at.vault, &IVault::debtOfCall { vaultId: vault_id });
    assert!(owed > usd(8_000) && system.books().badDebtRaw.is_zero(), "{owed}");

    // More bitcoin, which the debt outgrows; but it is not for sale beside a price that nobody knows.
    let deposit = IVault::depositCall { vaultId: vault_id, collateral: at.wbtc.token, amountRaw: n(WBTC / 10) };
    system.must(ALICE, at.vault, &deposit);
    let unreadable = IOracle::FeedUnreadable { asset: at.weth.token, aggregator: at.weth.feed };
    system.refused(KEEPER, at.auction, &liquidate(at.wbtc, vault_id), &unreadable);
    system.must(OWNER, at.oracle, &IOracle::setStopCall { asset: at.weth.token, level: U256::from(2) });
    let nothing = IVault::NothingToSell { vaultId: vault_id, collateral: at.weth.token };
    system.refused(KEEPER, at.auction, &liquidate(at.weth, vault_id), &nothing);
    system.must(KEEPER, at.auction, &liquidate(at.wbtc, vault_id));
    let surplus = system.books().surplusRaw;
    buy_all(&mut system);
    assert_eq!(system.ask(at.vault, &IVault::debtOfCall { vaultId: vault_id }), U256::ZERO);
    assert!(surplus - system.books().surplusRaw > usd(5_000), "the loss is realised");
}

/// What a sale does not bring is owed again by what the vault holds besides, which therefore stays until the sale has ended.
#[test]
fn the_owner_cannot_take_the_rest_away_before_a_sale_turns_out_short() {
    let mut system = System::native();
    let at = system.at;
    let vault_id = system.open_indebted(ALICE, &[(at.wbtc, WBTC), (at.weth, 3 * WETH)], 28_000 * USD);
    system.set_price(at.wbtc, 28_000);
    system.must(KEEPER, at.auction, &liquidate(at.wbtc, vault_id));
    let withdraw =
        IVault::withdrawCall { vaultId: vault_id, collateral: at.weth.token, amountRaw: n(3 * WETH), to: ALICE };
    system.refused(ALICE, at.vault, &withdraw, &IVault::OnSale { vaultId: vault_id, lots: U256::ONE });
    let sold = system.ask(at.auction, &IAuction::auctionCountCall {});
    system.wait(1_000);
    system.must(BUYER, at.auction, &take(sold, U256::MAX, BUYER));
    assert!(account(&system, vault_id).debtRaw > usd(1_000), "the ether owes what the bitcoin did not bring");
    assert!(system.books().badDebtRaw.is_zero());
}

/// The order of losses, to the end of all money: surplus, then stakers down to nothing, then lenders; and stakes begin anew.
#[test]
fn a_loss_takes_the_surplus_then_the_stakers_to_the_last_unit_then_the_lenders() {
    let mut system = System::native();
    let at = system.at;
    system.must(LENDER, at.reserve, &IReserve::stakeCall { amountRaw: usd(3_000), staker: LENDER });
    let lent = system.ask(at.pool, &IPool::totalAssetsCall {});
    sell_short(&mut system, &[]);
    let unpaid = system.books().badDebtRaw;
    let lenders_loss = unpaid - usd(3_000);
    // Known at once: nobody leaves before it.
    assert_eq!(system.ask(at.reserve, &IReserve::stakeOfCall { staker: LENDER }).assetsRaw, U256::ZERO);
    assert_eq!(system.ask(at.pool, &IPool::totalAssetsCall {}), lent - lenders_loss);
    let patience = system.ask(at.reserve, &IReserve::rulesCall {}).patienceSecs;
    system.wait(patience.to::<u64>());
    let covered = system.must(BOB, at.reserve, &IReserve::coverCall {});
    assert_eq!((covered.stakersRaw, covered.lendersRaw), (usd(3_000), lenders_loss));
    assert_eq!(system.ask(at.pool, &IPool::totalAssetsCall {}), lent - lenders_loss, "covering it changed nothing");
    assert_eq!(system.books().badDebtRaw, U256::ZERO);
    // Stakes of one unit, after the end of those before.
    let shares = system.must(RIVAL, at.reserve, &IReserve::stakeCall { amountRaw: U256::ONE, staker: RIVAL });
    assert_eq!(shares, n(1_000_000), "the first price again");
    assert_eq!(system.ask(at.reserve, &IReserve::stakeOfCall { staker: LENDER }).assetsRaw, U256::ZERO);
}

/// A vault whose health is one exactly is safe, one unit of debt more is not.
#[test]
fn a_health_of_one_is_safe_and_a_unit_less_is_not() {
    let mut system = System::native();
    let at = system.at;
    let vault_id = system.open_indebted(ALICE, &[(at.weth, 10 * WETH)], 14_000 * USD);
    system.set_price(at.weth, 1_750);
    assert_eq!(health(&system, vault_id), n(support::system::WAD));
    let error = IVault::Healthy { vaultId: vault_id, healthWad: n(support::system::WAD) };
    system.refused(KEEPER, at.auction, &liquidate(at.weth, vault_id), &error);
    system.set_answer(at.weth, 1_750 * 100_000_000 - 1);
    assert!(health(&system, vault_id) < n(support::system::WAD));
    system.must(KEEPER, at.auction, &liquidate(at.weth, vault_id));
}

/// Stakes that are lost but for a unit, or for a five-hundredth, and filled again, ten times over: each time a share is worth less by as
/// much, and without an end to it a large stake would be more shares than can be counted. A round of which next to nothing is left is closed
/// instead: each stake is as large as the first, and what each round had left is paid to the unit.
#[test]
fn ten_losses_of_nearly_all_stakes_in_a_row_keep_nobody_from_staking() {
    for parts in [U256::MAX, n(499)] {
        let mut system = System::native();
        let at = system.at;
        let mut rules = system.ask(at.reserve, &IReserve::rulesCall {});
        rules.patienceSecs = U256::ZERO;
        system.must(OWNER, at.reserve, &IReserve::setRulesCall { newRules: rules });
        // The first loss takes the surplus and what lenders bear of it, so that each later one is the stakers' alone.
        lose(&mut system);
        system.must(BOB, at.reserve, &IReserve::coverCall {});
        let loss = lose(&mut system);
        system.must(BOB, at.reserve, &IReserve::coverCall {});
        let amount_raw = loss + (loss / parts).max(U256::ONE);
        let staked = |system: &System| system.ask(at.reserve, &IReserve::stakedCall {});
        let round = |system: &System| system.ask(at.reserve, &IReserve::roundCall {});
        let balance = |system: &System| system.balance(at.usd.token, at.reserve);
        for time in 1..=10 {
            let before = (round(&system), staked(&system).assetsRaw);
            let call = IReserve::stakeCall { amountRaw: amount_raw, staker: LENDER };
            let shares = system.must(LENDER, at.reserve, &call);
            let all = staked(&system);
            if time > 1 && round(&system) > before.0 {
                let left = system.ask(at.reserve, &IReserve::leftOfCall { round: before.0, staker: LENDER });
                assert_eq!(
                    (left, all.assetsRaw, shares),
                    (before.1, amount_raw, amount_raw * n(1_000_000)),
                    "time {time}"
                );
            } else {
                assert_eq!(all.assetsRaw, before.1 + amount_raw, "time {time}");
            }
            assert!(all.totalShares < (all.assetsRaw + U256::ONE) * n(1_000_000_000), "time {time}");
            assert_eq!(lose(&mut system), loss);
            let covered = system.must(BOB, at.reserve, &IReserve::coverCall {});
            assert_eq!((covered.stakersRaw, covered.lendersRaw), (loss, U256::ZERO), "time {time}");
        }
        let closed = round(&system).to::<u64>();
        assert_eq!(closed, if parts == n(499) { 4 } else { 9 });
        let left = staked(&system).assetsRaw;
        for round in (0..closed).map(U256::from) {
            system.must(LENDER, at.reserve, &IReserve::collectCall { round, to: LENDER });
        }
        assert_eq!(balance(&system), left, "all of it was paid");
    }
}

/// Lets a vault of Bob's be sold short; answers how much more bad debt there is.
fn lose(system: &mut System) -> U256 {
    let at = system.at;
    let before = system.books().badDebtRaw;
    system.set_price(at.wbtc, 40_000);
    system.set_price(at.weth, 2_000);
    let usd = system.at.usd;
    system.set_price(usd, 1);
    let vault_id = system.open_indebted(BOB, &[(at.wbtc, WBTC)], 27_000 * USD);
    system.set_price(at.wbtc, 10_000);
    system.must(KEEPER, at.auction, &liquidate(at.wbtc, vault_id));
    buy_all(system);
    system.books().badDebtRaw - before
}
