//! Repaying, by anybody, at any time.

use alloy_primitives::U256;
use interface::{IShared, IVault};
use support::{
    System,
    actors::{ALICE, BOB, LENDER, OWNER, STRANGER},
    system::{MIN_DEBT_RAW, USD, WETH, event, flat_rate},
};

support::scenarios! {
    both {
        repay_takes_from_the_payer_and_lowers_the_debt_of_any_vault,
        repay_takes_no_more_than_is_owed,
    }
    native {
        repay_refuses_an_amount_of_zero,
        repay_refuses_a_vault_that_is_not_there,
        repay_refuses_a_vault_without_debt,
        repay_may_leave_less_than_the_minimum,
        repay_refuses_without_allowance,
        repay_of_everything_is_possible_below_the_minimum,
        repay_of_everything_takes_the_interest_too,
        a_repayment_too_small_for_a_share_is_refused,
    }
}

fn repay(vault_id: u64, amount_raw: u128) -> IVault::repayCall {
    IVault::repayCall { vaultId: U256::from(vault_id), amountRaw: U256::from(amount_raw) }
}

fn debt(system: &System, vault_id: u64) -> U256 {
    system.ask(system.at.vault, &IVault::debtOfCall { vaultId: U256::from(vault_id) })
}

fn repay_takes_from_the_payer_and_lowers_the_debt_of_any_vault(system: &mut System) {
    let at = system.at;
    system.open_indebted(ALICE, &[(at.weth, 10 * WETH)], 9_000 * USD);
    let (purse, cash) = (system.balance(at.usd.token, LENDER), system.books().cashRaw);
    let repaid = system.must(LENDER, at.vault, &repay(1, 4_000 * USD));
    assert_eq!(repaid, U256::from(4_000 * USD));
    let said = IVault::Repaid { vaultId: U256::from(1), payer: LENDER, amountRaw: repaid, shares: repaid };
    assert_eq!(system.events(), [event(at.vault, &said)]);
    assert_eq!(debt(system, 1), U256::from(5_000 * USD));
    assert_eq!(purse - system.balance(at.usd.token, LENDER), repaid);
    assert_eq!(system.books().cashRaw - cash, repaid);
    assert_eq!(system.books().debtShares, U256::from(5_000 * USD));
}

fn repay_takes_no_more_than_is_owed(system: &mut System) {
    let at = system.at;
    system.open_indebted(ALICE, &[(at.weth, 10 * WETH)], 9_000 * USD);
    let purse = system.balance(at.usd.token, LENDER);
    let call = IVault::repayCall { vaultId: U256::from(1), amountRaw: U256::MAX };
    assert_eq!(system.must(LENDER, at.vault, &call), U256::from(9_000 * USD));
    assert_eq!(purse - system.balance(at.usd.token, LENDER), U256::from(9_000 * USD));
    assert_eq!(debt(system, 1), U256::ZERO);
    assert_eq!(system.ask(at.vault, &IVault::healthFactorCall { vaultId: U256::from(1) }), U256::MAX);
}

fn repay_refuses_an_amount_of_zero(system: &mut System) {
    system.open_indebted(ALICE, &[(system.at.weth, WETH)], 500 * USD);
    system.refused(ALICE, system.at.vault, &repay(1, 0), &IShared::ZeroAmount {});
}

fn repay_refuses_a_vault_that_is_not_there(system: &mut System) {
    system.refused(ALICE, system.at.vault, &repay(1, 5), &IVault::UnknownVault { vaultId: U256::from(1) });
}

fn repay_refuses_a_vault_without_debt(system: &mut System) {
    system.open_vault(ALICE, &[(system.at.weth, WETH)]);
    system.refused(ALICE, system.at.vault, &repay(1, 5), &IVault::NoDebt { vaultId: U256::from(1) });
}

fn repay_may_leave_less_than_the_minimum(system: &mut System) {
    let at = system.at;
    system.open_indebted(ALICE, &[(at.weth, WETH)], 500 * USD);
    system.must(LENDER, at.vault, &repay(1, 500 * USD - MIN_DEBT_RAW + 1));
    assert_eq!(debt(system, 1), U256::from(MIN_DEBT_RAW - 1));
    system.must(LENDER, at.vault, &repay(1, 1));
    assert_eq!(debt(system, 1), U256::from(MIN_DEBT_RAW - 2));
}

fn repay_refuses_without_allowance(system: &mut System) {
    let at = system.at;
    system.open_indebted(ALICE, &[(at.weth, WETH)], 500 * USD);
    let refusal =
        IShared::TransferFailed { token: at.usd.token, from: STRANGER, to: at.vault, amountRaw: U256::from(100 * USD) };
    system.refused(STRANGER, at.vault, &repay(1, 100 * USD), &refusal);
}

fn repay_of_everything_is_possible_below_the_minimum(system: &mut System) {
    let at = system.at;
    system.open_indebted(ALICE, &[(at.weth, WETH)], 500 * USD);
    let limits = IVault::setLimitsCall { ceilingRaw: U256::ZERO, minDebtRaw: U256::from(1_000 * USD) };
    system.must(OWNER, at.vault, &limits);
    system.must(LENDER, at.vault, &repay(1, 500 * USD));
    assert_eq!(debt(system, 1), U256::ZERO);
}

fn repay_of_everything_takes_the_interest_too(system: &mut System) {
    let at = system.at;
    system.open_indebted(ALICE, &[(at.weth, WETH)], 1_000 * USD);
    system.must(OWNER, at.vault, &flat_rate(3_154));
    system.wait(100);
    let owed = debt(system, 1);
    // 31.54% a year are 1.000127e-8 a second: 1,000 * ((1 + that)^100 - 1) is 0.001000127 dollars, rounded up.
    assert_eq!(owed, U256::from(1_000 * USD + 1_001));
    let surplus = system.books().surplusRaw;
    assert_eq!(system.must(LENDER, at.vault, &repay(1, 2_000 * USD)), owed);
    assert_eq!(debt(system, 1), U256::ZERO);
    assert_eq!(system.books().debtShares, U256::ZERO);
    assert_eq!(system.books().surplusRaw, surplus, "the view had counted the interest already");
}

fn a_repayment_too_small_for_a_share_is_refused(system: &mut System) {
    let at = system.at;
    system.open_indebted(ALICE, &[(at.weth, WETH)], 500 * USD);
    system.open_indebted(BOB, &[(at.weth, WETH)], 500 * USD);
    system.must(OWNER, at.vault, &flat_rate(3_154));
    system.wait(1_000);
    // One unit is less than one share now.
    system.refused(LENDER, at.vault, &repay(1, 1), &IShared::ZeroAmount {});
}
