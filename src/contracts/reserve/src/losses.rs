//! Bad debt: noting it, and letting stakers and lenders bear it.

use alloy_primitives::U256;
use common::{Outcome, emit, refuse, tell};
use interface::{IReserve, IVault};
use kernel::waterfall::cover;
use stylus_sdk::{prelude::*, stylus_core::MessageAccess};
use units::{OutOfRange, Raw};

use crate::storage::Reserve;

impl Reserve {
    /// Notes bad debt that the surplus could not pay. It calls nothing: the vault contract is in the middle of a change. Nothing is
    /// noted of an amount of zero.
    pub fn queue_bad_debt(&mut self, vault_id: U256, amount_raw: U256) -> Outcome<()> {
        let caller = self.vm().msg_sender();
        if caller != self.vault_address() {
            return Err(refuse!(IReserve::NotVault { caller }));
        }
        if amount_raw.is_zero() {
            return Ok(());
        }
        let before = self.stored_queue();
        let vault_number = u64::try_from(vault_id).map_err(|_| OutOfRange)?;
        let (queue, entry) = before.with(vault_number, Raw(amount_raw), self.now())?;
        self.store_entry(before.count, &entry, queue.count)?;
        emit!(
            self.vm(),
            IReserve::BadDebtQueued { vaultId: vault_id, amountRaw: amount_raw, queuedEverRaw: queue.ever_raw },
        );
        Ok(())
    }

    /// Lets stakers and then lenders bear the bad debt that has waited long enough; answers what each bore.
    pub fn cover(&mut self) -> Outcome<(U256, U256)> {
        let (unpaid_raw, queue, patience) = (self.unpaid()?, self.stored_queue(), self.stored_rules().patience);
        let due_raw = queue.due(unpaid_raw, patience, self.now(), |number| self.entry(number))?;
        let stakes = self.stored_stakes();
        let cover = cover(due_raw, stakes.held_raw);
        if !cover.stakers_raw.is_zero() {
            let slashed = stakes.with_slashed(cover.stakers_raw, self.now())?;
            emit!(
                self.vm(),
                IReserve::StakersSlashed { amountRaw: cover.stakers_raw, stakedLeftRaw: slashed.held_raw },
            );
            // Slashing ends the stakes only where it takes all, so nothing is left over.
            self.store_or_end(&slashed)?;
            self.pay_surplus(cover.stakers_raw)?;
        }
        let lenders_raw = self.write_down(cover.lenders_raw)?;
        if cover.stakers_raw.is_zero() && lenders_raw.is_zero() {
            let next_at = queue.next_due_at(unpaid_raw, patience, |number| self.entry(number));
            return Err(refuse!(IReserve::NothingToCover { badDebtRaw: unpaid_raw, nextAtSecs: next_at }));
        }
        Ok((cover.stakers_raw.0, lenders_raw.0))
    }

    /// Lets the lenders bear `amount_raw`, at most what they lent; answers how much they bore.
    fn write_down(&self, amount_raw: Raw) -> Outcome<Raw> {
        if amount_raw.is_zero() {
            return Ok(Raw::ZERO);
        }
        let call = IVault::writeDownCall { amountRaw: amount_raw.0 };
        let (written_raw,) = tell(self.vm(), self.vault_address(), call)?;
        if !written_raw.is_zero() {
            emit!(self.vm(), IReserve::LossPassedToLenders { amountRaw: written_raw });
        }
        Ok(Raw(written_raw))
    }
}
