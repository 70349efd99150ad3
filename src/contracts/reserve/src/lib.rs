//! The reserve contract.
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
use interface::IReserve;

mod parameters;
mod storage;
mod views;

pub use storage::Reserve;

common::routes! {
    Reserve {
        constructor(owner: Address, vault: Address);
        anytime {
            IReserve::vaultCall => vault();
        }
        views {}
        writes {}
    }
}
