//! How much of an unsafe vault is sold: lot, debt and due of one liquidation.
//!
//! A sale restores the target health and no more, unless so much would be sold, or so little left, that all of it goes.
//! The penalty is cut to where a sale leaves the vault no less healthy. Caps may shrink a sale, never below dust.
//!
//! Notation: `S` what the collateral carries (threshold value), `D` what the debt is worth, `L` the threshold of the
//! collateral that is sold, `f` one plus the penalty, `t` the target health.

use units::{
    BPS_ONE, Bps, OutOfRange, RAY_ONE, Raw, Ray, U256, WAD_ONE, Wad, mul_div_down, mul_div_up, try_add, try_mul,
    try_sub,
};

use crate::{
    health::{self, Carrying, Holding, debt_value_up},
    price::price_ray_up,
};

/// The lowest and the highest price that the usable sources of an asset give. Where they agree, or there is but one, the two
/// are the same.
#[derive(Clone, Copy, PartialEq, Eq)]
#[cfg_attr(not(target_arch = "wasm32"), derive(Debug))]
pub struct Range {
    /// The lowest.
    pub low_wad: Wad,
    /// The highest.
    pub high_wad: Wad,
}

/// What an asset is to a vault that might be sold.
#[derive(Clone, Copy, PartialEq, Eq)]
#[cfg_attr(not(target_arch = "wasm32"), derive(Debug))]
pub enum Side {
    /// What it owes.
    Debt,
    /// What it holds.
    Collateral,
}

impl Range {
    /// The end of the range at which a sale is decided, sized and begun: the borrower's, which is the highest for collateral
    /// and the lowest for the debt.
    ///
    /// Health rises with the prices of collateral and falls with the debt's, so a vault that is unsafe here is unsafe at every
    /// other choice of ends: what one source calls safe is not sold. The size follows from the same prices, so a sale takes
    /// no more than the more favourable source asks for; and it begins at the highest price, from which it falls, so a source
    /// that is too low costs the borrower nothing. [`penalty_down`] bounds the penalty at these prices.
    #[must_use]
    pub fn for_sale(&self, side: Side) -> Wad {
        match side {
            Side::Debt => self.low_wad,
            Side::Collateral => self.high_wad,
        }
    }
}

/// What a vault owes, priced.
#[derive(Clone, Copy)]
#[cfg_attr(not(target_arch = "wasm32"), derive(Debug))]
pub struct Debt {
    /// In base units.
    pub amount_raw: Raw,
    /// The debt asset's decimals.
    pub decimals: u8,
    /// USD for one whole token of it.
    pub price_wad: Wad,
}

/// Whether the vault holds collateral of value besides the one that is sold.
#[derive(Clone, Copy, PartialEq, Eq)]
#[cfg_attr(not(target_arch = "wasm32"), derive(Debug))]
pub enum Others {
    /// It holds none: what this sale cannot pay nobody will.
    None,
    /// It holds some: debt beyond what this collateral covers stays with them.
    Some,
}

impl Others {
    /// By what the other collateral is worth in all, in debt base units: at least `min_debt_raw`, and not nothing.
    ///
    /// What is worth less than the least a vault may owe is dust: it would keep a loss from being realised for as long as anybody adds
    /// some of it. Beside dust a sale is of all debt, and [`returned`] says how much of what it does not pay the dust owes then.
    #[must_use]
    pub fn of_worth(worth_raw: Raw, min_debt_raw: Raw) -> Self {
        if worth_raw.is_zero() || worth_raw < min_debt_raw { Self::None } else { Self::Some }
    }
}

/// How much of what a sale did not repay is the vault's debt again, where what the vault holds is worth `worth_raw` in all; the rest is
/// bad debt.
///
/// All of it while the vault holds others of value ([`Others::Some`]). Else as much as they are worth: dust holds up no loss beyond
/// its own worth, and nobody keeps collateral that could pay. With a minimum debt of 100, of 70 unpaid 70 return to a vault that holds 99,
/// and 3 to one that holds 3.
#[must_use]
pub fn returned(unpaid_raw: Raw, worth_raw: Raw, min_debt_raw: Raw) -> Raw {
    match Others::of_worth(worth_raw, min_debt_raw) {
        Others::Some => unpaid_raw,
        Others::None => unpaid_raw.min(worth_raw),
    }
}

