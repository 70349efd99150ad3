//! How a program lies on chain: a prefix, a dictionary byte and a brotli stream.
//!
//! | prefix | what | since |
//! |---|---|---|
//! | `EF F0 00` | a program: dictionary byte, one brotli stream | ArbOS 30 |
//! | `EF F0 01` | a fragment of a stream | ArbOS 60 |
//! | `EF F0 02` | a root that names its fragments | ArbOS 60 |
//!
//! Whole programs without a dictionary are unpacked here; [`super::fragments`] puts the others together.

#[cfg(test)]
mod tests;

use brotli::enc::{BrotliEncoderParams, StandardAlloc};
use brotli::{BrotliDecompressStream, BrotliResult, BrotliState};
use thiserror::Error;
use wasmparser::{Parser, Payload};

const PROGRAM_PREFIX: [u8; 3] = [0xef, 0xf0, 0x00];
pub(super) const FRAGMENT_PREFIX: [u8; 3] = [0xef, 0xf0, 0x01];
pub(super) const ROOT_PREFIX: [u8; 3] = [0xef, 0xf0, 0x02];
pub(super) const NO_DICTIONARY: u8 = 0;
pub(super) const CHAIN_DICTIONARY: u8 = 1;

const FIRST_ARBOS_WITH_PROGRAMS: u64 = 30;
pub(super) const FIRST_ARBOS_WITH_FRAGMENTS: u64 = 60;

/// Output that is made room for at first; it doubles as needed.
const FIRST_BUFFER_BYTES: usize = 1 << 16;

const BROTLI_QUALITY: i32 = 11;
const BROTLI_WINDOW_BITS: i32 = 22;

/// Length of what [`init_code`] puts in front of the code.
pub const PRELUDE_BYTES: usize = 43;

/// Why bytes cannot be unpacked into, or made from, a WebAssembly module.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum FormatError {
    /// The account has no code.
    #[error("program has no code")]
    NoCode,
    /// The code does not begin with the prefix of a program.
    #[error("specified bytecode is not a Stylus program: it begins {prefix:02x?}")]
    NotAProgram {
        /// Up to four bytes from the beginning of the code.
        prefix: Vec<u8>,
    },
    /// The code is one fragment of a program.
    #[error("fragmented stylus programs cannot be activated directly")]
    Fragment,
    /// The code is the root of a program in fragments, whose pieces lie elsewhere.
    #[error("the program is in fragments, and its root alone does not hold it")]
    Root,
    /// The root is cut short.
    #[error("a root of {bytes} bytes is not a head of 8 bytes and addresses of 20")]
    BrokenRoot {
        /// How long it is.
        bytes: usize,
    },
    /// The root names no fragment, or too many.
    #[error("the root names {given} fragments, allowed are 1 to {limit}")]
    FragmentCount {
        /// How many it names.
        given: usize,
        /// The chain's parameter `maxFragmentCount`.
        limit: usize,
    },
    /// An account the root names holds no fragment.
    #[error("specified bytecode is not a fragment: it begins {prefix:02x?}")]
    NotAFragment {
        /// Up to four bytes from the beginning of the code.
        prefix: Vec<u8>,
    },
    /// The module has another length than the root says.
    #[error("the root promises {promised} bytes of module, its fragments give {unpacked}")]
    WrongLength {
        /// What the root says.
        promised: u32,
        /// What the stream gave.
        unpacked: usize,
    },
    /// The stream uses the chain's own dictionary, which this chain does not carry.
    #[error("the stream uses the built-in dictionary, which this chain does not carry")]
    ChainDictionary,
    /// The dictionary byte has no meaning.
    #[error("unsupported dictionary type {dictionary}")]
    UnknownDictionary {
        /// The byte after the prefix.
        dictionary: u8,
    },
    /// The stream is damaged or stops early.
    #[error("the brotli stream is corrupt after {decoded_bytes} decoded bytes")]
    CorruptStream {
        /// Bytes that could be decoded.
        decoded_bytes: usize,
    },
    /// Bytes follow the end of the stream.
    #[error("{extra_bytes} bytes follow the end of the brotli stream")]
    TrailingBytes {
        /// How many.
        extra_bytes: usize,
    },
    /// The module is longer than the chain allows.
    #[error("output won't fit in maxsize: the module is longer than {max_wasm_bytes} bytes")]
    TooLong {
        /// The chain's parameter `maxWasmSize`.
        max_wasm_bytes: usize,
    },
    /// The module handed to [`normalise`] cannot be read or written as text.
    #[error("the module cannot be normalised: {reason}")]
    NotNormalisable {
        /// What the reader of the module or of its text said.
        reason: String,
    },
}

/// Whether `code` is a whole program: the prefix `EF F0 00` and at least one byte more.
pub fn is_program(code: &[u8]) -> bool {
    code.len() > PROGRAM_PREFIX.len() && code.starts_with(&PROGRAM_PREFIX)
}

/// Whether code that an init code returns may begin with `EF` although EIP-3541 forbids it.
///
/// Programs may since ArbOS 30, fragments and roots since ArbOS 60.
pub fn is_stylus_component(code: &[u8], arbos_version: u64) -> bool {
    let has_payload = code.len() > PROGRAM_PREFIX.len();
    let is_part = code.starts_with(&FRAGMENT_PREFIX) || code.starts_with(&ROOT_PREFIX);
    (is_program(code) && arbos_version >= FIRST_ARBOS_WITH_PROGRAMS)
        || (is_part && has_payload && arbos_version >= FIRST_ARBOS_WITH_FRAGMENTS)
}

