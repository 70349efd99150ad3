//! Surplus above the buffer: half to the stakers, little by little, and half to the treasury.

use crate::scene::{
    BUFFER_RAW, DRIP_SECS, SHARES, TREASURY, all_staked, announce_and_wait, donate, lose, require_balance, set_up,
    stake, staked, unstake, usd, usual_rules, worth,
};
use alloy_primitives::{Address, U256};
use interface::{IReserve, IVault};
use support::{
    System,
    actors::{ALICE, BUYER, LENDER, OPERATOR, OWNER, RIVAL, STRANGER},
    doubles::ITestToken,
    system::{USD, WETH, event},
};

support::scenarios! {
    both {
        a_distribution_is_earned_little_by_little,
    }
    native {
        nothing_is_distributed_below_the_buffer_or_beside_bad_debt,
        the_part_of_one_who_is_not_there_stays_surplus,
        a_distribution_into_a_drip_earns_nothing_at_once,
        whoever_stakes_late_earns_from_then_on,
        only_cash_is_distributed,
        a_reserve_begins_by_distributing_nothing,
    }
}

fn distribute(system: &mut System) -> (U256, U256) {
    let done = system.must(STRANGER, system.at.reserve, &IReserve::distributeCall {});
    (done.stakersRaw, done.treasuryRaw)
}

/// That distributing is refused, and its preview alike.
#[track_caller]
fn nothing(system: &mut System, surplus: U256, buffer: U256, bad_debt: U256) {
    let refusal = IReserve::NothingToDistribute { surplusRaw: surplus, bufferRaw: buffer, badDebtRaw: bad_debt };
    system.refused(STRANGER, system.at.reserve, &IReserve::distributeCall {}, &refusal);
    system.ask_refused(system.at.reserve, &IReserve::previewDistributeCall {}, &refusal);
}

fn a_distribution_is_earned_little_by_little(system: &mut System) {
    staked(system);
    let at = system.at;
    let preview = system.ask(at.reserve, &IReserve::previewDistributeCall {});
    assert_eq!((preview.stakersRaw, preview.treasuryRaw), (usd(3_000), usd(3_000)));
    assert_eq!(distribute(system), (usd(3_000), usd(3_000)));
    let said = IReserve::Distributed { stakersRaw: usd(3_000), treasuryRaw: usd(3_000), keptRaw: U256::ZERO };
    assert_eq!(
        system.events(),
        [
            event(at.reserve, &said),
            event(at.vault, &IVault::SurplusDrawn { to: at.reserve, amountRaw: usd(3_000) }),
            event(at.vault, &IVault::SurplusDrawn { to: TREASURY, amountRaw: usd(3_000) }),
        ]
    );
    assert_eq!(system.balance(at.usd.token, TREASURY), usd(3_000));
    assert_eq!(system.balance(at.usd.token, at.reserve), usd(11_000));
    assert_eq!(system.books().surplusRaw, U256::from(BUFFER_RAW));
    require_balance(system);
    let shares = U256::from(8_000 * USD * SHARES);
    for (secs, earned) in [(0, 0), (1, 300_000), (9, 3_000_000), (4_990, 1_500_000_000), (5_000, 3_000_000_000_u64)] {
        system.wait(secs);
        let earned = U256::from(earned);
        assert_eq!(all_staked(system), [usd(8_000) + earned, shares, usd(3_000) - earned]);
    }
    system.wait(DRIP_SECS);
    assert_eq!(all_staked(system), [usd(11_000), shares, U256::ZERO]);
}

fn nothing_is_distributed_below_the_buffer_or_beside_bad_debt(system: &mut System) {
    staked(system);
    distribute(system);
    nothing(system, U256::from(BUFFER_RAW), U256::from(BUFFER_RAW), U256::ZERO);
    // A single unit is the treasury's.
    donate(system, 1);
    assert_eq!(distribute(system), (U256::ZERO, U256::ONE));
    let said = IReserve::Distributed { stakersRaw: U256::ZERO, treasuryRaw: U256::ONE, keptRaw: U256::ZERO };
    assert_eq!(system.events()[0], event(system.at.reserve, &said));
    let none = IReserve::Rules { bufferRaw: U256::ZERO, ..usual_rules() };
    system.must(OWNER, system.at.reserve, &IReserve::setRulesCall { newRules: none });
    lose(system, 5_000 * USD);
    nothing(system, U256::ZERO, U256::ZERO, usd(1_000));
}

