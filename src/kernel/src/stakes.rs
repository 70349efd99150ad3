//! What all stakers have together, and what a share of it is worth.
//!
//! `worth = held - dripping - unpaid`, never below zero: what the reserve holds for them, less what is not earned yet, less
//! the bad debt that waits for them. That is one difference of numbers which each move by what happens and by nothing else:
//!
//! - covering `x` takes `x` from `held` and from `unpaid`: the worth stays, to the unit, in whichever moment it happens, and no later
//!   one is lower for it;
//! - a stake of `x` adds `x` to `held` and to the worth, and whoever takes out `x` takes it from both: what waits for the
//!   others stays, and so does what they have to bear it with, because nobody takes out more than what is beyond it;
//! - time moves `dripping` alone, and only down.
//!
//! A loss is therefore borne by what was earned first, and by what drips only beyond that. Where it is more than what was
//! earned, the worth is zero until the drip has made up for it, or until it is covered: then what is left drips on from there.
//!
//! Each loss makes shares cheaper, and cheap shares are many: without end to it a large stake would be more of them than can be counted.
//! A round of stakes whose shares are cheaper than [`MOST_SHARES_A_UNIT`] is therefore spent, and the next stake that brings at least what
//! is held closes it and begins another at the first price. What is held then stays its stakers': see [`crate::closed`].

use units::{OutOfRange, Raw, Secs, Shares, U256};

use crate::{
    closed::Left,
    drip::Drip,
    shares::{self, Fund},
};

/// The shares for a unit beyond which nobody stakes for more of them. The first price is 10^6 for a unit, so that beyond it less than a
/// thousandth is left of what was staked at that price; and 2^128 shares are enough for stakes worth 3.4 * 10^29 units.
pub const MOST_SHARES_A_UNIT: Shares = Shares(U256::from_limbs([1_000_000_000, 0, 0, 0]));

/// What the stakers have. There are shares if and only if something is held: see [`Stakes::ended`].
#[derive(Clone, Copy, PartialEq, Eq, Default)]
#[cfg_attr(not(target_arch = "wasm32"), derive(Debug))]
pub struct Stakes {
    /// What the reserve holds for them: staked, earned and to be earned, less what they have paid for bad debt.
    pub held_raw: Raw,
    /// The shares of all of them.
    pub shares: Shares,
    /// What of it is to be earned yet.
    pub drip: Drip,
}

/// What a stake does.
#[derive(Clone, Copy, PartialEq, Eq)]
#[cfg_attr(not(target_arch = "wasm32"), derive(Debug))]
pub struct Staking {
    /// The shares it is.
    pub shares: Shares,
    /// All stakes with it.
    pub stakes: Stakes,
    /// Where it closes the round before and is the first of another: what that one has left.
    pub closed: Option<Left>,
}

/// Why a stake is refused.
#[derive(Clone, Copy, PartialEq, Eq)]
#[cfg_attr(not(target_arch = "wasm32"), derive(Debug))]
pub enum Refusal {
    /// Bad debt waits: a new stake would pay for it, or share in what others bear and new surplus recovers.
    LossWaits,
    /// What is staked is worth nothing, or so little for the shares there are that a new stake would be too many of them.
    WipedOut,
    /// It is worth less than one unit of the other side.
    RoundsToZero,
    /// A number is too large for the arithmetic, or there are fewer shares than are taken out.
    OutOfRange,
}

impl From<OutOfRange> for Refusal {
    fn from(_: OutOfRange) -> Self {
        Self::OutOfRange
    }
}

impl From<shares::Refusal> for Refusal {
    fn from(refusal: shares::Refusal) -> Self {
        match refusal {
            shares::Refusal::RoundsToZero => Self::RoundsToZero,
            shares::Refusal::OutOfRange => Self::OutOfRange,
        }
    }
}

impl Stakes {
    /// What all stakes are worth at `now` while `unpaid_raw` of bad debt waits.
    pub fn worth(&self, unpaid_raw: Raw, now: Secs) -> Result<Raw, OutOfRange> {
        Ok(self.held_raw.sub_or_zero(self.drip.left_up(now)?).sub_or_zero(unpaid_raw))
    }

    /// What the stakers will have earned beyond that when the drip has ended, if nothing else happens.
    pub fn to_come(&self, unpaid_raw: Raw, now: Secs) -> Result<Raw, OutOfRange> {
        self.held_raw.sub_or_zero(unpaid_raw).try_sub(self.worth(unpaid_raw, now)?)
    }

    /// What `shares` are worth, rounded down: the odd unit stays with the others.
    pub fn worth_of_down(&self, shares: Shares, unpaid_raw: Raw, now: Secs) -> Result<Raw, OutOfRange> {
        self.fund(unpaid_raw, now)?.assets_down(shares)
    }

