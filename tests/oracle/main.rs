//! The oracle contract: what each entry point does, and each refusal by its exact value.

mod chainlink;
mod facade;
mod feeds;
mod gas;
mod guards;
mod holds;
mod matrix;
mod ownership;
mod peeks;
mod pokes;
mod prices;
mod quotes;
mod sales;
mod scene;
mod sequencer;
mod settings;
