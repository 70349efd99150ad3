//! Every operation against every failure: what refuses and how, what answers all the same, and what never asks.

use alloy_primitives::{Address, I256, U256};
use alloy_sol_types::{SolCall, SolError};
use interface::{IOracle, IPool, IReserve, IVault};
use support::{
    Revert, System,
    actors::{ALICE, LENDER, OPERATOR, OWNER},
    doubles::IScriptedFeed::{self, Behaviour},
    revert_of,
    system::{FEED_DOLLAR, HEARTBEAT_SECS, USD, WETH},
};

use crate::scene::{Guards, behave, guard, n, poke, push, push_usd, report, set_round, usd};

support::scenarios! {
    both {
        every_failure_has_its_error_its_status_and_its_state_for_every_operation,
    }
    native {
        of_two_failures_the_earlier_check_names_it,
        of_two_failures_of_one_answer_the_earlier_check_names_it,
    }
}

/// What an asset is like after a failure.
pub(crate) struct Failure {
    pub(crate) name: &'static str,
    pub(crate) status: u64,
    /// 0 normal, 1 degraded, 2 held, 3 frozen, 4 shut down.
    state: u64,
    /// What a sale may start on, before the rate of 1.2, in dollars.
    pub(crate) range: Option<(u128, u128)>,
    pub(crate) bring_about: fn(&mut System, Guards) -> Revert,
}

/// The status of an asset that was shut down.
pub(crate) const SHUT_DOWN: u64 = 20;

/// In the order of the checks.
pub(crate) const FAILURES: [Failure; 20] = [
    Failure { name: "no feed", status: 1, state: 3, range: None, bring_about: no_feed },
    Failure { name: "frozen", status: 19, state: 3, range: None, bring_about: |system, _| stop(system, 1) },
    Failure { name: "shut down", status: 20, state: 4, range: None, bring_about: |system, _| stop(system, 2) },
    Failure { name: "feed unreadable", status: 6, state: 1, range: Some((2_010, 2_010)), bring_about: unreadable },
    Failure { name: "sequencer unreadable", status: 2, state: 3, range: None, bring_about: sequencer_unreadable },
    Failure { name: "sequencer down", status: 4, state: 3, range: None, bring_about: sequencer_down },
    Failure { name: "sequencer uninitialised", status: 3, state: 3, range: None, bring_about: uninitialised },
    Failure { name: "sequencer grace", status: 5, state: 3, range: None, bring_about: grace },
    Failure { name: "round incomplete", status: 7, state: 1, range: Some((2_010, 2_010)), bring_about: incomplete },
    Failure { name: "not positive", status: 8, state: 1, range: Some((2_010, 2_010)), bring_about: not_positive },
    Failure { name: "from the future", status: 9, state: 1, range: Some((2_010, 2_010)), bring_about: from_future },
    Failure { name: "stale", status: 10, state: 1, range: Some((2_010, 2_010)), bring_about: stale },
    Failure { name: "out of range", status: 11, state: 1, range: Some((2_010, 2_010)), bring_about: out_of_range },
    Failure { name: "out of band", status: 12, state: 1, range: Some((2_010, 2_010)), bring_about: out_of_band },
    Failure { name: "decimals changed", status: 13, state: 1, range: Some((2_010, 2_010)), bring_about: decimals },
    Failure {
        name: "second unusable",
        status: 14,
        state: 1,
        range: Some((2_000, 2_000)),
        bring_about: second_unusable,
    },
    Failure { name: "sources disagree", status: 16, state: 3, range: None, bring_about: disagree },
    Failure { name: "sources differ", status: 15, state: 1, range: Some((2_000, 2_030)), bring_about: differ },
    Failure { name: "jump", status: 17, state: 2, range: None, bring_about: jump },
    Failure { name: "rate unusable", status: 18, state: 3, range: None, bring_about: rate_unusable },
];

