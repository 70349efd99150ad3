//! The version of ArbOS, which is part of the state: an upgrade that an owner has scheduled takes effect in the first block of its time.

use std::convert::Infallible;

use alloy_primitives::U256;

use super::{error::VersionError, genesis::put_precompiles, run::StateSlots, state::State};
use crate::arbos::state::{self as arbos, ARBOS_ACCOUNT, LoadSlot, NEWEST_VERSION, StoreSlot};

/// Reads and writes slots of the ArbOS account straight in a state.
struct StateSlotsMut<'a>(&'a mut State);

impl LoadSlot for StateSlotsMut<'_> {
    type Error = Infallible;

    fn load(&mut self, slot: U256) -> Result<U256, Infallible> {
        StateSlots(self.0).load(slot)
    }
}

impl StoreSlot for StateSlotsMut<'_> {
    fn store(&mut self, slot: U256, word: U256) -> Result<(), Infallible> {
        self.0.set_slot(ARBOS_ACCOUNT, slot, word);
        Ok(())
    }
}

/// The version of ArbOS in a state.
pub(crate) fn version(state: &State) -> u64 {
    let Ok(version) = arbos::version(&mut StateSlots(state));
    version
}

/// Brings ArbOS to the version its owner has scheduled, when the time of the block has come. A version nobody knows never comes.
pub(crate) fn upgrade_when_due(state: &mut State, now_secs: u64) {
    let Ok(scheduled) = arbos::scheduled_upgrade(&mut StateSlots(state));
    if let Some((to, from_secs)) = scheduled
        && from_secs <= now_secs
    {
        // An unknown version is left where it was scheduled.
        let _ = upgrade(state, to);
    }
}

/// Brings ArbOS to version `to`, its own or a later one, with the precompiles that came with it.
pub(crate) fn upgrade(state: &mut State, to: u64) -> Result<(), VersionError> {
    let current = version(state);
    if !(current..=NEWEST_VERSION).contains(&to) {
        return Err(VersionError { given: to, current, newest: NEWEST_VERSION });
    }
    if to > current {
        let Ok(()) = arbos::upgrade(&mut StateSlotsMut(state), to);
        put_precompiles(state, current, to);
    }
    Ok(())
}
