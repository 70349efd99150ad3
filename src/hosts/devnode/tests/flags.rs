//! Every flag of the program does what it says: each has a row here with an answer that it changes, and a flag without a row fails.
//! What anvil has too is called as anvil calls it.
#![cfg(unix)]

#[path = "common/running.rs"]
mod running;

use running::{Running, answer, ask, post, run, text, try_post};
use serde_json::{Value, json};
use spillway_devnode::chain::accounts::{DEV_MNEMONIC, DevAccount};
use std::{
    collections::{BTreeMap, BTreeSet},
    io::{Read, Write},
    net::{TcpListener, TcpStream},
    path::Path,
    process::Command,
};

const ALICE: &str = "0xf39fd6e51aad88f6f4ce6ab8827279cfffb92266";

/// One flag of a help text.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Flag {
    short: Option<char>,
    /// The kind of value, in capitals; nothing for a switch.
    value: String,
}

/// A line of a help text, or a cell of the table, that names a flag.
fn flag(line: &str) -> Option<(String, Flag)> {
    let (short, long) = match line.split_once(", --") {
        Some((short, long)) => (Some(short.strip_prefix('-')?.chars().next()?), long),
        None => (None, line.strip_prefix("--")?),
    };
    let (name, value) = long.split_once(' ').unwrap_or((long, ""));
    let name = name.trim_end_matches("...");
    Some((name.to_owned(), Flag { short, value: value.to_uppercase() }))
}

fn own_flags() -> BTreeMap<String, Flag> {
    text(&run(&["--help"]).stdout).lines().filter_map(|line| flag(line.trim())).collect()
}

#[test]
fn flags_that_anvil_has_too_have_its_names_short_forms_and_values() {
    let own = own_flags();
    let rows = include_str!("../FLAGS.md").lines().filter_map(|line| line.strip_prefix("| `"));
    let mut compared = 0;
    for row in rows {
        let (cell, here) = row.split_once("` | ").expect("two cells");
        let (name, theirs) = flag(cell).unwrap_or_else(|| panic!("{cell} is no flag"));
        if here.starts_with("no: ") {
            assert_eq!(own.get(&name), None, "--{name} is here");
        } else {
            assert!(here.starts_with("the same"), "{row}");
            assert_eq!(own.get(&name), Some(&theirs), "--{name}");
            compared += 1;
        }
    }
    assert!(compared > 30, "{compared}");
}

/// The program with some flags, told a few things, and stopped.
struct Shown {
    node: Running,
    lines: Vec<String>,
    address: String,
}

impl Shown {
    fn with(flags: &[&str]) -> Self {
        let mut node = Running::start(&[&["--port", "0"], flags].concat());
        let (lines, address) = node.greeting();
        Self { node, lines, address }
    }

    fn ask(&self, method: &str, params: Value) -> Value {
        ask(&self.address, method, params)
    }

    /// The time, height or other field of a block.
    fn block(&self, number: &str, field: &str) -> Value {
        self.ask("eth_getBlockByNumber", json!([number, false]))[field].clone()
    }

    /// What it logs while it mines a block with a transaction and answers a call, as the flags say.
    fn log(self) -> String {
        self.ask("eth_sendTransaction", json!([{ "from": ALICE, "to": ALICE }]));
        self.ask("eth_call", json!([{ "from": ALICE, "to": ALICE }, "latest"]));
        self.end()
    }

    fn end(self) -> String {
        let (code, stderr) = self.node.stop("INT");
        assert_eq!(code, Some(0), "{stderr}");
        stderr
    }
}

/// What a browser is told of the pages that may call.
fn origin_told(flags: &[&str]) -> Option<String> {
    let shown = Shown::with(flags);
    let body = r#"{"jsonrpc":"2.0","id":1,"method":"eth_chainId","params":[]}"#;
    let (head, _) = post(&shown.address, "origin: http://here\r\n", body);
    head.lines().find_map(|line| line.strip_prefix("access-control-allow-origin: ").map(str::to_owned))
}