fn every_failure_has_its_error_its_status_and_its_state_for_every_operation(system: &mut System) {
    let mut seen = Vec::new();
    for failure in FAILURES {
        let (mut apart, guards) = guarded(system);
        let weth = apart.at.weth;
        let vault_id = apart.open_indebted(ALICE, &[(weth, 10 * WETH)], 1_000 * USD);
        let error = (failure.bring_about)(&mut apart, guards);
        refuses_and_answers(&mut apart, &failure, &error);
        users_are_safe(&mut apart, &failure, &error, vault_id);
        nobody_asks_for_a_price_to_fund(&mut apart, failure.name);
        seen.push(failure.status);
    }
    seen.sort_unstable();
    assert_eq!(seen, (1..=20).collect::<Vec<_>>(), "every status but 0 has its failure");
}

/// A new world of the same kind, with everything on and all well.
pub(crate) fn guarded(system: &System) -> (System, Guards) {
    let mut apart = if system.world.name() == "wasm" { System::wasm() } else { System::native() };
    let guards = guard(&mut apart);
    push_usd(&mut apart, guards.second, 2_010);
    assert_eq!(poke(&mut apart), (0, 0));
    (apart, guards)
}

fn refuses_and_answers(system: &mut System, failure: &Failure, error: &Revert) {
    let (oracle, weth, dollar) = (system.at.oracle, system.at.weth.token, system.at.usd.token);
    let name = failure.name;
    assert_refused(system, name, &IOracle::priceCall { asset: weth }, error);
    assert_refused(system, name, &IOracle::pricesCall { assets: vec![dollar, weth] }, error);
    let quote = IOracle::getQuoteCall { baseAmount: U256::from(WETH), base: weth, quote: usd_itself() };
    assert_refused(system, name, &quote, error);

    let ranges = IOracle::rangesCall { assets: vec![weth] };
    let quotes = IOracle::getQuotesCall { baseAmount: U256::from(WETH), base: weth, quote: usd_itself() };
    match failure.range {
        // For a sale, what was shut down counts for nothing.
        None if failure.status == SHUT_DOWN => {
            let none = IOracle::Range { lowWad: U256::ZERO, highWad: U256::ZERO };
            assert_eq!(system.ask(oracle, &ranges), [none], "{name}");
            assert_refused(system, name, &quotes, error);
        }
        None => {
            assert_refused(system, name, &ranges, error);
            assert_refused(system, name, &quotes, error);
        }
        Some((low, high)) => {
            let (low, high) = (usd(low * 12 / 10), usd(high * 12 / 10));
            assert_eq!(system.ask(oracle, &ranges), [IOracle::Range { lowWad: low, highWad: high }], "{name}");
            let quoted = system.ask(oracle, &quotes);
            assert_eq!((quoted.bidAmount, quoted.askAmount), (low, high), "{name}");
        }
    }
    let peeked = system.ask(oracle, &IOracle::peekCall { asset: weth });
    assert_eq!(peeked.status, n(failure.status), "{name}: peek");
    let found = report(system);
    assert_eq!((found.state, found.status), (n(failure.state), n(failure.status)), "{name}: report");
    assert_eq!(found.failedBits, n(1 << failure.status), "{name}: one failure, one bit");
    assert_eq!(
        (found.priceWad, found.updatedAtSecs),
        (peeked.priceWad, peeked.updatedAtSecs),
        "{name}: report as peek"
    );
    if failure.status == 1 {
        system.refused(OPERATOR, oracle, &IOracle::pokeCall { asset: weth }, &IOracle::FeedNotSet { asset: weth });
    } else {
        assert_eq!(poke(system), (failure.state, failure.status), "{name}: poke");
    }
}

