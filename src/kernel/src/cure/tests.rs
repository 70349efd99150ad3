//! The cost of a cure at every stage of a sale.

use proptest::prelude::*;
use units::U256;

use super::*;
use crate::{
    reference::{config, numbers},
    split::divide,
};

fn raw(amount: u64) -> Raw {
    Raw(U256::from(amount))
}

#[test]
fn a_cure_costs_the_debt_and_the_penalty_on_what_was_sold() {
    let table = [
        (100, 100, 111, 0, 100, 0),
        (100, 70, 81, 0, 70, 4),
        (100, 1, 12, 0, 1, 11),
        (100, 0, 11, 0, 0, 11),
        (100, 0, 6, 0, 0, 6),
        (100, 40, 40, 0, 40, 0),
        // Keepers were paid 2; or 5, or all of it and more.
        (100, 100, 111, 2, 100, 2),
        (100, 70, 81, 2, 70, 4),
        (100, 70, 81, 5, 70, 5),
        (100, 100, 111, 12, 100, 11),
        (100, 0, 6, 12, 0, 6),
    ];
    for (began, debt, due, rewards, principal, penalty) in table {
        let expected = Cost { principal_raw: raw(principal), penalty_raw: raw(penalty) };
        assert_eq!(cost_up(raw(began), raw(debt), raw(due), raw(rewards)), Ok(expected));
    }
}

#[test]
fn what_no_sale_can_have_is_refused() {
    assert_eq!(cost_up(raw(100), raw(50), raw(49), raw(0)), Err(OutOfRange));
    assert_eq!(cost_up(raw(100), raw(101), raw(120), raw(0)), Err(OutOfRange));
}

proptest! {
    #![proptest_config(config(1_000))]

    #[test]
    fn buyers_and_the_one_who_cures_pay_the_debt_and_the_accrued_penalty(debt in numbers(96), penalty in numbers(90), part in 0_u64..1_000) {
        let debt = debt.max(U256::ONE);
        let paid = (debt + penalty) / U256::from(1_000) * U256::from(part);
        let split = divide(Raw(paid), Raw(debt));
        let due = Raw(debt + penalty - paid);
        let cost = cost_up(Raw(debt), split.debt_left_raw, due, Raw::ZERO).unwrap();
        prop_assert!(cost.total().unwrap() <= due);
        prop_assert_eq!(split.principal_raw.0 + cost.principal_raw.0, debt);
        let together = split.penalty_raw.0 + cost.penalty_raw.0;
        prop_assert_eq!(together, (penalty * split.principal_raw.0).div_ceil(debt));
    }
}
