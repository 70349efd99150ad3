//! What a caller asks the node to do: send a transaction, make a call, override state or block values for that call.
//!
//! Every field a person may leave out has a default, so `TxRequest::new(from).to(to).data(bytes)` is a whole request.

use std::collections::BTreeMap;

use alloy_eips::{eip2930::AccessList, eip7702::SignedAuthorization};
use alloy_primitives::{Address, B256, Bytes, U256};

/// A transaction to be mined. `from` may be any address: the node does not ask for its key.
///
/// ```
/// # use alloy_primitives::{address, U256};
/// # use spillway_devnode::TxRequest;
/// let from = address!("f39Fd6e51aad88F6F4ce6aB8827279cffFb92266");
/// let to = address!("70997970C51812dc3A010C7d01b50e0d17dc79C8");
/// let request = TxRequest::new(from).to(to).value(U256::from(5)).gas(50_000);
/// assert_eq!(request.gas, Some(50_000));
/// ```
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct TxRequest {
    /// Who sends it and pays for it.
    pub from: Address,
    /// The account called; `None` creates a contract from `data`.
    pub to: Option<Address>,
    /// Wei moved to `to`.
    pub value: U256,
    /// Calldata, or init code when `to` is `None`.
    pub data: Bytes,
    /// Gas limit; `None` takes 32 000 000, the most a transaction may use on this chain.
    pub gas: Option<u64>,
    /// The most wei a unit of gas may cost, as a transaction of before EIP-1559 offers it: with one, the request becomes such a transaction.
    pub gas_price_wei: Option<u128>,
    /// The most wei a unit of gas may cost; `None` takes twice the base fee of the next block. The price paid is the base fee.
    pub max_fee_per_gas_wei: Option<u128>,
    /// The tip offered. It must not exceed the fee cap and is never paid: this chain drops tips.
    pub max_priority_fee_per_gas_wei: Option<u128>,
    /// The nonce; `None` takes the next one of `from`, queued transactions counted.
    pub nonce: Option<u64>,
    /// Addresses and slots declared warm (EIP-2930).
    pub access_list: AccessList,
    /// Delegations to set (EIP-7702); a request with any becomes a type 4 transaction.
    pub authorizations: Vec<SignedAuthorization>,
}

impl TxRequest {
    /// A request from `from` that creates nothing yet: no recipient, no value, no data.
    pub fn new(from: Address) -> Self {
        Self { from, ..Self::default() }
    }

    /// Names the account to call.
    pub fn to(mut self, to: Address) -> Self {
        self.to = Some(to);
        self
    }

    /// Sets the wei to move.
    pub fn value(mut self, wei: U256) -> Self {
        self.value = wei;
        self
    }

    /// Sets the calldata or the init code.
    pub fn data(mut self, data: impl Into<Bytes>) -> Self {
        self.data = data.into();
        self
    }

    /// Sets the gas limit.
    pub fn gas(mut self, gas: u64) -> Self {
        self.gas = Some(gas);
        self
    }

    /// Sets the price of gas, in wei, and makes it a transaction of before EIP-1559.
    pub fn gas_price_wei(mut self, wei: u128) -> Self {
        self.gas_price_wei = Some(wei);
        self
    }

    /// Sets the nonce.
    pub fn nonce(mut self, nonce: u64) -> Self {
        self.nonce = Some(nonce);
        self
    }

    /// Sets the fee cap in wei for a unit of gas.
    pub fn max_fee_per_gas_wei(mut self, wei: u128) -> Self {
        self.max_fee_per_gas_wei = Some(wei);
        self
    }
}

/// Which block's state a read looks at.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
pub enum BlockRef {
    /// The newest block.
    #[default]
    Latest,
    /// The state of the newest block under the header the next block would get.
    Pending,
    /// The first block kept: block 0, or the one a fork begins at.
    Earliest,
    /// The block of this L2 number.
    Number(u64),
    /// The block of this hash.
    Hash(B256),
}

impl From<u64> for BlockRef {
    fn from(number: u64) -> Self {
        Self::Number(number)
    }
}

