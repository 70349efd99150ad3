//! What a keeper earns for starting or restarting an auction, and when that earns anything: [`earned_down`], of which the
//! other functions are the parts.

use units::{Bps, OutOfRange, RAY_ONE, Raw, Ray, U256, WAD_ONE, Wad, mul_div_down, try_add, try_sub};

/// The owner's numbers.
#[derive(Clone, Copy, PartialEq, Eq)]
#[cfg_attr(not(target_arch = "wasm32"), derive(Debug))]
pub struct Reward {
    /// For any auction, in debt base units.
    pub flat_raw: Raw,
    /// And this share of what is due,
    pub share: Bps,
    /// but never more than half of this share of the penalty that is still to be paid, a quarter of it for the first restart, an
    /// eighth for the second, and so on: all starts of an auction together never earn more than this share of its penalty.
    pub max_penalty: Bps,
}

/// An auction that a keeper starts or starts again, at the oracle's price of that moment.
#[derive(Clone, Copy)]
#[cfg_attr(not(target_arch = "wasm32"), derive(Debug))]
pub struct Started {
    /// What is on sale, in collateral base units.
    pub lot_raw: Raw,
    /// The debt that is to be repaid.
    pub debt_raw: Raw,
    /// What buyers shall pay: the debt and the penalty.
    pub due_raw: Raw,
    /// Debt base units for one collateral base unit.
    pub price: Ray,
    /// How often it was started again, this time included; zero at the first start.
    pub restarts: U256,
}

/// What a keeper earns: nothing where the auction is not worth it ([`is_worth_a_reward`]), else [`reward_down`] up to what
/// [`reward_cap_down`] leaves after [`nth_part_down`].
///
/// The penalty pays for keepers, so nobody gains by starting the auction of a vault of his own, nor by letting it go stale: the cap is
/// halved by each start. What is left of a penalty never grows, so all starts of an auction together earn at most `max_penalty` of it.
/// A lot that is sold without a penalty, as the one of an insolvent vault is, pays its keeper nothing.
///
/// With a flat 5, a share of 0.1% and half of the penalty: 7000 of debt and 7700 due earn 5 + 7, as 700 of penalty allow 175;
/// 7000 of debt and 7040 due earn 10, all that is allowed of 40.
pub fn earned_down(reward: &Reward, started: &Started, min_due_raw: Raw) -> Result<Raw, OutOfRange> {
    let Started { lot_raw, debt_raw, due_raw, price, restarts } = *started;
    if !is_worth_a_reward(due_raw, lot_raw, price, min_due_raw) {
        return Ok(Raw::ZERO);
    }
    let cap_raw = nth_part_down(reward_cap_down(due_raw, debt_raw, reward.max_penalty)?, restarts);
    Ok(reward_down(reward.flat_raw, reward.share.to_wad(), due_raw)?.min(cap_raw))
}

/// The most that all starts of an auction so far can have earned together: the first one, and `restarts` more. It began with
/// `began_debt_raw` of debt and `penalty_raw` of penalty.
///
/// What is due only falls, and so does what is left of the penalty, so no later start has earned more than at the numbers of the
/// first. What a start did not earn because its lot was worth too little, or the surplus had nothing to pay it with, counts all the same.
///
/// With a flat 5, a share of 0.1%, half of the penalty, 7000 of debt and 700 of penalty: 12 after the first start, 36 after two restarts.
pub fn earned_at_most(
    reward: &Reward,
    began_debt_raw: Raw,
    penalty_raw: Raw,
    restarts: U256,
    min_due_raw: Raw,
) -> Result<Raw, OutOfRange> {
    let due_raw = began_debt_raw.try_add(penalty_raw)?;
    let mut all_raw = Raw::ZERO;
    if due_raw < min_due_raw {
        return Ok(all_raw);
    }
    let each_raw = reward_down(reward.flat_raw, reward.share.to_wad(), due_raw)?;
    let mut cap_raw = nth_part_down(reward_cap_down(due_raw, began_debt_raw, reward.max_penalty)?, U256::ZERO);
    let mut left = restarts;
    while !cap_raw.is_zero() {
        all_raw = all_raw.try_add(each_raw.min(cap_raw))?;
        let Ok(next) = try_sub(left, U256::ONE) else { break };
        left = next;
        cap_raw = nth_part_down(cap_raw, U256::ZERO);
    }
    Ok(all_raw)
}

/// The keeper's reward `flat + floor(due * share / 10^18)`: the keeper loses the odd unit.
///
/// With a flat 100 and 2% of a due of 110 it is 102: amounts of any one unit, the share a wad.
pub fn reward_down(flat_raw: Raw, share: Wad, due_raw: Raw) -> Result<Raw, OutOfRange> {
    let part = mul_div_down(due_raw.0, share.0, WAD_ONE)?;
    try_add(flat_raw.0, part).map(Raw)
}

/// The most that all starts from now on may earn together: `floor((due - debt) * share / 10^4)`, a share of the penalty that is
/// still to be paid.
///
/// Without a penalty it is nothing. With 110 due, 100 of it debt, and a share of 2500 bps it is 2.
pub fn reward_cap_down(due_raw: Raw, debt_raw: Raw, share: Bps) -> Result<Raw, OutOfRange> {
    let penalty_raw = due_raw.sub_or_zero(debt_raw);
    mul_div_down(penalty_raw.0, share.to_wad().0, WAD_ONE).map(Raw)
}

/// What one start among many may earn of what all may: `floor(cap / 2^(restarts + 1))`, as `1/2 + 1/4 + 1/8 + ...` is at most one.
///
/// Of 323, the first start may earn 161, the first restart 80, and the eighth nothing.
#[must_use]
pub fn nth_part_down(cap_raw: Raw, restarts: U256) -> Raw {
    Raw(cap_raw.0.wrapping_shr(restarts.saturating_to::<usize>().saturating_add(1)))
}

/// Whether an auction is worth a reward: both what is due and what the lot is worth reach the minimum.
///
/// A restart of an auction of dust earns nothing, or it would be restarted for the reward alone.
/// The lot is worth `floor(lot * price / 10^27)`; a worth beyond 256 bits reaches any minimum.
#[must_use]
pub fn is_worth_a_reward(due_raw: Raw, lot_raw: Raw, price: Ray, min_due_raw: Raw) -> bool {
    due_raw >= min_due_raw && worth_down(lot_raw, price) >= min_due_raw
}

fn worth_down(lot_raw: Raw, price: Ray) -> Raw {
    Raw(mul_div_down(lot_raw.0, price.0, RAY_ONE).unwrap_or(U256::MAX))
}

#[cfg(test)]
mod tests;
