//! Which auctions are running, and what is due in them.
//!
//! A bit for each auction that has ended, 256 in a word: starting one writes nothing here, for its number is the next, and the
//! words are never zero again, so that an end costs the same whether or not it is the last.

use alloy_primitives::U256;
use common::Outcome;
use units::{OutOfRange, Raw};

use crate::storage::{Auction, ENDED, Totals};

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
        Ok(U256::from(totals.ever))
    }

    /// Takes an auction in which `due_raw` was due off the list.
    pub(crate) fn strike_off(&mut self, auction_id: U256, collateral_number: u64, due_raw: Raw) -> Outcome<()> {
        let mut totals = self.totals();
        totals.running = totals.running.checked_sub(1).ok_or(OutOfRange)?;
        self.recount(totals, collateral_number, due_raw, Raw::ZERO)?;
        let (word, bit) = place(u64::try_from(auction_id).map_err(|_| OutOfRange)?);
        let ended = ENDED.get(self, word) | U256::ONE.wrapping_shl(bit);
        ENDED.set(self, word, ended);
        Ok(())
    }

    /// Counts what is due: `before_raw` of one auction has become `after_raw`.
    pub(crate) fn recount_due(&mut self, collateral_number: u64, before_raw: Raw, after_raw: Raw) -> Outcome<()> {
        self.recount(self.totals(), collateral_number, before_raw, after_raw)
    }

    /// The numbers of the running auctions, from the lowest on.
    pub(crate) fn numbers(&self) -> impl Iterator<Item = u64> {
        let last = self.totals().ever;
        let words: u64 = place(last).0.saturating_to();
        (0..=words).flat_map(move |word| {
            let ended = ENDED.get(self, U256::from(word));
            let first = word.saturating_mul(NUMBERS_IN_A_WORD);
            let end = first.saturating_add(NUMBERS_IN_A_WORD).min(last.saturating_add(1));
            // Numbers begin at one.
            (first.max(1)..end).filter(move |number| !ended.bit(place(*number).1))
        })
    }

    fn recount(&mut self, mut totals: Totals, collateral_number: u64, before_raw: Raw, after_raw: Raw) -> Outcome<()> {
        totals.due_raw = totals.due_raw.try_sub(before_raw)?.try_add(after_raw)?;
        self.store_totals(&totals)?;
        let mut collateral = self.collateral_at(collateral_number);
        collateral.due_raw = collateral.due_raw.try_sub(before_raw)?.try_add(after_raw)?;
        Ok(self.store_collateral(collateral_number, &collateral)?)
    }
}
