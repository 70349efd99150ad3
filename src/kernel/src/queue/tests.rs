//! The queue against a list that is paid from its front, one entry after the other.

use core::cell::Cell;
use std::vec::Vec;

use proptest::prelude::*;
use units::U256;

use super::*;
use crate::reference::config;

fn of(amount: u64) -> Raw {
    Raw(U256::from(amount))
}

/// Entries of these amounts at these moments, made by the queue itself.
fn made(amounts: &[(u64, u64)]) -> (Queue, Vec<Entry>) {
    let mut queue = Queue { count: 0, ever_raw: Raw::ZERO };
    let mut entries = Vec::new();
    for (number, (amount, at)) in amounts.iter().enumerate() {
        let (next, entry) = queue.with(number as u64 + 1, of(*amount), Secs(*at)).unwrap();
        queue = next;
        entries.push(entry);
    }
    (queue, entries)
}

#[test]
fn the_oldest_is_paid_first_and_due_first() {
    let (queue, entries) = made(&[(10, 100), (20, 150), (30, 200)]);
    let read = |number: u64| entries[number as usize];
    let due = |bad: u64, now: u64| queue.due(of(bad), Secs(100), Secs(now), read).unwrap();
    let first = |bad: u64| queue.first_unpaid(of(bad), read);
    // Unpaid, first unpaid, due at 199, 200, 250, 300.
    for (bad, first_unpaid, expected) in [
        (60, 0, [0, 10, 30, 60]),
        (51, 0, [0, 1, 21, 51]),
        (50, 1, [0, 0, 20, 50]),
        (30, 2, [0, 0, 0, 30]),
        (1, 2, [0, 0, 0, 1]),
        (0, 3, [0, 0, 0, 0]),
        // Five more than was ever queued are due at once.
        (65, 0, [5, 15, 35, 65]),
    ] {
        assert_eq!(first(bad), first_unpaid, "{bad} unpaid");
        assert_eq!([199, 200, 250, 300].map(|now| due(bad, now)), expected.map(of), "{bad} unpaid");
    }
    assert_eq!(queue.next_due_at(of(50), Secs(100), read), Secs(250));
    assert_eq!(queue.next_due_at(of(0), Secs(100), read), Secs(0));
    assert_eq!(queue.paid(of(45)), of(15));
}

#[test]
fn an_empty_queue_has_nothing_of_it_paid_or_young() {
    let (queue, _) = made(&[]);
    let read = |_: u64| -> Entry { panic!("there is none") };
    assert_eq!(queue.first_unpaid(of(7), read), 0);
    assert_eq!(queue.due(of(7), Secs(100), Secs(0), read), Ok(of(7)));
    assert_eq!(queue.next_due_at(of(7), Secs(100), read), Secs(0));
}

#[test]
fn what_is_too_large_is_refused() {
    let full = Queue { count: 1, ever_raw: Raw::MAX };
    assert_eq!(full.with(1, of(1), Secs(0)), Err(OutOfRange));
    assert_eq!(Queue { count: u64::MAX, ever_raw: Raw::ZERO }.with(1, of(1), Secs(0)), Err(OutOfRange));
}

#[test]
fn no_search_looks_more_than_64_times() {
    for (count, turn) in
        [(u64::MAX, 0), (u64::MAX, u64::MAX), (u64::MAX, 1 << 40), (1, 0), (1, 1), (0, 0), (1_000, 999)]
    {
        let asked = Cell::new(0_u32);
        let found = first_where(count, |number| {
            assert!(number < count);
            asked.set(asked.get() + 1);
            number >= turn
        });
        assert_eq!(found, turn.min(count));
        assert!(asked.get() <= 64, "{count}: {}", asked.get());
    }
}

proptest! {
    #![proptest_config(config(500))]

    #[test]
    fn the_queue_is_the_list_that_is_paid_from_its_front(
        steps in prop::collection::vec((1_u64..1_000, 0_u64..50), 0..40),
        paid_bps in 0_u64..=10_000,
        patience in 0_u64..600,
        later in 0_u64..700,
    ) {
        let mut now = 1_000;
        let amounts: Vec<_> = steps.iter().map(|(amount, wait)| { now += wait; (*amount, now) }).collect();
        let (queue, entries) = made(&amounts);
        let read = |number: u64| entries[number as usize];
        now += later;
        let ever: u64 = amounts.iter().map(|(amount, _)| amount).sum();
        let mut to_pay = ever * paid_bps / 10_000;
        let bad = of(ever - to_pay);
        // The slow list.
        let mut left: Vec<(usize, u64, u64)> = Vec::new();
        for (number, (amount, at)) in amounts.iter().enumerate() {
            let paid = to_pay.min(*amount);
            to_pay -= paid;
            if *amount > paid {
                left.push((number, amount - paid, *at));
            }
        }
        prop_assert_eq!(queue.first_unpaid(bad, read), left.first().map_or(entries.len(), |first| first.0) as u64);
        let due: u64 = left.iter().filter(|(_, _, at)| at + patience <= now).map(|(_, amount, _)| amount).sum();
        prop_assert_eq!(queue.due(bad, Secs(patience), Secs(now), read), Ok(of(due)));
        let next = left.first().map_or(0, |(_, _, at)| at + patience);
        prop_assert_eq!(queue.next_due_at(bad, Secs(patience), read), Secs(next));
    }
}