/// A vault at fresh prices, and the collateral that is to be sold.
#[derive(Clone, Copy)]
#[cfg_attr(not(target_arch = "wasm32"), derive(Debug))]
pub struct Position {
    /// What all its collateral carries: [`health::Carrying::threshold_value_wad`].
    pub threshold_value_wad: Wad,
    /// What its debt is worth: [`health::debt_value_up`] of `debt_raw`.
    pub debt_value_wad: Wad,
    /// What it owes, in debt base units.
    pub debt_raw: Raw,
    /// How much it holds of the collateral that is sold.
    pub collateral_raw: Raw,
    /// That collateral's price: [`crate::price::price_ray_up`].
    pub price: Ray,
    /// That collateral's liquidation threshold now.
    pub threshold: Bps,
    /// That collateral's penalty.
    pub penalty: Bps,
    /// Whether there is other collateral of value.
    pub others: Others,
}

impl Position {
    /// A vault that owes `debt` and holds `holdings`, all at the prices of [`Range::for_sale`], of which the one at index
    /// `sold` is to be sold with `penalty`; `min_debt_raw` says what is dust. A price of zero is that of an asset that was shut
    /// down: it carries nothing and is worth nothing. Nothing where there is no collateral at that index, or it is such an asset.
    pub fn of(
        debt: &Debt,
        holdings: &[Holding],
        sold: usize,
        penalty: Bps,
        min_debt_raw: Raw,
    ) -> Result<Option<Self>, OutOfRange> {
        let Some(selling) = holdings.get(sold).filter(|selling| !selling.price_wad.is_zero()) else {
            return Ok(None);
        };
        let worth_raw = worth_beside(holdings, Some(sold), debt)?;
        Ok(Some(Self {
            threshold_value_wad: Carrying::of(holdings)?.threshold_value_wad,
            debt_value_wad: debt_value_up(debt.amount_raw, debt.decimals, debt.price_wad)?,
            debt_raw: debt.amount_raw,
            collateral_raw: selling.amount_raw,
            price: price_up(selling, debt)?,
            threshold: selling.threshold,
            penalty,
            others: Others::of_worth(worth_raw, min_debt_raw),
        }))
    }
}

fn price_up(holding: &Holding, debt: &Debt) -> Result<Ray, OutOfRange> {
    price_ray_up(holding.price_wad, holding.decimals, debt.price_wad, debt.decimals)
}

/// The rule by which sales are sized.
#[derive(Clone, Copy)]
#[cfg_attr(not(target_arch = "wasm32"), derive(Debug))]
pub struct Rule {
    /// The health a sale restores, above one.
    pub target_health_wad: Wad,
    /// A sale of more than this share of the debt becomes a sale of all of it.
    pub whole_share: Bps,
    /// The least a vault may owe unless it owes nothing.
    pub min_debt_raw: Raw,
}

/// A sale as sized.
#[derive(Clone, Copy, PartialEq, Eq)]
#[cfg_attr(not(target_arch = "wasm32"), derive(Debug))]
pub struct Sizing {
    /// The collateral that leaves the vault.
    pub lot_raw: Raw,
    /// The debt that leaves the vault.
    pub debt_raw: Raw,
    /// What the buyers shall pay: the debt and the penalty on it.
    pub due_raw: Raw,
    /// The penalty as applied: the collateral's, or what the bound leaves of it.
    pub penalty_wad: Wad,
    /// Whether all the debt goes.
    pub is_whole: bool,
}

/// Why nothing is sold.
#[derive(Clone, Copy, PartialEq, Eq)]
#[cfg_attr(not(target_arch = "wasm32"), derive(Debug))]
pub enum Refusal {
    /// The vault is safe.
    Healthy,
    /// The vault holds none of this collateral, or what is due buys less than one unit of it.
    NothingToSell,
    /// The room is too small for a sale that leaves no dust and is none.
    NoRoom {
        /// What may still be put on sale.
        room_raw: Raw,
        /// The smallest room with which this would not be refused.
        needed_raw: Raw,
    },
    /// A number is too large for the arithmetic.
    OutOfRange,
}

impl From<OutOfRange> for Refusal {
    fn from(_: OutOfRange) -> Self {
        Self::OutOfRange
    }
}

