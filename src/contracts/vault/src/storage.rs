//! What the vault contract keeps. How its words are packed is in `common::vault_layout`, which the lens reads too.
#![allow(missing_docs, reason = "the SDK's macros add public items without documentation")]

use alloc::vec;

use alloy_primitives::{Address, U256};
use common::{
    Outcome, refuse,
    vault_layout::{self as layout, Counts, Head, Lent, Pricing, Selling},
};
use interface::IVault;
use kernel::{
    books::{Books, Unpaid},
    interest::RateCurve,
    liquidation::Rule,
};
use stylus_sdk::{prelude::*, stylus_core::BlockAccess};
use units::{OutOfRange, Secs, Shares};

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

    /// The auction contract and the rule by which sales are sized.
    pub(crate) fn selling(&self) -> Selling {
        Selling::from_word(layout::SELLING.get(self))
    }

    pub(crate) fn store_selling(&mut self, selling: &Selling) -> Result<(), OutOfRange> {
        layout::SELLING.set(self, selling.to_word()?);
        Ok(())
    }

    /// The rule by which sales are sized.
    pub(crate) fn rule(&self) -> Rule {
        self.selling().rule(self.lent().min_debt_raw)
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

    pub(crate) fn shares_of(&self, vault_id: U256) -> Shares {
        Shares(layout::SHARES.get(self, vault_id))
    }

    pub(crate) fn store_shares(&mut self, vault_id: U256, shares: Shares) {
        layout::SHARES.set(self, vault_id, shares.0);
    }

    pub(crate) fn stored_books(&self) -> Books {
        layout::books(layout::CASH.get(self), layout::DEBT.get(self))
    }

    pub(crate) fn store_books(&mut self, books: &Books) -> Result<(), OutOfRange> {
        let (cash, debt) = layout::books_to_words(books)?;
        layout::CASH.set(self, cash);
        layout::DEBT.set(self, debt);
        Ok(())
    }

    /// The debt that is not any vault's.
    pub(crate) fn unpaid(&self) -> Unpaid {
        layout::unpaid(layout::UNPAID.get(self))
    }

    pub(crate) fn store_unpaid(&mut self, unpaid: &Unpaid) -> Result<(), OutOfRange> {
        layout::UNPAID.set(self, layout::unpaid_to_word(unpaid)?);
        Ok(())
    }

    /// The interest of one second by the share lent, and the surplus' share of it.
    pub(crate) fn stored_rate_curve(&self) -> RateCurve {
        layout::rate_curve(layout::RATE_CURVE.get(self))
    }

    pub(crate) fn store_rate_curve(&mut self, curve: &RateCurve) -> Result<(), OutOfRange> {
        layout::RATE_CURVE.set(self, layout::rate_curve_to_word(curve)?);
        Ok(())
    }

    pub(crate) fn now(&self) -> Secs {
        Secs(self.vm().block_timestamp())
    }
}
