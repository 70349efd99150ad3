//! What users' transactions may cost at most, and where each unit of gas goes.
//!
//! Measured on the local chain with the programs cached, as they are on a chain where somebody has bid for them: one collateral,
//! interest that accrues, recipients that hold something of the token already. Once with feeds that answer from one word and
//! no sequencer feed, which is what our contracts cost; once with Chainlink's proxies, aggregators and sequencer feed, which is
//! what a user pays. `tests/snapshots/budgets.txt` has every figure.

mod breakdown;
mod feeds;
mod rows;
mod scene;

use support::snapshot::compare;

/// The budget of a row, by its name.
const BUDGETS: [(&str, u64); 11] = [
    ("deposit, the first", 90_000),
    ("deposit, more of the same", 62_000),
    ("borrow", 86_000),
    ("borrow, more", 86_000),
    ("repay a part", 65_000),
    ("liquidate", 220_000),
    ("take everything", 100_000),
    ("liquidate and take everything", 241_000),
    ("liquidate, another auction running", 220_000),
    ("take everything, another auction running", 100_000),
    ("healthFactor, read by a contract", 15_000),
];

#[test]
fn gas_and_where_it_goes_are_the_reviewed_ones() {
    let stub = rows::measure(&mut scene::Scene::with_stub_feeds());
    let chainlink = rows::measure(&mut scene::Scene::with_chainlink());
    let mut text = String::from(
        "# Gas with the programs cached. stub: a feed of one word, no sequencer feed. chainlink: proxy, aggregator and sequencer feed.\n\
         # budget: the most that stub may be. Transactions with their intrinsic gas; the view without, as a caller on chain pays it.\n",
    );
    text.push_str("    stub  chainlink   budget  over   what\n");
    let mut over = Vec::new();
    for (row, peer) in stub.iter().zip(&chainlink) {
        assert_eq!(row.what, peer.what);
        let budget = BUDGETS.iter().find(|(what, _)| *what == row.what).expect("each row has a budget").1;
        let more = row.gas.saturating_sub(budget);
        if more > 0 {
            over.push(row.what);
        }
        let said = if more > 0 { format!("+{more}") } else { "-".to_owned() };
        text.push_str(&format!("{:>8} {:>10} {budget:>8} {said:>6}   {}\n", row.gas, peer.gas, row.what));
    }
    assert_eq!(stub.len(), BUDGETS.len(), "each budget has a row");
    for (name, rows) in [("stub", &stub), ("chainlink", &chainlink)] {
        text.push_str(&format!(
            "\n# Where it goes, {name}: gas, and how many times in brackets. refund is taken off the others' sum.\n"
        ));
        text.push_str(&breakdown::heading());
        for row in rows {
            text.push_str(&row.parts.line(row.what));
        }
    }
    println!("{text}");
    compare("budgets.txt", &text);
    assert_eq!(over, OVER_BUDGET, "a row is over its budget that was not, or one no longer is");
}

/// Rows that cost more than their budget today. A row that joins or leaves them fails the test above.
const OVER_BUDGET: [&str; 6] = [
    "borrow",
    "borrow, more",
    "repay a part",
    "healthFactor, read by a contract",
    "take everything",
    "take everything, another auction running",
];
