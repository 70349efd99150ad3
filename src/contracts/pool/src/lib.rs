//! The pool contract.
#![cfg_attr(not(any(test, feature = "export-abi")), no_main)]
#![cfg_attr(not(feature = "export-abi"), deny(missing_docs))]
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

extern crate alloc;

use alloc::vec::Vec;

use alloy_primitives::Address;
use interface::IPool;

mod parameters;
mod storage;
mod views;

pub use storage::Pool;

common::routes! {
    Pool {
        constructor(owner: Address, vault: Address, reserve: Address);
        anytime {
            IPool::vaultCall => vault();
        }
        views {}
        writes {}
    }
}
