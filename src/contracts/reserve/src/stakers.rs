//! What stakers do: stake, announce that they leave, leave, and collect what a closed round has left.

use alloy_primitives::{Address, U256};
use common::{Outcome, emit, refuse, token};
use interface::IReserve;
use kernel::{closed::Left, cooldown::Leaving, stakes::Staking};
use stylus_sdk::{prelude::*, stylus_core::MessageAccess};
use units::{Raw, Shares};

use crate::{
    errors,
    storage::{Reserve, Staker},
};

impl Reserve {
    /// Stakes the debt asset for `staker`, from the caller's allowance; answers the shares it is.
    pub fn stake(&mut self, amount_raw: U256, staker: Address) -> Outcome<U256> {
        errors::require_address(staker)?;
        let Staking { shares, stakes, closed } = self.staking(amount_raw)?;
        if let Some(left) = closed {
            self.close_round(&left)?;
        }
        self.store_stakes(&stakes)?;
        let before = self.staker(staker);
        self.store_staker(staker, &Staker { shares: before.shares.try_add(shares)?, ..before })?;
        let payer = self.vm().msg_sender();
        emit!(self.vm(), IReserve::Staked { payer, staker, amountRaw: amount_raw, shares });
        token::pull(self.vm(), self.debt_asset(), payer, amount_raw)?;
        Ok(shares.0)
    }

    /// Announces that the caller will take out `shares`; answers from when to when it can. Zero takes it back.
    pub fn announce_unstake(&mut self, shares: U256) -> Outcome<(U256, U256)> {
        let staker = self.vm().msg_sender();
        let (before, rules) = (self.staker(staker), self.stored_rules());
        let leaving = Leaving::announce(before.shares, Shares(shares), rules.cooldown, rules.window, self.now())?
            .ok_or_else(|| errors::not_enough(before.shares, Shares(shares)))?;
        self.store_staker(staker, &Staker { leaving, ..before })?;
        emit!(
            self.vm(),
            IReserve::UnstakeAnnounced { staker, shares, fromSecs: leaving.from, untilSecs: leaving.until },
        );
        Ok((leaving.from.widen(), leaving.until.widen()))
    }

    /// Takes out up to the announced shares, in their window; answers what they were worth.
    pub fn unstake(&mut self, shares: U256, to: Address) -> Outcome<U256> {
        errors::require_amount(shares)?;
        errors::require_address(to)?;
        let (asked, staker, now) = (Shares(shares), self.vm().msg_sender(), self.now());
        let before = self.staker(staker);
        let leaving =
            before.leaving.take(asked, now).map_err(|refusal| errors::leaving(refusal, &before.leaving, asked, now))?;
        let amount_raw = Raw(self.preview_unstake(shares)?);
        let stakes = self.stored_stakes().with_taken(amount_raw, asked)?;
        self.store_staker(staker, &Staker { shares: before.shares.try_sub(asked)?, leaving })?;
        emit!(self.vm(), IReserve::Unstaked { staker, to, amountRaw: amount_raw, shares });
        let leftover_raw = self.store_or_end(&stakes)?;
        token::push(self.vm(), self.debt_asset(), to, amount_raw.0)?;
        if !leftover_raw.is_zero() {
            self.pay_surplus(leftover_raw)?;
        }
        Ok(amount_raw.0)
    }

    /// Pays the caller's part of what a closed round has left; answers how much. It asks the vault contract nothing: what is left of a
    /// closed round bears no bad debt.
    pub fn collect(&mut self, round: U256, to: Address) -> Outcome<U256> {
        errors::require_address(to)?;
        let staker = self.vm().msg_sender();
        let Some((shares, left)) = self.claim(round, staker) else {
            return Err(refuse!(IReserve::NothingToCollect { round, staker }));
        };
        let (amount_raw, left) = left.collect(shares)?;
        self.store_collected(round, staker, &left)?;
        emit!(self.vm(), IReserve::Collected { round, staker, to, amountRaw: amount_raw, shares });
        // Shares of less than a unit are given up for nothing.
        if !amount_raw.is_zero() {
            token::push(self.vm(), self.debt_asset(), to, amount_raw.0)?;
        }
        Ok(amount_raw.0)
    }

    /// What a stake of `amount_raw` does, or why it is refused.
    pub(crate) fn staking(&self, amount_raw: U256) -> Outcome<Staking> {
        errors::require_amount(amount_raw)?;
        let (stakes, unpaid_raw) = (self.stored_stakes(), self.unpaid()?);
        let staking = stakes.stake(Raw(amount_raw), unpaid_raw, self.now());
        staking.map_err(|refusal| errors::stakes(refusal, amount_raw, stakes.held_raw, unpaid_raw))
    }

    /// Keeps what the round has left for its stakers and begins another.
    fn close_round(&mut self, left: &Left) -> Outcome<()> {
        let round = U256::from(self.round_number());
        self.store_left(round, left)?;
        emit!(self.vm(), IReserve::StakesClosed { round, leftRaw: left.left_raw, totalShares: left.shares },);
        Ok(self.begin_round()?)
    }
}
