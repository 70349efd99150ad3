//! From what the sources say to what may be done with it: the price that every check lets through, and the range that
//! auctions may start on.
//!
//! | first source | second source | `status` | `range` |
//! |---|---|---|---|
//! | usable | none, or within the soft limit | usable | the first alone |
//! | usable | beyond the soft limit | sources differ | from the lower to the higher |
//! | usable | beyond the hard limit | sources disagree | none |
//! | usable | unusable | second unusable | the first alone |
//! | unusable | usable | that of the first | the second alone |
//! | unusable | none or unusable | that of the first | none |
//!
//! Where no second source agrees, a price that has just jumped is held: there is no range, and where all else was well the
//! status is [`Status::JumpHeld`]. A usable status always comes with a range, whose two ends are the price.

use units::{Secs, Wad};

use super::{Reading, Status};
use crate::deviation::{Agreement, Limits};

/// The lowest and the highest price that a usable source gives.
#[derive(Clone, Copy, PartialEq, Eq)]
#[cfg_attr(not(target_arch = "wasm32"), derive(Debug))]
pub struct Range {
    /// The lower price.
    pub low_wad: Wad,
    /// The higher price.
    pub high_wad: Wad,
}

/// How a feed does, in the words of the recorded state.
#[derive(Clone, Copy, PartialEq, Eq)]
#[cfg_attr(not(target_arch = "wasm32"), derive(Debug))]
pub enum State {
    /// Every check passes.
    Normal,
    /// Not every check passes, but there is a range: one of two sources is bad, or they differ softly.
    Degraded,
    /// A jump is held, for a bounded time.
    Held,
    /// There is no price.
    Frozen,
    /// The owner ended it.
    ShutDown,
}

impl State {
    /// The number of the state in `IOracle`.
    #[must_use]
    pub fn number(self) -> u8 {
        match self {
            Self::Normal => 0,
            Self::Degraded => 1,
            Self::Held => 2,
            Self::Frozen => 3,
            Self::ShutDown => 4,
        }
    }
}

/// A jump that is held.
#[derive(Clone, Copy, PartialEq, Eq)]
#[cfg_attr(not(target_arch = "wasm32"), derive(Debug))]
pub struct Held {
    /// The price that jumped: the first source's, or the second's where only that one is usable.
    pub price_wad: Wad,
    /// When it is released at the latest.
    pub until: Secs,
}

/// What the sources together give.
#[derive(Clone, Copy, PartialEq, Eq)]
#[cfg_attr(not(target_arch = "wasm32"), derive(Debug))]
pub struct Verdict {
    /// The first check that failed.
    pub status: Status,
    /// What an auction may start on; none where nothing may.
    pub range: Option<Range>,
    /// What is held, where a jump is.
    pub held: Option<Held>,
}

impl Verdict {
    /// The state a feed with this verdict is in.
    #[must_use]
    pub fn state(&self) -> State {
        match (self.status, self.range, self.held) {
            (Status::ShutDown, _, _) => State::ShutDown,
            (_, _, Some(_)) => State::Held,
            (Status::Usable, _, _) => State::Normal,
            (_, Some(_), _) => State::Degraded,
            (_, None, _) => State::Frozen,
        }
    }

    /// The same without a range, for a reason that stands above the sources.
    #[must_use]
    pub fn refused(status: Status) -> Self {
        Self { status, range: None, held: None }
    }
}

/// Judges by the table above. `held` says until when a price is held, and is asked only where no second source agrees.
pub fn judge(first: &Reading, second: Option<(&Reading, Limits)>, held: impl Fn(Wad) -> Option<Secs>) -> Verdict {
    let alone = |status: Status, price_wad: Wad| match held(price_wad) {
        None => Verdict { status, range: Some(Range { low_wad: price_wad, high_wad: price_wad }), held: None },
        Some(until) => {
            let first_failed = if status.is_usable() { Status::JumpHeld } else { status };
            Verdict { held: Some(Held { price_wad, until }), ..Verdict::refused(first_failed) }
        }
    };
    let Some((other, limits)) = second else {
        return if first.status.is_usable() {
            alone(Status::Usable, first.price_wad)
        } else {
            Verdict::refused(first.status)
        };
    };
    match (first.status.is_usable(), other.status.is_usable()) {
        (false, false) => Verdict::refused(first.status),
        (true, false) => alone(Status::SecondUnusable, first.price_wad),
        (false, true) => alone(first.status, other.price_wad),
        (true, true) => {
            let (low_wad, high_wad) = (first.price_wad.min(other.price_wad), first.price_wad.max(other.price_wad));
            match limits.judge(low_wad, high_wad) {
                Agreement::Agree => Verdict {
                    status: Status::Usable,
                    range: Some(Range { low_wad: first.price_wad, high_wad: first.price_wad }),
                    held: None,
                },
                Agreement::Differ => {
                    let verdict = alone(Status::SourcesDiffer, first.price_wad);
                    Verdict { range: verdict.range.map(|_| Range { low_wad, high_wad }), ..verdict }
                }
                Agreement::Disagree => Verdict::refused(Status::SourcesDisagree),
            }
        }
    }
}

#[cfg(test)]
mod tests;
