//! The local chain as a fork of anvil: accounts, code and slots of an Ethereum chain under a fresh ArbOS.

use crate::{
    openzeppelin::deploy_token,
    pair::{ALICE, BOB, Pair, Tx},
};
use alloy_primitives::{U256, address};
use alloy_sol_types::{SolCall, sol};
use devnode::{CallRequest, Devnode, TxRequest, fork::ForkConfig};
use serde_json::json;

sol! {
    function mint(address to, uint256 amount);
    function transfer(address to, uint256 amount) returns (bool);
    function balanceOf(address owner) returns (uint256);
}

#[test]
fn a_token_of_anvil_goes_on_working_on_a_fork_and_programs_can_be_deployed_beside_it() {
    let mut pair = Pair::start();
    let token = deploy_token(&mut pair, "WETH", 18);
    pair.succeeds("mint", Tx::call(token, mintCall { to: ALICE, amount: U256::from(1_000) }.abi_encode()));
    let [there, _] = pair.ask("eth_blockNumber", json!([]));
    let mut fork = Devnode::builder().build_fork(ForkConfig::new(pair.anvil_url())).expect("anvil answers");
    assert_eq!(json!(U256::from(fork.block_number())), there);
    // On Ethereum NUMBER is the height of the chain itself.
    assert_eq!(fork.block(fork.block_number()).expect("it is there").l1_number, fork.block_number());
    let of = |fork: &Devnode, owner| {
        let call = CallRequest::new(token, balanceOfCall { owner }.abi_encode());
        U256::from_be_slice(&fork.call(call).expect("it answers"))
    };
    assert_eq!(of(&fork, ALICE), U256::from(1_000));
    let data = transferCall { to: BOB, amount: U256::from(300) }.abi_encode();
    fork.transact(TxRequest::new(ALICE).to(token).data(data)).expect("it is sent").succeeded().expect("it is paid");
    assert_eq!((of(&fork, ALICE), of(&fork, BOB)), (U256::from(700), U256::from(300)));
    let untouched = pair.ask_anvil("eth_call", json!([{ "to": token, "data": alloy_primitives::hex::encode_prefixed(balanceOfCall { owner: BOB }.abi_encode()) }, "latest"]));
    assert_eq!(untouched, json!(format!("0x{:064x}", 0)));

    assert!(fork.code(address!("0000000000000000000000000000000000000071")).starts_with(&[0xfe]));
    let module = wat::parse_str(
        r#"(module (memory (export "memory") 1 1) (func (export "user_entrypoint") (param i32) (result i32) i32.const 0))"#,
    )
    .expect("it is a module");
    let program = fork.deploy_stylus(ALICE, &module, None).expect("ArbOS is there");
    assert_eq!(fork.call(CallRequest::new(program, [])).expect("it runs").len(), 0);
    assert_eq!(fork.take_fork_failure(), None);
}
