//! Methods that keep a chain or start it over: dump, load, reset.

use alloy_primitives::Bytes;
use serde_json::{Value, json};

use super::{Methods, convert::value, errors::RpcError, shared::Inner};

pub(super) fn register(methods: &mut Methods) {
    methods.add(&["anvil_dumpState", "hardhat_dumpState"], |inner, _| Ok(value(Bytes::from(inner.node.dump_state()))));
    methods.add(&["anvil_loadState", "hardhat_loadState"], |inner, args| {
        let document: Bytes = args.required(0, "state")?;
        inner.node.load_state(&document)?;
        inner.filters.clear();
        Ok(json!(true))
    });
    methods.add(&["anvil_reset", "hardhat_reset"], |inner, args| {
        let options: Option<Value> = args.optional(0, "forking")?;
        if options.is_some_and(|options| options.get("forking").is_some_and(|forking| !forking.is_null())) {
            return Err(RpcError::BadParameter {
                index: 0,
                name: "forking",
                reason: "this node does not fork other chains".into(),
            });
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
