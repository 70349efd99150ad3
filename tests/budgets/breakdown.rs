//! Where the gas of a transaction goes, from the two traces of the local chain: the frames, and the host calls of the programs.

use alloy_primitives::Address;
use devnode::{TraceFrame, TraceStep};

/// Ink is ten thousandths of gas.
const INK_PER_GAS: u64 = 10_000;
/// What a transaction costs before anything runs, and what a byte of calldata adds.
const INTRINSIC: u64 = 21_000;
const ZERO_BYTE: u64 = 4;
const OTHER_BYTE: u64 = 16;
/// What all refunds of writes are multiples of.
const REFUND_UNIT: u64 = 100;

/// Ink, and how often it was spent.
#[derive(Debug, Clone, Copy, Default)]
struct Part {
    ink: u64,
    times: u64,
}

impl Part {
    fn add(&mut self, ink: u64) {
        self.ink += ink;
        self.times += 1;
    }

    fn text(self) -> String {
        format!("{}({})", rounded(self.ink), self.times)
    }
}

fn rounded(ink: u64) -> u64 {
    ink.div_ceil(INK_PER_GAS)
}

/// The parts of a transaction's gas. Each is rounded up to gas, so they may add up to a few units more than the whole.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Parts {
    total_gas: u64,
    intrinsic_gas: u64,
    /// Entering a program: its record, its start, its first pages.
    entry: Part,
    reads: Part,
    writes: Part,
    tokens: Part,
    feeds: Part,
    /// What a call of one of our contracts to another costs besides what the other does: the access to its account.
    between: Part,
    logs: Part,
    /// Host calls besides these: calldata, hashes, the lock in transient storage, memory.
    host: Part,
    /// Instructions.
    compute: Part,
    /// Bytecode that calls our contracts, where one does.
    caller_ink: u64,
    refund_gas: u64,
}

/// The column headings of [`Parts::line`].
pub(crate) fn heading() -> String {
    format!(
        "{:>7} {:>9} {:>9} {:>10} {:>11} {:>10} {:>10} {:>10} {:>8} {:>9} {:>8} {:>6} {:>6}  what\n",
        "total",
        "intrinsic",
        "entry",
        "reads",
        "writes",
        "tokens",
        "feeds",
        "between",
        "logs",
        "host",
        "compute",
        "caller",
        "refund"
    )
}

impl Parts {
    /// The parts of a transaction that started one of our programs.
    pub(crate) fn of_transaction(frame: &TraceFrame, steps: &[TraceStep], tokens: &[Address]) -> Self {
        let calldata: u64 = frame.input.iter().map(|byte| if *byte == 0 { ZERO_BYTE } else { OTHER_BYTE }).sum();
        let intrinsic_gas = INTRINSIC + calldata;
        let mut parts = Self { total_gas: frame.gas_used, intrinsic_gas, ..Self::default() };
        if is_program(steps) {
            // What is left is known after the last host call, which is less than a hundred gas before the end. Refunds come in
            // hundreds; what is missing to the next is instructions.
            let last = steps.iter().rev().find(|step| step.name != "user_returned").expect("a program calls its host");
            let used = frame.gas - last.end_ink.div_ceil(INK_PER_GAS);
            parts.refund_gas = used.saturating_sub(frame.gas_used).next_multiple_of(REFUND_UNIT);
            parts.program(frame, steps, intrinsic_gas, frame.gas_used + parts.refund_gas, tokens);
        } else {
            parts.caller(frame, steps, tokens);
        }
        parts
    }

    /// The parts of a call, which pays nothing for being a transaction.
    pub(crate) fn of_view(frame: &TraceFrame, steps: &[TraceStep], tokens: &[Address]) -> Self {
        let whole = Self::of_transaction(frame, steps, tokens);
        Self { total_gas: whole.total_gas - whole.intrinsic_gas, intrinsic_gas: 0, ..whole }
    }

    /// Gas in all.
    pub(crate) fn total_gas(&self) -> u64 {
        self.total_gas
    }

    /// Adds a program that used `used_gas`, of which `before_gas` before it was called.
    fn program(&mut self, frame: &TraceFrame, steps: &[TraceStep], before_gas: u64, used_gas: u64, tokens: &[Address]) {
        let (first, last) = (&steps[0], steps.last().expect("a program has steps"));
        assert_eq!((first.name.as_str(), last.name.as_str()), ("user_entrypoint", "user_returned"));
        let entry_ink = (frame.gas - before_gas) * INK_PER_GAS - first.start_ink;
        self.entry.add(entry_ink);
        let mut host_ink = 0;
        let mut callees = frame.calls.iter();
        for step in &steps[1..steps.len() - 1] {
            let ink = step.start_ink - step.end_ink;
            host_ink += ink;
            let Some(inner) = &step.steps else {
                self.host_call(&step.name, ink);
                continue;
            };
            let callee = callees.next().expect("a frame for each call");
            let to = callee.to.expect("a call goes to somebody");
            assert_eq!(Some(to), step.address, "frames and host calls come in the same order");
            if is_program(inner) {
                self.between.add(ink - callee.gas_used * INK_PER_GAS);
                self.program(callee, inner, 0, callee.gas_used, tokens);
            } else if tokens.contains(&to) {
                self.tokens.add(ink);
            } else {
                self.feeds.add(ink);
            }
        }
        self.compute.add(((used_gas - before_gas) * INK_PER_GAS).saturating_sub(entry_ink + host_ink));
    }

    fn host_call(&mut self, name: &str, ink: u64) {
        let part = match name {
            "storage_load_bytes32" => &mut self.reads,
            "storage_cache_bytes32" => &mut self.writes,
            "emit_log" => &mut self.logs,
            "storage_flush_cache" => {
                // Pays for what was cached: counted there.
                self.writes.ink += ink;
                return;
            }
            _ => &mut self.host,
        };
        part.add(ink);
    }

    /// Bytecode that calls our contracts: what it costs besides is its own, and so is what it gets back.
    fn caller(&mut self, frame: &TraceFrame, steps: &[TraceStep], tokens: &[Address]) {
        let mut inside_gas = 0;
        let programs = steps.iter().filter_map(|step| step.steps.as_deref().filter(|inner| is_program(inner)));
        let mut programs = programs.peekable();
        for callee in &frame.calls {
            inside_gas += callee.gas_used;
            let steps = programs.next().expect("each call goes to a program");
            self.program(callee, steps, 0, callee.gas_used, tokens);
        }
        self.caller_ink = (frame.gas_used.saturating_sub(self.intrinsic_gas + inside_gas)) * INK_PER_GAS;
        self.refund_gas = (self.intrinsic_gas + inside_gas).saturating_sub(frame.gas_used);
    }

    /// One row of the table.
    pub(crate) fn line(&self, what: &str) -> String {
        format!(
            "{:>7} {:>9} {:>9} {:>10} {:>11} {:>10} {:>10} {:>10} {:>8} {:>9} {:>8} {:>6} {:>6}  {what}\n",
            self.total_gas,
            self.intrinsic_gas,
            self.entry.text(),
            self.reads.text(),
            self.writes.text(),
            self.tokens.text(),
            self.feeds.text(),
            self.between.text(),
            self.logs.text(),
            self.host.text(),
            rounded(self.compute.ink),
            rounded(self.caller_ink),
            self.refund_gas,
        )
    }
}

fn is_program(steps: &[TraceStep]) -> bool {
    steps.first().is_some_and(|step| step.name == "user_entrypoint")
}
