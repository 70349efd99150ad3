//! What the auction contract keeps besides its sales: the slots, and loading and storing what they hold as `kernel`'s types.
//! The table of the layout, and the largest amounts, are in `README.md`. A number too wide for its field is refused as `OutOfRange`.
#![allow(missing_docs, reason = "the SDK's macros add public items without documentation")]

use alloc::vec;

use alloy_primitives::{Address, U256};
use common::{
    Outcome, refuse,
    storage::{Map, Slot},
    words::{Field, address_in, word_of},
};
use interface::IAuction;
use kernel::{
    curve::{Curve, Terms},
    incentive::Reward,
    stop::Stop,
};
use stylus_sdk::{prelude::*, stylus_core::BlockAccess};
use units::{Bps, OutOfRange, Raw, Ray, Secs};

/// The auction contract. What it keeps is in the slots below, which it reads and writes as whole words.
#[storage]
#[entrypoint]
pub struct Auction {}

// Slots 0 and 1 are the owner's, see `common::ownership`.
/// The vault contract, and how far sales are stopped: what every take reads.
const VAULT: Slot = Slot::new(2);
pub(crate) const ORACLE: Slot = Slot::new(3);
/// What is due in all running auctions, how many there have ever been, and how many are running.
const TOTALS: Slot = Slot::new(4);
/// The most that may be due at once, the newest version of the rules, and how many collaterals have been set.
const LIMITS: Slot = Slot::new(5);
pub(crate) const GUARDIAN: Slot = Slot::new(6);
pub(crate) const DEBT_ASSET: Slot = Slot::new(7);
/// By collateral: its number, its newest terms and its cap.
const LISTINGS: Map = Map::new(8);
/// By number of a collateral: its token, and what is due in its running auctions.
const COLLATERALS: Map = Map::new(9);
/// By number of a collateral and version: how it is sold, all but the cap.
const TERMS: Map = Map::new(10);
/// By version: the rules.
const RULES: Map = Map::new(11);
/// By auction and part, see `crate::sales`.
pub(crate) const SALES: Map = Map::new(12);
/// By number / 256: a bit for each auction that has ended.
pub(crate) const ENDED: Map = Map::new(13);
/// By account: what it was outbid with.
pub(crate) const REFUNDS: Map = Map::new(14);
/// By account and number of a collateral: what it has won of it and could not receive.
pub(crate) const SLICES: Map = Map::new(15);

const STOP: Field = Field::new(160, 8);
const TAKES_CHANGED_AT: Field = Field::new(168, 40);

const ALL_DUE: Field = Field::new(0, 128);
const EVER: Field = Field::new(128, 64);
const NOW_RUNNING: Field = Field::new(192, 64);

const CAP_OF_ALL: Field = Field::new(0, 128);
const RULES_VERSION: Field = Field::new(128, 24);
const COLLATERAL_COUNT: Field = Field::new(152, 16);

const NUMBER: Field = Field::new(0, 16);
const VERSION: Field = Field::new(16, 24);
const CAP: Field = Field::new(40, 96);

const WON_NUMBER: Field = Field::new(160, 16);

const DUE_OF_COLLATERAL: Field = Field::new(160, 96);

const CURVE: Field = Field::new(0, 8);
const CUT: Field = Field::new(8, 96);
const STEP: Field = Field::new(104, 64);
const BUFFER: Field = Field::new(168, 16);
const TAIL: Field = Field::new(184, 32);
const CUSP: Field = Field::new(216, 16);
const FLOOR: Field = Field::new(232, 16);

const REWARD_FLAT: Field = Field::new(0, 120);
const REWARD_SHARE: Field = Field::new(120, 16);
const REWARD_PENALTY_SHARE: Field = Field::new(136, 16);
const MIN_DUE: Field = Field::new(152, 88);

/// The most that may be due at once in the auctions of one collateral, and so in one: what [`DUE_OF_COLLATERAL`] holds.
pub(crate) const MAX_DUE_RAW: Raw = Raw(kernel::bounds::CAP_MAX_RAW);

