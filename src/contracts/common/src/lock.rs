//! The lock: while a contract is in the middle of a change, it refuses every other call by the error `Reentered`.
//!
//! It lives in transient storage, so a transaction that ends without opening it leaves nothing behind, and a call that
//! reverts takes its own lock back. The router ([`crate::router`]) takes it around every function that writes and asks for
//! it before every view that could be read in the middle.

use alloy_primitives::U256;
use interface::IShared;
use stylus_sdk::host::VM;

use crate::{refusal::Outcome, refuse};

/// Refuses with `Reentered` while the lock is closed.
pub fn require_open(vm: &VM) -> Outcome<()> {
    if slot::load(vm).is_zero() { Ok(()) } else { Err(refuse!(IShared::Reentered {})) }
}

/// Closes the lock, after [`require_open`].
pub fn close(vm: &VM) {
    slot::store(vm, U256::ONE);
}

/// Opens the lock. A call that fails need not: its revert undoes the closing.
pub fn open(vm: &VM) {
    slot::store(vm, U256::ZERO);
}

/// The transient slot of the VM. The SDK does not declare these two functions; every node that runs Stylus links them.
#[cfg(target_arch = "wasm32")]
mod slot {
    use alloy_primitives::{B256, U256};
    use stylus_sdk::host::VM;

    /// No other transient slot is used, so any key will do.
    const KEY: B256 = B256::ZERO;

    #[link(wasm_import_module = "vm_hooks")]
    unsafe extern "C" {
        fn transient_load_bytes32(key: *const u8, dest: *mut u8);
        fn transient_store_bytes32(key: *const u8, value: *const u8);
    }

    pub(super) fn load(_: &VM) -> U256 {
        let mut value = B256::ZERO;
        // SAFETY: the VM reads 32 bytes at the first pointer and writes 32 bytes at the second; both arrays have that length.
        unsafe { transient_load_bytes32(KEY.as_ptr(), value.as_mut_ptr()) };
        value.into()
    }

    pub(super) fn store(_: &VM, value: U256) {
        let value = B256::from(value);
        // SAFETY: the VM reads 32 bytes at each pointer; both arrays have that length.
        unsafe { transient_store_bytes32(KEY.as_ptr(), value.as_ptr()) };
    }
}

#[cfg(not(target_arch = "wasm32"))]
mod slot {
    pub(super) use super::native::{load, store};
}

/// The stand-in for transient storage where contracts run natively: one word per contract address, in this thread.
///
/// A native world takes a [`snapshot`](native::snapshot) before a call, [`restore`](native::restore)s it when the call
/// reverts, and [`clear`](native::clear)s it at the end of each transaction.
#[cfg(not(target_arch = "wasm32"))]
pub mod native {
    use alloc::collections::BTreeMap;
    use core::cell::RefCell;

    use alloy_primitives::{Address, U256};
    use stylus_sdk::{host::VM, stylus_core::AccountAccess};

    /// The transient words of all contracts.
    pub type Words = BTreeMap<Address, U256>;

    std::thread_local! {
        static WORDS: RefCell<Words> = const { RefCell::new(Words::new()) };
    }

    pub(super) fn load(vm: &VM) -> U256 {
        WORDS.with_borrow(|words| words.get(&vm.contract_address()).copied().unwrap_or_default())
    }

    pub(super) fn store(vm: &VM, value: U256) {
        WORDS.with_borrow_mut(|words| words.insert(vm.contract_address(), value));
    }

    /// The words as they stand.
    pub fn snapshot() -> Words {
        WORDS.with_borrow(Clone::clone)
    }

    /// Puts back what [`snapshot`] gave.
    pub fn restore(snapshot: Words) {
        WORDS.set(snapshot);
    }

    /// Forgets all words, as the end of a transaction does.
    pub fn clear() {
        WORDS.set(Words::new());
    }
}