/// Collateral and repayment come in whatever the oracle says; nothing goes out against a debt that cannot be valued.
fn users_are_safe(system: &mut System, failure: &Failure, error: &Revert, vault_id: U256) {
    let (vault, weth, name) = (system.at.vault, system.at.weth.token, failure.name);
    let borrow = IVault::borrowCall { vaultId: vault_id, amountRaw: U256::from(USD), to: ALICE };
    let withdraw = IVault::withdrawCall { vaultId: vault_id, collateral: weth, amountRaw: U256::from(1), to: ALICE };
    assert_eq!(system.send(ALICE, vault, &borrow).err().as_ref(), Some(error), "{name}: borrow");
    assert_eq!(system.send(ALICE, vault, &withdraw).err().as_ref(), Some(error), "{name}: withdraw");
    let deposit = IVault::depositCall { vaultId: vault_id, collateral: weth, amountRaw: U256::from(WETH) };
    system.must(ALICE, vault, &deposit);
    system.must(ALICE, vault, &IVault::repayCall { vaultId: vault_id, amountRaw: U256::from(100 * USD) });
}

/// Money for lenders, stakers and the surplus comes in, and lenders' goes out, whatever the oracle says.
fn nobody_asks_for_a_price_to_fund(system: &mut System, name: &str) {
    let (pool, reserve, amount_raw) = (system.at.pool, system.at.reserve, U256::from(10 * USD));
    let before = system.books();
    let works = |done: Result<(), Revert>, what| assert_eq!(done, Ok(()), "{name}: {what}");
    works(system.send(LENDER, reserve, &IReserve::donateCall { amountRaw: amount_raw }).map(drop), "donate");
    let stake = IReserve::stakeCall { amountRaw: amount_raw, staker: LENDER };
    works(system.send(LENDER, reserve, &stake).map(drop), "stake");
    let deposit = IPool::depositCall { assets: amount_raw, receiver: LENDER };
    works(system.send(LENDER, pool, &deposit).map(drop), "deposit in the pool");
    assert_eq!(system.books().surplusRaw, before.surplusRaw + amount_raw, "{name}");
    let withdraw = IPool::withdrawCall { assets: U256::from(4 * USD), receiver: LENDER, owner: LENDER };
    works(system.send(LENDER, pool, &withdraw).map(drop), "withdraw from the pool");
    assert_eq!(system.books().cashRaw, before.cashRaw + amount_raw * n(2) - U256::from(4 * USD), "{name}");
}

fn of_two_failures_the_earlier_check_names_it(system: &mut System) {
    for (place, earlier) in FAILURES.iter().enumerate() {
        for later in &FAILURES[place + 1..] {
            // These need the same part to be in two ways at once.
            let is_one_part = |one: &[u64]| one.contains(&earlier.status) && one.contains(&later.status);
            let (first_source, second_source, stops, uptime) =
                ([6, 7, 8, 9, 10, 11, 12, 17], [14, 15, 16, 17], [19, 20], [2, 3, 4, 5]);
            if [&first_source[..], &second_source, &stops, &uptime].into_iter().any(is_one_part) || earlier.status == 1
            {
                continue;
            }
            let (mut apart, guards) = guarded(system);
            let _ = (later.bring_about)(&mut apart, guards);
            let _ = (earlier.bring_about)(&mut apart, guards);
            let found = report(&apart);
            assert_eq!(found.status, n(earlier.status), "{} and {}", earlier.name, later.name);
            let bits = if is_made(earlier.status, later.status) { 1 << later.status } else { 0 };
            assert_eq!(found.failedBits, n(1 << earlier.status | bits), "{} and {}", earlier.name, later.name);
        }
    }
}

