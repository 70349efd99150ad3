//! Daily prices of a real market, made hourly.
//!
//! A day's four prices say nothing about the hours. Ours is the usual reading: the day's extreme against its own direction came
//! first. A day that closed below its open goes open (0h), high (8h), low (16h), close (23h); any other day open, low, high,
//! close. So every published price is met exactly, and nothing lies outside of the day's range.

use super::{ASSETS, PriceError, PricePath, Waypoint, hourly, rows};
use crate::amount::exact_decimal;
use alloy_primitives::U256;

const COLUMNS: &str = "day_open_unix_secs,asset,open,high,low,close";
const DAY_SECS: u64 = 86_400;
const DAY_HOURS: u64 = 24;
/// The hours at which a day's four prices stand.
const HOURS: [u64; 4] = [0, 8, 16, 23];
/// Eighty days: the longest path that is played.
const MAX_DAYS: u64 = 80;

/// Reads the table: for each day one row an asset, in the order of [`ASSETS`], days without a gap.
pub(super) fn parse(text: &str, source: &str) -> Result<PricePath, PriceError> {
    let rows = rows::read(text, COLUMNS)?;
    let Some(first) = rows.first() else {
        return Err(PriceError::TooShort { rows: 0 });
    };
    let start_secs = first.number(0, "day_open_unix_secs")?;
    if start_secs % DAY_SECS != 0 {
        let (line, column) = (first.line, "day_open_unix_secs");
        return Err(PriceError::WrongStart { line, column, given: start_secs, expected: "midnight UTC" });
    }
    let mut waypoints = Vec::new();
    for (day, pair) in (0_u64..).zip(rows.chunks(ASSETS.len())) {
        if day >= MAX_DAYS {
            let line = pair.first().map_or(0, |row| row.line);
            return Err(PriceError::TooLong { line, max: MAX_DAYS.saturating_mul(DAY_HOURS) });
        }
        let expected_secs = start_secs.saturating_add(day.saturating_mul(DAY_SECS));
        let mut courses = [[U256::ZERO; 4]; 2];
        for (index, asset) in ASSETS.iter().enumerate() {
            let Some(row) = pair.get(index) else {
                let line = pair.last().map_or(0, |row| row.line.saturating_add(1));
                let (expected, found) = (format!("{expected_secs},{asset}"), "the end of the file".to_owned());
                return Err(PriceError::WrongRow { line, expected, found });
            };
            expect_row(row, expected_secs, asset)?;
            courses[index] = course(row)?;
        }
        for (moment, hour) in HOURS.iter().enumerate() {
            let hour = day.saturating_mul(DAY_HOURS).saturating_add(*hour);
            waypoints.push(Waypoint { hour, prices_raw: [courses[0][moment], courses[1][moment]] });
        }
    }
    let kind = format!(
        "{} days of open, high, low and close of a market; hours between them are drawn straight",
        waypoints.len().div_euclid(HOURS.len())
    );
    Ok(PricePath { source: source.to_owned(), kind, start_secs, steps: hourly(&waypoints) })
}

fn expect_row(row: &rows::Row, expected_secs: u64, asset: &str) -> Result<(), PriceError> {
    let found_secs = row.number(0, "day_open_unix_secs")?;
    if found_secs == expected_secs && row.text(1) == asset {
        return Ok(());
    }
    Err(PriceError::WrongRow {
        line: row.line,
        expected: format!("{expected_secs},{asset}"),
        found: format!("{found_secs},{}", row.text(1)),
    })
}

/// The four prices in the order in which the day is taken to have met them.
fn course(row: &rows::Row) -> Result<[U256; 4], PriceError> {
    let [open, high, low, close] =
        [row.price(2, "open")?, row.price(3, "high")?, row.price(4, "low")?, row.price(5, "close")?];
    if low > open.min(close) || high < open.max(close) {
        let text = |price| exact_decimal(price, super::PRICE_DECIMALS);
        return Err(PriceError::NotEnclosed {
            line: row.line,
            high: text(high),
            low: text(low),
            open: text(open),
            close: text(close),
        });
    }
    Ok(if close < open { [open, high, low, close] } else { [open, low, high, close] })
}
