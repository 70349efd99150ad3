//! The words of the Solidity ABI: reading what a caller passed or a callee answered, writing what we answer.
//!
//! Like Solidity's own decoder it refuses padding that is not zero, offsets that point outside and data that ends early,
//! and it does not mind data that goes on. A value that cannot be read is given as zero and remembered; who reads asks
//! once at the end ([`Reader::is_sound`]). That keeps the code of a contract small, where every function reads several.

use alloc::{string::String, vec::Vec};

use alloy_primitives::{Address, B256, Bytes, FixedBytes, I256, U256, aliases::U80};
use alloy_sol_types::{SolCall, SolType};
use interface::{IAuction, ILens, IOracle, IReserve, IVault};
use units::{Raw, Ray, Secs, Shares, Wad};

/// What function `C` takes, as a tuple of Rust types.
pub type ParametersOf<C> = <<C as SolCall>::Parameters<'static> as SolType>::RustType;

/// What function `C` returns, as a tuple of Rust types.
pub type ReturnsOf<C> = <<C as SolCall>::ReturnTuple<'static> as SolType>::RustType;

/// Data of the ABI, read word by word.
#[derive(Clone, Debug)]
pub struct Reader<'a> {
    rest: &'a [u8],
    whole: &'a [u8],
    is_sound: bool,
}

impl<'a> Reader<'a> {
    /// Reads `data`, from which offsets count too.
    pub fn new(data: &'a [u8]) -> Self {
        Self { rest: data, whole: data, is_sound: true }
    }

    /// Whether all that was read could be read.
    pub fn is_sound(&self) -> bool {
        self.is_sound
    }

    fn fail(&mut self) {
        self.is_sound = false;
    }

    /// The next word.
    #[inline(never)]
    fn word(&mut self) -> [u8; 32] {
        if let Some((word, rest)) = self.rest.split_first_chunk::<32>() {
            self.rest = rest;
            return *word;
        }
        self.fail();
        [0; 32]
    }

    /// The last `N` bytes of the next word; the others must be zero.
    #[inline(always)]
    fn narrow<const N: usize>(&mut self) -> [u8; N] {
        let word = self.word();
        let (padding, bytes) = word.split_at(32usize.saturating_sub(N));
        if padding.iter().any(|byte| *byte != 0) {
            self.fail();
        }
        bytes.try_into().unwrap_or([0; N])
    }

    #[inline(never)]
    fn length(&mut self) -> usize {
        // What does not fit the machine is longer than any data.
        usize::try_from(u64::from_be_bytes(self.narrow())).unwrap_or(usize::MAX)
    }

    /// What the next word points to, and its length.
    #[inline(never)]
    fn tail(&mut self) -> (Reader<'a>, usize) {
        let offset = self.length();
        let Some(whole) = self.whole.get(offset..) else {
            self.fail();
            return (Reader::new(&[]), 0);
        };
        let mut tail = Reader::new(whole);
        let length = tail.length();
        tail.whole = tail.rest;
        self.is_sound &= tail.is_sound;
        (tail, length)
    }
}

