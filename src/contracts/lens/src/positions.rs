//! A vault with all a page shows, and each of its limits on its own.

use alloc::vec::Vec;

use alloy_primitives::{Address, U256};
use common::{Outcome, Refusal, ask};
use interface::{ILens, IOracle};
use kernel::{
    headroom::{self, Bounds, borrowable_down, value_down, withdrawable_down},
    health::{Carrying, health_factor},
};
use stylus_sdk::prelude::*;
use units::{OutOfRange, Raw};

use crate::{
    answers::{Position, Positions},
    market::{Looked, Market},
    ranges::Ranges,
    storage::Lens,
};

impl Lens {
    /// A vault with all a page shows; values that need a price that cannot be had are zero.
    pub fn position(&self, vault_id: U256) -> Outcome<Position> {
        let mut market = self.market()?;
        self.position_in(&mut market, &mut Ranges::default(), vault_id).map(Position)
    }

    /// Several vaults in the order asked for.
    pub fn positions(&self, vault_ids: Vec<U256>) -> Outcome<Positions> {
        let (mut market, mut ranges) = (self.market()?, Ranges::default());
        let positions = vault_ids.into_iter().map(|vault_id| self.position_in(&mut market, &mut ranges, vault_id));
        Ok(Positions(positions.collect::<Outcome<_>>()?))
    }

    /// The most `borrow` would lend now; the oracle's refusal where a price cannot be had.
    pub fn borrowable(&self, vault_id: U256) -> Outcome<U256> {
        let (market, looked) = self.priced(vault_id)?;
        Ok(borrowable(&market, &looked)?.0)
    }

    /// The most `withdraw` would give of a collateral now; the oracle's refusal where there is debt and a price cannot be had that
    /// is needed. All of a collateral without a price can leave where the others carry the debt: it counts no longer then.
    pub fn withdrawable(&self, vault_id: U256, collateral: Address) -> Outcome<U256> {
        let mut market = self.market()?;
        let (_, looked) = self.look(&mut market, vault_id)?;
        self.require_listed(collateral)?;
        let Some(index) = place_of(&looked, collateral).filter(|_| !looked.is_on_sale()) else {
            if !looked.contents.shares.is_zero() && !looked.is_on_sale() {
                self.require_priced(&market, &looked)?;
            }
            return Ok(U256::ZERO);
        };
        let amount_raw = withdrawable(&market, &looked, index)?;
        if amount_raw.is_zero() && !looked.contents.shares.is_zero() {
            self.require_priced(&market, &looked)?;
        }
        Ok(amount_raw.0)
    }

    /// The highest price of a collateral, as a wad, at which the vault is unsafe.
    pub fn liquidation_price(&self, vault_id: U256, collateral: Address) -> Outcome<U256> {
        let (market, looked) = self.priced(vault_id)?;
        self.require_listed(collateral)?;
        // What is not held is at the index after the last, where nothing is.
        let index = place_of(&looked, collateral).unwrap_or(looked.held.len());
        Ok(headroom::liquidation_price(&looked.holdings(), index, market.debt_value(looked.debt_raw)?)?.0)
    }

    /// The first second in which falling thresholds alone make the vault unsafe; the largest number where none does.
    pub fn unsafe_at(&self, vault_id: U256) -> Outcome<U256> {
        let (market, looked) = self.priced(vault_id)?;
        Ok(unsafe_at(&market, &looked)?)
    }

