//! Methods that keep a chain or start it over: dump, load, reset.

use alloy_primitives::Bytes;
use serde_json::{Value, json};

use super::{
    Methods,
    args::{self, Args},
    convert::value,
    errors::RpcError,
    shared::Inner,
};
use crate::fork::ForkConfig;

pub(super) fn register(methods: &mut Methods) {
    methods.add(&["anvil_dumpState", "hardhat_dumpState"], |inner, _| Ok(value(Bytes::from(inner.node.dump_state()))));
    methods.add(&["anvil_loadState", "hardhat_loadState"], |inner, args| {
        let document: Bytes = args.required(0, "state")?;
        inner.node.load_state(&document)?;
        inner.replaced();
        Ok(json!(true))
    });
    methods.add(&["anvil_reset", "hardhat_reset"], reset);
    methods.add(&["anvil_setRpcUrl", "hardhat_setRpcUrl"], |inner, args| {
        let url: String = args.required(0, "url")?;
        if inner.node.set_fork_url(&url) { Ok(Value::Null) } else { Err(RpcError::NoFork) }
    });
}

/// Starts over: where the chain began, or as a fork of the block and the chain named. A fork that names no chain stays with its own, and one
/// that names nothing goes back to its beginning.
fn reset(inner: &mut Inner, args: Args) -> Result<Value, RpcError> {
    /// With `forking` around it or without, as clients write both.
    #[derive(Debug, Default, serde::Deserialize)]
    #[serde(rename_all = "camelCase", default)]
    struct Options {
        forking: Option<Forking>,
        #[serde(flatten)]
        bare: Forking,
    }
    #[derive(Debug, Default, serde::Deserialize)]
    #[serde(rename_all = "camelCase", default)]
    struct Forking {
        json_rpc_url: Option<String>,
        block_number: Option<Value>,
    }
    let bad = |reason: String| RpcError::BadParameter { index: 0, name: "forking", reason };
    let Options { forking, bare } = args.optional(0, "forking")?.unwrap_or_default();
    let Forking { json_rpc_url, block_number } = forking.unwrap_or(bare);
    let block = match block_number {
        None => None,
        Some(given) => Some(args::number(&given).ok_or_else(|| bad(format!("blockNumber {given} is no number")))?),
    };
    if json_rpc_url.is_some() || block.is_some() {
        let now = inner.node.fork_origin().map(|(_, _, config)| config);
        let config = match (now, json_rpc_url) {
            (Some(now), Some(url)) => now.at(url),
            (Some(now), None) => now,
            (None, Some(url)) => ForkConfig::new(url),
            (None, None) => return Err(bad("it has no jsonRpcUrl, and this chain is no fork".into())),
        };
        inner.node.fork_again(ForkConfig { block, blocks_back: 0, ..config })?;
    }
    inner.reset();
    Ok(Value::Null)
}
