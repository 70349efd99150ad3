//! The reserve as a list of who waits for what, in plain numbers: a second opinion on the contract's arithmetic.
//!
//! A loss is taken off the stakers' account in the moment it happens and given back where new surplus pays it, so that
//! nothing is priced in: what they have may be less than nothing. Bad debt is a list that is paid from its front.

use alloy_primitives::U256;

use crate::scene::{BUFFER_RAW, COOLDOWN_SECS, DRIP_SECS, PATIENCE_SECS, WINDOW_SECS};

/// Bad debt that waits.
#[derive(Debug, Clone)]
pub(crate) struct Waiting {
    pub(crate) vault_id: U256,
    pub(crate) left: u128,
    pub(crate) at: u64,
}

/// What one staker has.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Holder {
    pub(crate) shares: U256,
    pub(crate) leaving: U256,
    from: u64,
    until: u64,
}

/// A closed round that has something left for somebody.
#[derive(Debug, Clone)]
pub(crate) struct Closed {
    pub(crate) round: u64,
    pub(crate) left: u128,
    all_shares: U256,
    pub(crate) shares: [U256; 3],
}

impl Closed {
    /// What one of them gets now.
    pub(crate) fn part_of(&self, who: usize) -> u128 {
        let shares = self.shares[who];
        let part = number(part(shares, U256::from(self.left + 1), self.all_shares + virtual_shares()));
        if shares == self.all_shares { self.left } else { part }
    }
}

/// The reserve, with half for the stakers and a treasury.
#[derive(Debug, Clone)]
pub(crate) struct Model {
    pub(crate) now: u64,
    /// What the contract must hold of the debt asset for the round that runs.
    pub(crate) held: u128,
    /// What was staked, distributed and given back, less what was taken out and lost: the stakers' for good or to come.
    pub(crate) theirs: i128,
    pub(crate) all_shares: U256,
    pub(crate) holders: [Holder; 3],
    /// How many rounds have ended or were closed.
    pub(crate) round: u64,
    pub(crate) closed: Vec<Closed>,
    drip: (u128, u64, u64),
    pub(crate) waiting: Vec<Waiting>,
    pub(crate) surplus: u128,
    kept: u128,
    pub(crate) funded: u128,
    pub(crate) treasury: u128,
    /// How often a loss has reached what drips.
    pub(crate) capped: u32,
}

/// `floor(a * b / c)`.
fn part(a: U256, b: U256, c: U256) -> U256 {
    a * b / c
}

fn number(value: U256) -> u128 {
    value.to()
}

fn virtual_shares() -> U256 {
    U256::from(1_000_000)
}

impl Model {
    pub(crate) fn new(now: u64, surplus: u128, funded: u128) -> Self {
        Self {
            now,
            held: 0,
            theirs: 0,
            all_shares: U256::ZERO,
            holders: [Holder::default(); 3],
            round: 0,
            closed: Vec::new(),
            drip: (0, 0, 0),
            waiting: Vec::new(),
            surplus,
            kept: 0,
            funded,
            treasury: 0,
            capped: 0,
        }
    }

    /// What drips still, rounded up.
    pub(crate) fn dripping(&self) -> u128 {
        let (amount, from, until) = self.drip;
        if self.now >= until { 0 } else { (amount * u128::from(until - self.now)).div_ceil(u128::from(until - from)) }
    }

    pub(crate) fn unpaid(&self) -> u128 {
        self.waiting.iter().map(|one| one.left).sum()
    }

    pub(crate) fn due(&self) -> u128 {
        self.waiting.iter().filter(|one| one.at + PATIENCE_SECS <= self.now).map(|one| one.left).sum()
    }

    /// What all stakes are worth.
    pub(crate) fn worth(&self) -> u128 {
        u128::try_from(self.theirs - i128::try_from(self.dripping()).unwrap()).unwrap_or(0)
    }

    pub(crate) fn lenders_loss(&self) -> u128 {
        u128::try_from(-self.theirs).unwrap_or(0)
    }

    pub(crate) fn to_come(&self) -> u128 {
        u128::try_from(self.theirs).unwrap_or(0) - self.worth()
    }

    pub(crate) fn worth_of(&self, shares: U256) -> u128 {
        number(part(shares, U256::from(self.worth() + 1), self.all_shares + virtual_shares()))
    }

    /// Pays what waits from its front; answers what is left of the payment.
    fn pay(&mut self, amount: u128) -> u128 {
        let mut left = amount;
        for one in &mut self.waiting {
            let paid = left.min(one.left);
            one.left -= paid;
            left -= paid;
        }
        self.waiting.retain(|one| one.left > 0);
        left
    }

    /// New surplus: it pays what waits, and by that the stakers and the lenders get back what they had lost.
    fn add_surplus(&mut self, amount: u128) {
        let left = self.pay(amount);
        self.theirs += i128::try_from(amount - left).unwrap();
        self.surplus += left;
    }

    /// All shares are void; whatever is left over is surplus, and what waits is no loss of any stakers any more.
    fn end(&mut self) {
        let leftover = self.held;
        self.held = 0;
        self.begin();
        self.add_surplus(leftover);
    }

