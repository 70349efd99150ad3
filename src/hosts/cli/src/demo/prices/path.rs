//! A price path: waypoints joined by straight lines, one step an hour.

use alloy_primitives::U256;
use units::{mul_div_down, mul_div_up};

/// Prices of all assets at one hour, with [`super::PRICE_DECIMALS`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Waypoint {
    /// Hours since the start.
    pub hour: u64,
    /// One price an asset, in the order of [`super::ASSETS`].
    pub prices_raw: [U256; 2],
}

/// One hour of a path.
pub type Step = Waypoint;

/// What the demo plays.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PricePath {
    /// Where it comes from, in words.
    pub source: String,
    /// Whether it is real, and what was done to it, in words.
    pub kind: String,
    /// The time of hour zero, seconds since 1970.
    pub start_secs: u64,
    /// One step for each hour, beginning with hour zero.
    pub steps: Vec<Step>,
}

/// One step for each hour from the first waypoint to the last. The waypoints are in ascending order.
///
/// `price = from + (to - from) * passed / all`, rounded toward `from`: a waypoint's own price is met exactly.
///
/// ```
/// use alloy_primitives::U256;
/// use spillway_cli::demo::prices::{Waypoint, hourly};
/// let at = |hour, price| Waypoint { hour, prices_raw: [U256::from(price), U256::from(7)] };
/// let steps = hourly(&[at(0, 100), at(3, 90)]);
/// let prices: Vec<u64> = steps.iter().map(|step| step.prices_raw[0].to()).collect();
/// assert_eq!(prices, [100, 97, 94, 90]);
/// ```
pub fn hourly(waypoints: &[Waypoint]) -> Vec<Step> {
    let mut steps = Vec::new();
    for pair in waypoints.windows(2) {
        let [from, to] = pair else { continue };
        for hour in from.hour..to.hour {
            steps.push(between(from, to, hour));
        }
    }
    steps.extend(waypoints.last().copied());
    steps
}

fn between(from: &Waypoint, to: &Waypoint, hour: u64) -> Step {
    let (passed, all) = (U256::from(hour.saturating_sub(from.hour)), U256::from(to.hour.saturating_sub(from.hour)));
    let mut prices_raw = from.prices_raw;
    for (price, target) in prices_raw.iter_mut().zip(to.prices_raw) {
        *price = if target >= *price {
            let rise = mul_div_down(target.saturating_sub(*price), passed, all).unwrap_or_default();
            price.saturating_add(rise)
        } else {
            // The fall is rounded down as well, so that both directions stay on the side of the earlier price.
            let left = mul_div_up(price.saturating_sub(target), all.saturating_sub(passed), all).unwrap_or_default();
            target.saturating_add(left)
        };
    }
    Step { hour, prices_raw }
}
