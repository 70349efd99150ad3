//! Opening a vault, and collateral going in and out.

use alloy_primitives::{Address, U256};
use interface::{IShared, IVault};
use support::{
    System, TokenKind,
    actors::{ALICE, BOB, OPERATOR, OWNER, STRANGER},
    doubles::{IScriptedFeed, ITestToken},
    system::{FEED_DOLLAR, USD, WBTC, WETH, event, to_i256},
};

support::scenarios! {
    both {
        open_gives_the_next_number_to_the_caller,
        deposit_moves_collateral_from_the_payer_into_any_vault_that_holds_some,
        deposit_of_another_kind_is_for_the_owner_and_its_operators,
        withdraw_moves_collateral_to_whom_the_owner_names,
        withdraw_refuses_what_the_rest_does_not_carry,
    }
    native {
        deposit_refuses_an_amount_of_zero,
        deposit_refuses_a_vault_that_is_not_there,
        deposit_refuses_a_token_that_is_not_listed,
        deposit_refuses_more_than_the_cap,
        deposit_refuses_without_allowance,
        deposit_refuses_a_ninth_collateral,
        deposit_refuses_a_number_beyond_the_range,
        withdraw_refuses_an_amount_of_zero,
        withdraw_refuses_the_zero_address,
        withdraw_refuses_a_vault_that_is_not_there,
        withdraw_refuses_everybody_but_the_owner,
        withdraw_refuses_more_than_the_vault_holds,
        withdraw_refuses_a_token_that_is_not_listed,
        withdraw_refuses_a_listed_one_that_is_not_held,
        withdraw_of_everything_is_free_without_debt,
    }
}

fn deposit(vault_id: u64, collateral: Address, amount: u128) -> IVault::depositCall {
    IVault::depositCall { vaultId: U256::from(vault_id), collateral, amountRaw: U256::from(amount) }
}

fn withdraw(vault_id: u64, collateral: Address, amount: u128, to: Address) -> IVault::withdrawCall {
    IVault::withdrawCall { vaultId: U256::from(vault_id), collateral, amountRaw: U256::from(amount), to }
}

fn held(system: &System, vault_id: u64, collateral: Address) -> U256 {
    system.ask(system.at.vault, &IVault::collateralOfCall { vaultId: U256::from(vault_id), collateral })
}

fn total(system: &System, token: Address) -> U256 {
    system.ask(system.at.vault, &IVault::collateralCall { token }).totalRaw
}

fn open_gives_the_next_number_to_the_caller(system: &mut System) {
    let vault = system.at.vault;
    for (number, owner) in [(1, ALICE), (2, BOB), (3, ALICE)] {
        let vault_id = system.must(owner, vault, &IVault::openCall {});
        assert_eq!(vault_id, U256::from(number));
        assert_eq!(system.events(), [event(vault, &IVault::VaultOpened { vaultId: vault_id, owner })]);
        assert_eq!(system.ask(vault, &IVault::ownerOfCall { vaultId: vault_id }), owner);
        assert_eq!(system.ask(vault, &IVault::vaultCountCall {}), U256::from(number));
    }
}

fn deposit_moves_collateral_from_the_payer_into_any_vault_that_holds_some(system: &mut System) {
    let (vault, weth) = (system.at.vault, system.at.weth.token);
    system.open_vault(ALICE, &[(system.at.weth, 1)]);
    let before = system.balance(weth, BOB);
    // Bob pays into Alice's vault.
    system.must(BOB, vault, &deposit(1, weth, 3 * WETH));
    let said = IVault::CollateralDeposited {
        vaultId: U256::from(1),
        collateral: weth,
        payer: BOB,
        amountRaw: U256::from(3 * WETH),
    };
    assert_eq!(system.events(), [event(vault, &said)]);
    assert_eq!(before - system.balance(weth, BOB), U256::from(3 * WETH));
    assert_eq!(system.balance(weth, vault), U256::from(3 * WETH + 1));
    assert_eq!(held(system, 1, weth), U256::from(3 * WETH + 1));
    assert_eq!(total(system, weth), U256::from(3 * WETH + 1));
    assert_eq!(system.ask(vault, &IVault::collateralsOfCall { vaultId: U256::from(1) }), [weth]);
}

fn deposit_of_another_kind_is_for_the_owner_and_its_operators(system: &mut System) {
    let (at, vault) = (system.at, system.at.vault);
    system.open_vault(ALICE, &[(at.weth, WETH)]);
    let refusal = IVault::NotVaultOwner { caller: BOB, vaultId: U256::ONE };
    system.refused(BOB, vault, &deposit(1, at.wbtc.token, 1), &refusal);
    let operator = IVault::setOperatorCall { vaultId: U256::ONE, operator: BOB, allowed: true };
    system.must(ALICE, vault, &operator);
    system.must(BOB, vault, &deposit(1, at.wbtc.token, 1));
    system.must(ALICE, vault, &IVault::setOperatorCall { allowed: false, ..operator });
    system.must(BOB, vault, &deposit(1, at.wbtc.token, 1));
    // What has left altogether is of another kind again.
    system.must(ALICE, vault, &withdraw(1, at.wbtc.token, 2, ALICE));
    system.refused(BOB, vault, &deposit(1, at.wbtc.token, 1), &refusal);
    assert_eq!(held(system, 1, at.wbtc.token), U256::ZERO);
}

