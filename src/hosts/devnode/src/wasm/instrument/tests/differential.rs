//! Random programs, metered twice: by the passes, and by the separate meter of [`textual`].
//!
//! What this is independent of: the passes [`meter`](crate::wasm::instrument::meter),
//! [`bulk`](crate::wasm::instrument::bulk) and [`heap`](crate::wasm::instrument::heap), the table
//! of operator prices, and the writing of the binary. What both sides share, so that this test
//! cannot see a mistake in it: the description of the chain from which both tables were typed,
//! the family of crates that reads the modules, the engine, the prices of pages, and the depth
//! checker, which gets so much stack here that it never stops a program.
//!
//! The translator of wasmi 2.0.0 panics on a few valid modules, metered or not. Those are left out and counted: 2 of the
//! first 10 000, and no more than one in a thousand may be.
//!
//! The number of programs is 500 unless the variable `DEVNODE_FUZZ_MODULES` says otherwise; CI runs 10 000. Two threads share the work, and
//! each program follows from its own number, so every run of the same length sees the same programs.

use arbitrary::Unstructured;
use wasmi::{Caller, Linker, Store, Val};

use super::textual::{shift_functions, with_imports, with_ticks};
use crate::wasm::instrument::{ENTRYPOINT, MEMORY};
use crate::wasm::price::{BLOCK_HEADER_INK, BULK_BYTE_INK};
use crate::wasm::program::{ActivationConfig, activate_wasm};
use crate::wasm::testing::{End, Exhausted, Host, Translated, engine, open_pages, wasm};

const BUDGET_INK: u64 = 30_000_000;
const SEED: u64 = 0x5157_11AA;

/// Threads that share the work.
const THREADS: u64 = 2;

/// xorshift64*, so that every run sees the same programs.
struct Noise(u64);

impl Noise {
    /// The noise of one program: its number is spread over the seed by an odd factor, so no two are alike.
    fn of(number: u64) -> Self {
        Self(SEED ^ (number + 1).wrapping_mul(0x9E37_79B9_7F4A_7C15))
    }

    fn bytes(&mut self, length: usize) -> Vec<u8> {
        let mut bytes = Vec::with_capacity(length + 8);
        while bytes.len() < length {
            self.0 ^= self.0 >> 12;
            self.0 ^= self.0 << 25;
            self.0 ^= self.0 >> 27;
            bytes.extend(self.0.wrapping_mul(0x2545_F491_4F6C_DD1D).to_le_bytes());
        }
        bytes.truncate(length);
        bytes
    }
}

/// Random modules of integers, whose only exports are those the chain wants. With `bulk` there
/// are no segments and tables, and therefore none of the bulk operators the chain refuses.
fn config(bulk: bool) -> wasm_smith::Config {
    let exports = wasm(
        r#"(module (memory (export "memory") 1 6)
            (func (export "user_entrypoint") (param i32) (result i32) unreachable))"#,
    );
    wasm_smith::Config {
        exports: Some(exports),
        max_imports: 0,
        // The exported one comes on top.
        max_memories: 0,
        max_memory32_bytes: 6 << 16,
        max_tables: usize::from(!bulk),
        max_table_elements: 100,
        max_data_segments: if bulk { 0 } else { 5 },
        max_element_segments: if bulk { 0 } else { 5 },
        min_funcs: 4,
        max_funcs: 12,
        max_instructions: 150,
        max_globals: 8,
        allow_start_export: false,
        allow_floats: false,
        bulk_memory_enabled: bulk,
        exceptions_enabled: false,
        gc_enabled: false,
        compact_imports_enabled: false,
        custom_page_sizes_enabled: false,
        memory64_enabled: false,
        multi_value_enabled: true,
        reference_types_enabled: false,
        relaxed_simd_enabled: false,
        saturating_float_to_int_enabled: false,
        simd_enabled: false,
        tail_call_enabled: false,
        threads_enabled: false,
        wide_arithmetic_enabled: false,
        extended_const_enabled: false,
        memory_offset_choices: wasm_smith::MemoryOffsetChoices(195, 4, 1),
        ..wasm_smith::Config::default()
    }
}

/// The text of a random program that imports the paying function.
fn random_program(noise: &mut Noise, bulk: bool) -> Option<String> {
    let bytes = noise.bytes(8_192);
    let module = wasm_smith::Module::new(config(bulk), &mut Unstructured::new(&bytes)).ok()?;
    let text = wasmprinter::print_bytes(module.to_bytes()).unwrap();
    let import = r#"  (import "vm_hooks" "pay_for_memory_grow" (func (param i32)))"#;
    Some(with_imports(&shift_functions(&text, 1), import))
}

/// What one run shows to the outside.
#[derive(Debug, PartialEq, Eq)]
struct Outcome {
    end: End,
    /// Ink after the run; unknown when it is exhausted, for then a pass may have wrapped it.
    ink_left: Option<u64>,
    memory: Vec<u8>,
}

fn run_metered(metered: &Translated, argument: i32) -> Outcome {
    let mut program = metered.program();
    program.set_stack(i32::MAX);
    program.set_ink(BUDGET_INK);
    let end = program.call(argument);
    let ink_left = (end != End::OutOfInk).then(|| program.ink_left());
    Outcome { end, ink_left, memory: program.memory().to_vec() }
}

#[derive(Debug)]
struct Counter {
    ink_left: u64,
    pages: Host,
}

impl Counter {
    fn spend(&mut self, ink: u64) -> Result<(), wasmi::Error> {
        let left = self.ink_left.checked_sub(ink);
        self.ink_left = left.ok_or_else(|| wasmi::Error::host(Exhausted))?;
        Ok(())
    }
}

