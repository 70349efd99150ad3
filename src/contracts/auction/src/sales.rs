//! What is kept of a running auction: three words, and two more where somebody has bid for it.
//!
//! Terms and rules are not among them: they are kept by version when they are set, and a sale names the versions it began
//! with. Top and floor are not either: they follow from the oracle's price at the start.

use alloy_primitives::{Address, U256};
use common::{
    Outcome, refuse,
    words::{Field, address_in, word_of},
};
use interface::IAuction;
use kernel::{
    curve::{self, Start, Terms},
    english::Standing,
};
use units::{OutOfRange, Raw, Ray, Secs};

use crate::storage::{Auction, Rules, SALES};

/// The words of a sale.
const LOT_DUE_AND_START: u8 = 0;
const DEBT_VAULT_AND_RESTARTS: u8 = 1;
const PRICE_AND_VERSIONS: u8 = 2;
const BIDDER: u8 = 3;
const BID: u8 = 4;

const LOT: Field = Field::new(0, 120);
const DUE: Field = Field::new(120, 96);
const STARTED_AT: Field = Field::new(216, 40);

const DEBT: Field = Field::new(0, 96);
const BEGAN_DEBT: Field = Field::new(96, 96);
const VAULT_ID: Field = Field::new(192, 40);
const RESTARTS: Field = Field::new(232, 24);

const PRICE: Field = Field::new(0, 192);
const NUMBER: Field = Field::new(192, 16);
const TERMS_VERSION: Field = Field::new(208, 24);
const RULES_VERSION: Field = Field::new(232, 24);

const OWED: Field = Field::new(160, 96);

const BID_PRICE: Field = Field::new(0, 192);
const ENDS_AT: Field = Field::new(192, 40);

/// A running auction.
#[derive(Clone, Copy)]
pub(crate) struct Sale {
    pub(crate) vault_id: U256,
    pub(crate) lot_raw: Raw,
    pub(crate) debt_raw: Raw,
    pub(crate) due_raw: Raw,
    /// The debt at the start.
    pub(crate) began_debt_raw: Raw,
    /// The oracle's price at the start.
    pub(crate) price: Ray,
    pub(crate) started_at: Secs,
    pub(crate) restarts: U256,
    pub(crate) number: u64,
    pub(crate) terms_version: u64,
    pub(crate) rules_version: u64,
}

/// A running auction with what it refers to.
#[derive(Clone, Copy)]
pub(crate) struct Opened {
    pub(crate) sale: Sale,
    pub(crate) collateral: Address,
    /// The terms it began with.
    pub(crate) terms: Terms,
    pub(crate) start: Start,
}

/// The best bid for an auction.
#[derive(Clone, Copy)]
pub(crate) struct Bid {
    pub(crate) bidder: Address,
    /// What the bidder has paid.
    pub(crate) owed_raw: Raw,
    pub(crate) standing: Standing,
}

/// Where a word of a sale is kept: `auction_id * 256 + part`.
fn part_key(auction_id: U256, part: u8) -> Result<U256, OutOfRange> {
    Field::new(8, 248).put(U256::from(part), auction_id)
}

impl Auction {
    /// A running auction; `UnknownAuction` where none has this number.
    pub(crate) fn stored_sale(&self, auction_id: U256) -> Outcome<Sale> {
        let lot = self.part(auction_id, LOT_DUE_AND_START).unwrap_or_default();
        if lot.is_zero() {
            return Err(refuse!(IAuction::UnknownAuction { auctionId: auction_id }));
        }
        let debt = self.part(auction_id, DEBT_VAULT_AND_RESTARTS)?;
        let price = self.part(auction_id, PRICE_AND_VERSIONS)?;
        Ok(Sale {
            vault_id: VAULT_ID.get(debt),
            lot_raw: Raw(LOT.get(lot)),
            debt_raw: Raw(DEBT.get(debt)),
            due_raw: Raw(DUE.get(lot)),
            began_debt_raw: Raw(BEGAN_DEBT.get(debt)),
            price: Ray(PRICE.get(price)),
            started_at: Secs(STARTED_AT.get_u64(lot)),
            restarts: RESTARTS.get(debt),
            number: NUMBER.get_u64(price),
            terms_version: TERMS_VERSION.get_u64(price),
            rules_version: RULES_VERSION.get_u64(price),
        })
    }

