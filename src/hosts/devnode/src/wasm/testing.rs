//! Fixtures and a small host, on wasmi, that runs metered programs for the tests of this module.

use wasmi::{Caller, Engine, Instance, Linker, Store, Val};

use super::instrument::{ENTRYPOINT, INK_LEFT, INK_STATUS, MEMORY, STACK_LEFT, START};
use super::price::{HOSTIO, gas_to_ink, page_gas, read_ink, write_ink};
use super::program::{Activated, ActivationConfig, ActivationError, activate_wasm};

pub(crate) const INK_PRICE: u32 = 10_000;
pub(crate) const FREE_PAGES: u16 = 2;
pub(crate) const GAS_PER_PAGE: u16 = 1_000;

/// Reads the calldata and writes it back: 3 imports, 6 instructions, 187 bytes when assembled.
pub(crate) const WRITE_ARGS: &str = r#"(module
    (import "vm_hooks" "pay_for_memory_grow" (func (param i32)))
    (import "vm_hooks" "read_args" (func (param i32)))
    (import "vm_hooks" "write_result" (func (param i32 i32)))
    (func (export "user_entrypoint") (param $calldata_len i32) (result i32)
        i32.const 0
        call 1
        i32.const 0
        local.get $calldata_len
        call 2
        i32.const 0)
    (memory (export "memory") 1))"#;

/// Assembles a module.
pub(crate) fn wasm(text: &str) -> Vec<u8> {
    wat::parse_str(text).unwrap_or_else(|error| panic!("fixture: {error}\n{text}"))
}

/// Activates the text of a module on a chain with the default settings.
pub(crate) fn activate_text(text: &str) -> Result<Activated, ActivationError> {
    activate_wasm(wasm(text), &ActivationConfig::default())
}

/// A module whose entry point has this body, with a memory of one page that cannot grow.
pub(crate) fn with_body(body: &str) -> String {
    format!(
        r#"(module
            (memory (export "memory") 1 1)
            (func (export "user_entrypoint") (param i32) (result i32) {body}))"#
    )
}

/// How a program ended; the tests in the order in which a chain asks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum End {
    Status(i32),
    OutOfStack,
    OutOfInk,
    Trap(String),
}

#[derive(Debug, Default)]
pub(crate) struct Host {
    pub(crate) args: Vec<u8>,
    pub(crate) result: Vec<u8>,
    pub(crate) open_pages: u16,
    pub(crate) ever_pages: u16,
    /// Gas paid for pages since the beginning.
    pub(crate) page_gas: u64,
}

#[derive(Debug)]
pub(crate) struct Exhausted;

impl std::fmt::Display for Exhausted {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("out of ink in a host call")
    }
}

impl wasmi::errors::HostError for Exhausted {}

/// A metered module, translated once for as many runs as are wanted.
pub(crate) struct Translated {
    engine: Engine,
    module: wasmi::Module,
    linker: Linker<Host>,
}

impl Translated {
    pub(crate) fn new(instrumented: &[u8]) -> Self {
        let engine = engine();
        let module = wasmi::Module::new(&engine, instrumented).expect("metered module is valid");
        let mut linker = Linker::<Host>::new(&engine);
        linker.func_wrap("vm_hooks", "pay_for_memory_grow", pay_for_memory_grow).unwrap();
        linker.func_wrap("vm_hooks", "read_args", read_args).unwrap();
        linker.func_wrap("vm_hooks", "write_result", write_result).unwrap();
        Self { engine, module, linker }
    }

    /// A fresh instance, which has neither ink nor stack.
    pub(crate) fn program(&self) -> Program {
        let mut store = Store::new(&self.engine, Host::default());
        let instance = self.linker.instantiate_and_start(&mut store, &self.module).unwrap();
        Program { store, instance }
    }
}

/// A metered program in a host with the few functions the fixtures import.
pub(crate) struct Program {
    pub(crate) store: Store<Host>,
    instance: Instance,
}

/// An engine whose own limits are far beyond those of the chain.
pub(crate) fn engine() -> Engine {
    let mut config = wasmi::Config::default();
    config.set_max_recursion_depth(50_000).set_max_stack_height(64 << 20);
    // What cannot be translated shows when a module is made, and not in the middle of a run.
    config.compilation_mode(wasmi::CompilationMode::Eager);
    Engine::new(&config)
}

impl Program {
    pub(crate) fn new(instrumented: &[u8]) -> Self {
        Translated::new(instrumented).program()
    }

    /// Activates and loads a module with plenty of stack and no ink.
    pub(crate) fn from_text(text: &str) -> Self {
        let activated = activate_text(text).unwrap_or_else(|error| panic!("{error}\n{text}"));
        let mut program = Self::new(&activated.instrumented);
        program.set_stack(i32::MAX);
        program
    }

    pub(crate) fn set_ink(&mut self, ink: u64) {
        self.set(INK_LEFT, Val::I64(ink.cast_signed()));
        self.set(INK_STATUS, Val::I32(0));
    }

    pub(crate) fn set_stack(&mut self, words: i32) {
        self.set(STACK_LEFT, Val::I32(words));
    }

