//! A path that somebody drew: one waypoint a row, hours ascending from zero.

use super::{PriceError, Waypoint, rows};

const COLUMNS: &str = "hour,eth_usd,btc_usd";
/// Eighty days: the longest path that is played.
const MAX_HOURS: u64 = 1_920;

/// Reads the waypoints.
pub(super) fn parse(text: &str) -> Result<Vec<Waypoint>, PriceError> {
    let mut waypoints: Vec<Waypoint> = Vec::new();
    for row in rows::read(text, COLUMNS)? {
        let (line, hour) = (row.line, row.number(0, "hour")?);
        match waypoints.last() {
            None if hour != 0 => {
                return Err(PriceError::WrongStart {
                    line,
                    column: "hour",
                    given: hour,
                    expected: "start: a path begins at 0",
                });
            }
            Some(before) if hour <= before.hour => {
                return Err(PriceError::NotAscending { line, column: "hour", given: hour, before: before.hour });
            }
            _ => {}
        }
        if hour > MAX_HOURS {
            return Err(PriceError::TooLong { line, max: MAX_HOURS });
        }
        waypoints.push(Waypoint { hour, prices_raw: [row.price(1, "eth_usd")?, row.price(2, "btc_usd")?] });
    }
    if waypoints.len() < 2 {
        return Err(PriceError::TooShort { rows: waypoints.len() });
    }
    Ok(waypoints)
}
