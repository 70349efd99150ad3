//! Writes a metered module down as a binary.
//!
//! Kept are the exports the chain uses and the segments that fill memory and table; a start
//! function becomes an export. Dropped are all other exports, custom sections, and the segments
//! that no accepted operator can reach.

use wasm_encoder::reencode::{self, Reencode, RoundtripReencoder};
use wasm_encoder::{
    CodeSection, ConstExpr, DataSection, ElementSection, Elements, EntityType, ExportKind, ExportSection, Function,
    FunctionSection, GlobalSection, GlobalType, ImportSection, MemorySection, TableSection, TypeSection, ValType,
};
use wasmparser::{DataKind, ElementItems, ElementKind, ExternalKind, TypeRef};

use super::{ENTRYPOINT, INK_LEFT, INK_STATUS, InstrumentError, MEMORY, Metered, SCRATCH, STACK_LEFT, START};
use crate::wasm::module::Module;

type Failure = reencode::Error<std::convert::Infallible>;

/// The binary of `module` with the metered functions in place of its own.
///
/// The injected globals start at zero, so that a host that forgets to fill them gets a program
/// that is out of ink, not one that runs for free.
///
/// # Errors
/// [`InstrumentError`] for a module with parts that activation refuses, such as a start function
/// that is not exported.
pub fn encode(module: &Module<'_>, metered: &Metered<'_>) -> Result<Vec<u8>, InstrumentError> {
    write(module, metered).map_err(|error| InstrumentError { message: error.to_string() })
}

fn write(module: &Module<'_>, metered: &Metered<'_>) -> Result<Vec<u8>, Failure> {
    let mut encoder = RoundtripReencoder;
    let mut output = wasm_encoder::Module::new();

    let mut types = TypeSection::new();
    for ty in &module.types {
        types.ty().func_type(&encoder.func_type(ty.clone())?);
    }
    output.section(&types);

    let mut imports = ImportSection::new();
    for import in &module.imports {
        if let TypeRef::Func(type_index) = import.ty {
            imports.import(import.module, import.name, EntityType::Function(type_index));
        }
    }
    output.section(&imports);

    let mut functions = FunctionSection::new();
    for function in &module.functions {
        functions.function(function.type_index);
    }
    output.section(&functions);

    let mut tables = TableSection::new();
    for table in &module.tables {
        tables.table(encoder.table_type(*table)?);
    }
    output.section(&tables);

    let mut memories = MemorySection::new();
    for memory in &module.memories {
        memories.memory(encoder.memory_type(*memory)?);
    }
    output.section(&memories);

    output.section(&globals(module, &mut encoder)?);
    output.section(&exports(module, metered));
    output.section(&elements(module, &mut encoder)?);
    output.section(&code(module, metered, &mut encoder)?);
    output.section(&data(module, &mut encoder)?);
    Ok(output.finish())
}

fn globals(module: &Module<'_>, encoder: &mut RoundtripReencoder) -> Result<GlobalSection, Failure> {
    let mut globals = GlobalSection::new();
    for global in &module.globals {
        globals.global(encoder.global_type(global.ty)?, &encoder.const_expr(global.init_expr.clone())?);
    }
    let injected = |val_type| GlobalType { val_type, mutable: true, shared: false };
    globals.global(injected(ValType::I64), &ConstExpr::i64_const(0));
    for _ in [INK_STATUS, SCRATCH, STACK_LEFT] {
        globals.global(injected(ValType::I32), &ConstExpr::i32_const(0));
    }
    Ok(globals)
}

fn exports(module: &Module<'_>, metered: &Metered<'_>) -> ExportSection {
    let mut exports = ExportSection::new();
    for export in &module.exports {
        match (export.name, export.kind) {
            (ENTRYPOINT, ExternalKind::Func) => {
                exports.export(ENTRYPOINT, ExportKind::Func, export.index);
            }
            (MEMORY, ExternalKind::Memory) => {
                exports.export(MEMORY, ExportKind::Memory, export.index);
            }
            _ => {}
        }
    }
    if let Some(start) = module.start {
        exports.export(START, ExportKind::Func, start);
    }
    let globals = &metered.globals;
    exports.export(INK_LEFT, ExportKind::Global, globals.ink_left);
    exports.export(INK_STATUS, ExportKind::Global, globals.ink_status);
    exports.export(SCRATCH, ExportKind::Global, globals.scratch);
    exports.export(STACK_LEFT, ExportKind::Global, globals.stack_left);
    exports
}

fn elements(module: &Module<'_>, encoder: &mut RoundtripReencoder) -> Result<ElementSection, Failure> {
    let mut elements = ElementSection::new();
    for element in module.active_elements() {
        if let (ElementKind::Active { table_index, offset_expr }, ElementItems::Functions(functions)) =
            (&element.kind, &element.items)
        {
            let functions: Vec<u32> = functions.clone().into_iter().collect::<Result<_, _>>()?;
            let offset = encoder.const_expr(offset_expr.clone())?;
            elements.active(*table_index, &offset, Elements::Functions(functions.into()));
        }
    }
    Ok(elements)
}

fn code(module: &Module<'_>, metered: &Metered<'_>, encoder: &mut RoundtripReencoder) -> Result<CodeSection, Failure> {
    let mut code = CodeSection::new();
    for (function, metered) in module.functions.iter().zip(&metered.functions) {
        let mut locals = Vec::with_capacity(function.locals.len());
        for (count, ty) in &function.locals {
            locals.push((*count, encoder.val_type(*ty)?));
        }
        let mut body = Function::new(locals);
        for operator in &metered.operators {
            body.instruction(&encoder.instruction(operator.clone())?);
        }
        code.function(&body);
    }
    Ok(code)
}

fn data(module: &Module<'_>, encoder: &mut RoundtripReencoder) -> Result<DataSection, Failure> {
    let mut section = DataSection::new();
    for data in module.active_data() {
        if let DataKind::Active { memory_index, offset_expr } = &data.kind {
            let offset = encoder.const_expr(offset_expr.clone())?;
            section.active(*memory_index, &offset, data.data.iter().copied());
        }
    }
    Ok(section)
}
