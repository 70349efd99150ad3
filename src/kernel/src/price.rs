//! Whether a feed's answer may be used, and what it says: the checks of the oracle as functions of what was read.
//!
//! The order of the checks: a feed is set, not stopped, and answers; the sequencer's feed answers, it is up, initialised and its
//! grace period over; the round is complete, positive, not from the future, fresh, in range and in the band; the decimals are
//! those of the beginning ([`read_round`], [`Band`]); then the second source, the jump ([`verdict`]) and the rate.
//! The first that fails gives the [`Status`]. Reading the feeds is the contract's job; so are the refusals that only a call can find.

use units::{OutOfRange, RAY_ONE, Ray, Secs, U256, Wad, div_down, mul_div_down, mul_div_up, ten_to, try_mul};

pub use status::Status;

mod status;
pub mod verdict;

/// The highest usable price, 10^18 USD for one whole token, as a wad.
pub const PRICE_MAX_WAD: Wad = Wad(U256::from_limbs([12_919_594_847_110_692_864, 54_210_108_624_275_221, 0, 0]));

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
    const NOTHING: Reading =
        Reading { price_wad: Wad::ZERO, updated_at_secs: U256::ZERO, status: Status::RoundIncomplete };
    if round.updated_at_secs.is_zero() {
        return NOTHING;
    }
    if round.answer.is_zero() || round.answer.bit(255) {
        return Reading { status: Status::AnswerNotPositive, ..NOTHING };
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
        Reading { price_wad, updated_at_secs: round.updated_at_secs, status }
    } else {
        Reading { status, ..NOTHING }
    }
}

/// The prices that are believed; outside of them something is wrong with the feed.
#[derive(Clone, Copy, PartialEq, Eq)]
#[cfg_attr(not(target_arch = "wasm32"), derive(Debug))]
pub struct Band {
    /// The lowest price that is believed.
    pub min_wad: Wad,
    /// The highest price that is believed.
    pub max_wad: Wad,
}

impl Band {
    /// A reading that was usable is so only inside the band, both ends included; the price stays shown.
    ///
    /// With a band from 0.9 to 1.1, a stable coin at 0.89 is refused however fresh the answer.
    #[must_use]
    pub fn check(&self, reading: Reading) -> Reading {
        let is_inside = self.min_wad <= reading.price_wad && reading.price_wad <= self.max_wad;
        match reading.status {
            Status::Usable if !is_inside => Reading { status: Status::PriceOutOfBand, ..reading },
            _ => reading,
        }
    }
}

/// Checks the sequencer's uptime feed: up (its answer is zero), initialised, and up for longer than `grace`.
///
/// Exactly `grace` seconds after the sequencer came back its prices still rest, as in Chainlink's own example.
/// A start in the future counts as this very second.
#[must_use]
pub fn check_sequencer(answer: U256, started_at_secs: U256, grace: Secs, now: Secs) -> Status {
    if !answer.is_zero() {
        return Status::SequencerDown;
    }
    if started_at_secs.is_zero() {
        return Status::SequencerUninitialised;
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

/// What `amount` base units of one asset are worth in base units of another, rounded down:
/// `floor(amount * base_price * 10^quote_decimals / (quote_price * 10^base_decimals))`.
///
/// The buyer of the quote loses the odd unit. Refuses a quote price of zero, decimals above 38 and a result above 256 bits.
///
/// At 2000 USD, one ether of 10^18 units is 2,000,000,000 units of a dollar with 6 decimals.
pub fn quote_down(
    amount: U256,
    base_price: Wad,
    base_decimals: u8,
    quote_price: Wad,
    quote_decimals: u8,
) -> Result<U256, OutOfRange> {
    let numerator = try_mul(base_price.0, ten_to(quote_decimals)?)?;
    let denominator = try_mul(quote_price.0, ten_to(base_decimals)?)?;
    mul_div_down(amount, numerator, denominator)
}

fn to_wad_down(answer: U256, decimals: u8) -> Result<Wad, OutOfRange> {
    match 18_u8.checked_sub(decimals) {
        Some(missing) => try_mul(answer, ten_to(missing)?).map(Wad),
        None => div_down(answer, ten_to(decimals.saturating_sub(18))?).map(Wad),
    }
}

#[cfg(test)]
mod tests;
