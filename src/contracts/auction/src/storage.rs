//! What the auction contract keeps, and how it is packed: the slots, and loading and storing what they hold as `kernel`'s
//! types. The table of the layout is in `README.md`. A number too wide for its field is refused as `OutOfRange`.
#![allow(missing_docs, reason = "the SDK's macros add public items without documentation")]

use alloc::vec;

use alloy_primitives::{Address, U256};
use common::{
    Outcome, refuse,
    storage::{Map, Slot},
    words::{Field, address_in, word_of},
};
use interface::IAuction;
use kernel::curve::{Curve, Start, Terms};
use stylus_sdk::{prelude::*, stylus_core::BlockAccess};
use units::{Bps, OutOfRange, Raw, Ray, Secs};

/// The auction contract. What it keeps is in the slots below, which it reads and writes as whole words.
#[storage]
#[entrypoint]
pub struct Auction {}

// Slots 0 and 1 are the owner's, see `common::ownership`.
/// The vault contract, and how far sales are stopped: whoever starts, restarts or takes reads the vault's address anyway.
const VAULT: Slot = Slot::new(2);
pub(crate) const ORACLE: Slot = Slot::new(3);
/// How many auctions there have ever been, and how many are running.
const COUNTS: Slot = Slot::new(4);
/// The most that may be due at once, and the least that may be left due.
pub(crate) const LIMITS: Slot = Slot::new(5);
/// The keeper's reward: flat, a share of what is due, and the share of the penalty that it never exceeds.
const REWARD: Slot = Slot::new(6);
/// What is due in all running auctions.
pub(crate) const DUE: Slot = Slot::new(7);
/// By collateral: how it is sold, all but the cap.
const TERMS: Map = Map::new(8);
/// By collateral: the cap, and what is due in its running auctions.
const CAPS: Map = Map::new(9);
/// By auction and part, see [`part_key`].
const SALES: Map = Map::new(10);
/// By number / 256: a bit for each auction that is running.
pub(crate) const RUNNING: Map = Map::new(11);
pub(crate) const GUARDIAN: Slot = Slot::new(12);

pub(crate) const LOW: Field = Field::new(0, 128);
pub(crate) const HIGH: Field = Field::new(128, 128);

const STOP: Field = Field::new(160, 8);

const EVER: Field = Field::new(0, 64);
const NOW_RUNNING: Field = Field::new(64, 64);

const REWARD_SHARE: Field = Field::new(128, 16);
const REWARD_PENALTY_SHARE: Field = Field::new(144, 16);

const CURVE: Field = Field::new(0, 8);
const CUT: Field = Field::new(8, 96);
const STEP: Field = Field::new(104, 64);
const BUFFER: Field = Field::new(168, 16);
const TAIL: Field = Field::new(184, 32);
const CUSP: Field = Field::new(216, 16);
const FLOOR: Field = Field::new(232, 16);

const VAULT_ID: Field = Field::new(128, 64);
const STARTED_AT: Field = Field::new(192, 40);
const RESTARTS: Field = Field::new(232, 24);
const COLLATERAL: Field = Field::new(0, 160);
const BEGAN_DEBT: Field = Field::new(160, 96);

/// The most that one auction may begin with due, and so with debt: what [`BEGAN_DEBT`] holds. More is sold in several.
pub(crate) const MAX_DUE_RAW: Raw = Raw(U256::from_limbs([u64::MAX, 0xffff_ffff, 0, 0]));

/// The words of a sale.
const LOT_AND_DUE: u8 = 0;
const DEBT_VAULT_START_AND_RESTARTS: u8 = 1;
const TOP_AND_FLOOR: u8 = 2;
const TERMS_OF_SALE: u8 = 3;
const COLLATERAL_AND_BEGAN_DEBT: u8 = 4;

/// A running auction.
#[derive(Clone, Copy)]
pub(crate) struct Sale {
    pub(crate) vault_id: U256,
    pub(crate) collateral: Address,
    pub(crate) lot_raw: Raw,
    pub(crate) debt_raw: Raw,
    pub(crate) due_raw: Raw,
    /// The debt at the start.
    pub(crate) began_debt_raw: Raw,
    pub(crate) start: Start,
    pub(crate) started_at: Secs,
    pub(crate) restarts: U256,
}

/// A cap, and what is due under it.
#[derive(Clone, Copy)]
pub(crate) struct Cap {
    pub(crate) cap_raw: Raw,
    pub(crate) due_raw: Raw,
}

/// The keeper's reward.
pub(crate) struct Reward {
    pub(crate) flat_raw: Raw,
    pub(crate) share: Bps,
    pub(crate) max_penalty: Bps,
}

