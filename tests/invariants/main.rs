//! Random sequences of everything anybody can do, checked against `tests/INVARIANTS.md` after each step: natively in thousands
//! of steps, on the WASM in hundreds, and both worlds against each other.
//!
//! Seeds are fixed. `SPILLWAY_STEPS` changes how many steps the native sequences take together, `SPILLWAY_SEED` their seed.

mod bids;
mod checks;
mod cures;
mod curves;
mod document;
mod entry_points;
mod handler;
mod healths;
mod known;
mod ledger;
mod lenders;
mod liquidations;
mod random;
mod seen;
mod sequences;
mod stakers;
mod stops;
mod takes;
mod weighing;
