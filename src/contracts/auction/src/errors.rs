//! From what `kernel` refuses to the error that names it.

use common::{Refusal, abi::Name, refuse};
use interface::IAuction;
use kernel::{bounds::OutOfBounds, take};
use units::{OutOfRange, Raw};

/// A parameter outside of its bounds.
pub(crate) fn outside(outside: OutOfBounds) -> Refusal {
    refuse!(IAuction::OutOfBounds {
        name: Name::from(outside.name),
        value: outside.value,
        min: outside.min,
        max: outside.max,
    })
}

/// Why nothing can be bought that way.
pub(crate) fn take(refusal: take::Refusal, offer: &take::Offer, max_lot_raw: Raw) -> Refusal {
    match refusal {
        take::Refusal::PartTooLarge => {
            refuse!(IAuction::PartTooLarge { dueRaw: offer.due_raw, minDueRaw: offer.min_due_raw })
        }
        take::Refusal::SliceTooSmall => refuse!(IAuction::SliceTooSmall { maxLotRaw: max_lot_raw }),
        take::Refusal::OutOfRange => OutOfRange.into(),
    }
}
