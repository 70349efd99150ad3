//! Transactions on their way: what a request becomes, why one is refused, and how one that waits is seen.

mod common;

use common::served::{ALICE, BOB, STRANGER, Served, quantity, word};
use serde_json::{Value, json};
use spillway_devnode::Devnode;

fn start() -> Served {
    Served::new(Devnode::default())
}

/// The transaction that a request becomes once it is mined.
fn sent(chain: &Served, request: Value) -> Value {
    let hash = chain.ask("eth_sendTransaction", json!([request]));
    chain.ask("eth_getTransactionByHash", json!([hash]))
}

#[test]
fn a_gas_price_makes_a_transaction_of_type_0_and_with_an_access_list_of_type_1() {
    let chain = start();
    let price = "0x77359400";
    let plain = sent(&chain, json!({ "from": ALICE, "to": BOB, "gasPrice": price }));
    assert_eq!((&plain["type"], plain.get("maxFeePerGas")), (&json!("0x0"), None));
    let receipt = chain.ask("eth_getTransactionReceipt", json!([plain["hash"]]));
    assert_eq!((&receipt["type"], &receipt["effectiveGasPrice"]), (&json!("0x0"), &json!("0x5f5e100")));
    let list = json!([{ "address": BOB, "storageKeys": [word(1)] }]);
    let listed = sent(&chain, json!({ "from": ALICE, "to": BOB, "gasPrice": price, "accessList": list }));
    assert_eq!((&listed["type"], &listed["accessList"]), (&json!("0x1"), &list));
    assert_eq!(sent(&chain, json!({ "from": ALICE, "to": BOB }))["type"], "0x2");

    let signed = chain.ask("eth_signTransaction", json!([{ "from": ALICE, "to": BOB, "gasPrice": price }]));
    // A list, as before EIP-2718.
    assert!(signed.as_str().is_some_and(|raw| raw.starts_with("0xf8")), "{signed}");
    let hash = chain.ask("eth_sendRawTransaction", json!([signed]));
    assert_eq!(chain.ask("eth_getTransactionByHash", json!([hash]))["gasPrice"], "0x5f5e100", "what is paid");

    let both = json!([{ "from": ALICE, "to": BOB, "gasPrice": price, "maxFeePerGas": price }]);
    let text = "transaction refused: both gasPrice and (maxFeePerGas or maxPriorityFeePerGas) specified";
    assert_eq!(chain.refused("eth_sendTransaction", both), (-32000, text.into()));
}

#[test]
fn gas_left_out_is_what_the_transaction_needs() {
    let chain = start();
    assert_eq!(sent(&chain, json!({ "from": ALICE, "to": BOB }))["gas"], "0x5208");
    // sstore(0, 1)
    chain.ask("anvil_setCode", json!([STRANGER, "0x60015f5500"]));
    let estimate = chain.number("eth_estimateGas", json!([{ "from": ALICE, "to": STRANGER }]));
    assert_eq!(quantity(&sent(&chain, json!({ "from": ALICE, "to": STRANGER }))["gas"]), estimate);
    assert_eq!(chain.ask("eth_getStorageAt", json!([STRANGER, "0x0", "latest"])), word(1));
    // What would fail is told before it is sent: revert(0, 0).
    chain.ask("anvil_setCode", json!([STRANGER, "0x5f5ffd"]));
    let (height, nonce) = (chain.height(), chain.ask("eth_getTransactionCount", json!([ALICE, "latest"])));
    let failing = json!([{ "from": ALICE, "to": STRANGER }]);
    assert_eq!(chain.refused("eth_sendTransaction", failing), (3, "execution reverted".into()));
    let with_gas = json!({ "from": ALICE, "to": STRANGER, "gas": "0xc350" });
    let mined = chain.ask("eth_getTransactionReceipt", json!([sent(&chain, with_gas)["hash"]]));
    assert_eq!((&mined["status"], chain.height()), (&json!("0x0"), height + 1));
    assert_ne!(chain.ask("eth_getTransactionCount", json!([ALICE, "latest"])), nonce);
}

