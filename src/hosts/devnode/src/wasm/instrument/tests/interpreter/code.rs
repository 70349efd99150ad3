//! A function taken apart for the second machine: where its blocks end, and what each operator costs.

use std::collections::HashMap;

use wasmparser::{FuncType, Operator};

use super::numeric::ink;
use crate::wasm::module::Module;

/// A function made ready to run.
pub(super) struct Code<'a> {
    pub(super) ty: &'a FuncType,
    pub(super) locals: usize,
    pub(super) operators: &'a [Operator<'a>],
    pub(super) ink: Vec<u64>,
    /// For `block`, `loop`, `if` and `else`, where their `end` is.
    pub(super) ends: HashMap<usize, usize>,
    /// For an `if` that has one, where its `else` is.
    pub(super) elses: HashMap<usize, usize>,
}

impl<'a> Code<'a> {
    pub(super) fn new(module: &'a Module<'a>, index: usize) -> Self {
        let function = &module.functions[index];
        let operators = &function.operators;
        let (mut ends, mut elses, mut open) = (HashMap::new(), HashMap::new(), Vec::new());
        for (at, operator) in operators.iter().enumerate() {
            match operator {
                Operator::Block { .. } | Operator::Loop { .. } | Operator::If { .. } => open.push(vec![at]),
                Operator::Else => {
                    let opened = open.last_mut().expect("an else is inside an if");
                    elses.insert(opened[0], at);
                    opened.push(at);
                }
                // The last one ends the function itself.
                Operator::End => ends.extend(open.pop().unwrap_or_default().into_iter().map(|opened| (opened, at))),
                _ => {}
            }
        }
        Self {
            ty: &module.types[function.type_index as usize],
            locals: function.declared_locals() as usize,
            operators,
            ink: operators.iter().map(|operator| operator_ink(operator, &module.types)).collect(),
            ends,
            elses,
        }
    }

    /// The ink of each operator from `at` to the end of the basic block.
    pub(super) fn block_ink(&self, at: usize) -> impl Iterator<Item = u64> {
        let length = 1 + self.operators[at..].iter().position(is_last_of_block).expect("a function has an end");
        self.ink[at..at + length].iter().copied()
    }
}

/// The ink of one operator, typed a second time from the description of the chain.
fn operator_ink(operator: &Operator<'_>, types: &[FuncType]) -> u64 {
    use Operator::*;
    match operator {
        Unreachable | Return | Nop | Block { .. } | Loop { .. } | Else | End | I32Const { .. } | I64Const { .. } => 1,
        Drop => 9,
        Br { .. } | BrIf { .. } | If { .. } => 765,
        BrTable { targets } => 2_400 + 325 * u64::from(targets.len()),
        Select => 1_250,
        Call { .. } => 3_800,
        CallIndirect { type_index, .. } => 13_610 + 650 * types[*type_index as usize].params().len() as u64,
        LocalGet { .. } | LocalTee { .. } => 75,
        LocalSet { .. } => 210,
        GlobalGet { .. } => 225,
        GlobalSet { .. } => 575,
        MemoryCopy { .. } | MemoryFill { .. } => 950,
        MemorySize { .. } => 3_000,
        MemoryGrow { .. } => 8_050,
        other => ink(other).unwrap_or_else(|| panic!("no price for {other:?}")),
    }
}

/// Whether the operator after this one is the first of another basic block.
fn is_last_of_block(operator: &Operator<'_>) -> bool {
    use Operator::*;
    let is_branch = matches!(operator, Br { .. } | BrIf { .. } | BrTable { .. } | Return);
    let is_call = matches!(operator, Call { .. } | CallIndirect { .. });
    is_branch || is_call || matches!(operator, Loop { .. } | If { .. } | Else | End)
}
