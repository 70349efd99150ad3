//! A chain that begins where another one stands: accounts and slots are read from a JSON-RPC node when they are first needed.
//!
//! [`Origin`] answers from memory, from a file of earlier runs, or from the node, in this order. What it has read once stays true,
//! because everything is read at one block. [`crate::DevnodeBuilder::build_fork`] makes a node on top of it.

mod cache;
mod client;
mod origin;

pub(crate) use origin::{Origin, OriginBlock};

use std::{path::PathBuf, time::Duration};

/// Where a fork begins, and how its state is fetched.
///
/// ```
/// use spillway_devnode::fork::ForkConfig;
///
/// let config = ForkConfig::new("http://127.0.0.1:8547").block(17).retries(2);
/// assert_eq!((config.url.as_str(), config.block), ("http://127.0.0.1:8547", Some(17)));
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ForkConfig {
    /// The JSON-RPC node to read from, by HTTP or HTTPS.
    pub url: String,
    /// The block whose state is taken over; `None` takes the newest.
    pub block: Option<u64>,
    /// How many blocks before the newest one, when `block` is `None`.
    pub blocks_back: u64,
    /// The chain id of the fork; `None` takes that of the chain.
    pub chain_id: Option<u64>,
    /// Headers sent with each request, such as a key.
    pub headers: Vec<(String, String)>,
    /// The longest wait for one answer.
    pub timeout: Duration,
    /// How often a request is sent again when the node cannot be reached, is busy or fails by itself.
    pub retries: u32,
    /// The wait before a request is sent again.
    pub backoff: Duration,
    /// The directory of files that keep what was read, one for each chain and block; `None` keeps nothing.
    pub cache: Option<PathBuf>,
}

impl ForkConfig {
    /// The newest block of the chain at `url`, 45 seconds for an answer, five retries half a second apart, nothing kept on disk.
    pub fn new(url: impl Into<String>) -> Self {
        Self {
            url: url.into(),
            block: None,
            blocks_back: 0,
            chain_id: None,
            headers: Vec::new(),
            timeout: Duration::from_secs(45),
            retries: 5,
            backoff: Duration::from_millis(500),
            cache: None,
        }
    }

    /// Chooses the block.
    pub fn block(mut self, number: u64) -> Self {
        self.block = Some(number);
        self
    }

    /// The same chain or another at `url`, read in the same way. Headers carry keys, so they go to the same host only.
    pub fn at(self, url: impl Into<String>) -> Self {
        let before = self.shown_url();
        let moved = Self { url: url.into(), ..self };
        if moved.shown_url() == before { moved } else { Self { headers: Vec::new(), ..moved } }
    }

    /// The address without user, path and query, where providers put keys: for messages.
    pub fn shown_url(&self) -> String {
        let (scheme, rest) = self.url.split_once("://").unwrap_or(("", &self.url));
        let host = rest.split(['/', '?']).next().unwrap_or_default();
        let host = host.rsplit_once('@').map_or(host, |(_, host)| host);
        if scheme.is_empty() { host.to_owned() } else { format!("{scheme}://{host}") }
    }

    /// Chooses how often a request is sent again.
    pub fn retries(mut self, retries: u32) -> Self {
        self.retries = retries;
        self
    }

    /// Keeps what was read below this directory.
    pub fn cache(mut self, directory: impl Into<PathBuf>) -> Self {
        self.cache = Some(directory.into());
        self
    }
}

/// Why something of the forked chain is not to be had.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ForkError {
    /// The node was not reached, or broke off.
    #[error("fork: {method} of {url} failed: {reason}")]
    Unreachable {
        /// The method asked for.
        method: String,
        /// The node, without what follows its host.
        url: String,
        /// What the transport said.
        reason: String,
    },
    /// The node refused.
    #[error("fork: {method} was refused with {code}: {message}")]
    Refused {
        /// The method asked for.
        method: String,
        /// The error code of JSON-RPC.
        code: i64,
        /// Its text.
        message: String,
    },
    /// The node answered something else than was asked for.
    #[error("fork: {method} answered what cannot be read: {reason}")]
    BadAnswer {
        /// The method asked for.
        method: String,
        /// What is wrong with it.
        reason: String,
    },
    /// The node has no such block.
    #[error("fork: the chain has no block {number}")]
    NoBlock {
        /// The block asked for.
        number: u64,
    },
}

impl revm::database_interface::DBErrorMarker for ForkError {}
