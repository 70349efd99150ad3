//! The prices a sale may start on, where they are not those that pass every check: what `liquidate` goes by while a feed is degraded.

use alloc::vec::Vec;

use alloy_primitives::Address;
use common::{Outcome, call::try_ask};
use interface::IOracle;
use kernel::{
    health::{Carrying, debt_value_up, health_factor},
    liquidation::{Range, Side},
};
use stylus_sdk::prelude::*;
use units::Wad;

use crate::{
    market::{Looked, Market, Quote},
    storage::Lens,
};

/// What the oracle said about assets without a checked price, each asked once: a range, or nothing where no sale may start.
#[derive(Default)]
pub(crate) struct Ranges(Vec<(Address, Option<Range>)>);

impl Lens {
    /// The health by which `liquidate` decides about a vault; nothing where an asset has no price that a sale may start on.
    pub(crate) fn health_for_sale(
        &self,
        market: &Market,
        ranges: &mut Ranges,
        looked: &Looked,
    ) -> Outcome<Option<Wad>> {
        let mut price = |asset, quote: &Quote, side| self.price_for_sale(market, ranges, asset, quote, side);
        // In a debt asset that was shut down nothing can be said; collateral that was counts for nothing.
        let debt_price_wad =
            price(market.lent.asset, &market.quote, Side::Debt).filter(|price_wad| !price_wad.is_zero());
        let Some(debt_price_wad) = debt_price_wad else {
            return Ok(None);
        };
        let mut holdings = looked.holdings();
        for (holding, held) in holdings.iter_mut().zip(&looked.held) {
            let Some(price_wad) = price(held.known.listing.token, &held.known.quote, Side::Collateral) else {
                return Ok(None);
            };
            holding.price_wad = price_wad;
        }
        let debt_value_wad = debt_value_up(looked.debt_raw, market.lent.decimals, debt_price_wad)?;
        Ok(Some(health_factor(Carrying::of(&holdings)?.threshold_value_wad, debt_value_wad)))
    }

    /// A price that passes every check is both ends of its range, so the oracle is asked again only where one failed.
    fn price_for_sale(
        &self,
        market: &Market,
        ranges: &mut Ranges,
        asset: Address,
        quote: &Quote,
        side: Side,
    ) -> Option<Wad> {
        if quote.status.is_zero() {
            return Some(quote.price_wad);
        }
        if let Some((_, range)) = ranges.0.iter().find(|(seen, _)| *seen == asset) {
            return range.map(|range| range.for_sale(side));
        }
        let call = IOracle::rangesCall { assets: Vec::from([asset]) };
        let answer = try_ask(self.vm(), market.pricing.oracle, call);
        let range = answer.and_then(|(ranges,)| ranges.first().map(range_of));
        ranges.0.push((asset, range));
        range.map(|range| range.for_sale(side))
    }
}

/// A range of the oracle's as the kernel's.
pub(crate) fn range_of(range: &IOracle::Range) -> Range {
    Range { low_wad: Wad(range.lowWad), high_wad: Wad(range.highWad) }
}
