//! Sizes of random unsafe vaults: health, bounds, dust, room, and the exact formula.

use num_bigint::BigInt;
use num_rational::BigRational;
use proptest::prelude::*;

use super::*;
use crate::reference::{bps, config, int, raw as exact, wad};

fn holdings(threshold: u64) -> impl Strategy<Value = Holding> {
    (1_u64..u64::MAX, 0_u32..60, 0_u8..=24, 1_u64..1_000_000_000, 0_u32..30).prop_map(
        move |(amount, shift, decimals, price, price_shift)| Holding {
            amount_raw: Raw((U256::from(amount) << 30_usize) >> usize::try_from(shift).unwrap()),
            decimals,
            price_wad: Wad(
                (U256::from(price) * U256::from(1_000_000_000_000_000_u64)) >> usize::try_from(price_shift).unwrap()
            ),
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
                let slack = int(vault.unit_value()) * units + 2;
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
        let unit = int(vault.unit_value()) * 3 + 3;
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
        let Ok(sizing) = size(&vault.position(), &rule_for(&vault, numbers), ROOM) else {
            continue;
        };
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
