//! Two chains that are told the same, and the comparison of what they did.

use crate::served::{ALICE_KEY, GENESIS_SECS, Served, tool};
use alloy_network::{EthereumWallet, NetworkTransactionBuilder, TransactionBuilder, eip2718::Encodable2718};
use alloy_primitives::{Address, B256, Bytes, U256, address};
use alloy_provider::{Provider, ProviderBuilder, RootProvider};
use alloy_rpc_types_eth::TransactionRequest;
use alloy_signer_local::PrivateKeySigner;
use serde_json::{Value, json};
use std::{
    collections::{BTreeMap, BTreeSet},
    io::{BufRead, BufReader, Read},
    process::{Child, Command, Stdio},
};

/// The first two accounts of the test mnemonic.
pub(crate) const ALICE: Address = address!("f39Fd6e51aad88F6F4ce6aB8827279cffFb92266");
pub(crate) const BOB: Address = address!("70997970C51812dc3A010C7d01b50e0d17dc79C8");

/// What a unit of gas costs on both chains, in wei.
pub(crate) const BASE_FEE_WEI: u64 = 100_000_000;
const CHAIN_ID: u64 = 412_346;
/// Enough for any of these transactions, and below the 2^24 that Osaka allows.
const GAS: u64 = 16_000_000;
/// The receiver of base fees on the local chain; on anvil they are burnt. See `differences.rs`.
const FEE_ACCOUNT: Address = Address::ZERO;
/// The coinbase of the local chain, which is given to anvil: a coinbase is warm from the start.
const COINBASE: Address = address!("A4b000000000000000000073657175656e636572");

/// Where ArbOS keeps its state. Ethereum has nothing there.
const ARBOS: Address = address!("A4B05FffffFffFFFFfFFfffFfffFFfffFfFfFFFf");

/// A transaction for both chains.
#[derive(Debug, Clone)]
pub(crate) struct Tx {
    pub(crate) from: Address,
    pub(crate) to: Option<Address>,
    pub(crate) value: U256,
    pub(crate) data: Bytes,
    /// Fields of the request that most transactions do not have.
    pub(crate) more: Value,
}

impl Tx {
    pub(crate) fn create(code: impl Into<Bytes>) -> Self {
        Self { from: ALICE, to: None, value: U256::ZERO, data: code.into(), more: json!({}) }
    }

    pub(crate) fn call(to: Address, data: impl Into<Bytes>) -> Self {
        Self { to: Some(to), ..Self::create(data) }
    }

    pub(crate) fn from(self, from: Address) -> Self {
        Self { from, ..self }
    }

    pub(crate) fn value(self, wei: u64) -> Self {
        Self { value: U256::from(wei), ..self }
    }

    pub(crate) fn with(mut self, field: &str, value: Value) -> Self {
        self.more[field] = value;
        self
    }

    /// The least gas a transaction uses under EIP-7623: 10 for a zero byte of calldata and 40 for any other, beside the 21 000.
    fn calldata_floor_gas(&self) -> u64 {
        self.data.iter().map(|byte| if *byte == 0 { 10 } else { 40 }).sum::<u64>() + 21_000
    }

    fn request(&self) -> Value {
        let mut request = json!({
            "from": self.from,
            "value": self.value,
            "data": self.data,
            "gas": U256::from(GAS),
            "maxFeePerGas": U256::from(BASE_FEE_WEI),
            "maxPriorityFeePerGas": "0x0",
        });
        if let Some(to) = self.to {
            request["to"] = json!(to);
        }
        if let Value::Object(more) = &self.more {
            for (field, value) in more {
                request[field] = value.clone();
            }
        }
        request
    }
}

/// What one chain made of a transaction.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Outcome {
    pub(crate) success: bool,
    pub(crate) gas_used: u64,
    pub(crate) gas_price_wei: u64,
    pub(crate) contract: Option<Address>,
    /// Emitter, topics and data of each log.
    pub(crate) logs: Vec<(Address, Vec<B256>, Bytes)>,
    /// What a call just before returned, or the revert data; none when it stopped otherwise.
    pub(crate) answer: Result<Bytes, Option<Bytes>>,
}

/// One of the two chains.
pub(crate) struct Node {
    name: &'static str,
    client: RootProvider,
    /// Whether a transaction waits until a block is asked for.
    mines_when_told: bool,
}

impl Node {
    fn new(name: &'static str, url: &str, mines_when_told: bool) -> Self {
        let client = ProviderBuilder::new().disable_recommended_fillers().connect_http(url.parse().expect("a URL"));
        Self { name, client, mines_when_told }
    }

