//! Numbers that look random and are the same for the same seed on every machine: SplitMix64.

/// A source of numbers.
pub(crate) struct Random(u64);

impl Random {
    pub(crate) fn new(seed: u64) -> Self {
        Self(seed)
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// A number from `low` to `high`, both included.
    pub(crate) fn between(&mut self, low: u64, high: u64) -> u64 {
        low + self.next() % (high - low + 1)
    }

    /// Whether one of `times` came up.
    pub(crate) fn one_in(&mut self, times: u64) -> bool {
        self.between(1, times) == 1
    }

    /// One of the things.
    pub(crate) fn pick<T: Copy>(&mut self, things: &[T]) -> T {
        let last = u64::try_from(things.len()).expect("a slice") - 1;
        things[usize::try_from(self.between(0, last)).expect("an index")]
    }

    /// A part of an amount: mostly somewhere in it, sometimes nothing, one unit, all, or one unit more than all.
    pub(crate) fn part_of(&mut self, whole: u128) -> u128 {
        match self.between(0, 15) {
            0 => 0,
            1 => 1,
            2 | 3 => whole,
            4 => whole + 1,
            _ => {
                whole / 1_000_000 * u128::from(self.between(1, 1_000_000))
                    + u128::from(self.between(0, 999)).min(whole % 1_000_000)
            }
        }
    }
}
