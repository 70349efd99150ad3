//! What a buyer gets and owes, on tables and on random offers. Maker's numbers are in `tests/vectors.rs`.

use num_rational::BigRational;
use proptest::prelude::*;

use super::*;
use crate::reference::{config, numbers, raw as exact, ray, whole};

fn raw(amount: u64) -> Raw {
    Raw(U256::from(amount))
}

fn offer(lot: u64, due: u64, price: u64, min_due: u64) -> Offer {
    Offer { lot_raw: raw(lot), due_raw: raw(due), price: Ray(U256::from(price) * RAY_ONE), min_due_raw: raw(min_due) }
}

#[test]
fn takes_have_the_values_of_the_example() {
    // asked, slice, owed, lot left, due left
    let table = [(25, 22, 110, 18, 0), (22, 22, 110, 18, 0), (11, 11, 55, 29, 55), (20, 17, 88, 23, 22)];
    for (asked, slice, owed, lot_left, due_left) in table {
        let expected = Slice {
            slice_raw: raw(slice),
            owed_raw: raw(owed),
            lot_left_raw: raw(lot_left),
            due_left_raw: raw(due_left),
        };
        assert_eq!(take(&offer(40, 110, 5, 22), raw(asked)), Ok(expected), "{asked}");
        assert_eq!(expected.is_last(), due_left == 0);
    }
}

#[test]
fn a_lot_that_sells_out_below_its_due_ends_the_auction() {
    let taken = take(&offer(10, 110, 5, 22), raw(10)).unwrap();
    assert_eq!((taken.owed_raw, taken.lot_left_raw, taken.due_left_raw), (raw(50), raw(0), raw(60)));
    assert!(taken.is_last());
}

#[test]
fn a_part_is_refused_where_no_more_than_the_minimum_is_due_and_the_whole_is_not() {
    assert_eq!(take(&offer(40, 22, 5, 22), raw(1)), Err(Refusal::PartTooLarge));
    assert_eq!(take(&offer(40, 22, 5, 22), raw(4)).map(|taken| taken.owed_raw), Err(Refusal::PartTooLarge));
    assert_eq!(take(&offer(40, 22, 5, 22), raw(5)).map(|taken| taken.owed_raw), Ok(raw(22)));
    assert_eq!(take(&offer(4, 22, 5, 22), raw(4)).map(|taken| taken.owed_raw), Ok(raw(20)));
    assert_eq!(take(&offer(40, 23, 5, 22), raw(1)), Err(Refusal::SliceTooSmall), "one due buys no unit at five");
}

#[test]
fn nobody_pays_for_nothing() {
    assert_eq!(take(&offer(40, 110, 5, 22), raw(0)), Err(Refusal::SliceTooSmall));
    assert_eq!(take(&offer(40, 4, 5, 0), raw(40)), Err(Refusal::SliceTooSmall));
    assert_eq!(take(&offer(0, 110, 5, 0), raw(40)), Err(Refusal::SliceTooSmall));
}

#[test]
fn a_price_below_one_unit_still_costs_a_unit() {
    let cheap = Offer { price: Ray(U256::ONE), ..offer(40, 110, 0, 0) };
    let taken = take(&cheap, raw(7)).unwrap();
    assert_eq!((taken.slice_raw, taken.owed_raw), (raw(7), raw(1)));
}

#[test]
fn a_free_price_and_amounts_beyond_the_range_are_refused() {
    assert_eq!(take(&offer(40, 110, 0, 22), raw(1)), Err(Refusal::OutOfRange));
    let huge = Offer { due_raw: Raw::MAX, ..offer(40, 110, 5, 22) };
    assert_eq!(take(&huge, raw(1)), Err(Refusal::OutOfRange));
    let wide = Offer { lot_raw: Raw::MAX, price: Ray(RAY_ONE << 150), ..offer(0, 1 << 60, 0, 0) };
    assert_eq!(take(&wide, Raw::MAX), Err(Refusal::SliceTooSmall), "the product is beyond 256 bits: all is due");
}

