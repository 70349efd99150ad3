//! Deviations on the edge of a basis point, and against exact fractions.

use num_bigint::BigInt;
use num_rational::BigRational;
use proptest::prelude::*;

use super::*;
use crate::reference::{config, int, numbers, whole};

fn usd(value: u64) -> Wad {
    Wad(U256::from(value))
}

#[test]
fn two_thousand_and_nineteen_ninety_are_fifty_basis_points_apart() {
    assert_eq!(deviation_down(usd(2_000), usd(1_990)), Ok(Bps(50)));
    assert_eq!(deviation_down(usd(1_990), usd(2_000)), Ok(Bps(50)));
    assert_eq!(deviation_down(usd(7), usd(7)), Ok(Bps(0)));
    assert_eq!(deviation_down(usd(7), usd(0)), Err(OutOfRange));
    assert_eq!(deviation_down(Wad(U256::MAX), usd(1)), Err(OutOfRange));
}

#[test]
fn both_limits_include_their_own_value() {
    let limits = Limits { soft: Bps(50), hard: Bps(200) };
    for (high, agreement) in [
        (10_000, Agreement::Agree),
        (10_050, Agreement::Agree),
        (10_051, Agreement::Differ),
        (10_200, Agreement::Differ),
        (10_201, Agreement::Disagree),
    ] {
        assert_eq!(limits.judge(usd(10_000), usd(high)), agreement, "{high}");
        assert_eq!(limits.judge(usd(high), usd(10_000)), agreement, "{high}");
    }
    assert_eq!(limits.judge(usd(0), usd(0)), Agreement::Disagree);
}

proptest! {
    #![proptest_config(config(2_000))]

    #[test]
    fn the_deviation_is_the_exact_fraction_rounded_down(a in numbers(120), b in numbers(120)) {
        prop_assume!(!a.is_zero() && !b.is_zero());
        let (high, low) = (int(a.max(b)), int(a.min(b)));
        let exact = BigRational::new(&high - &low, low) * whole(BPS_ONE);
        let got = deviation_down(Wad(a), Wad(b)).map(|bps| BigInt::from(bps.0));
        let fits = exact.floor().to_integer() <= BigInt::from(u64::MAX);
        prop_assert_eq!(got.ok(), fits.then(|| exact.floor().to_integer()));
    }
}
