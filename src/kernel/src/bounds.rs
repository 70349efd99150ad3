//! The bounds of every parameter: what the owner may set, and no more.
//!
//! Each function takes the numbers as they came in, untrusted, and answers them in their types, or names the first
//! parameter that lies outside, with its value and its bounds, as the error `OutOfBounds` of the contracts does.

use units::{BPS_ONE, Bps, Raw, Ray, Secs, U256, Wad};

use crate::{
    curve::{Curve, Terms},
    interest::YearlyCurve,
};

pub mod feeds;
pub mod reserve;

/// A lowered threshold takes at least a day to arrive.
pub const RAMP_MIN_SECS: u64 = 86_400;
/// A ramp takes a year at most, so that it is a plan and not a promise.
pub const RAMP_MAX_SECS: u64 = 31_536_000;
/// A heartbeat is at least a minute.
pub const HEARTBEAT_MIN_SECS: u64 = 60;
/// A heartbeat is 48 hours at most: the slowest feeds answer daily.
pub const HEARTBEAT_MAX_SECS: u64 = 172_800;
/// A grace period is four hours at most: liquidations must not rest longer.
pub const GRACE_MAX_SECS: u64 = 14_400;
/// A feed has 18 decimals at most.
pub const FEED_DECIMALS_MAX: u8 = 18;
/// A token has 24 decimals at most; prices of its base unit still have digits then.
pub const TOKEN_DECIMALS_MAX: u8 = 24;
/// The largest threshold: with it, a penalty of 2% still fits.
pub const THRESHOLD_MAX_BPS: u64 = 9_800;
/// The largest penalty.
pub const PENALTY_MAX_BPS: u64 = 3_000;
/// The largest share of what is due that a keeper may earn.
pub const REWARD_SHARE_MAX_BPS: u64 = 1_000;
/// An auction lasts a week at most before it needs a restart. The curves' rounding is proven for that long.
pub const TAIL_MAX_SECS: u64 = 604_800;
/// The largest cut, `RAY - 10^18`: a step lowers the price by at least a billionth, which is far more than the power
/// can be wrong by (half a unit of ray for each of at most [`TAIL_MAX_SECS`] multiplications), so no price ever rises.
pub const CUT_MAX_RAY: U256 = U256::from_limbs([10_515_845_246_265_065_472, 54_210_108, 0, 0]);
/// The least an English bid must be above the last: 1%, so that nobody wins time for next to nothing.
pub const RAISE_MIN_RAY: U256 = U256::from_limbs([13_106_743_224_624_480_256, 54_752_209, 0, 0]);
/// The most an English bid must be above the last: half of it.
pub const RAISE_MAX_RAY: U256 = U256::from_limbs([17_273_767_869_397_598_208, 81_315_162, 0, 0]);
/// What may be due at once in the auctions of one collateral at most: `2^96 - 1` base units, 79 billion whole tokens of 18 decimals.
pub const CAP_MAX_RAW: U256 = U256::from_limbs([u64::MAX, 0xffff_ffff, 0, 0]);
/// The most interest of a year with everything lent: compounded every second, it does not quite double a debt in a year.
pub const RATE_MAX_YEARLY_BPS: u64 = 6_931;

/// A parameter that lies outside of its bounds.
#[derive(Clone, Copy, PartialEq, Eq)]
#[cfg_attr(not(target_arch = "wasm32"), derive(Debug))]
pub struct OutOfBounds {
    /// The parameter's name in ASCII, filled up with zeros.
    pub name: &'static [u8; 32],
    /// What was given.
    pub value: U256,
    /// The least that may be given.
    pub min: U256,
    /// The most that may be given.
    pub max: U256,
}

/// The terms of a sale as they came in; the fields are those of `IAuction.Terms`.
#[derive(Clone, Copy)]
#[allow(missing_docs, reason = "each field is documented where it is used, in curve::Terms")]
pub struct RawTerms {
    pub curve: U256,
    pub cut_ray: U256,
    pub step_secs: U256,
    pub buffer_bps: U256,
    pub tail_secs: U256,
    pub cusp_bps: U256,
    pub floor_bps: U256,
    pub cap_raw: U256,
}

