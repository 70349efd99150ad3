//! Clients that people use, as their authors published them, against the local chain served over HTTP: cast, forge, viem and alloy.
//!
//! The chain is served inside the test, on a free port; the tools come from `scripts/setup`, and one that is missing fails by name.

mod alloy;
mod alloy_tests;
mod anvil;
mod bytecode;
mod cast;
mod forge;
mod served;
mod stage;
mod viem;
