//! `spillway-devnode`: the chain as a program. It reads its flags, builds a node, says where it listens and whom it funds, and serves until
//! it is told to stop.
//!
//! Standard output carries the accounts and the address, standard error everything else. Exit codes: 0 stopped by a signal, 2 bad usage,
//! 3 the address cannot be listened on, 4 a state document cannot be read or written, 1 the system does not let it listen for signals.

use std::{
    io::Write,
    net::{IpAddr, Ipv4Addr, SocketAddr},
    path::{Path, PathBuf},
    process::ExitCode,
};

use alloy_primitives::{U256, hex};
use clap::{Parser, ValueEnum};
use spillway_devnode::{
    Devnode,
    rpc::{Clock, RpcConfig, serve},
};

/// A local Arbitrum chain that runs Stylus WASM and EVM bytecode.
#[derive(Debug, Parser)]
#[command(name = "spillway-devnode", version, about)]
struct Flags {
    /// The address to listen on.
    #[arg(long, default_value_t = IpAddr::V4(Ipv4Addr::LOCALHOST))]
    host: IpAddr,
    /// The port to listen on; 0 takes a free one.
    #[arg(short, long, default_value_t = 8547)]
    port: u16,
    /// The chain id.
    #[arg(long, default_value_t = 412_346)]
    chain_id: u64,
    /// Ether each account starts with.
    #[arg(long, value_name = "ETHER", default_value_t = 10_000)]
    balance: u64,
    /// The time of the genesis block, in seconds since 1970. Without it: now, or 2024-01-01 with a manual clock.
    #[arg(long, value_name = "SECONDS")]
    timestamp: Option<u64>,
    /// The base fee in wei.
    #[arg(long, alias = "block-base-fee-per-gas", value_name = "WEI", default_value_t = 100_000_000)]
    base_fee: u64,
    /// What NUMBER answers: the L1 block number.
    #[arg(long, value_name = "NUMBER", default_value_t = 0)]
    l1_block_number: u64,
    /// What moves time: the system's clock, or requests alone.
    #[arg(long, value_enum, default_value_t = ClockFlag::Wall)]
    clock: ClockFlag,
    /// Mine only when asked to, not with every transaction.
    #[arg(long)]
    no_mining: bool,
    /// Mine a block every so many seconds, and not with every transaction.
    #[arg(short, long, value_name = "SECONDS", value_parser = clap::value_parser!(u64).range(1..), conflicts_with = "no_mining")]
    block_time: Option<u64>,
    /// Start from this state document when it exists, and write the chain there at the end.
    #[arg(long, value_name = "FILE", conflicts_with_all = ["load_state", "dump_state"])]
    state: Option<PathBuf>,
    /// Start from this state document.
    #[arg(long, value_name = "FILE")]
    load_state: Option<PathBuf>,
    /// Write the chain to this file at the end.
    #[arg(long, value_name = "FILE")]
    dump_state: Option<PathBuf>,
    /// Print nothing but errors.
    #[arg(short, long, alias = "silent")]
    quiet: bool,
}

/// What moves time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum ClockFlag {
    /// Blocks carry the system's time.
    Wall,
    /// Each block is one second after the one before, unless a request says otherwise.
    Manual,
}

/// 2024-01-01T00:00:00Z: where a manual clock starts unless told otherwise, so that runs are alike.
const MANUAL_GENESIS_SECS: u64 = 1_704_067_200;
const WEI_PER_ETHER: u64 = 1_000_000_000_000_000_000;

