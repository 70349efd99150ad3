//! The ledger: every amount in every event, summed. It knows nothing of the contracts' storage.
//!
//! Sums stop at the largest number instead of wrapping, and differences at zero: either makes an identity fail.

use crate::chain::{Logged, peers::Token};
use alloy_primitives::{Address, U256};
use alloy_sol_types::SolEventInterface;
use interface::{IAuction, IPool, IReserve, IVault};
use std::collections::BTreeMap;
use units::{RAY_ONE, mul_div_up};

/// Whose events count.
#[derive(Debug, Clone)]
pub struct Sources {
    /// The vault contract.
    pub vault: Address,
    /// The auction contract.
    pub auction: Address,
    /// The pool contract, whose shares are a token too.
    pub pool: Address,
    /// The reserve contract.
    pub reserve: Address,
    /// Every token: the debt asset, the collaterals and the pool's shares.
    pub tokens: Vec<Address>,
}

/// The sums.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Ledger {
    /// The debt asset, as the vault contract tells it.
    pub debt: DebtFlows,
    /// Each collateral, as vault and auction contract tell it.
    pub collaterals: BTreeMap<Address, CollateralFlows>,
    /// The auctions, as the auction contract tells them.
    pub auctions: AuctionFlows,
    /// The lenders, as the pool contract tells it.
    pub lenders: LenderFlows,
    /// Stakers and losses, as the reserve contract tells it.
    pub reserve: ReserveFlows,
    /// Each token, as it tells itself.
    pub tokens: BTreeMap<Address, TokenFlows>,
    /// Every slice that was sold.
    pub fills: Vec<Fill>,
    /// Which collateral each auction sells.
    pub collateral_of: BTreeMap<U256, Address>,
}

/// Base units of the debt asset.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[allow(missing_docs, reason = "each is the sum of one amount of the event it is named after")]
pub struct DebtFlows {
    pub funded_raw: U256,
    pub defunded_raw: U256,
    pub surplus_funded_raw: U256,
    pub surplus_drawn_raw: U256,
    pub written_down_raw: U256,
    pub borrowed_raw: U256,
    pub repaid_raw: U256,
    pub interest_raw: U256,
    /// The surplus' part of the interest.
    pub interest_to_surplus_raw: U256,
    pub to_auction_raw: U256,
    pub principal_raw: U256,
    pub penalty_raw: U256,
    pub returned_raw: U256,
    pub bad_debt_raw: U256,
    pub absorbed_raw: U256,
    pub rewards_raw: U256,
    /// What roundings against borrowers have added to the debt; it belongs to the surplus.
    pub odd_units_raw: U256,
    /// The shares of all vaults.
    pub shares: U256,
    /// The index of the last accrual, ray; zero before the first.
    pub index_ray: U256,
}

/// Base units of one collateral.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[allow(missing_docs, reason = "each is the sum of one amount of the event it is named after")]
pub struct CollateralFlows {
    pub deposited_raw: U256,
    pub withdrawn_raw: U256,
    /// What went on sale, by the vault contract.
    pub lots_raw: U256,
    /// What went to buyers, by the vault contract.
    pub released_raw: U256,
    /// What came back unsold, by the vault contract.
    pub returned_raw: U256,
    /// What went on sale, by the auction contract.
    pub started_raw: U256,
    /// What went to buyers, by the auction contract.
    pub slices_raw: U256,
    /// What buyers owed for it, in base units of the debt asset, by the auction contract.
    pub owed_raw: U256,
}

/// Counts, and base units of the debt asset.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[allow(missing_docs, reason = "each is the sum of one amount of the event it is named after")]
pub struct AuctionFlows {
    pub started: u64,
    pub restarted: u64,
    pub ended: u64,
    pub takes: u64,
    pub debt_raw: U256,
    pub due_raw: U256,
    pub owed_raw: U256,
    /// What was paid to cure auctions.
    pub cured_raw: U256,
    pub rewards_raw: U256,
    pub unpaid_debt_raw: U256,
}

