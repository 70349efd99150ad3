//! The atoms from which the prices of host calls are put together.

/// Ink every host call pays for the crossing itself.
pub const HOSTIO: u64 = 8_400;
/// Ink for each pointer to a 20- or 32-byte value that a host call follows.
pub const PTR: u64 = 5_040;
/// Ink for a host call that has to ask the chain.
pub const EVM_API: u64 = 59_673;
/// Ink for a 256-bit division or remainder.
pub const DIV: u64 = 20_000;
/// Ink for a 256-bit addition modulo a third number.
pub const ADDMOD: u64 = 21_000;
/// Ink for a 256-bit multiplication modulo a third number.
pub const MULMOD: u64 = 24_100;

/// Bytes that a copy in either direction moves before the price per byte starts.
const FREE_COPY_BYTES: u64 = 32;

/// Ink for the host to write `bytes` bytes into the program's memory: `5 040 + 30·max(bytes − 32, 0)`.
///
/// Example: 100 bytes cost 7 080.
pub const fn write_ink(bytes: u32) -> u64 {
    5_040 + 30 * (bytes as u64).saturating_sub(FREE_COPY_BYTES)
}

/// Ink for the host to read `bytes` bytes of the program's memory: `16 381 + 55·max(bytes − 32, 0)`.
///
/// Example: 100 bytes cost 20 121.
pub const fn read_ink(bytes: u32) -> u64 {
    16_381 + 55 * (bytes as u64).saturating_sub(FREE_COPY_BYTES)
}

/// Ink to hash `bytes` bytes: `121 800 + 21 000·max(⌈bytes/32⌉ − 2, 0)`.
///
/// Example: 100 bytes are four words and cost 163 800.
pub const fn keccak_ink(bytes: u32) -> u64 {
    121_800 + 21_000 * (bytes as u64).div_ceil(32).saturating_sub(2)
}

/// Ink to raise a 256-bit number to a big-endian `exponent`: `3 000 + 17 500·(33 − leading zero bytes)`.
///
/// Example: an exponent of one significant byte costs 38 000.
pub fn pow_ink(exponent: &[u8; 32]) -> u64 {
    let mut significant_bytes = 32;
    for byte in exponent {
        if *byte != 0 {
            break;
        }
        significant_bytes -= 1;
    }
    3_000 + 17_500 * (significant_bytes + 1)
}

/// Ink that `gas` buys at `ink_price` ink a unit; saturates at `u64::MAX`.
pub const fn gas_to_ink(gas: u64, ink_price: u32) -> u64 {
    gas.saturating_mul(ink_price as u64)
}
