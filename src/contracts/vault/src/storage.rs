//! What the vault contract keeps, and how it is packed: the slots, and loading and storing what they hold as `kernel`'s
//! types. The table of the layout is in `README.md`. A number too wide for its field is refused as `OutOfRange`.
#![allow(missing_docs, reason = "the SDK's macros add public items without documentation")]

use alloy_primitives::{Address, U256};
use common::{
    Outcome, Ownership, refuse,
    words::{Field, address_in, word_of},
};
use interface::IVault;
use kernel::{books::Books, liquidation::Rule};
use stylus_sdk::{
    prelude::*,
    storage::{StorageMap, StorageU256},
};
use units::{Bps, OutOfRange, Raw, Ray, Secs, Shares, Wad};

/// The vault contract's storage, and the contract itself.
#[storage]
#[entrypoint]
pub struct Vault {
    pub ownership: Ownership,
    pub debt_asset: StorageU256,
    pub oracle: StorageU256,
    pub auction: StorageU256,
    /// How many vaults were opened, and how many collaterals are listed.
    pub counts: StorageU256,
    pub cash_and_on_auction: StorageU256,
    pub bad_debt_and_funded: StorageU256,
    pub surplus_and_shares: StorageU256,
    pub index_and_time: StorageU256,
    pub limits: StorageU256,
    pub rule_and_rate: StorageU256,
    /// By vault: its owner, and a bit for each collateral it holds.
    pub heads: StorageMap<U256, StorageU256>,
    /// By vault: the shares of its debt.
    pub shares: StorageMap<U256, StorageU256>,
    /// By vault and collateral, see [`amount_key`]: how much the vault holds.
    pub amounts: StorageMap<U256, StorageU256>,
    /// By token: its number in the order of listing, from one; zero is not listed.
    pub numbers: StorageMap<U256, StorageU256>,
    /// By number: the token and its fixed parameters.
    pub listings: StorageMap<U256, StorageU256>,
    /// By number: the ramp of its liquidation threshold.
    pub ramps: StorageMap<U256, StorageU256>,
    /// By number: the supply cap and what is held of it in all.
    pub supplies: StorageMap<U256, StorageU256>,
}

/// The lower and the upper half of a word.
pub(crate) const LOW: Field = Field::new(0, 128);
pub(crate) const HIGH: Field = Field::new(128, 128);

pub(crate) const ADDRESS: Field = Field::new(0, 160);
/// Beside the debt asset's address.
const ASSET_DECIMALS: Field = Field::new(160, 8);
/// Beside a vault's owner: bit `n` is set where the vault holds collateral number `n`.
const HELD: Field = Field::new(160, 64);

const VAULTS: Field = Field::new(0, 64);
const LISTED: Field = Field::new(64, 8);

const INDEX: Field = Field::new(0, 192);
const ACCRUED_AT: Field = Field::new(192, 64);

const TARGET_HEALTH: Field = Field::new(0, 96);
const WHOLE_SHARE: Field = Field::new(96, 16);
const RATE: Field = Field::new(112, 96);

/// Two numbers in one word, `low` in the lower half.
pub(crate) fn pack_halves(low: U256, high: U256) -> Result<U256, OutOfRange> {
    HIGH.put(LOW.put(U256::ZERO, low)?, high)
}

/// Where the amount of collateral `number` of a vault is kept: `vault_id * 256 + number`.
pub(crate) fn amount_key(vault_id: U256, number: u64) -> Result<U256, OutOfRange> {
    Field::new(8, 248).put(U256::from(number), vault_id)
}

/// Who owns a vault, and what it holds.
#[derive(Clone, Copy)]
pub(crate) struct Head {
    pub(crate) owner: Address,
    pub(crate) held: U256,
}

/// What may be borrowed in all, and the least a vault may owe.
#[derive(Clone, Copy)]
pub(crate) struct Limits {
    pub(crate) ceiling_raw: Raw,
    pub(crate) min_debt_raw: Raw,
}

impl Vault {
    pub(crate) fn asset_and_decimals(&self) -> (Address, u8) {
        let word = self.debt_asset.get();
        (address_in(ADDRESS.get(word)), ASSET_DECIMALS.get(word).saturating_to())
    }

    pub(crate) fn store_asset(&mut self, asset: Address, decimals: u8) -> Result<(), OutOfRange> {
        self.debt_asset.set(ASSET_DECIMALS.put(word_of(asset), U256::from(decimals))?);
        Ok(())
    }

