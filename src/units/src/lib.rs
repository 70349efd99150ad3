//! Quantities and their only arithmetic.
//!
//! A number of Spillway is a [`U256`] in one of a few scales. The scale is its type here, and the end of its name
//! where a bare number must stand (`_wad`, `_ray`, `_bps`, `_secs`, `_raw`).
//! Every operation that could leave the range answers [`OutOfRange`]; every division says which way it rounds.
#![no_std]
#![cfg_attr(
    not(test),
    deny(
        clippy::arithmetic_side_effects,
        clippy::unwrap_used,
        clippy::expect_used,
        clippy::panic,
        clippy::indexing_slicing,
        clippy::as_conversions,
        clippy::float_arithmetic
    )
)]

#[cfg(test)]
extern crate std;

mod arithmetic;
mod host;
mod quantities;

pub use alloy_primitives::U256;
pub use arithmetic::{div_down, div_up, mul_div_down, mul_div_up, rpow_half_up, ten_to, try_add, try_mul, try_sub};
pub use quantities::{
    BPS_ONE, Bps, OutOfRange, RAY_ONE, RAY_PER_BPS, Raw, Ray, Secs, Shares, WAD_ONE, WAD_PER_BPS, Wad,
};
