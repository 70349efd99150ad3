//! Stylus programs as bytes: unpacking, checking, pricing and metering them.
//!
//! | module | question it answers |
//! |---|---|
//! | [`format`] | how does a program lie on chain? |
//! | [`fragments`] | and one that is split over several accounts? |
//! | [`price`] | what does an operator, a host call, a page, an entry, an activation cost? |
//! | [`module`] | what is in a module? |
//! | [`hooks`] | which host functions may a program import? |
//! | [`validate`] | is the module allowed? |
//! | [`instrument`] | how does it count its own ink and stack? |
//! | [`program`] | what does activating it give? |
//!
//! Nothing in here knows of accounts, storage or an engine that runs a module.

pub mod format;
pub mod fragments;
pub mod hooks;
pub mod instrument;
pub mod module;
pub mod price;
pub mod program;
pub mod validate;

#[cfg(test)]
mod testing;

pub use program::{Activated, ActivationConfig, ActivationError, activate};
