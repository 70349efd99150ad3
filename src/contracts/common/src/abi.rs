//! Reading the words of the Solidity ABI: what a caller passed, and what a callee answered.
//!
//! Like Solidity's own decoder it refuses padding that is not zero, offsets that point outside and data that ends early,
//! and it does not mind data that goes on.

use alloc::vec::Vec;

use alloy_primitives::{Address, Bytes, I256, U256, aliases::U80};
use alloy_sol_types::{SolCall, SolType};
use interface::IAuction;

/// What function `C` takes, as a tuple of Rust types.
pub type ParametersOf<C> = <<C as SolCall>::Parameters<'static> as SolType>::RustType;

/// What function `C` returns, as a tuple of Rust types.
pub type ReturnsOf<C> = <<C as SolCall>::ReturnTuple<'static> as SolType>::RustType;

/// Data of the ABI, read word by word.
#[derive(Clone, Copy, Debug)]
pub struct Reader<'a> {
    rest: &'a [u8],
    whole: &'a [u8],
}

impl<'a> Reader<'a> {
    /// Reads `data`, from which offsets count too.
    pub fn new(data: &'a [u8]) -> Self {
        Self { rest: data, whole: data }
    }

    #[inline(never)]
    fn word(&mut self) -> Option<U256> {
        let (word, rest) = self.rest.split_first_chunk::<32>()?;
        self.rest = rest;
        Some(U256::from_be_bytes(*word))
    }

    fn length(&mut self) -> Option<usize> {
        usize::try_from(self.word()?).ok()
    }

    /// What the next word points to.
    fn tail(&mut self) -> Option<Reader<'a>> {
        let offset = self.length()?;
        self.whole.get(offset..).map(Reader::new)
    }
}

/// A type that can be read from the ABI.
pub trait Argument: Sized {
    /// The next value, or nothing where the data does not hold one.
    fn read(data: &mut Reader<'_>) -> Option<Self>;
}

impl Argument for U256 {
    fn read(data: &mut Reader<'_>) -> Option<Self> {
        data.word()
    }
}

impl Argument for I256 {
    fn read(data: &mut Reader<'_>) -> Option<Self> {
        data.word().map(I256::from_raw)
    }
}

impl Argument for Address {
    #[inline(never)]
    fn read(data: &mut Reader<'_>) -> Option<Self> {
        let word = data.word()?;
        (word.bit_len() <= 160).then(|| crate::words::address_in(word))
    }
}

impl Argument for bool {
    fn read(data: &mut Reader<'_>) -> Option<Self> {
        match u8::read(data)? {
            0 => Some(false),
            1 => Some(true),
            _ => None,
        }
    }
}

impl Argument for u8 {
    fn read(data: &mut Reader<'_>) -> Option<Self> {
        u8::try_from(data.word()?).ok()
    }
}

impl Argument for U80 {
    fn read(data: &mut Reader<'_>) -> Option<Self> {
        U80::uint_try_from_word(data.word()?)
    }
}

impl Argument for Bytes {
    fn read(data: &mut Reader<'_>) -> Option<Self> {
        let mut tail = data.tail()?;
        let length = tail.length()?;
        tail.rest.get(..length).map(Bytes::copy_from_slice)
    }
}

impl<T: Argument> Argument for Vec<T> {
    fn read(data: &mut Reader<'_>) -> Option<Self> {
        let mut tail = data.tail()?;
        let length = tail.length()?;
        // Offsets inside of an array count from behind its length.
        tail.whole = tail.rest;
        let mut items = Vec::new();
        // A length that lies ends with the data, before it has cost more memory than the data itself.
        for _ in 0..length {
            items.push(T::read(&mut tail)?);
        }
        Some(items)
    }
}

impl Argument for IAuction::Terms {
    fn read(data: &mut Reader<'_>) -> Option<Self> {
        Some(Self {
            curve: data.word()?,
            cutRay: data.word()?,
            stepSecs: data.word()?,
            bufferBps: data.word()?,
            tailSecs: data.word()?,
            cuspBps: data.word()?,
            floorBps: data.word()?,
            capRaw: data.word()?,
        })
    }
}

trait FromWord: Sized {
    fn uint_try_from_word(word: U256) -> Option<Self>;
}

impl FromWord for U80 {
    fn uint_try_from_word(word: U256) -> Option<Self> {
        let [low, high, ..] = *word.as_limbs();
        (word.bit_len() <= 80).then(|| U80::from_limbs([low, high]))
    }
}

macro_rules! read_tuples {
    ($($($part:ident)*;)*) => {$(
        impl<$($part: Argument),*> Argument for ($($part,)*) {
            #[inline(always)]
            #[allow(unused_variables, reason = "the empty tuple reads nothing")]
            fn read(data: &mut Reader<'_>) -> Option<Self> {
                Some(($($part::read(data)?,)*))
            }
        }
    )*};
}

read_tuples! {
    ;
    A;
    A B;
    A B C;
    A B C D;
    A B C D E;
    A B C D E F;
    A B C D E F G;
}

/// A single value, or the tuple of several, as what a function returns. It turns one value into a tuple of one.
pub trait Returned<Tuple> {
    /// The tuple the ABI encodes.
    fn into_tuple(self) -> Tuple;
}

impl Returned<()> for () {
    fn into_tuple(self) {}
}

impl<A> Returned<(A,)> for A {
    fn into_tuple(self) -> (A,) {
        (self,)
    }
}

macro_rules! return_tuples {
    ($($($part:ident)*;)*) => {$(
        impl<$($part),*> Returned<($($part,)*)> for ($($part,)*) {
            fn into_tuple(self) -> Self {
                self
            }
        }
    )*};
}

return_tuples! {
    A B;
    A B C;
    A B C D;
}
