//! Random sequences of everything the reserve does, each step compared with the model.

use crate::{
    model::Model,
    scene::{
        PATIENCE_SECS, STAKERS, TREASURY, all_staked, entries, left_of, lenders_loss, lose, queued, require_balance,
        set_up, stake_of, unstake,
    },
};
use alloy_primitives::{Address, U256};
use interface::IReserve;
use support::{
    System,
    actors::{ALICE, LENDER},
    doubles::ITestToken,
    system::{FUNDED_RAW, SURPLUS_RAW, USD},
};

#[test]
fn native_sequences_agree_with_the_model() {
    let mut seen = Seen::default();
    for seed in 1..=120 {
        run(&mut System::native(), seed, 250, &mut seen);
    }
    // What the sequences reach, so that none of it is forgotten by chance.
    let Seen { staked, left, left_at_a_loss, distributed, covered, ended, lenders, capped, closed, collected } = seen;
    let all = [staked, left, left_at_a_loss, distributed, covered, ended, lenders, capped, closed, collected];
    assert!(all.iter().all(|times| *times >= 5), "{seen:?}");
}

#[test]
fn a_wasm_sequence_agrees_with_the_model() {
    run(&mut System::wasm(), 99, 80, &mut Seen::default());
}

/// How often what happened.
#[derive(Debug, Default)]
struct Seen {
    staked: u32,
    left: u32,
    left_at_a_loss: u32,
    distributed: u32,
    covered: u32,
    ended: u32,
    lenders: u32,
    capped: u32,
    closed: u32,
    collected: u32,
}

/// SplitMix64.
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    fn below(&mut self, end: u64) -> u64 {
        self.next() % end
    }

    /// A part of `whole`: often all, sometimes nothing or one unit more.
    fn part_of(&mut self, whole: U256) -> U256 {
        match self.below(8) {
            0 => U256::ZERO,
            1 => whole + U256::ONE,
            2..=4 => whole,
            _ => whole * U256::from(self.below(1_000_000)) / U256::from(1_000_000),
        }
    }
}

fn run(system: &mut System, seed: u64, steps: u32, seen: &mut Seen) {
    set_up(system);
    let mut model = Model::new(system.world.time_secs(), SURPLUS_RAW, FUNDED_RAW);
    let (mut random, mut gifts) = (Random(seed), 0);
    for step in 0..steps {
        let who = random.below(3) as usize;
        let what = random.below(27);
        take_step(system, &mut model, &mut random, who, what, &mut gifts, seen);
        compare(system, &model, gifts, &format!("seed {seed}, step {step}, {what} by {who}"));
    }
    seen.capped += model.capped;
    seen.closed += model.closed.len() as u32;
}

