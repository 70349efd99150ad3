//! The ink price of each WebAssembly operator.

use wasmparser::{FuncType, Operator};

/// Ink for the check in front of each basic block.
pub const BLOCK_HEADER_INK: u64 = 2_450;
/// Ink for each byte that `memory.copy` or `memory.fill` is asked to move.
pub const BULK_BYTE_INK: u32 = 100;

/// The prices the metering passes write into a module.
#[derive(Clone, Copy, Debug)]
pub struct Pricing {
    /// Ink for the header of a basic block.
    pub header_ink: u64,
    /// Ink for each byte of a bulk memory operation.
    pub bulk_byte_ink: u32,
    /// Ink for one operator, given the types of the module it stands in.
    pub operator_ink: fn(&Operator<'_>, &[FuncType]) -> u64,
}

impl Pricing {
    /// The prices of the chain.
    pub const CHAIN: Self = Self { header_ink: BLOCK_HEADER_INK, bulk_byte_ink: BULK_BYTE_INK, operator_ink };
}

/// Ink for one operator; `u64::MAX`, which no one can pay, for an operator without a price.
///
/// A `br_table` costs `2 400 + 325·targets` without counting the default target, a
/// `call_indirect` `13 610 + 650·parameters` of the type it names in `types`.
/// The price per byte of a bulk operation and the charge for new pages come on top.
///
/// Example: `i32.add` costs 70, a `br_table` with two targets and a default 3 050.
pub fn operator_ink(operator: &Operator<'_>, types: &[FuncType]) -> u64 {
    use Operator::*;
    match operator {
        Unreachable | Return | Nop | Block { .. } | Loop { .. } | Else | End => 1,
        I32Const { .. } | I64Const { .. } => 1,
        Drop => 9,
        Br { .. } | BrIf { .. } | If { .. } => 765,
        Select => 1_250,
        Call { .. } => 3_800,
        CallIndirect { type_index, .. } => {
            types.get(*type_index as usize).map_or(u64::MAX, |ty| 13_610 + 650 * ty.params().len() as u64)
        }
        BrTable { targets } => 2_400 + 325 * u64::from(targets.len()),

        LocalGet { .. } | LocalTee { .. } => 75,
        LocalSet { .. } => 210,
        GlobalGet { .. } => 225,
        GlobalSet { .. } => 575,

        I32Load { .. } | I32Load8S { .. } | I32Load8U { .. } | I32Load16S { .. } | I32Load16U { .. } => 670,
        I64Load { .. }
        | I64Load8S { .. }
        | I64Load8U { .. }
        | I64Load16S { .. }
        | I64Load16U { .. }
        | I64Load32S { .. }
        | I64Load32U { .. } => 680,
        I32Store { .. } | I32Store8 { .. } | I32Store16 { .. } => 825,
        I64Store { .. } | I64Store8 { .. } | I64Store16 { .. } | I64Store32 { .. } => 950,
        MemoryCopy { .. } | MemoryFill { .. } => 950,
        MemorySize { .. } => 3_000,
        MemoryGrow { .. } => 8_050,

        I32Add | I32Sub | I32And | I32Or | I32Xor | I32Shl | I32ShrS | I32ShrU | I32Rotl | I32Rotr => 70,
        I64Add | I64Sub | I64And | I64Or | I64Xor | I64Shl | I64ShrS | I64ShrU | I64Rotl | I64Rotr => 100,
        I32Mul | I64Mul => 160,
        I32DivS | I32DivU | I32RemS | I32RemU => 1_120,
        I64DivS | I64DivU | I64RemS | I64RemU => 1_270,
        I32Clz | I32Ctz | I64Clz | I64Ctz => 210,
        I32Popcnt => 2_650,
        I64Popcnt => 6_000,

        I32Eqz | I32Eq | I32Ne | I32LtS | I32LtU | I32GtS | I32GtU | I32LeS | I32LeU | I32GeS | I32GeU => 170,
        I64Eqz | I64Eq | I64Ne | I64LtS | I64LtU | I64GtS | I64GtU | I64LeS | I64LeU | I64GeS | I64GeU => 225,
        I32WrapI64 | I64ExtendI32S | I64ExtendI32U | I32Extend8S | I32Extend16S | I64Extend8S | I64Extend16S
        | I64Extend32S => 100,

        _ => u64::MAX,
    }
}
