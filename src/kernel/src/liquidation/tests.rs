//! Sizes on tables: each branch on its edge. Random vaults are in `properties`.

use proptest::prelude::*;

use super::*;
use crate::health::weighted_value_down;
use crate::reference::config;

const ROOM: Raw = Raw::MAX;

fn raw(amount: u128) -> Raw {
    Raw(U256::from(amount))
}

fn usd(value: u64) -> Wad {
    Wad(U256::from(value) * WAD_ONE)
}

fn percent(value: u64) -> Wad {
    Wad(U256::from(value) * WAD_ONE / U256::from(100))
}

/// A vault with one debt and the collateral that is sold, and perhaps another one, at some prices.
#[derive(Clone, Debug)]
struct Vault {
    debt_raw: Raw,
    debt_decimals: u8,
    debt_price_wad: Wad,
    sold: Holding,
    penalty: Bps,
    other: Option<Holding>,
}

impl Vault {
    fn carried(&self) -> Wad {
        let sold = weighted_value_down(&self.sold, self.sold.threshold).unwrap();
        let other = self.other.map_or(Wad::ZERO, |other| weighted_value_down(&other, other.threshold).unwrap());
        sold.try_add(other).unwrap()
    }

    fn debt_value(&self) -> Wad {
        debt_value_up(self.debt_raw, self.debt_decimals, self.debt_price_wad).unwrap()
    }

    fn position(&self) -> Position {
        let price =
            price_ray_up(self.sold.price_wad, self.sold.decimals, self.debt_price_wad, self.debt_decimals).unwrap();
        let worth_of = |other: &Holding| {
            let price = price_ray_up(other.price_wad, other.decimals, self.debt_price_wad, self.debt_decimals).unwrap();
            worth_down(other.amount_raw, price)
        };
        Position {
            threshold_value_wad: self.carried(),
            debt_value_wad: self.debt_value(),
            debt_raw: self.debt_raw,
            collateral_raw: self.sold.amount_raw,
            price,
            threshold: self.sold.threshold,
            penalty: self.penalty,
            others: Others::of_worth(self.other.as_ref().map_or(Raw::ZERO, worth_of), rule().min_debt_raw),
        }
    }

    fn after(&self, sizing: &Sizing) -> Self {
        let sold = Holding { amount_raw: self.sold.amount_raw.try_sub(sizing.lot_raw).unwrap(), ..self.sold };
        Self { debt_raw: self.debt_raw.try_sub(sizing.debt_raw).unwrap(), sold, ..self.clone() }
    }

    /// The USD worth of one debt base unit, rounded up.
    fn unit_value(&self) -> U256 {
        debt_value_up(Raw(U256::ONE), self.debt_decimals, self.debt_price_wad).unwrap().0
    }
}

/// 10 WETH at 2000 USD, a threshold of 80% and a penalty of 8%, and USDC of debt.
fn weth_vault(debt_usdc: u64) -> Vault {
    Vault {
        debt_raw: raw(u128::from(debt_usdc) * 1_000_000),
        debt_decimals: 6,
        debt_price_wad: usd(1),
        sold: Holding {
            amount_raw: Raw(U256::from(10) * WAD_ONE),
            decimals: 18,
            price_wad: usd(2_000),
            ltv: Bps(7_500),
            threshold: Bps(8_000),
        },
        penalty: Bps(800),
        other: None,
    }
}

fn rule() -> Rule {
    Rule { target_health_wad: percent(105), whole_share: Bps(7_500), min_debt_raw: raw(100_000_000) }
}

#[test]
fn a_vault_a_little_below_one_is_restored_to_the_target_as_in_the_example() {
    let vault = weth_vault(16_800);
    let sizing = size(&vault.position(), &rule(), ROOM).unwrap();
    let expected = Sizing {
        lot_raw: raw(4_761_290_323_500_000_000),
        debt_raw: raw(8_817_204_302),
        due_raw: raw(9_522_580_647),
        penalty_wad: percent(8),
        is_whole: false,
    };
    assert_eq!(sizing, expected);
    let after = vault.after(&sizing);
    assert_eq!(after.debt_raw, raw(7_982_795_698));
    let health = health::health_factor(after.carried(), after.debt_value());
    assert_eq!(health, Wad(U256::from(1_049_999_999_937_365_301_u64)), "1.05 less the odd unit of the penalty");
}