    /// Another round, in which nobody has anything.
    fn begin(&mut self) {
        self.theirs = -i128::try_from(self.unpaid()).unwrap();
        self.all_shares = U256::ZERO;
        self.holders = [Holder::default(); 3];
        self.drip = (0, 0, 0);
        self.round += 1;
    }

    /// What is held waits for those of the round; the next one begins.
    fn close(&mut self) {
        let shares = self.holders.map(|holder| holder.shares);
        self.closed.push(Closed { round: self.round, left: self.held, all_shares: self.all_shares, shares });
        self.held = 0;
        self.begin();
    }

    /// Whether there are more than 10^9 shares for each of so many units and the virtual one.
    fn is_thin(&self, units: u128) -> bool {
        self.all_shares + virtual_shares() > U256::from(units + 1) * U256::from(1_000_000_000_u64)
    }

    pub(crate) fn stake(&mut self, who: usize, amount: u128) -> Option<U256> {
        if self.unpaid() > 0 {
            return None;
        }
        if amount >= self.held && self.is_thin(self.held) {
            self.close();
        }
        let wiped_out = self.worth() == 0 && self.all_shares > U256::ZERO;
        let refused = wiped_out || self.is_thin(self.worth());
        let shares = part(U256::from(amount), self.all_shares + virtual_shares(), U256::from(self.worth() + 1));
        if refused || shares.is_zero() {
            return None;
        }
        self.held += amount;
        self.theirs += i128::try_from(amount).unwrap();
        self.all_shares += shares;
        self.holders[who].shares += shares;
        Some(shares)
    }

    pub(crate) fn announce(&mut self, who: usize, shares: U256) -> Option<()> {
        let from = self.now + COOLDOWN_SECS;
        let holder = &mut self.holders[who];
        if shares > holder.shares {
            return None;
        }
        (holder.leaving, holder.from, holder.until) = (shares, from, from + WINDOW_SECS);
        Some(())
    }

    pub(crate) fn unstake(&mut self, who: usize, shares: U256) -> Option<u128> {
        let holder = self.holders[who];
        let is_open = (holder.from..=holder.until).contains(&self.now);
        let amount = self.worth_of(shares);
        if !is_open || shares > holder.leaving || amount == 0 {
            return None;
        }
        self.holders[who].shares -= shares;
        self.holders[who].leaving -= shares;
        self.all_shares -= shares;
        self.held -= amount;
        self.theirs -= i128::try_from(amount).unwrap();
        if self.all_shares.is_zero() || self.held == 0 {
            self.end();
        }
        Some(amount)
    }

    pub(crate) fn collect(&mut self, who: usize, round: u64) -> Option<u128> {
        let closed = self.closed.iter_mut().find(|closed| closed.round == round && !closed.shares[who].is_zero())?;
        let amount = closed.part_of(who);
        closed.left -= amount;
        closed.all_shares -= closed.shares[who];
        closed.shares[who] = U256::ZERO;
        Some(amount)
    }

    pub(crate) fn distribute(&mut self) -> Option<(u128, u128)> {
        let above = self.surplus.saturating_sub(BUFFER_RAW);
        let kept = self.kept.min(above);
        let stakers = (above - kept) / 2;
        let treasury = above - kept - stakers;
        let (stakers, kept) = if self.all_shares.is_zero() { (0, kept + stakers) } else { (stakers, kept) };
        if !self.waiting.is_empty() || stakers + treasury == 0 {
            return None;
        }
        if stakers > 0 {
            let left = self.dripping().min(self.held);
            let rest = u128::from(self.drip.2.saturating_sub(self.now));
            let secs = (left * rest + stakers * u128::from(DRIP_SECS)) / (left + stakers);
            self.drip = (left + stakers, self.now, self.now + u64::try_from(secs).unwrap());
        }
        self.held += stakers;
        self.theirs += i128::try_from(stakers).unwrap();
        self.surplus -= stakers + treasury;
        self.treasury += treasury;
        self.kept = kept;
        Some((stakers, treasury))
    }

    pub(crate) fn cover(&mut self) -> Option<(u128, u128)> {
        let due = self.due();
        if due == 0 {
            return None;
        }
        let stakers = due.min(self.held);
        let lenders = due - stakers;
        assert_eq!(self.pay(due), 0);
        self.held -= stakers;
        // What the lenders have borne is off everybody's account.
        self.theirs += i128::try_from(lenders).unwrap();
        self.funded -= lenders;
        // What drips is no more than what is there.
        if self.held > 0 && self.dripping() > self.held {
            self.drip.0 = self.held;
            self.drip.1 = self.now;
            self.capped += 1;
        }
        if self.held == 0 && !self.all_shares.is_zero() {
            self.end();
        }
        Some((stakers, lenders))
    }

    pub(crate) fn donate(&mut self, amount: u128) {
        self.add_surplus(amount);
    }

    pub(crate) fn lose(&mut self, vault_id: U256, amount: u128) {
        let paid = self.surplus.min(amount);
        self.surplus -= paid;
        if amount > paid {
            self.theirs -= i128::try_from(amount - paid).unwrap();
            self.waiting.push(Waiting { vault_id, left: amount - paid, at: self.now });
        }
    }
}
