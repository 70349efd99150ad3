//! Subscriptions over WebSocket: new heads, logs by filter, and transactions as they come in.
//!
//! Each subscriber reads the chain for itself, block by block after the last it has seen, whenever there is news. A slow one holds nobody up.
//! After a revert it goes on from the block that is newest then, also when others have followed before it looks.

use std::sync::{
    Arc,
    atomic::{AtomicU64, Ordering},
};

use alloy_rpc_types_eth::Filter;
use jsonrpsee::{
    PendingSubscriptionSink, RpcModule, SubscriptionSink,
    core::{SubscriptionError, traits::IdProvider},
    types::{Params, SubscriptionId},
};
use serde_json::value::{RawValue, to_raw_value};

use super::{
    args::Args,
    convert,
    errors::RpcError,
    limits::few_names,
    shared::{Inner, Shared},
    watch::Topic,
};
use crate::LogFilter;

/// Numbers subscriptions in hex, as Ethereum clients expect.
#[derive(Debug, Default)]
pub(super) struct Numbers(AtomicU64);

impl IdProvider for Numbers {
    fn next_id(&self) -> SubscriptionId<'static> {
        let number = self.0.fetch_add(1, Ordering::Relaxed).saturating_add(1);
        SubscriptionId::Str(format!("{number:#x}").into())
    }
}

/// A subscriber's number, given back when his subscription ends.
struct Subscriber {
    shared: Arc<Shared>,
    id: u64,
}

impl Drop for Subscriber {
    fn drop(&mut self) {
        self.shared.with(|inner| inner.subscribers.remove(self.id));
    }
}

/// Registers the subscription.
///
/// # Panics
/// When the name is taken, which is a mistake in this crate that any test of the server shows.
pub(super) fn register(module: &mut RpcModule<Shared>) {
    module
        .register_subscription("eth_subscribe", "eth_subscription", "eth_unsubscribe", |params, pending, shared, _| {
            subscribe(params, pending, shared)
        })
        .unwrap_or_else(|error| panic!("eth_subscribe is registered twice: {error}"));
}

async fn subscribe(
    params: Params<'static>,
    pending: PendingSubscriptionSink,
    shared: Arc<Shared>,
) -> Result<(), SubscriptionError> {
    let topic = match Args::parse(&params).and_then(|args| topic(&args)) {
        Ok(topic) => topic,
        Err(error) => {
            pending.reject(error.into_object()).await;
            return Ok(());
        }
    };
    // Followed before the first look, so that nothing falls between.
    let mut changes = shared.watch_news();
    let id = shared.with(|inner| inner.subscribers.add(topic, inner.node.block_number()));
    let subscriber = Subscriber { shared, id };
    let sink = pending.accept().await?;
    loop {
        while let Some(news) = subscriber.shared.with(|inner| news(inner, subscriber.id))? {
            send(&sink, news).await?;
        }
        tokio::select! {
            () = sink.closed() => return Ok(()),
            changed = changes.changed() => changed?,
        }
    }
}

async fn send(sink: &SubscriptionSink, news: Vec<Box<RawValue>>) -> Result<(), SubscriptionError> {
    for item in news {
        sink.send(item).await?;
    }
    Ok(())
}

fn topic(args: &Args) -> Result<Topic, RpcError> {
    let name: String = args.required(0, "topic")?;
    let refused = |index, name, reason| Err(RpcError::BadParameter { index, name, reason });
    match name.as_str() {
        "newHeads" => Ok(Topic::Blocks),
        "logs" => {
            let filter = convert::log_filter(args.optional::<Filter>(1, "filter")?.unwrap_or_default());
            Ok(Topic::Logs(few_names(filter)?))
        }
        "newPendingTransactions" if args.optional::<bool>(1, "fullTransactions")?.unwrap_or(false) => {
            refused(1, "fullTransactions", "this node tells the hashes of transactions only".into())
        }
        "newPendingTransactions" => Ok(Topic::Arrivals),
        _ => {
            let shown: String = name.chars().take(60).collect();
            let reason =
                format!("{shown} is not a subscription of this node: it has newHeads, logs and newPendingTransactions");
            refused(0, "topic", reason)
        }
    }
}

/// What the next block a subscriber has not heard of brings, or the transactions that came in; `None` when he has heard everything.
fn news(inner: &mut Inner, id: u64) -> Result<Option<Vec<Box<RawValue>>>, serde_json::Error> {
    let Some(watch) = inner.subscribers.get(id) else { return Ok(None) };
    if matches!(watch.topic, Topic::Arrivals) {
        let arrived = std::mem::take(&mut watch.arrived);
        let told: Result<Vec<_>, _> = arrived.iter().map(to_raw_value).collect();
        return told.map(|told| Some(told).filter(|told| !told.is_empty()));
    }
    let Ok(block) = inner.node.block(watch.next_block) else { return Ok(None) };
    watch.next_block = watch.next_block.saturating_add(1);
    let told = match &watch.topic {
        Topic::Logs(filter) if !covers(filter, block.number()) => Ok(Vec::new()),
        Topic::Logs(filter) => {
            let only = LogFilter { block_hash: Some(block.hash), ..filter.clone() };
            inner.node.logs(&only).unwrap_or_default().iter().map(|log| to_raw_value(&convert::log(log))).collect()
        }
        _ => to_raw_value(&convert::header(block)).map(|head| vec![head]),
    };
    told.map(Some)
}

/// Whether the heights a filter names take in this one.
fn covers(filter: &LogFilter, number: u64) -> bool {
    filter.from_block.is_none_or(|from| from <= number) && filter.to_block.is_none_or(|to| number <= to)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Devnode, rpc::Clock};
    use serde_json::Value;

    /// The heights and hashes of the heads a subscriber hears of when he looks.
    fn heads(inner: &mut Inner, id: u64) -> Vec<(Value, Value)> {
        let mut heard = Vec::new();
        while let Some(told) = news(inner, id).unwrap() {
            for head in told {
                let head: Value = serde_json::from_str(head.get()).unwrap();
                heard.push((head["number"].clone(), head["hash"].clone()));
            }
        }
        heard
    }

    #[test]
    fn a_revert_and_new_blocks_between_two_looks_are_both_noticed() {
        let mut inner = Inner::new(Devnode::default(), Clock::Manual, 0, false);
        let id = inner.subscribers.add(Topic::Blocks, 0);
        let snapshot = inner.snapshot();
        inner.node.mine(2);
        let first = heads(&mut inner, id);
        assert_eq!(first.len(), 2);
        assert!(inner.revert(snapshot));
        inner.node.increase_time(100);
        inner.node.mine(3);
        let second = heads(&mut inner, id);
        let numbers: Vec<&str> = second.iter().filter_map(|(number, _)| number.as_str()).collect();
        assert_eq!(numbers, ["0x1", "0x2", "0x3"]);
        assert_ne!(first[0].1, second[0].1);
        assert!(heads(&mut inner, id).is_empty());
    }
}