/// A server that counts the requests it gets and answers none well; gives their heads when the program has given up.
fn refused_by_origin(flags: &[&str]) -> Vec<String> {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
    let address = listener.local_addr().expect("an address");
    let heads = std::thread::spawn(move || {
        let mut heads = Vec::new();
        for stream in listener.incoming() {
            let mut stream: TcpStream = stream.expect("a connection");
            let mut bytes = [0; 4_096];
            let read = stream.read(&mut bytes).expect("it writes");
            let head = text(&bytes[..read]);
            if head.starts_with("END") {
                break;
            }
            stream.write_all(b"HTTP/1.1 503 Busy\r\ncontent-length: 0\r\nconnection: close\r\n\r\n").expect("it reads");
            heads.push(head);
        }
        heads
    });
    let url = format!("http://{address}");
    let output = run(&[&["--port", "0", "--fork-url", &url], flags].concat());
    assert_eq!(output.status.code(), Some(5), "{}", text(&output.stderr));
    TcpStream::connect(address).and_then(|mut stream| stream.write_all(b"END")).expect("it listens");
    heads.join().expect("it counts")
}

/// A fork of a chain with five blocks, and its address.
fn forked(flags: &[&str]) -> (Shown, Shown) {
    let origin = Shown::with(&["--chain-id", "1337"]);
    origin.ask("anvil_mine", json!([5]));
    let url = format!("http://{}", origin.address);
    let fork = Shown::with(&[&["--fork-url", &url], flags].concat());
    (origin, fork)
}

/// How many files are below a directory that a fork by its usual cache directory may write to.
fn cached_files(flags: &[&str]) -> usize {
    let directory = tempfile::tempdir().expect("a directory");
    let origin = Shown::with(&["--host", "0.0.0.0"]);
    // By this name it is no chain of this machine, whose answers would not be kept.
    let url = format!("http://{}", origin.address);
    let mut command = Command::new(env!("CARGO_BIN_EXE_spillway-devnode"));
    command.env("XDG_CACHE_HOME", directory.path()).args(["--port", "0", "--fork-url", &url]).args(flags);
    let mut fork = Running::spawn(&mut command);
    let (_, address) = fork.greeting();
    ask(&address, "eth_getBalance", json!([ALICE, "latest"]));
    assert_eq!(fork.stop("INT").0, Some(0));
    files_below(directory.path())
}

fn files_below(directory: &Path) -> usize {
    let entries = std::fs::read_dir(directory).expect("a directory").map(|entry| entry.expect("an entry").path());
    entries.map(|path| if path.is_dir() { files_below(&path) } else { 1 }).sum()
}

/// A state document of a chain with three blocks.
fn document(directory: &Path) -> String {
    let file = directory.join("three.json");
    let path = file.to_str().expect("the path is text").to_owned();
    let shown = Shown::with(&["--dump-state", &path]);
    shown.ask("anvil_mine", json!([3]));
    shown.end();
    path
}

fn free_port() -> String {
    let free = TcpListener::bind("127.0.0.1:0").and_then(|listener| listener.local_addr()).expect("a free port");
    free.port().to_string()
}

