//! The rules of an auction by bids: the least next bid, when bidding ends, and what may be done when.
//!
//! A bid is a price for the whole lot: the bidder gets what [`crate::take::take`] of the whole lot gives at that price. While the lot
//! is worth less than is due, a higher bid pays more; from there on it pays what is due and gets less of the lot. The two phases
//! of other engines' English auctions, in which first the payment rises and then the lot shrinks, are one rule this way.

use units::{OutOfRange, RAY_ONE, Ray, Secs, mul_div_up, try_add};

use crate::curve::{Terms, Uptime};

/// The best bid so far.
#[derive(Clone, Copy, PartialEq, Eq)]
#[cfg_attr(not(target_arch = "wasm32"), derive(Debug))]
pub struct Standing {
    /// The price that was bid.
    pub price: Ray,
    /// When bidding ends because of it.
    pub ends_at: Secs,
}

/// What may be done with an auction by bids.
#[derive(Clone, Copy, PartialEq, Eq)]
#[cfg_attr(not(target_arch = "wasm32"), derive(Debug))]
pub enum Phase {
    /// Bids are taken.
    Open,
    /// Bidding is over and somebody has won: it can be settled.
    Won,
    /// Somebody has won, and nobody has settled for as long as bidding lasts: it can be settled or started again.
    Overdue,
    /// It can only be started again: nobody has bid in time, or the sequencer was down while bids could have come.
    Stale,
}

impl Phase {
    /// Whether it can be started again.
    #[must_use]
    pub fn needs_restart(self) -> bool {
        matches!(self, Self::Overdue | Self::Stale)
    }
}

/// When bidding ends: with a bid when that says, without one `tail` after the start. A bid at that second comes too late.
pub fn ends_at(terms: &Terms, started_at: Secs, standing: Option<&Standing>) -> Result<Secs, OutOfRange> {
    standing.map_or_else(|| later(started_at, terms.tail), |standing| Ok(standing.ends_at))
}

/// When bidding ends after a bid at `now`: not before it would have ended, and not before `step` has passed from now.
///
/// With an end at 1000 and a step of 60: a bid at 900 leaves 1000, a bid at 970 makes it 1030.
pub fn end_after_bid(ends_at: Secs, now: Secs, step: Secs) -> Result<Secs, OutOfRange> {
    Ok(ends_at.max(later(now, step)?))
}

/// The least next bid: the floor, or `ceil(price * cut / 10^27)` above a standing bid. The bidder bears the odd unit, so this is the
/// least whole number that is `cut` times the last or more. Above zero with any floor above zero; above the last with any cut above one.
///
/// With a cut of 1.05, after a bid of 100 ray it is 105 ray.
pub fn least_bid_up(terms: &Terms, floor: Ray, standing: Option<&Standing>) -> Result<Ray, OutOfRange> {
    let Some(standing) = standing else {
        return Ok(floor);
    };
    mul_div_up(standing.price.0, terms.cut.0, RAY_ONE).map(Ray)
}

/// What may be done at `now` with an auction that started at `started_at`.
///
/// An uptime only matters to what could be [`Phase::Open`] or [`Phase::Won`]: where it is unbroken and the answer is another one, a
/// broken one changes nothing, so nobody needs to be asked for it.
pub fn phase(
    terms: &Terms,
    started_at: Secs,
    standing: Option<&Standing>,
    now: Secs,
    uptime: Uptime,
) -> Result<Phase, OutOfRange> {
    let ends_at = ends_at(terms, started_at, standing)?;
    if standing.is_some() && now > later(ends_at, terms.tail)? {
        return Ok(Phase::Overdue);
    }
    Ok(match (uptime, standing, now < ends_at) {
        (Uptime::Broken, ..) | (Uptime::Unbroken, None, false) => Phase::Stale,
        (Uptime::Unbroken, _, true) => Phase::Open,
        (Uptime::Unbroken, Some(_), false) => Phase::Won,
    })
}

fn later(at: Secs, secs: Secs) -> Result<Secs, OutOfRange> {
    Secs::try_narrow(try_add(at.widen(), secs.widen())?)
}

#[cfg(test)]
mod tests;
