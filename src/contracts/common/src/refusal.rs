//! Saying no by a named error, and saying what happened by an event.
//!
//! Both are the structs of the `interface` crate. They are encoded here rather than by the struct's own methods, because
//! the encoder is then shared by all that have the same shape, which a contract's size limit asks for.

use alloc::vec::Vec;
use alloy_primitives::B256;
use alloy_sol_types::{
    SolError, SolEvent, TopicList,
    abi::{TokenSeq, encode_sequence, token::WordToken},
};
use interface::IShared;
use stylus_sdk::{host::VM, stylus_core::RawLogAccess};
use units::OutOfRange;

/// Why a call is refused: the data it reverts with, an error of ours or one passed on from a callee.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal(pub Vec<u8>);

/// What a function of a contract gives, or why it refuses.
pub type Outcome<T> = Result<T, Refusal>;

impl From<Refusal> for Vec<u8> {
    fn from(refusal: Refusal) -> Self {
        refusal.0
    }
}

impl From<OutOfRange> for Refusal {
    /// What the mathematics cannot hold is refused as `OutOfRange`.
    #[inline(never)]
    fn from(_: OutOfRange) -> Self {
        refuse(IShared::OutOfRange {})
    }
}

/// The refusal that carries `error`.
#[inline(always)]
pub fn refuse<E: SolError>(error: E) -> Refusal {
    Refusal(with_selector(E::SELECTOR, &error.tokenize()))
}

/// A selector and the words that follow it, as call data and revert data are made.
#[inline(never)]
pub(crate) fn with_selector<'a, T: TokenSeq<'a>>(selector: [u8; 4], tokens: &T) -> Vec<u8> {
    let mut data = Vec::from(selector);
    data.extend_from_slice(&encode_sequence(tokens));
    data
}

/// Writes `event` to the log of the contract.
#[inline(always)]
pub fn emit<E: SolEvent>(vm: &VM, event: E) {
    let mut topics = [WordToken(B256::ZERO); 4];
    // No event has more topics than the buffer has room for, so the encoding has no way to fail.
    let _ = event.encode_topics_raw(&mut topics);
    write_log(vm, &topics, E::TopicList::COUNT, &event.tokenize_body());
}

#[inline(never)]
fn write_log<'a, T: TokenSeq<'a>>(vm: &VM, topics: &[WordToken; 4], count: usize, body: &T) {
    let mut log = Vec::new();
    for topic in topics.iter().take(count) {
        log.extend_from_slice(topic.0.as_slice());
    }
    log.extend_from_slice(&encode_sequence(body));
    vm.emit_log(&log, count);
}
