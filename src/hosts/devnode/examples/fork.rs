//! Goes on from where another chain stands: `--example fork -- URL [BLOCK]`. Without a URL it forks a chain that it serves itself.

use spillway_devnode::{
    Devnode, TxRequest,
    fork::ForkConfig,
    rpc::{RpcConfig, RunningServer, serve},
};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut arguments = std::env::args().skip(1);
    let runtime = tokio::runtime::Runtime::new()?;
    let (url, served) = match arguments.next() {
        Some(url) => (url, None),
        None => {
            let server = runtime.block_on(own())?;
            (server.url(), Some(server))
        }
    };
    let config = ForkConfig { block: arguments.next().map(|block| block.parse()).transpose()?, ..ForkConfig::new(url) };

    // A fork reads the other chain in between, so it is not made inside the runtime.
    let mut fork = Devnode::builder().build_fork(config)?;
    let (alice, bob) = (fork.accounts()[0].address, fork.accounts()[1].address);
    println!("chain {} from block {}, ArbOS {}", fork.chain_id(), fork.block_number(), fork.arbos_version());
    let receipt = fork.transact(TxRequest::new(alice).to(bob))?;
    println!("block {} is its own, with {}", receipt.block_number, receipt.transaction_hash);

    if let Some(server) = served {
        runtime.block_on(server.stop());
    }
    Ok(())
}

async fn own() -> std::io::Result<RunningServer> {
    let mut node = Devnode::default();
    node.mine(3);
    serve(node, RpcConfig { listen: ([127, 0, 0, 1], 0).into(), ..RpcConfig::default() }).await
}
