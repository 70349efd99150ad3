//! The invariants as code. Each check carries the identifier of its sentence in `tests/INVARIANTS.md`, and `document.rs` sees to
//! it that neither side lacks one.

use crate::{
    bids,
    cures::{cost_up, cure},
    curves::{self, Sequencer},
    handler::{Kind, OPERATORS, Step, TAKER},
    healths,
    ledger::{Ledger, contracts, debt_up},
    lenders,
    liquidations::liquidation,
    seen::Seen,
    stakers,
    stops::{remembered, stop},
    takes::take,
    weighing::{Weighed, weigh},
};
use alloy_primitives::{U256, Uint};
use interface::{IAuction, ILens, IOracle, IReserve, IVault};
use std::collections::BTreeSet;
use support::{
    Done, Revert, System,
    native::ITaker,
    observe::{SaleSeen, VaultSeen},
    system::{Asset, WAD},
};

type Wide = Uint<512, 8>;

/// What was promised before a step was taken.
#[allow(clippy::large_enum_variant, reason = "there is one at a time")]
pub(crate) enum Foreseen {
    Nothing,
    Liquidation {
        preview: Result<ILens::Preview, Revert>,
        weighed: Result<Weighed, Revert>,
        threshold_bps: U256,
        usd_wad: U256,
    },
    Take(Result<IAuction::quoteReturn, Revert>),
    /// What the view says, and what events say.
    Cure(Result<U256, Revert>, Option<U256>),
    Lending(lenders::Foreseen),
    Staking(Result<U256, Revert>),
}

/// The knowledge the checks need besides two observations.
pub(crate) struct Checker {
    ledger: Ledger,
}

pub(crate) fn wide(value: U256) -> Wide {
    Wide::from(value)
}

impl Checker {
    pub(crate) fn new(system: &System) -> Self {
        Self { ledger: Ledger::of_new(system) }
    }

    /// Asks the views what the step will do.
    pub(crate) fn foresee(&self, system: &System, step: &Step) -> Foreseen {
        match &step.kind {
            Kind::Liquidate { vault_id, collateral } => {
                let listed = system.ask(system.at.vault, &IVault::collateralCall { token: *collateral });
                Foreseen::Liquidation {
                    preview: system.try_ask(
                        system.at.lens,
                        &ILens::previewLiquidationCall { vaultId: *vault_id, collateral: *collateral },
                    ),
                    weighed: weigh(system, *vault_id),
                    threshold_bps: listed.thresholdBps,
                    usd_wad: system.ask(system.at.oracle, &IOracle::peekCall { asset: system.at.usd.token }).priceWad,
                }
            }
            Kind::Take { auction_id, max_lot_raw, .. } => {
                let quote = IAuction::quoteCall { auctionId: *auction_id, maxLotRaw: *max_lot_raw };
                Foreseen::Take(system.try_ask(system.at.auction, &quote))
            }
            Kind::Cure { auction_id, .. } => {
                let cost = system.try_ask(system.at.auction, &IAuction::cureCostCall { auctionId: *auction_id });
                Foreseen::Cure(cost, self.ledger.sales.get(auction_id).map(cost_up))
            }
            Kind::Lend(lending) => Foreseen::Lending(lenders::foresee(system, lending)),
            Kind::Stake { amount_raw } => {
                let call = IReserve::previewStakeCall { amountRaw: *amount_raw };
                Foreseen::Staking(system.try_ask(system.at.reserve, &call))
            }
            Kind::Unstake { shares } => {
                let call = IReserve::previewUnstakeCall { shares: *shares };
                Foreseen::Staking(system.try_ask(system.at.reserve, &call))
            }
            Kind::Collect { round } => {
                let call = IReserve::leftOfCall { round: *round, staker: step.from };
                Foreseen::Staking(system.try_ask(system.at.reserve, &call))
            }
            _ => Foreseen::Nothing,
        }
    }

    /// Checks a step that was refused where nothing has changed by it.
    pub(crate) fn check_refused(
        &self,
        system: &System,
        seen: &Seen,
        step: &Step,
        foreseen: &Foreseen,
        ended: &Result<Done, Revert>,
    ) {
        stop(seen, step, self.ledger.stop_level, ended);
        refusals(step, ended);
        if let Err(refusal) = ended {
            healths::refused(seen, step, self.is_operator(step), refusal);
        }
        one_call(system, seen, step, foreseen, ended, seen);
    }

