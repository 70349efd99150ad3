//! The charge per byte for `memory.copy` and `memory.fill`, whose length is known only at run time.

use wasmparser::{BlockType, Operator};

use super::Globals;

/// Operators in the charge of one bulk operation.
pub const CHARGE_OPERATORS: usize = 17;

/// Puts a charge of `byte_ink` a byte in front of each bulk operation.
pub fn charge<'a>(operators: Vec<Operator<'a>>, byte_ink: u32, globals: &Globals) -> Vec<Operator<'a>> {
    let mut charged = Vec::with_capacity(operators.len());
    for operator in operators {
        if matches!(operator, Operator::MemoryCopy { .. } | Operator::MemoryFill { .. }) {
            charged.extend(charge_by_length(byte_ink, globals));
        }
        charged.push(operator);
    }
    charged
}

/// The length is on top of the stack before and after.
///
/// The new ink is computed first and compared with the old: it is larger exactly when the
/// subtraction wrapped, because the charge is less than 2^64.
fn charge_by_length<'a>(byte_ink: u32, globals: &Globals) -> [Operator<'a>; CHARGE_OPERATORS] {
    let ink_left = Operator::GlobalGet { global_index: globals.ink_left };
    let length = Operator::GlobalGet { global_index: globals.scratch };
    [
        Operator::GlobalSet { global_index: globals.scratch },
        // The old ink stays below for the comparison.
        ink_left.clone(),
        ink_left.clone(),
        length.clone(),
        Operator::I64ExtendI32U,
        Operator::I64Const { value: i64::from(byte_ink) },
        Operator::I64Mul,
        Operator::I64Sub,
        Operator::GlobalSet { global_index: globals.ink_left },
        ink_left,
        Operator::I64LtU,
        Operator::If { blockty: BlockType::Empty },
        Operator::I32Const { value: 1 },
        Operator::GlobalSet { global_index: globals.ink_status },
        Operator::Unreachable,
        Operator::End,
        length,
    ]
}
