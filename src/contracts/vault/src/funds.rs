//! What pool and reserve do with their claims, and the interest.
//!
//! Both bring debt asset before they say so, and have measured what arrived; the vault contract books what they say. They are
//! named once by the owner and trusted with exactly that: a pool or a reserve that lied would make claims without money.

use alloy_primitives::{Address, U256};
use common::{
    Outcome, emit, refuse,
    storage::Slot,
    token,
    vault_layout::{POOL, RESERVE},
    words::address_in,
};
use interface::IVault;
use kernel::books::{Books, Interest, Unpaid};
use stylus_sdk::{prelude::*, stylus_core::MessageAccess};
use units::Raw;

use crate::{errors, storage::Vault};

impl Vault {
    /// Books debt asset that the pool has seen arrive. Pool only.
    pub fn fund(&mut self, amount_raw: U256) -> Outcome<()> {
        self.require_pool()?;
        errors::require_amount(amount_raw)?;
        let mut books = self.accrued_books()?;
        books.fund(Raw(amount_raw))?;
        self.store_books(&books)?;
        emit!(self.vm(), IVault::Funded { amountRaw: amount_raw });
        Ok(())
    }

    /// Takes lent debt asset out, at most what is lent and not lent on. Pool only.
    pub fn defund(&mut self, amount_raw: U256, to: Address) -> Outcome<()> {
        self.require_pool()?;
        errors::require_amount(amount_raw)?;
        self.require_recipient(to)?;
        let mut books = self.accrued_books()?;
        books.defund(Raw(amount_raw)).map_err(errors::books)?;
        self.store_books(&books)?;
        emit!(self.vm(), IVault::Defunded { to, amountRaw: amount_raw });
        token::push(self.vm(), self.debt_token(), to, amount_raw)
    }

    /// Books debt asset that the reserve has seen arrive as surplus; bad debt is paid from it at once. Reserve only.
    pub fn fund_surplus(&mut self, amount_raw: U256) -> Outcome<()> {
        self.require_reserve()?;
        errors::require_amount(amount_raw)?;
        let mut books = self.accrued_books()?;
        books.fund_surplus(Raw(amount_raw))?;
        emit!(self.vm(), IVault::SurplusFunded { amountRaw: amount_raw });
        self.absorb_bad_debt(&books)?;
        Ok(self.store_books(&books)?)
    }

    /// Takes debt asset out of the surplus, at most what is left of it after bad debt and is not lent. Reserve only.
    pub fn draw_surplus(&mut self, amount_raw: U256, to: Address) -> Outcome<()> {
        self.require_reserve()?;
        errors::require_amount(amount_raw)?;
        self.require_recipient(to)?;
        let mut books = self.accrued_books()?;
        let unpaid = self.absorb_bad_debt(&books)?;
        books.draw_surplus(&unpaid, Raw(amount_raw)).map_err(errors::books)?;
        self.store_books(&books)?;
        emit!(self.vm(), IVault::SurplusDrawn { to, amountRaw: amount_raw });
        token::push(self.vm(), self.debt_token(), to, amount_raw)
    }

    /// Lets the lenders bear bad debt that the surplus cannot pay, at most what there is of it and what they lent; answers how
    /// much. Reserve only.
    pub fn write_down(&mut self, amount_raw: U256) -> Outcome<U256> {
        self.require_reserve()?;
        let mut books = self.accrued_books()?;
        let mut unpaid = self.absorb_bad_debt(&books)?;
        let written_raw = books.write_down(&mut unpaid, Raw(amount_raw)).0;
        self.store_unpaid(&unpaid)?;
        self.store_books(&books)?;
        if !written_raw.is_zero() {
            emit!(self.vm(), IVault::FundsWrittenDown { amountRaw: written_raw });
        }
        Ok(written_raw)
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
        let interest = self.bring_to_now(&mut books)?;
        if books.index != before {
            emit!(
                self.vm(),
                IVault::InterestAccrued {
                    indexRay: books.index.0,
                    interestRaw: interest.interest_raw.0,
                    reserveRaw: interest.reserve_raw.0,
                },
            );
        }
        Ok(books)
    }

    /// Accrues up to this moment. In a second that is accounted for already, nothing is computed.
    pub(crate) fn bring_to_now(&self, books: &mut Books) -> Outcome<Interest> {
        let now = self.now();
        if now <= books.accrued_at {
            return Ok(Interest::default());
        }
        Ok(books.accrue(&self.stored_curve().per_second()?, now)?)
    }

    /// Pays bad debt from the surplus, as far as there is both; answers what is unpaid then.
    fn absorb_bad_debt(&mut self, books: &Books) -> Outcome<Unpaid> {
        let mut unpaid = self.unpaid();
        self.absorb(books, &mut unpaid)?;
        self.store_unpaid(&unpaid)?;
        Ok(unpaid)
    }

    /// Pays bad debt from the surplus, as far as there is both; the caller stores what is unpaid then.
    pub(crate) fn absorb(&self, books: &Books, unpaid: &mut Unpaid) -> Outcome<()> {
        let amount_raw = books.absorb(unpaid)?;
        if !amount_raw.is_zero() {
            emit!(self.vm(), IVault::BadDebtAbsorbed { amountRaw: amount_raw.0 });
        }
        Ok(())
    }

    fn require_pool(&self) -> Outcome<()> {
        let caller = self.vm().msg_sender();
        if caller == self.module(POOL) { Ok(()) } else { Err(refuse!(IVault::NotPool { caller })) }
    }

    fn require_reserve(&self) -> Outcome<()> {
        let caller = self.vm().msg_sender();
        if caller == self.module(RESERVE) { Ok(()) } else { Err(refuse!(IVault::NotReserve { caller })) }
    }

    /// The pool or the reserve; zero until they are named.
    pub(crate) fn module(&self, slot: Slot) -> Address {
        address_in(slot.get(self))
    }
}