fn withdraw_moves_collateral_to_whom_the_owner_names(system: &mut System) {
    let (at, vault) = (system.at, system.at.vault);
    system.open_indebted(ALICE, &[(at.weth, 10 * WETH), (at.wbtc, WBTC)], 5_000 * USD);
    system.must(ALICE, vault, &withdraw(1, at.wbtc.token, WBTC, STRANGER));
    let said = IVault::CollateralWithdrawn {
        vaultId: U256::from(1),
        collateral: at.wbtc.token,
        to: STRANGER,
        amountRaw: U256::from(WBTC),
    };
    assert_eq!(system.events(), [event(vault, &said)]);
    assert_eq!(system.balance(at.wbtc.token, STRANGER), U256::from(WBTC));
    assert_eq!(held(system, 1, at.wbtc.token), U256::ZERO);
    assert_eq!(total(system, at.wbtc.token), U256::ZERO);
    assert_eq!(system.ask(vault, &IVault::collateralsOfCall { vaultId: U256::from(1) }), [at.weth.token]);
}

fn withdraw_refuses_what_the_rest_does_not_carry(system: &mut System) {
    let (at, vault) = (system.at, system.at.vault);
    // 7,500 of debt need 5 whole weth at 2,000 and an LTV of 75%.
    system.open_indebted(ALICE, &[(at.weth, 10 * WETH)], 7_500 * USD);
    let refusal = IVault::BorrowingPowerExceeded {
        debtValueWad: U256::from(7_500 * WETH),
        ltvValueWad: U256::from(7_500 * WETH - 1_500),
    };
    system.refused(ALICE, vault, &withdraw(1, at.weth.token, 5 * WETH + 1, ALICE), &refusal);
    system.must(ALICE, vault, &withdraw(1, at.weth.token, 5 * WETH, ALICE));
    assert_eq!(held(system, 1, at.weth.token), U256::from(5 * WETH));
}

fn deposit_refuses_an_amount_of_zero(system: &mut System) {
    system.open_vault(ALICE, &[]);
    system.refused(ALICE, system.at.vault, &deposit(1, system.at.weth.token, 0), &IShared::ZeroAmount {});
}

fn deposit_refuses_a_vault_that_is_not_there(system: &mut System) {
    system.open_vault(ALICE, &[]);
    for vault_id in [0, 2, u64::MAX] {
        let refusal = IVault::UnknownVault { vaultId: U256::from(vault_id) };
        system.refused(ALICE, system.at.vault, &deposit(vault_id, system.at.weth.token, 1), &refusal);
    }
}

fn deposit_refuses_a_token_that_is_not_listed(system: &mut System) {
    system.open_vault(ALICE, &[]);
    let usd = system.at.usd.token;
    system.refused(ALICE, system.at.vault, &deposit(1, usd, 1), &IVault::UnknownCollateral { collateral: usd });
}

fn deposit_refuses_more_than_the_cap(system: &mut System) {
    let (vault, weth) = (system.at.vault, system.at.weth.token);
    system.open_vault(ALICE, &[(system.at.weth, 4 * WETH)]);
    let lowered = IVault::setCollateralCall {
        token: weth,
        ltvBps: U256::from(7_500),
        thresholdBps: U256::from(8_000),
        penaltyBps: U256::from(1_000),
        capRaw: U256::from(5 * WETH),
    };
    system.must(OWNER, vault, &lowered);
    let refusal =
        IVault::CapExceeded { collateral: weth, totalRaw: U256::from(5 * WETH + 1), capRaw: U256::from(5 * WETH) };
    system.refused(ALICE, vault, &deposit(1, weth, WETH + 1), &refusal);
    system.must(ALICE, vault, &deposit(1, weth, WETH));
    assert_eq!(total(system, weth), U256::from(5 * WETH));
}

fn deposit_refuses_without_allowance(system: &mut System) {
    let (vault, weth) = (system.at.vault, system.at.weth.token);
    system.open_vault(ALICE, &[]);
    system.must(ALICE, weth, &ITestToken::approveCall { spender: vault, amountRaw: U256::from(6) });
    let refusal = IShared::TransferFailed { token: weth, from: ALICE, to: vault, amountRaw: U256::from(7) };
    system.refused(ALICE, vault, &deposit(1, weth, 7), &refusal);
}

