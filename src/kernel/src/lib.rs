//! The rules of Spillway as pure functions on values.
//!
//! Nothing here stores, calls or reads a clock: time, prices and balances come in as arguments, so contracts, keeper
//! and simulator decide by the same code. Where each function leaves the odd unit is in the ledger in `README.md`.
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

// What things are worth, and whether a vault is safe.
pub mod headroom;
pub mod health;
pub mod price;
pub mod ramp;

// What the oracle adds to a single feed.
pub mod breaker;
pub mod deviation;
pub mod growth;
pub mod logarithm;
pub mod volatility;

// The sale of an unsafe vault's collateral.
pub mod cure;
pub mod curve;
pub mod english;
pub mod incentive;
pub mod liquidation;
pub mod split;
pub mod stop;
pub mod take;

// The money.
pub mod books;
pub mod interest;
pub mod shares;

// The order of losses.
pub mod closed;
pub mod cooldown;
pub mod drip;
pub mod queue;
pub mod stakes;
pub mod waterfall;

// What the owner may set.
pub mod bounds;

#[cfg(test)]
mod reference;
