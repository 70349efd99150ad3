//! Activation: from on-chain code to a metered module and the figures of its record.

#[cfg(test)]
mod tests;

use thiserror::Error;

use super::format::{self, FormatError};
use super::instrument::{self, InstrumentError};
use super::module::{Module, ParseError};
use super::price::Pricing;
use super::validate::{self, ImportError, LimitError, StructureError};

/// What the chain and the transaction bring to an activation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ActivationConfig {
    /// ArbOS version of the chain.
    pub arbos_version: u64,
    /// Longest module allowed, in bytes after decompression.
    pub max_wasm_size: usize,
    /// Pages that may still be opened in this transaction.
    pub page_limit: u16,
    /// Whether the chain allows start functions and the console.
    pub debug: bool,
}

impl Default for ActivationConfig {
    /// ArbOS 51, 128 KiB of module, 128 pages, no debugging.
    fn default() -> Self {
        Self { arbos_version: 51, max_wasm_size: 131_072, page_limit: 128, debug: false }
    }
}

/// A program ready to run, and what its record says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Activated {
    /// The module to run: it counts its ink and stack in the globals of [`instrument`].
    pub instrumented: Vec<u8>,
    /// The module as the author wrote it, decompressed.
    pub wasm: Vec<u8>,
    /// Pages the program opens when it is entered.
    pub footprint_pages: u16,
    /// Input of [`init_gas`](super::price::init_gas).
    pub init_cost: u16,
    /// Input of [`cached_gas`](super::price::cached_gas).
    pub cached_cost: u16,
    /// Estimated size as machine code, in bytes; the data fee is proportional to it.
    pub asm_estimate_bytes: u32,
    /// Gas of the work of this activation, on top of its fixed gas.
    pub parse_gas: u64,
    /// Operators after instrumentation, in all functions together.
    pub instrumented_operators: u64,
    /// Whether the program exports a start function (`stylus_start`, debug chains only).
    pub has_start: bool,
}

/// Why a program cannot be activated, in the order in which it is looked at.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum ActivationError {
    /// The code cannot be unpacked.
    #[error(transparent)]
    Format(#[from] FormatError),
    /// The bytes are not a module with the features the chain knows.
    #[error(transparent)]
    Parse(#[from] ParseError),
    /// The module lacks something or has something it must not have.
    #[error(transparent)]
    Structure(#[from] StructureError),
    /// An import is not what the chain offers.
    #[error(transparent)]
    Import(#[from] ImportError),
    /// The module cannot be metered.
    #[error(transparent)]
    Instrument(#[from] InstrumentError),
    /// The module is beyond a limit.
    #[error(transparent)]
    Limit(#[from] LimitError),
}

/// Unpacks, checks and meters the program whose on-chain code, prefix included, is `code`.
///
/// # Errors
/// The first thing found wrong; see [`ActivationError`].
pub fn activate(code: &[u8], config: &ActivationConfig) -> Result<Activated, ActivationError> {
    let wasm = format::decompress(code, config.max_wasm_size)?;
    activate_wasm(wasm, config)
}

/// As [`activate`], for a module that is already unpacked.
///
/// # Errors
/// As [`activate`], without [`ActivationError::Format`].
pub fn activate_wasm(wasm: Vec<u8>, config: &ActivationConfig) -> Result<Activated, ActivationError> {
    let module = Module::parse(&wasm, config.arbos_version)?;
    validate::structure(&module, config)?;
    validate::imports(&module, config.debug)?;
    let metered = instrument::instrument(&module, &Pricing::CHAIN);
    validate::limits(&module, &metered, config.arbos_version)?;

    let shape = module.shape(metered.operators());
    let figures = validate::figures(&shape, config.arbos_version)?;
    let instrumented = instrument::encode(&module, &metered)?;
    Ok(Activated {
        instrumented,
        footprint_pages: module.initial_pages(),
        init_cost: figures.init_cost,
        cached_cost: figures.cached_cost,
        asm_estimate_bytes: figures.asm_estimate_bytes,
        parse_gas: shape.parse_gas(config.arbos_version),
        instrumented_operators: shape.instrumented_operators,
        has_start: module.start.is_some(),
        wasm,
    })
}
