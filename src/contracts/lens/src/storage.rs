//! What the lens keeps: where the contracts are that it looks at.
#![allow(missing_docs, reason = "the SDK's macros add public items without documentation")]

use alloc::vec;

use alloy_primitives::Address;
use common::{
    Outcome,
    call::require_code,
    storage::Slot,
    words::{address_in, word_of},
};
use stylus_sdk::prelude::*;

/// The lens. It has no owner: slots 0 and 1, where other contracts keep theirs, stay empty.
#[storage]
#[entrypoint]
pub struct Lens {}

const VAULT: Slot = Slot::new(2);
const AUCTION: Slot = Slot::new(3);

impl Lens {
    /// Names the vault and the auction contract it looks at.
    pub fn constructor(&mut self, vault: Address, auction: Address) -> Outcome<()> {
        require_code(self.vm(), vault)?;
        require_code(self.vm(), auction)?;
        VAULT.set(self, word_of(vault));
        AUCTION.set(self, word_of(auction));
        Ok(())
    }

    /// The vault contract.
    pub fn vault(&self) -> Outcome<Address> {
        Ok(address_in(VAULT.get(self)))
    }

    /// The auction contract.
    pub fn auction(&self) -> Outcome<Address> {
        Ok(address_in(AUCTION.get(self)))
    }
}
