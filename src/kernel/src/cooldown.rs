//! How a stake is taken out: announced, left for the cool-down, taken in the window.
//!
//! The window is fixed when it is announced; later rules are for later announcements.

use units::{OutOfRange, Secs, Shares};

/// Shares that were announced.
#[derive(Clone, Copy, PartialEq, Eq, Default)]
#[cfg_attr(not(target_arch = "wasm32"), derive(Debug))]
pub struct Leaving {
    /// How many of the staker's; zero where none were announced.
    pub shares: Shares,
    /// The first second in which they can be taken out.
    pub from: Secs,
    /// The last one.
    pub until: Secs,
}

/// Why shares cannot be taken out.
#[derive(Clone, Copy, PartialEq, Eq)]
#[cfg_attr(not(target_arch = "wasm32"), derive(Debug))]
pub enum Refusal {
    /// It is too early, too late, or nothing was announced.
    NotInWindow,
    /// There are fewer than were asked for.
    NotEnough,
}

impl Leaving {
    /// The announcement of `asked` of `held` shares at `now`, which replaces an earlier one; zero takes it back.
    ///
    /// With a cool-down of 7 days and a window of 2, what is announced on the 1st at noon can be taken out from the 8th at
    /// noon to the 10th at noon.
    pub fn announce(
        held: Shares,
        asked: Shares,
        cooldown: Secs,
        window: Secs,
        now: Secs,
    ) -> Result<Option<Self>, OutOfRange> {
        if asked > held {
            return Ok(None);
        }
        if asked.is_zero() {
            return Ok(Some(Self::default()));
        }
        let from = later(now, cooldown)?;
        Ok(Some(Self { shares: asked, from, until: later(from, window)? }))
    }

    /// What is left of the announcement when `asked` are taken out at `now`.
    pub fn take(&self, asked: Shares, now: Secs) -> Result<Self, Refusal> {
        if self.shares.is_zero() || now < self.from || now > self.until {
            return Err(Refusal::NotInWindow);
        }
        let shares = self.shares.try_sub(asked).map_err(|_| Refusal::NotEnough)?;
        Ok(if shares.is_zero() { Self::default() } else { Self { shares, ..*self } })
    }
}

fn later(moment: Secs, by: Secs) -> Result<Secs, OutOfRange> {
    moment.0.checked_add(by.0).map(Secs).ok_or(OutOfRange)
}

#[cfg(test)]
mod tests;
