//! The falling price of an auction: three curves, a floor under each, and when an auction must start again.
//!
//! A price is debt base units for one collateral base unit, as a ray. It never rises while an auction runs, and it
//! is never zero: it stops at a floor above zero, and at the floor nothing is sold until a restart.

use units::{BPS_ONE, Bps, OutOfRange, RAY_ONE, Raw, Ray, Secs, U256, mul_div_down, rpow_half_up};

/// How the price falls.
#[derive(Clone, Copy, PartialEq, Eq)]
#[cfg_attr(not(target_arch = "wasm32"), derive(Debug))]
pub enum Curve {
    /// Straight to zero at `step`.
    Linear,
    /// Multiplied by `cut` every `step`.
    Stairs,
    /// Multiplied by `cut` every second.
    Exponential,
    /// No curve: the price is what is bid, see [`crate::english`].
    English,
}

impl Curve {
    /// The curve of a number in `IAuction.Terms`: 1 linear, 2 stairs, 3 exponential, 4 English.
    #[must_use]
    pub fn from_number(number: u64) -> Option<Self> {
        match number {
            1 => Some(Self::Linear),
            2 => Some(Self::Stairs),
            3 => Some(Self::Exponential),
            4 => Some(Self::English),
            _ => None,
        }
    }

    /// The number of the curve in `IAuction.Terms`.
    #[must_use]
    pub fn number(self) -> u64 {
        match self {
            Self::Linear => 1,
            Self::Stairs => 2,
            Self::Exponential => 3,
            Self::English => 4,
        }
    }
}

/// How a collateral is sold. [`crate::bounds::terms`] makes them from numbers that are not trusted yet.
#[derive(Clone, Copy, PartialEq, Eq)]
#[cfg_attr(not(target_arch = "wasm32"), derive(Debug))]
pub struct Terms {
    /// How the price falls.
    pub curve: Curve,
    /// What the price is multiplied with at each step of stairs, each second of the exponential curve; of an English auction,
    /// what a bid is multiplied with for the least next one.
    pub cut: Ray,
    /// The length of a step of stairs; the time to zero of the linear curve; how long an English auction runs at least after a bid.
    pub step: Secs,
    /// The start price over the oracle's.
    pub buffer: Bps,
    /// An auction older than this needs a restart; bids of an English auction are taken for as long as this at least.
    pub tail: Secs,
    /// A price below this share of the start price needs a restart.
    pub cusp: Bps,
    /// The floor, the reserve price of an English auction, as a share of the oracle's price at the start.
    pub floor: Bps,
    /// The most that may be due at once in all auctions of this collateral.
    pub cap: Raw,
}

/// Where the price of an auction starts and stops.
#[derive(Clone, Copy, PartialEq, Eq)]
#[cfg_attr(not(target_arch = "wasm32"), derive(Debug))]
pub struct Start {
    /// The price at the first second.
    pub top: Ray,
    /// The price below which it never falls; at least one unit of ray.
    pub floor: Ray,
}

/// Whether the sequencer has been up ever since an auction started.
#[derive(Clone, Copy, PartialEq, Eq)]
#[cfg_attr(not(target_arch = "wasm32"), derive(Debug))]
pub enum Uptime {
    /// It has: buyers had all the time the curve gave them.
    Unbroken,
    /// It has not, or is down now: the price fell while nobody could buy.
    Broken,
}

impl Uptime {
    /// Compares the sequencer's present state, as `IOracle.sequencerStatus` gives it, with the start of an auction.
    #[must_use]
    pub fn since_start(is_up: bool, since_secs: U256, started_at: Secs) -> Self {
        if is_up && since_secs <= started_at.widen() { Self::Unbroken } else { Self::Broken }
    }
}

