//! How the proceeds of a sale divide: debt first, then penalty; what is never paid is unpaid debt.

use units::Raw;

/// A payment, divided.
#[derive(Clone, Copy, PartialEq, Eq)]
#[cfg_attr(not(target_arch = "wasm32"), derive(Debug))]
pub struct Split {
    /// Repays debt.
    pub principal_raw: Raw,
    /// Goes to the surplus.
    pub penalty_raw: Raw,
    /// The debt of the auction that is still unpaid.
    pub debt_left_raw: Raw,
}

/// Divides a payment of `owed_raw` while `debt_raw` of the auction's debt is unpaid:
/// `principal = min(owed, debt)`, the rest is penalty. Nothing rounds.
///
/// With 100 of debt left, 30 repay 30 of it; 120 repay 100 and pay 20 of penalty.
#[must_use]
pub fn divide(owed_raw: Raw, debt_raw: Raw) -> Split {
    let principal_raw = owed_raw.min(debt_raw);
    Split {
        principal_raw,
        penalty_raw: owed_raw.sub_or_zero(principal_raw),
        debt_left_raw: debt_raw.sub_or_zero(principal_raw),
    }
}

#[cfg(test)]
mod tests;
