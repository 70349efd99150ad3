//! That every unit of a loss is borne once, by whom it is to be, whenever it is covered; and every unit of a surplus given once.

use proptest::prelude::*;

use super::*;
use crate::reference::{bps, config, floor, numbers, raw};

fn of(amount: u64) -> Raw {
    Raw(U256::from(amount))
}

#[test]
fn surplus_pays_first_then_stakers_then_lenders() {
    for (bad, surplus, held, stakers, lenders) in
        [(100, 100, 50, 0, 0), (100, 40, 70, 60, 0), (100, 40, 60, 60, 0), (100, 40, 50, 50, 10), (100, 0, 0, 0, 100)]
    {
        let left = unpaid(of(bad), of(surplus));
        assert_eq!(lenders_loss(left, of(held)), of(lenders));
        assert_eq!(cover(left, of(held)), Cover { stakers_raw: of(stakers), lenders_raw: of(lenders) });
    }
}

const BOTH: Claimants = Claimants { has_stakers: true, has_treasury: true, stakers: Bps(5_000) };

fn surplus(all: u64, buffer: u64, kept: u64) -> Surplus {
    Surplus { surplus_raw: of(all), cash_raw: of(1_000_000), buffer_raw: of(buffer), kept_raw: of(kept) }
}

fn division(stakers: u64, treasury: u64, kept: u64) -> Result<Division, OutOfRange> {
    Ok(Division { stakers_raw: of(stakers), treasury_raw: of(treasury), kept_raw: of(kept) })
}

#[test]
fn what_is_above_the_buffer_is_divided_and_the_odd_unit_is_the_treasurys() {
    assert_eq!(distribute(&surplus(1_503, 500, 0), &BOTH), division(501, 502, 0));
    assert_eq!(distribute(&surplus(500, 500, 0), &BOTH), division(0, 0, 0));
    assert_eq!(distribute(&surplus(1, 500, 0), &BOTH), division(0, 0, 0));
    let short = Surplus { cash_raw: of(10), ..surplus(1_503, 500, 0) };
    assert_eq!(distribute(&short, &BOTH), division(5, 5, 0));
}

#[test]
fn the_part_of_one_who_is_not_there_is_kept() {
    let alone = Claimants { has_treasury: false, ..BOTH };
    assert_eq!(distribute(&surplus(1_500, 500, 0), &alone), division(500, 0, 500));
    let nobody = Claimants { has_stakers: false, ..alone };
    assert!(distribute(&surplus(1_500, 500, 0), &nobody).unwrap().is_nothing());
    let treasury = Claimants { has_stakers: false, ..BOTH };
    assert_eq!(distribute(&surplus(1_500, 500, 100), &treasury), division(0, 450, 550));
}

#[test]
fn what_was_kept_counts_as_long_as_the_surplus_holds_it() {
    assert_eq!(distribute(&surplus(1_500, 500, 900), &BOTH), division(50, 50, 900));
    assert_eq!(distribute(&surplus(1_300, 500, 900), &BOTH), division(0, 0, 800));
    assert_eq!(distribute(&surplus(400, 500, 900), &BOTH), division(0, 0, 0));
}

proptest! {
    #![proptest_config(config(1_000))]

    #[test]
    fn it_does_not_matter_when_a_loss_is_covered(unpaid in numbers(128), held in numbers(128), due_bps in 0_u64..=10_000) {
        let due = unpaid / U256::from(10_000) * U256::from(due_bps);
        let cover = cover(Raw(due), Raw(held));
        prop_assert_eq!(cover.stakers_raw.0 + cover.lenders_raw.0, due);
        let (later_unpaid, later_held) = (unpaid - due, held - cover.stakers_raw.0);
        // What each bears in all is what it was to bear before.
        let later_stakers = later_unpaid.min(later_held);
        prop_assert_eq!(cover.stakers_raw.0 + later_stakers, unpaid.min(held));
        let later_lenders = lenders_loss(Raw(later_unpaid), Raw(later_held)).0;
        prop_assert_eq!(cover.lenders_raw.0 + later_lenders, lenders_loss(Raw(unpaid), Raw(held)).0);
    }

    #[test]
    fn every_unit_above_the_buffer_is_given_or_kept_once(
        all in numbers(128),
        buffer in numbers(128),
        kept in numbers(128),
        share in 0_u64..=10_000,
        has_stakers in any::<bool>(),
        has_treasury in any::<bool>(),
    ) {
        let before = Surplus { surplus_raw: Raw(all), cash_raw: Raw(all), buffer_raw: Raw(buffer), kept_raw: Raw(kept) };
        let claimants = Claimants { has_stakers, has_treasury, stakers: Bps(share) };
        let division = distribute(&before, &claimants).unwrap();
        let above = all.saturating_sub(buffer);
        let given = division.stakers_raw.0 + division.treasury_raw.0;
        prop_assert_eq!(given + division.kept_raw.0, above);
        let free = above - kept.min(above);
        let stakers = floor(&(raw(Raw(free)) * bps(Bps(share)))).unwrap();
        prop_assert_eq!(division.stakers_raw.0, if has_stakers { stakers } else { U256::ZERO });
        prop_assert_eq!(division.treasury_raw.0, if has_treasury { free - stakers } else { U256::ZERO });
        // Asking again gives nothing.
        let after = Surplus { surplus_raw: Raw(all - given), kept_raw: division.kept_raw, ..before };
        prop_assert!(distribute(&after, &claimants).unwrap().is_nothing());
    }
}
