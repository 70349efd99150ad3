//! Bad debt in its queue, and who bears it.

use crate::scene::{
    PATIENCE_SECS, SHARES, all_staked, cover, donate, entries, lenders_loss, lose, queued, require_balance, set_up,
    stake, staked, usd, worth,
};
use alloy_primitives::U256;
use interface::{IReserve, IVault};
use support::{
    System,
    actors::{ALICE, BUYER, OWNER, RIVAL, STRANGER},
    system::{FUNDED_RAW, USD, event},
};

support::scenarios! {
    both {
        bad_debt_beyond_the_surplus_joins_the_queue,
        stakers_bear_what_is_due_and_lenders_the_rest,
    }
    native {
        the_oldest_bad_debt_is_paid_first,
        cover_refuses_what_has_not_waited_long_enough,
        only_the_vault_contract_queues,
        a_part_that_is_due_is_covered_alone,
        waiting_and_covering_change_nobodys_claim,
        stakers_who_lost_all_begin_anew,
        without_stakers_the_lenders_bear_all,
        a_drip_bears_what_the_earned_cannot,
        a_drip_that_bore_a_loss_earns_at_once_and_lets_others_stake,
        gifts_reach_the_oldest_bad_debt_at_once,
        the_owner_shortens_the_patience,
    }
}

fn bad_debt_beyond_the_surplus_joins_the_queue(system: &mut System) {
    staked(system);
    let at = system.at;
    let vault_id = lose(system, 10_000 * USD);
    // The surplus has paid all of it.
    assert_eq!((vault_id, queued(system)), (U256::ONE, [U256::ZERO; 3]));
    assert_eq!(entries(system, 0, 9), Vec::<[U256; 3]>::new());
    let vault_id = lose(system, 300 * USD);
    let said = IReserve::BadDebtQueued { vaultId: vault_id, amountRaw: usd(300), queuedEverRaw: usd(300) };
    assert!(system.events().contains(&event(at.reserve, &said)), "{:?}", system.events());
    let first_at = system.now();
    system.wait(60);
    let other_id = lose(system, 500 * USD);
    let said = IReserve::BadDebtQueued { vaultId: other_id, amountRaw: usd(500), queuedEverRaw: usd(800) };
    assert!(system.events().contains(&event(at.reserve, &said)), "{:?}", system.events());
    let list = [[vault_id, usd(300), first_at], [other_id, usd(500), first_at + U256::from(60)]];
    assert_eq!(entries(system, 0, 9), list);
    assert_eq!(entries(system, 1, 9), list[1..]);
    assert_eq!(entries(system, 0, 1), list[..1]);
    assert_eq!(entries(system, 2, u64::MAX), list[2..]);
    assert_eq!(queued(system), [U256::from(2), usd(800), U256::ZERO]);
    assert_eq!(all_staked(system)[0], usd(7_200));
}

fn stakers_bear_what_is_due_and_lenders_the_rest(system: &mut System) {
    staked(system);
    let at = system.at;
    lose(system, 18_500 * USD);
    assert_eq!(lenders_loss(system), usd(500));
    system.wait(PATIENCE_SECS);
    assert_eq!(queued(system), [U256::ONE, usd(8_500), usd(8_500)]);
    assert_eq!(cover(system), (usd(8_000), usd(500)));
    assert_eq!(
        system.events(),
        [
            event(at.reserve, &IReserve::StakersSlashed { amountRaw: usd(8_000), stakedLeftRaw: U256::ZERO }),
            event(at.reserve, &IReserve::StakesEnded { leftoverRaw: U256::ZERO }),
            event(at.vault, &IVault::SurplusFunded { amountRaw: usd(8_000) }),
            event(at.vault, &IVault::BadDebtAbsorbed { amountRaw: usd(8_000) }),
            event(at.vault, &IVault::FundsWrittenDown { amountRaw: usd(500) }),
            event(at.reserve, &IReserve::LossPassedToLenders { amountRaw: usd(500) }),
        ]
    );
    let books = system.books();
    assert_eq!((books.badDebtRaw, books.surplusRaw), (U256::ZERO, U256::ZERO));
    assert_eq!(books.fundedRaw, U256::from(FUNDED_RAW) - usd(500));
    assert_eq!(system.balance(at.usd.token, at.reserve), U256::ZERO);
    assert_eq!((lenders_loss(system), queued(system)), (U256::ZERO, [U256::ZERO; 3]));
    require_balance(system);
}