    /// Sends a request.
    ///
    /// # Errors
    /// Code, message and data of the answer, when it is an error.
    async fn try_ask(&self, method: &'static str, params: Value) -> Result<Value, (i64, String, Option<Bytes>)> {
        let answer: Result<Value, _> = self.client.raw_request(method.into(), params).await;
        answer.map_err(|error| {
            let payload = error.as_error_resp().unwrap_or_else(|| panic!("{}: {method}: {error}", self.name));
            let data = payload.data.as_ref().and_then(|data| serde_json::from_str(data.get()).ok());
            (payload.code, payload.message.to_string(), data)
        })
    }

    async fn ask(&self, method: &'static str, params: Value) -> Value {
        self.try_ask(method, params).await.unwrap_or_else(|error| panic!("{}: {method}: {error:?}", self.name))
    }

    async fn outcome(&self, tx: &Tx, at_secs: u64) -> (Outcome, Value) {
        let answer = self.try_ask("eth_call", json!([tx.request(), "latest"])).await;
        let answer = answer
            .map(|value| read(&value))
            .map_err(|(code, _, data)| if code == 3 { data.or(Some(Bytes::new())) } else { None });
        self.ask("evm_setNextBlockTimestamp", json!([at_secs])).await;
        self.ask("anvil_setNextBlockBaseFeePerGas", json!([U256::from(BASE_FEE_WEI)])).await;
        let hash = self.ask("eth_sendTransaction", json!([tx.request()])).await;
        if self.mines_when_told {
            self.ask("evm_mine", json!([])).await;
        }
        let receipt = self.ask("eth_getTransactionReceipt", json!([hash])).await;
        let logs = receipt["logs"].as_array().unwrap_or_else(|| panic!("{}: {receipt}", self.name));
        let outcome = Outcome {
            success: receipt["status"] == "0x1",
            gas_used: number(&receipt["gasUsed"]),
            gas_price_wei: number(&receipt["effectiveGasPrice"]),
            contract: if receipt["status"] == "0x1" { read(&receipt["contractAddress"]) } else { None },
            logs: logs.iter().map(|log| (read(&log["address"]), read(&log["topics"]), read(&log["data"]))).collect(),
            answer,
        };
        (outcome, hash)
    }
}

fn read<T: serde::de::DeserializeOwned>(value: &Value) -> T {
    serde_json::from_value(value.clone()).unwrap_or_else(|error| panic!("{value}: {error}"))
}

fn number(value: &Value) -> u64 {
    read::<U256>(value).to()
}

/// anvil as a process, killed with this.
struct Anvil {
    child: Child,
    url: String,
}

impl Anvil {
    fn start() -> Self {
        let genesis_secs = GENESIS_SECS.to_string();
        let base_fee_wei = BASE_FEE_WEI.to_string();
        let mut child = Command::new(tool("anvil"))
            // Left to itself anvil mines some time after it has answered; told to, it has mined when it answers.
            .args([
                "--port",
                "0",
                "--chain-id",
                "412346",
                "--hardfork",
                "osaka",
                "--disable-min-priority-fee",
                "--no-mining",
                "--steps-tracing",
            ])
            .args(["--timestamp", &genesis_secs, "--block-base-fee-per-gas", &base_fee_wei])
            .stdout(Stdio::piped())
            .spawn()
            .expect("anvil starts");
        let mut output = BufReader::new(child.stdout.take().expect("stdout is piped"));
        let mut line = String::new();
        let address = loop {
            line.clear();
            assert_ne!(output.read_line(&mut line).expect("anvil writes text"), 0, "anvil ended before it listened");
            if let Some(address) = line.trim().strip_prefix("Listening on ") {
                break address.to_owned();
            }
        };
        // anvil names every request; unread, the pipe would fill and stop it.
        std::thread::spawn(move || std::io::copy(&mut output.by_ref(), &mut std::io::sink()));
        Self { child, url: format!("http://{address}") }
    }
}

