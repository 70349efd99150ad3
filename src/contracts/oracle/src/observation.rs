//! All that is known of an asset's price at one moment: its sources, the verdict on them, and its rate.
//!
//! Whatever answers for an asset (a price, a range, a peek, a report, a poke) looks at it through here, so they cannot disagree.

use alloy_primitives::{Address, U256};
use common::Outcome;
use kernel::{
    breaker::{Breaker, Reference},
    deviation::Limits,
    growth::price_down,
    price::{
        Band, PRICE_MAX_WAD, Status,
        verdict::{Range, Verdict, judge},
    },
};
use units::{WAD_ONE, Wad};

use crate::{
    errors,
    feeds::{Answered, EVERY_PRICE, Sequencer},
    parameters::SHUT_DOWN,
    storage::{BAND, BREAKER, Feed, Oracle, RATE, SECOND},
};

/// The rate of a yield-bearing token as it is used.
pub(crate) struct Rate {
    /// What the rate's feed answered; none where the asset has no rate.
    pub(crate) answered: Option<Answered>,
    /// One where the asset has no rate, zero where it is unusable.
    pub(crate) rate_wad: Wad,
    pub(crate) is_cut: bool,
}

/// What is known about an asset's price, enough to name every refusal.
pub(crate) struct Observation {
    pub(crate) asset: Address,
    pub(crate) feed: Feed,
    /// All there is where the asset has no band.
    pub(crate) band: Band,
    pub(crate) first: Answered,
    /// Not read where something above the sources refuses.
    pub(crate) second: Option<(Answered, Limits)>,
    pub(crate) rate: Rate,
    /// The breaker and what it compares with, where there is one.
    pub(crate) breaker: Option<(Breaker, Reference)>,
    /// Before the rate.
    pub(crate) verdict: Verdict,
}

impl Observation {
    /// The first check that failed.
    pub(crate) fn status(&self) -> Status {
        match self.verdict.status {
            Status::Usable if self.range().is_none() => Status::RateUnusable,
            status => status,
        }
    }

    /// A bit for each check that fails, those behind the first failure too, as far as they were made.
    pub(crate) fn failed_bits(&self, sequencer: &Sequencer) -> u32 {
        let first = self.first.reading.status;
        if first == Status::FeedNotSet {
            return first.bit();
        }
        let second = self.second.as_ref().is_some_and(|(answered, _)| !answered.reading.status.is_usable());
        let rate = self.rate.answered.as_ref().is_some_and(|answered| !answered.reading.status.is_usable());
        let found = [
            (true, self.status()),
            (true, sequencer.status),
            (true, first),
            (second, Status::SecondUnusable),
            (rate, Status::RateUnusable),
            (self.verdict.held.is_some(), Status::JumpHeld),
        ];
        found.into_iter().filter(|(fails, _)| *fails).fold(0, |bits, (_, status)| bits | status.bit())
    }

    /// What a sale may start on, after the rate; nothing where nothing may.
    pub(crate) fn range(&self) -> Option<Range> {
        let range = self.verdict.range?;
        let (low_wad, high_wad) = (self.after_rate(range.low_wad), self.after_rate(range.high_wad));
        (!low_wad.is_zero() && !high_wad.is_zero()).then_some(Range { low_wad, high_wad })
    }

    /// What the first source says, after the rate; zero where it says nothing usable.
    pub(crate) fn shown(&self) -> Wad {
        self.after_rate(self.first.reading.price_wad)
    }

    /// When the older of what was used for [`Observation::shown`] was answered; zero where nothing is shown.
    pub(crate) fn updated_at_secs(&self) -> U256 {
        if self.shown().is_zero() {
            return U256::ZERO;
        }
        let first = self.first.reading.updated_at_secs;
        self.rate.answered.as_ref().map_or(first, |rate| first.min(rate.reading.updated_at_secs))
    }

    /// The verdict with the rate in it.
    pub(crate) fn whole_verdict(&self) -> Verdict {
        Verdict { status: self.status(), range: self.range(), ..self.verdict }
    }

    /// Zero where the product is no price.
    fn after_rate(&self, price: Wad) -> Wad {
        if self.rate.answered.is_none() {
            return price;
        }
        match price_down(price, self.rate.rate_wad) {
            Ok(product) if product <= PRICE_MAX_WAD => product,
            _ => Wad::ZERO,
        }
    }
}

