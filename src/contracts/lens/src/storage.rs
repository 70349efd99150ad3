//! What the lens contract keeps, and how it is packed.
#![allow(missing_docs, reason = "the SDK's macros add public items without documentation")]

use alloc::vec;

use common::storage::Slot;
use stylus_sdk::prelude::*;

/// The lens contract. What it keeps is in the slots below, which it reads and writes as whole words.
#[storage]
#[entrypoint]
pub struct Lens {}

// Slots 0 and 1 are the owner's, see `common::ownership`.
pub(crate) const VAULT: Slot = Slot::new(2);