    /// Checks everything after a step.
    pub(crate) fn check(
        &mut self,
        system: &System,
        before: &Seen,
        step: &Step,
        foreseen: &Foreseen,
        ended: &Result<Done, Revert>,
        after: &Seen,
    ) {
        self.acting(step, ended);
        stop(before, step, self.ledger.stop_level, ended);
        remembered(before, after);
        if let Ok(done) = ended {
            self.ledger.read(system, &done.logs);
            if let Kind::Donate { token, to, amount_raw } = step.kind {
                self.ledger.give(to, token, amount_raw);
            }
        }
        self.solvency(system, before, after);
        stakers::standing(system, &self.ledger, before, step, after);
        lenders::standing(system, &self.ledger, before, after);
        bids::standing(system, &self.ledger, after);
        self.rebuilt_from_events(system, after);
        auctions(system, before, step, ended, after);
        if let Err(refusal) = ended {
            healths::refused(before, step, self.is_operator(step), refusal);
        }
        transition(system, before, step, ended, after);
        healths::bad_debt(system, ended, after);
        if ended.is_ok() {
            healths::drawn(before, step);
        }
        one_call(system, before, step, foreseen, ended, after);
    }

    /// Whether a step is by an operator of the vault it is about.
    fn is_operator(&self, step: &Step) -> bool {
        let Kind::Withdraw { vault_id, .. } = step.kind else { return false };
        self.ledger.vaults.get(&vault_id).is_some_and(|vault| vault.operators.contains(&step.from))
    }

    /// Who withdrew or borrowed had the right to, by the events before.
    fn acting(&self, step: &Step, ended: &Result<Done, Revert>) {
        if ended.is_err() || !step.kind.draws() {
            return;
        }
        let vault_id = vault_of(&step.kind).expect("a vault's number");
        let vault = &self.ledger.vaults[&vault_id];
        let may = vault.owner == step.from || vault.operators.contains(&step.from);
        assert!(may, "[L5] [F3] {} by {} on a vault of {}", step.call, step.from, vault.owner);
    }

    fn solvency(&self, system: &System, before: &Seen, after: &Seen) {
        let books = &after.books;
        let assets =
            [books.cashRaw, books.debtRaw, books.onAuctionRaw, books.badDebtRaw].into_iter().map(wide).sum::<Wide>();
        // The contract's surplus is what its other entries leave, so it is compared with what events brought to it.
        let least = self.ledger.surplus_raw + self.ledger.interest_until(books.indexRay).1;
        let most = least + self.ledger.odd_raw;
        let lent = wide(books.fundedRaw);
        assert!(
            lent + wide(least) <= assets && assets <= lent + wide(most),
            "[S1] lent and a surplus from {least} to {most}: {books:?}"
        );
        let usd = system.at.usd.token;
        let given = self.ledger.given(system.at.vault, usd);
        let held = after.holding("vault contract", "usd");
        assert_eq!(held, books.cashRaw + given, "[S2] it counts {}, and was given {given}", books.cashRaw);
        assert!(
            (least..=most).contains(&books.surplusRaw),
            "[S8] events brought {least} and at most {} odd units, and the surplus is {}",
            self.ledger.odd_raw,
            books.surplusRaw
        );
        for (asset, listed) in [system.at.weth, system.at.wbtc].into_iter().zip(&after.collaterals) {
            let (held, given) =
                (after.holding("vault contract", asset.name), self.ledger.given(system.at.vault, asset.token));
            assert_eq!(held, listed.totalRaw + given, "[S3] of {} it counts {}", asset.name, listed.totalRaw);
            assert_eq!(listed.totalRaw, self.ledger.total_raw(asset.token), "[S4] {}", asset.name);
            let seen = held_and_on_sale(after, asset, usize::from(asset.name == "wbtc"));
            assert_eq!(listed.totalRaw, seen, "[S4] {}", asset.name);
        }
        assert_eq!(books.debtShares, self.ledger.shares(), "[S5] shares");
        assert_eq!(books.debtRaw, debt_up(books.debtShares, books.indexRay), "[S5] debt of all shares");
        let on_auction = after.sales.iter().map(|sale| sale.sale.sale.debtRaw).sum::<U256>();
        assert_eq!(books.onAuctionRaw, on_auction, "[S6]");
        assert!(books.indexRay >= before.books.indexRay, "[S7] {} fell to {}", before.books.indexRay, books.indexRay);
        for asset in [system.at.usd, system.at.weth, system.at.wbtc] {
            let held: U256 = after.balances.iter().filter(|held| held.1 == asset.name).map(|held| held.2).sum();
            assert_eq!(held, system.supply(asset), "[C1] {}", asset.name);
        }
    }

