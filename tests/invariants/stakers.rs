//! The reserve: whose the stakes are, what they are worth, and the order in which losses are borne.

use crate::{
    handler::{Kind, Step},
    known::KnownReserve,
    ledger::Ledger,
    seen::{ReserveSeen, STAKERS, Seen, index_in},
};
use alloy_primitives::{U256, Uint};
use alloy_sol_types::{SolCall, SolError};
use interface::{IReserve, IShared};
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
    let left: U256 = known.closed.values().map(|closed| closed.left_raw).sum();
    assert_eq!(after.holding("reserve contract", "usd"), known.held_raw + left + given, "[R2] what it holds");
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
    closed_rounds(system, known, before, reserve);

    // A share of the stakes falls only by more bad debt that waits. That time passes or that a loss is covered lowers nothing.
    let same_round =
        before.reserve.round == reserve.round && !before.reserve.shares.is_zero() && !reserve.shares.is_zero();
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

/// What closed rounds have left waits for those who were in them, each with no less than it had.
fn closed_rounds(system: &System, known: &KnownReserve, before: &Seen, reserve: &ReserveSeen) {
    assert_eq!(known.round, reserve.round, "[R8] the number of the round");
    for (round, closed) in known.closed.iter().filter(|(_, closed)| !closed.shares.is_empty()) {
        for staker in STAKERS {
            let call = IReserve::leftOfCall { round: *round, staker };
            let has_shares = closed.shares.contains_key(&staker);
            let part = if has_shares { closed.part_of(staker) } else { U256::ZERO };
            assert_eq!(system.ask(system.at.reserve, &call), part, "[R8] what {staker} has left of {round}");
        }
    }
    if before.reserve.round < reserve.round
        && let Some(closed) = known.closed.get(&before.reserve.round)
    {
        for (staker, stake) in STAKERS.into_iter().zip(&before.reserve.stakes) {
            let part = if stake.shares.is_zero() { U256::ZERO } else { closed.part_of(staker) };
            assert!(part >= stake.assetsRaw, "[R4] closing left {part} of {stake:?}");
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
    let done = match ended {
        Ok(done) => done,
        Err(refusal) => return refused(foreseen, before, step, refusal),
    };
    let preview = foreseen.as_ref().unwrap_or_else(|refusal| panic!("[R6] done, and previewed {refusal:?}"));
    match step.kind {
        Kind::Stake { amount_raw } => {
            let shares = IReserve::stakeCall::abi_decode_returns(&done.output).expect("a number");
            assert_eq!(shares, *preview, "[R6] the shares of a stake");
            let closes = closes(before, amount_raw);
            assert_eq!(closes, before.reserve.round < after.reserve.round, "[R8] a stake of {amount_raw} closed");
            let first = amount_raw * U256::from(VIRTUAL_SHARES);
            assert!(!closes || shares == first, "[R8] the first stake of a round is {shares} shares for {amount_raw}");
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
        Kind::Collect { .. } => {
            let amount_raw = IReserve::collectCall::abi_decode_returns(&done.output).expect("a number");
            assert_eq!(amount_raw, *preview, "[R8] what is collected");
            let (purse, purse_after) = (before.purse(step.from, "usd"), after.purse(step.from, "usd"));
            assert_eq!(purse + amount_raw, purse_after, "[R8] received");
        }
        _ => {}
    }
}

/// Whether a stake is to close the round: no bad debt waits, it brings what is held, and there are more than 10^9 shares for a unit of
/// that, virtual ones counted in.
fn closes(before: &Seen, amount_raw: U256) -> bool {
    let reserve = &before.reserve;
    let held_raw = reserve.assets_raw + reserve.dripping_raw;
    let is_spent = wide(reserve.shares) + Wide::from(VIRTUAL_SHARES)
        > (wide(held_raw) + Wide::from(1)) * Wide::from(1_000_000_000_u64);
    is_spent && amount_raw >= held_raw && unpaid(before).is_zero()
}

/// Nobody is kept from staking but by bad debt that waits, by what drips, or by bringing less than is held; and nobody is kept from
/// collecting what a view says is there.
fn refused(foreseen: &Result<U256, Revert>, before: &Seen, step: &Step, refusal: &Revert) {
    let is = |selector: [u8; 4]| refusal.0.get(..4) == Some(&selector[..]);
    match step.kind {
        Kind::Stake { amount_raw } => {
            assert!(!is(IShared::OutOfRange::SELECTOR), "[R8] a stake of {amount_raw} was too many shares");
            let reserve = &before.reserve;
            let is_free =
                unpaid(before).is_zero() && reserve.dripping_raw.is_zero() && amount_raw >= reserve.assets_raw;
            let wiped_out = is(IReserve::StakersWipedOut::SELECTOR);
            assert!(!is_free || !wiped_out, "[R8] a stake of {amount_raw} was refused at {reserve:?}");
        }
        Kind::Collect { round } => {
            assert_eq!(foreseen, &Ok(U256::ZERO), "[R8] what was left of {round} was refused by {refusal:?}");
        }
        _ => {}
    }
}
