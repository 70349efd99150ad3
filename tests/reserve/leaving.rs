//! Announcing that one leaves, and leaving.

use crate::scene::{
    COOLDOWN_SECS, SHARES, WINDOW_SECS, all_staked, announce_and_wait, cover, lenders_loss, lose, set_up, stake,
    stake_of, staked, unstake, usd, usual_rules, worth,
};
use alloy_primitives::{Address, U256};
use interface::{IReserve, IShared, IVault};
use support::{
    System,
    actors::{ALICE, BUYER, OWNER, RIVAL, STRANGER},
    system::{USD, event},
};

support::scenarios! {
    both {
        a_stake_is_announced_and_taken_out_in_its_window,
        the_last_share_leaves_nothing_behind,
    }
    native {
        the_window_has_two_edges,
        an_announcement_is_replaced_or_taken_back,
        nobody_announces_or_takes_more_than_they_have,
        unstake_refuses_what_is_nothing,
        whoever_leaves_while_bad_debt_waits_leaves_its_part_of_it_there,
        nothing_is_taken_out_of_a_stake_that_is_worth_nothing,
        announced_shares_earn_and_are_slashed,
        new_rules_are_for_later_announcements,
        shares_that_are_void_leave_nothing,
    }
}

/// The buyer's shares in `staked`.
const BUYERS: u128 = 6_000 * USD * SHARES;

fn announce(shares: u128) -> IReserve::announceUnstakeCall {
    IReserve::announceUnstakeCall { shares: U256::from(shares) }
}

fn not_in_window(system: &System, from: U256, until: U256) -> IReserve::NotInWindow {
    IReserve::NotInWindow { fromSecs: from, untilSecs: until, nowSecs: system.now() }
}

fn a_stake_is_announced_and_taken_out_in_its_window(system: &mut System) {
    staked(system);
    let at = system.at;
    let (from, until) =
        (system.now() + U256::from(COOLDOWN_SECS), system.now() + U256::from(COOLDOWN_SECS + WINDOW_SECS));
    let answered = system.must(BUYER, at.reserve, &announce(BUYERS / 2));
    assert_eq!((answered.fromSecs, answered.untilSecs), (from, until));
    let said =
        IReserve::UnstakeAnnounced { staker: BUYER, shares: U256::from(BUYERS / 2), fromSecs: from, untilSecs: until };
    assert_eq!(system.events(), [event(at.reserve, &said)]);
    let expected = IReserve::Stake {
        shares: U256::from(BUYERS),
        assetsRaw: usd(6_000),
        leavingShares: U256::from(BUYERS / 2),
        fromSecs: from,
        untilSecs: until,
    };
    assert_eq!(stake_of(system, BUYER), expected);

    system.wait(COOLDOWN_SECS);
    assert_eq!(system.must(BUYER, at.reserve, &unstake(BUYERS / 3, STRANGER)), usd(2_000));
    let said =
        IReserve::Unstaked { staker: BUYER, to: STRANGER, amountRaw: usd(2_000), shares: U256::from(BUYERS / 3) };
    assert_eq!(system.events(), [event(at.reserve, &said)]);
    assert_eq!(system.balance(at.usd.token, STRANGER), usd(2_000));
    assert_eq!(system.balance(at.usd.token, at.reserve), usd(6_000));
    assert_eq!(all_staked(system), [usd(6_000), U256::from(6_000 * USD * SHARES), U256::ZERO]);
    let left = IReserve::Stake {
        shares: U256::from(BUYERS / 3 * 2),
        assetsRaw: usd(4_000),
        leavingShares: U256::from(BUYERS / 6),
        ..expected
    };
    assert_eq!(stake_of(system, BUYER), left);
    system.must(BUYER, at.reserve, &unstake(BUYERS / 6, BUYER));
    // Nothing is announced any more.
    let refusal = not_in_window(system, U256::ZERO, U256::ZERO);
    system.refused(BUYER, at.reserve, &unstake(1, BUYER), &refusal);
}

