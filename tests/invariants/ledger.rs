//! The system as somebody knows it who has read nothing but its events.

use alloy_primitives::{Address, U256, Uint};
use alloy_sol_types::SolEventInterface;
use interface::{
    IAuction::{self, IAuctionEvents},
    IVault::{self, IVaultEvents},
};
use std::collections::{BTreeMap, BTreeSet};
use support::{Log, System, actors::OWNER, system::RAY};

/// A vault by events.
#[derive(Debug, Default, Clone)]
pub(crate) struct KnownVault {
    pub(crate) owner: Address,
    pub(crate) shares: U256,
    pub(crate) held_raw: BTreeMap<Address, U256>,
    pub(crate) operators: BTreeSet<Address>,
    pub(crate) offered_to: Address,
}

/// A running auction by events.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct KnownSale {
    pub(crate) vault_id: U256,
    pub(crate) collateral: Address,
    pub(crate) lot_raw: U256,
    pub(crate) due_raw: U256,
    pub(crate) top_ray: U256,
    pub(crate) floor_ray: U256,
    pub(crate) restarts: U256,
}

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
    pub(crate) index_ray: U256,
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
            index_ray: books.indexRay,
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
        }
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
                shrink(&mut self.cash_raw, event.amountRaw);
                grow(&mut self.vault(event.vaultId).shares, event.shares);
            }
            IVaultEvents::Repaid(event) => {
                grow(&mut self.cash_raw, event.amountRaw);
                shrink(&mut self.vault(event.vaultId).shares, event.shares);
            }
            IVaultEvents::InterestAccrued(event) => self.index_ray = event.indexRay,
            IVaultEvents::Funded(event) => {
                grow(&mut self.cash_raw, event.amountRaw);
                grow(&mut self.funded_raw, event.amountRaw);
            }
            IVaultEvents::Defunded(event) => {
                shrink(&mut self.cash_raw, event.amountRaw);
                shrink(&mut self.funded_raw, event.amountRaw);
            }
            IVaultEvents::SurplusFunded(event) => grow(&mut self.cash_raw, event.amountRaw),
            IVaultEvents::RewardPaid(event) => shrink(&mut self.cash_raw, event.amountRaw),
            IVaultEvents::BadDebtAbsorbed(event) => shrink(&mut self.bad_debt_raw, event.amountRaw),
            other => self.read_liquidation(other),
        }
    }

    fn read_liquidation(&mut self, event: IVaultEvents) {
        match event {
            IVaultEvents::LiquidationStarted(event) => {
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
                shrink(&mut self.on_auction_raw, event.principalRaw);
            }
            IVaultEvents::LotReturned(event) => {
                shrink(self.lots_raw.entry(event.collateral).or_default(), event.amountRaw);
                grow(self.held(event.vaultId, event.collateral), event.amountRaw);
            }
            IVaultEvents::DebtReturned(event) => {
                shrink(&mut self.on_auction_raw, event.amountRaw);
                grow(&mut self.vault(event.vaultId).shares, event.shares);
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
                dueRaw,
                topRay,
                floorRay,
                ..
            }) => {
                let sale = KnownSale {
                    vault_id: vaultId,
                    collateral,
                    lot_raw: lotRaw,
                    due_raw: dueRaw,
                    top_ray: topRay,
                    floor_ray: floorRay,
                    restarts: U256::ZERO,
                };
                assert!(self.sales.insert(auctionId, sale).is_none(), "auction {auctionId} was started twice");
            }
            IAuctionEvents::SliceTaken(event) => {
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
                assert!(event.by == OWNER || is_guardians, "[F3] {} stopped at {}", event.by, event.newLevel);
                self.stop_level = event.newLevel;
            }
            IAuctionEvents::AuctionEnded(event) => {
                assert!(self.sales.remove(&event.auctionId).is_some(), "auction {} ended twice", event.auctionId);
            }
            IAuctionEvents::AuctionRestarted(event) => {
                let sale = self.sales.get_mut(&event.auctionId).expect("a restart of a running auction");
                (sale.top_ray, sale.floor_ray, sale.restarts) = (event.topRay, event.floorRay, event.restarts);
            }
            // Parameters move nothing.
            _ => {}
        }
    }
}

/// What shares owe: `ceil(shares * index / RAY)` at full width.
pub(crate) fn debt_up(shares: U256, index_ray: U256) -> U256 {
    type Wide = Uint<512, 8>;
    let product = Wide::from(shares) * Wide::from(index_ray);
    product.div_ceil(Wide::from(RAY)).to::<U256>()
}

fn add(sum: U256, more: U256) -> U256 {
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
