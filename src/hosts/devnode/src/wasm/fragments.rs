//! A program split over several accounts: a root that names its fragments, from ArbOS 60 on.
//!
//! | bytes of a root | what |
//! |---|---|
//! | 0 to 2 | `EF F0 02` |
//! | 3 | the dictionary, as in a whole program |
//! | 4 to 7 | length of the module after decompression, big-endian |
//! | 8 on | 20 bytes for each fragment's address, in the order of the stream |
//!
//! A fragment is `EF F0 01` and a piece of the brotli stream. Pieces may be cut anywhere.

use revm::primitives::Address;

use super::format::{
    CHAIN_DICTIONARY, FIRST_ARBOS_WITH_FRAGMENTS, FRAGMENT_PREFIX, FormatError, NO_DICTIONARY, ROOT_PREFIX, inflate,
    program_code,
};

const HEAD_BYTES: usize = 8;
const ADDRESS_BYTES: usize = 20;
/// Bytes of the stream that fit into one account of 24 576 bytes behind the prefix.
pub const FRAGMENT_PAYLOAD_BYTES: usize = 24_573;

/// What a root says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Root {
    /// Length of the module after decompression; the stream must give exactly this much.
    pub wasm_bytes: u32,
    /// Where the pieces of the stream lie, in order.
    pub fragments: Vec<Address>,
}

/// Whether `code` is a root in this version of ArbOS; it need not be a good one.
pub fn is_root(code: &[u8], arbos_version: u64) -> bool {
    arbos_version >= FIRST_ARBOS_WITH_FRAGMENTS && code.len() > ROOT_PREFIX.len() && code.starts_with(&ROOT_PREFIX)
}

/// The piece of the stream in a fragment's code.
///
/// # Errors
/// [`FormatError::NotAFragment`] when the code begins otherwise.
pub fn payload(code: &[u8]) -> Result<&[u8], FormatError> {
    code.strip_prefix(&FRAGMENT_PREFIX)
        .ok_or_else(|| FormatError::NotAFragment { prefix: code.iter().take(4).copied().collect() })
}

impl Root {
    /// Reads a root.
    ///
    /// # Errors
    /// [`FormatError`] when it is cut short, names no fragment or more than `max_fragments`, promises more than `max_wasm_size` bytes, or
    /// uses a dictionary.
    pub fn read(code: &[u8], max_wasm_size: usize, max_fragments: usize) -> Result<Self, FormatError> {
        let (Some(head), Some(addresses)) = (code.first_chunk::<HEAD_BYTES>(), code.get(HEAD_BYTES..)) else {
            return Err(FormatError::BrokenRoot { bytes: code.len() });
        };
        if addresses.len() % ADDRESS_BYTES != 0 {
            return Err(FormatError::BrokenRoot { bytes: code.len() });
        }
        let [_, _, _, dictionary, length @ ..] = *head;
        match dictionary {
            NO_DICTIONARY => {}
            CHAIN_DICTIONARY => return Err(FormatError::ChainDictionary),
            dictionary => return Err(FormatError::UnknownDictionary { dictionary }),
        }
        let wasm_bytes = u32::from_be_bytes(length);
        if wasm_bytes as usize > max_wasm_size {
            return Err(FormatError::TooLong { max_wasm_bytes: max_wasm_size });
        }
        let fragments: Vec<Address> = addresses.chunks_exact(ADDRESS_BYTES).map(Address::from_slice).collect();
        if fragments.is_empty() || fragments.len() > max_fragments {
            return Err(FormatError::FragmentCount { given: fragments.len(), limit: max_fragments });
        }
        Ok(Self { wasm_bytes, fragments })
    }

    /// Unpacks the module of the whole stream.
    ///
    /// # Errors
    /// The stream is damaged, or gives another length than the root says.
    pub fn unpack(&self, stream: &[u8]) -> Result<Vec<u8>, FormatError> {
        let wasm = inflate(stream, self.wasm_bytes as usize)?;
        if wasm.len() != self.wasm_bytes as usize {
            return Err(FormatError::WrongLength { promised: self.wasm_bytes, unpacked: wasm.len() });
        }
        Ok(wasm)
    }

    /// The on-chain code of this root.
    pub fn code(&self) -> Vec<u8> {
        let mut code = ROOT_PREFIX.to_vec();
        code.push(NO_DICTIONARY);
        code.extend(self.wasm_bytes.to_be_bytes());
        code.extend(self.fragments.iter().flat_map(|address| address.as_slice()));
        code
    }
}

