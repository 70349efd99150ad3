//! What a vault holds and owes at fresh prices.

use alloc::vec::Vec;

use alloy_primitives::{Address, U256};
use alloy_sol_types::SolCall;
use common::{
    Outcome,
    call::{ask_words, try_ask},
    refuse,
    vault_layout::{Head, Lent, Listing, numbers_in},
};
use interface::{IOracle, IShared, IVault};
use kernel::{
    books::Books,
    health::{Carrying, Holding, can_carry, debt_value_up},
    liquidation::{Debt, Range, Side, is_of_value},
    price::price_ray_up,
};
use stylus_sdk::prelude::*;
use units::{OutOfRange, Raw, Wad};

use crate::storage::Vault;

/// By which prices a vault is looked at.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Basis {
    /// The ones that pass every check.
    Checked,
    /// The ones a sale may start on, see `kernel::liquidation::Range`.
    Sale,
}

/// The collaterals of a vault with their numbers, and in the same order how much it holds of each.
type Held = (Vec<(u64, Listing)>, Vec<Holding>);

/// A vault at fresh prices.
pub(crate) struct Appraisal {
    /// The collaterals it holds, in the order of listing.
    pub(crate) listings: Vec<(u64, Listing)>,
    /// How much of each, and what holds for it now.
    pub(crate) holdings: Vec<Holding>,
    /// What it owes.
    pub(crate) debt: Debt,
}

impl Appraisal {
    pub(crate) fn carrying(&self) -> Result<Carrying, OutOfRange> {
        Carrying::of(&self.holdings)
    }

    pub(crate) fn debt_value_wad(&self) -> Result<Wad, OutOfRange> {
        debt_value_up(self.debt.amount_raw, self.debt.decimals, self.debt.price_wad)
    }
}

impl Vault {
    /// Prices the debt and all collateral of a vault in one call. Refuses with the oracle's reason.
    pub(crate) fn appraise(&self, vault_id: U256, head: &Head, debt_raw: Raw, basis: Basis) -> Outcome<Appraisal> {
        let (listings, mut holdings) = self.holdings(vault_id, head)?;
        let Lent { asset, decimals, .. } = self.lent();
        let mut assets = Vec::from([asset]);
        assets.extend(listings.iter().map(|(_, listing)| listing.token));
        let mut prices_wad = self.prices(assets, basis)?.into_iter();
        // A price that the oracle left out counts as none; `prices` has seen to it that none is.
        let price_wad = prices_wad.next().unwrap_or_default();
        for (holding, price_wad) in holdings.iter_mut().zip(prices_wad) {
            holding.price_wad = price_wad;
        }
        Ok(Appraisal { listings, holdings, debt: Debt { amount_raw: debt_raw, decimals, price_wad } })
    }

    /// Refuses with `BorrowingPowerExceeded` where the collateral does not carry the debt for borrowing.
    pub(crate) fn require_carried(&self, vault_id: U256, head: &Head, debt_raw: Raw) -> Outcome<()> {
        let appraisal = self.appraise(vault_id, head, debt_raw, Basis::Checked)?;
        let (debt_value_wad, ltv_value_wad) = (appraisal.debt_value_wad()?, appraisal.carrying()?.ltv_value_wad);
        if can_carry(ltv_value_wad, debt_value_wad) {
            return Ok(());
        }
        Err(refuse!(IVault::BorrowingPowerExceeded { debtValueWad: debt_value_wad.0, ltvValueWad: ltv_value_wad.0 }))
    }

    /// Whether a vault holds collateral that could pay for debt. Asks for prices without checks, so that a feed that rests
    /// stops nobody; where no price can be had at all, the collateral counts as of value, and no debt is given up for it.
    pub(crate) fn holds_value(&self, vault_id: U256, head: &Head) -> Outcome<bool> {
        let lent = self.lent();
        let debt_price_wad = self.peek(lent.asset);
        let (listings, holdings) = self.holdings(vault_id, head)?;
        for ((_, listing), holding) in listings.iter().zip(holdings) {
            let price = price_ray_up(self.peek(listing.token), holding.decimals, debt_price_wad, lent.decimals);
            // Without a price there is no price of one in the other, and that refuses.
            if price.map_or(true, |price| is_of_value(holding.amount_raw, price)) {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// Prices of the debt asset, which comes first, and of collaterals; as many as were asked for.
    pub(crate) fn prices(&self, assets: Vec<Address>, basis: Basis) -> Outcome<Vec<Wad>> {
        let (oracle, count) = (self.pricing().oracle, assets.len());
        // Both views take the same, and answer one price or a low and a high one for each asset.
        let selector = match basis {
            Basis::Checked => IOracle::pricesCall::SELECTOR,
            Basis::Sale => IOracle::rangesCall::SELECTOR,
        };
        let words = ask_words(self.vm(), oracle, selector, IOracle::pricesCall { assets })?;
        let mut prices_wad = Vec::with_capacity(count);
        let mut words = words.into_iter().map(Wad);
        while let Some(low_wad) = words.next() {
            let high_wad = if basis == Basis::Sale { words.next().unwrap_or_default() } else { low_wad };
            let side = if prices_wad.is_empty() { Side::Debt } else { Side::Collateral };
            prices_wad.push(Range { low_wad, high_wad }.for_sale(side));
        }
        if prices_wad.len() == count {
            return Ok(prices_wad);
        }
        Err(refuse!(IShared::CallFailed { target: oracle }))
    }

    /// The books brought to this moment, not stored.
    pub(crate) fn books_now(&self) -> Outcome<Books> {
        let mut books = self.stored_books();
        self.bring_to_now(&mut books)?;
        Ok(books)
    }

    fn peek(&self, asset: Address) -> Wad {
        let answer = try_ask(self.vm(), self.pricing().oracle, IOracle::peekCall { asset });
        answer.map_or(Wad::ZERO, |(price_wad, _, _)| Wad(price_wad))
    }

    /// What a vault holds, with what holds for it now except the price.
    fn holdings(&self, vault_id: U256, head: &Head) -> Outcome<Held> {
        let (mut listings, mut holdings) = (Vec::new(), Vec::new());
        for number in numbers_in(head.held) {
            let listing = self.listing(number);
            holdings.push(Holding {
                amount_raw: self.amount(vault_id, number)?,
                decimals: listing.decimals,
                price_wad: Wad::ZERO,
                ltv: listing.ltv,
                threshold: self.threshold_now(number, &listing)?,
            });
            listings.push((number, listing));
        }
        Ok((listings, holdings))
    }
}
