//! Calls in batches: Multicall3 as it is deployed everywhere, by the init code that viem carries, and Uniswap's own.

use crate::{
    openzeppelin::{self, deploy_token},
    pair::{ALICE, BOB, Pair, Tx},
    uniswap::published,
};
use alloy_primitives::{Address, Bytes, U256, address, hex};
use alloy_sol_types::{SolCall, sol};
use serde_json::json;
use support::repository_root;

sol! {
    struct Call { address target; bytes callData; }
    struct Call3 { address target; bool allowFailure; bytes callData; }
    struct Call3Value { address target; bool allowFailure; uint256 value; bytes callData; }
    #[derive(Debug, PartialEq)]
    struct Outcome { bool success; bytes returnData; }
    function aggregate(Call[] calls) returns (uint256 blockNumber, bytes[] results);
    function tryAggregate(bool requireSuccess, Call[] calls) returns (Outcome[] results);
    function aggregate3(Call3[] calls) returns (Outcome[] results);
    function aggregate3Value(Call3Value[] calls) returns (Outcome[] results);
    function blockAndAggregate(Call[] calls) returns (uint256 blockNumber, bytes32 blockHash, Outcome[] results);
    function tryBlockAndAggregate(bool requireSuccess, Call[] calls) returns (uint256 blockNumber, bytes32 blockHash, Outcome[] results);
    function getEthBalance(address account) returns (uint256 balance);
    function getBasefee() returns (uint256 basefee);
    function getChainId() returns (uint256 id);
    function getCurrentBlockTimestamp() returns (uint256 timestamp);
    struct GasCall { address target; uint256 gasLimit; bytes callData; }
    function multicall(GasCall[] calls) returns (uint256 blockNumber, bytes[] results);
    function balanceOf(address account) returns (uint256);
}

/// Where Multicall3 lies on public chains, and at genesis here.
const MULTICALL3: Address = address!("cA11bde05977b3631167028862bE2a173976CA11");

/// The init code of Multicall3 in the constants of viem.
fn init_code() -> Vec<u8> {
    let path = repository_root().join("src/solidity/node_modules/viem/constants/contracts.ts");
    let text = std::fs::read_to_string(&path)
        .unwrap_or_else(|error| panic!("{}: {error}; run scripts/setup first", path.display()));
    let code = text.split_once("multicall3Bytecode =").and_then(|(_, rest)| rest.split('\'').nth(1));
    hex::decode(code.expect("viem has the init code")).expect("hex")
}

/// A token, and calls of it: one that gives ALICE's balance, and one that fails for whoever is no owner.
struct Calls {
    token: Address,
    balance: Bytes,
    mint: Bytes,
}

impl Calls {
    fn new(pair: &mut Pair) -> Self {
        let token = deploy_token(pair, "AAA", 18);
        let balance = balanceOfCall { account: ALICE }.abi_encode().into();
        let mint = openzeppelin::mintCall { to: BOB, amount: U256::from(1) }.abi_encode().into();
        Self { token, balance, mint }
    }

    fn plain(&self, datas: &[&Bytes]) -> Vec<Call> {
        datas.iter().map(|data| Call { target: self.token, callData: (*data).clone() }).collect()
    }

    fn three(&self, datas: &[(&Bytes, bool)]) -> Vec<Call3> {
        let call = |(data, may_fail): &(&Bytes, bool)| Call3 {
            target: self.token,
            allowFailure: *may_fail,
            callData: (*data).clone(),
        };
        datas.iter().map(call).collect()
    }
}

