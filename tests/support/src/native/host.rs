//! What a running contract asks of its machine: the SDK's `Host`, with the semantics of the chain.
//!
//! Storage writes wait in a cache of the frame until they are flushed, as on the chain: a call that forgets to flush lets the
//! callee read old values here too. A write, a log or a value in a static call ends the frame without data.

use super::chain::{Program, SharedChain};
use alloy_primitives::{Address, B256, U256, keccak256};
use std::{
    cell::RefCell,
    collections::BTreeMap,
    panic::{AssertUnwindSafe, catch_unwind, resume_unwind},
    rc::Rc,
};
use stylus_sdk::{
    host::VM,
    stylus_core::{
        AccountAccess, BlockAccess, CalldataAccess, ChainAccess, CryptographyAccess, Host, MemoryAccess, MessageAccess,
        MeteringAccess, RawLogAccess, StorageAccess, UnsafeCallAccess, UnsafeDeploymentAccess,
    },
};

/// How deep calls may nest. A contract of ours needs six; more is a loop, and would overflow the test's own stack.
const MAX_DEPTH: usize = 40;

/// What unwinds out of a contract when its machine stops it.
struct Trap;

/// One call of one program.
#[derive(Clone)]
pub(super) struct Frame {
    pub(super) chain: SharedChain,
    pub(super) account: Address,
    pub(super) sender: Address,
    value_wei: U256,
    is_static: bool,
    is_reentrant: bool,
    returned: Rc<RefCell<Vec<u8>>>,
    cache: Rc<RefCell<BTreeMap<U256, Cached>>>,
}

#[derive(Clone, Copy)]
struct Cached {
    value: U256,
    is_dirty: bool,
}

impl Frame {
    /// Runs the program at `to`; what it did is undone where it fails. An address without a program succeeds and returns nothing.
    pub(super) fn enter(
        chain: &SharedChain,
        sender: Address,
        to: Address,
        value_wei: U256,
        calldata: &[u8],
        is_static: bool,
    ) -> Result<Vec<u8>, Vec<u8>> {
        let mark = chain.borrow().mark();
        if !chain.borrow_mut().move_wei(sender, to, value_wei) {
            return Err(Vec::new());
        }
        let Some(program) = chain.borrow().programs.get(&to).copied() else { return Ok(Vec::new()) };
        let depth = chain.borrow().stack.len();
        assert!(depth < MAX_DEPTH, "calls nest deeper than {MAX_DEPTH}");
        let frame = Self {
            chain: chain.clone(),
            account: to,
            sender,
            value_wei,
            is_static,
            is_reentrant: chain.borrow().stack.contains(&to),
            returned: Rc::default(),
            cache: Rc::default(),
        };
        chain.borrow_mut().stack.push(to);
        let ended = catch_unwind(AssertUnwindSafe(|| {
            let result = match program {
                Program::Router(router) => router(calldata.to_vec(), VM { host: Box::new(frame.clone()) }),
                Program::Double(run) => run(&frame, calldata),
            };
            frame.flush_cache(false);
            result
        }));
        chain.borrow_mut().stack.truncate(depth);
        let result =
            ended.unwrap_or_else(|cause| if cause.is::<Trap>() { Err(Vec::new()) } else { resume_unwind(cause) });
        if result.is_err() {
            chain.borrow_mut().undo_to(mark);
        }
        result
    }

    /// The machine of a contract at `account` that nobody called, on a chain of its own.
    pub(super) fn detached(account: Address) -> VM {
        let frame = Self {
            chain: super::chain::Chain::shared(super::GENESIS_SECS),
            account,
            sender: Address::ZERO,
            value_wei: U256::ZERO,
            is_static: false,
            is_reentrant: false,
            returned: Rc::default(),
            cache: Rc::default(),
        };
        VM { host: Box::new(frame) }
    }

    /// Calls another program from this one.
    pub(super) fn call(
        &self,
        to: Address,
        value_wei: U256,
        calldata: &[u8],
        is_static: bool,
    ) -> Result<Vec<u8>, Vec<u8>> {
        if self.is_static && !value_wei.is_zero() {
            trap();
        }
        Self::enter(&self.chain, self.account, to, value_wei, calldata, is_static || self.is_static)
    }

    /// A word of this account's storage, past the cache; for doubles.
    pub(super) fn load(&self, slot: U256) -> U256 {
        self.chain.borrow().load(self.account, slot)
    }

    /// Writes a word of this account's storage, past the cache; for doubles.
    pub(super) fn store(&self, slot: U256, value: U256) {
        if self.is_static {
            trap();
        }
        self.chain.borrow_mut().store(self.account, slot, value);
    }

    /// Emits a log of this account.
    pub(super) fn log(&self, topics: Vec<B256>, data: Vec<u8>) {
        if self.is_static {
            trap();
        }
        self.chain.borrow_mut().log(self.account, topics, data);
    }

    fn call_raw(&self, to: Address, value_wei: U256, calldata: &[u8], is_static: bool, returned_len: &mut usize) -> u8 {
        let (returned, status) = match self.call(to, value_wei, calldata, is_static) {
            Ok(data) => (data, 0),
            Err(data) => (data, 1),
        };
        *returned_len = returned.len();
        *self.returned.borrow_mut() = returned;
        status
    }
}

fn trap() -> ! {
    resume_unwind(Box::new(Trap))
}

/// # Safety
/// `start` points to `len` readable bytes.
unsafe fn bytes_at<'a>(start: *const u8, len: usize) -> &'a [u8] {
    // SAFETY: the caller's promise. The SDK may pass a dangling pointer with length zero, which a slice allows.
    unsafe { std::slice::from_raw_parts(start, len) }
}

impl Host for Frame {}

