//! The books of the vault contract: where all of the debt asset is, and whose it is.
//!
//! `cash + debt + on_auction + bad_debt == funded + surplus`, to the unit. `debt` is `ceil(shares * index / RAY)` of all vaults
//! together. The surplus is not an entry: it is what the others leave, [`Books::surplus`]. So whatever rounding gains is the
//! surplus', and rounding is always against the borrower: no function here lowers the surplus but those that say so.
//!
//! Whose the money is: `funded` is the lenders', by the pool; the surplus is the system's, by the reserve.

use units::{BPS_ONE, OutOfRange, Raw, Ray, Secs, Shares, U256, mul_div_up};

use crate::interest::{INDEX_START, RateCurve, debt_up, index_after_up, rate_at, shares_down, shares_up};

/// The most that lenders may lift what they lent to: `2^94 - 1` base units, 19 billion whole tokens of 18 decimals.
///
/// The vault contract's fields hold four times that, so nobody can fill the books by lending to keep another from repaying: what a
/// repayment brings has room until all there is has quadrupled by interest.
pub const MOST_LENT_RAW: Raw = Raw(U256::from_limbs([u64::MAX, (1 << 30) - 1, 0, 0]));

/// The most that gifts to the surplus may lift the cash to: `2^95 - 1`, half of what a field holds.
///
/// What stakers pay for bad debt is booked the same way and never refused for it: where bad debt waits there is no surplus, and
/// cash and bad debt together are no more than what was lent.
const MOST_GIVEN_RAW: Raw = Raw(U256::from_limbs([u64::MAX, (1 << 31) - 1, 0, 0]));

/// The books of what is lent. The debt is not an entry: it follows from shares and index.
#[derive(Clone, Copy, PartialEq, Eq)]
#[cfg_attr(not(target_arch = "wasm32"), derive(Debug))]
pub struct Books {
    /// The debt asset the contract counts as its own.
    pub cash_raw: Raw,
    /// What the lenders lent and the interest on it, less the bad debt they bore.
    pub funded_raw: Raw,
    /// The shares of all vaults.
    pub debt_shares: Shares,
    /// What a share owes.
    pub index: Ray,
    /// The moment the index is of.
    pub accrued_at: Secs,
}

/// The debt that is not any vault's. It changes in liquidations only, so it is kept apart from [`Books`].
#[derive(Clone, Copy, PartialEq, Eq, Default)]
#[cfg_attr(not(target_arch = "wasm32"), derive(Debug))]
pub struct Unpaid {
    /// The debt that left vaults for auctions and is not paid yet.
    pub on_auction_raw: Raw,
    /// The debt that nobody owes any more and nothing has paid for yet.
    pub bad_debt_raw: Raw,
}

