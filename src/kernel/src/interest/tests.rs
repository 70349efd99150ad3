//! The index and the shares against exact fractions; no round trip gains a unit.

use proptest::prelude::*;
use units::U256;

use super::*;
use crate::reference::{ceil, config, floor, fraction, numbers, ray};

fn index_strategy() -> impl Strategy<Value = Ray> {
    numbers(110).prop_map(|more| Ray(RAY_ONE + more))
}

#[test]
fn an_hour_at_five_percent_a_year_has_the_index_of_the_example() {
    let rate = Ray(U256::from(1_000_000_001_547_125_957_863_212_448_u128));
    let expected = Ray(U256::from(1_000_005_569_668_954_547_626_342_464_u128));
    assert_eq!(index_after_up(INDEX_START, rate, Secs(3_600)), Ok(expected));
    assert_eq!(
        index_after_up(expected, INDEX_START, Secs(3_600)),
        Ok(expected),
        "a rate of one changes nothing"
    );
    assert_eq!(index_after_up(expected, rate, Secs(0)), Ok(expected));
}

#[test]
fn a_loan_of_100_at_an_index_of_one_and_a_half_has_the_shares_of_the_example() {
    let index = Ray(RAY_ONE + RAY_ONE / U256::from(2));
    assert_eq!(
        shares_up(Raw(U256::from(100)), index),
        Ok(Shares(U256::from(67)))
    );
    assert_eq!(
        debt_up(Shares(U256::from(67)), index),
        Ok(Raw(U256::from(101)))
    );
    assert_eq!(
        shares_down(Raw(U256::from(100)), index),
        Ok(Shares(U256::from(66)))
    );
}

proptest! {
    #![proptest_config(config(2_000))]

    #[test]
    fn shares_and_debt_are_the_exact_fractions_rounded_against_the_borrower(amount in numbers(140), index in index_strategy()) {
        let exact_shares = fraction(amount, U256::ONE) / ray(index);
        let exact_debt = fraction(amount, U256::ONE) * ray(index);
        prop_assert_eq!(shares_up(Raw(amount), index).ok().map(|shares| shares.0), ceil(&exact_shares));
        prop_assert_eq!(shares_down(Raw(amount), index).ok().map(|shares| shares.0), floor(&exact_shares));
        prop_assert_eq!(debt_up(Shares(amount), index).ok().map(|debt| debt.0), ceil(&exact_debt));
    }

    #[test]
    fn borrowing_and_repaying_the_same_amount_gains_nothing(amount in numbers(140), index in index_strategy()) {
        let given = shares_up(Raw(amount), index).unwrap();
        let taken = shares_down(Raw(amount), index).unwrap();
        prop_assert!(taken <= given);
        prop_assert!(debt_up(given, index).unwrap() >= Raw(amount));
        prop_assert!(debt_up(taken, index).unwrap() <= Raw(amount));
    }

    #[test]
    fn the_index_never_falls_and_is_the_exact_product_rounded_up(
        index in index_strategy(), per_second in 0_u64..10_989_776_575_619_576_513, elapsed in 0_u64..31_536_000,
    ) {
        let rate = Ray(RAY_ONE + U256::from(per_second) * U256::from(2));
        let after = index_after_up(index, rate, Secs(elapsed)).unwrap();
        prop_assert!(after >= index);
        let power = units::rpow_half_up(rate.0, elapsed).unwrap();
        prop_assert_eq!(Some(after.0), ceil(&(ray(index) * fraction(power, U256::ONE))));
    }
}
