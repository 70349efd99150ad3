//! alloy's own methods for test nodes, with the types it reads their answers into, and traces asked for through it.

use crate::served::{ALICE_KEY, GENESIS_SECS, Served};
use alloy_network::{EthereumWallet, TransactionBuilder};
use alloy_primitives::{Address, B256, U256, address, hex};
use alloy_provider::{Provider, ProviderBuilder, ext::AnvilApi};
use alloy_rpc_types_eth::{BlockId, BlockNumberOrTag, TransactionRequest};
use alloy_signer_local::PrivateKeySigner;
use serde_json::{Value, json};

const ALICE: Address = address!("f39Fd6e51aad88F6F4ce6aB8827279cffFb92266");
const BOB: Address = address!("70997970C51812dc3A010C7d01b50e0d17dc79C8");

/// A client without keys: what it sends, the node signs or takes unsigned.
fn client(chain: &Served) -> impl Provider {
    ProviderBuilder::new().connect_http(chain.url().parse().expect("a URL"))
}

fn transfer(from: Address, wei: u64) -> TransactionRequest {
    TransactionRequest::default().with_from(from).with_to(BOB).with_value(U256::from(wei))
}

async fn newest(client: &impl Provider) -> alloy_rpc_types_eth::Header {
    client.get_block(BlockId::latest()).await.expect("answered").expect("there").header
}

#[test]
fn alloy_reads_what_the_node_says_of_itself() {
    let (chain, fork) = (Served::start(), Served::start());
    let client = client(&chain);
    chain.block_on(async {
        client.anvil_mine(Some(2), None).await.expect("mined");
        let head = newest(&client).await;
        let info = client.anvil_node_info().await.expect("readable");
        assert_eq!((info.current_block_number, info.current_block_hash), (2, head.hash));
        assert_eq!(info.current_block_timestamp, head.timestamp);
        assert_eq!((info.hard_fork.as_str(), info.environment.chain_id), ("osaka", 412_346));
        assert_eq!((info.environment.base_fee, info.environment.gas_limit), (100_000_000, 1 << 50));
        assert_eq!(info.fork_config, Default::default());
        let snapshot = client.anvil_snapshot().await.expect("taken");
        let metadata = client.anvil_metadata().await.expect("readable");
        assert_eq!((metadata.chain_id, metadata.latest_block_number), (412_346, 2));
        assert_eq!(metadata.latest_block_hash, head.hash);
        assert_eq!(metadata.snapshots.into_iter().collect::<Vec<_>>(), [(snapshot, (2, head.hash))]);
        assert!(metadata.forked_network.is_none());

        let forked = ProviderBuilder::new().connect_http(fork.url().parse().expect("a URL"));
        let origin = json!([{ "jsonRpcUrl": chain.url(), "blockNumber": "0x1" }]);
        forked.raw_request::<_, Value>("anvil_reset".into(), origin).await.expect("forked");
        let info = forked.anvil_node_info().await.expect("readable");
        assert_eq!((info.fork_config.fork_url, info.fork_config.fork_block_number), (Some(chain.url()), Some(1)));
        let network = forked.anvil_metadata().await.expect("readable").forked_network.expect("it is a fork");
        assert_eq!((network.chain_id, network.fork_block_number), (412_346, 1));
    });
}

#[test]
fn alloy_changes_accounts_headers_and_the_clock() {
    let chain = Served::start();
    let client = client(&chain);
    chain.block_on(async {
        let stranger = Address::repeat_byte(0xde);
        client.anvil_set_balance(stranger, U256::from(10).pow(U256::from(18))).await.expect("set");
        client.anvil_set_nonce(stranger, 4).await.expect("set");
        client.anvil_set_code(BOB, hex!("5f545f5260205ff3").into()).await.expect("set");
        assert!(client.anvil_set_storage_at(BOB, U256::ZERO, B256::with_last_byte(42)).await.expect("set"));
        let answer = client.call(TransactionRequest::default().with_to(BOB)).await.expect("answered");
        assert_eq!(answer[..], B256::with_last_byte(42)[..]);
        client.anvil_impersonate_account(stranger).await.expect("set");
        let sent = client.send_transaction(transfer(stranger, 1)).await.expect("accepted");
        assert_eq!(sent.get_receipt().await.expect("mined").from, stranger);
        client.eth_send_unsigned_transaction(transfer(stranger, 1)).await.expect("accepted");
        assert_eq!(client.get_transaction_count(stranger).await.expect("answered"), 6);
        client.anvil_stop_impersonating_account(stranger).await.expect("set");
        client.anvil_auto_impersonate_account(true).await.expect("set");
        client.eth_send_unsigned_transaction(transfer(stranger, 1)).await.expect("accepted");
        client.anvil_auto_impersonate_account(false).await.expect("set");
        client.eth_send_unsigned_transaction(transfer(stranger, 1)).await.expect_err("it has no key");

        let before = newest(&client).await.timestamp;
        assert_eq!(before, GENESIS_SECS + 3);
        client.anvil_set_coinbase(stranger).await.expect("set");
        client.anvil_set_next_block_base_fee_per_gas(2_000_000_000).await.expect("set");
        assert!(client.anvil_set_block_gas_limit(30_000_000).await.expect("set"));
        client.anvil_set_next_block_timestamp(before + 100).await.expect("set");
        assert_eq!(client.evm_mine(None).await.expect("mined"), "0x0");
        let head = newest(&client).await;
        assert_eq!((head.beneficiary, head.base_fee_per_gas), (stranger, Some(2_000_000_000)));
        assert_eq!((head.gas_limit, head.timestamp), (30_000_000, before + 100));
        client.anvil_set_min_gas_price(200_000_000).await.expect("set");
        assert_eq!(client.get_gas_price().await.expect("answered"), 200_000_000);

        assert_eq!(client.anvil_increase_time(50).await.expect("moved"), 50);
        client.evm_mine(Some(Default::default())).await.expect("mined");
        assert_eq!(newest(&client).await.timestamp, before + 151);
        assert_eq!(client.anvil_set_time(before + 200).await.expect("set"), 49);
        client.anvil_mine(Some(2), Some(10)).await.expect("mined");
        assert_eq!(newest(&client).await.timestamp, before + 210);
        client.anvil_set_block_timestamp_interval(7).await.expect("set");
        client.anvil_mine(None, None).await.expect("mined");
        assert_eq!(newest(&client).await.timestamp, before + 217);
        assert!(client.anvil_remove_block_timestamp_interval().await.expect("answered"));
    });
}

