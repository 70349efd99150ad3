//! What anyone may ask.

use alloy_primitives::Address;
use common::{Outcome, words::address_in};

use crate::storage::{Reserve, VAULT};

impl Reserve {
    /// The vault contract.
    pub fn vault(&self) -> Outcome<Address> {
        Ok(address_in(VAULT.get(self)))
    }
}