fn offers() -> impl Strategy<Value = (Offer, Raw)> {
    (numbers(120), numbers(120), numbers(130), numbers(100), numbers(120)).prop_map(
        |(lot, due, price, min_due, asked)| {
            let offer = Offer { lot_raw: Raw(lot), due_raw: Raw(due), price: Ray(price), min_due_raw: Raw(min_due) };
            (offer, Raw(asked))
        },
    )
}

/// Offers whose lot is worth about what is due, so that every branch is met often.
fn close_offers() -> impl Strategy<Value = (Offer, Raw)> {
    (1_u64..1_000_000, 1_u64..1_000_000, 1_u64..100_000_000, 0_u64..500_000, 0_u64..1_200_000).prop_map(
        |(lot, due, price_millionths, min_due, asked)| {
            let price = Ray(U256::from(price_millionths) * RAY_ONE / U256::from(1_000_000));
            (Offer { price, ..offer(lot, due, 0, min_due) }, raw(asked))
        },
    )
}

fn check(offer: &Offer, asked: Raw) -> Result<(), TestCaseError> {
    let taken = match take(offer, asked) {
        Ok(taken) => taken,
        Err(Refusal::PartTooLarge) => {
            prop_assert!(asked < offer.lot_raw && offer.due_raw <= offer.min_due_raw);
            return Ok(());
        }
        Err(Refusal::SliceTooSmall) => {
            // Nothing was asked for, or what may be paid does not buy one unit.
            let most = exact(offer.due_raw.sub_or_zero(offer.min_due_raw));
            let buys_nothing = most < ray(offer.price) || exact(offer.due_raw) < ray(offer.price);
            prop_assert!(asked.is_zero() || offer.lot_raw.is_zero() || buys_nothing);
            return Ok(());
        }
        Err(Refusal::OutOfRange) => {
            prop_assert!(offer.price.is_zero());
            return Ok(());
        }
    };
    prop_assert!(taken.slice_raw <= asked && !taken.slice_raw.is_zero() && !taken.owed_raw.is_zero());
    prop_assert_eq!(taken.slice_raw.try_add(taken.lot_left_raw), Ok(offer.lot_raw));
    prop_assert_eq!(taken.owed_raw.try_add(taken.due_left_raw), Ok(offer.due_raw));
    let dustless = taken.due_left_raw.is_zero() || taken.lot_left_raw.is_zero();
    prop_assert!(dustless || taken.due_left_raw >= offer.min_due_raw);
    let (price, owed) = (ray(offer.price), exact(taken.owed_raw));
    let worth: BigRational = exact(taken.slice_raw) * &price;
    prop_assert!(owed >= worth, "the buyer never owes less than the slice is worth");
    let is_cut = taken.slice_raw < asked.min(offer.lot_raw);
    if !is_cut || price <= whole(1) {
        prop_assert_eq!(owed, worth.ceil());
    } else {
        prop_assert!(owed < worth + price, "the odd part of one collateral unit at most");
    }
    Ok(())
}

proptest! {
    #![proptest_config(config(20_000))]

    #[test]
    fn a_take_keeps_every_promise_on_any_offer((offer, asked) in offers()) {
        check(&offer, asked)?;
    }

    #[test]
    fn a_take_keeps_every_promise_where_lot_and_due_are_close((offer, asked) in close_offers()) {
        check(&offer, asked)?;
    }

    #[test]
    fn asking_for_exactly_the_slice_of_a_quote_gets_no_more_and_owes_no_more((offer, asked) in close_offers()) {
        if let Ok(quoted) = take(&offer, asked)
            && let Ok(taken) = take(&offer, quoted.slice_raw)
        {
            prop_assert!(taken.slice_raw <= quoted.slice_raw && taken.owed_raw <= quoted.owed_raw);
        }
    }
}
