//! Methods of indexers: logs by filter, and filters that remember how far they have been read.

use alloy_rpc_types_eth::Filter;
use serde_json::{Value, json};

use super::{
    Methods,
    args::Args,
    convert::{self, quantity, value},
    errors::RpcError,
    limits::few_names,
    passing,
    shared::{Inner, Watch},
};
use crate::LogFilter;

pub(super) fn register(methods: &mut Methods) {
    methods.add(&["eth_getLogs"], |inner, args| {
        let filter = few_names(convert::log_filter(&inner.node, args.required::<Filter>(0, "filter")?))?;
        logs(inner, &filter)
    });
    methods.add(&["eth_newFilter"], |inner, args| {
        let filter = convert::log_filter(&inner.node, args.optional::<Filter>(0, "filter")?.unwrap_or_default());
        let filter = few_names(filter)?;
        let next_block = inner.node.block_number().saturating_add(1);
        Ok(add(inner, Watch::Logs { filter, next_block }))
    });
    methods.add(&["eth_newBlockFilter"], |inner, _| {
        let next_block = inner.node.block_number().saturating_add(1);
        Ok(add(inner, Watch::Blocks { next_block }))
    });
    methods.add(&["eth_getFilterChanges"], changes);
    methods.add(&["eth_getFilterLogs"], |inner, args| {
        let id = args.required_number(0, "filter")?;
        match inner.filters.get(&id).cloned() {
            Some(Watch::Logs { filter, .. }) => logs(inner, &filter),
            _ => Err(RpcError::UnknownFilter { id }),
        }
    });
    methods.add(&["eth_uninstallFilter"], |inner, args| {
        let id = args.required_number(0, "filter")?;
        Ok(json!(inner.filters.remove(&id).is_some()))
    });
}

fn logs(inner: &Inner, filter: &LogFilter) -> Result<Value, RpcError> {
    let own = inner.node.logs(filter)?;
    let mut found = passing::logs_before(inner, filter)?;
    let (total, limit) = (found.len().saturating_add(own.len()), inner.limits.logs);
    if total > limit {
        return Err(RpcError::TooManyLogs { found: total, limit });
    }
    found.extend(own.iter().map(convert::log));
    Ok(Value::Array(found))
}

/// Keeps a filter. Clients that never take theirs away must not fill the memory, so the oldest goes when there are too many.
fn add(inner: &mut Inner, watch: Watch) -> Value {
    while inner.filters.len() >= inner.limits.filters.max(1) {
        inner.filters.pop_first();
    }
    let id = inner.next_filter;
    inner.next_filter = id.saturating_add(1);
    inner.filters.insert(id, watch);
    quantity(id)
}

/// What is new since the filter was made or last asked.
fn changes(inner: &mut Inner, args: Args) -> Result<Value, RpcError> {
    let id = args.required_number(0, "filter")?;
    let newest = inner.node.block_number();
    let watch = inner.filters.get(&id).cloned().ok_or(RpcError::UnknownFilter { id })?;
    let (answer, watch) = match watch {
        Watch::Blocks { next_block } => {
            let hashes = (next_block..=newest)
                .filter_map(|number| inner.node.block(number).ok())
                .map(|block| value(block.hash))
                .collect();
            (Value::Array(hashes), Watch::Blocks { next_block: newest.saturating_add(1) })
        }
        Watch::Logs { filter, next_block } if next_block > newest => (json!([]), Watch::Logs { filter, next_block }),
        Watch::Logs { filter, next_block } => {
            // The filter's own range still holds where it is the narrower one.
            let from = filter.from_block.map_or(next_block, |from| from.max(next_block));
            let to =
                filter.to_block.map_or(newest, |to| if filter.from_block.is_some() { to.min(newest) } else { newest });
            let slice = LogFilter { from_block: Some(from), to_block: Some(to), ..filter.clone() };
            let found = if from > to { json!([]) } else { logs(inner, &slice)? };
            (found, Watch::Logs { filter, next_block: newest.saturating_add(1) })
        }
    };
    inner.filters.insert(id, watch);
    Ok(answer)
}
