//! The depth checker: each call takes the size of its frame from a stack counted in words.
//!
//! The size of a frame is an estimate that the chain has fixed: the highest stack of a simple
//! walk over the metered code, the declared locals, and four words more. It is not the exact
//! height a validator would compute; the rules of the walk below are the chain's.

use wasmparser::{BlockType, Operator};

use super::Globals;
use crate::wasm::module::Module;

/// Words of a frame besides its values and locals.
const FRAME_OVERHEAD_WORDS: u64 = 4;

/// What one call of a function takes from the stack.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Frame {
    /// Most values on the operand stack at once.
    pub live_values: u64,
    /// Size in words: values, declared locals and four.
    pub words: u64,
}

/// Measures the frame of a function from its metered operators.
///
/// Example: a body that only returns a constant reaches 1 + 2 values, of which the meter has put
/// two on top of the constant, and takes 7 words.
pub fn frame(operators: &[Operator<'_>], declared_locals: u64, module: &Module<'_>) -> Frame {
    let mut walk = Walk { height: 0, highest: 0, scopes: vec![0], module };
    for operator in operators {
        walk.step(operator);
    }
    Frame { live_values: walk.highest, words: walk.highest + declared_locals + FRAME_OVERHEAD_WORDS }
}

/// Takes the frame from the stack at entry and gives it back before every `return`.
///
/// A `return` is added before the final `end`, so that falling off the end gives it back as well.
/// A branch to the outermost label does not: that much stack is lost until the program ends.
pub fn check<'a>(mut operators: Vec<Operator<'a>>, frame: Frame, globals: &Globals) -> Vec<Operator<'a>> {
    // Frames beyond the limit, which is far below 2^31, are refused before the code can run.
    let words = Operator::I32Const { value: i32::try_from(frame.words).unwrap_or(i32::MAX) };
    let stack_left = Operator::GlobalGet { global_index: globals.stack_left };
    let set_stack_left = Operator::GlobalSet { global_index: globals.stack_left };

    let mut checked = Vec::with_capacity(operators.len() + 24);
    checked.extend([
        stack_left.clone(),
        words.clone(),
        Operator::I32LeU,
        Operator::If { blockty: BlockType::Empty },
        Operator::I32Const { value: 0 },
        set_stack_left.clone(),
        Operator::Unreachable,
        Operator::End,
        stack_left.clone(),
        words.clone(),
        Operator::I32Sub,
        set_stack_left.clone(),
    ]);
    let final_end = operators.pop();
    for operator in operators.into_iter().chain([Operator::Return]).chain(final_end) {
        if matches!(operator, Operator::Return) {
            checked.extend([stack_left.clone(), words.clone(), Operator::I32Add, set_stack_left.clone()]);
        }
        checked.push(operator);
    }
    checked
}

struct Walk<'m, 'a> {
    height: u64,
    highest: u64,
    /// The height after the opening operator of each open block, the function's own first.
    scopes: Vec<u64>,
    module: &'m Module<'a>,
}

impl Walk<'_, '_> {
    fn push(&mut self, values: u64) {
        self.height += values;
        self.highest = self.highest.max(self.height);
    }

    /// Stops at zero: in code that cannot be reached the walk may take more than it has put.
    fn pop(&mut self, values: u64) {
        self.height = self.height.saturating_sub(values);
    }

    /// Opens a block, with room for its results from the beginning.
    fn open(&mut self, block_type: BlockType) {
        match block_type {
            BlockType::Empty => {}
            BlockType::Type(_) => self.push(1),
            BlockType::FuncType(type_index) => {
                let (parameters, results) = self.arity(type_index);
                self.push(results);
                self.pop(parameters);
            }
        }
        self.scopes.push(self.height);
    }

    fn call(&mut self, (parameters, results): (u64, u64)) {
        self.push(results);
        self.pop(parameters);
    }

    fn arity(&self, type_index: u32) -> (u64, u64) {
        let ty = self.module.types.get(type_index as usize);
        ty.map_or((0, 0), |ty| (ty.params().len() as u64, ty.results().len() as u64))
    }

    fn step(&mut self, operator: &Operator<'_>) {
        use Operator::*;
        match operator {
            Block { blockty } | Loop { blockty } => self.open(*blockty),
            If { blockty } => {
                self.pop(1);
                self.open(*blockty);
            }
            Else => self.height = self.scopes.last().copied().unwrap_or(0),
            End => self.height = self.scopes.pop().unwrap_or(0),

            Call { function_index } => {
                let ty = self.module.function_type(*function_index);
                self.call(ty.map_or((0, 0), |ty| (ty.params().len() as u64, ty.results().len() as u64)));
            }
            CallIndirect { type_index, .. } => {
                self.call(self.arity(*type_index));
                self.pop(1);
            }

            I32Const { .. } | I64Const { .. } | F32Const { .. } | F64Const { .. } => self.push(1),
            LocalGet { .. } | GlobalGet { .. } | MemorySize { .. } => self.push(1),

            Drop | LocalSet { .. } | GlobalSet { .. } | BrIf { .. } | BrTable { .. } => self.pop(1),
            Select => self.pop(2),
            MemoryCopy { .. } | MemoryFill { .. } => self.pop(3),
            I32Store { .. } | I32Store8 { .. } | I32Store16 { .. } | F32Store { .. } => self.pop(2),
            I64Store { .. } | I64Store8 { .. } | I64Store16 { .. } | I64Store32 { .. } => {
                self.pop(2);
            }
            F64Store { .. } => self.pop(2),

            I32Eq | I32Ne | I32LtS | I32LtU | I32GtS | I32GtU | I32LeS | I32LeU | I32GeS | I32GeU | I32Add | I32Sub
            | I32Mul | I32DivS | I32DivU | I32RemS | I32RemU | I32And | I32Or | I32Xor | I32Shl | I32ShrS | I32ShrU
            | I32Rotl | I32Rotr => {
                self.pop(1);
            }
            I64Eq | I64Ne | I64LtS | I64LtU | I64GtS | I64GtU | I64LeS | I64LeU | I64GeS | I64GeU | I64Add | I64Sub
            | I64Mul | I64DivS | I64DivU | I64RemS | I64RemU | I64And | I64Or | I64Xor | I64Shl | I64ShrS | I64ShrU
            | I64Rotl | I64Rotr => {
                self.pop(1);
            }

            // One value in, one value out; or a jump, after which the height is set by `else` or
            // `end`; or nothing at all.
            _ => {}
        }
    }
}
