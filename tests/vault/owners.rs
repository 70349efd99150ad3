//! Operators, and vaults that change hands.

use alloy_primitives::{Address, U256};
use alloy_sol_types::SolCall;
use interface::{IShared, IVault};
use support::{
    System,
    actors::{ALICE, BOB, KEEPER, LENDER, OWNER, STRANGER},
    system::{USD, WETH, event},
};

support::scenarios! {
    both {
        an_operator_borrows_and_withdraws_until_it_is_dismissed,
        a_vault_changes_hands_in_two_steps_and_leaves_its_operators_behind,
    }
    native {
        an_operator_may_do_nothing_else_that_is_the_owners,
        an_operator_of_one_vault_is_none_of_another,
        operators_of_an_earlier_ownership_do_not_come_back,
        set_operator_refuses_the_zero_address,
        an_offer_can_be_taken_back_and_replaced,
        only_the_one_it_was_offered_to_may_accept,
        an_offer_is_used_up_when_it_is_accepted,
        what_is_about_a_vault_that_is_not_there_is_refused,
    }
}

const ONE: U256 = U256::ONE;

fn operator(vault_id: U256, operator: Address, allowed: bool) -> IVault::setOperatorCall {
    IVault::setOperatorCall { vaultId: vault_id, operator, allowed }
}

fn offer(to: Address) -> IVault::offerVaultCall {
    IVault::offerVaultCall { vaultId: ONE, to }
}

fn accept() -> IVault::acceptVaultCall {
    IVault::acceptVaultCall { vaultId: ONE }
}

fn borrow(vault_id: U256, dollars: u128, to: Address) -> IVault::borrowCall {
    IVault::borrowCall { vaultId: vault_id, amountRaw: U256::from(dollars * USD), to }
}

fn withdraw(system: &System, to: Address) -> IVault::withdrawCall {
    IVault::withdrawCall { vaultId: ONE, collateral: system.at.weth.token, amountRaw: U256::from(WETH), to }
}

fn is_operator(system: &System, vault_id: U256, operator: Address) -> bool {
    system.ask(system.at.vault, &IVault::isOperatorCall { vaultId: vault_id, operator })
}

fn offered_to(system: &System) -> Address {
    system.ask(system.at.vault, &IVault::offeredToCall { vaultId: ONE })
}

fn owner(system: &System) -> Address {
    system.ask(system.at.vault, &IVault::ownerOfCall { vaultId: ONE })
}

/// That `caller` may neither borrow nor withdraw.
fn assert_may_not_act(system: &mut System, caller: Address) {
    let (vault, withdraw) = (system.at.vault, withdraw(system, caller));
    let refusal = IVault::NotVaultOwner { caller, vaultId: ONE };
    system.refused(caller, vault, &borrow(ONE, 100, caller), &refusal);
    system.refused(caller, vault, &withdraw, &refusal);
}

fn an_operator_borrows_and_withdraws_until_it_is_dismissed(system: &mut System) {
    let (vault, withdraw) = (system.at.vault, withdraw(system, STRANGER));
    system.open_vault(ALICE, &[(system.at.weth, 10 * WETH)]);
    assert_may_not_act(system, KEEPER);
    system.must(ALICE, vault, &operator(ONE, KEEPER, true));
    let said = IVault::OperatorSet { vaultId: ONE, operator: KEEPER, allowed: true };
    assert_eq!(system.events(), [event(vault, &said)]);
    assert!(is_operator(system, ONE, KEEPER) && !is_operator(system, ONE, ALICE));
    system.must(KEEPER, vault, &borrow(ONE, 500, STRANGER));
    assert_eq!(system.balance(system.at.usd.token, STRANGER), U256::from(500 * USD));
    system.must(KEEPER, vault, &withdraw);
    assert_eq!(system.balance(system.at.weth.token, STRANGER), U256::from(WETH));
    // The vault's own limits hold for an operator, too.
    let refusal = IVault::BorrowingPowerExceeded {
        debtValueWad: U256::from(13_501) * U256::from(WETH),
        ltvValueWad: U256::from(13_500) * U256::from(WETH),
    };
    system.refused(KEEPER, vault, &borrow(ONE, 13_001, KEEPER), &refusal);
    system.must(ALICE, vault, &operator(ONE, KEEPER, false));
    let said = IVault::OperatorSet { vaultId: ONE, operator: KEEPER, allowed: false };
    assert_eq!(system.events(), [event(vault, &said)]);
    assert!(!is_operator(system, ONE, KEEPER));
    assert_may_not_act(system, KEEPER);
}

fn a_vault_changes_hands_in_two_steps_and_leaves_its_operators_behind(system: &mut System) {
    let vault = system.at.vault;
    system.open_indebted(ALICE, &[(system.at.weth, 10 * WETH)], 1_000 * USD);
    system.must(ALICE, vault, &operator(ONE, KEEPER, true));
    let before = system.ask(vault, &IVault::accountCall { vaultId: ONE });
    system.must(ALICE, vault, &offer(BOB));
    assert_eq!(system.events(), [event(vault, &IVault::VaultOffered { vaultId: ONE, owner: ALICE, to: BOB })]);
    assert_eq!((offered_to(system), owner(system)), (BOB, ALICE));
    // Until it is accepted everything is as it was.
    assert_may_not_act(system, BOB);
    assert!(is_operator(system, ONE, KEEPER));
    system.must(BOB, vault, &accept());
    assert_eq!(system.events(), [event(vault, &IVault::VaultTransferred { vaultId: ONE, from: ALICE, to: BOB })]);
    assert_eq!((offered_to(system), owner(system)), (Address::ZERO, BOB));
    assert!(!is_operator(system, ONE, KEEPER));
    assert_may_not_act(system, KEEPER);
    assert_may_not_act(system, ALICE);
    let after = system.ask(vault, &IVault::accountCall { vaultId: ONE });
    assert_eq!(after, IVault::Account { owner: BOB, ..before });
    let withdraw = withdraw(system, BOB);
    system.must(BOB, vault, &withdraw);
}

