//! The jump breaker: a price that has just moved too far is held for a while, so that a wrong answer can be seen and repeated
//! or taken back before anything is sold on it. No hold is for long, and nobody can make it longer.
//!
//! A price is compared with a reference, the price that was last recorded while sales could start on it, and only with one younger than
//! the hold: an older one cannot say that the price jumped. So a hold nobody records ends by itself when its reference has
//! the age of a hold. Once a jump is recorded, which anyone may do, it is held for exactly one hold from then; then the
//! breaker rests as long, so that the price that has come is used and recorded. Recording again changes neither end.
//! No jump is therefore held beyond two holds from its reference, and no more than half of any time is held once recorded.

use units::{Bps, OutOfRange, Secs, U256, WAD_PER_BPS, Wad, try_mul};

use crate::{
    logarithm::ln_ratio,
    volatility::{Variance, square_of, usual_square},
};

/// What counts as a jump, and how long it is held.
#[derive(Clone, Copy, PartialEq, Eq)]
#[cfg_attr(not(target_arch = "wasm32"), derive(Debug))]
pub struct Breaker {
    /// A move up to here is never a jump, as a log return: 1000 bps are 10.5% up or 9.5% down.
    pub jump: Bps,
    /// A move up to so many standard deviations for the time it took is no jump either; zero: only `jump` counts.
    pub sigmas: u64,
    /// How long a jump is held.
    pub hold: Secs,
}

/// What was recorded of a price.
#[derive(Clone, Copy, PartialEq, Eq, Default)]
#[cfg_attr(not(target_arch = "wasm32"), derive(Debug))]
pub struct Reference {
    /// The price last recorded while sales could start on it; zero where none was.
    pub price_wad: Wad,
    /// When it was recorded.
    pub at: Secs,
    /// When a jump was last recorded; zero where none was.
    pub held_since: Secs,
}

impl Breaker {
    /// Until when `price` is held at the latest; nothing where it is not.
    ///
    /// With a jump of 1000 bps and a hold of 600 s, a price that fell from 2000 to 1700 is held until 600 s after the 2000 was
    /// recorded, or after the fall was.
    pub fn held_until(&self, price: Wad, reference: &Reference, fast: Variance, now: Secs) -> Option<Secs> {
        if reference.price_wad.is_zero() {
            return None;
        }
        let released = reference.held_since.0.saturating_add(self.hold.0);
        let until =
            if self.has_recorded(reference, now) { released } else { reference.at.0.saturating_add(self.hold.0) };
        // What cannot be computed is no jump: a breaker must not stop what nothing else stops.
        let is_held = now.0 < until && self.is_jump(price, reference, fast, now).unwrap_or(false);
        is_held.then_some(Secs(until))
    }

    /// Whether the last jump recorded still rules: it is held, or the breaker rests after it.
    #[must_use]
    pub fn has_recorded(&self, reference: &Reference, now: Secs) -> bool {
        let rested = reference.held_since.0.saturating_add(self.hold.0.saturating_mul(2));
        reference.held_since.0 != 0 && now.0 < rested
    }

    /// Whether a price seen at `now` may replace the reference: half a hold after the reference was recorded, and not before.
    ///
    /// A fall in many small steps is a jump too. If each step could become the reference of the next, whoever records every one would
    /// keep the breaker from seeing it. With a hold of 600 s, what was recorded at 1000 is replaced from 1300 on.
    #[must_use]
    pub fn may_replace(&self, reference: &Reference, now: Secs) -> bool {
        reference.price_wad.is_zero() || now.0 >= reference.at.0.saturating_add(self.hold.0.wrapping_shr(1))
    }

    fn is_jump(&self, price: Wad, reference: &Reference, fast: Variance, now: Secs) -> Result<bool, OutOfRange> {
        let elapsed = Secs(now.0.saturating_sub(reference.at.0));
        let move_square = square_of(ln_ratio(price.0, reference.price_wad.0)?)?;
        let jump_wad = try_mul(self.jump.widen(), WAD_PER_BPS)?;
        let usual: U256 = usual_square(fast, self.sigmas, elapsed)?;
        Ok(move_square > try_mul(jump_wad, jump_wad)?.max(usual))
    }
}

#[cfg(test)]
mod tests;
