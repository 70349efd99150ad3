//! The lens: what pages, keepers and DAOs ask and no contract needs.
//!
//! It keeps nothing but two addresses. It reads the words the vault contract stores, by `extsload`, as that contract packs them
//! (`common::vault_layout`), asks the oracle for prices, and lets `kernel` answer: the same functions that the transactions run. What
//! each view promises stands in `abi/ILens.sol`.
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
use interface::ILens;

// What can be asked.
mod interest;
mod liquidations;
mod positions;
mod scans;

// What the answers are made of.
mod answers;
mod market;
mod ranges;
mod storage;

pub use storage::Lens;

common::routes! {
    Lens {
        constructor(vault: Address, auction: Address);
        anytime {
            ILens::vaultCall => vault();
            ILens::auctionCall => auction();
        }
        views {
            ILens::positionCall => position(vault_id);
            ILens::positionsCall => positions(vault_ids);
            ILens::healthFactorsCall => health_factors(first_id, limit);
            ILens::borrowableCall => borrowable(vault_id);
            ILens::withdrawableCall => withdrawable(vault_id, collateral);
            ILens::liquidationPriceCall => liquidation_price(vault_id, collateral);
            ILens::unsafeAtCall => unsafe_at(vault_id);
            ILens::interestCall => interest();
            ILens::previewLiquidationCall => preview_liquidation(vault_id, collateral);
        }
        writes {}
    }
}
