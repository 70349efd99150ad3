//! The ink meter: a check in front of every basic block.
//!
//! A block ends with an operator after which the next one may not run, or may run from somewhere
//! else. Code that can never be reached is metered like any other.

use wasmparser::{BlockType, FuncType, Operator};

use super::Globals;
use crate::wasm::price::Pricing;

/// Operators in the check of one block.
pub const HEADER_OPERATORS: usize = 12;

/// Puts the price of each block in front of it.
pub fn meter<'a>(
    operators: &[Operator<'a>],
    types: &[FuncType],
    pricing: &Pricing,
    globals: &Globals,
) -> Vec<Operator<'a>> {
    let mut metered = Vec::with_capacity(operators.len() * 2);
    for block in operators.split_inclusive(ends_block) {
        let prices = block.iter().map(|operator| (pricing.operator_ink)(operator, types));
        let ink = prices.fold(pricing.header_ink, u64::saturating_add);
        metered.extend(header(ink, globals));
        metered.extend_from_slice(block);
    }
    metered
}

/// Whether `operator` is the last of its basic block.
pub fn ends_block(operator: &Operator<'_>) -> bool {
    use Operator::*;
    matches!(
        operator,
        End | Else
            | Return
            | Loop { .. }
            | Br { .. }
            | BrTable { .. }
            | BrIf { .. }
            | If { .. }
            | Call { .. }
            | CallIndirect { .. }
    )
}

fn header<'a>(ink: u64, globals: &Globals) -> [Operator<'a>; HEADER_OPERATORS] {
    let price = Operator::I64Const { value: ink.cast_signed() };
    [
        Operator::GlobalGet { global_index: globals.ink_left },
        price.clone(),
        Operator::I64LtU,
        Operator::If { blockty: BlockType::Empty },
        Operator::I32Const { value: 1 },
        Operator::GlobalSet { global_index: globals.ink_status },
        Operator::Unreachable,
        Operator::End,
        Operator::GlobalGet { global_index: globals.ink_left },
        price,
        Operator::I64Sub,
        Operator::GlobalSet { global_index: globals.ink_left },
    ]
}