/// Base units of the debt asset.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[allow(missing_docs, reason = "each is the sum of one amount of the event it is named after")]
pub struct LenderFlows {
    pub deposited_raw: U256,
    pub withdrawn_raw: U256,
}

/// Base units of the debt asset, and shares.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[allow(missing_docs, reason = "each is the sum of one amount of the event it is named after")]
pub struct ReserveFlows {
    pub staked_raw: U256,
    pub unstaked_raw: U256,
    pub slashed_raw: U256,
    pub left_over_raw: U256,
    /// What rounds had left when they were closed.
    pub closed_raw: U256,
    /// What of that was paid out.
    pub collected_raw: U256,
    pub passed_on_raw: U256,
    pub donated_raw: U256,
    /// What was distributed to the stakers.
    pub to_stakers_raw: U256,
    /// What was distributed to the treasury.
    pub to_treasury_raw: U256,
    /// The shares of all stakers in the round that runs.
    pub shares: U256,
}

/// Base units of one token, from its transfers.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct TokenFlows {
    /// What came from the zero address.
    pub minted_raw: U256,
    /// What went to the zero address.
    pub burned_raw: U256,
    /// What each address was sent, less what it sent.
    pub balances_raw: BTreeMap<Address, U256>,
}

/// A slice that was sold.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fill {
    /// The auction.
    pub auction_id: U256,
    /// When, seconds since 1970.
    pub timestamp_secs: u64,
    /// Who paid.
    pub taker: Address,
    /// How much of the collateral.
    pub slice_raw: U256,
    /// What was paid, base units of the debt asset.
    pub owed_raw: U256,
    /// The price: debt base units for one collateral base unit, ray.
    pub price_ray: U256,
}

/// Adds, stopping at the largest number.
fn add(sum: &mut U256, amount: U256) {
    *sum = sum.saturating_add(amount);
}

fn count(counter: &mut u64) {
    *counter = counter.saturating_add(1);
}

impl Ledger {
    /// Takes the amounts out of one log. What comes from elsewhere, and what is no event of ours, is passed over.
    pub fn record(&mut self, sources: &Sources, log: &Logged) {
        if log.address == sources.vault {
            if let Ok(event) = IVault::IVaultEvents::decode_raw_log(log.data.topics(), &log.data.data) {
                self.record_vault(event);
            }
        } else if log.address == sources.auction {
            if let Ok(event) = IAuction::IAuctionEvents::decode_raw_log(log.data.topics(), &log.data.data) {
                self.record_auction(event, log.timestamp_secs);
            }
        } else if log.address == sources.reserve {
            if let Ok(event) = IReserve::IReserveEvents::decode_raw_log(log.data.topics(), &log.data.data) {
                self.reserve.record(event);
            }
        } else if log.address == sources.pool
            && let Ok(event) = IPool::IPoolEvents::decode_raw_log(log.data.topics(), &log.data.data)
        {
            self.lenders.record(&event);
        }
        if sources.tokens.contains(&log.address)
            && let Ok(event) = Token::TokenEvents::decode_raw_log(log.data.topics(), &log.data.data)
        {
            let Token::TokenEvents::Transfer(transfer) = event;
            self.tokens.entry(log.address).or_default().record(&transfer);
        }
    }

    fn collateral(&mut self, token: Address) -> &mut CollateralFlows {
        self.collaterals.entry(token).or_default()
    }

