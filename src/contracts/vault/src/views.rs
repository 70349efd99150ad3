//! What can be read. Every number comes from the function that the transaction would use.

use alloc::vec::Vec;

use alloy_primitives::{Address, B256, U256};
use common::{
    Outcome, storage,
    vault_layout::{Contents, POOL, RESERVE, bit_of},
};
use interface::IVault;
use kernel::{
    health::{HEALTH_MAX, health_factor},
    interest::YearlyCurve,
    price::price_ray_up,
};
use stylus_sdk::prelude::*;
use units::Raw;

use crate::{
    accounts::{Appraisal, Basis},
    storage::Vault,
};

impl Vault {
    /// A vault at fresh prices. With debt it refuses where the oracle refuses; without, values that cannot be had are zero.
    pub fn account(&self, vault_id: U256) -> Outcome<IVault::Account> {
        let (owner, contents) = (self.head(vault_id)?.owner, self.contents(vault_id)?);
        let (debt_raw, appraisal) = self.appraised(vault_id, &contents)?;
        let (debt_value_wad, carrying) = match appraisal {
            Ok(appraisal) => (appraisal.debt_value_wad()?, appraisal.carrying()?),
            Err(_) if contents.shares.is_zero() => Default::default(),
            Err(refusal) => return Err(refusal),
        };
        Ok(IVault::Account {
            owner,
            debtRaw: debt_raw.0,
            debtValueWad: debt_value_wad.0,
            thresholdValueWad: carrying.threshold_value_wad.0,
            ltvValueWad: carrying.ltv_value_wad.0,
            healthWad: health_factor(carrying.threshold_value_wad, debt_value_wad).0,
        })
    }

    /// The health factor at fresh prices as a wad, rounded down; without debt the largest number, and nothing is asked for it.
    pub fn health_factor(&self, vault_id: U256) -> Outcome<U256> {
        let contents = self.contents(vault_id)?;
        if contents.shares.is_zero() {
            return Ok(HEALTH_MAX.0);
        }
        let appraisal = self.appraised(vault_id, &contents)?.1?;
        Ok(health_factor(appraisal.carrying()?.threshold_value_wad, appraisal.debt_value_wad()?).0)
    }

    /// What a vault owes now, and the vault at fresh prices or the oracle's refusal.
    #[inline(never)]
    fn appraised(&self, vault_id: U256, contents: &Contents) -> Outcome<(Raw, Outcome<Appraisal>)> {
        let debt_raw = self.books_now()?.debt_of_up(contents.shares)?;
        Ok((debt_raw, self.appraise(vault_id, contents, debt_raw, Basis::Checked)))
    }

    /// Debt base units for one base unit of `collateral` as a ray, rounded up, at the prices a sale may start on; zero where the
    /// collateral was shut down.
    pub fn price_ray(&self, collateral: Address) -> Outcome<U256> {
        let decimals = self.listing(self.supply(collateral)?.number).decimals;
        let lent = self.lent();
        let mut prices_wad = self.prices(Vec::from([lent.asset, collateral]), Basis::Sale)?.into_iter();
        let debt_price_wad = prices_wad.next().unwrap_or_default();
        // `prices` has seen to it that there are two.
        let price_wad = prices_wad.next().unwrap_or_default();
        if price_wad.is_zero() {
            return Ok(U256::ZERO);
        }
        Ok(price_ray_up(price_wad, decimals, debt_price_wad, lent.decimals)?.0)
    }

    /// What the vault owes now, interest included, rounded up.
    pub fn debt_of(&self, vault_id: U256) -> Outcome<U256> {
        let shares = self.contents(vault_id)?.shares;
        Ok(self.books_now()?.debt_of_up(shares)?.0)
    }

    /// Who owns a vault.
    pub fn owner_of(&self, vault_id: U256) -> Outcome<Address> {
        Ok(self.head(vault_id)?.owner)
    }

    /// How much of a collateral a vault holds.
    pub fn collateral_of(&self, vault_id: U256, collateral: Address) -> Outcome<U256> {
        let contents = self.contents(vault_id)?;
        Ok(self.amount(vault_id, &contents, self.supply(collateral)?.number)?.0)
    }

    /// The collaterals a vault holds, in the order of their listing.
    pub fn collaterals_of(&self, vault_id: U256) -> Outcome<Vec<Address>> {
        Ok(self.tokens(self.contents(vault_id)?.held))
    }

    /// All listed collaterals, in the order of their listing.
    pub fn collaterals(&self) -> Outcome<Vec<Address>> {
        // All bits below the next number's.
        Ok(self.tokens(bit_of(self.counts().listed.saturating_add(1)).saturating_sub(1)))
    }

    /// A collateral as listed, with the threshold that holds now.
    pub fn collateral(&self, token: Address) -> Outcome<IVault::Collateral> {
        let supply = self.supply(token)?;
        let listing = self.listing(supply.number);
        Ok(IVault::Collateral {
            ltvBps: listing.ltv.widen(),
            thresholdBps: self.threshold_now(supply.number, &listing)?.widen(),
            targetThresholdBps: listing.target.widen(),
            rampEndSecs: listing.ramp_end.widen(),
            penaltyBps: listing.penalty.widen(),
            decimals: U256::from(listing.decimals),
            capRaw: supply.cap_raw.0,
            totalRaw: supply.total_raw.0,
        })
    }

    /// The books as they stand now, interest included.
    pub fn books(&self) -> Outcome<IVault::Books> {
        let (books, unpaid) = (self.books_now()?, self.unpaid());
        Ok(IVault::Books {
            cashRaw: books.cash_raw.0,
            debtRaw: books.debt_up()?.0,
            onAuctionRaw: unpaid.on_auction_raw.0,
            badDebtRaw: unpaid.bad_debt_raw.0,
            fundedRaw: books.funded_raw.0,
            surplusRaw: books.surplus(&unpaid)?.0,
            debtShares: books.debt_shares.0,
            indexRay: books.index.0,
            accruedAtSecs: books.accrued_at.widen(),
        })
    }

    /// How many vaults were opened.
    pub fn vault_count(&self) -> Outcome<U256> {
        Ok(self.counts().vaults)
    }

    /// The token that is lent.
    pub fn debt_asset(&self) -> Outcome<Address> {
        Ok(self.debt_token())
    }

    /// The oracle contract.
    pub fn oracle(&self) -> Outcome<Address> {
        Ok(self.pricing().oracle)
    }

    /// The auction, the pool and the reserve contract, zero until they are named.
    pub fn modules(&self) -> Outcome<(Address, Address, Address)> {
        Ok((self.selling().auction, self.module(POOL), self.module(RESERVE)))
    }

    /// The words stored in these slots; where what is stored is in `common::vault_layout`.
    pub fn extsload(&self, mut slots: Vec<B256>) -> Outcome<Vec<B256>> {
        for slot in &mut slots {
            *slot = storage::load(self.vm(), (*slot).into()).into();
        }
        Ok(slots)
    }
}

/// A curve as the interface has it.
pub(crate) fn curve_to_abi(curve: &YearlyCurve) -> IVault::RateCurve {
    IVault::RateCurve {
        baseYearlyBps: curve.base.widen(),
        kinkPercent: U256::from(curve.kink_percent),
        slope1YearlyBps: curve.slope1.widen(),
        slope2YearlyBps: curve.slope2.widen(),
        reserveBps: curve.reserve.widen(),
    }
}
