//! What a call changes for itself: accounts and values of the header. A change that this node cannot make is refused by name, because an answer
//! without it would be wrong.

use alloy_primitives::U256;
use alloy_rpc_types_eth::{BlockOverrides as RpcBlockOverrides, state::StateOverride as RpcStateOverride};
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

use super::{args, errors::RpcError};
use crate::{AccountOverride, BlockOverrides, StateOverrides};

/// The fields of an account that a call may change.
const ACCOUNT_FIELDS: [&str; 5] = ["balance", "nonce", "code", "state", "stateDiff"];
/// The fields of a header that a call may change, under all the names clients give them, and the L1 block number, which only this node has.
const HEADER_FIELDS: [&str; 12] = [
    "number",
    "blockNumber",
    L1_NUMBER,
    "time",
    "timestamp",
    "gasLimit",
    "coinbase",
    "feeRecipient",
    "random",
    "prevRandao",
    "baseFee",
    "baseFeePerGas",
];
const L1_NUMBER: &str = "l1BlockNumber";

/// Where overrides stand in a request, for messages.
#[derive(Debug, Clone, Copy)]
pub(super) struct Place {
    pub(super) index: usize,
    pub(super) name: &'static str,
}

impl Place {
    fn bad(self, reason: String) -> RpcError {
        RpcError::BadParameter { index: self.index, name: self.name, reason }
    }

    fn read<T: DeserializeOwned>(self, given: Value) -> Result<T, RpcError> {
        serde_json::from_value(given).map_err(|error| self.bad(error.to_string()))
    }

    /// Refuses a field that is none of `known`; one that is null counts as left out.
    fn only(self, fields: &Map<String, Value>, known: &[&str]) -> Result<(), RpcError> {
        match fields.iter().find(|(name, value)| !value.is_null() && !known.contains(&name.as_str())) {
            None => Ok(()),
            Some((name, _)) => {
                let shown: String = name.chars().take(60).collect();
                Err(self.bad(format!("{shown} cannot be overridden on this node")))
            }
        }
    }
}

/// Account changes by address.
pub(super) fn accounts(place: Place, given: Option<Value>) -> Result<StateOverrides, RpcError> {
    let Some(given) = given else { return Ok(StateOverrides::new()) };
    for fields in given.as_object().into_iter().flat_map(Map::values).filter_map(Value::as_object) {
        place.only(fields, &ACCOUNT_FIELDS)?;
    }
    let read: RpcStateOverride = place.read(given)?;
    let changes = read.into_iter().map(|(address, change)| {
        let change = AccountOverride {
            balance_wei: change.balance,
            nonce: change.nonce,
            code: change.code,
            state: change.state.map(|slots| slots.into_iter().collect()),
            state_diff: change.state_diff.map(|slots| slots.into_iter().collect()).unwrap_or_default(),
        };
        (address, change)
    });
    Ok(changes.collect())
}

/// Header changes. `number` is the height of this chain; contracts see it by `ArbSys`, and by `NUMBER` the L1 block number.
pub(super) fn header(place: Place, given: Option<Value>) -> Result<BlockOverrides, RpcError> {
    let Some(mut given) = given else { return Ok(BlockOverrides::default()) };
    let mut l1_number = None;
    if let Some(fields) = given.as_object_mut() {
        place.only(fields, &HEADER_FIELDS)?;
        if let Some(number) = fields.remove(L1_NUMBER).filter(|number| !number.is_null()) {
            let narrow = args::number(&number);
            l1_number = Some(narrow.ok_or_else(|| place.bad(format!("{L1_NUMBER} {number} is no number below 2^64")))?);
        }
    }
    let narrow = |name: &str, wide: Option<U256>| {
        wide.map(|number| u64::try_from(number).map_err(|_| place.bad(format!("{name} {number} is not below 2^64"))))
            .transpose()
    };
    let read: RpcBlockOverrides = place.read(given)?;
    Ok(BlockOverrides {
        number: narrow("number", read.number)?,
        l1_number,
        timestamp_secs: read.time,
        base_fee_wei: narrow("baseFeePerGas", read.base_fee)?,
        coinbase: read.coinbase,
        gas_limit: read.gas_limit,
        prevrandao: read.random,
    })
}
