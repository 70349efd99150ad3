//! `ArbosTest` at 0x69: burns gas, for tests.

use alloy_sol_types::{SolCall, SolInterface};
use revm::Database;

use self::ArbosTest::{ArbosTestCalls as Calls, *};
use super::{
    call::{Call, Done, Fault},
    method::Method,
};

mod abi {
    #![allow(missing_docs)]
    alloy_sol_types::sol! {
        /// For tests.
        #[sol(all_derives)]
        interface ArbosTest {
            function burnArbGas(uint256 gasAmount) external pure;
        }
    }
}
pub use abi::ArbosTest;

pub(super) const METHODS: &[Method] = &[Method::pure(burnArbGasCall::SELECTOR)];

pub(super) fn answer<DB: Database>(call: &mut Call<'_, DB>, input: &[u8]) -> Done<Vec<u8>, DB> {
    let Calls::burnArbGas(arguments) = Calls::abi_decode(input).map_err(|_| Fault::BurnAll)?;
    let Ok(gas) = u64::try_from(arguments.gasAmount) else {
        return Err(Fault::Plain);
    };
    call.burn(gas)?;
    Ok(Vec::new())
}
