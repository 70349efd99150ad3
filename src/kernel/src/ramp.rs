//! A liquidation threshold that moves: down along a straight line, so that borrowers have time, and up at once.

use units::{Bps, OutOfRange, Secs};

/// A threshold on its way.
#[derive(Clone, Copy, PartialEq, Eq)]
#[cfg_attr(not(target_arch = "wasm32"), derive(Debug))]
pub struct Ramp {
    /// The threshold at the start.
    pub from: Bps,
    /// The threshold at the end.
    pub to: Bps,
    /// When it starts to move.
    pub start: Secs,
    /// When it has arrived.
    pub end: Secs,
}

/// The threshold that holds at `now`: `to + floor((from - to) * (end - now) / (end - start))` on the way down,
/// `from` until the start, `to` from the end on and wherever it rises.
///
/// Rounding down moves it less than a basis point early; the borrower bears it.
/// From 9000 to 5000 bps over 1000 s, it is 7668 bps after 333 s. Refuses a product beyond 64 bits: lengths of
/// a hundred thousand years.
pub fn threshold_at(ramp: &Ramp, now: Secs) -> Result<Bps, OutOfRange> {
    let fall = ramp.from.0.saturating_sub(ramp.to.0);
    let remaining_secs = ramp.end.0.saturating_sub(now.0);
    if fall == 0 || remaining_secs == 0 {
        return Ok(ramp.to);
    }
    let length_secs = ramp.end.0.saturating_sub(ramp.start.0);
    if remaining_secs >= length_secs {
        return Ok(ramp.from);
    }
    let part = fall.checked_mul(remaining_secs).and_then(|product| product.checked_div(length_secs));
    part.and_then(|part| ramp.to.0.checked_add(part)).map(Bps).ok_or(OutOfRange)
}

#[cfg(test)]
mod tests;
