//! Gas by operation.

use serde::Serialize;
use std::collections::BTreeMap;

/// The gas of every transaction, by the name of what it did.
#[derive(Debug, Clone, Default)]
pub struct GasLog {
    used: BTreeMap<String, Vec<u64>>,
}

/// One operation: how often it was done and what it took.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct GasRow {
    /// What was done.
    pub operation: String,
    /// How often.
    pub count: usize,
    /// The least gas.
    pub min_gas: u64,
    /// Half of the times it was this or less.
    pub median_gas: u64,
    /// The most gas.
    pub max_gas: u64,
    /// All of it.
    pub total_gas: u64,
}

impl GasLog {
    /// Keeps one transaction.
    pub fn record(&mut self, operation: &str, gas: u64) {
        self.used.entry(operation.to_owned()).or_default().push(gas);
    }

    /// One row for each operation, in alphabetical order.
    pub fn rows(&self) -> Vec<GasRow> {
        self.used
            .iter()
            .filter_map(|(operation, used)| {
                let mut sorted = used.clone();
                sorted.sort_unstable();
                // Of an even number, the lower one in the middle: a figure that was really used.
                let median = sorted.len().checked_sub(1)?.div_euclid(2);
                Some(GasRow {
                    operation: operation.clone(),
                    count: sorted.len(),
                    min_gas: *sorted.first()?,
                    median_gas: *sorted.get(median)?,
                    max_gas: *sorted.last()?,
                    total_gas: sorted.iter().fold(0, |sum, gas| sum.saturating_add(*gas)),
                })
            })
            .collect()
    }
}

#[cfg(test)]
mod tests {
    //! What a row says.
    use super::*;

    #[test]
    fn a_row_has_the_least_the_lower_middle_and_the_most() {
        let mut log = GasLog::default();
        for gas in [40, 10, 30, 20] {
            log.record("take", gas);
        }
        log.record("start", 5);
        let row = |operation: &str, count, min_gas, median_gas, max_gas, total_gas| GasRow {
            operation: operation.into(),
            count,
            min_gas,
            median_gas,
            max_gas,
            total_gas,
        };
        assert_eq!(log.rows(), [row("start", 1, 5, 5, 5, 5), row("take", 4, 10, 20, 40, 100)]);
    }
}
