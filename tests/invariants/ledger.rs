//! The system as somebody knows it who has read nothing but its events.

use crate::known::{ClosedRound, KnownBids, KnownPool, KnownReserve, KnownSale, KnownVault};
use alloy_primitives::{Address, U256, Uint};
use alloy_sol_types::SolEventInterface;
use interface::{
    IAuction::{self, IAuctionEvents},
    ILens,
    IPool::{self, IPoolEvents},
    IReserve::{self, IReserveEvents},
    IShared::{self, ISharedEvents},
    IVault::{self, IVaultEvents},
};
use std::collections::BTreeMap;
use support::{Log, System, actors::LENDER, system::RAY};

/// Everything by events.
#[derive(Debug, Clone)]
pub(crate) struct Ledger {
    pub(crate) vaults: BTreeMap<U256, KnownVault>,
    pub(crate) sales: BTreeMap<U256, KnownSale>,
    pub(crate) lots_raw: BTreeMap<Address, U256>,
    pub(crate) cash_raw: U256,
    pub(crate) on_auction_raw: U256,
    pub(crate) bad_debt_raw: U256,
    pub(crate) funded_raw: U256,
    /// What gifts, penalties and the surplus' share of interest brought, less rewards, what was drawn and bad debt absorbed.
    pub(crate) surplus_raw: U256,
    /// How many units of rounding may have come to the surplus besides: a few for each movement of debt.
    pub(crate) odd_raw: U256,
    pub(crate) index_ray: U256,
    /// The surplus' share of the interest.
    reserve_bps: U256,
    /// What keepers of auctions that start now earn, and the least that must be due.
    reward: IAuction::Reward,
    min_due_raw: U256,
    /// What was given to a contract without being asked, by contract and token.
    pub(crate) gifts_raw: BTreeMap<(Address, Address), U256>,
    pub(crate) pool: KnownPool,
    pub(crate) reserve: KnownReserve,
    pub(crate) bids: KnownBids,
    /// Who owns each contract, and to whom it was offered.
    pub(crate) owners: BTreeMap<Address, (Address, Address)>,
    /// How far sales are stopped.
    pub(crate) stop_level: U256,
    /// Who may stop more; zero: nobody.
    pub(crate) guardian: Address,
}

impl Ledger {
    /// Begins with a system nobody has used: what was lent and given while it was set up is the only thing not read from events.
    pub(crate) fn of_new(system: &System) -> Self {
        let books = system.books();
        assert_eq!(books.debtShares, U256::ZERO, "a new system has lent nothing");
        Self {
            vaults: BTreeMap::new(),
            sales: BTreeMap::new(),
            lots_raw: BTreeMap::new(),
            cash_raw: books.cashRaw,
            on_auction_raw: U256::ZERO,
            bad_debt_raw: U256::ZERO,
            funded_raw: books.fundedRaw,
            surplus_raw: books.surplusRaw,
            odd_raw: U256::ZERO,
            gifts_raw: BTreeMap::new(),
            pool: KnownPool {
                shares: BTreeMap::from([(LENDER, system.ask(system.at.pool, &IPool::totalSupplyCall {}))]),
                supply: system.ask(system.at.pool, &IPool::totalSupplyCall {}),
            },
            reserve: KnownReserve::default(),
            bids: KnownBids::default(),
            index_ray: books.indexRay,
            reserve_bps: system.ask(system.at.lens, &ILens::interestCall {}).reserveBps,
            reward: system.ask(system.at.auction, &IAuction::rewardCall {}),
            min_due_raw: system.ask(system.at.auction, &IAuction::limitsCall {}).minDueRaw,
            owners: contracts(system)
                .map(|contract| (contract, (system.ask(contract, &IShared::ownerCall {}), Address::ZERO)))
                .into(),
            stop_level: U256::ZERO,
            guardian: Address::ZERO,
        }
    }

