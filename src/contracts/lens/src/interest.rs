//! The interest: as it is set, and as it holds.

use common::{
    Outcome,
    vault_layout::{self as layout, CASH, DEBT},
};
use interface::ILens;
use units::OutOfRange;

use crate::storage::Lens;

impl Lens {
    /// The curve of the interest, and the factor of one second that holds from the last accrual to the next, ray.
    pub fn interest(&self) -> Outcome<ILens::Interest> {
        let words = self.words(&[CASH.at(), DEBT.at()])?;
        let [cash, debt] = *words.as_slice() else {
            return Err(OutOfRange.into());
        };
        let curve = layout::yearly_curve(cash, debt);
        Ok(ILens::Interest {
            baseYearlyBps: curve.base.widen(),
            kinkPercent: alloy_primitives::U256::from(curve.kink_percent),
            slope1YearlyBps: curve.slope1.widen(),
            slope2YearlyBps: curve.slope2.widen(),
            reserveBps: curve.reserve.widen(),
            ratePerSecondRay: layout::books(cash, debt).rate(&curve.per_second()?)?.0,
        })
    }
}
