//! The `spillway` command as a library: what its arguments are, what they do, and how they can fail.
//!
//! stdout is the result and nothing else; stderr is everything else. Exit codes stand in [`error`] and in `--help`.
#![forbid(unsafe_code)]

pub mod amount;
mod args;
pub mod chain;
pub mod demo;
pub mod error;
mod output;
pub mod wasm;

use args::{Arguments, Command};
use clap::Parser;
use error::Failure;
use std::process::ExitCode;

/// Reads the arguments of the process, does what they say, and answers with the exit code.
pub fn main() -> ExitCode {
    let done = match Arguments::parse().command {
        Command::Demo(arguments) => demo::run(&arguments),
        Command::Wasm(arguments) => wasm::run(&arguments),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        // Whoever reads our output has stopped reading: `spillway demo | head` is not a failure to report.
        Err(Failure::OutputClosed) => ExitCode::SUCCESS,
        Err(failure) => {
            eprintln!("spillway: error: {failure}");
            ExitCode::from(failure.exit_code())
        }
    }
}