#[test]
fn a_safe_vault_is_refused_at_exactly_one_and_sold_a_unit_of_debt_above() {
    let vault = weth_vault(16_000);
    assert_eq!(size(&vault.position(), &rule(), ROOM), Err(Refusal::Healthy));
    let above = Vault { debt_raw: raw(16_000_000_001), ..vault };
    assert!(size(&above.position(), &rule(), ROOM).is_ok());
}

#[test]
fn nothing_to_sell_is_refused() {
    let mut vault = weth_vault(16_800);
    vault.sold.amount_raw = Raw::ZERO;
    assert_eq!(size(&vault.position(), &rule(), ROOM), Err(Refusal::NothingToSell));
    // One unit of debt is a millionth of a dollar: less than one unit of a token without decimals at 2000 USD.
    let mut coarse = weth_vault(0);
    coarse.debt_raw = raw(1);
    coarse.sold = Holding { amount_raw: raw(1), decimals: 0, threshold: Bps(0), ..coarse.sold };
    assert_eq!(size(&coarse.position(), &rule(), ROOM), Err(Refusal::NothingToSell));
}

#[test]
fn a_sale_above_the_whole_share_is_of_everything_owed() {
    // At a debt of 16800 the target asks for 52.483% of it.
    let part = Rule { whole_share: Bps(5_248), ..rule() };
    let sizing = size(&weth_vault(16_800).position(), &part, ROOM).unwrap();
    assert_eq!((sizing.debt_raw, sizing.due_raw), (raw(16_800_000_000), raw(18_144_000_000)));
    assert_eq!(sizing.lot_raw, raw(9_072_000_000_000_000_000), "the rest of the lot stays in the vault");
    assert!(sizing.is_whole);
    let more = Rule { whole_share: Bps(5_249), ..rule() };
    assert!(!size(&weth_vault(16_800).position(), &more, ROOM).unwrap().is_whole);
}

#[test]
fn a_sale_that_would_leave_dust_is_of_everything_owed() {
    let left = 7_982_795_698;
    let exactly = Rule { min_debt_raw: raw(left), ..rule() };
    assert!(!size(&weth_vault(16_800).position(), &exactly, ROOM).unwrap().is_whole);
    let one_more = Rule { min_debt_raw: raw(left + 1), ..rule() };
    assert!(size(&weth_vault(16_800).position(), &one_more, ROOM).unwrap().is_whole);
}

#[test]
fn the_penalty_is_cut_to_what_health_and_threshold_bound_it_to() {
    let with_health = |health_percent: u64, threshold| Position {
        threshold_value_wad: percent(health_percent * 100),
        debt_value_wad: usd(100),
        threshold: Bps(threshold),
        ..weth_vault(1).position()
    };
    let quarter_percent = Wad(U256::from(62_500_000_000_000_000_u64));
    assert_eq!(penalty_down(&with_health(85, 8_000)), Ok(quarter_percent));
    assert_eq!(penalty_down(&with_health(87, 8_000)), Ok(percent(8)));
    assert_eq!(penalty_down(&with_health(80, 8_000)), Ok(Wad::ZERO));
    assert_eq!(penalty_down(&with_health(79, 8_000)), Ok(Wad::ZERO));
    assert_eq!(penalty_down(&with_health(79, 0)), Ok(percent(8)));
    assert_eq!(penalty_down(&with_health(0, 8_000)), Ok(Wad::ZERO));
}

#[test]
fn at_a_cut_penalty_no_part_of_the_debt_restores_the_target() {
    // Healths from 0.86, where the bound has just cut 8%, down to 0.81.
    for debt_usdc in [18_600, 18_800, 19_000, 19_400, 19_700] {
        let vault = weth_vault(debt_usdc);
        let position = vault.position();
        let penalty_wad = penalty_down(&position).unwrap();
        assert!(penalty_wad < percent(8) && !penalty_wad.is_zero(), "{debt_usdc}: {penalty_wad:?}");
        // The target asks for all of the debt but for what the bound loses by rounding.
        let wanted = debt_to_target_up(&position, percent(105), penalty_wad).unwrap();
        assert!(vault.debt_raw.try_sub(wanted).unwrap() <= raw(1), "{debt_usdc}: {wanted:?}");
        // And whatever part is sold, the health stays where it was, to a few units of the debt.
        let before = health::health_factor(vault.carried(), vault.debt_value());
        for part in 1..100_u64 {
            let debt_raw = Raw(vault.debt_raw.0 * U256::from(part) / U256::from(100));
            let due_raw = due_up(debt_raw, penalty_wad).unwrap();
            let lot_raw = Raw(mul_div_down(due_raw.0, RAY_ONE, position.price.0).unwrap());
            let after = vault.after(&Sizing { lot_raw, debt_raw, due_raw, penalty_wad, is_whole: false });
            let after = health::health_factor(after.carried(), after.debt_value());
            assert!(after.0.abs_diff(before.0) < U256::from(100_000_000_000_u64), "{debt_usdc}, {part}%: {after:?}");
        }
    }
}

