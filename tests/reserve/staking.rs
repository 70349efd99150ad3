//! Staking, and what a stake is worth.

use crate::scene::{SHARES, all_staked, donate, lose, set_up, stake, stake_of, staked, usd, worth};
use alloy_primitives::{Address, U256};
use interface::{IReserve, IShared};
use support::{
    System,
    actors::{ALICE, BUYER, LENDER, RIVAL, STRANGER},
    doubles::ITestToken,
    system::{USD, event},
};

support::scenarios! {
    both {
        a_stake_is_counted_in_shares,
        a_gift_to_the_contract_changes_nothing,
    }
    native {
        stake_refuses_what_is_nothing,
        stake_refuses_without_allowance,
        stake_refuses_what_rounds_to_zero,
        nobody_stakes_for_a_loss_of_others,
        what_recovers_a_loss_is_theirs_who_bear_it,
        previews_say_what_happens,
    }
}

fn a_stake_is_counted_in_shares(system: &mut System) {
    set_up(system);
    let at = system.at;
    let purse = system.balance(at.usd.token, BUYER);
    let shares = stake(system, BUYER, 6_000 * USD);
    assert_eq!(shares, U256::from(6_000 * USD * SHARES));
    let said = IReserve::Staked { payer: BUYER, staker: BUYER, amountRaw: usd(6_000), shares };
    assert_eq!(system.events(), [event(at.reserve, &said)]);
    assert_eq!(purse - system.balance(at.usd.token, BUYER), usd(6_000));
    assert_eq!(system.balance(at.usd.token, at.reserve), usd(6_000));

    // For somebody else.
    let call = IReserve::stakeCall { amountRaw: usd(2_000), staker: STRANGER };
    let more = system.must(RIVAL, at.reserve, &call);
    let said = IReserve::Staked { payer: RIVAL, staker: STRANGER, amountRaw: usd(2_000), shares: more };
    assert_eq!(system.events(), [event(at.reserve, &said)]);
    assert_eq!(all_staked(system), [usd(8_000), U256::from(8_000 * USD * SHARES), U256::ZERO]);
    let expected = IReserve::Stake {
        shares: more,
        assetsRaw: usd(2_000),
        leavingShares: U256::ZERO,
        fromSecs: U256::ZERO,
        untilSecs: U256::ZERO,
    };
    assert_eq!(stake_of(system, STRANGER), expected);
    assert_eq!(worth(system, RIVAL), U256::ZERO);
}

fn a_gift_to_the_contract_changes_nothing(system: &mut System) {
    staked(system);
    let before = (all_staked(system), worth(system, BUYER), system.books());
    let gift = ITestToken::transferCall { to: system.at.reserve, amountRaw: usd(777) };
    system.must(LENDER, system.at.usd.token, &gift);
    assert_eq!((all_staked(system), worth(system, BUYER), system.books()), before);
    // Nor does a later stake count it.
    assert_eq!(stake(system, RIVAL, 5), U256::from(5 * SHARES));
}

fn stake_refuses_what_is_nothing(system: &mut System) {
    set_up(system);
    let call = |amount: u128, staker| IReserve::stakeCall { amountRaw: U256::from(amount), staker };
    system.refused(BUYER, system.at.reserve, &call(0, BUYER), &IShared::ZeroAmount {});
    system.refused(BUYER, system.at.reserve, &call(1, Address::ZERO), &IShared::ZeroAddress {});
    let preview = IReserve::previewStakeCall { amountRaw: U256::ZERO };
    system.ask_refused(system.at.reserve, &preview, &IShared::ZeroAmount {});
}

fn stake_refuses_without_allowance(system: &mut System) {
    set_up(system);
    let at = system.at;
    let failed = IShared::TransferFailed { token: at.usd.token, from: ALICE, to: at.reserve, amountRaw: usd(1) };
    system.refused(ALICE, at.reserve, &IReserve::stakeCall { amountRaw: usd(1), staker: ALICE }, &failed);
}

