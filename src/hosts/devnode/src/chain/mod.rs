//! The chain around the machine: accounts and their history, blocks, transactions, receipts and the clock.
//!
//! - [`config`], [`accounts`], [`genesis`]: what a chain starts with.
//! - [`request`], [`record`], [`error`]: what is asked, what is remembered, what goes wrong.
//! - [`state`], [`store`]: accounts as a persistent map, one version for each block.
//! - [`internal`]: the transaction that opens a block.
//! - [`transaction`], [`admission`], [`seal`], [`run`]: from bytes to a block.
//! - [`upgrade`]: from one version of ArbOS to the next.
//! - [`reason`], [`select`]: revert data in words, logs by filter.
//! - [`dump`]: a chain as a document, and back.

pub mod accounts;
pub(crate) mod admission;
pub mod config;
pub mod dump;
pub mod error;
pub mod genesis;
pub mod internal;
pub(crate) mod reason;
pub mod record;
pub mod request;
pub(crate) mod run;
pub(crate) mod seal;
pub(crate) mod select;
pub mod state;
pub mod store;
pub(crate) mod transaction;
pub(crate) mod upgrade;
