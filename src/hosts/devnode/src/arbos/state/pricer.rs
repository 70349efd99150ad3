//! The price of activating: a fee per byte of machine code that rises with recent activations.

use revm::primitives::U256;

use super::{
    program::ARBITRUM_START_SECS,
    space::{LoadSlot, Space, StoreSlot},
};

/// One, in the unit the multiplier is computed in.
const ONE_BPS: u64 = 10_000;
/// Terms of the exponential series.
const SERIES_TERMS: u64 = 12;

/// The state of the data fee.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DataPricer {
    /// Bytes of recent activations that have not drained away yet.
    pub demand_bytes: u32,
    /// Bytes that drain away in a second.
    pub bytes_per_second: u32,
    /// When `demand_bytes` was last brought up to date, in seconds since 1970.
    pub last_update_secs: u64,
    /// Fee of a byte without demand, in wei.
    pub min_price_wei: u32,
    /// Bytes of demand that raise the fee by a factor of e.
    pub inertia_bytes: u32,
}

impl Default for DataPricer {
    fn default() -> Self {
        Self {
            demand_bytes: 0,
            bytes_per_second: 34_865,
            last_update_secs: ARBITRUM_START_SECS,
            min_price_wei: 82_928_201,
            inertia_bytes: 21_360_419,
        }
    }
}

impl DataPricer {
    /// Adds an activation of `asm_bytes` at `now_secs` and gives its fee in wei, rounded down.
    ///
    /// Demand drains first, then grows by the activation, and the fee is
    /// `min_price · exp(demand / inertia) · asm_bytes`, with the exponential approximated in basis
    /// points. The payer keeps what rounding leaves.
    ///
    /// Example: the first activation on a quiet chain of 521 000 bytes has a multiplier of 10 245
    /// basis points (243 bps of demand) and costs `82 928 201 · 10245 / 10000 · 521 000` wei.
    pub fn charge_wei(&mut self, asm_bytes: u32, now_secs: u64) -> U256 {
        let passed = now_secs.saturating_sub(self.last_update_secs);
        let drained = u64::from(self.bytes_per_second).saturating_mul(passed);
        let left = u64::from(self.demand_bytes).saturating_sub(drained) as u32;
        self.demand_bytes = left.saturating_add(asm_bytes);
        self.last_update_secs = now_secs;
        let exponent_bps = ONE_BPS * u64::from(self.demand_bytes) / u64::from(self.inertia_bytes.max(1));
        let price_wei = U256::from(self.min_price_wei)
            .saturating_mul(U256::from(exp_bps(exponent_bps)))
            .wrapping_div(U256::from(ONE_BPS));
        price_wei.saturating_mul(U256::from(asm_bytes))
    }
}

/// `exp(exponent)` in basis points by Horner's rule; every division rounds down, sums saturate.
fn exp_bps(exponent_bps: u64) -> u64 {
    let mut result = ONE_BPS.saturating_add(exponent_bps / SERIES_TERMS);
    for term in (1..SERIES_TERMS).rev() {
        result = ONE_BPS.saturating_add(result.saturating_mul(exponent_bps) / (term * ONE_BPS));
    }
    result
}

fn slot(field: u64) -> U256 {
    Space::programs().sub(&[3]).number_slot(field)
}

/// The pricer as it stands.
pub fn data_pricer<S: LoadSlot>(storage: &mut S) -> Result<DataPricer, S::Error> {
    Ok(DataPricer {
        demand_bytes: storage.load(slot(0))?.saturating_to(),
        bytes_per_second: storage.load(slot(1))?.saturating_to(),
        last_update_secs: storage.load(slot(2))?.saturating_to(),
        min_price_wei: storage.load(slot(3))?.saturating_to(),
        inertia_bytes: storage.load(slot(4))?.saturating_to(),
    })
}

/// Writes the whole pricer.
pub fn set_data_pricer<S: StoreSlot>(storage: &mut S, pricer: &DataPricer) -> Result<(), S::Error> {
    storage.store(slot(0), U256::from(pricer.demand_bytes))?;
    storage.store(slot(1), U256::from(pricer.bytes_per_second))?;
    storage.store(slot(2), U256::from(pricer.last_update_secs))?;
    storage.store(slot(3), U256::from(pricer.min_price_wei))?;
    storage.store(slot(4), U256::from(pricer.inertia_bytes))
}
