//! Each function by example, and every refusal changes nothing. Long random sequences are in `sequences`.

use units::{Bps, RAY_ONE, U256};

use super::*;
use crate::bounds::RATE_MAX_YEARLY_BPS;
use crate::interest::YEARLY_BPS_RAY;

fn raw(amount: u64) -> Raw {
    Raw(U256::from(amount))
}

fn funded(amount: u64) -> Books {
    let mut books = Books::open(Secs(1_000));
    books.fund(raw(amount)).unwrap();
    books
}

fn surplus(books: &Books, unpaid: &Unpaid) -> Raw {
    books.surplus(unpaid).unwrap()
}

#[test]
fn a_liquidation_with_a_loss_runs_through_the_books() {
    let (mut books, mut unpaid) = (funded(1_000), Unpaid::default());
    let shares = books.borrow(raw(400)).unwrap();
    let double = Ray(RAY_ONE * U256::from(2));
    assert_eq!(
        books.accrue(&RateCurve::flat(Ray(RAY_ONE), Bps(10_000)), Secs(1_001)),
        Ok(Interest { interest_raw: raw(400), reserve_raw: raw(400) }),
        "the debt has doubled in a second"
    );
    assert_eq!(surplus(&books, &unpaid), raw(400));
    let moved = books.start_liquidation(&mut unpaid.on_auction_raw, shares, raw(900)).unwrap();
    assert_eq!(moved, Removed { amount_raw: raw(800), shares });
    books.collect(&mut unpaid, raw(300), raw(0)).unwrap();
    let returned = books.return_debt(&mut unpaid, raw(101)).unwrap();
    assert_eq!(returned, Shares(U256::from(51)));
    assert_eq!(surplus(&books, &unpaid), raw(401), "51 shares owe 102: the odd unit is a gain");
    unpaid.realise_bad_debt(raw(399)).unwrap();
    assert_eq!(books.absorb(&mut unpaid), Ok(raw(399)));
    assert_eq!(books.pay_reward(&unpaid, raw(50)), Ok(raw(2)), "no more than the surplus");
    let expected = Books {
        cash_raw: raw(898),
        funded_raw: raw(1_000),
        debt_shares: Shares(U256::from(51)),
        index: double,
        accrued_at: Secs(1_001),
    };
    assert_eq!((books, unpaid), (expected, Unpaid::default()));
    assert_eq!(surplus(&books, &unpaid), raw(0));
}

#[test]
fn the_lenders_bear_what_the_surplus_cannot() {
    let (mut books, mut unpaid) = (funded(1_000), Unpaid::default());
    books.fund_surplus(raw(50)).unwrap();
    let shares = books.borrow(raw(400)).unwrap();
    books.start_liquidation(&mut unpaid.on_auction_raw, shares, raw(400)).unwrap();
    unpaid.realise_bad_debt(raw(400)).unwrap();
    assert_eq!(books.absorb(&mut unpaid), Ok(raw(50)));
    assert_eq!((unpaid.bad_debt_raw, surplus(&books, &unpaid)), (raw(350), raw(0)));
    assert_eq!(books.write_down(&mut unpaid, raw(100)), raw(100));
    assert_eq!((unpaid.bad_debt_raw, books.funded_raw), (raw(250), raw(900)));
    assert_eq!(books.write_down(&mut unpaid, raw(1_000)), raw(250), "no more than there is");
    assert_eq!((unpaid.bad_debt_raw, books.funded_raw, books.cash_raw), (raw(0), raw(650), raw(650)));
    assert_eq!(surplus(&books, &unpaid), raw(0));
    // And no more than they lent.
    let mut left = Unpaid { on_auction_raw: raw(0), bad_debt_raw: raw(700) };
    assert_eq!(books.write_down(&mut left, raw(700)), raw(650));
    assert_eq!((left.bad_debt_raw, books.funded_raw), (raw(50), raw(0)));
}

#[test]
fn the_surplus_is_drawn_as_far_as_it_and_the_cash_reach() {
    let (mut books, unpaid) = (funded(100), Unpaid::default());
    books.fund_surplus(raw(50)).unwrap();
    let refused = Refusal::NotEnoughSurplus { surplus_raw: raw(50), asked_raw: raw(51) };
    assert_eq!(books.draw_surplus(&unpaid, raw(51)), Err(refused));
    books.borrow(raw(120)).unwrap();
    let refused = Refusal::NotEnoughCash { held_raw: raw(30), asked_raw: raw(31) };
    assert_eq!(books.draw_surplus(&unpaid, raw(31)), Err(refused));
    assert_eq!(books.draw_surplus(&unpaid, raw(30)), Ok(()));
    assert_eq!((books.cash_raw, books.funded_raw, surplus(&books, &unpaid)), (raw(0), raw(100), raw(20)));
}