#[tokio::main]
async fn main() -> ExitCode {
    let flags = Flags::parse();
    let listen = SocketAddr::new(flags.host, flags.port);
    let clock = match flags.clock {
        ClockFlag::Wall => Clock::wall(),
        ClockFlag::Manual => Clock::Manual,
    };
    // Before anything is said, so that a signal sent on hearing it is not lost.
    let stop = match Stop::listen() {
        Ok(stop) => stop,
        Err(error) => {
            eprintln!("spillway-devnode: cannot listen for signals: {error}");
            return ExitCode::FAILURE;
        }
    };
    let mut node = build(&flags);
    if let Err(text) = load(&mut node, &flags) {
        eprintln!("spillway-devnode: {text}");
        return ExitCode::from(4);
    }
    let greeting = greeting(&node);
    let server = match serve(
        node,
        RpcConfig { listen, clock, block_interval_secs: flags.block_time.unwrap_or(0), ..RpcConfig::default() },
    )
    .await
    {
        Ok(server) => server,
        Err(error) => {
            eprintln!("spillway-devnode: cannot listen on {listen}: {error}");
            return ExitCode::from(3);
        }
    };
    if !flags.quiet {
        say(&greeting);
    }
    // Said even when quiet: a program that started this one on port 0 needs it.
    say(&format!("Listening on {}\n", server.address()));
    stop.told().await;
    eprintln!("spillway-devnode: stopping");
    let dumped = flags.dump_state.as_ref().or(flags.state.as_ref()).map(|file| (file, server.dump_state()));
    server.stop().await;
    if let Some((file, document)) = dumped
        && let Err(error) = std::fs::write(file, document)
    {
        eprintln!("spillway-devnode: cannot write {}: {error}", file.display());
        return ExitCode::from(4);
    }
    ExitCode::SUCCESS
}

/// Takes the state document the flags name. A file that `--state` names and that is not there yet is no mistake.
fn load(node: &mut Devnode, flags: &Flags) -> Result<(), String> {
    let fresh = flags.state.as_deref().filter(|file| file.exists());
    let Some(file) = flags.load_state.as_deref().or(fresh) else { return Ok(()) };
    let said = |file: &Path, error: &dyn std::fmt::Display| format!("cannot load {}: {error}", file.display());
    let document = std::fs::read(file).map_err(|error| said(file, &error))?;
    node.load_state(&document).map_err(|error| said(file, &error))
}

/// Writes to standard output. A reader that has gone away is no reason to stop serving.
fn say(text: &str) {
    let mut output = std::io::stdout().lock();
    let _ = output.write_all(text.as_bytes()).and_then(|()| output.flush());
}

/// The signals that end the program. They are listened for from the moment this exists.
#[cfg(unix)]
struct Stop {
    interrupt: tokio::signal::unix::Signal,
    terminate: tokio::signal::unix::Signal,
}

#[cfg(unix)]
impl Stop {
    fn listen() -> std::io::Result<Self> {
        use tokio::signal::unix::{SignalKind, signal};
        Ok(Self { interrupt: signal(SignalKind::interrupt())?, terminate: signal(SignalKind::terminate())? })
    }

    /// Waits for Ctrl-C, or for the signal by which service managers and containers end a program.
    async fn told(mut self) {
        tokio::select! {
            _ = self.interrupt.recv() => (),
            _ = self.terminate.recv() => (),
        }
    }
}

/// The signals that end the program. They are listened for from the moment this exists.
#[cfg(windows)]
struct Stop(tokio::signal::windows::CtrlC);

#[cfg(windows)]
impl Stop {
    fn listen() -> std::io::Result<Self> {
        tokio::signal::windows::ctrl_c().map(Self)
    }

    /// Waits for Ctrl-C.
    async fn told(mut self) {
        let _ = self.0.recv().await;
    }
}

fn build(flags: &Flags) -> Devnode {
    let genesis_secs = flags.timestamp.unwrap_or(match flags.clock {
        ClockFlag::Manual => MANUAL_GENESIS_SECS,
        ClockFlag::Wall => {
            std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).map_or(0, |since| since.as_secs())
        }
    });
    let mut node = Devnode::builder()
        .chain_id(flags.chain_id)
        .genesis_time_secs(genesis_secs)
        .base_fee_wei(flags.base_fee)
        .l1_block_number(flags.l1_block_number)
        .dev_balance_wei(U256::from(flags.balance).saturating_mul(U256::from(WEI_PER_ETHER)))
        .build();
    node.set_automine(!flags.no_mining);
    node
}

/// The accounts with their keys, and the chain's figures.
fn greeting(node: &Devnode) -> String {
    let mut text = String::from("Accounts (well-known keys: never use them on a public chain)\n");
    for (index, account) in node.accounts().iter().enumerate() {
        text.push_str(&format!("({index}) {} {}\n", account.address, hex::encode_prefixed(account.key)));
    }
    text.push_str(&format!(
        "Chain id {}, ArbOS {}, base fee {} wei\n",
        node.chain_id(),
        node.arbos_version(),
        node.base_fee_wei()
    ));
    text
}
