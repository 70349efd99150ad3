//! What anyone may ask at any time.

use alloy_primitives::{Address, U256};
use common::{Outcome, abi::Text};

use crate::storage::Pool;

/// The name of the shares, which permits are signed for. It is fixed: what a token calls itself may be missing, or no text at all,
/// and a name that could change would take the permits with it.
pub(crate) const NAME: &str = "Spillway Pool";
const SYMBOL: &str = "spPOOL";

impl Pool {
    /// The name of the shares.
    pub fn name(&self) -> Outcome<Text> {
        Ok(Text(NAME))
    }

    /// The symbol of the shares.
    pub fn symbol(&self) -> Outcome<Text> {
        Ok(Text(SYMBOL))
    }

    /// The decimals of the shares: six more than the asset's.
    pub fn decimals(&self) -> Outcome<u8> {
        Ok(self.share_decimals())
    }

    /// All shares.
    pub fn total_supply(&self) -> Outcome<U256> {
        Ok(self.supply().0)
    }

    /// The shares of an account.
    pub fn balance_of(&self, account: Address) -> Outcome<U256> {
        Ok(self.balance(account).0)
    }

    /// The shares of the owner's that a spender may take.
    pub fn allowance(&self, owner: Address, spender: Address) -> Outcome<U256> {
        Ok(self.allowed(owner, spender).0)
    }

    /// The debt asset.
    pub fn asset(&self) -> Outcome<Address> {
        Ok(self.asset_address())
    }

    /// The most that deposits may lift the assets to.
    pub fn deposit_cap(&self) -> Outcome<U256> {
        Ok(self.cap().0)
    }

    /// The vault contract.
    pub fn vault(&self) -> Outcome<Address> {
        Ok(self.vault_address())
    }

    /// The reserve contract.
    pub fn reserve(&self) -> Outcome<Address> {
        Ok(self.reserve_address())
    }
}
