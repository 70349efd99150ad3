//! The listed collaterals, and how much of each a vault holds.

use alloc::vec::Vec;

use alloy_primitives::{Address, U256};
use common::{
    Outcome, refuse,
    words::{Field, address_in, word_of},
};
use interface::IVault;
use kernel::ramp::{Ramp, threshold_at};
use stylus_sdk::{prelude::*, stylus_core::BlockAccess};
use units::{Bps, OutOfRange, Raw, Secs};

use crate::storage::{
    ADDRESS, AMOUNTS, HIGH, Head, LISTINGS, LOW, NUMBERS, RAMPS, SUPPLIES, Vault, amount_key, pack_halves,
};

/// How many collaterals can be listed: a vault that got them all back from auctions is still priced in one call.
pub(crate) const LISTED_MAX: u64 = 32;
/// How many collaterals a deposit can spread a vault over: pricing more would cost too much gas.
const HELD_MAX: usize = 8;

const LTV: Field = Field::new(160, 16);
const PENALTY: Field = Field::new(176, 16);
const DECIMALS: Field = Field::new(192, 8);

const RAMP_FROM: Field = Field::new(0, 16);
const RAMP_TO: Field = Field::new(16, 16);
const RAMP_START: Field = Field::new(32, 64);
const RAMP_END: Field = Field::new(96, 64);

/// A collateral as listed.
#[derive(Clone, Copy)]
pub(crate) struct Listing {
    pub(crate) token: Address,
    pub(crate) ltv: Bps,
    pub(crate) penalty: Bps,
    pub(crate) decimals: u8,
}

/// What is held of a collateral in all, lots on sale included, and what may be.
#[derive(Clone, Copy)]
pub(crate) struct Supply {
    pub(crate) cap_raw: Raw,
    pub(crate) total_raw: Raw,
}

impl Vault {
    /// The number of a listed collateral; `UnknownCollateral` where it is not listed.
    pub(crate) fn number_of(&self, token: Address) -> Outcome<u64> {
        match self.number_if_listed(token) {
            0 => Err(refuse!(IVault::UnknownCollateral { collateral: token })),
            number => Ok(number),
        }
    }

    /// The number of a collateral; zero where it is not listed.
    pub(crate) fn number_if_listed(&self, token: Address) -> u64 {
        NUMBERS.get(self, word_of(token)).saturating_to()
    }

    /// Gives `token` the next number; `TooManyListed` where there is none left.
    pub(crate) fn new_number(&mut self, token: Address) -> Outcome<u64> {
        let listed = self.listed();
        if listed >= LISTED_MAX {
            return Err(refuse!(IVault::TooManyListed { maxCollaterals: U256::from(LISTED_MAX) }));
        }
        let number = listed.saturating_add(1);
        self.store_listed(number)?;
        NUMBERS.set(self, word_of(token), U256::from(number));
        Ok(number)
    }

    pub(crate) fn listing(&self, number: u64) -> Listing {
        let word = LISTINGS.get(self, U256::from(number));
        Listing {
            token: address_in(ADDRESS.get(word)),
            ltv: Bps(LTV.get_u64(word)),
            penalty: Bps(PENALTY.get_u64(word)),
            decimals: DECIMALS.get(word).saturating_to(),
        }
    }

    pub(crate) fn store_listing(&mut self, number: u64, listing: &Listing) -> Result<(), OutOfRange> {
        let word = LTV.put(word_of(listing.token), listing.ltv.widen())?;
        let word = PENALTY.put(word, listing.penalty.widen())?;
        let word = DECIMALS.put(word, U256::from(listing.decimals))?;
        LISTINGS.set(self, U256::from(number), word);
        Ok(())
    }

    pub(crate) fn ramp(&self, number: u64) -> Ramp {
        let word = RAMPS.get(self, U256::from(number));
        Ramp {
            from: Bps(RAMP_FROM.get_u64(word)),
            to: Bps(RAMP_TO.get_u64(word)),
            start: Secs(RAMP_START.get_u64(word)),
            end: Secs(RAMP_END.get_u64(word)),
        }
    }

