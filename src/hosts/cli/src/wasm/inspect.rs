//! What a built contract consists of, and the rules it may break.

use devnode::wasm::{format, hooks};
use serde::Serialize;
use wasmparser::{DataKind, ExternalKind, Parser, Payload, TypeRef};

/// The longest code that deploys on every Stylus chain, prefix included.
pub(super) const MAX_CODE_BYTES: usize = 24_576;
/// Above this there is a warning: the next feature would not fit.
const WARN_CODE_BYTES: usize = 22_000;

/// Why a file could not be looked into.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum WasmError {
    /// It is no WASM module.
    #[error("no WASM module: {0}")]
    NotWasm(String),
    /// It cannot be brought into the form that goes on chain.
    #[error("{0}")]
    NotNormalisable(String),
}

/// What a contract consists of.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Inspected {
    /// The length of the file.
    pub wasm_bytes: usize,
    /// The length of the code on chain: stripped, compressed, with its prefix.
    pub code_bytes: usize,
    /// The memory it begins with, in pages of 64 KiB; `None` where it has none of its own.
    pub initial_pages: Option<u64>,
    /// Bytes of constant data, which take room and cost gas at each call.
    pub static_data_bytes: usize,
    /// The functions it imports, `module.name`, the module left out where it is `vm_hooks`.
    pub imports: Vec<String>,
    /// Whether `user_entrypoint` is an exported function.
    pub exports_entrypoint: bool,
    /// Whether `memory` is an exported memory.
    pub exports_memory: bool,
}

/// A rule that a contract breaks.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Problem {
    /// It is too long to be deployed.
    #[error("{code_bytes} bytes on chain are more than {max}")]
    TooLong {
        /// Its length.
        code_bytes: usize,
        /// The most.
        max: usize,
    },
    /// It has no entry point.
    #[error("no function is exported as user_entrypoint")]
    NoEntrypoint,
    /// Its memory cannot be reached.
    #[error("no memory is exported as memory")]
    NoMemory,
    /// It begins with more or less than one page.
    #[error("it begins with {pages} pages of memory, not one")]
    WrongPages {
        /// With how many.
        pages: u64,
    },
    /// It prints to a console, which only a debugging chain has.
    #[error("it imports {name}: only a debugging chain has a console")]
    Console {
        /// What it imports.
        name: String,
    },
    /// It imports what no chain has.
    #[error("it imports {name}, which no chain has")]
    UnknownImport {
        /// What it imports.
        name: String,
    },
}

/// Takes a built contract apart.
///
/// # Errors
/// Bytes that are no WASM module.
pub fn inspect(wasm: &[u8]) -> Result<Inspected, WasmError> {
    let mut inspected = Inspected {
        wasm_bytes: wasm.len(),
        code_bytes: 0,
        initial_pages: None,
        static_data_bytes: 0,
        imports: Vec::new(),
        exports_entrypoint: false,
        exports_memory: false,
    };
    for payload in Parser::new(0).parse_all(wasm) {
        read_section(payload.map_err(not_wasm)?, &mut inspected).map_err(not_wasm)?;
    }
    inspected.imports.sort();
    let normal = format::normalise(wasm).map_err(|error| WasmError::NotNormalisable(error.to_string()))?;
    inspected.code_bytes = format::program_code(&normal).len();
    Ok(inspected)
}

fn not_wasm(error: wasmparser::BinaryReaderError) -> WasmError {
    WasmError::NotWasm(error.to_string())
}

fn read_section(payload: Payload<'_>, inspected: &mut Inspected) -> Result<(), wasmparser::BinaryReaderError> {
    match payload {
        Payload::ImportSection(section) => {
            for import in section.into_imports() {
                let import = import?;
                let name = match (import.module, import.ty) {
                    (hooks::VM_HOOKS, TypeRef::Func(_)) => import.name.to_owned(),
                    (module, _) => format!("{module}.{}", import.name),
                };
                inspected.imports.push(name);
            }
        }
        Payload::MemorySection(section) => {
            for memory in section {
                inspected.initial_pages = Some(memory?.initial);
            }
        }
        Payload::ExportSection(section) => {
            for export in section {
                let export = export?;
                match (export.name, export.kind) {
                    ("user_entrypoint", ExternalKind::Func) => inspected.exports_entrypoint = true,
                    ("memory", ExternalKind::Memory) => inspected.exports_memory = true,
                    _ => {}
                }
            }
        }
        Payload::DataSection(section) => {
            for data in section {
                let data = data?;
                if matches!(data.kind, DataKind::Active { .. } | DataKind::Passive) {
                    inspected.static_data_bytes = inspected.static_data_bytes.saturating_add(data.data.len());
                }
            }
        }
        _ => {}
    }
    Ok(())
}

impl Inspected {
    /// The rules it breaks, in the order of [`Problem`].
    pub fn problems(&self) -> Vec<Problem> {
        let mut problems = Vec::new();
        if self.code_bytes > MAX_CODE_BYTES {
            problems.push(Problem::TooLong { code_bytes: self.code_bytes, max: MAX_CODE_BYTES });
        }
        if !self.exports_entrypoint {
            problems.push(Problem::NoEntrypoint);
        }
        if !self.exports_memory {
            problems.push(Problem::NoMemory);
        }
        match self.initial_pages {
            Some(1) => {}
            pages => problems.push(Problem::WrongPages { pages: pages.unwrap_or_default() }),
        }
        for name in &self.imports {
            if name.starts_with("console.") {
                problems.push(Problem::Console { name: name.clone() });
            } else if !hooks::CHAIN_HOOKS.iter().any(|hook| hook.name == name) {
                problems.push(Problem::UnknownImport { name: name.clone() });
            }
        }
        problems
    }

    /// What is allowed and yet worth knowing.
    pub fn warning(&self) -> Option<String> {
        (self.code_bytes > WARN_CODE_BYTES && self.code_bytes <= MAX_CODE_BYTES)
            .then(|| format!("{} bytes on chain: above {WARN_CODE_BYTES} there is little room left", self.code_bytes))
    }
}
