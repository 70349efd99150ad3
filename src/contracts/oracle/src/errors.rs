//! From the status of a check to the error that names it, with the values that decided.

use alloy_primitives::{I256, U256};
use common::{Refusal, refuse};
use interface::{IOracle, IShared};
use kernel::{bounds::OutOfBounds, price::Status};

use crate::{
    feeds::{Answered, Sequencer},
    observation::Observation,
};

/// The refusal of a parameter outside of its bounds.
#[inline(never)]
pub(crate) fn outside(outside: OutOfBounds) -> Refusal {
    refuse!(IOracle::OutOfBounds {
        name: common::abi::Name::new(*outside.name),
        value: outside.value,
        min: outside.min,
        max: outside.max,
    })
}

/// The refusal for what is wrong with the sequencer.
pub(crate) fn sequencer(sequencer: &Sequencer) -> Refusal {
    match sequencer.status {
        Status::SequencerUnreadable => refuse!(IOracle::SequencerUnreadable { feed: sequencer.feed }),
        Status::SequencerUninitialised => refuse!(IOracle::SequencerUninitialised { feed: sequencer.feed }),
        Status::SequencerDown => refuse!(IOracle::SequencerDown { sinceSecs: sequencer.since_secs }),
        Status::SequencerGrace => refuse!(IOracle::SequencerGrace {
            upSinceSecs: sequencer.since_secs,
            graceSecs: sequencer.grace.widen(),
            nowSecs: sequencer.now.widen(),
        }),
        // The other statuses are about an asset; `price` names them before it comes here.
        _ => refuse!(IShared::OutOfRange {}),
    }
}

/// The refusal for the first check that failed for an asset.
pub(crate) fn price(around: &Sequencer, observation: &Observation) -> Refusal {
    let asset = observation.asset;
    match observation.status() {
        Status::Frozen => refuse!(IOracle::AssetFrozen { asset }),
        Status::ShutDown => refuse!(IOracle::AssetShutDown { asset }),
        Status::SecondUnusable | Status::SourcesDiffer | Status::SourcesDisagree => second(observation),
        Status::JumpHeld => jump(observation),
        Status::RateUnusable => {
            let rate = observation.rate.answered.as_ref();
            // A rate whose feed is usable, and which gives no price all the same, leads out of the range of prices.
            let status = rate.map(|rate| rate.reading.status).filter(|status| !status.is_usable());
            refuse!(IOracle::RateUnusable {
                asset,
                aggregator: rate.map(|rate| rate.source.aggregator).unwrap_or_default(),
                status: U256::from(status.unwrap_or(Status::PriceOutOfRange).number()),
            })
        }
        Status::SequencerUnreadable
        | Status::SequencerUninitialised
        | Status::SequencerDown
        | Status::SequencerGrace => sequencer(around),
        _ => first(around, observation),
    }
}

/// What is wrong with the first source.
fn first(around: &Sequencer, observation: &Observation) -> Refusal {
    let (asset, answered) = (observation.asset, &observation.first);
    let aggregator = answered.source.aggregator;
    let answer = I256::from_raw(answered.round.answer);
    let updated_at_secs = answered.round.updated_at_secs;
    let now_secs = around.now.widen();
    match answered.reading.status {
        Status::FeedNotSet => refuse!(IOracle::FeedNotSet { asset }),
        Status::FeedUnreadable => refuse!(IOracle::FeedUnreadable { asset, aggregator }),
        Status::RoundIncomplete => {
            refuse!(IOracle::RoundIncomplete { asset, roundId: U256::from(answered.round_id) })
        }
        Status::AnswerNotPositive => refuse!(IOracle::AnswerNotPositive { asset, answer }),
        Status::AnswerFromFuture => {
            refuse!(IOracle::AnswerFromFuture { asset, updatedAtSecs: updated_at_secs, nowSecs: now_secs })
        }
        Status::AnswerStale => refuse!(IOracle::AnswerStale {
            asset,
            updatedAtSecs: updated_at_secs,
            heartbeatSecs: answered.source.heartbeat.widen(),
            nowSecs: now_secs,
        }),
        Status::PriceOutOfRange => refuse!(IOracle::PriceOutOfRange { asset, answer }),
        Status::PriceOutOfBand => refuse!(IOracle::PriceOutOfBand {
            asset,
            priceWad: answered.reading.price_wad.0,
            minWad: observation.band.min_wad.0,
            maxWad: observation.band.max_wad.0,
        }),
        _ => refuse!(IOracle::DecimalsChanged {
            asset,
            aggregator,
            expectedDecimals: U256::from(answered.source.decimals),
        }),
    }
}

/// What is wrong with the second source, or between the two.
fn second(observation: &Observation) -> Refusal {
    let asset = observation.asset;
    let Some((second, limits)) = &observation.second else {
        return refuse!(IShared::OutOfRange {});
    };
    let price_of = |answered: &Answered| answered.reading.price_wad.0;
    let (first_wad, second_wad) = (price_of(&observation.first), price_of(second));
    match observation.verdict.status {
        Status::SourcesDiffer => refuse!(IOracle::SourcesDiffer {
            asset,
            firstWad: first_wad,
            secondWad: second_wad,
            softBps: limits.soft.widen(),
        }),
        Status::SourcesDisagree => refuse!(IOracle::SourcesDisagree {
            asset,
            firstWad: first_wad,
            secondWad: second_wad,
            hardBps: limits.hard.widen(),
        }),
        _ => refuse!(IOracle::SecondUnusable {
            asset,
            aggregator: second.source.aggregator,
            status: U256::from(second.reading.status.number()),
        }),
    }
}

fn jump(observation: &Observation) -> Refusal {
    let Some(held) = observation.verdict.held else {
        return refuse!(IShared::OutOfRange {});
    };
    let reference = observation.breaker.map(|(_, reference)| reference).unwrap_or_default();
    refuse!(IOracle::JumpHeld {
        asset: observation.asset,
        referenceWad: reference.price_wad.0,
        priceWad: held.price_wad.0,
        untilSecs: held.until.widen(),
    })
}
