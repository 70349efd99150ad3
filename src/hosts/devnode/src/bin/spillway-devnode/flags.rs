//! The flags. Where anvil has a flag of the same meaning, it has the same name here.

use std::{
    net::{IpAddr, Ipv4Addr, SocketAddr},
    path::PathBuf,
    time::Duration,
};

use clap::{ArgAction, Parser, ValueEnum};
use spillway_devnode::{chain::accounts::DEV_MNEMONIC, fork::ForkConfig};

/// A local Arbitrum chain that runs Stylus WASM and EVM bytecode.
///
/// Standard output carries the accounts and the address, standard error everything else. Exit codes: 0 stopped by a signal, 2 bad usage,
/// 3 an address cannot be listened on, 4 a file cannot be read or written, 5 the chain to fork cannot be read, 6 stopped by a second signal
/// or after `--stop-timeout`, while requests still ran.
#[derive(Debug, Parser)]
#[command(name = "spillway-devnode", version, max_term_width = 100)]
pub(crate) struct Flags {
    /// Number of development accounts to generate.
    #[arg(short, long, value_name = "NUM", default_value_t = 10, value_parser = clap::value_parser!(u32).range(1..=1_000))]
    pub(crate) accounts: u32,
    /// Mine a block every so many seconds, and not with every transaction.
    #[arg(
        short,
        long,
        visible_alias = "blockTime",
        value_name = "SECONDS",
        value_parser = clap::value_parser!(u64).range(1..),
        conflicts_with = "no_mining"
    )]
    pub(crate) block_time: Option<u64>,
    /// Ether each account starts with.
    #[arg(long, value_name = "NUM", default_value_t = 10_000)]
    pub(crate) balance: u64,
    /// What moves time: the system's clock, or requests alone.
    #[arg(long, value_enum, default_value_t = ClockFlag::Wall)]
    pub(crate) clock: ClockFlag,
    /// Write accounts, keys and settings to this file, as JSON.
    #[arg(long, value_name = "FILE")]
    pub(crate) config_out: Option<PathBuf>,
    /// Where the keys of the mnemonic are; the number of the account is put at the end.
    #[arg(long, value_name = "DERIVATION_PATH", default_value = "m/44'/60'/0'/0/")]
    pub(crate) derivation_path: String,
    /// Write the chain to this file at the end; `state.json` in it when it is a directory.
    #[arg(long, value_name = "PATH")]
    pub(crate) dump_state: Option<PathBuf>,
    /// Start from this state document.
    #[arg(long, value_name = "PATH")]
    pub(crate) load_state: Option<PathBuf>,
    /// The words the accounts' keys are made of.
    #[arg(short, long, value_name = "MNEMONIC", default_value = DEV_MNEMONIC, hide_default_value = true)]
    pub(crate) mnemonic: String,
    /// Mine only when asked to, not with every transaction.
    #[arg(long, visible_alias = "no-mine")]
    pub(crate) no_mining: bool,
    /// The port to listen on; 0 takes a free one.
    #[arg(short, long, value_name = "NUM", default_value_t = 8547)]
    pub(crate) port: u16,
    /// Write the chain every so many seconds too, where it is written at the end.
    #[arg(short, long, value_name = "SECONDS", value_parser = clap::value_parser!(u64).range(1..))]
    pub(crate) state_interval: Option<u64>,
    /// Start from this state document when it exists, and write the chain there at the end.
    #[arg(long, value_name = "PATH", conflicts_with_all = ["load_state", "dump_state"])]
    pub(crate) state: Option<PathBuf>,
    /// How many seconds running requests may take to end after the signal to stop. A second signal ends them at once.
    #[arg(long, value_name = "SECONDS", default_value_t = 10)]
    pub(crate) stop_timeout: u64,
    /// The time of the genesis block, in seconds since 1970. Without it: now, or 2024-01-01 with a manual clock.
    #[arg(long, value_name = "NUM")]
    pub(crate) timestamp: Option<u64>,

    /// When log messages are coloured.
    #[arg(long, value_enum, default_value_t = Color::Auto, help_heading = "Display options")]
    pub(crate) color: Color,
    /// Write log messages as JSON, one object a line.
    #[arg(long, visible_alias = "json-logs", help_heading = "Display options")]
    pub(crate) json: bool,
    /// Print no log messages but errors, and of the greeting only the address.
    #[arg(short, long, visible_alias = "silent", help_heading = "Display options")]
    pub(crate) quiet: bool,
    /// Say more: blocks and transactions are always told; -v adds requests, -vv the calls inside transactions with gas and ink,
    /// -vvv those inside eth_call, -vvvv the host calls of programs.
    #[arg(short, long = "verbosity", action = ArgAction::Count, conflicts_with = "quiet", help_heading = "Display options")]
    pub(crate) verbosity: u8,
    /// As -vvv.
    #[arg(long, visible_alias = "enable-trace-printing", conflicts_with = "quiet", help_heading = "Display options")]
    pub(crate) print_traces: bool,

    /// The origin that pages of a browser may have.
    #[arg(long, value_name = "ALLOW_ORIGIN", default_value = "*", help_heading = "Server options")]
    pub(crate) allow_origin: String,
    /// Let no page of a browser call the node.
    #[arg(long, conflicts_with = "allow_origin", help_heading = "Server options")]
    pub(crate) no_cors: bool,
    /// The address to listen on.
    #[arg(long, value_name = "IP_ADDR", default_value_t = IpAddr::V4(Ipv4Addr::LOCALHOST), help_heading = "Server options")]
    pub(crate) host: IpAddr,
    /// Serve counts of requests and transactions there, as Prometheus reads them: http://ADDR/metrics.
    #[arg(long, value_name = "ADDR", help_heading = "Server options")]
    pub(crate) metrics: Option<SocketAddr>,
    /// Take request bodies of any length. Without it, 15 MiB are the most.
    #[arg(long, help_heading = "Server options")]
    pub(crate) no_request_size_limit: bool,

    /// Begin where another chain stands: its JSON-RPC address, also as URL@BLOCK. Chain id, ArbOS and L1 block number are that chain's.
    #[arg(
        short,
        long,
        value_name = "URL",
        visible_alias = "rpc-url",
        help_heading = "Fork config",
        conflicts_with = "timestamp"
    )]
    pub(crate) fork_url: Option<String>,
    /// The block to begin at; a negative number counts back from the newest.
    #[arg(
        long,
        value_name = "BLOCK",
        requires = "fork_url",
        allow_negative_numbers = true,
        help_heading = "Fork config"
    )]
    pub(crate) fork_block_number: Option<i64>,
    /// A header sent with each request to the other chain, as "Name: value". May be given several times.
    #[arg(long = "fork-header", value_name = "HEADERS", requires = "fork_url", value_parser = header, help_heading = "Fork config")]
    pub(crate) fork_headers: Vec<(String, String)>,
    /// Milliseconds before a request to the other chain is sent again.
    #[arg(long, value_name = "BACKOFF", requires = "fork_url", default_value_t = 500, help_heading = "Fork config")]
    pub(crate) fork_retry_backoff: u64,
    /// How often a request to the other chain is sent again.
    #[arg(long, value_name = "RETRIES", requires = "fork_url", default_value_t = 5, help_heading = "Fork config")]
    pub(crate) retries: u32,
    /// Milliseconds to wait for an answer of the other chain.
    #[arg(long, value_name = "TIMEOUT", requires = "fork_url", default_value_t = 45_000, help_heading = "Fork config")]
    pub(crate) timeout: u64,
    /// Keep what was read of the other chain below this directory. Without it: `spillway-devnode` in the user's cache directory, and
    /// nothing of a chain on this machine.
    #[arg(long, value_name = "PATH", requires = "fork_url", help_heading = "Fork config")]
    pub(crate) fork_cache: Option<PathBuf>,
    /// Keep nothing of what was read of the other chain.
    #[arg(long, requires = "fork_url", conflicts_with = "fork_cache", help_heading = "Fork config")]
    pub(crate) no_storage_caching: bool,

    /// The base fee in wei.
    #[arg(
        long,
        visible_alias = "base-fee",
        value_name = "FEE",
        default_value_t = 100_000_000,
        help_heading = "Environment config"
    )]
    pub(crate) block_base_fee_per_gas: u64,
    /// The chain id: 412346, or that of the forked chain, unless given.
    #[arg(long, value_name = "CHAIN_ID", help_heading = "Environment config")]
    pub(crate) chain_id: Option<u64>,
    /// What NUMBER answers: the L1 block number.
    #[arg(
        long,
        value_name = "NUM",
        default_value_t = 0,
        conflicts_with = "fork_url",
        help_heading = "Environment config"
    )]
    pub(crate) l1_block_number: u64,
    /// The ArbOS version. From 60 on, programs may be split into fragments, and one that ran before in the block starts cheaper.
    #[arg(long, value_name = "NUM", default_value_t = 51, value_parser = clap::value_parser!(u64).range(30..=60), help_heading = "Environment config")]
    pub(crate) arbos_version: u64,
    /// What a unit of L1 data costs, in wei; a byte of a compressed transaction is 16 units.
    #[arg(long, value_name = "WEI", default_value_t = 0, help_heading = "Environment config")]
    pub(crate) l1_data_price: u64,
    /// Open each block with the transaction of ArbOS (type 0x6A), as a real chain does.
    #[arg(long, help_heading = "Environment config")]
    pub(crate) internal_transactions: bool,

    /// Let anyone send for any account.
    #[arg(long, visible_alias = "auto-unlock", help_heading = "EVM options")]
    pub(crate) auto_impersonate: bool,
}

