//! The storage cache: what one invocation of a program has read or means to write.
//!
//! Values come from the chain once and go back only when the program flushes. The two counters of
//! accesses only ever grow, also when the cache is cleared.

use std::collections::HashMap;

use revm::primitives::U256;

/// A cached slot: its value, and the value the chain is known to hold.
#[derive(Clone, Copy, Debug)]
struct Slot {
    value: U256,
    known: Option<U256>,
}

/// The cache of one invocation.
#[derive(Debug, Default)]
pub(crate) struct StorageCache {
    slots: HashMap<U256, Slot>,
    /// Keys in the order they came in, in which they are written back.
    order: Vec<U256>,
    reads: u32,
    writes: u32,
}

impl StorageCache {
    /// Counts a read and gives its fee in gas: 0 up to the 32nd, 2 up to the 128th, then 10.
    pub(crate) fn count_read(&mut self) -> u64 {
        self.reads = self.reads.saturating_add(1);
        match self.reads {
            0..=32 => 0,
            33..=128 => 2,
            _ => 10,
        }
    }

    /// Counts a write and gives its fee in gas: 0 up to the 8th, 7 up to the 64th, then 10.
    pub(crate) fn count_write(&mut self) -> u64 {
        self.writes = self.writes.saturating_add(1);
        match self.writes {
            0..=8 => 0,
            9..=64 => 7,
            _ => 10,
        }
    }

    /// The cached value of a slot.
    pub(crate) fn get(&self, key: U256) -> Option<U256> {
        self.slots.get(&key).map(|slot| slot.value)
    }

    /// Takes in a value the chain holds.
    pub(crate) fn learn(&mut self, key: U256, value: U256) {
        self.insert(key, Slot { value, known: Some(value) });
    }

    /// Takes in a value the program means to write.
    pub(crate) fn write(&mut self, key: U256, value: U256) {
        let known = self.slots.get(&key).and_then(|slot| slot.known);
        self.insert(key, Slot { value, known });
    }

    /// The values the chain does not hold yet, in the order their slots came in; they count as
    /// held from now on.
    pub(crate) fn take_dirty(&mut self) -> Vec<(U256, U256)> {
        let mut dirty = Vec::new();
        for key in &self.order {
            if let Some(slot) = self.slots.get_mut(key)
                && slot.known != Some(slot.value)
            {
                slot.known = Some(slot.value);
                dirty.push((*key, slot.value));
            }
        }
        dirty
    }

    /// Forgets every slot.
    pub(crate) fn clear(&mut self) {
        self.slots.clear();
        self.order.clear();
    }

    fn insert(&mut self, key: U256, slot: Slot) {
        if self.slots.insert(key, slot).is_none() {
            self.order.push(key);
        }
    }
}
