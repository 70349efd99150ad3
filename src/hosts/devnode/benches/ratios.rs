//! How fast the node is, in ratios to what is asked of it: above 1 is good. It prints medians and asserts nothing, because clocks differ.
//!
//! `cargo bench -p spillway-devnode --profile host`. Transfers are compared with the anvil that `scripts/setup` puts below `src/solidity`, or with the
//! one named by the variable `ANVIL`; without either, that line is left out. Both are told to be quiet and asked by the same client. The token is
//! OpenZeppelin's ERC-20 as `scripts/setup` compiles it.
//!
//! Every deployment brings a module of its own, so that nothing of the one before is used again. What a client does before it sends (text and
//! back, and brotli at its best) is not the chain's work; it is measured too, and has no figure to meet.

use std::{
    fmt::Write as _,
    io::{BufRead, BufReader},
    net::TcpListener,
    path::PathBuf,
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};

use alloy_primitives::{Address, U256, hex};
use jsonrpsee::{core::client::ClientT, http_client::HttpClient, rpc_params};
use serde_json::{Value, json};
use spillway_devnode::{CallRequest, Devnode, wasm::format};

/// How often everything but a call and a transfer is done; the median is printed.
const RUNS: u32 = 21;
const CALLS: u32 = 1_000;
/// Rounds of transfers, by turns on one chain and the other, and the transfers of a round.
const ROUNDS: u32 = 5;
const TRANSFERS: u32 = 400;
/// Where the modules have the bytes that tell one from another.
const MARK: &[u8] = b"a number goes here";

fn main() {
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    let first_block = median(RUNS, |_| {
        let started = Instant::now();
        let ours = Served::ours();
        runtime.block_on(async {
            let _: Value = ours.client().request("evm_mine", rpc_params![]).await.expect("it mines");
        });
        started.elapsed()
    });
    say("start to first block", Duration::from_millis(200), first_block);

    let module = module_of(20_000);
    let prepared: Vec<Vec<u8>> = (0..RUNS).map(|run| format::program_code(&marked(&module, run))).collect();
    let mut node = Devnode::default();
    let from = node.dev_account();
    let mut worked = Vec::new();
    let deployed = median(RUNS, |run| {
        let init_code = format::init_code(&prepared[run as usize]);
        let (started, idle) = (Instant::now(), processor_time());
        let created = node.deploy(from, init_code, U256::ZERO).expect("it deploys");
        node.activate(created.contract_address.expect("an address")).expect("it is activated");
        let took = started.elapsed();
        worked.extend(processor_time().zip(idle).map(|(after, before)| after.saturating_sub(before)));
        took
    });
    say(&format!("deploy and activate {} bytes of WASM", module.len()), Duration::from_millis(50), deployed);
    if !worked.is_empty() {
        println!("of that on the processor, which other programs do not change much: {:?}", middle(worked));
    }
    let mut program = Address::ZERO;
    let compressed = median(RUNS, |run| {
        let module = marked(&module, RUNS + run);
        let started = Instant::now();
        program = node.deploy_stylus(from, &module, None).expect("it deploys");
        started.elapsed()
    });
    println!("the same with the client's part, text and compression: {compressed:?}");

    let called = median(CALLS, |_| {
        let started = Instant::now();
        node.call(CallRequest::new(program, [])).expect("it answers");
        started.elapsed()
    });
    say("call of that program in process", Duration::from_millis(1), called);

    let Some(code) = token_code() else {
        println!("transfers of a token over RPC: left out, because scripts/setup has compiled no token");
        return;
    };
    let ours = Served::ours();
    let our_token = runtime.block_on(Token::deploy(&ours, &code));
    let Some(theirs) = Served::anvil() else {
        let own_time = median(ROUNDS, |_| runtime.block_on(our_token.transfers()));
        println!("{}; no anvil to compare with", rate("transfers of an ERC-20 over RPC", own_time));
        return;
    };
    let their_token = runtime.block_on(Token::deploy(&theirs, &code));
    let mut their_times = Vec::new();
    let own_time = median(ROUNDS, |_| {
        their_times.push(runtime.block_on(their_token.transfers()));
        runtime.block_on(our_token.transfers())
    });
    let their_time = middle(their_times);
    println!("{}", rate("transfers of an ERC-20 over RPC on anvil", their_time));
    println!("{}", rate("transfers of an ERC-20 over RPC here", own_time));
    say("a transfer of an ERC-20 over RPC, beside anvil", their_time, own_time);
}

/// The median time of several runs, each of which says how long it took.
fn median(runs: u32, run: impl FnMut(u32) -> Duration) -> Duration {
    middle((0..runs).map(run).collect())
}

fn middle(mut times: Vec<Duration>) -> Duration {
    times.sort();
    times[times.len() / 2]
}

/// How long this thread has been on a processor, where the system says so.
fn processor_time() -> Option<Duration> {
    let text = std::fs::read_to_string("/proc/thread-self/schedstat").ok()?;
    text.split_whitespace().next()?.parse().ok().map(Duration::from_nanos)
}

fn say(what: &str, wanted: Duration, took: Duration) {
    println!("{what}: {took:?} for {wanted:?}, ratio {:.2}", wanted.as_secs_f64() / took.as_secs_f64());
}

fn rate(what: &str, each: Duration) -> String {
    format!("{what}: {:.0} a second, {each:?} each", 1.0 / each.as_secs_f64())
}

/// A token on a served chain, and who owns some of it.
struct Token {
    client: HttpClient,
    owner: Address,
    at: Address,
}

