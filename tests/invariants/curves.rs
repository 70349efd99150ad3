//! Prices and staleness of sales worked out beside the contracts, from the terms, the start and the sequencer alone.
//!
//! A power is made by squaring and rounds down here, so the price is right to a billionth; where that decides, nothing is said.

use crate::seen::Seen;
use alloy_primitives::{I256, U256, Uint};
use interface::IOracle;
use support::{System, doubles::IScriptedFeed, observe::SaleSeen, system::RAY};

type Wide = Uint<512, 8>;

/// Beside this share of a number rounding decides.
const MARGIN: u64 = 1_000_000_000;

/// The sequencer, as its feed tells.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Sequencer {
    is_up: bool,
    since_secs: U256,
    grace_secs: U256,
}

impl Sequencer {
    /// Reads the feed that the oracle has; nothing where it has one that has not begun.
    pub(crate) fn now(system: &System) -> Option<Self> {
        let set = system.ask(system.at.oracle, &IOracle::sequencerCall {});
        if set.uptimeFeed.is_zero() {
            return Some(Self { is_up: true, since_secs: U256::ZERO, grace_secs: U256::ZERO });
        }
        let round = system.try_ask(set.uptimeFeed, &IScriptedFeed::latestRoundDataCall {}).ok()?;
        let is_known = !round.startedAt.is_zero();
        is_known.then_some(Self {
            is_up: round.answer == I256::ZERO,
            since_secs: round.startedAt,
            grace_secs: set.graceSecs,
        })
    }

    /// Whether it is up and has been for longer than its grace period.
    pub(crate) fn is_past_grace(&self, now_secs: u64) -> bool {
        self.is_up && (self.grace_secs.is_zero() || U256::from(now_secs) > self.since_secs + self.grace_secs)
    }

    fn has_been_up_since(&self, secs: U256) -> bool {
        self.is_up && self.since_secs <= secs
    }
}

/// What the curve says after `elapsed`, in ray.
fn curve(sale: &SaleSeen, elapsed: u64) -> Wide {
    let (terms, top) = (&sale.terms, Wide::from(sale.sale.sale.topRay));
    let step = terms.stepSecs.to::<u64>();
    match terms.curve.to::<u64>() {
        1 => top * Wide::from(step.saturating_sub(elapsed)) / Wide::from(step),
        2 => top * power(terms.cutRay, elapsed / step) / Wide::from(RAY),
        _ => top * power(terms.cutRay, elapsed) / Wide::from(RAY),
    }
}

/// `base^exponent` in ray, a little too low.
fn power(base: U256, mut exponent: u64) -> Wide {
    let (mut product, mut square) = (Wide::from(RAY), Wide::from(base));
    while exponent > 0 {
        if exponent % 2 == 1 {
            product = product * square / Wide::from(RAY);
        }
        square = square * square / Wide::from(RAY);
        exponent /= 2;
    }
    product
}

/// Whether `one` is below `other`; nothing where they are too close to say.
fn is_below(one: Wide, other: Wide) -> Option<bool> {
    let margin = other / Wide::from(MARGIN) + Wide::from(2);
    if one + margin < other {
        return Some(true);
    }
    (one > other + margin).then_some(false)
}

fn elapsed_secs(sale: &SaleSeen, now_secs: u64) -> u64 {
    now_secs - sale.sale.sale.startedAtSecs.to::<u64>()
}

/// Whether a price is what the curve and the floor make of a sale at this moment, but for rounding.
pub(crate) fn is_price_of(sale: &SaleSeen, now_secs: u64, price_ray: U256) -> bool {
    let model = curve(sale, elapsed_secs(sale, now_secs)).max(Wide::from(sale.sale.sale.floorRay));
    is_below(Wide::from(price_ray), model).is_none()
}

/// Whether a sale can only go on after a restart; nothing where rounding decides.
pub(crate) fn needs_restart(seen: &Seen, sale: &SaleSeen, sequencer: Sequencer) -> Option<bool> {
    let (terms, books, elapsed) = (&sale.terms, &sale.sale.sale, elapsed_secs(sale, seen.time_secs));
    let (level, changed_at) = (seen.set.stop_level, seen.set.takes_changed_at_secs);
    let was_stopped = changed_at > books.startedAtSecs || (level == U256::from(3) && changed_at == books.startedAtSecs);
    let is_broken = was_stopped || !sequencer.has_been_up_since(books.startedAtSecs);
    if terms.curve == U256::from(4) {
        let index = seen.sales.iter().position(|other| other.auction_id == sale.auction_id)?;
        let bid = seen.bids[index].as_ref().ok()?;
        let (now, tail) = (U256::from(seen.time_secs), terms.tailSecs);
        return Some(if bid.bidder.is_zero() {
            is_broken || now >= books.startedAtSecs + tail
        } else {
            is_broken || now > bid.endsAtSecs + tail
        });
    }
    if elapsed > terms.tailSecs.to::<u64>() || is_broken && elapsed > 0 {
        return Some(true);
    }
    let (curve, top) = (curve(sale, elapsed), Wide::from(books.topRay));
    let is_at_floor = is_below(curve, Wide::from(books.floorRay));
    let is_past_cusp = is_below(curve * Wide::from(10_000), top * Wide::from(terms.cuspBps));
    match (is_at_floor, is_past_cusp) {
        (Some(true), _) | (_, Some(true)) => Some(true),
        (Some(false), Some(false)) => Some(false),
        _ => None,
    }
}
