//! Sets of addresses: who owns the chain, who may manage the program cache, and which addresses have numbers.
//!
//! Slot 0 of the object is the size, slots 1 to size are the members, and sub-object 0 maps a
//! member to its slot. Taking one out moves the last member into its place.

use revm::primitives::{Address, U256};

use super::space::{LoadSlot, Space, StoreSlot};

/// A set of addresses in the state of ArbOS.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AddressSet(Space);

/// The owners of the chain.
pub fn chain_owners() -> AddressSet {
    AddressSet(Space::root().sub(&[4]))
}

/// The contracts that may put programs into the cache.
pub fn cache_managers() -> AddressSet {
    AddressSet(Space::programs().sub(&[4]))
}

/// The addresses that have a number; the number is one less than the slot.
pub fn address_table() -> AddressSet {
    AddressSet(Space::root().sub(&[3]))
}

impl AddressSet {
    /// How many members there are.
    pub fn len<S: LoadSlot>(&self, storage: &mut S) -> Result<u64, S::Error> {
        Ok(storage.load(self.0.number_slot(0))?.saturating_to())
    }

    /// Whether there is no member.
    pub fn is_empty<S: LoadSlot>(&self, storage: &mut S) -> Result<bool, S::Error> {
        Ok(self.len(storage)? == 0)
    }

    /// Whether `address` is a member.
    pub fn contains<S: LoadSlot>(&self, storage: &mut S, address: Address) -> Result<bool, S::Error> {
        Ok(self.place(storage, address)? != 0)
    }

    /// The slot of a member; zero for an address that is none.
    pub fn place<S: LoadSlot>(&self, storage: &mut S, address: Address) -> Result<u64, S::Error> {
        Ok(storage.load(self.index_slot(address))?.saturating_to())
    }

    /// Notes the slot of a member.
    pub fn set_place<S: StoreSlot>(&self, storage: &mut S, address: Address, place: u64) -> Result<(), S::Error> {
        storage.store(self.index_slot(address), U256::from(place))
    }

    /// The member at a slot.
    pub fn member<S: LoadSlot>(&self, storage: &mut S, place: u64) -> Result<Address, S::Error> {
        let word = storage.load(self.0.number_slot(place))?;
        Ok(Address::from_word(word.into()))
    }

    /// The members in the order of their slots.
    pub fn all<S: LoadSlot>(&self, storage: &mut S) -> Result<Vec<Address>, S::Error> {
        let mut members = Vec::new();
        for index in 1..=self.len(storage)? {
            members.push(Address::from_word(storage.load(self.0.number_slot(index))?.into()));
        }
        Ok(members)
    }

    /// Adds `address`; nothing changes when it is a member already.
    pub fn add<S: StoreSlot>(&self, storage: &mut S, address: Address) -> Result<(), S::Error> {
        if self.contains(storage, address)? {
            return Ok(());
        }
        let index = self.len(storage)?.saturating_add(1);
        storage.store(self.index_slot(address), U256::from(index))?;
        storage.store(self.0.number_slot(index), address.into_word().into())?;
        storage.store(self.0.number_slot(0), U256::from(index))
    }

    /// Takes `address` out; nothing changes when it is not a member.
    pub fn remove<S: StoreSlot>(&self, storage: &mut S, address: Address) -> Result<(), S::Error> {
        let index: u64 = storage.load(self.index_slot(address))?.saturating_to();
        if index == 0 {
            return Ok(());
        }
        let last = self.len(storage)?;
        storage.store(self.index_slot(address), U256::ZERO)?;
        if index != last {
            let moved = storage.load(self.0.number_slot(last))?;
            storage.store(self.0.number_slot(index), moved)?;
            storage.store(self.index_slot(Address::from_word(moved.into())), U256::from(index))?;
        }
        storage.store(self.0.number_slot(last), U256::ZERO)?;
        storage.store(self.0.number_slot(0), U256::from(last.saturating_sub(1)))
    }

    fn index_slot(&self, address: Address) -> U256 {
        self.0.sub(&[0]).slot(address.into_word())
    }
}