#[test]
fn with_other_collateral_a_cut_penalty_sells_all_of_the_chosen_one_and_no_more() {
    let mut vault = weth_vault(20_000);
    // 1,250 dollars that carry half: together 16,625 against 20,000, a bound of 3.90625%.
    let other =
        Holding { amount_raw: raw(1_250_000_000), decimals: 6, price_wad: usd(1), threshold: Bps(5_000), ..vault.sold };
    vault.other = Some(other);
    let sizing = size(&vault.position(), &rule(), ROOM).unwrap();
    assert_eq!(sizing.penalty_wad, Wad(U256::from(39_062_500_000_000_000_u64)));
    assert_eq!(sizing.lot_raw, Raw(U256::from(10) * WAD_ONE));
    // floor(20,000 / 1.0390625) dollars of the debt.
    assert_eq!((sizing.debt_raw, sizing.is_whole), (raw(19_248_120_300), false));
    let after = vault.after(&sizing);
    let health = health::health_factor(after.carried(), after.debt_value());
    assert!(health.0 >= percent(83).0, "{health:?}");
}

#[test]
fn an_insolvent_vault_is_sold_whole_without_penalty() {
    let sizing = size(&weth_vault(25_000).position(), &rule(), ROOM).unwrap();
    let expected = Sizing {
        lot_raw: Raw(U256::from(10) * WAD_ONE),
        debt_raw: raw(25_000_000_000),
        due_raw: raw(25_000_000_000),
        penalty_wad: Wad::ZERO,
        is_whole: true,
    };
    assert_eq!(sizing, expected);
}

#[test]
fn with_other_collateral_a_sale_is_of_what_this_one_covers() {
    let mut vault = weth_vault(25_000);
    vault.other = Some(Holding { amount_raw: raw(1_000_000_000), decimals: 6, price_wad: usd(1), ..vault.sold });
    let sizing = size(&vault.position(), &rule(), ROOM).unwrap();
    let expected = Sizing {
        lot_raw: Raw(U256::from(10) * WAD_ONE),
        debt_raw: raw(20_000_000_000),
        due_raw: raw(20_000_000_000),
        penalty_wad: Wad::ZERO,
        is_whole: false,
    };
    assert_eq!(sizing, expected);
}

#[test]
fn collateral_worth_less_than_the_minimum_debt_is_no_other_collateral() {
    let mut vault = weth_vault(25_000);
    let least_raw = rule().min_debt_raw;
    let of_worth = |worth_raw| Holding { amount_raw: worth_raw, decimals: 6, price_wad: usd(1), ..weth_vault(1).sold };
    vault.other = Some(of_worth(least_raw.try_sub(raw(1)).unwrap()));
    assert_eq!(vault.position().others, Others::None);
    assert!(size(&vault.position(), &rule(), ROOM).unwrap().is_whole);
    vault.other = Some(of_worth(least_raw));
    assert_eq!(vault.position().others, Others::Some);
    assert!(!size(&vault.position(), &rule(), ROOM).unwrap().is_whole);
    // Without a minimum a unit is of value, and nothing is not.
    assert_eq!(Others::of_worth(raw(1), Raw::ZERO), Others::Some);
    assert_eq!(Others::of_worth(Raw::ZERO, Raw::ZERO), Others::None);
}

