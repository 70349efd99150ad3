//! The program `spillway-devnode` as a process, and a client of the plainest kind.
#![allow(dead_code, reason = "each test file uses its own part")]

use serde_json::{Value, json};
use std::{
    io::{BufRead, BufReader, Read, Write},
    net::TcpStream,
    process::{Child, ChildStderr, ChildStdout, Command, Output, Stdio},
};

/// The program while it runs. It is killed if a test ends without stopping it.
pub(crate) struct Running {
    child: Child,
    stdout: BufReader<ChildStdout>,
    stderr: BufReader<ChildStderr>,
}

impl Running {
    pub(crate) fn start(arguments: &[&str]) -> Self {
        Self::spawn(Command::new(env!("CARGO_BIN_EXE_spillway-devnode")).args(arguments))
    }

    /// Starts the program by a command of the test's own.
    pub(crate) fn spawn(command: &mut Command) -> Self {
        let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("the program starts");
        let stdout = BufReader::new(child.stdout.take().expect("stdout is piped"));
        let stderr = BufReader::new(child.stderr.take().expect("stderr is piped"));
        Self { child, stdout, stderr }
    }

    /// The lines up to the one that says where it listens, and the address.
    pub(crate) fn greeting(&mut self) -> (Vec<String>, String) {
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

    /// Waits until it logs a line with these words, and gives the line.
    pub(crate) fn hears(&mut self, words: &str) -> String {
        let mut heard = Vec::new();
        for line in self.stderr.by_ref().lines() {
            let line = line.expect("stderr is text");
            if line.contains(words) {
                return line;
            }
            heard.push(line);
        }
        panic!("it never said {words}; it said {heard:?}");
    }

    /// Sends a signal by name.
    pub(crate) fn signal(&self, signal: &str) {
        let sent =
            Command::new("kill").args([format!("-{signal}"), self.child.id().to_string()]).status().expect("kill runs");
        assert!(sent.success());
    }

    /// Waits for the end: exit code and what standard error had still to say.
    pub(crate) fn end(mut self) -> (Option<i32>, String) {
        let mut stderr = String::new();
        self.stderr.read_to_string(&mut stderr).expect("stderr is text");
        let status = self.child.wait().expect("the program ends");
        (status.code(), stderr)
    }

    /// Sends a signal by name and waits for the end.
    pub(crate) fn stop(self, signal: &str) -> (Option<i32>, String) {
        self.signal(signal);
        self.end()
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        // It has ended already when a test went well.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Runs the program to its end.
pub(crate) fn run(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_spillway-devnode")).args(arguments).output().expect("the program starts")
}

pub(crate) fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

/// Sends a body in a request of its own, with header lines of the caller; gives head and body of the answer.
pub(crate) fn try_post(address: &str, headers: &str, body: &str) -> std::io::Result<(String, String)> {
    let mut stream = TcpStream::connect(address)?;
    let length = body.len();
    write!(
        stream,
        "POST / HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\nconnection: close\r\n{headers}content-length: {length}\r\n\r\n{body}"
    )?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer)?;
    let (head, body) = answer.split_once("\r\n\r\n").unwrap_or((&answer, ""));
    Ok((head.to_owned(), body.to_owned()))
}

/// As [`try_post`], where there must be an answer.
pub(crate) fn post(address: &str, headers: &str, body: &str) -> (String, String) {
    try_post(address, headers, body).expect("it answers")
}

/// Asks one method; gives the whole answer.
pub(crate) fn answer(address: &str, method: &str, params: Value) -> Value {
    let request = json!({ "jsonrpc": "2.0", "id": 1, "method": method, "params": params });
    let (_, body) = post(address, "", &request.to_string());
    serde_json::from_str(&body).unwrap_or_else(|error| panic!("{method}: {error}: {body}"))
}

/// Asks one method, which must have a result.
pub(crate) fn ask(address: &str, method: &str, params: Value) -> Value {
    let answer = answer(address, method, params);
    answer.get("result").cloned().unwrap_or_else(|| panic!("{method}: {answer}"))
}