impl Oracle {
    /// Looks at `asset`.
    pub(crate) fn observe(&self, sequencer: &Sequencer, asset: Address) -> Outcome<Observation> {
        let feed = self.feed_of(asset);
        let mut observation = Observation {
            asset,
            feed,
            band: EVERY_PRICE,
            first: Answered::not_yet(feed.source, Status::FeedNotSet),
            second: None,
            rate: Rate { answered: None, rate_wad: Wad(WAD_ONE), is_cut: false },
            breaker: None,
            verdict: Verdict::refused(Status::FeedNotSet),
        };
        if feed.source.aggregator.is_zero() {
            return Ok(observation);
        }
        if feed.has(BAND) {
            observation.band = self.band_of(asset);
        }
        observation.first = self.read_source(feed.source, &observation.band, sequencer.now)?;
        if feed.has(RATE) {
            observation.rate = self.read_rate(asset, sequencer)?;
        }
        if let Some(status) = above_the_sources(&observation, sequencer) {
            observation.verdict = Verdict::refused(status);
            return Ok(observation);
        }
        if feed.has(SECOND) {
            let (source, limits) = self.second_of(asset);
            observation.second = Some((self.read_source(source, &observation.band, sequencer.now)?, limits));
        }
        if feed.has(BREAKER) {
            observation.breaker = Some((self.breaker_of(asset), self.reference_of(asset)));
        }
        let held = |price: Wad| {
            let (breaker, reference) = observation.breaker.as_ref()?;
            breaker.held_until(price, reference, self.volatility_of(asset).fast, sequencer.now)
        };
        let second = observation.second.as_ref().map(|(answered, limits)| (&answered.reading, *limits));
        observation.verdict = judge(&observation.first.reading, second, held);
        Ok(observation)
    }

    /// The price of `asset`, or the error of the first check that failed.
    pub(crate) fn checked_price(&self, sequencer: &Sequencer, asset: Address) -> Outcome<U256> {
        let observation = self.observe(sequencer, asset)?;
        match (observation.status(), observation.range()) {
            (Status::Usable, Some(range)) => Ok(range.low_wad.0),
            _ => Err(errors::price(sequencer, &observation)),
        }
    }

    /// The range of `asset`, or the error of the first check that failed.
    pub(crate) fn checked_range(&self, sequencer: &Sequencer, asset: Address) -> Outcome<Range> {
        let observation = self.observe(sequencer, asset)?;
        observation.range().ok_or_else(|| errors::price(sequencer, &observation))
    }

    /// The range of `asset` for a sale: as [`Oracle::checked_range`], and from zero to zero for an asset that was shut down, which
    /// counts for nothing.
    pub(crate) fn sale_range(&self, sequencer: &Sequencer, asset: Address) -> Outcome<Range> {
        if self.feed_of(asset).stop == SHUT_DOWN {
            return Ok(Range { low_wad: Wad::ZERO, high_wad: Wad::ZERO });
        }
        self.checked_range(sequencer, asset)
    }

    fn read_rate(&self, asset: Address, sequencer: &Sequencer) -> Outcome<Rate> {
        let (source, cap) = self.rate_of(asset);
        let answered = self.read_source(source, &EVERY_PRICE, sequencer.now)?;
        let mut rate = Rate { rate_wad: Wad::ZERO, is_cut: false, answered: None };
        if answered.reading.status.is_usable() {
            let cut = cap.cut(answered.reading.price_wad, sequencer.now)?;
            (rate.rate_wad, rate.is_cut) = (cut.rate_wad, cut.is_cut);
        }
        rate.answered = Some(answered);
        Ok(rate)
    }
}

/// What refuses whatever the sources say: a stop, and the sequencer, which comes after a first source that does not answer at all.
fn above_the_sources(observation: &Observation, sequencer: &Sequencer) -> Option<Status> {
    match (observation.feed.stop, sequencer.status, observation.first.reading.status) {
        (0, Status::Usable, _) => None,
        (0, _, Status::FeedUnreadable) => Some(Status::FeedUnreadable),
        (0, status, _) => Some(status),
        (1, _, _) => Some(Status::Frozen),
        _ => Some(Status::ShutDown),
    }
}
