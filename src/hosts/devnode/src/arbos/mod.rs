//! ArbOS: the part of the chain that is not contracts.
//!
//! - [`state`]: what it remembers, in the storage of its account.
//! - [`precompiles`]: what contracts can ask of it.

pub mod precompiles;
pub mod state;