    /// The shares of all vaults.
    pub(crate) fn shares(&self) -> U256 {
        self.vaults.values().map(|vault| vault.shares).fold(U256::ZERO, add)
    }

    /// What all vaults hold of a collateral, and what is on sale of it.
    pub(crate) fn total_raw(&self, collateral: Address) -> U256 {
        let held =
            self.vaults.values().filter_map(|vault| vault.held_raw.get(&collateral)).copied().fold(U256::ZERO, add);
        add(held, self.lots_raw.get(&collateral).copied().unwrap_or_default())
    }

    /// Reads the logs of a transaction.
    pub(crate) fn read(&mut self, system: &System, logs: &[Log]) {
        for log in logs {
            if let Ok(event) = ISharedEvents::decode_raw_log(&log.topics, &log.data) {
                self.read_ownership(log.emitter, event);
                continue;
            }
            if log.emitter == system.at.vault {
                match IVaultEvents::decode_raw_log(&log.topics, &log.data) {
                    Ok(event) => self.read_vault(event),
                    Err(error) => panic!("the vault emitted something else than its events: {log:?}: {error}"),
                }
            }
            if log.emitter == system.at.auction {
                match IAuctionEvents::decode_raw_log(&log.topics, &log.data) {
                    Ok(event) => self.read_auction(event),
                    Err(error) => panic!("the auction emitted something else than its events: {log:?}: {error}"),
                }
            }
            if log.emitter == system.at.pool {
                match IPoolEvents::decode_raw_log(&log.topics, &log.data) {
                    Ok(event) => self.read_pool(event),
                    Err(error) => panic!("the pool emitted something else than its events: {log:?}: {error}"),
                }
            }
            if log.emitter == system.at.reserve {
                match IReserveEvents::decode_raw_log(&log.topics, &log.data) {
                    Ok(event) => self.read_reserve(event),
                    Err(error) => panic!("the reserve emitted something else than its events: {log:?}: {error}"),
                }
            }
        }
    }

    fn read_ownership(&mut self, contract: Address, event: ISharedEvents) {
        let known = self.owners.get_mut(&contract).expect("one of ours");
        match event {
            ISharedEvents::OwnershipTransferStarted(IShared::OwnershipTransferStarted { previousOwner, newOwner }) => {
                assert_eq!(known.0, previousOwner, "[F3] offered by another than the owner");
                known.1 = newOwner;
            }
            ISharedEvents::OwnershipTransferred(IShared::OwnershipTransferred { previousOwner, newOwner }) => {
                assert_eq!(*known, (previousOwner, newOwner), "[F3] taken over without an offer");
                *known = (newOwner, Address::ZERO);
            }
        }
    }

    /// Notes a gift, which no contract tells of.
    pub(crate) fn give(&mut self, to: Address, token: Address, amount_raw: U256) {
        grow(self.gifts_raw.entry((to, token)).or_default(), amount_raw);
    }

    /// What was given to a contract of a token.
    pub(crate) fn given(&self, to: Address, token: Address) -> U256 {
        self.gifts_raw.get(&(to, token)).copied().unwrap_or_default()
    }

    /// A movement of debt: it may leave what a share is worth, and one unit of each of two roundings up.
    fn odd(&mut self) {
        grow(&mut self.odd_raw, self.index_ray.div_ceil(U256::from(RAY)) + U256::from(2));
    }

    fn vault(&mut self, id: U256) -> &mut KnownVault {
        self.vaults.get_mut(&id).expect("an event of a vault that was opened")
    }

    fn held(&mut self, id: U256, collateral: Address) -> &mut U256 {
        self.vault(id).held_raw.entry(collateral).or_default()
    }

