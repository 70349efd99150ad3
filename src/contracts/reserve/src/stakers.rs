//! What stakers do: stake, announce that they leave, leave.

use alloy_primitives::{Address, U256};
use common::{Outcome, emit, token};
use interface::IReserve;
use kernel::cooldown::Leaving;
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
        let shares = Shares(self.preview_stake(amount_raw)?);
        let stakes = self.stored_stakes().with_staked(Raw(amount_raw), shares)?;
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
}
