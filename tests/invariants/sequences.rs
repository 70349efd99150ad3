//! The sequences.

use crate::{
    checks::Checker,
    entry_points,
    handler::{DIFFER, Handler, Kind, Lending, TAKER},
    seen::{BIDDERS, Seen},
};
use alloy_primitives::{Address, U256};
use interface::{IOracle, IReserve};
use std::collections::{BTreeMap, BTreeSet};
use support::{
    NativeWorld, System,
    actors::{OPERATOR, OWNER, SIGNER},
    doubles::{IScriptedFeed, ITestToken},
    system::{Asset, FEED_DOLLAR, HEARTBEAT_SECS, USD, to_i256},
};

/// Steps in one native sequence before a new system is begun.
pub(crate) const STEPS_IN_SEQUENCE: u64 = 400;
/// Fewer steps than this say nothing of how often something happens.
const JUDGED_STEPS: u64 = 20_000;
/// Steps on the WASM.
const WASM_STEPS: u64 = 2_000;

fn number(name: &str, default: u64) -> u64 {
    match std::env::var(name) {
        Ok(text) => text.parse().unwrap_or_else(|_| panic!("{name}={text} is no number")),
        Err(_) => default,
    }
}

fn run(system: &mut System, handler: &mut Handler, steps: u64, trail: &mut Vec<String>) {
    prepare(system);
    handler.second = Some(add_second(system));
    let mut checker = Checker::new(system);
    let mut seen = Seen::now(system);
    for _ in 0..steps {
        let step = handler.choose(system, &seen);
        trail.push(format!("{} {:?} by {}", step.call, step.kind, step.from));
        let foreseen = checker.foresee(system, &step);
        let stored = system.world.fingerprint().expect("the native world keeps one");
        let ended = handler.perform(system, &step);
        if matches!(step.kind, Kind::Liquidate { .. }) && differs(&seen) {
            let count = handler.counts.entry("liquidate while sources differ").or_default();
            if ended.is_ok() { count.0 += 1 } else { count.1 += 1 }
        }
        if ended.is_err() {
            // Nothing is stored otherwise and no time has passed, so all that can be seen is the same.
            let after = system.world.fingerprint().expect("the native world keeps one");
            assert_eq!(stored, after, "[C2] {} was refused and left something in storage", step.call);
            checker.check_refused(system, &seen, &step, &foreseen, &ended);
        } else {
            let later = Seen::now(system);
            checker.check(system, &seen, &step, &foreseen, &ended, &later);
            seen = later;
        }
    }
}

fn differs(seen: &Seen) -> bool {
    seen.prices.iter().any(|(.., status)| *status == U256::from(DIFFER))
}

/// Prices one collateral by two sources. Only natively: the other world names an asset's feeds in its refusals by addresses of its own.
fn add_second(system: &mut System) -> (Asset, Address) {
    let (second, asset) = (system.world.deploy_feed(8), system.at.wbtc.token);
    let answer = to_i256(40_000 * FEED_DOLLAR);
    system.must(OPERATOR, second, &IScriptedFeed::pushCall { answer });
    let call = IOracle::setSecondCall {
        asset,
        aggregator: second,
        heartbeatSecs: U256::from(HEARTBEAT_SECS),
        softBps: U256::from(100),
        hardBps: U256::from(500),
    };
    system.must(OWNER, system.at.oracle, &call);
    (system.at.wbtc, second)
}

/// Lets the auction contract take what bidders pay, and the surplus above a thousand dollars go to stakers and a treasury, so
/// that losses reach the stakers and the lenders now and then.
fn prepare(system: &mut System) {
    let rules = IReserve::Rules {
        bufferRaw: U256::from(1_000 * USD),
        stakersBps: U256::from(5_000),
        dripSecs: U256::from(3_600),
        cooldownSecs: U256::from(7_200),
        windowSecs: U256::from(200_000),
        patienceSecs: U256::from(600),
    };
    system.must(OWNER, system.at.reserve, &IReserve::setRulesCall { newRules: rules });
    system.must(OWNER, system.at.reserve, &IReserve::setTreasuryCall { newTreasury: OWNER });
    for bidder in BIDDERS {
        let call = ITestToken::approveCall { spender: system.at.auction, amountRaw: U256::MAX };
        system.must(bidder, system.at.usd.token, &call);
    }
    // Who signs lends too.
    let call = ITestToken::approveCall { spender: system.at.pool, amountRaw: U256::MAX };
    system.must(SIGNER, system.at.usd.token, &call);
}

