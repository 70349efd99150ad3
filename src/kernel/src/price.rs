//! Whether a feed's answer may be used, and what it says: the checks of the oracle as functions of what was read.
//!
//! The numbers of [`Status`] are those of `IOracle.peek`. Reading the feeds is the contract's job; so are the two
//! refusals that only a call can find (1 feed not set, 2 and 6 unreadable).

use units::{OutOfRange, RAY_ONE, Ray, Secs, U256, Wad, div_down, mul_div_up, ten_to, try_mul};

/// The highest usable price, 10^18 USD for one whole token, as a wad.
pub const PRICE_MAX_WAD: Wad = Wad(U256::from_limbs([
    12_919_594_847_110_692_864,
    54_210_108_624_275_221,
    0,
    0,
]));

/// Whether a price may be used, or the number of the first check that failed, as `IOracle.peek` gives it.
#[derive(Clone, Copy, PartialEq, Eq)]
#[cfg_attr(not(target_arch = "wasm32"), derive(Debug))]
#[repr(u8)]
pub enum Status {
    /// Every check passed.
    Usable = 0,
    /// No feed is set for this asset.
    FeedNotSet = 1,
    /// The sequencer's uptime feed did not answer with a round.
    SequencerUnreadable = 2,
    /// The sequencer's uptime feed has no round yet: its round started at zero.
    SequencerUninitialised = 3,
    /// The sequencer is down.
    SequencerDown = 4,
    /// The sequencer is up, but not for longer than the grace period.
    SequencerGrace = 5,
    /// The feed did not answer with a round.
    FeedUnreadable = 6,
    /// The round has not been answered yet: it was updated at zero.
    RoundIncomplete = 7,
    /// The answer is zero or below.
    AnswerNotPositive = 8,
    /// The answer is newer than now.
    AnswerFromFuture = 9,
    /// The answer is older than the feed's heartbeat.
    AnswerStale = 10,
    /// The price is zero after rounding, or above [`PRICE_MAX_WAD`].
    PriceOutOfRange = 11,
}

impl Status {
    /// The number of the status in `IOracle.peek`.
    #[must_use]
    pub fn number(self) -> u8 {
        match self {
            Self::Usable => 0,
            Self::FeedNotSet => 1,
            Self::SequencerUnreadable => 2,
            Self::SequencerUninitialised => 3,
            Self::SequencerDown => 4,
            Self::SequencerGrace => 5,
            Self::FeedUnreadable => 6,
            Self::RoundIncomplete => 7,
            Self::AnswerNotPositive => 8,
            Self::AnswerFromFuture => 9,
            Self::AnswerStale => 10,
            Self::PriceOutOfRange => 11,
        }
    }
}

/// A round as a Chainlink-style feed answered it. The words come from a stranger, so nothing is assumed of them.
#[derive(Clone, Copy)]
pub struct Round {
    /// The answer as the ABI carries it: a 256-bit two's complement word.
    pub answer: U256,
    /// When it was answered; zero where it has not been.
    pub updated_at_secs: U256,
}

/// What a round says. Price and time are zero where the round says nothing usable.
#[derive(Clone, Copy, PartialEq, Eq)]
#[cfg_attr(not(target_arch = "wasm32"), derive(Debug))]
pub struct Reading {
    /// USD for one whole token, rounded down from the feed's decimals.
    pub price_wad: Wad,
    /// When the feed answered.
    pub updated_at_secs: U256,
    /// Whether the price may be used; from [`Status::RoundIncomplete`] on in the order of the checks.
    pub status: Status,
}

/// Checks a round and converts its answer: complete, positive, not from the future, not older than `heartbeat`, in range.
///
/// `price_wad = floor(answer * 10^18 / 10^decimals)`; with 18 decimals or fewer nothing is lost.
/// An answer that is exactly `heartbeat` old passes, and so does one of this very second.
/// Statuses 9 and 10 keep the price where it is in range, so that a page can show a stale price as stale.
///
/// An answer of 250_000_000_000 with 8 decimals is 2500 USD: `Wad(2500 * 10^18)`.
#[must_use]
pub fn read_round(round: &Round, decimals: u8, heartbeat: Secs, now: Secs) -> Reading {
    const NOTHING: Reading = Reading {
        price_wad: Wad::ZERO,
        updated_at_secs: U256::ZERO,
        status: Status::RoundIncomplete,
    };
    if round.updated_at_secs.is_zero() {
        return NOTHING;
    }
    if round.answer.is_zero() || round.answer.bit(255) {
        return Reading {
            status: Status::AnswerNotPositive,
            ..NOTHING
        };
    }
    let price_wad = to_wad_down(round.answer, decimals).unwrap_or(Wad::ZERO);
    let is_in_range = !price_wad.is_zero() && price_wad <= PRICE_MAX_WAD;
    let status = match now.widen().checked_sub(round.updated_at_secs) {
        None => Status::AnswerFromFuture,
        Some(age_secs) if age_secs > heartbeat.widen() => Status::AnswerStale,
        Some(_) if !is_in_range => Status::PriceOutOfRange,
        Some(_) => Status::Usable,
    };
    if is_in_range {
        Reading {
            price_wad,
            updated_at_secs: round.updated_at_secs,
            status,
        }
    } else {
        Reading { status, ..NOTHING }
    }
}

/// Checks the sequencer's uptime feed: initialised, up (its answer is zero), and up for longer than `grace`.
///
/// Exactly `grace` seconds after the sequencer came back its prices still rest, as in Chainlink's own example.
/// A start in the future counts as this very second.
#[must_use]
pub fn check_sequencer(answer: U256, started_at_secs: U256, grace: Secs, now: Secs) -> Status {
    if started_at_secs.is_zero() {
        return Status::SequencerUninitialised;
    }
    if !answer.is_zero() {
        return Status::SequencerDown;
    }
    if now.widen().saturating_sub(started_at_secs) <= grace.widen() {
        return Status::SequencerGrace;
    }
    Status::Usable
}

/// Debt base units for one collateral base unit:
/// `ceil(collateral_price * 10^debt_decimals * 10^27 / (debt_price * 10^collateral_decimals))`.
///
/// Rounded up, so that a lot sold at this price is never a unit larger than what is due for it: the borrower keeps it.
/// Refuses a price of zero and decimals above 38.
///
/// One WETH at 2500 USD (18 decimals) in USDC at 1 USD (6 decimals) is `2500 * 10^6 / 10^18` units a unit:
/// `Ray(2_500_000_000_000_000_000)`.
pub fn price_ray_up(
    collateral_price_wad: Wad,
    collateral_decimals: u8,
    debt_price_wad: Wad,
    debt_decimals: u8,
) -> Result<Ray, OutOfRange> {
    if collateral_price_wad.is_zero() {
        return Err(OutOfRange);
    }
    let numerator = try_mul(collateral_price_wad.0, ten_to(debt_decimals)?)?;
    let denominator = try_mul(debt_price_wad.0, ten_to(collateral_decimals)?)?;
    mul_div_up(numerator, RAY_ONE, denominator).map(Ray)
}

fn to_wad_down(answer: U256, decimals: u8) -> Result<Wad, OutOfRange> {
    match 18_u8.checked_sub(decimals) {
        Some(missing) => try_mul(answer, ten_to(missing)?).map(Wad),
        None => div_down(answer, ten_to(decimals.saturating_sub(18))?).map(Wad),
    }
}

#[cfg(test)]
mod tests;
