//! Revert data in words: errors of our contracts and examples by name and values, those of others as they are.

use super::peers::{Desk::DeskErrors, Taker::TakerErrors};
use alloy_primitives::hex;
use alloy_sol_types::SolInterface;
use devnode::{CallError, DeployError};
use interface::{
    IAuction::IAuctionErrors, IOracle::IOracleErrors, IPool::IPoolErrors, IReserve::IReserveErrors,
    IShared::ISharedErrors, IVault::IVaultErrors,
};

pub(super) fn of_call(error: &CallError) -> String {
    match error {
        CallError::Revert { data, reason } => of_revert(data, reason.as_deref()),
        other => other.to_string(),
    }
}

pub(super) fn of_deploy(error: &DeployError) -> String {
    match error {
        DeployError::Activation(call) => format!("activation would fail: {}", of_call(call)),
        DeployError::Failed(failed) => of_revert(&failed.output, Some(&failed.failure)),
        other => other.to_string(),
    }
}

/// The error in `data`, or else `said`, with the bytes.
pub(super) fn of_revert(data: &[u8], said: Option<&str>) -> String {
    let ours = IVaultErrors::abi_decode(data)
        .map(|error| named(&error))
        .or_else(|_| IAuctionErrors::abi_decode(data).map(|error| named(&error)))
        .or_else(|_| IOracleErrors::abi_decode(data).map(|error| named(&error)))
        .or_else(|_| IPoolErrors::abi_decode(data).map(|error| named(&error)))
        .or_else(|_| IReserveErrors::abi_decode(data).map(|error| named(&error)))
        .or_else(|_| ISharedErrors::abi_decode(data).map(|error| named(&error)))
        .or_else(|_| TakerErrors::abi_decode(data).map(|error| named(&error)))
        .or_else(|_| DeskErrors::abi_decode(data).map(|error| named(&error)));
    match (ours, said) {
        (Ok(named), _) => named,
        (Err(_), Some(said)) => format!("{said} ({})", hex::encode_prefixed(data)),
        (Err(_), None) => hex::encode_prefixed(data),
    }
}

/// An error of one of those interfaces: its name and its values, without the name of the variant around it.
fn named(error: &impl std::fmt::Debug) -> String {
    let text = format!("{error:?}");
    let inner = text.split_once('(').and_then(|(_, rest)| rest.strip_suffix(')'));
    inner.map_or_else(|| text.clone(), str::to_owned)
}
