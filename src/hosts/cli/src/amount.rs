//! Amounts as people write them, and as contracts count them: decimal text to base units and back, without a rounding.

use alloy_primitives::U256;
use units::{ten_to, try_mul};

/// Why a text is not an amount.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum AmountError {
    /// It is not of the form `123` or `123.45`.
    #[error("'{0}' is not a decimal number")]
    NotANumber(String),
    /// It is finer than a base unit, so it would have to be rounded.
    #[error("'{text}' has {given} digits after the point, and {allowed} are all there are")]
    TooManyDigits {
        /// The text.
        text: String,
        /// Its digits after the point.
        given: usize,
        /// The most that can be kept.
        allowed: u8,
    },
    /// It does not fit in 256 bits.
    #[error("'{0}' is too large")]
    TooLarge(String),
}

/// `text` in base units of `10^-decimals`. Excess digits are refused, even zeros: whoever writes them means another token.
///
/// ```
/// use alloy_primitives::U256;
/// assert_eq!(spillway_cli::amount::parse_decimal("195.07", 8), Ok(U256::from(19_507_000_000_u64)));
/// ```
pub fn parse_decimal(text: &str, decimals: u8) -> Result<U256, AmountError> {
    let not_a_number = || AmountError::NotANumber(text.to_owned());
    let (whole, fraction) = match text.split_once('.') {
        Some((_, "")) => return Err(not_a_number()),
        Some(parts) => parts,
        None => (text, ""),
    };
    let is_digits = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
    if whole.is_empty() || !is_digits(whole) || !is_digits(fraction) {
        return Err(not_a_number());
    }
    let missing = usize::from(decimals).checked_sub(fraction.len()).ok_or_else(|| AmountError::TooManyDigits {
        text: text.to_owned(),
        given: fraction.len(),
        allowed: decimals,
    })?;
    let digits = format!("{whole}{fraction}{}", "0".repeat(missing));
    U256::from_str_radix(&digits, 10).map_err(|_| AmountError::TooLarge(text.to_owned()))
}

/// The exact decimal text of `raw` base units of `10^-decimals`, without trailing zeros after the point.
///
/// ```
/// use alloy_primitives::U256;
/// assert_eq!(spillway_cli::amount::exact_decimal(U256::from(19_507_000_000_u64), 8), "195.07");
/// ```
pub fn exact_decimal(raw: U256, decimals: u8) -> String {
    let (whole, fraction) = split_decimal(raw, decimals);
    let fraction = fraction.trim_end_matches('0');
    if fraction.is_empty() { whole } else { format!("{whole}.{fraction}") }
}

/// The text of `raw` with thousands marked and `shown` digits after the point, the rest cut off: for a table, where the exact
/// number stands elsewhere.
///
/// ```
/// use alloy_primitives::U256;
/// assert_eq!(spillway_cli::amount::short_decimal(U256::from(1_234_567_899_u64), 6, 2), "1,234.56");
/// ```
pub fn short_decimal(raw: U256, decimals: u8, shown: usize) -> String {
    let (whole, fraction) = split_decimal(raw, decimals);
    let mut grouped = String::new();
    for (position, digit) in whole.chars().enumerate() {
        if position > 0 && whole.len().saturating_sub(position) % 3 == 0 {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    match fraction.get(..shown.min(fraction.len())) {
        Some(kept) if !kept.is_empty() => format!("{grouped}.{kept}"),
        _ => grouped,
    }
}

fn split_decimal(raw: U256, decimals: u8) -> (String, String) {
    let width = usize::from(decimals).saturating_add(1);
    let digits = format!("{:0>width$}", raw.to_string());
    let (whole, fraction) = digits.split_at(digits.len().saturating_sub(usize::from(decimals)));
    (whole.to_owned(), fraction.to_owned())
}

/// `whole` tokens of `decimals` in base units.
pub(crate) fn tokens(whole: u64, decimals: u8) -> U256 {
    ten_to(decimals).and_then(|one| try_mul(U256::from(whole), one)).unwrap_or(U256::MAX)
}

#[cfg(test)]
mod tests;