impl Drop for Anvil {
    fn drop(&mut self) {
        // An error means that it has ended already.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Both chains.
pub(crate) struct Pair {
    anvil: Node,
    ours: Node,
    time_secs: u64,
    /// Every account and slot that was compared, so that a scenario can say how much it covered.
    pub(crate) compared: BTreeMap<Address, BTreeSet<U256>>,
    process: Anvil,
    served: Served,
}

impl Pair {
    pub(crate) fn start() -> Self {
        let (process, served) = (Anvil::start(), Served::start());
        let mut pair = Self {
            anvil: Node::new("anvil", &process.url, true),
            ours: Node::new("ours", &served.url(), false),
            time_secs: GENESIS_SECS,
            compared: BTreeMap::new(),
            process,
            served,
        };
        // The time of anvil's block 0 is not the one asked for, and calls before the first transaction look at it.
        pair.time_secs += 1;
        for method in ["evm_setNextBlockTimestamp", "evm_mine"] {
            let params = if method == "evm_mine" { json!([]) } else { json!([pair.time_secs]) };
            pair.ask(method, params);
        }
        pair.ask_anvil("anvil_setCoinbase", json!([COINBASE]));
        pair
    }

    /// Where anvil answers.
    pub(crate) fn anvil_url(&self) -> &str {
        &self.process.url
    }

    /// The time of the newest block.
    pub(crate) fn time_secs(&self) -> u64 {
        self.time_secs
    }

    /// Lets time pass before the next transaction.
    pub(crate) fn advance_secs(&mut self, secs: u64) {
        self.time_secs += secs;
    }

    /// Asks the same of both, anvil's answer first.
    pub(crate) fn ask(&self, method: &'static str, params: Value) -> [Value; 2] {
        self.served
            .block_on(async { [self.anvil.ask(method, params.clone()).await, self.ours.ask(method, params).await] })
    }

    /// Asks the local chain alone.
    pub(crate) fn ask_ours(&self, method: &'static str, params: Value) -> Value {
        self.served.block_on(self.ours.ask(method, params))
    }

    /// Asks anvil alone.
    pub(crate) fn ask_anvil(&self, method: &'static str, params: Value) -> Value {
        self.served.block_on(self.anvil.ask(method, params))
    }

    /// Sends to both without comparing anything, for the named differences alone; anvil's outcome first.
    pub(crate) fn both(&mut self, tx: &Tx) -> [Outcome; 2] {
        let (outcomes, _) = self.send_both(tx);
        outcomes
    }

    /// Sends to both, and gives what refuses it before it is mined; anvil's word first.
    pub(crate) fn refusals(&mut self, tx: &Tx) -> [Option<String>; 2] {
        let request = tx.request();
        let refusal = |answer: Result<Value, (i64, String, Option<Bytes>)>| answer.err().map(|(_, words, _)| words);
        self.served.block_on(async {
            let theirs = self.anvil.try_ask("eth_sendTransaction", json!([request])).await;
            let ours = self.ours.try_ask("eth_sendTransaction", json!([request])).await;
            [refusal(theirs), refusal(ours)]
        })
    }

    /// As [`Pair::refusals`], for a transaction to BOB that ALICE signs herself.
    pub(crate) fn signed_refusals(&mut self, nonce: u64, data: Vec<u8>) -> [Option<String>; 2] {
        let signer: PrivateKeySigner = ALICE_KEY.parse().expect("a key");
        let request = TransactionRequest::default()
            .with_chain_id(CHAIN_ID)
            .with_nonce(nonce)
            .with_to(BOB)
            .with_input(data)
            .with_gas_limit(GAS)
            .with_max_fee_per_gas(BASE_FEE_WEI.into())
            .with_max_priority_fee_per_gas(0);
        let refusal = |answer: Result<Value, (i64, String, Option<Bytes>)>| answer.err().map(|(_, words, _)| words);
        self.served.block_on(async {
            let signed = request.build(&EthereumWallet::from(signer)).await.expect("it is whole");
            let raw = json!([Bytes::from(signed.encoded_2718())]);
            let theirs = self.anvil.try_ask("eth_sendRawTransaction", raw.clone()).await;
            let ours = self.ours.try_ask("eth_sendRawTransaction", raw).await;
            [refusal(theirs), refusal(ours)]
        })
    }

    fn send_both(&mut self, tx: &Tx) -> ([Outcome; 2], [Value; 2]) {
        self.time_secs += 1;
        let at_secs = self.time_secs;
        // Code can see what base fees have come together, so that it must be nothing on both.
        self.ask("anvil_setBalance", json!([FEE_ACCOUNT, "0x0"]));
        self.served.block_on(async {
            let (theirs, their_hash) = self.anvil.outcome(tx, at_secs).await;
            let (ours, our_hash) = self.ours.outcome(tx, at_secs).await;
            ([theirs, ours], [their_hash, our_hash])
        })
    }

    /// Sends to both, which must agree in everything.
    pub(crate) fn send(&mut self, name: &str, tx: Tx) -> Outcome {
        self.send_but(name, &tx, false)
    }

    /// Sends to both, which must agree in everything but what is returned, because that tells a named difference.
    pub(crate) fn agrees_but_for_the_answer(&mut self, name: &str, tx: &Tx) -> Outcome {
        self.send_but(name, tx, true)
    }

    fn send_but(&mut self, name: &str, tx: &Tx, answers_differ: bool) -> Outcome {
        let ([theirs, ours], hashes) = self.send_both(tx);
        // The one difference that any transaction may show: see the floor price of calldata in `differences.rs`.
        let gas_used = ours.gas_used.max(tx.calldata_floor_gas());
        let answer = if answers_differ { theirs.answer.clone() } else { ours.answer.clone() };
        let levelled = Outcome { gas_used, answer, ..ours.clone() };
        assert_eq!(levelled, theirs, "{name}: ours on the left, anvil on the right");
        if theirs.gas_used > ours.gas_used {
            self.level_balance(name, tx.from, (theirs.gas_used - ours.gas_used) * BASE_FEE_WEI);
        }
        self.compare_end(name, &hashes, answers_differ);
        self.compare_state(name, &hashes);
        ours
    }

    /// Compares what the mined transaction itself returned and how it ended, which no receipt says.
    fn compare_end(&self, name: &str, hashes: &[Value; 2], answers_differ: bool) {
        let end = |frame: Value| {
            let output = if answers_differ { Bytes::new() } else { read(frame.get("output").unwrap_or(&json!("0x"))) };
            (output, frame.get("error").is_some())
        };
        // What is called inside is compared by its effects, and can be nested deeper than a client reads.
        let options = json!({ "tracer": "callTracer", "tracerConfig": { "onlyTopCall": true } });
        let theirs = end(self.ask_anvil("debug_traceTransaction", json!([hashes[0], options])));
        let ours = end(self.ask_ours("debug_traceTransaction", json!([hashes[1], options])));
        assert_eq!(ours, theirs, "{name}: output and failure; ours on the left, anvil on the right");
    }

    /// Takes from the sender here what the floor price of calldata cost the sender on anvil.
    fn level_balance(&self, name: &str, sender: Address, wei: u64) {
        let [theirs, ours] = self.ask("eth_getBalance", json!([sender, "latest"]));
        let (theirs, ours): (U256, U256) = (read(&theirs), read(&ours));
        assert_eq!(ours - theirs, U256::from(wei), "{name}: the sender's balance");
        self.ask_ours("anvil_setBalance", json!([sender, theirs]));
    }

    /// Sends what must succeed on both.
    pub(crate) fn succeeds(&mut self, name: &str, tx: Tx) -> Outcome {
        let outcome = self.send(name, tx);
        assert!(outcome.success, "{name}: {:?}", outcome.answer);
        outcome
    }

    /// Sends what must fail on both.
    pub(crate) fn fails(&mut self, name: &str, tx: Tx) -> Outcome {
        let outcome = self.send(name, tx);
        assert!(!outcome.success, "{name}: {outcome:?}");
        outcome
    }

    /// Creates a contract on both and gives its address.
    pub(crate) fn deploys(&mut self, name: &str, code: impl Into<Bytes>) -> Address {
        self.succeeds(name, Tx::create(code)).contract.unwrap_or_else(|| panic!("{name}: no address"))
    }

    /// Compares every account and slot that the transaction touched on either chain.
    fn compare_state(&mut self, name: &str, hashes: &[Value; 2]) {
        let mut accounts: BTreeSet<Address> = BTreeSet::new();
        let [theirs, ours] = hashes;
        for touched in [self.touched(theirs, Self::ask_anvil), self.touched(ours, Self::ask_ours)].concat() {
            for (account, fields) in touched.as_object().unwrap_or_else(|| panic!("{name}: {touched}")) {
                let account: Address = read(&json!(account));
                if account == ARBOS {
                    continue;
                }
                accounts.insert(account);
                let slots = self.compared.entry(account).or_default();
                let storage = fields["storage"].as_object().into_iter().flat_map(|storage| storage.keys());
                slots.extend(storage.map(|slot| read::<U256>(&json!(slot))));
            }
        }
        for account in accounts {
            for method in ["eth_getCode", "eth_getTransactionCount", "eth_getBalance"] {
                if (method, account) == ("eth_getBalance", FEE_ACCOUNT) {
                    continue;
                }
                let [theirs, ours] = self.ask(method, json!([account, "latest"]));
                assert_eq!(ours, theirs, "{name}: {method} of {account}; ours on the left, anvil on the right");
            }
            for slot in &self.compared[&account] {
                let [theirs, ours] = self.ask("eth_getStorageAt", json!([account, slot, "latest"]));
                assert_eq!(ours, theirs, "{name}: slot {slot} of {account}; ours on the left, anvil on the right");
            }
        }
    }

    /// The accounts and slots a transaction touched, by one chain's own record: before it, and before and after what it changed.
    fn touched(&self, hash: &Value, ask: fn(&Self, &'static str, Value) -> Value) -> Vec<Value> {
        let before = ask(self, "debug_traceTransaction", json!([hash, { "tracer": "prestateTracer" }]));
        let options = json!({ "tracer": "prestateTracer", "tracerConfig": { "diffMode": true } });
        let mut changed = ask(self, "debug_traceTransaction", json!([hash, options]));
        vec![before, changed["pre"].take(), changed["post"].take()]
    }

    /// Number of slots that were compared.
    pub(crate) fn slots_compared(&self) -> usize {
        self.compared.values().map(BTreeSet::len).sum()
    }
}
