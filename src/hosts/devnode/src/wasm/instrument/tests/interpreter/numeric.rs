//! The operators that only compute or touch memory: what each costs and what it does, in one line each.
//!
//! Both columns are typed from the description of the chain and of WebAssembly, not from the table the passes use.

use wasmi::TrapCode;
use wasmparser::Operator;

/// Values on the stack; an `i32` has its upper half zero.
pub(super) type Stack = Vec<u64>;
type Done = Result<(), TrapCode>;

/// Operators without operands in the code: name, ink, shape of the operation, operation.
macro_rules! computing {
    ($($operator:ident $ink:literal $shape:ident $action:expr;)*) => {
        fn computing_ink(operator: &Operator<'_>) -> Option<u64> {
            match operator {
                $(Operator::$operator => Some($ink),)*
                _ => None,
            }
        }

        /// Runs an operator that computes; `None` for another.
        pub(super) fn compute(operator: &Operator<'_>, stack: &mut Stack) -> Option<Done> {
            match operator {
                $(Operator::$operator => Some($shape(stack, $action)),)*
                _ => None,
            }
        }
    };
}

/// Operators with an offset in the code: name, ink, load or store, bytes, and what a loaded number becomes.
macro_rules! touching {
    ($($operator:ident $ink:literal $shape:ident $bytes:literal $extend:expr;)*) => {
        fn touching_ink(operator: &Operator<'_>) -> Option<u64> {
            match operator {
                $(Operator::$operator { .. } => Some($ink),)*
                _ => None,
            }
        }

        /// Runs a load or a store; `None` for another operator.
        pub(super) fn touch(operator: &Operator<'_>, stack: &mut Stack, memory: &mut [u8]) -> Option<Done> {
            match operator {
                $(Operator::$operator { memarg } => Some($shape::<$bytes>(stack, memory, memarg.offset, $extend)),)*
                _ => None,
            }
        }
    };
}

/// The ink of an operator of either table.
pub(super) fn ink(operator: &Operator<'_>) -> Option<u64> {
    computing_ink(operator).or_else(|| touching_ink(operator))
}