    fn set(&mut self, name: &str, value: Val) {
        let global = self.instance.get_global(&self.store, name).expect(name);
        global.set(&mut self.store, value).unwrap();
    }

    fn global(&self, name: &str) -> Val {
        self.instance.get_global(&self.store, name).expect(name).get(&self.store)
    }

    pub(crate) fn ink_left(&self) -> u64 {
        self.global(INK_LEFT).i64().unwrap().cast_unsigned()
    }

    pub(crate) fn ink_status(&self) -> i32 {
        self.global(INK_STATUS).i32().unwrap()
    }

    pub(crate) fn stack_left(&self) -> i32 {
        self.global(STACK_LEFT).i32().unwrap()
    }

    /// An exported global of integers, its 32 or 64 bits without a sign.
    pub(crate) fn number(&self, name: &str) -> u64 {
        match self.global(name) {
            Val::I32(value) => value.cast_unsigned().into(),
            Val::I64(value) => value.cast_unsigned(),
            other => panic!("{name} is {other:?}"),
        }
    }

    pub(crate) fn memory(&self) -> &[u8] {
        self.instance.get_memory(&self.store, MEMORY).unwrap().data(&self.store)
    }

    pub(crate) fn export_names(&self) -> Vec<String> {
        self.instance.exports(&self.store).map(|export| export.name().to_owned()).collect()
    }

    /// Runs the program.
    pub(crate) fn call(&mut self, argument: i32) -> End {
        let entry = self.instance.get_typed_func::<i32, i32>(&self.store, ENTRYPOINT).unwrap();
        match entry.call(&mut self.store, argument) {
            Ok(status) => End::Status(status),
            Err(_) if self.stack_left() == 0 => End::OutOfStack,
            Err(_) if self.ink_status() != 0 => End::OutOfInk,
            Err(error) => End::Trap(error.to_string()),
        }
    }

    /// Runs what was the start function of the module.
    pub(crate) fn call_start(&mut self) {
        let start = self.instance.get_typed_func::<(), ()>(&self.store, START).unwrap();
        start.call(&mut self.store, ()).unwrap();
    }

    /// Gives the program `ink`, calls it, and tells how it ended and what it spent.
    pub(crate) fn spend(&mut self, ink: u64, argument: i32) -> (End, u64) {
        self.set_ink(ink);
        let end = self.call(argument);
        let spent = ink.saturating_sub(self.ink_left());
        (end, spent)
    }
}

fn buy(caller: &mut Caller<'_, Host>, ink: u64) -> Result<(), wasmi::Error> {
    let global = |name| caller.get_export(name).and_then(wasmi::Extern::into_global).unwrap();
    let (left_global, status_global) = (global(INK_LEFT), global(INK_STATUS));
    let left = left_global.get(&*caller).i64().unwrap().cast_unsigned();
    let is_exhausted = status_global.get(&*caller).i32().unwrap() != 0;
    if is_exhausted || left < ink {
        left_global.set(&mut *caller, Val::I64(0)).unwrap();
        status_global.set(&mut *caller, Val::I32(1)).unwrap();
        return Err(wasmi::Error::host(Exhausted));
    }
    left_global.set(caller, Val::I64((left - ink).cast_signed())).unwrap();
    Ok(())
}

/// Opens pages in the counters of a transaction and tells the ink for it.
pub(crate) fn open_pages(host: &mut Host, pages: u32) -> u64 {
    let pages = pages as u16;
    if pages == 0 {
        return HOSTIO;
    }
    let gas = page_gas(pages, host.open_pages, host.ever_pages, FREE_PAGES, GAS_PER_PAGE);
    host.open_pages = host.open_pages.saturating_add(pages);
    host.ever_pages = host.ever_pages.max(host.open_pages);
    host.page_gas = host.page_gas.saturating_add(gas);
    gas_to_ink(gas, INK_PRICE)
}

fn pay_for_memory_grow(mut caller: Caller<'_, Host>, pages: u32) -> Result<(), wasmi::Error> {
    let ink = open_pages(caller.data_mut(), pages);
    buy(&mut caller, ink)
}

fn read_args(mut caller: Caller<'_, Host>, pointer: u32) -> Result<(), wasmi::Error> {
    let args = caller.data().args.clone();
    buy(&mut caller, HOSTIO + write_ink(args.len() as u32))?;
    let memory = caller.get_export(MEMORY).and_then(wasmi::Extern::into_memory).unwrap();
    memory.write(&mut caller, pointer as usize, &args).unwrap();
    Ok(())
}

fn write_result(mut caller: Caller<'_, Host>, pointer: u32, length: u32) -> Result<(), wasmi::Error> {
    buy(&mut caller, HOSTIO + 2 * read_ink(length))?;
    let memory = caller.get_export(MEMORY).and_then(wasmi::Extern::into_memory).unwrap();
    let mut result = vec![0; length as usize];
    memory.read(&caller, pointer as usize, &mut result).unwrap();
    caller.data_mut().result = result;
    Ok(())
}