/// The on-chain codes of a module's fragments, each with at most `payload_bytes` of the stream; at least one byte is taken.
///
/// The root that joins them is [`Root::code`] over the addresses they get and the length of `wasm`.
pub fn fragment_codes(wasm: &[u8], payload_bytes: usize) -> Vec<Vec<u8>> {
    let program = program_code(wasm);
    // The prefix and the dictionary byte of a whole program stand in the root instead.
    let stream = program.get(FRAGMENT_PREFIX.len() + 1..).unwrap_or_default();
    stream.chunks(payload_bytes.max(1)).map(|piece| [&FRAGMENT_PREFIX[..], piece].concat()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::wasm::testing::{WRITE_ARGS, wasm};

    const MAX: usize = 131_072;

    fn root(wasm_bytes: u32, fragments: u8) -> Root {
        Root { wasm_bytes, fragments: (1..=fragments).map(Address::repeat_byte).collect() }
    }

    #[test]
    fn a_root_is_eight_bytes_and_twenty_for_each_fragment() {
        let code = root(0x01_02_03, 2).code();
        assert_eq!(code[..8], [0xef, 0xf0, 0x02, 0, 0, 1, 2, 3]);
        assert_eq!((code.len(), &code[8..28], &code[28..]), (48, &[1; 20][..], &[2; 20][..]));
        assert_eq!(Root::read(&code, MAX, 2), Ok(root(0x01_02_03, 2)));
        assert!(is_root(&code, 60) && !is_root(&code, 51));
    }

    #[test]
    fn pieces_put_together_are_the_module_whatever_their_size() {
        let module = wasm(WRITE_ARGS);
        for size in [1, 7, 100, FRAGMENT_PAYLOAD_BYTES] {
            let codes = fragment_codes(&module, size);
            let stream: Vec<u8> = codes.iter().flat_map(|code| payload(code).unwrap()).copied().collect();
            assert_eq!(root(module.len() as u32, 1).unpack(&stream), Ok(module.clone()), "{size}");
        }
    }

    #[test]
    fn a_root_that_cannot_be_right_is_refused_by_name() {
        let good = root(100, 2).code();
        for cut in [3, 7, 27, 29] {
            assert_eq!(Root::read(&good[..cut], MAX, 2), Err(FormatError::BrokenRoot { bytes: cut }));
        }
        assert_eq!(Root::read(&good[..8], MAX, 2), Err(FormatError::FragmentCount { given: 0, limit: 2 }));
        assert_eq!(Root::read(&good, MAX, 1), Err(FormatError::FragmentCount { given: 2, limit: 1 }));
        assert_eq!(Root::read(&good, 99, 2), Err(FormatError::TooLong { max_wasm_bytes: 99 }));
        for (dictionary, error) in
            [(1, FormatError::ChainDictionary), (7, FormatError::UnknownDictionary { dictionary: 7 })]
        {
            let mut code = good.clone();
            code[3] = dictionary;
            assert_eq!(Root::read(&code, MAX, 2), Err(error));
        }
    }

    #[test]
    fn the_stream_must_give_exactly_the_length_the_root_says() {
        let module = wasm(WRITE_ARGS);
        let codes = fragment_codes(&module, FRAGMENT_PAYLOAD_BYTES);
        let stream = payload(&codes[0]).unwrap();
        let length = module.len() as u32;
        assert_eq!(
            root(length + 1, 1).unpack(stream),
            Err(FormatError::WrongLength { promised: length + 1, unpacked: module.len() })
        );
        assert_eq!(root(length - 1, 1).unpack(stream), Err(FormatError::TooLong { max_wasm_bytes: module.len() - 1 }));
        assert!(matches!(root(length, 1).unpack(&stream[..50]), Err(FormatError::CorruptStream { .. })));
    }

    #[test]
    fn only_a_fragment_has_a_piece() {
        assert_eq!(payload(&[0xef, 0xf0, 0x01]), Ok(&[][..]));
        assert_eq!(
            payload(&[0xef, 0xf0, 0x00, 0, 9]),
            Err(FormatError::NotAFragment { prefix: vec![0xef, 0xf0, 0, 0] })
        );
        assert_eq!(payload(&[]), Err(FormatError::NotAFragment { prefix: vec![] }));
    }
}
