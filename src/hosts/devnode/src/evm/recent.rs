//! The programs that ran last in a block, which start as if they were cached (from ArbOS 60 on).

use std::collections::VecDeque;

use revm::primitives::B256;

/// Code hashes of the programs that ran last in this block, the most recent first.
///
/// What a reverted call ran stays in: the list follows what the machine did, not the state.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RecentPrograms(VecDeque<B256>);

impl RecentPrograms {
    /// Moves a program to the front and tells whether it was in the list. Of more than `capacity` programs the last is forgotten.
    pub fn touch(&mut self, codehash: B256, capacity: u16) -> bool {
        let place = self.0.iter().position(|known| *known == codehash);
        if let Some(place) = place {
            self.0.remove(place);
        }
        self.0.push_front(codehash);
        self.0.truncate(usize::from(capacity));
        place.is_some()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_program_that_ran_longest_ago_is_forgotten_first() {
        let [a, b, c] = [1, 2, 3].map(B256::repeat_byte);
        let mut recent = RecentPrograms::default();
        assert_eq!([a, b, a, c].map(|program| recent.touch(program, 2)), [false, false, true, false]);
        // Of a and c, a ran again after b; so b is gone.
        assert_eq!([a, b].map(|program| recent.touch(program, 2)), [true, false]);
        assert!(!RecentPrograms::default().touch(a, 0));
        let mut none = RecentPrograms::default();
        assert_eq!([a, a].map(|program| none.touch(program, 0)), [false, false]);
    }
}
