//! The four levels of stop: what each stops, what none does, and who may set which.

use crate::scene::{FIRST, LOT, debt, held, liquidate, needs_restart, on_sale, restart, sale, take, unsafe_vault};
use alloy_primitives::{Address, B256, U256};
use interface::{IAuction, IShared, IVault};
use support::{
    System,
    actors::{ALICE, BUYER, KEEPER, LENDER, OWNER, RIVAL, STRANGER},
    system::{USD, WETH, event},
};

support::scenarios! {
    both {
        each_level_stops_what_it_says_and_the_owner_releases_it,
        a_guardian_stops_more_and_never_less,
        a_sale_that_was_stopped_begins_again_at_a_fresh_price,
    }
    native {
        a_guardian_is_named_and_removed_by_the_owner,
        nobody_else_stops_anything,
        a_level_that_does_not_exist_is_refused,
        nothing_stops_repaying_and_adding_collateral,
    }
}

/// While nobody may buy the price falls on: what was stopped does not go on at a price that no buyer let pass.
fn a_sale_that_was_stopped_begins_again_at_a_fresh_price(system: &mut System) {
    on_sale(system);
    let at = system.at;
    let changed = |system: &System| system.ask(at.auction, &IAuction::takesChangedAtCall {});
    assert_eq!(changed(system), U256::ZERO);
    system.wait(10);
    system.must(OWNER, at.auction, &set_stop(3));
    assert_eq!(changed(system), U256::from(system.world.time_secs()));
    assert!(needs_restart(system));
    system.wait(900);
    system.must(OWNER, at.auction, &set_stop(2));
    assert_eq!(changed(system), U256::from(system.world.time_secs()));
    system.refused(BUYER, at.auction, &take(1_000), &stopped(2));
    system.must(OWNER, at.auction, &set_stop(0));
    let released = system.world.time_secs();
    assert!(needs_restart(system));
    system.must(BUYER, at.auction, &take(1_000));
    let now = sale(system);
    assert_eq!((now.restarts, now.startedAtSecs), (U256::ONE, U256::from(released)));
    assert!(!needs_restart(system), "what began in the second of the release is not interrupted");
}

fn set_stop(level: u64) -> IAuction::setStopCall {
    IAuction::setStopCall { level: U256::from(level) }
}

fn stopped(level: u64) -> IAuction::Stopped {
    IAuction::Stopped { level: U256::from(level) }
}

fn level(system: &System) -> U256 {
    system.ask(system.at.auction, &IAuction::stopCall {})
}

fn each_level_stops_what_it_says_and_the_owner_releases_it(system: &mut System) {
    on_sale(system);
    let at = system.at;
    system.set_price(at.weth, 500);
    assert_eq!(level(system), U256::ZERO);

    system.must(OWNER, at.auction, &set_stop(1));
    let said = IAuction::StopSet { by: OWNER, previousLevel: U256::ZERO, newLevel: U256::ONE };
    assert_eq!(system.events(), [event(at.auction, &said)]);
    assert_eq!(level(system), U256::ONE);
    system.refused(KEEPER, at.auction, &liquidate(system, FIRST), &stopped(1));
    system.must(BUYER, at.auction, &take(1_000));
    system.wait(1_833);
    assert!(needs_restart(system));
    system.must(KEEPER, at.auction, &restart(FIRST));

    system.must(OWNER, at.auction, &set_stop(2));
    system.refused(KEEPER, at.auction, &liquidate(system, FIRST), &stopped(2));
    system.must(BUYER, at.auction, &take(1_000));
    system.wait(1_833);
    system.refused(KEEPER, at.auction, &restart(FIRST), &stopped(2));

    system.must(OWNER, at.auction, &set_stop(3));
    for refused in [0, LOT] {
        system.refused(BUYER, at.auction, &take(refused), &stopped(3));
        let quote = IAuction::quoteCall { auctionId: FIRST, maxLotRaw: U256::from(refused) };
        system.ask_refused(at.auction, &quote, &stopped(3));
    }
    system.refused(KEEPER, at.auction, &liquidate(system, FIRST), &stopped(3));
    system.refused(KEEPER, at.auction, &restart(FIRST), &stopped(3));
    // What is on sale can still be read.
    assert_eq!(sale(system).lotRaw, U256::from(LOT - 2_000));

    system.must(OWNER, at.auction, &set_stop(0));
    let said = IAuction::StopSet { by: OWNER, previousLevel: U256::from(3), newLevel: U256::ZERO };
    assert_eq!(system.events(), [event(at.auction, &said)]);
    system.must(KEEPER, at.auction, &restart(FIRST));
    system.must(BUYER, at.auction, &take(1_000));
    system.refresh_prices();
    system.must(KEEPER, at.auction, &liquidate(system, FIRST));
    // The level shares a word with the vault's address, which is still there.
    assert_eq!(system.ask(at.auction, &IAuction::vaultCall {}), at.vault);
}

