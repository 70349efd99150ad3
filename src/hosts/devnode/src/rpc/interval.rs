//! Mining by the clock: a block every so many seconds, whether anything waits or not.

use std::{sync::Arc, time::Duration};

use serde_json::Value;

use super::{Methods, shared::Shared};

pub(super) fn register(methods: &mut Methods) {
    methods.add(&["evm_setIntervalMining", "anvil_setIntervalMining", "hardhat_setIntervalMining"], |inner, args| {
        inner.mine_every(args.required_number(0, "seconds")?);
        Ok(Value::Null)
    });
    methods.add(&["anvil_getIntervalMining", "hardhat_getIntervalMining"], |inner, _| {
        Ok(if inner.interval_secs == 0 { Value::Null } else { inner.interval_secs.into() })
    });
}

/// Mines until the returned future is dropped. A new interval starts counting when it is set.
pub(super) async fn mine(shared: Arc<Shared>) {
    let mut interval = shared.watch_interval();
    loop {
        let secs = *interval.borrow_and_update();
        let changed = if secs == 0 {
            interval.changed().await
        } else {
            match tokio::time::timeout(Duration::from_secs(secs), interval.changed()).await {
                Ok(changed) => changed,
                Err(_elapsed) => {
                    let shared = Arc::clone(&shared);
                    // A block can take long, and the server's own threads must not wait for it.
                    let mined = tokio::task::spawn_blocking(move || {
                        shared.with(|inner| {
                            inner.tick();
                            inner.node.mine(1);
                        })
                    });
                    if mined.await.is_err() {
                        return;
                    }
                    continue;
                }
            }
        };
        if changed.is_err() {
            return;
        }
    }
}
