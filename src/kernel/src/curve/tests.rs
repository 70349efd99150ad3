//! The price never rises and is never zero; when a restart is needed. Maker's numbers are in `tests/vectors.rs`.

use num_bigint::BigInt;
use num_rational::BigRational;
use proptest::prelude::*;

use super::*;
use crate::bounds::CUT_MAX_RAY;
use crate::reference::{bps, config, floor, numbers, ray};

fn price(value: u64) -> Ray {
    Ray(U256::from(value) * RAY_ONE)
}

fn terms() -> Terms {
    Terms {
        curve: Curve::Stairs,
        cut: Ray(U256::from(99) * RAY_ONE / U256::from(100)),
        step: Secs(90),
        buffer: Bps(11_000),
        tail: Secs(7_200),
        cusp: Bps(4_500),
        floor: Bps(3_000),
        cap: Raw::MAX,
    }
}

fn restart_is_needed(terms: &Terms, start: &Start, elapsed: u64) -> bool {
    let price = price_at(terms, start, Secs(elapsed)).unwrap();
    needs_restart(terms, start, Secs(elapsed), price, Uptime::Unbroken).unwrap()
}

#[test]
fn an_auction_starts_and_stops_where_the_example_says() {
    let start = start(price(2_000), &terms()).unwrap();
    assert_eq!(start, Start { top: price(2_200), floor: price(600) });
    assert_eq!(price_at(&terms(), &start, Secs(0)), Ok(start.top));
    assert_eq!(price_at(&terms(), &start, Secs(89)), Ok(start.top));
    assert_eq!(price_at(&terms(), &start, Secs(90)), Ok(price(2_178)));
}

#[test]
fn an_english_auction_begins_and_stays_at_its_floor() {
    let bids = Terms { curve: Curve::English, buffer: Bps(0), cusp: Bps(0), ..terms() };
    let start = start(price(2_000), &bids).unwrap();
    assert_eq!(start, Start { top: price(600), floor: price(600) });
    assert_eq!(
        (price_at(&bids, &start, Secs(0)), price_at(&bids, &start, Secs(u64::MAX))),
        (Ok(price(600)), Ok(price(600)))
    );
    assert_eq!(super::start(Ray(U256::ONE), &bids), Ok(Start { top: Ray(U256::ONE), floor: Ray(U256::ONE) }));
}

#[test]
fn a_start_needs_a_price_and_has_a_floor_of_at_least_one_unit() {
    assert_eq!(start(Ray::ZERO, &terms()), Err(OutOfRange));
    let two = Ray(U256::from(2));
    assert_eq!(start(two, &terms()), Ok(Start { top: two, floor: Ray(U256::ONE) }));
}

#[test]
fn a_falling_price_does_not_begin_at_its_floor() {
    // Both would be one unit.
    assert_eq!(start(Ray(U256::ONE), &terms()), Err(OutOfRange));
    let at_par = Terms { buffer: Bps(10_000), floor: Bps(9_999), ..terms() };
    for price in [1_u64, 2, 9_999, 10_000] {
        let (start, price) = (start(Ray(U256::from(price)), &at_par), U256::from(price));
        assert_eq!(
            start.map(|start| (start.top.0, start.floor.0)),
            if price == U256::ONE { Err(OutOfRange) } else { Ok((price, price - U256::ONE)) }
        );
    }
}

#[test]
fn the_tail_itself_is_still_for_sale_and_the_second_after_is_not() {
    let terms = Terms { cusp: Bps(100), tail: Secs(900), ..terms() };
    let start = start(price(2_000), &terms).unwrap();
    assert!(!restart_is_needed(&terms, &start, 900));
    assert!(restart_is_needed(&terms, &start, 901));
}

#[test]
fn the_cusp_itself_is_still_for_sale_and_below_it_is_not() {
    let terms = Terms { curve: Curve::Linear, step: Secs(3_600), cusp: Bps(5_000), ..terms() };
    let start = start(price(2_000), &terms).unwrap();
    assert!(!restart_is_needed(&terms, &start, 1_800));
    assert!(restart_is_needed(&terms, &start, 1_801));
}

#[test]
fn nothing_is_sold_at_the_floor() {
    // The floor of 95% of the oracle's price is reached while 95% / 110% of the top is far above the cusp.
    let terms = Terms { floor: Bps(9_500), ..terms() };
    let start = start(price(2_000), &terms).unwrap();
    let at_floor = (0..).find(|steps| price_at(&terms, &start, Secs(steps * 90)) == Ok(start.floor)).unwrap();
    assert_eq!(at_floor, 15, "2200 * 0.99^15 = 1892.1 is below the floor of 1900");
    assert!(!restart_is_needed(&terms, &start, 15 * 90 - 1));
    assert!(restart_is_needed(&terms, &start, 15 * 90));
}

#[test]
fn an_outage_since_the_start_needs_a_restart_and_one_before_does_not() {
    let start = start(price(2_000), &terms()).unwrap();
    let needs = |uptime| needs_restart(&terms(), &start, Secs(1), start.top, uptime).unwrap();
    let at = |is_up, since: u64| Uptime::since_start(is_up, U256::from(since), Secs(500));
    assert!(!needs(at(true, 500)));
    assert!(!needs(at(true, 0)));
    assert!(needs(at(true, 501)));
    assert!(needs(at(false, 100)));
    assert_eq!(Uptime::since_start(true, U256::MAX, Secs(500)), Uptime::Broken);
}