/// A collateral's ratios, checked.
#[derive(Clone, Copy, PartialEq, Eq)]
#[cfg_attr(not(target_arch = "wasm32"), derive(Debug))]
pub struct Ratios {
    /// The share of its value one may borrow against.
    pub ltv: Bps,
    /// The share of its value that carries debt.
    pub threshold: Bps,
    /// The penalty.
    pub penalty: Bps,
}

const TARGET_HEALTH_MIN_BPS: u64 = 10_100;
const TARGET_HEALTH_MAX_BPS: u64 = 15_000;
/// Below half of the debt a sale should stay what the target asks for.
const WHOLE_SHARE_MIN_BPS: u64 = 5_000;
const BUFFER_MAX_BPS: u64 = 20_000;
/// One percent: the least cusp and the least floor, so that nothing is ever sold for next to nothing.
const SHARE_MIN_BPS: u64 = 100;
const TAIL_MIN_SECS: u64 = 60;
const ONE_SECOND: u64 = 1;

/// A collateral's ratios when it is listed or changed: `1 <= threshold <= 9800`, `ltv < threshold`, and
/// `(1 + penalty) * threshold <= 1`, so that a sale at the full penalty can restore any target health above one.
///
/// Where a threshold is on a ramp down, give the larger of its ends. The order of the checks is `thresholdBps`,
/// `ltvBps`, `penaltyBps`. A threshold of 8000 bps allows penalties to `floor(10^8 / 8000) - 10000 = 2500` bps.
pub fn ratios(ltv_bps: U256, threshold_bps: U256, penalty_bps: U256) -> Result<Ratios, OutOfBounds> {
    let threshold = within(&names::THRESHOLD, threshold_bps, 1, THRESHOLD_MAX_BPS)?;
    let ltv = within(&names::LTV, ltv_bps, 0, threshold.saturating_sub(1))?;
    let penalty = within(&names::PENALTY, penalty_bps, 0, per(threshold).saturating_sub(BPS_ONE).min(PENALTY_MAX_BPS))?;
    Ok(Ratios { ltv: Bps(ltv), threshold: Bps(threshold), penalty: Bps(penalty) })
}

/// A threshold that is to move while LTV and penalty stay: above the LTV, and `(1 + penalty) * threshold <= 1`.
pub fn threshold(threshold_bps: U256, ltv: Bps, penalty: Bps) -> Result<Bps, OutOfBounds> {
    let max = per(penalty.0.saturating_add(BPS_ONE)).min(THRESHOLD_MAX_BPS);
    within(&names::THRESHOLD, threshold_bps, ltv.0.saturating_add(1), max).map(Bps)
}

/// The rule of sizing: a target health from 1.01 to 1.5, and a whole share from 5000 to 10000 bps.
pub fn liquidation_rule(target_health_wad: U256, whole_share_bps: U256) -> Result<(Wad, Bps), OutOfBounds> {
    let min = Bps(TARGET_HEALTH_MIN_BPS).to_wad().0;
    let max = Bps(TARGET_HEALTH_MAX_BPS).to_wad().0;
    let target = between(&names::TARGET_HEALTH, target_health_wad, min, max)?;
    let share = within(&names::WHOLE_SHARE, whole_share_bps, WHOLE_SHARE_MIN_BPS, BPS_ONE)?;
    Ok((Wad(target), Bps(share)))
}

