//! What the vault contract keeps, and how it is packed: the slots, and loading and storing what they hold as `kernel`'s
//! types. The table of the layout is in `README.md`. A number too wide for its field is refused as `OutOfRange`.
#![allow(missing_docs, reason = "the SDK's macros add public items without documentation")]

use alloc::vec;

use alloy_primitives::{Address, U256};
use common::{
    Outcome, refuse,
    storage::{Map, Slot},
    words::{Field, address_in, word_of},
};
use interface::IVault;
use kernel::{books::Books, interest::RateCurve, liquidation::Rule};
use stylus_sdk::prelude::*;
use units::{Bps, OutOfRange, Raw, Ray, Secs, Shares, Wad};

/// The vault contract. What it keeps is in the slots below, which it reads and writes as whole words.
#[storage]
#[entrypoint]
pub struct Vault {}

// Slots 0 and 1 are the owner's, see `common::ownership`.
const DEBT_ASSET: Slot = Slot::new(2);
pub(crate) const ORACLE: Slot = Slot::new(3);
pub(crate) const AUCTION: Slot = Slot::new(4);
/// How many vaults were opened, and how many collaterals are listed.
const COUNTS: Slot = Slot::new(5);
const CASH_AND_ON_AUCTION: Slot = Slot::new(6);
const BAD_DEBT_AND_FUNDED: Slot = Slot::new(7);
const SURPLUS_AND_SHARES: Slot = Slot::new(8);
const INDEX_AND_TIME: Slot = Slot::new(9);
pub(crate) const LIMITS: Slot = Slot::new(10);
const RULE: Slot = Slot::new(11);
/// By vault: its owner, and a bit for each collateral it holds.
const HEADS: Map = Map::new(12);
/// By vault: the shares of its debt.
const SHARES: Map = Map::new(13);
/// By vault and collateral, see [`amount_key`]: how much the vault holds.
pub(crate) const AMOUNTS: Map = Map::new(14);
/// By token: its number in the order of listing, from one; zero is not listed.
pub(crate) const NUMBERS: Map = Map::new(15);
/// By number: the token and its fixed parameters.
pub(crate) const LISTINGS: Map = Map::new(16);
/// By number: the ramp of its liquidation threshold.
pub(crate) const RAMPS: Map = Map::new(17);
/// By number: the supply cap and what is held of it in all.
pub(crate) const SUPPLIES: Map = Map::new(18);
const RATE_CURVE: Slot = Slot::new(19);
/// By vault: to whom it is offered.
pub(crate) const OFFERS: Map = Map::new(20);
/// By [`operator_key`]: one where somebody may act for the owner.
pub(crate) const OPERATORS: Map = Map::new(21);

/// The lower and the upper half of a word.
pub(crate) const LOW: Field = Field::new(0, 128);
pub(crate) const HIGH: Field = Field::new(128, 128);

pub(crate) const ADDRESS: Field = Field::new(0, 160);
/// Beside the debt asset's address.
const ASSET_DECIMALS: Field = Field::new(160, 8);
/// Beside a vault's owner: bit `n` is set where the vault holds collateral number `n`.
const HELD: Field = Field::new(160, 64);
/// And how often the vault has changed hands.
const TRANSFERS: Field = Field::new(224, 32);

const VAULTS: Field = Field::new(0, 64);
const LISTED: Field = Field::new(64, 8);

const INDEX: Field = Field::new(0, 192);
const ACCRUED_AT: Field = Field::new(192, 64);

const TARGET_HEALTH: Field = Field::new(0, 96);
const WHOLE_SHARE: Field = Field::new(96, 16);

const BASE: Field = Field::new(0, 80);
const SLOPE1: Field = Field::new(80, 80);
const SLOPE2: Field = Field::new(160, 80);
const KINK: Field = Field::new(240, 16);

/// Two numbers in one word, `low` in the lower half.
pub(crate) fn pack_halves(low: U256, high: U256) -> Result<U256, OutOfRange> {
    HIGH.put(LOW.put(U256::ZERO, low)?, high)
}

/// Where the amount of collateral `number` of a vault is kept: `vault_id * 256 + number`.
pub(crate) fn amount_key(vault_id: U256, number: u64) -> Result<U256, OutOfRange> {
    Field::new(8, 248).put(U256::from(number), vault_id)
}

/// Where it is kept whether `operator` may act for a vault's owner: the operator in the lowest 160 bits, the vault in the
/// next 64, and how often the vault has changed hands in the highest 32, so that a change of hands ends all of them.
pub(crate) fn operator_key(vault_id: U256, head: &Head, operator: Address) -> Result<U256, OutOfRange> {
    TRANSFERS.put(Field::new(160, 64).put(word_of(operator), vault_id)?, head.transfers)
}

/// Who owns a vault, what it holds, and how often it has changed hands.
#[derive(Clone, Copy)]
pub(crate) struct Head {
    pub(crate) owner: Address,
    pub(crate) held: U256,
    pub(crate) transfers: U256,
}

/// What may be borrowed in all, and the least a vault may owe.
#[derive(Clone, Copy)]
pub(crate) struct Limits {
    pub(crate) ceiling_raw: Raw,
    pub(crate) min_debt_raw: Raw,
}

