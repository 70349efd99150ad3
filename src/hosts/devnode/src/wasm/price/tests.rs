//! The prices against figures that are known from the chain.

use super::*;

const FREE_PAGES: u16 = 2;
const GAS_PER_PAGE: u16 = 1_000;

fn pages(new: u16, open: u16, ever: u16) -> u64 {
    page_gas(new, open, ever, FREE_PAGES, GAS_PER_PAGE)
}

fn exponent(significant_bytes: usize) -> [u8; 32] {
    let mut exponent = [0; 32];
    exponent[32 - significant_bytes..].fill(1);
    exponent
}

#[test]
fn host_call_atoms_add_up_to_the_chains_figures() {
    assert_eq!(HOSTIO + PTR, 13_440);
    assert_eq!(HOSTIO + write_ink(0), 13_440, "read_args of no calldata");
    assert_eq!(HOSTIO + 2 * read_ink(0), 41_162, "write_result of nothing");
    assert_eq!(HOSTIO + 3 * PTR + DIV, 43_520, "math_div");
    assert_eq!(HOSTIO + 4 * PTR + ADDMOD, 49_560, "math_add_mod");
    assert_eq!(HOSTIO + 4 * PTR + MULMOD, 52_660, "math_mul_mod");
    let load = HOSTIO + 2 * PTR + EVM_API + gas_to_ink(100, 10_000);
    assert_eq!(load, 1_078_153, "transient_load_bytes32");
}

#[test]
fn copies_are_priced_by_the_byte_beyond_a_word() {
    for (bytes, ink) in [(10, 73_113), (100, 75_153), (1_000, 102_153), (10_000, 372_153)] {
        assert_eq!(HOSTIO + EVM_API + write_ink(bytes), ink, "read_return_data of {bytes} bytes");
    }
    let log = |topics: u64, data: u32| {
        let bytes = data + 32 * topics as u32;
        let gas = 375 * (1 + topics) + 8 * u64::from(data);
        HOSTIO + EVM_API + read_ink(bytes) + gas_to_ink(gas, 10_000)
    };
    assert_eq!(log(0, 0), 3_834_454);
    assert_eq!(log(0, 100), 11_838_194);
    assert_eq!(log(4, 100), 26_845_234);
}

#[test]
fn keccak_is_priced_by_the_word_beyond_two() {
    for (bytes, ink) in [(0, 121_800), (64, 121_800), (65, 142_800), (100, 163_800), (1_000, 751_800)] {
        assert_eq!(keccak_ink(bytes), ink, "{bytes} bytes");
    }
}

#[test]
fn powers_are_priced_by_the_bytes_of_the_exponent() {
    let cases = [(0, 44_020), (1, 61_520), (2, 79_020), (10, 219_020), (32, 604_020)];
    for (bytes, ink) in cases {
        assert_eq!(HOSTIO + 3 * PTR + pow_ink(&exponent(bytes)), ink, "{bytes} bytes");
    }
}

#[test]
fn gas_to_ink_saturates() {
    assert_eq!(gas_to_ink(3, 10_000), 30_000);
    assert_eq!(gas_to_ink(u64::MAX, 10_000), u64::MAX);
}

#[test]
fn the_ramp_is_the_power_law_it_was_made_from() {
    for pages in 0..MAX_PAGES {
        let power = 31_874_000_f64.powf(f64::from(pages) / 128.0);
        // The nearest any power comes to a whole number from below is far more than the error of
        // the computation.
        assert_eq!(page_ramp_gas(pages), power.floor() as u64, "{pages} pages");
    }
    assert_eq!(page_ramp_gas(128), 31_873_999);
    assert_eq!(page_ramp_gas(129), u64::MAX);
    assert_eq!(page_ramp_gas(u16::MAX), u64::MAX);
}