/// The terms of a sale: a known curve, a cut from 1 to [`CUT_MAX_RAY`] (unused by the linear curve, which takes 0 too),
/// a step of at least a second, a buffer from 1 to 2, a tail from a minute to a week, a cusp and a floor of at least 1%
/// and at most the oracle's price, a cap from one unit to [`CAP_MAX_RAW`].
///
/// A linear curve reaches zero after its `step`, so its tail must be shorter than that: `tailSecs < stepSecs`.
/// An English auction has a cut from [`RAISE_MIN_RAY`] to [`RAISE_MAX_RAY`], a step of a week at most, a tail of at least a
/// step, and neither buffer nor cusp.
pub fn terms(raw: &RawTerms) -> Result<Terms, OutOfBounds> {
    let number = within(&names::CURVE, raw.curve, 1, 4)?;
    let curve = Curve::from_number(number).unwrap_or(Curve::English); // 4, the last that `within` lets through
    let limits = Limits::of(curve);
    let cut = between(&names::CUT, raw.cut_ray, limits.cut_ray.0, limits.cut_ray.1)?;
    let step = within(&names::STEP, raw.step_secs, ONE_SECOND, limits.step_max_secs)?;
    let buffer = within(&names::BUFFER, raw.buffer_bps, limits.buffer_bps.0, limits.buffer_bps.1)?;
    let (tail_min, tail_max) = match curve {
        Curve::Linear => (TAIL_MIN_SECS, step.saturating_sub(1).min(TAIL_MAX_SECS)),
        Curve::English => (step.max(TAIL_MIN_SECS), TAIL_MAX_SECS),
        Curve::Stairs | Curve::Exponential => (TAIL_MIN_SECS, TAIL_MAX_SECS),
    };
    let tail = within(&names::TAIL, raw.tail_secs, tail_min, tail_max)?;
    let cusp = within(&names::CUSP, raw.cusp_bps, limits.cusp_bps.0, limits.cusp_bps.1)?;
    let floor = within(&names::FLOOR, raw.floor_bps, SHARE_MIN_BPS, BPS_ONE.saturating_sub(1))?;
    let cap = between(&names::CAP, raw.cap_raw, U256::ONE, CAP_MAX_RAW)?;
    Ok(Terms {
        curve,
        cut: Ray(cut),
        step: Secs(step),
        buffer: Bps(buffer),
        tail: Secs(tail),
        cusp: Bps(cusp),
        floor: Bps(floor),
        cap: Raw(cap),
    })
}

/// The bounds that differ between a falling price and bids: least and most.
struct Limits {
    cut_ray: (U256, U256),
    step_max_secs: u64,
    buffer_bps: (u64, u64),
    cusp_bps: (u64, u64),
}

impl Limits {
    fn of(curve: Curve) -> Self {
        let falling = Self {
            cut_ray: (U256::ONE, CUT_MAX_RAY),
            step_max_secs: u64::MAX,
            buffer_bps: (BPS_ONE, BUFFER_MAX_BPS),
            cusp_bps: (SHARE_MIN_BPS, BPS_ONE.saturating_sub(1)),
        };
        match curve {
            Curve::Linear => Self { cut_ray: (U256::ZERO, CUT_MAX_RAY), ..falling },
            Curve::Stairs | Curve::Exponential => falling,
            Curve::English => Self {
                cut_ray: (RAISE_MIN_RAY, RAISE_MAX_RAY),
                step_max_secs: TAIL_MAX_SECS,
                buffer_bps: (0, 0),
                cusp_bps: (0, 0),
            },
        }
    }
}

/// The share of what is due that a keeper earns: at most 10%.
pub fn reward_share(share_bps: U256) -> Result<Bps, OutOfBounds> {
    within(&names::REWARD_SHARE, share_bps, 0, REWARD_SHARE_MAX_BPS).map(Bps)
}

/// The share of its penalty that all rewards of an auction never exceed: at most all of it.
pub fn penalty_share(share_bps: U256) -> Result<Bps, OutOfBounds> {
    within(&names::PENALTY_SHARE, share_bps, 0, BPS_ONE).map(Bps)
}

/// How far sales are stopped, see [`crate::stop`]: a level from 0 to 3.
pub fn sale_stop(level: U256) -> Result<u64, OutOfBounds> {
    within(&names::LEVEL, level, 0, 3)
}

/// The curve of the interest as it came in; the fields are those of `IVault.RateCurve`.
#[derive(Clone, Copy)]
#[allow(missing_docs, reason = "each field is documented where it is used, in interest::YearlyCurve")]
pub struct RawRateCurve {
    pub base_yearly_bps: U256,
    pub kink_percent: U256,
    pub slope1_yearly_bps: U256,
    pub slope2_yearly_bps: U256,
    pub reserve_bps: U256,
}

