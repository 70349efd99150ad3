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
    shared::Inner,
    watch::Topic,
};
use crate::LogFilter;

pub(super) fn register(methods: &mut Methods) {
    methods.add(&["eth_getLogs"], |inner, args| {
        let filter = few_names(convert::log_filter(args.required::<Filter>(0, "filter")?))?;
        logs(inner, &filter)
    });
    methods.add(&["eth_newFilter"], |inner, args| {
        let filter = few_names(convert::log_filter(args.optional::<Filter>(0, "filter")?.unwrap_or_default()))?;
        Ok(add(inner, Topic::Logs(filter)))
    });
    methods.add(&["eth_newBlockFilter"], |inner, _| Ok(add(inner, Topic::Blocks)));
    methods.add(&["eth_newPendingTransactionFilter"], |inner, _| Ok(add(inner, Topic::Arrivals)));
    methods.add(&["eth_getFilterChanges"], changes);
    methods.add(&["eth_getFilterLogs"], |inner, args| {
        let id = args.required_number(0, "filter")?;
        match inner.filters.get(id).map(|watch| watch.topic.clone()) {
            Some(Topic::Logs(filter)) => logs(inner, &filter),
            _ => Err(RpcError::UnknownFilter { id }),
        }
    });
    methods.add(&["eth_uninstallFilter"], |inner, args| {
        let id = args.required_number(0, "filter")?;
        Ok(json!(inner.filters.remove(id)))
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
fn add(inner: &mut Inner, topic: Topic) -> Value {
    inner.filters.make_room(inner.limits.filters);
    quantity(inner.filters.add(topic, inner.node.block_number()))
}

/// What is new since the filter was made or last asked.
fn changes(inner: &mut Inner, args: Args) -> Result<Value, RpcError> {
    let id = args.required_number(0, "filter")?;
    let newest = inner.node.block_number();
    let watch = inner.filters.get(id).ok_or(RpcError::UnknownFilter { id })?;
    let next_block = std::mem::replace(&mut watch.next_block, newest.saturating_add(1));
    let arrived = std::mem::take(&mut watch.arrived);
    match watch.topic.clone() {
        Topic::Arrivals => Ok(value(arrived)),
        Topic::Blocks => {
            let blocks = (next_block..=newest).filter_map(|number| inner.node.block(number).ok());
            Ok(blocks.map(|block| value(block.hash)).collect())
        }
        Topic::Logs(filter) => {
            // The filter's own range still holds where it is the narrower one.
            let from = filter.from_block.map_or(next_block, |from| from.max(next_block));
            let to = filter.to_block.map_or(newest, |to| to.min(newest));
            let slice = LogFilter { from_block: Some(from), to_block: Some(to), ..filter };
            if from > to { Ok(json!([])) } else { logs(inner, &slice) }
        }
    }
}
