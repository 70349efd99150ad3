//! OpenZeppelin's ERC-20 with permit, and its timelock.

use crate::{
    pair::{ALICE, BOB, Pair, Tx},
    served::{ALICE_KEY, init_code},
};
use alloy_primitives::{Address, B256, Bytes, U256, hex, keccak256};
use alloy_signer::SignerSync;
use alloy_signer_local::PrivateKeySigner;
use alloy_sol_types::{Eip712Domain, SolCall, SolStruct, SolValue, sol};

sol! {
    #[derive(Debug)]
    struct Permit {
        address owner;
        address spender;
        uint256 value;
        uint256 nonce;
        uint256 deadline;
    }

    function mint(address to, uint256 amount);
    function transfer(address to, uint256 amount) returns (bool);
    function approve(address spender, uint256 amount) returns (bool);
    function transferFrom(address from, address to, uint256 amount) returns (bool);
    function permit(address owner, address spender, uint256 value, uint256 deadline, uint8 v, bytes32 r, bytes32 s);
    function transferOwnership(address owner);
    function schedule(address target, uint256 value, bytes data, bytes32 predecessor, bytes32 salt, uint256 delay);
    function execute(address target, uint256 value, bytes data, bytes32 predecessor, bytes32 salt);
    function cancel(bytes32 id);
    function hashOperation(address target, uint256 value, bytes data, bytes32 predecessor, bytes32 salt) returns (bytes32);
    function grantRole(bytes32 role, address account);
}

pub(crate) fn deploy_token(pair: &mut Pair, name: &str, decimals: u8) -> Address {
    let mut code = hex::decode(init_code("TestToken", "TestToken")).expect("hex");
    code.extend((name, name, U256::from(decimals)).abi_encode_params());
    pair.deploys(name, code)
}

fn units(amount: u64) -> U256 {
    U256::from(amount)
}

#[test]
fn a_token_with_permit_agrees() {
    let mut pair = Pair::start();
    let token = deploy_token(&mut pair, "WETH", 18);
    let to_token = |call: Vec<u8>| Tx::call(token, call);
    pair.succeeds("mint", to_token(mintCall { to: ALICE, amount: units(1_000) }.abi_encode()));
    pair.fails("mint by a stranger", to_token(mintCall { to: BOB, amount: units(1) }.abi_encode()).from(BOB));
    let moved = pair.succeeds("transfer", to_token(transferCall { to: BOB, amount: units(100) }.abi_encode()));
    assert_eq!(moved.logs.len(), 1);
    pair.succeeds(
        "transfer of everything, which clears a slot",
        to_token(transferCall { to: ALICE, amount: units(100) }.abi_encode()).from(BOB),
    );
    pair.fails("transfer of too much", to_token(transferCall { to: BOB, amount: units(1_001) }.abi_encode()));
    pair.succeeds("approve", to_token(approveCall { spender: BOB, amount: units(50) }.abi_encode()));
    pair.succeeds(
        "transferFrom",
        to_token(transferFromCall { from: ALICE, to: BOB, amount: units(50) }.abi_encode()).from(BOB),
    );
    pair.fails(
        "transferFrom again",
        to_token(transferFromCall { from: ALICE, to: BOB, amount: units(1) }.abi_encode()).from(BOB),
    );

    let deadline = units(pair.time_secs() + 1_000);
    let domain = Eip712Domain::new(Some("WETH".into()), Some("1".into()), Some(units(412_346)), Some(token), None);
    let message = Permit { owner: ALICE, spender: BOB, value: units(70), nonce: U256::ZERO, deadline };
    let signer: PrivateKeySigner = ALICE_KEY.parse().expect("a key");
    let signature = signer.sign_hash_sync(&message.eip712_signing_hash(&domain)).expect("signed");
    let permit = |value: u64| permitCall {
        owner: ALICE,
        spender: BOB,
        value: units(value),
        deadline,
        v: 27 + u8::from(signature.v()),
        r: signature.r().into(),
        s: signature.s().into(),
    };
    pair.fails("permit of another amount", to_token(permit(71).abi_encode()).from(BOB));
    pair.succeeds("permit", to_token(permit(70).abi_encode()).from(BOB));
    pair.fails("permit again", to_token(permit(70).abi_encode()).from(BOB));
    pair.succeeds(
        "transferFrom by permit",
        to_token(transferFromCall { from: ALICE, to: BOB, amount: units(70) }.abi_encode()).from(BOB),
    );
    assert!(pair.slots_compared() >= 8, "{:?}", pair.compared);
}

#[test]
fn a_timelock_agrees() {
    let mut pair = Pair::start();
    let token = deploy_token(&mut pair, "USDC", 6);
    let mut code = hex::decode(init_code("TimelockController", "TimelockController")).expect("hex");
    code.extend((units(3_600), vec![ALICE], vec![BOB], ALICE).abi_encode_params());
    let timelock = pair.deploys("timelock", code);
    pair.succeeds("ownership", Tx::call(token, transferOwnershipCall { owner: timelock }.abi_encode()));
    let data: Bytes = mintCall { to: BOB, amount: units(5) }.abi_encode().into();
    let (predecessor, salt) = (B256::ZERO, keccak256("salt"));
    let schedule = |delay: u64| scheduleCall {
        target: token,
        value: U256::ZERO,
        data: data.clone(),
        predecessor,
        salt,
        delay: units(delay),
    };
    let execute = || executeCall { target: token, value: U256::ZERO, data: data.clone(), predecessor, salt };
    pair.fails("too short a delay", Tx::call(timelock, schedule(60).abi_encode()));
    pair.fails("a stranger's proposal", Tx::call(timelock, schedule(3_600).abi_encode()).from(BOB));
    pair.succeeds("schedule", Tx::call(timelock, schedule(3_600).abi_encode()));
    pair.fails("execute too early", Tx::call(timelock, execute().abi_encode()).from(BOB));
    let id = hashOperationCall { target: token, value: U256::ZERO, data: data.clone(), predecessor, salt }.abi_encode();
    let id: B256 = pair.succeeds("the operation's name", Tx::call(timelock, id)).answer.expect("a word")[..]
        .try_into()
        .expect("a word");
    pair.succeeds("cancel", Tx::call(timelock, cancelCall { id }.abi_encode()));
    pair.succeeds("schedule again", Tx::call(timelock, schedule(3_600).abi_encode()));
    pair.advance_secs(3_601);
    // A call looks at the newest block, which has to be at that time for the call before the transaction to agree with it.
    pair.succeeds("time passes", Tx::call(BOB, vec![]));
    pair.succeeds("execute", Tx::call(timelock, execute().abi_encode()).from(BOB));
    pair.succeeds(
        "a role",
        Tx::call(timelock, grantRoleCall { role: keccak256("EXECUTOR_ROLE"), account: ALICE }.abi_encode()),
    );
    pair.succeeds("ether", Tx::call(timelock, vec![]).value(9));
}
