//! What a vault holds and owes at fresh prices.

use alloc::vec::Vec;

use alloy_primitives::{Address, U256};
use alloy_sol_types::SolCall;
use common::{
    Outcome,
    call::ask_words,
    refuse,
    vault_layout::{Contents, Lent, Listing, numbers_in},
};
use interface::{IOracle, IShared, IVault};
use kernel::{
    books::Books,
    health::{Carrying, Holding, can_carry, debt_value_up},
    liquidation::{Debt, Range, Side, worth_beside},
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
    pub(crate) fn appraise(
        &self,
        vault_id: U256,
        contents: &Contents,
        debt_raw: Raw,
        basis: Basis,
    ) -> Outcome<Appraisal> {
        let (listings, mut holdings) = self.holdings(vault_id, contents)?;
        let Lent { asset, decimals, .. } = self.lent();
        let mut assets = Vec::from([asset]);
        assets.extend(listings.iter().map(|(_, listing)| listing.token));
        let mut prices_wad = self.prices(assets, basis)?.into_iter();
        let price_wad = prices_wad.next().unwrap_or_default();
        for (holding, price_wad) in holdings.iter_mut().zip(prices_wad) {
            holding.price_wad = price_wad;
        }
        Ok(Appraisal { listings, holdings, debt: Debt { amount_raw: debt_raw, decimals, price_wad } })
    }

    /// Refuses with `BorrowingPowerExceeded` where the collateral does not carry the debt for borrowing.
    pub(crate) fn require_carried(&self, vault_id: U256, contents: &Contents, debt_raw: Raw) -> Outcome<()> {
        let appraisal = self.appraise(vault_id, contents, debt_raw, Basis::Checked)?;
        let (debt_value_wad, ltv_value_wad) = (appraisal.debt_value_wad()?, appraisal.carrying()?.ltv_value_wad);
        if can_carry(ltv_value_wad, debt_value_wad) {
            return Ok(());
        }
        Err(refuse!(IVault::BorrowingPowerExceeded { debtValueWad: debt_value_wad.0, ltvValueWad: ltv_value_wad.0 }))
    }

    /// What the collateral of a vault is worth in all, in debt base units, at the prices of sales: no debt is given up that this could
    /// pay. The largest number while a lot of it is on sale, which may come back, and where a price is refused: then nothing can be
    /// said. What was shut down is worth nothing.
    pub(crate) fn worth(&self, vault_id: U256, contents: &Contents) -> Raw {
        if contents.sales != 0 {
            return Raw::MAX;
        }
        // Whatever the oracle says, or does not.
        if contents.held == 0 {
            return Raw::ZERO;
        }
        let appraisal = self.appraise(vault_id, contents, Raw::ZERO, Basis::Sale);
        appraisal
            .ok()
            .and_then(|appraisal| worth_beside(&appraisal.holdings, None, &appraisal.debt).ok())
            .unwrap_or(Raw::MAX)
    }

    /// Prices of the debt asset, which comes first, and of collaterals; as many as were asked for. For a sale, one that was shut
    /// down has a price of zero; `AssetShutDown` where that is the debt asset.
    pub(crate) fn prices(&self, assets: Vec<Address>, basis: Basis) -> Outcome<Vec<Wad>> {
        let (oracle, count) = (self.pricing().oracle, assets.len());
        // Both views take the same, and answer one price or a low and a high one for each asset.
        let (selector, words_each) = match basis {
            Basis::Checked => (IOracle::pricesCall::SELECTOR, 1),
            Basis::Sale => (IOracle::rangesCall::SELECTOR, 2),
        };
        let words = ask_words(self.vm(), oracle, selector, IOracle::pricesCall { assets })?;
        if words.len() != count.saturating_mul(words_each) {
            return Err(refuse!(IShared::CallFailed { target: oracle }));
        }
        let mut prices_wad = Vec::with_capacity(count);
        for range in words.chunks_exact(words_each) {
            let low_wad = Wad(range.first().copied().unwrap_or_default());
            let high_wad = Wad(range.last().copied().unwrap_or_default());
            let side = if prices_wad.is_empty() { Side::Debt } else { Side::Collateral };
            prices_wad.push(Range { low_wad, high_wad }.for_sale(side));
        }
        // Collateral of no price counts for nothing. In a debt asset of none nothing can be said.
        if prices_wad.first().is_some_and(|price_wad| price_wad.is_zero()) {
            return Err(refuse!(IOracle::AssetShutDown { asset: self.debt_token() }));
        }
        Ok(prices_wad)
    }

    /// The books brought to this moment, not stored.
    pub(crate) fn books_now(&self) -> Outcome<Books> {
        let mut books = self.stored_books();
        self.bring_to_now(&mut books)?;
        Ok(books)
    }

    /// What a vault holds, with what holds for it now except the price.
    fn holdings(&self, vault_id: U256, contents: &Contents) -> Outcome<Held> {
        let (mut listings, mut holdings) = (Vec::new(), Vec::new());
        for number in numbers_in(contents.held) {
            let listing = self.listing(number);
            holdings.push(Holding {
                amount_raw: self.amount(vault_id, contents, number)?,
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