fn stake_refuses_what_rounds_to_zero(system: &mut System) {
    set_up(system);
    stake(system, BUYER, 1);
    // 6,000 dollars of the surplus are above the buffer; half of them for a single unit's shares and the virtual ones.
    system.must(ALICE, system.at.reserve, &IReserve::distributeCall {});
    system.wait(10_000);
    assert_eq!(all_staked(system)[0], U256::from(3_000 * USD + 1));
    // A share is worth (3,000,000,001 + 1) / 2,000,000 units.
    let call = |amount: u64| IReserve::stakeCall { amountRaw: U256::from(amount), staker: RIVAL };
    let refusal = IReserve::RoundsToZero { asked: U256::from(1_500) };
    system.refused(RIVAL, system.at.reserve, &call(1_500), &refusal);
    assert_eq!(system.must(RIVAL, system.at.reserve, &call(1_501)), U256::ONE);
}

fn nobody_stakes_for_a_loss_of_others(system: &mut System) {
    set_up(system);
    let reserve = system.at.reserve;
    let call = IReserve::stakeCall { amountRaw: usd(100), staker: RIVAL };
    let waits = |unpaid_raw| IReserve::BadDebtWaits { badDebtRaw: unpaid_raw };
    // The surplus pays 10,000; nobody has staked for the rest.
    lose(system, 10_500 * USD);
    system.refused(RIVAL, reserve, &call, &waits(usd(500)));
    system.ask_refused(reserve, &IReserve::previewStakeCall { amountRaw: usd(100) }, &waits(usd(500)));
    donate(system, 500 * USD);
    stake(system, BUYER, 1_000 * USD);
    lose(system, 1_000 * USD);
    system.refused(RIVAL, reserve, &call, &waits(usd(1_000)));
    // Whatever is left beyond it.
    donate(system, 1_000 * USD - 1);
    system.refused(RIVAL, reserve, &call, &waits(U256::ONE));
    donate(system, 1);
    assert!(system.must(RIVAL, reserve, &call) > U256::ZERO);
}

/// What new surplus pays of a loss is theirs who bear it, and nobody buys into that for little.
fn what_recovers_a_loss_is_theirs_who_bear_it(system: &mut System) {
    staked(system);
    lose(system, 18_000 * USD);
    // 8,000 wait for the stakers: all they have.
    assert_eq!(all_staked(system)[0], U256::ZERO);
    let call = IReserve::stakeCall { amountRaw: usd(1_000), staker: LENDER };
    let refusal = IReserve::BadDebtWaits { badDebtRaw: usd(8_000) };
    system.refused(LENDER, system.at.reserve, &call, &refusal);
    donate(system, 4_000 * USD);
    assert_eq!([BUYER, RIVAL].map(|staker| worth(system, staker)), [usd(3_000), usd(1_000)]);
    system.wait(3_600);
    crate::scene::cover(system);
    stake(system, LENDER, 1_000 * USD);
    let after = [BUYER, RIVAL, LENDER].map(|staker| worth(system, staker));
    assert_eq!(after, [usd(3_000), usd(1_000), usd(1_000) - U256::ONE]);
}

fn previews_say_what_happens(system: &mut System) {
    staked(system);
    lose(system, 11_234_567_890);
    system.wait(3_600);
    crate::scene::cover(system);
    let reserve = system.at.reserve;
    let shares = system.ask(reserve, &IReserve::previewStakeCall { amountRaw: U256::from(777_777) });
    assert_eq!(stake(system, LENDER, 777_777), shares);
    crate::scene::announce_and_wait(system, BUYER, 1_000_003 * SHARES);
    let call = IReserve::previewUnstakeCall { shares: U256::from(1_000_003 * SHARES) };
    let amount = system.ask(reserve, &call);
    assert_eq!(system.must(BUYER, reserve, &crate::scene::unstake(1_000_003 * SHARES, BUYER)), amount);
}