/// What moves time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum ClockFlag {
    /// Blocks carry the system's time.
    Wall,
    /// Each block is one second after the one before, unless a request says otherwise.
    Manual,
}

/// When log messages are coloured.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Color {
    /// When standard error is a terminal.
    Auto,
    /// Always.
    Always,
    /// Never.
    Never,
}

impl Flags {
    /// Where the chain is written at the end.
    pub(crate) fn state_file(&self) -> Option<PathBuf> {
        let file = self.dump_state.as_ref().or(self.state.as_ref())?;
        Some(if file.is_dir() { file.join("state.json") } else { file.clone() })
    }

    /// How far log messages go: 0 to 4.
    pub(crate) fn detail(&self) -> u8 {
        self.verbosity.max(if self.print_traces { 3 } else { 0 })
    }

    /// The fork asked for. A block given with the address counts unless `--fork-block-number` says otherwise.
    pub(crate) fn fork(&self) -> Option<ForkConfig> {
        let given = self.fork_url.as_deref()?;
        let (url, block) = match given.rsplit_once('@') {
            Some((url, number)) if number.parse::<u64>().is_ok() => (url, number.parse().ok()),
            _ => (given, None),
        };
        let from_flag = self.fork_block_number.and_then(|number| u64::try_from(number).ok());
        Some(ForkConfig {
            block: from_flag.or(block),
            blocks_back: self.fork_block_number.filter(|number| *number < 0).map_or(0, i64::unsigned_abs),
            chain_id: self.chain_id,
            headers: self.fork_headers.clone(),
            timeout: Duration::from_millis(self.timeout),
            retries: self.retries,
            backoff: Duration::from_millis(self.fork_retry_backoff),
            cache: self.cache(url),
            ..ForkConfig::new(url)
        })
    }

    fn cache(&self, url: &str) -> Option<PathBuf> {
        if self.no_storage_caching {
            return None;
        }
        let usual = || {
            let is_here = ["localhost", "127.", "[::1]"].iter().any(|host| url.contains(&format!("//{host}")));
            let base = std::env::var_os("XDG_CACHE_HOME").map(PathBuf::from);
            let base = base.or_else(|| Some(PathBuf::from(std::env::var_os("HOME")?).join(".cache")));
            base.filter(|_| !is_here).map(|base| base.join("spillway-devnode"))
        };
        self.fork_cache.clone().or_else(usual)
    }
}

fn header(text: &str) -> Result<(String, String), String> {
    let (name, value) = text.split_once(':').ok_or("it has no colon")?;
    Ok((name.trim().to_owned(), value.trim().to_owned()))
}
