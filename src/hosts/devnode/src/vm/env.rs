//! What a running program carries along, and what it can ask of the chain.

use std::fmt;

use revm::primitives::{Address, B256, Bytes, U256};

use super::cache::StorageCache;
use crate::evm::{Room, TraceStep};

/// What a program can learn about its call, its block and its chain; fixed for the invocation.
#[derive(Clone, Debug)]
pub(crate) struct Facts {
    pub(crate) acting_address: Address,
    pub(crate) sender: Address,
    pub(crate) value: U256,
    pub(crate) origin: Address,
    pub(crate) gas_price: U256,
    pub(crate) ink_price: u32,
    pub(crate) reentrant: bool,
    pub(crate) chain_id: u64,
    pub(crate) block_base_fee: U256,
    pub(crate) block_coinbase: Address,
    pub(crate) block_gas_limit: u64,
    /// The L1 block, which is what a program calls the block number.
    pub(crate) block_number: u64,
    pub(crate) block_timestamp: u64,
}

/// The three kinds of call a program can make.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum CallKind {
    Plain,
    Delegate,
    Static,
}

impl CallKind {
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Plain => "call_contract",
            Self::Delegate => "delegate_call_contract",
            Self::Static => "static_call_contract",
        }
    }
}

/// Something only the chain can answer. Numbers named `…_ptr` point into the program's memory.
#[derive(Clone, Debug)]
pub(crate) enum Request {
    StorageLoad { key: U256, dest_ptr: u32, fee_gas: u64 },
    StorageFlush { clear: bool },
    TransientLoad { key: U256, dest_ptr: u32 },
    TransientStore { key: U256, value: U256 },
    Call { kind: CallKind, to: Address, value: U256, gas: u64, input: Bytes, len_ptr: u32 },
    Create { salt: Option<U256>, value: U256, code: Bytes, address_ptr: u32, len_ptr: u32 },
    Log { topics: Vec<B256>, data: Bytes },
    Balance { address: Address, dest_ptr: u32 },
    Code { address: Address, offset: u32, size: u32, dest_ptr: u32 },
    CodeSize { address: Address },
    CodeHash { address: Address, dest_ptr: u32 },
    Pages { new: u16 },
}

/// Why a host function did not return to its program.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Stop {
    /// It asked the chain and will be resumed.
    Asked,
    /// The ink is used up.
    OutOfInk,
    /// Memory was missed, or the call is not allowed here.
    Failure,
    /// The program asked to stop with this status.
    Exit(u32),
}

impl fmt::Display for Stop {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{self:?}")
    }
}

impl wasmi::errors::HostError for Stop {}

/// The parts of an instance that host functions reach for.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Handles {
    pub(crate) memory: wasmi::Memory,
    pub(crate) ink_left: wasmi::Global,
    pub(crate) ink_status: wasmi::Global,
    pub(crate) stack_left: wasmi::Global,
}

/// A host call that waits for the chain before it can be recorded.
#[derive(Debug, Default)]
pub(crate) struct OpenStep {
    pub(crate) name: &'static str,
    pub(crate) args: Vec<u8>,
    pub(crate) start_ink: u64,
}

/// What an instance carries in its store.
#[derive(Debug)]
pub(crate) struct Env {
    pub(crate) facts: Facts,
    pub(crate) args: Bytes,
    pub(crate) output: Vec<u8>,
    pub(crate) return_data: Bytes,
    pub(crate) cache: StorageCache,
    /// The last account whose code was looked at.
    pub(crate) last_code: Option<(Address, Bytes)>,
    pub(crate) handles: Option<Handles>,
    pub(crate) request: Option<Request>,
    /// Room for steps, when they are recorded.
    pub(crate) room: Option<Room>,
    pub(crate) open_step: OpenStep,
    pub(crate) steps: Vec<TraceStep>,
    /// What the program printed on a debug chain.
    pub(crate) console: Vec<String>,
}

impl Env {
    pub(crate) fn new(facts: Facts, args: Bytes, room: Option<Room>) -> Self {
        Self {
            facts,
            args,
            output: Vec::new(),
            return_data: Bytes::new(),
            cache: StorageCache::default(),
            last_code: None,
            handles: None,
            request: None,
            room,
            open_step: OpenStep::default(),
            steps: Vec::new(),
            console: Vec::new(),
        }
    }

    /// Takes room for a step with so many bytes of data; `false` when steps are not recorded, or this one does not fit.
    pub(crate) fn has_room(&self, bytes: usize) -> bool {
        self.room.as_ref().is_some_and(|room| room.take(bytes.saturating_add(TraceStep::BYTES)))
    }
}