/// Everything Multicall3 can do, at one address.
fn drive(pair: &mut Pair, at: Address) {
    let calls = Calls::new(pair);
    let (balance, mint) = (&calls.balance, &calls.mint);
    let three = aggregate3Call { calls: calls.three(&[(balance, false), (mint, true), (balance, true)]) };
    let answer = pair.succeeds("aggregate3", Tx::call(at, three.abi_encode())).answer.expect("results");
    let results = aggregate3Call::abi_decode_returns(&answer).expect("results");
    assert_eq!(results.iter().map(|result| result.success).collect::<Vec<_>>(), [true, false, true]);
    let strict = aggregate3Call { calls: calls.three(&[(balance, false), (mint, false)]) };
    pair.fails("aggregate3 with a call that must not fail", Tx::call(at, strict.abi_encode()));

    let pay = |target: Address, value: u64| Call3Value {
        target,
        allowFailure: true,
        value: U256::from(value),
        callData: Bytes::new(),
    };
    let paid = |second: Address| aggregate3ValueCall { calls: vec![pay(BOB, 3), pay(second, 4)] }.abi_encode();
    pair.succeeds("aggregate3Value", Tx::call(at, paid(ALICE)).value(7));
    // The token takes no value, and what was meant for it stays.
    pair.succeeds("aggregate3Value, of which one fails", Tx::call(at, paid(calls.token)).value(7));
    pair.fails("aggregate3Value with another sum", Tx::call(at, paid(ALICE)).value(8));

    let some = |require: bool| tryAggregateCall { requireSuccess: require, calls: calls.plain(&[balance, mint]) };
    pair.succeeds("tryAggregate", Tx::call(at, some(false).abi_encode()));
    pair.fails("tryAggregate that requires success", Tx::call(at, some(true).abi_encode()));
    // These answer with the number of the block, which is a named difference.
    let aggregate = |datas: &[&Bytes]| Tx::call(at, aggregateCall { calls: calls.plain(datas) }.abi_encode());
    assert!(pair.agrees_but_for_the_answer("aggregate", &aggregate(&[balance, balance])).success);
    pair.fails("aggregate of what fails", aggregate(&[balance, mint]));
    let block = blockAndAggregateCall { calls: calls.plain(&[balance]) };
    assert!(pair.agrees_but_for_the_answer("blockAndAggregate", &Tx::call(at, block.abi_encode())).success);
    let block = tryBlockAndAggregateCall { requireSuccess: false, calls: calls.plain(&[balance, mint]) };
    assert!(pair.agrees_but_for_the_answer("tryBlockAndAggregate", &Tx::call(at, block.abi_encode())).success);

    let balance = pair.succeeds("getEthBalance", Tx::call(at, getEthBalanceCall { account: at }.abi_encode()));
    assert_eq!(balance.answer.expect("a word")[..], U256::from(4).to_be_bytes::<32>());
    pair.succeeds("getBasefee", Tx::call(at, getBasefeeCall {}.abi_encode()));
    pair.succeeds("getChainId", Tx::call(at, getChainIdCall {}.abi_encode()));
    pair.succeeds("getCurrentBlockTimestamp", Tx::call(at, getCurrentBlockTimestampCall {}.abi_encode()));
}

#[test]
fn multicall3_as_it_is_deployed_everywhere_agrees() {
    let mut pair = Pair::start();
    let at = pair.deploys("Multicall3", init_code());
    drive(&mut pair, at);
}

#[test]
fn the_multicall3_of_genesis_agrees_with_itself() {
    let mut pair = Pair::start();
    // anvil has none of its own: it gets the code that lies on the local chain.
    let code = pair.ask_ours("eth_getCode", json!([MULTICALL3, "latest"]));
    pair.ask_anvil("anvil_setCode", json!([MULTICALL3, code]));
    pair.ask_anvil("anvil_setNonce", json!([MULTICALL3, "0x1"]));
    drive(&mut pair, MULTICALL3);
}

#[test]
fn uniswaps_multicall_agrees() {
    let mut pair = Pair::start();
    let path = "v3-periphery/artifacts/contracts/lens/UniswapInterfaceMulticall.sol/UniswapInterfaceMulticall";
    let lens = pair.deploys("UniswapInterfaceMulticall", published(path, vec![]));
    let calls = Calls::new(&mut pair);
    let call = |data: &Bytes| GasCall { target: calls.token, gasLimit: U256::from(100_000), callData: data.clone() };
    let both = multicallCall { calls: vec![call(&calls.balance), call(&calls.mint)] };
    // Its first answer is the number of the block.
    assert!(pair.agrees_but_for_the_answer("multicall", &Tx::call(lens, both.abi_encode())).success);
}
