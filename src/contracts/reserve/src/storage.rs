//! What the reserve contract keeps, and how it is packed: the slots, and loading and storing what they hold as `kernel`'s
//! types. The table of the layout is in `README.md`. A number too wide for its field is refused as `OutOfRange`.
#![allow(missing_docs, reason = "the SDK's macros add public items without documentation")]

use alloc::vec;

use alloy_primitives::{Address, U256};
use common::{
    storage::{Map, Slot},
    words::{Field, address_in, word_of},
};
use kernel::{
    bounds::reserve::Rules,
    closed::Left,
    cooldown::Leaving,
    drip::Drip,
    queue::{Entry, Queue},
    stakes::Stakes,
};
use stylus_sdk::{prelude::*, stylus_core::BlockAccess};
use units::{Bps, OutOfRange, Raw, Secs, Shares};

/// The reserve contract. What it keeps is in the slots below, which it reads and writes as whole words.
#[storage]
#[entrypoint]
pub struct Reserve {}

// Slots 0 and 1 are the owner's, see `common::ownership`.
/// The vault contract, and the round: whoever stakes asks the vault anyway.
const VAULT: Slot = Slot::new(2);
const DEBT_ASSET: Slot = Slot::new(3);
pub(crate) const TREASURY: Slot = Slot::new(4);
const RULES: Slot = Slot::new(5);
/// What is held for the stakers, and the shares of it.
const STAKES: Slot = Slot::new(6);
const DRIP: Slot = Slot::new(7);
/// What distributions kept, and the number of entries ever queued.
const KEPT_AND_COUNT: Slot = Slot::new(8);
/// By number: an entry of the queue.
const ENTRIES: Map = Map::new(9);
/// By round and staker: the shares.
const STAKERS: Map = Map::new(10);
/// By round and staker: the announcement.
const LEAVING: Map = Map::new(11);
/// By closed round: what nobody has collected yet, and the shares of it.
const LEFT: Map = Map::new(12);

const LOW: Field = Field::new(0, 128);
const HIGH: Field = Field::new(128, 128);
/// The two moments or numbers above a [`LOW`].
const THIRD: Field = Field::new(128, 64);
const FOURTH: Field = Field::new(192, 64);

/// Beside the vault contract.
const ROUND: Field = Field::new(160, 64);

const STAKERS_SHARE: Field = Field::new(128, 16);
const DRIP_SECS: Field = Field::new(144, 24);
const COOLDOWN: Field = Field::new(168, 24);
const WINDOW: Field = Field::new(192, 24);
const PATIENCE: Field = Field::new(216, 24);

/// What one staker has in a round: shares, and how many of them are leaving when.
#[derive(Clone, Copy, Default)]
pub(crate) struct Staker {
    pub(crate) shares: Shares,
    pub(crate) leaving: Leaving,
}

/// The key of a staker in a round: its address below, the round above.
fn key_of(round: U256, staker: Address) -> U256 {
    word_of(staker) | round.wrapping_shl(160)
}

fn pack_two(low: U256, high: U256) -> Result<U256, OutOfRange> {
    HIGH.put(LOW.put(U256::ZERO, low)?, high)
}

fn pack_three(low: U256, third: u64, fourth: u64) -> Result<U256, OutOfRange> {
    let word = LOW.put(U256::ZERO, low)?;
    let word = THIRD.put(word, U256::from(third))?;
    FOURTH.put(word, U256::from(fourth))
}

impl Reserve {
    pub(crate) fn vault_address(&self) -> Address {
        address_in(VAULT.get(self))
    }

    pub(crate) fn debt_asset(&self) -> Address {
        address_in(DEBT_ASSET.get(self))
    }

    /// Names the vault contract and its debt asset, in the first round.
    pub(crate) fn store_vault(&mut self, vault: Address, debt_asset: Address) {
        VAULT.set(self, word_of(vault));
        DEBT_ASSET.set(self, word_of(debt_asset));
    }

    pub(crate) fn now(&self) -> Secs {
        Secs(self.vm().block_timestamp())
    }

    pub(crate) fn stored_rules(&self) -> Rules {
        let word = RULES.get(self);
        Rules {
            buffer_raw: Raw(LOW.get(word)),
            stakers: Bps(STAKERS_SHARE.get_u64(word)),
            drip: Secs(DRIP_SECS.get_u64(word)),
            cooldown: Secs(COOLDOWN.get_u64(word)),
            window: Secs(WINDOW.get_u64(word)),
            patience: Secs(PATIENCE.get_u64(word)),
        }
    }

    pub(crate) fn store_rules(&mut self, rules: &Rules) -> Result<(), OutOfRange> {
        let word = LOW.put(U256::ZERO, rules.buffer_raw.0)?;
        let word = STAKERS_SHARE.put(word, rules.stakers.widen())?;
        let word = DRIP_SECS.put(word, rules.drip.widen())?;
        let word = COOLDOWN.put(word, rules.cooldown.widen())?;
        let word = WINDOW.put(word, rules.window.widen())?;
        RULES.set(self, PATIENCE.put(word, rules.patience.widen())?);
        Ok(())
    }