/// Unpacks the module of a program's on-chain `code`.
///
/// Never holds more than `max_wasm_size` bytes of output, whatever the stream claims.
///
/// # Errors
/// The first [`FormatError`] that applies, in the order of the enum; those about roots and fragments belong to [`super::fragments`].
pub fn decompress(code: &[u8], max_wasm_size: usize) -> Result<Vec<u8>, FormatError> {
    if code.is_empty() {
        return Err(FormatError::NoCode);
    }
    if code.starts_with(&FRAGMENT_PREFIX) {
        return Err(FormatError::Fragment);
    }
    if code.starts_with(&ROOT_PREFIX) {
        return Err(FormatError::Root);
    }
    if !is_program(code) {
        let prefix = code.iter().take(4).copied().collect();
        return Err(FormatError::NotAProgram { prefix });
    }
    let (dictionary, stream) = (code[PROGRAM_PREFIX.len()], &code[PROGRAM_PREFIX.len() + 1..]);
    match dictionary {
        NO_DICTIONARY => inflate(stream, max_wasm_size),
        CHAIN_DICTIONARY => Err(FormatError::ChainDictionary),
        dictionary => Err(FormatError::UnknownDictionary { dictionary }),
    }
}

pub(super) fn inflate(stream: &[u8], max_wasm_size: usize) -> Result<Vec<u8>, FormatError> {
    // The buffer follows the output instead of the limit, which may be far beyond any module.
    let mut output = vec![0; max_wasm_size.min(FIRST_BUFFER_BYTES)];
    let (mut input_left, mut input_offset) = (stream.len(), 0);
    let (mut output_offset, mut decoded_bytes) = (0, 0);
    // The strict decoder refuses windows above 16 MiB, which a stream could otherwise demand.
    let mut state =
        BrotliState::new_strict(StandardAlloc::default(), StandardAlloc::default(), StandardAlloc::default());
    loop {
        let mut output_left = output.len() - output_offset;
        let end = BrotliDecompressStream(
            &mut input_left,
            &mut input_offset,
            stream,
            &mut output_left,
            &mut output_offset,
            &mut output,
            &mut decoded_bytes,
            &mut state,
        );
        match end {
            BrotliResult::ResultSuccess if input_left > 0 => {
                return Err(FormatError::TrailingBytes { extra_bytes: input_left });
            }
            BrotliResult::ResultSuccess => {
                output.truncate(output_offset);
                return Ok(output);
            }
            BrotliResult::NeedsMoreOutput if output.len() < max_wasm_size => {
                output.resize(output.len().saturating_mul(2).min(max_wasm_size), 0);
            }
            BrotliResult::NeedsMoreOutput => {
                return Err(FormatError::TooLong { max_wasm_bytes: max_wasm_size });
            }
            BrotliResult::NeedsMoreInput | BrotliResult::ResultFailure => {
                return Err(FormatError::CorruptStream { decoded_bytes: output_offset });
            }
        }
    }
}

/// The on-chain code of a module: prefix, dictionary byte 0, and the bytes as given at brotli
/// quality 11 with a window of 22 bits.
pub fn program_code(wasm: &[u8]) -> Vec<u8> {
    let mut code = PROGRAM_PREFIX.to_vec();
    code.push(NO_DICTIONARY);
    let params = BrotliEncoderParams { quality: BROTLI_QUALITY, lgwin: BROTLI_WINDOW_BITS, ..Default::default() };
    let mut input = wasm;
    brotli::BrotliCompress(&mut input, &mut code, &params).expect("reading a slice and writing a vector cannot fail");
    code
}

/// Init code that returns `code`: 43 bytes of EVM instructions, then the code itself.
pub fn init_code(code: &[u8]) -> Vec<u8> {
    const PUSH32: u8 = 0x7f;
    // DUP1; PUSH1 43; PUSH1 0; CODECOPY; PUSH1 0; RETURN; STOP
    const COPY_AND_RETURN: [u8; 10] = [0x80, 0x60, 0x2b, 0x60, 0x00, 0x39, 0x60, 0x00, 0xf3, 0x00];
    let mut init = Vec::with_capacity(PRELUDE_BYTES + code.len());
    init.push(PUSH32);
    init.extend([0; 24]);
    init.extend((code.len() as u64).to_be_bytes());
    init.extend(COPY_AND_RETURN);
    init.extend(code);
    init
}

/// Brings a compiler's module into the form that the chain accepts, as `cargo stylus` does.
///
/// The module goes to text and back, so that numbers are written in their shortest form (the
/// compiler's over-long ones are refused on chain), and loses its custom sections.
///
/// # Errors
/// [`FormatError::NotNormalisable`] when `raw` is not a readable module.
pub fn normalise(raw: &[u8]) -> Result<Vec<u8>, FormatError> {
    let failed = |reason: String| FormatError::NotNormalisable { reason };
    let lean = without_custom_sections(raw).map_err(|error| failed(error.to_string()))?;
    let text = wasmprinter::print_bytes(&lean).map_err(|error| failed(format!("{error:#}")))?;
    let wasm = wat::parse_str(&text).map_err(|error| failed(error.to_string()))?;
    without_custom_sections(&wasm).map_err(|error| failed(error.to_string()))
}

fn without_custom_sections(wasm: &[u8]) -> Result<Vec<u8>, wasmparser::BinaryReaderError> {
    let mut module = wasm_encoder::Module::new();
    for payload in Parser::new(0).parse_all(wasm) {
        let payload = payload?;
        if let Payload::CustomSection(_) = payload {
            continue;
        }
        if let Some((id, range)) = payload.as_section() {
            let data = &wasm[range.start as usize..range.end as usize];
            module.section(&wasm_encoder::RawSection { id, data });
        }
    }
    Ok(module.finish())
}
