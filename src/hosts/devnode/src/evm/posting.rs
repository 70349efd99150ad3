//! What a transaction pays for lying on L1: the gas of its compressed bytes, bought before anything runs.
//!
//! ```text
//! units      = 16 · length of the signed bytes at the brotli level of the chain
//! cost_wei   = price of a unit · units
//! poster_gas = cost_wei / price of gas, rounded down
//! ```
//!
//! The price of a unit is what the owner of the chain set, zero on a fresh chain; then nothing here costs anything. The lengths are
//! those of this compressor, which may differ by a few bytes from those of another one at the same level.

use brotli::enc::BrotliEncoderParams;
use revm::{
    Database,
    context::TxEnv,
    context_interface::ContextTr,
    primitives::{Address, Bytes, U256, address},
};

use super::context::{Ctx, Mode};
use crate::arbos::{
    precompiles::pricing::Price,
    state::{ARBOS_ACCOUNT, LoadSlot, RootSlot, root},
};

/// Where what is paid for L1 data is kept until it goes to the poster of batches.
pub const L1_PRICER_POOL: Address = address!("A4B00000000000000000000000000000000000f6");

const UNITS_PER_BYTE: u64 = 16;
/// What is added to the units of a transaction that is not signed yet.
const PADDING_UNITS: u64 = 256;
/// And by how much they are raised then, in percent.
const PADDING_PERCENT: u64 = 101;
/// By how much the cost of such a transaction is raised, in percent.
const COST_PERCENT: u64 = 110;
const PERCENT: u64 = 100;
/// The base fee may fall by this part before the transaction is sent: an estimate counts with 7 of 8.
const PRICE_FLOOR: (u64, u64) = (7, 8);

/// A transaction for the machine, with the bytes that would lie on L1.
#[derive(Clone, Debug)]
pub struct PostedTx {
    /// What runs.
    pub env: TxEnv,
    /// The signed bytes; nothing is paid for none.
    pub bytes: Bytes,
}

impl From<TxEnv> for PostedTx {
    /// A transaction that never lies on L1.
    fn from(env: TxEnv) -> Self {
        Self { env, bytes: Bytes::new() }
    }
}

/// L1 units of signed bytes: 16 for each byte they take when compressed at `level`, which is 1 unless the owner sets another.
pub fn l1_units(bytes: &[u8], level: u8) -> u64 {
    let params = BrotliEncoderParams { quality: level.into(), lgwin: 22, ..BrotliEncoderParams::default() };
    let (mut input, mut output) = (bytes, Vec::new());
    // Reading a slice and writing a vector do not fail.
    let _ = brotli::BrotliCompress(&mut input, &mut output, &params);
    UNITS_PER_BYTE.saturating_mul(output.len() as u64)
}

/// Gas of posting, rounded down: the sender keeps what is less than a unit.
///
/// A question is asked before its transaction is signed and sent, so it counts with more: padded units, a lower base fee, a higher cost.
///
/// Example: 100 compressed bytes are 1 600 units; at 5 wei a unit and 100 wei for gas that is 80 gas.
pub fn poster_gas(units: u64, unit_price_wei: U256, base_fee_wei: u64, mode: Mode) -> u64 {
    if unit_price_wei.is_zero() || units == 0 {
        return 0;
    }
    let (units, percent, gas_price_wei) = match mode {
        Mode::Transaction => (units, PERCENT, base_fee_wei),
        Mode::Call => (
            units.saturating_add(PADDING_UNITS).saturating_mul(PADDING_PERCENT) / PERCENT,
            COST_PERCENT,
            (u128::from(base_fee_wei) * u128::from(PRICE_FLOOR.0) / u128::from(PRICE_FLOOR.1)) as u64,
        ),
    };
    let cost_wei = unit_price_wei.saturating_mul(U256::from(units)).saturating_mul(U256::from(percent));
    let cost_wei = cost_wei.checked_div(U256::from(PERCENT)).unwrap_or_default();
    cost_wei.checked_div(U256::from(gas_price_wei)).unwrap_or_default().saturating_to()
}

/// The state before the transaction. What is read here does not become warm for it.
struct Before<'a, DB>(&'a mut DB);

impl<DB: Database> LoadSlot for Before<'_, DB> {
    type Error = DB::Error;

    fn load(&mut self, slot: U256) -> Result<U256, DB::Error> {
        self.0.storage(ARBOS_ACCOUNT, slot)
    }
}

/// Gas of posting the transaction of `ctx`, before it touches anything.
pub(super) fn posting_gas<DB: Database>(ctx: &mut Ctx<DB>) -> Result<u64, DB::Error> {
    if ctx.chain.posted.is_empty() {
        return Ok(0);
    }
    let mut before = Before(ctx.db_mut());
    let unit_price_wei = Price::L1DataUnit.get(&mut before)?;
    if unit_price_wei.is_zero() {
        return Ok(0);
    }
    let level = root(&mut before, RootSlot::BrotliLevel)?;
    let units = l1_units(&ctx.chain.posted, level.saturating_to());
    Ok(poster_gas(units, unit_price_wei, ctx.block.basefee, ctx.chain.mode))
}

#[cfg(test)]
mod tests {
    use revm::primitives::keccak256;

    use super::*;

    #[test]
    fn posting_costs_the_units_at_their_price_in_gas() {
        let price = U256::from(5);
        assert_eq!(poster_gas(1_600, price, 100, Mode::Transaction), 80);
        assert_eq!(poster_gas(1_600, price, 101, Mode::Transaction), 79);
        assert_eq!(poster_gas(1_600, U256::ZERO, 100, Mode::Transaction), 0);
        assert_eq!(poster_gas(1_600, price, 0, Mode::Transaction), 0);
        // (1 600 + 256) · 1.01 = 1 874 units, 10 307 wei with the tenth on top, at 7 · 100 / 8 = 87 wei.
        assert_eq!(poster_gas(1_600, price, 100, Mode::Call), 118);
        assert_eq!(poster_gas(u64::MAX, U256::MAX, 8, Mode::Call), u64::MAX);
    }

    #[test]
    fn bytes_that_repeat_take_fewer_units_and_none_take_almost_none() {
        let noise: Vec<u8> = (0..16u8).flat_map(|index| keccak256([index])).collect();
        let (same, other) = (l1_units(&[7; 512], 1), l1_units(&noise, 1));
        assert!(same < other / 10 && other >= 16 * 512, "{same} {other}");
        assert!(l1_units(&[], 1) <= 16 * 2);
        assert_eq!(same % 16, 0);
    }
}
