//! The books of the vault contract: where all of the debt asset is, and whose it is.
//!
//! `cash + debt + on_auction + bad_debt == funded + surplus`, to the unit, before and after every function here.
//! `debt` is `ceil(shares * index / RAY)` of all vaults together. Rounding is always against the borrower, so each
//! difference it makes is a gain, and the gain is the surplus'.

use units::{OutOfRange, Raw, Ray, Secs, Shares};

use crate::interest::{INDEX_START, RateCurve, debt_up, index_after_up, rate_at, shares_down, shares_up};

/// The books as they are stored. The debt is not stored: it follows from shares and index.
#[derive(Clone, Copy, PartialEq, Eq)]
#[cfg_attr(not(target_arch = "wasm32"), derive(Debug))]
pub struct Books {
    /// The debt asset the contract counts as its own.
    pub cash_raw: Raw,
    /// The debt that left vaults for auctions and is not paid yet.
    pub on_auction_raw: Raw,
    /// The debt that nobody owes any more and nothing has paid for yet.
    pub bad_debt_raw: Raw,
    /// What was lent to the system.
    pub funded_raw: Raw,
    /// What belongs to the system: gifts, interest, penalties and odd units, less rewards and absorbed bad debt.
    pub surplus_raw: Raw,
    /// The shares of all vaults.
    pub debt_shares: Shares,
    /// What a share owes.
    pub index: Ray,
    /// The moment the index is of.
    pub accrued_at: Secs,
}

/// Why the books refuse.
#[derive(Clone, Copy, PartialEq, Eq)]
#[cfg_attr(not(target_arch = "wasm32"), derive(Debug))]
pub enum Refusal {
    /// There is less than was asked for.
    NotEnoughCash {
        /// What there is.
        held_raw: Raw,
        /// What was asked for.
        asked_raw: Raw,
    },
    /// The amount is too small to remove a share of debt.
    RoundsToZero,
    /// A number is too large for the arithmetic, or more leaves an account of the books than is in it.
    OutOfRange,
}

impl From<OutOfRange> for Refusal {
    fn from(_: OutOfRange) -> Self {
        Self::OutOfRange
    }
}

/// Debt that left a vault, and the shares it was.
#[derive(Clone, Copy, PartialEq, Eq)]
#[cfg_attr(not(target_arch = "wasm32"), derive(Debug))]
pub struct Removed {
    /// Debt base units.
    pub amount_raw: Raw,
    /// The shares to take from the vault.
    pub shares: Shares,
}

impl Books {
    /// Empty books at `now`, with an index of one.
    #[must_use]
    pub fn open(now: Secs) -> Self {
        Self {
            cash_raw: Raw::ZERO,
            on_auction_raw: Raw::ZERO,
            bad_debt_raw: Raw::ZERO,
            funded_raw: Raw::ZERO,
            surplus_raw: Raw::ZERO,
            debt_shares: Shares::ZERO,
            index: INDEX_START,
            accrued_at: now,
        }
    }

    /// What all vaults owe together, rounded up once. The vaults' debts, each rounded up, add up to at least this.
    pub fn debt_up(&self) -> Result<Raw, OutOfRange> {
        debt_up(self.debt_shares, self.index)
    }

    /// What vaults with these shares owe, rounded up.
    pub fn debt_of_up(&self, shares: Shares) -> Result<Raw, OutOfRange> {
        debt_up(shares, self.index)
    }

    /// The factor of one second that holds since the last accrual: by the debt and the cash as they were then.
    pub fn rate(&self, curve: &RateCurve) -> Result<Ray, OutOfRange> {
        rate_at(curve, self.cash_raw, self.debt_up()?)
    }

    /// Brings the index to `now` at the rate that held since the last accrual; answers the interest, which is the
    /// surplus'. Cash and debt change in no other moment than that of an accrual, so between two of them the share lent
    /// is the interest's doing alone; the next accrual counts it.
    ///
    /// A moment that has passed already changes nothing.
    pub fn accrue(&mut self, curve: &RateCurve, now: Secs) -> Result<Raw, OutOfRange> {
        let Ok(elapsed) = now.try_since(self.accrued_at) else {
            return Ok(Raw::ZERO);
        };
        if elapsed.0 == 0 {
            return Ok(Raw::ZERO);
        }
        let before = self.debt_up()?;
        let index = index_after_up(self.index, rate_at(curve, self.cash_raw, before)?, elapsed)?;
        let interest_raw = debt_up(self.debt_shares, index)?.try_sub(before)?;
        let surplus_raw = self.surplus_raw.try_add(interest_raw)?;
        self.index = index;
        self.surplus_raw = surplus_raw;
        self.accrued_at = now;
        Ok(interest_raw)
    }

