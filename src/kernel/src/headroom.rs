//! How far a vault is from its limits: what it may still borrow and take out, and where it would become unsafe.
//!
//! Each is the exact inverse of a rule: the largest amount that the rule lets pass, the highest price at which a vault is unsafe, the
//! first second in which it is. So what is told here beforehand is what a transaction finds.

use units::{BPS_ONE, OutOfRange, RAY_ONE, Raw, Secs, Shares, U256, Wad, mul_div_down, mul_div_up, ten_to, try_mul};

use crate::{
    books::Books,
    health::{Holding, is_safe, weighted_value_down},
    interest::{debt_up, shares_up},
    liquidation::Debt,
    ramp::{Ramp, threshold_at},
};

/// What bounds the debts of a market besides what collateral carries.
#[derive(Clone, Copy)]
#[cfg_attr(not(target_arch = "wasm32"), derive(Debug))]
pub struct Bounds {
    /// What all vaults may owe after a loan.
    pub ceiling_raw: Raw,
    /// The least a vault may owe after a loan.
    pub min_debt_raw: Raw,
}

/// The most that may be lent to a vault with `vault_shares`, whose collateral carries `ltv_value_wad` for borrowing. `debt` tells
/// price and decimals; its amount is not looked at. Rounded down: one unit more is refused by collateral, ceiling or cash.
///
/// Zero also where even that much leaves the vault owing less than the minimum.
///
/// A debt of `d` is carried where `ceil(d * price / 10^decimals) <= value`, which is `d <= floor(value * 10^decimals / price)`;
/// shares `s` owe at most `d` where `s <= floor(d * 10^27 / index)`; and a loan of `a` adds `ceil(a * 10^27 / index)` shares, at most
/// `n` of them where `a <= floor(n * index / 10^27)`. A bound beyond 256 bits bounds nothing.
///
/// At an index of one, with 3000 USD carried, 1000 owed, and a price of 1 USD with 6 decimals: 2000 whole tokens.
pub fn borrowable_down(
    books: &Books,
    vault_shares: Shares,
    debt: &Debt,
    ltv_value_wad: Wad,
    bounds: &Bounds,
) -> Result<Raw, OutOfRange> {
    if debt.price_wad.is_zero() {
        return Err(OutOfRange);
    }
    let carried_raw = mul_div_down(ltv_value_wad.0, ten_to(debt.decimals)?, debt.price_wad.0).unwrap_or(U256::MAX);
    let room = |most_raw: U256, shares: Shares| {
        let most_shares = mul_div_down(most_raw, RAY_ONE, books.index.0).unwrap_or(U256::MAX);
        most_shares.saturating_sub(shares.0)
    };
    let added = room(carried_raw, vault_shares).min(room(bounds.ceiling_raw.0, books.debt_shares));
    let amount_raw = Raw(mul_div_down(added, books.index.0, RAY_ONE).unwrap_or(U256::MAX)).min(books.cash_raw);
    let owed_raw = debt_up(vault_shares.try_add(shares_up(amount_raw, books.index)?)?, books.index)?;
    Ok(if owed_raw < bounds.min_debt_raw { Raw::ZERO } else { amount_raw })
}

/// The most of the holding at `index` that may be taken out of a vault whose debt is worth `debt_value_wad`, rounded down: with one unit
/// more the rest would not carry the debt for borrowing. All of it where there is no debt; nothing where there is no such holding.
///
/// What is left of it, `l`, is enough where `floor(l * price * ltv / unit) >= need`, which is `l >= ceil(need * unit / (price * ltv))`.
///
/// Of 2 WETH at 2500 USD with an LTV of 75%, against a debt of 1875 USD, 1 WETH.
pub fn withdrawable_down(holdings: &[Holding], index: usize, debt_value_wad: Wad) -> Result<Raw, OutOfRange> {
    let Some(holding) = holdings.get(index) else {
        return Ok(Raw::ZERO);
    };
    let others_wad = others(holdings, index, |other| weighted_value_down(other, other.ltv))?;
    let need_wad = debt_value_wad.sub_or_zero(others_wad);
    if need_wad.is_zero() {
        return Ok(holding.amount_raw);
    }
    let weight = try_mul(holding.price_wad.0, holding.ltv.widen())?;
    // Nothing of what carries nothing is enough; and what would have to stay may be more than there are numbers for.
    let kept_raw = mul_div_up(need_wad.0, unit_of(holding)?, weight).unwrap_or(U256::MAX);
    Ok(holding.amount_raw.sub_or_zero(Raw(kept_raw)))
}