    fn read_vault(&mut self, event: IVaultEvents) {
        match event {
            IVaultEvents::VaultOpened(IVault::VaultOpened { vaultId, owner }) => {
                let before = self.vaults.insert(vaultId, KnownVault { owner, ..KnownVault::default() });
                assert!(before.is_none(), "vault {vaultId} was opened twice");
            }
            IVaultEvents::OperatorSet(event) => {
                let operators = &mut self.vault(event.vaultId).operators;
                if event.allowed {
                    operators.insert(event.operator)
                } else {
                    operators.remove(&event.operator)
                };
            }
            IVaultEvents::VaultOffered(event) => self.vault(event.vaultId).offered_to = event.to,
            IVaultEvents::VaultTransferred(event) => {
                let vault = self.vault(event.vaultId);
                assert_eq!(
                    (vault.owner, vault.offered_to),
                    (event.from, event.to),
                    "[F5] handed over without an offer"
                );
                (vault.owner, vault.offered_to) = (event.to, Address::ZERO);
                vault.operators.clear();
            }
            IVaultEvents::CollateralDeposited(event) => {
                grow(self.held(event.vaultId, event.collateral), event.amountRaw)
            }
            IVaultEvents::CollateralWithdrawn(event) => {
                shrink(self.held(event.vaultId, event.collateral), event.amountRaw)
            }
            IVaultEvents::Borrowed(event) => {
                self.odd();
                shrink(&mut self.cash_raw, event.amountRaw);
                grow(&mut self.vault(event.vaultId).shares, event.shares);
            }
            IVaultEvents::Repaid(event) => {
                self.odd();
                grow(&mut self.cash_raw, event.amountRaw);
                shrink(&mut self.vault(event.vaultId).shares, event.shares);
            }
            IVaultEvents::InterestAccrued(event) => {
                let parts = self.interest_until(event.indexRay);
                let told = (event.interestRaw.checked_sub(event.reserveRaw), event.reserveRaw);
                assert_eq!(told, (Some(parts.0), parts.1), "[C4] interest of {}", event.interestRaw);
                self.index_ray = event.indexRay;
                grow(&mut self.funded_raw, parts.0);
                grow(&mut self.surplus_raw, parts.1);
            }
            IVaultEvents::Funded(event) => {
                grow(&mut self.cash_raw, event.amountRaw);
                grow(&mut self.funded_raw, event.amountRaw);
            }
            IVaultEvents::Defunded(event) => {
                shrink(&mut self.cash_raw, event.amountRaw);
                shrink(&mut self.funded_raw, event.amountRaw);
            }
            IVaultEvents::SurplusFunded(event) => {
                grow(&mut self.cash_raw, event.amountRaw);
                grow(&mut self.surplus_raw, event.amountRaw);
            }
            IVaultEvents::SurplusDrawn(event) => {
                shrink(&mut self.cash_raw, event.amountRaw);
                self.spend(event.amountRaw);
            }
            IVaultEvents::RewardPaid(event) => {
                shrink(&mut self.cash_raw, event.amountRaw);
                self.spend(event.amountRaw);
            }
            IVaultEvents::BadDebtAbsorbed(event) => {
                shrink(&mut self.bad_debt_raw, event.amountRaw);
                self.spend(event.amountRaw);
            }
            IVaultEvents::FundsWrittenDown(event) => {
                shrink(&mut self.bad_debt_raw, event.amountRaw);
                shrink(&mut self.funded_raw, event.amountRaw);
            }
            IVaultEvents::RateCurveSet(event) => self.reserve_bps = event.newCurve.reserveBps,
            other => self.read_liquidation(other),
        }
    }

    /// What interest has come since the last event of it, up to an index: the lenders' part, and the surplus', which is
    /// rounded up.
    pub(crate) fn interest_until(&self, index_ray: U256) -> (U256, U256) {
        let shares = self.shares();
        let interest_raw = debt_up(shares, index_ray) - debt_up(shares, self.index_ray);
        let reserve_raw = (interest_raw * self.reserve_bps).div_ceil(U256::from(10_000));
        (interest_raw - reserve_raw, reserve_raw)
    }

