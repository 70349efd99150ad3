//! What every contract is built from, and none of it is about liquidation: how a call is read and answered, the lock, the
//! owner, refusals and events, calls to other contracts, tokens, and packed storage words.
//!
//! The only `unsafe` of the contracts is in here, in [`call`], [`lock`] and [`storage`], each with its reason.
#![deny(missing_docs)]
#![cfg_attr(
    not(test),
    deny(
        clippy::arithmetic_side_effects,
        clippy::unwrap_used,
        clippy::expect_used,
        clippy::panic,
        clippy::indexing_slicing,
        clippy::as_conversions,
        clippy::float_arithmetic
    )
)]

extern crate alloc;

pub mod abi;
pub mod call;
pub mod lock;
pub mod ownership;
pub mod refusal;
pub mod router;
pub mod storage;
pub mod token;
pub mod vault_layout;
pub mod words;

pub use call::{ask, tell};
pub use refusal::{Outcome, Refusal};

#[doc(hidden)]
pub use alloy_sol_types;
#[doc(hidden)]
pub use interface;
#[doc(hidden)]
pub use stylus_sdk;

#[cfg(test)]
mod tests;
