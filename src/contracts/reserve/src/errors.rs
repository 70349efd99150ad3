//! From what `kernel` refuses to the error that names it, and the refusals that several functions give.

use alloy_primitives::{Address, U256};
use common::{Outcome, Refusal, abi::Name, refuse};
use interface::{IReserve, IShared};
use kernel::{
    bounds::OutOfBounds,
    cooldown::{self, Leaving},
    stakes,
};
use units::{OutOfRange, Raw, Secs, Shares};

/// A parameter outside of its bounds.
pub(crate) fn outside(outside: OutOfBounds) -> Refusal {
    refuse!(IReserve::OutOfBounds {
        name: Name::from(outside.name),
        value: outside.value,
        min: outside.min,
        max: outside.max,
    })
}

/// Why nothing is given for `asked`, where `held_raw` is held for the stakers and `unpaid_raw` waits.
pub(crate) fn stakes(refusal: stakes::Refusal, asked: U256, held_raw: Raw, unpaid_raw: Raw) -> Refusal {
    match refusal {
        stakes::Refusal::LossWaits => refuse!(IReserve::BadDebtWaits { badDebtRaw: unpaid_raw }),
        stakes::Refusal::WipedOut => refuse!(IReserve::StakersWipedOut { heldRaw: held_raw }),
        stakes::Refusal::RoundsToZero => refuse!(IReserve::RoundsToZero { asked }),
        stakes::Refusal::OutOfRange => OutOfRange.into(),
    }
}

/// Why announced shares cannot be taken out.
pub(crate) fn leaving(refusal: cooldown::Refusal, leaving: &Leaving, asked: Shares, now: Secs) -> Refusal {
    match refusal {
        cooldown::Refusal::NotInWindow => {
            refuse!(IReserve::NotInWindow { fromSecs: leaving.from, untilSecs: leaving.until, nowSecs: now })
        }
        cooldown::Refusal::NotEnough => not_enough(leaving.shares, asked),
    }
}

/// There are fewer shares than were asked for.
pub(crate) fn not_enough(held: Shares, asked: Shares) -> Refusal {
    refuse!(IReserve::NotEnoughStake { heldShares: held, askedShares: asked })
}

pub(crate) fn require_amount(amount: U256) -> Outcome<()> {
    if amount.is_zero() { Err(refuse!(IShared::ZeroAmount {})) } else { Ok(()) }
}

pub(crate) fn require_address(address: Address) -> Outcome<()> {
    if address.is_zero() { Err(refuse!(IShared::ZeroAddress {})) } else { Ok(()) }
}
