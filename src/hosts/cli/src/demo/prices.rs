//! The prices the demo plays: where they come from, and how they become one price for each hour.
//!
//! Two kinds of files are read, and both become waypoints: [`daily`] prices of a real market, and a [`scenario`] that somebody
//! drew. Between two waypoints the price moves in a straight line, in whole base units, rounded toward the earlier one.

mod daily;
mod path;
mod rows;
mod scenario;

pub use path::{PricePath, Step, Waypoint, hourly};

use crate::error::Failure;
use std::path::Path;

/// The decimals of every price here: those of Chainlink's dollar feeds.
pub const PRICE_DECIMALS: u8 = 8;
/// The assets, in the order of their columns.
pub const ASSETS: [&str; 2] = ["ETH", "BTC"];
/// Where `scripts/fetch-prices` writes the real prices.
const FETCHED_PRICES: &str = "target/prices/march-2020.csv";
/// The name of the scenario that is part of the program.
const BLACK_THURSDAY: &str = "black_thursday";
const BLACK_THURSDAY_TEXT: &str = include_str!("../../scenarios/black_thursday.csv");

/// What is wrong with a file of prices. Lines count from one.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PriceError {
    /// The file is no table of comma-separated values.
    #[error("line {line}: {reason}")]
    Malformed {
        /// Where.
        line: u64,
        /// What the reader says.
        reason: String,
    },
    /// The columns are others than expected.
    #[error("line {line}: the columns are '{found}', not '{expected}'")]
    WrongColumns {
        /// Where.
        line: u64,
        /// What stands there.
        found: String,
        /// What should.
        expected: &'static str,
    },
    /// A field is not a whole number.
    #[error("line {line}: {column} '{text}' is not a whole number")]
    NotAWholeNumber {
        /// Where.
        line: u64,
        /// The column.
        column: &'static str,
        /// The field.
        text: String,
    },
    /// A field is not a price.
    #[error("line {line}: {column} {problem}")]
    NotAPrice {
        /// Where.
        line: u64,
        /// The column.
        column: &'static str,
        /// What is wrong with it.
        problem: crate::amount::AmountError,
    },
    /// A price is zero.
    #[error("line {line}: {column} is zero, and a price is positive")]
    NotPositive {
        /// Where.
        line: u64,
        /// The column.
        column: &'static str,
    },
    /// A price is larger than the feeds take.
    #[error("line {line}: {column} is above 10,000,000, the most that the feeds take")]
    AboveFeedLimit {
        /// Where.
        line: u64,
        /// The column.
        column: &'static str,
    },
    /// Time stands still or runs backwards.
    #[error("line {line}: {column} {given} does not come after {before}")]
    NotAscending {
        /// Where.
        line: u64,
        /// The column.
        column: &'static str,
        /// What stands there.
        given: u64,
        /// What stood there before.
        before: u64,
    },
    /// The path does not begin at hour zero, or a day not at midnight.
    #[error("line {line}: {column} {given} is no {expected}")]
    WrongStart {
        /// Where.
        line: u64,
        /// The column.
        column: &'static str,
        /// What stands there.
        given: u64,
        /// What should.
        expected: &'static str,
    },
    /// Days do not follow each other, or an asset is missing or foreign.
    #[error("line {line}: expected {expected}, found {found}")]
    WrongRow {
        /// Where.
        line: u64,
        /// The day and asset that should stand there.
        expected: String,
        /// Those that do.
        found: String,
    },
    /// A day's high or low lies on the wrong side of its open or close.
    #[error("line {line}: high {high} and low {low} do not enclose open {open} and close {close}")]
    NotEnclosed {
        /// Where.
        line: u64,
        /// The day's high.
        high: String,
        /// The day's low.
        low: String,
        /// The day's open.
        open: String,
        /// The day's close.
        close: String,
    },
    /// There is too little to play.
    #[error("{rows} rows are too few: a path needs two points")]
    TooShort {
        /// How many there are.
        rows: usize,
    },
    /// There is more than a run should take.
    #[error("line {line}: more than {max} hours")]
    TooLong {
        /// Where.
        line: u64,
        /// The most.
        max: u64,
    },
}

/// Reads the prices that the arguments ask for.
///
/// # Errors
/// A file that is missing, unreadable or malformed.
pub fn read(prices: Option<&Path>, scenario: Option<&str>) -> Result<PricePath, Failure> {
    match (prices, scenario) {
        (_, Some(BLACK_THURSDAY)) => black_thursday("asked for".into()),
        (_, Some(path)) => scenario_file(Path::new(path)),
        (Some(path), None) => daily_file(path),
        (None, None) if Path::new(FETCHED_PRICES).exists() => daily_file(Path::new(FETCHED_PRICES)),
        (None, None) => black_thursday(format!("{FETCHED_PRICES} is absent; scripts/fetch-prices writes it")),
    }
}

fn daily_file(path: &Path) -> Result<PricePath, Failure> {
    let text = text_of(path, "scripts/fetch-prices writes target/prices/march-2020.csv")?;
    daily::parse(&text, &path.display().to_string()).map_err(|problem| bad(path, problem))
}

fn scenario_file(path: &Path) -> Result<PricePath, Failure> {
    let text = text_of(path, "--scenario takes `black_thursday` or a file with columns hour,eth_usd,btc_usd")?;
    let waypoints = scenario::parse(&text).map_err(|problem| bad(path, problem))?;
    Ok(made_up(format!("scenario {}", path.display()), "made up, from a file".into(), &waypoints))
}

fn black_thursday(why: String) -> Result<PricePath, Failure> {
    let waypoints = scenario::parse(BLACK_THURSDAY_TEXT).map_err(|problem| bad(Path::new(BLACK_THURSDAY), problem))?;
    Ok(made_up(format!("scenario {BLACK_THURSDAY}"), format!("made up, not market data; {why}"), &waypoints))
}

fn made_up(source: String, kind: String, waypoints: &[Waypoint]) -> PricePath {
    // A round date, so that nobody takes it for a real one: 2000-01-01 00:00 UTC.
    const MADE_UP_START_SECS: u64 = 946_684_800;
    PricePath { source, kind, start_secs: MADE_UP_START_SECS, steps: hourly(waypoints) }
}

fn text_of(path: &Path, remedy: &str) -> Result<String, Failure> {
    std::fs::read_to_string(path).map_err(|error| match error.kind() {
        std::io::ErrorKind::NotFound => {
            Failure::MissingInput { path: path.display().to_string(), remedy: remedy.to_owned() }
        }
        _ => Failure::UnreadableInput { path: path.display().to_string(), reason: error.to_string() },
    })
}

fn bad(path: &Path, problem: PriceError) -> Failure {
    Failure::BadPrices { path: path.display().to_string(), problem: Box::new(problem) }
}

#[cfg(test)]
mod tests;
