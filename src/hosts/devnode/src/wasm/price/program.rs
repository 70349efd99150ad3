//! What a whole program costs: entering it at each call, and activating it once.

/// Gas of an activation that does not depend on the program, before ArbOS 60.
///
/// It is everything `ArbWasm.activateProgram` burns apart from [`ProgramShape::parse_gas`] when
/// the program had no record before.
pub const FIXED_ACTIVATION_GAS: u64 = 1_747_826;

/// Gas charged for a microsecond of work at activation.
const GAS_PER_MICROSECOND: u64 = 28;
/// Gas in one unit of the parameter `minInitGas`.
const MIN_INIT_GAS_UNIT: u64 = 128;
/// Gas in one unit of the parameter `minCachedInitGas`.
const MIN_CACHED_INIT_GAS_UNIT: u64 = 32;
/// Percent in one unit of the two cost scalars.
const SCALAR_PERCENT_UNIT: u64 = 2;

/// The sizes of a program on which its prices depend.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ProgramShape {
    /// Functions with a body in the module.
    pub local_functions: u64,
    /// Parameters and results of all those functions together.
    pub signature_values: u64,
    /// Length of the decompressed module in bytes.
    pub wasm_bytes: u64,
    /// Globals after instrumentation, so with the four that it adds.
    pub globals: u64,
    /// Bytes of the entries of the data section, their headers included.
    pub data_entry_bytes: u64,
    /// Bytes of the entries of the element section, their headers included.
    pub element_entry_bytes: u64,
    /// Bytes of the data segments' contents alone.
    pub data_payload_bytes: u64,
    /// Pages of memory the program starts with.
    pub initial_pages: u64,
    /// Operators of all functions together after instrumentation.
    pub instrumented_operators: u64,
}

impl ProgramShape {
    /// Gas-like cost of entering the program while it is cached; each term is rounded down.
    ///
    /// `functions·0.1342 + values·0.00089 + bytes·0.00122 + globals·1.628 + segments·0.75244 + pages·5`.
    ///
    /// Example: 1 function of 2 values, 187 bytes, 4 globals, 1 page: 0 + 0 + 0 + 6 + 0 + 5 = 11.
    pub fn cached_cost(&self) -> u64 {
        self.local_functions * 13_420 / 100_000
            + self.signature_values * 89 / 100_000
            + self.wasm_bytes * 122 / 100_000
            + self.globals * 1_628 / 1_000
            + (self.data_entry_bytes + self.element_entry_bytes) * 75_244 / 100_000
            + self.initial_pages * 5
    }

    /// Gas-like cost of entering the program, beyond [`Self::cached_cost`]; each term is rounded down.
    ///
    /// `functions·8.252 + values·1.059 + bytes·0.1286`; before ArbOS 31 the cached cost is part of it.
    ///
    /// Example: the program of [`Self::cached_cost`] has 8 + 2 + 24 = 34.
    pub fn init_cost(&self, arbos_version: u64) -> u64 {
        let own = self.local_functions * 8_252 / 1_000
            + self.signature_values * 1_059 / 1_000
            + self.wasm_bytes * 1_286 / 10_000;
        if arbos_version < 31 { own + self.cached_cost() } else { own }
    }

    /// Estimated size of the program as machine code, in bytes; each term is rounded down.
    ///
    /// The data fee of an activation is proportional to it.
    pub fn asm_estimate_bytes(&self) -> u64 {
        512_000
            + self.local_functions * 996_829 / 1_000
            + self.signature_values * 11_416 / 1_000
            + self.wasm_bytes * 62_628 / 10_000
    }

    /// Gas of the work of activation: each part is rounded down to whole microseconds of 28 gas.
    ///
    /// Example: the `write-args` program has 59 + 0 + 0 + 0 + 2 217 + 32 microseconds, 64 624 gas.
    pub fn parse_gas(&self, arbos_version: u64) -> u64 {
        let length_microseconds = if arbos_version < 32 { 0 } else { self.wasm_bytes * 31_733 / 100_000 };
        let microseconds = length_microseconds
            + self.local_functions * 17_263 / 100_000
            + self.data_payload_bytes * 17_376 / 100_000
            + self.element_entry_bytes * 17_376 / 100_000
            + self.initial_pages * 2_217
            + self.instrumented_operators * 535 / 1_000;
        microseconds * GAS_PER_MICROSECOND
    }
}

/// Gas to enter a program that is not cached, on top of [`cached_gas`]; the scaled part is rounded up.
///
/// `min_init_gas·128 + ⌈init_cost·init_cost_scalar·2 / 100⌉`, the last two from the chain's parameters.
///
/// Example: cost 34 at minimum 69 and scalar 50 is 8 866 gas.
pub const fn init_gas(init_cost: u16, min_init_gas: u8, init_cost_scalar: u8) -> u64 {
    min_init_gas as u64 * MIN_INIT_GAS_UNIT + scaled_up(init_cost, init_cost_scalar)
}

/// Gas to enter any program; the scaled part is rounded up.
///
/// `min_cached_init_gas·32 + ⌈cached_cost·cached_cost_scalar·2 / 100⌉`.
///
/// Example: cost 11 at minimum 11 and scalar 50 is 363 gas.
pub const fn cached_gas(cached_cost: u16, min_cached_init_gas: u8, cached_cost_scalar: u8) -> u64 {
    min_cached_init_gas as u64 * MIN_CACHED_INIT_GAS_UNIT + scaled_up(cached_cost, cached_cost_scalar)
}

const fn scaled_up(cost: u16, scalar: u8) -> u64 {
    (cost as u64 * scalar as u64 * SCALAR_PERCENT_UNIT).div_ceil(100)
}
