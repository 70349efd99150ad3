//! Rounds of which losses have left next to nothing: what closes them, and who collects what they had left.

use crate::scene::{
    PATIENCE_SECS, SHARES, all_staked, announce_and_wait, cover, left_of, lose, require_balance, set_up, stake,
    stake_of, staked, unstake, usd, worth,
};
use alloy_primitives::{Address, U256};
use interface::{IReserve, IShared, IVault};
use support::{
    NativeWorld, System, TokenKind,
    actors::{ALICE, BUYER, LENDER, OPERATOR, RIVAL, STRANGER},
    doubles::ITestToken,
    revert_of,
    system::{USD, event},
};

support::scenarios! {
    both {
        a_stake_closes_a_round_of_next_to_nothing_and_each_collects_its_part,
    }
    native {
        a_stake_of_less_than_is_held_does_not_close_the_round,
        a_round_with_more_left_goes_on,
        nothing_is_closed_while_bad_debt_waits,
        what_drips_is_left_to_the_closed_round,
        a_closed_round_bears_no_loss_and_earns_nothing,
        shares_of_a_closed_round_cannot_be_taken_out_otherwise,
        less_than_a_unit_is_given_up_to_the_others,
        collect_refuses_what_there_is_nothing_of,
        a_collection_that_the_asset_refuses_has_not_happened,
        each_round_has_its_own_stakes,
    }
}

/// The shares in `staked`.
const ALL: u128 = 8_000 * USD * SHARES;
/// The most that can be left of them for the round to be spent: 8 * 10^15 + 10^6 shares are more than 10^9 for each of 7,999,999 units
/// and the virtual one.
const SPENT: u128 = 7_999_999;

fn collect(round: u64, to: Address) -> IReserve::collectCall {
    IReserve::collectCall { round: U256::from(round), to }
}

fn preview(system: &System, amount: u128) -> U256 {
    system.ask(system.at.reserve, &IReserve::previewStakeCall { amountRaw: U256::from(amount) })
}

fn round(system: &System) -> U256 {
    system.ask(system.at.reserve, &IReserve::roundCall {})
}

/// Lets the stakers bear all but `left` units of what is held for them.
fn slash_to(system: &mut System, left: u128) {
    let [assets, _, dripping] = all_staked(system);
    let held: u128 = (assets + dripping).to();
    lose(system, system.books().surplusRaw.to::<u128>() + held - left);
    system.wait(PATIENCE_SECS);
    assert_eq!(cover(system), (U256::from(held - left), U256::ZERO));
}

/// Lets the stakers bear all but `left` units, and the rival stake a hundred dollars, which closes their round.
pub(crate) fn close(system: &mut System, left: u128) {
    slash_to(system, left);
    let before = round(system);
    stake(system, RIVAL, 100 * USD);
    assert_eq!(round(system), before + U256::ONE);
}

/// [`staked`], and all but `left` lost.
fn slashed(system: &mut System, left: u128) {
    staked(system);
    slash_to(system, left);
}