    fn rebuilt_from_events(&self, system: &System, after: &Seen) {
        let (known, books) = (&self.ledger, &after.books);
        assert_eq!(known.vaults.len(), after.vaults.len(), "[C4] vaults");
        for (index, seen) in after.vaults.iter().enumerate() {
            let vault = &known.vaults[&U256::from(index + 1)];
            assert_eq!(vault.owner, seen.owner, "[C4] owner of {}", index + 1);
            let vault_id = U256::from(index + 1);
            for operator in OPERATORS {
                let is_operator = system.ask(system.at.vault, &IVault::isOperatorCall { vaultId: vault_id, operator });
                assert_eq!(vault.operators.contains(&operator), is_operator, "[F5] operator {operator} of {vault_id}");
            }
            let offered_to = system.ask(system.at.vault, &IVault::offeredToCall { vaultId: vault_id });
            assert_eq!(vault.offered_to, offered_to, "[C4] offer of {vault_id}");
            let held = |asset: Asset| vault.held_raw.get(&asset.token).copied().unwrap_or_default();
            assert_eq!([held(system.at.weth), held(system.at.wbtc)], seen.held_raw, "[C4] collateral of {}", index + 1);
            assert_eq!(debt_up(vault.shares, books.indexRay), seen.debt_raw, "[S5] debt of {}", index + 1);
        }
        // Books are shown as of this second; what interest has come since the last event is known without it.
        let funded_raw = known.funded_raw + known.interest_until(books.indexRay).0;
        let told = [known.cash_raw, known.on_auction_raw, known.bad_debt_raw, funded_raw];
        assert_eq!(told, [books.cashRaw, books.onAuctionRaw, books.badDebtRaw, books.fundedRaw], "[C4] books");
        let stopped = (
            system.ask(system.at.auction, &IAuction::stopCall {}),
            system.ask(system.at.auction, &IAuction::guardianCall {}),
        );
        assert_eq!((known.stop_level, known.guardian), stopped, "[C4] stop and guardian");
        let owners = contracts(system).map(|contract| known.owners[&contract]);
        assert_eq!(owners.as_slice(), after.owners, "[C4] owners");
        assert_eq!(known.sales.len(), after.sales.len(), "[C4] auctions");
        for seen in &after.sales {
            let (sale, told) = (&seen.sale.sale, &known.sales[&seen.auction_id]);
            assert_eq!(
                (told.vault_id, told.lot_raw, told.due_raw, told.top_ray, told.floor_ray, told.restarts),
                (sale.vaultId, sale.lotRaw, sale.dueRaw, sale.topRay, sale.floorRay, sale.restarts),
                "[C4] auction {}",
                seen.auction_id
            );
        }
    }
}

/// What one call did, against what the views said of it.
fn one_call(
    system: &System,
    before: &Seen,
    step: &Step,
    foreseen: &Foreseen,
    ended: &Result<Done, Revert>,
    after: &Seen,
) {
    match (&step.kind, foreseen, ended) {
        (Kind::Liquidate { .. }, ..) => liquidation(system, before, step, foreseen, ended, after),
        (Kind::Take { .. }, Foreseen::Take(quote), _) => take(system, before, step, quote, ended, after),
        (Kind::Cure { .. }, Foreseen::Cure(cost, by_events), _) => {
            cure(system, before, step, cost, *by_events, ended, after)
        }
        (Kind::Lend(lending), Foreseen::Lending(foreseen), _) => {
            lenders::call(lending, foreseen, before, step, ended, after)
        }
        (Kind::Stake { .. } | Kind::Unstake { .. } | Kind::Collect { .. }, Foreseen::Staking(foreseen), _) => {
            stakers::call(foreseen, before, step, ended, after)
        }
        (Kind::Bid { .. } | Kind::Settle { .. } | Kind::Refund, ..) => bids::call(before, step, ended, after),
        _ => {}
    }
}

/// What must not be refused, or must be, whatever the state.
fn refusals(step: &Step, ended: &Result<Done, Revert>) {
    if step.kind == Kind::Trespass {
        assert!(ended.is_err(), "[F3] {} by {} took effect", step.call, step.from);
    }
    if let (Kind::Repay { .. } | Kind::Deposit, Err(refusal)) = (&step.kind, ended) {
        let selectors = IOracle::IOracleErrors::SELECTORS;
        let is_oracles = refusal.0.get(..4).is_some_and(|selector| selectors.iter().any(|known| known == selector));
        assert!(!is_oracles && !refusal.0.is_empty(), "[F1] {} was refused by {refusal:?}", step.call);
    }
}