computing! {
    I32Eqz 170 short_unary |a| u32::from(a == 0);
    I32Eq 170 short_test |a, b| a == b;
    I32Ne 170 short_test |a, b| a != b;
    I32LtS 170 short_test |a, b| signed(a) < signed(b);
    I32LtU 170 short_test |a, b| a < b;
    I32GtS 170 short_test |a, b| signed(a) > signed(b);
    I32GtU 170 short_test |a, b| a > b;
    I32LeS 170 short_test |a, b| signed(a) <= signed(b);
    I32LeU 170 short_test |a, b| a <= b;
    I32GeS 170 short_test |a, b| signed(a) >= signed(b);
    I32GeU 170 short_test |a, b| a >= b;

    I64Eqz 225 long_unary |a| u64::from(a == 0);
    I64Eq 225 long_test |a, b| a == b;
    I64Ne 225 long_test |a, b| a != b;
    I64LtS 225 long_test |a, b| signed_long(a) < signed_long(b);
    I64LtU 225 long_test |a, b| a < b;
    I64GtS 225 long_test |a, b| signed_long(a) > signed_long(b);
    I64GtU 225 long_test |a, b| a > b;
    I64LeS 225 long_test |a, b| signed_long(a) <= signed_long(b);
    I64LeU 225 long_test |a, b| a <= b;
    I64GeS 225 long_test |a, b| signed_long(a) >= signed_long(b);
    I64GeU 225 long_test |a, b| a >= b;

    I32Clz 210 short_unary |a| a.leading_zeros();
    I32Ctz 210 short_unary |a| a.trailing_zeros();
    I32Popcnt 2_650 short_unary |a| a.count_ones();
    I32Add 70 short |a, b| Ok(a.wrapping_add(b));
    I32Sub 70 short |a, b| Ok(a.wrapping_sub(b));
    I32Mul 160 short |a, b| Ok(a.wrapping_mul(b));
    I32DivS 1_120 short |a, b| quotient(signed(a).checked_div(signed(b)), b == 0).map(i32::cast_unsigned);
    I32DivU 1_120 short |a, b| quotient(a.checked_div(b), b == 0);
    I32RemS 1_120 short |a, b| divisor(b == 0).map(|()| signed(a).wrapping_rem(signed(b)).cast_unsigned());
    I32RemU 1_120 short |a, b| quotient(a.checked_rem(b), b == 0);
    I32And 70 short |a, b| Ok(a & b);
    I32Or 70 short |a, b| Ok(a | b);
    I32Xor 70 short |a, b| Ok(a ^ b);
    I32Shl 70 short |a, b| Ok(a << (b % 32));
    I32ShrS 70 short |a, b| Ok((signed(a) >> (b % 32)).cast_unsigned());
    I32ShrU 70 short |a, b| Ok(a >> (b % 32));
    I32Rotl 70 short |a, b| Ok(a.rotate_left(b % 32));
    I32Rotr 70 short |a, b| Ok(a.rotate_right(b % 32));

    I64Clz 210 long_unary |a| u64::from(a.leading_zeros());
    I64Ctz 210 long_unary |a| u64::from(a.trailing_zeros());
    I64Popcnt 6_000 long_unary |a| u64::from(a.count_ones());
    I64Add 100 long |a, b| Ok(a.wrapping_add(b));
    I64Sub 100 long |a, b| Ok(a.wrapping_sub(b));
    I64Mul 160 long |a, b| Ok(a.wrapping_mul(b));
    I64DivS 1_270 long |a, b| quotient(signed_long(a).checked_div(signed_long(b)), b == 0).map(i64::cast_unsigned);
    I64DivU 1_270 long |a, b| quotient(a.checked_div(b), b == 0);
    I64RemS 1_270 long |a, b| divisor(b == 0).map(|()| signed_long(a).wrapping_rem(signed_long(b)).cast_unsigned());
    I64RemU 1_270 long |a, b| quotient(a.checked_rem(b), b == 0);
    I64And 100 long |a, b| Ok(a & b);
    I64Or 100 long |a, b| Ok(a | b);
    I64Xor 100 long |a, b| Ok(a ^ b);
    I64Shl 100 long |a, b| Ok(a << (b % 64));
    I64ShrS 100 long |a, b| Ok((signed_long(a) >> (b % 64)).cast_unsigned());
    I64ShrU 100 long |a, b| Ok(a >> (b % 64));
    I64Rotl 100 long |a, b| Ok(a.rotate_left((b % 64) as u32));
    I64Rotr 100 long |a, b| Ok(a.rotate_right((b % 64) as u32));

    I32WrapI64 100 long_unary |a| a & u64::from(u32::MAX);
    I64ExtendI32S 100 long_unary |a| i64::from(a as u32 as i32).cast_unsigned();
    I64ExtendI32U 100 long_unary |a| a;
    I32Extend8S 100 short_unary |a| i32::from(a as u8 as i8).cast_unsigned();
    I32Extend16S 100 short_unary |a| i32::from(a as u16 as i16).cast_unsigned();
    I64Extend8S 100 long_unary |a| i64::from(a as u8 as i8).cast_unsigned();
    I64Extend16S 100 long_unary |a| i64::from(a as u16 as i16).cast_unsigned();
    I64Extend32S 100 long_unary |a| i64::from(a as u32 as i32).cast_unsigned();
}

