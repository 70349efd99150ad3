//! The local chain behind a URL, and what `scripts/setup` installs and compiles.

use devnode::{
    Devnode,
    rpc::{Clock, RpcConfig, RunningServer, serve},
};
use std::{net::SocketAddr, path::PathBuf};
use support::repository_root;

/// The key of the first account of the test mnemonic, which every development chain funds. It is as public as the mnemonic.
pub(crate) const ALICE_KEY: &str = "0xac0974bec39a17e36ba4a6b4d238ff944bacb478cbed5efcae784d7bf4f2ff80";
/// The time of block 0, in seconds since 1970. The clock moves only with blocks and requests.
pub(crate) const GENESIS_SECS: u64 = 1_700_000_000;

/// A chain that is served until this is dropped.
pub(crate) struct Served {
    /// Dropped first, which tells the server to stop.
    server: RunningServer,
    /// What it runs in.
    runtime: tokio::runtime::Runtime,
}

impl Served {
    /// Serves a fresh chain.
    pub(crate) fn start() -> Self {
        let runtime =
            tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().expect("a runtime");
        let node = Devnode::builder().genesis_time_secs(GENESIS_SECS).build();
        let config =
            RpcConfig { listen: SocketAddr::from(([127, 0, 0, 1], 0)), clock: Clock::Manual, ..RpcConfig::default() };
        let server = runtime.block_on(serve(node, config)).expect("a free port");
        Self { server, runtime }
    }

    /// Runs a client that is written asynchronously.
    pub(crate) fn block_on<T>(&self, client: impl Future<Output = T>) -> T {
        self.runtime.block_on(client)
    }

    /// Where clients find it.
    pub(crate) fn url(&self) -> String {
        self.server.url()
    }
}

/// A tool that npm brought.
///
/// # Panics
/// When it is not installed.
pub(crate) fn tool(name: &str) -> PathBuf {
    let path = repository_root().join("src/solidity/node_modules/.bin").join(name);
    assert!(path.exists(), "{} is missing; run scripts/setup first", path.display());
    path
}

/// The init code of a contract of `target/solidity`, as hex.
///
/// # Panics
/// When it has not been compiled.
pub(crate) fn init_code(file: &str, name: &str) -> String {
    artifact_code(&format!("target/solidity/{file}.sol/{name}.json"), "run scripts/setup first")
}

/// The init code in an artifact, whichever compiler wrote it, as hex.
///
/// # Panics
/// When it is missing; `cure` says what helps.
pub(crate) fn artifact_code(path: &str, cure: &str) -> String {
    let artifact = artifact(path, cure);
    let bytecode = &artifact["bytecode"];
    let code = bytecode["object"]
        .as_str()
        .or_else(|| bytecode.as_str())
        .unwrap_or_else(|| panic!("{path}: it has no bytecode"));
    format!("0x{}", code.trim_start_matches("0x"))
}

/// An artifact as the compiler wrote it.
///
/// # Panics
/// When it is missing; `cure` says what helps.
pub(crate) fn artifact(path: &str, cure: &str) -> serde_json::Value {
    let text =
        std::fs::read_to_string(repository_root().join(path)).unwrap_or_else(|error| panic!("{path}: {error}; {cure}"));
    serde_json::from_str(&text).unwrap_or_else(|error| panic!("{path}: {error}"))
}
