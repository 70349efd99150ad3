//! Surplus: what is above the buffer goes out, gifts come in.

use alloy_primitives::U256;
use common::{Outcome, emit, refuse, tell, token, words::address_in};
use interface::{IReserve, IVault};
use kernel::waterfall::{self, Claimants, Division, Surplus};
use stylus_sdk::{
    prelude::*,
    stylus_core::{AccountAccess, MessageAccess},
};
use units::Raw;

use crate::{
    errors,
    money::unpaid_in,
    storage::{Reserve, TREASURY},
};

impl Reserve {
    /// Moves surplus above the buffer to stakers and treasury; answers what each got.
    pub fn distribute(&mut self) -> Outcome<(U256, U256)> {
        let Division { stakers_raw, treasury_raw, kept_raw } = self.division()?;
        let stakes = self.stored_stakes();
        if !stakers_raw.is_zero() {
            self.store_stakes(&stakes.with_distributed(stakers_raw, self.stored_rules().drip, self.now())?)?;
        }
        self.store_kept(kept_raw)?;
        emit!(
            self.vm(),
            IReserve::Distributed { stakersRaw: stakers_raw, treasuryRaw: treasury_raw, keptRaw: kept_raw },
        );
        let (vault, treasury) = (self.vault_address(), address_in(TREASURY.get(self)));
        for (amount_raw, to) in [(stakers_raw, self.vm().contract_address()), (treasury_raw, treasury)] {
            if !amount_raw.is_zero() {
                tell(self.vm(), vault, IVault::drawSurplusCall { amountRaw: amount_raw.0, to })?;
            }
        }
        Ok((stakers_raw.0, treasury_raw.0))
    }

    /// What `distribute` would give to each.
    pub fn preview_distribute(&self) -> Outcome<(U256, U256)> {
        self.division().map(|division| (division.stakers_raw.0, division.treasury_raw.0))
    }

    /// Gives the debt asset to the surplus, from the caller's allowance.
    pub fn donate(&mut self, amount_raw: U256) -> Outcome<()> {
        errors::require_amount(amount_raw)?;
        let payer = self.vm().msg_sender();
        emit!(self.vm(), IReserve::Donated { payer, amountRaw: amount_raw });
        token::pull(self.vm(), self.debt_asset(), payer, amount_raw)?;
        self.pay_surplus(Raw(amount_raw))
    }

    /// What becomes of the surplus above the buffer; `NothingToDistribute` while there is bad debt, or where nobody gets anything.
    fn division(&self) -> Outcome<Division> {
        let (books, rules, kept_raw) = (self.books()?, self.stored_rules(), self.kept());
        let surplus = Surplus {
            // What the surplus owes to bad debt it has not been asked to pay yet is not there any more.
            surplus_raw: Raw(books.surplusRaw).sub_or_zero(Raw(books.badDebtRaw)),
            cash_raw: Raw(books.cashRaw),
            buffer_raw: rules.buffer_raw,
            kept_raw,
        };
        let claimants = Claimants {
            has_stakers: !self.stored_stakes().shares.is_zero(),
            has_treasury: !TREASURY.get(self).is_zero(),
            stakers: rules.stakers,
        };
        let division = waterfall::distribute(&surplus, &claimants)?;
        if unpaid_in(&books).is_zero() && !division.is_nothing() {
            return Ok(division);
        }
        Err(refuse!(IReserve::NothingToDistribute {
            surplusRaw: surplus.surplus_raw,
            bufferRaw: rules.buffer_raw.try_add(kept_raw)?,
            badDebtRaw: unpaid_in(&books),
        }))
    }
}