fn held_and_on_sale(after: &Seen, asset: Asset, index: usize) -> U256 {
    let held = after.vaults.iter().map(|vault| vault.held_raw[index]).sum::<U256>();
    let lots = after
        .sales
        .iter()
        .filter(|sale| sale.sale.collateral == asset.name)
        .map(|sale| sale.sale.sale.lotRaw)
        .sum::<U256>();
    held + lots
}

fn auctions(system: &System, before: &Seen, step: &Step, ended: &Result<Done, Revert>, after: &Seen) {
    let ids: BTreeSet<U256> = after.sales.iter().map(|sale| sale.auction_id).collect();
    assert_eq!(ids.len(), after.sales.len(), "[A4] a number is listed twice");
    for id in 1..=after.auction_count.to::<u64>() {
        let lot = system.ask(system.at.auction, &IAuction::saleCall { auctionId: U256::from(id) }).lotRaw;
        assert_eq!(!lot.is_zero(), ids.contains(&U256::from(id)), "[A4] auction {id} has a lot of {lot}");
    }
    let sequencer = Sequencer::now(system);
    for seen in &after.sales {
        let Ok((needs_restart, price_ray, ..)) = seen.status else { continue };
        let sequencer = sequencer.expect("[A9] a status while the sequencer's state is not known");
        let expected = curves::needs_restart(after, seen, sequencer).unwrap_or(needs_restart);
        assert_eq!(
            needs_restart, expected,
            "[A9] auction {} by its terms, its start and {sequencer:?}",
            seen.auction_id
        );
        let is_bid_for = seen.terms.curve == U256::from(4);
        assert!(
            is_bid_for || curves::is_price_of(seen, after.time_secs, price_ray),
            "[A6] the price of {} is {price_ray}, not what its curve says",
            seen.auction_id
        );
    }
    let due = |name: &str| -> U256 {
        after
            .sales
            .iter()
            .filter(|sale| name.is_empty() || sale.sale.collateral == name)
            .map(|sale| sale.sale.sale.dueRaw)
            .sum()
    };
    assert_eq!(after.on_sale_raw, [due(""), due("weth"), due("wbtc")], "[A5]");
    for seen in &after.sales {
        let Some(earlier) = before.sales.iter().find(|sale| sale.auction_id == seen.auction_id) else { continue };
        let price = |sale: &SaleSeen| sale.status.as_ref().map(|status| status.1).ok();
        let takes_bids = seen.terms.curve == U256::from(4);
        if !takes_bids && let (Some(then), Some(now)) = (price(earlier), price(seen)) {
            let restarted = earlier.sale.sale.restarts != seen.sale.sale.restarts;
            assert!(restarted || now <= then, "[A6] the price of {} rose from {then} to {now}", seen.auction_id);
            assert!(!now.is_zero(), "[A6] the price of {} is zero", seen.auction_id);
        }
        if earlier.sale.sale.restarts == seen.sale.sale.restarts {
            assert_eq!(earlier.terms, seen.terms, "[A7] auction {}", seen.auction_id);
        }
    }
    if let (Kind::Restart { auction_id }, Ok(_)) = (&step.kind, ended) {
        let sale = before.sales.iter().find(|sale| sale.auction_id == *auction_id).expect("it was running");
        let is_stale = matches!(sale.status, Ok((true, ..)));
        let sequencer = sequencer.expect("[A9] restarted while the sequencer's state is not known");
        let needed = curves::needs_restart(before, sale, sequencer).unwrap_or(is_stale);
        assert!(needed, "[A9] auction {auction_id} was restarted and needed none: {:?}", sale.status);
    }
}

/// What one step may change, whichever it is.
fn transition(system: &System, before: &Seen, step: &Step, ended: &Result<Done, Revert>, after: &Seen) {
    if ended.is_err() {
        assert_eq!(before, after, "[C2] {step:?} was refused");
    }
    if let Kind::Donate { token, .. } = step.kind {
        assert_eq!(
            before.without_balances(),
            after.without_balances(),
            "[C3] a gift of {token} changed more than balances"
        );
    }
    refusals(step, ended);
    within(system, step, ended);
    let touched = touched_vaults(step, before);
    healths::healths(before, step, &touched, ended, after);
    for (index, (earlier, later)) in before.vaults.iter().zip(&after.vaults).enumerate() {
        let id = U256::from(index + 1);
        if !touched.contains(&id) {
            assert_eq!(earlier.held_raw, later.held_raw, "[L4] {} changed the collateral of {id}", step.call);
            let same_time = !matches!(step.kind, Kind::Wait(_));
            assert!(!same_time || earlier.debt_raw == later.debt_raw, "[L4] {} changed the debt of {id}", step.call);
        }
        own_action(system, step, ended, earlier, later, id);
        collateral_leaves(step, earlier, later, id);
    }
}

