//! Random sequences of everything anybody can do, checked against `tests/INVARIANTS.md` after each step: natively in thousands
//! of steps, on the WASM in hundreds, and both worlds against each other.
//!
//! Seeds are fixed. `SPILLWAY_STEPS` changes how many steps the native sequences take together, `SPILLWAY_SEED` their seed.

mod bids;
mod checks;
mod cures;
mod document;
mod handler;
mod ledger;
mod lenders;
mod random;
mod seen;
mod sequences;
mod stakers;
mod stops;
mod weighing;
