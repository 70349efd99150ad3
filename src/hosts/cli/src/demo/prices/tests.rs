//! Which files are played, and what is wrong with those that are not.

use super::*;
use crate::amount::{AmountError, parse_decimal};
use alloy_primitives::U256;

const DAILY: &str = "day_open_unix_secs,asset,open,high,low,close\n";
const SCENARIO: &str = "hour,eth_usd,btc_usd\n";

fn price(text: &str) -> U256 {
    parse_decimal(text, PRICE_DECIMALS).unwrap()
}

fn scenario_refusal(rows: &str) -> PriceError {
    scenario::parse(&format!("{SCENARIO}{rows}")).unwrap_err()
}

fn daily_refusal(rows: &str) -> PriceError {
    daily::parse(&format!("{DAILY}{rows}"), "test").unwrap_err()
}

#[test]
fn the_shipped_scenario_is_played_from_hour_zero_without_a_gap() {
    let path = read(None, Some("black_thursday")).unwrap();
    assert!(path.kind.starts_with("made up"), "{}", path.kind);
    let hours: Vec<u64> = path.steps.iter().map(|step| step.hour).collect();
    assert_eq!(hours, (0..path.steps.len() as u64).collect::<Vec<_>>());
    let lowest = path.steps.iter().map(|step| step.prices_raw[0]).min().unwrap();
    let first = path.steps[0].prices_raw[0];
    // It is a crash: more than two fifths are lost at the worst.
    assert!(lowest.checked_mul(U256::from(5)).unwrap() < first.checked_mul(U256::from(3)).unwrap());
}

#[test]
fn comments_are_no_rows_but_count_as_lines() {
    let text = "# drawn by hand\nhour,eth_usd,btc_usd\n# two points\n0,1,2\n2,3,0\n";
    assert_eq!(scenario::parse(text), Err(PriceError::NotPositive { line: 5, column: "btc_usd" }));
}

#[test]
fn a_scenario_meets_its_waypoints_and_moves_straight_between_them() {
    let steps = hourly(&scenario::parse(&format!("{SCENARIO}0,100,50\n4,90,60\n5,90,60\n")).unwrap());
    let eth: Vec<U256> = steps.iter().map(|step| step.prices_raw[0]).collect();
    assert_eq!(eth, ["100", "97.5", "95", "92.5", "90", "90"].map(price));
    assert_eq!(steps[3].prices_raw[1], price("57.5"));
}

#[test]
fn a_scenario_must_begin_at_hour_zero() {
    let expected = PriceError::WrongStart { line: 2, column: "hour", given: 1, expected: "start: a path begins at 0" };
    assert_eq!(scenario_refusal("1,1,1\n2,1,1\n"), expected);
}

#[test]
fn hours_that_stand_still_or_run_back_are_refused() {
    let refused = |given| PriceError::NotAscending { line: 4, column: "hour", given, before: 5 };
    assert_eq!(scenario_refusal("0,1,1\n5,1,1\n5,1,1\n"), refused(5));
    assert_eq!(scenario_refusal("0,1,1\n5,1,1\n4,1,1\n"), refused(4));
}

#[test]
fn prices_that_are_no_positive_numbers_are_refused() {
    assert_eq!(scenario_refusal("0,0,1\n1,1,1\n"), PriceError::NotPositive { line: 2, column: "eth_usd" });
    let negative = PriceError::NotAPrice { line: 3, column: "btc_usd", problem: AmountError::NotANumber("-1".into()) };
    assert_eq!(scenario_refusal("0,1,1\n1,1,-1\n"), negative);
    let problem = AmountError::TooManyDigits { text: "1.000000001".into(), given: 9, allowed: 8 };
    assert_eq!(
        scenario_refusal("0,1.000000001,1\n1,1,1\n"),
        PriceError::NotAPrice { line: 2, column: "eth_usd", problem }
    );
    assert_eq!(
        scenario_refusal("0,10000000.00000001,1\n1,1,1\n"),
        PriceError::AboveFeedLimit { line: 2, column: "eth_usd" }
    );
}

