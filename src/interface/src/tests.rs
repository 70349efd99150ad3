//! That what is generated is what the rest of the world calls.

use crate::{IAggregator, IAuctionTaker, IErc20, IVault};
use alloy_primitives::hex;
use alloy_sol_types::SolCall;

#[test]
fn the_calls_of_others_have_their_published_selectors() {
    assert_eq!(IErc20::transferCall::SELECTOR, hex!("a9059cbb"));
    assert_eq!(IErc20::transferFromCall::SELECTOR, hex!("23b872dd"));
    assert_eq!(IErc20::balanceOfCall::SELECTOR, hex!("70a08231"));
    assert_eq!(IErc20::decimalsCall::SELECTOR, hex!("313ce567"));
    assert_eq!(IAggregator::latestRoundDataCall::SELECTOR, hex!("feaf968c"));
}

#[test]
fn a_declaration_in_the_solidity_file_is_found_under_its_name() {
    assert_eq!(IVault::repayCall::SIGNATURE, "repay(uint256,uint256)");
    assert_eq!(IAuctionTaker::onSpillwayTakeCall::SIGNATURE, "onSpillwayTake(address,address,uint256,uint256,bytes)");
}
