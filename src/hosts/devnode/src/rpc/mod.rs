//! The node behind Ethereum JSON-RPC, over HTTP and WebSocket on one port.
//!
//! [`serve`] takes a [`Devnode`] and answers until its handle is stopped or dropped. Methods are grouped by who calls them: [`read`], [`simulate`] and [`send`] by every
//! wallet and library, [`logs`] by indexers, [`testing`], [`persist`], [`interval`] and [`pool`] by test suites that know anvil or Hardhat, [`prepare`] by wallets,
//! [`debug`] and [`info`] by debuggers and Stylus tools; [`subscribe`] tells of new blocks, logs and transactions over WebSocket.
//! Every method takes its turn at the one node behind a lock, so what a client sees is always the state between two transactions.

mod args;
mod clock;
mod convert;
mod debug;
mod errors;
mod info;
mod interval;
pub mod journal;
mod limits;
mod logs;
mod overrides;
mod passing;
mod persist;
mod pool;
mod prepare;
mod read;
mod send;
mod shared;
mod simulate;
mod subscribe;
mod testing;
mod tracers;
mod watch;

pub use clock::{Clock, WallClock};
pub use errors::RpcError;

use std::{net::SocketAddr, sync::Arc};

use http::HeaderValue;
use jsonrpsee::{
    RpcModule,
    server::{BatchRequestConfig, Server, ServerConfig, ServerHandle, middleware::rpc::RpcServiceBuilder},
};
use tower_http::cors::{Any, CorsLayer};

use crate::Devnode;
use args::Args;
use limits::{Allowance, Allowing, Limits};
use shared::{Inner, Shared};

/// How the node is served.
#[derive(Debug, Clone)]
pub struct RpcConfig {
    /// Where to listen. Port 0 takes a free one; [`RunningServer::address`] says which.
    pub listen: SocketAddr,
    /// What moves the chain's clock.
    pub clock: Clock,
    /// Seconds between blocks that are mined by the system's clock; zero for none. With any, transactions wait for the next of them.
    pub block_interval_secs: u64,
    /// The longest request body in bytes. A longer one is answered with an error before it is read.
    pub max_body_bytes: u32,
    /// The longest answer in bytes, to a request or to a batch as a whole. Instead of a longer one there is an error.
    pub max_response_bytes: u32,
    /// The most requests in one batch.
    pub max_batch: u32,
    /// The most connections at a time.
    pub max_connections: u32,
    /// The most filters that are kept. The oldest is forgotten for one more.
    pub max_filters: usize,
    /// The most logs in one answer. A filter that takes more is refused.
    pub max_logs: usize,
    /// The most blocks that one request may mine, or all requests of a batch together.
    pub max_mined_blocks: u64,
    /// The origin that pages of a browser may have, `*` for any; `None` lets none call the node.
    pub allow_origin: Option<String>,
    /// Whether anyone may send for any account from the start.
    pub auto_impersonate: bool,
}

impl Default for RpcConfig {
    /// The loopback address, port 8547, the system's clock, no blocks by the clock, bodies of 15 MiB, answers of 256 MiB, batches of 1 000,
    /// 20 000 connections, 1 000 filters, 100 000 logs, 100 000 blocks, any origin.
    fn default() -> Self {
        Self {
            listen: SocketAddr::from(([127, 0, 0, 1], 8547)),
            clock: Clock::wall(),
            block_interval_secs: 0,
            max_body_bytes: 15 * 1024 * 1024,
            max_response_bytes: 256 * 1024 * 1024,
            max_batch: 1_000,
            max_connections: 20_000,
            max_filters: 1_000,
            max_logs: 100_000,
            max_mined_blocks: 100_000,
            allow_origin: Some("*".into()),
            auto_impersonate: false,
        }
    }
}

/// A node that is being served. Dropping it tells the server to stop; [`RunningServer::stop`] also waits until it has.
#[derive(Debug)]
pub struct RunningServer {
    address: SocketAddr,
    handle: ServerHandle,
    shared: Arc<Shared>,
}

impl RunningServer {
    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// The URL clients use.
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// The chain as it is now, in the form that [`Devnode::load_state`] reads.
    pub fn dump_state(&self) -> Vec<u8> {
        self.shared.with(|inner| inner.node.dump_state())
    }

    /// Writes what was read of a forked chain to its cache file, where there is one.
    ///
    /// # Errors
    /// What the operating system says.
    pub fn keep_fork_cache(&self) -> std::io::Result<()> {
        self.shared.with(|inner| inner.node.keep_fork_cache())
    }

