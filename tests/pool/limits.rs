//! How much can be brought and taken: the last number that works, and the refusal of the next.

use crate::scene::{LENDERS, balance, deposit, empty, lend_on, lose, number, supply, total_assets};
use alloy_primitives::U256;
use interface::{IPool, IReserve, IVault};
use support::{
    System,
    actors::{BUYER, LENDER, OPERATOR, OWNER, RIVAL, STRANGER},
    doubles::ITestToken,
    system::{SURPLUS_RAW, USD},
};

/// The most that can be lent, as `IPool.maxDeposit` says.
const MOST_LENT_RAW: U256 = U256::from_limbs([u64::MAX, (1 << 30) - 1, 0, 0]);

support::scenarios! {
    both {
        deposits_reach_the_cap_and_no_further,
        withdrawals_reach_the_cash_and_no_further,
        nothing_is_lent_to_shares_that_have_lost_all,
    }
    native {
        withdrawals_reach_what_the_shares_are_worth_and_no_further,
        without_a_cap_the_books_are_the_limit,
        nobody_buys_in_while_a_loss_waits,
        shares_worth_nothing_cannot_be_redeemed,
    }
}

fn deposits_reach_the_cap_and_no_further(system: &mut System) {
    empty(system);
    let pool = system.at.pool;
    deposit(system, LENDER, 100);
    system.must(OWNER, pool, &IPool::setDepositCapCall { capRaw: number(150) });
    assert_eq!(system.ask(pool, &IPool::maxDepositCall { receiver: RIVAL }), number(50));
    assert_eq!(system.ask(pool, &IPool::maxMintCall { receiver: RIVAL }), number(50_000_000));
    let call = IPool::depositCall { assets: number(51), receiver: RIVAL };
    let refusal = IPool::ERC4626ExceededMaxDeposit { receiver: RIVAL, assets: number(51), max: number(50) };
    system.refused(LENDER, pool, &call, &refusal);
    let call = IPool::mintCall { shares: number(50_000_001), receiver: RIVAL };
    let refusal =
        IPool::ERC4626ExceededMaxMint { receiver: RIVAL, shares: number(50_000_001), max: number(50_000_000) };
    system.refused(LENDER, pool, &call, &refusal);
    system.must(LENDER, pool, &IPool::mintCall { shares: number(25_000_000), receiver: RIVAL });
    deposit(system, LENDER, 25);
    assert_eq!(system.ask(pool, &IPool::maxDepositCall { receiver: RIVAL }), U256::ZERO);
    assert_eq!(system.ask(pool, &IPool::maxMintCall { receiver: RIVAL }), U256::ZERO);
    let call = IPool::depositCall { assets: U256::ONE, receiver: LENDER };
    let refusal = IPool::ERC4626ExceededMaxDeposit { receiver: LENDER, assets: U256::ONE, max: U256::ZERO };
    system.refused(LENDER, pool, &call, &refusal);
}

fn withdrawals_reach_the_cash_and_no_further(system: &mut System) {
    empty(system);
    let pool = system.at.pool;
    let shares = deposit(system, LENDER, 1_000_000 * USD);
    lend_on(system, 900_000 * USD);
    // The surplus is cash, too: what is the lenders' is paid from all there is.
    let cash = number(100_000 * USD + SURPLUS_RAW);
    assert_eq!(system.books().cashRaw, cash);
    assert_eq!(system.ask(pool, &IPool::maxWithdrawCall { owner: LENDER }), cash);
    let more = cash + U256::ONE;
    let call = IPool::withdrawCall { assets: more, receiver: LENDER, owner: LENDER };
    let refusal = IPool::ERC4626ExceededMaxWithdraw { owner: LENDER, assets: more, max: cash };
    system.refused(LENDER, pool, &call, &refusal);
    // Up to the last share that is not worth the next unit.
    let most = cash * number(1_000_000) + number(999_999);
    assert_eq!(system.ask(pool, &IPool::maxRedeemCall { owner: LENDER }), most);
    let next = most + U256::ONE;
    let call = IPool::redeemCall { shares: next, receiver: LENDER, owner: LENDER };
    system.refused(LENDER, pool, &call, &IPool::ERC4626ExceededMaxRedeem { owner: LENDER, shares: next, max: most });

    let call = IPool::withdrawCall { assets: cash, receiver: STRANGER, owner: LENDER };
    assert_eq!(system.must(LENDER, pool, &call), cash * number(1_000_000));
    assert_eq!(system.books().cashRaw, U256::ZERO);
    assert_eq!(balance(system, LENDER), shares - cash * number(1_000_000));
    assert_eq!(system.ask(pool, &IPool::maxWithdrawCall { owner: LENDER }), U256::ZERO);
    assert_eq!(system.ask(pool, &IPool::maxRedeemCall { owner: LENDER }), U256::ZERO);
    let call = IPool::redeemCall { shares: U256::ONE, receiver: LENDER, owner: LENDER };
    let refusal = IPool::ERC4626ExceededMaxRedeem { owner: LENDER, shares: U256::ONE, max: U256::ZERO };
    system.refused(LENDER, pool, &call, &refusal);
    // What is paid back can be taken out.
    system.must(BUYER, system.at.vault, &IVault::repayCall { vaultId: U256::ONE, amountRaw: number(USD) });
    assert_eq!(system.ask(pool, &IPool::maxWithdrawCall { owner: LENDER }), number(USD));
}

