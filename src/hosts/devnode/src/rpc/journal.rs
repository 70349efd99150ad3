//! What the server tells its operator: blocks and transactions as they are mined, requests as they are answered, and what happened inside.
//!
//! Everything goes through `tracing`, by target, so that whoever installs a subscriber chooses; nothing is made that nobody reads.
//! Counts go through `metrics` and are kept only where a recorder is installed.

use std::{fmt::Write as _, time::Instant};

use alloy_consensus::Transaction;
use serde_json::Value;
use tracing::{Level, debug, enabled, info, trace, warn};

use super::{errors::RpcError, shared::Inner};
use crate::{CallRequest, Devnode, FrameOutcome, MinedTransaction, Receipt, TraceFrame, TraceStep};

/// Blocks and transactions, at `INFO`.
pub const BLOCKS: &str = "devnode::blocks";
/// Requests with the time they took, at `DEBUG`; those that were refused by the server's own fault at `WARN`.
pub const REQUESTS: &str = "devnode::requests";
/// The frames of mined transactions, at `DEBUG`, with gas and, for programs, ink.
pub const FRAMES: &str = "devnode::frames";
/// The frames of calls that were only tried out, at `TRACE`.
pub const CALLS: &str = "devnode::calls";
/// The host calls of programs in mined transactions, at `TRACE`, with ink.
pub const HOST_CALLS: &str = "devnode::host_calls";

/// A request that is being answered.
pub(super) struct Asked {
    method: &'static str,
    since: Instant,
}

impl Asked {
    pub(super) fn new(method: &'static str) -> Self {
        Self { method, since: Instant::now() }
    }

    /// Counts how it ended, and tells it unless logging is off.
    pub(super) fn answered(self, answer: &Result<Value, RpcError>, logging: bool) {
        let took = self.since.elapsed();
        let outcome = if answer.is_ok() { "ok" } else { "error" };
        metrics::counter!("devnode_requests_total", "method" => self.method, "outcome" => outcome).increment(1);
        metrics::histogram!("devnode_request_seconds", "method" => self.method).record(took.as_secs_f64());
        let micros = u64::try_from(took.as_micros()).unwrap_or(u64::MAX);
        match answer {
            _ if !logging => (),
            Ok(_) => debug!(target: REQUESTS, micros, "{}", self.method),
            Err(error @ RpcError::Fork(_)) => warn!(target: REQUESTS, micros, %error, "{}", self.method),
            Err(error) => debug!(target: REQUESTS, micros, %error, "{}", self.method),
        }
    }
}

/// Counts the blocks after `from`, and tells them unless logging is off.
pub(super) fn mined(inner: &Inner, from: u64) {
    let node = &inner.node;
    let newest = node.block_number();
    metrics::gauge!("devnode_block_number").set(newest as f64);
    for number in from.saturating_add(1)..=newest {
        let Ok(block) = node.block(number) else { continue };
        let (gas_used, transactions) = (block.header.gas_used, block.transactions.len());
        metrics::counter!("devnode_blocks_total").increment(1);
        metrics::counter!("devnode_gas_used_total").increment(gas_used);
        if inner.logging {
            info!(target: BLOCKS, number, hash = %block.hash, transactions, gas_used, "block");
        }
        for hash in &block.transactions {
            if let (Some(transaction), Some(receipt)) = (node.transaction(*hash), node.receipt(*hash)) {
                let status = if receipt.success { "ok" } else { "failed" };
                metrics::counter!("devnode_transactions_total", "status" => status).increment(1);
                if inner.logging {
                    told(node, transaction, receipt, status);
                }
            }
        }
    }
}

fn told(node: &Devnode, transaction: &MinedTransaction, receipt: &Receipt, status: &str) {
    let to = match (receipt.to, receipt.contract_address) {
        (Some(to), _) => format!("to {to}"),
        (None, Some(created)) => format!("creates {created}"),
        (None, None) => "creates nothing".to_owned(),
    };
    let selector = transaction.envelope.function_selector().map(tracing::field::display);
    let failure = receipt.failure.as_deref();
    info!(
        target: BLOCKS,
        hash = %receipt.transaction_hash, from = %receipt.from, %to, selector, status, gas_used = receipt.gas_used, failure,
        "transaction"
    );
    if enabled!(target: FRAMES, Level::DEBUG)
        && let Ok(frame) = node.trace_frames(receipt.transaction_hash)
    {
        debug!(target: FRAMES, hash = %receipt.transaction_hash, "\n{}", tree(node, &frame));
    }
    if enabled!(target: HOST_CALLS, Level::TRACE)
        && let Ok(steps) = node.trace(receipt.transaction_hash)
        && !steps.is_empty()
    {
        trace!(target: HOST_CALLS, hash = %receipt.transaction_hash, "\n{}", host_calls(&steps));
    }
}

/// Tells what happens in a call that is only tried out.
pub(super) fn tried(inner: &Inner, request: &CallRequest) {
    if inner.logging
        && enabled!(target: CALLS, Level::TRACE)
        && let Ok(frame) = inner.node.trace_call_frames(request.clone())
    {
        trace!(target: CALLS, "call\n{}", tree(&inner.node, &frame));
    }
}

/// Frames as lines: gas used, kind, callee, selector, wei, and how it ended. A program's ink is its gas at the chain's price of ink.
fn tree(node: &Devnode, frame: &TraceFrame) -> String {
    let mut text = String::new();
    let mut waiting = vec![(0_usize, frame)];
    while let Some((depth, frame)) = waiting.pop() {
        let to = frame.to.map_or_else(|| "nothing".to_owned(), |to| to.to_string());
        let selector = frame.input.get(..4).map(alloy_primitives::hex::encode_prefixed).unwrap_or_default();
        let ink = match frame.to.and_then(|to| node.program(to)) {
            Some(_) => format!(" = {} ink", u128::from(frame.gas_used).saturating_mul(node.ink_price().into())),
            None => String::new(),
        };
        let ended = match &frame.outcome {
            FrameOutcome::Success => String::new(),
            FrameOutcome::Revert => format!(" reverts {}", frame.output),
            FrameOutcome::Halt(reason) => format!(" fails: {reason}"),
        };
        let value = if frame.value.is_zero() { String::new() } else { format!(" {} wei", frame.value) };
        // Writing to a string does not fail.
        let _ = writeln!(
            text,
            "{:indent$}[{} gas{ink}] {:?} {to} {selector}{value}{ended}",
            "",
            frame.gas_used,
            frame.kind,
            indent = 2 * depth.saturating_add(1)
        );
        waiting.extend(frame.calls.iter().rev().map(|call| (depth.saturating_add(1), call)));
    }
    text
}

/// Host calls as lines: ink used and name, with the frames they opened below.
fn host_calls(steps: &[TraceStep]) -> String {
    let mut text = String::new();
    let mut waiting: Vec<(usize, &TraceStep)> = steps.iter().rev().map(|step| (1, step)).collect();
    while let Some((depth, step)) = waiting.pop() {
        let ink = step.start_ink.saturating_sub(step.end_ink);
        // Writing to a string does not fail.
        let _ = writeln!(text, "{:indent$}[{ink} ink] {}", "", step.name, indent = 2 * depth);
        let below = step.steps.iter().flatten().rev();
        waiting.extend(below.map(|step| (depth.saturating_add(1), step)));
    }
    text
}