    /// Lends `amount_raw` of the cash; answers the shares to give the vault, rounded up.
    pub fn borrow(&mut self, amount_raw: Raw) -> Result<Shares, Refusal> {
        let cash_raw = self.pay_out(amount_raw, self.cash_raw)?;
        let added = self.with_debt_added(amount_raw)?;
        self.cash_raw = cash_raw;
        Ok(self.change_debt(added))
    }

    /// Repays up to `amount_raw` of a vault with `vault_shares`; answers what is taken and the shares to remove.
    ///
    /// A payment of all that the vault owes removes all its shares; a part removes shares rounded down.
    pub fn repay(&mut self, vault_shares: Shares, amount_raw: Raw) -> Result<Removed, Refusal> {
        let removed = self.removal(vault_shares, amount_raw)?;
        let cash_raw = self.cash_raw.try_add(removed.amount_raw)?;
        let change = self.with_debt_removed(removed)?;
        self.cash_raw = cash_raw;
        self.change_debt(change);
        Ok(removed)
    }

    /// Moves up to `amount_raw` of debt from a vault with `vault_shares` into an auction; answers what is moved.
    pub fn start_liquidation(&mut self, vault_shares: Shares, amount_raw: Raw) -> Result<Removed, Refusal> {
        let removed = self.removal(vault_shares, amount_raw)?;
        let on_auction_raw = self.on_auction_raw.try_add(removed.amount_raw)?;
        let change = self.with_debt_removed(removed)?;
        self.on_auction_raw = on_auction_raw;
        self.change_debt(change);
        Ok(removed)
    }

    /// Books the proceeds of a sale: `principal_raw` pays debt on auction, `penalty_raw` is the surplus'.
    pub fn collect(&mut self, principal_raw: Raw, penalty_raw: Raw) -> Result<(), OutOfRange> {
        let cash_raw = self.cash_raw.try_add(principal_raw)?.try_add(penalty_raw)?;
        let on_auction_raw = self.on_auction_raw.try_sub(principal_raw)?;
        let surplus_raw = self.surplus_raw.try_add(penalty_raw)?;
        self.cash_raw = cash_raw;
        self.on_auction_raw = on_auction_raw;
        self.surplus_raw = surplus_raw;
        Ok(())
    }

    /// Gives unpaid debt of an auction back to its vault; answers the shares to give the vault, rounded up.
    pub fn return_debt(&mut self, amount_raw: Raw) -> Result<Shares, OutOfRange> {
        let on_auction_raw = self.on_auction_raw.try_sub(amount_raw)?;
        let added = self.with_debt_added(amount_raw)?;
        self.on_auction_raw = on_auction_raw;
        Ok(self.change_debt(added))
    }

    /// Books unpaid debt of an auction as bad debt.
    pub fn realise_bad_debt(&mut self, amount_raw: Raw) -> Result<(), OutOfRange> {
        let on_auction_raw = self.on_auction_raw.try_sub(amount_raw)?;
        let bad_debt_raw = self.bad_debt_raw.try_add(amount_raw)?;
        self.on_auction_raw = on_auction_raw;
        self.bad_debt_raw = bad_debt_raw;
        Ok(())
    }

    /// Pays bad debt from the surplus as far as it reaches; answers how much.
    pub fn absorb(&mut self) -> Raw {
        let amount_raw = self.bad_debt_raw.min(self.surplus_raw);
        self.bad_debt_raw = self.bad_debt_raw.sub_or_zero(amount_raw);
        self.surplus_raw = self.surplus_raw.sub_or_zero(amount_raw);
        amount_raw
    }

    /// Books `amount_raw` lent to the system.
    pub fn fund(&mut self, amount_raw: Raw) -> Result<(), OutOfRange> {
        let cash_raw = self.cash_raw.try_add(amount_raw)?;
        let funded_raw = self.funded_raw.try_add(amount_raw)?;
        self.cash_raw = cash_raw;
        self.funded_raw = funded_raw;
        Ok(())
    }

