//! Curing an auction: whoever pays the debt, and the penalty on what was sold, brings the unsold lot back to the vault.

use alloy_primitives::U256;
use common::{Outcome, emit, refuse, tell};
use interface::{IAuction, IVault};
use kernel::{
    cure::{Cost, cost_up},
    curve::Curve,
    incentive::earned_at_most,
};
use stylus_sdk::{prelude::*, stylus_core::MessageAccess};

use crate::{
    sales::{Opened, Sale},
    storage::Auction,
};

impl Auction {
    /// Ends an auction by paying what is left of its debt and the penalty accrued on what was sold, at least what its keepers can have
    /// earned, if that is at most `max_pay_raw`; the unsold lot goes back to the vault. No stop, price or sequencer has a say. A bid becomes a refund; where one
    /// has won, there is nothing to cure. Answers what was paid.
    pub fn cure(&mut self, auction_id: U256, max_pay_raw: U256) -> Outcome<U256> {
        let (opened, cost) = self.curable(auction_id)?;
        let sale = opened.sale;
        let cost_raw = cost.total()?.0;
        if cost_raw > max_pay_raw {
            return Err(refuse!(IAuction::CureAboveLimit { costRaw: cost_raw, limitRaw: max_pay_raw }));
        }
        let payer = self.vm().msg_sender();
        self.release_bid(auction_id)?;
        self.end_sale(auction_id, &sale)?;
        emit!(
            self.vm(),
            IAuction::AuctionCured {
                auctionId: auction_id,
                vaultId: sale.vault_id,
                payer,
                principalRaw: cost.principal_raw,
                penaltyRaw: cost.penalty_raw,
            },
        );
        emit!(
            self.vm(),
            IAuction::AuctionEnded {
                auctionId: auction_id,
                vaultId: sale.vault_id,
                returnedLotRaw: sale.lot_raw,
                unpaidDebtRaw: U256::ZERO,
            },
        );
        let settle = IVault::settleTakeCall {
            vaultId: sale.vault_id,
            collateral: opened.collateral,
            payer,
            principalRaw: cost.principal_raw.0,
            penaltyRaw: cost.penalty_raw.0,
            returnedLotRaw: sale.lot_raw.0,
            unpaidDebtRaw: U256::ZERO,
            isLast: true,
        };
        tell(self.vm(), self.vault_address(), settle)?;
        Ok(cost_raw)
    }

    /// What a cure would pay now; the refusals of `cure`.
    pub fn cure_cost(&self, auction_id: U256) -> Outcome<U256> {
        Ok(self.curable(auction_id)?.1.total()?.0)
    }

    /// An auction that can be cured now, and what that costs.
    fn curable(&self, auction_id: U256) -> Outcome<(Opened, Cost)> {
        let opened = self.opened(auction_id)?;
        if opened.terms.curve == Curve::English {
            self.require_not_won(auction_id, &opened)?;
        }
        let Sale { began_debt_raw, debt_raw, due_raw, restarts, .. } = opened.sale;
        let (rules, penalty_raw) = (self.rules_of(&opened.sale), due_raw.try_sub(debt_raw)?);
        let rewards_raw = earned_at_most(&rules.reward, began_debt_raw, penalty_raw, restarts, rules.min_due_raw)?;
        Ok((opened, cost_up(began_debt_raw, debt_raw, due_raw, rewards_raw)?))
    }
}
