//! What a module must have, and must not have, before anything is counted.

use std::collections::HashMap;

use thiserror::Error;
use wasmparser::{ConstExpr, DataKind, ElementItems, ElementKind, ExternalKind, Operator, TypeRef, ValType};

use crate::wasm::hooks::{PAY_FOR_MEMORY_GROW, VM_HOOKS};
use crate::wasm::instrument::{ENTRYPOINT, MEMORY};
use crate::wasm::module::Module;
use crate::wasm::price::{MAX_PAGES, operator_ink};
use crate::wasm::program::ActivationConfig;

/// Names that begin with this belong to the chain.
const RESERVED_PREFIX: &str = "stylus";
const BYTES_PER_PAGE: u64 = 65_536;

/// Which rule of structure a module breaks.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum StructureError {
    /// Something other than a function is imported.
    #[error("import {module}.{name} is not a function")]
    ImportNotAFunction {
        /// Module part of the import.
        module: String,
        /// Name part of the import.
        name: String,
    },
    /// The same function is imported twice with different types.
    #[error("import {module}.{name} is declared with two types")]
    ImportTypesDiffer {
        /// Module part of the import.
        module: String,
        /// Name part of the import.
        name: String,
    },
    /// A name belongs to the chain.
    #[error("the name {name} is reserved")]
    ReservedName {
        /// The name of the import or export.
        name: String,
    },
    /// An export could be taken for an import.
    #[error("export {export} clashes with the import {import}")]
    ExportClash {
        /// The export's full name.
        export: String,
        /// The import's name.
        import: String,
    },
    /// There is a start function, which only debug chains run.
    #[error("start functions not allowed")]
    StartFunction,
    /// There is no function with a body.
    #[error("module has no function")]
    NoFunction,
    /// The entry point is not exported.
    #[error("missing export {ENTRYPOINT}")]
    NoEntrypoint,
    /// The entry point is not a function of the module that takes and returns one `i32`.
    #[error("export {ENTRYPOINT} is not a function of the module of type (i32) -> (i32)")]
    EntrypointType,
    /// There is not exactly one memory.
    #[error("module has {memories} memories, not one")]
    MemoryCount {
        /// How many there are.
        memories: usize,
    },
    /// The memory is not exported under its name.
    #[error("missing export of the memory under the name {MEMORY}")]
    MemoryNotExported,
    /// The memory starts with more pages than this transaction can still open.
    #[error("memory of {pages} pages exceeds the limit of {limit}")]
    MemoryTooLarge {
        /// Pages the memory starts with.
        pages: u64,
        /// Pages that can be opened.
        limit: u16,
    },
    /// The memory can grow, but the function that pays for pages is not imported.
    #[error("missing import {PAY_FOR_MEMORY_GROW}")]
    MissingPayForMemoryGrow,
    /// An active segment does not begin at a constant, or holds expressions.
    #[error("{kind} segment {segment} is not constant")]
    SegmentNotConstant {
        /// `data` or `element`.
        kind: &'static str,
        /// Which segment.
        segment: usize,
    },
    /// An active segment reaches beyond what it fills.
    #[error("{kind} segment {segment} ends at {end}, beyond {limit}")]
    SegmentOutOfBounds {
        /// `data` or `element`.
        kind: &'static str,
        /// Which segment.
        segment: usize,
        /// Where it ends, in bytes or table entries.
        end: u64,
        /// How much there is at the start.
        limit: u64,
    },
    /// An operator the chain does not run.
    #[error("function {function} uses the unsupported operator {operator}")]
    UnsupportedOperator {
        /// Which function, among those with a body.
        function: usize,
        /// The operator, as the parser names it.
        operator: String,
    },
}

/// Checks the rules of structure.
///
/// # Errors
/// [`StructureError`] for the first rule broken, in the order of that enum.
pub fn structure(module: &Module<'_>, config: &ActivationConfig) -> Result<(), StructureError> {
    import_kinds(module)?;
    names(module)?;
    if module.start.is_some() && !config.debug {
        return Err(StructureError::StartFunction);
    }
    if module.functions.is_empty() {
        return Err(StructureError::NoFunction);
    }
    entrypoint(module)?;
    memory(module, config.page_limit)?;
    data(module)?;
    elements(module)?;
    operators(module)
}

fn import_kinds(module: &Module<'_>) -> Result<(), StructureError> {
    let mut types = HashMap::new();
    for import in &module.imports {
        let (module, name) = (import.module.to_owned(), import.name.to_owned());
        let TypeRef::Func(type_index) = import.ty else {
            return Err(StructureError::ImportNotAFunction { module, name });
        };
        let first = *types.entry((import.module, import.name)).or_insert(type_index);
        if first != type_index {
            return Err(StructureError::ImportTypesDiffer { module, name });
        }
    }
    Ok(())
}

