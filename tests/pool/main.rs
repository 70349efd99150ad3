//! The lending pool: what each entry point does, each refusal by its exact value, and the properties of ERC-4626.

mod attacks;
mod integrator;
mod lending;
mod limits;
mod parameters;
mod permits;
mod reentrancy;
mod scene;
mod standard;
mod tokens;
mod worth;