fn the_part_of_one_who_is_not_there_stays_surplus(system: &mut System) {
    set_up(system);
    let at = system.at;
    // Nobody has staked.
    assert_eq!(distribute(system), (U256::ZERO, usd(3_000)));
    let said = IReserve::Distributed { stakersRaw: U256::ZERO, treasuryRaw: usd(3_000), keptRaw: usd(3_000) };
    assert_eq!(system.events()[0], event(at.reserve, &said));
    nothing(system, usd(7_000), usd(7_000), U256::ZERO);
    // Whoever comes later does not get it.
    stake(system, BUYER, 100 * USD);
    nothing(system, usd(7_000), usd(7_000), U256::ZERO);
    // Without a treasury its part stays, too, until the owner names one.
    let name = |treasury| IReserve::setTreasuryCall { newTreasury: treasury };
    system.must(OWNER, at.reserve, &name(Address::ZERO));
    assert_eq!(distribute(system), (usd(1_500), U256::ZERO));
    nothing(system, usd(5_500), usd(5_500), U256::ZERO);
    system.must(OWNER, at.reserve, &name(TREASURY));
    assert_eq!(distribute(system), (usd(750), usd(750)));
    // Nobody at all is there to get anything.
    system.must(OWNER, at.reserve, &name(Address::ZERO));
    announce_and_wait(system, BUYER, 100 * USD * SHARES);
    system.must(BUYER, at.reserve, &unstake(100 * USD * SHARES, BUYER));
    donate(system, 10 * USD);
    let surplus = system.books().surplusRaw;
    nothing(system, surplus, U256::from(BUFFER_RAW), U256::ZERO);
}

fn a_distribution_into_a_drip_earns_nothing_at_once(system: &mut System) {
    staked(system);
    distribute(system);
    system.wait(7_500);
    // 750 are to come for 2,500 seconds; 750 more over 10,000 make 1,500 over 6,250.
    donate(system, 1_500 * USD);
    let before = all_staked(system)[0];
    distribute(system);
    let shares = U256::from(8_000 * USD * SHARES);
    assert_eq!(all_staked(system), [before, shares, usd(1_500)]);
    system.wait(3_125);
    assert_eq!(all_staked(system), [before + usd(750), shares, usd(750)]);
    system.wait(3_124);
    assert_eq!(all_staked(system)[2], U256::from(240_000));
    system.wait(1);
    assert_eq!(all_staked(system), [usd(11_750), shares, U256::ZERO]);
}

fn whoever_stakes_late_earns_from_then_on(system: &mut System) {
    staked(system);
    distribute(system);
    system.wait(5_000);
    // 9,500 are staked and earned; as much again gets half of what is to come.
    stake(system, LENDER, 9_500 * USD);
    assert!(usd(9_500) - worth(system, LENDER) <= U256::from(2));
    system.wait(5_000);
    let late = worth(system, LENDER);
    assert!(usd(10_250) - late <= U256::from(2), "{late}");
    let early = worth(system, BUYER) + worth(system, RIVAL);
    assert!(usd(10_250).abs_diff(early) <= U256::from(2), "{early}");
}

fn only_cash_is_distributed(system: &mut System) {
    staked(system);
    let at = system.at;
    // All but 100 dollars is lent.
    let cash = system.books().cashRaw - usd(100);
    system.must(ALICE, at.vault, &IVault::openCall {});
    let deposit = |amount| IVault::depositCall { vaultId: U256::ONE, collateral: at.weth.token, amountRaw: amount };
    let mint = ITestToken::mintCall { to: ALICE, amountRaw: U256::from(2_000 * WETH) };
    system.must(OPERATOR, at.weth.token, &mint);
    system.must(ALICE, at.vault, &deposit(U256::from(2_000 * WETH)));
    system.must(ALICE, at.vault, &IVault::borrowCall { vaultId: U256::ONE, amountRaw: cash, to: ALICE });
    assert_eq!(distribute(system), (usd(50), usd(50)));
    nothing(system, usd(9_900), U256::from(BUFFER_RAW), U256::ZERO);
    require_balance(system);
}

fn a_reserve_begins_by_distributing_nothing(system: &mut System) {
    let buffer = U256::from(u128::MAX);
    let surplus = system.books().surplusRaw;
    nothing(system, surplus, buffer, U256::ZERO);
}
