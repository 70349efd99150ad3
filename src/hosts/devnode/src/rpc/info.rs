//! Methods that tell of the node itself and of programs: its settings in the forms of anvil and Hardhat, a program's record, a transaction's ink.

use alloy_primitives::{Address, U64};
use serde_json::{Map, Value, json};

use super::{
    Methods,
    convert::{quantity, value},
    shared::Inner,
};
use crate::{BlockRef, ProgramInfo};

const CLIENT_VERSION: &str = concat!("spillway-devnode/v", env!("CARGO_PKG_VERSION"));
/// ArbOS has the rules of Osaka from version 50 on.
const FIRST_OF_OSAKA: u64 = 50;
/// ... and those of Prague from this one.
const FIRST_OF_PRAGUE: u64 = 40;

pub(super) fn register(methods: &mut Methods) {
    methods.add(&["web3_clientVersion"], |_, _| Ok(json!(CLIENT_VERSION)));
    methods.add(&["anvil_nodeInfo"], |inner, _| Ok(node_info(inner)));
    methods.add(&["anvil_metadata", "hardhat_metadata"], |inner, _| Ok(metadata(inner)));
    methods.add(&["devnode_programInfo"], |inner, args| {
        let address: Address = args.required(0, "address")?;
        Ok(inner.node.program_info(address).map_or(Value::Null, |info| program(&info)))
    });
    methods.add(&["devnode_inkTrace"], |inner, args| Ok(value(inner.node.trace(args.required(0, "hash")?)?)));
}

fn node_info(inner: &Inner) -> Value {
    let node = &inner.node;
    let newest = node.block(BlockRef::Latest).ok();
    let price = quantity(node.base_fee_wei());
    let fork = node.fork_origin();
    let config = fork.as_ref().map(|(_, _, config)| config);
    let rules = match node.arbos_version() {
        FIRST_OF_OSAKA.. => "osaka",
        FIRST_OF_PRAGUE.. => "prague",
        _ => "cancun",
    };
    json!({
        "currentBlockNumber": quantity(node.block_number()),
        "currentBlockTimestamp": node.time_secs(),
        "currentBlockHash": newest.map(|block| block.hash),
        "hardFork": rules,
        "transactionOrder": "fifo",
        "environment": {
            "baseFee": price,
            "chainId": node.chain_id(),
            "gasLimit": quantity(node.block_gas_limit()),
            "gasPrice": price,
        },
        "forkConfig": {
            // What follows the host may be a key.
            "forkUrl": config.map(|config| config.shown_url()),
            "forkBlockNumber": node.fork_block(),
            "forkRetryBackoff": config.map(|config| u64::try_from(config.backoff.as_millis()).unwrap_or(u64::MAX)),
        },
        "network": Value::Null,
        "clientVersion": CLIENT_VERSION,
        "arbosVersion": node.arbos_version(),
        "automine": node.automine(),
    })
}

fn metadata(inner: &Inner) -> Value {
    let node = &inner.node;
    let snapshots: Map<String, Value> =
        node.snapshots().map(|(id, number, hash)| (format!("{:#x}", id.0), json!([number, hash]))).collect();
    let mut fields = json!({
        "clientVersion": CLIENT_VERSION,
        "chainId": node.chain_id(),
        "instanceId": inner.instance_id(),
        "latestBlockNumber": node.block_number(),
        "latestBlockHash": node.block(BlockRef::Latest).ok().map(|block| block.hash),
        "snapshots": snapshots,
        "arbosVersion": node.arbos_version(),
    });
    // Hardhat leaves it out when there is none.
    if let Some((number, hash, _)) = node.fork_origin() {
        fields["forkedNetwork"] =
            json!({ "chainId": node.chain_id(), "forkBlockNumber": number, "forkBlockHash": hash });
    }
    fields
}

fn program(info: &ProgramInfo) -> Value {
    let record = &info.record;
    json!({
        "codeHash": info.code_hash,
        "moduleHash": info.module_hash,
        "version": record.version,
        "cached": record.cached,
        "initGas": U64::from(info.init_gas),
        "cachedInitGas": U64::from(info.cached_gas),
        "footprintPages": record.footprint_pages,
        "asmEstimateKb": record.asm_estimate_kb,
        "inkPrice": info.ink_price,
        "activatedAt": info.activated_at_secs,
        "expiresAt": info.expires_at_secs,
        "problem": info.problem,
    })
}
