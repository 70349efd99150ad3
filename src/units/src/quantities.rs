//! The quantities: what a number counts is its type.
//!
//! Each type is a bare number at run time. Its field is public because wrapping a number in `Raw(..)` or `Ray(..)`
//! is the statement of its unit, at the one place where it enters (storage, ABI); nothing converts silently.

use alloy_primitives::U256;

use crate::arithmetic::{mul, try_add, try_sub};

/// One as a [`Wad`]: 10^18.
pub const WAD_ONE: U256 = U256::from_limbs([1_000_000_000_000_000_000, 0, 0, 0]);
/// One as a [`Ray`]: 10^27.
pub const RAY_ONE: U256 = U256::from_limbs([11_515_845_246_265_065_472, 54_210_108, 0, 0]);
/// One as [`Bps`]: 10^4.
pub const BPS_ONE: u64 = 10_000;
/// A basis point as a [`Wad`]: 10^14.
pub const WAD_PER_BPS: U256 = U256::from_limbs([100_000_000_000_000, 0, 0, 0]);
/// A basis point as a [`Ray`]: 10^23.
pub const RAY_PER_BPS: U256 = U256::from_limbs([200_376_420_520_689_664, 5_421, 0, 0]);

/// A number left the range the mathematics is proven for, or a divisor was zero. Smaller amounts work.
#[derive(Clone, Copy, PartialEq, Eq)]
#[cfg_attr(not(target_arch = "wasm32"), derive(Debug))]
pub struct OutOfRange;

macro_rules! quantity {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
        #[cfg_attr(not(target_arch = "wasm32"), derive(Debug))]
        #[repr(transparent)]
        pub struct $name(pub U256);

        impl $name {
            /// Nothing of it.
            pub const ZERO: Self = Self(U256::ZERO);
            /// The largest one.
            pub const MAX: Self = Self(U256::MAX);

            /// Whether there is nothing of it.
            #[must_use]
            pub fn is_zero(self) -> bool {
                self.0.is_zero()
            }

            /// The sum, in the same unit.
            pub fn try_add(self, other: Self) -> Result<Self, OutOfRange> {
                try_add(self.0, other.0).map(Self)
            }

            /// What is left after taking `other` away, in the same unit; refuses to go below zero.
            pub fn try_sub(self, other: Self) -> Result<Self, OutOfRange> {
                try_sub(self.0, other.0).map(Self)
            }

            /// What is left after taking `other` away, and nothing where `other` is larger.
            #[must_use]
            pub fn sub_or_zero(self, other: Self) -> Self {
                try_sub(self.0, other.0).map_or(Self::ZERO, Self)
            }
        }
    };
}

quantity! {
    /// A token amount in the base units of its token: 1.5 of a token with 6 decimals is `Raw(1_500_000)`.
    Raw
}
quantity! {
    /// A number scaled by 10^18: values in USD, USD prices of one whole token, health factors.
    Wad
}
quantity! {
    /// A number scaled by 10^27: indices, growth factors, and prices of one collateral base unit in debt base units.
    Ray
}
quantity! {
    /// Shares of what is counted as a whole: of the debt, where a share is worth `index` debt base units and the index only rises,
    /// or of what lenders or stakers have together.
    Shares
}

/// A ratio in basis points: `Bps(10_000)` is one.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
#[cfg_attr(not(target_arch = "wasm32"), derive(Debug))]
#[repr(transparent)]
pub struct Bps(pub u64);

impl Bps {
    /// The same ratio where it is multiplied with 256-bit numbers.
    #[must_use]
    pub fn widen(self) -> U256 {
        U256::from(self.0)
    }

    /// The same ratio as a wad, exactly: a 64-bit number times 10^14 fits.
    #[must_use]
    pub fn to_wad(self) -> Wad {
        Wad(mul(self.widen(), WAD_PER_BPS).0)
    }

    /// The same ratio as a ray, exactly: a 64-bit number times 10^23 fits.
    #[must_use]
    pub fn to_ray(self) -> Ray {
        Ray(mul(self.widen(), RAY_PER_BPS).0)
    }

    /// Reads a 256-bit word, as storage and ABI hold it.
    pub fn try_narrow(word: U256) -> Result<Self, OutOfRange> {
        narrow(word).map(Self)
    }
}

/// A time in whole seconds: since 1970 where it is a moment, else a length.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
#[cfg_attr(not(target_arch = "wasm32"), derive(Debug))]
#[repr(transparent)]
pub struct Secs(pub u64);

impl Secs {
    /// The same time where it stands beside 256-bit numbers.
    #[must_use]
    pub fn widen(self) -> U256 {
        U256::from(self.0)
    }

    /// Reads a 256-bit word, as storage and ABI hold it.
    pub fn try_narrow(word: U256) -> Result<Self, OutOfRange> {
        narrow(word).map(Self)
    }

    /// The seconds from `earlier` to this moment; refuses a moment before `earlier`.
    pub fn try_since(self, earlier: Self) -> Result<Self, OutOfRange> {
        self.0.checked_sub(earlier.0).map(Self).ok_or(OutOfRange)
    }
}

fn narrow(word: U256) -> Result<u64, OutOfRange> {
    match *word.as_limbs() {
        [low, 0, 0, 0] => Ok(low),
        _ => Err(OutOfRange),
    }
}

#[cfg(test)]
mod tests;
