//! What shares are worth: with interest, with losses, and with gifts that nobody asked for.

use crate::scene::{
    HIGH_INTEREST, LOW_INTEREST, allow, balance, cover, deposit, empty, lend_on, lose, number, redeem, set_interest,
    supply, total_assets, worth,
};
use alloy_primitives::U256;
use interface::{IPool, IReserve, IVault};
use support::{
    System,
    actors::{BUYER, LENDER, RIVAL, STRANGER},
    doubles::ITestToken,
    system::{SURPLUS_RAW, USD},
};

support::scenarios! {
    both {
        interest_raises_the_worth_of_shares_every_second,
        a_loss_counts_from_the_second_it_is_realised_and_writing_it_down_changes_nothing,
        stakers_bear_a_loss_before_lenders,
        what_is_sent_without_being_asked_changes_nothing,
    }
    native {
        who_lends_after_a_loss_does_not_bear_it,
        who_leaves_before_the_interest_does_not_earn_it,
        the_surplus_bears_a_loss_before_lenders,
    }
}

const MILLION: u128 = 1_000_000 * USD;

fn interest_raises_the_worth_of_shares_every_second(system: &mut System) {
    empty(system);
    let at = system.at;
    set_interest(system, LOW_INTEREST);
    deposit(system, LENDER, MILLION);
    lend_on(system, MILLION / 2);
    system.wait(1);
    // A billionth of half a million dollars is 500 units, of which 50 are the surplus'.
    assert_eq!(total_assets(system), number(MILLION + 450));
    system.wait(999);
    let interest = system.books().debtRaw - number(MILLION / 2);
    let surplus = interest.div_ceil(number(10));
    assert_eq!(total_assets(system), number(MILLION) + interest - surplus);
    assert_eq!(total_assets(system), system.books().fundedRaw);
    // An accrual writes down what was counted already, and who comes now pays for it.
    let before = (total_assets(system), worth(system, LENDER));
    system.must(STRANGER, at.vault, &IVault::accrueCall {});
    assert_eq!((total_assets(system), worth(system, LENDER)), before);
    let shares = deposit(system, RIVAL, MILLION);
    assert!(shares < number(MILLION * 1_000_000));
    assert!(worth(system, RIVAL) <= number(MILLION) && worth(system, RIVAL) + U256::ONE >= number(MILLION));
}

fn a_loss_counts_from_the_second_it_is_realised_and_writing_it_down_changes_nothing(system: &mut System) {
    empty(system);
    let at = system.at;
    deposit(system, LENDER, MILLION);
    deposit(system, RIVAL, MILLION / 2);
    let unpaid = lose(system, 300_000 * USD + SURPLUS_RAW);
    let loss = unpaid - number(SURPLUS_RAW);
    assert_eq!(system.books().badDebtRaw, loss);
    assert_eq!(system.ask(at.reserve, &IReserve::lendersLossCall {}), loss);
    assert_eq!(system.books().fundedRaw, number(MILLION + MILLION / 2), "it is not written down yet");
    assert_eq!(total_assets(system), number(MILLION + MILLION / 2) - loss);
    // A fifth of it is lost: who leaves now bears its part.
    assert_eq!(worth(system, LENDER), number(800_000 * USD));
    assert_eq!(worth(system, RIVAL), number(400_000 * USD));
    let half = balance(system, RIVAL) / number(2);
    assert_eq!(redeem(system, RIVAL, half), number(200_000 * USD));

    let before = (total_assets(system), supply(system), worth(system, LENDER), worth(system, RIVAL));
    cover(system);
    assert_eq!(system.books().badDebtRaw, U256::ZERO);
    assert_eq!(system.books().fundedRaw, total_assets(system), "now it is");
    assert_eq!((total_assets(system), supply(system), worth(system, LENDER), worth(system, RIVAL)), before);
}