/// A call that leaves no trace in the chain: nonce, fees and the sender's balance for gas are not looked at.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct CallRequest {
    /// The caller; the zero address by default. It must own `value`.
    pub from: Address,
    /// The account called; `None` runs `data` as init code.
    pub to: Option<Address>,
    /// Wei moved to `to` inside the call.
    pub value: U256,
    /// Calldata or init code.
    pub data: Bytes,
    /// Gas limit; `None` takes the cap of 50 000 000, and a larger figure is cut to it.
    pub gas: Option<u64>,
    /// Which state and header to use.
    pub block: BlockRef,
    /// Addresses and slots declared warm.
    pub access_list: AccessList,
    /// Delegations to set before the call.
    pub authorizations: Vec<SignedAuthorization>,
    /// Accounts changed for this call only.
    pub state_overrides: StateOverrides,
    /// Header values changed for this call only.
    pub block_overrides: BlockOverrides,
}

impl CallRequest {
    /// A call of `to` with `data` from the zero address on the newest block.
    pub fn new(to: Address, data: impl Into<Bytes>) -> Self {
        Self { to: Some(to), data: data.into(), ..Self::default() }
    }

    /// Names the caller.
    pub fn from(mut self, from: Address) -> Self {
        self.from = from;
        self
    }

    /// Sets the wei to move.
    pub fn value(mut self, wei: U256) -> Self {
        self.value = wei;
        self
    }

    /// Sets the gas limit.
    pub fn gas(mut self, gas: u64) -> Self {
        self.gas = Some(gas);
        self
    }

    /// Chooses the block.
    pub fn at(mut self, block: impl Into<BlockRef>) -> Self {
        self.block = block.into();
        self
    }

    /// Changes one account for this call.
    pub fn with_account(mut self, address: Address, change: AccountOverride) -> Self {
        self.state_overrides.insert(address, change);
        self
    }
}

impl From<TxRequest> for CallRequest {
    fn from(tx: TxRequest) -> Self {
        Self {
            from: tx.from,
            to: tx.to,
            value: tx.value,
            data: tx.data,
            gas: tx.gas,
            access_list: tx.access_list,
            authorizations: tx.authorizations,
            ..Self::default()
        }
    }
}

/// Account changes by address, for one call.
pub type StateOverrides = BTreeMap<Address, AccountOverride>;

/// Changes to one account for one call. What is `None` stays as it is.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct AccountOverride {
    /// The balance in wei.
    pub balance_wei: Option<U256>,
    /// The nonce.
    pub nonce: Option<u64>,
    /// The code, as stored on chain.
    pub code: Option<Bytes>,
    /// Replaces the whole storage; applied before `state_diff`.
    pub state: Option<BTreeMap<B256, B256>>,
    /// Replaces single slots.
    pub state_diff: BTreeMap<B256, B256>,
}

/// Header changes for one call. What is `None` stays as it is.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct BlockOverrides {
    /// The L2 height that `ArbSys.arbBlockNumber` answers.
    pub number: Option<u64>,
    /// The L1 height that `NUMBER` answers.
    pub l1_number: Option<u64>,
    /// Seconds since 1970.
    pub timestamp_secs: Option<u64>,
    /// The base fee in wei.
    pub base_fee_wei: Option<u64>,
    /// What `COINBASE` answers.
    pub coinbase: Option<Address>,
    /// The block gas limit.
    pub gas_limit: Option<u64>,
    /// What `PREVRANDAO` answers.
    pub prevrandao: Option<B256>,
}

/// Which logs to return. Empty lists match everything.
///
/// A topic position holds the accepted values of that position: `topics[0] = [a, b]` asks for logs whose first topic is `a` or `b`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct LogFilter {
    /// First block; `None` is the newest.
    pub from_block: Option<u64>,
    /// Last block, included; `None` is the newest.
    pub to_block: Option<u64>,
    /// Only this block; then `from_block` and `to_block` are ignored.
    pub block_hash: Option<B256>,
    /// Accepted emitters.
    pub addresses: Vec<Address>,
    /// Accepted values by topic position.
    pub topics: [Vec<B256>; 4],
}

/// Names a saved point of the chain, for [`crate::Devnode::revert`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SnapshotId(pub u64);
