//! The reserve contract: what each entry point does, each refusal by its exact value, and the order of losses from end to end.

mod closing;
mod covering;
mod distributing;
mod leaving;
mod model;
mod parameters;
mod reentrancy;
mod scene;
mod sequences;
mod staking;
mod tokens;
mod waterfall;
