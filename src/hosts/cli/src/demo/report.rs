//! The report: one HTML file that needs nothing from elsewhere, with the charts as SVG inside of it.

mod charts;

use super::{stage::Record, summary::Summary, table::utc};
use std::fmt::Write;

const STYLE: &str = "body{font:16px/1.5 system-ui,sans-serif;margin:2rem auto;max-width:64rem;padding:0 1rem;color:#1b1b1b;background:#fff}\
h1{margin-bottom:.2rem}table{border-collapse:collapse;margin:1rem 0}td,th{padding:.15rem .8rem;border-bottom:1px solid #ddd;text-align:left}\
td.n,th.n{text-align:right;font-variant-numeric:tabular-nums}.ok{color:#00603f}.broken{color:#b00020;font-weight:bold}\
svg{width:100%;height:auto;border:1px solid #eee}figcaption{color:#555}figure{margin:1.5rem 0}";

/// The report as HTML.
pub fn html(summary: &Summary, record: &Record) -> String {
    let mut page = String::new();
    // Writing to a String does not fail.
    let _ = write_page(&mut page, summary, record);
    page
}

fn write_page(page: &mut String, summary: &Summary, record: &Record) -> std::fmt::Result {
    let broken = summary.identities.iter().filter(|identity| !identity.holds).count();
    writeln!(
        page,
        "<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><title>Spillway: a crash, liquidated</title>"
    )?;
    writeln!(page, "<meta name=\"viewport\" content=\"width=device-width\"><style>{STYLE}</style></head><body>")?;
    writeln!(page, "<h1>A crash, liquidated</h1>")?;
    writeln!(
        page,
        "<p>Prices: {} ({}), {} hours.</p>",
        escape(&summary.prices.source),
        escape(&summary.prices.kind),
        summary.prices.hours
    )?;
    writeln!(page, "<p>Auctions: {}.</p>", escape(&summary.auctions.in_words()))?;
    match broken {
        0 => writeln!(page, "<p class=\"ok\">All {} identities hold to the unit.</p>", summary.identities.len())?,
        _ => writeln!(page, "<p class=\"broken\">{broken} of {} identities are broken.</p>", summary.identities.len())?,
    }
    figure(page, &charts::prices(record), "Prices, as a share of the first, in percent")?;
    figure(
        page,
        &charts::curves(summary, record),
        "Price of every auction against the market, in percent, from its start or restart on; dots are slices sold",
    )?;
    figure(
        page,
        &charts::fills(summary, record),
        "Slices sold: when, and at which price against the market, in percent",
    )?;
    write_accounts(page, summary)?;
    write_gas(page, summary)?;
    write_decisions(page, summary)?;
    writeln!(page, "</body></html>")
}

fn figure(page: &mut String, svg: &str, caption: &str) -> std::fmt::Result {
    writeln!(page, "<figure>{svg}<figcaption>{caption}</figcaption></figure>")
}

fn write_accounts(page: &mut String, summary: &Summary) -> std::fmt::Result {
    writeln!(page, "<h2>What was paid</h2><table><tr><th>debt asset</th><th class=\"n\">USD</th></tr>")?;
    for line in &summary.debt {
        writeln!(page, "<tr><td>{}</td><td class=\"n\">{}</td></tr>", escape(line.what), escape(&line.amount))?;
    }
    writeln!(page, "</table>")?;
    writeln!(page, "<table><tr><th>lenders and stakers</th><th class=\"n\">USD</th></tr>")?;
    for line in &summary.lenders_and_stakers {
        writeln!(page, "<tr><td>{}</td><td class=\"n\">{}</td></tr>", escape(line.what), escape(&line.amount))?;
    }
    writeln!(page, "</table>")?;
    for collateral in &summary.collaterals {
        writeln!(page, "<table><tr><th>collateral</th><th class=\"n\">{}</th></tr>", escape(&collateral.name))?;
        for line in &collateral.lines {
            writeln!(page, "<tr><td>{}</td><td class=\"n\">{}</td></tr>", escape(line.what), escape(&line.amount))?;
        }
        writeln!(page, "</table>")?;
    }
    writeln!(page, "<h2>Identities</h2><table>")?;
    for identity in &summary.identities {
        let (class, word) = if identity.holds { ("ok", "holds") } else { ("broken", "broken") };
        writeln!(page, "<tr><td class=\"{class}\">{word}</td><td>{}</td></tr>", escape(&identity.text))?;
    }
    writeln!(page, "</table>")
}

fn write_gas(page: &mut String, summary: &Summary) -> std::fmt::Result {
    writeln!(
        page,
        "<h2>Gas by operation</h2><table><tr><th>operation</th><th class=\"n\">count</th><th class=\"n\">min</th><th class=\"n\">median</th><th class=\"n\">max</th></tr>"
    )?;
    for row in &summary.gas {
        writeln!(
            page,
            "<tr><td>{}</td><td class=\"n\">{}</td><td class=\"n\">{}</td><td class=\"n\">{}</td><td class=\"n\">{}</td></tr>",
            escape(&row.operation),
            row.count,
            row.min_gas,
            row.median_gas,
            row.max_gas
        )?;
    }
    writeln!(page, "</table>")
}

fn write_decisions(page: &mut String, summary: &Summary) -> std::fmt::Result {
    writeln!(page, "<h2>Decisions</h2><table><tr><th>who</th><th>what</th><th class=\"n\">times</th></tr>")?;
    for (who, counts) in &summary.decisions {
        for (what, times) in counts {
            writeln!(page, "<tr><td>{who}</td><td>{what}</td><td class=\"n\">{times}</td></tr>")?;
        }
    }
    writeln!(page, "</table><h2>On the way</h2><table>")?;
    for note in &summary.notes {
        writeln!(page, "<tr><td>{}</td><td>{}</td></tr>", utc(note.timestamp_secs), escape(&note.text))?;
    }
    writeln!(page, "</table>")
}

/// Text that HTML shows as it is.
fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

#[cfg(test)]
mod tests;
