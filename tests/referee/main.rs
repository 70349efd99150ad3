//! The same transactions on anvil 1.7.1 and on the local chain: equal status, gas, logs, return data, code, storage, nonces and balances.
//!
//! anvil runs the rules of Osaka, which ArbOS 51 follows. Both chains get the same chain id, times and base fee, and the same accounts
//! send with the same nonces, so that addresses agree. After each transaction every account and slot that either saw it touch is compared, and
//! what the transaction itself returned.
//! Where Arbitrum itself differs from Ethereum, `differences.rs` has a row that says why; nothing else may differ.

mod access;
mod assembly;
mod chainlink;
mod differences;
mod forking;
mod multicall;
mod opcodes;
mod openzeppelin;
mod pair;
mod precompiles;
mod random;
#[path = "../clients/served.rs"]
mod served;
mod tracing;
mod uniswap;
