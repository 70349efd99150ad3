//! The bounds of what the owner may set for a feed beyond the feed itself: band, second source, breaker, growth cap.

use units::{BPS_ONE, Bps, Secs, U256, Wad};

use super::{OutOfBounds, between, names::padded, within};
use crate::{
    breaker::Breaker,
    deviation::Limits,
    growth::Cap,
    price::{Band, PRICE_MAX_WAD},
};

/// A jump is at least one percent, or every day would have one.
pub const JUMP_MIN_BPS: u64 = 100;
/// A jump is at most half.
pub const JUMP_MAX_BPS: u64 = 5_000;
/// The most standard deviations that may count as usual.
pub const SIGMAS_MAX: u64 = 20;
/// A hold is at least a minute.
pub const HOLD_MIN_SECS: u64 = 60;
/// A hold is at most an hour, and two of them are the longest that a jump can keep a sale from starting.
pub const HOLD_MAX_SECS: u64 = 3_600;
/// A rate grows by at most half of its snapshot in a year.
pub const GROWTH_MAX_BPS: u64 = 5_000;
/// A snapshot is at least a week old, so that it cannot be made for the occasion.
pub const SNAPSHOT_MIN_SECS: u64 = 604_800;
/// A snapshot is at most 180 days old, so that the line does not start far below the rate.
pub const SNAPSHOT_MAX_SECS: u64 = 15_552_000;
/// The lowest rate of a snapshot, 0.001.
pub const RATE_MIN_WAD: U256 = U256::from_limbs([1_000_000_000_000_000, 0, 0, 0]);
/// The highest rate of a snapshot, 1,000,000.
pub const RATE_MAX_WAD: U256 = U256::from_limbs([2_003_764_205_206_896_640, 54_210, 0, 0]);

static MIN: [u8; 32] = padded(b"minWad");
static MAX: [u8; 32] = padded(b"maxWad");
static SOFT: [u8; 32] = padded(b"softBps");
static HARD: [u8; 32] = padded(b"hardBps");
static JUMP: [u8; 32] = padded(b"jumpBps");
static SIGMAS: [u8; 32] = padded(b"sigmas");
static HOLD: [u8; 32] = padded(b"holdSecs");
static GROWTH: [u8; 32] = padded(b"growthBps");
static SNAPSHOT: [u8; 32] = padded(b"snapshotRateWad");
static SNAPSHOT_AT: [u8; 32] = padded(b"snapshotAtSecs");
static LEVEL: [u8; 32] = padded(b"level");
static HORIZON: [u8; 32] = padded(b"horizonSecs");

/// A band inside the range of prices: `1 <= min <= max <= 10^36`. The maximum is checked first.
pub fn band(min_wad: U256, max_wad: U256) -> Result<Band, OutOfBounds> {
    let max_wad = between(&MAX, max_wad, U256::ONE, PRICE_MAX_WAD.0)?;
    let min_wad = between(&MIN, min_wad, U256::ONE, max_wad)?;
    Ok(Band { min_wad: Wad(min_wad), max_wad: Wad(max_wad) })
}

/// Limits of deviation: `1 <= soft <= hard <= 10^4`. The hard one is checked first.
pub fn deviation(soft_bps: U256, hard_bps: U256) -> Result<Limits, OutOfBounds> {
    let hard = within(&HARD, hard_bps, 1, BPS_ONE)?;
    let soft = within(&SOFT, soft_bps, 1, hard)?;
    Ok(Limits { soft: Bps(soft), hard: Bps(hard) })
}

/// A breaker: a jump from 100 to 5000 bps, at most 20 standard deviations, a hold from a minute to an hour.
pub fn breaker(jump_bps: U256, sigmas: U256, hold_secs: U256) -> Result<Breaker, OutOfBounds> {
    let jump = within(&JUMP, jump_bps, JUMP_MIN_BPS, JUMP_MAX_BPS)?;
    let sigmas = within(&SIGMAS, sigmas, 0, SIGMAS_MAX)?;
    let hold = within(&HOLD, hold_secs, HOLD_MIN_SECS, HOLD_MAX_SECS)?;
    Ok(Breaker { jump: Bps(jump), sigmas, hold: Secs(hold) })
}

/// A cap on growth: a rate from 0.001 to 1,000,000, seen between a week and 180 days ago, growing by at most half in a year.
pub fn growth(snapshot_wad: U256, snapshot_at_secs: U256, growth_bps: U256, now: Secs) -> Result<Cap, OutOfBounds> {
    let snapshot = between(&SNAPSHOT, snapshot_wad, RATE_MIN_WAD, RATE_MAX_WAD)?;
    let oldest = now.0.saturating_sub(SNAPSHOT_MAX_SECS);
    let youngest = now.0.saturating_sub(SNAPSHOT_MIN_SECS);
    let at = within(&SNAPSHOT_AT, snapshot_at_secs, oldest, youngest)?;
    let yearly = within(&GROWTH, growth_bps, 0, GROWTH_MAX_BPS)?;
    Ok(Cap { snapshot_wad: Wad(snapshot), snapshot_at: Secs(at), yearly: Bps(yearly) })
}

/// A level of stop: 0 none, 1 frozen, 2 shut down.
pub fn stop(level: U256) -> Result<u64, OutOfBounds> {
    within(&LEVEL, level, 0, 2)
}

/// A horizon to give a volatility for: from a second to a hundred years.
pub fn horizon(horizon_secs: U256) -> Result<Secs, OutOfBounds> {
    within(&HORIZON, horizon_secs, 1, crate::growth::YEAR_SECS.saturating_mul(100)).map(Secs)
}

#[cfg(test)]
mod tests;
