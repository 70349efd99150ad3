//! The reserve contract: the stakers, the queue of bad debt, and who bears it in which order.
//!
//! The surplus lies with the vault contract, which pays keepers and bad debt from it; here is what the stakers staked and
//! earned. What anything is worth comes from `kernel::stakes`, who bears what from `kernel::waterfall` and `kernel::queue`.
//! What each function promises stands in `abi/IReserve.sol`, how storage is laid out in `README.md`.
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

// What users call, in the order they meet it.
mod earnings;
mod losses;
mod parameters;
mod stakers;
mod views;

// What those are built from.
mod errors;
mod money;
mod storage;

pub use storage::Reserve;

common::routes! {
    Reserve {
        constructor(owner: Address, vault: Address);
        anytime {
            // Words that no change leaves half-done.
            IReserve::vaultCall => vault();
            IReserve::treasuryCall => treasury();
        }
        views {
            IReserve::lendersLossCall => lenders_loss();
            IReserve::stakeOfCall => stake_of(staker);
            IReserve::roundCall => round();
            IReserve::leftOfCall => left_of(round, staker);
            IReserve::stakedCall => staked();
            IReserve::previewStakeCall => preview_stake(amount_raw);
            IReserve::previewUnstakeCall => preview_unstake(shares);
            IReserve::previewDistributeCall => preview_distribute();
            IReserve::queueCall => queue(offset, limit);
            IReserve::queuedCall => queued();
            IReserve::rulesCall => rules();
        }
        writes {
            // Stakers
            IReserve::stakeCall => stake(amount_raw, staker);
            IReserve::announceUnstakeCall => announce_unstake(shares);
            IReserve::unstakeCall => unstake(shares, to);
            IReserve::collectCall => collect(round, to);
            // Anyone
            IReserve::coverCall => cover();
            IReserve::distributeCall => distribute();
            IReserve::donateCall => donate(amount_raw);
            // The vault contract
            IReserve::queueBadDebtCall => queue_bad_debt(vault_id, amount_raw);
            // The owner
            IReserve::setRulesCall => set_rules(new_rules);
            IReserve::setTreasuryCall => set_treasury(new_treasury);
        }
    }
}
