//! The charts, drawn by plotters as SVG text. Floating point stands here only: nothing is decided by a drawing.

use crate::demo::{
    stage::{Record, Sample},
    summary::Summary,
};
use alloy_primitives::U256;
use plotters::prelude::*;
use std::collections::BTreeMap;

const SIZE: (u32, u32) = (960, 360);
/// Blue and orange: told apart by every kind of eyes.
const COLOURS: [RGBColor; 2] = [RGBColor(0, 90, 181), RGBColor(214, 95, 0)];
const HOUR_SECS: f64 = 3_600.0;

type Points = Vec<(f64, f64)>;

/// A line or a scatter of one colour.
struct Series {
    label: Option<&'static str>,
    colour: RGBColor,
    style: Style,
    points: Points,
}

/// Both prices as shares of their first.
pub(super) fn prices(record: &Record) -> String {
    let begin_secs = record.prices.first().map_or(0, |(secs, _)| *secs);
    let series = ["ETH", "BTC"].into_iter().enumerate().map(|(place, label)| {
        let first = record.prices.first().map_or(1.0, |(_, prices)| number(prices[place]));
        let points = record
            .prices
            .iter()
            .map(|(secs, prices)| (hours(begin_secs, *secs), percent(number(prices[place]), first)));
        Series { label: Some(label), colour: COLOURS[place], style: Style::Lines, points: points.collect() }
    });
    draw(&series.collect::<Vec<_>>(), "hours", "% of the first price")
}

/// Each auction's price against the market. A restart begins a new line, because the price jumps up. Dots are slices sold.
pub(super) fn curves(summary: &Summary, record: &Record) -> String {
    let mut sold_at: BTreeMap<U256, Vec<u64>> = BTreeMap::new();
    for fill in &summary.fills {
        sold_at.entry(fill.auction_id.parse().unwrap_or_default()).or_default().push(fill.timestamp_secs);
    }
    let mut series = Vec::new();
    let mut sold = Series { label: Some("slices sold"), colour: BLACK, style: Style::Dots, points: Vec::new() };
    let mut labels = [Some("WETH"), Some("WBTC")];
    for (auction_id, watched) in &record.auctions {
        let sold_at = sold_at.get(auction_id).map_or(&[][..], Vec::as_slice);
        for run in runs(&watched.samples) {
            let begin_secs = run.first().map_or(0, |sample| sample.timestamp_secs);
            let point = |sample: &Sample| (hours(begin_secs, sample.timestamp_secs) * 60.0, against_market(sample));
            sold.points.extend(run.iter().filter(|sample| sold_at.contains(&sample.timestamp_secs)).map(point));
            series.push(Series {
                label: labels.get_mut(watched.collateral).and_then(Option::take),
                colour: COLOURS[watched.collateral.min(1)],
                style: Style::Lines,
                points: run.iter().map(point).collect(),
            });
        }
    }
    series.push(sold);
    draw(&series, "minutes", "% of the market")
}

/// Each slice by time and price against the market, which is looked up among what was seen of its auction.
pub(super) fn fills(summary: &Summary, record: &Record) -> String {
    let begin_secs = record.prices.first().map_or(0, |(secs, _)| *secs);
    let mut by_kind: BTreeMap<&str, Points> = BTreeMap::from([("buyer", Vec::new()), ("taker", Vec::new())]);
    for fill in &summary.fills {
        let market = fill.auction_id.parse::<U256>().ok().and_then(|id| record.auctions.get(&id)).and_then(|watched| {
            watched
                .samples
                .iter()
                .rfind(|sample| sample.timestamp_secs <= fill.timestamp_secs)
                .map(|sample| sample.market_ray)
        });
        let price = fill.price_ray.parse::<U256>().map(number);
        if let (Some(market), Ok(price)) = (market, price) {
            by_kind
                .entry(fill.by)
                .or_default()
                .push((hours(begin_secs, fill.timestamp_secs), percent(price, number(market))));
        }
    }
    let labelled = [("buyer", "buyer with capital"), ("taker", "buyer by callback")];
    let series = labelled.into_iter().zip(COLOURS).map(|((kind, label), colour)| Series {
        label: Some(label),
        colour,
        style: Style::Dots,
        points: by_kind.remove(kind).unwrap_or_default(),
    });
    draw(&series.collect::<Vec<_>>(), "hours", "% of the market")
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Style {
    Lines,
    Dots,
}

fn draw(series: &[Series], x_title: &str, y_title: &str) -> String {
    let mut svg = String::new();
    if series.iter().all(|series| series.points.is_empty()) {
        return "<p>There is nothing to draw.</p>".to_owned();
    }
    if let Err(error) = draw_into(&mut svg, series, x_title, y_title) {
        return format!("<p>The chart could not be drawn: {}</p>", super::escape(&error));
    }
    svg
}

fn draw_into(svg: &mut String, series: &[Series], x_title: &str, y_title: &str) -> Result<(), String> {
    let root = SVGBackend::with_string(svg, SIZE).into_drawing_area();
    let words = |error: &dyn std::error::Error| error.to_string();
    root.fill(&WHITE).map_err(|error| words(&error))?;
    let [xs, ys] = [range(series, |point| point.0), range(series, |point| point.1)];
    let mut chart = ChartBuilder::on(&root)
        .margin(12)
        .x_label_area_size(40)
        .y_label_area_size(56)
        .build_cartesian_2d(xs, ys)
        .map_err(|error| words(&error))?;
    chart
        .configure_mesh()
        .light_line_style(TRANSPARENT)
        .x_desc(x_title)
        .y_desc(y_title)
        .draw()
        .map_err(|error| words(&error))?;
    for series in series {
        let colour = series.colour;
        let drawn = match series.style {
            Style::Lines => chart.draw_series(LineSeries::new(series.points.iter().copied(), colour.stroke_width(1))),
            Style::Dots => chart.draw_series(series.points.iter().map(|point| Circle::new(*point, 2, colour.filled()))),
        };
        let drawn = drawn.map_err(|error| words(&error))?;
        if let Some(label) = series.label {
            drawn.label(label).legend(move |(x, y)| Rectangle::new([(x, y - 4), (x + 14, y + 4)], colour.filled()));
        }
    }
    chart
        .configure_series_labels()
        .position(SeriesLabelPosition::UpperRight)
        .background_style(WHITE.mix(0.8))
        .border_style(BLACK.mix(0.2))
        .draw()
        .map_err(|error| words(&error))?;
    root.present().map_err(|error| words(&error))
}

/// From the least to the largest, with some air.
fn range(series: &[Series], of: fn(&(f64, f64)) -> f64) -> std::ops::Range<f64> {
    let values = || series.iter().flat_map(|series| series.points.iter().map(of));
    let (least, largest) = (values().fold(f64::INFINITY, f64::min), values().fold(f64::NEG_INFINITY, f64::max));
    let air = ((largest - least) * 0.05).max(0.5);
    least - air..largest + air
}

/// The samples, cut wherever the price rises against the one before: that is a restart.
fn runs(samples: &[Sample]) -> Vec<&[Sample]> {
    samples.chunk_by(|before, after| after.price_ray <= before.price_ray).collect()
}

fn hours(begin_secs: u64, secs: u64) -> f64 {
    secs.saturating_sub(begin_secs) as f64 / HOUR_SECS
}

fn against_market(sample: &Sample) -> f64 {
    percent(number(sample.price_ray), number(sample.market_ray))
}

fn percent(part: f64, whole: f64) -> f64 {
    if whole > 0.0 { part / whole * 100.0 } else { 0.0 }
}

fn number(value: U256) -> f64 {
    f64::from(value)
}