fn a_stake_closes_a_round_of_next_to_nothing_and_each_collects_its_part(system: &mut System) {
    slashed(system, 4_000_003);
    let at = system.at;
    assert_eq!(round(system), U256::ZERO);
    let before = [BUYER, RIVAL].map(|staker| worth(system, staker));
    let shares = preview(system, 500 * USD);
    assert_eq!(stake(system, LENDER, 500 * USD), shares);
    assert_eq!(shares, U256::from(500 * USD * SHARES), "the first price");
    let left = U256::from(4_000_003);
    let closed = IReserve::StakesClosed { round: U256::ZERO, leftRaw: left, totalShares: U256::from(ALL) };
    let said = IReserve::Staked { payer: LENDER, staker: LENDER, amountRaw: usd(500), shares };
    assert_eq!(system.events(), [event(at.reserve, &closed), event(at.reserve, &said)]);
    assert_eq!(all_staked(system), [usd(500), shares, U256::ZERO]);
    assert_eq!([BUYER, RIVAL, LENDER].map(|staker| worth(system, staker)), [U256::ZERO, U256::ZERO, usd(500)]);
    assert_eq!(round(system), U256::ONE);
    assert_eq!(system.balance(at.usd.token, at.reserve), usd(500) + left);

    // Three quarters and a quarter, rounded down; the last one gets what is left. Nobody has less than before.
    let lefts = |system: &System| [BUYER, RIVAL].map(|staker| left_of(system, 0, staker));
    assert_eq!(lefts(system), [U256::from(3_000_002), U256::from(1_000_000)]);
    assert_eq!(before, lefts(system));
    assert_eq!(system.must(BUYER, at.reserve, &collect(0, STRANGER)), U256::from(3_000_002));
    let buyers = IReserve::Collected {
        round: U256::ZERO,
        staker: BUYER,
        to: STRANGER,
        amountRaw: U256::from(3_000_002),
        shares: U256::from(ALL / 4 * 3),
    };
    assert_eq!(system.events(), [event(at.reserve, &buyers)]);
    assert_eq!(system.balance(at.usd.token, STRANGER), U256::from(3_000_002));
    assert_eq!(lefts(system), [U256::ZERO, U256::from(1_000_001)]);
    let purse = system.balance(at.usd.token, RIVAL);
    assert_eq!(system.must(RIVAL, at.reserve, &collect(0, RIVAL)), U256::from(1_000_001));
    assert_eq!(system.balance(at.usd.token, RIVAL) - purse, U256::from(1_000_001));
    assert_eq!(lefts(system), [U256::ZERO; 2]);
    assert_eq!(system.balance(at.usd.token, at.reserve), usd(500), "to the unit");
    assert_eq!(all_staked(system), [usd(500), shares, U256::ZERO]);
    require_balance(system);
}

fn a_stake_of_less_than_is_held_does_not_close_the_round(system: &mut System) {
    slashed(system, SPENT);
    let call = |amount| IReserve::stakeCall { amountRaw: U256::from(amount), staker: LENDER };
    let refusal = IReserve::StakersWipedOut { heldRaw: U256::from(SPENT) };
    system.refused(LENDER, system.at.reserve, &call(SPENT - 1), &refusal);
    let asked = IReserve::previewStakeCall { amountRaw: U256::from(SPENT - 1) };
    system.ask_refused(system.at.reserve, &asked, &refusal);
    assert_eq!(preview(system, SPENT), U256::from(SPENT * SHARES));
    assert_eq!(system.must(LENDER, system.at.reserve, &call(SPENT)), U256::from(SPENT * SHARES));
    assert_eq!(round(system), U256::ONE);
}

fn a_round_with_more_left_goes_on(system: &mut System) {
    slashed(system, SPENT + 1);
    let shares = preview(system, 500 * USD);
    assert_eq!(stake(system, LENDER, 500 * USD), shares);
    // floor(500 * 10^6 * (8 * 10^15 + 10^6) / 8,000,001)
    assert_eq!(shares, U256::from(499_999_937_562_507_804_u128));
    assert_eq!((round(system), all_staked(system)[0]), (U256::ZERO, usd(508)));
}

fn nothing_is_closed_while_bad_debt_waits(system: &mut System) {
    slashed(system, 100);
    lose(system, 100 * USD);
    let call = IReserve::stakeCall { amountRaw: usd(500), staker: LENDER };
    let refusal = IReserve::BadDebtWaits { badDebtRaw: usd(100) };
    system.refused(LENDER, system.at.reserve, &call, &refusal);
    // What waits is no more than what is held, and for one unit of it only.
    crate::scene::donate(system, 100 * USD - 1);
    let refusal = IReserve::BadDebtWaits { badDebtRaw: U256::ONE };
    system.refused(LENDER, system.at.reserve, &call, &refusal);
    let asked = IReserve::previewStakeCall { amountRaw: usd(500) };
    system.ask_refused(system.at.reserve, &asked, &refusal);
    system.wait(PATIENCE_SECS);
    assert_eq!(cover(system), (U256::ONE, U256::ZERO));
    system.must(LENDER, system.at.reserve, &call);
    assert_eq!((round(system), left_of(system, 0, BUYER)), (U256::ONE, U256::from(74)));
}

