//! What a cure may cost, and what it must give.

use crate::{
    handler::{Kind, Step},
    known::KnownSale,
    seen::Seen,
};
use alloy_primitives::{Address, U256};
use alloy_sol_types::{SolCall, SolError, SolEvent};
use interface::{IAuction, IVault};
use support::{Done, Log, Revert, System, system::Asset};

/// What a cure must cost by events: all debt that is left, and of the penalty the same part as of the debt was paid, rounded up, or what
/// keepers can have earned, if that is more; once the debt is paid, what is left due.
pub(crate) fn cost_up(sale: &KnownSale) -> U256 {
    let paid_raw = sale.began_due_raw - sale.due_raw;
    if paid_raw >= sale.began_debt_raw {
        return sale.due_raw;
    }
    let penalty_raw = sale.began_due_raw - sale.began_debt_raw;
    let accrued_raw = (penalty_raw * paid_raw).div_ceil(sale.began_debt_raw);
    sale.began_debt_raw - paid_raw + accrued_raw.max(sale.rewards_raw)
}

/// A refusal or a cure is what the view and the payer's own limit and purse say, and a cure changes what it says and no more.
pub(crate) fn cure(
    system: &System,
    before: &Seen,
    step: &Step,
    cost: &Result<U256, Revert>,
    by_events: Option<U256>,
    ended: &Result<Done, Revert>,
    after: &Seen,
) {
    let Kind::Cure { auction_id, max_pay_raw } = step.kind else { return };
    let done = match (cost, ended) {
        (_, Ok(done)) => done,
        (Err(foreseen), Err(refusal)) => {
            return assert_eq!(foreseen, refusal, "[A10] the view and the cure refuse differently");
        }
        (Ok(cost_raw), Err(refusal)) if *cost_raw > max_pay_raw => {
            let above = IAuction::CureAboveLimit { costRaw: *cost_raw, limitRaw: max_pay_raw }.abi_encode();
            return assert_eq!(refusal.0, above, "[A10] it costs {cost_raw}, the limit was {max_pay_raw}");
        }
        (Ok(cost_raw), Err(refusal)) => {
            // Nothing but an empty purse: no stop, no price, no sequencer.
            let purse = balance(before, step.from, system.at.usd);
            return assert!(
                purse < *cost_raw,
                "[A10] {} has {purse}, it costs {cost_raw}, and it was refused by {refusal:?}",
                step.from
            );
        }
    };
    let cost_raw = *cost.as_ref().unwrap_or_else(|refusal| panic!("[A10] cured, though its cost was {refusal:?}"));
    let paid_raw = IAuction::cureCall::abi_decode_returns(&done.output).expect("a number");
    assert_eq!(paid_raw, cost_raw, "[A10] paid, and foreseen");
    assert_eq!(Some(paid_raw), by_events, "[A10] paid, and by events");
    assert!(paid_raw <= max_pay_raw, "[A10] paid {paid_raw}, the limit was {max_pay_raw}");

    let seen = before.sales.iter().find(|sale| sale.auction_id == auction_id).expect("it was running");
    let sale = &seen.sale.sale;
    assert!(paid_raw <= sale.dueRaw, "[A10] paid {paid_raw} of {} due", sale.dueRaw);
    assert!(paid_raw >= sale.debtRaw, "[A10] paid {paid_raw}, and {} of debt were left", sale.debtRaw);
    let told = done
        .logs
        .iter()
        .find_map(|log| IAuction::AuctionCured::decode_raw_log(&log.topics, &log.data).ok())
        .expect("it says so");
    assert_eq!(
        (told.auctionId, told.vaultId, told.payer),
        (auction_id, sale.vaultId, step.from),
        "[A10] who cured what"
    );
    assert_eq!((told.principalRaw, told.principalRaw + told.penaltyRaw), (sale.debtRaw, paid_raw), "[A10] the parts");

    let usd = system.at.usd;
    assert_eq!(balance(before, step.from, usd), balance(after, step.from, usd) + paid_raw, "[A10] the payer's purse");
    assert_eq!(after.books.cashRaw, before.books.cashRaw + paid_raw, "[A10] cash");
    assert_eq!(after.books.onAuctionRaw + sale.debtRaw, before.books.onAuctionRaw, "[A10] debt on auction");
    // What it pays of the penalty is surplus, which pays for bad debt first.
    let absorbed =
        |log: &Log| IVault::BadDebtAbsorbed::decode_raw_log(&log.topics, &log.data).map(|event| event.amountRaw);
    let absorbed_raw: U256 = done.logs.iter().filter_map(|log| absorbed(log).ok()).sum();
    assert_eq!(after.books.badDebtRaw + absorbed_raw, before.books.badDebtRaw, "[A10] bad debt");
    assert!(after.sales.iter().all(|sale| sale.auction_id != auction_id), "[A10] auction {auction_id} goes on");

    let vault = usize::try_from(sale.vaultId.to::<u64>()).expect("small") - 1;
    let (earlier, later) = (&before.vaults[vault], &after.vaults[vault]);
    let index = usize::from(seen.sale.collateral == "wbtc");
    let mut held_raw = earlier.held_raw;
    held_raw[index] += sale.lotRaw;
    assert_eq!(later.held_raw, held_raw, "[A10] the unsold lot of {}", sale.lotRaw);
    assert_eq!(later.debt_raw, earlier.debt_raw, "[A10] the vault's debt");
}

/// What an actor holds of a token.
fn balance(seen: &Seen, holder: Address, asset: Asset) -> U256 {
    let (name, _) = support::actors::ALL.iter().find(|(_, address)| *address == holder).expect("an actor");
    seen.balances
        .iter()
        .find(|(who, what, _)| who == name && *what == asset.name)
        .map(|(_, _, raw)| *raw)
        .expect("seen")
}