/// The interest of an accrual.
#[derive(Clone, Copy, PartialEq, Eq, Default)]
#[cfg_attr(not(target_arch = "wasm32"), derive(Debug))]
pub struct Interest {
    /// What all vaults owe more.
    pub interest_raw: Raw,
    /// What of it is the surplus'; the rest is the lenders'.
    pub reserve_raw: Raw,
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
    /// There is less surplus than was asked for.
    NotEnoughSurplus {
        /// What there is.
        surplus_raw: Raw,
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
            funded_raw: Raw::ZERO,
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

    /// What belongs to the system: gifts, its share of the interest, penalties and odd units, less rewards, what was drawn and
    /// the bad debt it absorbed. `cash + debt + on_auction + bad_debt - funded`, exactly.
    pub fn surplus(&self, unpaid: &Unpaid) -> Result<Raw, OutOfRange> {
        let owed_raw = self.debt_up()?.try_add(unpaid.on_auction_raw)?.try_add(unpaid.bad_debt_raw)?;
        self.cash_raw.try_add(owed_raw)?.try_sub(self.funded_raw)
    }

    /// The factor of one second that holds since the last accrual: by the debt and the cash as they were then.
    pub fn rate(&self, curve: &RateCurve) -> Result<Ray, OutOfRange> {
        rate_at(curve, self.cash_raw, self.debt_up()?)
    }

    /// Brings the index to `now` at the rate that held since the last accrual, and divides the interest: the curve's share of
    /// it is the surplus', rounded up, the rest the lenders'. Cash and debt change in no other moment than that of an accrual,
    /// so between two of them the share lent is the interest's doing alone; the next accrual counts it.
    ///
    /// A moment that has passed already changes nothing. Interest of 101 with a share of 1000 bps is 11 for the surplus and 90
    /// for the lenders.
    pub fn accrue(&mut self, curve: &RateCurve, now: Secs) -> Result<Interest, OutOfRange> {
        let Ok(elapsed) = now.try_since(self.accrued_at) else {
            return Ok(Interest::default());
        };
        if elapsed.0 == 0 {
            return Ok(Interest::default());
        }
        let before_raw = self.debt_up()?;
        let index = index_after_up(self.index, rate_at(curve, self.cash_raw, before_raw)?, elapsed)?;
        let interest_raw = debt_up(self.debt_shares, index)?.try_sub(before_raw)?;
        let reserve_raw = reserve_share_up(interest_raw, curve)?;
        let funded_raw = self.funded_raw.try_add(interest_raw.try_sub(reserve_raw)?)?;
        self.index = index;
        self.funded_raw = funded_raw;
        self.accrued_at = now;
        Ok(Interest { interest_raw, reserve_raw })
    }

    /// Lends `amount_raw` of the cash; answers the shares to give the vault, rounded up.
    pub fn borrow(&mut self, amount_raw: Raw) -> Result<Shares, Refusal> {
        let cash_raw = self.pay_out(amount_raw, self.cash_raw)?;
        let shares = self.add_debt(amount_raw)?;
        self.cash_raw = cash_raw;
        Ok(shares)
    }

    /// Repays up to `amount_raw` of a vault with `vault_shares`; answers what is taken and the shares to remove.
    ///
    /// A payment of all that the vault owes removes all its shares; a part removes shares rounded down.
    pub fn repay(&mut self, vault_shares: Shares, amount_raw: Raw) -> Result<Removed, Refusal> {
        let removed = self.removal(vault_shares, amount_raw)?;
        let cash_raw = self.cash_raw.try_add(removed.amount_raw)?;
        self.debt_shares = self.debt_shares.try_sub(removed.shares)?;
        self.cash_raw = cash_raw;
        Ok(removed)
    }

    /// Moves up to `amount_raw` of debt from a vault with `vault_shares` into an auction, where `on_auction_raw` is already;
    /// answers what is moved.
    pub fn start_liquidation(
        &mut self,
        on_auction_raw: &mut Raw,
        vault_shares: Shares,
        amount_raw: Raw,
    ) -> Result<Removed, Refusal> {
        let removed = self.removal(vault_shares, amount_raw)?;
        let after_raw = on_auction_raw.try_add(removed.amount_raw)?;
        self.debt_shares = self.debt_shares.try_sub(removed.shares)?;
        *on_auction_raw = after_raw;
        Ok(removed)
    }

    /// Books the proceeds of a sale: `principal_raw` pays debt on auction, `penalty_raw` is the surplus'.
    pub fn collect(&mut self, unpaid: &mut Unpaid, principal_raw: Raw, penalty_raw: Raw) -> Result<(), OutOfRange> {
        let cash_raw = self.cash_raw.try_add(principal_raw)?.try_add(penalty_raw)?;
        unpaid.on_auction_raw = unpaid.on_auction_raw.try_sub(principal_raw)?;
        self.cash_raw = cash_raw;
        Ok(())
    }

    /// Gives unpaid debt of an auction back to its vault; answers the shares to give the vault, rounded up.
    pub fn return_debt(&mut self, unpaid: &mut Unpaid, amount_raw: Raw) -> Result<Shares, OutOfRange> {
        let on_auction_raw = unpaid.on_auction_raw.try_sub(amount_raw)?;
        let shares = self.add_debt(amount_raw)?;
        unpaid.on_auction_raw = on_auction_raw;
        Ok(shares)
    }

    /// Pays bad debt from the surplus as far as it reaches; answers how much.
    pub fn absorb(&self, unpaid: &mut Unpaid) -> Result<Raw, OutOfRange> {
        if unpaid.bad_debt_raw.is_zero() {
            return Ok(Raw::ZERO);
        }
        let amount_raw = unpaid.bad_debt_raw.min(self.surplus(unpaid)?);
        unpaid.bad_debt_raw = unpaid.bad_debt_raw.sub_or_zero(amount_raw);
        Ok(amount_raw)
    }

    /// Lets the lenders bear up to `amount_raw` of the bad debt, at most what there is of it and what they lent; answers how
    /// much. The surplus stays what it was.
    pub fn write_down(&mut self, unpaid: &mut Unpaid, amount_raw: Raw) -> Raw {
        let amount_raw = amount_raw.min(unpaid.bad_debt_raw).min(self.funded_raw);
        unpaid.bad_debt_raw = unpaid.bad_debt_raw.sub_or_zero(amount_raw);
        self.funded_raw = self.funded_raw.sub_or_zero(amount_raw);
        amount_raw
    }

    /// Books `amount_raw` lent to the system, up to [`MOST_LENT_RAW`] in all.
    pub fn fund(&mut self, amount_raw: Raw) -> Result<(), OutOfRange> {
        let cash_raw = self.cash_raw.try_add(amount_raw)?;
        self.funded_raw = sum_up_to(MOST_LENT_RAW, self.funded_raw, amount_raw)?;
        self.cash_raw = cash_raw;
        Ok(())
    }

    /// Takes lent debt asset out: at most what is lent, and at most the cash.
    pub fn defund(&mut self, amount_raw: Raw) -> Result<(), Refusal> {
        let available_raw = self.cash_raw.min(self.funded_raw);
        self.cash_raw = self.pay_out(amount_raw, available_raw)?;
        self.funded_raw = self.funded_raw.sub_or_zero(amount_raw);
        Ok(())
    }

    /// Books `amount_raw` given to the surplus, as long as it lifts the cash to `2^95 - 1` at most. It pays for bad debt when
    /// [`Books::absorb`] is called.
    pub fn fund_surplus(&mut self, amount_raw: Raw) -> Result<(), OutOfRange> {
        self.cash_raw = sum_up_to(MOST_GIVEN_RAW, self.cash_raw, amount_raw)?;
        Ok(())
    }

    /// Takes debt asset out of the surplus: at most what there is of it, and at most the cash. Call [`Books::absorb`] before:
    /// bad debt comes first.
    pub fn draw_surplus(&mut self, unpaid: &Unpaid, amount_raw: Raw) -> Result<(), Refusal> {
        let surplus_raw = self.surplus(unpaid)?;
        if amount_raw > surplus_raw {
            return Err(Refusal::NotEnoughSurplus { surplus_raw, asked_raw: amount_raw });
        }
        self.cash_raw = self.pay_out(amount_raw, self.cash_raw)?;
        Ok(())
    }

    /// Pays a keeper up to `amount_raw` from the surplus, as far as surplus and cash reach; answers how much.
    pub fn pay_reward(&mut self, unpaid: &Unpaid, amount_raw: Raw) -> Result<Raw, OutOfRange> {
        let paid_raw = amount_raw.min(self.surplus(unpaid)?).min(self.cash_raw);
        self.cash_raw = self.cash_raw.sub_or_zero(paid_raw);
        Ok(paid_raw)
    }

    fn pay_out(&self, amount_raw: Raw, available_raw: Raw) -> Result<Raw, Refusal> {
        if amount_raw > available_raw {
            return Err(Refusal::NotEnoughCash { held_raw: available_raw, asked_raw: amount_raw });
        }
        Ok(self.cash_raw.try_sub(amount_raw)?)
    }

    /// What a payment of `amount_raw` removes from a vault: all its shares for all its debt, else shares rounded down.
    ///
    /// Removing them never lowers the surplus: the shares owe at most the amount, and `ceil(x - y) >= ceil(x) - amount` where
    /// `y <= amount`, which is whole.
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

    /// Adds the shares of `amount_raw` more debt, rounded up, and answers them.
    ///
    /// It never lowers the surplus: the shares owe at least `amount`, and with `x` before and `y` added
    /// `ceil(x + y) >= ceil(x) + amount` where `y >= amount`, which is whole.
    fn add_debt(&mut self, amount_raw: Raw) -> Result<Shares, OutOfRange> {
        let shares = shares_up(amount_raw, self.index)?;
        let debt_shares = self.debt_shares.try_add(shares)?;
        // A debt that could not be computed any more would stop everything from here on.
        debt_up(debt_shares, self.index)?;
        self.debt_shares = debt_shares;
        Ok(shares)
    }
}

fn sum_up_to(most_raw: Raw, before_raw: Raw, amount_raw: Raw) -> Result<Raw, OutOfRange> {
    let sum_raw = before_raw.try_add(amount_raw)?;
    if sum_raw > most_raw { Err(OutOfRange) } else { Ok(sum_raw) }
}

impl Unpaid {
    /// Books unpaid debt of an auction as bad debt.
    pub fn realise_bad_debt(&mut self, amount_raw: Raw) -> Result<(), OutOfRange> {
        let bad_debt_raw = self.bad_debt_raw.try_add(amount_raw)?;
        self.on_auction_raw = self.on_auction_raw.try_sub(amount_raw)?;
        self.bad_debt_raw = bad_debt_raw;
        Ok(())
    }
}

/// The surplus' share of interest: `ceil(interest * reserve / 10^4)`, at most all of it. The lenders lose the odd unit.
fn reserve_share_up(interest_raw: Raw, curve: &RateCurve) -> Result<Raw, OutOfRange> {
    mul_div_up(interest_raw.0, curve.reserve.widen(), U256::from(BPS_ONE)).map(Raw)
}

#[cfg(test)]
mod tests;
