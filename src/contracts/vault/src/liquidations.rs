//! What the auction contract does with a vault: size a sale, hand out slices, take the proceeds, pay keepers.

use alloy_primitives::{Address, U256};
use common::{
    Outcome, emit, refuse, tell, token,
    vault_layout::{Contents, RESERVE},
};
use interface::{IReserve, IVault};
use kernel::{
    books::{Books, Unpaid},
    health::health_factor,
    liquidation::{Position, returned, size},
};
use stylus_sdk::{prelude::*, stylus_core::MessageAccess};
use units::{OutOfRange, Raw};

use crate::{accounts::Basis, errors, storage::Vault};

/// What a take brings, and what it leaves.
struct Proceeds {
    payer: Address,
    principal_raw: U256,
    penalty_raw: U256,
    returned_lot_raw: U256,
    unpaid_debt_raw: U256,
    is_last: bool,
}

impl Vault {
    /// Sizes a liquidation at the prices a sale may start on and moves lot and debt out of the vault; `room_raw` bounds what
    /// shall be paid.
    pub fn start_liquidation(
        &mut self,
        vault_id: U256,
        collateral: Address,
        room_raw: U256,
    ) -> Outcome<IVault::Liquidation> {
        self.require_auction()?;
        let mut contents = self.contents(vault_id)?;
        let mut books = self.accrued_books()?;
        let debt_raw = books.debt_of_up(contents.shares)?;
        let (number, position) = self.position(vault_id, &contents, collateral, debt_raw)?;
        let sizing = size(&position, &self.rule(), Raw(room_raw)).map_err(|refusal| {
            let health_wad = health_factor(position.threshold_value_wad, position.debt_value_wad).0;
            errors::liquidation(refusal, vault_id, collateral, health_wad)
        })?;
        let mut selling = self.selling();
        let removed = books
            .start_liquidation(&mut selling.on_auction_raw, contents.shares, sizing.debt_raw)
            .map_err(errors::books)?;
        contents.shares = contents.shares.try_sub(removed.shares)?;
        contents.sales = contents.sales.checked_add(1).ok_or(OutOfRange)?;
        self.take_collateral(vault_id, &mut contents, number, sizing.lot_raw)?;
        self.store_contents(vault_id, &contents)?;
        self.store_books(&books)?;
        self.store_selling(&selling)?;
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
        Ok(IVault::Liquidation {
            lotRaw: sizing.lot_raw.0,
            debtRaw: sizing.debt_raw.0,
            dueRaw: sizing.due_raw.0,
            priceRay: position.price.0,
        })
    }

    /// Hands a slice that was sold to its buyer.
    pub fn release_slice(&mut self, vault_id: U256, collateral: Address, amount_raw: U256, to: Address) -> Outcome<()> {
        self.require_auction()?;
        self.book_slice(vault_id, collateral, amount_raw, to)?;
        token::push(self.vm(), collateral, to, amount_raw)
    }