fn deposit_refuses_a_ninth_collateral(system: &mut System) {
    let vault = system.at.vault;
    system.open_vault(ALICE, &[(system.at.weth, WETH), (system.at.wbtc, WBTC)]);
    let mut tokens = Vec::new();
    for _ in 0..7 {
        let token = system.world.deploy_token(TokenKind::Honest, 18);
        let listed = IVault::setCollateralCall {
            token,
            ltvBps: U256::ZERO,
            thresholdBps: U256::from(1_000),
            penaltyBps: U256::ZERO,
            capRaw: U256::from(WETH),
        };
        system.must(OWNER, vault, &listed);
        system.must(OPERATOR, token, &ITestToken::mintCall { to: ALICE, amountRaw: U256::from(10) });
        system.must(ALICE, token, &ITestToken::approveCall { spender: vault, amountRaw: U256::MAX });
        tokens.push(token);
    }
    let ninth = tokens.pop().unwrap();
    for token in tokens {
        system.must(ALICE, vault, &deposit(1, token, 1));
    }
    let refusal = IVault::TooManyCollaterals { vaultId: U256::from(1), maxCollaterals: U256::from(8) };
    system.refused(ALICE, vault, &deposit(1, ninth, 1), &refusal);
    // More of one it has is no further collateral.
    system.must(ALICE, vault, &deposit(1, system.at.weth.token, 1));
}

fn deposit_refuses_a_number_beyond_the_range(system: &mut System) {
    let (vault, weth) = (system.at.vault, system.at.weth.token);
    system.open_vault(ALICE, &[(system.at.weth, WETH)]);
    let call = IVault::depositCall { vaultId: U256::from(1), collateral: weth, amountRaw: U256::MAX };
    system.refused(ALICE, vault, &call, &IShared::OutOfRange {});
}

fn withdraw_refuses_an_amount_of_zero(system: &mut System) {
    system.open_vault(ALICE, &[(system.at.weth, WETH)]);
    system.refused(ALICE, system.at.vault, &withdraw(1, system.at.weth.token, 0, ALICE), &IShared::ZeroAmount {});
}

fn withdraw_refuses_the_zero_address(system: &mut System) {
    system.open_vault(ALICE, &[(system.at.weth, WETH)]);
    let call = withdraw(1, system.at.weth.token, 1, Address::ZERO);
    system.refused(ALICE, system.at.vault, &call, &IShared::ZeroAddress {});
}

fn withdraw_refuses_a_vault_that_is_not_there(system: &mut System) {
    let call = withdraw(1, system.at.weth.token, 1, ALICE);
    system.refused(ALICE, system.at.vault, &call, &IVault::UnknownVault { vaultId: U256::from(1) });
}

fn withdraw_refuses_everybody_but_the_owner(system: &mut System) {
    system.open_vault(ALICE, &[(system.at.weth, WETH)]);
    // The contracts' owner is nobody special here.
    for caller in [BOB, OWNER, STRANGER] {
        let refusal = IVault::NotVaultOwner { caller, vaultId: U256::from(1) };
        system.refused(caller, system.at.vault, &withdraw(1, system.at.weth.token, 1, caller), &refusal);
    }
}

fn withdraw_refuses_more_than_the_vault_holds(system: &mut System) {
    system.open_vault(ALICE, &[(system.at.weth, WETH)]);
    system.open_vault(BOB, &[(system.at.weth, 5 * WETH)]);
    let refusal = IVault::NotEnoughCollateral { heldRaw: U256::from(WETH), askedRaw: U256::from(WETH + 1) };
    system.refused(ALICE, system.at.vault, &withdraw(1, system.at.weth.token, WETH + 1, ALICE), &refusal);
}

fn withdraw_refuses_a_token_that_is_not_listed(system: &mut System) {
    system.open_vault(ALICE, &[(system.at.weth, WETH)]);
    for collateral in [system.at.usd.token, STRANGER] {
        let refusal = IVault::UnknownCollateral { collateral };
        system.refused(ALICE, system.at.vault, &withdraw(1, collateral, 1, ALICE), &refusal);
    }
}

fn withdraw_refuses_a_listed_one_that_is_not_held(system: &mut System) {
    system.open_vault(ALICE, &[(system.at.weth, WETH)]);
    // What others hold of it is theirs.
    system.open_vault(BOB, &[(system.at.wbtc, WBTC)]);
    let refusal = IVault::NotEnoughCollateral { heldRaw: U256::ZERO, askedRaw: U256::from(7) };
    system.refused(ALICE, system.at.vault, &withdraw(1, system.at.wbtc.token, 7, ALICE), &refusal);
}

fn withdraw_of_everything_is_free_without_debt(system: &mut System) {
    let (at, vault) = (system.at, system.at.vault);
    system.open_vault(ALICE, &[(at.weth, WETH)]);
    // Neither the feed nor the sequencer matters to one who owes nothing.
    system.must(
        OPERATOR,
        at.weth.feed,
        &IScriptedFeed::setBehaviourCall { behaviour: IScriptedFeed::Behaviour::Revert },
    );
    system.must(OPERATOR, at.usd.feed, &IScriptedFeed::pushCall { answer: to_i256(-FEED_DOLLAR) });
    let now = system.world.time_secs();
    system.set_sequencer(false, now);
    system.must(ALICE, vault, &withdraw(1, at.weth.token, WETH, ALICE));
    assert_eq!(system.balance(at.weth.token, vault), U256::ZERO);
}
