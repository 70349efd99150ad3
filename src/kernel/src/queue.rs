//! Bad debt in the order it came, each with its age: what of it is paid, and what has waited long enough.
//!
//! An entry holds what was queued up to and including it, so that how much of the queue is paid is one subtraction:
//! `paid = ever queued - unpaid`. Whoever pays need not tell the queue, and nothing in it is ever changed.
//! The first entry of a kind is found by halving: 64 looks at most, however many entries somebody makes.

use units::{OutOfRange, Raw, Secs};

/// Bad debt that joined the queue.
#[derive(Clone, Copy, PartialEq, Eq)]
#[cfg_attr(not(target_arch = "wasm32"), derive(Debug))]
pub struct Entry {
    /// What was ever queued, up to and with this.
    pub end_raw: Raw,
    /// When it was.
    pub at: Secs,
    /// Whose debt it was.
    pub vault_id: u64,
}

/// The queue as far as it is one number each: how many entries there ever were, and what they add up to.
#[derive(Clone, Copy, PartialEq, Eq)]
#[cfg_attr(not(target_arch = "wasm32"), derive(Debug))]
pub struct Queue {
    /// How many entries were ever made; they are numbered from zero.
    pub count: u64,
    /// What was ever queued.
    pub ever_raw: Raw,
}

impl Queue {
    /// The entry for `amount_raw` more at `now`, and the queue with it.
    pub fn with(&self, vault_id: u64, amount_raw: Raw, now: Secs) -> Result<(Self, Entry), OutOfRange> {
        let ever_raw = self.ever_raw.try_add(amount_raw)?;
        let count = self.count.checked_add(1).ok_or(OutOfRange)?;
        Ok((Self { count, ever_raw }, Entry { end_raw: ever_raw, at: now, vault_id }))
    }

    /// What of the queue is paid while `bad_debt_raw` is not: the oldest is paid first. Bad debt beyond what was queued
    /// is not of the queue.
    #[must_use]
    pub fn paid(&self, bad_debt_raw: Raw) -> Raw {
        self.ever_raw.sub_or_zero(bad_debt_raw)
    }

    /// The first entry that is not wholly paid; `count` where all are. `entry` reads one.
    pub fn first_unpaid(&self, bad_debt_raw: Raw, entry: impl Fn(u64) -> Entry) -> u64 {
        let paid_raw = self.paid(bad_debt_raw);
        first_where(self.count, |number| entry(number).end_raw > paid_raw)
    }

    /// What of `bad_debt_raw` has waited for `patience` or longer, and what was never queued: all but what is younger.
    pub fn due(
        &self,
        bad_debt_raw: Raw,
        patience: Secs,
        now: Secs,
        entry: impl Fn(u64) -> Entry,
    ) -> Result<Raw, OutOfRange> {
        if bad_debt_raw.is_zero() {
            return Ok(Raw::ZERO);
        }
        let young = first_where(self.count, |number| due_at(&entry(number), patience) > now);
        let aged_raw = match young.checked_sub(1) {
            Some(last_aged) => entry(last_aged).end_raw,
            None => Raw::ZERO,
        };
        Ok(bad_debt_raw.sub_or_zero(self.ever_raw.try_sub(aged_raw)?))
    }

    /// From when on something of `bad_debt_raw` is due; zero where nothing waits, or what waits was never queued.
    pub fn next_due_at(&self, bad_debt_raw: Raw, patience: Secs, entry: impl Fn(u64) -> Entry) -> Secs {
        let first = self.first_unpaid(bad_debt_raw, &entry);
        if first == self.count { Secs::default() } else { due_at(&entry(first), patience) }
    }
}

/// When an entry has waited long enough.
fn due_at(entry: &Entry, patience: Secs) -> Secs {
    Secs(entry.at.0.saturating_add(patience.0))
}

/// The first number below `count` for which `holds`, which holds for all after it too; `count` where there is none.
/// Asks at most 64 times.
pub fn first_where(count: u64, holds: impl Fn(u64) -> bool) -> u64 {
    let (mut low, mut high) = (0_u64, count);
    while low < high {
        // Between both, and below `high`.
        let middle = low.saturating_add(high.saturating_sub(low).wrapping_shr(1));
        if holds(middle) {
            high = middle;
        } else {
            low = middle.saturating_add(1);
        }
    }
    low
}

#[cfg(test)]
mod tests;
