//! OpenZeppelin's proxies and its access manager, as published; and an account that takes on code (EIP-7702).

use crate::{
    openzeppelin::deploy_token,
    pair::{ALICE, BOB, Pair, Tx},
    served::artifact_code,
};
use alloy_primitives::{Address, Bytes, FixedBytes, U256, aliases::U48, b256, hex, keccak256};
use alloy_signer::SignerSync;
use alloy_signer_local::PrivateKeySigner;
use alloy_sol_types::{SolCall, SolValue, sol};
use serde_json::json;

sol! {
    function owner() returns (address);
    function name() returns (string);
    function decimals() returns (uint8);
    function approve(address spender, uint256 amount) returns (bool);
    function mint(address to, uint256 amount);
    function transferOwnership(address owner);
    function upgradeTo(address implementation);
    function upgradeAndCall(address proxy, address implementation, bytes data);

    function labelRole(uint64 role, string label);
    function grantRole(uint64 role, address account, uint32 delay);
    function revokeRole(uint64 role, address account);
    function setTargetFunctionRole(address target, bytes4[] selectors, uint64 role);
    function setTargetClosed(address target, bool closed);
    function canCall(address caller, address target, bytes4 selector) returns (bool immediate, uint32 delay);
    function schedule(address target, bytes data, uint48 when) returns (bytes32 operation, uint32 nonce);
    function execute(address target, bytes data) returns (uint32 nonce);
    function cancel(address caller, address target, bytes data) returns (uint32 nonce);
}

/// The key of BOB, as public as the test mnemonic it is made of.
const BOB_KEY: FixedBytes<32> = b256!("59c6995e998f97a5a0044966f0945389dc9e86dae88c7a8412f4603b6b78690d");
/// Where EIP-1967 puts the admin of a proxy: the hash of its name, less one.
const ADMIN_SLOT: &str = "eip1967.proxy.admin";

fn published(name: &str, arguments: Vec<u8>) -> Vec<u8> {
    let path = format!("src/solidity/node_modules/@openzeppelin/contracts/build/contracts/{name}.json");
    let code = artifact_code(&path, "run scripts/setup first");
    [hex::decode(code).expect("hex"), arguments].concat()
}

#[test]
fn proxies_agree() {
    let mut pair = Pair::start();
    let (first, second) = (deploy_token(&mut pair, "AAA", 18), deploy_token(&mut pair, "BBB", 6));
    let approve: Bytes = approveCall { spender: BOB, amount: U256::from(5) }.abi_encode().into();
    let use_it = |pair: &mut Pair, proxy: Address| {
        pair.succeeds("approve behind a proxy", Tx::call(proxy, approve.clone()));
        pair.succeeds("name behind a proxy", Tx::call(proxy, nameCall {}.abi_encode()));
        let mint = mintCall { to: BOB, amount: U256::from(1) }.abi_encode();
        pair.fails("mint behind a proxy that has no owner", Tx::call(proxy, mint));
    };

    let plain = published("ERC1967Proxy", (first, approve.clone()).abi_encode_params());
    let plain = pair.deploys("ERC1967Proxy", plain);
    use_it(&mut pair, plain);
    pair.fails(
        "ERC1967Proxy of no contract",
        Tx::create(published("ERC1967Proxy", (BOB, Bytes::new()).abi_encode_params())),
    );

    let transparent = published("TransparentUpgradeableProxy", (first, ALICE, approve.clone()).abi_encode_params());
    let transparent = pair.deploys("TransparentUpgradeableProxy", transparent);
    use_it(&mut pair, transparent);
    let slot = U256::from_be_bytes(keccak256(ADMIN_SLOT).0) - U256::from(1);
    let [theirs, ours] = pair.ask("eth_getStorageAt", json!([transparent, slot, "latest"]));
    assert_eq!(ours, theirs);
    let admin: FixedBytes<32> = serde_json::from_value(ours).expect("a word");
    let admin = Address::from_word(admin);
    let upgrade =
        |to: Address| upgradeAndCallCall { proxy: transparent, implementation: to, data: Bytes::new() }.abi_encode();
    pair.fails("an upgrade by a stranger", Tx::call(admin, upgrade(second)).from(BOB));
    pair.fails("an upgrade to no contract", Tx::call(admin, upgrade(BOB)));
    pair.succeeds("an upgrade", Tx::call(admin, upgrade(second)));
    use_it(&mut pair, transparent);
    pair.succeeds("another owner of the admin", Tx::call(admin, transferOwnershipCall { owner: BOB }.abi_encode()));

    let beacon = pair.deploys("UpgradeableBeacon", published("UpgradeableBeacon", (first, ALICE).abi_encode_params()));
    let behind = published("BeaconProxy", (beacon, approve.clone()).abi_encode_params());
    let behind = pair.deploys("BeaconProxy", behind);
    use_it(&mut pair, behind);
    pair.fails(
        "a beacon moved by a stranger",
        Tx::call(beacon, upgradeToCall { implementation: second }.abi_encode()).from(BOB),
    );
    pair.succeeds("a beacon moved", Tx::call(beacon, upgradeToCall { implementation: second }.abi_encode()));
    pair.succeeds("decimals behind a beacon", Tx::call(behind, decimalsCall {}.abi_encode()));
}

