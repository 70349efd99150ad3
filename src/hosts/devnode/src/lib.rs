//! A local Arbitrum chain that runs Stylus WASM and EVM bytecode

pub mod wasm;
pub mod arbos;
pub mod evm;
