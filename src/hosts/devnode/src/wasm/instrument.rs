//! Makes a module count its own ink and stack.
//!
//! The passes, each of which sees the output of the one before:
//!
//! | pass | what it adds | operators |
//! |---|---|---|
//! | [`start`](fn@encode) | nothing: drops exports, turns a start function into an export | 0 |
//! | [`meter`] | a check of the ink in front of each basic block | 12 a block |
//! | [`bulk`] | a charge per byte in front of `memory.copy` and `memory.fill` | 17 an operator |
//! | [`depth`] | a check of the stack at entry, its return at each `return` | 12 + 1 + 4 a `return` |
//! | [`heap`] | a call of the paying import in front of `memory.grow` | 4 an operator |
//!
//! The order and the counts matter beyond the charge itself: the depth of a frame is measured on
//! metered code, and the price and the limits of activation depend on the number of operators.

pub mod bulk;
pub mod depth;
mod encode;
pub mod heap;
pub mod meter;
#[cfg(test)]
mod tests;

use thiserror::Error;
use wasmparser::Operator;

use super::hooks::{PAY_FOR_MEMORY_GROW, VM_HOOKS};
use super::module::Module;
use super::price::Pricing;

pub use depth::Frame;
pub use encode::encode;

/// Exported mutable `i64`: the ink that is left. After exhaustion by a bulk operation it has
/// wrapped, so [`INK_STATUS`] has to be asked first.
pub const INK_LEFT: &str = "stylus_ink_left";
/// Exported mutable `i32`: 1 when the ink is exhausted.
pub const INK_STATUS: &str = "stylus_ink_status";
/// Exported mutable `i32`: a place where the passes keep an operand.
pub const SCRATCH: &str = "stylus_scratch_global";
/// Exported mutable `i32`: the words of stack that are left; 0 when they are exhausted.
pub const STACK_LEFT: &str = "stylus_stack_left";
/// Export of the start function on debug chains.
pub const START: &str = "stylus_start";
/// Export of the function that runs the program.
pub const ENTRYPOINT: &str = "user_entrypoint";
/// Export of the program's memory.
pub const MEMORY: &str = "memory";

/// A metered module cannot be written down.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("the metered module cannot be encoded: {message}")]
pub struct InstrumentError {
    /// What the encoder objects to.
    pub message: String,
}

/// Where the injected globals are: behind the module's own, so that no index changes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Globals {
    /// Index of [`INK_LEFT`].
    pub ink_left: u32,
    /// Index of [`INK_STATUS`].
    pub ink_status: u32,
    /// Index of [`SCRATCH`].
    pub scratch: u32,
    /// Index of [`STACK_LEFT`].
    pub stack_left: u32,
}

impl Globals {
    /// The places after `own` globals of the module itself.
    pub const fn after(own: u32) -> Self {
        Self { ink_left: own, ink_status: own + 1, scratch: own + 2, stack_left: own + 3 }
    }
}

/// A function after all passes.
#[derive(Clone, Debug)]
pub struct MeteredFunction<'a> {
    /// Its operators, the final `end` included.
    pub operators: Vec<Operator<'a>>,
    /// What one call of it takes from the stack.
    pub frame: Frame,
}

/// The functions of a module after all passes.
#[derive(Clone, Debug)]
pub struct Metered<'a> {
    /// Functions with a body, in the order of the module.
    pub functions: Vec<MeteredFunction<'a>>,
    /// Where the injected globals are.
    pub globals: Globals,
}

impl Metered<'_> {
    /// Operators of all functions together.
    pub fn operators(&self) -> u64 {
        self.functions.iter().map(|function| function.operators.len() as u64).sum()
    }
}

/// Runs the passes over every function of `module`.
///
/// `memory.grow` is paid for when the memory can grow and the paying function is imported; that
/// the two go together is a rule of [`validate`](super::validate).
pub fn instrument<'a>(module: &Module<'a>, pricing: &Pricing) -> Metered<'a> {
    let globals = Globals::after(module.globals.len() as u32);
    let can_grow = module.memories.iter().any(|memory| memory.maximum != Some(memory.initial));
    let pay = module.import_index(VM_HOOKS, PAY_FOR_MEMORY_GROW).filter(|_| can_grow);
    let functions = module.functions.iter().map(|function| {
        let operators = meter::meter(&function.operators, &module.types, pricing, &globals);
        let operators = bulk::charge(operators, pricing.bulk_byte_ink, &globals);
        let frame = depth::frame(&operators, function.declared_locals(), module);
        let operators = depth::check(operators, frame, &globals);
        let operators = match pay {
            Some(pay) => heap::pay(operators, pay, &globals),
            None => operators,
        };
        MeteredFunction { operators, frame }
    });
    Metered { functions: functions.collect(), globals }
}