/// A module that calls its meter, translated once.
struct Ticked {
    engine: wasmi::Engine,
    module: wasmi::Module,
    linker: Linker<Counter>,
}

impl Ticked {
    fn new(ticked: &[u8]) -> Self {
        let engine = engine();
        let module = wasmi::Module::new(&engine, ticked).expect("ticked module is valid");
        let mut linker = Linker::<Counter>::new(&engine);
        let tick = |mut caller: Caller<'_, Counter>, ink: u64| caller.data_mut().spend(ink);
        let bulk = |mut caller: Caller<'_, Counter>, length: u32| {
            caller.data_mut().spend(u64::from(length) * u64::from(BULK_BYTE_INK)).map(|()| length)
        };
        let grow = |mut caller: Caller<'_, Counter>, pages: u32| {
            let ink = open_pages(&mut caller.data_mut().pages, pages);
            caller.data_mut().spend(ink).map(|()| pages)
        };
        linker.func_wrap("meter", "tick", tick).unwrap();
        linker.func_wrap("meter", "bulk", bulk).unwrap();
        linker.func_wrap("meter", "grow", grow).unwrap();
        // The program imports it, but only the passes would call it.
        linker.func_wrap("vm_hooks", "pay_for_memory_grow", |_: i32| {}).unwrap();
        Self { engine, module, linker }
    }
}

fn run_ticked(ticked: &Ticked, argument: i32) -> Outcome {
    let counter = Counter { ink_left: BUDGET_INK, pages: Host::default() };
    let mut store = Store::new(&ticked.engine, counter);
    let instance = ticked.linker.instantiate_and_start(&mut store, &ticked.module).unwrap();
    let entry = instance.get_func(&store, ENTRYPOINT).unwrap();
    let mut result = [Val::I32(0)];
    let end = match entry.call(&mut store, &[Val::I32(argument)], &mut result) {
        Ok(()) => End::Status(result[0].i32().unwrap()),
        Err(error) if error.downcast_ref::<Exhausted>().is_some() => End::OutOfInk,
        Err(error) => End::Trap(error.to_string()),
    };
    let ink_left = (end != End::OutOfInk).then(|| store.data().ink_left);
    let memory = instance.get_memory(&store, MEMORY).unwrap().data(&store).to_vec();
    Outcome { end, ink_left, memory }
}

/// What became of some programs and their runs.
#[derive(Debug, Default)]
struct Tally {
    compared: u64,
    refused: u64,
    untranslatable: u64,
    finished: u64,
    trapped: u64,
    exhausted: u64,
}

impl Tally {
    fn add(&mut self, other: &Self) {
        self.compared += other.compared;
        self.refused += other.refused;
        self.untranslatable += other.untranslatable;
        self.finished += other.finished;
        self.trapped += other.trapped;
        self.exhausted += other.exhausted;
    }
}

/// Compares `wanted` programs: those with the numbers `first`, `first + THREADS` and so on.
fn compare(first: u64, wanted: u64) -> Tally {
    let mut tally = Tally::default();
    let mut numbers = (first..).step_by(THREADS as usize);
    while tally.compared < wanted {
        assert!(tally.refused <= 20 + wanted / 5, "{tally:?}");
        let number = numbers.next().unwrap();
        let Some(text) = random_program(&mut Noise::of(number), tally.compared % 2 == 0) else {
            tally.refused += 1;
            continue;
        };
        let activated = match activate_wasm(wasm(&text), &ActivationConfig::default()) {
            Ok(activated) => activated,
            Err(error) => {
                println!("refused: {error}");
                tally.refused += 1;
                continue;
            }
        };
        let ticked = wasm(&with_ticks(&text, BLOCK_HEADER_INK));
        let translated = std::panic::catch_unwind(|| (Translated::new(&activated.instrumented), Ticked::new(&ticked)));
        let Ok((metered, ticked)) = translated else {
            tally.untranslatable += 1;
            continue;
        };
        for argument in [0, 1, -1, 0x1234_5678] {
            let ours = run_metered(&metered, argument);
            let theirs = run_ticked(&ticked, argument);
            assert!(
                ours == theirs,
                "program {number}, argument {argument}: {:?} {:?} against {:?} {:?}\n{text}",
                ours.end,
                ours.ink_left,
                theirs.end,
                theirs.ink_left,
            );
            match ours.end {
                End::Status(_) => tally.finished += 1,
                End::Trap(_) => tally.trapped += 1,
                End::OutOfInk => tally.exhausted += 1,
                End::OutOfStack => panic!("the stack was meant to be enough\n{text}"),
            }
        }
        tally.compared += 1;
    }
    tally
}

#[test]
fn random_programs_spend_the_same_ink_under_both_meters() {
    let wanted: u64 = std::env::var("DEVNODE_FUZZ_MODULES")
        .map_or(500, |count| count.parse().expect("DEVNODE_FUZZ_MODULES is a number"));
    let mut total = Tally::default();
    std::thread::scope(|scope| {
        let share = |first: u64| (wanted + THREADS - 1 - first) / THREADS;
        let workers: Vec<_> = (0..THREADS).map(|first| scope.spawn(move || compare(first, share(first)))).collect();
        for worker in workers {
            match worker.join() {
                Ok(tally) => total.add(&tally),
                Err(panic) => std::panic::resume_unwind(panic),
            }
        }
    });
    println!("{total:?}");
    assert_eq!(total.compared, wanted);
    assert!(total.untranslatable <= 1 + wanted / 1_000, "{total:?}");
    // The comparison means little unless programs end in every way.
    if wanted >= 100 {
        assert!(total.finished > 0 && total.trapped > 0 && total.exhausted > 0);
    }
}