    /// Takes from the surplus. Of what it is known to hold, or of the odd units beside that.
    fn spend(&mut self, amount_raw: U256) {
        let odd_raw = amount_raw.saturating_sub(self.surplus_raw);
        self.surplus_raw = self.surplus_raw.saturating_sub(amount_raw);
        shrink(&mut self.odd_raw, odd_raw);
    }

    fn read_liquidation(&mut self, event: IVaultEvents) {
        match event {
            IVaultEvents::LiquidationStarted(event) => {
                self.odd();
                shrink(self.held(event.vaultId, event.collateral), event.lotRaw);
                grow(self.lots_raw.entry(event.collateral).or_default(), event.lotRaw);
                shrink(&mut self.vault(event.vaultId).shares, event.shares);
                grow(&mut self.on_auction_raw, event.debtRaw);
            }
            IVaultEvents::SliceReleased(event) => {
                shrink(self.lots_raw.entry(event.collateral).or_default(), event.amountRaw)
            }
            IVaultEvents::ProceedsCollected(event) => {
                grow(&mut self.cash_raw, add(event.principalRaw, event.penaltyRaw));
                grow(&mut self.surplus_raw, event.penaltyRaw);
                shrink(&mut self.on_auction_raw, event.principalRaw);
            }
            IVaultEvents::LotReturned(event) => {
                shrink(self.lots_raw.entry(event.collateral).or_default(), event.amountRaw);
                grow(self.held(event.vaultId, event.collateral), event.amountRaw);
            }
            IVaultEvents::DebtReturned(event) => {
                self.odd();
                shrink(&mut self.on_auction_raw, event.amountRaw);
                grow(&mut self.vault(event.vaultId).shares, event.shares);
            }
            IVaultEvents::DebtGivenUp(event) => {
                self.odd();
                shrink(&mut self.vault(event.vaultId).shares, event.shares);
                grow(&mut self.on_auction_raw, event.amountRaw);
            }
            IVaultEvents::BadDebtRealised(event) => {
                shrink(&mut self.on_auction_raw, event.amountRaw);
                grow(&mut self.bad_debt_raw, event.amountRaw);
            }
            // Parameters move nothing.
            _ => {}
        }
    }

