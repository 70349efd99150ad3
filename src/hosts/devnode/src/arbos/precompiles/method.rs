//! Which precompiles and selectors exist from which version on, and how each may be called.

use alloy_primitives::{Address, address};

use super::{
    arb_address_table, arb_aggregator, arb_debug, arb_gas_info, arb_info, arb_owner, arb_owner_public,
    arb_retryable_tx, arb_statistics, arb_sys, arb_wasm, arb_wasm_cache, arbos_acts, arbos_test,
};
use crate::evm::ChainContext;

/// What a function may touch.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Kind {
    /// Not even the state of ArbOS.
    Pure,
    /// Reads.
    View,
    /// Writes.
    Write,
    /// Writes, and takes value.
    Payable,
}

/// One function.
#[derive(Debug, Clone, Copy)]
pub(super) struct Method {
    pub(super) selector: [u8; 4],
    pub(super) kind: Kind,
    since: u64,
    until: u64,
}

impl Method {
    const fn new(selector: [u8; 4], kind: Kind) -> Self {
        Self { selector, kind, since: 0, until: u64::MAX }
    }

    pub(super) const fn pure(selector: [u8; 4]) -> Self {
        Self::new(selector, Kind::Pure)
    }

    pub(super) const fn view(selector: [u8; 4]) -> Self {
        Self::new(selector, Kind::View)
    }

    pub(super) const fn write(selector: [u8; 4]) -> Self {
        Self::new(selector, Kind::Write)
    }

    pub(super) const fn payable(selector: [u8; 4]) -> Self {
        Self::new(selector, Kind::Payable)
    }

    /// The first ArbOS version that has it.
    pub(super) const fn since(mut self, version: u64) -> Self {
        self.since = version;
        self
    }

    /// The last ArbOS version that has it.
    pub(super) const fn until(mut self, version: u64) -> Self {
        self.until = version;
        self
    }

    const fn is_active(&self, arbos_version: u64) -> bool {
        self.since <= arbos_version && arbos_version <= self.until
    }
}

/// A precompile that answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Precompile {
    Sys,
    Info,
    AddressTable,
    Aggregator,
    Test,
    OwnerPublic,
    GasInfo,
    RetryableTx,
    Statistics,
    Owner,
    Wasm,
    WasmCache,
    Debug,
    Acts,
    /// The address is taken and no function is known: BLS, function table, native token, filters.
    Silent,
}

/// Address, precompile and the first version that has it.
const TABLE: [(Address, Precompile, u64); 18] = [
    (address!("0000000000000000000000000000000000000064"), Precompile::Sys, 0),
    (address!("0000000000000000000000000000000000000065"), Precompile::Info, 0),
    (address!("0000000000000000000000000000000000000066"), Precompile::AddressTable, 0),
    (address!("0000000000000000000000000000000000000067"), Precompile::Silent, 0),
    (address!("0000000000000000000000000000000000000068"), Precompile::Silent, 0),
    (address!("0000000000000000000000000000000000000069"), Precompile::Test, 0),
    (address!("000000000000000000000000000000000000006b"), Precompile::OwnerPublic, 0),
    (address!("000000000000000000000000000000000000006c"), Precompile::GasInfo, 0),
    (address!("000000000000000000000000000000000000006d"), Precompile::Aggregator, 0),
    (address!("000000000000000000000000000000000000006e"), Precompile::RetryableTx, 0),
    (address!("000000000000000000000000000000000000006f"), Precompile::Statistics, 0),
    (address!("0000000000000000000000000000000000000070"), Precompile::Owner, 0),
    (address!("0000000000000000000000000000000000000071"), Precompile::Wasm, 30),
    (address!("0000000000000000000000000000000000000072"), Precompile::WasmCache, 30),
    (address!("0000000000000000000000000000000000000073"), Precompile::Silent, 41),
    (address!("0000000000000000000000000000000000000074"), Precompile::Silent, 60),
    (address!("00000000000000000000000000000000000000ff"), Precompile::Debug, 0),
    (address!("00000000000000000000000000000000000a4b05"), Precompile::Acts, 0),
];

/// The addresses of the precompiles a chain has.
pub fn addresses(chain: &ChainContext) -> impl Iterator<Item = Address> {
    let version = chain.arbos_version;
    TABLE.iter().filter(move |(_, _, since)| *since <= version).map(|(address, _, _)| *address)
}

/// Whether a precompile of ArbOS lies at `address` in this version.
pub fn is_active(address: Address, arbos_version: u64) -> bool {
    find(address, arbos_version).is_some()
}

pub(super) fn find(address: Address, arbos_version: u64) -> Option<Precompile> {
    TABLE.iter().find(|(at, _, since)| *at == address && *since <= arbos_version).map(|(_, precompile, _)| *precompile)
}

impl Precompile {
    const fn methods(self) -> &'static [Method] {
        match self {
            Self::Sys => arb_sys::METHODS,
            Self::Info => arb_info::METHODS,
            Self::AddressTable => arb_address_table::METHODS,
            Self::Aggregator => arb_aggregator::METHODS,
            Self::Test => arbos_test::METHODS,
            Self::OwnerPublic => arb_owner_public::METHODS,
            Self::GasInfo => arb_gas_info::METHODS,
            Self::RetryableTx => arb_retryable_tx::METHODS,
            Self::Statistics => arb_statistics::METHODS,
            Self::Owner => arb_owner::METHODS,
            Self::Wasm => arb_wasm::METHODS,
            Self::WasmCache => arb_wasm_cache::METHODS,
            Self::Debug => arb_debug::METHODS,
            Self::Acts => arbos_acts::METHODS,
            Self::Silent => &[],
        }
    }

    /// The function of a selector, when this version has it.
    pub(super) fn method(self, selector: [u8; 4], arbos_version: u64) -> Option<Method> {
        self.methods().iter().find(|method| method.selector == selector && method.is_active(arbos_version)).copied()
    }
}