    /// Takes lent debt asset out: at most what is lent, and at most the cash.
    pub fn defund(&mut self, amount_raw: Raw) -> Result<(), Refusal> {
        let available_raw = self.cash_raw.min(self.funded_raw);
        let cash_raw = self.pay_out(amount_raw, available_raw)?;
        let funded_raw = self.funded_raw.try_sub(amount_raw)?;
        self.cash_raw = cash_raw;
        self.funded_raw = funded_raw;
        Ok(())
    }

    /// Books `amount_raw` given to the surplus. It pays for bad debt when [`Books::absorb`] is called.
    pub fn fund_surplus(&mut self, amount_raw: Raw) -> Result<(), OutOfRange> {
        let cash_raw = self.cash_raw.try_add(amount_raw)?;
        let surplus_raw = self.surplus_raw.try_add(amount_raw)?;
        self.cash_raw = cash_raw;
        self.surplus_raw = surplus_raw;
        Ok(())
    }

    /// Pays a keeper up to `amount_raw` from the surplus, as far as surplus and cash reach; answers how much.
    pub fn pay_reward(&mut self, amount_raw: Raw) -> Raw {
        let paid_raw = amount_raw.min(self.surplus_raw).min(self.cash_raw);
        self.surplus_raw = self.surplus_raw.sub_or_zero(paid_raw);
        self.cash_raw = self.cash_raw.sub_or_zero(paid_raw);
        paid_raw
    }

    fn pay_out(&self, amount_raw: Raw, available_raw: Raw) -> Result<Raw, Refusal> {
        if amount_raw > available_raw {
            return Err(Refusal::NotEnoughCash { held_raw: available_raw, asked_raw: amount_raw });
        }
        Ok(self.cash_raw.try_sub(amount_raw)?)
    }

    /// What a payment of `amount_raw` removes from a vault: all its shares for all its debt, else shares rounded down.
    fn removal(&self, vault_shares: Shares, amount_raw: Raw) -> Result<Removed, Refusal> {
        let owed_raw = self.debt_of_up(vault_shares)?;
        if amount_raw >= owed_raw {
            return Ok(Removed { amount_raw: owed_raw, shares: vault_shares });
        }
        let shares = shares_down(amount_raw, self.index)?;
        if shares.is_zero() {
            return Err(Refusal::RoundsToZero);
        }
        Ok(Removed { amount_raw, shares })
    }

    /// What `amount_raw` more debt makes of the books. The shares owe at least `amount_raw`, and with `x` before and `y`
    /// added `ceil(x + y) >= ceil(x) + amount` where `y >= amount`, which is whole: the difference is a gain.
    fn with_debt_added(&self, amount_raw: Raw) -> Result<Change, OutOfRange> {
        let expected_raw = self.debt_up()?.try_add(amount_raw)?;
        let shares = shares_up(amount_raw, self.index)?;
        let debt_shares = self.debt_shares.try_add(shares)?;
        let gain_raw = debt_up(debt_shares, self.index)?.try_sub(expected_raw)?;
        Ok(Change { shares, debt_shares, surplus_raw: self.surplus_raw.try_add(gain_raw)? })
    }

    /// What less debt makes of the books. The shares owe at most the amount, and `ceil(x - y) >= ceil(x) - amount` where
    /// `y <= amount`, which is whole: the difference is a gain.
    fn with_debt_removed(&self, removed: Removed) -> Result<Change, OutOfRange> {
        let before_raw = self.debt_up()?;
        let debt_shares = self.debt_shares.try_sub(removed.shares)?;
        let gain_raw = debt_up(debt_shares, self.index)?.try_add(removed.amount_raw)?.try_sub(before_raw)?;
        Ok(Change { shares: removed.shares, debt_shares, surplus_raw: self.surplus_raw.try_add(gain_raw)? })
    }

    /// Books a change of the debt; answers the shares it was.
    fn change_debt(&mut self, change: Change) -> Shares {
        self.debt_shares = change.debt_shares;
        self.surplus_raw = change.surplus_raw;
        change.shares
    }
}

/// A change of the debt, computed and not booked yet: nothing of it can fail any more.
struct Change {
    /// The shares that come or go.
    shares: Shares,
    /// The shares of all vaults afterwards.
    debt_shares: Shares,
    /// The surplus afterwards.
    surplus_raw: Raw,
}

#[cfg(test)]
mod tests;
