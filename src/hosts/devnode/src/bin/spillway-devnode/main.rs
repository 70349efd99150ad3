//! `spillway-devnode`: the chain as a program. It reads its flags, builds a node, says where it listens and whom it funds, and serves until
//! it is told to stop.
//!
//! - [`flags`]: what can be chosen, and the exit codes.
//! - [`log`], [`counts`]: what it tells while it runs.
//! - [`stop`]: how it is told to end.

mod counts;
mod flags;
mod log;
mod stop;

use std::{io::Write, net::SocketAddr, path::Path, process::ExitCode, time::Duration};

use alloy_primitives::{U256, hex};
use clap::Parser;
use serde_json::json;
use spillway_devnode::{
    Devnode,
    chain::accounts::DevAccount,
    rpc::{Clock, RpcConfig, RunningServer, serve},
};

use flags::{ClockFlag, Flags};
use log::PROGRAM;
use stop::Stop;

/// 2024-01-01T00:00:00Z: where a manual clock starts unless told otherwise, so that runs are alike.
const MANUAL_GENESIS_SECS: u64 = 1_704_067_200;
const WEI_PER_ETHER: u64 = 1_000_000_000_000_000_000;
const LOCAL_CHAIN_ID: u64 = 412_346;

/// Why the program ends before its time: what it says, and its exit code.
struct Failure(u8, String);

impl Failure {
    const SYSTEM: u8 = 1;
    const USAGE: u8 = 2;
    const LISTEN: u8 = 3;
    const FILE: u8 = 4;
    const FORK: u8 = 5;
    const CUT_SHORT: u8 = 6;
}

fn main() -> ExitCode {
    let flags = Flags::parse();
    log::start(&flags);
    let ended = match tokio::runtime::Runtime::new() {
        Ok(runtime) => {
            let ended = runtime.block_on(run(&flags));
            // Whoever was not waited for until now is not waited for here either.
            runtime.shutdown_background();
            ended
        }
        Err(error) => Err(Failure(Failure::SYSTEM, format!("cannot start threads: {error}"))),
    };
    match ended {
        Ok(()) => ExitCode::SUCCESS,
        Err(Failure(code, text)) => {
            tracing::error!(target: PROGRAM, "{text}");
            ExitCode::from(code)
        }
    }
}

async fn run(flags: &Flags) -> Result<(), Failure> {
    // Before anything is said, so that a signal sent on hearing it is not lost.
    let mut stop =
        Stop::listen().map_err(|error| Failure(Failure::SYSTEM, format!("cannot listen for signals: {error}")))?;
    let node = tokio::task::block_in_place(|| build(flags))?;
    let greeting = greeting(&node, flags);
    if let Some(file) = &flags.config_out {
        write(file, settings(&node, flags).to_string().as_bytes())?;
    }
    let metrics = match flags.metrics {
        Some(listen) => Some(counts::serve(listen).await.map_err(|text| Failure(Failure::LISTEN, text))?),
        None => None,
    };
    let listen = SocketAddr::new(flags.host, flags.port);
    let server = serve(node, config(flags, listen))
        .await
        .map_err(|error| Failure(Failure::LISTEN, format!("cannot listen on {listen}: {error}")))?;
    if !flags.quiet {
        say(&greeting);
    }
    if let Some(address) = metrics {
        say(&format!("Metrics on http://{address}/metrics\n"));
    }
    // Said even when quiet: a program that started this one on port 0 needs it.
    say(&format!("Listening on {}\n", server.address()));
    until_told(&mut stop, flags, &server).await;
    tracing::info!(target: PROGRAM, "stopping");
    end(server, flags, &mut stop).await
}

/// Waits for the signal to end. Meanwhile the chain is written now and then, if asked for.
async fn until_told(stop: &mut Stop, flags: &Flags, server: &RunningServer) {
    let told = stop.told();
    tokio::pin!(told);
    loop {
        let interval = Duration::from_secs(flags.state_interval.unwrap_or(u64::from(u32::MAX)));
        tokio::select! {
            () = &mut told => return,
            () = tokio::time::sleep(interval) => {
                if let Some(file) = flags.state_file()
                    && let Err(Failure(_, text)) = tokio::task::block_in_place(|| write(&file, &server.dump_state()))
                {
                    // It is tried again after the next interval, and at the end.
                    tracing::error!(target: PROGRAM, "{text}");
                }
            }
        }
    }
}

/// Stops the server, and writes the chain when nobody can change it any more. What was asked before is answered first, for as long as the
/// flags allow and no second signal comes.
async fn end(server: RunningServer, flags: &Flags, stop: &mut Stop) -> Result<(), Failure> {
    let file = flags.state_file();
    let in_order = async {
        server.close().await;
        let written = tokio::task::spawn_blocking(move || {
            // A cache that cannot be written costs the next start some time and nothing else.
            if let Err(error) = server.keep_fork_cache() {
                tracing::warn!(target: PROGRAM, "the fork's cache is not kept: {error}");
            }
            file.map_or(Ok(()), |file| write(&file, &server.dump_state()))
        });
        written.await.unwrap_or_else(|error| Err(Failure(Failure::FILE, format!("cannot write the chain: {error}"))))
    };
    let cut_short = |why: &str| {
        let lost = if flags.state_file().is_some() { ", and the chain is not written" } else { "" };
        Err(Failure(Failure::CUT_SHORT, format!("{why}: requests still ran{lost}")))
    };
    tokio::select! {
        ended = in_order => ended,
        () = stop.told() => cut_short("told to stop twice"),
        () = tokio::time::sleep(Duration::from_secs(flags.stop_timeout)) => cut_short("waited long enough"),
    }
}

