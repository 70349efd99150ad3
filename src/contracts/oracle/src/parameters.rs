//! What the owner sets, inside the bounds of `kernel::bounds`, and the guardian's one right: to freeze.

use alloy_primitives::{Address, U256};
use common::{
    Outcome, emit, ownership, refuse,
    words::{address_in, word_of},
};
use interface::IOracle;
use kernel::{
    bounds::feeds as bounds,
    breaker::{Breaker, Reference},
    deviation::Limits,
    growth::Cap,
    price::Band,
    volatility::Volatility,
};
use stylus_sdk::{prelude::*, stylus_core::MessageAccess};
use units::{Bps, Secs, Wad};

use crate::{
    errors,
    storage::{BAND, BREAKER, Feed, GUARDIAN, Oracle, RATE, SECOND, SEQUENCER, Source, pack_uptime},
};

const FROZEN: u64 = 1;
pub(crate) const SHUT_DOWN: u64 = 2;

impl Oracle {
    /// Prices `asset` by `aggregator`, whose decimals are read now; zero removes the feed and all settings. Owner only.
    pub fn set_feed(&mut self, asset: Address, aggregator: Address, heartbeat_secs: U256) -> Outcome<()> {
        ownership::require_caller(self)?;
        let before = self.feed_of(asset);
        let feed = if aggregator.is_zero() {
            Feed::default()
        } else {
            for (flag, other) in [(SECOND, self.second_of(asset).0), (RATE, self.rate_of(asset).0)] {
                if before.has(flag) {
                    require_other(asset, aggregator, &other)?;
                }
            }
            Feed { source: self.new_source(asset, aggregator, heartbeat_secs)?, ..before }
        };
        // What another feed said, or this one in other units, is neither the price nor the volatility of what is asked from now on.
        let said_by = |source: &Source| (source.aggregator, source.decimals);
        if said_by(&feed.source) != said_by(&before.source) {
            self.keep_reference(asset, &Reference::default())?;
            self.keep_volatility(asset, &Volatility::default())?;
        }
        self.keep_feed(asset, &feed)?;
        emit!(
            self.vm(),
            IOracle::FeedSet {
                asset,
                aggregator,
                heartbeatSecs: feed.source.heartbeat.widen(),
                decimals: U256::from(feed.source.decimals),
            },
        );
        Ok(())
    }

    /// Reads the sequencer's uptime from `uptime_feed`, zero switches the check off; sets the grace period. Owner only.
    pub fn set_sequencer(&mut self, uptime_feed: Address, grace_secs: U256) -> Outcome<()> {
        ownership::require_caller(self)?;
        let grace = kernel::bounds::grace(grace_secs)
            .map_err(|outside| refuse!(IOracle::GraceOutOfBounds { graceSecs: outside.value, maxSecs: outside.max }))?;
        SEQUENCER.set(self, pack_uptime(uptime_feed, grace)?);
        emit!(self.vm(), IOracle::SequencerSet { feed: uptime_feed, graceSecs: grace.widen() });
        Ok(())
    }

    /// Believes prices only inside a band; both zero switch it off. Owner only.
    pub fn set_band(&mut self, asset: Address, min_wad: U256, max_wad: U256) -> Outcome<()> {
        let feed = self.feed_to_set(asset)?;
        let is_on = !(min_wad.is_zero() && max_wad.is_zero());
        let band = if is_on {
            bounds::band(min_wad, max_wad).map_err(errors::outside)?
        } else {
            Band { min_wad: Wad::ZERO, max_wad: Wad::ZERO }
        };
        self.keep_band(asset, band)?;
        self.keep_feed(asset, &feed.switched(BAND, is_on))?;
        emit!(self.vm(), IOracle::BandSet { asset, minWad: min_wad, maxWad: max_wad });
        Ok(())
    }

    /// Compares with a second feed; zero switches that off. Owner only.
    pub fn set_second(
        &mut self,
        asset: Address,
        aggregator: Address,
        heartbeat_secs: U256,
        soft_bps: U256,
        hard_bps: U256,
    ) -> Outcome<()> {
        let feed = self.feed_to_set(asset)?;
        let is_on = !aggregator.is_zero();
        let (source, limits) = if is_on {
            let limits = bounds::deviation(soft_bps, hard_bps).map_err(errors::outside)?;
            require_other(asset, aggregator, &feed.source)?;
            (self.new_source(asset, aggregator, heartbeat_secs)?, limits)
        } else {
            (Source::default(), Limits { soft: Bps(0), hard: Bps(0) })
        };
        self.keep_second(asset, &source, limits)?;
        self.keep_feed(asset, &feed.switched(SECOND, is_on))?;
        emit!(
            self.vm(),
            IOracle::SecondSet {
                asset,
                aggregator,
                heartbeatSecs: source.heartbeat.widen(),
                decimals: U256::from(source.decimals),
                softBps: limits.soft.widen(),
                hardBps: limits.hard.widen(),
            },
        );
        Ok(())
    }

