//! Several calls in one, and a deposit or a repayment with its permit.

use alloc::vec::Vec;

use alloy_primitives::{Address, B256, Bytes, U256};
use common::{Outcome, Refusal, abi::Answers, call::try_tell, lock};
use interface::IErc20Permit;
use stylus_sdk::{
    abi::Router,
    prelude::*,
    stylus_core::{AccountAccess, MessageAccess},
};

use crate::storage::Vault;

impl Vault {
    /// Does the calls one after the other, each as if the caller had made it; answers what each answered.
    ///
    /// All of them or none: the first refusal is the refusal of the whole. Each call takes the lock for itself, and nothing
    /// of others runs between two of them, so the lock is closed whenever others could call.
    pub fn multicall(&mut self, calls: Vec<Bytes>) -> Outcome<Answers> {
        let mut answers = Vec::new();
        for call in calls {
            // What is no call, or a call of a function that is not there, is refused without a reason, as it is by itself.
            let (selector, input) = call.split_first_chunk::<4>().ok_or(Refusal(Vec::new()))?;
            lock::open(self.vm());
            let answer = <Self as Router<Self>>::route(self, u32::from_be_bytes(*selector), input);
            answers.push(answer.unwrap_or(Err(Vec::new())).map_err(Refusal)?);
            lock::close(self.vm());
        }
        Ok(Answers(answers))
    }

    /// [`Vault::deposit`] after the caller's permit for exactly its amount.
    ///
    /// A permit that fails stops nothing: somebody else may have used it already, and then the allowance is there. Where it is
    /// not, the deposit is refused.
    #[allow(
        clippy::too_many_arguments,
        reason = "the Solidity interface has as many; the last four are a permit of EIP-2612"
    )]
    pub fn deposit_with_permit(
        &mut self,
        vault_id: U256,
        collateral: Address,
        amount_raw: U256,
        deadline_secs: U256,
        v: u8,
        r: B256,
        s: B256,
    ) -> Outcome<()> {
        // Nothing but a listed token is called.
        self.supply(collateral)?;
        self.try_permit(collateral, amount_raw, deadline_secs, v, r, s);
        self.deposit(vault_id, collateral, amount_raw)
    }

    /// [`Vault::repay`] after the caller's permit for exactly its amount, of which no more is taken than is owed.
    ///
    /// A permit that fails stops nothing, as in [`Vault::deposit_with_permit`].
    pub fn repay_with_permit(
        &mut self,
        vault_id: U256,
        amount_raw: U256,
        deadline_secs: U256,
        v: u8,
        r: B256,
        s: B256,
    ) -> Outcome<U256> {
        self.try_permit(self.debt_token(), amount_raw, deadline_secs, v, r, s);
        self.repay(vault_id, amount_raw)
    }

    fn try_permit(&self, token: Address, amount_raw: U256, deadline_secs: U256, v: u8, r: B256, s: B256) {
        let (owner, spender) = (self.vm().msg_sender(), self.vm().contract_address());
        let permit =
            IErc20Permit::permitCall { owner, spender, amountRaw: amount_raw, deadlineSecs: deadline_secs, v, r, s };
        drop(try_tell(self.vm(), token, permit));
    }
}
