//! Every check on its edge, the order of the checks, and the price against exact fractions.

use proptest::prelude::*;
use std::vec::Vec;

use super::*;
use crate::reference::{ceil, config, fraction, numbers};

const NOW: Secs = Secs(1_700_000_000);
const HEARTBEAT: Secs = Secs(3_600);

fn round(answer: u64, age_secs: u64) -> Round {
    Round { answer: U256::from(answer), updated_at_secs: U256::from(NOW.0 - age_secs) }
}

fn status(round: &Round, decimals: u8) -> Status {
    read_round(round, decimals, HEARTBEAT, NOW).status
}

#[test]
fn a_good_round_gives_its_price_in_wad() {
    let reading = read_round(&round(250_000_000_000, 10), 8, HEARTBEAT, NOW);
    let expected = Reading {
        price_wad: Wad(U256::from(2_500) * units::WAD_ONE),
        updated_at_secs: U256::from(NOW.0 - 10),
        status: Status::Usable,
    };
    assert_eq!(reading, expected);
}

#[test]
fn a_round_is_fresh_for_exactly_its_heartbeat() {
    assert_eq!(status(&round(1, 0), 8), Status::Usable);
    assert_eq!(status(&round(1, 3_600), 8), Status::Usable);
    let stale = read_round(&round(100_000_000, 3_601), 8, HEARTBEAT, NOW);
    assert_eq!(stale.status, Status::AnswerStale);
    assert_eq!(stale.price_wad, Wad(units::WAD_ONE), "a stale price is still shown");
}

#[test]
fn a_round_from_the_future_is_refused_even_by_a_second_and_by_for_ever() {
    let mut ahead = round(100_000_000, 0);
    ahead.updated_at_secs += U256::ONE;
    assert_eq!(status(&ahead, 8), Status::AnswerFromFuture);
    ahead.updated_at_secs = U256::MAX;
    let reading = read_round(&ahead, 8, HEARTBEAT, NOW);
    assert_eq!((reading.status, reading.updated_at_secs), (Status::AnswerFromFuture, U256::MAX));
}

#[test]
fn the_first_failed_check_names_the_status() {
    let incomplete = Round { answer: U256::ZERO, updated_at_secs: U256::ZERO };
    assert_eq!(status(&incomplete, 8), Status::RoundIncomplete);
    let negative = Round { answer: U256::MAX, updated_at_secs: U256::MAX };
    assert_eq!(status(&negative, 8), Status::AnswerNotPositive);
    assert_eq!(status(&round(0, 9_000), 8), Status::AnswerNotPositive);
    let lowest = Round { answer: U256::ONE << 255, updated_at_secs: U256::ONE };
    assert_eq!(status(&lowest, 8), Status::AnswerNotPositive);
    let huge_and_stale = Round { answer: U256::MAX >> 1, updated_at_secs: U256::ONE };
    let reading = read_round(&huge_and_stale, 8, HEARTBEAT, NOW);
    let expected = Reading { price_wad: Wad::ZERO, updated_at_secs: U256::ZERO, status: Status::AnswerStale };
    assert_eq!(reading, expected);
    let huge_and_ahead = Round { answer: U256::MAX >> 1, updated_at_secs: NOW.widen() + U256::ONE };
    assert_eq!(status(&huge_and_ahead, 8), Status::AnswerFromFuture);
    let negative_and_ahead = Round { answer: U256::MAX, ..huge_and_ahead };
    assert_eq!(status(&negative_and_ahead, 8), Status::AnswerNotPositive);
}

#[test]
fn a_price_is_in_range_up_to_10_to_the_18_usd_and_above_zero() {
    let at = |answer: U256, decimals| status(&Round { answer, updated_at_secs: NOW.widen() }, decimals);
    assert_eq!(at(PRICE_MAX_WAD.0, 18), Status::Usable);
    assert_eq!(at(PRICE_MAX_WAD.0 + U256::ONE, 18), Status::PriceOutOfRange);
    assert_eq!(at(U256::MAX >> 1, 0), Status::PriceOutOfRange);
    assert_eq!(at(U256::from(9), 19), Status::PriceOutOfRange, "0.9 of a wad unit is zero");
    assert_eq!(at(U256::from(10), 19), Status::Usable);
    assert_eq!(at(U256::from(10), 255), Status::PriceOutOfRange);
    assert_eq!(PRICE_MAX_WAD.0, units::WAD_ONE * units::WAD_ONE);
}

#[test]
fn the_sequencer_is_up_then_initialised_then_past_its_grace() {
    let grace = Secs(3_600);
    let check = |answer: u64, started_at: u64| check_sequencer(U256::from(answer), U256::from(started_at), grace, NOW);
    assert_eq!(check(1, 0), Status::SequencerDown);
    assert_eq!(check(0, 0), Status::SequencerUninitialised);
    assert_eq!(check(1, NOW.0 - 9_000), Status::SequencerDown);
    assert_eq!(check(2, NOW.0 - 9_000), Status::SequencerDown);
    assert_eq!(check(0, NOW.0 - 3_600), Status::SequencerGrace);
    assert_eq!(check(0, NOW.0 - 3_601), Status::Usable);
    assert_eq!(check(0, NOW.0 + 5), Status::SequencerGrace);
    assert_eq!(check_sequencer(U256::ZERO, U256::MAX, Secs(0), NOW), Status::SequencerGrace);
}