fn the_last_share_leaves_nothing_behind(system: &mut System) {
    staked(system);
    let at = system.at;
    // 3,000 dollars for the stakers, of which a tenth has dripped when the last of them leaves.
    announce_and_wait(system, BUYER, BUYERS);
    system.must(BUYER, at.reserve, &unstake(BUYERS, BUYER));
    system.must(RIVAL, at.reserve, &announce(2_000 * USD * SHARES));
    system.wait(COOLDOWN_SECS);
    system.must(ALICE, at.reserve, &IReserve::distributeCall {});
    system.wait(1_000);
    let before = system.books().surplusRaw;
    assert_eq!(all_staked(system), [usd(2_300), U256::from(2_000 * USD * SHARES), usd(2_700)]);
    let amount = system.must(RIVAL, at.reserve, &unstake(2_000 * USD * SHARES, RIVAL));
    // The virtual shares' part of 300, rounded up, is left with what has not dripped.
    assert_eq!(amount, usd(2_300) - U256::ONE);
    let left = usd(2_700) + U256::ONE;
    let shares = U256::from(2_000 * USD * SHARES);
    assert_eq!(
        system.events(),
        [
            event(at.reserve, &IReserve::Unstaked { staker: RIVAL, to: RIVAL, amountRaw: amount, shares }),
            event(at.reserve, &IReserve::StakesEnded { leftoverRaw: left }),
            event(at.vault, &IVault::SurplusFunded { amountRaw: left }),
        ]
    );
    assert_eq!(system.books().surplusRaw - before, left);
    assert_eq!(system.balance(at.usd.token, at.reserve), U256::ZERO);
    assert_eq!(all_staked(system), [U256::ZERO; 3]);
    // A new stake begins at the first price.
    assert_eq!(stake(system, BUYER, 7), U256::from(7 * SHARES));
}

fn the_window_has_two_edges(system: &mut System) {
    staked(system);
    let reserve = system.at.reserve;
    let refusal = not_in_window(system, U256::ZERO, U256::ZERO);
    system.refused(BUYER, reserve, &unstake(1, BUYER), &refusal);
    let window = system.must(BUYER, reserve, &announce(BUYERS));
    let (from, until) = (window.fromSecs, window.untilSecs);
    system.wait(COOLDOWN_SECS - 1);
    let refusal = not_in_window(system, from, until);
    system.refused(BUYER, reserve, &unstake(SHARES, BUYER), &refusal);
    system.wait(1);
    system.must(BUYER, reserve, &unstake(SHARES, BUYER));
    system.wait(WINDOW_SECS);
    system.must(BUYER, reserve, &unstake(SHARES, BUYER));
    system.wait(1);
    let refusal = not_in_window(system, from, until);
    system.refused(BUYER, reserve, &unstake(SHARES, BUYER), &refusal);
}

fn an_announcement_is_replaced_or_taken_back(system: &mut System) {
    staked(system);
    let reserve = system.at.reserve;
    announce_and_wait(system, BUYER, BUYERS);
    let window = system.must(BUYER, reserve, &announce(SHARES));
    let refusal = not_in_window(system, window.fromSecs, window.untilSecs);
    system.refused(BUYER, reserve, &unstake(SHARES, BUYER), &refusal);
    let none = system.must(BUYER, reserve, &announce(0));
    assert_eq!((none.fromSecs, none.untilSecs), (U256::ZERO, U256::ZERO));
    let said =
        IReserve::UnstakeAnnounced { staker: BUYER, shares: U256::ZERO, fromSecs: U256::ZERO, untilSecs: U256::ZERO };
    assert_eq!(system.events(), [event(reserve, &said)]);
    assert_eq!(stake_of(system, BUYER).leavingShares, U256::ZERO);
}

fn nobody_announces_or_takes_more_than_they_have(system: &mut System) {
    staked(system);
    let reserve = system.at.reserve;
    let not_enough = |held: u128, asked: u128| IReserve::NotEnoughStake {
        heldShares: U256::from(held),
        askedShares: U256::from(asked),
    };
    system.refused(BUYER, reserve, &announce(BUYERS + 1), &not_enough(BUYERS, BUYERS + 1));
    system.refused(STRANGER, reserve, &announce(1), &not_enough(0, 1));
    announce_and_wait(system, BUYER, 5 * SHARES);
    system.refused(BUYER, reserve, &unstake(5 * SHARES + 1, BUYER), &not_enough(5 * SHARES, 5 * SHARES + 1));
    let all = 8_000 * USD * SHARES;
    let preview = IReserve::previewUnstakeCall { shares: U256::from(all + 1) };
    system.ask_refused(reserve, &preview, &not_enough(all, all + 1));
}

