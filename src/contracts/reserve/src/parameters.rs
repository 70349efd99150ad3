//! What is set once.

use alloy_primitives::Address;
use common::{Outcome, call::require_code, ownership, words::word_of};
use stylus_sdk::prelude::*;

use crate::storage::{Reserve, VAULT};

impl Reserve {
    /// Names the contracts it works with.
    pub fn constructor(&mut self, owner: Address, vault: Address) -> Outcome<()> {
        ownership::begin(self, owner)?;
        require_code(self.vm(), vault)?;
        VAULT.set(self, word_of(vault));
        Ok(())
    }
}
