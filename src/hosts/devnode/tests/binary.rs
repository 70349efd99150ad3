//! The program `spillway-devnode` as a process: what it says, how it is stopped, and what it exits with.
#![cfg(unix)]

#[path = "common/running.rs"]
mod running;

use jsonrpsee::{core::client::ClientT, http_client::HttpClient, rpc_params};
use running::{Running, run, text};
use std::{io::Read, net::TcpListener};

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
    assert_eq!(node.stop("INT"), (Some(0), " INFO stopping\n".to_owned()));
}

#[test]
fn it_stops_as_well_when_terminated_and_says_only_its_address_when_quiet() {
    let mut node = Running::start(&["--port", "0", "--quiet"]);
    let (lines, _) = node.greeting();
    assert_eq!(lines, Vec::<String>::new());
    assert_eq!(node.stop("TERM"), (Some(0), String::new()));
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
    assert!(stderr.starts_with(&format!("ERROR cannot listen on 127.0.0.1:{port}: ")), "{stderr}");
    assert_eq!(text(&output.stdout), "");
}

#[test]
fn bad_flags_are_named_and_end_it_with_code_2() {
    for (arguments, named) in [
        (&["--no-such-flag"][..], "unexpected argument '--no-such-flag'"),
        (&["--port", "65536"], "invalid value '65536' for '--port <NUM>'"),
        (&["--host", "nowhere"], "invalid value 'nowhere' for '--host <IP_ADDR>'"),
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
    assert!(text(&help.stdout).contains("--port <NUM>"), "{}", text(&help.stdout));
    assert!(text(&help.stdout).contains("[default: 8547]"), "{}", text(&help.stdout));
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
    let wrong_chain = format!("ERROR cannot load {path}: state document of chain 412346, this node runs chain 7\n");
    assert_eq!(text(&other.stderr), wrong_chain);
    assert!(text(&broken.stderr).contains("not a state document: missing field `version`"), "{}", text(&broken.stderr));
    let both = run(&["--state", path, "--dump-state", path]);
    assert_eq!(both.status.code(), Some(2));
}

/// Sends a transaction that calls a program, so that there is something to tell.
async fn use_a_program(address: &str) {
    let client = HttpClient::builder().build(format!("http://{address}")).expect("a client");
    let mut node = spillway_devnode::Devnode::builder().build();
    let module = wat::parse_str(
        r#"(module (memory (export "memory") 1 1) (func (export "user_entrypoint") (param i32) (result i32) i32.const 0))"#,
    )
    .expect("it is a module");
    // The bytes that the same deployment sends on a chain in memory.
    let alice = node.accounts()[0].address;
    node.deploy_stylus(alice, &module, None).expect("it deploys");
    let sent = node.transaction(node.block(1).expect("it is mined").transactions[0]).expect("it is mined").clone();
    let call = alloy_rpc_request(&sent);
    let _: String = client.request("eth_sendTransaction", rpc_params![call]).await.expect("it deploys");
    let receipt: serde_json::Value =
        client.request("eth_getBlockReceipts", rpc_params!["latest"]).await.expect("receipts");
    let logs = receipt[0]["logs"].as_array().expect("logs");
    let deployed = logs
        .last()
        .and_then(|log| log["data"].as_str())
        .expect("the deployer's log")
        .replace("0x000000000000000000000000", "0x");
    let request = serde_json::json!({ "from": alice, "to": deployed, "gas": "0x1e8480" });
    let _: String = client.request("eth_sendTransaction", rpc_params![&request]).await.expect("it is sent");
    let _: String = client.request("eth_call", rpc_params![&request, "latest"]).await.expect("it answers");
}

/// The request of a mined transaction.
fn alloy_rpc_request(sent: &spillway_devnode::MinedTransaction) -> serde_json::Value {
    use alloy_consensus::Transaction;
    serde_json::json!({
        "from": sent.from, "to": sent.envelope.to(), "value": sent.envelope.value(), "data": sent.envelope.input(), "gas": "0x1e84800"
    })
}

#[tokio::test(flavor = "multi_thread")]
async fn each_v_tells_more_and_quiet_tells_nothing() {
    let (block, request) = ("INFO block number=2 hash=0x", "DEBUG eth_sendTransaction micros=");
    let (frame, call, host) = (" ink] Call 0x", "TRACE call\n", " ink] user_entrypoint");
    for (flags, told) in [
        (&["--quiet"][..], [false; 5]),
        (&[], [true, false, false, false, false]),
        (&["-v"], [true, true, false, false, false]),
        (&["-vv"], [true, true, true, false, false]),
        (&["--print-traces"], [true, true, true, true, false]),
        (&["-vvvv"], [true; 5]),
    ] {
        let mut node = Running::start(&[&["--port", "0", "--clock", "manual"], flags].concat());
        let (_, address) = node.greeting();
        use_a_program(&address).await;
        let (code, stderr) = node.stop("INT");
        assert_eq!(code, Some(0));
        let found = [block, request, frame, call, host].map(|words| stderr.contains(words));
        assert_eq!(found, told, "{flags:?}: {stderr}");
        if told[0] {
            assert!(stderr.contains("INFO transaction hash=0x"), "{stderr}");
            assert!(stderr.contains(" to=to 0x") && stderr.contains(" status=\"ok\" gas_used="), "{stderr}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_client_may_silence_what_is_told_of_the_chain() {
    for name in ["anvil_setLoggingEnabled", "hardhat_setLoggingEnabled"] {
        let mut node = Running::start(&["--port", "0", "--clock", "manual", "-vvvv"]);
        let (_, address) = node.greeting();
        let client = HttpClient::builder().build(format!("http://{address}")).expect("a client");
        let _: serde_json::Value = client.request(name, rpc_params![false]).await.expect("it answers");
        use_a_program(&address).await;
        let _: serde_json::Value = client.request(name, rpc_params![true]).await.expect("it answers");
        let _: serde_json::Value = client.request("evm_mine", rpc_params![]).await.expect("it mines");
        drop(client);
        let (_, stderr) = node.stop("INT");
        for silenced in ["number=1 ", "number=2 ", "eth_sendTransaction", "TRACE call"] {
            assert!(!stderr.contains(silenced), "{silenced} was told: {stderr}");
        }
        assert!(stderr.contains("INFO block number=3 "), "{stderr}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn logs_as_json_are_one_object_a_line() {
    let mut node = Running::start(&["--port", "0", "--json", "-v"]);
    let (_, address) = node.greeting();
    use_a_program(&address).await;
    let (_, stderr) = node.stop("INT");
    let lines: Vec<serde_json::Value> = stderr
        .lines()
        .map(|line| serde_json::from_str(line).unwrap_or_else(|error| panic!("{line}: {error}")))
        .collect();
    let transaction = lines.iter().find(|line| line["message"] == "transaction").expect("a transaction");
    assert_eq!((&transaction["status"], &transaction["level"]), (&"ok".into(), &"INFO".into()));
    assert!(transaction["gas_used"].as_u64().is_some_and(|gas| gas > 21_000), "{transaction}");
    assert!(lines.iter().any(|line| line["message"] == "eth_call" && line["target"] == "devnode::requests"));
    assert!(lines.iter().any(|line| line["message"] == "stopping" && line["target"] == "devnode::program"));
    let failed = run(&["--port", "0", "--json-logs", "--load-state", "/nowhere/state.json"]);
    assert_eq!(failed.status.code(), Some(4));
    let failure: serde_json::Value = serde_json::from_slice(&failed.stderr).expect("JSON");
    assert_eq!(failure["level"], "ERROR");
    assert!(failure["message"].as_str().is_some_and(|text| text.starts_with("cannot load /nowhere")), "{failure}");
}

#[tokio::test(flavor = "multi_thread")]
async fn counts_are_served_for_prometheus_when_asked_for_and_only_then() {
    let mut node = Running::start(&["--port", "0", "--metrics", "127.0.0.1:0"]);
    let (lines, address) = node.greeting();
    let metrics = lines.iter().find_map(|line| line.strip_prefix("Metrics on http://")).expect("it says where");
    use_a_program(&address).await;
    let get = |path: &str| {
        use std::io::Write;
        let host = metrics.strip_suffix("/metrics").expect("the path is named");
        let mut stream = std::net::TcpStream::connect(host).expect("it listens");
        write!(stream, "GET {path} HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n").expect("it reads");
        let mut answer = String::new();
        stream.read_to_string(&mut answer).expect("it answers");
        answer
    };
    let counts = get("/metrics");
    for line in [
        "devnode_transactions_total{status=\"ok\"} 2",
        "devnode_block_number 2",
        "devnode_requests_total{method=\"eth_call\",outcome=\"ok\"} 1",
        "devnode_request_seconds_count{method=\"eth_call\"} 1",
    ] {
        assert!(counts.lines().any(|found| found == line), "{line} is missing: {counts}");
    }
    assert!(get("/").starts_with("HTTP/1.1 404"));
    assert_eq!(node.stop("TERM").0, Some(0));
    let mut without = Running::start(&["--port", "0"]);
    assert!(without.greeting().0.iter().all(|line| !line.starts_with("Metrics")));
}

#[tokio::test(flavor = "multi_thread")]
async fn accounts_come_of_the_mnemonic_and_the_settings_are_written_as_json() {
    let directory = tempfile::tempdir().expect("a directory");
    let file = directory.path().join("settings.json");
    let words = "candy maple cake sugar pudding cream honey rich smooth crumble sweet treat";
    let flags = ["--port", "0", "--accounts", "2", "--mnemonic", words, "--config-out", file.to_str().expect("text")];
    let mut node = Running::start(&flags);
    let (lines, _) = node.greeting();
    assert!(lines.contains(&"(0) 0x627306090abaB3A6e1400e9345bC60c78a8BEf57 0xc87509a1c067bbde78beb793e6fa76530b6382a4c0241e5e4a9ec0a0f44dc0d3".to_owned()), "{lines:?}");
    assert!(lines.iter().any(|line| line.starts_with("(2) 0x3f1Eae7D46d88F08fc2F8ed27FCb2AB183EB2d0E ")), "{lines:?}");
    assert_eq!(node.stop("INT").0, Some(0));
    let settings: serde_json::Value =
        serde_json::from_slice(&std::fs::read(&file).expect("it is written")).expect("JSON");
    assert_eq!(settings["available_accounts"].as_array().map(Vec::len), Some(3));
    assert_eq!(settings["wallet"]["mnemonic"], words);
    let bad = run(&["--port", "0", "--mnemonic", "one two three"]);
    assert_eq!(bad.status.code(), Some(2));
    assert!(text(&bad.stderr).starts_with("ERROR no accounts of this mnemonic and path: "), "{}", text(&bad.stderr));
}

#[tokio::test(flavor = "multi_thread")]
async fn browsers_and_impersonation_are_as_the_flags_say() {
    for (flags, allowed) in [
        (&[][..], Some("access-control-allow-origin: *")),
        (&["--allow-origin", "http://here"], Some("access-control-allow-origin: http://here")),
        (&["--no-cors"], None),
    ] {
        let mut node = Running::start(&[&["--port", "0"], flags].concat());
        let (_, address) = node.greeting();
        let mut stream = std::net::TcpStream::connect(&address).expect("it listens");
        let body = r#"{"jsonrpc":"2.0","id":1,"method":"eth_chainId","params":[]}"#;
        use std::io::Write;
        write!(stream, "POST / HTTP/1.1\r\nhost: x\r\norigin: http://here\r\ncontent-type: application/json\r\nconnection: close\r\ncontent-length: {}\r\n\r\n{body}", body.len()).expect("it reads");
        let mut answer = String::new();
        stream.read_to_string(&mut answer).expect("it answers");
        let found = answer.lines().find(|line| line.starts_with("access-control-allow-origin"));
        assert_eq!(found, allowed, "{flags:?}: {answer}");
    }
    let request = serde_json::json!({ "from": "0x00000000000000000000000000000000deadbeef", "to": "0x0000000000000000000000000000000000000001" });
    for (flags, sends) in [(&[][..], false), (&["--auto-impersonate"], true)] {
        let mut node = Running::start(&[&["--port", "0"], flags].concat());
        let (_, address) = node.greeting();
        let client = HttpClient::builder().build(format!("http://{address}")).expect("a client");
        let rich = rpc_params![&request["from"], "0xde0b6b3a7640000"];
        let _: serde_json::Value = client.request("anvil_setBalance", rich).await.expect("it answers");
        let sent = client.request::<String, _>("eth_sendTransaction", rpc_params![&request]).await;
        assert_eq!(sent.is_ok(), sends, "{flags:?}: {sent:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_fork_begins_at_the_block_asked_for_and_a_chain_that_is_not_there_ends_it_with_code_5() {
    let mut origin = Running::start(&["--port", "0", "--chain-id", "1337"]);
    let (_, address) = origin.greeting();
    let client = HttpClient::builder().build(format!("http://{address}")).expect("a client");
    let _: serde_json::Value = client.request("anvil_mine", rpc_params![5]).await.expect("it mines");
    let url = format!("http://{address}");
    let pinned = format!("{url}@2");
    for (flags, height, chain) in [
        (vec!["--fork-url", &url], "0x5", "0x539"),
        (vec!["--fork-url", &pinned], "0x2", "0x539"),
        (vec!["--rpc-url", &url, "--fork-block-number", "3", "--chain-id", "7"], "0x3", "0x7"),
        (vec!["-f", &url, "--fork-block-number", "-1"], "0x4", "0x539"),
    ] {
        let mut fork = Running::start(&[&["--port", "0"][..], &flags].concat());
        let (lines, address) = fork.greeting();
        let number = u64::from_str_radix(&height[2..], 16).expect("hex");
        assert!(lines.contains(&format!("Fork of {url} at block {number}")), "{lines:?}");
        let client = HttpClient::builder().build(format!("http://{address}")).expect("a client");
        assert_eq!(client.request::<String, _>("eth_blockNumber", rpc_params![]).await.expect("it answers"), height);
        assert_eq!(client.request::<String, _>("eth_chainId", rpc_params![]).await.expect("it answers"), chain);
        assert_eq!(fork.stop("INT").0, Some(0));
    }
    assert_eq!(origin.stop("INT").0, Some(0));
    let gone = run(&["--port", "0", "--fork-url", &url, "--retries", "0"]);
    assert_eq!(gone.status.code(), Some(5));
    assert!(
        text(&gone.stderr).starts_with(&format!("ERROR fork: eth_chainId of {url} failed: ")),
        "{}",
        text(&gone.stderr)
    );
}

#[test]
fn the_state_goes_into_a_directory_as_state_json() {
    let directory = tempfile::tempdir().expect("a directory");
    let path = directory.path().to_str().expect("the path is text");
    let mut node = Running::start(&["--port", "0", "--dump-state", path]);
    node.greeting();
    assert_eq!(node.stop("INT").0, Some(0));
    let document = std::fs::read(directory.path().join("state.json")).expect("it is written");
    spillway_devnode::Devnode::default().load_state(&document).expect("it is whole");
    assert_eq!(std::fs::read_dir(directory.path()).expect("it is there").count(), 1, "nothing is left beside it");
}
