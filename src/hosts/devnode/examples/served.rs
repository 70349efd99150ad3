//! Serves a chain on a free port, asks it something over JSON-RPC as any client would, and stops it: `--example served`.

use std::net::SocketAddr;

use jsonrpsee::{core::client::ClientT, http_client::HttpClient, rpc_params};
use spillway_devnode::{
    Devnode,
    rpc::{Clock, RpcConfig, serve},
};

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let config =
        RpcConfig { listen: SocketAddr::from(([127, 0, 0, 1], 0)), clock: Clock::Manual, ..RpcConfig::default() };
    let server = serve(Devnode::builder().chain_id(1337).build(), config).await?;
    println!("listening on {}", server.address());

    let client = HttpClient::builder().build(server.url())?;
    let chain: String = client.request("eth_chainId", rpc_params![]).await?;
    println!("chain {chain}");

    let document = server.dump_state();
    server.stop().await;
    println!("stopped; the chain is a document of {} bytes", document.len());
    Ok(())
}