/// One step in both; whether it is refused must agree, and what it answers.
fn take_step(
    system: &mut System,
    model: &mut Model,
    random: &mut Random,
    who: usize,
    what: u64,
    gifts: &mut u128,
    seen: &mut Seen,
) {
    let (at, staker) = (system.at, STAKERS[who]);
    match what {
        0..=3 => {
            let most = if random.below(4) == 0 { 100 } else { 5_000 * USD as u64 };
            let amount = u128::from(random.below(most));
            let call = IReserve::stakeCall { amountRaw: U256::from(amount), staker };
            let shares = system.send(staker, at.reserve, &call).ok();
            assert_eq!(shares, model.stake(who, amount));
            seen.staked += u32::from(shares.is_some());
        }
        4..=6 => {
            let shares = random.part_of(model.holders[who].shares);
            let call = IReserve::announceUnstakeCall { shares };
            assert_eq!(system.send(staker, at.reserve, &call).is_ok(), model.announce(who, shares).is_some());
        }
        7..=11 => {
            let shares = random.part_of(model.holders[who].leaving);
            let (at_a_loss, rounds) = (model.unpaid() > 0, model.all_shares);
            let amount = system.send(staker, at.reserve, &unstake(shares.to(), staker)).ok();
            assert_eq!(amount, model.unstake(who, shares).map(U256::from));
            seen.left += u32::from(amount.is_some());
            seen.left_at_a_loss += u32::from(amount.is_some() && at_a_loss);
            seen.ended += u32::from(!rounds.is_zero() && model.all_shares.is_zero());
        }
        12..=13 => {
            let done = system.send(ALICE, at.reserve, &IReserve::distributeCall {}).ok();
            let done = done.map(|done| (done.stakersRaw, done.treasuryRaw));
            assert_eq!(done, model.distribute().map(|(a, b)| (U256::from(a), U256::from(b))));
            seen.distributed += u32::from(done.is_some());
        }
        14..=16 => {
            let before = (model.all_shares, model.funded);
            let done = system.send(ALICE, at.reserve, &IReserve::coverCall {}).ok();
            let done = done.map(|done| (done.stakersRaw, done.lendersRaw));
            assert_eq!(done, model.cover().map(|(a, b)| (U256::from(a), U256::from(b))));
            seen.covered += u32::from(done.is_some());
            seen.ended += u32::from(!before.0.is_zero() && model.all_shares.is_zero());
            seen.lenders += u32::from(model.funded < before.1);
        }
        17 => {
            let amount = u128::from(1 + random.below(6_000 * USD as u64));
            system.must(LENDER, at.reserve, &IReserve::donateCall { amountRaw: U256::from(amount) });
            model.donate(amount);
        }
        18..=19 => {
            let most = if random.below(3) == 0 { 30_000 } else { 4_000 };
            // Now and then so much that it reaches what drips, and leaves a part of it.
            let much = model.surplus + model.worth() + model.dripping() * u128::from(random.below(100)) / 100;
            let amount = 100 * USD + u128::from(random.below(most * USD as u64));
            let reaches = model.dripping() > 0 && random.below(2) == 0;
            let amount = if reaches { much.max(100 * USD) } else { amount };
            let vault_id = lose(system, amount);
            model.lose(vault_id, amount);
            if reaches {
                // Soon enough for it to drip still when it is covered.
                system.wait(PATIENCE_SECS);
            }
        }
        20 => {
            let amount = u128::from(random.below(1_000_000));
            let gift = ITestToken::transferCall { to: at.reserve, amountRaw: U256::from(amount) };
            system.must(LENDER, at.usd.token, &gift);
            *gifts += amount;
        }
        21 => {
            // All but a part of a dollar, so that the next who stakes closes the round.
            let least = model.surplus + 100 * USD;
            let amount =
                (model.surplus + model.worth() + model.dripping()).saturating_sub(random.below(USD as u64).into());
            if amount > least && model.unpaid() == 0 && random.below(3) == 0 {
                let vault_id = lose(system, amount);
                model.lose(vault_id, amount);
                system.wait(PATIENCE_SECS);
            }
        }
        22..=23 => {
            // A round that is closed, or another.
            let round = match model.closed.len() as u64 {
                0 => random.below(3),
                closed => model.closed[random.below(closed) as usize].round + random.below(5) / 4,
            };
            let call = IReserve::collectCall { round: U256::from(round), to: staker };
            let amount = system.send(staker, at.reserve, &call).ok();
            assert_eq!(amount, model.collect(who, round).map(U256::from));
            seen.collected += u32::from(amount.is_some());
        }
        _ => {
            let secs = match random.below(4) {
                0 => random.below(100),
                1 => random.below(4_000),
                2 => 3_600,
                _ => 80_000 + random.below(12_000),
            };
            system.wait(secs);
        }
    }
    // Some steps of the scene take time of their own on the local chain.
    model.now = system.world.time_secs();
}

#[track_caller]
fn compare(system: &System, model: &Model, gifts: u128, context: &str) {
    let word = U256::from::<u128>;
    let stakes = [word(model.worth()), model.all_shares, word(model.to_come())];
    assert_eq!(all_staked(system), stakes, "{context}");
    let mut together = U256::ZERO;
    for (staker, holder) in STAKERS.iter().zip(&model.holders) {
        let stake = stake_of(system, *staker);
        let expected = (holder.shares, word(model.worth_of(holder.shares)), holder.leaving);
        assert_eq!((stake.shares, stake.assetsRaw, stake.leavingShares), expected, "{context}");
        together += stake.assetsRaw;
    }
    assert!(together <= stakes[0], "{context}: the parts are more than the whole");
    assert_eq!(system.ask(system.at.reserve, &IReserve::roundCall {}), U256::from(model.round), "{context}");
    for closed in &model.closed {
        for (who, staker) in STAKERS.into_iter().enumerate() {
            assert_eq!(left_of(system, closed.round, staker), word(closed.part_of(who)), "{context}");
        }
    }
    let list: Vec<_> = model.waiting.iter().map(|one| [one.vault_id, word(one.left), U256::from(one.at)]).collect();
    assert_eq!(entries(system, 0, u64::MAX), list, "{context}");
    let expected = [U256::from(model.waiting.len()), word(model.unpaid()), word(model.due())];
    assert_eq!(queued(system), expected, "{context}");
    assert_eq!(lenders_loss(system), word(model.lenders_loss()), "{context}");
    let books = system.books();
    assert_eq!((books.surplusRaw, books.fundedRaw), (word(model.surplus), word(model.funded)), "{context}");
    assert_eq!(books.badDebtRaw, word(model.unpaid()), "{context}");
    require_balance(system);
    let left: u128 = model.closed.iter().map(|closed| closed.left).sum();
    let balance = |who: Address| system.balance(system.at.usd.token, who);
    assert_eq!(balance(system.at.reserve), word(model.held + left + gifts), "{context}");
    assert_eq!(balance(TREASURY), word(model.treasury), "{context}");
}