fn the_oldest_bad_debt_is_paid_first(system: &mut System) {
    staked(system);
    let first = lose(system, 11_000 * USD);
    let at_secs = system.now();
    system.wait(10);
    let second = lose(system, 200 * USD);
    donate(system, 400 * USD);
    let late = at_secs + U256::from(10);
    assert_eq!(entries(system, 0, 9), [[first, usd(600), at_secs], [second, usd(200), late]]);
    donate(system, 600 * USD + 1);
    assert_eq!(entries(system, 0, 9), [[second, usd(200) - U256::ONE, late]]);
    assert_eq!(queued(system), [U256::ONE, usd(200) - U256::ONE, U256::ZERO]);
    donate(system, 200 * USD - 1);
    assert_eq!(entries(system, 0, 9), Vec::<[U256; 3]>::new());
    // What comes later stands alone.
    let third = lose(system, 107 * USD);
    assert_eq!(entries(system, 0, 9), [[third, usd(107), late]]);
}

fn cover_refuses_what_has_not_waited_long_enough(system: &mut System) {
    staked(system);
    let reserve = system.at.reserve;
    let call = IReserve::coverCall {};
    let nothing = IReserve::NothingToCover { badDebtRaw: U256::ZERO, nextAtSecs: U256::ZERO };
    system.refused(STRANGER, reserve, &call, &nothing);
    lose(system, 11_000 * USD);
    let next = system.now() + U256::from(PATIENCE_SECS);
    let refusal = IReserve::NothingToCover { badDebtRaw: usd(1_000), nextAtSecs: next };
    system.refused(STRANGER, reserve, &call, &refusal);
    system.wait(PATIENCE_SECS - 1);
    system.refused(STRANGER, reserve, &call, &refusal);
    system.wait(1);
    system.must(STRANGER, reserve, &call);
    system.refused(STRANGER, reserve, &call, &nothing);
}

fn only_the_vault_contract_queues(system: &mut System) {
    let at = system.at;
    let call = IReserve::queueBadDebtCall { vaultId: U256::ONE, amountRaw: usd(1) };
    for caller in [STRANGER, OWNER, at.auction] {
        system.refused(caller, at.reserve, &call, &IReserve::NotVault { caller });
    }
    system.must(at.vault, at.reserve, &IReserve::queueBadDebtCall { vaultId: U256::ONE, amountRaw: U256::ZERO });
    assert_eq!(system.events(), []);
}

fn a_part_that_is_due_is_covered_alone(system: &mut System) {
    staked(system);
    lose(system, 11_000 * USD);
    system.wait(PATIENCE_SECS - 1);
    let young = lose(system, 2_000 * USD);
    system.wait(1);
    assert_eq!(queued(system), [U256::from(2), usd(3_000), usd(1_000)]);
    assert_eq!(cover(system), (usd(1_000), U256::ZERO));
    assert_eq!(entries(system, 0, 9), [[young, usd(2_000), system.now() - U256::ONE]]);
    assert_eq!(all_staked(system)[0], usd(5_000));
    require_balance(system);
}

fn waiting_and_covering_change_nobodys_claim(system: &mut System) {
    staked(system);
    lose(system, 21_000 * USD);
    let claims = |system: &System| {
        (worth(system, BUYER), worth(system, RIVAL), { system.books().fundedRaw - lenders_loss(system) })
    };
    let before = claims(system);
    assert_eq!(before.2, U256::from(FUNDED_RAW) - usd(3_000));
    system.wait(PATIENCE_SECS - 1);
    lose(system, 500 * USD);
    let with_more = claims(system);
    assert_eq!(with_more.2, U256::from(FUNDED_RAW) - usd(3_500));
    system.wait(1);
    assert_eq!(claims(system), with_more);
    assert_eq!(cover(system), (usd(8_000), usd(3_000)));
    assert_eq!(claims(system), with_more);
    system.wait(PATIENCE_SECS);
    assert_eq!(cover(system), (U256::ZERO, usd(500)));
    assert_eq!(system.events().len(), 2, "nobody who has nothing is slashed: {:?}", system.events());
    assert_eq!(claims(system), with_more);
}

fn stakers_who_lost_all_begin_anew(system: &mut System) {
    staked(system);
    lose(system, 18_000 * USD);
    system.wait(PATIENCE_SECS);
    cover(system);
    assert_eq!(all_staked(system), [U256::ZERO; 3]);
    assert_eq!(worth(system, BUYER), U256::ZERO);
    assert_eq!(stake(system, RIVAL, 3 * USD), U256::from(3 * USD * SHARES));
    assert_eq!((worth(system, RIVAL), worth(system, BUYER)), (usd(3), U256::ZERO));
}