/// The vault that a call names.
fn vault_of(kind: &Kind) -> Option<U256> {
    match kind {
        Kind::Withdraw { vault_id, .. }
        | Kind::Borrow { vault_id }
        | Kind::Repay { vault_id, .. }
        | Kind::Several { vault_id, .. }
        | Kind::Liquidate { vault_id, .. } => Some(*vault_id),
        _ => None,
    }
}

/// The vaults a step is about.
fn touched_vaults(step: &Step, before: &Seen) -> Vec<U256> {
    let sold = |id: &U256| {
        let sale = before.sales.iter().find(|sale| sale.auction_id == *id);
        sale.map(|sale| sale.sale.sale.vaultId)
    };
    match &step.kind {
        Kind::Deposit => step.calldata.get(4..36).map(U256::from_be_slice).into_iter().collect(),
        Kind::Cure { auction_id, .. } | Kind::Settle { auction_id } => sold(auction_id).into_iter().collect(),
        Kind::Take { auction_id, within, .. } => {
            let inner = within.iter().flat_map(|inner| touched_vaults(inner, before));
            sold(auction_id).into_iter().chain(inner).collect()
        }
        Kind::RealiseBadDebt { vault_id } => vec![*vault_id],
        other => vault_of(other).into_iter().collect(),
    }
}

fn own_action(
    system: &System,
    step: &Step,
    ended: &Result<Done, Revert>,
    earlier: &VaultSeen,
    later: &VaultSeen,
    id: U256,
) {
    if vault_of(&step.kind) != Some(id) || ended.is_err() {
        return;
    }
    let has = |wanted: fn(&Kind) -> bool| step.kind.parts().iter().any(wanted);
    // What was added to it after a loan may be of a collateral that has no one price.
    let is_priced = later.health_wad.is_ok() || !has(|part| matches!(part, Kind::Deposit));
    if step.kind.draws() && !later.debt_raw.is_zero() && is_priced {
        let health = later.health_wad.as_ref().expect("[F2] it was priced in this very second");
        assert!(*health >= U256::from(WAD), "[F2] {} left vault {id} with a health of {health}", step.call);
        healths::carried(system, step, id);
    }
    let borrows = has(|part| matches!(part, Kind::Borrow { .. })) && !has(|part| matches!(part, Kind::Repay { .. }));
    if borrows && earlier.debt_raw != later.debt_raw {
        let minimum = U256::from(support::system::MIN_DEBT_RAW);
        assert!(later.debt_raw >= minimum, "[F4] {} left vault {id} owing {}", step.call, later.debt_raw);
    }
}

fn collateral_leaves(step: &Step, earlier: &VaultSeen, later: &VaultSeen, id: U256) {
    let left = earlier.held_raw.iter().zip(&later.held_raw).any(|(before, after)| after < before);
    if left {
        // Whose withdrawal it may be, [`Checker::acting`] knows.
        let by_withdrawal = step.kind.withdraws();
        let by_liquidation = matches!(step.kind, Kind::Liquidate { .. });
        assert!(by_withdrawal || by_liquidation, "[L5] {} by {} took collateral of vault {id}", step.call, step.from);
        if by_liquidation {
            // Where two sources differ there is no one health; then [`liquidation`] knows.
            let is_safe = matches!(&earlier.health_wad, Ok(health) if *health >= U256::from(WAD));
            assert!(!is_safe, "[L1] vault {id} had a health of {:?}", earlier.health_wad);
        }
    }
}

/// In its callback a taker may do what is its own to do, and nothing in the auction contract.
fn within(system: &System, step: &Step, ended: &Result<Done, Revert>) {
    let Kind::Take { within: Some(inner), .. } = &step.kind else { return };
    if ended.is_ok() && (inner.to == system.at.auction || inner.kind == Kind::Trespass) {
        let seen = system.ask(TAKER, &ITaker::lastCall {});
        assert!(!seen.callSucceeded, "[F3] {} took effect in a callback", inner.call);
    }
}
