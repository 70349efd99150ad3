//! Sizes on tables, and on random vaults: health, bounds, dust, room, and the exact formula.

use num_bigint::BigInt;
use num_rational::BigRational;
use proptest::prelude::*;

use super::*;
use crate::health::{Holding, debt_value_up, weighted_value_down};
use crate::price::price_ray_up;
use crate::reference::{bps, config, int, raw as exact, wad};

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
        let sold_value_wad = weighted_value_down(&self.sold, self.sold.threshold).unwrap();
        Position {
            threshold_value_wad: self.carried(),
            debt_value_wad: self.debt_value(),
            debt_raw: self.debt_raw,
            collateral_raw: self.sold.amount_raw,
            price,
            threshold: self.sold.threshold,
            penalty: self.penalty,
            others: Others::beside(self.carried(), sold_value_wad),
        }
    }

    fn after(&self, sizing: &Sizing) -> Self {
        let sold = Holding { amount_raw: self.sold.amount_raw.try_sub(sizing.lot_raw).unwrap(), ..self.sold };
        Self { debt_raw: self.debt_raw.try_sub(sizing.debt_raw).unwrap(), sold, ..self.clone() }
    }

    /// The USD worth of one debt base unit, rounded up.
    fn unit_value(&self) -> BigInt {
        int(debt_value_up(Raw(U256::ONE), self.debt_decimals, self.debt_price_wad).unwrap().0)
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
fn collateral_that_carries_nothing_is_no_other_collateral() {
    let mut vault = weth_vault(25_000);
    vault.other = Some(Holding { amount_raw: raw(1), decimals: 24, price_wad: usd(1), ..vault.sold });
    assert_eq!(vault.position().others, Others::None);
    assert!(size(&vault.position(), &rule(), ROOM).unwrap().is_whole);
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
    vault.sold = Holding { amount_raw: Raw(U256::from(10) * WAD_ONE), price_wad: usd(1), threshold: Bps(9_000), ..vault.sold };
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
    assert!(health::health_factor(after.carried(), after.debt_value()).0 > percent(105).0 - WAD_ONE / U256::from(1_000_000));
}

fn holdings(threshold: u64) -> impl Strategy<Value = Holding> {
    (1_u64..u64::MAX, 0_u32..60, 0_u8..=24, 1_u64..1_000_000_000, 0_u32..30).prop_map(
        move |(amount, shift, decimals, price, price_shift)| Holding {
            amount_raw: Raw((U256::from(amount) << 30_usize) >> usize::try_from(shift).unwrap()),
            decimals,
            price_wad: Wad((U256::from(price) * U256::from(1_000_000_000_000_000_u64)) >> usize::try_from(price_shift).unwrap()),
            ltv: Bps(threshold.saturating_sub(1)),
            threshold: Bps(threshold),
        },
    )
}

/// Unsafe vaults with ratios inside the bounds: the debt follows from a health below one.
fn unsafe_vaults() -> impl Strategy<Value = Vault> {
    let ratios = (1_000_u64..=9_800).prop_flat_map(|threshold| {
        let most = (100_000_000 / threshold - 10_000).min(3_000);
        (Just(threshold), 0..=most, 1_000_u64..=9_800)
    });
    ratios
        .prop_flat_map(|(threshold, penalty, other)| {
            let others = proptest::option::weighted(0.6, holdings(other));
            let debts = (6_u8..=18, 900_000_000_000_000_000_u64..1_100_000_000_000_000_000, 300_u64..1_000);
            (holdings(threshold), others, Just(penalty), debts)
        })
        .prop_filter_map("a vault whose numbers fit and is unsafe", |(sold, other, penalty, debts)| {
            let (debt_decimals, debt_price, health_permille) = debts;
            let mut vault = Vault {
                debt_raw: Raw::ZERO,
                debt_decimals,
                debt_price_wad: Wad(U256::from(debt_price)),
                sold,
                penalty: Bps(penalty),
                other,
            };
            let value = vault.carried().0 * U256::from(1_000) / U256::from(health_permille);
            let unit = U256::from(10).pow(U256::from(debt_decimals));
            vault.debt_raw = Raw(units::mul_div_up(value, unit, U256::from(debt_price)).ok()?);
            let is_unsafe = !vault.debt_raw.is_zero() && !health::is_safe(vault.carried(), vault.debt_value());
            (is_unsafe && !vault.sold.price_wad.is_zero()).then_some(vault)
        })
}

fn rules() -> impl Strategy<Value = (u64, u64, u64)> {
    (10_100_u64..=15_000, 5_000_u64..=10_000, 0_u64..=6_000)
}

/// The rule, with the minimum as a share of the vault's debt, so that it matters at every size.
fn rule_for(vault: &Vault, (target, whole_share, min_share): (u64, u64, u64)) -> Rule {
    let min_debt_raw = Raw(vault.debt_raw.0 * U256::from(min_share) / U256::from(10_000));
    Rule { target_health_wad: Bps(target).to_wad(), whole_share: Bps(whole_share), min_debt_raw }
}

/// `S' * D - S * D' + D * slack`: not negative where the health fell by no more than the slack.
fn health_margin(before: &Vault, after: &Vault, slack: BigInt) -> BigInt {
    let (s, d) = (int(before.carried().0), int(before.debt_value().0));
    let (s_after, d_after) = (int(after.carried().0), int(after.debt_value().0));
    s_after * &d - s * d_after + d * slack
}

proptest! {
    #![proptest_config(config(20_000))]

    #[test]
    fn a_sale_never_exceeds_what_there_is_and_is_never_free_of_its_debt(vault in unsafe_vaults(), numbers in rules()) {
        let rule = rule_for(&vault, numbers);
        if let Ok(sizing) = size(&vault.position(), &rule, ROOM) {
            prop_assert!(sizing.lot_raw <= vault.sold.amount_raw && !sizing.lot_raw.is_zero());
            prop_assert!(sizing.debt_raw <= vault.debt_raw && !sizing.debt_raw.is_zero());
            prop_assert!(sizing.due_raw >= sizing.debt_raw);
            prop_assert_eq!(sizing.is_whole, sizing.debt_raw == vault.debt_raw);
            prop_assert!(sizing.penalty_wad <= vault.penalty.to_wad());
            let penalty = exact(sizing.debt_raw) * wad(sizing.penalty_wad);
            prop_assert_eq!(exact(sizing.due_raw), exact(sizing.debt_raw) + penalty.ceil());
        }
    }

    #[test]
    fn no_sale_lowers_the_health_by_more_than_its_rounding(
        vault in unsafe_vaults(), numbers in rules(), room_permille in 1_u64..=1_000,
    ) {
        let (position, rule) = (vault.position(), rule_for(&vault, numbers));
        let Ok(full) = size(&position, &rule, ROOM) else { return Ok(()) };
        let room = Raw(full.due_raw.0 * U256::from(room_permille) / U256::from(1_000));
        for sizing in [Ok(full), size(&position, &rule, room)].into_iter().flatten() {
            let is_below_threshold = wad(vault.carried()) < wad(vault.debt_value()) * bps(vault.sold.threshold);
            if !is_below_threshold || position.others == Others::None {
                let units = if sizing.lot_raw == vault.sold.amount_raw { 3 } else { 1 };
                let slack = vault.unit_value() * units + 2;
                prop_assert!(health_margin(&vault, &vault.after(&sizing), slack) >= BigInt::from(0), "{:?}", sizing);
            }
        }
    }

    #[test]
    fn a_sale_that_is_not_whole_reaches_the_target_and_goes_no_further_than_its_rounding(
        vault in unsafe_vaults(), numbers in rules(),
    ) {
        let (position, rule) = (vault.position(), rule_for(&vault, numbers));
        let Ok(sizing) = size(&position, &rule, ROOM) else { return Ok(()) };
        // Where this collateral is exhausted the others must reach the target.
        if sizing.is_whole || sizing.lot_raw == vault.sold.amount_raw {
            return Ok(());
        }
        let after = vault.after(&sizing);
        let reached = int(after.carried().0) * int(WAD_ONE);
        let asked = int(rule.target_health_wad.0) * int(after.debt_value().0);
        let unit = vault.unit_value() * 3 + 3;
        prop_assert!(reached + &unit * int(WAD_ONE) >= asked, "the target is reached");
        prop_assert!(sizing.penalty_wad == vault.penalty.to_wad(), "uncut");
        // One unit of debt less, without any rounding, would miss it: r is the least that reaches the target.
        let factor = wad(Wad(WAD_ONE)) + wad(sizing.penalty_wad);
        let gain = wad(rule.target_health_wad) - factor * bps(vault.sold.threshold);
        let missing = wad(rule.target_health_wad) * wad(vault.debt_value()) - wad(vault.carried());
        let least = missing / gain / wad(vault.debt_value()) * exact(vault.debt_raw);
        prop_assert!(exact(sizing.debt_raw) >= least);
        // Above it by the rounding of target value, gain and value only: two wad units over the gain, and one unit.
        let gain_down = wad(rule.target_health_wad)
            - (wad(Wad(WAD_ONE)) + wad(sizing.penalty_wad)) * bps(vault.sold.threshold) - wad(Wad(U256::ONE));
        let value_up: BigRational = (wad(rule.target_health_wad) * wad(vault.debt_value()) + wad(Wad(U256::ONE))
            - wad(vault.carried())) / gain_down + wad(Wad(U256::ONE));
        let most = value_up / wad(vault.debt_value()) * exact(vault.debt_raw);
        prop_assert!(exact(sizing.debt_raw) <= most.ceil());
    }

    #[test]
    fn at_the_oracles_price_a_lot_is_worth_what_is_due_unless_it_is_all_there_is(
        vault in unsafe_vaults(), numbers in rules(),
    ) {
        let (position, rule) = (vault.position(), rule_for(&vault, numbers));
        let Ok(sizing) = size(&position, &rule, ROOM) else { return Ok(()) };
        let worth = int(sizing.lot_raw.0) * int(position.price.0);
        let due = int(sizing.due_raw.0) * int(RAY_ONE);
        if sizing.lot_raw == vault.sold.amount_raw {
            // All of it: what it does not cover stays with other collateral, or becomes bad debt.
            if position.others == Others::Some {
                prop_assert!(worth < due + int(RAY_ONE) * 3 + int(position.price.0));
            }
        } else {
            prop_assert!(worth <= due && due < worth + int(position.price.0));
        }
    }

    #[test]
    fn room_is_never_exceeded_and_what_stays_is_no_dust(
        vault in unsafe_vaults(), numbers in rules(), room_permille in 0_u64..=1_100,
    ) {
        let (position, rule) = (vault.position(), rule_for(&vault, numbers));
        let Ok(full) = size(&position, &rule, ROOM) else { return Ok(()) };
        let room = Raw(full.due_raw.0 * U256::from(room_permille) / U256::from(1_000));
        match size(&position, &rule, room) {
            Ok(sizing) => {
                prop_assert!(sizing.due_raw <= room && sizing.debt_raw <= full.debt_raw);
                prop_assert_eq!(sizing == full, full.due_raw <= room);
                let left = vault.debt_raw.sub_or_zero(sizing.debt_raw);
                let is_exhausted = full.lot_raw == vault.sold.amount_raw && position.others == Others::Some;
                let is_dust = !left.is_zero() && left < rule.min_debt_raw;
                prop_assert!(!is_dust || (is_exhausted && sizing == full));
                prop_assert!(sizing.debt_raw >= rule.min_debt_raw.min(full.debt_raw), "nor is what is sold");
                prop_assert_eq!(size(&position, &rule, sizing.due_raw), Ok(sizing), "a quote stands at its own due");
            }
            Err(Refusal::NoRoom { room_raw, needed_raw }) => {
                prop_assert_eq!(room_raw, room);
                prop_assert!(needed_raw > room && needed_raw <= full.due_raw);
                let enough = size(&position, &rule, needed_raw);
                prop_assert!(!matches!(enough, Err(Refusal::NoRoom { .. })), "{:?}", enough);
                let less = Raw(needed_raw.0 - U256::ONE);
                prop_assert_eq!(
                    size(&position, &rule, less), Err(Refusal::NoRoom { room_raw: less, needed_raw })
                );
            }
            Err(refusal) => prop_assert_eq!(refusal, Refusal::NothingToSell),
        }
    }

    #[test]
    fn the_penalty_bound_is_the_largest_that_does_not_lower_the_health(vault in unsafe_vaults()) {
        let position = vault.position();
        let penalty = penalty_down(&position).unwrap();
        let bound = wad(vault.carried()) / (wad(vault.debt_value()) * bps(vault.sold.threshold)) - wad(Wad(WAD_ONE));
        let next = wad(Wad(penalty.0 + U256::ONE));
        prop_assert!(penalty.is_zero() || wad(penalty) <= bound);
        prop_assert!(penalty == vault.penalty.to_wad() || next > bound, "no unit is cut in vain");
    }
}

#[test]
fn random_vaults_reach_every_kind_of_sale() {
    // The properties above say little if the random vaults are all of one kind.
    let mut runner = proptest::test_runner::TestRunner::new(config(1));
    let (mut parts, mut whole, mut cut, mut exhausted, mut lowered) = (0, 0, 0, 0, 0);
    for _ in 0..2_000 {
        let (vault, numbers) =
            proptest::strategy::ValueTree::current(&(unsafe_vaults(), rules()).new_tree(&mut runner).unwrap());
        let Ok(sizing) = size(&vault.position(), &rule_for(&vault, numbers), ROOM) else { continue };
        parts += u32::from(!sizing.is_whole);
        whole += u32::from(sizing.is_whole);
        cut += u32::from(sizing.penalty_wad < vault.penalty.to_wad());
        exhausted += u32::from(!sizing.is_whole && sizing.lot_raw == vault.sold.amount_raw);
        let is_below_threshold = wad(vault.carried()) < wad(vault.debt_value()) * bps(vault.sold.threshold);
        let margin = health_margin(&vault, &vault.after(&sizing), BigInt::from(0));
        lowered += u32::from(!is_below_threshold && margin < BigInt::from(0));
    }
    assert!(parts > 200 && whole > 200 && cut > 200 && exhausted > 100, "{parts} {whole} {cut} {exhausted}");
    assert!(lowered > 0, "the tolerance of the health is needed: rounding does lower it now and then");
}
