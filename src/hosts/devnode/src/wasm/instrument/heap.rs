//! The charge for new pages: `memory.grow` asks the chain first.

use wasmparser::Operator;

use super::Globals;

/// Operators in the call of the paying function.
pub const PAY_OPERATORS: usize = 4;

/// Calls the imported function `pay` with the number of pages in front of each `memory.grow`.
///
/// The pages are paid for even when the memory then cannot grow.
pub fn pay<'a>(operators: Vec<Operator<'a>>, pay: u32, globals: &Globals) -> Vec<Operator<'a>> {
    let pages = Operator::GlobalGet { global_index: globals.scratch };
    let mut paid = Vec::with_capacity(operators.len());
    for operator in operators {
        if matches!(operator, Operator::MemoryGrow { .. }) {
            paid.extend([
                Operator::GlobalSet { global_index: globals.scratch },
                pages.clone(),
                Operator::Call { function_index: pay },
                pages.clone(),
            ]);
        }
        paid.push(operator);
    }
    paid
}
