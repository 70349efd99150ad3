//! Whether a vault is safe: what its collateral carries against what its debt is worth.
//!
//! Values are USD wads. Collateral rounds down and debt up, each once, so a vault is never called safer than it is.

use units::{BPS_ONE, Bps, OutOfRange, Raw, U256, WAD_ONE, Wad, mul_div_down, mul_div_up, ten_to, try_mul};

/// The health of a vault without debt.
pub const HEALTH_MAX: Wad = Wad::MAX;
/// The health factor at and above which a vault is safe: one.
pub const HEALTH_SAFE: Wad = Wad(WAD_ONE);

/// One collateral of a vault, with what holds for it now.
#[derive(Clone, Copy)]
#[cfg_attr(not(target_arch = "wasm32"), derive(Debug))]
pub struct Holding {
    /// How much of it the vault holds.
    pub amount_raw: Raw,
    /// The token's decimals.
    pub decimals: u8,
    /// USD for one whole token.
    pub price_wad: Wad,
    /// The share of its value one may borrow against.
    pub ltv: Bps,
    /// The share of its value that carries debt before the vault is unsafe.
    pub threshold: Bps,
}

/// What the collateral of a vault carries in all.
#[derive(Clone, Copy, PartialEq, Eq, Default)]
#[cfg_attr(not(target_arch = "wasm32"), derive(Debug))]
pub struct Carrying {
    /// The debt value below which the vault is safe: the sum of value times liquidation threshold.
    pub threshold_value_wad: Wad,
    /// The debt value up to which one may borrow or withdraw: the sum of value times LTV.
    pub ltv_value_wad: Wad,
}

impl Carrying {
    /// What these carry together.
    #[inline(never)]
    pub fn of(holdings: &[Holding]) -> Result<Self, OutOfRange> {
        holdings.iter().try_fold(Self::default(), Self::try_with)
    }

    /// The same with one more collateral. Each term rounds down: the borrower misses less than a wad unit for each.
    ///
    /// 2 WETH at 2500 USD with an LTV of 75% and a threshold of 80% add 3750 and 4000 USD.
    pub fn try_with(self, holding: &Holding) -> Result<Self, OutOfRange> {
        let threshold_value = weighted_value_down(holding, holding.threshold)?;
        let ltv_value = weighted_value_down(holding, holding.ltv)?;
        Ok(Self {
            threshold_value_wad: self.threshold_value_wad.try_add(threshold_value)?,
            ltv_value_wad: self.ltv_value_wad.try_add(ltv_value)?,
        })
    }
}

/// `floor(amount * price * share / (10^decimals * 10^4))`: what a holding carries, the odd part against the borrower.
pub fn weighted_value_down(holding: &Holding, share: Bps) -> Result<Wad, OutOfRange> {
    let weighted_price = try_mul(holding.price_wad.0, share.widen())?;
    let unit = try_mul(ten_to(holding.decimals)?, U256::from(BPS_ONE))?;
    mul_div_down(holding.amount_raw.0, weighted_price, unit).map(Wad)
}

/// `ceil(debt * price / 10^decimals)`: what a debt is worth, the odd part against the borrower.
///
/// 4000.000001 USDC at 1 USD are 4000.000001 USD; one base unit at 0.3333 USD is `Wad(333_300_000_000)`.
pub fn debt_value_up(debt_raw: Raw, decimals: u8, price_wad: Wad) -> Result<Wad, OutOfRange> {
    mul_div_up(debt_raw.0, price_wad.0, ten_to(decimals)?).map(Wad)
}

/// The health factor `floor(threshold_value * 10^18 / debt_value)`, and [`HEALTH_MAX`] without debt.
///
/// A health factor too large for 256 bits is [`HEALTH_MAX`] too.
/// 4000 USD carried against 3200 USD of debt are `Wad(1.25 * 10^18)`.
#[must_use]
pub fn health_factor(threshold_value_wad: Wad, debt_value_wad: Wad) -> Wad {
    // The only refusals are a divisor of zero, which is no debt, and a quotient above 256 bits.
    mul_div_down(threshold_value_wad.0, WAD_ONE, debt_value_wad.0).map_or(HEALTH_MAX, Wad)
}

/// Whether the health factor is one or more. `floor(s * 10^18 / d) >= 10^18` holds exactly where `s >= d`.
#[must_use]
pub fn is_safe(threshold_value_wad: Wad, debt_value_wad: Wad) -> bool {
    threshold_value_wad >= debt_value_wad
}

/// Whether the collateral carries the debt for borrowing and withdrawing, which is by LTV.
#[must_use]
pub fn can_carry(ltv_value_wad: Wad, debt_value_wad: Wad) -> bool {
    ltv_value_wad >= debt_value_wad
}

#[cfg(test)]
mod tests;
