//! Turning what came back into words, so that a failing test says what happened, and building what is expected.

use crate::{doubles::ITestToken, world::Log};
use alloy_primitives::{U256, hex};
use alloy_sol_types::{SolEventInterface, SolInterface};
use interface::{IAuction, IOracle, IPool, IReserve, IShared, IVault};

/// An error with its values, or the bytes where no interface of ours knows it.
pub fn error_text(data: &[u8]) -> String {
    if data.is_empty() {
        return "revert without data".to_owned();
    }
    if let Ok(error) = IVault::IVaultErrors::abi_decode(data) {
        return format!("{error:?}");
    }
    if let Ok(error) = IAuction::IAuctionErrors::abi_decode(data) {
        return format!("{error:?}");
    }
    if let Ok(error) = IOracle::IOracleErrors::abi_decode(data) {
        return format!("{error:?}");
    }
    if let Ok(error) = IPool::IPoolErrors::abi_decode(data) {
        return format!("{error:?}");
    }
    if let Ok(error) = IReserve::IReserveErrors::abi_decode(data) {
        return format!("{error:?}");
    }
    if let Ok(error) = IShared::ISharedErrors::abi_decode(data) {
        return format!("{error:?}");
    }
    format!("unknown revert data 0x{}", hex::encode(data))
}

/// An event with its values, or its topics and data where no interface of ours knows it.
pub fn event_text(log: &Log) -> String {
    let (topics, data) = (&log.topics, &log.data);
    if let Ok(event) = IVault::IVaultEvents::decode_raw_log(topics, data) {
        return format!("{event:?}");
    }
    if let Ok(event) = IAuction::IAuctionEvents::decode_raw_log(topics, data) {
        return format!("{event:?}");
    }
    if let Ok(event) = IOracle::IOracleEvents::decode_raw_log(topics, data) {
        return format!("{event:?}");
    }
    if let Ok(event) = IPool::IPoolEvents::decode_raw_log(topics, data) {
        return format!("{event:?}");
    }
    if let Ok(event) = IReserve::IReserveEvents::decode_raw_log(topics, data) {
        return format!("{event:?}");
    }
    if let Ok(event) = IShared::ISharedEvents::decode_raw_log(topics, data) {
        return format!("{event:?}");
    }
    if let Ok(event) = ITestToken::ITestTokenEvents::decode_raw_log(topics, data) {
        return format!("{event:?}");
    }
    format!("unknown event {topics:?} 0x{}", hex::encode(data))
}

/// The bytes of an error, as a revert carries them.
pub fn revert_of(error: &impl alloy_sol_types::SolError) -> crate::Revert {
    crate::Revert(error.abi_encode())
}

/// A short way to write an amount.
pub fn words(value: u128) -> U256 {
    U256::from(value)
}
