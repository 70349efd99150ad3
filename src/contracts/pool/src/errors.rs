//! From what `kernel` refuses to the error that names it.

use alloy_primitives::{Address, U256};
use common::{Refusal, refuse};
use interface::{IPool, IShared};
use kernel::shares;
use units::OutOfRange;

/// Why nothing is given for `asked`.
pub(crate) fn shares(refusal: shares::Refusal, asked: U256) -> Refusal {
    match refusal {
        shares::Refusal::RoundsToZero => refuse!(IPool::RoundsToZero { asked }),
        shares::Refusal::OutOfRange => OutOfRange.into(),
    }
}

/// Refuses an amount of zero.
pub(crate) fn require_amount(amount: U256) -> Result<(), Refusal> {
    if amount.is_zero() { Err(refuse!(IShared::ZeroAmount {})) } else { Ok(()) }
}

/// Refuses to give shares to the zero address.
pub(crate) fn require_receiver(receiver: Address) -> Result<(), Refusal> {
    if receiver.is_zero() { Err(refuse!(IPool::ERC20InvalidReceiver { receiver })) } else { Ok(()) }
}