    fn record_vault(&mut self, event: IVault::IVaultEvents) {
        use IVault::IVaultEvents as Event;
        match event {
            Event::CollateralDeposited(event) => {
                add(&mut self.collateral(event.collateral).deposited_raw, event.amountRaw)
            }
            Event::CollateralWithdrawn(event) => {
                add(&mut self.collateral(event.collateral).withdrawn_raw, event.amountRaw)
            }
            Event::SliceReleased(event) => add(&mut self.collateral(event.collateral).released_raw, event.amountRaw),
            Event::LotReturned(event) => add(&mut self.collateral(event.collateral).returned_raw, event.amountRaw),
            Event::LiquidationStarted(event) => {
                add(&mut self.collateral(event.collateral).lots_raw, event.lotRaw);
                add(&mut self.debt.to_auction_raw, event.debtRaw);
                self.debt.remove_shares(event.shares, event.debtRaw);
            }
            Event::DebtGivenUp(event) => {
                add(&mut self.debt.to_auction_raw, event.amountRaw);
                self.debt.remove_shares(event.shares, event.amountRaw);
            }
            Event::Borrowed(event) => {
                add(&mut self.debt.borrowed_raw, event.amountRaw);
                self.debt.add_shares(event.shares, event.amountRaw);
            }
            Event::Repaid(event) => {
                add(&mut self.debt.repaid_raw, event.amountRaw);
                self.debt.remove_shares(event.shares, event.amountRaw);
            }
            Event::DebtReturned(event) => {
                add(&mut self.debt.returned_raw, event.amountRaw);
                self.debt.add_shares(event.shares, event.amountRaw);
            }
            Event::InterestAccrued(event) => {
                add(&mut self.debt.interest_raw, event.interestRaw);
                add(&mut self.debt.interest_to_surplus_raw, event.reserveRaw);
                self.debt.index_ray = event.indexRay;
            }
            Event::Funded(event) => add(&mut self.debt.funded_raw, event.amountRaw),
            Event::Defunded(event) => add(&mut self.debt.defunded_raw, event.amountRaw),
            Event::SurplusFunded(event) => add(&mut self.debt.surplus_funded_raw, event.amountRaw),
            Event::SurplusDrawn(event) => add(&mut self.debt.surplus_drawn_raw, event.amountRaw),
            Event::FundsWrittenDown(event) => add(&mut self.debt.written_down_raw, event.amountRaw),
            Event::ProceedsCollected(event) => {
                add(&mut self.debt.principal_raw, event.principalRaw);
                add(&mut self.debt.penalty_raw, event.penaltyRaw);
            }
            Event::BadDebtRealised(event) => add(&mut self.debt.bad_debt_raw, event.amountRaw),
            Event::BadDebtAbsorbed(event) => add(&mut self.debt.absorbed_raw, event.amountRaw),
            Event::RewardPaid(event) => add(&mut self.debt.rewards_raw, event.amountRaw),
            _ => {}
        }
    }

    fn record_auction(&mut self, event: IAuction::IAuctionEvents, timestamp_secs: u64) {
        use IAuction::IAuctionEvents as Event;
        match event {
            Event::AuctionStarted(event) => {
                self.collateral_of.insert(event.auctionId, event.collateral);
                count(&mut self.auctions.started);
                add(&mut self.auctions.debt_raw, event.debtRaw);
                add(&mut self.auctions.due_raw, event.dueRaw);
                add(&mut self.auctions.rewards_raw, event.rewardRaw);
                add(&mut self.collateral(event.collateral).started_raw, event.lotRaw);
            }
            Event::AuctionRestarted(event) => {
                count(&mut self.auctions.restarted);
                add(&mut self.auctions.rewards_raw, event.rewardRaw);
            }
            Event::AuctionEnded(event) => {
                count(&mut self.auctions.ended);
                add(&mut self.auctions.unpaid_debt_raw, event.unpaidDebtRaw);
            }
            Event::AuctionCured(event) => {
                add(&mut self.auctions.cured_raw, event.principalRaw);
                add(&mut self.auctions.cured_raw, event.penaltyRaw);
            }
            Event::SliceTaken(event) => {
                count(&mut self.auctions.takes);
                add(&mut self.auctions.owed_raw, event.owedRaw);
                // An auction that never started belongs to no collateral; the zero address makes the sums differ.
                let token = self.collateral_of.get(&event.auctionId).copied().unwrap_or_default();
                let collateral = self.collateral(token);
                add(&mut collateral.slices_raw, event.sliceRaw);
                add(&mut collateral.owed_raw, event.owedRaw);
                self.fills.push(Fill {
                    auction_id: event.auctionId,
                    timestamp_secs,
                    taker: event.taker,
                    slice_raw: event.sliceRaw,
                    owed_raw: event.owedRaw,
                    price_ray: event.priceRay,
                });
            }
            _ => {}
        }
    }
}