impl Token {
    async fn deploy(served: &Served, code: &str) -> Self {
        let client = served.client();
        let accounts: Vec<Address> = client.request("eth_accounts", rpc_params![]).await.expect("accounts");
        let owner = accounts[0];
        let created = send(&client, json!({ "from": owner, "data": code, "gas": "0x2dc6c0" })).await;
        let at = serde_json::from_value(mined(&client, &created).await["contractAddress"].clone()).expect("a token");
        let words = [owner.into_word().as_slice(), &U256::from(1_000_000).to_be_bytes::<32>()].concat();
        let mint = hex::encode_prefixed([&hex!("40c10f19")[..], &words].concat());
        let minted = send(&client, json!({ "from": owner, "to": at, "data": mint, "gas": "0x186a0" })).await;
        mined(&client, &minted).await;
        Self { client, owner, at }
    }

    /// The time of one transfer: sent and awaited one after another by one client.
    async fn transfers(&self) -> Duration {
        let mut last = String::new();
        let started = Instant::now();
        for to in 1..=TRANSFERS {
            let to = Address::left_padding_from(&to.to_be_bytes()).into_word();
            let data = [&hex!("a9059cbb")[..], to.as_slice(), &U256::from(1).to_be_bytes::<32>()].concat();
            let data = hex::encode_prefixed(data);
            let transfer = json!({ "from": self.owner, "to": self.at, "data": data, "gas": "0x186a0" });
            last = send(&self.client, transfer).await;
        }
        // anvil answers before it has mined, so the last receipt is waited for as well.
        mined(&self.client, &last).await;
        started.elapsed() / TRANSFERS
    }
}

async fn send(client: &HttpClient, request: Value) -> String {
    client.request("eth_sendTransaction", rpc_params![request]).await.expect("it is sent")
}

async fn mined(client: &HttpClient, hash: &str) -> Value {
    loop {
        let receipt: Value = client.request("eth_getTransactionReceipt", rpc_params![hash]).await.expect("it answers");
        if !receipt.is_null() {
            assert_eq!(receipt["status"], "0x1", "{receipt}");
            return receipt;
        }
    }
}

/// Init code of the token "Bench" with 18 decimals; `None` where the contracts are not compiled.
fn token_code() -> Option<String> {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../../target/solidity/TestToken.sol/TestToken.json");
    let artifact: Value = serde_json::from_slice(&std::fs::read(path).ok()?).ok()?;
    let code = artifact["bytecode"]["object"].as_str()?.trim_start_matches("0x").to_owned();
    let name = format!("{:064x}{:0<64}", 5, hex::encode("Bench"));
    let arguments = format!("{:064x}{:064x}{:064x}{name}{name}", 0x60, 0xa0, 18);
    Some(format!("0x{code}{arguments}"))
}

/// A valid module of at least `bytes` bytes: functions of arithmetic that the entry point could call, and a few bytes of data.
fn module_of(bytes: usize) -> Vec<u8> {
    let mark = String::from_utf8_lossy(MARK);
    let mut functions = String::new();
    let mut number = 0_u64;
    loop {
        let text = format!(
            r#"(module (import "vm_hooks" "pay_for_memory_grow" (func (param i32))) (memory (export "memory") 1) (data (i32.const 0) "{mark}")
            (func (export "user_entrypoint") (param i32) (result i32) (drop (call 2 (i64.const 5))) (i32.const 0)) {functions})"#
        );
        if number > 0 {
            let module = wat::parse_str(&text).expect("it is a module");
            if module.len() >= bytes {
                return module;
            }
        }
        for _ in 0..50 {
            number = number.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            let _ = write!(
                functions,
                "(func (param i64) (result i64) (i64.mul (i64.xor (local.get 0) (i64.const {})) (i64.const {})))",
                number >> 1,
                number >> 40
            );
        }
    }
}

/// The module with other data, which makes it another program.
fn marked(module: &[u8], number: u32) -> Vec<u8> {
    let place = module.windows(MARK.len()).position(|bytes| bytes == MARK).expect("the mark is in it");
    let mut module = module.to_vec();
    module[place..place + 4].copy_from_slice(&number.to_le_bytes());
    module
}

/// A node in a process of its own, which ends with this value.
struct Served {
    child: Child,
    address: String,
}

impl Served {
    fn ours() -> Self {
        let mut child = Command::new(env!("CARGO_BIN_EXE_spillway-devnode"))
            .args(["--port", "0", "--quiet"])
            .stdout(Stdio::piped())
            .spawn()
            .expect("the program starts");
        let mut lines = BufReader::new(child.stdout.take().expect("standard output is piped")).lines();
        let address = lines
            .by_ref()
            .map_while(Result::ok)
            .find_map(|line| line.strip_prefix("Listening on ").map(str::to_owned))
            .expect("it listens");
        Self { child, address }
    }

    /// anvil, where there is one. A quiet anvil does not say where it listens, so it is given a port that was free, and asked until it answers.
    fn anvil() -> Option<Self> {
        let installed = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../solidity/node_modules/.bin/anvil");
        let path = std::env::var_os("ANVIL").map_or(installed, PathBuf::from);
        let address = TcpListener::bind("127.0.0.1:0").and_then(|free| free.local_addr()).expect("a free port");
        let port = address.port().to_string();
        let mut child = Command::new(path).args(["--port", &port, "--quiet"]).stdout(Stdio::null()).spawn().ok()?;
        while std::net::TcpStream::connect(address).is_err() {
            assert!(child.try_wait().expect("it can be looked at").is_none(), "anvil ended before it listened");
        }
        Some(Self { child, address: address.to_string() })
    }

    fn client(&self) -> HttpClient {
        HttpClient::builder().build(format!("http://{}", self.address)).expect("a client")
    }
}

impl Drop for Served {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
