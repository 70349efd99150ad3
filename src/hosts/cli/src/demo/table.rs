//! What a person reads: a row for every hour that matters, then the summary.

use super::{
    keepers::Scanned,
    parameters as set,
    prices::{PRICE_DECIMALS, PricePath},
    stage::{Record, Stage},
    summary::Summary,
};
use crate::{amount::short_decimal, error::Failure, output::print_line};
use alloy_primitives::U256;
use units::{BPS_ONE, mul_div_down};

/// Whether rows are printed as they come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Output {
    /// They are.
    Live,
    /// They are not: stdout is for one document.
    Silent,
}

/// One hour, as its row says it.
#[derive(Debug, Clone)]
pub(super) struct Hour {
    begin_secs: u64,
    prices_raw: [U256; 2],
    unsafe_vaults: u64,
    started: u64,
    pub(super) restarted: u64,
    pub(super) running: usize,
    sold_raw: U256,
    best_bps: Option<U256>,
}

impl Hour {
    pub(super) const fn begin(begin_secs: u64, prices_raw: [U256; 2]) -> Self {
        Self {
            begin_secs,
            prices_raw,
            unsafe_vaults: 0,
            started: 0,
            restarted: 0,
            running: 0,
            sold_raw: U256::ZERO,
            best_bps: None,
        }
    }

    pub(super) fn add(&mut self, scanned: Scanned) {
        self.unsafe_vaults = self.unsafe_vaults.max(scanned.unsafe_vaults);
        self.started = self.started.saturating_add(scanned.started);
    }

    /// Takes in what was sold since there were `before` fills, and the lowest price seen against the market.
    pub(super) fn see_fills(&mut self, stage: &Stage, before: usize) {
        for fill in stage.ledger.fills.iter().skip(before) {
            self.sold_raw = self.sold_raw.saturating_add(fill.owed_raw);
        }
        for watched in stage.record.auctions.values() {
            for sample in watched.samples.iter().rev().take_while(|sample| sample.timestamp_secs >= self.begin_secs) {
                let share = mul_div_down(sample.price_ray, U256::from(BPS_ONE), sample.market_ray).ok();
                self.best_bps = match (self.best_bps, share) {
                    (Some(best), Some(share)) => Some(best.min(share)),
                    (best, share) => best.or(share),
                };
            }
        }
    }

    fn is_busy(&self) -> bool {
        self.unsafe_vaults > 0 || self.started > 0 || self.running > 0 || !self.sold_raw.is_zero()
    }
}

/// Quiet hours get a row this often.
const QUIET_SECS: u64 = 43_200;

/// The table as it is printed.
pub(super) struct Table {
    output: Output,
    notes_printed: usize,
}

impl Table {
    pub(super) fn new(output: Output, path: &PricePath) -> Result<Self, Failure> {
        let table = Self { output, notes_printed: 0 };
        table.print(&format!("prices: {} ({})", path.source, path.kind))?;
        table.print(&format!(
            "{:<16} {:>10} {:>12} {:>7} {:>8} {:>9} {:>8} {:>12} {:>14}",
            "time (UTC)", "ETH USD", "BTC USD", "unsafe", "started", "restarted", "running", "best price", "sold USD"
        ))?;
        Ok(table)
    }

    /// Prints what was announced since, and the hour's row if it matters.
    pub(super) fn hour(&mut self, record: &Record, hour: &Hour) -> Result<(), Failure> {
        self.notes(record)?;
        if !hour.is_busy() && !hour.begin_secs.is_multiple_of(QUIET_SECS) {
            return Ok(());
        }
        let [eth, btc] = hour.prices_raw.map(|price| short_decimal(price, PRICE_DECIMALS, 2));
        let best = hour.best_bps.map_or_else(|| "-".to_owned(), |bps| format!("{}%", short_decimal(bps, 2, 2)));
        let sold =
            if hour.sold_raw.is_zero() { "-".to_owned() } else { short_decimal(hour.sold_raw, set::DEBT_DECIMALS, 2) };
        self.print(&format!(
            "{:<16} {eth:>10} {btc:>12} {:>7} {:>8} {:>9} {:>8} {best:>12} {sold:>14}",
            utc(hour.begin_secs),
            hour.unsafe_vaults,
            hour.started,
            hour.restarted,
            hour.running,
        ))
    }

    /// Prints what was announced since.
    pub(super) fn notes(&mut self, record: &Record) -> Result<(), Failure> {
        for (secs, text) in record.notes.iter().skip(self.notes_printed) {
            self.print(&format!("{:<16} -- {text}", utc(*secs)))?;
        }
        self.notes_printed = record.notes.len();
        Ok(())
    }

    fn print(&self, line: &str) -> Result<(), Failure> {
        if self.output == Output::Live { print_line(line) } else { Ok(()) }
    }
}

/// `2020-03-12 10:00` for a time in seconds since 1970.
pub(super) fn utc(secs: u64) -> String {
    let date = i64::try_from(secs).ok().and_then(|secs| time::OffsetDateTime::from_unix_timestamp(secs).ok());
    date.map_or_else(
        || format!("{secs} s"),
        |date| {
            format!(
                "{}-{:02}-{:02} {:02}:{:02}",
                date.year(),
                u8::from(date.month()),
                date.day(),
                date.hour(),
                date.minute()
            )
        },
    )
}

/// The summary, line by line.
pub(super) fn summary_lines(summary: &Summary) -> Vec<String> {
    let mut lines = vec![String::new(), format!("auctions: {}", summary.auctions.in_words())];
    lines.push(String::new());
    lines.push(format!("{:<44} {:>22}", "debt asset", "USD"));
    for line in &summary.debt {
        lines.push(format!("  {:<42} {:>22}", line.what, line.amount));
    }
    lines.push(String::new());
    lines.push(format!("{:<44} {:>22}", "lenders and stakers", "USD"));
    for line in &summary.lenders_and_stakers {
        lines.push(format!("  {:<42} {:>22}", line.what, line.amount));
    }
    for collateral in &summary.collaterals {
        lines.push(String::new());
        lines.push(format!("{:<44} {:>30}", "collateral", collateral.name));
        for line in &collateral.lines {
            lines.push(format!("  {:<42} {:>30}", line.what, line.amount));
        }
    }
    lines.push(String::new());
    lines.push(format!("{:<28} {:>7} {:>12} {:>12} {:>12}", "gas", "count", "min", "median", "max"));
    for row in &summary.gas {
        lines.push(format!(
            "  {:<26} {:>7} {:>12} {:>12} {:>12}",
            row.operation, row.count, row.min_gas, row.median_gas, row.max_gas
        ));
    }
    lines.push(String::new());
    lines.push(format!("decisions: {}", summary.decisions_in_words()));
    lines.push(String::new());
    let holding = summary.identities.iter().filter(|identity| identity.holds).count();
    lines.push(format!("accounts: {holding} of {} identities hold to the unit", summary.identities.len()));
    for identity in &summary.identities {
        lines.push(format!("  {} {}", if identity.holds { "ok    " } else { "BROKEN" }, identity.text));
    }
    lines
}

#[cfg(test)]
mod tests {
    //! How times are written.
    use super::utc;

    #[test]
    fn a_time_is_written_as_a_date_in_utc() {
        assert_eq!(utc(1_584_007_200), "2020-03-12 10:00");
        assert_eq!(utc(0), "1970-01-01 00:00");
    }
}
