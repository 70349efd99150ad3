//! Bytes on the wire that no client would send: broken and endless WebSocket frames and HTTP chunks. Each connection gets an answer or is closed, and
//! the node goes on.

use jsonrpsee::{core::client::ClientT, http_client::HttpClient, rpc_params};
use serde_json::Value;
use spillway_devnode::{
    Devnode,
    rpc::{Clock, RpcConfig, RunningServer, serve},
};
use std::net::SocketAddr;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};

const MAX_BODY_BYTES: u32 = 100_000;
const CHAIN_ID: &[u8] = br#"{"jsonrpc":"2.0","id":1,"method":"eth_chainId","params":[]}"#;

async fn start() -> RunningServer {
    let listen = ([127, 0, 0, 1], 0).into();
    let config = RpcConfig { listen, clock: Clock::Manual, max_body_bytes: MAX_BODY_BYTES, ..RpcConfig::default() };
    serve(Devnode::default(), config).await.unwrap()
}

async fn is_alive(server: RunningServer) {
    let client = HttpClient::builder().build(server.url()).unwrap();
    assert_eq!(client.request::<String, _>("eth_blockNumber", rpc_params![]).await.unwrap(), "0x0");
    drop(client);
    server.stop().await;
}

/// A connection that has become a WebSocket.
async fn web_socket(to: SocketAddr) -> TcpStream {
    let mut stream = TcpStream::connect(to).await.unwrap();
    let head = "GET / HTTP/1.1\r\nHost: node\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n";
    stream.write_all(head.as_bytes()).await.unwrap();
    let mut answer = Vec::new();
    while !answer.ends_with(b"\r\n\r\n") {
        answer.push(stream.read_u8().await.unwrap());
    }
    assert!(answer.starts_with(b"HTTP/1.1 101"), "{}", String::from_utf8_lossy(&answer));
    stream
}

/// A frame as a client sends it: the first byte says whether it is the last and of what kind; masked with zeros.
fn frame(first: u8, payload: &[u8]) -> Vec<u8> {
    let length = payload.len();
    let mut frame = vec![first];
    match length {
        0..126 => frame.push(0x80 | length as u8),
        126..65_536 => {
            frame.push(0x80 | 126);
            frame.extend((length as u16).to_be_bytes());
        }
        _ => {
            frame.push(0x80 | 127);
            frame.extend((length as u64).to_be_bytes());
        }
    }
    frame.extend([0; 4]);
    frame.extend(payload);
    frame
}

/// What the server says until it closes the connection, after the client has closed its side. Whatever cannot be sent any more is not sent.
async fn said(stream: &mut TcpStream, bytes: &[u8]) -> Vec<u8> {
    let _ = stream.write_all(bytes).await;
    let _ = stream.shutdown().await;
    heard(stream).await
}

async fn heard(stream: &mut TcpStream) -> Vec<u8> {
    let mut answer = Vec::new();
    let _ = stream.read_to_end(&mut answer).await;
    answer
}

fn holds(answer: &[u8], words: &str) -> bool {
    words.is_empty() || answer.windows(words.len()).any(|window| window == words.as_bytes())
}

const TEXT: u8 = 0x81;
const TEXT_THAT_GOES_ON: u8 = 0x01;
const CONTINUED: u8 = 0x00;

