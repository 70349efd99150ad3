//! Which auctions are running: a bit for each, 256 in a word, so that starting and ending one is one write.

use alloy_primitives::U256;
use common::Outcome;
use units::{OutOfRange, Raw};

use crate::storage::{Auction, Cap, DUE, RUNNING};

/// How many numbers share a word.
const NUMBERS_IN_A_WORD: u64 = 256;

fn place(number: u64) -> (U256, usize) {
    let word = number.checked_div(NUMBERS_IN_A_WORD).unwrap_or_default();
    let bit = number.checked_rem(NUMBERS_IN_A_WORD).unwrap_or_default();
    (U256::from(word), usize::try_from(bit).unwrap_or_default())
}

impl Auction {
    /// Gives the next number to an auction that starts with `due_raw` due.
    pub(crate) fn new_number(&mut self) -> Outcome<U256> {
        let ever = self.ever().checked_add(1).ok_or(OutOfRange)?;
        let running = self.running().checked_add(1).ok_or(OutOfRange)?;
        self.store_counts(ever, running)?;
        self.toggle(ever);
        Ok(U256::from(ever))
    }

    /// Takes an auction that has ended off the list.
    pub(crate) fn strike_off(&mut self, auction_id: U256) -> Outcome<()> {
        let running = self.running().checked_sub(1).ok_or(OutOfRange)?;
        self.store_counts(self.ever(), running)?;
        self.toggle(u64::try_from(auction_id).map_err(|_| OutOfRange)?);
        Ok(())
    }

    /// The numbers of the running auctions, from the lowest on.
    pub(crate) fn numbers(&self) -> impl Iterator<Item = u64> {
        let (last, _) = place(self.ever());
        let last: u64 = last.saturating_to();
        (0..=last).flat_map(move |word| {
            let bits = RUNNING.get(self, U256::from(word));
            let first = word.saturating_mul(NUMBERS_IN_A_WORD);
            (first..=first.saturating_add(NUMBERS_IN_A_WORD.saturating_sub(1)))
                .filter(move |number| bits.bit(place(*number).1))
        })
    }

    /// Counts what is due: `before_raw` of one auction has become `after_raw`.
    pub(crate) fn recount_due(
        &mut self,
        collateral: alloy_primitives::Address,
        before_raw: Raw,
        after_raw: Raw,
    ) -> Outcome<()> {
        let all_raw = Raw(DUE.get(self)).try_sub(before_raw)?.try_add(after_raw)?;
        DUE.set(self, all_raw.0);
        let Cap { cap_raw, due_raw } = self.cap_of(collateral);
        let due_raw = due_raw.try_sub(before_raw)?.try_add(after_raw)?;
        Ok(self.store_cap(collateral, &Cap { cap_raw, due_raw })?)
    }

    fn toggle(&mut self, number: u64) {
        let (word, bit) = place(number);
        let bits = RUNNING.get(self, word) ^ U256::ONE.wrapping_shl(bit);
        RUNNING.set(self, word, bits);
    }
}
