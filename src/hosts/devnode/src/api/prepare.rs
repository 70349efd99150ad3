//! What a wallet wants to know before it sends: the transaction a request becomes, its signature, the slots to declare.

use std::collections::BTreeMap;

use alloy_consensus::{TxEnvelope, TypedTransaction};
use alloy_eips::eip2930::{AccessList, AccessListItem};
use alloy_primitives::Address;

use super::{Devnode, simulate::attempt};
use crate::{
    arbos::{precompiles, state::ARBOS_ACCOUNT},
    chain::{
        config::CALL_GAS_CAP,
        error::{CallError, TxError},
        request::{CallRequest, TxRequest},
        run::failure,
        transaction::{Defaults, build},
    },
    evm::{TX_GAS_CAP, TraceMode},
};

/// The slots a call uses, declared up front.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Declared {
    /// Accounts and slots, in order. Sender, callee and precompiles are warm anyway and listed only with slots.
    pub access_list: AccessList,
    /// Gas of the call with that list.
    pub gas_used: u64,
    /// Why the call fails with it, in words, when it does.
    pub failure: Option<String>,
}

impl Devnode {
    /// The transaction a request becomes, with what was left open filled in: type 0 or, with an access list, type 1 when it has a gas price;
    /// type 4 when it sets delegations; else type 2.
    ///
    /// # Errors
    /// A request with delegations that creates a contract or has a gas price, or one with a gas price and fee caps.
    pub fn fill(&self, request: &TxRequest) -> Result<TypedTransaction, TxError> {
        build(
            request,
            Defaults {
                chain_id: self.config.chain_id,
                nonce: self.data.pending_nonce(request.from),
                gas: TX_GAS_CAP.min(self.data.next.gas_limit()),
                max_fee_per_gas_wei: u128::from(self.base_fee_wei()).saturating_mul(2),
            },
        )
    }

    /// As [`Devnode::fill`], signed; `None` when the node does not hold the sender's key. Nothing is sent.
    ///
    /// # Errors
    /// As [`Devnode::fill`], or what the signer says.
    pub fn sign(&self, request: &TxRequest) -> Result<Option<TxEnvelope>, TxError> {
        let Some(account) = self.accounts.iter().find(|account| account.address == request.from) else {
            return Ok(None);
        };
        account.sign(self.fill(request)?).map(Some).map_err(|error| TxError::BadSignature(error.to_string()))
    }

    /// The accounts and slots a call uses, and what it costs when they are declared.
    ///
    /// # Errors
    /// The call could not be started. A call that fails still has a list.
    pub fn access_list(&self, request: CallRequest) -> Result<Declared, CallError> {
        let place = self.place(&request)?;
        let gas = request.gas.unwrap_or(CALL_GAS_CAP).min(CALL_GAS_CAP);
        let first = attempt(&place, &request, gas, TraceMode::Off)?;
        let version = self.arbos_version();
        let warm = |address: &Address| {
            *address == request.from
                || Some(*address) == request.to
                || *address == place.block.coinbase
                || precompiles::is_active(*address, version)
                || revm::precompile::Precompiles::osaka().contains(address)
        };
        let items: BTreeMap<Address, Vec<_>> = first
            .state
            .iter()
            .filter(|(address, account)| **address != ARBOS_ACCOUNT && !account.is_created())
            .map(|(address, account)| {
                let mut slots: Vec<_> = account.storage.keys().map(|slot| (*slot).into()).collect();
                slots.sort_unstable();
                (*address, slots)
            })
            .filter(|(address, slots)| !slots.is_empty() || !warm(address))
            .collect();
        let access_list = AccessList(
            items.into_iter().map(|(address, storage_keys)| AccessListItem { address, storage_keys }).collect(),
        );
        let declared = CallRequest { access_list: access_list.clone(), ..request };
        let second = attempt(&place, &declared, gas, TraceMode::Off)?;
        Ok(Declared { access_list, gas_used: second.gas_used, failure: failure(&second) })
    }
}