    fn read_auction(&mut self, event: IAuctionEvents) {
        match event {
            IAuctionEvents::AuctionStarted(IAuction::AuctionStarted {
                auctionId,
                vaultId,
                collateral,
                lotRaw,
                debtRaw,
                dueRaw,
                topRay,
                floorRay,
                rewardRaw,
                ..
            }) => {
                let all = U256::from(10_000);
                let most_raw = (dueRaw - debtRaw) * self.reward.maxPenaltyBps / all;
                let each_raw = self.reward.flatRaw + dueRaw * self.reward.shareBps / all;
                let each_raw = if dueRaw < self.min_due_raw { U256::ZERO } else { each_raw };
                let mut sale = KnownSale {
                    vault_id: vaultId,
                    collateral,
                    lot_raw: lotRaw,
                    due_raw: dueRaw,
                    began_debt_raw: debtRaw,
                    began_due_raw: dueRaw,
                    top_ray: topRay,
                    floor_ray: floorRay,
                    restarts: U256::ZERO,
                    reward_left_raw: most_raw,
                    rewards_raw: U256::ZERO,
                    next_reward_raw: (most_raw >> 1, each_raw),
                };
                sale.reward(rewardRaw);
                assert!(self.sales.insert(auctionId, sale).is_none(), "auction {auctionId} was started twice");
            }
            IAuctionEvents::SliceTaken(event) => {
                // The bid that leads an English auction pays for the slice.
                self.bids.leading.remove(&event.auctionId);
                let sale = self.sales.get_mut(&event.auctionId).expect("a slice of a running auction");
                sale.lot_raw = event.lotLeftRaw;
                sale.due_raw = event.dueLeftRaw;
            }
            IAuctionEvents::AuctionCured(event) => {
                let sale = self.sales.get_mut(&event.auctionId).expect("a cure of a running auction");
                assert_eq!(sale.vault_id, event.vaultId, "[C4] vault of {}", event.auctionId);
                // What is waived of the penalty is due no more either; that the auction ends says the next event.
                shrink(&mut sale.due_raw, add(event.principalRaw, event.penaltyRaw));
            }
            IAuctionEvents::GuardianSet(event) => {
                assert_eq!(self.guardian, event.previousGuardian, "[C4] guardian");
                self.guardian = event.newGuardian;
            }
            IAuctionEvents::StopSet(event) => {
                assert_eq!(self.stop_level, event.previousLevel, "[C4] level of stop");
                let is_guardians = event.by == self.guardian && event.newLevel > event.previousLevel;
                let is_owners = self.owners.values().any(|(owner, _)| *owner == event.by);
                assert!(is_owners || is_guardians, "[F3] {} stopped at {}", event.by, event.newLevel);
                self.stop_level = event.newLevel;
            }
            IAuctionEvents::AuctionEnded(event) => {
                assert!(self.sales.remove(&event.auctionId).is_some(), "auction {} ended twice", event.auctionId);
            }
            IAuctionEvents::AuctionRestarted(event) => {
                let sale = self.sales.get_mut(&event.auctionId).expect("a restart of a running auction");
                (sale.top_ray, sale.floor_ray, sale.restarts) = (event.topRay, event.floorRay, event.restarts);
                sale.reward(event.rewardRaw);
            }
            IAuctionEvents::RewardSet(event) => self.reward = event.newReward,
            IAuctionEvents::LimitsSet(event) => self.min_due_raw = event.minDueRaw,
            other => self.read_bid(other),
        }
    }
}

impl Ledger {
    fn read_pool(&mut self, event: IPoolEvents) {
        if let IPoolEvents::Transfer(event) = event {
            let pool = &mut self.pool;
            if event.from.is_zero() {
                grow(&mut pool.supply, event.value);
            } else {
                shrink(pool.shares.entry(event.from).or_default(), event.value);
            }
            if event.to.is_zero() {
                shrink(&mut pool.supply, event.value);
            } else {
                grow(pool.shares.entry(event.to).or_default(), event.value);
            }
        }
    }

    fn read_reserve(&mut self, event: IReserveEvents) {
        let reserve = &mut self.reserve;
        match event {
            IReserveEvents::Staked(event) => {
                grow(&mut reserve.held_raw, event.amountRaw);
                grow(reserve.shares.entry(event.staker).or_default(), event.shares);
            }
            IReserveEvents::UnstakeAnnounced(event) => {
                reserve.leaving.insert(event.staker, (event.shares, event.fromSecs, event.untilSecs));
            }
            IReserveEvents::Unstaked(event) => {
                shrink(&mut reserve.held_raw, event.amountRaw);
                shrink(reserve.shares.entry(event.staker).or_default(), event.shares);
                let leaving = reserve.leaving.get_mut(&event.staker).expect("it was announced");
                shrink(&mut leaving.0, event.shares);
            }
            IReserveEvents::StakersSlashed(event) => {
                shrink(&mut reserve.held_raw, event.amountRaw);
                assert_eq!(reserve.held_raw, event.stakedLeftRaw, "[C4] what stakers have left");
            }
            IReserveEvents::StakesEnded(event) => {
                // Every share is void from now on, and what was left goes to the surplus.
                shrink(&mut reserve.held_raw, event.leftoverRaw);
                assert!(reserve.held_raw.is_zero(), "[C4] stakes ended with {} left", reserve.held_raw);
                (reserve.shares, reserve.leaving) = (BTreeMap::new(), BTreeMap::new());
                grow(&mut reserve.round, U256::ONE);
            }
            IReserveEvents::StakesClosed(event) => {
                let shares = std::mem::take(&mut reserve.shares);
                let told = (event.round, event.leftRaw, event.totalShares);
                assert_eq!(told, (reserve.round, reserve.held_raw, shares.values().sum()), "[R8] what is closed");
                let left_raw = std::mem::take(&mut reserve.held_raw);
                reserve.closed.insert(event.round, ClosedRound { left_raw, shares });
                reserve.leaving.clear();
                grow(&mut reserve.round, U256::ONE);
            }
            IReserveEvents::Collected(event) => {
                let closed = reserve.closed.get_mut(&event.round).expect("a round that was closed");
                assert_eq!(event.amountRaw, closed.part_of(event.staker), "[R8] what is collected");
                assert_eq!(closed.shares.remove(&event.staker), Some(event.shares), "[R8] the shares that collect");
                shrink(&mut closed.left_raw, event.amountRaw);
                assert!(!closed.shares.is_empty() || closed.left_raw.is_zero(), "[R8] {} is nobody's", closed.left_raw);
            }
            IReserveEvents::Distributed(event) => grow(&mut reserve.held_raw, event.stakersRaw),
            IReserveEvents::BadDebtQueued(IReserve::BadDebtQueued { amountRaw, queuedEverRaw, .. }) => {
                grow(&mut reserve.queued_ever_raw, amountRaw);
                assert_eq!(reserve.queued_ever_raw, queuedEverRaw, "[C4] what was ever queued");
            }
            // The rest is told by the vault too, or moves nothing.
            _ => {}
        }
    }

