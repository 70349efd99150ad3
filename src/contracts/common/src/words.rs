//! Words of 32 bytes: addresses in them, and several numbers packed into one, as a storage slot holds them.

use alloy_primitives::{Address, U256};
use units::OutOfRange;

/// `address` as a number, as the ABI and storage hold it.
pub fn word_of(address: Address) -> U256 {
    U256::from_be_bytes(address.into_word().0)
}

/// The address in the lower 160 bits of `word`; what lies above is dropped.
pub fn address_in(word: U256) -> Address {
    Address::from_word(word.into())
}

/// Where a number lies in a packed word: `bits` of it, from bit `from` on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Field {
    from: usize,
    bits: usize,
}

impl Field {
    /// The field of `bits` bits that starts at bit `from`, counted from the least significant.
    pub const fn new(from: usize, bits: usize) -> Self {
        Self { from, bits }
    }

    /// The number in this field of `word`.
    #[inline(never)]
    pub fn get(self, word: U256) -> U256 {
        word.wrapping_shr(self.from) & self.mask()
    }

    /// `word` with `value` in this field; `OutOfRange` where `value` has more bits than the field.
    #[inline(never)]
    pub fn put(self, word: U256, value: U256) -> Result<U256, OutOfRange> {
        let mask = self.mask();
        if value > mask {
            return Err(OutOfRange);
        }
        Ok((word & !mask.wrapping_shl(self.from)) | value.wrapping_shl(self.from))
    }

    /// The number in this field of `word`, of a field of at most 64 bits.
    pub fn get_u64(self, word: U256) -> u64 {
        self.get(word).saturating_to()
    }

    fn mask(self) -> U256 {
        U256::MAX.wrapping_shr(256usize.saturating_sub(self.bits))
    }
}
