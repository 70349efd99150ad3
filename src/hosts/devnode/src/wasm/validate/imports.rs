//! Every import is a function the chain offers, with exactly its type.

use thiserror::Error;
use wasmparser::{Import, TypeRef};

use crate::wasm::hooks;
use crate::wasm::module::Module;

/// Why an import cannot be satisfied.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum ImportError {
    /// The chain offers no function of that name.
    #[error("No such import {module}.{name}")]
    Unknown {
        /// Module part of the import.
        module: String,
        /// Name part of the import.
        name: String,
    },
    /// The chain's function of that name has another type.
    #[error("import {module}.{name} has a different function signature: wants {wants}, has {has}")]
    Signature {
        /// Module part of the import.
        module: String,
        /// Name part of the import.
        name: String,
        /// The type in the module.
        wants: String,
        /// The type the chain offers.
        has: String,
    },
}

/// Checks each imported function against the chain's [`hooks`].
///
/// # Errors
/// [`ImportError`] for the first import that does not fit.
pub fn imports(module: &Module<'_>, on_debug_chain: bool) -> Result<(), ImportError> {
    module.imports.iter().try_for_each(|import| check(module, import, on_debug_chain))
}

fn check(module: &Module<'_>, import: &Import<'_>, on_debug_chain: bool) -> Result<(), ImportError> {
    let hook = hooks::find(import.module, import.name, on_debug_chain);
    let ty = match import.ty {
        TypeRef::Func(type_index) => module.types.get(type_index as usize),
        _ => None,
    };
    let (Some(hook), Some(ty)) = (hook, ty) else {
        return Err(ImportError::Unknown { module: import.module.to_owned(), name: import.name.to_owned() });
    };
    if ty.params() == hook.parameters && ty.results() == hook.results {
        return Ok(());
    }
    Err(ImportError::Signature {
        module: import.module.to_owned(),
        name: import.name.to_owned(),
        wants: signature(ty.params(), ty.results()),
        has: signature(hook.parameters, hook.results),
    })
}

fn signature(parameters: &[wasmparser::ValType], results: &[wasmparser::ValType]) -> String {
    let list = |types: &[wasmparser::ValType]| types.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ");
    format!("({}) -> ({})", list(parameters), list(results))
}