/// A type that can be read from the ABI.
pub trait Argument: Sized {
    /// The next value; zero, and the reader is not sound any more, where the data does not hold one.
    fn read(data: &mut Reader<'_>) -> Self;
}

/// All of `data` as a `T`, or nothing where the data does not hold one.
#[inline(always)]
pub fn decode<T: Argument>(data: &[u8]) -> Option<T> {
    let mut reader = Reader::new(data);
    let value = T::read(&mut reader);
    reader.is_sound().then_some(value)
}

impl Argument for U256 {
    #[inline(never)]
    fn read(data: &mut Reader<'_>) -> Self {
        U256::from_be_bytes(data.word())
    }
}

impl Argument for I256 {
    fn read(data: &mut Reader<'_>) -> Self {
        I256::from_raw(U256::read(data))
    }
}

impl Argument for Address {
    #[inline(never)]
    fn read(data: &mut Reader<'_>) -> Self {
        Address::from(data.narrow::<20>())
    }
}

impl Argument for u8 {
    fn read(data: &mut Reader<'_>) -> Self {
        u8::from_be_bytes(data.narrow())
    }
}

impl Argument for B256 {
    fn read(data: &mut Reader<'_>) -> Self {
        Self(data.word())
    }
}

impl Argument for bool {
    fn read(data: &mut Reader<'_>) -> Self {
        let byte = u8::read(data);
        if byte > 1 {
            data.fail();
        }
        byte == 1
    }
}

impl Argument for U80 {
    fn read(data: &mut Reader<'_>) -> Self {
        U80::from_be_bytes(data.narrow::<10>())
    }
}

impl Argument for Bytes {
    fn read(data: &mut Reader<'_>) -> Self {
        let (tail, length) = data.tail();
        match tail.rest.get(..length) {
            Some(bytes) => Bytes::copy_from_slice(bytes),
            None => {
                data.fail();
                Bytes::new()
            }
        }
    }
}

impl<T: Argument> Argument for Vec<T> {
    fn read(data: &mut Reader<'_>) -> Self {
        let (mut tail, length) = data.tail();
        let mut items = Vec::new();
        for _ in 0..length {
            items.push(T::read(&mut tail));
            // A length that lies ends with the data, before it has cost more memory than the data itself.
            if !tail.is_sound {
                data.fail();
                break;
            }
        }
        items
    }
}

/// The words of an array, whatever its elements are: all that follows its length.
#[derive(Clone, Debug)]
pub struct ArrayWords(pub Vec<U256>);

impl Argument for ArrayWords {
    fn read(data: &mut Reader<'_>) -> Self {
        let (mut tail, _) = data.tail();
        let mut words = Vec::new();
        while !tail.rest.is_empty() {
            words.push(U256::read(&mut tail));
            // What is left is less than a word.
            if !tail.is_sound {
                data.fail();
                break;
            }
        }
        Self(words)
    }
}

macro_rules! read_tuples {
    ($($($part:ident)*;)*) => {$(
        impl<$($part: Argument),*> Argument for ($($part,)*) {
            #[inline(always)]
            #[allow(unused_variables, clippy::unused_unit, reason = "the empty tuple reads nothing")]
            fn read(data: &mut Reader<'_>) -> Self {
                ($($part::read(data),)*)
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
    A B C D E F G H;
    A B C D E F G H I J;
}

/// A value that is one word of the ABI.
pub trait Word {
    /// The value as a word.
    fn word(&self) -> [u8; 32];
}

impl Word for U256 {
    #[inline(never)]
    fn word(&self) -> [u8; 32] {
        self.to_be_bytes()
    }
}

impl Word for I256 {
    fn word(&self) -> [u8; 32] {
        self.to_be_bytes()
    }
}

impl Word for Address {
    #[inline(never)]
    fn word(&self) -> [u8; 32] {
        self.into_word().0
    }
}

impl Word for B256 {
    fn word(&self) -> [u8; 32] {
        self.0
    }
}

impl Word for bool {
    fn word(&self) -> [u8; 32] {
        U256::from(*self).word()
    }
}

impl Word for u8 {
    fn word(&self) -> [u8; 32] {
        U256::from(*self).word()
    }
}

impl Word for u64 {
    fn word(&self) -> [u8; 32] {
        U256::from(*self).word()
    }
}

impl Word for Secs {
    fn word(&self) -> [u8; 32] {
        self.0.word()
    }
}

macro_rules! quantity_words {
    ($($quantity:ty)*) => {$(
        impl Word for $quantity {
            #[inline(always)]
            fn word(&self) -> [u8; 32] {
                self.0.word()
            }
        }
    )*};
}

quantity_words!(Raw Ray Wad Shares);

/// A value that is one word of the ABI, or a struct of several that are written where it stands.
pub trait Words {
    /// Appends the words to `data`.
    fn append(&self, data: &mut Vec<u8>);
}

impl<T: Word> Words for T {
    fn append(&self, data: &mut Vec<u8>) {
        data.extend_from_slice(&self.word());
    }
}

/// Appends the words of `values` to `data`.
#[inline(never)]
pub fn write_words(values: &[&dyn Words], data: &mut Vec<u8>) {
    for value in values {
        value.append(data);
    }
}

/// What a function can return: a single value, or a tuple of several.
pub trait Answer {
    /// Appends the value to `data`, which holds nothing else.
    fn write(&self, data: &mut Vec<u8>);
}

impl Answer for () {
    fn write(&self, _: &mut Vec<u8>) {}
}

macro_rules! word_answers {
    ($($word:ty)*) => {$(
        impl Answer for $word {
            #[inline(always)]
            fn write(&self, data: &mut Vec<u8>) {
                write_words(&[self], data);
            }
        }
    )*};
}

word_answers!(U256 Address bool u8 B256);

macro_rules! tuple_answers {
    ($($($part:ident $field:tt)*;)*) => {$(
        impl<$($part: Word),*> Answer for ($($part,)*) {
            fn write(&self, data: &mut Vec<u8>) {
                write_words(&[$(&self.$field),*], data);
            }
        }
    )*};
}

tuple_answers! {
    A 0 B 1;
    A 0 B 1 C 2;
    A 0 B 1 C 2 D 3;
}

impl<T: Word> Answer for Vec<T> {
    fn write(&self, data: &mut Vec<u8>) {
        let length = u64::try_from(self.len()).unwrap_or(u64::MAX);
        write_words(&[&32u64, &length], data);
        for item in self {
            data.extend_from_slice(&item.word());
        }
    }
}

/// What several calls answered, each encoded: a `bytes[]`.
#[derive(Clone, Debug)]
pub struct Answers(pub Vec<Vec<u8>>);

impl Answer for Answers {
    fn write(&self, data: &mut Vec<u8>) {
        write_words(&[&32u64, &length_of(&self.0)], data);
        // Where each begins, counted from the first of these numbers; then each with its length, filled up to words.
        let mut offset = length_of(&self.0).saturating_mul(32);
        for bytes in &self.0 {
            write_words(&[&offset], data);
            let words = length_of(bytes).div_ceil(32).saturating_add(1);
            offset = offset.saturating_add(words.saturating_mul(32));
        }
        for bytes in &self.0 {
            write_words(&[&length_of(bytes)], data);
            data.extend_from_slice(bytes);
            data.resize(data.len().next_multiple_of(32), 0);
        }
    }
}

fn length_of<T>(items: &[T]) -> u64 {
    u64::try_from(items.len()).unwrap_or(u64::MAX)
}

impl Answer for Vec<IOracle::Range> {
    fn write(&self, data: &mut Vec<u8>) {
        let length = u64::try_from(self.len()).unwrap_or(u64::MAX);
        write_words(&[&32u64, &length], data);
        for range in self {
            write_words(&[&range.lowWad, &range.highWad], data);
        }
    }
}

impl Answer for Vec<IReserve::Entry> {
    fn write(&self, data: &mut Vec<u8>) {
        write_words(&[&32u64, &length_of(self)], data);
        for entry in self {
            write_words(&[&entry.vaultId, &entry.amountRaw, &entry.realisedAtSecs], data);
        }
    }
}

/// A text that is part of the code.
#[derive(Clone, Copy, Debug)]
pub struct Text(pub &'static str);

impl Answer for Text {
    fn write(&self, data: &mut Vec<u8>) {
        let length = u64::try_from(self.0.len()).unwrap_or(u64::MAX);
        write_words(&[&32u64, &length], data);
        for part in self.0.as_bytes().chunks(32) {
            let mut word = [0; 32];
            for (to, from) in word.iter_mut().zip(part) {
                *to = *from;
            }
            data.extend_from_slice(&word);
        }
    }
}

/// The structs of the interfaces, field by field in the order of `abi/*.sol`.
macro_rules! struct_answers {
    ($($name:ty { $($field:ident)* })*) => {$(
        impl Words for $name {
            fn append(&self, data: &mut Vec<u8>) {
                write_words(&[$(&self.$field),*], data);
            }
        }

        impl Answer for $name {
            #[inline(always)]
            fn write(&self, data: &mut Vec<u8>) {
                self.append(data);
            }
        }
    )*};
}

struct_answers! {
    IVault::Collateral { ltvBps thresholdBps targetThresholdBps rampEndSecs penaltyBps decimals capRaw totalRaw }
    IVault::Account { owner debtRaw debtValueWad thresholdValueWad ltvValueWad healthWad }
    IVault::Books { cashRaw debtRaw onAuctionRaw badDebtRaw fundedRaw surplusRaw debtShares indexRay accruedAtSecs }
    IVault::Liquidation { lotRaw debtRaw dueRaw priceRay }
    IVault::RateCurve { baseYearlyBps kinkPercent slope1YearlyBps slope2YearlyBps reserveBps }
    IOracle::Settings {
        minWad maxWad second secondHeartbeatSecs secondDecimals softBps hardBps jumpBps sigmas holdSecs rateFeed rateHeartbeatSecs
        rateDecimals snapshotRateWad snapshotAtSecs growthBps stop
    }
    IOracle::Report {
        state status failedBits priceWad updatedAtSecs lowWad highWad firstWad firstStatus secondWad secondStatus rateWad isRateCut heldUntilSecs
    }
    IOracle::Recorded { priceWad atSecs heldSinceSecs fastVariance slowVariance state }
    IAuction::Terms { curve cutRay stepSecs bufferBps tailSecs cuspBps floorBps capRaw }
    IAuction::Sale { vaultId collateral lotRaw debtRaw dueRaw topRay floorRay startedAtSecs restarts }
    IAuction::Reward { flatRaw shareBps maxPenaltyBps }
    IAuction::Bidding { bidder bidRay sliceRaw owedRaw endsAtSecs }
    IReserve::Rules { bufferRaw stakersBps dripSecs cooldownSecs windowSecs patienceSecs }
    ILens::Preview { lotRaw debtRaw dueRaw priceRay rewardRaw }
    ILens::Interest { baseYearlyBps kinkPercent slope1YearlyBps slope2YearlyBps reserveBps ratePerSecondRay }
    IReserve::Stake { shares assetsRaw leavingShares fromSecs untilSecs }
}

macro_rules! struct_arguments {
    ($($name:ty { $($field:ident)* })*) => {$(
        impl Argument for $name {
            fn read(data: &mut Reader<'_>) -> Self {
                Self { $($field: Argument::read(data)),* }
            }
        }
    )*};
}

struct_arguments! {
    IOracle::Range { lowWad highWad }
    IVault::Liquidation { lotRaw debtRaw dueRaw priceRay }
    IVault::RateCurve { baseYearlyBps kinkPercent slope1YearlyBps slope2YearlyBps reserveBps }
    IAuction::Terms { curve cutRay stepSecs bufferBps tailSecs cuspBps floorBps capRaw }
    IAuction::Reward { flatRaw shareBps maxPenaltyBps }
    IVault::Books { cashRaw debtRaw onAuctionRaw badDebtRaw fundedRaw surplusRaw debtShares indexRay accruedAtSecs }
    IReserve::Rules { bufferRaw stakersBps dripSecs cooldownSecs windowSecs patienceSecs }
}

/// A single value, or the tuple of several, against the tuple that a Solidity function returns: that the two agree is
/// what this trait says.
pub trait Returned<Tuple>: Answer {}

impl Returned<()> for () {}
impl<A: Answer> Returned<(A,)> for A {}
impl Returned<(String,)> for Text {}
impl Returned<(Vec<Bytes>,)> for Answers {}
impl<A: Word, B: Word> Returned<(A, B)> for (A, B) {}
impl<A: Word, B: Word, C: Word> Returned<(A, B, C)> for (A, B, C) {}
impl<A: Word, B: Word, C: Word, D: Word> Returned<(A, B, C, D)> for (A, B, C, D) {}

/// A name in ASCII as `OutOfBounds` carries it.
pub type Name = FixedBytes<32>;
