//! Which auctions are running, a bit for each, 256 in a word, so that starting and ending one is one write; and what is due in them.

use alloy_primitives::U256;
use common::Outcome;
use units::{OutOfRange, Raw};

use crate::storage::{Auction, RUNNING, Totals};

/// How many numbers share a word.
const NUMBERS_IN_A_WORD: u64 = 256;

fn place(number: u64) -> (U256, usize) {
    let word = number.checked_div(NUMBERS_IN_A_WORD).unwrap_or_default();
    let bit = number.checked_rem(NUMBERS_IN_A_WORD).unwrap_or_default();
    (U256::from(word), usize::try_from(bit).unwrap_or_default())
}

impl Auction {
    /// Gives the next number to an auction that starts, and counts what is due in it.
    pub(crate) fn new_number(&mut self, collateral_number: u64, due_raw: Raw) -> Outcome<U256> {
        let mut totals = self.totals();
        totals.ever = totals.ever.checked_add(1).ok_or(OutOfRange)?;
        totals.running = totals.running.checked_add(1).ok_or(OutOfRange)?;
        self.recount(totals, collateral_number, Raw::ZERO, due_raw)?;
        self.toggle(totals.ever);
        Ok(U256::from(totals.ever))
    }

    /// Takes an auction in which `due_raw` was due off the list.
    pub(crate) fn strike_off(&mut self, auction_id: U256, collateral_number: u64, due_raw: Raw) -> Outcome<()> {
        let mut totals = self.totals();
        totals.running = totals.running.checked_sub(1).ok_or(OutOfRange)?;
        self.recount(totals, collateral_number, due_raw, Raw::ZERO)?;
        self.toggle(u64::try_from(auction_id).map_err(|_| OutOfRange)?);
        Ok(())
    }

    /// Counts what is due: `before_raw` of one auction has become `after_raw`.
    pub(crate) fn recount_due(&mut self, collateral_number: u64, before_raw: Raw, after_raw: Raw) -> Outcome<()> {
        self.recount(self.totals(), collateral_number, before_raw, after_raw)
    }

    /// The numbers of the running auctions, from the lowest on.
    pub(crate) fn numbers(&self) -> impl Iterator<Item = u64> {
        let (last, _) = place(self.totals().ever);
        let last: u64 = last.saturating_to();
        (0..=last).flat_map(move |word| {
            let bits = RUNNING.get(self, U256::from(word));
            let first = word.saturating_mul(NUMBERS_IN_A_WORD);
            (first..=first.saturating_add(NUMBERS_IN_A_WORD.saturating_sub(1)))
                .filter(move |number| bits.bit(place(*number).1))
        })
    }

    fn recount(&mut self, mut totals: Totals, collateral_number: u64, before_raw: Raw, after_raw: Raw) -> Outcome<()> {
        totals.due_raw = totals.due_raw.try_sub(before_raw)?.try_add(after_raw)?;
        self.store_totals(&totals)?;
        let mut collateral = self.collateral_at(collateral_number);
        collateral.due_raw = collateral.due_raw.try_sub(before_raw)?.try_add(after_raw)?;
        Ok(self.store_collateral(collateral_number, &collateral)?)
    }

    fn toggle(&mut self, number: u64) {
        let (word, bit) = place(number);
        let bits = RUNNING.get(self, word) ^ U256::ONE.wrapping_shl(bit);
        RUNNING.set(self, word, bits);
    }
}
