//! What a keeper earns for starting or restarting an auction, and when a restart earns anything.

use units::{Bps, OutOfRange, RAY_ONE, Raw, Ray, U256, WAD_ONE, Wad, mul_div_down, try_add};

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

/// Whether an auction is worth a reward: both what is due and what the lot is worth reach the minimum.
///
/// A restart of an auction of dust earns nothing, or it would be restarted for the reward alone.
/// The lot is worth `floor(lot * price / 10^27)`; a worth beyond 256 bits reaches any minimum.
#[must_use]
pub fn is_worth_a_reward(due_raw: Raw, lot_raw: Raw, price: Ray, min_due_raw: Raw) -> bool {
    let worth = mul_div_down(lot_raw.0, price.0, RAY_ONE).unwrap_or(U256::MAX);
    due_raw >= min_due_raw && worth >= min_due_raw.0
}

#[cfg(test)]
mod tests;