fn stakers_bear_a_loss_before_lenders(system: &mut System) {
    empty(system);
    let at = system.at;
    deposit(system, LENDER, MILLION);
    allow(system, at.usd.token, BUYER, at.reserve);
    system.must(BUYER, at.reserve, &IReserve::stakeCall { amountRaw: number(100_000 * USD), staker: BUYER });
    lose(system, 60_000 * USD + SURPLUS_RAW);
    assert!(system.books().badDebtRaw > U256::ZERO);
    assert_eq!(total_assets(system), number(MILLION), "the stake reaches");
    lose(system, 60_000 * USD);
    let borne = system.ask(at.reserve, &IReserve::lendersLossCall {});
    assert_eq!(borne, system.books().badDebtRaw - number(100_000 * USD));
    assert_eq!(total_assets(system), number(MILLION) - borne);
    let before = worth(system, LENDER);
    cover(system);
    assert_eq!((system.books().badDebtRaw, worth(system, LENDER)), (U256::ZERO, before));
}

fn what_is_sent_without_being_asked_changes_nothing(system: &mut System) {
    empty(system);
    let at = system.at;
    deposit(system, LENDER, MILLION);
    lend_on(system, MILLION / 2);
    let seen = |system: &System| {
        let ask = |to: alloy_primitives::Address| {
            [
                system.ask(to, &IPool::totalAssetsCall {}),
                system.ask(to, &IPool::convertToSharesCall { assets: number(USD) }),
                system.ask(to, &IPool::convertToAssetsCall { shares: number(MILLION) }),
                system.ask(to, &IPool::previewDepositCall { assets: number(USD) }),
                system.ask(to, &IPool::previewMintCall { shares: number(MILLION) }),
                system.ask(to, &IPool::previewWithdrawCall { assets: number(USD) }),
                system.ask(to, &IPool::previewRedeemCall { shares: number(MILLION) }),
                system.ask(to, &IPool::maxWithdrawCall { owner: LENDER }),
                system.ask(to, &IPool::maxRedeemCall { owner: LENDER }),
                system.ask(to, &IPool::maxDepositCall { receiver: LENDER }),
            ]
        };
        ask(at.pool)
    };
    let before = seen(system);
    for to in [at.pool, at.vault, at.reserve] {
        system.must(BUYER, at.usd.token, &ITestToken::transferCall { to, amountRaw: number(123_456 * USD) });
        assert_eq!(seen(system), before);
    }
}

fn who_lends_after_a_loss_does_not_bear_it(system: &mut System) {
    empty(system);
    deposit(system, LENDER, MILLION);
    lose(system, 500_000 * USD + SURPLUS_RAW);
    cover(system);
    let others = worth(system, LENDER);
    deposit(system, RIVAL, MILLION);
    let before = worth(system, RIVAL);
    assert!(before <= number(MILLION) && before + U256::ONE >= number(MILLION));
    assert!(worth(system, LENDER) >= others, "nor takes anything from the others");
}

fn who_leaves_before_the_interest_does_not_earn_it(system: &mut System) {
    empty(system);
    set_interest(system, HIGH_INTEREST);
    let shares = deposit(system, RIVAL, MILLION);
    deposit(system, LENDER, MILLION);
    lend_on(system, MILLION / 2);
    assert_eq!(redeem(system, RIVAL, shares), number(MILLION));
    system.wait(1_000);
    assert_eq!(worth(system, RIVAL), U256::ZERO);
    // All but a unit for the virtual shares.
    let all = total_assets(system);
    assert!(all > number(MILLION) && worth(system, LENDER) + U256::ONE >= all);
}

fn the_surplus_bears_a_loss_before_lenders(system: &mut System) {
    empty(system);
    deposit(system, LENDER, MILLION);
    lose(system, SURPLUS_RAW);
    assert_eq!(system.books().badDebtRaw, U256::ZERO);
    assert_eq!(worth(system, LENDER), number(MILLION));
}
