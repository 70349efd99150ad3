//! The program `spillway-devnode` as a process: what it says, how it is stopped, and what it exits with.
#![cfg(unix)]

use jsonrpsee::{core::client::ClientT, http_client::HttpClient, rpc_params};
use std::{
    io::{BufRead, BufReader, Read},
    net::TcpListener,
    process::{Child, ChildStdout, Command, Output, Stdio},
};

/// The program while it runs. It is killed if a test ends without stopping it.
struct Running {
    child: Child,
    stdout: BufReader<ChildStdout>,
}

impl Running {
    fn start(arguments: &[&str]) -> Self {
        let mut child = Command::new(env!("CARGO_BIN_EXE_spillway-devnode"))
            .args(arguments)
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("the program starts");
        let stdout = BufReader::new(child.stdout.take().expect("stdout is piped"));
        Self { child, stdout }
    }

    /// The lines up to the one that says where it listens, and the address.
    fn greeting(&mut self) -> (Vec<String>, String) {
        let mut lines = Vec::new();
        for line in self.stdout.by_ref().lines() {
            let line = line.expect("stdout is text");
            if let Some(address) = line.strip_prefix("Listening on ") {
                return (lines, address.to_owned());
            }
            lines.push(line);
        }
        panic!("it never listened; it said {lines:?}");
    }

    /// Sends a signal by name and waits for the end: exit code and standard error.
    fn stop(mut self, signal: &str) -> (Option<i32>, String) {
        let sent =
            Command::new("kill").args([format!("-{signal}"), self.child.id().to_string()]).status().expect("kill runs");
        assert!(sent.success());
        let status = self.child.wait().expect("the program ends");
        let mut stderr = String::new();
        self.child.stderr.take().expect("stderr is piped").read_to_string(&mut stderr).expect("stderr is text");
        (status.code(), stderr)
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        // It has ended already when a test went well.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn run(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_spillway-devnode")).args(arguments).output().expect("the program starts")
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

#[tokio::test(flavor = "multi_thread")]
async fn it_names_its_accounts_and_address_answers_and_stops_at_an_interrupt() {
    let mut node = Running::start(&["--port", "0", "--chain-id", "1337", "--balance", "3", "--clock", "manual"]);
    let (lines, address) = node.greeting();
    assert!(lines.contains(&"(0) 0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266 0xac0974bec39a17e36ba4a6b4d238ff944bacb478cbed5efcae784d7bf4f2ff80".to_owned()), "{lines:?}");
    assert_eq!(lines.last().map(String::as_str), Some("Chain id 1337, ArbOS 51, base fee 100000000 wei"));
    let client = HttpClient::builder().build(format!("http://{address}")).expect("a client");
    let chain: String = client.request("eth_chainId", rpc_params![]).await.expect("it answers");
    assert_eq!(chain, "0x539");
    let balance: String = client
        .request("eth_getBalance", rpc_params!["0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266"])
        .await
        .expect("it answers");
    assert_eq!(balance, "0x29a2241af62c0000");
    drop(client);
    assert_eq!(node.stop("INT"), (Some(0), "spillway-devnode: stopping\n".to_owned()));
}

#[test]
fn it_stops_as_well_when_terminated_and_says_only_its_address_when_quiet() {
    let mut node = Running::start(&["--port", "0", "--quiet"]);
    let (lines, _) = node.greeting();
    assert_eq!(lines, Vec::<String>::new());
    assert_eq!(node.stop("TERM"), (Some(0), "spillway-devnode: stopping\n".to_owned()));
}

#[test]
fn it_stops_while_a_client_keeps_its_connection_open() {
    let mut node = Running::start(&["--port", "0"]);
    let (_, address) = node.greeting();
    let idle = std::net::TcpStream::connect(address).expect("it accepts");
    assert_eq!(node.stop("INT").0, Some(0));
    drop(idle);
}

#[test]
fn a_busy_port_is_named_and_ends_it_with_code_3() {
    let taken = TcpListener::bind("127.0.0.1:0").expect("a free port");
    let port = taken.local_addr().expect("an address").port();
    let output = run(&["--port", &port.to_string()]);
    assert_eq!(output.status.code(), Some(3));
    let stderr = text(&output.stderr);
    assert!(stderr.starts_with(&format!("spillway-devnode: cannot listen on 127.0.0.1:{port}: ")), "{stderr}");
    assert_eq!(text(&output.stdout), "");
}

#[test]
fn bad_flags_are_named_and_end_it_with_code_2() {
    for (arguments, named) in [
        (&["--no-such-flag"][..], "unexpected argument '--no-such-flag'"),
        (&["--port", "65536"], "invalid value '65536' for '--port <PORT>'"),
        (&["--host", "nowhere"], "invalid value 'nowhere' for '--host <HOST>'"),
        (&["--clock", "sun"], "invalid value 'sun' for '--clock <CLOCK>'"),
        (&["--base-fee", "-1"], "unexpected argument '-1'"),
    ] {
        let output = run(arguments);
        assert_eq!(output.status.code(), Some(2), "{arguments:?}");
        let stderr = text(&output.stderr);
        assert!(stderr.contains(named), "{arguments:?}: {stderr}");
    }
}

#[test]
fn help_and_version_go_to_standard_output() {
    let help = run(&["--help"]);
    assert_eq!(help.status.code(), Some(0));
    assert!(text(&help.stdout).contains("--port <PORT>"), "{}", text(&help.stdout));
    let version = run(&["--version"]);
    assert_eq!(text(&version.stdout), format!("spillway-devnode {}\n", env!("CARGO_PKG_VERSION")));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_chain_is_written_at_the_end_and_taken_up_again_at_the_start() {
    let file = std::env::temp_dir().join(format!("spillway-devnode-{}.json", std::process::id()));
    let path = file.to_str().expect("the path is text");
    for height in ["0x1", "0x2"] {
        let mut running = Running::start(&["--port", "0", "--state", path]);
        let (_, address) = running.greeting();
        let client = HttpClient::builder().build(format!("http://{address}")).expect("a client");
        let _: serde_json::Value = client.request("evm_mine", rpc_params![]).await.expect("it mines");
        let number: String = client.request("eth_blockNumber", rpc_params![]).await.expect("it answers");
        assert_eq!(number, height);
        assert_eq!(running.stop("TERM").0, Some(0));
    }
    let other = run(&["--port", "0", "--chain-id", "7", "--load-state", path]);
    std::fs::write(&file, "{}").expect("the file is ours");
    let broken = run(&["--port", "0", "--load-state", path]);
    std::fs::remove_file(&file).expect("the file is ours");
    let missing = run(&["--port", "0", "--load-state", path]);
    assert_eq!((other.status.code(), broken.status.code(), missing.status.code()), (Some(4), Some(4), Some(4)));
    let wrong_chain =
        format!("spillway-devnode: cannot load {path}: state document of chain 412346, this node runs chain 7\n");
    assert_eq!(text(&other.stderr), wrong_chain);
    assert!(text(&broken.stderr).contains("not a state document: missing field `version`"), "{}", text(&broken.stderr));
    let both = run(&["--state", path, "--dump-state", path]);
    assert_eq!(both.status.code(), Some(2));
}