/// The curve of the interest: a kink from 1 to 99 percent, base and slopes that together, with everything lent, stay at
/// [`RATE_MAX_YEARLY_BPS`] or below, and a share for the surplus of at most all of it.
///
/// The order of the checks is `baseYearlyBps`, `kinkPercent`, `slope1YearlyBps`, `slope2YearlyBps`, `reserveBps`; each of the
/// slopes has what those before it leave.
pub fn rate_curve(raw: &RawRateCurve) -> Result<YearlyCurve, OutOfBounds> {
    let base = within(&names::BASE, raw.base_yearly_bps, 0, RATE_MAX_YEARLY_BPS)?;
    let kink_percent = within(&names::KINK, raw.kink_percent, 1, 99)?;
    let most = RATE_MAX_YEARLY_BPS.saturating_sub(base);
    let slope1 = within(&names::SLOPE1, raw.slope1_yearly_bps, 0, most)?;
    let slope2 = within(&names::SLOPE2, raw.slope2_yearly_bps, 0, most.saturating_sub(slope1))?;
    let reserve = within(&names::RESERVE_SHARE, raw.reserve_bps, 0, BPS_ONE)?;
    Ok(YearlyCurve { base: Bps(base), kink_percent, slope1: Bps(slope1), slope2: Bps(slope2), reserve: Bps(reserve) })
}

/// A feed's heartbeat: from a minute to 48 hours.
pub fn heartbeat(heartbeat_secs: U256) -> Result<Secs, OutOfBounds> {
    within(&names::HEARTBEAT, heartbeat_secs, HEARTBEAT_MIN_SECS, HEARTBEAT_MAX_SECS).map(Secs)
}

/// The sequencer's grace period: four hours at most.
pub fn grace(grace_secs: U256) -> Result<Secs, OutOfBounds> {
    within(&names::GRACE, grace_secs, 0, GRACE_MAX_SECS).map(Secs)
}

/// The length of a ramp that lowers a threshold: from a day to a year.
pub fn ramp(ramp_secs: U256) -> Result<Secs, OutOfBounds> {
    within(&names::RAMP, ramp_secs, RAMP_MIN_SECS, RAMP_MAX_SECS).map(Secs)
}

/// One over a ratio, rounded down: `floor(10^8 / bps)`, and zero for a ratio of zero.
fn per(bps: u64) -> u64 {
    BPS_ONE.saturating_mul(BPS_ONE).checked_div(bps).unwrap_or(0)
}

fn within(name: &'static [u8; 32], value: U256, min: u64, max: u64) -> Result<u64, OutOfBounds> {
    let outside = OutOfBounds { name, value, min: U256::from(min), max: U256::from(max) };
    let narrow = Bps::try_narrow(value).map_err(|_| outside)?.0;
    if narrow < min || narrow > max { Err(outside) } else { Ok(narrow) }
}

fn between(name: &'static [u8; 32], value: U256, min: U256, max: U256) -> Result<U256, OutOfBounds> {
    if value < min || value > max { Err(OutOfBounds { name, value, min, max }) } else { Ok(value) }
}

/// The names of the parameters as `OutOfBounds` reports them.
pub mod names {
    macro_rules! name {
        ($constant:ident, $text:literal) => {
            #[doc = concat!("`", $text, "`, filled up with zeros.")]
            pub static $constant: [u8; 32] = padded($text.as_bytes());
        };
    }

    name!(LTV, "ltvBps");
    name!(THRESHOLD, "thresholdBps");
    name!(PENALTY, "penaltyBps");
    name!(TARGET_HEALTH, "targetHealthWad");
    name!(WHOLE_SHARE, "wholeShareBps");
    name!(CURVE, "curve");
    name!(CUT, "cutRay");
    name!(STEP, "stepSecs");
    name!(BUFFER, "bufferBps");
    name!(TAIL, "tailSecs");
    name!(CUSP, "cuspBps");
    name!(FLOOR, "floorBps");
    name!(CAP, "capRaw");
    name!(REWARD_SHARE, "shareBps");
    name!(PENALTY_SHARE, "maxPenaltyBps");
    name!(LEVEL, "level");
    name!(BASE, "baseYearlyBps");
    name!(KINK, "kinkPercent");
    name!(SLOPE1, "slope1YearlyBps");
    name!(SLOPE2, "slope2YearlyBps");
    name!(RESERVE_SHARE, "reserveBps");
    name!(HEARTBEAT, "heartbeatSecs");
    name!(GRACE, "graceSecs");
    name!(RAMP, "rampSecs");
    name!(DECIMALS, "decimals");

    pub(super) const fn padded(text: &[u8]) -> [u8; 32] {
        let mut name = [0; 32];
        let (head, _) = name.split_at_mut(text.len());
        head.copy_from_slice(text);
        name
    }
}

#[cfg(test)]
mod tests;