#[test]
fn statuses_have_the_numbers_of_peek() {
    for (number, status) in Status::ALL.into_iter().enumerate() {
        assert_eq!(usize::from(status.number()), number);
    }
    // Each failure has a bit of its own, and the absence of one has none.
    let bits = Status::ALL.into_iter().map(Status::bit);
    assert_eq!(bits.collect::<Vec<_>>(), [0].into_iter().chain((1..=20).map(|number| 1 << number)).collect::<Vec<_>>());
    // Numbers that others have written down never move.
    let known = [
        (Status::FeedNotSet, 1),
        (Status::SequencerGrace, 5),
        (Status::PriceOutOfRange, 11),
        (Status::DecimalsChanged, 13),
        (Status::JumpHeld, 17),
        (Status::ShutDown, 20),
    ];
    for (status, number) in known {
        assert_eq!(status.number(), number);
    }
}

#[test]
fn a_band_includes_its_ends_and_touches_only_what_was_usable() {
    let band = Band { min_wad: Wad(U256::from(90)), max_wad: Wad(U256::from(110)) };
    let reading =
        |price: u64, status| Reading { price_wad: Wad(U256::from(price)), updated_at_secs: U256::ONE, status };
    for (price, status) in
        [(89, Status::PriceOutOfBand), (90, Status::Usable), (110, Status::Usable), (111, Status::PriceOutOfBand)]
    {
        assert_eq!(band.check(reading(price, Status::Usable)), reading(price, status));
        let stale = reading(price, Status::AnswerStale);
        assert_eq!(band.check(stale), stale);
    }
}

#[test]
fn one_weth_in_usdc_has_the_price_of_the_example() {
    let usd = |value: u64| Wad(U256::from(value) * units::WAD_ONE);
    assert_eq!(price_ray_up(usd(2_500), 18, usd(1), 6), Ok(Ray(U256::from(2_500_000_000_000_000_000_u64))));
    assert_eq!(price_ray_up(Wad::ZERO, 18, usd(1), 6), Err(OutOfRange));
    assert_eq!(price_ray_up(usd(1), 18, Wad::ZERO, 6), Err(OutOfRange));
    assert_eq!(price_ray_up(usd(1), 39, usd(1), 6), Err(OutOfRange));
}

#[test]
fn an_ether_is_quoted_in_dollars_and_back() {
    let usd = |value: u64| Wad(U256::from(value) * units::WAD_ONE);
    let n = |value: u64| U256::from(value);
    assert_eq!(quote_down(units::WAD_ONE, usd(2_000), 18, usd(1), 6), Ok(n(2_000_000_000)));
    assert_eq!(quote_down(n(2_000_000_000), usd(1), 6, usd(2_000), 18), Ok(units::WAD_ONE));
    // Rounded down, to nothing where it is less than a unit.
    assert_eq!(quote_down(n(499_999_999), usd(2_000), 18, usd(1), 6), Ok(n(0)));
    assert_eq!(quote_down(n(500_000_000), usd(2_000), 18, usd(1), 6), Ok(n(1)));
    assert_eq!(quote_down(n(1), usd(1), 18, Wad::ZERO, 6), Err(OutOfRange));
    assert_eq!(quote_down(n(1), usd(1), 39, usd(1), 6), Err(OutOfRange));
    // The cheapest price and 10^30 units: no overflow on the way.
    let many = U256::from(10).pow(n(30));
    assert_eq!(quote_down(many, Wad(U256::from(10).pow(n(10))), 18, usd(1), 18), Ok(many / n(100_000_000)));
}

proptest! {
    #![proptest_config(config(2_000))]

    #[test]
    fn the_price_of_a_unit_is_the_exact_fraction_rounded_up(
        collateral in numbers(120), collateral_decimals in 0_u8..=24, debt in numbers(120), debt_decimals in 0_u8..=24,
    ) {
        prop_assume!(!collateral.is_zero() && !debt.is_zero());
        let ten = |decimals: u8| U256::from(10).pow(U256::from(decimals));
        let exact = fraction(collateral, ten(collateral_decimals)) / fraction(debt, ten(debt_decimals))
            * fraction(RAY_ONE, U256::ONE);
        let price = price_ray_up(Wad(collateral), collateral_decimals, Wad(debt), debt_decimals).ok();
        prop_assert_eq!(price.map(|price| price.0), ceil(&exact));
    }

    #[test]
    fn a_quote_is_the_exact_fraction_rounded_down(
        amount in numbers(200), base in numbers(120), base_decimals in 0_u8..=24, quote in numbers(120), quote_decimals in 0_u8..=24,
    ) {
        prop_assume!(!quote.is_zero());
        let ten = |decimals: u8| U256::from(10).pow(U256::from(decimals));
        let exact = fraction(amount, U256::ONE) * fraction(base, ten(base_decimals)) / fraction(quote, ten(quote_decimals));
        let got = quote_down(amount, Wad(base), base_decimals, Wad(quote), quote_decimals);
        prop_assert_eq!(got.ok(), crate::reference::floor(&exact));
    }

    #[test]
    fn a_usable_reading_is_never_zero_and_never_above_the_answer(
        answer in numbers(255), decimals in any::<u8>(), age in 0_u64..10_000,
    ) {
        let round = Round { answer, updated_at_secs: U256::from(NOW.0 - age) };
        let reading = read_round(&round, decimals, HEARTBEAT, NOW);
        if reading.status == Status::Usable {
            prop_assert!(age <= HEARTBEAT.0);
            prop_assert!(!reading.price_wad.is_zero() && reading.price_wad <= PRICE_MAX_WAD);
            let ten = U256::from(10).checked_pow(U256::from(decimals)).unwrap();
            let exact = fraction(answer, ten) * fraction(units::WAD_ONE, U256::ONE);
            prop_assert_eq!(Some(reading.price_wad.0), crate::reference::floor(&exact));
        }
    }
}
