//! What a take may sell, to whom, and for how much.

use crate::{
    checks::wide,
    curves::{Sequencer, needs_restart},
    handler::{Kind, Step},
    seen::Seen,
};
use alloy_primitives::{U256, Uint};
use alloy_sol_types::{SolCall, SolError, SolEvent};
use interface::IAuction;
use support::{Done, Log, Revert, System, system::RAY};

type Wide = Uint<512, 8>;

/// The restart a log tells of.
fn restart_in(log: &Log) -> Option<IAuction::AuctionRestarted> {
    IAuction::AuctionRestarted::decode_raw_log(&log.topics, &log.data).ok()
}

pub(crate) fn take(
    system: &System,
    before: &Seen,
    step: &Step,
    quote: &Result<IAuction::quoteReturn, Revert>,
    ended: &Result<Done, Revert>,
    after: &Seen,
) {
    let Kind::Take { auction_id, max_lot_raw, max_price_ray, recipient, within } = &step.kind else { return };
    let (auction_id, max_lot_raw, max_price_ray, recipient) = (*auction_id, *max_lot_raw, *max_price_ray, *recipient);
    let done = match (quote, ended) {
        (_, Ok(done)) => done,
        (Ok(quote), Err(refusal)) => {
            // A quote knows neither the buyer's limit, nor the recipient, nor the buyer's purse.
            let too_dear = IAuction::PriceAboveLimit { priceRay: quote.priceRay, limitRay: max_price_ray };
            let takes_bids = IAuction::TakesBids { auctionId: auction_id };
            let bad_recipient = IAuction::BadRecipient { recipient };
            let allowed = [too_dear.abi_encode(), bad_recipient.abi_encode(), takes_bids.abi_encode()];
            assert!(allowed.contains(&refusal.0), "[A8] quoted, and refused by {refusal:?}");
            return;
        }
        (Err(quoted), Err(refusal)) => {
            let bad_recipient = IAuction::BadRecipient { recipient }.abi_encode();
            let too_dear = refusal.0.get(..4) == Some(IAuction::PriceAboveLimit::SELECTOR.as_slice());
            let takes_bids = IAuction::TakesBids { auctionId: auction_id }.abi_encode();
            assert!(
                quoted == refusal || refusal.0 == bad_recipient || too_dear || refusal.0 == takes_bids,
                "[A8] quoted {quoted:?}, refused {refusal:?}"
            );
            return;
        }
    };
    let taken = IAuction::takeCall::abi_decode_returns(&done.output).expect("two numbers");
    let quote = quote.as_ref().unwrap_or_else(|refusal| panic!("[A8] taken, though the quote was {refusal:?}"));
    assert_eq!((taken.sliceRaw, taken.owedRaw), (quote.sliceRaw, quote.owedRaw), "[A8]");

    let earlier = before.sales.iter().find(|sale| sale.auction_id == auction_id).expect("it was running");
    let Ok((is_stale, price_now_ray, lot_raw, due_raw)) = earlier.status else {
        panic!("[A9] taken from an auction in the state {:?}", earlier.status);
    };
    let restarts: Vec<_> = done.logs.iter().filter_map(restart_in).collect();
    // Whether it was stale is worked out from the terms, the start and the sequencer; where rounding decides, the view says.
    let sequencer = Sequencer::now(system).expect("[A9] taken while the sequencer's state is not known");
    let is_stale = needs_restart(before, earlier, sequencer).unwrap_or(is_stale);
    assert_eq!(restarts.len(), usize::from(is_stale), "[A9] {:?} was taken with {restarts:?}", earlier.status);
    // What was restarted is sold at the fresh price, and the buyer is the keeper.
    let price_ray = restarts.first().map_or(price_now_ray, |restart| restart.topRay);
    let reward_raw = restarts.first().map_or(U256::ZERO, |restart| restart.rewardRaw);
    assert_eq!(price_ray, quote.priceRay, "[A8]");
    assert!(price_ray <= max_price_ray, "[A1] paid {price_ray}, the limit was {max_price_ray}");
    let (worth, paid) = (wide(taken.sliceRaw) * wide(price_ray), wide(taken.owedRaw) * Wide::from(RAY));
    assert!(paid >= worth, "[A2] paid {paid} for {worth}");
    // Above the price only what a whole unit of either token makes.
    assert!(paid < worth + wide(price_ray) + Wide::from(RAY), "[A1] paid {paid} for {worth}");
    assert!(
        taken.sliceRaw <= max_lot_raw && !taken.sliceRaw.is_zero(),
        "[A3] got {}, asked for {max_lot_raw}",
        taken.sliceRaw
    );

    let collateral = if earlier.sale.collateral == "weth" { "weth" } else { "wbtc" };
    // What the recipient does with its slice in the callback is beside the take.
    let is_moved_on = within.as_ref().is_some_and(|inner| inner.kind == Kind::Deposit);
    let (purse, purse_after) = (before.purse(step.from, "usd"), after.purse(step.from, "usd"));
    assert_eq!(purse + reward_raw, purse_after + taken.owedRaw, "[C5] paid");
    if !is_moved_on {
        let received = after.purse(recipient, collateral) - before.purse(recipient, collateral);
        assert_eq!(received, taken.sliceRaw, "[C5] received");
    }
    if recipient != step.from {
        assert_eq!(before.purse(step.from, collateral), after.purse(step.from, collateral), "[C5] it was for another");
    }

    let left = after.sales.iter().find(|sale| sale.auction_id == auction_id);
    if let Some(later) = left.map(|later| &later.sale.sale) {
        let min_due_raw = after.limits_raw.1;
        assert!(later.dueRaw >= min_due_raw, "[A3] {} left due, and the least is {min_due_raw}", later.dueRaw);
    }
    match left {
        Some(later) => {
            assert_eq!(later.sale.sale.lotRaw + taken.sliceRaw, lot_raw, "[A3] lot");
            assert_eq!(later.sale.sale.dueRaw + taken.owedRaw, due_raw, "[A3] due");
        }
        None => {
            let rest = lot_raw - taken.sliceRaw;
            let index = usize::from(earlier.sale.collateral == "wbtc");
            let vault = usize::try_from(earlier.sale.sale.vaultId.to::<u64>()).expect("small") - 1;
            let returned = after.vaults[vault].held_raw[index] - before.vaults[vault].held_raw[index];
            assert!(returned == rest || is_moved_on, "[A3] the rest of the lot goes back to the vault");
            assert!(
                rest.is_zero() || taken.owedRaw == due_raw,
                "[A3] ended with a lot of {rest} and {} due",
                due_raw - taken.owedRaw
            );
        }
    }
}
