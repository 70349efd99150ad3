//! The numeric limits, and the figures of a program's record that have to fit their fields.

use std::fmt;

use thiserror::Error;

use crate::wasm::instrument::Metered;
use crate::wasm::module::{INJECTED_GLOBALS, Module};
use crate::wasm::price::ProgramShape;

const MAX_IMPORTS: u64 = 513;
const MAX_DATA_SEGMENTS: u64 = 128;
const MAX_ELEMENT_SEGMENTS: u64 = 128;
const MAX_EXPORTS: u64 = 1_024;
const MAX_FUNCTIONS: u64 = 4_096;
const MAX_GLOBALS: u64 = 32_768;
const MAX_TABLE_ENTRIES: u64 = 4_096;
const MAX_ELEMENT_BYTES: u64 = 4_096;
const MAX_NAME_BYTES: u64 = 512;
const MAX_LOCALS: u64 = 348;
const MAX_OPERATORS: u64 = 65_536;
const MAX_FRAME_WORDS: u64 = 10_240;
const MAX_LIVE_VALUES: u64 = 4_096;

const FIRST_ARBOS_WITH_IMPORT_LIMIT: u64 = 32;

/// What a [`LimitError`] counts. Functions are numbered among those with a body.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Quantity {
    /// Imports of the module.
    Imports,
    /// Segments of data, used or not.
    DataSegments,
    /// Segments of table elements, used or not.
    ElementSegments,
    /// Exports as the author wrote them, before the chain drops those it does not use.
    Exports,
    /// Functions with a body.
    Functions,
    /// Globals, the four injected ones included.
    Globals,
    /// Initial entries of all tables together.
    TableEntries,
    /// Bytes of the entries of the element section.
    ElementBytes,
    /// Bytes of the name of one export.
    ExportName {
        /// The name.
        name: String,
    },
    /// Bytes of the module's own name.
    ModuleName,
    /// Declared locals of one function, parameters not counted.
    Locals {
        /// Which function.
        function: u32,
    },
    /// Operators of one function after instrumentation.
    Operators {
        /// Which function.
        function: u32,
    },
    /// Words of one function's frame.
    FrameWords {
        /// Which function.
        function: u32,
    },
    /// Values at once on one function's operand stack.
    LiveValues {
        /// Which function.
        function: u32,
    },
    /// Cost of entering the program.
    InitCost,
    /// Cost of entering the program while it is cached.
    CachedCost,
}

impl fmt::Display for Quantity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Imports => f.write_str("number of imports"),
            Self::DataSegments => f.write_str("number of data segments"),
            Self::ElementSegments => f.write_str("number of element segments"),
            Self::Exports => f.write_str("number of exports"),
            Self::Functions => f.write_str("number of functions"),
            Self::Globals => f.write_str("number of globals"),
            Self::TableEntries => f.write_str("number of table entries"),
            Self::ElementBytes => f.write_str("bytes of the element section"),
            Self::ExportName { name } => write!(f, "bytes of the export name {name:.32}..."),
            Self::ModuleName => f.write_str("bytes of the module's name"),
            Self::Locals { function } => write!(f, "locals of function {function}"),
            Self::Operators { function } => write!(f, "metered operators of function {function}"),
            Self::FrameWords { function } => write!(f, "frame words of function {function}"),
            Self::LiveValues { function } => write!(f, "live values of function {function}"),
            Self::InitCost => f.write_str("init cost"),
            Self::CachedCost => f.write_str("cached init cost"),
        }
    }
}

/// A module has more of something than the chain allows.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("too large: {quantity} is {have}, the limit is {limit}")]
pub struct LimitError {
    /// What there is too much of.
    pub quantity: Quantity,
    /// How much there is.
    pub have: u64,
    /// How much there may be.
    pub limit: u64,
}

/// The figures of a program's record that depend on its shape.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Figures {
    /// See [`ProgramShape::init_cost`].
    pub init_cost: u16,
    /// See [`ProgramShape::cached_cost`].
    pub cached_cost: u16,
    /// See [`ProgramShape::asm_estimate_bytes`].
    pub asm_estimate_bytes: u32,
}

/// Checks the counts of a module and of its metered functions.
///
/// # Errors
/// [`LimitError`] for the first count above its limit, the module's before the functions'.
pub fn limits(module: &Module<'_>, metered: &Metered<'_>, arbos_version: u64) -> Result<(), LimitError> {
    if arbos_version >= FIRST_ARBOS_WITH_IMPORT_LIMIT {
        at_most(MAX_IMPORTS, module.imports.len() as u64, || Quantity::Imports)?;
    }
    at_most(MAX_DATA_SEGMENTS, module.data.len() as u64, || Quantity::DataSegments)?;
    at_most(MAX_ELEMENT_SEGMENTS, module.elements.len() as u64, || Quantity::ElementSegments)?;
    at_most(MAX_EXPORTS, module.exports.len() as u64, || Quantity::Exports)?;
    at_most(MAX_FUNCTIONS, module.functions.len() as u64, || Quantity::Functions)?;
    let globals = module.globals.len() as u64 + u64::from(INJECTED_GLOBALS);
    at_most(MAX_GLOBALS, globals, || Quantity::Globals)?;
    let table_entries = module.tables.iter().map(|table| table.initial).sum();
    at_most(MAX_TABLE_ENTRIES, table_entries, || Quantity::TableEntries)?;
    at_most(MAX_ELEMENT_BYTES, module.element_entry_bytes(), || Quantity::ElementBytes)?;
    for export in &module.exports {
        let quantity = || Quantity::ExportName { name: export.name.to_owned() };
        at_most(MAX_NAME_BYTES, export.name.len() as u64, quantity)?;
    }
    let module_name_bytes = module.name.map_or(0, str::len) as u64;
    at_most(MAX_NAME_BYTES, module_name_bytes, || Quantity::ModuleName)?;

    for ((own, metered), function) in module.functions.iter().zip(&metered.functions).zip(0..) {
        at_most(MAX_LOCALS, own.declared_locals(), || Quantity::Locals { function })?;
        let operators = metered.operators.len() as u64;
        at_most(MAX_OPERATORS, operators, || Quantity::Operators { function })?;
        at_most(MAX_FRAME_WORDS, metered.frame.words, || Quantity::FrameWords { function })?;
        let live_values = metered.frame.live_values;
        at_most(MAX_LIVE_VALUES, live_values, || Quantity::LiveValues { function })?;
    }
    Ok(())
}

/// Computes the figures of a program's record.
///
/// # Errors
/// [`LimitError`] when one of the two costs does not fit its 16 bits.
pub fn figures(shape: &ProgramShape, arbos_version: u64) -> Result<Figures, LimitError> {
    let init_cost = shape.init_cost(arbos_version);
    let cached_cost = shape.cached_cost();
    let asm_estimate = shape.asm_estimate_bytes();
    at_most(u64::from(u16::MAX), init_cost, || Quantity::InitCost)?;
    at_most(u64::from(u16::MAX), cached_cost, || Quantity::CachedCost)?;
    // An init cost below 2^16 leaves at most 7 941 functions, 61 884 values and 509 603 bytes: an estimate below 2^24, far from 2^32.
    Ok(Figures {
        init_cost: init_cost as u16,
        cached_cost: cached_cost as u16,
        asm_estimate_bytes: asm_estimate as u32,
    })
}

fn at_most(limit: u64, have: u64, quantity: impl FnOnce() -> Quantity) -> Result<(), LimitError> {
    if have <= limit {
        return Ok(());
    }
    Err(LimitError { quantity: quantity(), have, limit })
}