#[test]
fn interest_is_by_the_share_lent_when_it_began() {
    let mut books = funded(1_000);
    books.borrow(raw(250)).unwrap();
    let slope = Ray(RAY_ONE);
    let curve = RateCurve { base: Ray::ZERO, kink: Bps(5_000), slope1: slope, slope2: slope, reserve: Bps(1_000) };
    // A quarter lent is half of the way to the kink: the debt grows by a half in the second.
    assert_eq!(books.rate(&curve), Ok(Ray(RAY_ONE + RAY_ONE / U256::from(2))));
    let interest = Interest { interest_raw: raw(125), reserve_raw: raw(13) };
    assert_eq!(books.accrue(&curve, Secs(1_001)), Ok(interest), "a tenth of 125, the half for the surplus");
    // 375 of 1,125 lent are a third, two thirds of the way to the kink.
    let interest = Interest { interest_raw: raw(251), reserve_raw: raw(26) };
    assert_eq!(books.accrue(&curve, Secs(1_002)), Ok(interest), "250, and the unit that rounding up the rate brings");
    assert_eq!((books.funded_raw, surplus(&books, &Unpaid::default())), (raw(1_337), raw(39)));
    // All of the cash lent as well: two slopes above one, which is three times the debt.
    books.borrow(raw(750)).unwrap();
    assert_eq!(books.rate(&curve), Ok(Ray(RAY_ONE * U256::from(3))));
}

#[test]
fn a_refusal_names_what_there_is_and_changes_nothing() {
    let (mut books, mut unpaid) = (funded(100), Unpaid::default());
    books.borrow(raw(40)).unwrap();
    let before = books;
    assert_eq!(books.borrow(raw(61)), Err(Refusal::NotEnoughCash { held_raw: raw(60), asked_raw: raw(61) }));
    assert_eq!(books.defund(raw(61)), Err(Refusal::NotEnoughCash { held_raw: raw(60), asked_raw: raw(61) }));
    assert_eq!(books.collect(&mut unpaid, raw(1), raw(0)), Err(OutOfRange));
    assert_eq!(books.return_debt(&mut unpaid, raw(1)), Err(OutOfRange));
    assert_eq!(unpaid.realise_bad_debt(raw(1)), Err(OutOfRange));
    assert_eq!(books.fund(Raw::MAX), Err(OutOfRange));
    assert_eq!(books.fund_surplus(Raw::MAX), Err(OutOfRange));
    assert_eq!(books.repay(Shares(U256::from(41)), raw(41)), Err(Refusal::OutOfRange));
    assert_eq!(
        books.start_liquidation(&mut unpaid.on_auction_raw, Shares(U256::from(41)), raw(41)),
        Err(Refusal::OutOfRange)
    );
    assert_eq!((books, unpaid), (before, Unpaid::default()));
}

#[test]
fn what_is_lent_and_given_leaves_room_for_what_is_repaid() {
    let most = MOST_LENT_RAW;
    let mut books = funded(1_000);
    books.borrow(raw(1_000)).unwrap();
    let before = books;
    assert_eq!(books.fund(most.try_sub(raw(999)).unwrap()), Err(OutOfRange));
    assert_eq!(books.fund(Raw::MAX), Err(OutOfRange));
    assert_eq!(books, before);
    books.fund(most.try_sub(raw(1_000)).unwrap()).unwrap();
    assert_eq!((books.funded_raw, books.fund(raw(1))), (most, Err(OutOfRange)));
    // Gifts may bring the cash to twice that, and one.
    let before = books;
    let twice = most.try_add(most).unwrap().try_add(raw(1)).unwrap();
    let room = twice.try_sub(books.cash_raw).unwrap();
    assert_eq!(books.fund_surplus(room.try_add(raw(1)).unwrap()), Err(OutOfRange));
    assert_eq!(books.fund_surplus(Raw::MAX), Err(OutOfRange));
    assert_eq!(books, before);
    books.fund_surplus(room).unwrap();
    assert_eq!((books.cash_raw, books.fund_surplus(raw(1))), (twice, Err(OutOfRange)));
    assert!(books.repay(books.debt_shares, raw(1_000)).is_ok());
}

#[test]
fn gifts_to_the_surplus_cannot_be_defunded() {
    let mut books = funded(100);
    books.fund_surplus(raw(50)).unwrap();
    assert_eq!(books.defund(raw(101)), Err(Refusal::NotEnoughCash { held_raw: raw(100), asked_raw: raw(101) }));
    assert_eq!(books.defund(raw(100)), Ok(()));
    assert_eq!((books.cash_raw, books.funded_raw), (raw(50), raw(0)));
    assert_eq!(surplus(&books, &Unpaid::default()), raw(50));
}

#[test]
fn an_amount_that_removes_no_share_is_refused_and_the_last_unit_is_not() {
    let mut books = funded(1_000);
    let shares = books.borrow(raw(1)).unwrap();
    books.accrue(&RateCurve::flat(Ray(RAY_ONE * U256::from(2)), Bps(0)), Secs(1_001)).unwrap();
    assert_eq!(books.debt_of_up(shares), Ok(raw(3)));
    assert_eq!(books.repay(shares, raw(2)), Err(Refusal::RoundsToZero));
    assert_eq!(books.start_liquidation(&mut Raw::ZERO.clone(), shares, raw(2)), Err(Refusal::RoundsToZero));
    assert_eq!(books.repay(shares, raw(3)), Ok(Removed { amount_raw: raw(3), shares }));
    assert_eq!(books.debt_shares, Shares::ZERO);
}

#[test]
fn time_that_has_passed_already_changes_nothing() {
    let mut books = funded(1_000);
    books.borrow(raw(100)).unwrap();
    let before = books;
    let greatest = RateCurve::flat(Ray(U256::from(RATE_MAX_YEARLY_BPS) * U256::from(YEARLY_BPS_RAY)), Bps(1_000));
    assert_eq!(books.accrue(&greatest, Secs(999)), Ok(Interest::default()));
    assert_eq!(books.accrue(&greatest, Secs(1_000)), Ok(Interest::default()));
    assert_eq!(books, before);
}

mod sequences;
