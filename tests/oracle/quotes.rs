//! Quotes as ERC-7726 and Euler's IPriceOracle ask for them.

use alloy_primitives::{Address, U256, address};
use alloy_sol_types::SolCall;
use interface::{IOracle, IShared};
use support::{
    System,
    actors::OWNER,
    system::{HEARTBEAT_SECS, USD, WAD, WBTC, WETH},
};

use crate::scene::{add_second, n, push_usd};

support::scenarios! {
    both {
        one_asset_is_quoted_in_another_in_both_their_units,
    }
    native {
        dollars_and_ether_are_addresses_of_their_own,
        what_is_less_than_a_unit_is_quoted_as_nothing,
        selling_and_buying_are_quoted_at_the_worse_ends,
        a_quote_needs_both_prices,
        a_contract_that_does_not_tell_its_decimals_is_not_quoted,
        a_quote_that_does_not_fit_is_refused,
        the_functions_have_the_selectors_of_the_standards,
    }
}

const DOLLAR: Address = address!("0000000000000000000000000000000000000348");
const ETHER: Address = address!("EeeeeEeeeEeEeeEeEeEeeEEEeeeeEeeeeeeeEEeE");

fn quote(system: &System, amount: u128, base: Address, quote: Address) -> U256 {
    system.ask(system.at.oracle, &IOracle::getQuoteCall { baseAmount: U256::from(amount), base, quote })
}

fn one_asset_is_quoted_in_another_in_both_their_units(system: &mut System) {
    let at = system.at;
    assert_eq!(quote(system, WETH, at.weth.token, at.usd.token), U256::from(2_000 * USD));
    assert_eq!(quote(system, 2_000 * USD, at.usd.token, at.weth.token), U256::from(WETH));
    assert_eq!(quote(system, 3 * WBTC, at.wbtc.token, at.weth.token), U256::from(60 * WETH));
    assert_eq!(quote(system, 5 * WETH, at.weth.token, at.weth.token), U256::from(5 * WETH));
    assert_eq!(system.ask(at.oracle, &IOracle::nameCall {}), "Spillway");
}

fn dollars_and_ether_are_addresses_of_their_own(system: &mut System) {
    let at = system.at;
    assert_eq!(quote(system, WBTC, at.wbtc.token, DOLLAR), U256::from(40_000 * WAD));
    assert_eq!(quote(system, 40_000 * WAD, DOLLAR, at.wbtc.token), U256::from(WBTC));
    // Ether has the feed the owner gives it, and 18 decimals as it has no contract to ask.
    let call = IOracle::getQuoteCall { baseAmount: U256::from(WETH), base: ETHER, quote: DOLLAR };
    system.ask_refused(at.oracle, &call, &IOracle::FeedNotSet { asset: ETHER });
    let set = IOracle::setFeedCall { asset: ETHER, aggregator: at.weth.feed, heartbeatSecs: n(HEARTBEAT_SECS) };
    system.must(OWNER, at.oracle, &set);
    assert_eq!(quote(system, WETH, ETHER, DOLLAR), U256::from(2_000 * WAD));
    // Only a quote knows the dollar: it has no feed.
    system.ask_refused(at.oracle, &IOracle::priceCall { asset: DOLLAR }, &IOracle::FeedNotSet { asset: DOLLAR });
}

/// A token that fails to tell its decimals would be quoted wrong by powers of ten.
fn a_contract_that_does_not_tell_its_decimals_is_not_quoted(system: &mut System) {
    let at = system.at;
    let set = IOracle::setFeedCall { asset: at.vault, aggregator: at.weth.feed, heartbeatSecs: n(HEARTBEAT_SECS) };
    system.must(OWNER, at.oracle, &set);
    for (base, quote) in [(at.vault, DOLLAR), (DOLLAR, at.vault)] {
        let call = IOracle::getQuoteCall { baseAmount: U256::from(WETH), base, quote };
        system.ask_refused(at.oracle, &call, &IShared::CallFailed { target: at.vault });
    }
}

fn what_is_less_than_a_unit_is_quoted_as_nothing(system: &mut System) {
    let at = system.at;
    // A millionth of a dollar is 5 * 10^8 units of WETH.
    assert_eq!(quote(system, 499_999_999, at.weth.token, at.usd.token), U256::ZERO);
    assert_eq!(quote(system, 500_000_000, at.weth.token, at.usd.token), n(1));
    assert_eq!(quote(system, 0, at.weth.token, at.usd.token), U256::ZERO);
}

fn selling_and_buying_are_quoted_at_the_worse_ends(system: &mut System) {
    let at = system.at;
    let second = add_second(system);
    let both = |system: &System, base, quote| {
        let given = system.ask(at.oracle, &IOracle::getQuotesCall { baseAmount: U256::from(WAD), base, quote });
        (given.bidAmount, given.askAmount)
    };
    assert_eq!(both(system, at.weth.token, DOLLAR), (U256::from(2_000 * WAD), U256::from(2_000 * WAD)));
    push_usd(system, second, 2_050);
    assert_eq!(both(system, at.weth.token, DOLLAR), (U256::from(2_000 * WAD), U256::from(2_050 * WAD)));
    let (bid, ask) = (U256::from(WAD / 2_050), U256::from(WAD / 2_000));
    assert_eq!(both(system, DOLLAR, at.weth.token), (bid, ask));
}

fn a_quote_needs_both_prices(system: &mut System) {
    let at = system.at;
    let feed = at.wbtc.feed;
    crate::scene::push(system, feed, 0);
    let refusal = IOracle::AnswerNotPositive { asset: at.wbtc.token, answer: alloy_primitives::I256::ZERO };
    for (base, quote) in [(at.weth.token, at.wbtc.token), (at.wbtc.token, at.weth.token)] {
        let amount = U256::from(WETH);
        system.ask_refused(at.oracle, &IOracle::getQuoteCall { baseAmount: amount, base, quote }, &refusal);
        system.ask_refused(at.oracle, &IOracle::getQuotesCall { baseAmount: amount, base, quote }, &refusal);
    }
}

fn a_quote_that_does_not_fit_is_refused(system: &mut System) {
    let at = system.at;
    let call = IOracle::getQuoteCall { baseAmount: U256::MAX, base: at.usd.token, quote: DOLLAR };
    system.ask_refused(at.oracle, &call, &IShared::OutOfRange {});
}

fn the_functions_have_the_selectors_of_the_standards(_: &mut System) {
    // keccak256 of the signatures in ERC-7726 and in Euler's IPriceOracle.
    assert_eq!(IOracle::getQuoteCall::SIGNATURE, "getQuote(uint256,address,address)");
    assert_eq!(IOracle::getQuotesCall::SIGNATURE, "getQuotes(uint256,address,address)");
    assert_eq!(IOracle::nameCall::SELECTOR, [0x06, 0xfd, 0xde, 0x03]);
}
