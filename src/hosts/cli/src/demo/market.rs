//! The market: prices come into Chainlink's aggregators round by round, and the desk buys at them.

use super::{
    prices::{PRICE_DECIMALS, Step},
    system::{Feed, People, System},
};
use crate::{
    amount::tokens,
    chain::{Chain, ChainError, peers::Aggregator},
};
use alloy_primitives::{I256, U256};

/// The debt asset's feed answers this often.
const DEBT_FEED_HOURS: u64 = 24;

/// Submits the prices of an hour; the debt asset's, one dollar, once a day and at `hour` zero.
pub(super) fn submit(chain: &mut Chain, system: &mut System, people: &People, step: &Step) -> Result<(), ChainError> {
    for (asset, price_raw) in system.collaterals.iter_mut().zip(step.prices_raw) {
        submit_one(chain, &mut asset.feed, people, price_raw)?;
    }
    if step.hour.is_multiple_of(DEBT_FEED_HOURS) {
        submit_one(chain, &mut system.debt_feed, people, tokens(1, PRICE_DECIMALS))?;
    }
    Ok(())
}

fn submit_one(chain: &mut Chain, feed: &mut Feed, people: &People, price_raw: U256) -> Result<(), ChainError> {
    feed.round = feed.round.saturating_add(1);
    let call = Aggregator::submitCall { roundId: U256::from(feed.round), submission: I256::from_raw(price_raw) };
    chain.send("submit price", people.price_oracle, feed.aggregator, &call)?;
    Ok(())
}