#[test]
fn gas_is_estimated_at_the_time_and_after_the_transactions_it_will_run_with() {
    let chain = start();
    let later = chain.time_secs() + 1_000;
    chain.ask("anvil_setStorageAt", json!([STRANGER, "0x0", format!("{later:#x}")]));
    // Reverts before the time in slot 0.
    let waits = "0x5f544210600857005b5f5ffd";
    chain.ask("anvil_setCode", json!([STRANGER, waits]));
    let request = json!([{ "from": ALICE, "to": STRANGER }]);
    assert_eq!(chain.refused("eth_sendTransaction", request.clone()), (3, "execution reverted".into()));
    chain.ask("evm_increaseTime", json!([1_000]));
    let hash = chain.ask("eth_sendTransaction", request);
    assert_eq!(chain.ask("eth_getTransactionReceipt", json!([hash]))["status"], "0x1");

    // The second transaction works only after the first, and both wait: revert unless slot 5 is set; with calldata, set it.
    let opens = "0x36600f57600554600d575f5ffd5b005b600160055500";
    chain.ask("anvil_setCode", json!([BOB, opens]));
    chain.ask("evm_setAutomine", json!([false]));
    let first = chain.ask("eth_sendTransaction", json!([{ "from": ALICE, "to": BOB, "data": "0x01" }]));
    let second = chain.ask("eth_sendTransaction", json!([{ "from": ALICE, "to": BOB }]));
    chain.ask("evm_mine", json!([]));
    for hash in [first, second] {
        assert_eq!(chain.ask("eth_getTransactionReceipt", json!([hash]))["status"], "0x1");
    }
}

#[test]
fn a_transaction_that_waits_is_seen_by_its_hash_and_in_the_pending_block() {
    let chain = start();
    chain.ask("evm_setAutomine", json!([false]));
    let hash = chain.ask("eth_sendTransaction", json!([{ "from": ALICE, "to": BOB, "value": "0x7" }]));
    let seen = chain.ask("eth_getTransactionByHash", json!([hash]));
    assert_eq!((&seen["hash"], &seen["from"], &seen["value"]), (&hash, &json!(ALICE), &json!("0x7")));
    for place in ["blockHash", "blockNumber", "transactionIndex"] {
        assert_eq!(seen.get(place), Some(&Value::Null), "{place}");
    }
    assert_eq!(chain.ask("eth_getTransactionReceipt", json!([hash])), Value::Null);
    assert_eq!(chain.ask("txpool_content", json!([]))["pending"][ALICE]["0"], seen);
    assert_eq!(chain.ask("eth_getTransactionCount", json!([ALICE, "pending"])), "0x1");

    let pending = chain.ask("eth_getBlockByNumber", json!(["pending", false]));
    assert_eq!((&pending["number"], &pending["transactions"]), (&json!("0x1"), &json!([hash])));
    assert_eq!(pending["parentHash"], chain.newest("hash"));
    let whole = chain.ask("eth_getBlockByNumber", json!(["pending", true]));
    assert_eq!((&whole["transactions"][0]["hash"], &whole["transactions"][0]["blockHash"]), (&hash, &Value::Null));
    assert_eq!(chain.ask("eth_getBlockTransactionCountByNumber", json!(["pending"])), "0x1");
    let first = chain.ask("eth_getTransactionByBlockNumberAndIndex", json!(["pending", "0x0"]));
    assert_eq!(first["hash"], hash);
    assert_eq!(chain.height(), 0, "nothing is mined by looking");
    chain.ask("evm_mine", json!([]));
    assert_eq!(chain.newest("hash"), pending["hash"], "it is the block that came");
    assert_eq!(chain.ask("eth_getTransactionByHash", json!([hash]))["blockNumber"], "0x1");
    assert_eq!(chain.ask("eth_getBlockByNumber", json!(["pending", false]))["transactions"], json!([]));
}

