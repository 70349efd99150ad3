//! The reserve: whose the stakes are, what they are worth, and the order in which losses are borne.

use crate::{
    handler::{Kind, Step},
    ledger::Ledger,
    seen::{STAKERS, Seen, index_in},
};
use alloy_primitives::{U256, Uint};
use alloy_sol_types::SolCall;
use interface::IReserve;
use support::{Done, Revert, System};

type Wide = Uint<512, 8>;

const VIRTUAL_SHARES: u64 = 1_000_000;

fn wide(value: U256) -> Wide {
    Wide::from(value)
}

fn unpaid(seen: &Seen) -> U256 {
    seen.books.badDebtRaw.saturating_sub(seen.books.surplusRaw)
}

/// What holds after every step.
pub(crate) fn standing(system: &System, ledger: &Ledger, before: &Seen, step: &Step, after: &Seen) {
    let (known, reserve) = (&ledger.reserve, &after.reserve);
    let of = |who| known.shares.get(&who).copied().unwrap_or_default();
    assert_eq!(STAKERS.map(of), reserve.stakes.clone().map(|stake| stake.shares), "[R1] shares of each by events");
    assert_eq!(known.shares.values().sum::<U256>(), reserve.shares, "[R1] the shares of all");
    let claims: U256 = reserve.stakes.iter().map(|stake| stake.assetsRaw).sum();
    assert!(claims <= reserve.assets_raw, "[R1] claims of {claims} on {}", reserve.assets_raw);
    for (staker, stake) in STAKERS.iter().zip(&reserve.stakes) {
        let leaving = known.leaving.get(staker).copied().unwrap_or_default();
        let seen = (stake.leavingShares, stake.fromSecs, stake.untilSecs);
        assert!(
            seen == leaving || leaving.0.is_zero() && seen.0.is_zero(),
            "[R1] announced {leaving:?}, kept {seen:?}"
        );
    }
    let given = ledger.given(system.at.reserve, system.at.usd.token);
    assert_eq!(after.holding("reserve contract", "usd"), known.held_raw + given, "[R2] what it holds");
    assert!(reserve.assets_raw <= known.held_raw, "[R2] worth {} of {}", reserve.assets_raw, known.held_raw);

    // The queue holds what is unpaid: all of it was noted, and what was paid was taken off.
    let unpaid_raw = unpaid(after);
    assert_eq!(reserve.queued.1, unpaid_raw, "[R3] what waits");
    assert!(reserve.queued.2 <= unpaid_raw, "[R3] {} is due of {unpaid_raw}", reserve.queued.2);
    if !unpaid_raw.is_zero() {
        let all = IReserve::queueCall { offset: U256::ZERO, limit: U256::MAX };
        let waiting: U256 = system.ask(system.at.reserve, &all).iter().map(|entry| entry.amountRaw).sum();
        assert_eq!(waiting, unpaid_raw, "[R3] the entries of the queue");
    }

    losses(before, step, after, ledger);

    // A share of the stakes falls only by more bad debt that waits. That time passes or that a loss is covered lowers nothing.
    let same_round = !before.reserve.shares.is_zero() && !reserve.shares.is_zero();
    if same_round && unpaid_raw <= unpaid(before) {
        let virtual_shares = Wide::from(VIRTUAL_SHARES);
        let now = (wide(reserve.assets_raw) + Wide::from(1)) * (wide(before.reserve.shares) + virtual_shares);
        let then = (wide(before.reserve.assets_raw) + Wide::from(1)) * (wide(reserve.shares) + virtual_shares);
        assert!(now >= then, "[R4] {} lowered a stake: {:?} became {reserve:?}", step.call, before.reserve);
    }
    if step.kind == Kind::Cover {
        assert_eq!(before.pool.assets_raw, after.pool.assets_raw, "[R4] covering changed what lenders have");
        if same_round {
            assert_eq!(before.reserve.assets_raw, reserve.assets_raw, "[R4] covering changed what stakers have");
        }
    }
}

/// Surplus first, then stakers, then lenders.
fn losses(before: &Seen, step: &Step, after: &Seen, ledger: &Ledger) {
    let written_raw = match &step.kind {
        Kind::Cover => before.books.badDebtRaw.saturating_sub(before.books.surplusRaw) - unpaid(after),
        _ => return,
    };
    if !written_raw.is_zero() && after.books.fundedRaw < before.books.fundedRaw {
        assert!(
            ledger.reserve.held_raw.is_zero(),
            "[R5] lenders bore a loss while stakers had {}",
            ledger.reserve.held_raw
        );
    }
    assert!(
        after.books.badDebtRaw.is_zero() || after.books.surplusRaw.is_zero() || written_raw.is_zero(),
        "[R5] a loss was passed on while there was a surplus of {}",
        after.books.surplusRaw
    );
}

/// What a stake or its taking out did, against the view and the announcement.
pub(crate) fn call(
    foreseen: &Result<U256, Revert>,
    before: &Seen,
    step: &Step,
    ended: &Result<Done, Revert>,
    after: &Seen,
) {
    let Ok(done) = ended else { return };
    let preview = foreseen.as_ref().unwrap_or_else(|refusal| panic!("[R6] done, and previewed {refusal:?}"));
    match step.kind {
        Kind::Stake { amount_raw } => {
            let shares = IReserve::stakeCall::abi_decode_returns(&done.output).expect("a number");
            assert_eq!(shares, *preview, "[R6] the shares of a stake");
            let (purse, purse_after) = (before.purse(step.from, "usd"), after.purse(step.from, "usd"));
            assert_eq!(purse, purse_after + amount_raw, "[R6] paid");
        }
        Kind::Unstake { shares } => {
            let amount_raw = IReserve::unstakeCall::abi_decode_returns(&done.output).expect("a number");
            assert_eq!(amount_raw, *preview, "[R6] the worth of a stake");
            let stake = &before.reserve.stakes[index_in(&STAKERS, step.from).expect("a staker")];
            let now = U256::from(before.time_secs);
            let in_window = stake.fromSecs <= now && now <= stake.untilSecs && shares <= stake.leavingShares;
            assert!(in_window, "[R7] {shares} taken out at {now} of {stake:?}");
            let (purse, purse_after) = (before.purse(step.from, "usd"), after.purse(step.from, "usd"));
            assert_eq!(purse + amount_raw, purse_after, "[R6] received");
        }
        _ => {}
    }
}
