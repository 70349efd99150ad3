//! A module taken apart: its sections as lists, its functions as lists of operators.
//!
//! Parsing also validates: what comes out is a well-typed module within the features the chain
//! knows. Whether the chain *wants* it is the business of [`validate`](super::validate).

use thiserror::Error;
use wasmparser::{
    BinaryReaderError, Data, DataKind, Element, ElementKind, Export, FuncType, Global, Import, MemoryType, Name,
    NameSectionReader, Operator, Parser, Payload, TableType, TypeRef, ValType, Validator, WasmFeatures,
};

use super::price::ProgramShape;

/// The first version of ArbOS that no longer takes functions or blocks with several results.
const FIRST_ARBOS_WITHOUT_MULTI_VALUE: u64 = 60;

/// Globals that instrumentation adds to every module.
pub const INJECTED_GLOBALS: u32 = 4;

/// The bytes are not a module that uses only the features the chain knows.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("failed to parse wasm: {message} (at offset {offset:#x})")]
pub struct ParseError {
    /// What the parser objects to.
    pub message: String,
    /// Where, in bytes from the beginning of the module.
    pub offset: u64,
}

impl From<BinaryReaderError> for ParseError {
    fn from(error: BinaryReaderError) -> Self {
        Self { message: error.message().to_owned(), offset: error.offset() }
    }
}

/// A function with a body.
#[derive(Clone, Debug)]
pub struct Function<'a> {
    /// Index of its type.
    pub type_index: u32,
    /// Its declared locals as written: how many of which type, parameters not among them.
    pub locals: Vec<(u32, ValType)>,
    /// Its operators, the final `end` included.
    pub operators: Vec<Operator<'a>>,
}

impl Function<'_> {
    /// How many locals it declares, parameters not counted.
    pub fn declared_locals(&self) -> u64 {
        self.locals.iter().map(|(count, _)| u64::from(*count)).sum()
    }
}

/// What a module holds. Indexes are those of the binary.
#[derive(Clone, Default)]
pub struct Module<'a> {
    /// Length of the binary in bytes.
    pub wasm_bytes: u64,
    /// Function types.
    pub types: Vec<FuncType>,
    /// Imports of any kind.
    pub imports: Vec<Import<'a>>,
    /// Functions with a body; their indexes follow those of the imported ones.
    pub functions: Vec<Function<'a>>,
    /// Tables.
    pub tables: Vec<TableType>,
    /// Memories.
    pub memories: Vec<MemoryType>,
    /// Globals.
    pub globals: Vec<Global<'a>>,
    /// Exports.
    pub exports: Vec<Export<'a>>,
    /// The function that runs at instantiation.
    pub start: Option<u32>,
    /// Element segments.
    pub elements: Vec<Element<'a>>,
    /// Data segments.
    pub data: Vec<Data<'a>>,
    /// The module's own name, from the custom section `name`.
    pub name: Option<&'a str>,
}

impl<'a> Module<'a> {
    /// Takes a binary apart.
    ///
    /// # Errors
    /// [`ParseError`] when the binary is malformed, ill-typed or uses a feature the chain of that
    /// version does not know.
    pub fn parse(wasm: &'a [u8], arbos_version: u64) -> Result<Self, ParseError> {
        let features = features(arbos_version);
        Validator::new_with_features(features).validate_all(wasm)?;

        let mut module = Self { wasm_bytes: wasm.len() as u64, ..Self::default() };
        let mut type_indexes = Vec::new();
        let mut parser = Parser::new(0);
        parser.set_features(features);
        for payload in parser.parse_all(wasm) {
            module.take(payload?, &mut type_indexes)?;
        }
        Ok(module)
    }

    fn take(&mut self, payload: Payload<'a>, type_indexes: &mut Vec<u32>) -> Result<(), BinaryReaderError> {
        match payload {
            Payload::TypeSection(section) => {
                self.types = section.into_iter_err_on_gc_types().collect::<Result<_, _>>()?;
            }
            Payload::ImportSection(section) => {
                self.imports = section.into_imports().collect::<Result<_, _>>()?;
            }
            Payload::FunctionSection(section) => {
                *type_indexes = section.into_iter().collect::<Result<_, _>>()?;
            }
            Payload::TableSection(section) => {
                for table in section {
                    self.tables.push(table?.ty);
                }
            }
            Payload::MemorySection(section) => {
                self.memories = section.into_iter().collect::<Result<_, _>>()?;
            }
            Payload::GlobalSection(section) => {
                self.globals = section.into_iter().collect::<Result<_, _>>()?;
            }
            Payload::ExportSection(section) => {
                self.exports = section.into_iter().collect::<Result<_, _>>()?;
            }
            Payload::StartSection { func, .. } => self.start = Some(func),
            Payload::ElementSection(section) => {
                self.elements = section.into_iter().collect::<Result<_, _>>()?;
            }
            Payload::DataSection(section) => {
                self.data = section.into_iter().collect::<Result<_, _>>()?;
            }
            Payload::CodeSectionEntry(body) => {
                self.functions.push(Function {
                    // Validation has made sure that there are as many types as bodies.
                    type_index: type_indexes[self.functions.len()],
                    locals: body.get_locals_reader()?.into_iter().collect::<Result<_, _>>()?,
                    operators: body.get_operators_reader()?.into_iter().collect::<Result<_, _>>()?,
                });
            }
            Payload::CustomSection(section) if section.name() == "name" => {
                let reader = wasmparser::BinaryReader::new(section.data(), section.data_offset());
                for name in NameSectionReader::new(reader) {
                    if let Name::Module { name, .. } = name? {
                        self.name = Some(name);
                    }
                }
            }
            _ => {}
        }
        Ok(())
    }

