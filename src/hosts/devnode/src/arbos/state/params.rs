//! The parameters of Stylus: prices and limits every program runs under, packed into one word.

use revm::primitives::U256;

use super::space::{LoadSlot, Space, StoreSlot};

/// What `ArbWasm.pageRamp` answers; no computation uses it.
pub const PAGE_RAMP: u64 = 620_674_314;

/// The parameters of Stylus as the chain owner can set them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct StylusParams {
    /// The version programs are activated for; another version makes a program unusable.
    pub version: u16,
    /// Ink in a unit of gas.
    pub ink_price: u32,
    /// Words of stack a program may use in one invocation.
    pub max_stack_depth: u32,
    /// Pages in a transaction that cost nothing.
    pub free_pages: u16,
    /// Gas of each further page, beside the ramp.
    pub page_gas: u16,
    /// Pages that can be open in a transaction.
    pub page_limit: u16,
    /// Least gas of entering an uncached program, in units of 128 gas.
    pub min_init_gas: u8,
    /// Least gas of entering any program, in units of 32 gas.
    pub min_cached_init_gas: u8,
    /// Scale of a program's init cost, in units of 2 percent.
    pub init_cost_scalar: u8,
    /// Scale of a program's cached cost, in units of 2 percent.
    pub cached_cost_scalar: u8,
    /// Days after which an activation runs out.
    pub expiry_days: u16,
    /// Days before which an activation cannot be renewed.
    pub keepalive_days: u16,
    /// Programs of a block that count as recent.
    pub block_cache_size: u16,
    /// Longest module after decompression, in bytes.
    pub max_wasm_size_bytes: u32,
    /// Most fragments of a program that is split up.
    pub max_fragment_count: u8,
}

impl Default for StylusParams {
    /// The defaults of ArbOS 51.
    fn default() -> Self {
        Self::for_version(51)
    }
}

impl StylusParams {
    /// The parameters of a chain that starts at `arbos_version`.
    pub fn for_version(arbos_version: u64) -> Self {
        let second = arbos_version >= 31;
        Self {
            version: if second { 2 } else { 1 },
            ink_price: 10_000,
            max_stack_depth: if arbos_version >= 50 { 22_000 } else { 262_144 },
            free_pages: 2,
            page_gas: 1_000,
            page_limit: 128,
            min_init_gas: if second { 69 } else { 72 },
            min_cached_init_gas: 11,
            init_cost_scalar: 50,
            cached_cost_scalar: 50,
            expiry_days: 365,
            keepalive_days: 31,
            block_cache_size: 32,
            max_wasm_size_bytes: 131_072,
            max_fragment_count: 2,
        }
    }

    /// Packs the parameters from the left of a word, in the order of the fields.
    ///
    /// The ink price takes 24 bits. The module size is stored from ArbOS 40, the fragment count
    /// from ArbOS 60.
    pub fn pack(&self, arbos_version: u64) -> [u8; 32] {
        let mut word = [0; 32];
        let mut at = 0;
        let mut put = |bytes: &[u8]| {
            word[at..at + bytes.len()].copy_from_slice(bytes);
            at += bytes.len();
        };
        put(&self.version.to_be_bytes());
        put(&self.ink_price.to_be_bytes()[1..]);
        put(&self.max_stack_depth.to_be_bytes());
        put(&self.free_pages.to_be_bytes());
        put(&self.page_gas.to_be_bytes());
        put(&self.page_limit.to_be_bytes());
        put(&[self.min_init_gas, self.min_cached_init_gas, self.init_cost_scalar, self.cached_cost_scalar]);
        put(&self.expiry_days.to_be_bytes());
        put(&self.keepalive_days.to_be_bytes());
        put(&self.block_cache_size.to_be_bytes());
        if arbos_version >= 40 {
            put(&self.max_wasm_size_bytes.to_be_bytes());
        }
        if arbos_version >= 60 {
            put(&[self.max_fragment_count]);
        }
        word
    }

    /// Reads a packed word; a field that `arbos_version` does not store has its default.
    pub fn unpack(word: &[u8; 32], arbos_version: u64) -> Self {
        let defaults = Self::for_version(arbos_version);
        let mut at = 0;
        let mut take = |bytes: usize| {
            let value = word[at..at + bytes].iter().fold(0u32, |value, byte| value << 8 | u32::from(*byte));
            at += bytes;
            value
        };
        Self {
            version: take(2) as u16,
            ink_price: take(3),
            max_stack_depth: take(4),
            free_pages: take(2) as u16,
            page_gas: take(2) as u16,
            page_limit: take(2) as u16,
            min_init_gas: take(1) as u8,
            min_cached_init_gas: take(1) as u8,
            init_cost_scalar: take(1) as u8,
            cached_cost_scalar: take(1) as u8,
            expiry_days: take(2) as u16,
            keepalive_days: take(2) as u16,
            block_cache_size: take(2) as u16,
            max_wasm_size_bytes: if arbos_version >= 40 { take(4) } else { defaults.max_wasm_size_bytes },
            max_fragment_count: if arbos_version >= 60 { take(1) as u8 } else { defaults.max_fragment_count },
        }
    }
}

fn slot() -> U256 {
    Space::programs().sub(&[0]).number_slot(0)
}

/// The parameters in force.
pub fn params<S: LoadSlot>(storage: &mut S, arbos_version: u64) -> Result<StylusParams, S::Error> {
    Ok(StylusParams::unpack(&storage.load(slot())?.to_be_bytes(), arbos_version))
}

/// Puts parameters into force.
pub fn set_params<S: StoreSlot>(storage: &mut S, params: &StylusParams, arbos_version: u64) -> Result<(), S::Error> {
    storage.store(slot(), U256::from_be_bytes(params.pack(arbos_version)))
}
