//! Where a word lies: storage objects nested by keccak, as ArbOS maps them onto one account.
//!
//! An object has a key `K`, empty for the root. Its slot `s` lies at
//! `keccak256(K ‖ s[0..31])[0..31] ‖ s[31]`, and its sub-object `id` has the key `keccak256(K ‖ id)`.

use std::{collections::BTreeMap, convert::Infallible};

use revm::{
    Database,
    context_interface::{ContextTr, JournalTr},
    primitives::{Address, B256, U256, address, keccak256},
};

use crate::evm::{Ctx, peek_slot, without_warming};

/// The account whose storage holds the state of ArbOS.
pub const ARBOS_ACCOUNT: Address = address!("A4B05FffffFffFFFFfFFfffFfffFFfffFfFfFFFf");

/// Something one can load a storage slot of the ArbOS account from.
pub trait LoadSlot {
    /// What a failed load gives.
    type Error;
    /// The word at `slot`, zero when it was never written.
    fn load(&mut self, slot: U256) -> Result<U256, Self::Error>;
}

/// Something that can also store a slot of the ArbOS account.
pub trait StoreSlot: LoadSlot {
    /// Puts `word` at `slot`.
    fn store(&mut self, slot: U256, word: U256) -> Result<(), Self::Error>;
}

/// The storage of the ArbOS account of a chain that does not run yet.
pub type GenesisStorage = BTreeMap<U256, U256>;

impl LoadSlot for GenesisStorage {
    type Error = Infallible;
    fn load(&mut self, slot: U256) -> Result<U256, Infallible> {
        Ok(self.get(&slot).copied().unwrap_or_default())
    }
}

impl StoreSlot for GenesisStorage {
    fn store(&mut self, slot: U256, word: U256) -> Result<(), Infallible> {
        self.insert(slot, word);
        Ok(())
    }
}

impl<DB: Database> LoadSlot for Ctx<DB> {
    type Error = DB::Error;
    fn load(&mut self, slot: U256) -> Result<U256, DB::Error> {
        peek_slot(self, ARBOS_ACCOUNT, slot)
    }
}

impl<DB: Database> StoreSlot for Ctx<DB> {
    fn store(&mut self, slot: U256, word: U256) -> Result<(), DB::Error> {
        without_warming(self, &[ARBOS_ACCOUNT], |ctx| {
            ctx.journal_mut().load_account(ARBOS_ACCOUNT)?;
            ctx.journal_mut().sstore(ARBOS_ACCOUNT, slot, word)?;
            ctx.journal_mut().touch_account(ARBOS_ACCOUNT);
            Ok(())
        })
    }
}

/// One storage object.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Space(Vec<u8>);

impl Space {
    /// The object that holds the root slots.
    pub const fn root() -> Self {
        Self(Vec::new())
    }

    /// The object of everything about programs.
    pub fn programs() -> Self {
        Self::root().sub(&[8])
    }

    /// The object `id` inside this one.
    pub fn sub(&self, id: &[u8]) -> Self {
        Self(keccak256([self.0.as_slice(), id].concat()).to_vec())
    }

    /// The slot of the account at which this object's slot `key` lies.
    pub fn slot(&self, key: B256) -> U256 {
        let (page, last) = key.split_at(31);
        let mut mapped = keccak256([self.0.as_slice(), page].concat());
        mapped[31] = last[0];
        mapped.into()
    }

    /// As [`Self::slot`], for a key that is a small number.
    pub fn number_slot(&self, key: u64) -> U256 {
        self.slot(U256::from(key).into())
    }
}

/// The slots of the root object.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u64)]
pub enum RootSlot {
    /// The ArbOS version the chain runs.
    Version = 0,
    /// The version an upgrade is scheduled to, or zero.
    UpgradeVersion = 1,
    /// When the scheduled upgrade takes effect, in seconds.
    UpgradeTimestamp = 2,
    /// The account that gets the fees for L2 gas.
    NetworkFeeAccount = 3,
    /// The chain's id.
    ChainId = 4,
    /// The number of the genesis block.
    GenesisBlock = 5,
    /// The account that gets the part of the fee meant for infrastructure.
    InfraFeeAccount = 6,
    /// The brotli level used to price calldata.
    BrotliLevel = 7,
}

/// The word at a root slot.
pub fn root<S: LoadSlot>(storage: &mut S, slot: RootSlot) -> Result<U256, S::Error> {
    storage.load(Space::root().number_slot(slot as u64))
}

/// Sets the word at a root slot.
pub fn set_root<S: StoreSlot>(storage: &mut S, slot: RootSlot, word: U256) -> Result<(), S::Error> {
    storage.store(Space::root().number_slot(slot as u64), word)
}