#[test]
fn curves_have_numbers_and_numbers_have_curves() {
    for number in 0..6 {
        let expected = if (1..=4).contains(&number) { Some(number) } else { None };
        assert_eq!(Curve::from_number(number).map(Curve::number), expected);
    }
}

#[test]
fn steps_of_no_length_are_refused_and_a_line_of_no_length_is_at_zero() {
    assert_eq!(stairs_down(price(1), Ray(RAY_ONE), Secs(0), Secs(5)), Err(OutOfRange));
    assert_eq!(linear_down(price(1), Secs(0), Secs(0)), Ok(Ray::ZERO));
}

fn any_terms() -> impl Strategy<Value = Terms> {
    let cuts = prop_oneof![
        2 => (0_u64..10_000).prop_map(|less| Ray(CUT_MAX_RAY - U256::from(less))),
        4 => (1_u64..2_000).prop_map(|cut| Ray(Bps(10_000 - cut).to_ray().0 - U256::ONE)),
        1 => numbers(89).prop_map(|cut| Ray(cut.clamp(U256::ONE, CUT_MAX_RAY))),
    ];
    (1_u64..=3, cuts, 1_u64..5_000, 10_000_u64..=20_000, 60_u64..=604_800, 100_u64..9_999, 100_u64..9_999).prop_map(
        |(curve, cut, step, buffer, tail, cusp, floor)| Terms {
            curve: Curve::from_number(curve).unwrap(),
            cut,
            step: Secs(step),
            buffer: Bps(buffer),
            tail: Secs(tail),
            cusp: Bps(cusp),
            floor: Bps(floor),
            cap: Raw::MAX,
        },
    )
}

/// A start, or nothing where the price is refused, which only one below two units can be: floor and buffer are a unit apart from there.
fn start_or_refused(price: Ray, terms: &Terms) -> Result<Option<Start>, TestCaseError> {
    let start = start(price, terms).ok();
    prop_assert!(start.is_some() || price.0 < U256::from(2));
    Ok(start)
}

proptest! {
    #![proptest_config(config(20_000))]

    #[test]
    fn a_price_never_rises_and_is_never_zero_nor_below_its_floor(
        terms in any_terms(), oracle in numbers(150), elapsed in 0_u64..=604_800, later in 1_u64..200,
    ) {
        let Some(start) = start_or_refused(Ray(oracle), &terms)? else { return Ok(()) };
        let here = price_at(&terms, &start, Secs(elapsed)).unwrap();
        let there = price_at(&terms, &start, Secs(elapsed + later)).unwrap();
        prop_assert!(there <= here);
        prop_assert!(here <= start.top);
        prop_assert!(there >= start.floor && !there.is_zero());
    }

    #[test]
    fn a_price_at_which_one_may_buy_is_above_the_floor_and_the_cusp(
        terms in any_terms(), oracle in numbers(150), elapsed in 0_u64..=604_800,
    ) {
        let Some(start) = start_or_refused(Ray(oracle), &terms)? else { return Ok(()) };
        let price = price_at(&terms, &start, Secs(elapsed)).unwrap();
        if !needs_restart(&terms, &start, Secs(elapsed), price, Uptime::Unbroken).unwrap() {
            prop_assert!(price > start.floor && elapsed <= terms.tail.0);
            prop_assert!(ray(price) >= ray(start.top) * bps(terms.cusp));
        }
    }
}

proptest! {
    #![proptest_config(config(500))]

    #[test]
    fn a_curve_differs_from_the_exact_one_by_less_than_its_rounding(
        less in 1_u64..2_000, elapsed in 0_u64..1_500, top in numbers(120),
    ) {
        // Each of the multiplications in the power is off by half a unit of ray at most, and errors add up to at most
        // one for each factor; the last division loses less than one more unit of the price.
        let cut = Bps(10_000 - less).to_ray();
        let price = exponential_down(Ray(top), cut, Secs(elapsed)).unwrap();
        let factors = u32::try_from(elapsed).unwrap();
        let exact_power = BigRational::new(BigInt::from(10_000 - less).pow(factors), BigInt::from(10_000).pow(factors));
        let slack: BigRational = crate::reference::whole(elapsed + 1) * ray(Ray(U256::ONE));
        let low = ray(Ray(top)) * (&exact_power - &slack);
        let high = ray(Ray(top)) * (&exact_power + &slack);
        let unit = ray(Ray(U256::ONE));
        prop_assert!(ray(price) + unit > low && ray(price) <= high);
        let line = linear_down(Ray(top), Secs(1_500), Secs(elapsed)).unwrap();
        let share = BigRational::new((1_500 - elapsed).into(), 1_500.into());
        let share_ray = floor(&(share * crate::reference::raw(Raw(RAY_ONE)))).unwrap();
        prop_assert_eq!(Some(line.0), floor(&(ray(Ray(top)) * crate::reference::raw(Raw(share_ray)))));
    }
}
