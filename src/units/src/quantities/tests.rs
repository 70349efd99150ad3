//! The constants are the powers they stand for, and no conversion loses anything.

use super::*;

#[test]
fn constants_are_the_powers_of_ten_they_are_named_after() {
    let ten = U256::from(10);
    assert_eq!(WAD_ONE, ten.pow(U256::from(18)));
    assert_eq!(RAY_ONE, ten.pow(U256::from(27)));
    assert_eq!(WAD_PER_BPS * U256::from(BPS_ONE), WAD_ONE);
    assert_eq!(RAY_PER_BPS * U256::from(BPS_ONE), RAY_ONE);
}

#[test]
fn a_word_narrows_to_64_bits_or_is_refused() {
    assert_eq!(Bps::try_narrow(U256::from(u64::MAX)), Ok(Bps(u64::MAX)));
    assert_eq!(Secs::try_narrow(U256::from(u64::MAX)), Ok(Secs(u64::MAX)));
    for shift in [64, 128, 192, 255] {
        assert_eq!(Bps::try_narrow(U256::ONE << shift), Err(OutOfRange), "{shift}");
        assert_eq!(Secs::try_narrow((U256::ONE << shift) + U256::ONE), Err(OutOfRange), "{shift}");
    }
    assert_eq!(Secs(7).widen(), U256::from(7));
}

#[test]
fn the_largest_ratio_converts_exactly() {
    let largest = Bps(u64::MAX);
    assert_eq!(largest.to_wad().0, U256::from(u64::MAX).checked_mul(WAD_PER_BPS).unwrap());
    assert_eq!(largest.to_ray().0, U256::from(u64::MAX).checked_mul(RAY_PER_BPS).unwrap());
}

#[test]
fn quantities_add_and_subtract_within_their_range() {
    assert_eq!(Raw(U256::from(2)).try_add(Raw(U256::from(3))), Ok(Raw(U256::from(5))));
    assert_eq!(Raw::MAX.try_add(Raw(U256::ONE)), Err(OutOfRange));
    assert_eq!(Wad(U256::from(3)).try_sub(Wad(U256::from(5))), Err(OutOfRange));
    assert_eq!(Wad(U256::from(3)).sub_or_zero(Wad(U256::from(5))), Wad::ZERO);
    assert_eq!(Shares(U256::from(5)).sub_or_zero(Shares(U256::from(3))), Shares(U256::from(2)));
    assert_eq!(Secs(5).try_since(Secs(3)), Ok(Secs(2)));
    assert_eq!(Secs(3).try_since(Secs(5)), Err(OutOfRange));
    assert!(Ray::ZERO.is_zero() && !Ray::MAX.is_zero());
}