fn unstake_refuses_what_is_nothing(system: &mut System) {
    staked(system);
    let reserve = system.at.reserve;
    announce_and_wait(system, BUYER, BUYERS);
    system.refused(BUYER, reserve, &unstake(0, BUYER), &IShared::ZeroAmount {});
    system.refused(BUYER, reserve, &unstake(1, Address::ZERO), &IShared::ZeroAddress {});
    let refusal = IReserve::RoundsToZero { asked: U256::from(SHARES - 1) };
    system.refused(BUYER, reserve, &unstake(SHARES - 1, BUYER), &refusal);
    system.ask_refused(reserve, &IReserve::previewUnstakeCall { shares: U256::ZERO }, &IShared::ZeroAmount {});
}

fn whoever_leaves_while_bad_debt_waits_leaves_its_part_of_it_there(system: &mut System) {
    staked(system);
    let reserve = system.at.reserve;
    announce_and_wait(system, BUYER, BUYERS);
    // 4,000 wait, so every stake is worth half; whoever leaves takes that half.
    lose(system, 14_000 * USD);
    assert_eq!(system.must(BUYER, reserve, &unstake(BUYERS, BUYER)), usd(3_000));
    assert_eq!(worth(system, RIVAL), usd(1_000));
    assert_eq!(lenders_loss(system), U256::ZERO);
    // What is left bears all that waits, and the one who stayed bears its own part and no more.
    system.wait(3_600);
    assert_eq!(cover(system), (usd(4_000), U256::ZERO));
    assert_eq!(worth(system, RIVAL), usd(1_000));
    assert_eq!(system.balance(system.at.usd.token, reserve), usd(1_000));
}

fn nothing_is_taken_out_of_a_stake_that_is_worth_nothing(system: &mut System) {
    staked(system);
    let reserve = system.at.reserve;
    announce_and_wait(system, BUYER, BUYERS);
    lose(system, 18_000 * USD);
    assert_eq!(worth(system, BUYER), U256::ZERO);
    let refusal = IReserve::RoundsToZero { asked: U256::from(BUYERS) };
    system.refused(BUYER, reserve, &unstake(BUYERS, BUYER), &refusal);
    system.ask_refused(reserve, &IReserve::previewUnstakeCall { shares: U256::from(BUYERS) }, &refusal);
}

fn announced_shares_earn_and_are_slashed(system: &mut System) {
    staked(system);
    let reserve = system.at.reserve;
    system.must(ALICE, reserve, &IReserve::distributeCall {});
    announce_and_wait(system, BUYER, BUYERS);
    // Three quarters of 3,000 are theirs, but for the virtual shares' part.
    assert_eq!(worth(system, BUYER), usd(8_250) - U256::ONE);
    // The buffer of 4,000 pays first; of the rest three quarters are theirs, too.
    lose(system, 8_000 * USD);
    assert_eq!(worth(system, BUYER), usd(5_250));
    system.wait(3_600);
    cover(system);
    assert_eq!(system.must(BUYER, reserve, &unstake(BUYERS, BUYER)), usd(5_250));
}

fn new_rules_are_for_later_announcements(system: &mut System) {
    staked(system);
    let reserve = system.at.reserve;
    let window = system.must(BUYER, reserve, &announce(BUYERS));
    let longer = IReserve::Rules { cooldownSecs: U256::from(7_776_000), ..usual_rules() };
    system.must(OWNER, reserve, &IReserve::setRulesCall { newRules: longer });
    assert_eq!(stake_of(system, BUYER).fromSecs, window.fromSecs);
    system.wait(COOLDOWN_SECS);
    system.must(BUYER, reserve, &unstake(SHARES, BUYER));
    let later = system.must(RIVAL, reserve, &announce(1));
    assert_eq!(later.fromSecs, system.now() + U256::from(7_776_000));
}

fn shares_that_are_void_leave_nothing(system: &mut System) {
    set_up(system);
    let reserve = system.at.reserve;
    stake(system, BUYER, 1_000 * USD);
    announce_and_wait(system, BUYER, 1_000 * USD * SHARES);
    lose(system, 11_000 * USD);
    system.wait(3_600);
    cover(system);
    // The round is over: nothing of the old stake and its announcement is left.
    stake(system, RIVAL, 500 * USD);
    assert_eq!(stake_of(system, BUYER).shares, U256::ZERO);
    let refusal = not_in_window(system, U256::ZERO, U256::ZERO);
    system.refused(BUYER, reserve, &unstake(SHARES, BUYER), &refusal);
    stake(system, BUYER, 5);
    assert_eq!(stake_of(system, BUYER).leavingShares, U256::ZERO);
    assert_eq!(worth(system, RIVAL), usd(500));
}
