//! What a keeper earns for starting or restarting an auction, and when that earns anything: [`earned_down`], of which the
//! other functions are the parts.

use units::{Bps, OutOfRange, RAY_ONE, Raw, Ray, U256, WAD_ONE, Wad, mul_div_down, try_add};

/// The owner's numbers.
#[derive(Clone, Copy, PartialEq, Eq)]
#[cfg_attr(not(target_arch = "wasm32"), derive(Debug))]
pub struct Reward {
    /// For any auction, in debt base units.
    pub flat_raw: Raw,
    /// And this share of what is due,
    pub share: Bps,
    /// but never more than this share of the penalty that is still to be paid, half of it for the first restart, a quarter for the
    /// second, and so on.
    pub max_penalty: Bps,
    /// What the first start of a lot that is worth less than its debt earns instead: this share of the debt, at most the flat part.
    pub short_lot: Bps,
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

/// What a keeper earns: nothing where the auction is not worth it ([`is_worth_a_reward`]), else [`reward_down`] up to
/// [`reward_cap_down`], except for the first start of a lot that is worth less than its debt: `min(flat, floor(debt * short_lot))`.
///
/// The penalty pays for keepers, so nobody gains by starting the auction of a vault of his own. Nor by letting it go stale: the cap is
/// halved by each restart ([`after_restarts_down`]), so all starts of an auction together earn less than twice the share of its penalty. A lot that is worth less than its debt
/// has no penalty, and must be sold all the same. Its owner has lost all it brought, which is more than this where that share is less than
/// what threshold and LTV leave; and debts cut into many earn no more than one, because the share is of the debt. Once only: later starts
/// are the takers'.
///
/// With a flat 5, both shares 0.1% and half of the penalty: 7000 of debt and 7700 due earn 5 + 7; 7000 of debt with a lot worth 6000
/// earn 5, and 1000 with a lot worth 900 earn 1.
pub fn earned_down(reward: &Reward, started: &Started, min_due_raw: Raw) -> Result<Raw, OutOfRange> {
    let Started { lot_raw, debt_raw, due_raw, price, restarts } = *started;
    if !is_worth_a_reward(due_raw, lot_raw, price, min_due_raw) {
        return Ok(Raw::ZERO);
    }
    // A lot rounds down, so one unit of it may be missing in a sale that is covered.
    let covered_raw = worth_down(Raw(lot_raw.0.saturating_add(U256::ONE)), price);
    if restarts.is_zero() && covered_raw < debt_raw {
        return Ok(reward_down(Raw::ZERO, reward.short_lot.to_wad(), debt_raw)?.min(reward.flat_raw));
    }
    let cap_raw = after_restarts_down(reward_cap_down(due_raw, debt_raw, reward.max_penalty)?, restarts);
    Ok(reward_down(reward.flat_raw, reward.share.to_wad(), due_raw)?.min(cap_raw))
}

/// The keeper's reward `flat + floor(due * share / 10^18)`: the keeper loses the odd unit.
///
/// With a flat 100 and 2% of a due of 110 it is 102: amounts of any one unit, the share a wad.
pub fn reward_down(flat_raw: Raw, share: Wad, due_raw: Raw) -> Result<Raw, OutOfRange> {
    let part = mul_div_down(due_raw.0, share.0, WAD_ONE)?;
    try_add(flat_raw.0, part).map(Raw)
}

/// The most a keeper may earn: `floor((due - debt) * share / 10^4)`, a share of the penalty that is still to be paid.
///
/// Who makes its own vault unsafe and starts the auction itself thus gets less than it loses by the penalty. Without a
/// penalty it is nothing. With 110 due, 100 of it debt, and a share of 2500 bps it is 2.
pub fn reward_cap_down(due_raw: Raw, debt_raw: Raw, share: Bps) -> Result<Raw, OutOfRange> {
    let penalty_raw = due_raw.sub_or_zero(debt_raw);
    mul_div_down(penalty_raw.0, share.to_wad().0, WAD_ONE).map(Raw)
}

/// The cap of one start among several: `floor(cap / 2^restarts)`.
///
/// What is left of a penalty never grows, so all caps of an auction add up to less than twice the first:
/// `1 + 1/2 + 1/4 + ...`. Of a first 323, the first restart may earn 161 and the ninth nothing.
#[must_use]
pub fn after_restarts_down(cap_raw: Raw, restarts: U256) -> Raw {
    Raw(cap_raw.0.wrapping_shr(restarts.saturating_to()))
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
