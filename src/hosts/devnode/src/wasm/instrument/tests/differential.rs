//! Random programs, run twice: metered by the passes on the engine, and operator by operator on the machine of [`interpreter`].
//!
//! What this is independent of: the passes [`meter`](crate::wasm::instrument::meter), [`bulk`](crate::wasm::instrument::bulk) and
//! [`heap`](crate::wasm::instrument::heap), the table of operator prices, the writing of the binary, and the engine. What both sides share, so
//! that this test cannot see a mistake in it: the description of the chain from which both tables were typed, the reader of modules, the
//! prices of pages, and the depth checker, which gets so much stack here that it never stops a program.
//!
//! Compared are the end, the ink that is left and its status, the memory and the globals, also of runs that trap or run out of ink.
//!
//! The translator of wasmi 2.0.0 panics on a few valid modules, metered or not. Those are left out and counted: no more than one in a
//! thousand may be.
//!
//! The number of programs is 500 unless the variable `DEVNODE_FUZZ_MODULES` says otherwise; CI runs 10 000. Two threads share the work, and
//! each program follows from its own number, so every run of the same length sees the same programs.

use arbitrary::Unstructured;
use wasm_encoder::reencode::{Reencode, RoundtripReencoder};
use wasm_encoder::{ExportKind, ExportSection, RawSection};
use wasmparser::{Parser, Payload};

use super::interpreter::Prepared;
use crate::wasm::instrument::ENTRYPOINT;
use crate::wasm::module::Module;
use crate::wasm::program::{ActivationConfig, activate_wasm};
use crate::wasm::testing::{End, Translated, wasm};

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
    let imports = wasm(r#"(module (import "vm_hooks" "pay_for_memory_grow" (func (param i32))))"#);
    wasm_smith::Config {
        exports: Some(exports),
        available_imports: Some(imports),
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

/// A random program that imports the paying function.
fn random_program(noise: &mut Noise, bulk: bool) -> Option<Vec<u8>> {
    let mut bytes = noise.bytes(8_192);
    // The generator asks first whether it should take the import it is offered; an odd byte says yes.
    bytes[0] |= 1;
    let module = wasm_smith::Module::new(config(bulk), &mut Unstructured::new(&bytes)).ok()?;
    Some(module.to_bytes())
}

fn global_name(index: u32) -> String {
    format!("global {index}")
}

/// The metered module with the first `own` globals exported as well, so that they can be compared.
fn with_globals(metered: &[u8], own: u32) -> Vec<u8> {
    let mut module = wasm_encoder::Module::new();
    for payload in Parser::new(0).parse_all(metered) {
        let payload = payload.unwrap();
        if let Payload::ExportSection(section) = payload {
            let mut exports = ExportSection::new();
            RoundtripReencoder.parse_export_section(&mut exports, section).unwrap();
            for index in 0..own {
                exports.export(&global_name(index), ExportKind::Global, index);
            }
            module.section(&exports);
        } else if let Some((id, range)) = payload.as_section() {
            let data = &metered[range.start as usize..range.end as usize];
            module.section(&RawSection { id, data });
        }
    }
    module.finish()
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

/// Runs a program on both machines, and says how it ended.
fn run_both(metered: &Translated, plain: &Prepared<'_>, globals: u32, argument: i32) -> Result<End, String> {
    let mut ours = metered.program();
    ours.set_stack(i32::MAX);
    ours.set_ink(BUDGET_INK);
    let end = ours.call(argument);
    let mut theirs = plain.instance(BUDGET_INK);
    let other_end = theirs.call(ENTRYPOINT, argument);

    let counters = (ours.ink_left(), ours.ink_status() != 0);
    let other_counters = (theirs.ink_left, theirs.is_exhausted);
    if (&end, counters) != (&other_end, other_counters) {
        return Err(format!("{end:?} {counters:?} against {other_end:?} {other_counters:?}"));
    }
    if let End::Status(_) = end
        && theirs.counted_ink != BUDGET_INK - theirs.ink_left
    {
        return Err(format!("{} ink of operators that ran, {:?}", theirs.counted_ink, counters));
    }
    let own: Vec<u64> = (0..globals).map(|index| ours.number(&global_name(index))).collect();
    if own != theirs.globals {
        return Err(format!("globals {own:x?} against {:x?}", theirs.globals));
    }
    if ours.memory() != theirs.memory {
        return Err("different memories".to_owned());
    }
    Ok(end)
}

/// Compares `wanted` programs: those with the numbers `first`, `first + THREADS` and so on.
fn compare(first: u64, wanted: u64) -> Tally {
    let mut tally = Tally::default();
    let mut numbers = (first..).step_by(THREADS as usize);
    while tally.compared < wanted {
        assert!(tally.refused <= 20 + wanted / 5, "{tally:?}");
        let number = numbers.next().unwrap();
        let Some(program) = random_program(&mut Noise::of(number), tally.compared % 2 == 0) else {
            tally.refused += 1;
            continue;
        };
        let activated = match activate_wasm(program.clone(), &ActivationConfig::default()) {
            Ok(activated) => activated,
            Err(error) => {
                println!("refused: {error}");
                tally.refused += 1;
                continue;
            }
        };
        let module = Module::parse(&program, 51).unwrap();
        let globals = module.globals.len() as u32;
        let instrumented = with_globals(&activated.instrumented, globals);
        let Ok(metered) = std::panic::catch_unwind(|| Translated::new(&instrumented)) else {
            tally.untranslatable += 1;
            continue;
        };
        let plain = Prepared::new(&module);
        for argument in [0, 1, -1, 0x1234_5678] {
            match run_both(&metered, &plain, globals, argument) {
                Ok(End::Status(_)) => tally.finished += 1,
                Ok(End::Trap(_)) => tally.trapped += 1,
                Ok(End::OutOfInk) => tally.exhausted += 1,
                Ok(End::OutOfStack) => panic!("program {number}: the stack was meant to be enough"),
                Err(difference) => {
                    let text = wasmprinter::print_bytes(&program).unwrap();
                    panic!("program {number}, argument {argument}: {difference}\n{text}");
                }
            }
        }
        tally.compared += 1;
    }
    tally
}

#[test]
fn random_programs_spend_the_same_ink_operator_by_operator() {
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