/// What is due and how many auctions there are.
#[derive(Clone, Copy)]
pub(crate) struct Totals {
    pub(crate) due_raw: Raw,
    pub(crate) ever: u64,
    pub(crate) running: u64,
}

/// What holds for all auctions that start from now on.
#[derive(Clone, Copy)]
pub(crate) struct Limits {
    pub(crate) cap_raw: Raw,
    /// The newest version of the rules.
    pub(crate) rules_version: u64,
    /// How many collaterals have terms.
    pub(crate) collaterals: u64,
}

/// What an auction of any collateral keeps from its start on.
#[derive(Clone, Copy)]
pub(crate) struct Rules {
    /// What keepers earn.
    pub(crate) reward: Reward,
    /// The least that may be left due.
    pub(crate) min_due_raw: Raw,
}

/// A collateral for which terms were set. Zero where none were.
#[derive(Clone, Copy)]
pub(crate) struct Listing {
    pub(crate) number: u64,
    /// The version of the terms.
    pub(crate) version: u64,
    pub(crate) cap_raw: Raw,
}

/// A collateral, and what is due in its running auctions.
#[derive(Clone, Copy)]
pub(crate) struct Collateral {
    pub(crate) token: Address,
    pub(crate) due_raw: Raw,
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

/// Where it is kept what somebody has won of a collateral: the account in the lowest 160 bits, the number above.
pub(crate) fn slice_key(bidder: Address, number: u64) -> Result<U256, OutOfRange> {
    WON_NUMBER.put(word_of(bidder), U256::from(number))
}

/// Where the terms of a collateral in a version are kept.
fn terms_key(number: u64, version: u64) -> Result<U256, OutOfRange> {
    VERSION.put(NUMBER.put(U256::ZERO, U256::from(number))?, U256::from(version))
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
    pub(crate) fn stored_stop(&self) -> Stop {
        let word = VAULT.get(self);
        Stop { level: STOP.get_u64(word), takes_changed_at: Secs(TAKES_CHANGED_AT.get_u64(word)) }
    }

    pub(crate) fn store_stop(&mut self, stop: &Stop) -> Result<(), OutOfRange> {
        let word = STOP.put(VAULT.get(self), U256::from(stop.level))?;
        VAULT.set(self, TAKES_CHANGED_AT.put(word, stop.takes_changed_at.widen())?);
        Ok(())
    }

    pub(crate) fn now(&self) -> Secs {
        Secs(self.vm().block_timestamp())
    }

    pub(crate) fn totals(&self) -> Totals {
        let word = TOTALS.get(self);
        Totals { due_raw: Raw(ALL_DUE.get(word)), ever: EVER.get_u64(word), running: NOW_RUNNING.get_u64(word) }
    }

    pub(crate) fn store_totals(&mut self, totals: &Totals) -> Result<(), OutOfRange> {
        let word = ALL_DUE.put(U256::ZERO, totals.due_raw.0)?;
        let word = EVER.put(word, U256::from(totals.ever))?;
        let word = NOW_RUNNING.put(word, U256::from(totals.running))?;
        TOTALS.set(self, word);
        Ok(())
    }

    pub(crate) fn limits_of_all(&self) -> Limits {
        let word = LIMITS.get(self);
        Limits {
            cap_raw: Raw(CAP_OF_ALL.get(word)),
            rules_version: RULES_VERSION.get_u64(word),
            collaterals: COLLATERAL_COUNT.get_u64(word),
        }
    }

    pub(crate) fn store_limits_of_all(&mut self, limits: &Limits) -> Result<(), OutOfRange> {
        let word = CAP_OF_ALL.put(U256::ZERO, limits.cap_raw.0)?;
        let word = RULES_VERSION.put(word, U256::from(limits.rules_version))?;
        let word = COLLATERAL_COUNT.put(word, U256::from(limits.collaterals))?;
        LIMITS.set(self, word);
        Ok(())
    }

    /// The rules in a version; no reward and no minimum in version zero, before any were set.
    pub(crate) fn rules_in(&self, version: u64) -> Rules {
        let word = RULES.get(self, U256::from(version));
        Rules {
            reward: Reward {
                flat_raw: Raw(REWARD_FLAT.get(word)),
                share: Bps(REWARD_SHARE.get_u64(word)),
                max_penalty: Bps(REWARD_PENALTY_SHARE.get_u64(word)),
            },
            min_due_raw: Raw(MIN_DUE.get(word)),
        }
    }

    /// The rules of auctions that start from now on.
    pub(crate) fn rules_now(&self) -> Rules {
        self.rules_in(self.limits_of_all().rules_version)
    }

    /// Makes these the rules of auctions that start from now on.
    pub(crate) fn append_rules(&mut self, rules: &Rules) -> Result<(), OutOfRange> {
        let mut limits = self.limits_of_all();
        limits.rules_version = limits.rules_version.saturating_add(1);
        self.store_limits_of_all(&limits)?;
        let Rules { reward, min_due_raw } = rules;
        let word = REWARD_FLAT.put(U256::ZERO, reward.flat_raw.0)?;
        let word = REWARD_SHARE.put(word, reward.share.widen())?;
        let word = REWARD_PENALTY_SHARE.put(word, reward.max_penalty.widen())?;
        let word = MIN_DUE.put(word, min_due_raw.0)?;
        RULES.set(self, U256::from(limits.rules_version), word);
        Ok(())
    }

    pub(crate) fn listing(&self, collateral: Address) -> Listing {
        let word = LISTINGS.get(self, word_of(collateral));
        Listing { number: NUMBER.get_u64(word), version: VERSION.get_u64(word), cap_raw: Raw(CAP.get(word)) }
    }

    pub(crate) fn collateral_at(&self, number: u64) -> Collateral {
        let word = COLLATERALS.get(self, U256::from(number));
        Collateral { token: address_in(word), due_raw: Raw(DUE_OF_COLLATERAL.get(word)) }
    }

    pub(crate) fn store_collateral(&mut self, number: u64, collateral: &Collateral) -> Result<(), OutOfRange> {
        let word = DUE_OF_COLLATERAL.put(word_of(collateral.token), collateral.due_raw.0)?;
        COLLATERALS.set(self, U256::from(number), word);
        Ok(())
    }

    /// The terms of a listed collateral as they are now, with the cap; `TermsNotSet` where nobody has said.
    pub(crate) fn terms_now(&self, collateral: Address, listing: &Listing) -> Outcome<Terms> {
        let word = TERMS.get(self, terms_key(listing.number, listing.version)?);
        unpack_terms(word, listing.cap_raw).ok_or_else(|| refuse!(IAuction::TermsNotSet { collateral }))
    }

    /// The terms of a collateral in a version, without the cap, which only matters at the start.
    pub(crate) fn terms_in(&self, number: u64, version: u64) -> Result<Terms, OutOfRange> {
        unpack_terms(TERMS.get(self, terms_key(number, version)?), Raw::ZERO).ok_or(OutOfRange)
    }

    /// Makes these the terms of auctions of the collateral that start from now on. A new collateral gets the next number.
    pub(crate) fn append_terms(&mut self, token: Address, terms: &Terms) -> Result<(), OutOfRange> {
        let mut listing = self.listing(token);
        if listing.number == 0 {
            let mut limits = self.limits_of_all();
            limits.collaterals = limits.collaterals.saturating_add(1);
            self.store_limits_of_all(&limits)?;
            listing.number = limits.collaterals;
            self.store_collateral(listing.number, &Collateral { token, due_raw: Raw::ZERO })?;
        }
        listing.version = listing.version.saturating_add(1);
        let key = terms_key(listing.number, listing.version)?;
        TERMS.set(self, key, pack_terms(terms)?);
        CAP.put(key, terms.cap.0).map(|word| LISTINGS.set(self, word_of(token), word))
    }
}
