//! What the auction contract does with a vault: size a sale, hand out slices, take the proceeds, pay keepers.

use alloy_primitives::{Address, U256};
use common::{Outcome, emit, refuse, token, words::address_in};
use interface::IVault;
use kernel::{
    books::Books,
    health::health_factor,
    liquidation::{Others, Position, Sizing, is_of_value, size},
};
use stylus_sdk::{prelude::*, stylus_core::MessageAccess};
use units::{Raw, Ray};

use crate::{
    errors,
    storage::{AUCTION, Head, Vault},
};

/// A sale as sized, and the price it was sized at.
pub(crate) struct Plan {
    pub(crate) sizing: Sizing,
    pub(crate) price: Ray,
}

impl Plan {
    pub(crate) fn to_abi(&self) -> IVault::Liquidation {
        IVault::Liquidation {
            lotRaw: self.sizing.lot_raw.0,
            debtRaw: self.sizing.debt_raw.0,
            dueRaw: self.sizing.due_raw.0,
            priceRay: self.price.0,
        }
    }
}

impl Vault {
    /// Sizes a liquidation at fresh prices and moves lot and debt out of the vault; `room_raw` bounds what shall be paid.
    pub fn start_liquidation(
        &mut self,
        vault_id: U256,
        collateral: Address,
        room_raw: U256,
    ) -> Outcome<IVault::Liquidation> {
        self.require_auction()?;
        let mut head = self.head(vault_id)?;
        let mut books = self.accrued_books()?;
        let plan = self.plan(&books, vault_id, &head, collateral, room_raw)?;
        let (sizing, vault_shares) = (plan.sizing, self.shares_of(vault_id));
        let removed = books.start_liquidation(vault_shares, sizing.debt_raw).map_err(errors::books)?;
        self.store_shares(vault_id, vault_shares.try_sub(removed.shares)?);
        self.store_books(&books)?;
        let number = self.number_of(collateral)?;
        self.take_collateral(vault_id, &mut head, number, sizing.lot_raw)?;
        emit!(
            self.vm(),
            IVault::LiquidationStarted {
                vaultId: vault_id,
                collateral,
                lotRaw: sizing.lot_raw.0,
                debtRaw: sizing.debt_raw.0,
                dueRaw: sizing.due_raw.0,
                shares: removed.shares.0,
            },
        );
        Ok(plan.to_abi())
    }

    /// Hands a slice that was sold to its buyer.
    pub fn release_slice(&mut self, vault_id: U256, collateral: Address, amount_raw: U256, to: Address) -> Outcome<()> {
        self.require_auction()?;
        let number = self.number_of(collateral)?;
        self.release(number, Raw(amount_raw))?;
        emit!(self.vm(), IVault::SliceReleased { vaultId: vault_id, collateral, to, amountRaw: amount_raw });
        token::push(self.vm(), collateral, to, amount_raw)
    }

