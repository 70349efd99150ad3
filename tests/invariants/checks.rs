//! The invariants as code. Each check carries the identifier of its sentence in `tests/INVARIANTS.md`, and `document.rs` sees to
//! it that neither side lacks one.

use crate::{
    bids,
    cures::cure,
    handler::{Kind, OPERATORS, Step},
    ledger::{Ledger, debt_up},
    lenders,
    seen::Seen,
    stakers,
    stops::stop,
    weighing::{Weighed, weigh},
};
use alloy_primitives::{Address, U256, Uint};
use alloy_sol_types::{SolCall, SolError, SolEvent};
use interface::{IAuction, ILens, IOracle, IReserve, IVault};
use std::collections::BTreeSet;
use support::{
    Done, Log, Revert, System,
    observe::{SaleSeen, VaultSeen},
    system::{Asset, RAY, WAD},
};

type Wide = Uint<512, 8>;

/// What was promised before a step was taken.
pub(crate) enum Foreseen {
    Nothing,
    Liquidation {
        preview: Result<ILens::Preview, Revert>,
        weighed: Result<Weighed, Revert>,
        threshold_bps: U256,
        usd_wad: U256,
    },
    Take(Result<IAuction::quoteReturn, Revert>),
    Cure(Result<U256, Revert>),
    Lending(lenders::Foreseen),
    Staking(Result<U256, Revert>),
}

/// The knowledge the checks need besides two observations.
pub(crate) struct Checker {
    ledger: Ledger,
}

