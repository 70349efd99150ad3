//! What stakers do, and what anyone may do with surplus and bad debt.

use super::{Handler, Kind, Step, step};
use crate::seen::{STAKERS, Seen};
use alloy_primitives::{Address, U256};
use interface::IReserve;
use support::{
    System,
    actors::{LENDER, OWNER, STRANGER},
    system::USD,
};

impl Handler {
    pub(super) fn insure(&mut self, system: &System, seen: &Seen) -> Step {
        let reserve = system.at.reserve;
        let staker = self.random.pick(&STAKERS);
        let index = STAKERS.iter().position(|other| *other == staker).expect("one of them");
        let stake = &seen.reserve.stakes[index];
        let now = U256::from(seen.time_secs);
        // Or a second beside the window.
        let is_open =
            !stake.leavingShares.is_zero() && stake.fromSecs <= now + U256::ONE && now <= stake.untilSecs + U256::ONE;
        // What can be covered is, sooner or later.
        if !seen.reserve.queued.2.is_zero() && self.random.one_in(3) {
            return step(Kind::Cover, STRANGER, reserve, &IReserve::coverCall {});
        }
        // And so is what a closed round has left; now and then of the round that runs, or of one that has left nothing.
        let closed = self.closed_round(system, seen, staker);
        if closed.is_some() && self.random.one_in(2) || self.random.one_in(30) {
            let round = closed.unwrap_or(seen.reserve.round.saturating_sub(U256::from(self.random.between(0, 1))));
            return step(Kind::Collect { round }, staker, reserve, &IReserve::collectCall { round, to: staker });
        }
        match self.random.between(0, 9) {
            0 | 1 if !is_open => {
                let amount_raw = U256::from(self.random.part_of(5_000 * USD));
                let call = IReserve::stakeCall { amountRaw: amount_raw, staker };
                let payer = self.random.pick(&[LENDER, LENDER, staker]);
                step(Kind::Stake { amount_raw }, payer, reserve, &call)
            }
            0..=3 if is_open => {
                let shares = U256::from(self.random.part_of(stake.leavingShares.saturating_to::<u128>()));
                step(Kind::Unstake { shares }, staker, reserve, &IReserve::unstakeCall { shares, to: staker })
            }
            2..=4 => {
                let shares = U256::from(self.random.part_of(stake.shares.saturating_to::<u128>()));
                step(Kind::Announce { shares }, staker, reserve, &IReserve::announceUnstakeCall { shares })
            }
            5 => {
                // Before the window of what is announced, after it, or of what is not.
                let is_leaving = !stake.leavingShares.is_zero() && !self.random.one_in(4);
                let most = if is_leaving { stake.leavingShares } else { stake.shares };
                let shares = U256::from(self.random.part_of(most.saturating_to::<u128>()));
                step(Kind::Unstake { shares }, staker, reserve, &IReserve::unstakeCall { shares, to: staker })
            }
            6 => {
                let amount_raw = U256::from(self.random.part_of(500 * USD));
                step(Kind::Give { amount_raw }, LENDER, reserve, &IReserve::donateCall { amountRaw: amount_raw })
            }
            7 => step(Kind::Cover, STRANGER, reserve, &IReserve::coverCall {}),
            _ => step(Kind::Distribute, STRANGER, reserve, &IReserve::distributeCall {}),
        }
    }

    /// One of the last closed rounds of which a staker can collect something.
    fn closed_round(&mut self, system: &System, seen: &Seen, staker: Address) -> Option<U256> {
        let last = seen.reserve.round.to::<u64>();
        let left =
            |round: &U256| !system.ask(system.at.reserve, &IReserve::leftOfCall { round: *round, staker }).is_zero();
        let rounds: Vec<U256> = (last.saturating_sub(10)..last).map(U256::from).filter(left).collect();
        (!rounds.is_empty()).then(|| self.random.pick(&rounds))
    }

    /// The owner's rules, within and outside of their bounds, and the treasury.
    pub(super) fn reserve_rules(&mut self, system: &System) -> Step {
        let reserve = system.at.reserve;
        if self.random.one_in(4) {
            let treasury = self.random.pick(&[OWNER, OWNER, Address::ZERO]);
            return step(Kind::Parameter, OWNER, reserve, &IReserve::setTreasuryCall { newTreasury: treasury });
        }
        let cooldown = self.random.pick(&[7_200_u64, 10_000, 100_000, 3_000]);
        let rules = IReserve::Rules {
            bufferRaw: U256::from(self.random.part_of(12_000 * USD)),
            stakersBps: U256::from(self.random.pick(&[0_u64, 5_000, 10_000, 10_001])),
            dripSecs: U256::from(self.random.pick(&[3_600_u64, 50_000, 500_000])),
            cooldownSecs: U256::from(cooldown),
            windowSecs: U256::from(self.random.pick(&[10_000_u64, 200_000])),
            patienceSecs: U256::from(self.random.pick(&[0_u64, 0, 600, 3_600, 50_000])),
        };
        step(Kind::Parameter, OWNER, reserve, &IReserve::setRulesCall { newRules: rules })
    }
}