#[test]
fn alloy_keeps_goes_back_and_sees_what_waits() {
    let chain = Served::start();
    let client = client(&chain);
    chain.block_on(async {
        let snapshot = client.anvil_snapshot().await.expect("taken");
        client.anvil_set_auto_mine(false).await.expect("set");
        assert!(!client.anvil_get_auto_mine().await.expect("answered"));
        let hash = *client.send_transaction(transfer(ALICE, 1)).await.expect("accepted").tx_hash();
        let waiting = client.get_transaction_by_hash(hash).await.expect("readable").expect("it waits");
        assert_eq!((waiting.block_hash, waiting.block_number, waiting.transaction_index), (None, None, None));
        let pending =
            client.get_block(BlockNumberOrTag::Pending.into()).full().await.expect("readable").expect("there");
        assert_eq!(pending.transactions.hashes().collect::<Vec<_>>(), [hash]);
        assert_eq!(client.anvil_drop_transaction(hash).await.expect("answered"), Some(hash));
        assert_eq!(client.anvil_drop_transaction(hash).await.expect("answered"), None);
        assert!(client.get_transaction_by_hash(hash).await.expect("answered").is_none());
        client.anvil_set_interval_mining(86_400).await.expect("set");
        assert!(client.anvil_revert(snapshot).await.expect("answered"));
        assert!(client.anvil_get_auto_mine().await.expect("answered"));

        client.anvil_mine(Some(3), None).await.expect("mined");
        let state = client.anvil_dump_state().await.expect("answered");
        client.anvil_set_logging(false).await.expect("set");
        client.anvil_reset(None).await.expect("reset");
        assert_eq!(client.get_block_number().await.expect("answered"), 0);
        assert!(client.anvil_load_state(state).await.expect("answered"));
        assert_eq!(client.get_block_number().await.expect("answered"), 3);
        // All it may say of a fork left out, as its type is by default.
        client.anvil_reset(Some(Default::default())).await.expect("reset");
        assert_eq!(client.get_block_number().await.expect("answered"), 0);
        let refused = client.anvil_set_rpc_url("http://127.0.0.1:1".into()).await.expect_err("it is no fork");
        assert_eq!(refused.as_error_resp().expect("the node answered").message, "this chain is no fork");
    });
}

#[test]
fn alloy_asks_for_every_kind_of_trace() {
    let chain = Served::start();
    let signer: PrivateKeySigner = ALICE_KEY.parse().expect("a key");
    let client =
        ProviderBuilder::new().wallet(EthereumWallet::from(signer)).connect_http(chain.url().parse().expect("a URL"));
    chain.block_on(async {
        // sstore(0, calldataload(0))
        client.anvil_set_code(BOB, hex!("5f355f5500").into()).await.expect("set");
        let data = [&hex!("aabbccdd")[..], &[0; 28]].concat();
        let request = TransactionRequest::default().with_to(BOB).with_input(data);
        let sent = client.send_transaction(request.clone()).await.expect("accepted");
        let receipt = sent.get_receipt().await.expect("mined");
        for (options, place, answer) in [
            (json!({ "tracer": "callTracer" }), "/gasUsed", json!(format!("{:#x}", receipt.gas_used))),
            (json!({ "tracer": "4byteTracer" }), "/0xaabbccdd-28", json!(1)),
            (json!({}), "/structLogs/4/op", json!("STOP")),
            (
                json!({ "tracer": "prestateTracer", "tracerConfig": { "diffMode": true } }),
                &format!("/post/{BOB:#x}/storage/{}", B256::ZERO),
                json!(format!("0xaabbccdd{}", "00".repeat(28))),
            ),
        ] {
            let mined: Value = client
                .raw_request("debug_traceTransaction".into(), (receipt.transaction_hash, options.clone()))
                .await
                .expect("traced");
            assert_eq!(mined.pointer(place), Some(&answer), "{options}: {mined}");
            if options["tracer"] == "4byteTracer" {
                let tried: Value =
                    client.raw_request("debug_traceCall".into(), (&request, "latest", options)).await.expect("traced");
                assert_eq!(tried.pointer(place), Some(&answer), "{tried}");
            }
        }
    });
}
