//! What is set once, and what the owner may set.

use crate::scene::{TREASURY, usual_rules};
use alloy_primitives::{Address, FixedBytes, U256};
use alloy_sol_types::SolValue;
use interface::{IReserve, IShared};
use support::{
    Contract, System,
    actors::{OWNER, STRANGER},
    revert_of,
    system::{constructor, event},
};

support::scenarios! {
    both {
        the_owner_sets_rules_and_treasury,
        a_reserve_begins_with_cautious_rules,
    }
    native {
        rules_outside_of_their_bounds_are_refused,
        only_the_owner_sets,
        no_contract_of_the_system_is_the_treasury,
        a_reserve_needs_an_owner_and_a_vault_contract,
    }
}

fn the_owner_sets_rules_and_treasury(system: &mut System) {
    let reserve = system.at.reserve;
    let before = system.ask(reserve, &IReserve::rulesCall {});
    let new = usual_rules();
    system.must(OWNER, reserve, &IReserve::setRulesCall { newRules: new.clone() });
    let said = IReserve::RulesSet { previousRules: before, newRules: new.clone() };
    assert_eq!(system.events(), [event(reserve, &said)]);
    assert_eq!(system.ask(reserve, &IReserve::rulesCall {}), new);

    system.must(OWNER, reserve, &IReserve::setTreasuryCall { newTreasury: TREASURY });
    let said = IReserve::TreasurySet { previousTreasury: Address::ZERO, newTreasury: TREASURY };
    assert_eq!(system.events(), [event(reserve, &said)]);
    assert_eq!(system.ask(reserve, &IReserve::treasuryCall {}), TREASURY);
    system.must(OWNER, reserve, &IReserve::setTreasuryCall { newTreasury: Address::ZERO });
    let said = IReserve::TreasurySet { previousTreasury: TREASURY, newTreasury: Address::ZERO };
    assert_eq!(system.events(), [event(reserve, &said)]);
}

fn a_reserve_begins_with_cautious_rules(system: &mut System) {
    let at = system.at;
    let expected = IReserve::Rules {
        bufferRaw: U256::from(u128::MAX),
        stakersBps: U256::from(5_000),
        dripSecs: U256::from(604_800),
        cooldownSecs: U256::from(604_800),
        windowSecs: U256::from(172_800),
        patienceSecs: U256::from(86_400),
    };
    assert_eq!(system.ask(at.reserve, &IReserve::rulesCall {}), expected);
    assert_eq!(system.ask(at.reserve, &IReserve::vaultCall {}), at.vault);
    assert_eq!(system.ask(at.reserve, &IReserve::treasuryCall {}), Address::ZERO);
    assert_eq!(system.ask(at.reserve, &IShared::ownerCall {}), OWNER);
}

fn rules_outside_of_their_bounds_are_refused(system: &mut System) {
    let reserve = system.at.reserve;
    let word = U256::from::<u64>;
    let table = [
        (
            "bufferRaw",
            IReserve::Rules { bufferRaw: U256::from(u128::MAX) + U256::ONE, ..usual_rules() },
            [U256::from(u128::MAX) + U256::ONE, U256::ZERO, U256::from(u128::MAX)],
        ),
        ("stakersBps", IReserve::Rules { stakersBps: word(10_001), ..usual_rules() }, [10_001, 0, 10_000].map(word)),
        ("dripSecs", IReserve::Rules { dripSecs: word(3_599), ..usual_rules() }, [3_599, 3_600, 7_776_000].map(word)),
        (
            "cooldownSecs",
            IReserve::Rules { cooldownSecs: word(7_776_001), ..usual_rules() },
            [7_776_001, 3_600, 7_776_000].map(word),
        ),
        (
            "windowSecs",
            IReserve::Rules { windowSecs: word(3_599), ..usual_rules() },
            [3_599, 3_600, 2_592_000].map(word),
        ),
        (
            "patienceSecs",
            IReserve::Rules { patienceSecs: word(82_801), ..usual_rules() },
            [82_801, 0, 82_800].map(word),
        ),
    ];
    for (name, new_rules, [value, min, max]) in table {
        let mut text = [0; 32];
        text[..name.len()].copy_from_slice(name.as_bytes());
        let refusal = IReserve::OutOfBounds { name: FixedBytes(text), value, min, max };
        system.refused(OWNER, reserve, &IReserve::setRulesCall { newRules: new_rules }, &refusal);
    }
}

fn only_the_owner_sets(system: &mut System) {
    let reserve = system.at.reserve;
    let refusal = IShared::NotOwner { caller: STRANGER, owner: OWNER };
    system.refused(STRANGER, reserve, &IReserve::setRulesCall { newRules: usual_rules() }, &refusal);
    system.refused(STRANGER, reserve, &IReserve::setTreasuryCall { newTreasury: STRANGER }, &refusal);
}

fn no_contract_of_the_system_is_the_treasury(system: &mut System) {
    let at = system.at;
    for treasury in [at.vault, at.auction, at.pool, at.reserve] {
        let call = IReserve::setTreasuryCall { newTreasury: treasury };
        system.refused(OWNER, at.reserve, &call, &IReserve::TreasuryInSystem { treasury });
    }
    // Before the modules are set only the vault contract and the reserve itself are known.
    let apart = System::deploy(system.world.as_mut());
    for treasury in [apart.vault, apart.reserve] {
        let call = IReserve::setTreasuryCall { newTreasury: treasury };
        system.refused(OWNER, apart.reserve, &call, &IReserve::TreasuryInSystem { treasury });
    }
    system.must(OWNER, apart.reserve, &IReserve::setTreasuryCall { newTreasury: Address::ZERO });
}

fn a_reserve_needs_an_owner_and_a_vault_contract(system: &mut System) {
    let at = system.at;
    let mut deploy = |owner: Address, vault: Address| {
        system.world.deploy_contract(Contract::Reserve, &constructor(&(owner, vault).abi_encode_params()))
    };
    assert_eq!(deploy(Address::ZERO, at.vault), Err(revert_of(&IShared::ZeroAddress {})));
    assert_eq!(deploy(OWNER, STRANGER), Err(revert_of(&IShared::CallFailed { target: STRANGER })));
}
