//! What shares are worth, and what a deposit or a withdrawal would give: the same code that does it.

use alloy_primitives::{Address, U256};
use common::{Outcome, ask};
use interface::{IReserve, IVault};
use kernel::shares::{
    Fund,
    limits::{max_deposit, max_mint, max_redeem, max_withdraw},
};
use stylus_sdk::prelude::*;
use units::{Raw, Shares};

use crate::storage::Pool;

/// What all shares are worth, less the loss that waits for them, and what of it could be paid out now.
pub(crate) struct Standing {
    pub(crate) fund: Fund,
    pub(crate) loss_raw: Raw,
    pub(crate) cash_raw: Raw,
}

impl Pool {
    /// What all shares are worth: what was lent, with its interest to this second, less the bad debt that will reach the lenders.
    pub fn total_assets(&self) -> Outcome<U256> {
        Ok(self.standing()?.fund.assets_raw.0)
    }

    /// The shares that assets are worth, rounded down.
    pub fn convert_to_shares(&self, assets: U256) -> Outcome<U256> {
        Ok(self.standing()?.fund.shares_down(Raw(assets))?.0)
    }

    /// The assets that shares are worth, rounded down.
    pub fn convert_to_assets(&self, shares: U256) -> Outcome<U256> {
        Ok(self.standing()?.fund.assets_down(Shares(shares))?.0)
    }

    /// The most that can be brought now.
    pub fn max_deposit(&self, _receiver: Address) -> Outcome<U256> {
        let Standing { fund, loss_raw, .. } = self.standing()?;
        Ok(max_deposit(&fund, self.cap(), loss_raw).0)
    }

    /// The most shares that can be bought now.
    pub fn max_mint(&self, _receiver: Address) -> Outcome<U256> {
        let Standing { fund, loss_raw, .. } = self.standing()?;
        Ok(max_mint(&fund, self.cap(), loss_raw).0)
    }

    /// The most that `owner` can take out now.
    pub fn max_withdraw(&self, owner: Address) -> Outcome<U256> {
        let standing = self.standing()?;
        Ok(max_withdraw(&standing.fund, self.balance(owner), standing.cash_raw)?.0)
    }

    /// The most shares that `owner` can give up now.
    pub fn max_redeem(&self, owner: Address) -> Outcome<U256> {
        let standing = self.standing()?;
        Ok(max_redeem(&standing.fund, self.balance(owner), standing.cash_raw)?.0)
    }

    /// The shares that a deposit gives: nothing where it is refused because they round to nothing.
    pub fn preview_deposit(&self, assets: U256) -> Outcome<U256> {
        self.convert_to_shares(assets)
    }

    /// The assets that shares cost.
    pub fn preview_mint(&self, shares: U256) -> Outcome<U256> {
        Ok(self.standing()?.fund.assets_up(Shares(shares))?.0)
    }

    /// The shares that a withdrawal costs.
    pub fn preview_withdraw(&self, assets: U256) -> Outcome<U256> {
        Ok(self.standing()?.fund.shares_up(Raw(assets))?.0)
    }

    /// The assets that a redemption gives: nothing where it is refused because they round to nothing.
    pub fn preview_redeem(&self, shares: U256) -> Outcome<U256> {
        self.convert_to_assets(shares)
    }

    /// Asks the vault contract, and the reserve where there is bad debt. Either refuses with `Reentered` in the middle of a change.
    pub(crate) fn standing(&self) -> Outcome<Standing> {
        let (books,) = ask(self.vm(), self.vault_address(), IVault::booksCall {})?;
        let mut loss_raw = Raw::ZERO;
        if !books.badDebtRaw.is_zero() {
            loss_raw = Raw(ask(self.vm(), self.reserve_address(), IReserve::lendersLossCall {})?.0);
        }
        let fund = Fund { assets_raw: Raw(books.fundedRaw).sub_or_zero(loss_raw), shares: self.supply() };
        Ok(Standing { fund, loss_raw, cash_raw: Raw(books.cashRaw) })
    }
}