/// Where a word of a sale is kept: `auction_id * 256 + part`.
fn part_key(auction_id: U256, part: u8) -> Result<U256, OutOfRange> {
    Field::new(8, 248).put(U256::from(part), auction_id)
}

/// Two numbers in one word, `low` in the lower half.
pub(crate) fn pack_halves(low: U256, high: U256) -> Result<U256, OutOfRange> {
    HIGH.put(LOW.put(U256::ZERO, low)?, high)
}

fn pack_terms(terms: &Terms) -> Result<U256, OutOfRange> {
    let word = CURVE.put(U256::ZERO, U256::from(terms.curve.number()))?;
    let word = CUT.put(word, terms.cut.0)?;
    let word = STEP.put(word, terms.step.widen())?;
    let word = BUFFER.put(word, terms.buffer.widen())?;
    let word = TAIL.put(word, terms.tail.widen())?;
    let word = CUSP.put(word, terms.cusp.widen())?;
    FLOOR.put(word, terms.floor.widen())
}

/// The terms in a word; nothing where none were set.
fn unpack_terms(word: U256, cap_raw: Raw) -> Option<Terms> {
    Some(Terms {
        curve: Curve::from_number(CURVE.get_u64(word))?,
        cut: Ray(CUT.get(word)),
        step: Secs(STEP.get_u64(word)),
        buffer: Bps(BUFFER.get_u64(word)),
        tail: Secs(TAIL.get_u64(word)),
        cusp: Bps(CUSP.get_u64(word)),
        floor: Bps(FLOOR.get_u64(word)),
        cap: cap_raw,
    })
}

impl Auction {
    pub(crate) fn vault_address(&self) -> Address {
        address_in(VAULT.get(self))
    }

    /// Names the vault contract, with nothing stopped.
    pub(crate) fn store_vault(&mut self, vault: Address) {
        VAULT.set(self, word_of(vault));
    }

    /// How far sales are stopped.
    pub(crate) fn stop_level(&self) -> u64 {
        STOP.get_u64(VAULT.get(self))
    }

    pub(crate) fn store_stop_level(&mut self, level: u64) -> Result<(), OutOfRange> {
        let word = STOP.put(VAULT.get(self), U256::from(level))?;
        VAULT.set(self, word);
        Ok(())
    }

    pub(crate) fn now(&self) -> Secs {
        Secs(self.vm().block_timestamp())
    }

    pub(crate) fn ever(&self) -> u64 {
        EVER.get_u64(COUNTS.get(self))
    }

    pub(crate) fn running(&self) -> u64 {
        NOW_RUNNING.get_u64(COUNTS.get(self))
    }

    pub(crate) fn store_counts(&mut self, ever: u64, running: u64) -> Result<(), OutOfRange> {
        let word = EVER.put(U256::ZERO, U256::from(ever))?;
        let word = NOW_RUNNING.put(word, U256::from(running))?;
        COUNTS.set(self, word);
        Ok(())
    }

    /// The limits of all auctions together, and what is due in them.
    pub(crate) fn all(&self) -> Cap {
        Cap { cap_raw: Raw(LOW.get(LIMITS.get(self))), due_raw: Raw(DUE.get(self)) }
    }

    /// The least that may be left due.
    pub(crate) fn min_due(&self) -> Raw {
        Raw(HIGH.get(LIMITS.get(self)))
    }

    pub(crate) fn stored_reward(&self) -> Reward {
        let word = REWARD.get(self);
        Reward {
            flat_raw: Raw(LOW.get(word)),
            share: Bps(REWARD_SHARE.get_u64(word)),
            max_penalty: Bps(REWARD_PENALTY_SHARE.get_u64(word)),
        }
    }

    pub(crate) fn store_reward(&mut self, reward: &Reward) -> Result<(), OutOfRange> {
        let word = LOW.put(U256::ZERO, reward.flat_raw.0)?;
        let word = REWARD_SHARE.put(word, reward.share.widen())?;
        let word = REWARD_PENALTY_SHARE.put(word, reward.max_penalty.widen())?;
        REWARD.set(self, word);
        Ok(())
    }

    /// How a collateral is sold; `TermsNotSet` where nobody has said.
    pub(crate) fn terms_of(&self, collateral: Address) -> Outcome<Terms> {
        let cap_raw = self.cap_of(collateral).cap_raw;
        unpack_terms(TERMS.get(self, word_of(collateral)), cap_raw)
            .ok_or_else(|| refuse!(IAuction::TermsNotSet { collateral }))
    }

    pub(crate) fn store_terms(&mut self, collateral: Address, terms: &Terms) -> Result<(), OutOfRange> {
        TERMS.set(self, word_of(collateral), pack_terms(terms)?);
        let due_raw = self.cap_of(collateral).due_raw;
        self.store_cap(collateral, &Cap { cap_raw: terms.cap, due_raw })
    }