#[test]
fn an_access_manager_agrees() {
    const ROLE: u64 = 7;
    const DELAY_SECS: u32 = 3_600;
    let mut pair = Pair::start();
    let manager = pair.deploys("AccessManager", published("AccessManager", ALICE.abi_encode()));
    let token = deploy_token(&mut pair, "AAA", 18);
    pair.succeeds("ownership", Tx::call(token, transferOwnershipCall { owner: manager }.abi_encode()));
    let mint: Bytes = mintCall { to: BOB, amount: U256::from(9) }.abi_encode().into();
    let execute = || Tx::call(manager, executeCall { target: token, data: mint.clone() }.abi_encode());
    pair.succeeds("a label", Tx::call(manager, labelRoleCall { role: ROLE, label: "minter".into() }.abi_encode()));
    let selectors = vec![FixedBytes(mintCall::SELECTOR)];
    let target = setTargetFunctionRoleCall { target: token, selectors, role: ROLE }.abi_encode();
    pair.fails("a stranger's rule", Tx::call(manager, target.clone()).from(BOB));
    pair.succeeds("a rule", Tx::call(manager, target));
    pair.fails("without the role", execute().from(BOB));
    let grant = |account: Address, delay: u32| grantRoleCall { role: ROLE, account, delay }.abi_encode();
    pair.succeeds("the role at once", Tx::call(manager, grant(ALICE, 0)));
    pair.succeeds("the role with a delay", Tx::call(manager, grant(BOB, DELAY_SECS)));
    pair.succeeds("execute at once", execute());
    pair.fails("execute before it is scheduled", execute().from(BOB));
    let selector = FixedBytes(mintCall::SELECTOR);
    pair.succeeds("canCall", Tx::call(manager, canCallCall { caller: BOB, target: token, selector }.abi_encode()));
    let schedule =
        || Tx::call(manager, scheduleCall { target: token, data: mint.clone(), when: U48::ZERO }.abi_encode());
    pair.succeeds("schedule", schedule().from(BOB));
    pair.fails("schedule twice", schedule().from(BOB));
    pair.fails("execute too early", execute().from(BOB));
    let cancel = cancelCall { caller: BOB, target: token, data: mint.clone() }.abi_encode();
    pair.succeeds("cancel", Tx::call(manager, cancel).from(BOB));
    pair.succeeds("schedule again", schedule().from(BOB));
    pair.advance_secs(u64::from(DELAY_SECS) + 1);
    // A call looks at the newest block, which has to be at that time for the call before the transaction to agree with it.
    pair.succeeds("time passes", Tx::call(BOB, vec![]));
    pair.succeeds("execute after the delay", execute().from(BOB));
    let closed = setTargetClosedCall { target: token, closed: true }.abi_encode();
    pair.succeeds("close", Tx::call(manager, closed));
    pair.fails("execute when closed", execute());
    pair.succeeds("revoke", Tx::call(manager, revokeRoleCall { role: ROLE, account: BOB }.abi_encode()));
    assert!(pair.slots_compared() >= 10, "{:?}", pair.compared);
}

/// An authorization by BOB to run `code` for his account (EIP-7702), as a request has it.
fn authorization(code: Address, nonce: u8) -> serde_json::Value {
    const CHAIN_ID: u32 = 412_346;
    // RLP of three short items: a number of three bytes, an address, and a number below 128, of which zero is the empty text.
    let number = if nonce == 0 { 0x80 } else { nonce };
    let items = [&[0x83][..], &CHAIN_ID.to_be_bytes()[1..], &[0x94], code.as_slice(), &[number]].concat();
    let hash = keccak256([&[0x05, 0xc0 + items.len() as u8][..], &items].concat());
    let signer = PrivateKeySigner::from_bytes(&BOB_KEY).expect("a key");
    let signature = signer.sign_hash_sync(&hash).expect("signed");
    json!({
        "chainId": U256::from(CHAIN_ID),
        "address": code,
        "nonce": U256::from(nonce),
        "yParity": U256::from(u8::from(signature.v())),
        "r": signature.r(),
        "s": signature.s(),
    })
}

#[test]
fn an_account_that_takes_on_code_agrees() {
    let mut pair = Pair::start();
    let token = deploy_token(&mut pair, "AAA", 18);
    let approve = approveCall { spender: ALICE, amount: U256::from(5) }.abi_encode();
    let taking = |code: Address, nonce: u8| {
        Tx::call(BOB, approve.clone()).with("authorizationList", json!([authorization(code, nonce)]))
    };
    pair.succeeds("a nonce that is not the account's, which is passed over", taking(token, 4));
    let [_, code] = pair.ask("eth_getCode", json!([BOB, "latest"]));
    assert_eq!(code, "0x");
    let taken = pair.succeeds("code taken on, and run at once", taking(token, 0));
    assert_eq!(taken.logs.len(), 1);
    let [_, code] = pair.ask("eth_getCode", json!([BOB, "latest"]));
    assert_eq!(code, json!(Bytes::from([&hex!("ef0100")[..], token.as_slice()].concat())));
    pair.succeeds("the account called as a token", Tx::call(BOB, approve.clone()));
    pair.succeeds("the account sends", Tx::call(ALICE, vec![]).from(BOB).value(1));
    pair.succeeds("the code given up", taking(Address::ZERO, 2));
    let [_, code] = pair.ask("eth_getCode", json!([BOB, "latest"]));
    assert_eq!(code, "0x");
}