/// The system with one actor who is called back.
fn native() -> System {
    let mut world = NativeWorld::default();
    world.make_taker(TAKER);
    System::set_up(Box::new(world))
}

/// Prints what was done when a check fails, so that the sequence can be made a regression.
struct Trail {
    seed: u64,
    steps: Vec<String>,
}

impl Drop for Trail {
    fn drop(&mut self) {
        if std::thread::panicking() {
            let last = self.steps.len().saturating_sub(25);
            eprintln!(
                "seed {}, step {}; the last of them:\n{}",
                self.seed,
                self.steps.len(),
                self.steps[last..].join("\n")
            );
        }
    }
}

#[test]
fn no_sequence_of_actions_breaks_an_invariant() {
    let (steps, first_seed) = (number("SPILLWAY_STEPS", 100_000), number("SPILLWAY_SEED", 1));
    let sequences = steps.div_ceil(STEPS_IN_SEQUENCE);
    let mut counts = BTreeMap::<&str, (u64, u64)>::new();
    let mut called = BTreeSet::new();
    for seed in first_seed..first_seed + sequences {
        let mut trail = Trail { seed, steps: Vec::new() };
        let mut handler = Handler::with_taker(seed);
        let mut system = native();
        run(&mut system, &mut handler, STEPS_IN_SEQUENCE.min(steps), &mut trail.steps);
        for (kind, (done, refused)) in handler.counts {
            let count = counts.entry(kind).or_default();
            *count = (count.0 + done, count.1 + refused);
        }
        called.extend(entry_points::named(&system, &handler.called));
    }
    took_effect_and_were_refused_often_enough(steps, &counts);
    if steps >= JUDGED_STEPS {
        entry_points::all_are_called(&called);
    }
}

/// How often, in a hundred thousand steps, each action takes effect at least; twice that is usual.
const TAKES_EFFECT: [(&str, u64); 49] = [
    ("open", 500),
    ("deposit", 1_000),
    ("withdraw", 200),
    ("borrow", 1_000),
    ("repay", 500),
    ("several", 200),
    ("operator", 200),
    ("offer", 200),
    ("accept", 40),
    ("lend", 500),
    ("mint", 200),
    ("take back", 200),
    ("redeem", 200),
    ("transfer", 200),
    ("transfer from", 40),
    ("approve", 200),
    ("stake", 500),
    ("announce", 500),
    ("unstake", 20),
    ("collect", 20),
    ("give", 200),
    ("distribute", 100),
    ("cover", 100),
    ("bid", 100),
    ("settle", 20),
    ("refund", 20),
    ("accrue", 100),
    ("realise bad debt", 5),
    ("liquidate", 500),
    ("liquidate while sources differ", 100),
    ("take", 200),
    ("restart", 50),
    ("cure", 50),
    ("stop", 500),
    ("price", 1_000),
    ("sequencer", 500),
    ("donate", 500),
    ("parameter", 500),
    ("permit", 50),
    ("arm", 500),
    ("take with a callback", 25),
    ("feeds", 500),
    ("poke", 500),
    ("offer a contract", 200),
    ("accept a contract", 100),
    ("bad debt", 100),
    ("stakers bore", 100),
    ("lenders bore", 100),
    ("round closed", 20),
];

