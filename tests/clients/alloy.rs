//! alloy: the client of Rust programs, cargo-stylus among them, with the fillers it recommends.

use crate::{
    served::{ALICE_KEY, GENESIS_SECS, Served, init_code},
    stage::remember_init_code,
};
use alloy_network::{EthereumWallet, TransactionBuilder};
use alloy_primitives::{Address, B256, Bytes, TxKind, U256, address, hex};
use alloy_provider::{Provider, ProviderBuilder};
use alloy_rpc_types_eth::{
    BlockId, BlockOverrides, Filter, TransactionRequest,
    state::{AccountOverride, StateOverride},
};
use alloy_signer_local::PrivateKeySigner;
use alloy_sol_types::{SolCall, SolEvent, SolValue, sol};

sol! {
    function mint(address to, uint256 amount);
    function balanceOf(address account) returns (uint256);
    function activateProgram(address program) returns (uint16 version, uint256 dataFee);
    event Transfer(address indexed from, address indexed to, uint256 value);
}

const ALICE: Address = address!("f39Fd6e51aad88F6F4ce6aB8827279cffFb92266");
const BOB: Address = address!("70997970C51812dc3A010C7d01b50e0d17dc79C8");
const ARB_WASM: Address = address!("0000000000000000000000000000000000000071");

fn client(chain: &Served) -> impl Provider {
    let signer: PrivateKeySigner = ALICE_KEY.parse().expect("a key");
    ProviderBuilder::new().wallet(EthereumWallet::from(signer)).connect_http(chain.url().parse().expect("a URL"))
}

fn call_of(to: Address, call: impl SolCall) -> TransactionRequest {
    TransactionRequest::default().with_to(to).with_input(call.abi_encode())
}

fn create(code: Vec<u8>) -> TransactionRequest {
    TransactionRequest { to: Some(TxKind::Create), ..TransactionRequest::default() }.with_input(code)
}

/// A number as 32 bytes.
fn word(number: u64) -> Bytes {
    U256::from(number).to_be_bytes::<32>().into()
}

async fn deploy_token(client: &impl Provider) -> Address {
    let mut code = hex::decode(init_code("TestToken", "TestToken")).expect("hex");
    code.extend(("Wrapped Ether", "WETH", U256::from(18)).abi_encode_params());
    let receipt = client.send_transaction(create(code)).await.expect("accepted").get_receipt().await.expect("mined");
    assert!(receipt.status());
    receipt.contract_address.expect("created")
}

#[test]
fn alloy_deploys_sends_and_watches_until_the_receipt_is_there() {
    let chain = Served::start();
    let client = client(&chain);
    chain.block_on(async {
        assert_eq!(client.get_chain_id().await.expect("a chain"), 412_346);
        let token = deploy_token(&client).await;
        let pending = client
            .send_transaction(call_of(token, mintCall { to: BOB, amount: U256::from(1_000) }))
            .await
            .expect("accepted");
        let hash = pending.watch().await.expect("mined");
        let receipt = client.get_transaction_receipt(hash).await.expect("answered").expect("mined");
        assert!(receipt.status());
        assert_eq!(receipt.effective_gas_price, 100_000_000);
        assert_eq!(receipt.block_number, Some(2));
        let answer = client.call(call_of(token, balanceOfCall { account: BOB })).await.expect("answered");
        assert_eq!(balanceOfCall::abi_decode_returns(&answer).expect("a word"), U256::from(1_000));
        assert_eq!(client.get_transaction_count(ALICE).await.expect("answered"), 2);
        let block = client.get_block(BlockId::latest()).full().await.expect("answered").expect("there");
        assert_eq!(block.header.timestamp, GENESIS_SECS + 2);
        assert_eq!(block.transactions.hashes().collect::<Vec<_>>(), [hash]);
        assert_eq!(block.header.hash, block.header.inner.hash_slow(), "a block's hash is that of its header");
    });
}

