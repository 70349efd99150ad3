//! What can be wrong with a price, by number: the statuses of `IOracle.peek`.
//!
//! A number keeps its meaning for ever, so new checks have new numbers; in which order they are made is said in
//! [`super`], not by the numbers.

/// Whether a price may be used, or the number of the first check that failed, as `IOracle.peek` gives it.
#[derive(Clone, Copy, PartialEq, Eq)]
#[cfg_attr(not(target_arch = "wasm32"), derive(Debug))]
pub enum Status {
    /// Every check passed.
    Usable,
    /// No feed is set for this asset.
    FeedNotSet,
    /// The sequencer's uptime feed did not answer with a round.
    SequencerUnreadable,
    /// The sequencer's uptime feed has no round yet: its round started at zero.
    SequencerUninitialised,
    /// The sequencer is down.
    SequencerDown,
    /// The sequencer is up, but not for longer than the grace period.
    SequencerGrace,
    /// The feed did not answer with a round.
    FeedUnreadable,
    /// The round has not been answered yet: it was updated at zero.
    RoundIncomplete,
    /// The answer is zero or below.
    AnswerNotPositive,
    /// The answer is newer than now.
    AnswerFromFuture,
    /// The answer is older than the feed's heartbeat.
    AnswerStale,
    /// The price is zero after rounding, or above [`super::PRICE_MAX_WAD`].
    PriceOutOfRange,
    /// The price lies outside of the band the owner set.
    PriceOutOfBand,
    /// The feed has other decimals than when it was set.
    DecimalsChanged,
    /// The second source failed a check of its own.
    SecondUnusable,
    /// The two sources differ by more than the soft limit.
    SourcesDiffer,
    /// The two sources differ by more than the hard limit.
    SourcesDisagree,
    /// The price has just jumped, and is held.
    JumpHeld,
    /// The rate of a yield-bearing token failed a check of its own.
    RateUnusable,
    /// The guardian or the owner froze the price.
    Frozen,
    /// The owner shut the asset down.
    ShutDown,
}

impl Status {
    /// Every status in the order of its number.
    pub const ALL: [Self; 21] = [
        Self::Usable,
        Self::FeedNotSet,
        Self::SequencerUnreadable,
        Self::SequencerUninitialised,
        Self::SequencerDown,
        Self::SequencerGrace,
        Self::FeedUnreadable,
        Self::RoundIncomplete,
        Self::AnswerNotPositive,
        Self::AnswerFromFuture,
        Self::AnswerStale,
        Self::PriceOutOfRange,
        Self::PriceOutOfBand,
        Self::DecimalsChanged,
        Self::SecondUnusable,
        Self::SourcesDiffer,
        Self::SourcesDisagree,
        Self::JumpHeld,
        Self::RateUnusable,
        Self::Frozen,
        Self::ShutDown,
    ];

    /// The number of the status in `IOracle.peek`.
    #[must_use]
    pub fn number(self) -> u8 {
        match self {
            Self::Usable => 0,
            Self::FeedNotSet => 1,
            Self::SequencerUnreadable => 2,
            Self::SequencerUninitialised => 3,
            Self::SequencerDown => 4,
            Self::SequencerGrace => 5,
            Self::FeedUnreadable => 6,
            Self::RoundIncomplete => 7,
            Self::AnswerNotPositive => 8,
            Self::AnswerFromFuture => 9,
            Self::AnswerStale => 10,
            Self::PriceOutOfRange => 11,
            Self::PriceOutOfBand => 12,
            Self::DecimalsChanged => 13,
            Self::SecondUnusable => 14,
            Self::SourcesDiffer => 15,
            Self::SourcesDisagree => 16,
            Self::JumpHeld => 17,
            Self::RateUnusable => 18,
            Self::Frozen => 19,
            Self::ShutDown => 20,
        }
    }

    /// The bit of the status in `IOracle.report`: bit `number` for a failure, none where every check passed.
    ///
    /// A stale answer, number 10, is `0x400`.
    #[must_use]
    pub fn bit(self) -> u32 {
        if self.is_usable() { 0 } else { 1_u32.wrapping_shl(u32::from(self.number())) }
    }

    /// Whether every check passed.
    #[must_use]
    pub fn is_usable(self) -> bool {
        matches!(self, Self::Usable)
    }
}
