//! The vault contract: what each entry point does, and each refusal by its exact value.

mod batches;
mod borrowing;
mod collateral;
mod funds;
mod hooks;
mod liveness;
mod many;
mod oracles;
mod owners;
mod parameters;
mod repaying;
mod tokens;
mod views;