    /// A vault's head; `UnknownVault` where no vault has this number.
    pub(crate) fn head(&self, vault_id: U256) -> Outcome<Head> {
        let word = self.heads.get(vault_id);
        if word.is_zero() {
            return Err(refuse(IVault::UnknownVault { vaultId: vault_id }));
        }
        Ok(Head { owner: address_in(ADDRESS.get(word)), held: HELD.get(word) })
    }

    pub(crate) fn store_head(&mut self, vault_id: U256, head: &Head) -> Result<(), OutOfRange> {
        self.heads.setter(vault_id).set(HELD.put(word_of(head.owner), head.held)?);
        Ok(())
    }

    pub(crate) fn opened(&self) -> U256 {
        VAULTS.get(self.counts.get())
    }

    pub(crate) fn store_opened(&mut self, vaults: U256) -> Result<(), OutOfRange> {
        let word = VAULTS.put(self.counts.get(), vaults)?;
        self.counts.set(word);
        Ok(())
    }

    pub(crate) fn listed(&self) -> u64 {
        LISTED.get_u64(self.counts.get())
    }

    pub(crate) fn store_listed(&mut self, listed: u64) -> Result<(), OutOfRange> {
        let word = LISTED.put(self.counts.get(), U256::from(listed))?;
        self.counts.set(word);
        Ok(())
    }

    pub(crate) fn shares_of(&self, vault_id: U256) -> Shares {
        Shares(self.shares.get(vault_id))
    }

    pub(crate) fn store_shares(&mut self, vault_id: U256, shares: Shares) {
        self.shares.setter(vault_id).set(shares.0);
    }

    pub(crate) fn stored_books(&self) -> Books {
        let (cash, bad) = (self.cash_and_on_auction.get(), self.bad_debt_and_funded.get());
        let (surplus, index) = (self.surplus_and_shares.get(), self.index_and_time.get());
        Books {
            cash_raw: Raw(LOW.get(cash)),
            on_auction_raw: Raw(HIGH.get(cash)),
            bad_debt_raw: Raw(LOW.get(bad)),
            funded_raw: Raw(HIGH.get(bad)),
            surplus_raw: Raw(LOW.get(surplus)),
            debt_shares: Shares(HIGH.get(surplus)),
            index: Ray(INDEX.get(index)),
            accrued_at: Secs(ACCRUED_AT.get_u64(index)),
        }
    }

    pub(crate) fn store_books(&mut self, books: &Books) -> Result<(), OutOfRange> {
        self.cash_and_on_auction.set(pack_halves(books.cash_raw.0, books.on_auction_raw.0)?);
        self.bad_debt_and_funded.set(pack_halves(books.bad_debt_raw.0, books.funded_raw.0)?);
        self.surplus_and_shares.set(pack_halves(books.surplus_raw.0, books.debt_shares.0)?);
        let index = INDEX.put(U256::ZERO, books.index.0)?;
        self.index_and_time.set(ACCRUED_AT.put(index, books.accrued_at.widen())?);
        Ok(())
    }

    pub(crate) fn stored_limits(&self) -> Limits {
        let word = self.limits.get();
        Limits { ceiling_raw: Raw(LOW.get(word)), min_debt_raw: Raw(HIGH.get(word)) }
    }

    /// The rule by which sales are sized.
    pub(crate) fn stored_rule(&self) -> Rule {
        let word = self.rule_and_rate.get();
        Rule {
            target_health_wad: Wad(TARGET_HEALTH.get(word)),
            whole_share: Bps(WHOLE_SHARE.get_u64(word)),
            min_debt_raw: self.stored_limits().min_debt_raw,
        }
    }

    pub(crate) fn store_rule(&mut self, target_health: Wad, whole_share: Bps) -> Result<(), OutOfRange> {
        let word = TARGET_HEALTH.put(self.rule_and_rate.get(), target_health.0)?;
        self.rule_and_rate.set(WHOLE_SHARE.put(word, whole_share.widen())?);
        Ok(())
    }

    /// The interest of one second.
    pub(crate) fn stored_rate(&self) -> Ray {
        Ray(RATE.get(self.rule_and_rate.get()))
    }

    pub(crate) fn store_rate(&mut self, rate: Ray) -> Result<(), OutOfRange> {
        let word = RATE.put(self.rule_and_rate.get(), rate.0)?;
        self.rule_and_rate.set(word);
        Ok(())
    }
}
