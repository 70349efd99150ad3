//! Packing, unpacking and everything a stream can do wrong.

use proptest::prelude::*;

use super::*;
use crate::wasm::program::{ActivationConfig, ActivationError, activate_wasm};
use crate::wasm::testing::{WRITE_ARGS, wasm};

const MAX: usize = 131_072;

fn with_prefix(prefix: [u8; 3], rest: &[u8]) -> Vec<u8> {
    [&prefix[..], rest].concat()
}

#[test]
fn a_packed_module_unpacks_to_itself() {
    let module = wasm(WRITE_ARGS);
    let code = program_code(&module);
    assert_eq!(code[..4], [0xef, 0xf0, 0x00, 0x00]);
    assert!(is_program(&code));
    assert_eq!(decompress(&code, MAX), Ok(module));
}

#[test]
fn code_of_another_kind_is_refused_by_name() {
    assert_eq!(decompress(&[], MAX), Err(FormatError::NoCode));
    let evm = [0x60, 0x80, 0x60, 0x40, 0x52];
    assert_eq!(decompress(&evm, MAX), Err(FormatError::NotAProgram { prefix: vec![0x60, 0x80, 0x60, 0x40] }));
    assert_eq!(decompress(&PROGRAM_PREFIX, MAX), Err(FormatError::NotAProgram { prefix: PROGRAM_PREFIX.to_vec() }));
    assert_eq!(decompress(&with_prefix(FRAGMENT_PREFIX, &[1]), MAX), Err(FormatError::Fragment));
    assert_eq!(decompress(&with_prefix(ROOT_PREFIX, &[0; 25]), MAX), Err(FormatError::Root));
}

#[test]
fn a_dictionary_other_than_none_is_refused() {
    let code = |dictionary| with_prefix(PROGRAM_PREFIX, &[dictionary, 0x3b]);
    assert_eq!(decompress(&code(0), MAX), Ok(vec![]), "0x3b is the empty stream");
    assert_eq!(decompress(&code(1), MAX), Err(FormatError::ChainDictionary));
    assert_eq!(decompress(&code(2), MAX), Err(FormatError::UnknownDictionary { dictionary: 2 }));
}

#[test]
fn a_module_of_exactly_the_limit_fits_and_one_byte_more_does_not() {
    let code = program_code(&vec![7; MAX]);
    assert_eq!(decompress(&code, MAX), Ok(vec![7; MAX]));
    assert_eq!(decompress(&code, MAX - 1), Err(FormatError::TooLong { max_wasm_bytes: MAX - 1 }));
}

#[test]
fn a_decompression_bomb_is_stopped_at_the_limit() {
    let code = program_code(&vec![0; 64 << 20]);
    assert!(code.len() < 1_000, "64 MiB in {} bytes", code.len());
    assert_eq!(decompress(&code, MAX), Err(FormatError::TooLong { max_wasm_bytes: MAX }));
}

#[test]
fn room_is_made_for_the_output_and_not_for_the_limit() {
    let code = program_code(&vec![7; 200_000]);
    let output = decompress(&code, u32::MAX as usize).unwrap();
    assert_eq!(output, vec![7; 200_000]);
    assert!(output.capacity() <= 1 << 20, "{} bytes", output.capacity());
}

#[test]
fn a_stream_that_demands_a_window_beyond_16_mib_is_refused() {
    let params = BrotliEncoderParams { large_window: true, lgwin: 30, quality: 5, ..BrotliEncoderParams::default() };
    let mut code = with_prefix(PROGRAM_PREFIX, &[0]);
    brotli::BrotliCompress(&mut &[1_u8, 2, 3][..], &mut code, &params).unwrap();
    assert_eq!(decompress(&code, MAX), Err(FormatError::CorruptStream { decoded_bytes: 0 }));
}

#[test]
fn a_truncated_stream_is_corrupt() {
    let module = wasm(WRITE_ARGS);
    let code = program_code(&module);
    for length in 4..code.len() {
        let error = decompress(&code[..length], MAX).unwrap_err();
        assert!(matches!(error, FormatError::CorruptStream { .. }), "{length} bytes: {error}");
    }
}

#[test]
fn bytes_after_the_stream_are_refused() {
    let mut code = program_code(&wasm(WRITE_ARGS));
    code.extend([0, 0, 0]);
    assert_eq!(decompress(&code, MAX), Err(FormatError::TrailingBytes { extra_bytes: 3 }));
}

