//! The market at this moment: the vault contract's words, unpacked once, and the oracle's prices, each asked once.

use alloc::vec::Vec;

use alloy_primitives::{Address, U256};
use common::{
    Outcome, ask, refuse,
    vault_layout::{
        self as layout, AMOUNTS, CASH, CONTENTS, COUNTS, Contents, Counts, DEBT, HEADS, Head, LENT, LISTINGS, Lent,
        Listing, PRICING, Pricing, RAMPS, SELLING, SIZING, SUPPLIES, Selling, Sizing, Supply, amount_key, numbers_in,
    },
    words::word_of,
};
use interface::{IOracle, IShared, IVault};
use kernel::{
    books::{Books, Unpaid},
    health::{Holding, debt_value_up},
    liquidation::Debt,
    ramp::{Ramp, threshold_at},
};
use stylus_sdk::{prelude::*, stylus_core::BlockAccess};
use units::{OutOfRange, Raw, Secs, Wad};

use crate::storage::Lens;

/// How many words are read in one call: what comes back fits into what is read of an answer.
const WORDS_MAX: usize = 128;

/// The market, at fresh prices as far as they were asked for.
pub(crate) struct Market {
    pub(crate) lent: Lent,
    pub(crate) pricing: Pricing,
    pub(crate) sizing: Sizing,
    pub(crate) counts: Counts,
    /// With the interest to this second.
    pub(crate) books: Books,
    pub(crate) unpaid: Unpaid,
    pub(crate) now: Secs,
    /// The debt asset's.
    pub(crate) quote: Quote,
    /// By number, as far as they were looked at.
    known: Vec<(u64, Known)>,
}

/// What the oracle says about an asset, without a refusal.
#[derive(Clone, Copy)]
pub(crate) struct Quote {
    pub(crate) price_wad: Wad,
    pub(crate) status: U256,
}

/// A listed collateral.
#[derive(Clone, Copy)]
pub(crate) struct Known {
    pub(crate) listing: Listing,
    pub(crate) ramp: Ramp,
    pub(crate) quote: Quote,
}

/// A collateral that a vault holds.
pub(crate) struct Held {
    pub(crate) known: Known,
    /// At the price of the quote.
    pub(crate) holding: Holding,
}

/// A vault as it stands.
pub(crate) struct Looked {
    pub(crate) contents: Contents,
    pub(crate) debt_raw: Raw,
    /// In the order of listing.
    pub(crate) held: Vec<Held>,
}

impl Looked {
    /// Whether a lot of it is on sale. Nothing can be borrowed or withdrawn then.
    pub(crate) fn is_on_sale(&self) -> bool {
        self.contents.sales != 0
    }

    pub(crate) fn holdings(&self) -> Vec<Holding> {
        self.held.iter().map(|held| held.holding).collect()
    }

    /// With the ramps of their thresholds.
    pub(crate) fn ramped(&self) -> Vec<(Holding, Ramp)> {
        self.held.iter().map(|held| (held.holding, held.known.ramp)).collect()
    }

    /// The first asset that has no price, and its status. A vault without debt needs none.
    pub(crate) fn unpriced(&self, market: &Market) -> Option<(Address, U256)> {
        let debt = core::iter::once((market.lent.asset, market.quote));
        let held = self.held.iter().map(|held| (held.known.listing.token, held.known.quote));
        debt.chain(held).find(|(_, quote)| !quote.status.is_zero()).map(|(asset, quote)| (asset, quote.status))
    }
}

impl Market {
    /// The debt asset at its price, for an amount.
    pub(crate) fn debt(&self, amount_raw: Raw) -> Debt {
        Debt { amount_raw, decimals: self.lent.decimals, price_wad: self.quote.price_wad }
    }

    /// What an amount of the debt asset is worth.
    pub(crate) fn debt_value(&self, amount_raw: Raw) -> Result<Wad, OutOfRange> {
        debt_value_up(amount_raw, self.lent.decimals, self.quote.price_wad)
    }
}

impl Lens {
    /// The words in these slots of the vault contract, in the same order.
    pub(crate) fn words(&self, slots: &[U256]) -> Outcome<Vec<U256>> {
        let vault = self.vault()?;
        let mut words = Vec::new();
        for part in slots.chunks(WORDS_MAX) {
            let slots = part.iter().map(|slot| (*slot).into()).collect();
            let (answer,) = ask(self.vm(), vault, IVault::extsloadCall { slots })?;
            words.extend(answer.into_iter().map(|word| U256::from_be_bytes(word.0)));
        }
        if words.len() == slots.len() { Ok(words) } else { Err(refuse!(IShared::CallFailed { target: vault })) }
    }