    /// Takes no more requests, and waits until those that run are answered and every connection is closed. The chain can still be written then,
    /// with all that was confirmed to anyone.
    pub async fn close(&self) {
        // An error here means that it has stopped already, which is what was asked for.
        let _ = self.handle.stop();
        self.handle.clone().stopped().await;
    }

    /// As [`RunningServer::close`], when the chain is not needed any more.
    pub async fn stop(self) {
        self.close().await;
    }
}

/// Serves `node` until the returned handle is stopped or dropped. Must be called inside a tokio runtime.
///
/// # Errors
/// What the operating system says when the address cannot be listened on.
///
/// ```no_run
/// # async fn example() -> std::io::Result<()> {
/// use spillway_devnode::{Devnode, rpc::{RpcConfig, serve}};
/// let server = serve(Devnode::builder().build(), RpcConfig::default()).await?;
/// println!("listening on {}", server.url());
/// server.stop().await;
/// # Ok(())
/// # }
/// ```
pub async fn serve(node: Devnode, config: RpcConfig) -> std::io::Result<RunningServer> {
    let limits = ServerConfig::builder()
        .max_request_body_size(config.max_body_bytes)
        .max_response_body_size(config.max_response_bytes)
        .max_connections(config.max_connections)
        .set_id_provider(subscribe::Numbers::default())
        .set_batch_request_config(BatchRequestConfig::Limit(config.max_batch))
        .build();
    let blocks = config.max_mined_blocks;
    let server = Server::builder()
        .set_config(limits)
        .set_rpc_middleware(RpcServiceBuilder::new().layer_fn(move |service| Allowing { service, blocks }))
        .set_http_middleware(tower::ServiceBuilder::new().option_layer(cors(config.allow_origin.as_deref())?))
        .build(config.listen)
        .await?;
    let address = server.local_addr()?;
    let mut inner = Inner::new(node, config.clock, config.block_interval_secs, config.auto_impersonate);
    inner.limits = Limits { filters: config.max_filters, logs: config.max_logs };
    let shared = Arc::new(Shared::new(inner));
    let handle = server.start(module(Arc::clone(&shared)));
    let (miner, stopped) = (interval::mine(Arc::clone(&shared)), handle.clone().stopped());
    tokio::spawn(async move {
        tokio::select! {
            () = miner => (),
            () = stopped => (),
        }
    });
    Ok(RunningServer { address, handle, shared })
}

/// What browsers are told about pages of other origins.
fn cors(origin: Option<&str>) -> std::io::Result<Option<CorsLayer>> {
    let Some(origin) = origin else { return Ok(None) };
    if origin == "*" {
        return Ok(Some(CorsLayer::permissive()));
    }
    let origin = origin
        .parse::<HeaderValue>()
        .map_err(|error| std::io::Error::new(std::io::ErrorKind::InvalidInput, format!("origin {origin}: {error}")))?;
    Ok(Some(CorsLayer::new().allow_origin(origin).allow_methods(Any).allow_headers(Any)))
}

/// All methods over one node.
fn module(shared: Arc<Shared>) -> RpcModule<Shared> {
    let mut methods = Methods(RpcModule::from_arc(shared));
    read::register(&mut methods);
    simulate::register(&mut methods);
    send::register(&mut methods);
    logs::register(&mut methods);
    testing::register(&mut methods);
    info::register(&mut methods);
    debug::register(&mut methods);
    persist::register(&mut methods);
    pool::register(&mut methods);
    prepare::register(&mut methods);
    interval::register(&mut methods);
    subscribe::register(&mut methods.0);
    methods.0
}

/// Adds methods to the server: one handler under one or several names.
struct Methods(RpcModule<Shared>);

impl Methods {
    /// Registers `handler` under every name of `names`.
    ///
    /// # Panics
    /// When a name is registered twice, which is a mistake in this crate that any test of the server shows.
    fn add(&mut self, names: &[&'static str], handler: fn(&mut Inner, Args) -> Result<serde_json::Value, RpcError>) {
        for &name in names {
            self.0
                .register_blocking_method(name, move |params, shared, extensions| {
                    let asked = journal::Asked::new(name);
                    let mut logging = true;
                    let answer = Args::parse(&params).and_then(|args| {
                        let given = args.as_value();
                        shared.answer(|inner| {
                            inner.allowance = Allowance::of(&extensions);
                            let answer = handler(inner, args);
                            logging = inner.logging;
                            passing::pass_on(inner, name, &given, answer)
                        })
                    });
                    asked.answered(&answer, logging);
                    answer.map_err(RpcError::into_object)
                })
                .unwrap_or_else(|error| panic!("method {name} is registered twice: {error}"));
        }
    }
}

#[cfg(test)]
mod documented;
#[cfg(test)]
mod tests;
