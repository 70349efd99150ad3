//! The precompiles of ArbOS: contracts without bytecode at fixed addresses.
//!
//! - `call`: what one call carries, its gas and how it can end.
//! - `dispatch`: the order of checks every call passes, and the way back into the machine.
//! - `method`: which selectors exist, and how they may be called.
//! - one file for each precompile: its interface and what it does.
//! - `pricing`: the prices the owner sets, in the state of ArbOS.
//!
//! A selector of a real node that has no row here is answered like one that does not exist: everything is consumed.

pub mod arb_address_table;
pub mod arb_aggregator;
pub mod arb_debug;
pub mod arb_gas_info;
pub mod arb_info;
pub mod arb_owner;
pub mod arb_owner_public;
pub mod arb_retryable_tx;
pub mod arb_statistics;
pub mod arb_sys;
pub mod arb_wasm;
pub mod arb_wasm_cache;
pub mod arbos_acts;
pub mod arbos_test;
mod call;
mod dispatch;
mod fees;
mod method;
pub mod pricing;
mod words;

pub use dispatch::run;
pub use method::{addresses, is_active};
pub use words::error_in_words;
