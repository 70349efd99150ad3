//! The arguments of every command.

use crate::error::EXIT_CODES;
use clap::{Args, Parser, Subcommand};
use std::path::PathBuf;

/// Dutch-auction liquidations on Arbitrum.
#[derive(Debug, Parser)]
#[command(name = "spillway", version, after_help = EXIT_CODES, disable_help_subcommand = true)]
pub(crate) struct Arguments {
    #[command(subcommand)]
    pub(crate) command: Command,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Plays a crash on a chain of its own: deploys everything, liquidates, and proves that the accounts add up.
    #[command(after_help = EXIT_CODES)]
    Demo(DemoArguments),
    /// Checks built contracts against what a Stylus chain accepts.
    #[command(after_help = EXIT_CODES)]
    Wasm(WasmArguments),
}

/// What the demo runs on and where it writes.
#[derive(Debug, Clone, Args)]
pub struct DemoArguments {
    /// Print one JSON document instead of the table
    #[arg(long)]
    pub json: bool,
    /// Where to write the HTML report
    #[arg(long, value_name = "PATH", default_value = "target/report.html")]
    pub report: PathBuf,
    /// Daily prices to play: columns day_open_unix_secs,asset,open,high,low,close
    /// [default: target/prices/march-2020.csv, which scripts/fetch-prices writes; where it is absent, --scenario black_thursday]
    #[arg(long, value_name = "CSV", conflicts_with = "scenario")]
    pub prices: Option<PathBuf>,
    /// A made-up price path to play instead: `black_thursday`, or a file with columns hour,eth_usd,btc_usd
    #[arg(long, value_name = "NAME|CSV")]
    pub scenario: Option<String>,
    /// The folder with the built contracts, as vault.wasm
    #[arg(long, value_name = "DIR", default_value = "target/wasm")]
    pub wasm: PathBuf,
    /// The folder with forge's artifacts
    #[arg(long, value_name = "DIR", default_value = "target/solidity")]
    pub solidity: PathBuf,
}

/// Which contracts to check.
#[derive(Debug, Clone, Args)]
pub struct WasmArguments {
    /// Print one JSON document instead of the table
    #[arg(long)]
    pub json: bool,
    /// The WASM files [default: every .wasm in target/wasm]
    #[arg(value_name = "FILE")]
    pub files: Vec<PathBuf>,
}
