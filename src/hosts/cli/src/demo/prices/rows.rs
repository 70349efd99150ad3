//! Reading a table of prices: fields with their line numbers, comments left out.

use super::{PRICE_DECIMALS, PriceError};
use crate::amount::{parse_decimal, tokens};
use alloy_primitives::U256;

/// One row and the line it begins in.
pub(super) struct Row {
    pub(super) line: u64,
    fields: csv::StringRecord,
}

/// The rows below the header, which must be `columns`. Lines that begin with `#` are comments.
pub(super) fn read(text: &str, columns: &'static str) -> Result<Vec<Row>, PriceError> {
    let mut reader = csv::ReaderBuilder::new().has_headers(false).comment(Some(b'#')).from_reader(text.as_bytes());
    let mut rows = Vec::new();
    for record in reader.records() {
        let fields = record.map_err(|error| PriceError::Malformed {
            line: error.position().map_or(1, csv::Position::line),
            reason: reason_of(&error),
        })?;
        rows.push(Row { line: fields.position().map_or(1, csv::Position::line), fields });
    }
    let found = rows.first().map_or_else(String::new, |row| row.fields.iter().collect::<Vec<_>>().join(","));
    if found != columns {
        return Err(PriceError::WrongColumns {
            line: rows.first().map_or(1, |row| row.line),
            found,
            expected: columns,
        });
    }
    rows.remove(0);
    Ok(rows)
}

fn reason_of(error: &csv::Error) -> String {
    match error.kind() {
        csv::ErrorKind::UnequalLengths { expected_len, len, .. } => {
            format!("{len} fields, and the header has {expected_len}")
        }
        _ => error.to_string(),
    }
}

impl Row {
    /// The field in a column, as text.
    pub(super) fn text(&self, column: usize) -> &str {
        self.fields.get(column).unwrap_or_default()
    }

    /// The field in a column, as a whole number.
    pub(super) fn number(&self, column: usize, name: &'static str) -> Result<u64, PriceError> {
        let text = self.text(column);
        let is_plain = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
        is_plain.then(|| text.parse().ok()).flatten().ok_or_else(|| PriceError::NotAWholeNumber {
            line: self.line,
            column: name,
            text: text.to_owned(),
        })
    }

    /// The field in a column, as a positive price.
    pub(super) fn price(&self, column: usize, name: &'static str) -> Result<U256, PriceError> {
        let price = parse_decimal(self.text(column), PRICE_DECIMALS).map_err(|problem| PriceError::NotAPrice {
            line: self.line,
            column: name,
            problem,
        })?;
        if price.is_zero() {
            return Err(PriceError::NotPositive { line: self.line, column: name });
        }
        if price > tokens(10_000_000, PRICE_DECIMALS) {
            return Err(PriceError::AboveFeedLimit { line: self.line, column: name });
        }
        Ok(price)
    }
}