impl Vault {
    pub(crate) fn asset_and_decimals(&self) -> (Address, u8) {
        let word = DEBT_ASSET.get(self);
        (address_in(ADDRESS.get(word)), ASSET_DECIMALS.get(word).saturating_to())
    }

    pub(crate) fn store_asset(&mut self, asset: Address, decimals: u8) -> Result<(), OutOfRange> {
        DEBT_ASSET.set(self, ASSET_DECIMALS.put(word_of(asset), U256::from(decimals))?);
        Ok(())
    }

    /// A vault's head; `UnknownVault` where no vault has this number.
    pub(crate) fn head(&self, vault_id: U256) -> Outcome<Head> {
        let word = HEADS.get(self, vault_id);
        if word.is_zero() {
            return Err(refuse!(IVault::UnknownVault { vaultId: vault_id }));
        }
        Ok(Head { owner: address_in(ADDRESS.get(word)), held: HELD.get(word), transfers: TRANSFERS.get(word) })
    }

    pub(crate) fn store_head(&mut self, vault_id: U256, head: &Head) -> Result<(), OutOfRange> {
        let word = HELD.put(word_of(head.owner), head.held)?;
        HEADS.set(self, vault_id, TRANSFERS.put(word, head.transfers)?);
        Ok(())
    }

    pub(crate) fn opened(&self) -> U256 {
        VAULTS.get(COUNTS.get(self))
    }

    pub(crate) fn store_opened(&mut self, vaults: U256) -> Result<(), OutOfRange> {
        let word = VAULTS.put(COUNTS.get(self), vaults)?;
        COUNTS.set(self, word);
        Ok(())
    }

    pub(crate) fn listed(&self) -> u64 {
        LISTED.get_u64(COUNTS.get(self))
    }

    pub(crate) fn store_listed(&mut self, listed: u64) -> Result<(), OutOfRange> {
        let word = LISTED.put(COUNTS.get(self), U256::from(listed))?;
        COUNTS.set(self, word);
        Ok(())
    }

    pub(crate) fn shares_of(&self, vault_id: U256) -> Shares {
        Shares(SHARES.get(self, vault_id))
    }

    pub(crate) fn store_shares(&mut self, vault_id: U256, shares: Shares) {
        SHARES.set(self, vault_id, shares.0);
    }

    pub(crate) fn stored_books(&self) -> Books {
        let (cash, bad) = (CASH_AND_ON_AUCTION.get(self), BAD_DEBT_AND_FUNDED.get(self));
        let (surplus, index) = (SURPLUS_AND_SHARES.get(self), INDEX_AND_TIME.get(self));
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
        CASH_AND_ON_AUCTION.set(self, pack_halves(books.cash_raw.0, books.on_auction_raw.0)?);
        BAD_DEBT_AND_FUNDED.set(self, pack_halves(books.bad_debt_raw.0, books.funded_raw.0)?);
        SURPLUS_AND_SHARES.set(self, pack_halves(books.surplus_raw.0, books.debt_shares.0)?);
        let index = INDEX.put(U256::ZERO, books.index.0)?;
        INDEX_AND_TIME.set(self, ACCRUED_AT.put(index, books.accrued_at.widen())?);
        Ok(())
    }

    pub(crate) fn stored_limits(&self) -> Limits {
        let word = LIMITS.get(self);
        Limits { ceiling_raw: Raw(LOW.get(word)), min_debt_raw: Raw(HIGH.get(word)) }
    }

    /// The rule by which sales are sized.
    pub(crate) fn stored_rule(&self) -> Rule {
        let word = RULE.get(self);
        Rule {
            target_health_wad: Wad(TARGET_HEALTH.get(word)),
            whole_share: Bps(WHOLE_SHARE.get_u64(word)),
            min_debt_raw: self.stored_limits().min_debt_raw,
        }
    }

    pub(crate) fn store_rule(&mut self, target_health: Wad, whole_share: Bps) -> Result<(), OutOfRange> {
        let word = TARGET_HEALTH.put(RULE.get(self), target_health.0)?;
        RULE.set(self, WHOLE_SHARE.put(word, whole_share.widen())?);
        Ok(())
    }

    /// The interest of one second by the share lent.
    pub(crate) fn stored_rate_curve(&self) -> RateCurve {
        let word = RATE_CURVE.get(self);
        RateCurve {
            base: Ray(BASE.get(word)),
            kink: Bps(KINK.get_u64(word)),
            slope1: Ray(SLOPE1.get(word)),
            slope2: Ray(SLOPE2.get(word)),
        }
    }

    pub(crate) fn store_rate_curve(&mut self, curve: &RateCurve) -> Result<(), OutOfRange> {
        let word = BASE.put(U256::ZERO, curve.base.0)?;
        let word = SLOPE1.put(word, curve.slope1.0)?;
        let word = SLOPE2.put(word, curve.slope2.0)?;
        RATE_CURVE.set(self, KINK.put(word, curve.kink.widen())?);
        Ok(())
    }
}
