//! The first lender against the second: what it costs to make a share dear, and what it brings.

use crate::scene::{HIGH_INTEREST, ceil, deposit, empty, lend_on, number, redeem, set_interest, supply, total_assets};
use alloy_primitives::U256;
use interface::IVault;
use support::{
    System,
    actors::{BUYER, LENDER, RIVAL},
    doubles::ITestToken,
    system::USD,
};

support::scenarios! {
    both {
        a_first_lender_who_gives_tokens_away_only_loses_them,
        a_first_lender_who_pays_interest_to_itself_loses_more_than_the_second,
    }
    native {
        a_second_lender_never_loses_more_than_a_share_is_worth,
    }
}

fn a_first_lender_who_gives_tokens_away_only_loses_them(system: &mut System) {
    empty(system);
    let at = system.at;
    // As against a vault that counts its own balance: one unit, and then a gift that would make the one share worth 10,000 dollars.
    let theirs = deposit(system, RIVAL, 1);
    for to in [at.pool, at.vault] {
        system.must(RIVAL, at.usd.token, &ITestToken::transferCall { to, amountRaw: number(10_000 * USD) });
    }
    assert_eq!(total_assets(system), U256::ONE);
    let shares = deposit(system, LENDER, 10_000 * USD);
    assert_eq!(shares, number(10_000 * USD * 1_000_000));
    assert_eq!(redeem(system, RIVAL, theirs), U256::ONE, "20,000 dollars are gone");
    assert_eq!(redeem(system, LENDER, shares), number(10_000 * USD), "and the second has lost nothing");
}

/// The only way to lift the price of a share is interest. The first lender has one unit lent, lets an accomplice borrow the surplus, and
/// the interest on that is the lenders': half of it the first lender's, half of it the virtual shares'.
fn a_first_lender_who_pays_interest_to_itself_loses_more_than_the_second(system: &mut System) {
    empty(system);
    let at = system.at;
    set_interest(system, HIGH_INTEREST);
    let theirs = deposit(system, RIVAL, 1);
    let vault_id = lend_on(system, 9_000 * USD);
    system.wait(86_400);
    let paid = system.ask(at.vault, &IVault::debtOfCall { vaultId: vault_id }) - number(9_000 * USD);
    assert!(paid > number(7 * USD), "it is no small sum");
    let price = ceil(total_assets(system) + U256::ONE, U256::ONE, supply(system) + number(1_000_000));
    assert_eq!(price, number(4), "units for a share that began as a millionth of one");

    let brought = number(1_000 * USD + 3);
    let shares = deposit(system, LENDER, 1_000 * USD + 3);
    let back = redeem(system, LENDER, shares);
    let lost = brought - back;
    assert!(lost > U256::ZERO && lost <= price + U256::ONE, "the second lender lost {lost}");
    let gained = redeem(system, RIVAL, theirs) - U256::ONE;
    assert!(gained * number(2) <= paid, "the first lender paid {paid} and got {gained} back");
}

/// A whole range of deposits at a price of several units a share: the loss is less than the share that rounding took, and a unit.
fn a_second_lender_never_loses_more_than_a_share_is_worth(system: &mut System) {
    empty(system);
    set_interest(system, HIGH_INTEREST);
    deposit(system, RIVAL, 1);
    lend_on(system, 9_000 * USD);
    system.wait(200_000);
    let price = ceil(total_assets(system) + U256::ONE, U256::ONE, supply(system) + number(1_000_000));
    assert!(price > number(5));
    for assets in (0..40).map(|more| 20 + 7 * more) {
        let shares = deposit(system, BUYER, assets);
        let back = redeem(system, BUYER, shares);
        assert!(back <= number(assets) && number(assets) <= back + price + U256::ONE, "{assets}: {back} back");
    }
}
