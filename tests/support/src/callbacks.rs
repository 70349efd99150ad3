//! Calls that a debt asset makes back in the middle of a transfer, and what they got.

use crate::{actors::OPERATOR, doubles::ITestToken, system::System};
use alloy_primitives::{Address, Bytes};
use alloy_sol_types::SolError;
use interface::IShared;

/// Has the debt asset, which is a [`TokenKind::Reentering`](crate::TokenKind::Reentering), make `call` to `target` in its next transfer.
pub fn arm(system: &mut System, target: Address, call: &[u8]) {
    let arm = ITestToken::armCall { target, callData: Bytes::copy_from_slice(call), bubbles: false };
    system.must(OPERATOR, system.at.usd.token, &arm);
}

/// What the last callback got: whether it succeeded, and the bytes.
pub fn answered(system: &System) -> (bool, Vec<u8>) {
    let token = system.at.usd.token;
    let returned = system.ask(token, &ITestToken::lastReturnedCall {});
    (system.ask(token, &ITestToken::lastSucceededCall {}), returned.to_vec())
}

/// What a callback gets that meets the lock.
pub fn reentered() -> (bool, Vec<u8>) {
    (false, IShared::Reentered {}.abi_encode())
}