    /// Number of imported functions, which is the index of the first function with a body.
    pub fn imported_functions(&self) -> u32 {
        let is_function = |import: &&Import<'_>| matches!(import.ty, TypeRef::Func(_));
        self.imports.iter().filter(is_function).count() as u32
    }

    /// Index of the imported function of that name.
    pub fn import_index(&self, module: &str, name: &str) -> Option<u32> {
        let functions = self.imports.iter().filter(|import| matches!(import.ty, TypeRef::Func(_)));
        functions.zip(0..).find(|(import, _)| import.module == module && import.name == name).map(|(_, index)| index)
    }

    /// The type of a function, imported or not.
    pub fn function_type(&self, function: u32) -> Option<&FuncType> {
        let imported = self.imports.iter().filter_map(|import| match import.ty {
            TypeRef::Func(type_index) => Some(type_index),
            _ => None,
        });
        let local = self.functions.iter().map(|function| function.type_index);
        let type_index = imported.chain(local).nth(function as usize)?;
        self.types.get(type_index as usize)
    }

    /// Pages of the first memory at the start; zero without one.
    ///
    /// Saturates, but a memory beyond 128 pages is refused anyway.
    pub fn initial_pages(&self) -> u16 {
        let pages = self.memories.first().map_or(0, |memory| memory.initial);
        u16::try_from(pages).unwrap_or(u16::MAX)
    }

    /// The sizes on which the program's prices depend.
    pub fn shape(&self, instrumented_operators: u64) -> ProgramShape {
        let signature_values = |function: &Function<'_>| {
            let ty = &self.types[function.type_index as usize];
            (ty.params().len() + ty.results().len()) as u64
        };
        ProgramShape {
            local_functions: self.functions.len() as u64,
            signature_values: self.functions.iter().map(signature_values).sum(),
            wasm_bytes: self.wasm_bytes,
            globals: self.globals.len() as u64 + u64::from(INJECTED_GLOBALS),
            data_entry_bytes: self.data.iter().map(|data| entry_bytes(&data.range)).sum(),
            element_entry_bytes: self.element_entry_bytes(),
            data_payload_bytes: self.data.iter().map(|data| data.data.len() as u64).sum(),
            initial_pages: u64::from(self.initial_pages()),
            instrumented_operators,
        }
    }

    /// Bytes of all entries of the element section, their headers included.
    pub fn element_entry_bytes(&self) -> u64 {
        self.elements.iter().map(|element| entry_bytes(&element.range)).sum()
    }

    /// The data segments that are copied into memory at the start; the others cannot be used.
    pub fn active_data(&self) -> impl Iterator<Item = &Data<'a>> {
        self.data.iter().filter(|data| matches!(data.kind, DataKind::Active { .. }))
    }

    /// The element segments that are copied into the table at the start; the others cannot be used.
    pub fn active_elements(&self) -> impl Iterator<Item = &Element<'a>> {
        self.elements.iter().filter(|element| matches!(element.kind, ElementKind::Active { .. }))
    }
}

fn entry_bytes(range: &std::ops::Range<u64>) -> u64 {
    range.end - range.start
}

/// The features a module may use. Float *types* are among them, most float operators are not.
fn features(arbos_version: u64) -> WasmFeatures {
    let mut features = WasmFeatures::MUTABLE_GLOBAL
        | WasmFeatures::SATURATING_FLOAT_TO_INT
        | WasmFeatures::SIGN_EXTENSION
        | WasmFeatures::BULK_MEMORY
        | WasmFeatures::FLOATS
        // Without it the parser could not even name the type `funcref` of a table.
        | WasmFeatures::GC_TYPES;
    features.set(WasmFeatures::MULTI_VALUE, arbos_version < FIRST_ARBOS_WITHOUT_MULTI_VALUE);
    features
}