/// Sizes the sale of one collateral of a vault; `room_raw` bounds what is due.
///
/// 1. The penalty is `min(penalty, S / (D * L) - 1)`, and none where that is below zero; see [`penalty_down`].
/// 2. The debt wanted is [`debt_to_target_up`]. It becomes all debt where the penalty was cut (the target cannot be
///    reached then), above `whole_share` of the debt, and where less than `min_debt` would stay.
/// 3. With other collateral, the debt is at most what this one covers, `floor(worth / f)` with
///    `worth = floor(collateral * price)`, and then all of this collateral goes. What stays may then be below the
///    minimum; it stays backed by the others. Without other collateral, debt beyond that goes too, with all
///    collateral, and what the sale does not pay is bad debt.
/// 4. Where more would be due than `room_raw`, the debt is what fits, less where the rest would be below the minimum.
///    The sale is refused where it would have to be smaller than `min_debt` and than what is wanted.
/// 5. `due = debt + ceil(debt * penalty)`, the odd unit against the borrower.
///    `lot = floor(due / price)`, the odd unit for the borrower, so at the oracle's price a lot is worth what is due.
///
/// Health afterwards, wherever `S >= D * L`: `S' * D >= S * D' - D * (n * u + 2)`, with `u` the worth of one debt unit
/// (rounded up), `S'` and `D'` after the sale, and `n` 1, or 3 where all of this collateral goes. For `d` sold:
/// the lot is worth at most `due < d * f + 1` units (`d * f + f + 1` where all goes, because worth and cover round down),
/// which carry at most `L` of that; `S'` rounds down by one and `D'` up by one; `f * L <= S / D` cancels the rest.
/// Where `S < D * L`, selling this collateral even at par lowers the health, and the sale is of all there is, or of all
/// this collateral covers, without penalty.
///
/// 10 WETH at 2000 USD with a threshold of 80% carry 16000 USD. Against 16800 of debt, with a penalty of 8% and a target
/// of 1.05, `r = (1.05 * 16800 - 16000) / (1.05 - 1.08 * 0.80)` = 8817.204302 is sold for 9522.580647 due with
/// 4.7612903235 WETH: 7982.795698 of debt stay with 5.2387096765 WETH, a health of 1.05
/// less 6.3e-11: the odd unit of the penalty.
pub fn size(position: &Position, rule: &Rule, room_raw: Raw) -> Result<Sizing, Refusal> {
    if health::is_safe(position.threshold_value_wad, position.debt_value_wad) {
        return Err(Refusal::Healthy);
    }
    if position.collateral_raw.is_zero() || position.debt_raw.is_zero() {
        return Err(Refusal::NothingToSell);
    }
    let penalty_wad = penalty_down(position)?;
    let factor = try_add(WAD_ONE, penalty_wad.0)?;
    let worth_raw = Raw(mul_div_down(position.collateral_raw.0, position.price.0, RAY_ONE)?);
    let covered_raw = Raw(mul_div_down(worth_raw.0, WAD_ONE, factor)?);

    let wanted_raw = wanted(position, rule, penalty_wad)?;
    let is_exhausted = wanted_raw > covered_raw;
    let sold_raw = match (is_exhausted, position.others) {
        (false, _) => wanted_raw,
        (true, Others::Some) => covered_raw,
        (true, Others::None) => position.debt_raw,
    };
    let debt_raw = fit(position.debt_raw, sold_raw, penalty_wad, rule.min_debt_raw, room_raw)?;
    let due_raw = due_up(debt_raw, penalty_wad)?;
    let lot_raw = if !is_exhausted || (position.others == Others::Some && debt_raw != sold_raw) {
        mul_div_down(due_raw.0, RAY_ONE, position.price.0)?.min(position.collateral_raw.0)
    } else {
        // All of it; or, where the room has cut a sale that exhausts the vault, the same part of lot and debt.
        mul_div_down(position.collateral_raw.0, debt_raw.0, sold_raw.0)?
    };
    if lot_raw.is_zero() || debt_raw.is_zero() {
        return Err(Refusal::NothingToSell);
    }
    Ok(Sizing { lot_raw: Raw(lot_raw), debt_raw, due_raw, penalty_wad, is_whole: debt_raw == position.debt_raw })
}

/// The penalty as applied: `min(penalty, floor(S / (D * L)) - 1)`, zero where the bound is below zero.
///
/// Selling debt `d` for `d * f` of collateral leaves `(S - d * f * L) / (D - d)`, which is at least `S / D` exactly
/// where `f <= S / (D * L)`. The odd part of a wad is the borrower's.
/// A health of 0.85 and a threshold of 80% bound the penalty to 6.25%.
pub fn penalty_down(position: &Position) -> Result<Wad, OutOfRange> {
    let full = position.penalty.to_wad();
    if position.threshold.0 == 0 {
        return Ok(full); // Selling what carries nothing lowers no health.
    }
    let scale = try_mul(WAD_ONE, U256::from(BPS_ONE))?;
    let carried = try_mul(position.debt_value_wad.0, position.threshold.widen())?;
    let bound = Wad(mul_div_down(position.threshold_value_wad.0, scale, carried)?).sub_or_zero(Wad(WAD_ONE));
    Ok(full.min(bound))
}

