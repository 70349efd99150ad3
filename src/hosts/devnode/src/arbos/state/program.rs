//! What the chain knows of an activated program, kept by the hash of its code.

use revm::primitives::{B256, U256};
use thiserror::Error;

use super::{
    params::StylusParams,
    space::{LoadSlot, Space, StoreSlot},
};

/// The moment activation times are counted from, in seconds since 1970.
pub const ARBITRUM_START_SECS: u64 = 1_421_388_000;

const SECS_PER_HOUR: u64 = 3_600;
const SECS_PER_DAY: u64 = 86_400;

/// The record of an activation.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ProgramRecord {
    /// Version of the parameters at activation; zero means never activated.
    pub version: u16,
    /// Cost of entering the program uncached, before scaling.
    pub init_cost: u16,
    /// Cost of entering the program at all, before scaling.
    pub cached_cost: u16,
    /// Pages of memory the program starts with.
    pub footprint_pages: u16,
    /// Hours from [`ARBITRUM_START_SECS`] to the activation, rounded down; 24 bits are kept.
    pub activated_at_hours: u32,
    /// Estimated size as machine code in units of 1 024 bytes, rounded up; 24 bits are kept.
    pub asm_estimate_kb: u32,
    /// Whether a cache manager has put the program into the cache.
    pub cached: bool,
}

/// Why a program cannot run. The text is the one a node answers with.
#[derive(Clone, Copy, Debug, Error, PartialEq, Eq)]
pub enum ProgramError {
    /// There is no activation of this code.
    #[error("error ProgramNotActivated()")]
    NotActivated,
    /// The code was activated for another version of the parameters.
    #[error("error ProgramNeedsUpgrade({program}, {stylus})")]
    NeedsUpgrade {
        /// The version of the activation.
        program: u16,
        /// The version in force.
        stylus: u16,
    },
    /// The activation has run out.
    #[error("error ProgramExpired({age_secs})")]
    Expired {
        /// Time since the activation.
        age_secs: u64,
    },
}

impl ProgramRecord {
    /// The hour to record for an activation at `now_secs`, rounded down.
    pub const fn hours_at(now_secs: u64) -> u32 {
        (now_secs.saturating_sub(ARBITRUM_START_SECS) / SECS_PER_HOUR) as u32
    }

    /// Seconds since the activation.
    pub const fn age_secs(&self, now_secs: u64) -> u64 {
        now_secs.saturating_sub(ARBITRUM_START_SECS + self.activated_at_hours as u64 * SECS_PER_HOUR)
    }

    /// Refuses a program that may not run at `now_secs`: not activated, another version, expired,
    /// in this order.
    pub fn check(&self, params: &StylusParams, now_secs: u64) -> Result<(), ProgramError> {
        if self.version == 0 {
            return Err(ProgramError::NotActivated);
        }
        if self.version != params.version {
            return Err(ProgramError::NeedsUpgrade { program: self.version, stylus: params.version });
        }
        let age_secs = self.age_secs(now_secs);
        if age_secs > u64::from(params.expiry_days) * SECS_PER_DAY {
            return Err(ProgramError::Expired { age_secs });
        }
        Ok(())
    }

    /// Packs the record from the left of a word, in the order of the fields.
    pub fn pack(&self) -> [u8; 32] {
        let mut word = [0; 32];
        word[0..2].copy_from_slice(&self.version.to_be_bytes());
        word[2..4].copy_from_slice(&self.init_cost.to_be_bytes());
        word[4..6].copy_from_slice(&self.cached_cost.to_be_bytes());
        word[6..8].copy_from_slice(&self.footprint_pages.to_be_bytes());
        word[8..11].copy_from_slice(&self.activated_at_hours.to_be_bytes()[1..]);
        word[11..14].copy_from_slice(&self.asm_estimate_kb.to_be_bytes()[1..]);
        word[14] = u8::from(self.cached);
        word
    }

    /// Reads a packed record.
    pub fn unpack(word: &[u8; 32]) -> Self {
        let short = |at: usize| u16::from_be_bytes([word[at], word[at + 1]]);
        let long = |at: usize| u32::from_be_bytes([0, word[at], word[at + 1], word[at + 2]]);
        Self {
            version: short(0),
            init_cost: short(2),
            cached_cost: short(4),
            footprint_pages: short(6),
            activated_at_hours: long(8),
            asm_estimate_kb: long(11),
            cached: word[14] != 0,
        }
    }
}

/// The record of the code with this hash; all zero when it was never activated.
pub fn program<S: LoadSlot>(storage: &mut S, codehash: B256) -> Result<ProgramRecord, S::Error> {
    let word = storage.load(Space::programs().sub(&[1]).slot(codehash))?;
    Ok(ProgramRecord::unpack(&word.to_be_bytes()))
}

/// Sets the record of the code with this hash.
pub fn set_program<S: StoreSlot>(storage: &mut S, codehash: B256, record: &ProgramRecord) -> Result<(), S::Error> {
    storage.store(Space::programs().sub(&[1]).slot(codehash), U256::from_be_bytes(record.pack()))
}

/// Gas an activation costs on top of its price; zero unless the chain sets it to hold activations up.
pub fn activation_gas<S: LoadSlot>(storage: &mut S) -> Result<u64, S::Error> {
    Ok(storage.load(Space::programs().sub(&[5]).number_slot(0))?.saturating_to())
}

/// The module hash announced when the code was activated.
pub fn module_hash<S: LoadSlot>(storage: &mut S, codehash: B256) -> Result<B256, S::Error> {
    Ok(storage.load(Space::programs().sub(&[2]).slot(codehash))?.into())
}

/// Sets the module hash of a code.
pub fn set_module_hash<S: StoreSlot>(storage: &mut S, codehash: B256, hash: B256) -> Result<(), S::Error> {
    storage.store(Space::programs().sub(&[2]).slot(codehash), hash.into())
}