    /// Holds jumps; all zero switch that off. Owner only.
    pub fn set_breaker(&mut self, asset: Address, jump_bps: U256, sigmas: U256, hold_secs: U256) -> Outcome<()> {
        let feed = self.feed_to_set(asset)?;
        let is_on = !(jump_bps.is_zero() && sigmas.is_zero() && hold_secs.is_zero());
        let breaker = if is_on {
            bounds::breaker(jump_bps, sigmas, hold_secs).map_err(errors::outside)?
        } else {
            Breaker { jump: Bps(0), sigmas: 0, hold: Secs(0) }
        };
        self.keep_breaker(asset, &breaker)?;
        self.keep_feed(asset, &feed.switched(BREAKER, is_on))?;
        emit!(self.vm(), IOracle::BreakerSet { asset, jumpBps: jump_bps, sigmas, holdSecs: hold_secs });
        Ok(())
    }

    /// Prices a yield-bearing token by a rate with capped growth; zero switches that off. Owner only.
    pub fn set_rate(
        &mut self,
        asset: Address,
        rate_feed: Address,
        heartbeat_secs: U256,
        snapshot_rate_wad: U256,
        snapshot_at_secs: U256,
        growth_bps: U256,
    ) -> Outcome<()> {
        let feed = self.feed_to_set(asset)?;
        let is_on = !rate_feed.is_zero();
        let (source, cap) = if is_on {
            let cap = bounds::growth(snapshot_rate_wad, snapshot_at_secs, growth_bps, self.now());
            let cap = cap.map_err(errors::outside)?;
            require_other(asset, rate_feed, &feed.source)?;
            (self.new_source(asset, rate_feed, heartbeat_secs)?, cap)
        } else {
            (Source::default(), Cap { snapshot_wad: Wad::ZERO, snapshot_at: Secs(0), yearly: Bps(0) })
        };
        self.keep_rate(asset, &source, &cap)?;
        self.keep_feed(asset, &feed.switched(RATE, is_on))?;
        emit!(
            self.vm(),
            IOracle::RateSet {
                asset,
                rateFeed: rate_feed,
                heartbeatSecs: source.heartbeat.widen(),
                decimals: U256::from(source.decimals),
                snapshotRateWad: cap.snapshot_wad.0,
                snapshotAtSecs: cap.snapshot_at.widen(),
                growthBps: cap.yearly.widen(),
            },
        );
        Ok(())
    }

    /// Names the guardian; zero names none. Owner only.
    pub fn set_guardian(&mut self, new_guardian: Address) -> Outcome<()> {
        ownership::require_caller(self)?;
        let previous_guardian = address_in(GUARDIAN.get(self));
        GUARDIAN.set(self, word_of(new_guardian));
        emit!(self.vm(), IOracle::GuardianSet { previousGuardian: previous_guardian, newGuardian: new_guardian },);
        Ok(())
    }

    /// Stops an asset or releases it. The guardian may only freeze; nobody may release what was shut down.
    pub fn set_stop(&mut self, asset: Address, level: U256) -> Outcome<()> {
        let feed = self.feed_of(asset);
        let by = self.vm().msg_sender();
        let is_guardians = feed.stop == 0 && level == U256::from(FROZEN) && by == address_in(GUARDIAN.get(self));
        if !is_guardians {
            ownership::require_caller(self)?;
        }
        let level = bounds::stop(level).map_err(errors::outside)?;
        require_set(asset, &feed)?;
        if feed.stop == SHUT_DOWN {
            return Err(refuse!(IOracle::AssetShutDown { asset }));
        }
        self.keep_feed(asset, &Feed { stop: level, ..feed })?;
        emit!(
            self.vm(),
            IOracle::StopSet { asset, by, previousLevel: U256::from(feed.stop), newLevel: U256::from(level) },
        );
        Ok(())
    }

    /// The feed of an asset that the owner is about to set something for.
    fn feed_to_set(&self, asset: Address) -> Outcome<Feed> {
        ownership::require_caller(self)?;
        let feed = self.feed_of(asset);
        require_set(asset, &feed)?;
        Ok(feed)
    }
}

fn require_set(asset: Address, feed: &Feed) -> Outcome<()> {
    if feed.source.aggregator.is_zero() { Err(refuse!(IOracle::FeedNotSet { asset })) } else { Ok(()) }
}

/// Two readings of one feed would always agree.
fn require_other(asset: Address, aggregator: Address, other: &Source) -> Outcome<()> {
    if aggregator == other.aggregator { Err(refuse!(IOracle::SameFeed { asset, aggregator })) } else { Ok(()) }
}
