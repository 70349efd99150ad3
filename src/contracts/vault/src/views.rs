//! What can be read. Every number comes from the function that the transaction would use.

use alloc::vec::Vec;

use alloy_primitives::{Address, U256};
use common::{Outcome, words::address_in};
use interface::IVault;
use kernel::{health::health_factor, price::price_ray_up};
use units::Wad;

use crate::{
    listings::numbers_in,
    storage::{AUCTION, ORACLE, Vault},
};

impl Vault {
    /// A vault at fresh prices. With debt it refuses where the oracle refuses; without, values that cannot be had are zero.
    pub fn account(&self, vault_id: U256) -> Outcome<IVault::Account> {
        let (head, shares) = (self.head(vault_id)?, self.shares_of(vault_id));
        let debt_raw = self.books_now()?.debt_of_up(shares)?;
        let (debt_value_wad, carrying) = match self.appraise(vault_id, &head, debt_raw) {
            Ok(appraisal) => (appraisal.debt_value_wad, appraisal.carrying),
            Err(_) if shares.is_zero() => Default::default(),
            Err(refusal) => return Err(refusal),
        };
        Ok(IVault::Account {
            owner: head.owner,
            debtRaw: debt_raw.0,
            debtValueWad: debt_value_wad.0,
            thresholdValueWad: carrying.threshold_value_wad.0,
            ltvValueWad: carrying.ltv_value_wad.0,
            healthWad: health_factor(carrying.threshold_value_wad, debt_value_wad).0,
        })
    }

    /// The health factor at fresh prices as a wad, rounded down; without debt the largest number.
    pub fn health_factor(&self, vault_id: U256) -> Outcome<U256> {
        Ok(self.account(vault_id)?.healthWad)
    }

    /// What `start_liquidation` would do now, with the same refusals except that anyone may ask.
    pub fn preview_liquidation(
        &self,
        vault_id: U256,
        collateral: Address,
        room_raw: U256,
    ) -> Outcome<IVault::Liquidation> {
        let head = self.head(vault_id)?;
        Ok(self.plan(&self.books_now()?, vault_id, &head, collateral, room_raw)?.to_abi())
    }

    /// Debt base units for one base unit of `collateral` as a ray, at fresh prices, rounded up.
    pub fn price_ray(&self, collateral: Address) -> Outcome<U256> {
        let decimals = self.listing(self.number_of(collateral)?).decimals;
        let (debt_asset, debt_decimals) = self.asset_and_decimals();
        let mut prices_wad = self.prices(Vec::from([debt_asset, collateral]))?.into_iter().map(Wad);
        let debt_price_wad = prices_wad.next().unwrap_or_default();
        // `prices` has seen to it that there are two; none would be refused as a price of zero.
        let price_wad = prices_wad.next().unwrap_or_default();
        Ok(price_ray_up(price_wad, decimals, debt_price_wad, debt_decimals)?.0)
    }

    /// What the vault owes now, interest included, rounded up.
    pub fn debt_of(&self, vault_id: U256) -> Outcome<U256> {
        self.head(vault_id)?;
        Ok(self.books_now()?.debt_of_up(self.shares_of(vault_id))?.0)
    }

    /// Who owns a vault.
    pub fn owner_of(&self, vault_id: U256) -> Outcome<Address> {
        Ok(self.head(vault_id)?.owner)
    }

    /// How much of a collateral a vault holds.
    pub fn collateral_of(&self, vault_id: U256, collateral: Address) -> Outcome<U256> {
        self.head(vault_id)?;
        Ok(self.amount(vault_id, self.number_of(collateral)?)?.0)
    }

    /// The collaterals a vault holds, in the order of their listing.
    pub fn collaterals_of(&self, vault_id: U256) -> Outcome<Vec<Address>> {
        Ok(self.tokens(numbers_in(self.head(vault_id)?.held)))
    }

    /// All listed collaterals, in the order of their listing.
    pub fn collaterals(&self) -> Outcome<Vec<Address>> {
        Ok(self.tokens(1..=self.listed()))
    }

    /// A collateral as listed, with the threshold that holds now.
    pub fn collateral(&self, token: Address) -> Outcome<IVault::Collateral> {
        let number = self.number_of(token)?;
        let (listing, ramp, supply) = (self.listing(number), self.ramp(number), self.supply(number));
        Ok(IVault::Collateral {
            ltvBps: listing.ltv.widen(),
            thresholdBps: self.threshold_now(number)?.widen(),
            targetThresholdBps: ramp.to.widen(),
            rampEndSecs: ramp.end.widen(),
            penaltyBps: listing.penalty.widen(),
            decimals: U256::from(listing.decimals),
            capRaw: supply.cap_raw.0,
            totalRaw: supply.total_raw.0,
        })
    }

    /// The books as they stand now, interest included.
    pub fn books(&self) -> Outcome<IVault::Books> {
        let books = self.books_now()?;
        Ok(IVault::Books {
            cashRaw: books.cash_raw.0,
            debtRaw: books.debt_up()?.0,
            onAuctionRaw: books.on_auction_raw.0,
            badDebtRaw: books.bad_debt_raw.0,
            fundedRaw: books.funded_raw.0,
            surplusRaw: books.surplus_raw.0,
            debtShares: books.debt_shares.0,
            indexRay: books.index.0,
            accruedAtSecs: books.accrued_at.widen(),
        })
    }

    /// The factor of one second that holds from the last accrual to the next, ray.
    pub fn rate_per_second_ray(&self) -> Outcome<U256> {
        Ok(self.stored_books().rate(&self.stored_rate_curve())?.0)
    }

    /// The curve of the interest: base (ray), kink (bps), and the two slopes (ray).
    pub fn rate_curve(&self) -> Outcome<(U256, U256, U256, U256)> {
        let curve = self.stored_rate_curve();
        Ok((curve.base.0, curve.kink.widen(), curve.slope1.0, curve.slope2.0))
    }

    /// How many vaults were opened.
    pub fn vault_count(&self) -> Outcome<U256> {
        Ok(self.opened())
    }

    /// The token that is lent.
    pub fn debt_asset(&self) -> Outcome<Address> {
        Ok(self.asset_and_decimals().0)
    }

    /// The oracle contract.
    pub fn oracle(&self) -> Outcome<Address> {
        Ok(address_in(ORACLE.get(self)))
    }

    /// The auction contract, zero until it is named.
    pub fn auction(&self) -> Outcome<Address> {
        Ok(address_in(AUCTION.get(self)))
    }
}