/// The highest price of the holding at `index`, as a wad, at which a vault whose debt is worth `debt_value_wad` is unsafe, all else
/// unchanged. Zero where it is unsafe at no price above zero, [`Wad::MAX`] where at every one.
///
/// Unsafe is `floor(amount * price * threshold / unit) < need`, which is `price < need * unit / (amount * threshold)`.
///
/// 2 WETH with a threshold of 80% and a debt of 3200 USD: one wad unit below 2000 USD.
pub fn liquidation_price(holdings: &[Holding], index: usize, debt_value_wad: Wad) -> Result<Wad, OutOfRange> {
    let others_wad = others(holdings, index, |other| weighted_value_down(other, other.threshold))?;
    let need_wad = debt_value_wad.sub_or_zero(others_wad);
    if need_wad.is_zero() {
        return Ok(Wad::ZERO);
    }
    let Some(holding) = holdings.get(index) else {
        return Ok(Wad::MAX);
    };
    let weight = try_mul(holding.amount_raw.0, holding.threshold.widen())?;
    let safe_from = mul_div_up(need_wad.0, unit_of(holding)?, weight);
    Ok(safe_from.map_or(Wad::MAX, |price| Wad(price).sub_or_zero(Wad(U256::ONE))))
}

/// The first second from `now` on in which a vault whose debt is worth `debt_value_wad` is unsafe, because its collaterals' thresholds
/// fall and nothing else changes. Nothing where they stop falling before.
///
/// Thresholds never rise by a ramp, so what the collateral carries never rises, and the second is found by halving.
///
/// 100 USD of collateral whose threshold falls from 80% to 70% over a 1000 seconds carry a debt of 75 USD until the 501st second.
pub fn unsafe_at(holdings: &[(Holding, Ramp)], debt_value_wad: Wad, now: Secs) -> Result<Option<Secs>, OutOfRange> {
    let is_safe_at = |moment: Secs| {
        let mut carried_wad = Wad::ZERO;
        for (holding, ramp) in holdings {
            carried_wad = carried_wad.try_add(weighted_value_down(holding, threshold_at(ramp, moment)?)?)?;
        }
        Ok(is_safe(carried_wad, debt_value_wad))
    };
    if !is_safe_at(now)? {
        return Ok(Some(now));
    }
    let last = holdings.iter().map(|(_, ramp)| ramp.end).max().unwrap_or(now);
    if last <= now || is_safe_at(last)? {
        return Ok(None);
    }
    let (mut safe, mut not_safe) = (now, last);
    loop {
        let between = Secs(safe.0.saturating_add(not_safe.0.saturating_sub(safe.0).wrapping_shr(1)));
        if between == safe {
            return Ok(Some(not_safe));
        }
        if is_safe_at(between)? {
            safe = between;
        } else {
            not_safe = between;
        }
    }
}

/// What a holding is worth: `floor(amount * price / 10^decimals)`.
pub fn value_down(holding: &Holding) -> Result<Wad, OutOfRange> {
    mul_div_down(holding.amount_raw.0, holding.price_wad.0, ten_to(holding.decimals)?).map(Wad)
}

/// The sum of what all holdings but one carry.
fn others(
    holdings: &[Holding],
    index: usize,
    weighted: impl Fn(&Holding) -> Result<Wad, OutOfRange>,
) -> Result<Wad, OutOfRange> {
    let mut sum = Wad::ZERO;
    for (other, holding) in holdings.iter().enumerate() {
        if other != index {
            sum = sum.try_add(weighted(holding)?)?;
        }
    }
    Ok(sum)
}

/// `10^decimals * 10^4`: the divisor of [`weighted_value_down`].
fn unit_of(holding: &Holding) -> Result<U256, OutOfRange> {
    try_mul(ten_to(holding.decimals)?, U256::from(BPS_ONE))
}

#[cfg(test)]
mod tests;