/// The debt whose sale restores the target health: `r = ceil((t * D - S) / (t - f * L))` as a value, then
/// `ceil(r * debt / D)` in debt units. Both round up, so this debt is enough for the target; the penalty on it rounds up too and
/// can leave the health a fraction of one debt unit below. At most all debt, and all of it where
/// no sale reaches the target.
pub fn debt_to_target_up(position: &Position, target_health_wad: Wad, penalty_wad: Wad) -> Result<Raw, OutOfRange> {
    let factor = try_add(WAD_ONE, penalty_wad.0)?;
    let released = mul_div_up(factor, position.threshold.widen(), U256::from(BPS_ONE))?;
    let Ok(gain) = try_sub(target_health_wad.0, released) else {
        return Ok(position.debt_raw);
    };
    if gain.is_zero() {
        return Ok(position.debt_raw);
    }
    let target_value = mul_div_up(target_health_wad.0, position.debt_value_wad.0, WAD_ONE)?;
    let missing = try_sub(target_value, position.threshold_value_wad.0)?;
    let value = mul_div_up(missing, WAD_ONE, gain)?;
    let debt_raw = mul_div_up(value, position.debt_raw.0, position.debt_value_wad.0)?;
    Ok(Raw(debt_raw).min(position.debt_raw))
}

/// What buyers shall pay for a debt: `debt + ceil(debt * penalty)`. The borrower bears the odd unit.
pub fn due_up(debt_raw: Raw, penalty_wad: Wad) -> Result<Raw, OutOfRange> {
    debt_raw.try_add(Raw(mul_div_up(debt_raw.0, penalty_wad.0, WAD_ONE)?))
}

/// What all holdings but the one at index `sold` are worth together in debt base units, each rounded down; those of a price of zero
/// nothing. The largest number where it is more than 256 bits.
pub fn worth_beside(holdings: &[Holding], sold: Option<usize>, debt: &Debt) -> Result<Raw, OutOfRange> {
    let mut worth_raw = Raw::ZERO;
    for (index, holding) in holdings.iter().enumerate() {
        if Some(index) != sold && !holding.price_wad.is_zero() {
            let more_raw = worth_down(holding.amount_raw, price_up(holding, debt)?);
            worth_raw = worth_raw.try_add(more_raw).unwrap_or(Raw::MAX);
        }
    }
    Ok(worth_raw)
}

/// What an amount of collateral is worth in debt base units, `floor(amount * price / 10^27)`. A worth beyond 256 bits is the
/// largest number.
///
/// 3 units at a price of half a unit are worth 1.
#[must_use]
pub fn worth_down(amount_raw: Raw, price: Ray) -> Raw {
    mul_div_down(amount_raw.0, price.0, RAY_ONE).map_or(Raw::MAX, Raw)
}

/// The debt that is to be sold before collateral and room are looked at.
///
/// Where the penalty was cut this is all of it, whatever other collaterals would allow. At the bound `f = S / (D * L)` the target asks for
/// `r = (t * D - S) / (t - f * L) = (t * D - S) / (t - S / D) = D`: each part of this collateral that is sold leaves the health where it was,
/// so no part restores the target. What a keeper gains by choosing such a collateral is bounded by what it covers: `f * D = S / L` is at
/// least what all of it is worth, so with others of value all of this one is sold, and no more.
fn wanted(position: &Position, rule: &Rule, penalty_wad: Wad) -> Result<Raw, OutOfRange> {
    if penalty_wad < position.penalty.to_wad() {
        return Ok(position.debt_raw);
    }
    let target_raw = debt_to_target_up(position, rule.target_health_wad, penalty_wad)?;
    let left_raw = position.debt_raw.sub_or_zero(target_raw);
    let whole_from_raw = mul_div_down(position.debt_raw.0, rule.whole_share.widen(), U256::from(BPS_ONE))?;
    if target_raw.0 > whole_from_raw || left_raw < rule.min_debt_raw {
        return Ok(position.debt_raw);
    }
    Ok(target_raw)
}

/// The debt of a sale whose due fits into the room, leaving no dust and being none.
fn fit(debt_raw: Raw, sold_raw: Raw, penalty_wad: Wad, min_debt_raw: Raw, room_raw: Raw) -> Result<Raw, Refusal> {
    let due_raw = due_up(sold_raw, penalty_wad)?;
    if due_raw <= room_raw {
        return Ok(sold_raw);
    }
    let factor = try_add(WAD_ONE, penalty_wad.0)?;
    // floor(room / f) has a due of at most room: ceil(x * f) <= room where x * f <= room, which is whole.
    let fitting_raw = Raw(mul_div_down(room_raw.0, WAD_ONE, factor)?);
    let leaving_raw = debt_raw.sub_or_zero(min_debt_raw);
    let least_raw = sold_raw.min(min_debt_raw.max(Raw(U256::ONE)));
    let most_raw = fitting_raw.min(leaving_raw);
    if most_raw >= least_raw {
        return Ok(most_raw);
    }
    let needed_raw = if leaving_raw >= least_raw { due_up(least_raw, penalty_wad)? } else { due_raw };
    Err(Refusal::NoRoom { room_raw, needed_raw })
}

#[cfg(test)]
mod tests;
