//! What a client reads over JSON-RPC when a program may not run, cannot be activated, traps or runs dry; and which ArbOS the program serves.
#![cfg(unix)]

mod common;

use std::{
    io::{BufRead, BufReader},
    net::SocketAddr,
    process::{Child, Command, Stdio},
};

use alloy_primitives::{Address, Bytes, U256, hex};
use alloy_sol_types::SolCall;
use common::*;
use jsonrpsee::{
    core::{ClientError, client::ClientT},
    http_client::HttpClient,
    rpc_params,
};
use serde_json::{Value, json};
use spillway_devnode::{
    Devnode,
    arbos::precompiles::{arb_sys::ArbSys, arb_wasm::ArbWasm},
    rpc::{Clock, RpcConfig, serve},
};

/// Code, message and data of the error a request is answered with.
async fn refusal(client: &HttpClient, method: &str, to: Address, data: Vec<u8>) -> (i32, String, Option<Value>) {
    // An endless loop is over soon; an activation has what it needs.
    let gas = if to == ARB_WASM { "0x4c4b40" } else { "0x7a120" };
    let call =
        json!({"from": "0x3f1Eae7D46d88F08fc2F8ed27FCb2AB183EB2d0E", "to": to, "data": Bytes::from(data), "gas": gas});
    match client.request::<Value, _>(method, rpc_params![call, "latest"]).await {
        Err(ClientError::Call(error)) => {
            let data = error.data().map(|data| serde_json::from_str(data.get()).unwrap());
            (error.code(), error.message().to_owned(), data)
        }
        other => panic!("{method}: {other:?}"),
    }
}

fn body(body: &str) -> String {
    format!(
        r#"(module (memory (export "memory") 1 1) (func (export "user_entrypoint") (param i32) (result i32) {body}))"#
    )
}

#[tokio::test(flavor = "multi_thread")]
async fn errors_of_programs_have_the_codes_and_the_data_that_clients_tell_them_apart_by() {
    let mut node = Devnode::default();
    let sleeping = put_program(&mut node, &wasm(WRITE_ARGS));
    let growing = put_program(&mut node, &wasm(&body("i32.const 0").replace("1 1", "1")));
    let [trapping, endless, reverting] =
        [body("unreachable"), body("(loop $again br $again) i32.const 0"), body("i32.const 1")].map(|text| {
            let program = put_program(&mut node, &wasm(&text));
            node.activate(program).unwrap();
            program
        });
    let config =
        RpcConfig { listen: SocketAddr::from(([127, 0, 0, 1], 0)), clock: Clock::Manual, ..RpcConfig::default() };
    let server = serve(node, config).await.unwrap();
    let client = HttpClient::builder().build(server.url()).unwrap();

    for method in ["eth_call", "eth_estimateGas"] {
        let not_activated = (-32_000, "error ProgramNotActivated()".to_owned(), None);
        assert_eq!(refusal(&client, method, sleeping, vec![]).await, not_activated, "{method}");
        let activation = ArbWasm::activateProgramCall { program: growing }.abi_encode();
        let (code, message, data) = refusal(&client, method, ARB_WASM, activation).await;
        assert_eq!((code, data), (-32_000, None), "{method}");
        assert!(message.starts_with("program activation failed: "), "{message}");
        assert!(message.contains("missing import pay_for_memory_grow"), "{message}");
        // The interface of ArbWasm reverts with the four bytes of the error instead.
        let asked = ArbWasm::codehashVersionCall { codehash: Default::default() }.abi_encode();
        let named = (3, "execution reverted: error ProgramNotActivated()".to_owned(), Some(json!("0x6f809c4e")));
        assert_eq!(refusal(&client, method, ARB_WASM, asked).await, named, "{method}");
        let reverted = (3, "execution reverted".to_owned(), Some(json!("0x")));
        assert_eq!(refusal(&client, method, trapping, vec![]).await, reverted, "{method}");
        assert_eq!(refusal(&client, method, reverting, vec![]).await, reverted, "{method}");
    }
    let dry = (-32_000, "out of gas".to_owned(), None);
    assert_eq!(refusal(&client, "eth_call", endless, vec![]).await, dry);
    let allowance = (-32_000, "gas required exceeds allowance (500000)".to_owned(), None);
    assert_eq!(refusal(&client, "eth_estimateGas", endless, vec![]).await, allowance);
    server.stop().await;
}

/// The program while it runs; it ends with the test.
struct Running(Child);

impl Drop for Running {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// Starts the program; gives the last line before the one with its address, and a client.
fn start(arguments: &[&str]) -> (Running, String, HttpClient) {
    let mut child = Command::new(env!("CARGO_BIN_EXE_spillway-devnode"))
        .args(arguments)
        .args(["--port", "0", "--clock", "manual"])
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
    let running = Running(child);
    let mut before = String::new();
    loop {
        let line = lines.next().expect("it listens").unwrap();
        match line.strip_prefix("Listening on ") {
            Some(address) => {
                return (running, before, HttpClient::builder().build(format!("http://{address}")).unwrap());
            }
            None => before = line,
        }
    }
}

async fn served_version(client: &HttpClient) -> U256 {
    let call = json!({"to": ARB_SYS, "data": Bytes::from(ArbSys::arbOSVersionCall {}.abi_encode())});
    let answer: Bytes = client.request("eth_call", rpc_params![call, "latest"]).await.unwrap();
    U256::from_be_slice(&answer) - U256::from(55)
}

#[tokio::test(flavor = "multi_thread")]
async fn the_program_serves_the_version_it_is_told_to_and_can_be_told_to_go_on() {
    let (_default, line, client) = start(&[]);
    assert!(line.contains("ArbOS 51"), "{line}");
    assert_eq!(served_version(&client).await, U256::from(51));

    let (_old, line, client) = start(&["--arbos-version", "40"]);
    assert!(line.contains("ArbOS 40"), "{line}");
    assert_eq!(served_version(&client).await, U256::from(40));
    let set: Value = client.request("devnode_setArbosVersion", rpc_params![json!(60)]).await.unwrap();
    assert_eq!(set, Value::Null);
    assert_eq!(served_version(&client).await, U256::from(60));
    let info: Value = client.request("anvil_nodeInfo", rpc_params![]).await.unwrap();
    assert_eq!(info["arbosVersion"], 60);
    let refused = client.request::<Value, _>("devnode_setArbosVersion", rpc_params![json!(51)]).await;
    let Err(ClientError::Call(error)) = refused else { panic!("{refused:?}") };
    assert_eq!(
        (error.code(), error.message()),
        (-32_602, "invalid parameter 0 (version): ArbOS 51 is not one of the versions 60 to 60")
    );

    // With 60 a fragment can be deployed, before it cannot.
    let (_new, line, client) = start(&["--arbos-version", "60"]);
    assert!(line.contains("ArbOS 60"), "{line}");
    assert_eq!(served_version(&client).await, U256::from(60));
    let fragment = spillway_devnode::wasm::format::init_code(&hex!("eff00101020304"));
    let creation = json!({"from": "0x3f1Eae7D46d88F08fc2F8ed27FCb2AB183EB2d0E", "data": Bytes::from(fragment)});
    let gas: U256 = client.request("eth_estimateGas", rpc_params![&creation]).await.unwrap();
    assert!(gas > U256::from(53_000));
    let (_default, _, client) = start(&[]);
    assert!(client.request::<U256, _>("eth_estimateGas", rpc_params![&creation]).await.is_err());
}