/// Sells the lenders' whole fund off for nothing; leaves half of the lender's shares and no assets.
fn nothing_is_lent_to_shares_that_have_lost_all(system: &mut System) {
    empty(system);
    let at = system.at;
    deposit(system, LENDER, 1_000_000 * USD);
    lose(system, 1_000_000 * USD + SURPLUS_RAW);
    // The sale brought one unit, which is all that is left.
    assert_eq!(total_assets(system), U256::ONE);
    system.must(LENDER, at.pool, &IPool::withdrawCall { assets: U256::ONE, receiver: LENDER, owner: LENDER });
    assert_eq!(total_assets(system), U256::ZERO);
    assert!(supply(system) > U256::ZERO);
    for lender in LENDERS {
        assert_eq!(system.ask(at.pool, &IPool::maxDepositCall { receiver: lender }), U256::ZERO);
        assert_eq!(system.ask(at.pool, &IPool::maxMintCall { receiver: lender }), U256::ZERO);
        assert_eq!(system.ask(at.pool, &IPool::maxWithdrawCall { owner: lender }), U256::ZERO);
        assert_eq!(system.ask(at.pool, &IPool::maxRedeemCall { owner: lender }), U256::ZERO);
    }
    let call = IPool::depositCall { assets: number(USD), receiver: RIVAL };
    let refusal = IPool::ERC4626ExceededMaxDeposit { receiver: RIVAL, assets: number(USD), max: U256::ZERO };
    system.refused(RIVAL, at.pool, &call, &refusal);
    let call = IPool::mintCall { shares: U256::ONE, receiver: RIVAL };
    let refusal = IPool::ERC4626ExceededMaxMint { receiver: RIVAL, shares: U256::ONE, max: U256::ZERO };
    system.refused(RIVAL, at.pool, &call, &refusal);
    // A gift to the surplus pays for the bad debt, and with it the lender's shares are worth something again.
    crate::scene::allow(system, at.usd.token, BUYER, at.reserve);
    system.must(BUYER, at.reserve, &IReserve::donateCall { amountRaw: number(100 * USD) });
    assert_eq!(total_assets(system), number(100 * USD));
    // But while the rest of the loss waits nobody shares in that.
    system.refused(RIVAL, at.pool, &IPool::depositCall { assets: number(USD), receiver: RIVAL }, &{
        IPool::ERC4626ExceededMaxDeposit { receiver: RIVAL, assets: number(USD), max: U256::ZERO }
    });
    crate::scene::cover(system);
    assert_eq!(total_assets(system), number(100 * USD));
    let left_raw = MOST_LENT_RAW - number(100 * USD);
    assert_eq!(system.ask(at.pool, &IPool::maxDepositCall { receiver: RIVAL }), left_raw);
    deposit(system, RIVAL, USD);
}