#[test]
fn alloy_filters_logs_by_address_topic_and_block() {
    let chain = Served::start();
    let client = client(&chain);
    chain.block_on(async {
        let token = deploy_token(&client).await;
        for amount in [5_u64, 6] {
            let sent = client
                .send_transaction(call_of(token, mintCall { to: BOB, amount: U256::from(amount) }))
                .await
                .expect("accepted");
            sent.watch().await.expect("mined");
        }
        let values = |logs: Vec<alloy_rpc_types_eth::Log>| -> Vec<U256> {
            logs.iter().map(|log| Transfer::decode_log(&log.inner).expect("a transfer").value).collect()
        };
        let filter = Filter::new()
            .address(token)
            .event_signature(Transfer::SIGNATURE_HASH)
            .topic2(BOB.into_word())
            .from_block(0);
        assert_eq!(values(client.get_logs(&filter).await.expect("answered")), [U256::from(5), U256::from(6)]);
        assert_eq!(values(client.get_logs(&filter.clone().from_block(3)).await.expect("answered")), [U256::from(6)]);
        assert_eq!(
            values(client.get_logs(&filter.clone().topic1(BOB.into_word())).await.expect("answered")),
            [] as [U256; 0]
        );
        assert_eq!(values(client.get_logs(&filter.address(BOB)).await.expect("answered")), [] as [U256; 0]);
    });
}

#[test]
fn alloy_overrides_code_storage_balance_and_time_for_one_call() {
    let chain = Served::start();
    let client = client(&chain);
    chain.block_on(async {
        let target = Address::repeat_byte(0x77);
        let call = TransactionRequest::default().with_to(target);
        let with = |change: AccountOverride| StateOverride::from_iter([(target, change)]);
        // SLOAD of slot 0, the word returned.
        let load: Bytes = hex!("5f545f5260205ff3").into();
        let slot = |value: u64| -> alloy_primitives::map::B256HashMap<B256> {
            [(B256::ZERO, B256::from(U256::from(value)))].into_iter().collect()
        };
        let change = AccountOverride { code: Some(load), state_diff: Some(slot(42)), ..AccountOverride::default() };
        assert_eq!(client.call(call.clone()).overrides(with(change)).await.expect("answered"), word(42));
        // SELFBALANCE, and TIMESTAMP, the word returned.
        let change = AccountOverride {
            code: Some(hex!("475f5260205ff3").into()),
            balance: Some(U256::from(9)),
            ..AccountOverride::default()
        };
        assert_eq!(client.call(call.clone()).overrides(with(change)).await.expect("answered"), word(9));
        let change = AccountOverride { code: Some(hex!("425f5260205ff3").into()), ..AccountOverride::default() };
        let later = BlockOverrides { time: Some(GENESIS_SECS + 77), ..BlockOverrides::default() };
        let answer =
            client.call(call.clone()).overrides(with(change)).with_block_overrides(later).await.expect("answered");
        assert_eq!(answer, word(GENESIS_SECS + 77));
        assert_eq!(client.get_code_at(target).await.expect("answered"), Bytes::new());
    });
}

#[test]
fn alloy_deploys_activates_and_calls_a_program() {
    let chain = Served::start();
    let client = client(&chain);
    chain.block_on(async {
        let code = hex::decode(remember_init_code()).expect("hex");
        let created =
            client.send_transaction(create(code)).await.expect("accepted").get_receipt().await.expect("mined");
        let program = created.contract_address.expect("created");
        let activation =
            call_of(ARB_WASM, activateProgramCall { program }).with_value(U256::from(10_000_000_000_000_000_u64));
        assert!(
            client.send_transaction(activation).await.expect("accepted").get_receipt().await.expect("mined").status()
        );
        let word = word(0x2a);
        let write = TransactionRequest::default().with_to(program).with_input(word.clone());
        let written = client.send_transaction(write).await.expect("accepted").get_receipt().await.expect("mined");
        assert!(written.status());
        assert_eq!(written.logs()[0].data().data, word);
        assert_eq!(client.call(TransactionRequest::default().with_to(program)).await.expect("answered"), word);
        let refusal = client
            .send_transaction(TransactionRequest::default().with_to(program).with_input(vec![1]))
            .await
            .expect_err("one byte is no word");
        let payload = refusal.as_error_resp().expect("the node answered").clone();
        assert_eq!((payload.code, payload.message.as_ref()), (3, "execution reverted"));
        assert_eq!(payload.as_revert_data(), Some(Bytes::new()));
    });
}
