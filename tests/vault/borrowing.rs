//! Borrowing: what is lent, to whom, and every limit.

use alloy_primitives::{Address, U256};
use interface::{IOracle, IShared, IVault};
use support::{
    System,
    actors::{ALICE, BOB, OWNER, STRANGER},
    system::{
        CEILING_RAW, FUNDED_RAW, HEARTBEAT_SECS, MIN_DEBT_RAW, RAY, SURPLUS_RAW, USD, WAD, WETH, event, flat_rate,
    },
};

support::scenarios! {
    both {
        borrow_lends_to_whom_the_owner_names_and_keeps_the_books,
        borrow_up_to_the_last_unit_the_collateral_carries,
        borrow_refuses_a_stale_price,
    }
    native {
        borrow_refuses_an_amount_of_zero,
        borrow_refuses_the_zero_address,
        borrow_refuses_a_vault_that_is_not_there,
        borrow_refuses_everybody_but_the_owner,
        borrow_refuses_more_than_the_cash,
        borrow_refuses_more_than_the_ceiling,
        borrow_refuses_a_debt_below_the_minimum,
        borrow_refuses_while_the_sequencer_is_down,
        borrow_counts_every_collateral_by_its_own_ltv,
        a_debt_in_shares_rounds_up_against_the_borrower,
    }
}

fn borrow(vault_id: u64, amount_raw: u128, to: Address) -> IVault::borrowCall {
    IVault::borrowCall { vaultId: U256::from(vault_id), amountRaw: U256::from(amount_raw), to }
}

fn borrow_lends_to_whom_the_owner_names_and_keeps_the_books(system: &mut System) {
    let at = system.at;
    system.open_vault(ALICE, &[(at.weth, 10 * WETH)]);
    system.must(ALICE, at.vault, &borrow(1, 9_000 * USD, STRANGER));
    // With an index of one ray a share is a unit of debt.
    let said = IVault::Borrowed {
        vaultId: U256::from(1),
        to: STRANGER,
        amountRaw: U256::from(9_000 * USD),
        shares: U256::from(9_000 * USD),
    };
    assert_eq!(system.events(), [event(at.vault, &said)]);
    assert_eq!(system.balance(at.usd.token, STRANGER), U256::from(9_000 * USD));
    assert_eq!(system.ask(at.vault, &IVault::debtOfCall { vaultId: U256::from(1) }), U256::from(9_000 * USD));
    let books = IVault::Books {
        cashRaw: U256::from(FUNDED_RAW + SURPLUS_RAW - 9_000 * USD),
        debtRaw: U256::from(9_000 * USD),
        onAuctionRaw: U256::ZERO,
        badDebtRaw: U256::ZERO,
        fundedRaw: U256::from(FUNDED_RAW),
        surplusRaw: U256::from(SURPLUS_RAW),
        debtShares: U256::from(9_000 * USD),
        indexRay: U256::from(RAY),
        accruedAtSecs: system.now(),
    };
    assert_eq!(system.books(), books);
    let account = IVault::Account {
        owner: ALICE,
        debtRaw: U256::from(9_000 * USD),
        debtValueWad: U256::from(9_000 * WAD),
        thresholdValueWad: U256::from(16_000 * WAD),
        ltvValueWad: U256::from(15_000 * WAD),
        // 16,000 / 9,000, rounded down.
        healthWad: U256::from(1_777_777_777_777_777_777_u128),
    };
    assert_eq!(system.ask(at.vault, &IVault::accountCall { vaultId: U256::from(1) }), account);
}

fn borrow_up_to_the_last_unit_the_collateral_carries(system: &mut System) {
    let at = system.at;
    system.open_vault(ALICE, &[(at.weth, 10 * WETH)]);
    let refusal = IVault::BorrowingPowerExceeded {
        debtValueWad: U256::from(15_000 * WAD + WAD / USD),
        ltvValueWad: U256::from(15_000 * WAD),
    };
    system.refused(ALICE, at.vault, &borrow(1, 15_000 * USD + 1, ALICE), &refusal);
    system.must(ALICE, at.vault, &borrow(1, 15_000 * USD, ALICE));
    let refusal = IVault::BorrowingPowerExceeded {
        debtValueWad: U256::from(15_000 * WAD + WAD / USD),
        ltvValueWad: U256::from(15_000 * WAD),
    };
    system.refused(ALICE, at.vault, &borrow(1, 1, ALICE), &refusal);
}

fn borrow_refuses_a_stale_price(system: &mut System) {
    let at = system.at;
    system.open_vault(ALICE, &[(at.weth, 10 * WETH)]);
    system.wait(HEARTBEAT_SECS + 1);
    system.set_price(at.usd, 1);
    let refusal = IOracle::AnswerStale {
        asset: at.weth.token,
        updatedAtSecs: system.now() - U256::from(HEARTBEAT_SECS + 1),
        heartbeatSecs: U256::from(HEARTBEAT_SECS),
        nowSecs: system.now(),
    };
    system.refused(ALICE, at.vault, &borrow(1, 1_000 * USD, ALICE), &refusal);
    system.set_price(at.weth, 2_000);
    system.must(ALICE, at.vault, &borrow(1, 1_000 * USD, ALICE));
}

fn borrow_refuses_an_amount_of_zero(system: &mut System) {
    system.open_vault(ALICE, &[(system.at.weth, WETH)]);
    system.refused(ALICE, system.at.vault, &borrow(1, 0, ALICE), &IShared::ZeroAmount {});
}

