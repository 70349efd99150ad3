//! Methods that keep a chain or start it over: dump, load, reset.

use alloy_primitives::{Bytes, U64};
use serde_json::{Value, json};

use super::{Methods, convert::value, errors::RpcError, shared::Inner};
use crate::{Devnode, fork::ForkConfig};

pub(super) fn register(methods: &mut Methods) {
    methods.add(&["anvil_dumpState", "hardhat_dumpState"], |inner, _| Ok(value(Bytes::from(inner.node.dump_state()))));
    methods.add(&["anvil_loadState", "hardhat_loadState"], |inner, args| {
        let document: Bytes = args.required(0, "state")?;
        inner.node.load_state(&document)?;
        inner.filters.clear();
        Ok(json!(true))
    });
    methods.add(&["anvil_reset", "hardhat_reset"], |inner, args| {
        #[derive(Debug, Default, serde::Deserialize)]
        #[serde(rename_all = "camelCase", default)]
        struct Options {
            forking: Option<Forking>,
        }
        #[derive(Debug, Default, serde::Deserialize)]
        #[serde(rename_all = "camelCase", default)]
        struct Forking {
            json_rpc_url: Option<String>,
            block_number: Option<U64>,
        }
        let options: Options = args.optional(0, "forking")?.unwrap_or_default();
        if let Some(Forking { json_rpc_url, block_number }) = options.forking {
            let url = json_rpc_url.ok_or(RpcError::BadParameter {
                index: 0,
                name: "forking",
                reason: "it has no jsonRpcUrl".into(),
            })?;
            let config = ForkConfig { block: block_number.map(|number| number.to()), ..ForkConfig::new(url) };
            inner.node = Devnode::builder().build_fork(config)?;
        }
        let Inner { node, impersonated, impersonate_all, filters, interval_secs, clock, .. } = inner;
        node.reset();
        clock.reset();
        impersonated.clear();
        filters.clear();
        (*impersonate_all, *interval_secs) = (false, 0);
        Ok(Value::Null)
    });
}