    /// What a stake of `amount_raw` does. Its shares are rounded down: the odd unit is the others'. The first stake gets 10^6 for a unit.
    ///
    /// `LossWaits` while bad debt waits, and covering ends that: a stake would buy most of what is left for little, and with it what new
    /// surplus pays of the loss that the others bear. Where the round is spent and the stake brings at least what is held, it closes the
    /// round and is the first of another; what insures the lenders is not less by it. `WipedOut` where it does not; where the stakes are
    /// worth nothing and there are shares, to which the new stake would go; and where they are worth next to nothing, because what is held
    /// drips still.
    ///
    /// So after each stake `S + 10^6 <= 10^9 * (worth + 1)`. Taking out, earning and distributing keep that, and only a loss ends it: no
    /// round is closed that has not lost since somebody staked.
    ///
    /// With 10^15 shares, 999,999 units held are spent: a stake of 999,998 is `WipedOut`, one of 999,999 closes the round and is
    /// 999,999 * 10^6 shares. 1,000,000 units are not.
    pub fn stake(&self, amount_raw: Raw, unpaid_raw: Raw, now: Secs) -> Result<Staking, Refusal> {
        if !unpaid_raw.is_zero() {
            return Err(Refusal::LossWaits);
        }
        if amount_raw >= self.held_raw && self.is_spent()? {
            let closed = Left { left_raw: self.held_raw, shares: self.shares };
            return Ok(Staking { closed: Some(closed), ..Self::default().stake(amount_raw, unpaid_raw, now)? });
        }
        let fund = self.fund(unpaid_raw, now)?;
        if fund.is_wiped_out() || fund.has_more_shares_a_unit_than(MOST_SHARES_A_UNIT)? {
            return Err(Refusal::WipedOut);
        }
        let shares = fund.issue(amount_raw)?;
        Ok(Staking { shares, stakes: self.with_staked(amount_raw, shares)?, closed: None })
    }

    /// Whether there are too many shares for what is held, whatever of it is earned and owed.
    fn is_spent(&self) -> Result<bool, OutOfRange> {
        Fund { assets_raw: self.held_raw, shares: self.shares }.has_more_shares_a_unit_than(MOST_SHARES_A_UNIT)
    }

    /// The amount for `shares` that are taken out, rounded down, or `RoundsToZero`.
    pub fn amount_for_down(&self, shares: Shares, unpaid_raw: Raw, now: Secs) -> Result<Raw, Refusal> {
        Ok(self.fund(unpaid_raw, now)?.release(shares)?)
    }

    /// The stakes with `amount_raw` staked for `shares`.
    fn with_staked(&self, amount_raw: Raw, shares: Shares) -> Result<Self, OutOfRange> {
        Ok(Self { held_raw: self.held_raw.try_add(amount_raw)?, shares: self.shares.try_add(shares)?, ..*self })
    }

    /// The stakes with `amount_raw` taken out for `shares`. Ask then whether they have [`ended`](Stakes::ended).
    pub fn with_taken(&self, amount_raw: Raw, shares: Shares) -> Result<Self, OutOfRange> {
        Ok(Self { held_raw: self.held_raw.try_sub(amount_raw)?, shares: self.shares.try_sub(shares)?, ..*self })
    }

    /// The stakes after paying `amount_raw` for bad debt at `now`. Ask then whether they have [`ended`](Stakes::ended).
    ///
    /// Where the loss reaches what drips, what is left drips until the same end: it need not make up for what is lost first, while
    /// nobody could stake.
    pub fn with_slashed(&self, amount_raw: Raw, now: Secs) -> Result<Self, OutOfRange> {
        let held_raw = self.held_raw.try_sub(amount_raw)?;
        Ok(Self { held_raw, drip: self.drip.capped(held_raw, now)?, ..*self })
    }

    /// The stakes with `amount_raw` more, to be earned over `length` from `now` on.
    pub fn with_distributed(&self, amount_raw: Raw, length: Secs, now: Secs) -> Result<Self, OutOfRange> {
        // Of a drip that losses have reached, only what is held is to come.
        let left_raw = self.drip.left_up(now)?.min(self.held_raw);
        let drip = self.drip.merged(left_raw, amount_raw, length, now)?;
        Ok(Self { held_raw: self.held_raw.try_add(amount_raw)?, drip, ..*self })
    }

    /// What a share is a part of.
    fn fund(&self, unpaid_raw: Raw, now: Secs) -> Result<Fund, OutOfRange> {
        Ok(Fund { assets_raw: self.worth(unpaid_raw, now)?, shares: self.shares })
    }

    /// What is left over where the stakes have ended: nobody has shares, or nothing is behind them. The shares there are
    /// become void then, and new stakes begin at the first price; what is left over, odd units and what was not earned,
    /// has nobody it belongs to.
    #[must_use]
    pub fn ended(&self) -> Option<Raw> {
        (self.shares.is_zero() || self.held_raw.is_zero()).then_some(self.held_raw)
    }
}

#[cfg(test)]
mod tests;
