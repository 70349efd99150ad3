//! How much one client can make the server do or keep: what a request may take, and what all of a batch may take together.

use std::sync::{
    Arc,
    atomic::{AtomicU64, Ordering},
};

use jsonrpsee::{
    core::middleware::{Batch, Notification, Request, RpcServiceT},
    server::Extensions,
};

use super::errors::RpcError;
use crate::LogFilter;

/// Addresses and topics that one filter may name; a filter is kept, so its length counts.
const MOST_NAMED: usize = 1_000;

/// What the methods look at.
#[derive(Debug, Clone, Copy)]
pub(super) struct Limits {
    /// Filters that are kept at a time.
    pub(super) filters: usize,
    /// Logs in one answer.
    pub(super) logs: usize,
}

/// Takes a filter that does not name too much.
pub(super) fn few_names(filter: LogFilter) -> Result<LogFilter, RpcError> {
    let named = filter.addresses.len().saturating_add(filter.topics.iter().map(Vec::len).sum());
    if named > MOST_NAMED {
        return Err(RpcError::WideFilter { named, limit: MOST_NAMED });
    }
    Ok(filter)
}

/// The blocks that a request, or the requests of a batch together, may still mine.
#[derive(Debug, Clone, Default)]
pub(super) struct Allowance(Arc<AtomicU64>);

impl Allowance {
    fn new(blocks: u64) -> Self {
        Self(Arc::new(AtomicU64::new(blocks)))
    }

    /// The allowance that [`Allowing`] gave to a request.
    pub(super) fn of(request: &Extensions) -> Self {
        request.get::<Self>().cloned().unwrap_or_default()
    }

    /// Takes `blocks` of it.
    ///
    /// # Errors
    /// It is not as much.
    pub(super) fn take(&self, blocks: u64) -> Result<(), RpcError> {
        self.0
            .fetch_update(Ordering::Relaxed, Ordering::Relaxed, |left| left.checked_sub(blocks))
            .map(drop)
            .map_err(|left| RpcError::TooManyBlocks { asked: blocks, left })
    }
}

/// Gives each request, and all of a batch together, an [`Allowance`].
#[derive(Debug, Clone)]
pub(super) struct Allowing<S> {
    pub(super) service: S,
    pub(super) blocks: u64,
}

impl<S: RpcServiceT> RpcServiceT for Allowing<S> {
    type MethodResponse = S::MethodResponse;
    type NotificationResponse = S::NotificationResponse;
    type BatchResponse = S::BatchResponse;

    fn call<'a>(&self, mut request: Request<'a>) -> impl Future<Output = Self::MethodResponse> + Send + 'a {
        request.extensions_mut().insert(Allowance::new(self.blocks));
        self.service.call(request)
    }

    fn batch<'a>(&self, mut batch: Batch<'a>) -> impl Future<Output = Self::BatchResponse> + Send + 'a {
        let allowance = Allowance::new(self.blocks);
        for entry in batch.iter_mut().flatten() {
            entry.extensions_mut().insert(allowance.clone());
        }
        self.service.batch(batch)
    }

    fn notification<'a>(
        &self,
        notification: Notification<'a>,
    ) -> impl Future<Output = Self::NotificationResponse> + Send + 'a {
        self.service.notification(notification)
    }
}