/// What recovers a loss belongs to those who bear it: nobody buys in for a moment while it waits.
fn nobody_buys_in_while_a_loss_waits(system: &mut System) {
    empty(system);
    let at = system.at;
    deposit(system, LENDER, 1_000_000 * USD);
    lose(system, 300_000 * USD + SURPLUS_RAW);
    let assets = number(70_000_000 * USD);
    let call = IPool::depositCall { assets, receiver: RIVAL };
    let refusal = IPool::ERC4626ExceededMaxDeposit { receiver: RIVAL, assets, max: U256::ZERO };
    system.refused(RIVAL, at.pool, &call, &refusal);
    let before = total_assets(system);
    crate::scene::allow(system, at.usd.token, BUYER, at.reserve);
    system.must(BUYER, at.reserve, &IReserve::donateCall { amountRaw: number(20_000 * USD) });
    assert_eq!(total_assets(system), before + number(20_000 * USD), "all of it is the lenders' who were there");
    system.refused(RIVAL, at.pool, &call, &refusal);
    crate::scene::cover(system);
    deposit(system, RIVAL, USD);
}

fn withdrawals_reach_what_the_shares_are_worth_and_no_further(system: &mut System) {
    empty(system);
    let pool = system.at.pool;
    let shares = deposit(system, LENDER, 100);
    deposit(system, RIVAL, 1_000);
    assert_eq!(system.ask(pool, &IPool::maxWithdrawCall { owner: LENDER }), number(100));
    assert_eq!(system.ask(pool, &IPool::maxRedeemCall { owner: LENDER }), shares);
    let call = IPool::withdrawCall { assets: number(101), receiver: LENDER, owner: LENDER };
    let refusal = IPool::ERC4626ExceededMaxWithdraw { owner: LENDER, assets: number(101), max: number(100) };
    system.refused(LENDER, pool, &call, &refusal);
    let next = shares + U256::ONE;
    let call = IPool::redeemCall { shares: next, receiver: LENDER, owner: LENDER };
    let refusal = IPool::ERC4626ExceededMaxRedeem { owner: LENDER, shares: next, max: shares };
    system.refused(LENDER, pool, &call, &refusal);
    let call = IPool::withdrawCall { assets: number(100), receiver: LENDER, owner: LENDER };
    assert_eq!(system.must(LENDER, pool, &call), shares);
}

fn without_a_cap_the_books_are_the_limit(system: &mut System) {
    empty(system);
    let pool = system.at.pool;
    deposit(system, LENDER, 100);
    let left_raw = MOST_LENT_RAW - number(100);
    let left = left_raw * number(1_000_000);
    assert_eq!(system.ask(pool, &IPool::maxDepositCall { receiver: RIVAL }), left_raw);
    assert_eq!(system.ask(pool, &IPool::maxMintCall { receiver: RIVAL }), left);
    let more_raw = left_raw + U256::ONE;
    let call = IPool::depositCall { assets: more_raw, receiver: RIVAL };
    let refusal = IPool::ERC4626ExceededMaxDeposit { receiver: RIVAL, assets: more_raw, max: left_raw };
    system.refused(RIVAL, pool, &call, &refusal);
    let call = IPool::mintCall { shares: left + U256::ONE, receiver: RIVAL };
    let refusal = IPool::ERC4626ExceededMaxMint { receiver: RIVAL, shares: left + U256::ONE, max: left };
    system.refused(RIVAL, pool, &call, &refusal);
    let token = system.at.usd.token;
    system.must(OPERATOR, token, &ITestToken::mintCall { to: RIVAL, amountRaw: left_raw });
    system.must(RIVAL, pool, &IPool::depositCall { assets: left_raw, receiver: RIVAL });
    assert_eq!(total_assets(system), MOST_LENT_RAW);
}

fn shares_worth_nothing_cannot_be_redeemed(system: &mut System) {
    empty(system);
    let pool = system.at.pool;
    deposit(system, LENDER, 100);
    system.must(LENDER, pool, &IPool::transferCall { to: RIVAL, value: number(999_999) });
    assert_eq!(system.ask(pool, &IPool::maxRedeemCall { owner: RIVAL }), U256::ZERO);
    assert_eq!(system.ask(pool, &IPool::maxWithdrawCall { owner: RIVAL }), U256::ZERO);
    let call = IPool::redeemCall { shares: number(999_999), receiver: RIVAL, owner: RIVAL };
    let refusal = IPool::ERC4626ExceededMaxRedeem { owner: RIVAL, shares: number(999_999), max: U256::ZERO };
    system.refused(RIVAL, pool, &call, &refusal);
}