fn an_operator_may_do_nothing_else_that_is_the_owners(system: &mut System) {
    let vault = system.at.vault;
    system.open_vault(ALICE, &[(system.at.weth, WETH)]);
    system.must(ALICE, vault, &operator(ONE, KEEPER, true));
    let refusal = IVault::NotVaultOwner { caller: KEEPER, vaultId: ONE };
    system.refused(KEEPER, vault, &operator(ONE, STRANGER, true), &refusal);
    system.refused(KEEPER, vault, &operator(ONE, KEEPER, false), &refusal);
    system.refused(KEEPER, vault, &offer(KEEPER), &refusal);
    // Nor may the owner of the contracts.
    let refusal = IVault::NotVaultOwner { caller: OWNER, vaultId: ONE };
    system.refused(OWNER, vault, &operator(ONE, OWNER, true), &refusal);
    system.refused(OWNER, vault, &offer(OWNER), &refusal);
}

fn an_operator_of_one_vault_is_none_of_another(system: &mut System) {
    let vault = system.at.vault;
    system.open_vault(ALICE, &[(system.at.weth, WETH)]);
    let second = system.open_vault(ALICE, &[(system.at.weth, WETH)]);
    system.must(ALICE, vault, &operator(second, KEEPER, true));
    assert!(is_operator(system, second, KEEPER) && !is_operator(system, ONE, KEEPER));
    assert_may_not_act(system, KEEPER);
    system.must(KEEPER, vault, &borrow(second, 100, KEEPER));
}

fn operators_of_an_earlier_ownership_do_not_come_back(system: &mut System) {
    let vault = system.at.vault;
    system.open_vault(ALICE, &[(system.at.weth, WETH)]);
    system.must(ALICE, vault, &operator(ONE, KEEPER, true));
    system.must(ALICE, vault, &offer(BOB));
    system.must(BOB, vault, &accept());
    system.must(BOB, vault, &operator(ONE, LENDER, true));
    system.must(BOB, vault, &offer(ALICE));
    system.must(ALICE, vault, &accept());
    assert_eq!(owner(system), ALICE);
    for dismissed in [KEEPER, LENDER, BOB] {
        assert!(!is_operator(system, ONE, dismissed));
        assert_may_not_act(system, dismissed);
    }
}

fn set_operator_refuses_the_zero_address(system: &mut System) {
    system.open_vault(ALICE, &[]);
    system.refused(ALICE, system.at.vault, &operator(ONE, Address::ZERO, true), &IShared::ZeroAddress {});
}

fn an_offer_can_be_taken_back_and_replaced(system: &mut System) {
    let vault = system.at.vault;
    system.open_vault(ALICE, &[]);
    system.must(ALICE, vault, &offer(BOB));
    system.must(ALICE, vault, &offer(Address::ZERO));
    let said = IVault::VaultOffered { vaultId: ONE, owner: ALICE, to: Address::ZERO };
    assert_eq!(system.events(), [event(vault, &said)]);
    let refusal = IVault::NotOffered { caller: BOB, vaultId: ONE, offeredTo: Address::ZERO };
    system.refused(BOB, vault, &accept(), &refusal);
    system.must(ALICE, vault, &offer(BOB));
    system.must(ALICE, vault, &offer(LENDER));
    let refusal = IVault::NotOffered { caller: BOB, vaultId: ONE, offeredTo: LENDER };
    system.refused(BOB, vault, &accept(), &refusal);
    system.must(LENDER, vault, &accept());
    assert_eq!(owner(system), LENDER);
}

fn only_the_one_it_was_offered_to_may_accept(system: &mut System) {
    let vault = system.at.vault;
    system.open_vault(ALICE, &[]);
    system.must(ALICE, vault, &offer(BOB));
    for caller in [ALICE, STRANGER, OWNER] {
        let refusal = IVault::NotOffered { caller, vaultId: ONE, offeredTo: BOB };
        system.refused(caller, vault, &accept(), &refusal);
    }
}

fn an_offer_is_used_up_when_it_is_accepted(system: &mut System) {
    let vault = system.at.vault;
    system.open_vault(ALICE, &[]);
    system.must(ALICE, vault, &offer(BOB));
    system.must(BOB, vault, &accept());
    system.must(BOB, vault, &offer(ALICE));
    system.must(ALICE, vault, &accept());
    // Bob's offer of then does not bring the vault back to him.
    let refusal = IVault::NotOffered { caller: BOB, vaultId: ONE, offeredTo: Address::ZERO };
    system.refused(BOB, vault, &accept(), &refusal);
}

fn what_is_about_a_vault_that_is_not_there_is_refused(system: &mut System) {
    fn refuse<C: SolCall>(system: &mut System, call: &C) {
        system.refused(ALICE, system.at.vault, call, &IVault::UnknownVault { vaultId: ONE });
    }
    refuse(system, &operator(ONE, KEEPER, true));
    refuse(system, &offer(BOB));
    refuse(system, &accept());
}