    fn position_in(&self, market: &mut Market, ranges: &mut Ranges, vault_id: U256) -> Outcome<ILens::Position> {
        let (owner, looked) = self.look(market, vault_id)?;
        let status = looked.unpriced(market).map_or(U256::ZERO, |(_, status)| status);
        let is_priced = status.is_zero();
        let (holdings, has_debt) = (looked.holdings(), !looked.contents.shares.is_zero());
        let debt_value_wad = market.debt_value(looked.debt_raw)?;
        let mut position = ILens::Position {
            vaultId: vault_id,
            owner,
            debtRaw: looked.debt_raw.0,
            debtValueWad: U256::ZERO,
            thresholdValueWad: U256::ZERO,
            ltvValueWad: U256::ZERO,
            healthWad: if has_debt { U256::ZERO } else { U256::MAX },
            borrowableRaw: U256::ZERO,
            unsafeAtSecs: if has_debt { U256::ZERO } else { U256::MAX },
            status,
            holdings: Vec::new(),
        };
        if is_priced {
            let carrying = Carrying::of(&holdings)?;
            position.debtValueWad = debt_value_wad.0;
            position.thresholdValueWad = carrying.threshold_value_wad.0;
            position.ltvValueWad = carrying.ltv_value_wad.0;
            position.healthWad = health_factor(carrying.threshold_value_wad, debt_value_wad).0;
            position.borrowableRaw = borrowable(market, &looked)?.0;
            position.unsafeAtSecs = unsafe_at(market, &looked)?;
        } else if has_debt {
            position.healthWad = self.health_for_sale(market, ranges, &looked)?.unwrap_or_default().0;
        }
        for (index, held) in looked.held.iter().enumerate() {
            let holding = &held.holding;
            let mut shown = ILens::Holding {
                collateral: held.known.listing.token,
                amountRaw: holding.amount_raw.0,
                priceWad: holding.price_wad.0,
                valueWad: value_down(holding)?.0,
                ltvBps: holding.ltv.widen(),
                thresholdBps: holding.threshold.widen(),
                withdrawableRaw: withdrawable(market, &looked, index)?.0,
                liquidationPriceWad: U256::ZERO,
            };
            if is_priced {
                shown.liquidationPriceWad = headroom::liquidation_price(&holdings, index, debt_value_wad)?.0;
            }
            position.holdings.push(shown);
        }
        Ok(position)
    }

    /// A vault whose assets all have a price; the oracle's refusal of the first that has none.
    fn priced(&self, vault_id: U256) -> Outcome<(Market, Looked)> {
        let mut market = self.market()?;
        let (_, looked) = self.look(&mut market, vault_id)?;
        self.require_priced(&market, &looked)?;
        Ok((market, looked))
    }

    fn require_priced(&self, market: &Market, looked: &Looked) -> Outcome<()> {
        let Some((asset, _)) = looked.unpriced(market) else {
            return Ok(());
        };
        // The refusal in the oracle's own words.
        let refusal = ask(self.vm(), market.pricing.oracle, IOracle::priceCall { asset }).err();
        Err(refusal.unwrap_or_else(|| Refusal::from(OutOfRange)))
    }
}

/// The index of a collateral among those a vault holds.
fn place_of(looked: &Looked, collateral: Address) -> Option<usize> {
    looked.held.iter().position(|held| held.known.listing.token == collateral)
}

/// The most of the holding at `index` that `withdraw` would give: nothing while a lot of the vault is on sale. A collateral without a
/// price can only leave as a whole, and nothing can where another asset that counts has none.
fn withdrawable(market: &Market, looked: &Looked, index: usize) -> Result<Raw, OutOfRange> {
    let mut others = looked.held.iter().enumerate().filter(|(other, _)| *other != index);
    let is_priced = market.quote.status.is_zero() && others.all(|(_, held)| held.known.quote.status.is_zero());
    if looked.is_on_sale() || (!is_priced && !looked.contents.shares.is_zero()) {
        return Ok(Raw::ZERO);
    }
    withdrawable_down(&looked.holdings(), index, market.debt_value(looked.debt_raw)?)
}

/// Nothing while a lot of the vault is on sale.
fn borrowable(market: &Market, looked: &Looked) -> Result<Raw, OutOfRange> {
    if looked.is_on_sale() {
        return Ok(Raw::ZERO);
    }
    let ltv_value_wad = Carrying::of(&looked.holdings())?.ltv_value_wad;
    let bounds = Bounds { ceiling_raw: market.pricing.ceiling_raw, min_debt_raw: market.lent.min_debt_raw };
    borrowable_down(&market.books, looked.contents.shares, &market.debt(looked.debt_raw), ltv_value_wad, &bounds)
}

fn unsafe_at(market: &Market, looked: &Looked) -> Result<U256, OutOfRange> {
    let moment = headroom::unsafe_at(&looked.ramped(), market.debt_value(looked.debt_raw)?, market.now)?;
    Ok(moment.map_or(U256::MAX, |moment| moment.widen()))
}
