//! From what `kernel` refuses to the error that names it.

use alloy_primitives::{Address, U256};
use common::{Refusal, refuse};
use interface::{IShared, IVault};
use kernel::{books, bounds::OutOfBounds, liquidation};
use units::OutOfRange;

/// A parameter outside of its bounds.
pub(crate) fn outside(outside: OutOfBounds) -> Refusal {
    refuse!(IVault::OutOfBounds {
        name: common::abi::Name::from(outside.name),
        value: outside.value,
        min: outside.min,
        max: outside.max,
    })
}

/// What the books refuse.
pub(crate) fn books(refusal: books::Refusal) -> Refusal {
    match refusal {
        books::Refusal::NotEnoughCash { held_raw, asked_raw } => {
            refuse!(IVault::NotEnoughCash { heldRaw: held_raw.0, askedRaw: asked_raw.0 })
        }
        books::Refusal::NotEnoughSurplus { surplus_raw, asked_raw } => {
            refuse!(IVault::NotEnoughSurplus { surplusRaw: surplus_raw.0, askedRaw: asked_raw.0 })
        }
        // An amount that removes no share of debt is an amount of nothing.
        books::Refusal::RoundsToZero => refuse!(IShared::ZeroAmount {}),
        books::Refusal::OutOfRange => OutOfRange.into(),
    }
}

/// Why a vault is not liquidated.
pub(crate) fn liquidation(
    refusal: liquidation::Refusal,
    vault_id: U256,
    collateral: Address,
    health_wad: U256,
) -> Refusal {
    match refusal {
        liquidation::Refusal::Healthy => refuse!(IVault::Healthy { vaultId: vault_id, healthWad: health_wad }),
        liquidation::Refusal::NothingToSell => refuse!(IVault::NothingToSell { vaultId: vault_id, collateral }),
        liquidation::Refusal::NoRoom { room_raw, needed_raw } => {
            refuse!(IVault::NoRoom { roomRaw: room_raw.0, neededRaw: needed_raw.0 })
        }
        liquidation::Refusal::OutOfRange => OutOfRange.into(),
    }
}

/// Refuses an amount of zero.
#[inline(never)]
pub(crate) fn require_amount(amount_raw: U256) -> Result<(), Refusal> {
    if amount_raw.is_zero() { Err(refuse!(IShared::ZeroAmount {})) } else { Ok(()) }
}

/// Refuses the zero address.
#[inline(never)]
pub(crate) fn require_address(address: Address) -> Result<(), Refusal> {
    if address.is_zero() { Err(refuse!(IShared::ZeroAddress {})) } else { Ok(()) }
}