#[tokio::test(flavor = "multi_thread")]
async fn web_socket_frames_that_are_none_end_their_connection() {
    let server = start().await;
    let unmasked = [&[TEXT, CHAIN_ID.len() as u8][..], CHAIN_ID].concat();
    let broken: [(&str, Vec<u8>); 6] = [
        ("an unmasked frame", unmasked),
        ("a kind that is not known", frame(0x83, b"{}")),
        ("reserved bits", frame(0xf1, b"{}")),
        ("a length of 2^63", [&[TEXT, 0xff][..], &[0x80, 0, 0, 0, 0, 0, 0, 0], &[0; 4]].concat()),
        ("a ping that is too long", frame(0x89, &[0; 126])),
        ("a continuation of nothing", frame(0x80, b"{}")),
    ];
    for (what, bytes) in broken {
        let mut stream = web_socket(server.address()).await;
        let answer = said(&mut stream, &[bytes, frame(TEXT, CHAIN_ID)].concat()).await;
        assert!(answer.len() < 1_000, "{what}: {}", answer.len());
    }
    is_alive(server).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_web_socket_message_over_the_limit_is_refused_however_it_is_cut() {
    let server = start().await;
    let at_once = frame(TEXT, &vec![b' '; MAX_BODY_BYTES as usize + 1]);
    let piece = vec![b' '; 40_000];
    let in_pieces = [
        frame(TEXT_THAT_GOES_ON, &piece),
        frame(CONTINUED, &piece),
        frame(CONTINUED, &piece),
        frame(CONTINUED, &piece),
    ];
    // A frame may promise any length; nothing is kept for it.
    let promised = [&[TEXT, 0xff][..], &(1_u64 << 40).to_be_bytes(), &[0; 4]].concat();
    let mut stream = web_socket(server.address()).await;
    assert!(said(&mut stream, &promised).await.len() < 1_000);
    for (what, bytes) in [("at once", at_once), ("in pieces", in_pieces.concat())] {
        let mut stream = web_socket(server.address()).await;
        let answer = said(&mut stream, &bytes).await;
        assert!(holds(&answer, "-32007"), "{what}: {}", String::from_utf8_lossy(&answer));
    }
    is_alive(server).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_web_socket_message_that_is_no_request_gets_an_error_object() {
    let server = start().await;
    let mut stream = web_socket(server.address()).await;
    for body in [&b"\xff\xfe"[..], b"{", b"null", b"[[[["] {
        stream.write_all(&frame(0x82, body)).await.unwrap();
        let mut head = [0; 2];
        stream.read_exact(&mut head).await.unwrap();
        let mut answer = vec![0; usize::from(head[1])];
        stream.read_exact(&mut answer).await.unwrap();
        let answer: Value = serde_json::from_slice(&answer).unwrap();
        assert!(answer["error"]["code"].is_i64(), "{answer}");
    }
    drop(stream);
    is_alive(server).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn chunks_of_http_are_taken_up_to_the_limit_and_broken_ones_are_refused() {
    let server = start().await;
    let head = "POST / HTTP/1.1\r\nHost: node\r\nContent-Type: application/json\r\nConnection: close\r\nTransfer-Encoding: chunked\r\n\r\n";
    let chunk = |bytes: &[u8]| [format!("{:x}\r\n", bytes.len()).as_bytes(), bytes, b"\r\n"].concat();
    let (first, second) = CHAIN_ID.split_at(20);
    let whole = [chunk(first), chunk(second), chunk(b"")].concat();
    let spaces = chunk(&[b' '; 40_000]);
    let too_long = [spaces.clone(), spaces.clone(), spaces.clone(), chunk(CHAIN_ID), chunk(b"")].concat();
    for (what, body, words) in [
        ("whole", whole, "0x64aba"),
        ("too long", too_long, "HTTP/1.1 4"),
        ("a size that is no number", b"zz\r\n{}\r\n0\r\n\r\n".to_vec(), "HTTP/1.1 "),
        ("a size beyond any number", b"fffffffffffffffff\r\n{}\r\n0\r\n\r\n".to_vec(), "HTTP/1.1 "),
        ("cut short", [chunk(first), b"40\r\nabc".to_vec()].concat(), ""),
    ] {
        let mut stream = TcpStream::connect(server.address()).await.unwrap();
        let _ = stream.write_all(&[head.as_bytes(), &body].concat()).await;
        if words.is_empty() {
            let _ = stream.shutdown().await;
        }
        let answer = heard(&mut stream).await;
        assert!(answer.len() < 2_000 && holds(&answer, words), "{what}: {}", String::from_utf8_lossy(&answer));
    }
    is_alive(server).await;
}
