//! `spillway demo`: the whole system on a chain of its own, through a crash, and its accounts afterwards.
//!
//! [`system`] deploys, [`governance`] owns, [`vaults`] borrow, [`market`] moves prices, [`keepers`] and [`buyers`] act, [`run`] plays
//! it hour by hour. [`ledger`] hears every event, [`readings`] asks the chain at the end, [`identities`] compares the two.
//! [`summary`], [`table`] and [`report`] say what happened.

mod buyers;
mod governance;
pub mod identities;
mod keepers;
pub mod ledger;
mod market;
mod parameters;
pub mod prices;
pub mod readings;
pub mod report;
mod stage;
mod story;
pub mod summary;
mod system;
mod table;
mod vaults;

use crate::{
    args::DemoArguments,
    chain::Artifacts,
    error::Failure,
    output::{PendingFile, print_line},
};

/// Plays the demo and prints what came of it.
///
/// Everything that can be wrong with the arguments is found before anything is deployed.
///
/// # Errors
/// Inputs that are missing or malformed, a report that cannot be written, a chain that refuses, accounts that do not add up.
pub fn run(arguments: &DemoArguments) -> Result<(), Failure> {
    let path = prices::read(arguments.prices.as_deref(), arguments.scenario.as_deref())?;
    let code = system::Code::read(&arguments.wasm, &Artifacts::in_folder(&arguments.solidity))?;
    let report_file = PendingFile::prepare(&arguments.report)?;

    eprintln!("spillway: prices: {} ({})", path.source, path.kind);
    let output = if arguments.json { table::Output::Silent } else { table::Output::Live };
    let played = story::play(&path, &code, output)?;
    let summary = summary::Summary::of(&path, &played);
    report_file.write(&report::html(&summary, &played.record))?;
    eprintln!("spillway: report: {}", arguments.report.display());

    if arguments.json {
        print_line(&serde_json::to_string_pretty(&summary).unwrap_or_default())?;
    } else {
        for line in table::summary_lines(&summary) {
            print_line(&line)?;
        }
    }
    let broken: Vec<String> =
        played.identities.iter().filter(|identity| !identity.holds()).map(ToString::to_string).collect();
    if broken.is_empty() { Ok(()) } else { Err(Failure::AccountsDoNotAddUp(broken)) }
}