    pub(crate) fn store_ramp(&mut self, number: u64, ramp: &Ramp) -> Result<(), OutOfRange> {
        let word = RAMP_FROM.put(U256::ZERO, ramp.from.widen())?;
        let word = RAMP_TO.put(word, ramp.to.widen())?;
        let word = RAMP_START.put(word, ramp.start.widen())?;
        let word = RAMP_END.put(word, ramp.end.widen())?;
        RAMPS.set(self, U256::from(number), word);
        Ok(())
    }

    /// The liquidation threshold of a collateral at this moment.
    pub(crate) fn threshold_now(&self, number: u64) -> Result<Bps, OutOfRange> {
        threshold_at(&self.ramp(number), self.now())
    }

    pub(crate) fn supply(&self, number: u64) -> Supply {
        let word = SUPPLIES.get(self, U256::from(number));
        Supply { cap_raw: Raw(LOW.get(word)), total_raw: Raw(HIGH.get(word)) }
    }

    pub(crate) fn store_supply(&mut self, number: u64, supply: &Supply) -> Result<(), OutOfRange> {
        let word = pack_halves(supply.cap_raw.0, supply.total_raw.0)?;
        SUPPLIES.set(self, U256::from(number), word);
        Ok(())
    }

    /// How much a vault holds of collateral `number`.
    pub(crate) fn amount(&self, vault_id: U256, number: u64) -> Result<Raw, OutOfRange> {
        Ok(Raw(AMOUNTS.get(self, amount_key(vault_id, number)?)))
    }

    /// Adds to what a vault holds. The number of collaterals is not limited here: what comes back from an auction must
    /// always find its place.
    pub(crate) fn add_collateral(
        &mut self,
        vault_id: U256,
        head: &mut Head,
        number: u64,
        amount_raw: Raw,
    ) -> Outcome<()> {
        let held_raw = self.amount(vault_id, number)?.try_add(amount_raw)?;
        self.store_amount(vault_id, head, number, held_raw)
    }

    /// Takes from what a vault holds; `NotEnoughCollateral` where it holds less.
    pub(crate) fn take_collateral(
        &mut self,
        vault_id: U256,
        head: &mut Head,
        number: u64,
        amount_raw: Raw,
    ) -> Outcome<()> {
        let held_raw = self.amount(vault_id, number)?;
        let left_raw = held_raw
            .try_sub(amount_raw)
            .map_err(|_| refuse!(IVault::NotEnoughCollateral { heldRaw: held_raw.0, askedRaw: amount_raw.0 }))?;
        self.store_amount(vault_id, head, number, left_raw)
    }

    /// Refuses with `TooManyCollaterals` where a deposit of collateral `number` would be one too many.
    pub(crate) fn require_place(&self, vault_id: U256, head: &Head, number: u64) -> Outcome<()> {
        let is_new = !numbers_in(head.held).any(|held| held == number);
        if is_new && head.held.count_ones() >= HELD_MAX {
            return Err(refuse!(IVault::TooManyCollaterals {
                vaultId: vault_id,
                maxCollaterals: U256::from(HELD_MAX)
            }));
        }
        Ok(())
    }

    /// The tokens with these numbers.
    pub(crate) fn tokens(&self, numbers: impl Iterator<Item = u64>) -> Vec<Address> {
        numbers.map(|number| self.listing(number).token).collect()
    }

    pub(crate) fn now(&self) -> Secs {
        Secs(self.vm().block_timestamp())
    }

    fn store_amount(&mut self, vault_id: U256, head: &mut Head, number: u64, amount_raw: Raw) -> Outcome<()> {
        AMOUNTS.set(self, amount_key(vault_id, number)?, amount_raw.0);
        let bit = U256::ONE.wrapping_shl(usize::try_from(number).map_err(|_| OutOfRange)?);
        let held = if amount_raw.is_zero() { head.held & !bit } else { head.held | bit };
        if held != head.held {
            head.held = held;
            self.store_head(vault_id, head)?;
        }
        Ok(())
    }
}

/// The numbers of the collaterals in a vault's bits, in the order of listing.
pub(crate) fn numbers_in(held: U256) -> impl Iterator<Item = u64> {
    let [bits, ..] = *held.as_limbs();
    (1..=LISTED_MAX).filter(move |number| bits.wrapping_shr(u32::try_from(*number).unwrap_or(0)) & 1 == 1)
}