    /// Pulls what a buyer owes; on the last take also takes back the unsold lot and decides about the unpaid debt.
    #[allow(
        clippy::too_many_arguments,
        reason = "the Solidity interface has as many; all are plain values of one take"
    )]
    pub fn settle_take(
        &mut self,
        vault_id: U256,
        collateral: Address,
        payer: Address,
        principal_raw: U256,
        penalty_raw: U256,
        returned_lot_raw: U256,
        unpaid_debt_raw: U256,
    ) -> Outcome<()> {
        self.require_auction()?;
        let mut head = self.head(vault_id)?;
        let mut books = self.accrued_books()?;
        books.collect(Raw(principal_raw), Raw(penalty_raw))?;
        emit!(
            self.vm(),
            IVault::ProceedsCollected {
                vaultId: vault_id,
                payer,
                principalRaw: principal_raw,
                penaltyRaw: penalty_raw
            },
        );
        if !returned_lot_raw.is_zero() {
            let number = self.number_of(collateral)?;
            self.add_collateral(vault_id, &mut head, number, Raw(returned_lot_raw))?;
            emit!(self.vm(), IVault::LotReturned { vaultId: vault_id, collateral, amountRaw: returned_lot_raw });
        }
        if !unpaid_debt_raw.is_zero() {
            self.book_unpaid(&mut books, vault_id, &head, Raw(unpaid_debt_raw))?;
        }
        self.absorb_bad_debt(&mut books);
        self.store_books(&books)?;
        let paid_raw = Raw(principal_raw).try_add(Raw(penalty_raw))?;
        token::pull(self.vm(), self.asset_and_decimals().0, payer, paid_raw.0)
    }

    /// Pays a keeper from the surplus, as far as surplus and cash reach; answers how much that was.
    pub fn pay_reward(&mut self, keeper: Address, amount_raw: U256) -> Outcome<U256> {
        self.require_auction()?;
        let mut books = self.accrued_books()?;
        let paid_raw = books.pay_reward(Raw(amount_raw)).0;
        self.store_books(&books)?;
        if !paid_raw.is_zero() {
            emit!(self.vm(), IVault::RewardPaid { keeper, amountRaw: paid_raw });
            token::push(self.vm(), self.asset_and_decimals().0, keeper, paid_raw)?;
        }
        Ok(paid_raw)
    }

    /// What a liquidation would be with these books; the refusals of `start_liquidation`.
    pub(crate) fn plan(
        &self,
        books: &Books,
        vault_id: U256,
        head: &Head,
        collateral: Address,
        room_raw: U256,
    ) -> Outcome<Plan> {
        self.number_of(collateral)?;
        let debt_raw = books.debt_of_up(self.shares_of(vault_id))?;
        let appraisal = self.appraise(vault_id, head, debt_raw)?;
        let threshold_value_wad = appraisal.carrying.threshold_value_wad;
        let health_wad = health_factor(threshold_value_wad, appraisal.debt_value_wad).0;
        let mut sold = None;
        let mut others = Others::None;
        for held in &appraisal.held {
            let price = appraisal.price(&held.holding)?;
            if held.token == collateral {
                sold = Some((held, price));
            } else if is_of_value(held.holding.amount_raw, price) {
                others = Others::Some;
            }
        }
        let Some((held, price)) = sold else {
            return Err(refuse!(IVault::NothingToSell { vaultId: vault_id, collateral }));
        };
        let position = Position {
            threshold_value_wad,
            debt_value_wad: appraisal.debt_value_wad,
            debt_raw,
            collateral_raw: held.holding.amount_raw,
            price,
            threshold: held.holding.threshold,
            penalty: held.penalty,
            others,
        };
        let sizing = size(&position, &self.stored_rule(), Raw(room_raw))
            .map_err(|refusal| errors::liquidation(refusal, vault_id, collateral, health_wad))?;
        Ok(Plan { sizing, price })
    }

    /// What the sale did not repay is the vault's debt again while it holds other collateral of value, else bad debt.
    fn book_unpaid(&mut self, books: &mut Books, vault_id: U256, head: &Head, unpaid_raw: Raw) -> Outcome<()> {
        if self.holds_value(vault_id, head)? {
            let shares = books.return_debt(unpaid_raw)?;
            self.store_shares(vault_id, self.shares_of(vault_id).try_add(shares)?);
            emit!(self.vm(), IVault::DebtReturned { vaultId: vault_id, amountRaw: unpaid_raw.0, shares: shares.0 });
        } else {
            books.realise_bad_debt(unpaid_raw)?;
            emit!(self.vm(), IVault::BadDebtRealised { vaultId: vault_id, amountRaw: unpaid_raw.0 });
        }
        Ok(())
    }

    fn require_auction(&self) -> Outcome<()> {
        let caller = self.vm().msg_sender();
        if caller == address_in(AUCTION.get(self)) { Ok(()) } else { Err(refuse!(IVault::NotAuction { caller })) }
    }
}
