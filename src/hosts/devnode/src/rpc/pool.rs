//! Methods that look at the transactions waiting for a block. A nonce that is too high is refused here, so none waits for another one.

use std::collections::BTreeMap;

use alloy_consensus::Transaction;
use alloy_primitives::Address;
use serde_json::{Map, Value, json};

use super::{
    Methods,
    convert::{self, quantity, value},
    shared::Inner,
};
use crate::QueuedTransaction;

pub(super) fn register(methods: &mut Methods) {
    methods.add(&["txpool_status"], |inner, _| {
        Ok(json!({ "pending": quantity(inner.node.queued().len()), "queued": quantity(0u64) }))
    });
    methods.add(&["txpool_content"], |inner, _| Ok(by_sender(inner, convert::queued)));
    methods.add(&["txpool_inspect"], |inner, _| Ok(by_sender(inner, summary)));
}

/// What waits, by sender and nonce.
fn by_sender(inner: &Inner, show: fn(&QueuedTransaction) -> Value) -> Value {
    let mut senders: BTreeMap<Address, Map<String, Value>> = BTreeMap::new();
    for queued in inner.node.queued() {
        senders.entry(queued.from).or_default().insert(queued.envelope.nonce().to_string(), show(queued));
    }
    json!({ "pending": value(senders), "queued": {} })
}

/// `0x…: 1 wei + 21000 gas × 2 wei`, as geth writes it.
fn summary(queued: &QueuedTransaction) -> Value {
    let tx = &queued.envelope;
    let to = tx.to().map_or_else(|| "contract creation".to_owned(), |to| to.to_string());
    json!(format!("{to}: {} wei + {} gas × {} wei", tx.value(), tx.gas_limit(), tx.max_fee_per_gas()))
}
