//! What a buyer gets and owes for a slice of a lot.
//!
//! [`take_rad`] works in rad, base units times 10^27, where `slice * price` is exact; it is Maker's rule, bit for bit.
//! [`take`] is the same on token base units: it asks `take_rad` and rounds what is owed up to a whole unit.

use units::{OutOfRange, RAY_ONE, Raw, Ray, U256, div_down, div_up, try_mul, try_sub};

/// Why nothing can be bought that way.
#[derive(Clone, Copy, PartialEq, Eq)]
#[cfg_attr(not(target_arch = "wasm32"), derive(Debug))]
pub enum Refusal {
    /// A part would leave less due than the minimum, and no more than the minimum is due: only the whole lot can be
    /// bought.
    PartTooLarge,
    /// So little was asked for that it buys nothing.
    SliceTooSmall,
    /// An amount is too large for the arithmetic, or the price is zero.
    OutOfRange,
}

impl From<OutOfRange> for Refusal {
    fn from(_: OutOfRange) -> Self {
        Self::OutOfRange
    }
}

/// A slice and what is owed for it, in rad.
#[derive(Clone, Copy, PartialEq, Eq)]
#[cfg_attr(not(target_arch = "wasm32"), derive(Debug))]
pub struct SliceRad {
    /// Collateral base units.
    pub slice: U256,
    /// Debt base units times 10^27.
    pub owed_rad: U256,
}

/// A slice as it is bought, and what the auction goes on with.
#[derive(Clone, Copy, PartialEq, Eq)]
#[cfg_attr(not(target_arch = "wasm32"), derive(Debug))]
pub struct Slice {
    /// What the buyer gets, in collateral base units; at least one.
    pub slice_raw: Raw,
    /// What the buyer owes, in debt base units; at least one.
    pub owed_raw: Raw,
    /// What is left of the lot.
    pub lot_left_raw: Raw,
    /// What is left due: zero, or at least the minimum, or anything where the lot is sold out.
    pub due_left_raw: Raw,
}

impl Slice {
    /// Whether the auction has ended: nothing is due any more, or nothing is left to sell.
    #[must_use]
    pub fn is_last(&self) -> bool {
        self.due_left_raw.is_zero() || self.lot_left_raw.is_zero()
    }
}

/// An auction as it stands, and its price now.
#[derive(Clone, Copy)]
#[cfg_attr(not(target_arch = "wasm32"), derive(Debug))]
pub struct Offer {
    /// What is left to sell, in collateral base units.
    pub lot_raw: Raw,
    /// What is left due, in debt base units.
    pub due_raw: Raw,
    /// Debt base units for one collateral base unit.
    pub price: Ray,
    /// The least that may be left due while something is left to sell.
    pub min_due_raw: Raw,
}

/// Buys up to `max_lot_raw` of an offer.
///
/// - `slice <= max_lot` and `slice + lot_left == lot`; `owed + due_left == due`.
/// - `owed = ceil(slice * price / RAY)` where neither what is due nor the minimum cuts the slice. Where one does, the
///   buyer owes exactly up to it and the slice rounds down, so `owed * RAY < (slice + 1) * price`: the buyer bears the
///   odd part of one collateral unit. At prices up to one ray `owed = ceil(slice * price / RAY)` holds there too.
/// - A slice that rounds to nothing is refused, so nobody pays for nothing.
///
/// With a lot of 40, 110 due, a price of 5 ray and a minimum of 22: asking for 25 gets 22 for 110, and 18 are left
/// over; asking for 11 gets 11 for 55; asking for 20 gets 17 for 88 (22 must stay due).
pub fn take(offer: &Offer, max_lot_raw: Raw) -> Result<Slice, Refusal> {
    let due_rad = try_mul(offer.due_raw.0, RAY_ONE)?;
    let min_due_rad = try_mul(offer.min_due_raw.0, RAY_ONE)?;
    let taken = take_rad(due_rad, offer.lot_raw.0, offer.price, min_due_rad, max_lot_raw.0)?;
    if taken.slice.is_zero() {
        return Err(Refusal::SliceTooSmall);
    }
    // owed_rad <= due * RAY and due is whole, so the rounded up owed is at most due as well. In the same way it leaves
    // the minimum: owed_rad <= (due - min_due) * RAY gives owed <= due - min_due.
    let owed_raw = Raw(div_up(taken.owed_rad, RAY_ONE)?);
    let slice_raw = Raw(taken.slice);
    Ok(Slice {
        slice_raw,
        owed_raw,
        lot_left_raw: offer.lot_raw.try_sub(slice_raw)?,
        due_left_raw: offer.due_raw.try_sub(owed_raw)?,
    })
}

/// The rule in rad: `slice = min(lot, max_lot)` and `owed = slice * price`, except
///
/// - `owed = due`, `slice = floor(due / price)` where that would be more than is due;
/// - `owed = due - min_due`, `slice = floor(owed / price)` where a part would leave less than the minimum due.
///
/// Refuses a part where no more than the minimum is due, and a price of zero.
pub fn take_rad(due_rad: U256, lot: U256, price: Ray, min_due_rad: U256, max_lot: U256) -> Result<SliceRad, Refusal> {
    if price.is_zero() {
        return Err(Refusal::OutOfRange);
    }
    let slice = lot.min(max_lot);
    let owed_rad = match try_mul(slice, price.0) {
        Ok(owed_rad) if owed_rad <= due_rad => owed_rad,
        // More than is due; a product beyond 256 bits is more than any due.
        _ => {
            return Ok(SliceRad { slice: div_down(due_rad, price.0)?, owed_rad: due_rad });
        }
    };
    let left_rad = try_sub(due_rad, owed_rad)?;
    if left_rad.is_zero() || slice == lot || left_rad >= min_due_rad {
        return Ok(SliceRad { slice, owed_rad });
    }
    if due_rad <= min_due_rad {
        return Err(Refusal::PartTooLarge);
    }
    let owed_rad = try_sub(due_rad, min_due_rad)?;
    Ok(SliceRad { slice: div_down(owed_rad, price.0)?, owed_rad })
}

#[cfg(test)]
mod tests;
