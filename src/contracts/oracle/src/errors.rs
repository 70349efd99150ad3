//! From the status of a check to the error that names it, with the values that decided.

use alloy_primitives::{I256, U256};
use common::{Refusal, refuse};
use interface::{IOracle, IShared};
use kernel::price::Status;

use crate::feeds::{Observation, Sequencer};

/// The refusal for what is wrong with the sequencer.
pub(crate) fn sequencer(sequencer: &Sequencer) -> Refusal {
    match sequencer.status {
        Status::SequencerUnreadable => refuse!(IOracle::SequencerUnreadable {
            feed: sequencer.feed
        }),
        Status::SequencerUninitialised => refuse!(IOracle::SequencerUninitialised {
            feed: sequencer.feed
        }),
        Status::SequencerDown => refuse!(IOracle::SequencerDown {
            sinceSecs: sequencer.since_secs
        }),
        Status::SequencerGrace => refuse!(IOracle::SequencerGrace {
            upSinceSecs: sequencer.since_secs,
            graceSecs: sequencer.grace.widen(),
            nowSecs: sequencer.now.widen(),
        }),
        // The other statuses are about a feed; `price` names them before it comes here.
        _ => refuse!(IShared::OutOfRange {}),
    }
}

/// The refusal for the first check that failed for an asset.
pub(crate) fn price(around: &Sequencer, observation: &Observation) -> Refusal {
    let (asset, aggregator) = (observation.asset, observation.feed.aggregator);
    let answer = I256::from_raw(observation.round.answer);
    let updated_at_secs = observation.round.updated_at_secs;
    let now_secs = around.now.widen();
    match observation.reading.status {
        Status::FeedNotSet => refuse!(IOracle::FeedNotSet { asset }),
        Status::FeedUnreadable => refuse!(IOracle::FeedUnreadable { asset, aggregator }),
        Status::RoundIncomplete => {
            refuse!(IOracle::RoundIncomplete {
                asset,
                roundId: U256::from(observation.round_id)
            })
        }
        Status::AnswerNotPositive => refuse!(IOracle::AnswerNotPositive { asset, answer }),
        Status::AnswerFromFuture => {
            refuse!(IOracle::AnswerFromFuture {
                asset,
                updatedAtSecs: updated_at_secs,
                nowSecs: now_secs
            })
        }
        Status::AnswerStale => refuse!(IOracle::AnswerStale {
            asset,
            updatedAtSecs: updated_at_secs,
            heartbeatSecs: observation.feed.heartbeat.widen(),
            nowSecs: now_secs,
        }),
        Status::PriceOutOfRange => refuse!(IOracle::PriceOutOfRange { asset, answer }),
        _ => sequencer(around),
    }
}
