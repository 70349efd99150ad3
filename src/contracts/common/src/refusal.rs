//! Saying no by a named error, and saying what happened by an event.
//!
//! [`refuse!`](crate::refuse) and [`emit!`](crate::emit) are written like the structs of the `interface` crate, with all
//! fields in the order of `abi/*.sol`, and are checked against them by the compiler; what they run is one shared writer of
//! words, because a contract has some sixty errors and events and a limit on its size.
//! In our events the indexed fields come first, which the writer counts on.

use alloc::vec::Vec;

use alloy_primitives::B256;
use alloy_sol_types::{SolError, SolEvent, TopicList};
use interface::IShared;
use stylus_sdk::{host::VM, stylus_core::RawLogAccess};
use units::OutOfRange;

use crate::abi::{Words, write_words};

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
        crate::refuse!(IShared::OutOfRange {})
    }
}

/// The refusal that carries an error: `refuse!(IShared::NotOwner { caller, owner })`, fields in the order of
/// `abi/*.sol`.
#[macro_export]
macro_rules! refuse {
    ($($path:ident)::+ { $($field:ident $(: $value:expr)?),* $(,)? } $(,)?) => {{
        let values: &[&dyn $crate::abi::Words] = &[$(&$crate::value_of!($field $(: $value)?)),*];
        $crate::refusal::with_error($crate::selector_of!($($path)::+ { $($field),* }), values)
    }};
}

/// The selector of an error whose fields these are.
#[doc(hidden)]
#[macro_export]
macro_rules! selector_of {
    ($($path:ident)::+ { $($field:ident),* }) => {{
        // Does not run; it makes the compiler compare the fields, and that none is missing.
        let _ = |error: &$($path)::+| { let $($path)::+ { $($field: _),* } = error; };
        $crate::refusal::selector::<$($path)::+>()
    }};
}

/// A field's value, which is the variable of its name where none is given.
#[doc(hidden)]
#[macro_export]
macro_rules! value_of {
    ($field:ident) => {
        $field
    };
    ($field:ident: $value:expr) => {
        $value
    };
}

/// Writes an event to the log of the contract: `emit!(self.vm(), IVault::Funded { payer, amountRaw: amount_raw })`,
/// fields in the order of `abi/*.sol`.
#[macro_export]
macro_rules! emit {
    ($vm:expr, $($path:ident)::+ { $($field:ident $(: $value:expr)?),* $(,)? } $(,)?) => {{
        // Does not run; it makes the compiler compare the fields, and that none is missing.
        let _ = |event: &$($path)::+| { let $($path)::+ { $($field: _),* } = event; };
        let values: &[&dyn $crate::abi::Words] = &[$(&$crate::value_of!($field $(: $value)?)),*];
        $crate::refusal::write_log($vm, $crate::refusal::topic::<$($path)::+>(), $crate::refusal::topics::<$($path)::+>(), values);
    }};
}

#[doc(hidden)]
#[inline(always)]
pub const fn selector<E: SolError>() -> [u8; 4] {
    E::SELECTOR
}

#[doc(hidden)]
#[inline(always)]
pub fn topic<E: SolEvent>() -> &'static B256 {
    const { &E::SIGNATURE_HASH }
}

#[doc(hidden)]
#[inline(always)]
pub const fn topics<E: SolEvent>() -> usize {
    E::TopicList::COUNT
}

#[doc(hidden)]
#[inline(never)]
pub fn with_error(selector: [u8; 4], values: &[&dyn Words]) -> Refusal {
    let mut data = Vec::from(selector);
    write_words(values, &mut data);
    Refusal(data)
}

#[doc(hidden)]
#[inline(never)]
pub fn write_log(vm: &VM, topic: &B256, topics: usize, values: &[&dyn Words]) {
    let mut log = topic.to_vec();
    write_words(values, &mut log);
    vm.emit_log(&log, topics);
}
