//! What stakers earn little by little: an amount that becomes theirs along a straight line.
//!
//! It is kept as it began, and what of it is still to come follows from the clock, so that time alone changes nothing
//! that is stored.

use units::{OutOfRange, Raw, Secs, div_down, mul_div_up, try_add, try_mul};

/// An amount that is earned evenly from one moment to another.
#[derive(Clone, Copy, PartialEq, Eq, Default)]
#[cfg_attr(not(target_arch = "wasm32"), derive(Debug))]
pub struct Drip {
    /// What is earned in all; zero where nothing drips.
    pub amount_raw: Raw,
    /// When it began.
    pub from: Secs,
    /// When the last of it is earned; after `from` where there is an amount.
    pub until: Secs,
}

impl Drip {
    /// What is still to come at `now`: `ceil(amount * (until - now) / (until - from))`, all of it up to `from`, and
    /// nothing from `until` on. Rounded up: it is earned a moment later. It never rises while time passes.
    ///
    /// Of 1,000 over 300 seconds, 997 are to come after one second (996.67), 500 after 150, none after 300.
    pub fn left_up(&self, now: Secs) -> Result<Raw, OutOfRange> {
        let Ok(left_secs) = self.until.try_since(now) else {
            return Ok(Raw::ZERO);
        };
        let Ok(_) = now.try_since(self.from) else {
            return Ok(self.amount_raw);
        };
        if left_secs.0 == 0 {
            return Ok(Raw::ZERO);
        }
        let length = self.until.try_since(self.from)?;
        mul_div_up(self.amount_raw.0, left_secs.widen(), length.widen()).map(Raw)
    }

    /// This drip where no more than `most_raw` of what is to come at `now` is there any more: as it is where there is as much, or else
    /// `most_raw` from now on until the same end.
    ///
    /// Of 300 to come in 100 seconds, of which 200 are there, 100 are earned in 50 seconds.
    pub fn capped(&self, most_raw: Raw, now: Secs) -> Result<Self, OutOfRange> {
        if self.left_up(now)? <= most_raw {
            return Ok(*self);
        }
        Ok(Self { amount_raw: most_raw, from: now.max(self.from), until: self.until })
    }

    /// This drip at `now`, of which `left_raw` is still to come, and `added_raw` more to be earned over `length`, in one:
    /// `left + added` from now on, until the mean of both ends, each weighed by its amount.
    ///
    /// Nothing is earned by the merging itself: what is to come before, and what comes in, are to come after. The mean
    /// keeps the rest of an old drip from being drawn out: a new one of `added` delays it by less than
    /// `length * added / (left + added)`, so dust delays it by nothing. The mean is rounded down to a second, or else
    /// dust would delay it by one.
    /// 300 for 100 seconds more and 100 over 500 become 400 over 200.
    pub fn merged(&self, left_raw: Raw, added_raw: Raw, length: Secs, now: Secs) -> Result<Self, OutOfRange> {
        let amount_raw = left_raw.try_add(added_raw)?;
        if amount_raw.is_zero() {
            return Ok(Self::default());
        }
        let left_secs = self.until.try_since(now).unwrap_or_default();
        let weighed = try_add(try_mul(left_raw.0, left_secs.widen())?, try_mul(added_raw.0, length.widen())?)?;
        let mean = Secs::try_narrow(div_down(weighed, amount_raw.0)?)?;
        let until = Secs(now.0.checked_add(mean.0).ok_or(OutOfRange)?);
        Ok(Self { amount_raw, from: now, until })
    }
}

#[cfg(test)]
mod tests;
