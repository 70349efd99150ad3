//! Words of 32 bytes: addresses in them, and several numbers packed into one, as a storage slot holds them.

use core::ops::Range;

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

/// Where a number lies in a packed word: a run of whole bytes, given in bits and counted from the least significant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Field {
    skipped_bytes: usize,
    bytes: usize,
}

impl Field {
    /// The field of `bits` bits that starts at bit `from`; both are multiples of eight.
    pub const fn new(from: usize, bits: usize) -> Self {
        assert!(from.is_multiple_of(8) && bits.is_multiple_of(8), "a field is made of whole bytes");
        Self { skipped_bytes: from.wrapping_shr(3), bytes: bits.wrapping_shr(3) }
    }

    /// The number in this field of `word`.
    #[inline(never)]
    pub fn get(self, word: U256) -> U256 {
        let mut number = [0; 32];
        let bytes = word.to_le_bytes::<32>();
        // A copy of a run is one instruction, which costs far less than a loop over its bytes.
        if let (Some(to), Some(from)) = (number.get_mut(..self.bytes), bytes.get(self.run())) {
            to.copy_from_slice(from);
        }
        U256::from_le_bytes(number)
    }

    /// The number in this field of `word`, of a field of at most 64 bits.
    pub fn get_u64(self, word: U256) -> u64 {
        let [low, ..] = *self.get(word).as_limbs();
        low
    }

    /// Whether a number has no more bits than this field.
    pub fn fits(self, value: U256) -> bool {
        value.byte_len() <= self.bytes
    }

    /// Its bytes in a word whose least significant byte comes first.
    fn run(self) -> Range<usize> {
        self.skipped_bytes..self.skipped_bytes.wrapping_add(self.bytes)
    }

    /// `word` with `value` in this field; `OutOfRange` where `value` has more bits than the field.
    #[inline(never)]
    pub fn put(self, word: U256, value: U256) -> Result<U256, OutOfRange> {
        if !self.fits(value) {
            return Err(OutOfRange);
        }
        let number = value.to_le_bytes::<32>();
        let mut bytes = word.to_le_bytes::<32>();
        if let (Some(to), Some(from)) = (bytes.get_mut(self.run()), number.get(..self.bytes)) {
            to.copy_from_slice(from);
        }
        Ok(U256::from_le_bytes(bytes))
    }
}

/// `word` with several fields filled; `OutOfRange` where a value has more bits than its field.
#[inline(never)]
pub fn pack(word: U256, parts: &[(Field, U256)]) -> Result<U256, OutOfRange> {
    parts.iter().try_fold(word, |word, (field, value)| field.put(word, *value))
}