    pub(crate) fn stored_stakes(&self) -> Stakes {
        let (stakes, drip) = (STAKES.get(self), DRIP.get(self));
        Stakes {
            held_raw: Raw(LOW.get(stakes)),
            shares: Shares(HIGH.get(stakes)),
            drip: Drip {
                amount_raw: Raw(LOW.get(drip)),
                from: Secs(THIRD.get_u64(drip)),
                until: Secs(FOURTH.get_u64(drip)),
            },
        }
    }

    pub(crate) fn store_stakes(&mut self, stakes: &Stakes) -> Result<(), OutOfRange> {
        let drip = stakes.drip;
        let word = pack_three(drip.amount_raw.0, drip.from.0, drip.until.0)?;
        STAKES.set(self, pack_two(stakes.held_raw.0, stakes.shares.0)?);
        DRIP.set(self, word);
        Ok(())
    }

    /// Begins another round, in which nobody has shares.
    pub(crate) fn begin_round(&mut self) -> Result<(), OutOfRange> {
        let word = VAULT.get(self);
        let round = self.round_number().checked_add(1).ok_or(OutOfRange)?;
        VAULT.set(self, ROUND.put(word, U256::from(round))?);
        self.store_stakes(&Stakes::default())
    }

    /// The number of the round that runs.
    pub(crate) fn round_number(&self) -> u64 {
        ROUND.get_u64(VAULT.get(self))
    }

    /// The key of a staker in the round that runs.
    fn key_now(&self, staker: Address) -> U256 {
        key_of(U256::from(self.round_number()), staker)
    }

    /// What `staker` has in the round that runs.
    pub(crate) fn staker(&self, staker: Address) -> Staker {
        let key = self.key_now(staker);
        let leaving = LEAVING.get(self, key);
        Staker {
            shares: Shares(LOW.get(STAKERS.get(self, key))),
            leaving: Leaving {
                shares: Shares(LOW.get(leaving)),
                from: Secs(THIRD.get_u64(leaving)),
                until: Secs(FOURTH.get_u64(leaving)),
            },
        }
    }

    pub(crate) fn store_staker(&mut self, staker: Address, state: &Staker) -> Result<(), OutOfRange> {
        let (key, leaving) = (self.key_now(staker), state.leaving);
        let word = pack_three(leaving.shares.0, leaving.from.0, leaving.until.0)?;
        STAKERS.set(self, key, LOW.put(U256::ZERO, state.shares.0)?);
        LEAVING.set(self, key, word);
        Ok(())
    }

    pub(crate) fn store_left(&mut self, round: U256, left: &Left) -> Result<(), OutOfRange> {
        LEFT.set(self, round, pack_two(left.left_raw.0, left.shares.0)?);
        Ok(())
    }

    /// The shares `staker` has of a closed round, and what that has left; nothing where it has none, or the round was not closed.
    pub(crate) fn claim(&self, round: U256, staker: Address) -> Option<(Shares, Left)> {
        let word = LEFT.get(self, round);
        let left = Left { left_raw: Raw(LOW.get(word)), shares: Shares(HIGH.get(word)) };
        // A round that has shares left is one there was, so its number has its place in the key.
        let shares = (!left.shares.is_zero()).then(|| Shares(LOW.get(STAKERS.get(self, key_of(round, staker)))))?;
        (!shares.is_zero()).then_some((shares, left))
    }

    /// Stores what a closed round has left, and that `staker` has no more shares of it.
    pub(crate) fn store_collected(&mut self, round: U256, staker: Address, left: &Left) -> Result<(), OutOfRange> {
        STAKERS.set(self, key_of(round, staker), U256::ZERO);
        self.store_left(round, left)
    }

    pub(crate) fn kept(&self) -> Raw {
        Raw(LOW.get(KEPT_AND_COUNT.get(self)))
    }

    pub(crate) fn store_kept(&mut self, kept_raw: Raw) -> Result<(), OutOfRange> {
        let word = LOW.put(KEPT_AND_COUNT.get(self), kept_raw.0)?;
        KEPT_AND_COUNT.set(self, word);
        Ok(())
    }

    /// The queue; what was ever queued is where its last entry ends.
    pub(crate) fn stored_queue(&self) -> Queue {
        let count = THIRD.get_u64(KEPT_AND_COUNT.get(self));
        let ever_raw = count.checked_sub(1).map_or(Raw::ZERO, |last| self.entry(last).end_raw);
        Queue { count, ever_raw }
    }

    /// An entry by its number, from zero.
    pub(crate) fn entry(&self, number: u64) -> Entry {
        let word = ENTRIES.get(self, U256::from(number));
        Entry { end_raw: Raw(LOW.get(word)), at: Secs(THIRD.get_u64(word)), vault_id: FOURTH.get_u64(word) }
    }

    /// Stores a new entry and the number of all.
    pub(crate) fn store_entry(&mut self, number: u64, entry: &Entry, count: u64) -> Result<(), OutOfRange> {
        let word = pack_three(entry.end_raw.0, entry.at.0, entry.vault_id)?;
        let counts = THIRD.put(KEPT_AND_COUNT.get(self), U256::from(count))?;
        ENTRIES.set(self, U256::from(number), word);
        KEPT_AND_COUNT.set(self, counts);
        Ok(())
    }
}