#[test]
fn what_a_sale_did_not_pay_is_owed_by_what_the_vault_holds() {
    // Unpaid, worth, minimum, returned.
    let table = [
        (70, 99, 100, 70),
        (70, 3, 100, 3),
        (70, 0, 100, 0),
        (70, 0, 0, 0),
        (70, 1, 0, 70),
        (70_000, 99, 100, 99),
        (70_000, 100, 100, 70_000),
        (0, 99, 100, 0),
    ];
    for (unpaid, worth, least, expected) in table {
        assert_eq!(returned(raw(unpaid), raw(worth), raw(least)), raw(expected), "{unpaid} of {worth}, {least}");
    }
}

#[test]
fn room_shrinks_a_sale_and_never_below_dust() {
    let vault = weth_vault(16_800);
    let full = size(&vault.position(), &rule(), ROOM).unwrap();
    assert_eq!(size(&vault.position(), &rule(), full.due_raw), Ok(full), "exactly the room it needs");
    let cut = size(&vault.position(), &rule(), raw(1_080_000_000)).unwrap();
    assert_eq!((cut.debt_raw, cut.due_raw), (raw(1_000_000_000), raw(1_080_000_000)));
    assert_eq!(cut.lot_raw, raw(540_000_000_000_000_000));
    let least = size(&vault.position(), &rule(), raw(108_000_000)).unwrap();
    assert_eq!(least.debt_raw, raw(100_000_000), "the minimum itself");
    let refusal = Refusal::NoRoom { room_raw: raw(107_999_999), needed_raw: raw(108_000_000) };
    assert_eq!(size(&vault.position(), &rule(), raw(107_999_999)), Err(refusal));
    let refusal = Refusal::NoRoom { room_raw: Raw::ZERO, needed_raw: raw(108_000_000) };
    assert_eq!(size(&vault.position(), &rule(), Raw::ZERO), Err(refusal));
}

#[test]
fn room_that_would_leave_dust_leaves_the_minimum_or_is_refused() {
    // All 16800 are wanted. With 50 of room less than needed, 100 stay owed.
    let whole = Rule { whole_share: Bps(5_000), ..rule() };
    let vault = weth_vault(16_800);
    let sizing = size(&vault.position(), &whole, raw(18_144_000_000 - 50_000_000)).unwrap();
    assert_eq!(vault.after(&sizing).debt_raw, raw(100_000_000));
    // With a minimum of 9000 no part leaves the minimum and is one.
    let coarse = Rule { min_debt_raw: raw(9_000_000_000), ..whole };
    let refusal = Refusal::NoRoom { room_raw: raw(18_143_999_999), needed_raw: raw(18_144_000_000) };
    assert_eq!(size(&vault.position(), &coarse, raw(18_143_999_999)), Err(refusal));
}

#[test]
fn room_cuts_lot_and_debt_of_an_insolvent_vault_alike() {
    let vault = weth_vault(25_000);
    let sizing = size(&vault.position(), &rule(), raw(5_000_000_000)).unwrap();
    assert_eq!((sizing.debt_raw, sizing.due_raw), (raw(5_000_000_000), raw(5_000_000_000)));
    assert_eq!(sizing.lot_raw, Raw(U256::from(2) * WAD_ONE));
}

#[test]
fn where_health_is_below_a_threshold_selling_that_collateral_lowers_it_even_at_par() {
    // The one case the bound cannot help: collateral A carries 90% and the vault's health is 0.85. B is the one to sell.
    let mut vault = weth_vault(0);
    vault.sold =
        Holding { amount_raw: Raw(U256::from(10) * WAD_ONE), price_wad: usd(1), threshold: Bps(9_000), ..vault.sold };
    vault.other = Some(Holding { amount_raw: Raw(U256::from(100) * WAD_ONE), threshold: Bps(5_000), ..vault.sold });
    vault.debt_raw = raw(69_411_765);
    let before = health::health_factor(vault.carried(), vault.debt_value());
    let low = Rule { min_debt_raw: raw(1_000_000), ..rule() };
    let sizing = size(&vault.position(), &low, ROOM).unwrap();
    assert_eq!((sizing.penalty_wad, sizing.debt_raw), (Wad::ZERO, raw(10_000_000)));
    let after = vault.after(&sizing);
    assert!(health::health_factor(after.carried(), after.debt_value()) < before);
    // Selling B first, at the full penalty, restores the target.
    let swapped = Vault { sold: vault.other.unwrap(), other: Some(vault.sold), ..vault };
    let after = swapped.after(&size(&swapped.position(), &low, ROOM).unwrap());
    assert!(
        health::health_factor(after.carried(), after.debt_value()).0 > percent(105).0 - WAD_ONE / U256::from(1_000_000)
    );
}

