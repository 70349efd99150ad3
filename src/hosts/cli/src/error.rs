//! How a command can fail, and which exit code says so.

use crate::{chain::ChainError, demo::prices::PriceError, wasm::WasmError};

/// Why a command did not end well. The text names what to do about it where that is known.
#[derive(Debug, thiserror::Error)]
pub enum Failure {
    /// The demo ran, but its accounts do not add up.
    #[error("the accounts do not add up: {}", .0.join("; "))]
    AccountsDoNotAddUp(Vec<String>),
    /// A built contract breaks a rule.
    #[error("{} of {} contracts break a rule", .broken, .checked)]
    BadContracts {
        /// How many do.
        broken: usize,
        /// How many were looked at.
        checked: usize,
    },
    /// The arguments contradict each other or name what does not exist.
    #[error("{0}")]
    Usage(String),
    /// A file the command needs is not there.
    #[error("{path} is missing: {remedy}")]
    MissingInput {
        /// The file or folder.
        path: String,
        /// What makes it.
        remedy: String,
    },
    /// A file is there but cannot be read.
    #[error("{path} cannot be read: {reason}")]
    UnreadableInput {
        /// The file.
        path: String,
        /// What the system says.
        reason: String,
    },
    /// A price path or a table of daily prices is malformed.
    #[error("{path}: {problem}")]
    BadPrices {
        /// The file.
        path: String,
        /// What is wrong, and in which line.
        problem: Box<PriceError>,
    },
    /// A compiled Solidity contract is malformed.
    #[error("{path} is no artifact of forge: {reason}")]
    BadArtifact {
        /// The file.
        path: String,
        /// What is wrong with it.
        reason: String,
    },
    /// A file that is no contract was given to be checked.
    #[error("{path}: {problem}")]
    BadWasm {
        /// The file.
        path: String,
        /// What is wrong with it.
        problem: WasmError,
    },
    /// The result cannot be written.
    #[error("{path} cannot be written: {reason}")]
    Unwritable {
        /// The file, or `stdout`.
        path: String,
        /// What the system says.
        reason: String,
    },
    /// The chain refused something the command relies on.
    #[error(transparent)]
    Chain(#[from] ChainError),
    /// Whoever read stdout has stopped reading. Not reported.
    #[error("stdout was closed")]
    OutputClosed,
}

/// The exit codes, as `--help` prints them.
pub const EXIT_CODES: &str = "Exit codes:
  0  done
  1  the thing looked at is not right: accounts do not add up, or a contract breaks a rule
  2  wrong arguments
  3  an input is missing or cannot be read
  4  an input is malformed
  5  the result cannot be written
  6  the chain refused what the command relies on";

impl Failure {
    /// The exit code of the process: see [`EXIT_CODES`].
    pub const fn exit_code(&self) -> u8 {
        match self {
            Self::AccountsDoNotAddUp(_) | Self::BadContracts { .. } => 1,
            Self::Usage(_) => 2,
            Self::MissingInput { .. } | Self::UnreadableInput { .. } => 3,
            Self::BadPrices { .. } | Self::BadArtifact { .. } | Self::BadWasm { .. } => 4,
            Self::Unwritable { .. } | Self::OutputClosed => 5,
            Self::Chain(_) => 6,
        }
    }
}
