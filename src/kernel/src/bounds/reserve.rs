//! The bounds of the reserve's rules.

use units::{BPS_ONE, Bps, Raw, Secs, U256};

use super::{OutOfBounds, between, names::padded, within};

/// The largest buffer, `2^128 - 1`: all of the surplus, whatever it is.
pub const BUFFER_MAX_RAW: U256 = U256::from_limbs([u64::MAX, u64::MAX, 0, 0]);
/// A distribution is earned over an hour at least, so that nobody stakes for the second of it.
pub const DRIP_MIN_SECS: u64 = 3_600;
/// And over 90 days at most.
pub const DRIP_MAX_SECS: u64 = 7_776_000;
/// A stake waits an hour at least before it can be taken out.
pub const COOLDOWN_MIN_SECS: u64 = 3_600;
/// And 90 days at most: longer, and stakes are locked.
pub const COOLDOWN_MAX_SECS: u64 = 7_776_000;
/// A window is open for an hour at least.
pub const WINDOW_MIN_SECS: u64 = 3_600;
/// And for 30 days at most: longer, and an announcement is no announcement.
pub const WINDOW_MAX_SECS: u64 = 2_592_000;
/// Bad debt waits for new surplus for 30 days at most.
pub const PATIENCE_MAX_SECS: u64 = 2_592_000;
/// What is left of every cool-down when bad debt of its first second is due: time to cover it.
pub const COVER_SECS: u64 = 3_600;

static BUFFER: [u8; 32] = padded(b"bufferRaw");
static STAKERS: [u8; 32] = padded(b"stakersBps");
static DRIP: [u8; 32] = padded(b"dripSecs");
static COOLDOWN: [u8; 32] = padded(b"cooldownSecs");
static WINDOW: [u8; 32] = padded(b"windowSecs");
static PATIENCE: [u8; 32] = padded(b"patienceSecs");

/// The rules as they came in; the fields are those of `IReserve.Rules`.
#[derive(Clone, Copy)]
#[allow(missing_docs, reason = "each field is documented where it is used, in Rules")]
pub struct RawRules {
    pub buffer_raw: U256,
    pub stakers_bps: U256,
    pub drip_secs: U256,
    pub cooldown_secs: U256,
    pub window_secs: U256,
    pub patience_secs: U256,
}

/// The reserve's rules, checked.
#[derive(Clone, Copy, PartialEq, Eq)]
#[cfg_attr(not(target_arch = "wasm32"), derive(Debug))]
pub struct Rules {
    /// The surplus that is not distributed.
    pub buffer_raw: Raw,
    /// The stakers' share of what is distributed.
    pub stakers: Bps,
    /// How long a distribution takes to be earned.
    pub drip: Secs,
    /// How long a stake waits after it was announced.
    pub cooldown: Secs,
    /// How long it can be taken out then.
    pub window: Secs,
    /// How long bad debt waits for new surplus.
    pub patience: Secs,
}

/// What a reserve begins with: nothing is distributed, because only its owner knows how much surplus is enough; half would be
/// the stakers', over a week; a week to leave and two days to do it; a day of patience.
pub const FIRST_RULES: Rules = Rules {
    buffer_raw: Raw(BUFFER_MAX_RAW),
    stakers: Bps(5_000),
    drip: Secs(604_800),
    cooldown: Secs(604_800),
    window: Secs(172_800),
    patience: Secs(86_400),
};

/// The rules of a reserve: a drip and a cool-down from an hour to 90 days, a window from an hour to 30 days, and a patience
/// of at most 30 days that ends [`COVER_SECS`] before the cool-down does.
///
/// The order of the checks is that of the fields. A cool-down of an hour leaves no patience at all.
pub fn rules(raw: &RawRules) -> Result<Rules, OutOfBounds> {
    let buffer = between(&BUFFER, raw.buffer_raw, U256::ZERO, BUFFER_MAX_RAW)?;
    let stakers = within(&STAKERS, raw.stakers_bps, 0, BPS_ONE)?;
    let drip = within(&DRIP, raw.drip_secs, DRIP_MIN_SECS, DRIP_MAX_SECS)?;
    let cooldown = within(&COOLDOWN, raw.cooldown_secs, COOLDOWN_MIN_SECS, COOLDOWN_MAX_SECS)?;
    let window = within(&WINDOW, raw.window_secs, WINDOW_MIN_SECS, WINDOW_MAX_SECS)?;
    let patience_max = cooldown.saturating_sub(COVER_SECS).min(PATIENCE_MAX_SECS);
    let patience = within(&PATIENCE, raw.patience_secs, 0, patience_max)?;
    Ok(Rules {
        buffer_raw: Raw(buffer),
        stakers: Bps(stakers),
        drip: Secs(drip),
        cooldown: Secs(cooldown),
        window: Secs(window),
        patience: Secs(patience),
    })
}

#[cfg(test)]
mod tests;
