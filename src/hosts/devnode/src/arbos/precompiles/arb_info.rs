//! `ArbInfo` at 0x65: balance and code of any account.

use alloy_sol_types::{SolCall, SolInterface};
use revm::Database;

use self::ArbInfo::{ArbInfoCalls as Calls, *};
use super::{
    call::{Call, Done, Fault, WORD_GAS, words},
    method::Method,
};
use crate::evm::peek;

mod abi {
    #![allow(missing_docs)]
    alloy_sol_types::sol! {
        /// Accounts.
        #[sol(all_derives)]
        interface ArbInfo {
            function getBalance(address account) external view returns (uint256 balance);
            function getCode(address account) external view returns (bytes memory code);
        }
    }
}
pub use abi::ArbInfo;

pub(super) const METHODS: &[Method] = &[Method::view(getBalanceCall::SELECTOR), Method::view(getCodeCall::SELECTOR)];

const BALANCE_GAS: u64 = 700;
/// Gas of looking the code up, before its words are paid for.
const CODE_GAS: u64 = 2_100;

pub(super) fn answer<DB: Database>(call: &mut Call<'_, DB>, input: &[u8]) -> Done<Vec<u8>, DB> {
    Ok(match Calls::abi_decode(input).map_err(|_| Fault::BurnAll)? {
        Calls::getBalance(arguments) => {
            call.burn(BALANCE_GAS)?;
            let balance = peek(call.ctx, arguments.account)?.balance;
            getBalanceCall::abi_encode_returns(&balance)
        }
        Calls::getCode(arguments) => {
            call.burn(CODE_GAS)?;
            let (_, code) = call.code(arguments.account)?;
            call.burn(WORD_GAS * words(code.len()))?;
            getCodeCall::abi_encode_returns(&code)
        }
    })
}
