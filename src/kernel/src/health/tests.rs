//! Values and health against exact fractions, and the edge at a health of exactly one.

use proptest::prelude::*;

use super::*;
use crate::reference::{bps, ceil, config, floor, fraction, numbers, raw, wad};

fn usd(value: u64) -> Wad {
    Wad(U256::from(value) * WAD_ONE)
}

fn weth(amount: u64) -> Holding {
    Holding {
        amount_raw: Raw(U256::from(amount) * WAD_ONE),
        decimals: 18,
        price_wad: usd(2_500),
        ltv: Bps(7_500),
        threshold: Bps(8_000),
    }
}

#[test]
fn two_weth_carry_what_the_example_says() {
    let carrying = Carrying::default().try_with(&weth(2)).unwrap();
    assert_eq!(carrying, Carrying { threshold_value_wad: usd(4_000), ltv_value_wad: usd(3_750) });
    let more = carrying.try_with(&weth(1)).unwrap();
    assert_eq!(more, Carrying { threshold_value_wad: usd(6_000), ltv_value_wad: usd(5_625) });
}

#[test]
fn debt_values_have_the_values_of_the_example() {
    let one_unit = debt_value_up(Raw(U256::ONE), 6, Wad(U256::from(333_300_000_000_000_000_u64)));
    assert_eq!(one_unit, Ok(Wad(U256::from(333_300_000_000_u64))));
    let dust = debt_value_up(Raw(U256::ONE), 24, Wad(U256::ONE));
    assert_eq!(dust, Ok(Wad(U256::ONE)), "a debt is never worth nothing");
}

#[test]
fn health_is_one_where_both_values_are_equal_and_unsafe_one_unit_below() {
    let debt = Wad(U256::from(3_200_000_000_000_000_007_u64));
    let below = Wad(debt.0 - U256::ONE);
    assert_eq!(health_factor(debt, debt), HEALTH_SAFE);
    assert!(is_safe(debt, debt));
    assert_eq!(health_factor(below, debt), Wad(WAD_ONE - U256::ONE));
    assert!(!is_safe(below, debt));
    assert_eq!(health_factor(usd(4_000), usd(3_200)), Wad(U256::from(125) * WAD_ONE / U256::from(100)));
}

#[test]
fn without_debt_health_is_the_largest_number() {
    assert_eq!(health_factor(usd(1), Wad::ZERO), HEALTH_MAX);
    assert_eq!(health_factor(Wad::ZERO, Wad::ZERO), HEALTH_MAX);
    assert!(is_safe(Wad::ZERO, Wad::ZERO));
    assert_eq!(health_factor(Wad::MAX, Wad(U256::ONE)), HEALTH_MAX);
}

#[test]
fn borrowing_needs_the_ltv_and_not_a_unit_less() {
    assert!(can_carry(usd(100), usd(100)));
    assert!(!can_carry(usd(100), Wad(usd(100).0 + U256::ONE)));
}

proptest! {
    #![proptest_config(config(2_000))]

    #[test]
    fn values_are_the_exact_fractions_rounded_against_the_borrower(
        amount in numbers(128), decimals in 0_u8..=24, price in numbers(120), share in 0_u64..=10_000,
    ) {
        let holding = Holding {
            amount_raw: Raw(amount), decimals, price_wad: Wad(price), ltv: Bps(0), threshold: Bps(share),
        };
        let unit = U256::from(10).pow(U256::from(decimals));
        let value = raw(Raw(amount)) * fraction(price, unit);
        let weighted = weighted_value_down(&holding, Bps(share)).unwrap();
        prop_assert_eq!(Some(weighted.0), floor(&(&value * bps(Bps(share)))));
        prop_assert_eq!(debt_value_up(Raw(amount), decimals, Wad(price)).ok().map(|value| value.0), ceil(&value));
    }

    #[test]
    fn health_is_the_exact_fraction_rounded_down_and_agrees_with_is_safe(carried in numbers(190), debt in numbers(190)) {
        prop_assume!(!debt.is_zero());
        let health = health_factor(Wad(carried), Wad(debt));
        let exact = fraction(carried, debt) * fraction(WAD_ONE, U256::ONE);
        prop_assert_eq!(Some(health.0), floor(&exact));
        prop_assert_eq!(is_safe(Wad(carried), Wad(debt)), health >= HEALTH_SAFE);
        prop_assert_eq!(is_safe(Wad(carried), Wad(debt)), wad(Wad(carried)) >= wad(Wad(debt)));
    }

    #[test]
    fn collateral_only_adds_to_what_a_vault_carries(amount in numbers(128), price in numbers(120)) {
        let holding = Holding {
            amount_raw: Raw(amount), decimals: 18, price_wad: Wad(price), ltv: Bps(7_000), threshold: Bps(8_000),
        };
        let before = Carrying { threshold_value_wad: usd(10), ltv_value_wad: usd(9) };
        let after = before.try_with(&holding).unwrap();
        prop_assert!(after.threshold_value_wad >= before.threshold_value_wad);
        prop_assert!(after.ltv_value_wad >= before.ltv_value_wad);
        prop_assert!(after.ltv_value_wad.0 - usd(9).0 <= after.threshold_value_wad.0 - usd(10).0);
    }
}
