//! That the report says what the summary says, and needs nothing from elsewhere.

use super::*;
use crate::{
    chain::GasRow,
    demo::{
        stage::{Sample, Watched},
        summary::{Auctions, Checked, Collateral, Line, Note, Prices, Sold},
    },
};
use alloy_primitives::U256;
use std::collections::BTreeMap;

fn line(key: &'static str, amount: &str) -> Line {
    Line { key, what: key, amount: amount.into(), raw: amount.replace('.', "") }
}

fn summary(holds: bool) -> Summary {
    Summary {
        format: "spillway-demo/1",
        prices: Prices { source: "a <test>".into(), kind: "made up".into(), start_secs: 0, hours: 3 },
        contracts: BTreeMap::new(),
        debt: vec![line("debt_repaid", "1234.567891"), line("bad_debt", "0.000001")],
        lenders_and_stakers: vec![line("staker_worth", "98765.432101")],
        collaterals: vec![Collateral { name: "WETH".into(), lines: vec![line("sold", "3.000000000000000007")] }],
        auctions: Auctions { started: 5, restarted: 2, ended: 4, takes: 9, still_running: 1 },
        fills: vec![Sold {
            auction_id: "1".into(),
            timestamp_secs: 3_700,
            collateral: "WETH".into(),
            by: "taker",
            slice_raw: "1".into(),
            owed_raw: "1".into(),
            price_ray: "97".into(),
        }],
        decisions: BTreeMap::from([("keeper", BTreeMap::from([("healthy", 77)]))]),
        gas: vec![GasRow {
            operation: "take".into(),
            count: 9,
            min_gas: 101,
            median_gas: 202,
            max_gas: 303,
            total_gas: 999,
        }],
        notes: vec![Note { timestamp_secs: 1_584_007_200, text: "something & more".into() }],
        identities: vec![Checked {
            name: "cash".into(),
            holds,
            left: "1".into(),
            right: "2".into(),
            text: "cash: cash 1 != 2 funded".into(),
        }],
    }
}

fn record() -> Record {
    let price = |value: u64| [U256::from(value), U256::from(value)];
    let sample = |timestamp_secs, value: u64| Sample {
        timestamp_secs,
        price_ray: U256::from(value),
        market_ray: U256::from(100),
    };
    let watched = Watched { collateral: 0, samples: vec![sample(3_600, 110), sample(3_700, 97)] };
    Record {
        prices: vec![(0, price(200)), (3_600, price(150)), (7_200, price(160))],
        auctions: BTreeMap::from([(U256::from(1), watched)]),
        notes: Vec::new(),
    }
}

#[test]
fn the_report_has_every_number_of_the_summary() {
    let page = html(&summary(true), &record());
    for expected in [
        "1234.567891",
        "0.000001",
        "3.000000000000000007",
        "5 started, 2 restarted, 9 slices sold, 4 ended, 1 still running",
        "<td>take</td><td class=\"n\">9</td><td class=\"n\">101</td><td class=\"n\">202</td><td class=\"n\">303</td>",
        "<td>keeper</td><td>healthy</td><td class=\"n\">77</td>",
        "2020-03-12 10:00",
        "something &amp; more",
        "cash: cash 1 != 2 funded",
        "All 1 identities hold to the unit.",
    ] {
        assert!(page.contains(expected), "{expected}");
    }
}

#[test]
fn a_broken_identity_is_said_on_top() {
    let page = html(&summary(false), &record());
    assert!(page.contains("<p class=\"broken\">1 of 1 identities are broken.</p>"));
    assert!(page.contains("<td class=\"broken\">broken</td>"));
}

#[test]
fn the_report_is_one_file_with_three_charts() {
    let page = html(&summary(true), &record());
    assert_eq!(page.matches("<svg").count(), 3);
    assert!(page.matches("<polyline").count() > 2, "there are curves");
    assert!(page.contains("<circle"), "there are fills");
    for elsewhere in ["src=", "href=", "@import", "url(", "<script"] {
        assert!(!page.contains(elsewhere), "{elsewhere}");
    }
    assert!(page.contains("a &lt;test&gt;"));
}

#[test]
fn a_run_without_auctions_has_a_report_that_says_so() {
    let mut empty = summary(true);
    empty.fills.clear();
    let page = html(&empty, &Record { auctions: BTreeMap::new(), ..record() });
    assert_eq!(page.matches("There is nothing to draw.").count(), 2);
}