    /// Pulls what a buyer owes; on the last take also takes back the unsold lot and decides about the unpaid debt. Where nothing is
    /// owed, as where a sale is given up, no token is called.
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
        is_last: bool,
    ) -> Outcome<()> {
        self.require_auction()?;
        let proceeds = Proceeds { payer, principal_raw, penalty_raw, returned_lot_raw, unpaid_debt_raw, is_last };
        self.book_proceeds(vault_id, collateral, &proceeds)?;
        self.pull_proceeds(&proceeds)
    }

    /// Hands a slice that was sold to its buyer, then does what `settle_take` does. All is booked before a token is called.
    #[allow(
        clippy::too_many_arguments,
        reason = "the Solidity interface has as many; all are plain values of one take"
    )]
    pub fn sell_slice(
        &mut self,
        vault_id: U256,
        collateral: Address,
        slice_raw: U256,
        to: Address,
        payer: Address,
        principal_raw: U256,
        penalty_raw: U256,
        returned_lot_raw: U256,
        unpaid_debt_raw: U256,
        is_last: bool,
    ) -> Outcome<()> {
        self.require_auction()?;
        let proceeds = Proceeds { payer, principal_raw, penalty_raw, returned_lot_raw, unpaid_debt_raw, is_last };
        self.book_slice(vault_id, collateral, slice_raw, to)?;
        self.book_proceeds(vault_id, collateral, &proceeds)?;
        token::push(self.vm(), collateral, to, slice_raw)?;
        self.pull_proceeds(&proceeds)
    }

    fn book_slice(&mut self, vault_id: U256, collateral: Address, amount_raw: U256, to: Address) -> Outcome<()> {
        let supply = self.supply(collateral)?;
        self.release(collateral, supply, Raw(amount_raw))?;
        emit!(self.vm(), IVault::SliceReleased { vaultId: vault_id, collateral, to, amountRaw: amount_raw });
        Ok(())
    }

    fn book_proceeds(&mut self, vault_id: U256, collateral: Address, proceeds: &Proceeds) -> Outcome<()> {
        let mut contents = self.contents(vault_id)?;
        let (mut books, mut unpaid) = (self.accrued_books()?, self.unpaid());
        let Proceeds { payer, principal_raw, penalty_raw, returned_lot_raw, unpaid_debt_raw, is_last } = *proceeds;
        books.collect(&mut unpaid, Raw(principal_raw), Raw(penalty_raw))?;
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
            let number = self.supply(collateral)?.number;
            self.add_collateral(vault_id, &mut contents, number, Raw(returned_lot_raw))?;
            emit!(self.vm(), IVault::LotReturned { vaultId: vault_id, collateral, amountRaw: returned_lot_raw });
        }
        if is_last {
            contents.sales = contents.sales.checked_sub(1).ok_or(OutOfRange)?;
        }
        let mut bad_raw = Raw::ZERO;
        if !unpaid_debt_raw.is_zero() {
            bad_raw = self.return_debt(&mut books, &mut unpaid, vault_id, &mut contents, Raw(unpaid_debt_raw))?;
        }
        self.store_unpaid_of(vault_id, &contents, &books, unpaid, bad_raw)
    }

    /// Gives up the debt of a vault whose collateral can never pay for any of it; answers how much that was. Anyone may.
    pub fn realise_bad_debt(&mut self, vault_id: U256) -> Outcome<U256> {
        let mut contents = self.contents(vault_id)?;
        if contents.shares.is_zero() {
            return Err(refuse!(IVault::NoDebt { vaultId: vault_id }));
        }
        let worth_raw = self.worth(vault_id, &contents);
        if !worth_raw.is_zero() {
            return Err(refuse!(IVault::DebtIsBacked { vaultId: vault_id, worthRaw: worth_raw }));
        }
        let (mut books, mut unpaid) = (self.accrued_books()?, self.unpaid());
        let debt_raw = books.debt_of_up(contents.shares)?;
        let given_up =
            books.start_liquidation(&mut unpaid.on_auction_raw, contents.shares, debt_raw).map_err(errors::books)?;
        contents.shares = contents.shares.try_sub(given_up.shares)?;
        let amount_raw = given_up.amount_raw;
        emit!(self.vm(), IVault::DebtGivenUp { vaultId: vault_id, amountRaw: amount_raw, shares: given_up.shares },);
        self.store_unpaid_of(vault_id, &contents, &books, unpaid, amount_raw)?;
        Ok(amount_raw.0)
    }

    /// Makes `bad_raw` of the debt on auction bad debt, lets the surplus pay for it and stores all; what is left of it is the reserve's
    /// to queue.
    fn store_unpaid_of(
        &mut self,
        vault_id: U256,
        contents: &Contents,
        books: &Books,
        mut unpaid: Unpaid,
        bad_raw: Raw,
    ) -> Outcome<()> {
        if !bad_raw.is_zero() {
            unpaid.realise_bad_debt(bad_raw)?;
            emit!(self.vm(), IVault::BadDebtRealised { vaultId: vault_id, amountRaw: bad_raw });
        }
        self.store_contents(vault_id, contents)?;
        self.absorb(books, &mut unpaid)?;
        self.store_books(books)?;
        self.store_unpaid(&unpaid)?;
        // The surplus has paid the oldest bad debt first, so what is left of this is as much of it as there is bad debt.
        let amount_raw = bad_raw.min(unpaid.bad_debt_raw).0;
        if !amount_raw.is_zero() {
            let call = IReserve::queueBadDebtCall { vaultId: vault_id, amountRaw: amount_raw };
            tell(self.vm(), self.module(RESERVE), call)?;
        }
        Ok(())
    }

    fn pull_proceeds(&self, proceeds: &Proceeds) -> Outcome<()> {
        let paid_raw = Raw(proceeds.principal_raw).try_add(Raw(proceeds.penalty_raw))?;
        if paid_raw.is_zero() {
            return Ok(());
        }
        token::pull(self.vm(), self.debt_token(), proceeds.payer, paid_raw.0)
    }

    /// Pays a keeper from the surplus, as far as surplus and cash reach; answers how much that was.
    pub fn pay_reward(&mut self, keeper: Address, amount_raw: U256) -> Outcome<U256> {
        self.require_auction()?;
        let mut books = self.accrued_books()?;
        let paid_raw = books.pay_reward(&self.unpaid(), Raw(amount_raw))?.0;
        self.store_books(&books)?;
        if !paid_raw.is_zero() {
            emit!(self.vm(), IVault::RewardPaid { keeper, amountRaw: paid_raw });
            token::push(self.vm(), self.debt_token(), keeper, paid_raw)?;
        }
        Ok(paid_raw)
    }

    /// A vault that owes `debt_raw`, of which `collateral` is to be sold, and the number of that collateral.
    fn position(
        &self,
        vault_id: U256,
        contents: &Contents,
        collateral: Address,
        debt_raw: Raw,
    ) -> Outcome<(u64, Position)> {
        let appraisal = self.appraise(vault_id, contents, debt_raw, Basis::Sale)?;
        let mut listings = appraisal.listings.iter().enumerate();
        if let Some((index, (number, listing))) = listings.find(|(_, (_, listing))| listing.token == collateral)
            && let Some(position) =
                Position::of(&appraisal.debt, &appraisal.holdings, index, listing.penalty, self.lent().min_debt_raw)?
        {
            return Ok((*number, position));
        }
        self.supply(collateral)?;
        Err(refuse!(IVault::NothingToSell { vaultId: vault_id, collateral }))
    }

    /// What the sale did not repay is the vault's debt again, as far as its collateral could pay for it; answers how much of it is bad.
    fn return_debt(
        &mut self,
        books: &mut Books,
        unpaid: &mut Unpaid,
        vault_id: U256,
        contents: &mut Contents,
        amount_raw: Raw,
    ) -> Outcome<Raw> {
        let worth_raw = self.worth(vault_id, contents);
        let returned_raw = returned(amount_raw, worth_raw, self.lent().min_debt_raw);
        if !returned_raw.is_zero() {
            let shares = books.return_debt(unpaid, returned_raw)?;
            contents.shares = contents.shares.try_add(shares)?;
            emit!(self.vm(), IVault::DebtReturned { vaultId: vault_id, amountRaw: returned_raw.0, shares: shares.0 },);
        }
        Ok(amount_raw.try_sub(returned_raw)?)
    }

    fn require_auction(&self) -> Outcome<()> {
        let caller = self.vm().msg_sender();
        if caller == self.selling().auction { Ok(()) } else { Err(refuse!(IVault::NotAuction { caller })) }
    }
}
