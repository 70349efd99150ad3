//! What a level of stop stops, and that it stops nothing else.

use crate::{
    handler::{Kind, Step},
    seen::Seen,
};
use alloy_primitives::U256;
use alloy_sol_types::SolError;
use interface::IAuction;
use support::{Done, Revert};

/// Whether a refusal is that of a stop.
pub(crate) fn is_stopped(refusal: &Revert) -> bool {
    refusal.0.get(..4) == Some(IAuction::Stopped::SELECTOR.as_slice())
}

/// Whether an auction was refused because it sells in the other way, which it is before or after a stop is looked at.
fn of_other_kind(refusal: &Revert) -> bool {
    refusal.0.get(..4) == Some(IAuction::TakesBids::SELECTOR.as_slice())
}

/// The lowest level that stops a step; none where nothing may ever stop it.
fn lowest_level(before: &Seen, step: &Step) -> Option<u64> {
    match &step.kind {
        Kind::Liquidate { .. } => Some(1),
        Kind::Restart { .. } => Some(2),
        Kind::Bid { .. } => Some(3),
        Kind::Take { auction_id, .. } => {
            let sale = before.sales.iter().find(|sale| sale.auction_id == *auction_id);
            // To take from a stale auction is to restart it.
            let is_stale = sale.is_some_and(|sale| matches!(sale.status, Ok((true, ..))));
            Some(if is_stale { 2 } else { 3 })
        }
        _ => None,
    }
}

/// When takes are stopped or let go on is remembered, and nothing else changes that.
pub(crate) fn remembered(before: &Seen, after: &Seen) {
    let stops_takes = |seen: &Seen| seen.set.stop_level == U256::from(3);
    let is_other = stops_takes(before) != stops_takes(after);
    let expected = if is_other { U256::from(after.time_secs) } else { before.set.takes_changed_at_secs };
    assert_eq!(after.set.takes_changed_at_secs, expected, "[A11] when takes were stopped or let go on");
}

/// Compares how a step ended with the level it met.
pub(crate) fn stop(before: &Seen, step: &Step, level: U256, ended: &Result<Done, Revert>) {
    let must_stop = lowest_level(before, step).is_some_and(|lowest| level >= U256::from(lowest));
    match ended {
        Err(refusal) if must_stop && !of_other_kind(refusal) => {
            assert_eq!(refusal.0, IAuction::Stopped { level }.abi_encode(), "[A11] {} at level {level}", step.call);
        }
        Err(refusal) => assert!(!is_stopped(refusal), "[A11] {} was stopped at level {level}", step.call),
        Ok(_) => assert!(!must_stop, "[A11] {} took effect at level {level}", step.call),
    }
}