/// How often, in a hundred thousand steps, each is refused at least.
const IS_REFUSED: [(&str, u64); 18] = [
    ("deposit", 100),
    ("withdraw", 500),
    ("borrow", 500),
    ("repay", 500),
    ("liquidate", 500),
    ("liquidate while sources differ", 100),
    ("take", 500),
    ("restart", 200),
    ("cure", 100),
    ("stop", 100),
    ("what is stopped", 100),
    ("parameter", 100),
    ("trespass", 200),
    ("unsigned permit", 50),
    ("feeds", 200),
    ("accept a contract", 20),
    ("realise bad debt", 50),
    ("collect", 50),
];

/// A handler that only ever fails, or never does, would prove nothing. Few steps say nothing of that.
fn took_effect_and_were_refused_often_enough(steps: u64, counts: &BTreeMap<&str, (u64, u64)>) {
    if steps < JUDGED_STEPS {
        return;
    }
    for (kind, least) in TAKES_EFFECT {
        let done = counts.get(kind).map_or(0, |count| count.0);
        assert!(done >= least * steps / 100_000, "{kind} took effect too seldom, {done} times: {counts:?}");
    }
    for (kind, least) in IS_REFUSED {
        let refused = counts.get(kind).map_or(0, |count| count.1);
        assert!(refused >= least * steps / 100_000, "{kind} was refused too seldom, {refused} times: {counts:?}");
    }
}

#[test]
fn the_wasm_does_what_the_native_contracts_do() {
    let seed = number("SPILLWAY_SEED", 1);
    let (mut native, mut wasm) = (System::native(), System::wasm());
    prepare(&mut native);
    prepare(&mut wasm);
    let mut trail = Trail { seed, steps: Vec::new() };
    let (mut choosing, mut following) = (Handler::new(seed), Handler::new(seed));
    let mut checker = Checker::new(&wasm);
    let mut seen = Seen::now(&native);
    assert_eq!(seen, Seen::now(&wasm), "[W1] the worlds begin differently");
    for _ in 0..WASM_STEPS {
        let step = choosing.choose(&native, &seen);
        let same_step = following.choose(&wasm, &seen);
        assert_eq!((step.call, step.from), (same_step.call, same_step.from), "[W1] the handlers chose differently");
        trail.steps.push(format!("{} {:?} by {}", step.call, step.kind, step.from));
        let foreseen = checker.foresee(&wasm, &same_step);
        let expected = choosing.perform(&mut native, &step);
        let ended = following.perform(&mut wasm, &same_step);
        match (&expected, &ended) {
            (Ok(expected), Ok(done)) => {
                assert_eq!(
                    native.named_logs(&expected.logs),
                    wasm.named_logs(&done.logs),
                    "[W1] logs of {}",
                    step.call
                );
                assert_eq!(expected.output, done.output, "[W1] output of {}", step.call);
            }
            (Err(expected), Err(refusal)) => {
                let (mut expected, mut refusal) = (native.named_revert(expected), wasm.named_revert(refusal));
                if step.kind == Kind::Lend(Lending::Permit { is_signed: false }) {
                    // Whom a wrong signature names follows from the pool's address, which is another in each world.
                    expected.0.truncate(4);
                    refusal.0.truncate(4);
                }
                assert_eq!(expected, refusal, "[W1] refusal of {}", step.call);
            }
            _ => panic!("[W1] {} ended natively in {expected:?} and on the WASM in {ended:?}", step.call),
        }
        let later = Seen::now(&wasm);
        assert_eq!(Seen::now(&native), later, "[W1] state after {}", step.call);
        checker.check(&wasm, &seen, &same_step, &foreseen, &ended, &later);
        seen = later;
    }
    for kind in ON_THE_WASM {
        let taken = following.counts.get(kind).is_some_and(|count| count.0 >= 1);
        assert!(taken, "{kind} never took effect: {:?}", following.counts);
    }
}

/// What must take effect on the WASM too: all of it does, whichever of the first dozen seeds it is.
const ON_THE_WASM: [&str; 16] = [
    "borrow",
    "repay",
    "several",
    "liquidate",
    "take",
    "restart",
    "cure",
    "bid",
    "settle",
    "stake",
    "cover",
    "bad debt",
    "poke",
    "feeds",
    "accept a contract",
    "stop",
];
