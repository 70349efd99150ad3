//! The node behind Ethereum JSON-RPC, over HTTP and WebSocket on one port.
//!
//! [`serve`] takes a [`Devnode`] and answers until its handle is stopped. Methods are grouped by who calls them: [`read`] and [`send`] by every
//! wallet and library, [`logs`] by indexers, [`testing`] by test suites that know anvil or Hardhat, [`debug`] by Stylus tools.
//! Every method takes its turn at the one node behind a lock, so what a client sees is always the state between two transactions.

mod args;
mod clock;
mod convert;
mod debug;
mod errors;
mod logs;
mod read;
mod send;
mod shared;
mod testing;

pub use clock::Clock;
pub use errors::RpcError;

use std::net::SocketAddr;

use jsonrpsee::{
    RpcModule,
    server::{BatchRequestConfig, Server, ServerConfig, ServerHandle},
};
use tower_http::cors::CorsLayer;

use crate::Devnode;
use args::Args;
use shared::{Inner, Shared};

/// How the node is served.
#[derive(Debug, Clone)]
pub struct RpcConfig {
    /// Where to listen. Port 0 takes a free one; [`RunningServer::address`] says which.
    pub listen: SocketAddr,
    /// What moves the chain's clock.
    pub clock: Clock,
    /// The longest request body in bytes. A longer one is answered with an error before it is read.
    pub max_body_bytes: u32,
    /// The most requests in one batch.
    pub max_batch: u32,
    /// The most connections at a time.
    pub max_connections: u32,
}

impl Default for RpcConfig {
    /// The loopback address, port 8547, the system's clock, bodies of 15 MiB, batches of 1 000, 1 000 connections.
    fn default() -> Self {
        Self {
            listen: SocketAddr::from(([127, 0, 0, 1], 8547)),
            clock: Clock::wall(),
            max_body_bytes: 15 * 1024 * 1024,
            max_batch: 1_000,
            max_connections: 1_000,
        }
    }
}

/// A node that is being served. Dropping it leaves the server running; [`RunningServer::stop`] ends it.
#[derive(Debug)]
pub struct RunningServer {
    address: SocketAddr,
    handle: ServerHandle,
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

    /// Stops it and waits until every connection is closed.
    pub async fn stop(self) {
        // An error here means that it has stopped already, which is what was asked for.
        let _ = self.handle.stop();
        self.handle.stopped().await;
    }
}

/// Serves `node` until the returned handle is stopped. Must be called inside a tokio runtime.
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
        .max_response_body_size(u32::MAX)
        .max_connections(config.max_connections)
        .set_batch_request_config(BatchRequestConfig::Limit(config.max_batch))
        .build();
    let server = Server::builder()
        .set_config(limits)
        .set_http_middleware(tower::ServiceBuilder::new().layer(CorsLayer::permissive()))
        .build(config.listen)
        .await?;
    let address = server.local_addr()?;
    let handle = server.start(module(node, config.clock));
    Ok(RunningServer { address, handle })
}

/// All methods over one node.
fn module(node: Devnode, clock: Clock) -> RpcModule<Shared> {
    let mut methods = Methods(RpcModule::new(Shared::new(Inner::new(node, clock))));
    read::register(&mut methods);
    send::register(&mut methods);
    logs::register(&mut methods);
    testing::register(&mut methods);
    debug::register(&mut methods);
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
        for name in names {
            self.0
                .register_blocking_method(name, move |params, shared, _| {
                    let answer = Args::parse(&params).and_then(|args| handler(&mut shared.lock(), args));
                    answer.map_err(RpcError::into_object)
                })
                .unwrap_or_else(|error| panic!("method {name} is registered twice: {error}"));
        }
    }
}

#[cfg(test)]
mod tests;
