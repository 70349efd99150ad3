//! What lenders and donors do, and the interest.

use alloy_primitives::{Address, U256};
use common::{Outcome, emit, ownership, token};
use interface::IVault;
use kernel::books::Books;
use stylus_sdk::{prelude::*, stylus_core::MessageAccess};
use units::Raw;

use crate::{errors, storage::Vault};

impl Vault {
    /// Lends the debt asset to the system, from the caller's allowance.
    pub fn fund(&mut self, amount_raw: U256) -> Outcome<()> {
        errors::require_amount(amount_raw)?;
        let mut books = self.accrued_books()?;
        books.fund(Raw(amount_raw))?;
        self.store_books(&books)?;
        let payer = self.vm().msg_sender();
        emit!(self.vm(), IVault::Funded { payer, amountRaw: amount_raw });
        token::pull(self.vm(), self.asset_and_decimals().0, payer, amount_raw)
    }

    /// Takes lent debt asset out, at most what is lent and not lent on. Owner only.
    pub fn defund(&mut self, amount_raw: U256, to: Address) -> Outcome<()> {
        ownership::require_caller(self)?;
        errors::require_amount(amount_raw)?;
        errors::require_address(to)?;
        let mut books = self.accrued_books()?;
        books.defund(Raw(amount_raw)).map_err(errors::books)?;
        self.store_books(&books)?;
        emit!(self.vm(), IVault::Defunded { to, amountRaw: amount_raw });
        token::push(self.vm(), self.asset_and_decimals().0, to, amount_raw)
    }

    /// Gives the debt asset to the surplus, for good; bad debt is paid from it at once.
    pub fn fund_surplus(&mut self, amount_raw: U256) -> Outcome<()> {
        errors::require_amount(amount_raw)?;
        let mut books = self.accrued_books()?;
        books.fund_surplus(Raw(amount_raw))?;
        let payer = self.vm().msg_sender();
        emit!(self.vm(), IVault::SurplusFunded { payer, amountRaw: amount_raw });
        self.absorb_bad_debt(&mut books);
        self.store_books(&books)?;
        token::pull(self.vm(), self.asset_and_decimals().0, payer, amount_raw)
    }

    /// Brings the index to the present and answers it.
    pub fn accrue(&mut self) -> Outcome<U256> {
        let books = self.accrued_books()?;
        self.store_books(&books)?;
        Ok(books.index.0)
    }

    /// The books brought to this moment; the caller stores them.
    pub(crate) fn accrued_books(&self) -> Outcome<Books> {
        let mut books = self.stored_books();
        let before = books.index;
        let interest_raw = books.accrue(&self.stored_rate_curve(), self.now())?;
        if books.index != before {
            emit!(self.vm(), IVault::InterestAccrued { indexRay: books.index.0, interestRaw: interest_raw.0 });
        }
        Ok(books)
    }

    /// Pays bad debt from the surplus, as far as there is both.
    pub(crate) fn absorb_bad_debt(&self, books: &mut Books) {
        let amount_raw = books.absorb();
        if !amount_raw.is_zero() {
            emit!(self.vm(), IVault::BadDebtAbsorbed { amountRaw: amount_raw.0 });
        }
    }
}
