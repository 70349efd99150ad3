//! The pool: what shares are worth, what each call gives and takes, and that lenders can always leave with what there is.

use crate::{
    handler::{Lending, Step},
    ledger::Ledger,
    seen::{LENDERS, Seen, index_in},
};
use alloy_primitives::{U256, Uint};
use alloy_sol_types::SolError;
use interface::{IOracle, IPool};
use support::{Done, Revert, System};

type Wide = Uint<512, 8>;

/// The shares and the unit that are nobody's.
const VIRTUAL_SHARES: u64 = 1_000_000;

fn wide(value: U256) -> Wide {
    Wide::from(value)
}

/// What the views say of a call before it is made.
pub(crate) struct Foreseen {
    preview: Result<U256, Revert>,
    most: U256,
}

/// Asks the views.
pub(crate) fn foresee(system: &System, lending: &Lending) -> Foreseen {
    let pool = system.at.pool;
    let zero = U256::ZERO;
    let (preview, most) = match *lending {
        Lending::Deposit { assets, receiver } => (
            system.try_ask(pool, &IPool::previewDepositCall { assets }),
            system.ask(pool, &IPool::maxDepositCall { receiver }),
        ),
        Lending::Mint { shares, receiver } => (
            system.try_ask(pool, &IPool::previewMintCall { shares }),
            system.ask(pool, &IPool::maxMintCall { receiver }),
        ),
        Lending::Withdraw { assets, owner } => (
            system.try_ask(pool, &IPool::previewWithdrawCall { assets }),
            system.ask(pool, &IPool::maxWithdrawCall { owner }),
        ),
        Lending::Redeem { shares, owner } => (
            system.try_ask(pool, &IPool::previewRedeemCall { shares }),
            system.ask(pool, &IPool::maxRedeemCall { owner }),
        ),
        _ => (Ok(zero), zero),
    };
    Foreseen { preview, most }
}

/// What holds after every step.
pub(crate) fn standing(system: &System, ledger: &Ledger, before: &Seen, after: &Seen) {
    let pool = &after.pool;
    assert_eq!(pool.supply, ledger.pool.supply, "[P1] shares by events");
    let of = |who| ledger.pool.shares.get(&who).copied().unwrap_or_default();
    assert_eq!(pool.shares, LENDERS.map(of), "[P1] shares of each by events");
    assert_eq!(pool.shares.iter().sum::<U256>(), pool.supply, "[P1] the shares of all");

    let books = &after.books;
    let unpaid_raw = books.badDebtRaw.saturating_sub(books.surplusRaw);
    let loss_raw = unpaid_raw.saturating_sub(ledger.reserve.held_raw);
    assert_eq!(after.reserve.lenders_loss_raw, loss_raw, "[P2] the loss that will reach the lenders");
    let assets_raw = *pool.assets_raw.as_ref().expect("[P2] what the shares are worth is always answered");
    assert_eq!(assets_raw, books.fundedRaw.saturating_sub(loss_raw), "[P2] what all shares are worth");

    // What the pool says each lender's shares are worth, all of them together, is never more than there is.
    let worth = |shares: U256| system.ask(system.at.pool, &IPool::convertToAssetsCall { shares });
    let claims_raw: U256 = pool.shares.into_iter().map(worth).sum();
    assert!(claims_raw <= assets_raw, "[P3] claims of {claims_raw} on {assets_raw}");

    if let Ok(earlier_raw) = before.pool.assets_raw
        && after.reserve.lenders_loss_raw <= before.reserve.lenders_loss_raw
    {
        let virtual_shares = Wide::from(VIRTUAL_SHARES);
        let now = (wide(assets_raw) + Wide::from(1)) * (wide(before.pool.supply) + virtual_shares);
        let then = (wide(earlier_raw) + Wide::from(1)) * (wide(pool.supply) + virtual_shares);
        assert!(
            now >= then,
            "[P4] a share fell from {earlier_raw}/{} to {assets_raw}/{}",
            before.pool.supply,
            pool.supply
        );
    }
    let given = ledger.given(system.at.pool, system.at.usd.token);
    assert_eq!(after.holding("pool contract", "usd"), given, "[P5] the pool keeps nothing but gifts");
}

/// What one call did, against what the views said of it.
pub(crate) fn call(
    lending: &Lending,
    foreseen: &Foreseen,
    before: &Seen,
    step: &Step,
    ended: &Result<Done, Revert>,
    after: &Seen,
) {
    let (asked, is_in) = match *lending {
        Lending::Deposit { assets, .. } => (assets, true),
        Lending::Mint { shares, .. } => (shares, true),
        Lending::Withdraw { assets, .. } => (assets, false),
        Lending::Redeem { shares, .. } => (shares, false),
        Lending::Permit { is_signed } => {
            assert_eq!(ended.is_ok(), is_signed, "[F3] a permit ended in {ended:?}");
            return;
        }
        _ => return,
    };
    let done = match ended {
        Ok(done) => done,
        Err(refusal) => return refused(lending, foreseen, asked, before, step, refusal),
    };
    let answered = U256::from_be_slice(&done.output);
    let preview = foreseen.preview.as_ref().unwrap_or_else(|refusal| panic!("[P6] done, and previewed {refusal:?}"));
    assert_eq!(answered, *preview, "[P6] {} against its preview", step.call);
    assert!(asked <= foreseen.most, "[P6] {} of {asked}, and at most {}", step.call, foreseen.most);
    let assets = if matches!(lending, Lending::Deposit { .. } | Lending::Withdraw { .. }) { asked } else { answered };
    let (cash, cash_after) = (before.books.cashRaw, after.books.cashRaw);
    if is_in {
        assert_eq!(cash + assets, cash_after, "[P6] brought");
        let purse = before.purse(step.from, "usd");
        assert_eq!(purse, after.purse(step.from, "usd") + assets, "[P6] paid");
    } else {
        assert_eq!(cash, cash_after + assets, "[P6] taken");
    }
}

/// A refusal has one of the few reasons there may be.
fn refused(lending: &Lending, foreseen: &Foreseen, asked: U256, before: &Seen, step: &Step, refusal: &Revert) {
    let is = |selector: [u8; 4]| refusal.0.get(..4) == Some(selector.as_slice());
    let of_oracle = IOracle::IOracleErrors::SELECTORS.iter().any(|known| is(*known));
    assert!(!of_oracle && !refusal.0.is_empty(), "[P7] {} was refused by {refusal:?}", step.call);
    let Ok(preview) = foreseen.preview else {
        return;
    };
    if asked.is_zero() || preview.is_zero() || asked > foreseen.most {
        return;
    }
    match *lending {
        Lending::Deposit { .. } | Lending::Mint { .. } => {
            let assets = if matches!(lending, Lending::Deposit { .. }) { asked } else { preview };
            let purse = before.purse(step.from, "usd");
            assert!(
                purse < assets,
                "[P7] {} has {purse}, it costs {assets}, and was refused by {refusal:?}",
                step.from
            );
        }
        Lending::Withdraw { owner, .. } | Lending::Redeem { owner, .. } => {
            assert!(owner != step.from, "[P7] {} was refused by {refusal:?} within its maximum", step.call);
            let of_allowance = is(IPool::ERC20InsufficientAllowance::SELECTOR);
            assert!(of_allowance, "[P7] for another, {} was refused by {refusal:?}", step.call);
            assert!(index_in(&LENDERS, owner).is_some());
        }
        _ => {}
    }
}