fn config(flags: &Flags, listen: SocketAddr) -> RpcConfig {
    let usual = RpcConfig::default();
    RpcConfig {
        listen,
        clock: match flags.clock {
            ClockFlag::Wall => Clock::wall(),
            ClockFlag::Manual => Clock::Manual,
        },
        block_interval_secs: flags.block_time.unwrap_or(0),
        max_body_bytes: if flags.no_request_size_limit { u32::MAX } else { usual.max_body_bytes },
        allow_origin: (!flags.no_cors).then(|| flags.allow_origin.clone()),
        auto_impersonate: flags.auto_impersonate,
        ..usual
    }
}

/// Writes a file beside its place and moves it there, so that what was there is whole until the new one is.
fn write(file: &Path, bytes: &[u8]) -> Result<(), Failure> {
    let beside = file.with_extension("part");
    std::fs::write(&beside, bytes)
        .and_then(|()| std::fs::rename(&beside, file))
        .map_err(|error| Failure(Failure::FILE, format!("cannot write {}: {error}", file.display())))
}

/// Takes the state document the flags name. A file that `--state` names and that is not there yet is no mistake.
fn load(node: &mut Devnode, flags: &Flags) -> Result<(), Failure> {
    let fresh = flags.state.as_ref().and_then(|_| flags.state_file()).filter(|file| file.exists());
    let Some(file) = flags.load_state.as_deref().or(fresh.as_deref()) else { return Ok(()) };
    let said = |file: &Path, error: &dyn std::fmt::Display| {
        Failure(Failure::FILE, format!("cannot load {}: {error}", file.display()))
    };
    let document = std::fs::read(file).map_err(|error| said(file, &error))?;
    node.load_state(&document).map_err(|error| said(file, &error))
}

/// Writes to standard output. A reader that has gone away is no reason to stop serving.
fn say(text: &str) {
    let mut output = std::io::stdout().lock();
    let _ = output.write_all(text.as_bytes()).and_then(|()| output.flush());
}

fn build(flags: &Flags) -> Result<Devnode, Failure> {
    let genesis_secs = flags.timestamp.unwrap_or(match flags.clock {
        ClockFlag::Manual => MANUAL_GENESIS_SECS,
        ClockFlag::Wall => {
            std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).map_or(0, |since| since.as_secs())
        }
    });
    let accounts = DevAccount::of_mnemonic(&flags.mnemonic, &flags.derivation_path, flags.accounts)
        .map_err(|error| Failure(Failure::USAGE, error.to_string()))?;
    let builder = Devnode::builder()
        .genesis_time_secs(genesis_secs)
        .base_fee_wei(flags.block_base_fee_per_gas)
        .l1_block_number(flags.l1_block_number)
        .arbos_version(flags.arbos_version)
        .l1_data_price_wei(flags.l1_data_price)
        .internal_transactions(flags.internal_transactions)
        .dev_accounts(accounts)
        .dev_balance_wei(U256::from(flags.balance).saturating_mul(U256::from(WEI_PER_ETHER)));
    let mut node = match flags.fork() {
        Some(fork) => builder.build_fork(fork).map_err(|error| Failure(Failure::FORK, error.to_string()))?,
        None => builder.chain_id(flags.chain_id.unwrap_or(LOCAL_CHAIN_ID)).build(),
    };
    node.set_automine(!flags.no_mining);
    load(&mut node, flags)?;
    Ok(node)
}

/// The accounts with their keys, and the chain's figures.
fn greeting(node: &Devnode, flags: &Flags) -> String {
    let mut text = String::from("Accounts (well-known keys: never use them on a public chain)\n");
    for (index, account) in node.accounts().iter().enumerate() {
        text.push_str(&format!("({index}) {} {}\n", account.address, hex::encode_prefixed(account.key)));
    }
    if let (Some(block), Some(fork)) = (node.fork_block(), flags.fork()) {
        text.push_str(&format!("Fork of {} at block {block}\n", fork.shown_url()));
    }
    text.push_str(&format!(
        "Chain id {}, ArbOS {}, base fee {} wei\n",
        node.chain_id(),
        node.arbos_version(),
        node.base_fee_wei()
    ));
    text
}

/// What `--config-out` writes, under anvil's names.
fn settings(node: &Devnode, flags: &Flags) -> serde_json::Value {
    let accounts = node.accounts();
    let price = node.base_fee_wei().to_string();
    json!({
        "available_accounts": accounts.iter().map(|account| account.address).collect::<Vec<_>>(),
        "private_keys": accounts.iter().map(|account| account.key).collect::<Vec<_>>(),
        "wallet": { "mnemonic": flags.mnemonic, "derivation_path": flags.derivation_path },
        "base_fee": price,
        "gas_price": price,
        "gas_limit": spillway_devnode::evm::L2_BLOCK_GAS_LIMIT.to_string(),
        "genesis_timestamp": node.block(spillway_devnode::BlockRef::Earliest).map_or(0, |block| block.timestamp_secs()).to_string(),
    })
}
