//! The demo from end to end, as a person runs it: the built contracts on the chain, a short crash, the accounts.

mod support;

use serde_json::Value;
use support::{built_inputs, spillway};

/// Two days: a fall by half in a few hours, and a bounce.
const SHORT_CRASH: &str = "hour,eth_usd,btc_usd\n0,200,8000\n4,196,7900\n10,110,4600\n14,125,5100\n30,120,5000\n";

fn run_short(folder: &std::path::Path, name: &str) -> (std::process::Output, std::path::PathBuf) {
    let scenario = folder.join("short.csv");
    std::fs::write(&scenario, SHORT_CRASH).unwrap();
    let report = folder.join(name);
    let output = spillway()
        .args(["demo", "--json", "--report"])
        .arg(&report)
        .arg("--scenario")
        .arg(&scenario)
        .args(built_inputs())
        .output()
        .unwrap();
    (output, report)
}

fn line<'a>(lines: &'a Value, key: &str) -> &'a str {
    let found = lines.as_array().unwrap().iter().find(|line| line["key"] == key);
    found.unwrap_or_else(|| panic!("no line {key}"))["raw"].as_str().unwrap()
}

#[test]
fn a_short_crash_is_liquidated_and_the_accounts_add_up_the_same_way_every_time() {
    let folder = tempfile::tempdir().unwrap();
    let (first, report) = run_short(folder.path(), "first.html");
    assert!(first.status.success(), "{}", String::from_utf8_lossy(&first.stderr));
    let document: Value = serde_json::from_slice(&first.stdout).unwrap();

    let identities = document["identities"].as_array().unwrap();
    assert!(identities.len() > 30, "{} identities", identities.len());
    assert!(identities.iter().all(|identity| identity["holds"] == true), "{identities:#?}");

    let auctions = &document["auctions"];
    assert!(auctions["started"].as_u64().unwrap() >= 5, "{auctions}");
    assert!(auctions["takes"].as_u64().unwrap() >= 5, "{auctions}");
    for key in ["debt_repaid", "penalty", "keeper_rewards"] {
        assert_ne!(line(&document["debt"], key), "0", "{key}");
    }
    for collateral in document["collaterals"].as_array().unwrap() {
        assert_ne!(line(&collateral["lines"], "sold"), "0", "{collateral}");
    }
    let buyers: std::collections::BTreeSet<&str> =
        document["fills"].as_array().unwrap().iter().map(|fill| fill["by"].as_str().unwrap()).collect();
    assert_eq!(buyers, ["buyer", "taker"].into());
    // Three assets, in each of thirty hours at least.
    assert!(document["decisions"]["keeper"]["act_poke"].as_u64().unwrap() >= 90, "{}", document["decisions"]);
    let notes = document["notes"].to_string();
    assert!(notes.contains("is scheduled"), "{notes}");

    // The report says what the document says.
    let page = std::fs::read_to_string(report).unwrap();
    for line in document["debt"].as_array().unwrap() {
        assert!(page.contains(line["amount"].as_str().unwrap()), "{line}");
    }
    assert_eq!(page.matches("<svg").count(), 3);

    let (second, _) = run_short(folder.path(), "second.html");
    assert_eq!(first.stdout, second.stdout);
}
