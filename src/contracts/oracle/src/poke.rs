//! Recording what is seen, which anyone may do: the breaker's reference, the beginning of a hold, the volatility, the state.

use alloy_primitives::{Address, U256};
use common::{Outcome, emit, refuse};
use interface::IOracle;
use kernel::{breaker::Reference, price::Status};
use stylus_sdk::prelude::*;
use units::{Secs, Wad};

use crate::{
    observation::Observation,
    storage::{Feed, Oracle, Source},
};

impl Oracle {
    /// Records what is found of `asset`; gives the state and the status.
    pub fn poke(&mut self, asset: Address) -> Outcome<(U256, U256)> {
        let sequencer = self.read_sequencer()?;
        let observation = self.observe(&sequencer, asset)?;
        if observation.feed.source.aggregator.is_zero() {
            return Err(refuse!(IOracle::FeedNotSet { asset }));
        }
        let (reference, fast) = (self.reference_of(asset), self.volatility_of(asset).fast);
        let verdict = observation.whole_verdict();
        if let Some(held) = verdict.held {
            self.begin_hold(&observation, &reference, held.price_wad, sequencer.now)?;
        } else if verdict.range.is_some() {
            self.sample(&observation, &reference, sequencer.now)?;
        }
        let (state, status) = (U256::from(verdict.state().number()), U256::from(verdict.status.number()));
        let feed = observation.feed;
        let found = Feed { state: verdict.state().number().into(), source: with_new_phase(&observation), ..feed };
        if found.state != feed.state || found.source.phase != feed.source.phase {
            self.keep_feed(asset, &found)?;
        }
        if found.state != feed.state {
            let first = &observation.first.reading;
            let second = observation.second.as_ref().map(|(answered, _)| answered.reading);
            emit!(
                self.vm(),
                IOracle::StateChanged {
                    asset,
                    previousState: U256::from(feed.state),
                    newState: state,
                    status,
                    firstWad: first.price_wad.0,
                    secondWad: second.map(|reading| reading.price_wad.0).unwrap_or_default(),
                    updatedAtSecs: first.updated_at_secs,
                    secondUpdatedAtSecs: second.map(|reading| reading.updated_at_secs).unwrap_or_default(),
                    referenceWad: reference.price_wad.0,
                    fastVariance: fast.0,
                },
            );
        }
        Ok((state, status))
    }

    /// Makes the price that sales may start on the reference and a sample: the first source's, or the second's where only that one is
    /// usable. Also where the sources do not agree, because then the breaker is what is left. Twice in a second nothing is recorded,
    /// nor, with a breaker, before [`may_replace`](kernel::breaker::Breaker::may_replace): the next sample has it all.
    fn sample(&mut self, observation: &Observation, before: &Reference, now: Secs) -> Outcome<()> {
        let is_early = observation.breaker.as_ref().is_some_and(|(breaker, _)| !breaker.may_replace(before, now));
        if before.at >= now || is_early {
            return Ok(());
        }
        let (asset, first) = (observation.asset, &observation.first.reading);
        let second = observation.second.as_ref().map(|(answered, _)| answered.reading.price_wad);
        let price = if first.status.is_usable() { first.price_wad } else { second.unwrap_or_default() };
        let mut volatility = self.volatility_of(asset);
        if !before.price_wad.is_zero() {
            volatility = volatility.after(before.price_wad, price, now.try_since(before.at)?)?;
            self.keep_volatility(asset, &volatility)?;
        }
        self.keep_reference(asset, &Reference { price_wad: price, at: now, held_since: before.held_since })?;
        emit!(
            self.vm(),
            IOracle::Sampled {
                asset,
                priceWad: price.0,
                fastVariance: volatility.fast.0,
                slowVariance: volatility.slow.0,
            },
        );
        Ok(())
    }

    /// Begins a hold, unless one was begun that still rules.
    fn begin_hold(&mut self, observation: &Observation, reference: &Reference, price: Wad, now: Secs) -> Outcome<()> {
        let Some((breaker, _)) = observation.breaker else {
            return Ok(());
        };
        if breaker.has_recorded(reference, now) {
            return Ok(());
        }
        self.keep_reference(observation.asset, &Reference { held_since: now, ..*reference })?;
        emit!(
            self.vm(),
            IOracle::JumpRecorded {
                asset: observation.asset,
                referenceWad: reference.price_wad.0,
                priceWad: price.0,
                untilSecs: Secs(now.0.saturating_add(breaker.hold.0)).widen(),
            },
        );
        Ok(())
    }
}

/// The first source, with the phase of a round that passed every check.
fn with_new_phase(observation: &Observation) -> Source {
    let source = observation.feed.source;
    match observation.first.reading.status {
        Status::Usable => Source { phase: observation.first.phase(), ..source },
        _ => source,
    }
}
