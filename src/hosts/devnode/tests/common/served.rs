//! A chain that is served over HTTP, asked request by request.

use jsonrpsee::{
    core::{ClientError, client::ClientT, params::ArrayParams},
    http_client::HttpClient,
};
use serde_json::Value;
use spillway_devnode::{
    Devnode,
    rpc::{Clock, RpcConfig, RunningServer, serve},
};

pub(crate) const ALICE: &str = "0xf39fd6e51aad88f6f4ce6ab8827279cfffb92266";
pub(crate) const BOB: &str = "0x70997970c51812dc3a010c7d01b50e0d17dc79c8";
pub(crate) const STRANGER: &str = "0x00000000000000000000000000000000deadbeef";

/// A chain that is served until this is dropped.
pub(crate) struct Served {
    /// Dropped first, which tells the server to stop.
    server: RunningServer,
    client: HttpClient,
    runtime: tokio::runtime::Runtime,
}

impl Served {
    /// Serves a node whose clock only requests move.
    pub(crate) fn new(node: Devnode) -> Self {
        Self::with(node, RpcConfig { clock: Clock::Manual, ..RpcConfig::default() })
    }

    /// Serves a node with these settings, on a free port.
    pub(crate) fn with(node: Devnode, config: RpcConfig) -> Self {
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
        let config = RpcConfig { listen: ([127, 0, 0, 1], 0).into(), ..config };
        let server = runtime.block_on(serve(node, config)).unwrap();
        let client = runtime.block_on(async { HttpClient::builder().build(server.url()) }).unwrap();
        Self { server, client, runtime }
    }

    pub(crate) fn url(&self) -> String {
        self.server.url()
    }

    pub(crate) fn try_ask(&self, method: &str, params: Value) -> Result<Value, ClientError> {
        let Value::Array(params) = params else { panic!("{method}: parameters are a list") };
        let mut list = ArrayParams::new();
        params.into_iter().for_each(|value| list.insert(value).unwrap());
        self.runtime.block_on(self.client.request(method, list))
    }

    /// What a method answers.
    #[track_caller]
    pub(crate) fn ask(&self, method: &str, params: Value) -> Value {
        self.try_ask(method, params).unwrap_or_else(|error| panic!("{method}: {error}"))
    }

    /// Code and text of a refusal.
    #[track_caller]
    pub(crate) fn refused(&self, method: &str, params: Value) -> (i32, String) {
        match self.try_ask(method, params) {
            Err(ClientError::Call(object)) => (object.code(), object.message().to_owned()),
            other => panic!("{method} was not refused by the server: {other:?}"),
        }
    }

    /// A quantity that a method answers.
    #[track_caller]
    pub(crate) fn number(&self, method: &str, params: Value) -> u64 {
        quantity(&self.ask(method, params))
    }

    /// A field of the newest block.
    #[track_caller]
    pub(crate) fn newest(&self, field: &str) -> Value {
        self.ask("eth_getBlockByNumber", serde_json::json!(["latest", false]))[field].take()
    }

    /// The time of the newest block.
    #[track_caller]
    pub(crate) fn time_secs(&self) -> u64 {
        quantity(&self.newest("timestamp"))
    }

    pub(crate) fn height(&self) -> u64 {
        self.number("eth_blockNumber", serde_json::json!([]))
    }
}

/// Reads a quantity.
#[track_caller]
pub(crate) fn quantity(value: &Value) -> u64 {
    let text = value.as_str().unwrap_or_else(|| panic!("{value} is no quantity"));
    u64::from_str_radix(text.trim_start_matches("0x"), 16).unwrap_or_else(|error| panic!("{value}: {error}"))
}

/// A number as a word in hex.
pub(crate) fn word(number: u64) -> String {
    format!("0x{number:064x}")
}
