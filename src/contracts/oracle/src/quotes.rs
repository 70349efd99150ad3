//! Quotes of one asset in another, as ERC-7726 and Euler's IPriceOracle ask for them.

use alloy_primitives::{Address, U256, address};
use common::{Outcome, abi::Text, call::ask_within, refuse};
use interface::{IErc20, IShared};
use kernel::price::{quote_down, verdict::Range};
use stylus_sdk::{prelude::*, stylus_core::AccountAccess};
use units::{WAD_ONE, Wad};

use crate::{
    feeds::{FEED_GAS, Sequencer},
    storage::Oracle,
};

/// The US dollar by ISO 4217, as ERC-7726 writes currencies.
const USD: Address = address!("0000000000000000000000000000000000000348");
/// The decimals of the dollar, and of what has no code to tell its own, as ether.
const USUAL_DECIMALS: u8 = 18;

impl Oracle {
    /// How many base units of `quote` are worth `base_amount` of `base`, rounded down, after every check on both.
    pub fn get_quote(&self, base_amount: U256, base: Address, quote: Address) -> Outcome<U256> {
        let sequencer = self.read_sequencer()?;
        let (base_price, quote_price) = (self.price_or_one(&sequencer, base)?, self.price_or_one(&sequencer, quote)?);
        let (base_decimals, quote_decimals) = (self.decimals_of(base)?, self.decimals_of(quote)?);
        Ok(quote_down(base_amount, base_price, base_decimals, quote_price, quote_decimals)?)
    }

    /// The same for one who sells `base` and for one who buys it, at the worse ends of both ranges.
    pub fn get_quotes(&self, base_amount: U256, base: Address, quote: Address) -> Outcome<(U256, U256)> {
        let sequencer = self.read_sequencer()?;
        let (base_range, quote_range) = (self.range_or_one(&sequencer, base)?, self.range_or_one(&sequencer, quote)?);
        let (base_decimals, quote_decimals) = (self.decimals_of(base)?, self.decimals_of(quote)?);
        let at = |base_price: Wad, quote_price: Wad| {
            quote_down(base_amount, base_price, base_decimals, quote_price, quote_decimals)
        };
        Ok((at(base_range.low_wad, quote_range.high_wad)?, at(base_range.high_wad, quote_range.low_wad)?))
    }

    /// The name Euler's tools show.
    pub fn name(&self) -> Outcome<Text> {
        Ok(Text("Spillway"))
    }

    fn price_or_one(&self, sequencer: &Sequencer, asset: Address) -> Outcome<Wad> {
        if asset == USD { Ok(Wad(WAD_ONE)) } else { self.checked_price(sequencer, asset).map(Wad) }
    }

    fn range_or_one(&self, sequencer: &Sequencer, asset: Address) -> Outcome<Range> {
        if asset == USD {
            return Ok(Range { low_wad: Wad(WAD_ONE), high_wad: Wad(WAD_ONE) });
        }
        self.checked_range(sequencer, asset)
    }

    fn decimals_of(&self, asset: Address) -> Outcome<u8> {
        if asset == USD {
            return Ok(USUAL_DECIMALS);
        }
        if self.vm().code_size(asset) == 0 {
            return Ok(USUAL_DECIMALS);
        }
        let asked = ask_within(self.vm(), asset, IErc20::decimalsCall {}, FEED_GAS)?;
        asked.map(|(decimals,)| decimals).ok_or_else(|| refuse!(IShared::CallFailed { target: asset }))
    }
}
