//! What is set once, and what the owner sets.

use alloy_primitives::{Address, U256};
use common::{Outcome, ask, call::require_code, emit, ownership, token};
use interface::{IPool, IVault};
use stylus_sdk::prelude::*;
use units::OutOfRange;

use crate::storage::Pool;

/// Six decimals more than the asset has: as many as there are virtual shares.
const MORE_DECIMALS: u8 = 6;

impl Pool {
    /// Names the contracts it works with. The asset is the vault's. The deposit cap is zero until the owner sets one.
    pub fn constructor(&mut self, owner: Address, vault: Address, reserve: Address) -> Outcome<()> {
        ownership::begin(self, owner)?;
        require_code(self.vm(), vault)?;
        require_code(self.vm(), reserve)?;
        self.store_contracts(vault, reserve);
        let (asset,) = ask(self.vm(), vault, IVault::debtAssetCall {})?;
        let decimals = token::decimals(self.vm(), asset)?.checked_add(MORE_DECIMALS).ok_or(OutOfRange)?;
        self.store_asset(asset, decimals)?;
        Ok(())
    }

    /// Sets how much deposits may lift the assets to. Owner only.
    pub fn set_deposit_cap(&mut self, cap_raw: U256) -> Outcome<()> {
        ownership::require_caller(self)?;
        let previous_raw = self.cap();
        self.store_cap(cap_raw);
        emit!(self.vm(), IPool::DepositCapSet { previousCapRaw: previous_raw, newCapRaw: cap_raw });
        Ok(())
    }
}
