//! The oracle contract: what each entry point does, and each refusal by its exact value.

mod feeds;
mod ownership;
mod prices;
mod sequencer;
