//! Curing an auction: whoever pays the debt, and the penalty on what was sold, brings the unsold lot back to the vault.

use alloy_primitives::U256;
use common::{Outcome, emit, refuse, tell};
use interface::{IAuction, IVault};
use kernel::cure::{Cost, cost_up};
use stylus_sdk::{prelude::*, stylus_core::MessageAccess};
use units::Raw;

use crate::storage::{Auction, Sale};

impl Auction {
    /// Ends an auction by paying what is left of its debt and the penalty accrued on what was sold, if that is at most
    /// `max_pay_raw`; the unsold lot goes back to the vault. No stop, price or sequencer has a say. Answers what was paid.
    pub fn cure(&mut self, auction_id: U256, max_pay_raw: U256) -> Outcome<U256> {
        let sale = self.stored_sale(auction_id)?;
        let cost = cost_of(&sale)?;
        let cost_raw = cost.total()?.0;
        if cost_raw > max_pay_raw {
            return Err(refuse!(IAuction::CureAboveLimit { costRaw: cost_raw, limitRaw: max_pay_raw }));
        }
        let payer = self.vm().msg_sender();
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
            collateral: sale.collateral,
            payer,
            principalRaw: cost.principal_raw.0,
            penaltyRaw: cost.penalty_raw.0,
            returnedLotRaw: sale.lot_raw.0,
            unpaidDebtRaw: U256::ZERO,
        };
        tell(self.vm(), self.vault_address(), settle)?;
        Ok(cost_raw)
    }

    /// What a cure would pay now; `UnknownAuction` where there is nothing to cure.
    pub fn cure_cost(&self, auction_id: U256) -> Outcome<U256> {
        Ok(cost_of(&self.stored_sale(auction_id)?)?.total()?.0)
    }

    /// Takes an auction that has ended off the list and out of the counts.
    pub(crate) fn end_sale(&mut self, auction_id: U256, sale: &Sale) -> Outcome<()> {
        self.recount_due(sale.collateral, sale.due_raw, Raw::ZERO)?;
        self.strike_off(auction_id)?;
        Ok(self.erase_sale(auction_id)?)
    }
}

fn cost_of(sale: &Sale) -> Outcome<Cost> {
    Ok(cost_up(sale.began_debt_raw, sale.debt_raw, sale.due_raw)?)
}