#[test]
fn reaching_128_pages_costs_the_same_in_jumps_of_any_size() {
    for jump in 1..=128 {
        let (mut open, mut total) = (0, 0);
        while open < 128 {
            let new = jump.min(128 - open);
            total += pages(new, open, open);
            open += new;
        }
        assert_eq!(total, 31_999_998, "jumps of {jump}");
    }
}

#[test]
fn pages_opened_again_pay_the_straight_part_again_but_not_the_ramp() {
    for jump in 1..=128_u16 {
        let (mut ever, mut total, mut charged_pages) = (0, 0, 0);
        for target in (jump..128).step_by(usize::from(jump)).chain([128]) {
            // Everything was released in between.
            total += pages(target, 0, ever);
            ever = target;
            charged_pages += u64::from(target.saturating_sub(2));
        }
        assert_eq!(total, 31_873_998 + 1_000 * charged_pages, "jumps of {jump}");
    }
}

#[test]
fn more_than_128_pages_cannot_be_paid() {
    assert_eq!(pages(129, 0, 0), u64::MAX);
    assert_eq!(pages(u16::MAX, 0, 0), u64::MAX);
    assert!(pages(1, 128, 128) > u64::from(u32::MAX) * 1_000);
}

#[test]
fn free_pages_are_free() {
    assert_eq!(pages(1, 0, 0), 0);
    assert_eq!(pages(2, 0, 0), 0);
    assert_eq!(pages(1, 2, 2), 1_000 + page_ramp_gas(3) - page_ramp_gas(2));
    assert_eq!(page_gas(128, 0, 0, 128, GAS_PER_PAGE), 0);
}

#[test]
fn a_hundred_pages_on_top_of_one_cost_932_066_gas() {
    assert_eq!(pages(100, 1, 1), 932_066);
    assert_eq!(gas_to_ink(pages(100, 1, 1), 10_000), 9_320_660_000);
}

#[test]
fn entering_a_program_is_priced_by_its_record() {
    assert_eq!(init_gas(34, 69, 50), 8_866);
    assert_eq!(cached_gas(11, 11, 50), 363);
    // Half the scalar, 51 % of 1 rounds up.
    assert_eq!(init_gas(1, 0, 25), 1);
    assert_eq!(init_gas(3, 0, 25), 2);
    assert_eq!(cached_gas(0, 11, 50), 352);
}

#[test]
fn the_first_params_version_charges_the_cached_cost_within_the_init_cost() {
    let shape = ProgramShape {
        local_functions: 1,
        signature_values: 2,
        wasm_bytes: 187,
        globals: 4,
        initial_pages: 1,
        instrumented_operators: 60,
        ..ProgramShape::default()
    };
    assert_eq!((shape.init_cost(31), shape.cached_cost()), (34, 11));
    assert_eq!(shape.init_cost(30), 45);
    assert_eq!(shape.parse_gas(32), 64_624);
    // The length is priced only from ArbOS 32 on: 59 microseconds less.
    assert_eq!(shape.parse_gas(31), 64_624 - 59 * 28);
}

#[test]
fn each_term_of_the_figures_is_rounded_down_by_itself() {
    let shape = ProgramShape {
        local_functions: 87,
        signature_values: 301,
        wasm_bytes: 16_126,
        globals: 7,
        data_entry_bytes: 1_234,
        element_entry_bytes: 56,
        data_payload_bytes: 1_228,
        initial_pages: 2,
        instrumented_operators: 21_001,
    };
    // 11 + 0 + 19 + 11 + 970 + 10, where 1 290 segment bytes are 970.6.
    assert_eq!(shape.cached_cost(), 1_021);
    // 717 + 318 + 2 073
    assert_eq!(shape.init_cost(51), 3_108);
    // 512 000 + 86 724 + 3 436 + 100 993
    assert_eq!(shape.asm_estimate_bytes(), 703_153);
    // 5 117 + 15 + 213 + 9 + 4 434 + 11 235 microseconds
    assert_eq!(shape.parse_gas(51), 21_023 * 28);
}