    /// The market. Refuses with `Reentered` while the vault contract is in the middle of something.
    pub(crate) fn market(&self) -> Outcome<Market> {
        let slots = [LENT, PRICING, SELLING, SIZING, COUNTS, CASH, DEBT].map(|slot| slot.at());
        let Ok([lent, pricing, selling, sizing, counts, cash, debt]) = <[U256; 7]>::try_from(self.words(&slots)?)
        else {
            return Err(OutOfRange.into());
        };
        let (lent, pricing, now) = (Lent::from_word(lent), Pricing::from_word(pricing), self.vm().block_timestamp());
        let mut books = layout::books(cash, debt);
        books.accrue(&layout::yearly_curve(cash, debt).per_second()?, Secs(now))?;
        let sizing = Sizing::from_word(sizing);
        let on_auction_raw = Selling::from_word(selling).on_auction_raw;
        Ok(Market {
            quote: self.quote(pricing.oracle, lent.asset)?,
            lent,
            pricing,
            sizing,
            counts: Counts::from_word(counts),
            books,
            unpaid: Unpaid { on_auction_raw, bad_debt_raw: sizing.bad_debt_raw },
            now: Secs(now),
            known: Vec::new(),
        })
    }

    /// Looks at a vault; `UnknownVault` where there is none of this number. Its owner comes with it.
    pub(crate) fn look(&self, market: &mut Market, vault_id: U256) -> Outcome<(Address, Looked)> {
        let words = self.words(&[HEADS.at(self.vm(), vault_id), CONTENTS.at(self.vm(), vault_id)])?;
        match *words.as_slice() {
            [head, contents] if !head.is_zero() => {
                Ok((Head::from_word(head).owner, self.look_at(market, vault_id, Contents::from_word(contents))?))
            }
            _ => Err(refuse!(IVault::UnknownVault { vaultId: vault_id })),
        }
    }

    /// Looks at a vault of which the contents are known.
    pub(crate) fn look_at(&self, market: &mut Market, vault_id: U256, contents: Contents) -> Outcome<Looked> {
        let debt_raw = market.books.debt_of_up(contents.shares)?;
        let numbers: Vec<u64> = numbers_in(contents.held).collect();
        let mut slots = Vec::new();
        for number in &numbers {
            slots.push(AMOUNTS.at(self.vm(), amount_key(vault_id, *number)?));
        }
        let mut held = Vec::new();
        for (number, word) in numbers.into_iter().zip(self.words(&slots)?) {
            let known = self.known(market, number)?;
            let holding = Holding {
                amount_raw: if number == contents.seat { contents.seat_raw } else { Raw(word) },
                decimals: known.listing.decimals,
                price_wad: known.quote.price_wad,
                ltv: known.listing.ltv,
                threshold: threshold_at(&known.ramp, market.now)?,
            };
            held.push(Held { known, holding });
        }
        Ok(Looked { contents, debt_raw, held })
    }

    /// A listed collateral with its price, which is asked for once.
    fn known(&self, market: &mut Market, number: u64) -> Outcome<Known> {
        if let Some((_, known)) = market.known.iter().find(|(seen, _)| *seen == number) {
            return Ok(*known);
        }
        let key = U256::from(number);
        let words = self.words(&[LISTINGS.at(self.vm(), key), RAMPS.at(self.vm(), key)])?;
        let [listing, ramp] = *words.as_slice() else {
            return Err(OutOfRange.into());
        };
        let listing = Listing::from_word(listing);
        let quote = self.quote(market.pricing.oracle, listing.token)?;
        let known = Known { listing, ramp: listing.ramp(ramp), quote };
        market.known.push((number, known));
        Ok(known)
    }

    /// Refuses with `UnknownCollateral` where a token is not listed.
    pub(crate) fn require_listed(&self, token: Address) -> Outcome<()> {
        let words = self.words(&[SUPPLIES.at(self.vm(), word_of(token))])?;
        if words.first().is_some_and(|word| Supply::from_word(*word).number != 0) {
            return Ok(());
        }
        Err(refuse!(IVault::UnknownCollateral { collateral: token }))
    }

    fn quote(&self, oracle: Address, asset: Address) -> Outcome<Quote> {
        let (price_wad, _, status) = ask(self.vm(), oracle, IOracle::peekCall { asset })?;
        let price_wad = if status.is_zero() { Wad(price_wad) } else { Wad::ZERO };
        Ok(Quote { price_wad, status })
    }
}
