//! What the pool contract keeps, and how it is packed. The table of the layout is in `README.md`.
#![allow(missing_docs, reason = "the SDK's macros add public items without documentation")]

use alloc::vec;

use alloy_primitives::{Address, U256};
use common::{
    storage::{Map, Slot},
    words::{Field, address_in, word_of},
};
use stylus_sdk::prelude::*;
use units::{OutOfRange, Raw, Shares};

/// The pool contract. What it keeps is in the slots below, which it reads and writes as whole words.
#[storage]
#[entrypoint]
pub struct Pool {}

// Slots 0 and 1 are the owner's, see `common::ownership`.
const VAULT: Slot = Slot::new(2);
const RESERVE: Slot = Slot::new(3);
/// The debt asset, and the decimals of the shares.
const ASSET: Slot = Slot::new(4);
const TOTAL_SUPPLY: Slot = Slot::new(5);
const DEPOSIT_CAP: Slot = Slot::new(6);
/// By account: its shares.
const BALANCES: Map = Map::new(7);
/// By [`Pool::allowance_key`]: the shares a spender may take.
const ALLOWANCES: Map = Map::new(8);
/// By account: how many of its permits were used.
const NONCES: Map = Map::new(9);

const ADDRESS: Field = Field::new(0, 160);
const DECIMALS: Field = Field::new(160, 8);

impl Pool {
    pub(crate) fn store_contracts(&mut self, vault: Address, reserve: Address) {
        VAULT.set(self, word_of(vault));
        RESERVE.set(self, word_of(reserve));
    }

    pub(crate) fn vault_address(&self) -> Address {
        address_in(VAULT.get(self))
    }

    pub(crate) fn reserve_address(&self) -> Address {
        address_in(RESERVE.get(self))
    }

    pub(crate) fn asset_address(&self) -> Address {
        address_in(ADDRESS.get(ASSET.get(self)))
    }

    pub(crate) fn share_decimals(&self) -> u8 {
        DECIMALS.get(ASSET.get(self)).saturating_to()
    }

    pub(crate) fn store_asset(&mut self, asset: Address, share_decimals: u8) -> Result<(), OutOfRange> {
        ASSET.set(self, DECIMALS.put(word_of(asset), U256::from(share_decimals))?);
        Ok(())
    }

    pub(crate) fn supply(&self) -> Shares {
        Shares(TOTAL_SUPPLY.get(self))
    }

    pub(crate) fn store_supply(&mut self, supply: Shares) {
        TOTAL_SUPPLY.set(self, supply.0);
    }

    pub(crate) fn cap(&self) -> Raw {
        Raw(DEPOSIT_CAP.get(self))
    }

    pub(crate) fn store_cap(&mut self, cap_raw: U256) {
        DEPOSIT_CAP.set(self, cap_raw);
    }

    pub(crate) fn balance(&self, account: Address) -> Shares {
        Shares(BALANCES.get(self, word_of(account)))
    }

    pub(crate) fn store_balance(&mut self, account: Address, balance: Shares) {
        BALANCES.set(self, word_of(account), balance.0);
    }

    pub(crate) fn allowed(&self, owner: Address, spender: Address) -> Shares {
        Shares(ALLOWANCES.get(self, self.allowance_key(owner, spender)))
    }

    pub(crate) fn store_allowed(&mut self, owner: Address, spender: Address, shares: Shares) {
        let key = self.allowance_key(owner, spender);
        ALLOWANCES.set(self, key, shares.0);
    }

    pub(crate) fn used_permits(&self, owner: Address) -> U256 {
        NONCES.get(self, word_of(owner))
    }

    pub(crate) fn store_used_permits(&mut self, owner: Address, used: U256) {
        NONCES.set(self, word_of(owner), used);
    }

    /// Two addresses do not fit into a word, so their hash stands for them.
    fn allowance_key(&self, owner: Address, spender: Address) -> U256 {
        self.hash(&[&owner, &spender]).into()
    }
}