/// Where an auction begins: `top = floor(price * buffer)`, `floor = max(1, floor(price * floor_share))`.
///
/// Both round down, which is the buyers' gain of less than a unit of ray. An English auction begins at its floor. Refuses a price of zero,
/// and one of so few units of ray that a falling price would begin at its floor, where nothing is sold.
/// At a price of 2000 ray, a buffer of 11000 and a floor of 3000 bps it starts at 2200 and stops at 600 ray.
pub fn start(price: Ray, terms: &Terms) -> Result<Start, OutOfRange> {
    if price.is_zero() {
        return Err(OutOfRange);
    }
    let floor = share_down(price, terms.floor)?.max(Ray(U256::ONE));
    if terms.curve == Curve::English {
        return Ok(Start { top: floor, floor });
    }
    let top = share_down(price, terms.buffer)?;
    if top > floor { Ok(Start { top, floor }) } else { Err(OutOfRange) }
}

/// The price after `elapsed`: the curve, or the floor where the curve is below it or there is none.
///
/// Bought at the floor nothing is: [`needs_restart`] is true there.
pub fn price_at(terms: &Terms, start: &Start, elapsed: Secs) -> Result<Ray, OutOfRange> {
    let curve = match terms.curve {
        Curve::Linear => linear_down(start.top, terms.step, elapsed)?,
        Curve::Stairs => stairs_down(start.top, terms.cut, terms.step, elapsed)?,
        Curve::Exponential => exponential_down(start.top, terms.cut, elapsed)?,
        Curve::English => start.floor,
    };
    Ok(curve.max(start.floor))
}

/// Whether an auction can only go on after a restart: it is older than its tail, its price is below the cusp,
/// its price is at the floor, or the sequencer was down since it started.
///
/// The cusp is compared with `floor(price / top)`, both strict as in Maker: at the tail and at the cusp one may buy.
pub fn needs_restart(
    terms: &Terms,
    start: &Start,
    elapsed: Secs,
    price: Ray,
    uptime: Uptime,
) -> Result<bool, OutOfRange> {
    let left_ray = mul_div_down(price.0, RAY_ONE, start.top.0)?;
    Ok(uptime == Uptime::Broken || elapsed > terms.tail || Ray(left_ray) < terms.cusp.to_ray() || price <= start.floor)
}

/// `floor(top * floor((length - elapsed) * RAY / length) / RAY)`, and zero from `length` on.
///
/// A top of 1000 ray over 3600 s is 900 ray after 360 s.
pub fn linear_down(top: Ray, length: Secs, elapsed: Secs) -> Result<Ray, OutOfRange> {
    let Ok(left) = length.try_since(elapsed) else {
        return Ok(Ray::ZERO);
    };
    if left.0 == 0 {
        return Ok(Ray::ZERO);
    }
    let left_ray = mul_div_down(left.widen(), RAY_ONE, length.widen())?;
    mul_div_down(top.0, left_ray, RAY_ONE).map(Ray)
}

/// `floor(top * cut^floor(elapsed / step) / RAY)`, the power rounded half up at each multiplication.
///
/// A top of 5 ray cut by 0.99 every second is 2.735783211953807380973706855 ray after 60 s. Refuses a step of zero.
pub fn stairs_down(top: Ray, cut: Ray, step: Secs, elapsed: Secs) -> Result<Ray, OutOfRange> {
    let steps = elapsed.0.checked_div(step.0).ok_or(OutOfRange)?;
    exponential_down(top, cut, Secs(steps))
}

/// `floor(top * cut^elapsed / RAY)`, the power rounded half up at each multiplication.
pub fn exponential_down(top: Ray, cut: Ray, elapsed: Secs) -> Result<Ray, OutOfRange> {
    let power = rpow_half_up(cut.0, elapsed.0)?;
    mul_div_down(top.0, power, RAY_ONE).map(Ray)
}

fn share_down(price: Ray, share: Bps) -> Result<Ray, OutOfRange> {
    mul_div_down(price.0, share.widen(), U256::from(BPS_ONE)).map(Ray)
}

#[cfg(test)]
mod tests;