impl DebtFlows {
    /// What all vaults owe together: `ceil(shares * index / 1e27)`.
    pub fn debt_raw(&self) -> U256 {
        // Before the first accrual the index is one.
        let index_ray = if self.index_ray.is_zero() { RAY_ONE } else { self.index_ray };
        mul_div_up(self.shares, index_ray, RAY_ONE).unwrap_or(U256::MAX)
    }

    /// Adds shares for `amount_raw` of new debt. They are rounded up, so the debt may grow by an odd unit more.
    fn add_shares(&mut self, shares: U256, amount_raw: U256) {
        let before_raw = self.debt_raw();
        add(&mut self.shares, shares);
        let grown_raw = self.debt_raw().saturating_sub(before_raw);
        add(&mut self.odd_units_raw, grown_raw.saturating_sub(amount_raw));
    }

    /// Takes shares for `amount_raw` of debt that is gone. They are rounded down, so the debt may fall by an odd unit less.
    fn remove_shares(&mut self, shares: U256, amount_raw: U256) {
        let before_raw = self.debt_raw();
        self.shares = self.shares.saturating_sub(shares);
        let fallen_raw = before_raw.saturating_sub(self.debt_raw());
        add(&mut self.odd_units_raw, amount_raw.saturating_sub(fallen_raw));
    }
}

impl LenderFlows {
    fn record(&mut self, event: &IPool::IPoolEvents) {
        match event {
            IPool::IPoolEvents::Deposit(event) => add(&mut self.deposited_raw, event.assets),
            IPool::IPoolEvents::Withdraw(event) => add(&mut self.withdrawn_raw, event.assets),
            _ => {}
        }
    }
}

impl ReserveFlows {
    fn record(&mut self, event: IReserve::IReserveEvents) {
        use IReserve::IReserveEvents as Event;
        match event {
            Event::Staked(event) => {
                add(&mut self.staked_raw, event.amountRaw);
                add(&mut self.shares, event.shares);
            }
            Event::Unstaked(event) => {
                add(&mut self.unstaked_raw, event.amountRaw);
                self.shares = self.shares.saturating_sub(event.shares);
            }
            Event::StakersSlashed(event) => add(&mut self.slashed_raw, event.amountRaw),
            Event::StakesEnded(event) => {
                add(&mut self.left_over_raw, event.leftoverRaw);
                self.shares = U256::ZERO;
            }
            Event::StakesClosed(event) => {
                add(&mut self.closed_raw, event.leftRaw);
                self.shares = U256::ZERO;
            }
            Event::Collected(event) => add(&mut self.collected_raw, event.amountRaw),
            Event::LossPassedToLenders(event) => add(&mut self.passed_on_raw, event.amountRaw),
            Event::Donated(event) => add(&mut self.donated_raw, event.amountRaw),
            Event::Distributed(event) => {
                add(&mut self.to_stakers_raw, event.stakersRaw);
                add(&mut self.to_treasury_raw, event.treasuryRaw);
            }
            _ => {}
        }
    }
}

impl TokenFlows {
    fn record(&mut self, transfer: &Token::Transfer) {
        if transfer.from.is_zero() {
            add(&mut self.minted_raw, transfer.value);
        } else {
            let balance = self.balances_raw.entry(transfer.from).or_default();
            *balance = balance.saturating_sub(transfer.value);
        }
        if transfer.to.is_zero() {
            add(&mut self.burned_raw, transfer.value);
        } else {
            add(self.balances_raw.entry(transfer.to).or_default(), transfer.value);
        }
    }

    /// What `holder` was sent, less what it sent.
    pub fn balance_raw(&self, holder: Address) -> U256 {
        self.balances_raw.get(&holder).copied().unwrap_or_default()
    }
}

#[cfg(test)]
mod tests;
