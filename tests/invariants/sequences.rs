//! The sequences.

use crate::{checks::Checker, handler::Handler};
use support::System;

/// Steps in one native sequence before a new system is begun.
const STEPS_IN_SEQUENCE: u64 = 400;
/// Steps on the WASM.
const WASM_STEPS: u64 = 500;

fn number(name: &str, default: u64) -> u64 {
    match std::env::var(name) {
        Ok(text) => text.parse().unwrap_or_else(|_| panic!("{name}={text} is no number")),
        Err(_) => default,
    }
}

/// Whether anything at all is stored otherwise than before, where the world can tell.
fn assert_untouched(
    before: &Option<Vec<(alloy_primitives::Address, alloy_primitives::U256, alloy_primitives::U256)>>,
    system: &System,
    call: &str,
) {
    if before.is_some() {
        assert_eq!(*before, system.world.whole_storage(), "[C2] {call} was refused and left something in storage");
    }
}

fn run(system: &mut System, handler: &mut Handler, steps: u64, trail: &mut Vec<String>) {
    let mut checker = Checker::new(system);
    let mut seen = system.observe();
    for _ in 0..steps {
        let step = handler.choose(system, &seen);
        trail.push(format!("{} {:?} by {}", step.call, step.kind, step.from));
        let foreseen = checker.foresee(system, &step);
        let stored = system.world.whole_storage();
        let ended = handler.perform(system, &step);
        if ended.is_err() {
            assert_untouched(&stored, system, step.call);
        }
        let later = system.observe();
        checker.check(system, &seen, &step, &foreseen, &ended, &later);
        seen = later;
    }
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
    let (steps, first_seed) = (number("SPILLWAY_STEPS", 4_800), number("SPILLWAY_SEED", 1));
    let sequences = steps.div_ceil(STEPS_IN_SEQUENCE);
    let mut counts = std::collections::BTreeMap::<&str, (u64, u64)>::new();
    for seed in first_seed..first_seed + sequences {
        let mut trail = Trail { seed, steps: Vec::new() };
        let mut handler = Handler::new(seed);
        run(&mut System::native(), &mut handler, STEPS_IN_SEQUENCE.min(steps), &mut trail.steps);
        for (kind, (done, refused)) in handler.counts {
            let count = counts.entry(kind).or_default();
            *count = (count.0 + done, count.1 + refused);
        }
    }
    // A handler that only ever fails, or never does, would prove nothing.
    if steps >= 4_800 {
        for kind in [
            "open",
            "deposit",
            "withdraw",
            "borrow",
            "repay",
            "several",
            "operator",
            "offer",
            "accept",
            "fund",
            "defund",
            "fund surplus",
            "accrue",
            "liquidate",
            "take",
            "restart",
            "cure",
            "stop",
            "price",
            "sequencer",
            "donate",
            "parameter",
        ] {
            assert!(counts.get(kind).is_some_and(|count| count.0 >= 5), "{kind} took effect too seldom: {counts:?}");
        }
        for kind in [
            "deposit",
            "withdraw",
            "borrow",
            "repay",
            "liquidate",
            "take",
            "restart",
            "cure",
            "stop",
            "what is stopped",
            "parameter",
            "trespass",
        ] {
            assert!(counts.get(kind).is_some_and(|count| count.1 >= 5), "{kind} was refused too seldom: {counts:?}");
        }
    }
}

#[test]
fn the_wasm_does_what_the_native_contracts_do() {
    let seed = number("SPILLWAY_SEED", 1);
    let (mut native, mut wasm) = (System::native(), System::wasm());
    let mut trail = Trail { seed, steps: Vec::new() };
    let (mut choosing, mut following) = (Handler::new(seed), Handler::new(seed));
    let mut checker = Checker::new(&wasm);
    let mut seen = native.observe();
    assert_eq!(seen, wasm.observe(), "[W1] the worlds begin differently");
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
                assert_eq!(native.named_revert(expected), wasm.named_revert(refusal), "[W1] refusal of {}", step.call);
            }
            _ => panic!("[W1] {} ended natively in {expected:?} and on the WASM in {ended:?}", step.call),
        }
        let later = wasm.observe();
        assert_eq!(native.observe(), later, "[W1] state after {}", step.call);
        checker.check(&wasm, &seen, &same_step, &foreseen, &ended, &later);
        seen = later;
    }
    for kind in ["borrow", "repay", "liquidate", "take"] {
        assert!(
            following.counts.get(kind).is_some_and(|count| count.0 >= 1),
            "{kind} never took effect: {:?}",
            following.counts
        );
    }
}