fn a_guardian_stops_more_and_never_less(system: &mut System) {
    let at = system.at;
    system.must(OWNER, at.auction, &IAuction::setGuardianCall { newGuardian: RIVAL });
    for (from, to) in [(0, 1), (1, 3)] {
        system.must(RIVAL, at.auction, &set_stop(to));
        let said = IAuction::StopSet { by: RIVAL, previousLevel: U256::from(from), newLevel: U256::from(to) };
        assert_eq!(system.events(), [event(at.auction, &said)]);
    }
    let refusal = IShared::NotOwner { caller: RIVAL, owner: OWNER };
    for lower in 0..=3 {
        system.refused(RIVAL, at.auction, &set_stop(lower), &refusal);
    }
    system.must(OWNER, at.auction, &set_stop(2));
    system.refused(RIVAL, at.auction, &set_stop(2), &refusal);
    system.must(RIVAL, at.auction, &set_stop(3));
}

fn a_guardian_is_named_and_removed_by_the_owner(system: &mut System) {
    let auction = system.at.auction;
    let name = |account: Address| IAuction::setGuardianCall { newGuardian: account };
    assert_eq!(system.ask(auction, &IAuction::guardianCall {}), Address::ZERO);
    system.must(OWNER, auction, &name(RIVAL));
    let said = IAuction::GuardianSet { previousGuardian: Address::ZERO, newGuardian: RIVAL };
    assert_eq!(system.events(), [event(auction, &said)]);
    assert_eq!(system.ask(auction, &IAuction::guardianCall {}), RIVAL);
    let refusal = IShared::NotOwner { caller: RIVAL, owner: OWNER };
    system.refused(RIVAL, auction, &name(STRANGER), &refusal);
    system.must(OWNER, auction, &name(Address::ZERO));
    let said = IAuction::GuardianSet { previousGuardian: RIVAL, newGuardian: Address::ZERO };
    assert_eq!(system.events(), [event(auction, &said)]);
    system.refused(RIVAL, auction, &set_stop(3), &refusal);
}

fn nobody_else_stops_anything(system: &mut System) {
    let auction = system.at.auction;
    system.must(OWNER, auction, &IAuction::setGuardianCall { newGuardian: RIVAL });
    for level in 0..=4 {
        let refusal = IShared::NotOwner { caller: STRANGER, owner: OWNER };
        system.refused(STRANGER, auction, &set_stop(level), &refusal);
    }
}

fn a_level_that_does_not_exist_is_refused(system: &mut System) {
    let auction = system.at.auction;
    system.must(OWNER, auction, &IAuction::setGuardianCall { newGuardian: RIVAL });
    for (caller, value) in
        [(OWNER, U256::from(4)), (RIVAL, U256::from(4)), (OWNER, U256::MAX), (RIVAL, U256::from(256))]
    {
        let refusal = IAuction::OutOfBounds {
            name: B256::right_padding_from(b"level"),
            value,
            min: U256::ZERO,
            max: U256::from(3),
        };
        system.refused(caller, auction, &IAuction::setStopCall { level: value }, &refusal);
    }
}

fn nothing_stops_repaying_and_adding_collateral(system: &mut System) {
    unsafe_vault(system);
    let at = system.at;
    system.must(OWNER, at.auction, &set_stop(3));
    let before = debt(system);
    let repay = IVault::repayCall { vaultId: FIRST, amountRaw: U256::from(100 * USD) };
    system.must(LENDER, at.vault, &repay);
    assert_eq!(before - debt(system), U256::from(100 * USD));
    let deposit = IVault::depositCall { vaultId: FIRST, collateral: at.weth.token, amountRaw: U256::from(WETH) };
    system.must(ALICE, at.vault, &deposit);
    assert_eq!(held(system), U256::from(11 * WETH));
}
