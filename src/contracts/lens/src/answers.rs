//! Answers that hold a list inside: a position with what it holds, and several positions.

use alloc::vec::Vec;

use common::abi::{Answer, Returned, write_words};
use interface::ILens;

/// A position as an answer.
pub struct Position(pub(crate) ILens::Position);

/// Several positions as an answer.
pub struct Positions(pub(crate) Vec<ILens::Position>);

impl Returned<(ILens::Position,)> for Position {}
impl Returned<(Vec<ILens::Position>,)> for Positions {}

/// The words of a position before its list.
const HEAD_WORDS: u64 = 11;
/// The words of a holding.
const HOLDING_WORDS: u64 = 8;

impl Answer for Position {
    fn write(&self, data: &mut Vec<u8>) {
        write_words(&[&32u64], data);
        append(&self.0, data);
    }
}

impl Answer for Positions {
    fn write(&self, data: &mut Vec<u8>) {
        write_words(&[&32u64, &count_of(&self.0)], data);
        // Where each begins, counted from the first of these numbers.
        let mut offset = count_of(&self.0).saturating_mul(32);
        for position in &self.0 {
            write_words(&[&offset], data);
            offset = offset.saturating_add(words_of(position).saturating_mul(32));
        }
        for position in &self.0 {
            append(position, data);
        }
    }
}

fn append(position: &ILens::Position, data: &mut Vec<u8>) {
    write_words(
        &[
            &position.vaultId,
            &position.owner,
            &position.debtRaw,
            &position.debtValueWad,
            &position.thresholdValueWad,
            &position.ltvValueWad,
            &position.healthWad,
            &position.borrowableRaw,
            &position.unsafeAtSecs,
            &position.status,
            // Where the list begins, counted from the first word of the position.
            &HEAD_WORDS.saturating_mul(32),
            &count_of(&position.holdings),
        ],
        data,
    );
    for holding in &position.holdings {
        write_words(
            &[
                &holding.collateral,
                &holding.amountRaw,
                &holding.priceWad,
                &holding.valueWad,
                &holding.ltvBps,
                &holding.thresholdBps,
                &holding.withdrawableRaw,
                &holding.liquidationPriceWad,
            ],
            data,
        );
    }
}

/// How many words a position takes: its head, the length of its list, the list.
fn words_of(position: &ILens::Position) -> u64 {
    count_of(&position.holdings).saturating_mul(HOLDING_WORDS).saturating_add(HEAD_WORDS).saturating_add(1)
}

fn count_of<T>(items: &[T]) -> u64 {
    u64::try_from(items.len()).unwrap_or(u64::MAX)
}