impl CryptographyAccess for Frame {
    fn native_keccak256(&self, input: &[u8]) -> B256 {
        keccak256(input)
    }
}

impl CalldataAccess for Frame {
    fn read_args(&self, _: usize) -> Vec<u8> {
        unreachable!("the router is given its calldata")
    }

    fn read_return_data(&self, offset: usize, size: Option<usize>) -> Vec<u8> {
        let returned = self.returned.borrow();
        let start = offset.min(returned.len());
        let end = size.map_or(returned.len(), |size| start.saturating_add(size).min(returned.len()));
        returned[start..end].to_vec()
    }

    fn return_data_size(&self) -> usize {
        self.returned.borrow().len()
    }

    fn write_result(&self, _: &[u8]) {
        unreachable!("the router returns its result")
    }
}

// SAFETY: nothing is created, so no pointer is read.
unsafe impl UnsafeDeploymentAccess for Frame {
    unsafe fn create1(&self, _: *const u8, _: usize, _: *const u8, _: *mut u8, _: *mut usize) {
        unreachable!("no contract of ours creates another")
    }

    unsafe fn create2(&self, _: *const u8, _: usize, _: *const u8, _: *const u8, _: *mut u8, _: *mut usize) {
        unreachable!("no contract of ours creates another")
    }
}

impl StorageAccess for Frame {
    fn storage_load_bytes32(&self, key: U256) -> B256 {
        let mut cache = self.cache.borrow_mut();
        let cached = cache.entry(key).or_insert_with(|| Cached { value: self.load(key), is_dirty: false });
        B256::from(cached.value)
    }

    unsafe fn storage_cache_bytes32(&self, key: U256, value: B256) {
        self.cache.borrow_mut().insert(key, Cached { value: value.into(), is_dirty: true });
    }

    fn flush_cache(&self, clear: bool) {
        let mut cache = self.cache.borrow_mut();
        for (key, cached) in cache.iter_mut().filter(|(_, cached)| cached.is_dirty) {
            cached.is_dirty = false;
            self.store(*key, cached.value);
        }
        if clear {
            cache.clear();
        }
    }
}

// SAFETY: pointers are read for the lengths the trait promises, and not kept.
unsafe impl UnsafeCallAccess for Frame {
    unsafe fn call_contract(
        &self,
        to: *const u8,
        data: *const u8,
        data_len: usize,
        value: *const u8,
        _: u64,
        outs_len: &mut usize,
    ) -> u8 {
        // SAFETY: an address has 20 bytes, a value 32, the calldata `data_len`.
        let (to, value, data) = unsafe { (bytes_at(to, 20), bytes_at(value, 32), bytes_at(data, data_len)) };
        self.call_raw(Address::from_slice(to), U256::from_be_slice(value), data, false, outs_len)
    }

    unsafe fn static_call_contract(
        &self,
        to: *const u8,
        data: *const u8,
        data_len: usize,
        _: u64,
        outs_len: &mut usize,
    ) -> u8 {
        // SAFETY: an address has 20 bytes, the calldata `data_len`.
        let (to, data) = unsafe { (bytes_at(to, 20), bytes_at(data, data_len)) };
        self.call_raw(Address::from_slice(to), U256::ZERO, data, true, outs_len)
    }

    unsafe fn delegate_call_contract(&self, _: *const u8, _: *const u8, _: usize, _: u64, _: &mut usize) -> u8 {
        unreachable!("no contract of ours runs another's code on its own storage")
    }
}

impl BlockAccess for Frame {
    fn block_basefee(&self) -> U256 {
        U256::ZERO
    }

    fn block_coinbase(&self) -> Address {
        Address::ZERO
    }

    fn block_number(&self) -> u64 {
        1
    }

    fn block_timestamp(&self) -> u64 {
        self.chain.borrow().time_secs
    }

    fn block_gas_limit(&self) -> u64 {
        1 << 50
    }
}

impl ChainAccess for Frame {
    fn chain_id(&self) -> u64 {
        412_346
    }
}

impl AccountAccess for Frame {
    fn balance(&self, account: Address) -> U256 {
        self.chain.borrow().balance(account)
    }

    fn contract_address(&self) -> Address {
        self.account
    }

    fn code(&self, account: Address) -> Vec<u8> {
        vec![0xfe; self.code_size(account)]
    }

    fn code_size(&self, account: Address) -> usize {
        usize::from(self.chain.borrow().programs.contains_key(&account))
    }

    fn code_hash(&self, account: Address) -> B256 {
        keccak256(self.code(account))
    }
}

impl MemoryAccess for Frame {
    fn pay_for_memory_grow(&self, _: u16) {}
}

impl MessageAccess for Frame {
    fn msg_sender(&self) -> Address {
        self.sender
    }

    fn msg_reentrant(&self) -> bool {
        self.is_reentrant
    }

    fn msg_value(&self) -> U256 {
        self.value_wei
    }

    fn tx_origin(&self) -> Address {
        self.chain.borrow().origin
    }
}

impl MeteringAccess for Frame {
    fn evm_gas_left(&self) -> u64 {
        u64::MAX
    }

    fn evm_ink_left(&self) -> u64 {
        u64::MAX
    }

    fn tx_gas_price(&self) -> U256 {
        U256::ZERO
    }

    fn tx_ink_price(&self) -> u32 {
        10_000
    }
}

impl RawLogAccess for Frame {
    fn emit_log(&self, input: &[u8], num_topics: usize) {
        let (topics, data) = input.split_at(num_topics * 32);
        self.log(topics.chunks(32).map(B256::from_slice).collect(), data.to_vec());
    }

    fn raw_log(&self, topics: &[B256], data: &[u8]) -> Result<(), &'static str> {
        self.log(topics.to_vec(), data.to_vec());
        Ok(())
    }
}