#[test]
fn rows_that_do_not_fit_the_columns_are_refused() {
    let short = PriceError::Malformed { line: 3, reason: "2 fields, and the header has 3".into() };
    assert_eq!(scenario_refusal("0,1,1\n1,1\n"), short);
    let hour = PriceError::NotAWholeNumber { line: 2, column: "hour", text: "0.5".into() };
    assert_eq!(scenario_refusal("0.5,1,1\n1,1,1\n"), hour);
    let columns = PriceError::WrongColumns { line: 1, found: "time,eth".into(), expected: "hour,eth_usd,btc_usd" };
    assert_eq!(scenario::parse("time,eth\n0,1\n").unwrap_err(), columns);
    let nothing = PriceError::WrongColumns { line: 1, found: String::new(), expected: "hour,eth_usd,btc_usd" };
    assert_eq!(scenario::parse("").unwrap_err(), nothing);
}

#[test]
fn a_path_of_one_point_is_refused_and_so_is_one_without_end() {
    assert_eq!(scenario_refusal("0,1,1\n"), PriceError::TooShort { rows: 1 });
    assert_eq!(scenario_refusal("0,1,1\n1921,1,1\n"), PriceError::TooLong { line: 3, max: 1_920 });
    assert_eq!(daily_refusal(""), PriceError::TooShort { rows: 0 });
}

#[test]
fn a_falling_day_meets_its_high_first_and_a_rising_day_its_low() {
    let rows = "1583020800,ETH,200,210,100,110\n1583020800,BTC,100,120,90,110\n";
    let path = daily::parse(&format!("{DAILY}{rows}"), "test").unwrap();
    let at = |hour: usize, asset: usize| path.steps[hour].prices_raw[asset];
    assert_eq!([at(0, 0), at(8, 0), at(16, 0), at(23, 0)], ["200", "210", "100", "110"].map(price));
    assert_eq!([at(0, 1), at(8, 1), at(16, 1), at(23, 1)], ["100", "90", "120", "110"].map(price));
    assert_eq!((path.steps.len(), path.start_secs), (24, 1_583_020_800));
}

#[test]
fn days_must_follow_each_other_with_both_assets() {
    let day = "1583020800,ETH,1,1,1,1\n1583020800,BTC,1,1,1,1\n";
    let refused = |line, expected: &str, found: &str| PriceError::WrongRow {
        line,
        expected: expected.into(),
        found: found.into(),
    };
    assert_eq!(
        daily_refusal(&format!("{day}1583193600,ETH,1,1,1,1\n1583193600,BTC,1,1,1,1\n")),
        refused(4, "1583107200,ETH", "1583193600,ETH")
    );
    assert_eq!(
        daily_refusal("1583020800,BTC,1,1,1,1\n1583020800,ETH,1,1,1,1\n"),
        refused(2, "1583020800,ETH", "1583020800,BTC")
    );
    assert_eq!(
        daily_refusal(&format!("{day}1583107200,ETH,1,1,1,1\n")),
        refused(5, "1583107200,BTC", "the end of the file")
    );
}

#[test]
fn a_day_that_does_not_open_at_midnight_is_refused() {
    let column = "day_open_unix_secs";
    assert_eq!(
        daily_refusal("1583020801,ETH,1,1,1,1\n1583020801,BTC,1,1,1,1\n"),
        PriceError::WrongStart { line: 2, column, given: 1_583_020_801, expected: "midnight UTC" }
    );
}

#[test]
fn a_high_or_low_inside_of_the_day_is_refused() {
    let refused = |high: &str, low: &str| {
        let [high, low, open, close] = [high, low, "2", "3"].map(str::to_owned);
        PriceError::NotEnclosed { line: 2, high, low, open, close }
    };
    assert_eq!(daily_refusal("1583020800,ETH,2,2.5,1,3\n1583020800,BTC,1,1,1,1\n"), refused("2.5", "1"));
    assert_eq!(daily_refusal("1583020800,ETH,2,4,2.5,3\n1583020800,BTC,1,1,1,1\n"), refused("4", "2.5"));
}

#[test]
fn a_file_that_is_missing_is_named_with_what_makes_it() {
    let failure = read(Some(Path::new("/nonexistent/prices.csv")), None).unwrap_err();
    let expected = "/nonexistent/prices.csv is missing: scripts/fetch-prices writes target/prices/march-2020.csv";
    assert_eq!((failure.to_string().as_str(), failure.exit_code()), (expected, 3));
}
