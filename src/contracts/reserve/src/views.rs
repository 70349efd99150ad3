//! What can be read. What anything is worth comes from the functions that stake and take out.

use alloc::vec::Vec;

use alloy_primitives::{Address, U256};
use common::{Outcome, words::address_in};
use interface::IReserve;
use kernel::waterfall;
use units::Shares;

use crate::{
    errors,
    storage::{Reserve, Staker, TREASURY},
};

impl Reserve {
    /// The bad debt that will reach the lenders.
    pub fn lenders_loss(&self) -> Outcome<U256> {
        Ok(waterfall::lenders_loss(self.unpaid()?, self.stored_stakes().held_raw).0)
    }

    /// What a staker has in the round that runs.
    pub fn stake_of(&self, staker: Address) -> Outcome<IReserve::Stake> {
        let Staker { shares, leaving } = self.staker(staker);
        let assets_raw = self.stored_stakes().worth_of_down(shares, self.unpaid()?, self.now())?;
        Ok(IReserve::Stake {
            shares: shares.0,
            assetsRaw: assets_raw.0,
            leavingShares: leaving.shares.0,
            fromSecs: leaving.from.widen(),
            untilSecs: leaving.until.widen(),
        })
    }

    /// The number of the round that runs.
    pub fn round(&self) -> Outcome<U256> {
        Ok(U256::from(self.round_number()))
    }

    /// What a staker would collect of a closed round.
    pub fn left_of(&self, round: U256, staker: Address) -> Outcome<U256> {
        let Some((shares, left)) = self.claim(round, staker) else { return Ok(U256::ZERO) };
        Ok(left.part_down(shares)?.0)
    }

    /// The shares a stake of `amount_raw` would be; the refusals of `stake`.
    pub fn preview_stake(&self, amount_raw: U256) -> Outcome<U256> {
        Ok(self.staking(amount_raw)?.shares.0)
    }

    /// What taking out `shares` would give; the refusals of `unstake`, but for the caller's.
    pub fn preview_unstake(&self, shares: U256) -> Outcome<U256> {
        errors::require_amount(shares)?;
        let (stakes, asked, unpaid_raw) = (self.stored_stakes(), Shares(shares), self.unpaid()?);
        if asked > stakes.shares {
            return Err(errors::not_enough(stakes.shares, asked));
        }
        let amount_raw = stakes.amount_for_down(asked, unpaid_raw, self.now());
        Ok(amount_raw.map_err(|refusal| errors::stakes(refusal, shares, stakes.held_raw, unpaid_raw))?.0)
    }

    /// What all stakes are worth, all shares, and what the stakers will have earned beyond that when the drip has ended.
    pub fn staked(&self) -> Outcome<(U256, U256, U256)> {
        let (stakes, unpaid_raw, now) = (self.stored_stakes(), self.unpaid()?, self.now());
        Ok((stakes.worth(unpaid_raw, now)?.0, stakes.shares.0, stakes.to_come(unpaid_raw, now)?.0))
    }

    /// The unpaid bad debt, the oldest first, from the `offset`-th entry on, at most `limit` of them.
    pub fn queue(&self, offset: U256, limit: U256) -> Outcome<Vec<IReserve::Entry>> {
        let (queue, unpaid_raw) = (self.stored_queue(), self.unpaid()?);
        let first = queue.first_unpaid(unpaid_raw, |number| self.entry(number)).saturating_add(offset.saturating_to());
        let last = first.saturating_add(limit.saturating_to()).min(queue.count);
        let mut entries = Vec::new();
        // What is paid, up to the entry that comes next.
        let mut paid_raw = queue.paid(unpaid_raw);
        if let Some(before) = first.checked_sub(1).filter(|_| first < last) {
            paid_raw = paid_raw.max(self.entry(before).end_raw);
        }
        for number in first..last {
            let entry = self.entry(number);
            entries.push(IReserve::Entry {
                vaultId: U256::from(entry.vault_id),
                amountRaw: entry.end_raw.try_sub(paid_raw)?.0,
                realisedAtSecs: entry.at.widen(),
            });
            paid_raw = entry.end_raw;
        }
        Ok(entries)
    }

    /// How many entries of the queue are unpaid, how much bad debt waits, and how much of it is due.
    pub fn queued(&self) -> Outcome<(U256, U256, U256)> {
        let (queue, unpaid_raw, patience) = (self.stored_queue(), self.unpaid()?, self.stored_rules().patience);
        let first = queue.first_unpaid(unpaid_raw, |number| self.entry(number));
        let due_raw = queue.due(unpaid_raw, patience, self.now(), |number| self.entry(number))?;
        Ok((U256::from(queue.count.saturating_sub(first)), unpaid_raw.0, due_raw.0))
    }

    /// What the owner set.
    pub fn rules(&self) -> Outcome<IReserve::Rules> {
        Ok(self.rules_as_abi())
    }

    /// Who gets what the stakers do not; zero for nobody.
    pub fn treasury(&self) -> Outcome<Address> {
        Ok(address_in(TREASURY.get(self)))
    }

    /// The vault contract.
    pub fn vault(&self) -> Outcome<Address> {
        Ok(self.vault_address())
    }
}