fn what_drips_is_left_to_the_closed_round(system: &mut System) {
    staked(system);
    system.must(ALICE, system.at.reserve, &IReserve::distributeCall {});
    // Of 3,000 dollars that drip a part of one is left.
    slash_to(system, 1_000_000);
    let [earned, _, dripping] = all_staked(system);
    assert_eq!((earned, dripping), (U256::ZERO, U256::from(1_000_000)));
    stake(system, LENDER, 500 * USD);
    assert_eq!(all_staked(system)[2], U256::ZERO);
    assert_eq!([BUYER, RIVAL].map(|staker| left_of(system, 0, staker)), [750_000, 250_000].map(U256::from));
    system.wait(10_000);
    assert_eq!(all_staked(system)[0], usd(500));
    assert_eq!([BUYER, RIVAL].map(|staker| left_of(system, 0, staker)), [750_000, 250_000].map(U256::from));
}

fn a_closed_round_bears_no_loss_and_earns_nothing(system: &mut System) {
    staked(system);
    close(system, 4_000_003);
    let reserve = system.at.reserve;
    let lefts = |system: &System| [BUYER, RIVAL].map(|staker| left_of(system, 0, staker));
    let before = lefts(system);
    // The one who stakes now earns what is distributed, and bears what is lost.
    crate::scene::donate(system, 5_000 * USD);
    assert_eq!(system.must(ALICE, reserve, &IReserve::distributeCall {}).stakersRaw, usd(500));
    system.wait(10_000);
    assert_eq!((all_staked(system)[0], lefts(system)), (usd(600), before));
    lose(system, 4_650 * USD);
    assert_eq!(crate::scene::lenders_loss(system), usd(50), "what is left insures nobody");
    system.wait(PATIENCE_SECS);
    assert_eq!(cover(system), (usd(600), usd(50)));
    assert_eq!(
        system.events()[..2],
        [
            event(reserve, &IReserve::StakersSlashed { amountRaw: usd(600), stakedLeftRaw: U256::ZERO }),
            event(reserve, &IReserve::StakesEnded { leftoverRaw: U256::ZERO }),
        ]
    );
    assert_eq!((lefts(system), round(system)), (before, U256::from(2)));
    assert_eq!(system.balance(system.at.usd.token, reserve), U256::from(4_000_003));
    // Nobody has staked, and it is paid all the same.
    for staker in [RIVAL, BUYER] {
        system.must(staker, reserve, &collect(0, staker));
    }
    assert_eq!(system.balance(system.at.usd.token, reserve), U256::ZERO);
    // The last staker's leaving takes nothing of what a closed round has left.
    stake(system, BUYER, 100 * USD);
    close(system, 9);
    announce_and_wait(system, RIVAL, 100 * USD * SHARES);
    system.must(RIVAL, reserve, &unstake(100 * USD * SHARES, RIVAL));
    assert_eq!(system.balance(system.at.usd.token, reserve), U256::from(9));
    assert_eq!(system.must(BUYER, reserve, &collect(2, BUYER)), U256::from(9));
}

fn shares_of_a_closed_round_cannot_be_taken_out_otherwise(system: &mut System) {
    staked(system);
    let reserve = system.at.reserve;
    slash_to(system, 4_000_003);
    announce_and_wait(system, BUYER, 5 * SHARES);
    stake(system, LENDER, 500 * USD);
    // The announcement was of the round before; what it was of is collected without one.
    let none = IReserve::NotInWindow { fromSecs: U256::ZERO, untilSecs: U256::ZERO, nowSecs: system.now() };
    system.refused(BUYER, reserve, &unstake(SHARES, BUYER), &none);
    let few = IReserve::NotEnoughStake { heldShares: U256::ZERO, askedShares: U256::ONE };
    system.refused(BUYER, reserve, &IReserve::announceUnstakeCall { shares: U256::ONE }, &few);
    assert_eq!(stake_of(system, BUYER).leavingShares, U256::ZERO);
    // In the new round it has what it stakes there, and of the old one what it had.
    stake(system, BUYER, 7);
    assert_eq!(stake_of(system, BUYER).shares, U256::from(7 * SHARES));
    assert_eq!(system.must(BUYER, reserve, &collect(0, BUYER)), U256::from(3_000_002));
    assert_eq!(stake_of(system, BUYER).shares, U256::from(7 * SHARES));
}

