//! What things cost: operators, host calls, memory pages, entering a program and activating one.
//!
//! Everything here is a pure function of its arguments. *Ink* is the unit a program runs in; one
//! unit of gas buys `ink_price` ink (10 000 unless the chain's owner changed it).

mod hostio;
mod operators;
mod pages;
mod program;
#[cfg(test)]
mod tests;

pub use hostio::{ADDMOD, DIV, EVM_API, HOSTIO, MULMOD, PTR, gas_to_ink, keccak_ink, pow_ink, read_ink, write_ink};
pub use operators::{BLOCK_HEADER_INK, BULK_BYTE_INK, Pricing, operator_ink};
pub use pages::{MAX_PAGES, page_gas, page_ramp_gas};
pub use program::{FIXED_ACTIVATION_GAS, ProgramShape, cached_gas, init_gas};