    /// A running auction with what it refers to; `UnknownAuction` where none has this number.
    pub(crate) fn opened(&self, auction_id: U256) -> Outcome<Opened> {
        let sale = self.stored_sale(auction_id)?;
        let terms = self.terms_in(sale.number, sale.terms_version)?;
        let start = curve::start(sale.price, &terms)?;
        Ok(Opened { sale, collateral: self.collateral_at(sale.number).token, terms, start })
    }

    /// The rules it began with.
    pub(crate) fn rules_of(&self, sale: &Sale) -> Rules {
        self.rules_in(sale.rules_version)
    }

    /// Stores a sale that begins, or begins again.
    pub(crate) fn store_sale(&mut self, auction_id: U256, sale: &Sale) -> Result<(), OutOfRange> {
        self.store_progress(auction_id, sale)?;
        let word = PRICE.put(U256::ZERO, sale.price.0)?;
        let word = NUMBER.put(word, U256::from(sale.number))?;
        let word = TERMS_VERSION.put(word, U256::from(sale.terms_version))?;
        let word = RULES_VERSION.put(word, U256::from(sale.rules_version))?;
        self.set_part(auction_id, PRICE_AND_VERSIONS, word)
    }

    /// Stores what a take changes of a sale: lot, due and debt.
    pub(crate) fn store_progress(&mut self, auction_id: U256, sale: &Sale) -> Result<(), OutOfRange> {
        let word = LOT.put(U256::ZERO, sale.lot_raw.0)?;
        let word = DUE.put(word, sale.due_raw.0)?;
        let word = STARTED_AT.put(word, sale.started_at.widen())?;
        self.set_part(auction_id, LOT_DUE_AND_START, word)?;
        let word = DEBT.put(U256::ZERO, sale.debt_raw.0)?;
        let word = BEGAN_DEBT.put(word, sale.began_debt_raw.0)?;
        let word = VAULT_ID.put(word, sale.vault_id)?;
        let word = RESTARTS.put(word, sale.restarts)?;
        self.set_part(auction_id, DEBT_VAULT_AND_RESTARTS, word)
    }

    /// Forgets a sale that has no bid; the storage it gives back pays for part of the last take.
    pub(crate) fn erase_sale(&mut self, auction_id: U256) -> Result<(), OutOfRange> {
        for part in LOT_DUE_AND_START..=PRICE_AND_VERSIONS {
            self.set_part(auction_id, part, U256::ZERO)?;
        }
        Ok(())
    }

    /// The best bid; none where nobody has bid.
    pub(crate) fn stored_bid(&self, auction_id: U256) -> Result<Option<Bid>, OutOfRange> {
        let bidder = self.part(auction_id, BIDDER)?;
        if bidder.is_zero() {
            return Ok(None);
        }
        let bid = self.part(auction_id, BID)?;
        Ok(Some(Bid {
            bidder: address_in(bidder),
            owed_raw: Raw(OWED.get(bidder)),
            standing: Standing { price: Ray(BID_PRICE.get(bid)), ends_at: Secs(ENDS_AT.get_u64(bid)) },
        }))
    }

    pub(crate) fn store_bid(&mut self, auction_id: U256, bid: &Bid) -> Result<(), OutOfRange> {
        let word = OWED.put(word_of(bid.bidder), bid.owed_raw.0)?;
        self.set_part(auction_id, BIDDER, word)?;
        let word = BID_PRICE.put(U256::ZERO, bid.standing.price.0)?;
        let word = ENDS_AT.put(word, bid.standing.ends_at.widen())?;
        self.set_part(auction_id, BID, word)
    }

    pub(crate) fn erase_bid(&mut self, auction_id: U256) -> Result<(), OutOfRange> {
        self.set_part(auction_id, BIDDER, U256::ZERO)?;
        self.set_part(auction_id, BID, U256::ZERO)
    }

    fn part(&self, auction_id: U256, part: u8) -> Result<U256, OutOfRange> {
        Ok(SALES.get(self, part_key(auction_id, part)?))
    }

    fn set_part(&mut self, auction_id: U256, part: u8, word: U256) -> Result<(), OutOfRange> {
        SALES.set(self, part_key(auction_id, part)?, word);
        Ok(())
    }
}