#[test]
fn only_programs_may_be_created_before_fragments_exist() {
    let program = with_prefix(PROGRAM_PREFIX, &[0]);
    let fragment = with_prefix(FRAGMENT_PREFIX, &[0]);
    let root = with_prefix(ROOT_PREFIX, &[0]);
    for (version, expected) in
        [(29, [false, false, false]), (30, [true, false, false]), (51, [true, false, false]), (60, [true, true, true])]
    {
        let actual = [&program, &fragment, &root].map(|code| is_stylus_component(code, version));
        assert_eq!(actual, expected, "ArbOS {version}");
    }
    assert!(!is_stylus_component(&PROGRAM_PREFIX, 60));
    assert!(!is_stylus_component(&[0xef, 0x00, 0x01, 0x02], 60));
}

#[test]
fn init_code_is_a_prelude_of_43_bytes_and_the_code() {
    let code = vec![0xaa; 0x0102];
    let init = init_code(&code);
    let mut prelude = vec![0x7f];
    prelude.extend([0; 30]);
    prelude.extend([0x01, 0x02]);
    prelude.extend([0x80, 0x60, 0x2b, 0x60, 0x00, 0x39, 0x60, 0x00, 0xf3, 0x00]);
    assert_eq!(init[..PRELUDE_BYTES], prelude);
    assert_eq!(init[PRELUDE_BYTES..], code);
}

/// A module with an indirect call whose table index is written in five bytes, as compilers do
/// that leave room for a linker.
fn module_with_over_long_number() -> Vec<u8> {
    use wasm_encoder::*;
    let mut types = TypeSection::new();
    types.ty().function([ValType::I32], [ValType::I32]);
    let mut functions = FunctionSection::new();
    functions.function(0);
    let mut tables = TableSection::new();
    tables.table(TableType {
        element_type: RefType::FUNCREF,
        table64: false,
        minimum: 1,
        maximum: Some(1),
        shared: false,
    });
    let mut memories = MemorySection::new();
    memories.memory(MemoryType { minimum: 1, maximum: Some(1), memory64: false, shared: false, page_size_log2: None });
    let mut exports = ExportSection::new();
    exports.export("user_entrypoint", ExportKind::Func, 0);
    exports.export("memory", ExportKind::Memory, 0);
    let mut body = Function::new([]);
    body.instruction(&Instruction::LocalGet(0));
    body.instruction(&Instruction::I32Const(0));
    body.raw([0x11, 0x00, 0x80, 0x80, 0x80, 0x80, 0x00]);
    body.instruction(&Instruction::End);
    let mut code = CodeSection::new();
    code.function(&body);
    let mut module = Module::new();
    module.section(&types).section(&functions).section(&tables).section(&memories);
    module.section(&exports).section(&code);
    module.section(&CustomSection { name: "producers".into(), data: (&[0][..]).into() });
    module.finish()
}

#[test]
fn normalising_shortens_numbers_and_drops_custom_sections() {
    let raw = module_with_over_long_number();
    let config = ActivationConfig::default();
    let error = activate_wasm(raw.clone(), &config).unwrap_err();
    let ActivationError::Parse(error) = error else { panic!("{error:?}") };
    assert_eq!(error.message, "zero byte expected");

    let normal = normalise(&raw).unwrap();
    activate_wasm(normal.clone(), &config).unwrap();
    // Four bytes of the number; the custom section is id, size, name of 1 + 9 bytes, one byte.
    assert_eq!(normal.len(), raw.len() - 4 - 13);
    assert_eq!(normalise(&normal), Ok(normal));
}

#[test]
fn normalising_something_that_is_no_module_says_so() {
    let error = normalise(b"\0asm\x01\0\0\0\xff").unwrap_err();
    assert!(matches!(error, FormatError::NotNormalisable { .. }), "{error:?}");
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: 64,
        failure_persistence: None,
        rng_seed: proptest::test_runner::RngSeed::Fixed(1),
        ..ProptestConfig::default()
    })]

    #[test]
    fn unpacking_keeps_every_byte(bytes in prop::collection::vec(any::<u8>(), 0..2_000)) {
        prop_assert_eq!(decompress(&program_code(&bytes), 2_000), Ok(bytes));
    }

    #[test]
    fn unpacking_any_bytes_stays_within_the_limit(
        bytes in prop::collection::vec(any::<u8>(), 0..200),
        max in 0_usize..300,
    ) {
        let code = with_prefix(PROGRAM_PREFIX, &[&[0], &bytes[..]].concat());
        if let Ok(wasm) = decompress(&code, max) {
            prop_assert!(wasm.len() <= max);
        }
    }
}