fn borrow_refuses_the_zero_address(system: &mut System) {
    system.open_vault(ALICE, &[(system.at.weth, WETH)]);
    system.refused(ALICE, system.at.vault, &borrow(1, 100 * USD, Address::ZERO), &IShared::ZeroAddress {});
}

fn borrow_refuses_a_vault_that_is_not_there(system: &mut System) {
    system.refused(ALICE, system.at.vault, &borrow(7, USD, ALICE), &IVault::UnknownVault { vaultId: U256::from(7) });
}

fn borrow_refuses_everybody_but_the_owner(system: &mut System) {
    system.open_vault(ALICE, &[(system.at.weth, WETH)]);
    for caller in [BOB, OWNER] {
        let refusal = IVault::NotVaultOwner { caller, vaultId: U256::from(1) };
        system.refused(caller, system.at.vault, &borrow(1, 100 * USD, caller), &refusal);
    }
}

fn borrow_refuses_more_than_the_cash(system: &mut System) {
    let at = system.at;
    system.open_vault(ALICE, &[(at.weth, 1_000 * WETH)]);
    system.defund(U256::from(FUNDED_RAW));
    // The surplus is cash as well.
    let refusal = IVault::NotEnoughCash { heldRaw: U256::from(SURPLUS_RAW), askedRaw: U256::from(SURPLUS_RAW + 1) };
    system.refused(ALICE, at.vault, &borrow(1, SURPLUS_RAW + 1, ALICE), &refusal);
    system.must(ALICE, at.vault, &borrow(1, SURPLUS_RAW, ALICE));
    assert_eq!(system.books().cashRaw, U256::ZERO);
}

fn borrow_refuses_more_than_the_ceiling(system: &mut System) {
    let at = system.at;
    let limits = IVault::setLimitsCall { ceilingRaw: U256::from(1_500 * USD), minDebtRaw: U256::from(MIN_DEBT_RAW) };
    system.must(OWNER, at.vault, &limits);
    system.open_indebted(BOB, &[(at.weth, WETH)], 1_000 * USD);
    system.open_vault(ALICE, &[(at.weth, WETH)]);
    let refusal = IVault::CeilingExceeded { debtRaw: U256::from(1_500 * USD + 1), ceilingRaw: U256::from(1_500 * USD) };
    system.refused(ALICE, at.vault, &borrow(2, 500 * USD + 1, ALICE), &refusal);
    system.must(ALICE, at.vault, &borrow(2, 500 * USD, ALICE));
    const { assert!(CEILING_RAW > 1_500 * USD, "the usual ceiling would not have refused") };
}

fn borrow_refuses_a_debt_below_the_minimum(system: &mut System) {
    system.open_vault(ALICE, &[(system.at.weth, WETH)]);
    let refusal = IVault::DebtTooSmall { debtRaw: U256::from(MIN_DEBT_RAW - 1), minDebtRaw: U256::from(MIN_DEBT_RAW) };
    system.refused(ALICE, system.at.vault, &borrow(1, MIN_DEBT_RAW - 1, ALICE), &refusal);
    system.must(ALICE, system.at.vault, &borrow(1, MIN_DEBT_RAW, ALICE));
    // One unit more on top of a debt is no dust.
    system.must(ALICE, system.at.vault, &borrow(1, 1, ALICE));
}

fn borrow_refuses_while_the_sequencer_is_down(system: &mut System) {
    let at = system.at;
    system.open_vault(ALICE, &[(at.weth, WETH)]);
    let since = system.world.time_secs();
    system.set_sequencer(false, since);
    system.refused(
        ALICE,
        at.vault,
        &borrow(1, 100 * USD, ALICE),
        &IOracle::SequencerDown { sinceSecs: U256::from(since) },
    );
}

fn borrow_counts_every_collateral_by_its_own_ltv(system: &mut System) {
    let at = system.at;
    // 2,000 at 75% and 40,000 at 70%.
    system.open_vault(ALICE, &[(at.weth, WETH), (at.wbtc, support::system::WBTC)]);
    let carries = 1_500 + 28_000;
    system.must(ALICE, at.vault, &borrow(1, carries * USD, ALICE));
    let refusal = IVault::BorrowingPowerExceeded {
        debtValueWad: U256::from(carries * WAD + WAD / USD),
        ltvValueWad: U256::from(carries * WAD),
    };
    system.refused(ALICE, at.vault, &borrow(1, 1, ALICE), &refusal);
}

fn a_debt_in_shares_rounds_up_against_the_borrower(system: &mut System) {
    let at = system.at;
    system.open_indebted(BOB, &[(at.weth, 10 * WETH)], 1_000 * USD);
    // About 1e-8 a second: after 1,000 seconds about a hundred thousandth more.
    system.must(OWNER, at.vault, &flat_rate(3_154));
    system.wait(1_000);
    system.open_vault(ALICE, &[(at.weth, 10 * WETH)]);
    system.must(ALICE, at.vault, &borrow(2, 333_333_333, ALICE));
    let index = system.books().indexRay;
    assert!(index > U256::from(RAY));
    let owed = system.ask(at.vault, &IVault::debtOfCall { vaultId: U256::from(2) });
    assert!(owed >= U256::from(333_333_333), "owes {owed}");
    assert!(owed <= U256::from(333_333_334), "owes {owed}");
    let shares = (U256::from(333_333_333) * U256::from(RAY)).div_ceil(index);
    assert_eq!(owed, (shares * index).div_ceil(U256::from(RAY)));
}