/// The checks on one answer, in their order: each round fails at its own and at every later one that it can fail at too.
fn of_two_failures_of_one_answer_the_earlier_check_names_it(system: &mut System) {
    let (asset, feed) = weth(system);
    let now = system.world.time_secs();
    let (ahead, old, huge) = (now + 1, now - HEARTBEAT_SECS - 1, i128::MAX);
    let band = IOracle::setBandCall { asset, minWad: usd(100), maxWad: usd(10_000) };
    system.must(OWNER, system.at.oracle, &band);
    for (answer, updated_at_secs, status) in [
        (-1, 0, 7),
        (huge, 0, 7),
        (-1, ahead, 8),
        (0, old, 8),
        (huge, ahead, 9),
        (99 * FEED_DOLLAR, ahead, 9),
        (huge, old, 10),
        (99 * FEED_DOLLAR, old, 10),
        (huge, now, 11),
        (99 * FEED_DOLLAR, now, 12),
    ] {
        set_round(system, feed, answer, updated_at_secs);
        // Other decimals come last of all.
        system.must(OPERATOR, feed, &IScriptedFeed::setDecimalsCall { decimals: 7 });
        assert_eq!(report(system).status, n(status), "{answer} at {updated_at_secs}");
    }
}

/// Whether the check `later` is made at all where `earlier` has failed. Nobody asks the second source or looks for a jump where neither
/// would be believed whatever they said. A source names its own first failure, so its decimals are not compared after it; and a price that
/// is not usable is neither compared with another nor has it jumped.
fn is_made(earlier: u64, later: u64) -> bool {
    let (above_the_sources, of_the_first) = ([2, 3, 4, 5, 19, 20], [6, 7, 8, 9, 10, 11, 12, 13]);
    !(above_the_sources.contains(&earlier) && [14, 15, 16, 17].contains(&later)
        || of_the_first.contains(&earlier) && [13, 15, 16, 17].contains(&later))
}

#[track_caller]
fn assert_refused(system: &System, name: &str, call: &impl SolCall, error: &Revert) {
    let refusal = system.world.view(system.at.oracle, &call.abi_encode()).err();
    assert_eq!(refusal.as_ref(), Some(error), "{name}");
}

fn usd_itself() -> Address {
    Address::from_word(U256::from(840).into())
}

fn weth(system: &System) -> (Address, Address) {
    (system.at.weth.token, system.at.weth.feed)
}

fn refusal(error: impl SolError) -> Revert {
    revert_of(&error)
}

fn no_feed(system: &mut System, _: Guards) -> Revert {
    let asset = system.at.weth.token;
    let remove = IOracle::setFeedCall { asset, aggregator: Address::ZERO, heartbeatSecs: U256::ZERO };
    system.must(OWNER, system.at.oracle, &remove);
    refusal(IOracle::FeedNotSet { asset })
}

fn stop(system: &mut System, level: u64) -> Revert {
    let asset = system.at.weth.token;
    system.must(OWNER, system.at.oracle, &IOracle::setStopCall { asset, level: n(level) });
    if level == 1 { refusal(IOracle::AssetFrozen { asset }) } else { refusal(IOracle::AssetShutDown { asset }) }
}

fn unreadable(system: &mut System, _: Guards) -> Revert {
    let (asset, aggregator) = weth(system);
    behave(system, aggregator, Behaviour::Revert);
    refusal(IOracle::FeedUnreadable { asset, aggregator })
}

fn sequencer_unreadable(system: &mut System, _: Guards) -> Revert {
    let feed = system.at.sequencer;
    behave(system, feed, Behaviour::Revert);
    refusal(IOracle::SequencerUnreadable { feed })
}

fn sequencer_down(system: &mut System, _: Guards) -> Revert {
    let since = system.world.time_secs();
    system.set_sequencer(false, since);
    refusal(IOracle::SequencerDown { sinceSecs: n(since) })
}

fn uninitialised(system: &mut System, _: Guards) -> Revert {
    system.set_sequencer(true, 0);
    refusal(IOracle::SequencerUninitialised { feed: system.at.sequencer })
}

fn grace(system: &mut System, _: Guards) -> Revert {
    let since = system.world.time_secs() - 10;
    system.set_sequencer(true, since);
    refusal(IOracle::SequencerGrace { upSinceSecs: n(since), graceSecs: n(3_600), nowSecs: system.now() })
}