fn without_stakers_the_lenders_bear_all(system: &mut System) {
    set_up(system);
    lose(system, 10_100 * USD);
    assert_eq!(lenders_loss(system), usd(100));
    system.wait(PATIENCE_SECS);
    assert_eq!(cover(system), (U256::ZERO, usd(100)));
    let said = IReserve::LossPassedToLenders { amountRaw: usd(100) };
    let written = IVault::FundsWrittenDown { amountRaw: usd(100) };
    assert_eq!(system.events(), [event(system.at.vault, &written), event(system.at.reserve, &said)]);
}

fn a_drip_bears_what_the_earned_cannot(system: &mut System) {
    set_up(system);
    stake(system, BUYER, 1_000 * USD);
    system.must(ALICE, system.at.reserve, &IReserve::distributeCall {});
    // 3,000 drip; the surplus of 4,000 pays first, then 1,000 of stakes and 500 of the drip.
    lose(system, 5_500 * USD);
    assert_eq!(all_staked(system), [U256::ZERO, U256::from(1_000 * USD * SHARES), usd(2_500)]);
    system.wait(PATIENCE_SECS);
    // 1,080 have dripped by now.
    let expected = [usd(580), U256::from(1_000 * USD * SHARES), usd(1_920)];
    assert_eq!(all_staked(system), expected);
    assert_eq!(cover(system), (usd(1_500), U256::ZERO));
    assert_eq!(all_staked(system), expected);
    system.wait(10_000);
    assert_eq!(all_staked(system), [usd(2_500), expected[1], U256::ZERO]);
}

fn a_drip_that_bore_a_loss_earns_at_once_and_lets_others_stake(system: &mut System) {
    set_up(system);
    stake(system, BUYER, 1_000 * USD);
    system.must(ALICE, system.at.reserve, &IReserve::distributeCall {});
    let began_at = system.world.time_secs();
    // 3,000 drip over 10,000 seconds. The surplus pays 4,000, then the 1,000 staked, 1,080 that have dripped and 920 of the rest.
    lose(system, 7_000 * USD);
    system.wait(began_at + PATIENCE_SECS - system.world.time_secs());
    assert_eq!(cover(system), (usd(3_000), U256::ZERO));
    let shares = U256::from(1_000 * USD * SHARES);
    assert_eq!(all_staked(system), [U256::ZERO, shares, usd(1_000)]);
    let call = IReserve::stakeCall { amountRaw: usd(100), staker: RIVAL };
    let refusal = IReserve::StakersWipedOut { heldRaw: usd(1_000) };
    system.refused(RIVAL, system.at.reserve, &call, &refusal);
    // The 1,000 that are left drip over the 6,400 seconds that are left, from the first of them.
    system.wait(64);
    assert_eq!(all_staked(system), [usd(10), shares, usd(990)]);
    system.must(RIVAL, system.at.reserve, &call);
    system.wait(6_336);
    assert_eq!(all_staked(system)[0], usd(1_100));
    require_balance(system);
}

fn gifts_reach_the_oldest_bad_debt_at_once(system: &mut System) {
    staked(system);
    let at = system.at;
    lose(system, 11_000 * USD);
    let gift = IReserve::donateCall { amountRaw: usd(1_500) };
    system.must(BUYER, at.reserve, &gift);
    assert_eq!(
        system.events(),
        [
            event(at.reserve, &IReserve::Donated { payer: BUYER, amountRaw: usd(1_500) }),
            event(at.vault, &IVault::SurplusFunded { amountRaw: usd(1_500) }),
            event(at.vault, &IVault::BadDebtAbsorbed { amountRaw: usd(1_000) }),
        ]
    );
    assert_eq!(system.books().surplusRaw, usd(500));
    assert_eq!(all_staked(system)[0], usd(8_000));
    let zero = IReserve::donateCall { amountRaw: U256::ZERO };
    system.refused(BUYER, at.reserve, &zero, &interface::IShared::ZeroAmount {});
}

fn the_owner_shortens_the_patience(system: &mut System) {
    staked(system);
    lose(system, 10_001 * USD);
    let rules = IReserve::Rules { patienceSecs: U256::ZERO, ..crate::scene::usual_rules() };
    system.must(OWNER, system.at.reserve, &IReserve::setRulesCall { newRules: rules });
    assert_eq!(cover(system), (usd(1), U256::ZERO));
}
