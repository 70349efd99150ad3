//! The listed collaterals, and how much of each a vault holds.

use alloc::vec::Vec;

use alloy_primitives::{Address, U256};
use common::{
    Outcome, refuse,
    vault_layout::{
        AMOUNTS, Contents, LISTED_MAX, LISTINGS, Listing, RAMPS, SUPPLIES, Supply, amount_key, numbers_in, ramp_to_word,
    },
    words::word_of,
};
use interface::IVault;
use kernel::ramp::{Ramp, threshold_at};
use units::{Bps, OutOfRange, Raw};

use crate::storage::Vault;

/// How many collaterals a vault can hold, those on sale included: pricing more would cost too much gas.
const HELD_MAX: u64 = 8;

impl Vault {
    /// The supply of a listed collateral; `UnknownCollateral` where it is not listed.
    pub(crate) fn supply(&self, token: Address) -> Outcome<Supply> {
        let supply = self.supply_if_listed(token);
        if supply.number == 0 {
            return Err(refuse!(IVault::UnknownCollateral { collateral: token }));
        }
        Ok(supply)
    }

    /// The supply of a collateral, with a number of zero where it is not listed.
    pub(crate) fn supply_if_listed(&self, token: Address) -> Supply {
        Supply::from_word(SUPPLIES.get(self, word_of(token)))
    }

    pub(crate) fn store_supply(&mut self, token: Address, supply: &Supply) -> Result<(), OutOfRange> {
        SUPPLIES.set(self, word_of(token), supply.to_word()?);
        Ok(())
    }

    /// The next number of a collateral; `TooManyListed` where there is none left.
    pub(crate) fn new_number(&mut self) -> Outcome<u64> {
        let mut counts = self.counts();
        if counts.listed >= LISTED_MAX {
            return Err(refuse!(IVault::TooManyListed { maxCollaterals: U256::from(LISTED_MAX) }));
        }
        counts.listed = counts.listed.saturating_add(1);
        self.store_counts(&counts)?;
        Ok(counts.listed)
    }

    pub(crate) fn listing(&self, number: u64) -> Listing {
        Listing::from_word(LISTINGS.get(self, U256::from(number)))
    }

    pub(crate) fn store_listing(&mut self, number: u64, listing: &Listing) -> Result<(), OutOfRange> {
        LISTINGS.set(self, U256::from(number), listing.to_word()?);
        Ok(())
    }

    pub(crate) fn store_ramp(&mut self, number: u64, ramp: &Ramp) -> Result<(), OutOfRange> {
        RAMPS.set(self, U256::from(number), ramp_to_word(ramp)?);
        Ok(())
    }

    /// The liquidation threshold of a collateral at this moment. Its ramp is read only while it runs.
    pub(crate) fn threshold_now(&self, number: u64, listing: &Listing) -> Result<Bps, OutOfRange> {
        let now = self.now();
        if now >= listing.ramp_end {
            return Ok(listing.target);
        }
        threshold_at(&listing.ramp(RAMPS.get(self, U256::from(number))), now)
    }

    /// How much a vault holds of collateral `number`.
    pub(crate) fn amount(&self, vault_id: U256, contents: &Contents, number: u64) -> Result<Raw, OutOfRange> {
        if contents.seat == number {
            return Ok(contents.seat_raw);
        }
        Ok(Raw(AMOUNTS.get(self, amount_key(vault_id, number)?)))
    }

    /// Adds to what a vault holds; the caller stores its contents. The number of collaterals is not limited here: what comes
    /// back from an auction finds the place that [`Vault::require_place`] has kept for it.
    pub(crate) fn add_collateral(
        &mut self,
        vault_id: U256,
        contents: &mut Contents,
        number: u64,
        amount_raw: Raw,
    ) -> Outcome<()> {
        let held_raw = self.amount(vault_id, contents, number)?.try_add(amount_raw)?;
        self.note_amount(vault_id, contents, number, held_raw)
    }

    /// Takes from what a vault holds; the caller stores its contents. `NotEnoughCollateral` where it holds less.
    pub(crate) fn take_collateral(
        &mut self,
        vault_id: U256,
        contents: &mut Contents,
        number: u64,
        amount_raw: Raw,
    ) -> Outcome<()> {
        let held_raw = self.amount(vault_id, contents, number)?;
        let left_raw = held_raw
            .try_sub(amount_raw)
            .map_err(|_| refuse!(IVault::NotEnoughCollateral { heldRaw: held_raw.0, askedRaw: amount_raw.0 }))?;
        self.note_amount(vault_id, contents, number, left_raw)
    }

    /// Refuses a collateral that the vault does not hold yet: with `NotVaultOwner` to all but its owner and operators, because it is one
    /// more price that the vault depends on, and with `TooManyCollaterals` where all places are taken or kept for lots on sale.
    pub(crate) fn require_place(&self, vault_id: U256, contents: &Contents, number: u64) -> Outcome<()> {
        if contents.holds(number) {
            return Ok(());
        }
        self.require_acting(vault_id)?;
        // A lot that is on sale may come back, so its place is not given away.
        if u64::from(contents.held.count_ones()).saturating_add(contents.sales) >= HELD_MAX {
            return Err(refuse!(IVault::TooManyCollaterals {
                vaultId: vault_id,
                maxCollaterals: U256::from(HELD_MAX)
            }));
        }
        Ok(())
    }

    /// The tokens whose bits are set, in the order of listing.
    pub(crate) fn tokens(&self, bits: u64) -> Vec<Address> {
        let mut tokens = Vec::new();
        for number in numbers_in(bits) {
            tokens.push(self.listing(number).token);
        }
        tokens
    }

    fn note_amount(&mut self, vault_id: U256, contents: &mut Contents, number: u64, amount_raw: Raw) -> Outcome<()> {
        if !contents.note(number, amount_raw) {
            AMOUNTS.set(self, amount_key(vault_id, number)?, amount_raw.0);
        }
        Ok(())
    }
}