    fn read_bid(&mut self, event: IAuctionEvents) {
        let bids = &mut self.bids;
        match event {
            IAuctionEvents::BidPlaced(event) => {
                let before = bids.leading.insert(event.auctionId, (event.bidder, event.owedRaw));
                let (previous, refund_raw) = before.unwrap_or_default();
                assert_eq!((event.previousBidder, event.refundedRaw), (previous, refund_raw), "[E2] the bid before");
                grow(bids.refunds_raw.entry(previous).or_default(), refund_raw);
            }
            IAuctionEvents::BidReleased(event) => {
                let (bidder, owed_raw) = bids.leading.remove(&event.auctionId).expect("a bid that was placed");
                assert_eq!((event.bidder, event.refundedRaw), (bidder, owed_raw), "[E2] what is released");
                grow(bids.refunds_raw.entry(bidder).or_default(), owed_raw);
            }
            IAuctionEvents::RefundWithdrawn(event) => {
                shrink(bids.refunds_raw.entry(event.bidder).or_default(), event.amountRaw);
            }
            IAuctionEvents::SliceKept(event) => {
                grow(bids.kept_raw.entry(event.collateral).or_default(), event.amountRaw);
            }
            IAuctionEvents::SliceWithdrawn(event) => {
                shrink(bids.kept_raw.entry(event.collateral).or_default(), event.amountRaw);
            }
            _ => {}
        }
    }
}

/// The contracts, in the order in which their owners are looked at.
pub(crate) fn contracts(system: &System) -> [Address; 6] {
    let at = system.at;
    [at.oracle, at.vault, at.auction, at.pool, at.reserve, at.lens]
}

/// What shares owe: `ceil(shares * index / RAY)` at full width.
pub(crate) fn debt_up(shares: U256, index_ray: U256) -> U256 {
    type Wide = Uint<512, 8>;
    let product = Wide::from(shares) * Wide::from(index_ray);
    product.div_ceil(Wide::from(RAY)).to::<U256>()
}

pub(crate) fn add(sum: U256, more: U256) -> U256 {
    sum.checked_add(more).expect("amounts stay far below 2^256")
}

#[track_caller]
fn grow(amount: &mut U256, more: U256) {
    *amount = add(*amount, more);
}

#[track_caller]
fn shrink(amount: &mut U256, less: U256) {
    *amount = amount.checked_sub(less).expect("an event takes away no more than events have brought");
}
