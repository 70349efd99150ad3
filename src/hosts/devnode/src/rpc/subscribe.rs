//! Subscriptions over WebSocket: new heads, and logs by filter.
//!
//! Each subscriber reads the chain for itself, from the block after the one it has seen, whenever there is news. A slow one holds nobody up.
//! After a revert it goes on from the block that is newest then.

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

/// What a subscriber wants to hear of.
#[derive(Debug)]
enum Topic {
    Heads,
    Logs(LogFilter),
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
    let topic = Args::parse(&params).and_then(|args| shared.with(|inner| topic(inner, &args)));
    let topic = match topic {
        Ok(topic) => topic,
        Err(error) => {
            pending.reject(error.into_object()).await;
            return Ok(());
        }
    };
    // Watched before the first look, so that no block falls between.
    let mut heads = shared.watch_heads();
    let mut seen = heads.borrow_and_update().number;
    let sink = pending.accept().await?;
    loop {
        tokio::select! {
            () = sink.closed() => return Ok(()),
            changed = heads.changed() => changed?,
        }
        let newest = heads.borrow_and_update().number;
        if newest <= seen {
            seen = newest;
            continue;
        }
        for number in seen.saturating_add(1)..=newest {
            let news = shared.with(|inner| news(inner, &topic, number))?;
            send(&sink, news).await?;
        }
        seen = newest;
    }
}

async fn send(sink: &SubscriptionSink, news: Vec<Box<RawValue>>) -> Result<(), SubscriptionError> {
    for item in news {
        sink.send(item).await?;
    }
    Ok(())
}

fn topic(inner: &Inner, args: &Args) -> Result<Topic, RpcError> {
    let name: String = args.required(0, "topic")?;
    match name.as_str() {
        "newHeads" => Ok(Topic::Heads),
        "logs" => {
            let filter = convert::log_filter(&inner.node, args.optional::<Filter>(1, "filter")?.unwrap_or_default());
            Ok(Topic::Logs(few_names(filter)?))
        }
        _ => {
            let reason = format!(
                "{} is not a subscription of this node: it has newHeads and logs",
                name.chars().take(60).collect::<String>()
            );
            Err(RpcError::BadParameter { index: 0, name: "topic", reason })
        }
    }
}

/// What block `number` brings; nothing when it is gone again.
fn news(inner: &Inner, topic: &Topic, number: u64) -> Result<Vec<Box<RawValue>>, serde_json::Error> {
    let Ok(block) = inner.node.block(number) else { return Ok(Vec::new()) };
    match topic {
        Topic::Heads => Ok(vec![to_raw_value(&convert::header(block))?]),
        Topic::Logs(filter) => {
            let only = LogFilter { block_hash: Some(block.hash), ..filter.clone() };
            inner.node.logs(&only).unwrap_or_default().iter().map(|log| to_raw_value(&convert::log(log))).collect()
        }
    }
}
