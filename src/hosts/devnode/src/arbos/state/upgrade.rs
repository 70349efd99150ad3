//! Going from one version of ArbOS to a later one: what changes in the state.

use revm::primitives::U256;

use super::{
    params::{StylusParams, params, set_params},
    space::{LoadSlot, RootSlot, StoreSlot, root, set_root},
};

/// The newest version this chain knows.
pub const NEWEST_VERSION: u64 = 60;

/// The version with the second version of the parameters of Stylus; what was activated before must be activated again.
const SECOND_PARAMS: u64 = 31;
/// The version with a smaller stack.
const SMALLER_STACK: u64 = 50;

/// The version a chain runs.
pub fn version<S: LoadSlot>(storage: &mut S) -> Result<u64, S::Error> {
    Ok(root(storage, RootSlot::Version)?.saturating_to())
}

/// The upgrade that is still to come: the version, and when it takes effect, in seconds since 1970.
pub fn scheduled_upgrade<S: LoadSlot>(storage: &mut S) -> Result<Option<(u64, u64)>, S::Error> {
    let to: u64 = root(storage, RootSlot::UpgradeVersion)?.saturating_to();
    if to <= version(storage)? {
        return Ok(None);
    }
    Ok(Some((to, root(storage, RootSlot::UpgradeTimestamp)?.saturating_to())))
}

/// Brings the state to version `to`, which is later than its own. What owners have set stays, as far as it is allowed.
pub fn upgrade<S: StoreSlot>(storage: &mut S, to: u64) -> Result<(), S::Error> {
    let from = version(storage)?;
    let (mut params, usual) = (params(storage, from)?, StylusParams::for_version(to));
    if (from..to).contains(&(SECOND_PARAMS - 1)) {
        params.version = usual.version;
        params.min_init_gas = usual.min_init_gas;
    }
    if (from..to).contains(&(SMALLER_STACK - 1)) {
        params.max_stack_depth = params.max_stack_depth.min(usual.max_stack_depth);
    }
    set_params(storage, &params, to)?;
    set_root(storage, RootSlot::Version, U256::from(to))
}