fn wide(value: U256) -> Wide {
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
                Foreseen::Cure(system.try_ask(system.at.auction, &IAuction::cureCostCall { auctionId: *auction_id }))
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
        transition(system, before, step, ended, after);
        one_call(system, before, step, foreseen, ended, after);
    }

    /// Who withdrew or borrowed had the right to, by the events before.
    fn acting(&self, step: &Step, ended: &Result<Done, Revert>) {
        let vault_id = match &step.kind {
            _ if ended.is_err() => return,
            Kind::Borrow { vault_id } | Kind::Several { vault_id } => *vault_id,
            Kind::Withdraw => step.calldata.get(4..36).map(U256::from_be_slice).expect("a vault's number"),
            _ => return,
        };
        let vault = &self.ledger.vaults[&vault_id];
        let may = vault.owner == step.from || vault.operators.contains(&step.from);
        assert!(may, "[L5] [F3] {} by {} on a vault of {}", step.call, step.from, vault.owner);
    }

    fn solvency(&self, system: &System, before: &Seen, after: &Seen) {
        let books = &after.books;
        let assets =
            [books.cashRaw, books.debtRaw, books.onAuctionRaw, books.badDebtRaw].into_iter().map(wide).sum::<Wide>();
        assert_eq!(assets, wide(books.fundedRaw) + wide(books.surplusRaw), "[S1] {books:?}");
        let usd = system.at.usd.token;
        let given = self.ledger.given(system.at.vault, usd);
        let held = after.holding("vault contract", "usd");
        assert_eq!(held, books.cashRaw + given, "[S2] it counts {}, and was given {given}", books.cashRaw);
        // The contract's surplus is what its other entries leave; ours is what events brought to it.
        let least = self.ledger.surplus_raw + self.ledger.interest_until(books.indexRay).1;
        let most = least + self.ledger.odd_raw;
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
        (Kind::Liquidate { .. }, Foreseen::Liquidation { .. }, Ok(done)) => {
            liquidation(system, before, step, foreseen, done)
        }
        (Kind::Take { .. }, Foreseen::Take(quote), _) => take(system, before, step, quote, ended, after),
        (Kind::Cure { .. }, Foreseen::Cure(cost), _) => cure(system, before, step, cost, ended, after),
        (Kind::Lend(lending), Foreseen::Lending(foreseen), _) => {
            lenders::call(lending, foreseen, before, step, ended, after)
        }
        (Kind::Stake { .. } | Kind::Unstake { .. }, Foreseen::Staking(foreseen), _) => {
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
        assert!(
            matches!(sale.status, Ok((true, ..))),
            "[A9] auction {auction_id} was restarted and needed none: {:?}",
            sale.status
        );
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
    let touched = touched_vault(step, before);
    for (index, (earlier, later)) in before.vaults.iter().zip(&after.vaults).enumerate() {
        let id = U256::from(index + 1);
        if touched != Some(id) {
            assert_eq!(earlier.held_raw, later.held_raw, "[L4] {} changed the collateral of {id}", step.call);
            let same_time = !matches!(step.kind, Kind::Wait(_));
            assert!(!same_time || earlier.debt_raw == later.debt_raw, "[L4] {} changed the debt of {id}", step.call);
        }
        own_action(step, ended, earlier, later, id);
        collateral_leaves(step, earlier, later, id);
    }
    let _ = system;
}

/// The vault a step is about.
fn touched_vault(step: &Step, before: &Seen) -> Option<U256> {
    let first_word = || step.calldata.get(4..36).map(U256::from_be_slice);
    match &step.kind {
        Kind::Deposit | Kind::Withdraw | Kind::Borrow { .. } | Kind::Repay { .. } | Kind::Liquidate { .. } => {
            first_word()
        }
        Kind::Several { vault_id } => Some(*vault_id),
        Kind::Take { auction_id, .. } | Kind::Cure { auction_id, .. } | Kind::Settle { auction_id } => {
            before.sales.iter().find(|sale| sale.auction_id == *auction_id).map(|sale| sale.sale.sale.vaultId)
        }
        _ => None,
    }
}

fn own_action(step: &Step, ended: &Result<Done, Revert>, earlier: &VaultSeen, later: &VaultSeen, id: U256) {
    let is_own = match &step.kind {
        Kind::Borrow { vault_id } | Kind::Several { vault_id } => *vault_id == id,
        Kind::Withdraw => step.calldata.get(4..36).map(U256::from_be_slice) == Some(id),
        _ => false,
    };
    if is_own && ended.is_ok() && !later.debt_raw.is_zero() {
        let health = later.health_wad.as_ref().expect("it was priced in this very second");
        assert!(*health >= U256::from(WAD), "[F2] {} left vault {id} with a health of {health}", step.call);
    }
    let is_users = matches!(step.kind, Kind::Borrow { .. } | Kind::Several { .. });
    if is_users && earlier.debt_raw != later.debt_raw {
        let minimum = U256::from(support::system::MIN_DEBT_RAW);
        assert!(later.debt_raw >= minimum, "[F4] {} left vault {id} owing {}", step.call, later.debt_raw);
    }
}

fn collateral_leaves(step: &Step, earlier: &VaultSeen, later: &VaultSeen, id: U256) {
    let left = earlier.held_raw.iter().zip(&later.held_raw).any(|(before, after)| after < before);
    if left {
        // Whose withdrawal it may be, [`Checker::acting`] knows.
        let by_withdrawal = step.kind == Kind::Withdraw;
        let by_liquidation = matches!(step.kind, Kind::Liquidate { .. });
        assert!(by_withdrawal || by_liquidation, "[L5] {} by {} took collateral of vault {id}", step.call, step.from);
        if by_liquidation {
            // Where two sources differ there is no one health; then [`liquidation`] knows.
            let is_safe = matches!(&earlier.health_wad, Ok(health) if *health >= U256::from(WAD));
            assert!(!is_safe, "[L1] vault {id} had a health of {:?}", earlier.health_wad);
        }
    }
}

fn liquidation(system: &System, before: &Seen, step: &Step, foreseen: &Foreseen, done: &Done) {
    let Kind::Liquidate { vault_id, collateral } = step.kind else { return };
    let Foreseen::Liquidation { preview: Ok(preview), weighed: Ok(earlier), threshold_bps, usd_wad } = foreseen else {
        panic!("[L3] a view refused what liquidate did");
    };
    let auction_id = IAuction::liquidateCall::abi_decode_returns(&done.output).expect("a number");
    let sale = system.ask(system.at.auction, &IAuction::saleCall { auctionId: auction_id });
    assert_eq!((sale.lotRaw, sale.debtRaw, sale.dueRaw), (preview.lotRaw, preview.debtRaw, preview.dueRaw), "[L3]");
    assert_eq!((sale.vaultId, sale.collateral), (vault_id, collateral), "[L3]");

    assert!(earlier.carried_wad < earlier.owed_wad, "[L1] sold where it is safe at the better prices: {earlier:?}");
    let later = weigh(system, vault_id).expect("it was priced in this very second");
    let (carried, owed) = (wide(earlier.carried_wad), wide(earlier.owed_wad));
    let (carried_after, owed_after) = (wide(later.carried_wad), wide(later.owed_wad));
    let sold_at_par_helps = carried * Wide::from(10_000) >= owed * wide(*threshold_bps);
    if sold_at_par_helps {
        // Three debt units and three wad units of rounding, as `kernel::liquidation::size` derives.
        let unit = usd_wad.div_ceil(U256::from(1_000_000));
        let tolerance = owed * (wide(unit) * Wide::from(3) + Wide::from(3));
        assert!(
            carried_after * owed + tolerance >= carried * owed_after,
            "[L2] {carried}/{owed} became {carried_after}/{owed_after} by {sale:?}"
        );
    } else {
        let index = usize::from(collateral == system.at.wbtc.token);
        let held = before.vaults[usize::try_from(vault_id.to::<u64>()).expect("small") - 1].held_raw[index];
        let limits = system.ask(system.at.auction, &IAuction::limitsCall {});
        let terms = system.ask(system.at.auction, &IAuction::termsCall { collateral });
        let free = |cap: U256, sold: U256| cap.saturating_sub(sold);
        let room = free(limits.capRaw, before.on_sale_raw[0]).min(free(terms.capRaw, before.on_sale_raw[index + 1]));
        let is_whole = later.debt_raw.is_zero() || sale.lotRaw == held;
        assert!(is_whole || room < earlier.debt_raw, "[L2] insolvent, and neither debt nor collateral went whole");
        assert_eq!(sale.dueRaw, sale.debtRaw, "[L2] insolvent, and still a penalty");
    }
}

/// The restart a log tells of.
fn restart_in(log: &Log) -> Option<IAuction::AuctionRestarted> {
    IAuction::AuctionRestarted::decode_raw_log(&log.topics, &log.data).ok()
}

fn take(
    system: &System,
    before: &Seen,
    step: &Step,
    quote: &Result<IAuction::quoteReturn, Revert>,
    ended: &Result<Done, Revert>,
    after: &Seen,
) {
    let Kind::Take { auction_id, max_lot_raw, max_price_ray, recipient } = step.kind else { return };
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

    let buyer = step.from;
    let moved = |asset: Asset, holder: Address, seen: &Seen| {
        let name = support::actors::ALL
            .iter()
            .find(|(_, address)| *address == holder)
            .map(|(name, _)| *name)
            .expect("an actor");
        seen.balances
            .iter()
            .find(|(who, what, _)| who == name && *what == asset.name)
            .map(|(_, _, raw)| *raw)
            .expect("seen")
    };
    let collateral = if earlier.sale.collateral == "weth" { system.at.weth } else { system.at.wbtc };
    let (purse, purse_after) = (moved(system.at.usd, buyer, before), moved(system.at.usd, buyer, after));
    assert_eq!(purse + reward_raw, purse_after + taken.owedRaw, "[C5] paid");
    assert_eq!(
        moved(collateral, recipient, after) - moved(collateral, recipient, before),
        taken.sliceRaw,
        "[C5] received"
    );

    match after.sales.iter().find(|sale| sale.auction_id == auction_id) {
        Some(later) => {
            assert_eq!(later.sale.sale.lotRaw + taken.sliceRaw, lot_raw, "[A3] lot");
            assert_eq!(later.sale.sale.dueRaw + taken.owedRaw, due_raw, "[A3] due");
        }
        None => {
            let rest = lot_raw - taken.sliceRaw;
            let index = usize::from(earlier.sale.collateral == "wbtc");
            let vault = usize::try_from(earlier.sale.sale.vaultId.to::<u64>()).expect("small") - 1;
            let returned = after.vaults[vault].held_raw[index] - before.vaults[vault].held_raw[index];
            assert_eq!(returned, rest, "[A3] the rest of the lot goes back to the vault");
            assert!(
                rest.is_zero() || taken.owedRaw == due_raw,
                "[A3] ended with a lot of {rest} and {} due",
                due_raw - taken.owedRaw
            );
        }
    }
}
