//! The auction contract: what each entry point does, and each refusal by its exact value.

mod bidding;
mod callbacks;
mod curing;
mod parameters;
mod restarting;
mod scene;
mod settling;
mod starting;
mod stopping;
mod taking;
mod views;
