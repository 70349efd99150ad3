//! Storage as whole words: a slot, and a mapping from words to words, laid out as Solidity lays out both.
//!
//! A contract names its slots as constants, so that its layout is a list one can read, and packs several numbers into one
//! word with [`crate::words::Field`]. The SDK's storage types would build a value for each slot at every call.

use alloy_primitives::U256;
use stylus_sdk::{
    host::VM,
    stylus_core::{CryptographyAccess, HostAccess, StorageAccess},
};

/// One storage slot.
#[derive(Clone, Copy, Debug)]
pub struct Slot(u64);

impl Slot {
    /// The slot with this number.
    pub const fn new(number: u64) -> Self {
        Self(number)
    }

    /// Its number as a word, as `extsload` takes it.
    pub fn at(self) -> U256 {
        U256::from(self.0)
    }

    /// The word in the slot.
    pub fn get(self, contract: &impl HostAccess<Host = VM>) -> U256 {
        load(contract.vm(), self.at())
    }

    /// Puts `value` into the slot.
    pub fn set(self, contract: &mut impl HostAccess<Host = VM>, value: U256) {
        store(contract.vm(), self.at(), value);
    }
}

/// A `mapping(uint256 => uint256)` at a slot: the word of `key` is in slot `keccak256(key . slot)`.
#[derive(Clone, Copy, Debug)]
pub struct Map(u64);

impl Map {
    /// The mapping at the slot with this number.
    pub const fn new(number: u64) -> Self {
        Self(number)
    }

    /// The slot of `key`, as `extsload` takes it.
    pub fn at(self, vm: &VM, key: U256) -> U256 {
        place(vm, key, self.0)
    }

    /// The word of `key`.
    pub fn get(self, contract: &impl HostAccess<Host = VM>, key: U256) -> U256 {
        load(contract.vm(), place(contract.vm(), key, self.0))
    }

    /// Puts `value` at `key`.
    pub fn set(self, contract: &mut impl HostAccess<Host = VM>, key: U256, value: U256) {
        store(contract.vm(), place(contract.vm(), key, self.0), value);
    }
}

#[inline(never)]
fn place(vm: &VM, key: U256, slot: u64) -> U256 {
    let preimage = [key.to_be_bytes::<32>(), U256::from(slot).to_be_bytes::<32>()];
    vm.native_keccak256(preimage.as_flattened()).into()
}

/// The word in any slot.
#[inline(never)]
pub fn load(vm: &VM, slot: U256) -> U256 {
    vm.storage_load_bytes32(slot).into()
}

#[inline(never)]
fn store(vm: &VM, slot: U256, value: U256) {
    // SAFETY: the write is unsafe because a live storage reference of the SDK could alias the slot. We hold none: every
    // read is by value, and whoever writes holds the contract mutably.
    unsafe { vm.storage_cache_bytes32(slot, value.into()) };
}