#[test]
fn refusals_are_in_the_words_of_geth() {
    let chain = start();
    let alice = "0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266";
    chain.ask("eth_sendTransaction", json!([{ "from": ALICE, "to": BOB }]));
    let all = format!("{:#x}", 20_000 * 10_u128.pow(18));
    for (request, code, text) in [
        (
            json!({ "from": ALICE, "to": BOB, "nonce": "0x0" }),
            -32000,
            format!("nonce too low: address {alice}, tx: 0 state: 1"),
        ),
        (
            json!({ "from": ALICE, "to": BOB, "nonce": "0x3" }),
            -32000,
            format!("nonce too high: address {alice}, tx: 3 state: 1"),
        ),
        (
            json!({ "from": ALICE, "to": BOB, "value": all, "gas": "0x5208" }),
            -32000,
            format!("insufficient funds for gas * price + value: address {alice} have "),
        ),
        (
            json!({ "from": ALICE, "to": BOB, "maxFeePerGas": "0x1" }),
            -32000,
            format!("max fee per gas less than block base fee: address {alice}, maxFeePerGas: 1, baseFee: 100000000"),
        ),
        (
            json!({ "from": ALICE, "to": BOB, "gas": "0x5207" }),
            -32000,
            "intrinsic gas too low: have 20999, want 21000".into(),
        ),
        (json!({ "to": BOB }), -32602, "invalid parameter 0 (transaction): it has no `from`".into()),
    ] {
        let (given, said) = chain.refused("eth_sendTransaction", json!([request]));
        assert_eq!((given, said.starts_with(&text)), (code, true), "{request}: {said}");
    }
    // sstore(0, 1) needs more.
    chain.ask("anvil_setCode", json!([STRANGER, "0x60015f5500"]));
    let short = json!([{ "from": ALICE, "to": STRANGER, "gas": "0x7530" }]);
    assert_eq!(chain.refused("eth_estimateGas", short), (-32000, "gas required exceeds allowance (30000)".into()));
    assert_eq!((chain.height(), chain.ask("eth_getTransactionCount", json!([ALICE, "pending"]))), (1, json!("0x1")));
}

#[test]
fn messages_are_signed_by_eip_191() {
    let chain = start();
    // As cast signs them with the same key.
    let of_bytes = "0xa114c834af73872c6c9efe918d85b0b1b34a486d10f9011e2630e28417c828c060dbd65cda67e73d52ebb7c555260621dbc1b0b4036acb61086bba091ac3f1641b";
    let of_text = "0xf16ea9a3478698f695fd1401bfe27e9e4a7e8e3da94aa72b021125e31fa899cc573c48ea3fe1d4ab61a9db10c19032026e3ed2dbccba5a178235ac27f94504311c";
    assert_eq!(chain.ask("eth_sign", json!([ALICE, "0xdeadbeef"])), of_bytes);
    assert_eq!(chain.ask("personal_sign", json!(["0xdeadbeef", ALICE])), of_bytes);
    assert_eq!(chain.ask("personal_sign", json!(["0x68656c6c6f", ALICE, "no password"])), of_text);
    for (method, params) in [("eth_sign", json!([STRANGER, "0x00"])), ("personal_sign", json!(["0x00", STRANGER]))] {
        let (code, text) = chain.refused(method, params);
        assert_eq!((code, text.starts_with("no signer available for 0x")), (-32000, true), "{method}: {text}");
    }
}

#[test]
fn an_unsigned_transaction_is_sent_for_those_who_are_impersonated() {
    let chain = start();
    chain.ask("anvil_setBalance", json!([STRANGER, "0xde0b6b3a7640000"]));
    let request = json!([{ "from": STRANGER, "to": BOB, "value": "0x1" }]);
    assert_eq!(chain.refused("eth_sendUnsignedTransaction", request.clone()).0, -32000);
    chain.ask("anvil_impersonateAccount", json!([STRANGER]));
    let hash = chain.ask("eth_sendUnsignedTransaction", request);
    let receipt = chain.ask("eth_getTransactionReceipt", json!([hash]));
    assert_eq!((&receipt["from"], &receipt["status"]), (&json!(STRANGER), &json!("0x1")));
}
