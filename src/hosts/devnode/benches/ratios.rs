//! How fast the node is, in ratios to what is asked of it: above 1 is good. It prints and asserts nothing, because clocks differ.
//!
//! `cargo bench -p spillway-devnode --profile host`. Transfers are compared with the anvil that `scripts/setup` puts below `src/solidity`, or with the
//! one named by the variable `ANVIL`; without either, that line is left out. The token is OpenZeppelin's ERC-20 as `scripts/setup` compiles it.

use std::{
    fmt::Write as _,
    io::{BufRead, BufReader},
    path::PathBuf,
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};

use alloy_primitives::{Address, U256, hex};
use jsonrpsee::{core::client::ClientT, http_client::HttpClient, rpc_params};
use serde_json::{Value, json};
use spillway_devnode::{CallRequest, Devnode};

const TRANSFERS: u32 = 1_000;
const CALLS: u32 = 1_000;
fn main() {
    let program = || {
        Command::new(env!("CARGO_BIN_EXE_spillway-devnode"))
            .args(["--port", "0", "--quiet"])
            .stdout(Stdio::piped())
            .spawn()
    };
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    let started = Instant::now();
    let ours = Served::new(program().expect("the program starts"));
    runtime.block_on(async {
        let _: Value = ours.client().request("evm_mine", rpc_params![]).await.expect("it mines");
    });
    say("start to first block", Duration::from_millis(200), started.elapsed());

    let mut node = Devnode::default();
    let module = module_of(20_000);
    let started = Instant::now();
    let program = node.deploy_stylus(node.dev_account(), &module, None).expect("it deploys");
    say(&format!("deploy and activate {} bytes of WASM", module.len()), Duration::from_millis(50), started.elapsed());

    let started = Instant::now();
    for _ in 0..CALLS {
        node.call(CallRequest::new(program, [])).expect("it answers");
    }
    say("call of that program in process", Duration::from_millis(1), started.elapsed() / CALLS);

    let Some(code) = token_code() else {
        println!("transfers of a token over RPC: left out, because scripts/setup has compiled no token");
        return;
    };
    let own_time = runtime.block_on(transfers(&ours, &code));
    match anvil() {
        Some(child) => {
            let theirs = Served::new(child);
            let their_time = runtime.block_on(transfers(&theirs, &code));
            say("transfer of an ERC-20 over RPC, beside anvil", their_time, own_time);
        }
        None => println!("transfer of an ERC-20 over RPC: {own_time:?}; no anvil to compare with"),
    }
}

/// The time of one transfer: sent and awaited one after another by one client.
async fn transfers(served: &Served, token_code: &str) -> Duration {
    let client = served.client();
    let accounts: Vec<Address> = client.request("eth_accounts", rpc_params![]).await.expect("accounts");
    let owner = accounts[0];
    let created = send(&client, json!({ "from": owner, "data": token_code, "gas": "0x2dc6c0" })).await;
    let token: Address =
        serde_json::from_value(mined(&client, &created).await["contractAddress"].clone()).expect("a token");
    let call = |selector: [u8; 4], to: u32, amount: u64| {
        let to = Address::left_padding_from(&to.to_be_bytes()).into_word();
        let data = [&selector[..], to.as_slice(), &U256::from(amount).to_be_bytes::<32>()].concat();
        json!({ "from": owner, "to": token, "data": hex::encode_prefixed(data), "gas": "0x186a0" })
    };
    let words = [owner.into_word().as_slice(), &U256::from(1_000_000).to_be_bytes::<32>()].concat();
    let mint = hex::encode_prefixed([&hex!("40c10f19")[..], &words].concat());
    let mint = json!({ "from": owner, "to": token, "data": mint, "gas": "0x186a0" });
    let minted = send(&client, mint).await;
    mined(&client, &minted).await;

    let mut last = String::new();
    let started = Instant::now();
    for to in 1..=TRANSFERS {
        last = send(&client, call(hex!("a9059cbb"), to, 1)).await;
    }
    // anvil answers before it has mined, so the last receipt is waited for as well.
    mined(&client, &last).await;
    started.elapsed() / TRANSFERS
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

/// A valid module of at least `bytes` bytes: functions of arithmetic that the entry point could call.
fn module_of(bytes: usize) -> Vec<u8> {
    let mut functions = String::new();
    let mut number = 0_u64;
    loop {
        let text = format!(
            r#"(module (import "vm_hooks" "pay_for_memory_grow" (func (param i32))) (memory (export "memory") 1)
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

fn say(what: &str, wanted: Duration, took: Duration) {
    println!("{what}: {took:?} for {wanted:?}, ratio {:.2}", wanted.as_secs_f64() / took.as_secs_f64());
}

fn anvil() -> Option<Child> {
    let installed = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../solidity/node_modules/.bin/anvil");
    let path = std::env::var_os("ANVIL").map_or(installed, PathBuf::from);
    Command::new(path).args(["--port", "0"]).stdout(Stdio::piped()).spawn().ok()
}

/// A node in a process of its own, which ends with this value.
struct Served {
    child: Child,
    address: String,
}

impl Served {
    /// Waits until it says where it listens, and lets it say the rest to nobody.
    fn new(mut child: Child) -> Self {
        let mut lines = BufReader::new(child.stdout.take().expect("standard output is piped")).lines();
        let address = lines
            .by_ref()
            .map_while(Result::ok)
            .find_map(|line| line.strip_prefix("Listening on ").map(str::to_owned))
            .expect("it listens");
        std::thread::spawn(move || lines.for_each(drop));
        Self { child, address }
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