mod properties;

fn held(amount: u64, dollars: u64, threshold: u64) -> Holding {
    Holding {
        amount_raw: Raw(U256::from(amount)),
        decimals: 0,
        price_wad: Wad(U256::from(dollars) * WAD_ONE),
        ltv: Bps(0),
        threshold: Bps(threshold),
    }
}

#[test]
fn a_position_is_what_its_parts_say() {
    let debt = Debt { amount_raw: Raw(U256::from(900)), decimals: 0, price_wad: Wad(WAD_ONE) };
    let holdings = [held(10, 100, 8_000), held(3, 20, 5_000)];
    let position = Position::of(&debt, &holdings, 0, Bps(1_000), raw(60)).unwrap().unwrap();
    assert_eq!(position.threshold_value_wad, Wad(U256::from(830) * WAD_ONE));
    assert_eq!(position.debt_value_wad, Wad(U256::from(900) * WAD_ONE));
    assert_eq!((position.debt_raw, position.collateral_raw), (debt.amount_raw, Raw(U256::from(10))));
    assert_eq!(position.price, Ray(U256::from(100) * RAY_ONE));
    assert_eq!((position.threshold, position.penalty), (Bps(8_000), Bps(1_000)));
    assert_eq!(position.others, Others::Some);
    // The others are worth 60 in all, which is dust where a vault must owe 61; and what is worth less than a unit of the debt
    // is dust wherever it is.
    let others = |holdings: &[Holding], least: u128| {
        Position::of(&debt, holdings, 0, Bps(0), raw(least)).unwrap().unwrap().others
    };
    assert_eq!(others(&holdings, 61), Others::None);
    assert_eq!(
        others(&[held(10, 100, 8_000), held(1, 20, 1), held(2, 20, 1)], 60),
        Others::Some,
        "they count together"
    );
    let less_than_a_unit = [held(10, 100, 8_000), Holding { price_wad: Wad(U256::ONE), ..held(3, 0, 5_000) }];
    assert_eq!(others(&less_than_a_unit, 0), Others::None);
    assert!(Position::of(&debt, &holdings, 2, Bps(0), Raw::ZERO).unwrap().is_none());
    // What was shut down is worth nothing beside others, and cannot be sold itself.
    let shut_down = [held(10, 100, 8_000), held(3, 0, 5_000)];
    assert_eq!(others(&shut_down, 0), Others::None);
    assert!(Position::of(&debt, &shut_down, 1, Bps(0), Raw::ZERO).unwrap().is_none());
}

proptest! {
    #![proptest_config(config(5_000))]

    #[test]
    fn what_is_unsafe_at_the_ends_of_a_sale_is_unsafe_at_all_others(
        amount in 1_u64..1_000_000,
        owed in 1_u64..1_000_000_000,
        dollars in (1_u64..10_000, 0_u64..300),
        pegged in (900_u64..1_100, 0_u64..50),
        threshold in 1_u64..9_800,
    ) {
        let wad = |number: u64, unit: u64| Wad(U256::from(number) * (WAD_ONE / U256::from(unit)));
        let collateral = Range { low_wad: wad(dollars.0, 1), high_wad: wad(dollars.0 + dollars.1, 1) };
        let debt = Range { low_wad: wad(pegged.0, 1_000), high_wad: wad(pegged.0 + pegged.1, 1_000) };
        let is_safe = |collateral_wad, debt_wad| {
            let holding = Holding { price_wad: collateral_wad, ..held(amount, 0, threshold) };
            let owed_wad = debt_value_up(Raw(U256::from(owed)), 0, debt_wad).unwrap();
            health::is_safe(Carrying::of(&[holding]).unwrap().threshold_value_wad, owed_wad)
        };
        let for_sale = is_safe(collateral.for_sale(Side::Collateral), debt.for_sale(Side::Debt));
        let ends = [collateral.low_wad, collateral.high_wad].map(|high| {
            [debt.low_wad, debt.high_wad].map(|low| is_safe(high, low))
        });
        prop_assert_eq!(for_sale, ends.as_flattened().contains(&true), "safe by any choice of ends is safe");
    }
}