/// A flag, and what shows that it does something.
type Row = (&'static str, fn());

const ROWS: &[Row] = &[
    ("accounts", || {
        // The account of the chain's owner is there beside them.
        assert_eq!(Shown::with(&["--accounts", "2"]).ask("eth_accounts", json!([])).as_array().map(Vec::len), Some(3));
    }),
    ("block-time", || {
        assert_eq!(Shown::with(&["--block-time", "7"]).ask("anvil_getIntervalMining", json!([])), 7);
    }),
    ("balance", || {
        let shown = Shown::with(&["--balance", "3"]);
        assert_eq!(shown.ask("eth_getBalance", json!([ALICE, "latest"])), "0x29a2241af62c0000");
    }),
    ("clock", || {
        let shown = Shown::with(&["--clock", "manual"]);
        shown.ask("anvil_mine", json!([2]));
        assert_eq!(
            (shown.block("0x0", "timestamp"), shown.block("0x2", "timestamp")),
            (json!("0x65920080"), json!("0x65920082"))
        );
    }),
    ("config-out", || {
        let directory = tempfile::tempdir().expect("a directory");
        let file = directory.path().join("settings.json");
        Shown::with(&["--config-out", file.to_str().expect("the path is text")]);
        let settings: Value = serde_json::from_slice(&std::fs::read(file).expect("it is written")).expect("JSON");
        assert_eq!(settings["wallet"]["mnemonic"], DEV_MNEMONIC);
    }),
    ("derivation-path", || {
        let path = "m/44'/60'/1'/0/";
        let wanted = DevAccount::of_mnemonic(DEV_MNEMONIC, path, 1).expect("accounts")[0].address;
        let accounts = Shown::with(&["--derivation-path", path]).ask("eth_accounts", json!([]));
        assert_eq!(accounts[0], json!(wanted));
        assert_ne!(accounts[0], ALICE);
    }),
    ("dump-state", || {
        let directory = tempfile::tempdir().expect("a directory");
        assert!(Path::new(&document(directory.path())).exists());
    }),
    ("load-state", || {
        let directory = tempfile::tempdir().expect("a directory");
        let shown = Shown::with(&["--load-state", &document(directory.path())]);
        assert_eq!(shown.ask("eth_blockNumber", json!([])), "0x3");
    }),
    ("state", || {
        let directory = tempfile::tempdir().expect("a directory");
        let path = document(directory.path());
        let shown = Shown::with(&["--state", &path]);
        shown.ask("evm_mine", json!([]));
        shown.end();
        assert_eq!(Shown::with(&["--state", &path]).ask("eth_blockNumber", json!([])), "0x4");
    }),
    ("state-interval", || {
        let mut shown = Shown::with(&["--dump-state", "/nowhere/state.json", "--state-interval", "1"]);
        shown.node.hears("cannot write /nowhere/state.json");
    }),
    ("stop-timeout", || {
        let seconds = run(&["--stop-timeout", "soon"]);
        assert!(text(&seconds.stderr).contains("'--stop-timeout <SECONDS>'"));
        // What it does is in `stopping.rs`.
        Shown::with(&["--stop-timeout", "3"]).end();
    }),
    ("mnemonic", || {
        let words = "candy maple cake sugar pudding cream honey rich smooth crumble sweet treat";
        let accounts = Shown::with(&["--mnemonic", words]).ask("eth_accounts", json!([]));
        assert_eq!(accounts[0], "0x627306090abab3a6e1400e9345bc60c78a8bef57");
    }),
    ("no-mining", || {
        let shown = Shown::with(&["--no-mining"]);
        shown.ask("eth_sendTransaction", json!([{ "from": ALICE, "to": ALICE }]));
        assert_eq!(shown.ask("eth_blockNumber", json!([])), "0x0");
    }),
    ("port", || {
        let port = free_port();
        let mut node = Running::start(&["--port", &port]);
        assert_eq!(node.greeting().1, format!("127.0.0.1:{port}"));
    }),
    ("timestamp", || assert_eq!(Shown::with(&["--timestamp", "77"]).block("0x0", "timestamp"), "0x4d")),
    ("color", || assert!(Shown::with(&["--color", "always"]).log().contains("\u{1b}["))),
    ("json", || {
        let log = Shown::with(&["--json"]).log();
        assert!(log.lines().all(|line| serde_json::from_str::<Value>(line).is_ok()), "{log}");
    }),
    ("quiet", || {
        let shown = Shown::with(&["--quiet"]);
        assert_eq!(shown.lines, Vec::<String>::new());
        assert_eq!(shown.log(), "");
    }),
    ("verbosity", || assert!(Shown::with(&["-v"]).log().contains("DEBUG eth_call"))),
    ("print-traces", || assert!(Shown::with(&["--print-traces"]).log().contains("TRACE call"))),
    ("allow-origin", || assert_eq!(origin_told(&["--allow-origin", "http://here"]).as_deref(), Some("http://here"))),
    ("no-cors", || assert_eq!((origin_told(&[]).as_deref(), origin_told(&["--no-cors"])), (Some("*"), None))),
    ("host", || assert!(Shown::with(&["--host", "0.0.0.0"]).address.starts_with("0.0.0.0:"))),
    ("metrics", || {
        let shown = Shown::with(&["--metrics", "127.0.0.1:0"]);
        assert!(shown.lines.iter().any(|line| line.starts_with("Metrics on http://127.0.0.1:")), "{:?}", shown.lines);
    }),
    ("no-request-size-limit", || {
        let long = format!("0x{}", "00".repeat(8 << 20));
        let request = json!({ "jsonrpc": "2.0", "id": 1, "method": "web3_sha3", "params": [long] }).to_string();
        // It may have closed the connection before everything was sent, and then there is no answer to be read.
        let refused = try_post(&Shown::with(&[]).address, "", &request).unwrap_or_default().1;
        assert!(!refused.contains("result"), "{refused}");
        assert!(Shown::with(&["--no-request-size-limit"]).ask("web3_sha3", json!([long])).is_string());
    }),
    ("fork-url", || {
        let (_origin, fork) = forked(&[]);
        assert_eq!(fork.ask("eth_blockNumber", json!([])), "0x5");
    }),
    ("fork-block-number", || {
        let (_origin, fork) = forked(&["--fork-block-number", "3"]);
        assert_eq!(fork.ask("eth_blockNumber", json!([])), "0x3");
    }),
    ("fork-header", || {
        let heads = refused_by_origin(&["--fork-header", "x-key: open", "--retries", "0"]);
        assert!(heads[0].contains("x-key: open"), "{heads:?}");
    }),
    ("retries", || assert_eq!(refused_by_origin(&["--retries", "2", "--fork-retry-backoff", "1"]).len(), 3)),
    ("fork-retry-backoff", || assert_eq!(refused_by_origin(&["--retries", "1", "--fork-retry-backoff", "1"]).len(), 2)),
    ("timeout", || {
        // Connections are taken by the system, and nobody answers.
        let silent = TcpListener::bind("127.0.0.1:0").expect("a free port");
        let url = format!("http://{}", silent.local_addr().expect("an address"));
        let output = run(&["--port", "0", "--fork-url", &url, "--timeout", "50", "--retries", "0"]);
        assert_eq!(output.status.code(), Some(5));
        assert!(text(&output.stderr).contains("timeout"), "{}", text(&output.stderr));
    }),
    ("fork-cache", || {
        let directory = tempfile::tempdir().expect("a directory");
        let (_origin, fork) = forked(&["--fork-cache", directory.path().to_str().expect("the path is text")]);
        fork.ask("eth_getBalance", json!([ALICE, "latest"]));
        fork.end();
        assert!(files_below(directory.path()) > 0);
    }),
    ("no-storage-caching", || {
        assert!(cached_files(&[]) > 0);
        assert_eq!(cached_files(&["--no-storage-caching"]), 0);
    }),
    ("block-base-fee-per-gas", || {
        assert_eq!(Shown::with(&["--block-base-fee-per-gas", "7"]).ask("eth_gasPrice", json!([])), "0x7");
    }),
    ("chain-id", || assert_eq!(Shown::with(&["--chain-id", "7"]).ask("eth_chainId", json!([])), "0x7")),
    ("l1-block-number", || {
        let shown = Shown::with(&["--l1-block-number", "9"]);
        // NUMBER, PUSH0, MSTORE, and the word as answer.
        let number = shown.ask("eth_call", json!([{ "data": "0x435f5260205ff3" }, "latest"]));
        assert_eq!(number, format!("0x{:064x}", 9));
    }),
    ("arbos-version", || {
        assert_eq!(Shown::with(&["--arbos-version", "60"]).ask("anvil_nodeInfo", json!([]))["arbosVersion"], 60);
    }),
    ("l1-data-price", || {
        for (flags, free) in [(&[][..], true), (&["--l1-data-price", "1000000000"], false)] {
            let shown = Shown::with(flags);
            let hash = shown.ask("eth_sendTransaction", json!([{ "from": ALICE, "to": ALICE }]));
            let receipt = shown.ask("eth_getTransactionReceipt", json!([hash]));
            assert_eq!(receipt["gasUsedForL1"] == "0x0", free, "{receipt}");
        }
    }),
    ("internal-transactions", || {
        let shown = Shown::with(&["--internal-transactions"]);
        shown.ask("evm_mine", json!([]));
        let opening = shown.ask("eth_getTransactionByBlockNumberAndIndex", json!(["latest", "0x0"]));
        assert_eq!(opening["type"], "0x6a", "{opening}");
    }),
    ("auto-impersonate", || {
        let call = json!([{ "from": "0x00000000000000000000000000000000deadbeef", "to": ALICE }]);
        for (flags, sends) in [(&[][..], false), (&["--auto-impersonate"], true)] {
            let shown = Shown::with(flags);
            shown.ask("anvil_setBalance", json!([call[0]["from"], "0xde0b6b3a7640000"]));
            assert_eq!(answer(&shown.address, "eth_sendTransaction", call.clone()).get("result").is_some(), sends);
        }
    }),
    ("help", || assert!(text(&run(&["--help"]).stdout).contains("Usage: spillway-devnode"))),
    ("version", || assert!(text(&run(&["--version"]).stdout).starts_with("spillway-devnode "))),
];

#[test]
fn every_flag_has_a_row() {
    let rows: BTreeSet<String> = ROWS.iter().map(|(flag, _)| (*flag).to_owned()).collect();
    assert_eq!(rows, own_flags().into_keys().collect());
}

#[test]
fn every_flag_does_what_its_row_says() {
    for (flag, shows) in ROWS {
        println!("--{flag}");
        shows();
    }
}
