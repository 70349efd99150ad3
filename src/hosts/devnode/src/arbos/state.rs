//! What ArbOS remembers, kept as ordinary storage of one account.
//!
//! Everything here lies in the storage of [`ARBOS_ACCOUNT`] under the slots a real chain uses, so
//! it follows reverts and snapshots like any other storage. The functions work over anything that
//! can load and store a slot: a running transaction ([`crate::evm::Ctx`]) or the map of a genesis.

mod params;
mod pricer;
mod program;
mod sends;
mod sets;
mod space;
#[cfg(test)]
mod tests;
mod upgrade;

pub use params::{PAGE_RAMP, StylusParams, params, set_params};
pub use pricer::{DataPricer, data_pricer, set_data_pricer};
pub use program::{
    ARBITRUM_START_SECS, ProgramError, ProgramRecord, activation_gas, module_hash, program, set_module_hash,
    set_program,
};
pub use sends::{Added, Node, add_send, send_count, send_root, send_subtrees};
pub use sets::{AddressSet, address_table, cache_managers, chain_owners};
pub use space::{ARBOS_ACCOUNT, GenesisStorage, LoadSlot, RootSlot, Space, StoreSlot, root, set_root};
pub use upgrade::{NEWEST_VERSION, scheduled_upgrade, upgrade, version};

/// Writes the state a fresh chain starts with: version, chain id, default parameters and pricer.
///
/// The network fee account is left at address zero, and both sets are empty. The account itself
/// must be given nonce 1 in the genesis, or it would count as empty and be swept away.
pub fn write_genesis(storage: &mut GenesisStorage, chain_id: u64, arbos_version: u64) {
    use revm::primitives::U256;
    let Ok(()) = (|| {
        set_root(storage, RootSlot::Version, U256::from(arbos_version))?;
        set_root(storage, RootSlot::ChainId, U256::from(chain_id))?;
        set_root(storage, RootSlot::BrotliLevel, U256::from(1))?;
        set_params(storage, &StylusParams::for_version(arbos_version), arbos_version)?;
        set_data_pricer(storage, &DataPricer::default())
    })();
}
