//! The Solidity interfaces of the system, read from `abi/*.sol`, and those of the contracts it calls.
//!
//! `abi/` is the one place where a function, an event or an error is declared: what is generated here for Rust and what a
//! Solidity integrator imports cannot differ. Each interface is a module of its own ([`IVault`], [`IAuction`], [`IOracle`],
//! [`IShared`], [`IAuctionTaker`]); in it, `fooCall` is the call of a function, a struct, event or error bears its own name.
#![no_std]
#![allow(
    missing_docs,
    clippy::pub_underscore_fields,
    clippy::too_many_arguments,
    reason = "the documentation stands beside each declaration in abi/*.sol; what the macro adds to it is undocumented"
)]

mod external;
mod system;

pub use external::*;
pub use system::*;

#[cfg(test)]
mod tests;
