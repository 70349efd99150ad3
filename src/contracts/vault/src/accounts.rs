//! What a vault holds and owes at fresh prices.

use alloc::vec::Vec;

use alloy_primitives::{Address, U256};
use common::{Outcome, ask, call::try_ask, refuse, words::address_in};
use interface::{IOracle, IShared, IVault};
use kernel::{
    books::Books,
    health::{Carrying, Holding, can_carry, debt_value_up},
    liquidation::is_of_value,
    price::price_ray_up,
};
use stylus_sdk::prelude::*;
use units::{Bps, Raw, Ray, Wad};

use crate::{
    listings::numbers_in,
    storage::{Head, ORACLE, Vault},
};

/// One collateral of a vault.
pub(crate) struct Held {
    pub(crate) token: Address,
    pub(crate) penalty: Bps,
    /// With a price only in an [`Appraisal`].
    pub(crate) holding: Holding,
}

/// A vault at fresh prices.
pub(crate) struct Appraisal {
    pub(crate) held: Vec<Held>,
    pub(crate) carrying: Carrying,
    pub(crate) debt_value_wad: Wad,
    pub(crate) debt_price_wad: Wad,
    pub(crate) debt_decimals: u8,
}

impl Appraisal {
    /// Debt base units for one base unit of a holding.
    pub(crate) fn price(&self, holding: &Holding) -> Outcome<Ray> {
        Ok(price_ray_up(holding.price_wad, holding.decimals, self.debt_price_wad, self.debt_decimals)?)
    }
}

impl Vault {
    /// Prices the debt and all collateral of a vault in one call. Refuses with the oracle's reason.
    pub(crate) fn appraise(&self, vault_id: U256, head: &Head, debt_raw: Raw) -> Outcome<Appraisal> {
        let mut held = self.holdings(vault_id, head)?;
        let (debt_asset, debt_decimals) = self.asset_and_decimals();
        let mut assets = Vec::from([debt_asset]);
        assets.extend(held.iter().map(|held| held.token));
        let mut prices_wad = self.prices(assets)?.into_iter().map(Wad);
        let debt_price_wad = prices_wad.next().unwrap_or_default();
        let mut carrying = Carrying::default();
        for held in &mut held {
            // A price that the oracle left out counts as none; `prices` has seen to it that none is.
            held.holding.price_wad = prices_wad.next().unwrap_or_default();
            carrying = carrying.try_with(&held.holding)?;
        }
        let debt_value_wad = debt_value_up(debt_raw, debt_decimals, debt_price_wad)?;
        Ok(Appraisal { held, carrying, debt_value_wad, debt_price_wad, debt_decimals })
    }

    /// Refuses with `BorrowingPowerExceeded` where the collateral does not carry the debt for borrowing.
    pub(crate) fn require_carried(&self, vault_id: U256, head: &Head, debt_raw: Raw) -> Outcome<()> {
        let appraisal = self.appraise(vault_id, head, debt_raw)?;
        let (debt_value_wad, ltv_value_wad) = (appraisal.debt_value_wad, appraisal.carrying.ltv_value_wad);
        if can_carry(ltv_value_wad, debt_value_wad) {
            return Ok(());
        }
        Err(refuse!(IVault::BorrowingPowerExceeded { debtValueWad: debt_value_wad.0, ltvValueWad: ltv_value_wad.0 }))
    }

    /// Whether a vault holds collateral that could pay for debt. Asks for prices without checks, so that a feed that rests
    /// stops nobody; where no price can be had at all, the collateral counts as of value, and no debt is given up for it.
    pub(crate) fn holds_value(&self, vault_id: U256, head: &Head) -> Outcome<bool> {
        let (debt_asset, debt_decimals) = self.asset_and_decimals();
        let debt_price_wad = self.peek(debt_asset);
        for held in self.holdings(vault_id, head)? {
            let holding = held.holding;
            let price = price_ray_up(self.peek(held.token), holding.decimals, debt_price_wad, debt_decimals);
            // Without a price there is no price of one in the other, and that refuses.
            if price.map_or(true, |price| is_of_value(holding.amount_raw, price)) {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// Prices of several assets, after every check; as many as were asked for.
    pub(crate) fn prices(&self, assets: Vec<Address>) -> Outcome<Vec<U256>> {
        let (oracle, count) = (address_in(ORACLE.get(self)), assets.len());
        let (prices_wad,) = ask(self.vm(), oracle, IOracle::pricesCall { assets })?;
        if prices_wad.len() == count {
            return Ok(prices_wad);
        }
        Err(refuse!(IShared::CallFailed { target: oracle }))
    }

    /// The books brought to this moment, not stored.
    pub(crate) fn books_now(&self) -> Outcome<Books> {
        let mut books = self.stored_books();
        books.accrue(&self.stored_rate_curve(), self.now())?;
        Ok(books)
    }

    fn peek(&self, asset: Address) -> Wad {
        let answer = try_ask(self.vm(), address_in(ORACLE.get(self)), IOracle::peekCall { asset });
        answer.map_or(Wad::ZERO, |(price_wad, _, _)| Wad(price_wad))
    }

    /// What a vault holds, with what holds for it now except the price.
    fn holdings(&self, vault_id: U256, head: &Head) -> Outcome<Vec<Held>> {
        numbers_in(head.held).map(|number| self.holding(vault_id, number)).collect()
    }

    fn holding(&self, vault_id: U256, number: u64) -> Outcome<Held> {
        let listing = self.listing(number);
        let holding = Holding {
            amount_raw: self.amount(vault_id, number)?,
            decimals: listing.decimals,
            price_wad: Wad::ZERO,
            ltv: listing.ltv,
            threshold: self.threshold_now(number)?,
        };
        Ok(Held { token: listing.token, penalty: listing.penalty, holding })
    }
}
