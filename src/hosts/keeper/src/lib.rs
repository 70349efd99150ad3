//! A keeper's judgement: what it sees ([`Snapshot`]), what it is told ([`Config`]), what follows ([`decide`]), and the tally of it ([`Tally`]).
//!
//! Nothing here reads a chain or sends anything: a host fills a snapshot, asks, and carries out the plan. So every decision
//! can be asked again later with the same answer.
#![forbid(unsafe_code)]

mod config;
mod decide;
mod snapshot;
mod tally;

pub use config::{Config, PokeRule, RestartRule, StartRule, TakeRule};
pub use decide::{Decision, Plan, Reason, decide};
pub use snapshot::{AssetSnapshot, AuctionSnapshot, Holding, Snapshot, VaultSnapshot};
pub use tally::Tally;

#[cfg(test)]
mod tests;
