//! Spillway for integrators: the quantities, the rules and the interface of the contracts, re-exported.
pub use interface;
pub use kernel;
pub use units;
