//! What borrowers do: open, deposit, withdraw, borrow, repay.

use alloy_primitives::{Address, U256};
use common::{
    Outcome, emit, refuse, token,
    vault_layout::{Head, Supply},
};
use interface::IVault;
use kernel::books::Books;
use stylus_sdk::{
    prelude::*,
    stylus_core::{AccountAccess, MessageAccess},
};
use units::{Raw, try_add};

use crate::{errors, storage::Vault};

impl Vault {
    /// Opens an empty vault for the caller and answers its number.
    pub fn open(&mut self) -> Outcome<U256> {
        let (mut counts, owner) = (self.counts(), self.vm().msg_sender());
        let vault_id = try_add(counts.vaults, U256::ONE)?;
        counts.vaults = vault_id;
        self.store_counts(&counts)?;
        self.store_head(vault_id, &Head { owner, transfers: U256::ZERO })?;
        emit!(self.vm(), IVault::VaultOpened { vaultId: vault_id, owner });
        Ok(vault_id)
    }

    /// Adds collateral to any vault that holds some of it already, from the caller's allowance; of another kind only to a vault of the
    /// caller's, or one it is an operator of. Never asks the oracle.
    pub fn deposit(&mut self, vault_id: U256, collateral: Address, amount_raw: U256) -> Outcome<()> {
        errors::require_amount(amount_raw)?;
        let (mut contents, mut supply) = (self.contents(vault_id)?, self.supply(collateral)?);
        self.require_place(vault_id, &contents, supply.number)?;
        supply.total_raw = supply.total_raw.try_add(Raw(amount_raw))?;
        if supply.total_raw > supply.cap_raw {
            let (total_raw, cap_raw) = (supply.total_raw.0, supply.cap_raw.0);
            return Err(refuse!(IVault::CapExceeded { collateral, totalRaw: total_raw, capRaw: cap_raw }));
        }
        self.store_supply(collateral, &supply)?;
        self.add_collateral(vault_id, &mut contents, supply.number, Raw(amount_raw))?;
        self.store_contents(vault_id, &contents)?;
        let payer = self.vm().msg_sender();
        emit!(self.vm(), IVault::CollateralDeposited { vaultId: vault_id, collateral, payer, amountRaw: amount_raw });
        token::pull(self.vm(), collateral, payer, amount_raw)
    }

    /// Takes collateral out of a vault of the caller's, or one it is an operator of. With debt: only while the rest carries it;
    /// and not while a lot of the vault is on sale, for which the rest stands in.
    pub fn withdraw(&mut self, vault_id: U256, collateral: Address, amount_raw: U256, to: Address) -> Outcome<()> {
        errors::require_amount(amount_raw)?;
        self.require_recipient(to)?;
        let (mut contents, supply) = (self.acting_contents(vault_id)?, self.supply(collateral)?);
        self.take_collateral(vault_id, &mut contents, supply.number, Raw(amount_raw))?;
        if !contents.shares.is_zero() {
            let debt_raw = self.books_now()?.debt_of_up(contents.shares)?;
            self.require_carried(vault_id, &contents, debt_raw)?;
        }
        self.store_contents(vault_id, &contents)?;
        self.release(collateral, supply, Raw(amount_raw))?;
        emit!(self.vm(), IVault::CollateralWithdrawn { vaultId: vault_id, collateral, to, amountRaw: amount_raw });
        token::push(self.vm(), collateral, to, amount_raw)
    }

    /// Lends the debt asset to a vault of the caller's, or one it is an operator of; not while a lot of the vault is on sale.
    pub fn borrow(&mut self, vault_id: U256, amount_raw: U256, to: Address) -> Outcome<()> {
        errors::require_amount(amount_raw)?;
        self.require_recipient(to)?;
        let mut contents = self.acting_contents(vault_id)?;
        let mut books = self.accrued_books()?;
        let shares = books.borrow(Raw(amount_raw)).map_err(errors::books)?;
        contents.shares = contents.shares.try_add(shares)?;
        let debt_raw = books.debt_of_up(contents.shares)?;
        self.require_within_limits(&books, debt_raw)?;
        self.require_carried(vault_id, &contents, debt_raw)?;
        self.store_contents(vault_id, &contents)?;
        self.store_books(&books)?;
        emit!(self.vm(), IVault::Borrowed { vaultId: vault_id, to, amountRaw: amount_raw, shares: shares.0 });
        token::push(self.vm(), self.debt_token(), to, amount_raw)
    }

    /// Repays debt of any vault from the caller's allowance, at most what it owes; answers how much that was.
    /// Never asks the oracle.
    pub fn repay(&mut self, vault_id: U256, amount_raw: U256) -> Outcome<U256> {
        errors::require_amount(amount_raw)?;
        let mut contents = self.contents(vault_id)?;
        if contents.shares.is_zero() {
            return Err(refuse!(IVault::NoDebt { vaultId: vault_id }));
        }
        let mut books = self.accrued_books()?;
        let removed = books.repay(contents.shares, Raw(amount_raw)).map_err(errors::books)?;
        contents.shares = contents.shares.try_sub(removed.shares)?;
        self.store_contents(vault_id, &contents)?;
        self.store_books(&books)?;
        let (payer, repaid_raw, shares) = (self.vm().msg_sender(), removed.amount_raw.0, removed.shares.0);
        emit!(self.vm(), IVault::Repaid { vaultId: vault_id, payer, amountRaw: repaid_raw, shares });
        token::pull(self.vm(), self.debt_token(), payer, repaid_raw)?;
        Ok(repaid_raw)
    }

    /// Refuses to send anything to nobody, or to this contract, where it would be nobody's.
    pub(crate) fn require_recipient(&self, recipient: Address) -> Outcome<()> {
        errors::require_address(recipient)?;
        if recipient == self.vm().contract_address() {
            return Err(refuse!(IVault::BadRecipient { recipient }));
        }
        Ok(())
    }

    /// Takes what leaves the contract out of what is held in all.
    pub(crate) fn release(&mut self, collateral: Address, mut supply: Supply, amount_raw: Raw) -> Outcome<()> {
        supply.total_raw = supply.total_raw.try_sub(amount_raw)?;
        Ok(self.store_supply(collateral, &supply)?)
    }

    /// Refuses a loan that leaves a vault with too little debt or all vaults together with too much.
    fn require_within_limits(&self, books: &Books, debt_raw: Raw) -> Outcome<()> {
        let (min_debt_raw, ceiling_raw) = (self.lent().min_debt_raw, self.pricing().ceiling_raw);
        let all_raw = books.debt_up()?;
        if debt_raw < min_debt_raw {
            return Err(refuse!(IVault::DebtTooSmall { debtRaw: debt_raw.0, minDebtRaw: min_debt_raw.0 }));
        }
        if all_raw > ceiling_raw {
            return Err(refuse!(IVault::CeilingExceeded { debtRaw: all_raw.0, ceilingRaw: ceiling_raw.0 }));
        }
        Ok(())
    }
}
