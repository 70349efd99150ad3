//! Which logs a filter takes.

use alloy_primitives::{Bloom, BloomInput};

use super::{record::LogEntry, request::LogFilter};

/// Whether a block with this bloom filter can hold a matching log.
pub(crate) fn may_match(filter: &LogFilter, bloom: &Bloom) -> bool {
    let holds = |bytes: &[u8]| bloom.contains_input(BloomInput::Raw(bytes));
    (filter.addresses.is_empty() || filter.addresses.iter().any(|address| holds(address.as_slice())))
        && filter
            .topics
            .iter()
            .all(|accepted| accepted.is_empty() || accepted.iter().any(|topic| holds(topic.as_slice())))
}

/// Whether the filter takes the log: its emitter is accepted, and so is every topic the filter names.
pub(crate) fn matches(filter: &LogFilter, log: &LogEntry) -> bool {
    (filter.addresses.is_empty() || filter.addresses.contains(&log.address))
        && filter.topics.iter().enumerate().all(|(position, accepted)| {
            accepted.is_empty() || log.data.topics().get(position).is_some_and(|topic| accepted.contains(topic))
        })
}