    /// The cap of a collateral, and what is due in its auctions.
    pub(crate) fn cap_of(&self, collateral: Address) -> Cap {
        let word = CAPS.get(self, word_of(collateral));
        Cap { cap_raw: Raw(LOW.get(word)), due_raw: Raw(HIGH.get(word)) }
    }

    pub(crate) fn store_cap(&mut self, collateral: Address, cap: &Cap) -> Result<(), OutOfRange> {
        CAPS.set(self, word_of(collateral), pack_halves(cap.cap_raw.0, cap.due_raw.0)?);
        Ok(())
    }

    /// A running auction; `UnknownAuction` where there is none of this number or it has ended.
    pub(crate) fn stored_sale(&self, auction_id: U256) -> Outcome<Sale> {
        // A number too large for a key is the number of no auction, as one without a lot is.
        let lot = self.part(auction_id, LOT_AND_DUE).unwrap_or_default();
        if LOW.get(lot).is_zero() {
            return Err(refuse!(IAuction::UnknownAuction { auctionId: auction_id }));
        }
        let debt = self.part(auction_id, DEBT_VAULT_START_AND_RESTARTS)?;
        let start = self.part(auction_id, TOP_AND_FLOOR)?;
        let collateral = self.part(auction_id, COLLATERAL_AND_BEGAN_DEBT)?;
        Ok(Sale {
            vault_id: VAULT_ID.get(debt),
            collateral: address_in(COLLATERAL.get(collateral)),
            lot_raw: Raw(LOW.get(lot)),
            debt_raw: Raw(LOW.get(debt)),
            due_raw: Raw(HIGH.get(lot)),
            start: Start { top: Ray(LOW.get(start)), floor: Ray(HIGH.get(start)) },
            started_at: Secs(STARTED_AT.get_u64(debt)),
            began_debt_raw: Raw(BEGAN_DEBT.get(collateral)),
            restarts: RESTARTS.get(debt),
        })
    }

    /// The terms a running auction began with; the cap, which matters only at the start, is zero.
    pub(crate) fn stored_sale_terms(&self, auction_id: U256) -> Outcome<Terms> {
        let word = self.part(auction_id, TERMS_OF_SALE).unwrap_or_default();
        unpack_terms(word, Raw::ZERO).ok_or_else(|| refuse!(IAuction::UnknownAuction { auctionId: auction_id }))
    }

    /// Stores a sale that begins, or begins again, with all its words except the terms.
    pub(crate) fn store_sale(&mut self, auction_id: U256, sale: &Sale) -> Result<(), OutOfRange> {
        self.store_progress(auction_id, sale)?;
        self.set_part(auction_id, TOP_AND_FLOOR, pack_halves(sale.start.top.0, sale.start.floor.0)?)?;
        let word = BEGAN_DEBT.put(word_of(sale.collateral), sale.began_debt_raw.0)?;
        self.set_part(auction_id, COLLATERAL_AND_BEGAN_DEBT, word)
    }

    /// Stores what a take changes of a sale: lot, due and debt.
    pub(crate) fn store_progress(&mut self, auction_id: U256, sale: &Sale) -> Result<(), OutOfRange> {
        self.set_part(auction_id, LOT_AND_DUE, pack_halves(sale.lot_raw.0, sale.due_raw.0)?)?;
        let word = LOW.put(U256::ZERO, sale.debt_raw.0)?;
        let word = VAULT_ID.put(word, sale.vault_id)?;
        let word = STARTED_AT.put(word, sale.started_at.widen())?;
        let word = RESTARTS.put(word, sale.restarts)?;
        self.set_part(auction_id, DEBT_VAULT_START_AND_RESTARTS, word)
    }

    pub(crate) fn store_sale_terms(&mut self, auction_id: U256, terms: &Terms) -> Result<(), OutOfRange> {
        self.set_part(auction_id, TERMS_OF_SALE, pack_terms(terms)?)
    }

    /// Forgets a sale; the storage it gives back pays for part of the last take.
    pub(crate) fn erase_sale(&mut self, auction_id: U256) -> Result<(), OutOfRange> {
        for part in LOT_AND_DUE..=COLLATERAL_AND_BEGAN_DEBT {
            self.set_part(auction_id, part, U256::ZERO)?;
        }
        Ok(())
    }

    fn part(&self, auction_id: U256, part: u8) -> Result<U256, OutOfRange> {
        Ok(SALES.get(self, part_key(auction_id, part)?))
    }

    fn set_part(&mut self, auction_id: U256, part: u8, word: U256) -> Result<(), OutOfRange> {
        SALES.set(self, part_key(auction_id, part)?, word);
        Ok(())
    }
}
