//! Who bears bad debt, in which order, and who gets surplus that nobody needs.
//!
//! Surplus first, and at once; then the stakers, with all they hold; then the lenders. What waits is counted in what stakes
//! and pool shares are worth, so the moment in which it is covered changes nobody's claim: of unpaid bad debt `b` and stakes
//! that hold `h`, the stakers bear `min(b, h)` and the lenders `max(b - h, 0)`, before any part of it is covered and after.

use units::{BPS_ONE, Bps, OutOfRange, Raw, U256, mul_div_down};

/// Bad debt that the surplus cannot pay. The vault contract pays what the surplus can as soon as anything happens.
#[must_use]
pub fn unpaid(bad_debt_raw: Raw, surplus_raw: Raw) -> Raw {
    bad_debt_raw.sub_or_zero(surplus_raw)
}

/// The unpaid bad debt that will reach the lenders: what the stakers, who hold `held_raw`, cannot bear.
#[must_use]
pub fn lenders_loss(unpaid_raw: Raw, held_raw: Raw) -> Raw {
    unpaid_raw.sub_or_zero(held_raw)
}

/// Who pays for what is due.
#[derive(Clone, Copy, PartialEq, Eq)]
#[cfg_attr(not(target_arch = "wasm32"), derive(Debug))]
pub struct Cover {
    /// The stakers' part.
    pub stakers_raw: Raw,
    /// The lenders' part.
    pub lenders_raw: Raw,
}

/// Divides bad debt that is due: to the stakers up to all they hold, the rest to the lenders. The parts add up to it.
///
/// Of 100 due, stakers who hold 70 pay 70 and the lenders bear 30.
#[must_use]
pub fn cover(due_raw: Raw, held_raw: Raw) -> Cover {
    Cover { stakers_raw: due_raw.min(held_raw), lenders_raw: due_raw.sub_or_zero(held_raw) }
}

/// The surplus, and how much of it must stay.
#[derive(Clone, Copy, PartialEq, Eq)]
#[cfg_attr(not(target_arch = "wasm32"), derive(Debug))]
pub struct Surplus {
    /// All of it.
    pub surplus_raw: Raw,
    /// What can be paid out of the vault contract now; the rest is lent.
    pub cash_raw: Raw,
    /// What is not distributed.
    pub buffer_raw: Raw,
    /// What earlier distributions left because there was nobody to get it. It is not distributed a second time.
    pub kept_raw: Raw,
}

/// Who is there to get something.
#[derive(Clone, Copy, PartialEq, Eq)]
#[cfg_attr(not(target_arch = "wasm32"), derive(Debug))]
pub struct Claimants {
    /// Whether somebody has a stake.
    pub has_stakers: bool,
    /// Whether a treasury is named.
    pub has_treasury: bool,
    /// The stakers' share, whether there are any or not.
    pub stakers: Bps,
}

/// What becomes of surplus above the buffer.
#[derive(Clone, Copy, PartialEq, Eq, Default)]
#[cfg_attr(not(target_arch = "wasm32"), derive(Debug))]
pub struct Division {
    /// The stakers' part.
    pub stakers_raw: Raw,
    /// The treasury's.
    pub treasury_raw: Raw,
    /// What stays surplus because nobody is there to get it, with what earlier distributions left: the next `kept_raw`.
    pub kept_raw: Raw,
}

impl Division {
    /// Whether nobody gets anything.
    #[must_use]
    pub fn is_nothing(&self) -> bool {
        self.stakers_raw.is_zero() && self.treasury_raw.is_zero()
    }
}

/// Divides the surplus above buffer and kept, as far as there is cash: `floor` of the stakers' share to the stakers, the odd
/// unit and the rest to the treasury. The part of one who is not there is kept, so that another distribution, which anyone
/// can ask for, does not divide it again among those who are.
///
/// What is kept counts as long as the surplus holds it: where the surplus has fallen below both, kept has fallen first.
/// Of 1,003 above a buffer, at 5,000 bps, 501 go to the stakers and 502 to the treasury.
pub fn distribute(surplus: &Surplus, claimants: &Claimants) -> Result<Division, OutOfRange> {
    let above_raw = surplus.surplus_raw.sub_or_zero(surplus.buffer_raw);
    let kept_raw = surplus.kept_raw.min(above_raw);
    let free_raw = above_raw.sub_or_zero(kept_raw).min(surplus.cash_raw);
    let stakers_raw = Raw(mul_div_down(free_raw.0, claimants.stakers.widen(), U256::from(BPS_ONE))?);
    let treasury_raw = free_raw.try_sub(stakers_raw)?;
    let (stakers_raw, kept_raw) = given_or_kept(claimants.has_stakers, stakers_raw, kept_raw)?;
    let (treasury_raw, kept_raw) = given_or_kept(claimants.has_treasury, treasury_raw, kept_raw)?;
    Ok(Division { stakers_raw, treasury_raw, kept_raw })
}

fn given_or_kept(is_there: bool, part_raw: Raw, kept_raw: Raw) -> Result<(Raw, Raw), OutOfRange> {
    if is_there { Ok((part_raw, kept_raw)) } else { Ok((Raw::ZERO, kept_raw.try_add(part_raw)?)) }
}

#[cfg(test)]
mod tests;