fn incomplete(system: &mut System, _: Guards) -> Revert {
    let (asset, feed) = weth(system);
    set_round(system, feed, 2_000 * FEED_DOLLAR, 0);
    refusal(IOracle::RoundIncomplete { asset, roundId: n(77) })
}

fn not_positive(system: &mut System, _: Guards) -> Revert {
    let (asset, feed) = weth(system);
    push(system, feed, -5);
    refusal(IOracle::AnswerNotPositive { asset, answer: I256::try_from(-5).unwrap() })
}

fn from_future(system: &mut System, _: Guards) -> Revert {
    let (asset, feed) = weth(system);
    let later = system.world.time_secs() + 100;
    set_round(system, feed, 2_000 * FEED_DOLLAR, later);
    refusal(IOracle::AnswerFromFuture { asset, updatedAtSecs: n(later), nowSecs: system.now() })
}

fn stale(system: &mut System, _: Guards) -> Revert {
    let (asset, feed) = weth(system);
    let old = system.world.time_secs() - HEARTBEAT_SECS - 1;
    set_round(system, feed, 2_000 * FEED_DOLLAR, old);
    let heartbeat = n(HEARTBEAT_SECS);
    refusal(IOracle::AnswerStale { asset, updatedAtSecs: n(old), heartbeatSecs: heartbeat, nowSecs: system.now() })
}

fn out_of_range(system: &mut System, _: Guards) -> Revert {
    let (asset, feed) = weth(system);
    push(system, feed, i128::MAX);
    refusal(IOracle::PriceOutOfRange { asset, answer: I256::try_from(i128::MAX).unwrap() })
}

fn out_of_band(system: &mut System, _: Guards) -> Revert {
    let (asset, feed) = weth(system);
    push_usd(system, feed, 99);
    refusal(IOracle::PriceOutOfBand { asset, priceWad: usd(99), minWad: usd(100), maxWad: usd(10_000) })
}

fn decimals(system: &mut System, _: Guards) -> Revert {
    let (asset, aggregator) = weth(system);
    system.must(OPERATOR, aggregator, &IScriptedFeed::setDecimalsCall { decimals: 7 });
    refusal(IOracle::DecimalsChanged { asset, aggregator, expectedDecimals: n(8) })
}

fn second_unusable(system: &mut System, guards: Guards) -> Revert {
    let asset = system.at.weth.token;
    push(system, guards.second, 0);
    refusal(IOracle::SecondUnusable { asset, aggregator: guards.second, status: n(8) })
}

fn disagree(system: &mut System, guards: Guards) -> Revert {
    let asset = system.at.weth.token;
    push_usd(system, guards.second, 2_101);
    refusal(IOracle::SourcesDisagree { asset, firstWad: usd(2_000), secondWad: usd(2_101), hardBps: n(500) })
}

pub(crate) fn differ(system: &mut System, guards: Guards) -> Revert {
    let asset = system.at.weth.token;
    push_usd(system, guards.second, 2_030);
    refusal(IOracle::SourcesDiffer { asset, firstWad: usd(2_000), secondWad: usd(2_030), softBps: n(100) })
}

fn jump(system: &mut System, _: Guards) -> Revert {
    let (asset, feed) = weth(system);
    let alone = IOracle::setSecondCall {
        asset,
        aggregator: Address::ZERO,
        heartbeatSecs: U256::ZERO,
        softBps: U256::ZERO,
        hardBps: U256::ZERO,
    };
    system.must(OWNER, system.at.oracle, &alone);
    let until = crate::scene::recorded(system).atSecs + n(crate::scene::HOLD_SECS);
    push_usd(system, feed, 1_700);
    refusal(IOracle::JumpHeld { asset, referenceWad: usd(2_000), priceWad: usd(1_700), untilSecs: until })
}

fn rate_unusable(system: &mut System, guards: Guards) -> Revert {
    let asset = system.at.weth.token;
    behave(system, guards.rate, Behaviour::Revert);
    refusal(IOracle::RateUnusable { asset, aggregator: guards.rate, status: n(6) })
}
