//! What the tests compare with: exact integers and fractions of any size, and inputs that reach the edges.

use std::vec::Vec;

use num_bigint::BigInt;
use num_rational::BigRational;
use proptest::prelude::*;
use proptest::test_runner::RngSeed;
use units::{RAY_ONE, Raw, U256, WAD_ONE};

/// The number as an exact integer.
pub(crate) fn int(value: U256) -> BigInt {
    BigInt::from_bytes_be(num_bigint::Sign::Plus, &value.to_be_bytes::<32>())
}

/// The number as an exact fraction of `one`.
pub(crate) fn fraction(value: U256, one: U256) -> BigRational {
    BigRational::new(int(value), int(one))
}

/// An amount as an exact fraction.
pub(crate) fn raw(amount: Raw) -> BigRational {
    fraction(amount.0, U256::ONE)
}

/// A wad as an exact fraction.
pub(crate) fn wad(value: units::Wad) -> BigRational {
    fraction(value.0, WAD_ONE)
}

/// A ray as an exact fraction.
pub(crate) fn ray(value: units::Ray) -> BigRational {
    fraction(value.0, RAY_ONE)
}

/// Basis points as an exact fraction.
pub(crate) fn bps(value: units::Bps) -> BigRational {
    fraction(value.widen(), U256::from(units::BPS_ONE))
}

/// An exact integer as an exact fraction.
pub(crate) fn whole(value: u64) -> BigRational {
    BigRational::from_integer(BigInt::from(value))
}

/// The number from an exact integer, where it fits.
pub(crate) fn word(value: &BigInt) -> Option<U256> {
    let (sign, bytes): (_, Vec<u8>) = value.to_bytes_be();
    if sign == num_bigint::Sign::Minus { None } else { U256::try_from_be_slice(&bytes) }
}

/// The fraction rounded down to a number.
pub(crate) fn floor(value: &BigRational) -> Option<U256> {
    word(&value.floor().to_integer())
}

/// The fraction rounded up to a number.
pub(crate) fn ceil(value: &BigRational) -> Option<U256> {
    word(&value.ceil().to_integer())
}

/// Tests whose random inputs are the same on every run.
pub(crate) fn config(cases: u32) -> ProptestConfig {
    ProptestConfig { cases, failure_persistence: None, rng_seed: RngSeed::Fixed(0x5117), ..ProptestConfig::default() }
}

/// Numbers below `2^bits` of every length, and their edges.
pub(crate) fn numbers(bits: usize) -> impl Strategy<Value = U256> {
    let any_word = any::<[u64; 4]>().prop_map(U256::from_limbs);
    prop_oneof![
        6 => (any_word, 256 - bits..256).prop_map(|(word, shift)| word.wrapping_shr(shift)),
        1 => (0..bits).prop_map(|shift| U256::ONE.wrapping_shl(shift)),
        1 => (0..bits).prop_map(|shift| U256::ONE.wrapping_shl(shift) - U256::ONE),
        1 => (0_u64..3).prop_map(U256::from),
    ]
}
