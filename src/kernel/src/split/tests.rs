//! Every unit of a payment goes somewhere, and debt comes first.

use proptest::prelude::*;
use units::U256;

use super::*;
use crate::reference::{config, numbers};

fn raw(amount: u64) -> Raw {
    Raw(U256::from(amount))
}

#[test]
fn debt_is_paid_before_the_penalty() {
    let table = [(30, 100, 30, 0, 70), (100, 100, 100, 0, 0), (120, 100, 100, 20, 0), (20, 0, 0, 20, 0)];
    for (owed, debt, principal, penalty, left) in table {
        let expected = Split { principal_raw: raw(principal), penalty_raw: raw(penalty), debt_left_raw: raw(left) };
        assert_eq!(divide(raw(owed), raw(debt)), expected, "{owed} of {debt}");
    }
}

proptest! {
    #![proptest_config(config(1_000))]

    #[test]
    fn nothing_is_lost_in_a_split(owed in numbers(256), debt in numbers(256)) {
        let split = divide(Raw(owed), Raw(debt));
        prop_assert_eq!(split.principal_raw.try_add(split.penalty_raw), Ok(Raw(owed)));
        prop_assert_eq!(split.principal_raw.try_add(split.debt_left_raw), Ok(Raw(debt)));
        prop_assert!(split.penalty_raw.is_zero() || split.debt_left_raw.is_zero());
    }

    #[test]
    fn two_payments_divide_as_their_sum(first in numbers(128), second in numbers(128), debt in numbers(128)) {
        let (a, total) = (divide(Raw(first), Raw(debt)), divide(Raw(first + second), Raw(debt)));
        let b = divide(Raw(second), a.debt_left_raw);
        prop_assert_eq!(a.principal_raw.try_add(b.principal_raw), Ok(total.principal_raw));
        prop_assert_eq!(a.penalty_raw.try_add(b.penalty_raw), Ok(total.penalty_raw));
        prop_assert_eq!(b.debt_left_raw, total.debt_left_raw);
    }
}
