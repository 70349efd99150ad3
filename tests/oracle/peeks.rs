//! That `peek` and `report` answer whatever feeds say: random bytes for rounds and decimals, of every feed an asset can have.

use alloy_primitives::{Address, Bytes, U256};
use interface::IOracle;
use proptest::{
    prelude::*,
    test_runner::{Config, RngSeed, TestRunner},
};
use std::cell::RefCell;
use support::{
    System,
    actors::OPERATOR,
    doubles::IScriptedFeed::{self, Behaviour},
    native::GENESIS_SECS,
    system::FEED_DOLLAR,
};

use crate::scene::{RATE, behave, guard, n, push, push_usd};

/// What a feed answers: nothing unusual, or these bytes.
#[derive(Debug, Clone)]
struct Said {
    round: Option<Vec<u8>>,
    decimals: Option<Vec<u8>>,
}

/// A word at an edge of something, or any.
fn words() -> impl Strategy<Value = U256> {
    prop_oneof![
        Just(U256::ZERO),
        Just(U256::ONE),
        Just(U256::MAX),
        Just(U256::ONE << 255),
        Just(U256::MAX >> 1),
        Just(U256::from(8)),
        Just(U256::from(18)),
        Just(U256::from(255)),
        Just(U256::from(2_000 * FEED_DOLLAR)),
        Just(U256::from(RATE)),
        times(),
        (0_usize..256).prop_map(|bits| U256::ONE << bits),
        any::<[u64; 4]>().prop_map(U256::from_limbs),
    ]
}

/// So many words, often cut short or with something behind them; sometimes just bytes.
fn answers(count: usize) -> impl Strategy<Value = Vec<u8>> {
    let of_words = (prop::collection::vec(words(), count), 0_usize..8, any::<u8>()).prop_map(|(words, cut, more)| {
        let mut bytes: Vec<u8> = words.iter().flat_map(|word| word.to_be_bytes::<32>()).collect();
        match cut {
            0 => bytes.truncate(usize::from(more) % (bytes.len() + 1)),
            1 => bytes.push(more),
            _ => {}
        }
        bytes
    });
    prop_oneof![4 => of_words, 1 => prop::collection::vec(any::<u8>(), 0..200)]
}

/// Any time of some days.
fn times() -> impl Strategy<Value = U256> {
    (0_u64..200_000).prop_map(|ago| U256::from(GENESIS_SECS + 100_000 - ago))
}

/// A round that looks like one.
fn round_of(answer: U256, time: U256) -> Vec<u8> {
    [U256::ONE, answer, time, time, U256::ONE].iter().flat_map(|word| word.to_be_bytes::<32>()).collect()
}

fn feeds() -> impl Strategy<Value = Said> {
    let rounds = (words(), times()).prop_map(|(answer, time)| round_of(answer, time));
    (prop::option::weighted(0.4, prop_oneof![answers(5), rounds]), prop::option::weighted(0.3, answers(1)))
        .prop_map(|(round, decimals)| Said { round, decimals })
}

/// What the sequencer's feed says: mostly that it is up, at any time or at none.
fn uptimes() -> impl Strategy<Value = Said> {
    let answer = prop_oneof![3 => Just(U256::ZERO), 1 => words()];
    let rounds =
        (answer, prop_oneof![1 => Just(U256::ZERO), 3 => times()]).prop_map(|(answer, time)| round_of(answer, time));
    prop::option::weighted(0.4, prop_oneof![answers(5), rounds]).prop_map(|round| Said { round, decimals: None })
}

/// Lets a feed say what it is told to, or its usual answer now.
fn let_say(system: &mut System, feed: Address, said: &Said, usual: (i128, u8)) {
    behave(system, feed, Behaviour::Answer);
    push(system, feed, usual.0);
    system.must(OPERATOR, feed, &IScriptedFeed::setDecimalsCall { decimals: usual.1 });
    if let Some(round) = &said.round {
        let call = IScriptedFeed::setRawAnswerCall { rawAnswer: Bytes::copy_from_slice(round) };
        system.must(OPERATOR, feed, &call);
    }
    if let Some(decimals) = &said.decimals {
        let call = IScriptedFeed::setRawDecimalsCall { rawDecimals: Bytes::copy_from_slice(decimals) };
        system.must(OPERATOR, feed, &call);
    }
}

#[test]
fn peek_and_report_answer_whatever_the_feeds_say() {
    let mut system = System::native();
    let guards = guard(&mut system);
    let (oracle, asset, first) = (system.at.oracle, system.at.weth.token, system.at.weth.feed);
    push_usd(&mut system, guards.second, 2_010);
    crate::scene::poke(&mut system);
    system.wait(60);
    let up_since = system.world.time_secs() - 36_000;
    // How often each status came up.
    let (system, seen) = (RefCell::new(system), RefCell::new([0_u32; 21]));
    let config = Config {
        cases: 4_000,
        failure_persistence: None,
        rng_seed: RngSeed::Fixed(0x9eec),
        max_shrink_iters: 200,
        ..Config::default()
    };
    let ran = TestRunner::new(config).run(&(feeds(), feeds(), feeds(), uptimes()), |(one, two, rate, uptime)| {
        let system = &mut *system.borrow_mut();
        let_say(system, first, &one, (2_000 * FEED_DOLLAR, 8));
        let_say(system, guards.second, &two, (2_010 * FEED_DOLLAR, 8));
        let_say(system, guards.rate, &rate, (RATE, 18));
        let uptime_feed = system.at.sequencer;
        behave(system, uptime_feed, Behaviour::Answer);
        system.set_sequencer(true, up_since);
        if let Some(round) = &uptime.round {
            let call = IScriptedFeed::setRawAnswerCall { rawAnswer: Bytes::copy_from_slice(round) };
            system.must(OPERATOR, uptime_feed, &call);
        }
        let peeked = system.try_ask(oracle, &IOracle::peekCall { asset });
        let found = system.try_ask(oracle, &IOracle::reportCall { asset });
        let (Ok(peeked), Ok(found)) = (&peeked, &found) else {
            return Err(TestCaseError::fail(format!("{:?} {:?}", peeked.err(), found.err())));
        };
        prop_assert_eq!((peeked.status, peeked.priceWad), (found.status, found.priceWad));
        prop_assert!(found.priceWad <= crate::scene::usd(1_000_000_000_000_000_000), "a price is in range or zero");
        // Where it says that all is well, a price is given, and where not, it is refused.
        let price = system.try_ask(oracle, &IOracle::priceCall { asset });
        prop_assert_eq!(price.ok(), (found.status == n(0)).then_some(found.priceWad));
        seen.borrow_mut()[found.status.to::<usize>()] += 1;
        Ok(())
    });
    ran.unwrap_or_else(|failure| panic!("{failure}"));
    let seen = seen.into_inner();
    // All but those that feeds alone do not bring about: no feed, frozen, shut down, and what two good sources say of one another.
    let met: Vec<_> = (0..21).filter(|status| seen[*status] > 0).collect();
    for status in [0, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 18] {
        assert!(met.contains(&status), "status {status} never came up: {seen:?}");
    }
}