fn names(module: &Module<'_>) -> Result<(), StructureError> {
    let names = module.imports.iter().map(|import| import.name);
    for name in names.chain(module.exports.iter().map(|export| export.name)) {
        if name.starts_with(RESERVED_PREFIX) {
            return Err(StructureError::ReservedName { name: name.to_owned() });
        }
    }
    for export in &module.exports {
        let last_part = export.name.rsplit("__").next().unwrap_or(export.name);
        if module.imports.iter().any(|import| import.name == last_part) {
            return Err(StructureError::ExportClash { export: export.name.to_owned(), import: last_part.to_owned() });
        }
    }
    Ok(())
}

/// An imported function is no entry point even where its type would fit: it has no meter.
fn entrypoint(module: &Module<'_>) -> Result<(), StructureError> {
    let export = module.exports.iter().find(|export| export.name == ENTRYPOINT);
    let export = export.ok_or(StructureError::NoEntrypoint)?;
    let is_own_function = export.kind == ExternalKind::Func && export.index >= module.imported_functions();
    let ty = module.function_type(export.index).filter(|_| is_own_function);
    match ty {
        Some(ty) if ty.params() == [ValType::I32] && ty.results() == [ValType::I32] => Ok(()),
        _ => Err(StructureError::EntrypointType),
    }
}

fn memory(module: &Module<'_>, page_limit: u16) -> Result<(), StructureError> {
    let [memory] = module.memories[..] else {
        return Err(StructureError::MemoryCount { memories: module.memories.len() });
    };
    let is_memory = |kind| kind == ExternalKind::Memory;
    if !module.exports.iter().any(|export| export.name == MEMORY && is_memory(export.kind)) {
        return Err(StructureError::MemoryNotExported);
    }
    let limit = page_limit.min(MAX_PAGES);
    if memory.initial > u64::from(limit) {
        return Err(StructureError::MemoryTooLarge { pages: memory.initial, limit });
    }
    let can_grow = memory.maximum != Some(memory.initial);
    if can_grow && module.import_index(VM_HOOKS, PAY_FOR_MEMORY_GROW).is_none() {
        return Err(StructureError::MissingPayForMemoryGrow);
    }
    Ok(())
}

fn data(module: &Module<'_>) -> Result<(), StructureError> {
    let limit = module.memories.iter().map(|memory| memory.initial * BYTES_PER_PAGE).sum();
    for (segment, data) in module.data.iter().enumerate() {
        if let DataKind::Active { offset_expr, .. } = &data.kind {
            in_bounds("data", segment, offset_expr, data.data.len() as u64, limit)?;
        }
    }
    Ok(())
}

fn elements(module: &Module<'_>) -> Result<(), StructureError> {
    let limit = module.tables.iter().map(|table| table.initial).sum();
    for (segment, element) in module.elements.iter().enumerate() {
        let ElementKind::Active { offset_expr, .. } = &element.kind else {
            continue;
        };
        let ElementItems::Functions(functions) = &element.items else {
            return Err(StructureError::SegmentNotConstant { kind: "element", segment });
        };
        in_bounds("element", segment, offset_expr, u64::from(functions.count()), limit)?;
    }
    Ok(())
}

fn in_bounds(
    kind: &'static str,
    segment: usize,
    offset: &ConstExpr<'_>,
    length: u64,
    limit: u64,
) -> Result<(), StructureError> {
    let mut reader = offset.get_operators_reader();
    let Ok(Operator::I32Const { value }) = reader.read() else {
        return Err(StructureError::SegmentNotConstant { kind, segment });
    };
    let end = u64::from(value.cast_unsigned()) + length;
    if end > limit {
        return Err(StructureError::SegmentOutOfBounds { kind, segment, end, limit });
    }
    Ok(())
}

/// An operator is accepted when it has a price, or is one of the float operators that only move
/// bits: those are accepted, but no one can pay for a block that holds one.
fn operators(module: &Module<'_>) -> Result<(), StructureError> {
    for (function, body) in module.functions.iter().enumerate() {
        for operator in &body.operators {
            let has_price = operator_ink(operator, &module.types) != u64::MAX;
            if !has_price && !moves_float_bits(operator) {
                let operator = format!("{operator:?}");
                return Err(StructureError::UnsupportedOperator { function, operator });
            }
        }
    }
    Ok(())
}

fn moves_float_bits(operator: &Operator<'_>) -> bool {
    use Operator::*;
    matches!(
        operator,
        F32Load { .. }
            | F64Load { .. }
            | F32Store { .. }
            | F64Store { .. }
            | F32Const { .. }
            | F64Const { .. }
            | I32ReinterpretF32
            | I64ReinterpretF64
            | F32ReinterpretI32
            | F64ReinterpretI64
    )
}
