//! What the vault contract keeps. How its words are packed is in `common::vault_layout`, which the lens reads too.
#![allow(missing_docs, reason = "the SDK's macros add public items without documentation")]

use alloc::vec;

use alloy_primitives::{Address, U256};
use common::{
    Outcome, refuse,
    vault_layout::{self as layout, Contents, Counts, Head, Lent, Pricing, Selling, Sizing},
};
use interface::IVault;
use kernel::{
    books::{Books, Unpaid},
    interest::YearlyCurve,
    liquidation::Rule,
};
use stylus_sdk::{prelude::*, stylus_core::BlockAccess};
use units::{OutOfRange, Secs};

/// The vault contract. What it keeps is in the slots of `common::vault_layout`, which it reads and writes as whole words.
#[storage]
#[entrypoint]
pub struct Vault {}

impl Vault {
    /// The debt asset and the minimum debt.
    pub(crate) fn lent(&self) -> Lent {
        Lent::from_word(layout::LENT.get(self))
    }

    pub(crate) fn store_lent(&mut self, lent: &Lent) -> Result<(), OutOfRange> {
        layout::LENT.set(self, lent.to_word()?);
        Ok(())
    }

    /// The oracle and the debt ceiling.
    pub(crate) fn pricing(&self) -> Pricing {
        Pricing::from_word(layout::PRICING.get(self))
    }

    pub(crate) fn store_pricing(&mut self, pricing: &Pricing) -> Result<(), OutOfRange> {
        layout::PRICING.set(self, pricing.to_word()?);
        Ok(())
    }

    /// The auction contract and the debt on auction.
    pub(crate) fn selling(&self) -> Selling {
        Selling::from_word(layout::SELLING.get(self))
    }

    pub(crate) fn store_selling(&mut self, selling: &Selling) -> Result<(), OutOfRange> {
        layout::SELLING.set(self, selling.to_word()?);
        Ok(())
    }

    /// The rule by which sales are sized, and the bad debt.
    pub(crate) fn sizing(&self) -> Sizing {
        Sizing::from_word(layout::SIZING.get(self))
    }

    pub(crate) fn store_sizing(&mut self, sizing: &Sizing) -> Result<(), OutOfRange> {
        layout::SIZING.set(self, sizing.to_word()?);
        Ok(())
    }

    /// The rule by which sales are sized.
    pub(crate) fn rule(&self) -> Rule {
        self.sizing().rule(self.lent().min_debt_raw)
    }

    pub(crate) fn debt_token(&self) -> Address {
        self.lent().asset
    }

    pub(crate) fn counts(&self) -> Counts {
        Counts::from_word(layout::COUNTS.get(self))
    }

    pub(crate) fn store_counts(&mut self, counts: &Counts) -> Result<(), OutOfRange> {
        layout::COUNTS.set(self, counts.to_word()?);
        Ok(())
    }

    /// A vault's head; `UnknownVault` where no vault has this number.
    pub(crate) fn head(&self, vault_id: U256) -> Outcome<Head> {
        let word = layout::HEADS.get(self, vault_id);
        if word.is_zero() {
            return Err(refuse!(IVault::UnknownVault { vaultId: vault_id }));
        }
        Ok(Head::from_word(word))
    }

    pub(crate) fn store_head(&mut self, vault_id: U256, head: &Head) -> Result<(), OutOfRange> {
        layout::HEADS.set(self, vault_id, head.to_word()?);
        Ok(())
    }

    /// What a vault owes and holds; `UnknownVault` where no vault has this number. Only where it owes and holds nothing is
    /// its head looked at.
    pub(crate) fn contents(&self, vault_id: U256) -> Outcome<Contents> {
        let word = layout::CONTENTS.get(self, vault_id);
        if word.is_zero() {
            self.head(vault_id)?;
        }
        Ok(Contents::from_word(word))
    }

    pub(crate) fn store_contents(&mut self, vault_id: U256, contents: &Contents) -> Result<(), OutOfRange> {
        layout::CONTENTS.set(self, vault_id, contents.to_word()?);
        Ok(())
    }

    pub(crate) fn stored_books(&self) -> Books {
        layout::books(layout::CASH.get(self), layout::DEBT.get(self))
    }

    pub(crate) fn store_books(&mut self, books: &Books) -> Result<(), OutOfRange> {
        let words = layout::books_to_words(books, layout::CASH.get(self), layout::DEBT.get(self))?;
        self.store_cash_and_debt(words);
        Ok(())
    }

    /// The debt that is not any vault's.
    pub(crate) fn unpaid(&self) -> Unpaid {
        Unpaid { on_auction_raw: self.selling().on_auction_raw, bad_debt_raw: self.sizing().bad_debt_raw }
    }

    pub(crate) fn store_unpaid(&mut self, unpaid: &Unpaid) -> Result<(), OutOfRange> {
        self.store_selling(&Selling { on_auction_raw: unpaid.on_auction_raw, ..self.selling() })?;
        self.store_sizing(&Sizing { bad_debt_raw: unpaid.bad_debt_raw, ..self.sizing() })
    }

    /// The interest by the share lent, and the surplus' share of it.
    pub(crate) fn stored_curve(&self) -> YearlyCurve {
        layout::yearly_curve(layout::CASH.get(self), layout::DEBT.get(self))
    }

    pub(crate) fn store_curve(&mut self, curve: &YearlyCurve) -> Result<(), OutOfRange> {
        let words = layout::yearly_curve_to_words(curve, layout::CASH.get(self), layout::DEBT.get(self))?;
        self.store_cash_and_debt(words);
        Ok(())
    }

    fn store_cash_and_debt(&mut self, (cash, debt): (U256, U256)) {
        layout::CASH.set(self, cash);
        layout::DEBT.set(self, debt);
    }

    pub(crate) fn now(&self) -> Secs {
        Secs(self.vm().block_timestamp())
    }
}
