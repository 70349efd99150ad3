//! Chainlink's FluxAggregator behind its proxy, compiled by solc 0.6.6.

use crate::{
    pair::{ALICE, BOB, Pair, Tx},
    served::init_code,
};
use alloy_primitives::{Address, U256, hex};
use alloy_sol_types::{SolCall, SolValue, sol};

sol! {
    function changeOracles(address[] removed, address[] added, address[] addedAdmins, uint32 minSubmissions, uint32 maxSubmissions, uint32 restartDelay);
    function submit(uint256 round, int256 answer);
    function latestRoundData() returns (uint80, int256, uint256, uint256, uint80);
    function proposeAggregator(address aggregator);
    function confirmAggregator(address aggregator);
}

fn aggregator(pair: &mut Pair) -> Address {
    let mut code = hex::decode(init_code("FluxAggregator", "FluxAggregator")).expect("hex");
    let (link, validator) = (Address::ZERO, Address::ZERO);
    let (min, max) = (U256::from(1), U256::from(1_000_000_000_000_u64));
    code.extend(
        (link, U256::ZERO, U256::from(600), validator, min, max, U256::from(8), "ETH / USD").abi_encode_params(),
    );
    let at = pair.deploys("FluxAggregator", code);
    let oracles = changeOraclesCall {
        removed: vec![],
        added: vec![ALICE, BOB],
        addedAdmins: vec![ALICE, BOB],
        minSubmissions: 2,
        maxSubmissions: 2,
        restartDelay: 0,
    };
    pair.succeeds("oracles", Tx::call(at, oracles.abi_encode()));
    at
}

fn submit(round: u64, answer: u64) -> Vec<u8> {
    submitCall { round: U256::from(round), answer: alloy_primitives::I256::unchecked_from(answer) }.abi_encode()
}

#[test]
fn price_feeds_and_their_proxy_agree() {
    let mut pair = Pair::start();
    let first = aggregator(&mut pair);
    let mut code = hex::decode(init_code("EACAggregatorProxy", "EACAggregatorProxy")).expect("hex");
    code.extend((first, Address::ZERO).abi_encode_params());
    let proxy = pair.deploys("EACAggregatorProxy", code);
    for round in 1..=3_u64 {
        pair.succeeds("first answer", Tx::call(first, submit(round, 200_000_000_000 + round)));
        let last = pair.succeeds("second answer", Tx::call(first, submit(round, 200_000_000_100 + round)).from(BOB));
        assert!(!last.logs.is_empty());
        let read = pair
            .succeeds("the proxy's answer", Tx::call(proxy, latestRoundDataCall {}.abi_encode()))
            .answer
            .expect("five words");
        let answer = latestRoundDataCall::abi_decode_returns(&read).expect("five words");
        assert_eq!(answer._1, alloy_primitives::I256::unchecked_from(200_000_000_050_u64 + round));
        pair.advance_secs(60);
    }
    pair.fails("an answer out of turn", Tx::call(first, submit(9, 1)));
    pair.fails("an answer out of bounds", Tx::call(first, submit(4, 2_000_000_000_000)));
    let second = aggregator(&mut pair);
    pair.succeeds("propose", Tx::call(proxy, proposeAggregatorCall { aggregator: second }.abi_encode()));
    pair.fails("confirm another", Tx::call(proxy, confirmAggregatorCall { aggregator: BOB }.abi_encode()));
    pair.succeeds("confirm", Tx::call(proxy, confirmAggregatorCall { aggregator: second }.abi_encode()));
    pair.fails("no answer in the new phase", Tx::call(proxy, latestRoundDataCall {}.abi_encode()));
}
