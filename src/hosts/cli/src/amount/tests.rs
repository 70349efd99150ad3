//! What is an amount and what is not.

use super::*;

fn raw(value: u64) -> U256 {
    U256::from(value)
}

#[test]
fn text_becomes_base_units_without_a_rounding() {
    assert_eq!(parse_decimal("0", 6), Ok(raw(0)));
    assert_eq!(parse_decimal("1", 6), Ok(raw(1_000_000)));
    assert_eq!(parse_decimal("1.000001", 6), Ok(raw(1_000_001)));
    assert_eq!(parse_decimal("007.5", 1), Ok(raw(75)));
}

#[test]
fn excess_digits_are_refused_even_when_they_are_zeros() {
    let refused = |text: &str, given| Err(AmountError::TooManyDigits { text: text.to_owned(), given, allowed: 6 });
    assert_eq!(parse_decimal("1.0000001", 6), refused("1.0000001", 7));
    assert_eq!(parse_decimal("1.0000000", 6), refused("1.0000000", 7));
}

#[test]
fn what_is_no_plain_decimal_number_is_refused() {
    for text in ["", ".", "1.", ".5", "-1", "+1", "1e3", "1,000", " 1", "1 ", "0x10", "1.2.3", "nan", "٣"] {
        assert_eq!(parse_decimal(text, 6), Err(AmountError::NotANumber(text.to_owned())), "{text:?}");
    }
}

#[test]
fn a_number_above_256_bits_is_refused() {
    let text = "9".repeat(78);
    assert_eq!(parse_decimal(&text, 0), Err(AmountError::TooLarge(text.clone())));
}

#[test]
fn base_units_become_text_and_back() {
    for (text, decimals) in [("0", 0), ("0", 18), ("0.000000000000000001", 18), ("12345.6789", 8), ("100", 2)] {
        let parsed = parse_decimal(text, decimals).unwrap();
        assert_eq!(exact_decimal(parsed, decimals), text);
    }
}

#[test]
fn short_text_cuts_and_groups() {
    assert_eq!(short_decimal(raw(999), 0, 2), "999");
    assert_eq!(short_decimal(raw(1_000), 0, 0), "1,000");
    assert_eq!(short_decimal(raw(1_234_567_890), 6, 2), "1,234.56");
    assert_eq!(short_decimal(raw(5), 6, 4), "0.0000");
    assert_eq!(short_decimal(raw(123_456_789_012), 0, 0), "123,456,789,012");
}