touching! {
    I32Load 670 load 4 |raw| raw;
    I32Load8U 670 load 1 |raw| raw;
    I32Load8S 670 load 1 |raw| u64::from(i32::from(raw as u8 as i8).cast_unsigned());
    I32Load16U 670 load 2 |raw| raw;
    I32Load16S 670 load 2 |raw| u64::from(i32::from(raw as u16 as i16).cast_unsigned());
    I64Load 680 load 8 |raw| raw;
    I64Load8U 680 load 1 |raw| raw;
    I64Load8S 680 load 1 |raw| i64::from(raw as u8 as i8).cast_unsigned();
    I64Load16U 680 load 2 |raw| raw;
    I64Load16S 680 load 2 |raw| i64::from(raw as u16 as i16).cast_unsigned();
    I64Load32U 680 load 4 |raw| raw;
    I64Load32S 680 load 4 |raw| i64::from(raw as u32 as i32).cast_unsigned();
    I32Store 825 store 4 |raw| raw;
    I32Store8 825 store 1 |raw| raw;
    I32Store16 825 store 2 |raw| raw;
    I64Store 950 store 8 |raw| raw;
    I64Store8 950 store 1 |raw| raw;
    I64Store16 950 store 2 |raw| raw;
    I64Store32 950 store 4 |raw| raw;
}

const fn signed(number: u32) -> i32 {
    number.cast_signed()
}

const fn signed_long(number: u64) -> i64 {
    number.cast_signed()
}

fn divisor(is_zero: bool) -> Done {
    if is_zero { Err(TrapCode::IntegerDivisionByZero) } else { Ok(()) }
}

/// A quotient, which is missing for a divisor of zero, and for the lowest number divided by minus one.
fn quotient<N>(found: Option<N>, by_zero: bool) -> Result<N, TrapCode> {
    divisor(by_zero)?;
    found.ok_or(TrapCode::IntegerOverflow)
}

pub(super) fn pop(stack: &mut Stack) -> u64 {
    stack.pop().expect("valid code does not pop an empty stack")
}

pub(super) fn pop_short(stack: &mut Stack) -> u32 {
    pop(stack) as u32
}

fn long(stack: &mut Stack, action: impl FnOnce(u64, u64) -> Result<u64, TrapCode>) -> Done {
    let (b, a) = (pop(stack), pop(stack));
    stack.push(action(a, b)?);
    Ok(())
}

fn short(stack: &mut Stack, action: impl FnOnce(u32, u32) -> Result<u32, TrapCode>) -> Done {
    let (b, a) = (pop_short(stack), pop_short(stack));
    stack.push(action(a, b)?.into());
    Ok(())
}

fn long_test(stack: &mut Stack, action: impl FnOnce(u64, u64) -> bool) -> Done {
    long(stack, |a, b| Ok(action(a, b).into()))
}

fn short_test(stack: &mut Stack, action: impl FnOnce(u32, u32) -> bool) -> Done {
    short(stack, |a, b| Ok(action(a, b).into()))
}

fn long_unary(stack: &mut Stack, action: impl FnOnce(u64) -> u64) -> Done {
    let a = pop(stack);
    stack.push(action(a));
    Ok(())
}

fn short_unary(stack: &mut Stack, action: impl FnOnce(u32) -> u32) -> Done {
    long_unary(stack, |a| action(a as u32).into())
}

/// The bytes of memory an access means, which must all be there.
pub(super) fn range(memory: &[u8], address: u32, offset: u64, bytes: u64) -> Result<std::ops::Range<usize>, TrapCode> {
    let start = u64::from(address) + offset;
    let end = start + bytes;
    if end > memory.len() as u64 { Err(TrapCode::MemoryOutOfBounds) } else { Ok(start as usize..end as usize) }
}

fn load<const BYTES: usize>(
    stack: &mut Stack,
    memory: &mut [u8],
    offset: u64,
    extend: impl FnOnce(u64) -> u64,
) -> Done {
    let address = pop_short(stack);
    let mut raw = [0; 8];
    raw[..BYTES].copy_from_slice(&memory[range(memory, address, offset, BYTES as u64)?]);
    stack.push(extend(u64::from_le_bytes(raw)));
    Ok(())
}

fn store<const BYTES: usize>(
    stack: &mut Stack,
    memory: &mut [u8],
    offset: u64,
    extend: impl FnOnce(u64) -> u64,
) -> Done {
    let (value, address) = (extend(pop(stack)), pop_short(stack));
    let place = range(memory, address, offset, BYTES as u64)?;
    memory[place].copy_from_slice(&value.to_le_bytes()[..BYTES]);
    Ok(())
}
