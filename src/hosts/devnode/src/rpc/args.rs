//! The parameters of a request: a list that may be short, each value named when it is wrong.

use alloy_primitives::U256;
use jsonrpsee::types::Params;
use serde::de::DeserializeOwned;
use serde_json::Value;

use super::errors::RpcError;

/// The parameters of one request, in order. Missing ones and `null` count as not given.
#[derive(Debug)]
pub(super) struct Args(Vec<Value>);

impl Args {
    /// Takes the list. No parameters at all are an empty list; an object is refused, because no Ethereum method names its parameters.
    pub(super) fn parse(params: &Params<'_>) -> Result<Self, RpcError> {
        match params.as_str() {
            None => Ok(Self(Vec::new())),
            Some(text) => {
                serde_json::from_str(text).map(Self).map_err(|error| RpcError::NotAList { reason: error.to_string() })
            }
        }
    }

    /// The list as it came.
    pub(super) fn as_value(&self) -> Value {
        Value::Array(self.0.clone())
    }

    /// The value at `index`, which must be there.
    pub(super) fn required<T: DeserializeOwned>(&self, index: usize, name: &'static str) -> Result<T, RpcError> {
        self.optional(index, name)?.ok_or(RpcError::MissingParameter { index, name })
    }

    /// The value at `index`, where one is given.
    pub(super) fn optional<T: DeserializeOwned>(
        &self,
        index: usize,
        name: &'static str,
    ) -> Result<Option<T>, RpcError> {
        match self.0.get(index) {
            None | Some(Value::Null) => Ok(None),
            Some(value) => serde_json::from_value(value.clone()).map(Some).map_err(|error| RpcError::BadParameter {
                index,
                name,
                reason: error.to_string(),
            }),
        }
    }

    /// A number at `index`, where one is given: JSON number, hex or decimal text, as test suites write all three.
    pub(super) fn optional_number(&self, index: usize, name: &'static str) -> Result<Option<u64>, RpcError> {
        let Some(value) = self.optional::<Value>(index, name)? else { return Ok(None) };
        match number(&value) {
            Some(number) => Ok(Some(number)),
            None => Err(RpcError::BadParameter { index, name, reason: format!("{value} is no number below 2^64") }),
        }
    }

    /// A number at `index`, which must be there.
    pub(super) fn required_number(&self, index: usize, name: &'static str) -> Result<u64, RpcError> {
        self.optional_number(index, name)?.ok_or(RpcError::MissingParameter { index, name })
    }
}

/// A number below 2^64 in any of the forms that test suites write.
pub(super) fn number(value: &Value) -> Option<u64> {
    match value {
        Value::Number(number) => number.as_u64(),
        Value::String(text) => text.parse::<U256>().ok().and_then(|wide| u64::try_from(wide).ok()),
        _ => None,
    }
}
