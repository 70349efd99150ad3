//! What it costs to cure an auction: to take the unsold lot back by paying the debt and no more penalty than was earned.

use units::{OutOfRange, Raw, mul_div_up};

/// What a cure pays.
#[derive(Clone, Copy, PartialEq, Eq)]
#[cfg_attr(not(target_arch = "wasm32"), derive(Debug))]
pub struct Cost {
    /// Repays debt: all that the auction still has.
    pub principal_raw: Raw,
    /// The penalty accrued on what was sold, less what of it was paid; or as much of it as keepers were paid, where that is more.
    pub penalty_raw: Raw,
}

impl Cost {
    /// Both parts together.
    pub fn total(&self) -> Result<Raw, OutOfRange> {
        self.principal_raw.try_add(self.penalty_raw)
    }
}

/// The cost of curing an auction that began with `began_debt_raw` of debt, while `debt_raw` is unpaid and `due_raw` is due. Its keepers
/// have earned at most `rewards_raw`, see [`crate::incentive::earned_at_most`].
///
/// A sale pays debt first. While debt is left no penalty has been paid, so `due - debt` is the whole penalty, of which
/// `ceil(penalty * (began - debt) / began)` has accrued: the one who cures bears the odd unit. Where the debt is paid all
/// of the penalty has accrued, and what is due is what is left of it. The cost is never more than what is due.
///
/// Of the penalty at least `rewards_raw` are paid: else somebody who starts the auction of a vault of his own, is rewarded, and cures it in
/// the same transaction would be paid by the surplus for nothing.
///
/// With 100 of debt at the start, a penalty of 11 and rewards of 2: nothing sold costs 100 + 2; 30 paid costs 70 + 4; 105 paid costs 6.
pub fn cost_up(began_debt_raw: Raw, debt_raw: Raw, due_raw: Raw, rewards_raw: Raw) -> Result<Cost, OutOfRange> {
    let penalty_raw = due_raw.try_sub(debt_raw)?;
    let accrued_raw = if debt_raw.is_zero() {
        penalty_raw
    } else {
        let paid_raw = began_debt_raw.try_sub(debt_raw)?;
        Raw(mul_div_up(penalty_raw.0, paid_raw.0, began_debt_raw.0)?).max(rewards_raw.min(penalty_raw))
    };
    Ok(Cost { principal_raw: debt_raw, penalty_raw: accrued_raw })
}

#[cfg(test)]
mod tests;
