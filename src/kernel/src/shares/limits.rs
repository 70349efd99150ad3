//! How much can be brought and taken: the largest numbers that are not refused, exactly.

use units::{OutOfRange, Raw, Shares, U256, mul_div_up, try_add, try_sub};

use super::Fund;
use crate::books::MOST_LENT_RAW;

/// The most that can be brought while all together may not pass `cap_raw`, nor [`MOST_LENT_RAW`]; `loss_raw` of what was brought before
/// is to be written off and not covered yet.
///
/// Nothing while such a loss waits. The shares are worth the less by it, so who bought in then would share in whatever recovers it: in one
/// transaction somebody could bring many times what is there, pay a penalty that pays for the loss, and leave with nearly all of that.
/// Nothing where all is lost and shares are left, and where what the cap leaves is not worth a share. What is worth more shares than
/// 256 bits hold is not held back here: bringing it is refused as out of range.
#[must_use]
pub fn max_deposit(fund: &Fund, cap_raw: Raw, loss_raw: Raw) -> Raw {
    if fund.is_wiped_out() || !loss_raw.is_zero() {
        return Raw::ZERO;
    }
    let left_raw = cap_raw.min(MOST_LENT_RAW).sub_or_zero(fund.assets_raw);
    match fund.shares_down(left_raw) {
        Ok(shares) if shares.is_zero() => Raw::ZERO,
        _ => left_raw,
    }
}

/// The most shares that can be bought for [`max_deposit`]; no limit where that does not fit.
///
/// `ceil(s * (A + 1) / (S + 10^6)) <= m` if and only if `s <= floor(m * (S + 10^6) / (A + 1))`, because `m` is whole.
#[must_use]
pub fn max_mint(fund: &Fund, cap_raw: Raw, loss_raw: Raw) -> Shares {
    fund.shares_down(max_deposit(fund, cap_raw, loss_raw)).unwrap_or(Shares::MAX)
}

/// The most that the owner of `shares` can take while there are `cash_raw` to be paid out.
///
/// It costs at most `shares`: from `m <= floor(shares * (A + 1) / (S + 10^6))` follows `ceil(m * (S + 10^6) / (A + 1)) <= shares`.
pub fn max_withdraw(fund: &Fund, shares: Shares, cash_raw: Raw) -> Result<Raw, OutOfRange> {
    Ok(fund.assets_down(shares)?.min(cash_raw))
}

/// The most of `shares` that can be given up while there are `cash_raw` to be paid out; nothing where that is worth nothing.
///
/// `floor(s * (A + 1) / (S + 10^6)) <= c` if and only if `s * (A + 1) < (c + 1) * (S + 10^6)`, so the most are
/// `ceil((c + 1) * (S + 10^6) / (A + 1)) - 1`. Up to a unit's worth of them is not paid: it stays with the others, as in every redemption.
pub fn max_redeem(fund: &Fund, shares: Shares, cash_raw: Raw) -> Result<Shares, OutOfRange> {
    let most = if fund.assets_down(shares)? <= cash_raw { shares } else { most_within(fund, cash_raw)? };
    Ok(if fund.assets_down(most)?.is_zero() { Shares::ZERO } else { most })
}

/// Below the shares of the caller, which are worth more than the cash: so it fits.
fn most_within(fund: &Fund, cash_raw: Raw) -> Result<Shares, OutOfRange> {
    let (units_raw, all_shares) = fund.with_virtual()?;
    let beyond = mul_div_up(try_add(cash_raw.0, U256::ONE)?, all_shares, units_raw)?;
    try_sub(beyond, U256::ONE).map(Shares)
}
