//! The views on prices and on what was set and recorded; each is described in `abi/IOracle.sol`.

use alloc::vec::Vec;

use alloy_primitives::{Address, U256};
use common::{Outcome, words::address_in};
use interface::IOracle;
use kernel::price::Status;

use crate::{
    errors,
    storage::{BAND, BREAKER, GUARDIAN, Oracle, RATE, SECOND},
};

impl Oracle {
    /// USD for one whole `asset` as a wad, rounded down, after every check.
    pub fn price(&self, asset: Address) -> Outcome<U256> {
        self.checked_price(&self.read_sequencer()?, asset)
    }

    /// The prices of several assets, in the same order; the first refusal refuses all.
    pub fn prices(&self, assets: Vec<Address>) -> Outcome<Vec<U256>> {
        let sequencer = self.read_sequencer()?;
        assets.into_iter().map(|asset| self.checked_price(&sequencer, asset)).collect()
    }

    /// The lowest and highest usable price of several assets; the first refusal refuses all.
    pub fn ranges(&self, assets: Vec<Address>) -> Outcome<Vec<IOracle::Range>> {
        let sequencer = self.read_sequencer()?;
        let ranges = assets.into_iter().map(|asset| self.sale_range(&sequencer, asset));
        ranges
            .map(|range| range.map(|range| IOracle::Range { lowWad: range.low_wad.0, highWad: range.high_wad.0 }))
            .collect()
    }

    /// Price, time of the answer and the number of the first check that failed; refuses only for want of gas.
    pub fn peek(&self, asset: Address) -> Outcome<(U256, U256, U256)> {
        let observation = self.observe(&self.read_sequencer()?, asset)?;
        Ok((observation.shown().0, observation.updated_at_secs(), U256::from(observation.status().number())))
    }

    /// All that the checks found; refuses only for want of gas.
    pub fn report(&self, asset: Address) -> Outcome<IOracle::Report> {
        let sequencer = self.read_sequencer()?;
        let observation = self.observe(&sequencer, asset)?;
        let verdict = observation.whole_verdict();
        let (low_wad, high_wad) = verdict.range.map(|range| (range.low_wad.0, range.high_wad.0)).unwrap_or_default();
        let first = &observation.first.reading;
        let second = observation.second.as_ref().map(|(answered, _)| answered.reading);
        Ok(IOracle::Report {
            state: U256::from(verdict.state().number()),
            status: U256::from(verdict.status.number()),
            failedBits: U256::from(observation.failed_bits(&sequencer)),
            priceWad: observation.shown().0,
            updatedAtSecs: observation.updated_at_secs(),
            lowWad: low_wad,
            highWad: high_wad,
            firstWad: first.price_wad.0,
            firstStatus: U256::from(first.status.number()),
            secondWad: second.map(|reading| reading.price_wad.0).unwrap_or_default(),
            secondStatus: U256::from(second.map_or(Status::FeedNotSet, |reading| reading.status).number()),
            rateWad: observation.rate.rate_wad.0,
            isRateCut: observation.rate.is_cut,
            heldUntilSecs: verdict.held.map(|held| held.until.widen()).unwrap_or_default(),
        })
    }

    /// What pokes recorded last.
    pub fn recorded(&self, asset: Address) -> Outcome<IOracle::Recorded> {
        let (reference, volatility) = (self.reference_of(asset), self.volatility_of(asset));
        Ok(IOracle::Recorded {
            priceWad: reference.price_wad.0,
            atSecs: reference.at.widen(),
            heldSinceSecs: reference.held_since.widen(),
            fastVariance: volatility.fast.0,
            slowVariance: volatility.slow.0,
            state: U256::from(self.feed_of(asset).state),
        })
    }

    /// Both recorded standard deviations over a horizon, rounded up.
    pub fn volatility(&self, asset: Address, horizon_secs: U256) -> Outcome<(U256, U256)> {
        let horizon = kernel::bounds::feeds::horizon(horizon_secs).map_err(errors::outside)?;
        let volatility = self.volatility_of(asset);
        Ok((volatility.fast.over(horizon)?.0, volatility.slow.over(horizon)?.0))
    }

    /// Whether the sequencer is up, and since when its present state holds. Without an uptime feed: up since 0.
    pub fn sequencer_status(&self) -> Outcome<(bool, U256)> {
        let sequencer = self.read_sequencer()?;
        match sequencer.status {
            Status::SequencerUnreadable | Status::SequencerUninitialised => Err(errors::sequencer(&sequencer)),
            status => Ok((status != Status::SequencerDown, sequencer.since_secs)),
        }
    }

    /// Aggregator, heartbeat and decimals of an asset's feed; all zero where none is set.
    pub fn feed(&self, asset: Address) -> Outcome<(Address, U256, U256)> {
        let source = self.feed_of(asset).source;
        Ok((source.aggregator, source.heartbeat.widen(), U256::from(source.decimals)))
    }

    /// What was set for an asset beyond its feed; zero where a group is off.
    pub fn settings(&self, asset: Address) -> Outcome<IOracle::Settings> {
        let feed = self.feed_of(asset);
        let mut set = IOracle::Settings { stop: U256::from(feed.stop), ..no_settings() };
        if feed.has(BAND) {
            let band = self.band_of(asset);
            (set.minWad, set.maxWad) = (band.min_wad.0, band.max_wad.0);
        }
        if feed.has(SECOND) {
            let (source, limits) = self.second_of(asset);
            set.second = source.aggregator;
            set.secondHeartbeatSecs = source.heartbeat.widen();
            set.secondDecimals = U256::from(source.decimals);
            (set.softBps, set.hardBps) = (limits.soft.widen(), limits.hard.widen());
        }
        if feed.has(BREAKER) {
            let breaker = self.breaker_of(asset);
            set.jumpBps = breaker.jump.widen();
            set.sigmas = U256::from(breaker.sigmas);
            set.holdSecs = breaker.hold.widen();
        }
        if feed.has(RATE) {
            let (source, cap) = self.rate_of(asset);
            set.rateFeed = source.aggregator;
            set.rateHeartbeatSecs = source.heartbeat.widen();
            set.rateDecimals = U256::from(source.decimals);
            set.snapshotRateWad = cap.snapshot_wad.0;
            set.snapshotAtSecs = cap.snapshot_at.widen();
            set.growthBps = cap.yearly.widen();
        }
        Ok(set)
    }

    /// The sequencer's uptime feed, zero where none is set, and the grace period.
    pub fn sequencer(&self) -> Outcome<(Address, U256)> {
        let (uptime_feed, grace) = self.uptime();
        Ok((uptime_feed, grace.widen()))
    }

    /// Who may freeze assets besides the owner; zero where nobody may.
    pub fn guardian(&self) -> Outcome<Address> {
        Ok(address_in(GUARDIAN.get(self)))
    }
}

fn no_settings() -> IOracle::Settings {
    IOracle::Settings {
        minWad: U256::ZERO,
        maxWad: U256::ZERO,
        second: Address::ZERO,
        secondHeartbeatSecs: U256::ZERO,
        secondDecimals: U256::ZERO,
        softBps: U256::ZERO,
        hardBps: U256::ZERO,
        jumpBps: U256::ZERO,
        sigmas: U256::ZERO,
        holdSecs: U256::ZERO,
        rateFeed: Address::ZERO,
        rateHeartbeatSecs: U256::ZERO,
        rateDecimals: U256::ZERO,
        snapshotRateWad: U256::ZERO,
        snapshotAtSecs: U256::ZERO,
        growthBps: U256::ZERO,
        stop: U256::ZERO,
    }
}