fn less_than_a_unit_is_given_up_to_the_others(system: &mut System) {
    staked(system);
    close(system, 1);
    let reserve = system.at.reserve;
    // Three quarters of the unit and the virtual one are one and a half; a quarter of both is less than one.
    assert_eq!([BUYER, RIVAL].map(|staker| left_of(system, 0, staker)), [U256::ONE, U256::ZERO]);
    let purse = system.balance(system.at.usd.token, RIVAL);
    assert_eq!(system.must(RIVAL, reserve, &collect(0, RIVAL)), U256::ZERO);
    let shares = U256::from(ALL / 4);
    let said = IReserve::Collected { round: U256::ZERO, staker: RIVAL, to: RIVAL, amountRaw: U256::ZERO, shares };
    assert_eq!(system.events(), [event(reserve, &said)]);
    assert_eq!(system.balance(system.at.usd.token, RIVAL), purse);
    assert_eq!(system.must(BUYER, reserve, &collect(0, BUYER)), U256::ONE);
}

fn collect_refuses_what_there_is_nothing_of(system: &mut System) {
    staked(system);
    let reserve = system.at.reserve;
    let nothing = |round: U256, staker| IReserve::NothingToCollect { round, staker };
    // The round that runs is not closed.
    system.refused(BUYER, reserve, &collect(0, BUYER), &nothing(U256::ZERO, BUYER));
    assert_eq!(left_of(system, 0, BUYER), U256::ZERO);
    close(system, 4_000_003);
    system.refused(BUYER, reserve, &collect(0, Address::ZERO), &IShared::ZeroAddress {});
    for round in [U256::ONE, U256::from(2), U256::MAX, U256::ONE << 96] {
        let call = IReserve::collectCall { round, to: BUYER };
        system.refused(BUYER, reserve, &call, &nothing(round, BUYER));
        assert_eq!(system.ask(reserve, &IReserve::leftOfCall { round, staker: BUYER }), U256::ZERO);
    }
    system.refused(STRANGER, reserve, &collect(0, STRANGER), &nothing(U256::ZERO, STRANGER));
    system.must(BUYER, reserve, &collect(0, BUYER));
    system.refused(BUYER, reserve, &collect(0, BUYER), &nothing(U256::ZERO, BUYER));
    // A round that has lost all has ended and leaves nothing.
    slash_to(system, 0);
    assert_eq!(round(system), U256::from(2));
    system.refused(RIVAL, reserve, &collect(1, RIVAL), &nothing(U256::ONE, RIVAL));
    assert_eq!(left_of(system, 0, RIVAL), U256::from(1_000_001));
}

fn a_collection_that_the_asset_refuses_has_not_happened(_: &mut System) {
    let system = &mut System::set_up_with_debt_asset(Box::new(NativeWorld::default()), TokenKind::FalseReturning);
    let at = system.at;
    staked(system);
    close(system, 4_000_003);
    system.must(OPERATOR, at.usd.token, &ITestToken::setRefusesCall { refuses: true });
    let failed =
        IShared::TransferFailed { token: at.usd.token, from: at.reserve, to: BUYER, amountRaw: U256::from(3_000_002) };
    assert_eq!(system.send(BUYER, at.reserve, &collect(0, BUYER)).err(), Some(revert_of(&failed)));
    system.must(OPERATOR, at.usd.token, &ITestToken::setRefusesCall { refuses: false });
    assert_eq!(system.must(BUYER, at.reserve, &collect(0, BUYER)), U256::from(3_000_002));
}

fn each_round_has_its_own_stakes(system: &mut System) {
    set_up(system);
    let at = system.at;
    stake(system, RIVAL, 100 * USD);
    for left in 1..=12 {
        close(system, left);
    }
    assert_eq!(round(system), U256::from(12));
    for index in 0..12 {
        assert_eq!(left_of(system, index, RIVAL), U256::from(index + 1));
    }
    assert_eq!(system.balance(at.usd.token, at.reserve), usd(100) + U256::from(78));
    for index in (0..12).rev() {
        assert_eq!(system.must(RIVAL, at.reserve, &collect(index, RIVAL)), U256::from(index + 1));
    }
    assert_eq!(worth(system, RIVAL), usd(100));
    assert_eq!(system.balance(at.usd.token, at.reserve), usd(100));
    assert_eq!(system.ask(at.vault, &IVault::booksCall {}).badDebtRaw, U256::ZERO);
}
